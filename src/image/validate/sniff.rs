//! What bytes are, by their first bytes alone, and a name for what is not a picture.

use std::io::Read as _;

use flate2::bufread::GzDecoder;
use image::ImageFormat;

use super::InvalidPicture;
use crate::text::short_line;

/// Bytes looked at to name a body.
const HEAD: usize = 2048;
/// Characters of a body that a message quotes.
const EXCERPT: usize = 160;

/// Bytes that a packed body is unpacked to before it is named; an honest drawing says what it is sooner.
const UNPACKED: u64 = 64 * 1024;
/// Signatures of pictures that services really send or could send, and that are not read here.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"II+\x00", "a TIFF picture"),
    (b"MM\x00+", "a TIFF picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance HDR picture"),
    (b"qoif", "a QOI picture"),
];
/// The same for signatures that may begin a sentence.
const FOREIGN_UNLESS_TEXT: &[(&[u8], &str)] = &[
    (b"BM", "a BMP picture"),
    (b"DDS ", "a DDS texture"),
    (b"P4", "a PBM picture"),
    (b"P5", "a PGM picture"),
    (b"P6", "a PPM picture"),
];
/// Brands of files in boxes, those that say more first: AVIF names `mif1` as well.
const BRANDS: &[(&[u8], &str)] = &[
    (b"avif", "an AVIF picture"),
    (b"avis", "an AVIF picture"),
    (b"hei", "a HEIC picture"),
    (b"hev", "a HEIC picture"),
    (b"mif", "a HEIF picture"),
    (b"msf", "a HEIF picture"),
    (b"miaf", "a HEIF picture"),
    (b"jp2", "a JPEG 2000 picture"),
    (b"jxl ", "a JPEG XL picture"),
];
/// Signatures of other things.
const OTHER: &[(&[u8], &str)] = &[
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"RIFF", "a video or a sound"),
    (b"OggS", "a video or a sound"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"PK\x03\x04", "a ZIP archive"),
];

/// The format of a picture that can be decoded here.
///
/// # Errors
/// [`InvalidPicture::Empty`], [`InvalidPicture::UnsupportedFormat`], or [`InvalidPicture::NotAPicture`] with a name for what it is.
pub(super) fn sniff_format(bytes: &[u8]) -> Result<ImageFormat, InvalidPicture> {
    match bytes {
        [] => return Err(InvalidPicture::Empty),
        [0xFF, 0xD8, 0xFF, ..] => return Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => return Ok(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return Ok(ImageFormat::WebP),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => return Ok(ImageFormat::Gif),
        _ => {}
    }
    if let Some(name) = signed(bytes, FOREIGN).or_else(|| branded(bytes)) {
        return Err(InvalidPicture::UnsupportedFormat(name));
    }
    if let Some(name) = signed(bytes, OTHER) {
        return Err(if packed_drawing(bytes) {
            InvalidPicture::UnsupportedFormat("a gzip-compressed SVG drawing")
        } else {
            InvalidPicture::NotAPicture(name.to_owned())
        });
    }
    if let Some(text) = text(bytes) {
        return Err(match name_text(&text) {
            _ if text.is_empty() => InvalidPicture::Empty,
            "an SVG drawing" => InvalidPicture::UnsupportedFormat("an SVG drawing"),
            "markup" if is_drawing(bytes) => InvalidPicture::UnsupportedFormat("an SVG drawing"),
            name => InvalidPicture::NotAPicture(format!("{name}: {}", excerpt(&text))),
        });
    }
    if let Some(name) = signed(bytes, FOREIGN_UNLESS_TEXT) {
        return Err(InvalidPicture::UnsupportedFormat(name));
    }
    let head: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Err(InvalidPicture::NotAPicture(if is_in_boxes(bytes) {
        "a video".to_owned()
    } else {
        format!("{} unknown bytes beginning with {}", bytes.len(), head.join(" "))
    }))
}

fn signed(bytes: &[u8], table: &[(&[u8], &'static str)]) -> Option<&'static str> {
    table.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

/// Whether these are ISO base media boxes, of which pictures and videos are made.
fn is_in_boxes(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
}

/// What the brands of the first box say: the major one, and those that the file is compatible with.
fn branded(bytes: &[u8]) -> Option<&'static str> {
    let length = is_in_boxes(bytes).then(|| bytes.first_chunk::<4>())?;
    let length = length.map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let fields = bytes.get(8..length.clamp(12, bytes.len().max(12)))?.chunks(4).enumerate();
    // The second field is a version.
    let brands = fields.filter(|(field, _)| *field != 1).map(|(_, brand)| brand);
    BRANDS
        .iter()
        .find(|(start, _)| brands.clone().any(|brand| brand.starts_with(start)))
        .map(|(_, name)| *name)
}

/// Whether gzip-compressed data (`.svgz`) begins like a drawing.
fn packed_drawing(bytes: &[u8]) -> bool {
    let mut head = Vec::new();
    // An error after the first bytes does not matter: they are what is looked at.
    _ = GzDecoder::new(bytes).take(UNPACKED).read_to_end(&mut head);
    is_drawing(&head)
}

/// Whether the first element of markup is `svg`, however long the comments and declarations before it.
fn is_drawing(markup: &[u8]) -> bool {
    const ASIDES: [(&[u8], &[u8]); 3] = [(b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">")];
    let mut rest = markup.strip_prefix(b"\xef\xbb\xbf").unwrap_or(markup).trim_ascii_start();
    while let Some((open, close)) = ASIDES.iter().find(|(open, _)| rest.starts_with(open)) {
        let inner = &rest[open.len()..];
        let Some(end) = inner.windows(close.len()).position(|window| window == *close) else { return false };
        rest = inner[end + close.len()..].trim_ascii_start();
        // The end of a document type that declares entities of its own.
        rest = rest.strip_prefix(b"]>").unwrap_or(rest).trim_ascii_start();
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b':';
    let name = rest.strip_prefix(b"<").unwrap_or_default();
    let name = name.split(|byte| !is_name(byte)).next().unwrap_or_default();
    name == b"svg" || name.ends_with(b":svg")
}

/// How messages name a format.
pub(super) fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
        ImageFormat::WebP => "WebP",
        _ => "GIF",
    }
}

/// The head of a body that reads as text, without byte order mark and leading blanks.
fn text(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The limit may have cut a character in two; anything else is not text.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let text = valid.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let readable = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{1b}');
    text.chars().all(readable).then(|| text.to_owned())
}

fn name_text(text: &str) -> &'static str {
    let lower = text.to_ascii_lowercase();
    let is_markup = lower.starts_with('<');
    if is_markup
        && (lower.starts_with("<!doctype html") || lower.contains("<html") || lower.contains("<body"))
    {
        "an HTML page"
    } else if is_markup && lower.contains("<svg") {
        "an SVG drawing"
    } else if is_markup {
        "markup"
    } else if lower.starts_with(['{', '[']) {
        "JSON"
    } else if lower.starts_with("data:")
        || ["/9j/", "iVBORw0KGgo", "UklGR"].iter().any(|base64| text.starts_with(base64))
    {
        "a picture in base64 that was not decoded"
    } else {
        "text"
    }
}

/// The first words on one line. An HTML page is quoted by its title, where it has one.
fn excerpt(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let from = at + lower[at..].find('>')? + 1;
        Some(&text[from..from + lower[from..].find("</title")?])
    });
    let quoted = title.filter(|title| !title.trim().is_empty()).unwrap_or(text);
    short_line(quoted, EXCERPT)
}
