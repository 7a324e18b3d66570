//! JPEG. Decoded with zune-jpeg itself, because `image` uses it in its lenient mode, where a missing
//! rest is painted grey and reported as a success.

use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::colour::{self, Pixel, Samples};
use super::scans::{self, Gap};
use super::{Decoded, DecodingMemory, InvalidPicture, PictureLimits};

/// Width and height that the header claims.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    if let Some(size) = scans::size(bytes) {
        return Ok(size);
    }
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    decoder.decode_headers().map_err(|error| error.to_string())?;
    let info = decoder.info().ok_or_else(|| "it has no header".to_owned())?;
    Ok((info.width.into(), info.height.into()))
}

pub(super) fn decode<'a>(bytes: &'a [u8], limits: &PictureLimits) -> Result<Decoded<'a>, InvalidPicture> {
    let damaged = |reason: String| InvalidPicture::Damaged { format: "JPEG", reason };
    let options = DecoderOptions::default()
        .set_strict_mode(limits.strict)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(scans::MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| damaged(error.to_string()))?;
    let info = decoder.info().ok_or_else(|| damaged("it has no header".to_owned()))?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    limits.check(width, height)?;
    let pixels = u64::from(width) * u64::from(height);
    let mut memory = DecodingMemory::new(bytes, "JPEG", (width, height));
    // The walk remembers a bit for each coefficient.
    memory.take(pixels / 2)?;
    let kept = match scans::check(bytes, (width, height)) {
        // Browsers mind neither, and the decoder may keep what it likes.
        Err(Gap::Garbled | Gap::Coarse) if !limits.strict => 8 * pixels,
        checked => checked.map_err(|gap| damaged(gap.to_string()))?,
    };
    memory.hold.keep(0);
    // Grey stays grey until a profile for grey is applied, and inks stay inks where there is one for them. Without
    // it the decoder makes light of them, as browsers do.
    let pixel = match info.components {
        1 => Pixel::Grey,
        4 => Pixel::Inks,
        _ => Pixel::Rgb,
    };
    let convert = decoder.icc_profile().and_then(|profile| colour::by_profile(&profile, pixel));
    let inks = decoder.input_colorspace().filter(|_| pixel == Pixel::Inks && convert.is_some());
    let (pixel, space) = match (pixel, inks) {
        (Pixel::Grey, _) => (Pixel::Grey, ColorSpace::Luma),
        (_, Some(space @ (ColorSpace::CMYK | ColorSpace::YCCK))) => (Pixel::Inks, space),
        _ => (Pixel::Rgb, ColorSpace::RGB),
    };
    let convert = convert.filter(|_| inks.is_some() || info.components < 4);
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    // Grey grows to three channels.
    memory.take(kept + pixels * pixel.channels().max(3) as u64)?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let mut values = decoder.decode().map_err(|error| damaged(error.to_string()))?;
    if values.len() != width as usize * height as usize * pixel.channels() {
        return Err(damaged("it decodes to another size than it claims".to_owned()));
    }
    if pixel == Pixel::Inks {
        to_inks(&mut values, space);
    }
    Ok(Decoded { samples: Samples { width, height, pixel, values, convert }, orientation, memory })
}

/// Four channels as they are in the file to amounts of ink. Files count the paper that is left, which goes back to
/// Adobe; of a picture in YCCK the first three channels are the inks themselves, as brightness and colour.
fn to_inks(values: &mut [u8], space: ColorSpace) {
    for pixel in values.chunks_exact_mut(4) {
        let [a, b, c, black] = [pixel[0], pixel[1], pixel[2], pixel[3]];
        let [cyan, magenta, yellow] = match space {
            ColorSpace::YCCK => rgb(a, b, c),
            _ => [255 - a, 255 - b, 255 - c],
        };
        pixel.copy_from_slice(&[cyan, magenta, yellow, 255 - black]);
    }
}

/// From YCbCr as JFIF has it.
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    // The conversion of a number keeps it within a byte.
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|value| value.round() as u8)
}
