//! Validation: is what a provider sent really a usable picture?
//!
//! A status of 200 proves nothing: services answer with HTML, with JSON,
//! with half a file, with a black rectangle instead of what their filter refused, with a picture
//! that says "rate limited". Content-Type is never consulted. The header is checked before
//! anything is allocated, and then every pixel is decoded, strictly: a file that browsers would
//! still render half of is a flaw here, because the next provider can deliver a whole one.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use md5::{Digest as _, Md5};

use colour::{Pixel, Samples};

use super::Picture;
use crate::memory::{self, Hold, MemoryAccount};

mod colour;
mod content;
mod gif;
mod jpeg;
mod png;
mod scans;
mod sniff;
mod webp;

/// What is accepted as a usable picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureLimits {
    /// Smallest side in pixels.
    pub min_side: u32,
    /// Most pixels a picture may claim. The header is checked, so a bomb costs nothing.
    pub max_pixels: u64,
    /// Longest side divided by shortest side, at most.
    pub max_aspect: u32,
    /// Brightest channel value of a picture that counts as black.
    pub black: u8,
    /// Difference in channel values between the darkest and the brightest cell of a grid, below which the cells are
    /// equal.
    pub cell_spread: f64,
    /// Standard deviation in channel values, below which pixels are equal.
    pub pixel_deviation: f64,
    /// A JPEG that breaks a rule without lacking anything is damaged.
    pub strict: bool,
}

impl PictureLimits {
    /// For a picture as a provider sent it. Link previews treat a smaller one as a placeholder, and of a longer one a
    /// crop to any card shape keeps a sliver.
    pub const AS_SENT: Self = Self {
        min_side: 256,
        max_pixels: 24_000_000,
        max_aspect: 4,
        black: 8,
        cell_spread: 12.0,
        pixel_deviation: 6.0,
        strict: true,
    };

    /// For a picture that was cut to its final shape already: the user chose that, so there is nothing to say
    /// against it.
    pub const AS_CUT: Self = Self { min_side: 1, max_aspect: u32::MAX, ..Self::AS_SENT };

    /// For a picture of the repository, which may be anybody's: whatever a browser shows whole.
    pub const AS_FOUND: Self = Self {
        max_pixels: u64::MAX,
        black: 0,
        cell_spread: 0.0,
        pixel_deviation: 0.0,
        strict: false,
        ..Self::AS_CUT
    };
}

/// Pictures that services send with status 200 instead of drawing.
/// A new one is one line: service and MD5 of the file.
const PLACEHOLDERS: &[(&str, &str)] = &[("Pollinations", "2090a5dc21c32952cbf8496339752bd1")];

