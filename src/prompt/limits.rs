//! What keeps a template from making gigabytes of a page: minijinja counts steps and not bytes, and a
//! handful of steps doubles a text to any size.
//!
//! Three limits together: values grow only in statements that are counted before anything is rendered;
//! filters and functions that make much of little are not offered, or count what they make; and
//! so is what the template writes.

use std::cell::Cell;
use std::fmt::{self, Display, Write as _};

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, Output, State};

/// Work a template may do; a page of template needs a few hundred.
const FUEL: u64 = 10_000;

/// Longest template, in bytes.
const SOURCE: usize = 8_000;

/// How much larger than the post's texts a value may become by being named, joined and named again.
const GROWTH: usize = 64;

/// Most times that values are joined in one statement.
const JOINED: usize = 32;

/// Most bytes that are written, replaced and joined for one prompt.
const WRITTEN: usize = 1024 * 1024;

thread_local! {
    /// Bytes left for the prompt that is being rendered.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// An environment within the limits.
pub(super) fn environment() -> Environment<'static> {
    let mut jinja = Environment::new();
    jinja.set_fuel(Some(FUEL));
    for filter in ["batch", "format", "indent", "map", "pprint", "slice", "sum"] {
        jinja.remove_filter(filter);
    }
    for function in ["debug", "dict", "namespace"] {
        jinja.remove_global(function);
    }
    jinja.add_filter("replace", |text: &str, from: &str, to: &str| joined(text.split(from), to));
    jinja.add_filter("join", |parts: &Value, between: Option<&str>| {
        joined(parts.try_iter()?, between.unwrap_or_default())
    });
    jinja.set_formatter(|out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value| {
        let mut text = Counted(String::new());
        write!(text, "{value}").and_then(|()| out.write_str(&text.0)).map_err(|_| too_large())
    });
    jinja
}

/// Begins to count for one prompt.
pub(super) fn begin() {
    LEFT.set(WRITTEN);
}

/// Refuses a template whose values could grow beyond the limits.
pub(super) fn judge(source: &str) -> Result<(), String> {
    if source.len() > SOURCE {
        return Err(format!("it is longer than {SOURCE} bytes"));
    }
    let (mut growth, mut loops) = (1_usize, 0_usize);
    for tag in tags(source) {
        let joins = tag.joins;
        if tag.multiplies {
            return Err("`*` is not offered in prompts".to_owned());
        }
        if tag.is_recursive {
            return Err("`recursive` is not offered in prompts".to_owned());
        }
        if joins > JOINED {
            return Err(format!("it joins more than {JOINED} values in one place"));
        }
        match tag.word {
            // The next round would find what this one made.
            "set" if loops > 0 && joins > 0 => {
                return Err(
                    "a `set` within a `for` cannot join values, which would grow with every round".to_owned()
                );
            }
            "set" | "with" | "for" => growth = growth.saturating_mul(joins + 1),
            _ => {}
        }
        match tag.word {
            "for" => loops += 1,
            "endfor" => loops = loops.saturating_sub(1),
            _ => {}
        }
    }
    if growth > GROWTH {
        return Err("it joins values again and again that it joined before".to_owned());
    }
    Ok(())
}

/// A statement or an expression of a template.
struct Tag<'a> {
    /// The first word of a statement.
    word: &'a str,
    /// Signs that make one value of several.
    joins: usize,
    multiplies: bool,
    is_recursive: bool,
}

/// What stands between `{{` and `}}`, `{%` and `%}`. A comment or a raw block that holds the like is taken
/// for one as well, which is too strict and never too lax.
fn tags(source: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let end = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        let inside = &rest[start + 2..];
        let (code, length) = code(inside, end);
        rest = &inside[length..];
        let words = || code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        tags.push(Tag {
            word: inside
                .trim_start_matches(['-', '+'])
                .trim_start()
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or_default(),
            joins: code.matches(['~', '+', ',', '[', '{']).count(),
            multiplies: code.contains('*'),
            is_recursive: words().any(|word| word == "recursive"),
        });
    }
    tags
}

/// The code up to its end, without the texts in it, and how many bytes that took.
fn code(inside: &str, end: &str) -> (String, usize) {
    let (mut code, mut quote, mut escaped) = (String::new(), None, false);
    for (at, c) in inside.char_indices() {
        match quote {
            None if inside[at..].starts_with(end) => return (code, at),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => code.push(c),
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
        }
    }
    (code, inside.len())
}

/// A text that is counted while it grows.
struct Counted(String);

impl fmt::Write for Counted {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = LEFT.get().checked_sub(text.len()).ok_or(fmt::Error)?;
        LEFT.set(left);
        self.0.push_str(text);
        Ok(())
    }
}

fn joined<T: Display>(parts: impl Iterator<Item = T>, between: &str) -> Result<String, Error> {
    let mut text = Counted(String::new());
    for (number, part) in parts.enumerate() {
        let between = if number > 0 { between } else { "" };
        write!(text, "{between}{part}").map_err(|_| too_large())?;
    }
    Ok(text.0)
}

fn too_large() -> Error {
    Error::new(ErrorKind::OutOfFuel, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_could_make_much_of_little_is_refused() {
        let doubling = "{% set a = title ~ title %}{% set b = a ~ a %}{% set c = b ~ b %}";
        let lists = "{% set a = [title, title, title] %}";
        for (source, word) in [
            (doubling.repeat(3).as_str(), "again and again"),
            (lists.repeat(10).as_str(), "again and again"),
            ("{%- with a = title ~ title ~ title ~ title, b = 1 %}".repeat(5).as_str(), "again and again"),
            ("{% for i in range(40) %}{% set a = a ~ a %}{% endfor %}", "within a `for`"),
            ("{% for i in range(40) %}{%-set a=[a]%}{% endfor %}", "within a `for`"),
            ("{{ 'x' * 1000000000 }}", "`*`"),
            ("{% for a in [title] recursive %}{{ loop([a ~ a]) }}{% endfor %}", "`recursive`"),
            (format!("{{{{ title{} }}}}", " ~ title".repeat(33)).as_str(), "more than 32"),
            ("x".repeat(8_001).as_str(), "longer than 8000"),
        ] {
            let refused = judge(source).unwrap_err();
            assert!(refused.contains(word), "{source}: {refused}");
        }
    }

    #[test]
    fn what_people_write_into_templates_is_not_refused() {
        for source in [
            "{{ title ~ ': ' ~ description }}, * and ~ and {braces}",
            "{% set who = title ~ \": * ~ ~ ~ ~\" ~ path %}{% set all = who ~ '\\'*' ~ text %}{{ all }}",
            "{% for word in title|split(' ') %}{% set x = word|upper %}{{ loop.index }}{{ x }}{% endfor %}",
            "{% if description %}{{ description }}{% else %}{{ title|replace('a', 'b')|trim }}{% endif %}",
        ] {
            assert_eq!(judge(source), Ok(()), "{source}");
        }
    }
}
