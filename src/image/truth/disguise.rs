//! What bytes are, by their first bytes alone, and a name for what is no picture.

use image::ImageFormat;

use super::Flaw;

/// Bytes looked at to name a body.
const HEAD: usize = 2048;
/// Characters of a body that a message quotes.
const EXCERPT: usize = 160;

/// Signatures of what services really send or could send, and that is not read here.
const FOREIGN: &[(usize, &[u8], &str)] = &[
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftypavis", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIF picture"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
];

/// Signatures of other things.
const OTHER: &[(usize, &[u8], &str)] = &[
    (4, b"ftyp", "a video"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x1f\x8b", "gzip-compressed data"),
    (0, b"PK\x03\x04", "a ZIP archive"),
];

/// The format of a picture that can be decoded here.
///
/// # Errors
/// [`Flaw::Empty`], [`Flaw::UnsupportedFormat`], or [`Flaw::NotAPicture`] with a name for what it is.
pub(super) fn unmask(bytes: &[u8]) -> Result<ImageFormat, Flaw> {
    match bytes {
        [] => return Err(Flaw::Empty),
        [0xFF, 0xD8, 0xFF, ..] => return Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => return Ok(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => return Ok(ImageFormat::WebP),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => return Ok(ImageFormat::Gif),
        _ => {}
    }
    // Text first: "BM" may well begin a sentence.
    if let Some(text) = text(bytes) {
        return Err(match name_text(&text) {
            _ if text.is_empty() => Flaw::Empty,
            "an SVG drawing" => Flaw::UnsupportedFormat("an SVG drawing"),
            name => Flaw::NotAPicture(format!("{name}: {}", excerpt(&text))),
        });
    }
    let find = |table: &[(usize, &[u8], &'static str)]| {
        let hit =
            table.iter().find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
        hit.map(|(.., name)| *name)
    };
    if let Some(name) = find(FOREIGN) {
        return Err(Flaw::UnsupportedFormat(name));
    }
    Err(Flaw::NotAPicture(find(OTHER).map_or_else(
        || {
            let head: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("{} unknown bytes beginning with {}", bytes.len(), head.join(" "))
        },
        str::to_owned,
    )))
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
    let words: Vec<&str> =
        quoted.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(EXCERPT) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
