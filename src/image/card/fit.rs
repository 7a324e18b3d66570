//! Text into a box: where lines break, and how large they can be. Lengths are in ems but for those of the box.

use std::ops::Range;

use unicode_linebreak::linebreaks;

use super::face::Faces;
use super::line::{TextLine, clusters, is_rtl};
use super::words::{SOFT_HYPHEN, ZERO_WIDTH_SPACE};

/// Lines at most, where the box is no taller than wide and the text not too long for it.
pub(super) const MAX_LINES: usize = 5;
/// Height of a capital letter, in sizes; lines are centred by it.
pub(super) const CAPITAL: f32 = 0.727;

/// Steps from the largest size tried to the smallest.
const STEPS: i32 = 24;
/// Beyond this many times the smallest size, a title of more than so many lines would shout: two in a wide box, one
/// more for each third of its width that a box is high.
const LARGE: f32 = 2.5;
const FEW: usize = 2;
/// Share of the smallest size that is left to a title for which that is too large.
const SMALLEST: f32 = 0.75;
/// Widths tried to balance the lines of a title.
const NARROWER: i32 = 12;
/// Share of the largest fitting size that may be given up for cleaner lines, and what they are worth.
const SMALLER: f32 = 0.8;
const RAGGED: f32 = 0.4;

/// Lines of one size.
pub(super) struct TextBlock {
    /// Pixels per em.
    pub(super) size: f32,
    pub(super) lines: Vec<TextLine>,
    /// Distance of baselines, in sizes.
    pub(super) leading: f32,
    /// It is read from right to left, and stands at the right.
    pub(super) rtl: bool,
}

impl TextBlock {
    /// Height from the top of the capitals of the first line to the last baseline, in pixels.
    pub(super) fn height(&self) -> f32 {
        self.size * (CAPITAL + self.leading * (self.lines.len() as f32 - 1.0))
    }
}

/// What a line that goes on behind a piece has there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Blank,
    Nothing,
    /// Nothing, but a hyphen where the line ends.
    Hyphen,
}

/// A part of the text through which no line break goes, unless it is too long for a line.
struct LinePart<'t> {
    text: &'t str,
    width: f32,
    joint: Joint,
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

/// A text that is to be set.
pub(super) struct Setting<'t> {
    faces: &'t Faces,
    pieces: Vec<LinePart<'t>>,
    blank: f32,
    hyphen: f32,
    leading: f32,
    rtl: bool,
}

impl<'t> Setting<'t> {
    pub(super) fn of(text: &'t str, faces: &'t Faces) -> Self {
        let rtl = is_rtl(text);
        let width = |text: &str| TextLine::shape(faces, text, rtl).width;
        let piece = |(text, joint)| LinePart { text, width: width(text), joint };
        let pieces = pieces(text).into_iter().map(piece).collect();
        let leading = faces.leading(text);
        Self { faces, pieces, blank: width(" "), hyphen: width("-"), leading, rtl }
    }

    /// Sets the text as large as a box of `room` by `free` pixels allows, within the sizes given, in a few
    /// lines of similar length, more of them in a tall box. What is too long for that is set smaller, in
    /// as many lines as there is room for, and cut with an ellipsis only then.
    pub(super) fn fit(&self, room: f32, free: f32, sizes: Range<f32>) -> TextBlock {
        let step = |index: i32| sizes.end * (sizes.start / sizes.end).powf(index as f32 / STEPS as f32);
        let few = (MAX_LINES as f32 * (free / room).max(1.0)) as usize;
        let large = FEW.max((3.0 * free / room) as usize);
        // Scripts whose lines stand farther apart reach that much deeper.
        let deep = (self.leading - 1.14).max(0.0);
        let held = |size: f32| ((free / size - CAPITAL - deep) / self.leading + 1.0).max(0.0) as usize;
        let fits = |wrapped: &Wrapped, size: f32| {
            let most = if size > LARGE * sizes.start { large } else { few };
            wrapped.lines.len() <= most.min(held(size))
        };
        let sizes_down = || (0..=STEPS).map(step);
        let whole = |size: f32| {
            let wrapped = self.wrap(room / size);
            (wrapped.broken == 0 && fits(&wrapped, size)).then(|| (size, self.balance(room / size, wrapped)))
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
        let set = |size: f32| (size, self.wrap(room / size));
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

    fn block(&self, mut lines: Vec<String>, size: f32, room: f32, most: usize) -> TextBlock {
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.push('…');
                while last.chars().count() > 2 && self.shape(last).width * size > room {
                    last.truncate(
                        last.trim_end_matches('…').trim_end().char_indices().last().map_or(0, |(at, _)| at),
                    );
                    last.truncate(last.trim_end().len());
                    last.push('…');
                }
            }
        }
        let lines = lines.iter().map(|line| self.shape(line)).collect();
        TextBlock { size, lines, leading: self.leading, rtl: self.rtl }
    }

