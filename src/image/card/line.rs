//! One line of text as glyphs in their places. Lengths are in ems (sizes of the font) until it is drawn.

use std::collections::BTreeMap;
use std::ops::Range;

use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use harfrust::unicode::script;
use harfrust::{Buffer, Direction, Font, GlyphId, Script, ShapeOptions, ShaperFont};
use icu_properties::CodePointMapData;
use icu_properties::props::BidiClass;
use tiny_skia::{Path, PathBuilder};
use unicode_bidi::{Level, ParagraphBidiInfo};

use super::face::Faces;

/// One shaped line.
pub(super) struct TextLine {
    runs: Vec<GlyphRun>,
    /// Advance of the whole line, in ems.
    pub(super) width: f32,
    /// What it says.
    #[cfg(test)]
    pub(super) text: String,
}

/// Neighbours of one font and script.
struct GlyphRun {
    font: Font,
    /// Glyph with its place, in ems from the start of the line.
    glyphs: Vec<(GlyphId, f32, f32)>,
}

/// A part of a text that is shaped as one.
pub(super) struct TextRun {
    pub(super) range: Range<usize>,
    pub(super) face: usize,
    pub(super) script: Option<Script>,
    pub(super) rtl: bool,
}

/// Whether a text is read from right to left, which its first letter says.
pub(super) fn is_rtl(text: &str) -> bool {
    bidi(text, None).paragraph_level.is_rtl()
}

/// The levels of a text (the bidirectional algorithm of Unicode, UAX 9).
fn bidi(text: &str, base: Option<Level>) -> ParagraphBidiInfo<'_> {
    ParagraphBidiInfo::new_with_data_source(&CodePointMapData::<BidiClass>::new(), text, base)
}

impl TextLine {
    /// Shapes a line of a text that is read from right to left or not; what no font can write leaves nothing.
    pub(super) fn shape(faces: &Faces, text: &str, rtl: bool) -> Self {
        let mut x = 0.0;
        let mut runs = Vec::new();
        for run in visual_runs(faces, text, rtl) {
            let Some((font, shaped)) = shape(faces, text, &run) else { continue };
            let em = f32::from(font.units_per_em());
            let mut glyphs = Vec::with_capacity(shaped.len());
            for (info, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
                let glyph = GlyphId::new(info.glyph_id);
                if glyph != GlyphId::NOTDEF {
                    glyphs.push((glyph, x + place.x_offset as f32 / em, place.y_offset as f32 / em));
                }
                x += place.x_advance as f32 / em;
            }
            runs.push(GlyphRun { font: font.clone(), glyphs });
        }
        Self {
            runs,
            width: x,
            #[cfg(test)]
            text: text.to_owned(),
        }
    }

    /// The outline in pixels, with its baseline starting at a point; `None` for blanks.
    pub(super) fn outline(&self, size: f32, left: f32, baseline: f32) -> Option<Path> {
        let mut pen = Pen { path: PathBuilder::new(), scale: 1.0, x: 0.0, y: 0.0 };
        for GlyphRun { font, glyphs } in &self.runs {
            pen.scale = size / f32::from(font.units_per_em());
            let outlines = font.outline_glyphs();
            for &(glyph, x, y) in glyphs {
                (pen.x, pen.y) = (left + x * size, baseline - y * size);
                let Some(outline) = outlines.get(glyph) else { continue };
                // A glyph that is damaged is left out; those of the program are not.
                let _ = outline.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut pen);
            }
        }
        pen.path.finish()
    }
}

/// The places at which a word may be parted without parting a letter from its marks, each with the width of what
/// stands between it and the next, in ems.
pub(super) fn clusters(faces: &Faces, word: &str, rtl: bool) -> Vec<(usize, f32)> {
    let mut widths: BTreeMap<usize, f32> = BTreeMap::new();
    for run in visual_runs(faces, word, rtl) {
        let Some((font, shaped)) = shape(faces, word, &run) else { continue };
        let em = f32::from(font.units_per_em());
        for (info, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let start = run.range.start + info.cluster as usize;
            *widths.entry(start).or_default() += place.x_advance as f32 / em;
        }
    }
    widths.into_iter().collect()
}

fn shape<'f>(faces: &'f Faces, text: &str, run: &TextRun) -> Option<(&'f Font, Buffer)> {
    let font = faces.get(run.face)?;
    let mut buffer = Buffer::new();
    buffer.push_str(&text[run.range.clone()]);
    buffer.set_script(run.script);
    buffer.set_direction(if run.rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    buffer.guess_segment_properties();
    harfrust::shape(&ShaperFont::new(font), &mut buffer, ShapeOptions::new()).ok()?;
    Some((font, buffer))
}

/// The parts of a line that are of one direction, font and script, from left to right.
pub(super) fn visual_runs(faces: &Faces, text: &str, rtl: bool) -> Vec<TextRun> {
    let base = if rtl { Level::rtl() } else { Level::ltr() };
    let info = bidi(text, Some(base));
    let (levels, visual) = info.visual_runs(0..text.len());
    let mut runs = Vec::new();
    for range in visual {
        let rtl = levels.get(range.start).is_some_and(Level::is_rtl);
        let mut own = text_runs(faces, text, range, rtl);
        if rtl {
            own.reverse();
        }
        runs.append(&mut own);
    }
    runs
}

/// The parts of a range that are of one font and script, as they are read. What has no script of its own, such as blanks and signs,
/// stays with what stands before it, as long as the font has it.
fn text_runs(faces: &Faces, text: &str, range: Range<usize>, rtl: bool) -> Vec<TextRun> {
    let mut runs: Vec<TextRun> = Vec::new();
    for (at, c) in text[range.clone()].char_indices().map(|(at, c)| (range.start + at, c)) {
        let own = Some(script(c as u32));
        let own = own.filter(|own| ![Script::COMMON, Script::INHERITED, Script::UNKNOWN].contains(own));
        let end = at + c.len_utf8();
        if let Some(last) = runs.last_mut() {
            let has = faces.get(last.face).is_some_and(|font| font.charmap().map_unicode(c).is_some());
            let is_alike = own.is_none() || last.script.is_none() || own == last.script;
            // A mark that the font lacks is composed with its letter, or has no glyph anywhere.
            if is_alike && (has || faces.of(c).is_none()) {
                last.range.end = end;
                last.script = last.script.or(own);
                continue;
            }
        }
        runs.push(TextRun { range: at..end, face: faces.of(c).unwrap_or_default(), script: own, rtl });
    }
    runs
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

impl PathSink for Pen {
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
