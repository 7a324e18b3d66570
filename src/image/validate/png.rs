//! PNG. Read with the `png` crate itself, because `image` asks it for sixteen bits where there are
//! sixteen, and unpacks metadata that nobody looks at.

use std::borrow::Cow;
use std::io::Cursor;

use image::metadata::Orientation;
use png::{Decoder, Info, Limits, Transformations};

use super::colour::{self, Conversion, LARGEST_PROFILE, Pixel, Primaries, Samples};
use super::{Decoded, DecodingMemory, InvalidPicture, PictureLimits};

/// Largest metadata chunk that is kept, in bytes as it is packed.
const LARGEST_CHUNK: usize = 1 << 20;

/// Width and height that the header claims.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.read_header_info().map(Info::size).map_err(|error| error.to_string())
}

pub(super) fn decode<'a>(file: &'a [u8], limits: &PictureLimits) -> Result<Decoded<'a>, InvalidPicture> {
    let damaged = |reason: String| InvalidPicture::Damaged { format: "PNG", reason };
    let bytes = lean(file);
    let mut decoder = Decoder::new(Cursor::new(&*bytes));
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(|error| damaged(error.to_string()))?;
    let (width, height) = header.size();
    limits.check(width, height)?;
    // For a row and a profile. One that unpacks to more is left out without a word.
    let limit = LARGEST_PROFILE + 2 * LARGEST_CHUNK + 16 * width as usize;
    decoder.set_limits(Limits { bytes: limit });
    let mut reader = decoder.read_info().map_err(|error| damaged(error.to_string()))?;
    let pixel = Pixel::of(reader.output_color_type().0.samples());
    let size = width as usize * height as usize * pixel.channels();
    if reader.output_buffer_size() != Some(size) {
        return Err(damaged("it has samples of an odd size".to_owned()));
    }
    let mut memory = DecodingMemory::new(file, "PNG", (width, height));
    let copied = if matches!(bytes, Cow::Owned(_)) { bytes.len() } else { 0 };
    memory.take((size.max(width as usize * height as usize * 3) + limit + copied) as u64)?;
    let mut values = vec![0; size];
    reader.next_frame(&mut values).map_err(|error| damaged(error.to_string()))?;
    let info = reader.info();
    let orientation = info.exif_metadata.as_ref().and_then(|exif| Orientation::from_exif_chunk(exif));
    let convert = conversion(info, pixel);
    Ok(Decoded { samples: Samples { width, height, pixel, values, convert }, orientation, memory })
}

/// The conversion to sRGB that the file asks for. Four kinds of chunks describe colours, and the first of them
/// that is there counts.
fn conversion(info: &Info<'_>, pixel: Pixel) -> Option<Conversion> {
    if let Some(named) = info.coding_independent_code_points {
        return colour::by_code_points(named.color_primaries, named.transfer_function, pixel);
    }
    if let Some(profile) = &info.icc_profile {
        return colour::by_profile(profile, pixel);
    }
    if info.srgb.is_some() {
        return None;
    }
    // Primaries without a gamma count for nothing, as in browsers.
    let gamma = info.gama_chunk?.into_value();
    let point = |(x, y): (png::ScaledFloat, png::ScaledFloat)| (x.into_value(), y.into_value());
    let primaries = info.chrm_chunk.map(|named| Primaries {
        white: point(named.white),
        red: point(named.red),
        green: point(named.green),
        blue: point(named.blue),
    });
    colour::by_gamma(gamma, primaries, pixel)
}

/// The file without metadata that is too large to be honest, and without such about colours that the decoder
/// would refuse the whole picture for: it is for other screens, or larger than any, or not as its own rules want it.
fn lean(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut kept = Cow::Borrowed(bytes);
    let mut at = 8;
    while let Some((&length, rest)) = bytes.get(at..).and_then(<[u8]>::split_first_chunk) {
        let size = u32::from_be_bytes(length) as usize;
        let Some(chunk) = bytes.get(at..at.saturating_add(size).saturating_add(12)) else { break };
        let drop = match rest.first_chunk() {
            Some(b"iCCP" | b"eXIf") => size > LARGEST_CHUNK,
            Some(b"mDCV" | b"cLLI" | b"sPLT") => true,
            Some(b"cICP") => !matches!(chunk, [0, 0, 0, 4, _, _, _, _, _, _, 0, 0 | 1, ..]),
            _ => false,
        };
        if drop && matches!(kept, Cow::Borrowed(_)) {
            kept = Cow::Owned(bytes[..at].to_vec());
        } else if let (Cow::Owned(kept), false) = (&mut kept, drop) {
            kept.extend_from_slice(chunk);
        }
        at += chunk.len();
    }
    if let Cow::Owned(kept) = &mut kept {
        kept.extend_from_slice(&bytes[at..]);
    }
    kept
}
