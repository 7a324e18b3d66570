//! JPEG. Decoded with zune-jpeg itself, because `image` uses it in its lenient mode, where a missing
//! rest is painted grey and reported as a success.

use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::colour::Samples;
use super::{Decoded, Flaw, Shape, scans};
use crate::image::room::Room;

/// Most bytes that a picture may take while it is decoded. Progressive ones keep all coefficients.
const MOST: u64 = 160 << 20;

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Decoded, Flaw> {
    let damaged = |reason: String| Flaw::Damaged { format: "JPEG", reason };
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(scans::MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| damaged(error.to_string()))?;
    let info = decoder.info().ok_or_else(|| damaged("it has no header".to_owned()))?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    shape.check(width, height)?;
    let kept = scans::check(bytes, (width, height)).map_err(|gap| damaged(gap.to_string()))?;
    let pixels = u64::from(width) * u64::from(height);
    if kept + 3 * pixels > MOST {
        return Err(Flaw::TooDemanding { width, height });
    }
    // Grey stays grey until a profile for grey is applied. One for printing inks would need the inks.
    let channels = if info.components == 1 { 1 } else { 3 };
    if channels == 1 {
        decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::Luma));
    }
    let profile = decoder.icc_profile().filter(|_| info.components < 4);
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let room = Room::take(kept + 3 * pixels);
    let values = decoder.decode().map_err(|error| damaged(error.to_string()))?;
    if values.len() != width as usize * height as usize * channels {
        return Err(damaged("it decodes to another size than it claims".to_owned()));
    }
    Ok(Decoded { samples: Samples { width, height, channels, values, profile }, orientation, room })
}
