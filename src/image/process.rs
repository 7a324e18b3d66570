//! From the picture as received to the file in the repository: cropped to the wanted shape, scaled
//! down and never up, encoded, marked with its provenance. The same input gives the same bytes.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::Picture;
use super::provenance::{self, Provenance};
use crate::memory::{Hold, MemoryAccount};

/// Columns that Lanczos' kernel of three lobes reaches to each side, in columns of the result.
const REACH: f64 = 3.0;

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

    /// Bytes that encoding takes beside so many of pixels. WebP is encoded from four channels and half a picture of
    /// brightness and colour, and a PNG is there twice while it is written.
    fn needs(self, pixels: u64) -> u64 {
        match self {
            Self::Jpeg => pixels,
            Self::Webp | Self::Png => 2 * pixels,
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
/// [`Unwritable`] when an encoder refuses; no picture that passed validation is known to do that.
pub fn finish(picture: Picture, options: &Options, provenance: &Provenance) -> Result<Finished, Unwritable> {
    CutPicture::new(picture, options)?.encode(options, provenance)
}

/// The pixels of the file to be: cropped and scaled.
pub struct CutPicture {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    hold: Hold,
}

impl CutPicture {
    /// Crops and scales a picture to the wanted shape.
    ///
    /// # Errors
    /// As [`finish`].
    pub fn new(picture: Picture, options: &Options) -> Result<Self, Unwritable> {
        let wanted = (options.width.max(1), options.height.max(1));
        let frame = Crop::fit((picture.width(), picture.height()), wanted);
        let (width, height) = (frame.width, frame.height);
        // The picture gives its memory back as soon as it is cut: the largest one and the largest `size` fit in together.
        let mut hold = MemoryAccount::current().take_blocking(0);
        let pixels = frame.cut(picture, &mut hold).map_err(|reason| Unwritable {
            width,
            height,
            extension: options.format.extension(),
            reason,
        })?;
        Ok(Self { pixels, width, height, hold })
    }

    /// A small JPEG of it, without any mark; `None` where it cannot be made.
    pub(super) fn shrunk(&self, size: (u32, u32), quality: u8) -> Option<Vec<u8>> {
        let frame = Crop::fit((self.width, self.height), size);
        let small = (frame.width, frame.height);
        // Both directions are scaled in one go here, with what is halfway in between.
        let mut hold = MemoryAccount::current().take_blocking(bytes_of((small.0, self.height)));
        hold.grow_blocking(2 * bytes_of(small));
        let pixels = if frame.scaled {
            let part = (frame.left, frame.top, frame.crop_width, frame.crop_height);
            scale(&self.pixels, (self.width, self.height), part, small).ok()?
        } else {
            frame.cut_unscaled(&self.pixels, self.width as usize)
        };
        jpeg(&pixels, small.0, small.1, quality, None).ok()
    }

    /// Encodes and marks it.
    ///
    /// # Errors
    /// As [`finish`].
    pub fn encode(mut self, options: &Options, provenance: &Provenance) -> Result<Finished, Unwritable> {
        let Self { pixels, width, height, .. } = self;
        self.hold.grow_blocking(options.format.needs(pixels.len() as u64));
        let xmp = provenance.to_xmp();
        let quality = options.quality.clamp(1, 100);
        let bytes = match options.format {
            Format::Jpeg => jpeg(&pixels, width, height, quality, Some(&xmp)),
            Format::Webp => webp(pixels, width, height, quality, &xmp),
            Format::Png => png(pixels, width, height, &xmp),
        };
        let extension = options.format.extension();
        let bytes = bytes.map_err(|reason| Unwritable { width, height, extension, reason })?;
        Ok(Finished { bytes, width, height, extension })
    }
}

/// A small JPEG of a picture, without any mark.
///
/// # Errors
/// As [`finish`].
pub(super) fn shrink(picture: Picture, size: (u32, u32), quality: u8) -> Result<Vec<u8>, String> {
    let frame = Crop::fit((picture.width(), picture.height()), size);
    let mut hold = MemoryAccount::current().take_blocking(0);
    let pixels = frame.cut(picture, &mut hold)?;
    hold.grow_blocking(Format::Jpeg.needs(pixels.len() as u64));
    jpeg(&pixels, frame.width, frame.height, quality, None)
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

    /// Cuts and scales, within memory that is asked for as it is needed; what stays taken is that of the result.
    fn cut(&self, picture: Picture, hold: &mut Hold) -> Result<Vec<u8>, String> {
        let size = (picture.width(), picture.height());
        if (self.width, self.height) == size {
            hold.grow_blocking(bytes_of(size));
            return Ok(picture.pixels.into_raw());
        }
        if !self.scaled {
            hold.grow_blocking(bytes_of((self.width, self.height)));
            return Ok(self.cut_unscaled(picture.pixels.as_raw(), picture.width() as usize));
        }
        // Each direction by itself, as the library does it, so that the picture can go between the two.
        let (from, to) = self.columns(picture.width());
        let halfway = (to - from, self.height);
        hold.grow_blocking(bytes_of(halfway));
        let across = (from.into(), self.top, f64::from(to - from), self.crop_height);
        let rows = scale(picture.pixels.as_raw(), size, across, halfway)?;
        drop(picture);
        hold.grow_blocking(bytes_of((self.width, self.height)));
        let down = (self.left - f64::from(from), 0.0, self.crop_width, self.height.into());
        let pixels = scale(&rows, halfway, down, (self.width, self.height))?;
        drop(rows);
        hold.keep(bytes_of((self.width, self.height)));
        Ok(pixels)
    }

    /// The columns that some column of the result is made of.
    fn columns(&self, width: u32) -> (u32, u32) {
        let reach = REACH * self.crop_width / f64::from(self.width) + 1.0;
        let (from, to) = (self.left - reach, self.left + self.crop_width + reach);
        // The conversion of a number keeps it above zero.
        (from.floor() as u32, (to.ceil() as u32).min(width))
    }

    fn cut_unscaled(&self, raw: &[u8], source_width: usize) -> Vec<u8> {
        let (left, top) = (self.left as usize, self.top as usize);
        let (width, height) = (self.width as usize, self.height as usize);
        let rows = &raw[top * source_width * 3..(top + height) * source_width * 3];
        let mut kept = Vec::with_capacity(width * height * 3);
        rows.chunks_exact(source_width * 3)
            .for_each(|row| kept.extend_from_slice(&row[left * 3..(left + width) * 3]));
        kept
    }
}

fn bytes_of((width, height): (u32, u32)) -> u64 {
    3 * u64::from(width) * u64::from(height)
}

/// Scales the part that begins at the first two numbers, and is as wide and high as the others, to a size.
fn scale(
    pixels: &[u8],
    (width, height): (u32, u32),
    (left, top, crop_width, crop_height): (f64, f64, f64, f64),
    size: (u32, u32),
) -> Result<Vec<u8>, String> {
    // The kind of pixel is named here, so that only its code is linked: half a megabyte less.
    let source = TypedImageRef::<U8x3>::from_buffer(width, height, pixels);
    let source = source.map_err(|error| error.to_string())?;
    let mut rows = vec![0; size.0 as usize * size.1 as usize * 3];
    let target = TypedImage::<U8x3>::from_buffer(size.0, size.1, &mut rows);
    let mut target = target.map_err(|error| error.to_string())?;
    let how = ResizeOptions::new()
        .crop(left, top, crop_width, crop_height)
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize_typed(&source, &mut target, &how).map_err(|error| error.to_string())?;
    drop(target);
    Ok(rows)
}

fn jpeg(pixels: &[u8], width: u32, height: u32, quality: u8, xmp: Option<&str>) -> Result<Vec<u8>, String> {
    let side = |side: u32| u16::try_from(side).map_err(|_| "no side may exceed 65535 pixels".to_owned());
    // A tenth of the raw size holds most pictures without growing.
    let mut bytes = Vec::with_capacity(pixels.len() / 10 + xmp.map_or(0, str::len));
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    if let Some(xmp) = xmp {
        encoder.add_app_segment(1, provenance::jpeg_segment(xmp)).map_err(|error| error.to_string())?;
    }
    encoder
        .encode(pixels, side(width)?, side(height)?, jpeg_encoder::ColorType::Rgb)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn webp(pixels: Vec<u8>, width: u32, height: u32, quality: u8, xmp: &str) -> Result<Vec<u8>, String> {
    let encoder = webp::Encoder::from_rgb(&pixels, width, height);
    let encoded = encoder.encode_simple(false, f32::from(quality)).map_err(|error| format!("{error:?}"))?;
    drop(pixels);
    provenance::mark_webp(encoded.to_vec(), width, height, xmp)
}

fn png(pixels: Vec<u8>, width: u32, height: u32, xmp: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| error.to_string())?;
    drop(pixels);
    provenance::mark_png(bytes, xmp)
}

#[cfg(test)]
mod tests;
