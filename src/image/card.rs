//! The title card: a hero image drawn in the process when no service delivers one. No key, no
//! network, no file; the same title always gets the same card, and another title another one.
//!
//! `words` says what of a title can be written, `fit` sets it in lines, `line` turns those into outlines of the fonts of
//! `face`, and `art` draws the ground that a hash of the title chooses. A title of which nothing can be written gets the
//! ground alone: a picture without words is a design, one with boxes in place of letters is a defect.

use image::RgbImage;
use tiny_skia::{FillRule, Pixmap, PixmapPaint, Transform};

use super::Picture;
use crate::memory::MemoryAccount;
use art::Art;
pub use face::CardFont;
use face::Faces;
use fit::{CAPITAL, Setting, TextBlock};
use line::is_rtl;
pub use style::{CardBrand, CardStyle, Logo, LogoFlaw};
use words::CardWords;

mod art;
mod face;
mod fit;
mod line;
mod oklch;
mod style;
mod words;

/// Height of logo and brand, in sides of the square of the same area.
const FOOT: f32 = 0.062;
/// Sides beyond this do not make a picture for a blog.
const MAX_SIDE: u32 = 8192;

/// What a card says, and how it looks.
#[derive(Debug, Clone, Copy)]
pub struct TitleCard<'a> {
    /// Title of the post, as it stands there.
    pub title: &'a str,
    /// What stands at the foot; empty for nothing.
    pub brand: &'a str,
    /// Colour of the ground, and the logo.
    pub style: &'a CardStyle,
}

impl TitleCard<'_> {
    /// Draws it; `None` for a size that is not a picture (a side of 0, or beyond 8192 pixels).
    pub fn draw(&self, width: u32, height: u32) -> Option<Picture> {
        if width > MAX_SIDE || height > MAX_SIDE {
            return None;
        }
        let pixels = u64::from(width) * u64::from(height);
        // Four channels on the canvas, three of the picture.
        let mut hold = MemoryAccount::current().take_blocking(7 * pixels);
        let mut canvas = Pixmap::new(width, height)?;
        let art = Art::of(self.title, self.style.color);
        let layout = CardLayout::of(self, width as f32, height as f32);
        art.paint(&mut canvas, layout.title.is_some());
        layout.paint(&mut canvas, &art);
        let pixels = RgbImage::from_raw(width, height, grained(&canvas))?;
        hold.keep(pixels.as_raw().len() as u64);
        Some(Picture::holding(hold, pixels))
    }

    fn faces(&self) -> Faces {
        Faces::for_texts(&[self.title, self.brand], self.style.font.as_ref())
    }

    /// The words that the card lacks, because no font can write them.
    pub fn unwritten(&self) -> Vec<String> {
        let faces = self.faces();
        [self.title, self.brand].into_iter().flat_map(|words| CardWords::of(words, &faces).missing).collect()
    }
}

