//! A configuration file that is a Python script: the texts that its plain assignments hold. The script is
//! not run, so what it computes is not known.

/// The texts in every statement at the beginning of a line that starts with this name: `THEME = "a"`,
/// `extensions += ["a", "b"]`, also over several lines as long as a bracket is open.
pub(super) fn texts(script: &str, name: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = script;
    while !rest.is_empty() {
        let after = rest.strip_prefix(name).map(str::trim_start);
        let assigns =
            after.is_some_and(|after| after.starts_with(['=', '+', '.']) && !after.starts_with("=="));
        rest = match after.filter(|_| assigns) {
            Some(after) => statement(after, &mut texts),
            None => rest.split_once('\n').map_or("", |(_, rest)| rest),
        };
    }
    texts
}

/// Whether a statement at the beginning of a line gives this name a value, whatever it is.
pub(super) fn sets(script: &str, name: &str) -> bool {
    let after = |line: &str| line.strip_prefix(name).map(str::trim_start).map(str::to_owned);
    script.lines().filter_map(after).any(|after| after.starts_with('=') && !after.starts_with("=="))
}

/// Whether the last statement at the beginning of a line that gives this name a value gives it this word.
pub(super) fn is(script: &str, name: &str, word: &str) -> bool {
    let value =
        |line: &str| Some(line.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim_start().to_owned());
    let last = script.lines().filter_map(value).rfind(|value| !value.starts_with('='));
    last.is_some_and(|value| value.split(['#', ' ', ';']).next() == Some(word))
}

/// Collects the texts of a statement; gives what follows it.
fn statement<'s>(mut rest: &'s str, texts: &mut Vec<String>) -> &'s str {
    let mut depth = 0_usize;
    while let Some(next) = rest.chars().next() {
        let after = &rest[next.len_utf8()..];
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '\n' if depth == 0 => return after,
            '#' => {
                rest = rest.find('\n').map_or("", |end| &rest[end..]);
                continue;
            }
            '"' | '\'' => {
                let (text, after) = literal(rest, next);
                texts.push(text.to_owned());
                rest = after;
                continue;
            }
            _ => {}
        }
        rest = after;
    }
    ""
}

/// A text with its quotes, and what follows it. Escapes are kept as written.
fn literal(rest: &str, quote: char) -> (&str, &str) {
    let triple = [quote; 3].iter().collect::<String>();
    let mark = if rest.starts_with(&triple) { triple.as_str() } else { &triple[..1] };
    let inner = &rest[mark.len()..];
    let mut from = 0;
    while let Some(at) = inner[from..].find(mark).map(|at| at + from) {
        let escapes = inner[..at].chars().rev().take_while(|c| *c == '\\').count();
        if escapes % 2 == 0 {
            return (&inner[..at], &inner[at + mark.len()..]);
        }
        from = at + 1;
    }
    (inner, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_an_assignment_are_read_over_lines_and_comments() {
        let script = "# THEME = 'no'\nTHEME = \"bootblog4\"  # 'old'\nPOSTS = (\n    ('posts/*.rst', 'posts'),\n    # ('x', 'y'),\n    (\"posts/*.md\", \"posts\"),\n)\nTHEME_COLOR = '#fff'\n";
        assert_eq!(texts(script, "THEME"), ["bootblog4"]);
        assert_eq!(texts(script, "POSTS"), ["posts/*.rst", "posts", "posts/*.md", "posts"]);
        assert_eq!(texts("if x:\n    THEME = 'a'\nTHEME == 'b'\n", "THEME"), [""; 0]);
        assert_eq!(
            texts("extensions = [\n'a']\nextensions.append('b')\nextensions += ['c']", "extensions"),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn a_name_is_set_by_whatever_value() {
        assert!(sets("A = 1\nIMAGE_FOLDERS = {}\n", "IMAGE_FOLDERS"));
        for script in ["# IMAGE_FOLDERS = {}", "IMAGE_FOLDERS == {}", "IMAGE_FOLDERS_OLD = {}", ""] {
            assert!(!sets(script, "IMAGE_FOLDERS"), "{script}");
        }
    }

    #[test]
    fn the_last_value_of_a_name_counts() {
        for script in ["A = True", "A=True # yes", "A = False\nA = True\nA_B = False"] {
            assert!(is(script, "A", "True"), "{script}");
        }
        for script in ["# A = True", "A == True", "A = True\nA = False", "AB = True", "A = 'True'", ""] {
            assert!(!is(script, "A", "True"), "{script}");
        }
    }

    #[test]
    fn quotes_do_not_mislead() {
        assert_eq!(texts(r#"A = 'it\'s' "#, "A"), [r"it\'s"]);
        assert_eq!(texts("A = '''x\n# 'y'\n'''\nB = 'z'", "A"), ["x\n# 'y'\n"]);
        assert_eq!(texts("A = 'open", "A"), ["open"]);
        assert_eq!(texts("A = é'ü'", "A"), ["ü"]);
    }
}
