//! Words into outlines: shaped with the embedded font, wrapped, broken where a word is too long.
//! Lengths are in ems (sizes of the font) until a line is drawn.

use std::ops::Range;

use harfrust::{Buffer, Font, ShapeOptions, ShaperFont};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use tiny_skia::{Path, PathBuilder};

use super::{CAPITAL, LEADING, MAX_LINES};
use crate::secret::visible;
use crate::text::cut;

/// Inter (SIL Open Font License, `assets/fonts/OFL.txt`): Latin, Greek, Cyrillic.
const FONT: &[u8] = include_bytes!("../../../assets/fonts/InterDisplay-Bold.otf");
/// Steps from the largest size tried to the smallest.
const STEPS: i32 = 24;
/// Beyond this many times the smallest size, a title of more than two lines would shout.
const LARGE: f32 = 2.5;
/// Share of the smallest size that is left to a title for which that is too large.
const SMALLEST: f32 = 0.75;
/// Widths tried to balance the lines of a title.
const NARROWER: i32 = 12;
/// Share of the largest fitting size that may be given up for cleaner lines, and what they are worth.
const SMALLER: f32 = 0.72;
const RAGGED: f32 = 0.4;

/// Text on one line: blanks collapsed, invisible characters dropped, cut after `most` characters.
pub(super) fn clean(text: &str, most: usize) -> String {
    // Joiners, direction marks, variation selectors and soft hyphens have no glyph and need none.
    let start: String = text.chars().take(4 * most).collect();
    let visible = visible(&start);
    let words: Vec<&str> = visible
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    cut(&words.join(" "), most)
}

/// Lines of one size.
pub(super) struct TextBlock {
    /// Pixels per em.
    pub(super) size: f32,
    pub(super) lines: Vec<TextLine>,
}

/// One shaped line.
pub(super) struct TextLine {
    outlines: OutlineGlyphCollection<'static>,
    /// Font units per em.
    em: f32,
    /// Glyph with its place, in ems from the start of the baseline.
    glyphs: Vec<(GlyphId, f32, f32)>,
    /// Advance of the whole line, in ems.
    pub(super) width: f32,
}

impl TextLine {
    /// What the line ends with.
    #[cfg(test)]
    pub(super) fn last_glyph(&self) -> Option<GlyphId> {
        self.glyphs.last().map(|&(glyph, ..)| glyph)
    }

    /// The outline in pixels, with its baseline starting at a point; `None` for blanks.
    pub(super) fn outline(&self, size: f32, left: f32, baseline: f32) -> Option<Path> {
        let mut pen = Pen { path: PathBuilder::new(), scale: size / self.em, x: 0.0, y: 0.0 };
        for &(glyph, x, y) in &self.glyphs {
            (pen.x, pen.y) = (left + x * size, baseline - y * size);
            let units = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            // Blanks have no outline, and the fonts are our own, so there is none that cannot be drawn.
            let _ = self.outlines.get(glyph)?.draw(units, &mut pen);
        }
        pen.path.finish()
    }
}

/// One embedded font.
pub(super) struct Face {
    shaping: Font,
    outlines: OutlineGlyphCollection<'static>,
    glyphs: Charmap<'static>,
    advances: GlyphMetrics<'static>,
    /// Font units per em.
    em: f32,
}

/// Lines as text with their widths, and how many words had to be broken.
#[derive(Clone, Default)]
struct Wrapped {
    lines: Vec<String>,
    widths: Vec<f32>,
    broken: usize,
}

impl Wrapped {
    fn push(&mut self, line: String, width: f32) {
        self.lines.push(line);
        self.widths.push(width);
    }

    /// How far the shortest line falls behind the longest: 0 for a clean block, towards 1 for a word
    /// alone.
    fn raggedness(&self) -> f32 {
        let longest = self.widths.iter().copied().fold(0.0, f32::max);
        let shortest = self.widths.iter().copied().fold(longest, f32::min);
        if longest > 0.0 { 1.0 - shortest / longest } else { 0.0 }
    }
}