/// Why bytes are not a usable picture. The text is a short sentence for the report; where it quotes
/// what the service sent, callers scrub it of secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPicture {
    /// No bytes at all.
    #[error("the answer is empty")]
    Empty,
    /// A web page, JSON, text or anything else that is not a picture; the text says what it looks like.
    #[error("the answer is not a picture but {0}")]
    NotAPicture(String),
    /// A picture in a format that is not read here.
    #[error("the answer is {0}, which cannot be read here: ask for JPEG, PNG or WebP")]
    UnsupportedFormat(&'static str),
    /// The decoder gave up, or the file ends early.
    #[error("the {format} picture is damaged or cut off: {reason}")]
    Damaged {
        /// Format that the first bytes claim.
        format: &'static str,
        /// What the decoder says.
        reason: String,
    },
    /// A side below the smallest that is accepted.
    #[error("the picture is only {width}x{height} pixels: each side needs at least {least}")]
    TooSmall {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Smallest side that is accepted.
        least: u32,
    },
    /// More pixels than are accepted.
    #[error("the picture claims {width}x{height} pixels: at most {} million are accepted", .most / 1_000_000)]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Most pixels that are accepted.
        most: u64,
    },
    /// Decoding it would take more memory than a run may take. Progressive JPEG keeps all coefficients, and WebP and
    /// GIF a part of the picture a second time: what is refused for it has 13 million pixels or more, an animation nine.
    #[error(
        "the {format} picture ({width}x{height}) is coded so that reading it takes too much memory: ask for fewer pixels"
    )]
    TooDemanding {
        /// Its format.
        format: &'static str,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Longer than is accepted.
    #[error("the picture is {width}x{height} pixels: one side is more than {most} times the other")]
    OddShape {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// How many times its shortest side the longest may be.
        most: u32,
    },
    /// All black, which is what safety filters leave of a picture.
    #[error("the picture ({width}x{height}) is black all over, as a safety filter leaves it")]
    Black {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Blank, or one colour with nothing to see on it.
    #[error("the picture ({width}x{height}) shows nothing but the colour {colour}")]
    Uniform {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The colour as `#rrggbb`.
        colour: String,
    },
    /// A file known to be sent instead of a picture.
    #[error("the picture is a placeholder that {0} sends instead of drawing")]
    Placeholder(&'static str),
}

/// Tests bytes as received and decodes them.
///
/// Takes at most [`memory::LARGEST`] for the largest accepted picture, and waits where several large
/// ones are decoded at once.
///
/// # Errors
/// The first [`InvalidPicture`] found; cheap tests come first.
pub fn examine(bytes: &[u8], limits: &PictureLimits) -> Result<Picture, InvalidPicture> {
    let format = sniff::sniff_format(bytes)?;
    if let Some(service) = placeholder(bytes, PLACEHOLDERS) {
        return Err(InvalidPicture::Placeholder(service));
    }
    let (pixels, hold) = decode(bytes, format, limits)?.finish()?;
    content::check(&pixels, limits)?;
    Ok(Picture::holding(hold, pixels))
}

/// Decodes every pixel of a file of this format.
///
/// # Errors
/// As [`examine`], whatever there is to see.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
    limits: &PictureLimits,
) -> Result<Decoded<'a>, InvalidPicture> {
    match format {
        ImageFormat::Jpeg => jpeg::decode(bytes, limits),
        ImageFormat::Png => png::decode(bytes, limits),
        _ => decode_other(bytes, format, limits),
    }
}

/// Width and height that the header of a file of this format claims; no more of it is read.
///
/// # Errors
/// Why there is no such header.
pub(super) fn size(bytes: &[u8], format: ImageFormat) -> Result<(u32, u32), String> {
    match format {
        ImageFormat::Jpeg => jpeg::size(bytes),
        ImageFormat::Png => png::size(bytes),
        ImageFormat::Gif => gif::size(bytes).ok_or_else(|| "it has no header".to_owned()),
        _ => ImageReader::with_format(Cursor::new(bytes), format)
            .into_dimensions()
            .map_err(|error| error.to_string()),
    }
}

/// The memory that decoding one file takes beside it.
struct DecodingMemory<'a> {
    file: &'a [u8],
    format: &'static str,
    size: (u32, u32),
    hold: Hold,
}

impl<'a> DecodingMemory<'a> {
    fn new(file: &'a [u8], format: &'static str, size: (u32, u32)) -> Self {
        Self { file, format, size, hold: MemoryAccount::current().charge(0) }
    }

    /// Takes so many bytes more, and waits where other pictures have them.
    fn take(&mut self, bytes: u64) -> Result<(), InvalidPicture> {
        let (format, (width, height)) = (self.format, self.size);
        if self.hold.bytes() + bytes + self.file.len() as u64 > memory::LARGEST {
            return Err(InvalidPicture::TooDemanding { format, width, height });
        }
        self.hold.grow_blocking(bytes);
        Ok(())
    }
}