/// The card of a title alone.
#[cfg(test)]
pub(crate) fn draw(title: &str, width: u32, height: u32) -> Option<Picture> {
    TitleCard { title, brand: "", style: &CardStyle::default() }.draw(width, height)
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

/// What stands on a card, with the places in pixels.
struct CardLayout {
    /// Left and right edge of what stands on it.
    edges: [f32; 2],
    title: Option<TitlePlace>,
    foot: Option<CardFoot>,
}

/// The title with the short bar above it.
struct TitlePlace {
    /// Left, top, width and height.
    bar: [f32; 4],
    block: TextBlock,
    baseline: f32,
}

/// Logo and brand.
struct CardFoot {
    logo: Option<(Pixmap, i32, i32)>,
    brand: Option<TextBlock>,
    /// Left and right edge of the brand.
    edges: [f32; 2],
    baseline: f32,
}

impl CardLayout {
    /// Chooses sizes and lines.
    fn of(card: &TitleCard<'_>, width: f32, height: f32) -> Self {
        let faces = card.faces();
        // Everything is measured in the side of the square of the same area, so that a wide card and
        // a square one look like siblings.
        let side = (width * height).sqrt();
        let margin = (side * 0.085).min(width.min(height) * 0.12);
        let room = width - 2.0 * margin;
        let edges = [margin, width - margin];
        let words = CardWords::of(card.title, &faces).text;
        let foot = CardFoot::of(card, &faces, edges, height - margin, side, is_rtl(&words));
        let above_foot = if foot.is_some() { side * (FOOT + 0.045) } else { 0.0 };
        let (bar_width, bar_height, bar_gap) = (side * 0.075, side * 0.0095, side * 0.062);
        let free = height - 2.0 * margin - above_foot - bar_height - bar_gap;

        let title = (!words.is_empty()).then(|| {
            let block = Setting::of(&words, &faces).fit(room, free, side * 0.045..side * 0.17);
            let top = margin + (free - block.height()) / 2.0;
            TitlePlace {
                bar: [
                    if block.rtl { width - margin - bar_width } else { margin },
                    top,
                    bar_width,
                    bar_height,
                ],
                baseline: top + bar_height + bar_gap + block.size * CAPITAL,
                block,
            }
        });
        Self { edges, title, foot }
    }

    fn paint(&self, canvas: &mut Pixmap, art: &Art) {
        if let Some(TitlePlace { bar: [left, top, width, height], block, baseline }) = &self.title {
            if let Some(bar) = art::rounded(*left, *top, *width, *height) {
                canvas.fill_path(&bar, &art.accent(), FillRule::Winding, Transform::identity(), None);
            }
            write(canvas, art, block, self.edges, *baseline);
        }
        if let Some(CardFoot { logo, brand, edges, baseline }) = &self.foot {
            if let Some((logo, x, y)) = logo {
                let plain = PixmapPaint::default();
                canvas.draw_pixmap(*x, *y, logo.as_ref(), &plain, Transform::identity(), None);
            }
            if let Some(brand) = brand {
                write(canvas, art, brand, *edges, *baseline);
            }
        }
    }
}

impl CardFoot {
    /// Sets logo and brand side by side between two edges, from that at which reading begins, above a foot.
    fn of(
        card: &TitleCard<'_>,
        faces: &Faces,
        [left, right]: [f32; 2],
        foot: f32,
        side: f32,
        rtl: bool,
    ) -> Option<Self> {
        let words = CardWords::of(card.brand, faces).text;
        let (height, room) = ((side * FOOT).round().max(1.0), right - left);
        let logo = card.style.logo.as_ref().and_then(|logo| {
            // A wide one, such as a name that is drawn, leaves half of the room to the words.
            let most = if words.is_empty() { room } else { room / 2.0 };
            let width = (height * logo.ratio()).min(most).round().max(1.0);
            let height = (width / logo.ratio()).min(height).round().max(1.0);
            let at = if rtl { right - width } else { left };
            Some((
                logo.scaled(width as u32, height as u32)?,
                at.round() as i32,
                (foot - height).round() as i32,
            ))
        });
        let beside = logo.as_ref().map_or(0.0, |(logo, ..)| logo.width() as f32 + height * 0.4);
        let size = side * 0.04;
        let fit = || Setting::of(&words, faces).fit(room - beside, size * CAPITAL, size * 0.7..size);
        let brand = (!words.is_empty()).then(fit).map(|brand| TextBlock { rtl, ..brand });
        let capital = brand.as_ref().map_or(0.0, |brand| brand.size * CAPITAL);
        // Beside a logo the words stand at half of its height.
        let lift = if logo.is_some() { (height - capital) / 2.0 } else { 0.0 };
        let edges = if rtl { [left, right - beside] } else { [left + beside, right] };
        let is_there = logo.is_some() || brand.is_some();
        is_there.then_some(Self { logo, brand, edges, baseline: foot - lift })
    }
}

/// Writes the lines of a block between two edges.
fn write(canvas: &mut Pixmap, art: &Art, block: &TextBlock, [left, right]: [f32; 2], baseline: f32) {
    let ink = art.ink();
    for (index, line) in block.lines.iter().enumerate() {
        let left = if block.rtl { right - line.width * block.size } else { left };
        let baseline = baseline + block.size * block.leading * index as f32;
        if let Some(path) = line.outline(block.size, left, baseline) {
            canvas.fill_path(&path, &ink, FillRule::Winding, Transform::identity(), None);
        }
    }
}

#[cfg(test)]
mod tests;
