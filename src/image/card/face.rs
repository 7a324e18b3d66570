//! The fonts of cards, and which of them writes a character.

use std::io::Read as _;
use std::sync::OnceLock;

use flate2::read::ZlibDecoder;
use harfrust::Font;

/// A font in the program: packed, because fonts are a good part of the image that every run pulls.
struct EmbeddedFont {
    packed: &'static [u8],
    font: OnceLock<Option<Font>>,
}

/// Inter Display Bold (SIL Open Font License, `assets/fonts/OFL.txt`): Latin, Greek, Cyrillic.
static INTER: EmbeddedFont = EmbeddedFont {
    packed: include_bytes!("../../../assets/fonts/InterDisplay-Bold.otf.zz"),
    font: OnceLock::new(),
};

impl EmbeddedFont {
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

/// Fonts in the order in which they are asked for a character.
pub(super) struct Faces(Vec<Font>);

impl Faces {
    /// Those of the program.
    pub(super) fn embedded() -> Self {
        Self(INTER.get().into_iter().collect())
    }

    /// The font of this number.
    pub(super) fn get(&self, number: usize) -> Option<&Font> {
        self.0.get(number)
    }

    /// The number of the first font that has a glyph for a character.
    pub(super) fn of(&self, c: char) -> Option<usize> {
        self.0.iter().position(|font| font.charmap().map_unicode(c).is_some())
    }
}
