//! Whether a file is named after a picture, as builds rename what they resize: with a hash, a size, a
//! format or the name of what was done to it.

/// Words that builds add to the name of a picture.
const WORDS: [&str; 34] = [
    "hu",
    "resize",
    "fit",
    "fill",
    "crop",
    "box",
    "lanczos",
    "linear",
    "center",
    "smart",
    "smart1",
    "bg",
    "thumb",
    "thumbnail",
    "small",
    "medium",
    "large",
    "xs",
    "sm",
    "md",
    "lg",
    "xl",
    "scaled",
    "opt",
    "optimized",
    "min",
    "jpg",
    "jpeg",
    "png",
    "webp",
    "avif",
    "gif",
    "blur",
    "auto",
];

/// Whether `file` is named after `picture`; both are paths.
pub(super) fn is_named_after(file: &str, picture: &str) -> bool {
    let (file, picture) = (stem(file), stem(picture));
    if picture.is_empty() {
        return false;
    }
    if file == picture {
        return true;
    }
    let mark = |c: char| matches!(c, '.' | '-' | '@' | '~' | ',');
    if let Some(rest) = file.strip_prefix(&picture)
        && let Some(dotted) = rest.strip_prefix('.')
    {
        // A bundler's hash stands behind a dot, and may look like a word, or have hyphens in it.
        if is_hash_with_hyphens(dotted) {
            return true;
        }
        let parts: Vec<_> = dotted.split(mark).filter(|part| !part.is_empty()).collect();
        return parts.first().is_some_and(|first| first.len() >= 6 || is_mark(first))
            && parts.iter().skip(1).all(|part| part.len() >= 4 || is_mark(part));
    }
    let all_marks = |rest: &str| {
        let mut parts = rest.split(mark).filter(|part| !part.is_empty()).peekable();
        parts.peek().is_some() && parts.all(is_mark)
    };
    let behind = file.strip_prefix(&picture).filter(|rest| rest.starts_with(mark)).is_some_and(all_marks);
    behind || file.strip_suffix(&picture).filter(|rest| rest.ends_with(mark)).is_some_and(all_marks)
}

/// Whether a build may have given the file its name: a part of it is a hash, a size or the like.
pub(super) fn may_be_given(file: &str) -> bool {
    stem(file).split(['.', '-', '@', '~', ',']).any(is_mark)
}

/// Whether this begins with the eight signs of a hash as rollup writes it, an underscore being a hyphen here; what
/// was done to the picture may follow.
fn is_hash_with_hyphens(dotted: &str) -> bool {
    const LENGTH: usize = 8;
    let sign = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let followed_by = |rest: &str| rest.is_empty() || rest.starts_with(['-', '.']);
    dotted.get(..LENGTH).is_some_and(|hash| hash.chars().all(sign)) && followed_by(&dotted[LENGTH..])
}

/// The name without folders and ending, in lower case, with hyphens for blanks and underscores.
pub(super) fn stem(path: &str) -> String {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.chars().map(|c| if c == ' ' || c == '_' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Whether a part of a name is a hash, a size or one of the words.
fn is_mark(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let size = || {
        let rest = part.trim_end_matches("px").trim_matches(['w', 'h', 'x', 'q']);
        !rest.is_empty() && rest.split('x').all(|side| side.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let hash = || part.len() >= 6 && digits > 0 && plain;
    let hugo = || part.strip_prefix("hu").is_some_and(|rest| digits > 0 && rest.len() >= 6 && plain);
    WORDS.contains(&part) || (digits > 0 && (size() || hash() || hugo()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_builds_make_of_a_name_is_recognised() {
        for file in [
            "images/harbour.jpg",
            "_astro/harbour.BpNcSTma.webp",
            "_astro/harbour.BpNcSTma_Z1abcd.webp",
            "_astro/harbour.D_x-9abc_Z2abcd.webp",
            "_astro/harbour.-xYz_abc.jpeg",
            "posts/a/harbour_hu_9b0a1c2d3e4f5061.jpg",
            "posts/a/harbour_hu6f2c7a3b1d9e8f40_12345_800x0_resize_q75_box.jpg",
            "assets/images/harbour-5c2f1e0b9a8d7c6f5e4d3c2b1a098765.jpg",
            "_next/static/media/harbour.1a2b3c4d.jpg",
            "assets/harbour.dkfjeiwq.jpg",
            "assets/harbour-D3kfj9Qz.jpg",
            "static/0123abcd/1a2b3/harbour.jpg",
            "img/harbour-600w.webp",
            "img/harbour-480x200.jpg",
            "img/harbour@2x.jpg",
            "img/thumb_harbour.jpg",
            "img/640px-harbour.jpg",
            "img/Harbour.JPG",
            "img/harbour.jpg.webp",
        ] {
            assert!(is_named_after(file, "static/images/harbour.jpg"), "{file}");
        }
    }

    #[test]
    fn another_picture_with_a_longer_name_is_not() {
        for file in [
            "images/harbour-market.jpg",
            "images/harbour-at-dawn.jpg",
            "images/old-harbour.jpg",
            "images/harbours.jpg",
            "images/market.jpg",
            "images/.jpg",
        ] {
            assert!(!is_named_after(file, "static/images/harbour.jpg"), "{file}");
        }
        assert!(is_named_after("a/My-Picture.jpg", "notes/My Picture.jpg"));
        assert!(may_be_given("img/KqXz3sPo1a-600.jpeg") && !may_be_given("img/old-market.jpg"));
        assert!(!is_named_after("a.jpg", ".jpg"));
    }
}