    fn shape(&self, line: &str) -> TextLine {
        TextLine::shape(self.faces, line, self.rtl)
    }

    /// Fills lines one after the other.
    fn wrap(&self, room: f32) -> Wrapped {
        let mut wrapped = Wrapped::default();
        let (mut line, mut length) = (String::new(), 0.0);
        let mut joint = Joint::Nothing;
        for piece in &self.pieces {
            let gap = if joint == Joint::Blank { self.blank } else { 0.0 };
            let end = if piece.joint == Joint::Hyphen { self.hyphen } else { 0.0 };
            if !line.is_empty() && length + gap + piece.width + end <= room {
                if joint == Joint::Blank {
                    line.push(' ');
                }
                line.push_str(piece.text);
                length += gap + piece.width;
                joint = piece.joint;
                continue;
            }
            if !line.is_empty() {
                if joint == Joint::Hyphen {
                    line.push('-');
                    length += self.hyphen;
                }
                wrapped.push(std::mem::take(&mut line), length);
            }
            let mut rest = piece.text;
            length = piece.width;
            if piece.width > room {
                wrapped.broken += 1;
                (rest, length) = self.split(piece, room, &mut wrapped);
            }
            line.push_str(rest);
            joint = piece.joint;
        }
        wrapped.push(line, length);
        wrapped
    }

    /// The setting with the same number of lines whose lines differ least.
    fn balance(&self, room: f32, greedy: Wrapped) -> Wrapped {
        let narrower =
            (1..NARROWER).map(|step| self.wrap(room * (1.0 - 0.5 * step as f32 / NARROWER as f32)));
        let same: Vec<Wrapped> =
            narrower.filter(|other| other.broken == 0 && other.lines.len() == greedy.lines.len()).collect();
        same.into_iter()
            .fold(greedy, |best, next| if next.raggedness() < best.raggedness() { next } else { best })
    }

    /// Splits a word that is wider than a line: behind a sign where there is one late enough, else between any two
    /// letters, in parts of similar length. The last part, with its width, is left for the line that comes next. There
    /// is no hyphen, because nobody wrote one.
    fn split(&self, piece: &LinePart<'t>, room: f32, wrapped: &mut Wrapped) -> (&'t str, f32) {
        let clusters = clusters(self.faces, piece.text, self.rtl);
        let mut left: f32 = clusters.iter().map(|(_, width)| width).sum();
        let mut start = 0;
        let mut next = 0;
        while left > room && next < clusters.len() {
            let even = left / (left / room).ceil() + 0.5;
            // Where the line ends, how many clusters it has, and how wide it is: at least one cluster.
            let (mut cut, mut natural, mut width) = ((next + 1, 0.0), None, 0.0);
            for (index, (at, own)) in clusters.iter().enumerate().skip(next) {
                if width + own > room.min(even) && index > next {
                    break;
                }
                width += own;
                cut = (index + 1, width);
                if piece.text[*at..].starts_with(['-', '/', '_', '–', '—', '.', '?', '&', '=']) {
                    natural = Some(cut);
                }
            }
            let (after, width) = natural.filter(|(_, at)| at * 2.0 > cut.1).unwrap_or(cut);
            let Some((end, _)) = clusters.get(after) else { break };
            wrapped.push(piece.text[start..*end].to_owned(), width);
            (start, next, left) = (*end, after, left - width);
        }
        (&piece.text[start..], left)
    }
}

/// The text in the parts between which a line may break (the algorithm of Unicode, UAX 14).
fn pieces(text: &str) -> Vec<(&str, Joint)> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (end, _) in linebreaks(text) {
        // Korean may break anywhere by that, and is read more easily by whole words.
        let is_inside = text[..end].ends_with(is_hangul) && text[end..].starts_with(is_hangul);
        if is_inside {
            continue;
        }
        let piece = &text[start..end];
        let joint = match piece.chars().next_back() {
            Some(' ') => Joint::Blank,
            Some(SOFT_HYPHEN) => Joint::Hyphen,
            _ => Joint::Nothing,
        };
        let piece = piece.trim_end_matches([' ', SOFT_HYPHEN, ZERO_WIDTH_SPACE]);
        if !piece.is_empty() {
            pieces.push((piece, joint));
        }
        start = end;
    }
    pieces
}

/// Whether a character is a syllable of Korean.
fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}
