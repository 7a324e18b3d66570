//! What a site puts on its cards beside the title.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder as _, Limits, RgbaImage, imageops};
use tiny_skia::{IntSize, Pixmap};

use super::face::CardFont;

/// How the cards of a site look: the inputs that begin with `card-`.
#[derive(Debug, Clone, Default)]
pub struct CardStyle {
    /// What stands at the foot of a card.
    pub brand: CardBrand,
    /// Red, green and blue of the ground; without it the title chooses among dark ones.
    pub color: Option<[u8; 3]>,
    /// The picture beside the brand.
    pub logo: Option<Logo>,
    /// The font of the words, as far as it has the letters.
    pub font: Option<CardFont>,
}

impl CardStyle {
    /// What stands at the foot of a card of a site with this title.
    pub fn brand<'s>(&'s self, title_of_site: Option<&'s str>) -> &'s str {
        match &self.brand {
            CardBrand::TitleOfSite => title_of_site.unwrap_or_default(),
            CardBrand::Words(words) => words,
            CardBrand::Nothing => "",
        }
    }
}

/// Whose a card is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CardBrand {
    /// What the configuration of the generator calls the site.
    #[default]
    TitleOfSite,
    /// These words.
    Words(String),
    /// Nobody says.
    Nothing,
}

/// A small picture with transparency, with which its colours are multiplied.
#[derive(Debug, Clone)]
pub struct Logo(Arc<RgbaImage>);

/// Why a file is not a logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoFlaw {
    /// A drawing.
    #[error("is an SVG, which this program does not draw; convert it to PNG")]
    Svg,
    /// Something else, or damaged.
    #[error("is not a PNG that can be read; name a PNG file")]
    NotPng,
    /// Too many pixels.
    #[error("is larger than {side} pixels on a side; scale it down", side = Logo::MAX_SIDE)]
    TooLarge,
}

impl Logo {
    /// Largest file, in bytes.
    pub const MAX_BYTES: u64 = 2 * 1024 * 1024;
    /// Largest side of the picture, in pixels.
    const MAX_SIDE: u32 = 2048;

    /// Reads a PNG file.
    ///
    /// # Errors
    /// What is wrong with it, with the cure.
    pub fn read(bytes: &[u8]) -> Result<Self, LogoFlaw> {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
        if start.contains("<svg") {
            return Err(LogoFlaw::Svg);
        }
        let mut limits = Limits::default();
        limits.max_alloc = Some(8 * u64::from(Self::MAX_SIDE) * u64::from(Self::MAX_SIDE));
        let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(|_| LogoFlaw::NotPng)?;
        let (width, height) = decoder.dimensions();
        if width > Self::MAX_SIDE || height > Self::MAX_SIDE {
            return Err(LogoFlaw::TooLarge);
        }
        let mut pixels = DynamicImage::from_decoder(decoder).map_err(|_| LogoFlaw::NotPng)?.into_rgba8();
        for pixel in pixels.pixels_mut() {
            let [red, green, blue, alpha] = pixel.0.map(u16::from);
            // At most 255, as both factors are.
            let [red, green, blue] = [red, green, blue].map(|value| ((value * alpha + 127) / 255) as u8);
            pixel.0 = [red, green, blue, pixel.0[3]];
        }
        Ok(Self(Arc::new(pixels)))
    }

    /// Width by height.
    pub(super) fn ratio(&self) -> f32 {
        self.0.width() as f32 / self.0.height() as f32
    }

    /// The picture in this size.
    pub(super) fn scaled(&self, width: u32, height: u32) -> Option<Pixmap> {
        let pixels = imageops::thumbnail(&*self.0, width, height).into_raw();
        Pixmap::from_vec(pixels, IntSize::from_wh(width, height)?)
    }
}