impl Face {
    /// The embedded font.
    pub(super) fn embedded() -> Option<Self> {
        let font = FontRef::new(FONT).ok()?;
        let (units, location) = (Size::unscaled(), LocationRef::default());
        Some(Self {
            shaping: Font::new(FONT, 0)?,
            outlines: font.outline_glyphs(),
            glyphs: font.charmap(),
            advances: font.glyph_metrics(units, location),
            em: f32::from(font.metrics(units, location).units_per_em),
        })
    }

    /// The text without the emoji that the font lacks: the words beside them are worth more.
    pub(super) fn without_pictographs(&self, text: &str) -> String {
        let dropped = |c: char| is_pictograph(c) && self.glyphs.map(c).is_none();
        text.chars().filter(|&c| !dropped(c)).collect()
    }

    /// Shapes a line; `None` when the font lacks a glyph.
    fn shape(&self, text: &str) -> Option<TextLine> {
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        harfrust::shape(&ShaperFont::new(&self.shaping), &mut buffer, ShapeOptions::new()).ok()?;
        let em = self.em;
        let mut x = 0.0;
        let mut glyphs = Vec::with_capacity(buffer.len());
        for (info, place) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let glyph = Some(GlyphId::new(info.glyph_id)).filter(|&glyph| glyph != GlyphId::NOTDEF)?;
            glyphs.push((glyph, x + place.x_offset as f32 / em, place.y_offset as f32 / em));
            x += place.x_advance as f32 / em;
        }
        Some(TextLine { outlines: self.outlines.clone(), em, glyphs, width: x })
    }

    /// Sets text in lines of a given size, no wider than `room` pixels, cut with an ellipsis after
    /// `most` lines. `None` when the font lacks a glyph.
    #[cfg(test)]
    pub(super) fn lines(&self, text: &str, size: f32, room: f32, most: usize) -> Option<TextBlock> {
        let words = self.measure(text)?;
        self.block(self.wrap(&words, room / size).lines, size, room, most)
    }

    /// Sets text as large as a box of `room` by `free` pixels allows, within the sizes given, in a few
    /// lines of similar length, more of them in a tall box. What is too long for that is set smaller, in
    /// as many lines as there is room for, and cut with an ellipsis only then. `None` when the font lacks
    /// a glyph.
    pub(super) fn fit(&self, text: &str, room: f32, free: f32, sizes: Range<f32>) -> Option<TextBlock> {
        let words = self.measure(text)?;
        let step = |index: i32| sizes.end * (sizes.start / sizes.end).powf(index as f32 / STEPS as f32);
        let few = (MAX_LINES as f32 * (free / room).max(1.0)) as usize;
        let held = |size: f32| ((free / size - CAPITAL) / LEADING + 1.0).max(0.0) as usize;
        let fits = |wrapped: &Wrapped, size: f32| {
            let most = if size > LARGE * sizes.start { 2 } else { few };
            wrapped.lines.len() <= most.min(held(size))
        };
        let sizes_down = || (0..=STEPS).map(step);
        let whole = |size: f32| {
            let wrapped = self.wrap(&words, room / size);
            (wrapped.broken == 0 && fits(&wrapped, size))
                .then(|| (size, self.balance(&words, room / size, wrapped)))
        };
        // A little smaller is better than one word alone on a line.
        let mut fitting = sizes_down().filter_map(whole);
        if let Some(largest) = fitting.next() {
            let worth = |(size, lines): &(f32, Wrapped)| size / largest.0 - RAGGED * lines.raggedness();
            let enough = largest.0 * SMALLER;
            let best = fitting
                .take_while(|(size, _)| *size >= enough)
                .fold(largest.clone(), |best, next| if worth(&next) > worth(&best) { next } else { best });
            return self.block(best.1.lines, best.0, room, few);
        }
        let set = |size: f32| (size, self.wrap(&words, room / size));
        let smaller = (1..=STEPS).map(|index| sizes.start * SMALLEST.powf(index as f32 / STEPS as f32));
        // A broken word looks worse than a smaller size, but better than one nobody can read.
        let (size, wrapped) = sizes_down()
            .map(set)
            .filter(|(size, wrapped)| fits(wrapped, *size))
            .min_by_key(|(_, wrapped)| wrapped.broken)
            .or_else(|| smaller.map(set).find(|(size, wrapped)| wrapped.lines.len() <= held(*size)))
            .unwrap_or_else(|| set(sizes.start * SMALLEST));
        self.block(wrapped.lines, size, room, held(size).max(1))
    }

    fn block(&self, mut lines: Vec<String>, size: f32, room: f32, most: usize) -> Option<TextBlock> {
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.push('…');
                while last.chars().count() > 2 && self.shape(last)?.width * size > room {
                    last.truncate(
                        last.trim_end_matches('…').trim_end().char_indices().last().map_or(0, |(at, _)| at),
                    );
                    last.truncate(last.trim_end().len());
                    last.push('…');
                }
            }
        }
        let lines: Option<Vec<TextLine>> = lines.iter().map(|line| self.shape(line)).collect();
        Some(TextBlock { size, lines: lines? })
    }

    /// Words with their widths; `None` when the font lacks a glyph of one.
    fn measure<'a>(&self, text: &'a str) -> Option<Vec<(&'a str, f32)>> {
        text.split(' ').map(|word| Some((word, self.shape(word)?.width))).collect()
    }

    /// Fills lines one after the other.
    fn wrap(&self, words: &[(&str, f32)], room: f32) -> Wrapped {
        let space = self.advance(' ');
        let mut wrapped = Wrapped::default();
        let (mut line, mut length) = (String::new(), 0.0);
        for &(word, width) in words {
            if !line.is_empty() && length + space + width <= room {
                line.push(' ');
                line.push_str(word);
                length += space + width;
                continue;
            }
            if !line.is_empty() {
                wrapped.push(std::mem::take(&mut line), length);
            }
            let (mut rest, mut rest_width) = (word, width);
            wrapped.broken += usize::from(width > room);
            while rest_width > room
                && let Some((head, tail)) = self.split(rest, room)
            {
                let head_width = self.width(&head);
                wrapped.push(head, head_width);
                (rest, rest_width) = (tail, self.width(tail));
            }
            line.push_str(rest);
            length = rest_width;
        }
        wrapped.push(line, length);
        wrapped
    }

    /// The setting with the same number of lines whose lines differ least.
    fn balance(&self, words: &[(&str, f32)], room: f32, greedy: Wrapped) -> Wrapped {
        let narrower =
            (1..NARROWER).map(|step| self.wrap(words, room * (1.0 - 0.5 * step as f32 / NARROWER as f32)));
        let same: Vec<Wrapped> =
            narrower.filter(|other| other.broken == 0 && other.lines.len() == greedy.lines.len()).collect();
        same.into_iter()
            .fold(greedy, |best, next| if next.raggedness() < best.raggedness() { next } else { best })
    }

    /// Splits a word that is wider than a line: behind a hyphen or slash where there is one late
    /// enough, else anywhere with a hyphen. `None` when not even two characters fit.
    fn split<'a>(&self, word: &'a str, room: f32) -> Option<(String, &'a str)> {
        let hyphen = self.advance('-');
        let (mut width, mut cut, mut natural) = (0.0, 0, 0);
        for (at, c) in word.char_indices() {
            if width + hyphen <= room && !is_mark(c) {
                cut = at;
            }
            width += self.advance(c);
            if width > room {
                break;
            }
            if matches!(c, '-' | '/' | '_' | '–' | '—') {
                natural = at + c.len_utf8();
            }
        }
        if natural * 2 > cut {
            return Some((word[..natural].to_owned(), &word[natural..])).filter(|(_, rest)| !rest.is_empty());
        }
        (cut > 0).then(|| (format!("{}-", &word[..cut]), &word[cut..]))
    }

    /// Width by single advances: near enough to place a break.
    fn width(&self, text: &str) -> f32 {
        text.chars().map(|c| self.advance(c)).sum()
    }

    fn advance(&self, c: char) -> f32 {
        let glyph = self.glyphs.map(c).unwrap_or_default();
        self.advances.advance_width(glyph).unwrap_or_default() / self.em
    }
}

/// Whether a character is a picture, or a part of one: emoji, dingbats, keycaps, flags and their tags.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{20e3}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}')
}

/// Whether a character sits on the one before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// Draws font units, whose y grows upwards, as pixels.
struct Pen {
    path: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
