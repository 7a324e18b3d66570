//! From the picture as received to the file in the repository: cropped to the wanted shape, scaled
//! down and never up, encoded, marked with its provenance. The same input gives the same bytes.

use std::borrow::Cow;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::Picture;
use super::provenance::{self, Provenance};
use crate::memory::MemoryAccount;

/// What the file should be: the inputs `size`, `format` and `quality`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Width in pixels, at most; the exact shape together with `height`.
    pub width: u32,
    /// Height in pixels, at most.
    pub height: u32,
    /// File format.
    pub format: Format,
    /// 1 to 100 for JPEG and WebP; PNG has no quality.
    pub quality: u8,
}

impl Default for Options {
    /// The size that every link preview takes.
    fn default() -> Self {
        Self { width: 1200, height: 630, format: Format::Jpeg, quality: 85 }
    }
}

/// File formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Baseline JPEG.
    Jpeg,
    /// Lossy WebP.
    Webp,
    /// PNG, lossless.
    Png,
}

impl Format {
    /// File name extension without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Png => "png",
        }
    }
}

/// A finished picture file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// File name extension without the dot.
    pub extension: &'static str,
}

/// The picture could not be written in the wanted format.
#[derive(Debug, thiserror::Error)]
#[error("the picture ({width}x{height}) cannot be written as {extension}: {reason}; try another `format`")]
pub struct Unwritable {
    width: u32,
    height: u32,
    extension: &'static str,
    reason: String,
}

/// Crops, scales, encodes and marks a picture.
///
/// # Errors
/// [`Unwritable`] when an encoder refuses; no picture that passed the truth test is known to do that.
pub fn finish(picture: &Picture, options: &Options, provenance: &Provenance) -> Result<Finished, Unwritable> {
    let frame = Crop::fit((picture.width(), picture.height()), (options.width.max(1), options.height.max(1)));
    let (width, height) = (frame.width, frame.height);
    let extension = options.format.extension();
    let unwritable = |reason: String| Unwritable { width, height, extension, reason };
    let _hold = MemoryAccount::current().take_blocking(frame.needs(picture));
    let pixels = frame.cut(picture).map_err(unwritable)?;
    let xmp = provenance.to_xmp();
    let quality = options.quality.clamp(1, 100);
    let bytes = match options.format {
        Format::Jpeg => jpeg(&pixels, width, height, quality, &xmp),
        Format::Webp => webp(&pixels, width, height, quality, &xmp),
        Format::Png => png(&pixels, width, height, &xmp),
    };
    Ok(Finished { bytes: bytes.map_err(unwritable)?, width, height, extension })
}

/// The centred part of a picture that is kept, and the size it gets.
#[derive(Debug, PartialEq)]
struct Crop {
    left: f64,
    top: f64,
    crop_width: f64,
    crop_height: f64,
    width: u32,
    height: u32,
    scaled: bool,
}

impl Crop {
    /// The largest centred part with the wanted ratio; its own size where that is smaller than wanted.
    fn fit(from: (u32, u32), wanted: (u32, u32)) -> Self {
        let (from_width, from_height) = (f64::from(from.0), f64::from(from.1));
        let ratio = f64::from(wanted.0) / f64::from(wanted.1);
        let (crop_width, crop_height) = if from_width > from_height * ratio {
            ((from_height * ratio).min(from_width), from_height)
        } else {
            (from_width, (from_width / ratio).min(from_height))
        };
        // A ratio beyond reason still keeps one pixel.
        let whole = |side: f64, limit: u32| (side.round() as u32).clamp(1, limit);
        let most = (whole(crop_width, from.0), whole(crop_height, from.1));
        if most == wanted || most.0 < wanted.0 || most.1 < wanted.1 {
            // Not scaled, hence cut along whole pixels.
            let (left, top) = ((from.0 - most.0) / 2, (from.1 - most.1) / 2);
            return Self {
                left: left.into(),
                top: top.into(),
                crop_width: most.0.into(),
                crop_height: most.1.into(),
                width: most.0,
                height: most.1,
                scaled: false,
            };
        }
        Self {
            left: (from_width - crop_width) / 2.0,
            top: (from_height - crop_height) / 2.0,
            crop_width,
            crop_height,
            width: wanted.0,
            height: wanted.1,
            scaled: true,
        }
    }

    /// Bytes that cutting and encoding take: the rows that are scaled along one side only, the pixels, and the file,
    /// which is never larger than they are.
    fn needs(&self, picture: &Picture) -> u64 {
        let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
        let halfway = area(self.width, picture.height()).max(area(picture.width(), self.height));
        3 * (if self.scaled { halfway } else { 0 } + 2 * area(self.width, self.height))
    }

    fn cut<'a>(&self, picture: &'a Picture) -> Result<Cow<'a, [u8]>, String> {
        let raw = picture.pixels.as_raw();
        if !self.scaled {
            return Ok(self.cut_unscaled(raw, picture.width() as usize));
        }
        // The kind of pixel is named here, so that only its code is linked: half a megabyte less.
        let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), raw);
        let source = source.map_err(|error| error.to_string())?;
        let mut rows = vec![0; self.width as usize * self.height as usize * 3];
        let target = TypedImage::<U8x3>::from_buffer(self.width, self.height, &mut rows);
        let mut target = target.map_err(|error| error.to_string())?;
        let how = ResizeOptions::new()
            .crop(self.left, self.top, self.crop_width, self.crop_height)
            .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new().resize_typed(&source, &mut target, &how).map_err(|error| error.to_string())?;
        drop(target);
        Ok(Cow::Owned(rows))
    }

    /// Whole rows stay where they are in memory: the usual square loses top and bottom only.
    fn cut_unscaled<'a>(&self, raw: &'a [u8], source_width: usize) -> Cow<'a, [u8]> {
        let (left, top) = (self.left as usize, self.top as usize);
        let (width, height) = (self.width as usize, self.height as usize);
        let rows = &raw[top * source_width * 3..(top + height) * source_width * 3];
        if width == source_width {
            return Cow::Borrowed(rows);
        }
        let rows = rows.chunks_exact(source_width * 3);
        Cow::Owned(rows.flat_map(|row| &row[left * 3..(left + width) * 3]).copied().collect())
    }
}

fn jpeg(pixels: &[u8], width: u32, height: u32, quality: u8, xmp: &str) -> Result<Vec<u8>, String> {
    let side = |side: u32| u16::try_from(side).map_err(|_| "no side may exceed 65535 pixels".to_owned());
    // A tenth of the raw size holds most pictures without growing.
    let mut bytes = Vec::with_capacity(pixels.len() / 10 + xmp.len());
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.add_app_segment(1, provenance::jpeg_segment(xmp)).map_err(|error| error.to_string())?;
    encoder
        .encode(pixels, side(width)?, side(height)?, jpeg_encoder::ColorType::Rgb)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn webp(pixels: &[u8], width: u32, height: u32, quality: u8, xmp: &str) -> Result<Vec<u8>, String> {
    let encoder = webp::Encoder::from_rgb(pixels, width, height);
    let encoded = encoder.encode_simple(false, f32::from(quality)).map_err(|error| format!("{error:?}"))?;
    provenance::mark_webp(encoded.to_vec(), width, height, xmp)
}

fn png(pixels: &[u8], width: u32, height: u32, xmp: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(pixels, width, height, ExtendedColorType::Rgb8).map_err(|error| error.to_string())?;
    provenance::mark_png(bytes, xmp)
}

#[cfg(test)]
mod tests;
