//! The title card: a hero image drawn in the process when no service delivers one. No key, no
//! network, no file; the same title always gets the same card, and another title another one.
//!
//! `words` says what of a title can be written, `fit` sets it in lines, `line` turns those into outlines of the fonts of
//! `face`, and `art` draws the ground that a hash of the title chooses. A title of which nothing can be written gets the
//! ground alone: a picture without words is a design, one with boxes in place of letters is a defect.

use image::RgbImage;
use tiny_skia::{FillRule, Pixmap, Transform};

use super::Picture;
use crate::memory::MemoryAccount;
use art::Art;
use face::Faces;
use fit::{CAPITAL, LEADING, Setting, TextBlock};
use words::CardWords;

mod art;
mod face;
mod fit;
mod line;
mod words;

/// Sides beyond this do not make a picture for a blog.
const MAX_SIDE: u32 = 8192;

/// Draws the card for a title; `None` for a size that is not a picture (a side of 0, or beyond 8192 pixels).
pub fn draw(title: &str, width: u32, height: u32) -> Option<Picture> {
    if width > MAX_SIDE || height > MAX_SIDE {
        return None;
    }
    let pixels = u64::from(width) * u64::from(height);
    // Four channels on the canvas, three of the picture.
    let mut hold = MemoryAccount::current().take_blocking(7 * pixels);
    let mut canvas = Pixmap::new(width, height)?;
    let art = Art::of(title);
    let words = CardText::set(title, width as f32, height as f32);
    art.paint(&mut canvas, words.is_some());
    if let Some(words) = words {
        words.paint(&mut canvas, &art);
    }
    let pixels = RgbImage::from_raw(width, height, grained(&canvas))?;
    hold.keep(pixels.as_raw().len() as u64);
    Some(Picture::holding(hold, pixels))
}

/// The words of a title that its card lacks, because no font can write them.
pub fn unwritten(title: &str) -> Vec<String> {
    CardWords::of(title, &Faces::embedded()).missing
}

/// Drops alpha, which is opaque everywhere, and adds a grain of one level: it hides the steps that a
/// slow gradient has in eight bits.
fn grained(canvas: &Pixmap) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(canvas.data().len() / 4 * 3);
    let mut state = 1_u32;
    for pixel in canvas.data().chunks_exact(4) {
        // Numerical Recipes' generator; the upper bits are good enough for grain.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (up, down) = ((state >> 30 == 3) as u8, (state >> 30 == 0) as u8);
        pixels.extend(pixel[..3].iter().map(|value| value.saturating_add(up).saturating_sub(down)));
    }
    pixels
}

/// The words of a card with their places, in pixels.
struct CardText {
    margin: f32,
    /// Left, top, width and height of the short bar above the title.
    bar: [f32; 4],
    title: TextBlock,
    title_baseline: f32,
}

impl CardText {
    /// Chooses size and lines. `None` when there is nothing to write or no glyph to write it with.
    fn set(title: &str, width: f32, height: f32) -> Option<Self> {
        let faces = Faces::embedded();
        let title = CardWords::of(title, &faces).text;
        if title.is_empty() {
            return None;
        }
        // Everything is measured in the side of the square of the same area, so that a wide card and
        // a square one look like siblings.
        let side = (width * height).sqrt();
        let margin = (side * 0.085).min(width.min(height) * 0.12);
        let room = width - 2.0 * margin;
        let (bar_height, bar_gap) = (side * 0.0095, side * 0.062);
        let free = height - 2.0 * margin - bar_height - bar_gap;

        let title = Setting::of(&title, &faces).fit(room, free, side * 0.045..side * 0.17);
        let top = margin + (free - title.height()) / 2.0;
        Some(Self {
            margin,
            bar: [margin, top, side * 0.075, bar_height],
            title_baseline: top + bar_height + bar_gap + title.size * CAPITAL,
            title,
        })
    }

    fn paint(&self, canvas: &mut Pixmap, art: &Art) {
        let [left, top, width, height] = self.bar;
        if let Some(bar) = art::rounded(left, top, width, height) {
            canvas.fill_path(&bar, &art.accent(), FillRule::Winding, Transform::identity(), None);
        }
        let (size, ink) = (self.title.size, art.ink());
        for (index, line) in self.title.lines.iter().enumerate() {
            let baseline = self.title_baseline + size * LEADING * index as f32;
            if let Some(path) = line.outline(size, self.margin, baseline) {
                canvas.fill_path(&path, &ink, FillRule::Winding, Transform::identity(), None);
            }
        }
    }
}

#[cfg(test)]
mod tests;
