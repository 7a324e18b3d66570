//! The fonts of cards, and which of them writes a character.

use std::fmt::{self, Debug, Formatter};
use std::io::Read as _;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use flate2::read::ZlibDecoder;
use harfrust::Font;
use harfrust::font::Variation;

/// A font in the program: packed, because fonts are a good part of the image that every run pulls.
struct EmbeddedFont {
    packed: &'static [u8],
    /// Characters for which it is there; it is unpacked for a text that has one of them. Empty for all.
    script: &'static [RangeInclusive<char>],
    leading: f32,
    font: OnceLock<Option<Font>>,
}

/// Inter (Latin, Greek, Cyrillic) and Noto Sans, bold, all of the SIL Open Font License: `assets/fonts/OFL.txt`.
static EMBEDDED: [EmbeddedFont; 5] = [
    EmbeddedFont::new(include_bytes!("../../../assets/fonts/InterDisplay-Bold.otf.zz"), &[], 1.14),
    EmbeddedFont::new(
        include_bytes!("../../../assets/fonts/NotoSansArabic-Bold.ttf.zz"),
        &['\u{600}'..='\u{6ff}', '\u{fdfc}'..='\u{fdfc}'],
        1.42,
    ),
    EmbeddedFont::new(
        include_bytes!("../../../assets/fonts/NotoSansHebrew-Bold.ttf.zz"),
        &['\u{591}'..='\u{5f4}'],
        1.2,
    ),
    EmbeddedFont::new(
        include_bytes!("../../../assets/fonts/NotoSansDevanagari-Bold.ttf.zz"),
        &['\u{900}'..='\u{97f}'],
        1.36,
    ),
    EmbeddedFont::new(
        include_bytes!("../../../assets/fonts/NotoSansThai-Bold.ttf.zz"),
        &['\u{e01}'..='\u{e5b}'],
        1.5,
    ),
];

impl EmbeddedFont {
    const fn new(packed: &'static [u8], script: &'static [RangeInclusive<char>], leading: f32) -> Self {
        Self { packed, script, leading, font: OnceLock::new() }
    }

    fn is_for(&self, texts: &[&str]) -> bool {
        let mut all = texts.iter().flat_map(|text| text.chars());
        self.script.is_empty() || all.any(|c| self.script.iter().any(|range| range.contains(&c)))
    }

    /// The font, unpacked when it is asked for first.
    fn get(&self) -> Option<Font> {
        let read = || {
            let mut bytes = Vec::new();
            ZlibDecoder::new(self.packed).read_to_end(&mut bytes).ok()?;
            Font::new(bytes, 0)
        };
        self.font.get_or_init(read).clone()
    }
}

/// A font of the repository.
#[derive(Clone)]
pub struct CardFont(Font);

impl CardFont {
    /// Largest file, in bytes: the larger ones of Chinese are nearly as large.
    pub const MAX_BYTES: u64 = 20 * 1024 * 1024;
    /// Weight of titles, in the measure of CSS, where a font has more than one.
    const BOLD: f32 = 700.0;

    /// Reads a TrueType or OpenType font; `None` where it is none that text can be drawn with.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let font = Font::new(bytes, 0)?;
        let is_usable = font.charmap().has_unicode() && !font.outline_glyphs().is_empty();
        let bold = [Variation::new(harfrust::Tag::new(b"wght"), Self::BOLD)];
        is_usable.then(|| Self(font.instance_builder().variations(bold).build()))
    }
}

impl Debug for CardFont {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "CardFont({} glyphs)", self.0.num_glyphs())
    }
}

/// A font with what a line of it needs.
struct Face {
    font: Font,
    /// Distance of baselines, in sizes: marks above and below the letters take more in some scripts.
    leading: f32,
}

/// Fonts in the order in which they are asked for a character.
pub(super) struct Faces(Vec<Face>);

impl Faces {
    /// Distance of baselines for a font that is not the program's, in sizes.
    const LEADING: f32 = 1.3;

    /// That of the repository, and those of the program that any of the texts needs.
    pub(super) fn for_texts(texts: &[&str], own: Option<&CardFont>) -> Self {
        let own = own.map(|CardFont(font)| Face { font: font.clone(), leading: Self::LEADING });
        let needed = EMBEDDED.iter().filter(|embedded| embedded.is_for(texts));
        let embedded =
            needed.filter_map(|embedded| Some(Face { font: embedded.get()?, leading: embedded.leading }));
        Self(own.into_iter().chain(embedded).collect())
    }

    /// The font of this number.
    pub(super) fn get(&self, number: usize) -> Option<&Font> {
        self.0.get(number).map(|face| &face.font)
    }

    /// The number of the first font that has a glyph for a character.
    pub(super) fn of(&self, c: char) -> Option<usize> {
        self.0.iter().position(|face| face.font.charmap().map_unicode(c).is_some())
    }

    /// Distance of baselines for a text, in sizes.
    pub(super) fn leading(&self, text: &str) -> f32 {
        let used = text.chars().filter(|c| !c.is_whitespace()).filter_map(|c| self.0.get(self.of(c)?));
        used.map(|face| face.leading).fold(1.0, f32::max)
    }
}