fn placeholder(bytes: &[u8], known: &[(&'static str, &str)]) -> Option<&'static str> {
    let digest: String = Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    known.iter().find(|(_, md5)| *md5 == digest).map(|(service, _)| *service)
}

impl PictureLimits {
    /// Checks what the header claims, before memory is taken for it.
    fn check(&self, width: u32, height: u32) -> Result<(), InvalidPicture> {
        if width.min(height) < self.min_side {
            Err(InvalidPicture::TooSmall { width, height, least: self.min_side })
        } else if u64::from(width) * u64::from(height) > self.max_pixels {
            Err(InvalidPicture::TooLarge { width, height, most: self.max_pixels })
        } else if width.max(height) > width.min(height).saturating_mul(self.max_aspect) {
            Err(InvalidPicture::OddShape { width, height, most: self.max_aspect })
        } else {
            Ok(())
        }
    }
}

/// A picture as its decoder leaves it.
pub(super) struct Decoded<'a> {
    samples: Samples,
    orientation: Option<Orientation>,
    memory: DecodingMemory<'a>,
}

impl Decoded<'_> {
    /// The pixels as they are shown, with the memory that they need from now on.
    pub(super) fn finish(self) -> Result<(RgbImage, Hold), InvalidPicture> {
        let Self { samples, orientation, mut memory } = self;
        let (width, height) = (samples.width, samples.height);
        let orientation = orientation.unwrap_or(Orientation::NoTransforms);
        let is_turned = !matches!(
            orientation,
            Orientation::NoTransforms
                | Orientation::FlipHorizontal
                | Orientation::FlipVertical
                | Orientation::Rotate180
        );
        let of_another_size = InvalidPicture::Damaged {
            format: memory.format,
            reason: "it decodes to another size than it claims".to_owned(),
        };
        let pixels = RgbImage::from_raw(width, height, samples.into_rgb()).ok_or(of_another_size)?;
        memory.hold.keep(pixels.as_raw().capacity() as u64);
        if is_turned {
            // All others are changed where they are.
            memory.take(pixels.as_raw().len() as u64)?;
        }
        let mut picture = DynamicImage::ImageRgb8(pixels);
        picture.apply_orientation(orientation);
        let pixels = picture.into_rgb8();
        memory.hold.keep(pixels.as_raw().capacity() as u64);
        Ok((pixels, memory.hold))
    }
}

/// Decodes WebP and GIF.
fn decode_other<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
    limits: &PictureLimits,
) -> Result<Decoded<'a>, InvalidPicture> {
    let name = sniff::name(format);
    let damaged = |reason: String| InvalidPicture::Damaged { format: name, reason };
    if format == ImageFormat::WebP && limits.strict && !is_whole_riff(bytes) {
        return Err(damaged("the file is shorter than it says".to_owned()));
    }
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format)
        .into_decoder()
        .map_err(|error| damaged(error.to_string()))?;
    let (width, height) = decoder.dimensions();
    limits.check(width, height)?;
    let pixel = Pixel::of(decoder.color_type().channel_count().into());
    let needed = match format {
        ImageFormat::WebP => webp::needs(bytes, (width, height), pixel.channels() as u64)
            .ok_or_else(|| damaged("it is not coded as its header says".to_owned()))?,
        _ => gif::needs(bytes, (width, height)),
    };
    let mut memory = DecodingMemory::new(bytes, name, (width, height));
    memory.take(needed)?;
    let mut bounds = Limits::default();
    bounds.max_alloc = Some(needed);
    decoder.set_limits(bounds).map_err(|error| damaged(error.to_string()))?;
    let orientation = decoder.orientation().ok();
    let profile = decoder.icc_profile().ok().flatten();
    let convert = profile.and_then(|profile| colour::by_profile(&profile, pixel));
    let mut values = vec![0; width as usize * height as usize * pixel.channels()];
    decoder.read_image(&mut values).map_err(|error| damaged(error.to_string()))?;
    Ok(Decoded { samples: Samples { width, height, pixel, values, convert }, orientation, memory })
}

/// A RIFF file states its own length, so a cut is visible without trusting the decoder to mind.
fn is_whole_riff(bytes: &[u8]) -> bool {
    let Some(&[a, b, c, d]) = bytes.get(4..8) else { return false };
    u64::from(u32::from_le_bytes([a, b, c, d])) + 8 <= bytes.len() as u64
}

#[cfg(test)]
mod tests;
