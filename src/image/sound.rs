//! Is a picture of the repository one that a browser shows? It may be anybody's and of any shape, so less is
//! asked than of what a provider sends.

use image::ImageFormat;

use super::validate::{self, InvalidPicture, PictureLimits};

/// Smallest side of a hero image in pixels; less is a placeholder, a tracking pixel or an icon.
pub const SMALLEST_SIDE: u32 = 64;

/// Why a file cannot be used as a hero image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// It is empty.
    #[error("the file is empty")]
    Empty,
    /// Git LFS has the file.
    #[error("it is a pointer of Git LFS; give `actions/checkout` `lfs: true`")]
    LfsPointer,
    /// Its bytes are of no kind of picture.
    #[error("the file is not a picture")]
    NoPicture,
    /// It ends early, or cannot be decoded.
    #[error("the picture is damaged or cut off ({0})")]
    Damaged(String),
    /// A side is too small.
    #[error("the picture is only {width}x{height} pixels")]
    TooSmall {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

/// How closely a picture is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Header and end: whether the file is whole.
    Structure,
    /// Every pixel.
    Pixels,
}

/// Looks at the bytes of a picture file.
///
/// # Errors
/// [`Unsound`] with the reason.
pub fn inspect(bytes: &[u8], depth: Depth) -> Result<(), Unsound> {
    if bytes.is_empty() {
        return Err(Unsound::Empty);
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/") {
        return Err(Unsound::LfsPointer);
    }
    if is_svg(bytes) || is_avif(bytes) {
        // Nothing here decodes these; browsers do.
        return Ok(());
    }
    let format = image::guess_format(bytes).map_err(|_| Unsound::NoPicture)?;
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];
    if !known.contains(&format) {
        return Err(Unsound::NoPicture);
    }
    let (width, height) = validate::size(bytes, format).map_err(Unsound::Damaged)?;
    if width.min(height) < SMALLEST_SIDE {
        return Err(Unsound::TooSmall { width, height });
    }
    if !is_whole(bytes, format) {
        return Err(Unsound::Damaged("it ends early".to_owned()));
    }
    // One that would take more memory than it is worth is taken for whole.
    match (depth == Depth::Pixels).then(|| validate::decode(bytes, format, &PictureLimits::AS_FOUND)) {
        Some(Err(InvalidPicture::Damaged { reason, .. })) => Err(Unsound::Damaged(reason)),
        _ => Ok(()),
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let starts = head.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    starts == Some(&b'<') && head.windows(4).any(|word| word.eq_ignore_ascii_case(b"<svg"))
}

fn is_avif(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        && bytes.get(8..12).is_some_and(|brand| matches!(brand, b"avif" | b"avis" | b"mif1"))
}

/// Whether the file has the end that its format asks for.
fn is_whole(bytes: &[u8], format: ImageFormat) -> bool {
    /// Bytes behind the end that editors and cameras leave.
    const TRAILER: usize = 1 << 20;
    let tail = &bytes[bytes.len().saturating_sub(TRAILER)..];
    match format {
        ImageFormat::Jpeg => tail.windows(2).rev().any(|mark| mark == [0xff, 0xd9]),
        ImageFormat::Png => tail.windows(4).rev().any(|chunk| chunk == b"IEND"),
        ImageFormat::WebP => {
            let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
            length.is_some_and(|length| u64::from(length) + 8 <= bytes.len() as u64 + 1)
        }
        _ => tail.contains(&0x3b),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, Rgb, RgbImage};
    use proptest::prelude::*;

    use super::*;

    fn drawn(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    const FORMATS: [ImageFormat; 4] =
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];

    #[test]
    fn whole_pictures_of_every_kind_are_sound_and_cut_ones_are_not() {
        for format in FORMATS {
            let whole = drawn(120, 80, format);
            for depth in [Depth::Structure, Depth::Pixels] {
                assert_eq!(inspect(&whole, depth), Ok(()), "{format:?}");
            }
            let cut = inspect(&whole[..whole.len() * 2 / 3], Depth::Pixels);
            assert!(matches!(cut, Err(Unsound::Damaged(_))), "{format:?}: {cut:?}");
        }
        for text in ["<svg xmlns=\"x\"/>", "<?xml version=\"1.0\"?>\n<!-- x -->\n<svg/>"] {
            assert_eq!(inspect(text.as_bytes(), Depth::Pixels), Ok(()));
        }
        assert_eq!(inspect(b"\0\0\0\x20ftypavif\0\0", Depth::Pixels), Ok(()));
    }

    #[test]
    fn a_picture_that_would_take_too_much_memory_is_known_by_its_header_alone() {
        // Its pixels are missing, and nobody looks for them.
        let large = drawn(20_000, 2, ImageFormat::Png);
        let mut claim = large[..33].to_vec();
        claim[20..24].copy_from_slice(&20_000_u32.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&claim[12..29]);
        claim[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        claim.extend(&large[33..]);
        assert_eq!(inspect(&claim, Depth::Pixels), Ok(()));
    }

    #[test]
    fn a_jpeg_that_was_cut_and_closed_is_damaged_and_one_that_only_breaks_a_rule_is_not() {
        let whole = drawn(320, 240, ImageFormat::Jpeg);
        let scan = whole.windows(2).position(|two| two == [0xff, 0xda]).unwrap();
        let half = scan + (whole.len() - scan) / 2;
        let kept = (half..).find(|&at| whole[at - 1] != 0xff).unwrap();
        let cut = [&whole[..kept], &[0xff, 0xd9]].concat();
        let found = inspect(&cut, Depth::Pixels).unwrap_err();
        assert!(found.to_string().contains("% of the picture"), "{found}");
        let odd = [&whole[..scan], b"some bytes between segments", &whole[scan..]].concat();
        assert_eq!(inspect(&odd, Depth::Pixels), Ok(()));
        assert!(
            validate::examine(&odd, &PictureLimits::AS_CUT).is_err(),
            "what a service sends is to be better"
        );
    }

    #[test]
    fn a_page_a_pointer_and_a_pixel_are_not_hero_images() {
        let told = |bytes: &[u8]| inspect(bytes, Depth::Structure).unwrap_err();
        assert_eq!(told(b""), Unsound::Empty);
        assert_eq!(told(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), Unsound::LfsPointer);
        assert_eq!(told(b"<!doctype html><p>404"), Unsound::NoPicture);
        assert_eq!(told(&drawn(1, 1, ImageFormat::Gif)), Unsound::TooSmall { width: 1, height: 1 });
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_stumble(head in 0_usize..4, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = drawn(70, 66, FORMATS[head]);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = inspect(&bytes, Depth::Pixels);
        }
    }
}
