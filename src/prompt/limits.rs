//! What keeps a template from making gigabytes of a page: the fuel pays for every step and every byte, and
//! lists within lists, whose comparison and printing it does not count, grow only in statements that are counted
//! before anything is rendered.

use minijinja::Environment;

/// Work a template may do. A step costs one and so do 64 bytes that are read, joined or written; a page of template
/// over the longest text needs a few thousand, and six megabytes are the end.
const FUEL: u64 = 100_000;

/// Longest template, in bytes.
const SOURCE: usize = 8_000;

/// How much larger than the post's texts a value may become by being named, joined and named again.
const GROWTH: usize = 64;

/// Most times that values are joined in one statement.
const JOINED: usize = 32;

/// An environment within the limits.
pub(super) fn environment() -> Environment<'static> {
    let mut jinja = Environment::new();
    jinja.set_fuel(Some(FUEL));
    // They make a list of lists of what is given to them.
    for function in ["dict", "namespace", "zip"] {
        jinja.remove_global(function);
    }
    jinja
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
