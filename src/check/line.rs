//! Where in a post its picture's field stands, for the annotation beside it.

use crate::post::front_matter::{FIRST, steps};

/// The line, from 1, of a dotted field within the front matter; of its deepest key that is there, or of the
/// block's beginning.
pub(super) fn of_field(front_matter: &str, field: Option<&str>) -> u32 {
    let lines = || (1_u32..).zip(front_matter.lines());
    let first = lines().find(|(_, line)| !line.trim().is_empty()).map_or(1, |(number, _)| number);
    let mut found = first;
    for key in field.into_iter().flat_map(steps).filter(|step| *step != FIRST) {
        let here = lines().skip_while(|(number, _)| *number < found).find(|(_, line)| names(line, key));
        match here {
            Some((number, _)) => found = number,
            None => break,
        }
    }
    found
}

/// Whether a line of YAML, TOML or JSON begins with this key.
fn names(line: &str, key: &str) -> bool {
    let line =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '{' | '[' | '"' | '\''));
    let head = line.get(..key.len()).filter(|head| head.eq_ignore_ascii_case(key));
    let rest = head
        .and_then(|_| line.get(key.len()..))
        .map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
    rest.is_some_and(|rest| rest.starts_with([':', '=', ']', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_field_is_found_in_every_format() {
        for (text, field, line) in [
            ("---\ntitle: A\nimage: /a.jpg\n---\n", "image", 3),
            ("---\nimages: x\nimage: /a.jpg\n---\n", "image", 3),
            ("---\ntitle: A\ncover:\n  alt: B\n  image: x\n---\n", "cover.image", 5),
            ("---\ncover:\n  alt: B\n---\n", "cover.image", 2),
            ("---\ntitle: A\n---\n", "image", 1),
            ("+++\ntitle = 'A'\n[extra]\nimage = 'x'\n+++\n", "extra.image", 4),
            ("{\n  \"title\": \"A\",\n  \"image\": \"\"\n}\n", "image", 3),
            ("\n---\n'image': x\n---\n", "image", 3),
            ("", "image", 1),
        ] {
            assert_eq!(of_field(text, Some(field)), line, "{text:?}");
        }
        assert_eq!(of_field("\n---\n", None), 2);
    }
}
