//! How title cards look: words, a colour, and files of the repository.

use std::io::ErrorKind;
use std::path::Path;

use super::inputs::{self, Input};
use super::paths::{self, BlogRoot};
use super::suggest::meant_path;
use super::values::Values;
use crate::disk;
use crate::image::card::{CardBrand, CardFont, CardStyle, Logo};
use crate::post::path;

/// The word for a card that nobody is named on.
const NOBODY: &str = "none";

/// Every setting of title cards.
pub(super) fn parse(values: &mut Values<'_>, root: &BlogRoot) -> CardStyle {
    let brand = match values.text(&inputs::CARD_BRAND).map(str::trim) {
        None | Some("") => CardBrand::TitleOfSite,
        Some(NOBODY) => CardBrand::Nothing,
        Some(words) => CardBrand::Words(words.to_owned()),
    };
    let right = "a color such as `#1d4ed8`, or `#fff`; in YAML with quotes, because `#` begins a comment";
    let color = values.given(&inputs::CARD_COLOR, color, right);
    CardStyle { brand, color, logo: logo(values, root), font: font(values, root) }
}

/// `#rrggbb` or `#rgb`, with `#` or without it.
fn color(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().trim_start_matches('#');
    let digits: Vec<u8> = digits
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    match digits[..] {
        [r, g, b] => Some([r, g, b].map(|digit| digit * 17)),
        [r, s, g, h, b, c] => Some([r * 16 + s, g * 16 + h, b * 16 + c]),
        _ => None,
    }
}

fn logo(values: &mut Values<'_>, root: &BlogRoot) -> Option<Logo> {
    let bytes = file(values, root, &inputs::CARD_LOGO, Logo::MAX_BYTES)?;
    match Logo::read(&bytes) {
        Ok(logo) => Some(logo),
        Err(flaw) => {
            refuse(values, &inputs::CARD_LOGO, &flaw.to_string());
            None
        }
    }
}

fn font(values: &mut Values<'_>, root: &BlogRoot) -> Option<CardFont> {
    let font = CardFont::read(file(values, root, &inputs::CARD_FONT, CardFont::MAX_BYTES)?);
    if font.is_none() {
        refuse(values, &inputs::CARD_FONT, "is not a font that can be read; name a .ttf or .otf file");
    }
    font
}

/// A file of the repository, seen from the root, of at most so many bytes.
fn file(values: &mut Values<'_>, root: &BlogRoot, input: &Input, most: u64) -> Option<Vec<u8>> {
    let given = values.text(input)?.trim().to_owned();
    let full = paths::normal(&root.path().join(&given));
    let own = full.strip_prefix(&root.repository).ok();
    let own = own.filter(|own| !path::has_control(&given) && !paths::is_reserved(own));
    let Some(own) = own.map(Path::to_owned) else {
        refuse(values, input, "is not a file of the repository; name one that lies in it");
        return None;
    };
    let read = disk::open_within(&root.repository, &own).and_then(|file| disk::whole(file, most));
    let why = match read {
        Ok(bytes) => return Some(bytes),
        Err(error) => match error.kind() {
            _ if disk::is_missing(&error) => {
                let meant = meant_path(&root.path(), &given);
                format!("does not exist{}", meant.as_deref().unwrap_or("; name a file of the repository"))
            }
            ErrorKind::IsADirectory => "is a folder; name a file in it".to_owned(),
            ErrorKind::InvalidInput => {
                "is a link out of the repository, or no file at all; name a file of the repository".to_owned()
            }
            ErrorKind::FileTooLarge => {
                format!("is larger than {} MB; name a smaller file", most / (1024 * 1024))
            }
            _ => format!("cannot be read ({error}); name another file"),
        },
    };
    refuse(values, input, &why);
    None
}

fn refuse(values: &mut Values<'_>, input: &Input, why: &str) {
    let given = path::shown(values.text(input).unwrap_or_default().trim()).to_string();
    let problem = format!("{}: `{given}` {why}", values.source(input));
    values.problems.push(problem);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_written_in_three_or_six_digits() {
        for (text, right) in [
            ("#1d4ed8", Some([0x1d, 0x4e, 0xd8])),
            ("FFF", Some([255; 3])),
            (" #08f ", Some([0, 0x88, 0xff])),
            ("#12345", None),
            ("blue", None),
            ("#1d4ed8ff", None),
            ("", None),
        ] {
            assert_eq!(color(text), right, "{text}");
        }
    }
}
