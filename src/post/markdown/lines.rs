//! The kinds of lines. Every function looks at one line and is linear in it.

/// Blanks before a block mark, from which on a line is indented code.
pub(crate) const CODE_INDENT: usize = 4;

/// A fence that code stands between.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fence {
    mark: u8,
    length: usize,
}

impl Fence {
    /// The fence that a line without its indent opens.
    pub(crate) fn opened_by(line: &str) -> Option<Self> {
        let line = line.trim();
        let mark = line.bytes().next().filter(|byte| b"`~".contains(byte))?;
        let length = run(line, mark);
        // Backticks after backticks are a code span.
        (length >= 3 && !(mark == b'`' && line[length..].contains('`'))).then_some(Self { mark, length })
    }

    /// Whether a line closes it.
    pub(crate) fn is_closed_by(self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && run(line, self.mark) == line.len()
    }
}

fn run(line: &str, mark: u8) -> usize {
    line.bytes().take_while(|&byte| byte == mark).count()
}

/// The column of the first letter of a line, tabs as CommonMark counts them, and the line from there on.
pub(crate) fn column(line: &str) -> (usize, &str) {
    let words = line.trim_start_matches([' ', '\t']);
    let blanks = line[..line.len() - words.len()].bytes();
    (
        blanks
            .fold(0, |at, blank| if blank == b'\t' { (at / CODE_INDENT + 1) * CODE_INDENT } else { at + 1 }),
        words,
    )
}

/// The width of the mark of a list item that a line begins with, the blanks behind it included, and what follows.
pub(crate) fn item(line: &str) -> Option<(usize, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match line.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..10).contains(&digits) => digits + 1,
        _ => return None,
    };
    let (blanks, words) = column(&line[mark..]);
    match blanks {
        0 if !words.trim().is_empty() => None,
        // Further in stands indented code.
        blanks if blanks > CODE_INDENT || words.trim().is_empty() => Some((mark + 1, words)),
        blanks => Some((mark + blanks, words)),
    }
}

/// The text of a level-one heading (`# A`, `#<tab>A`, `# A #`), which up to three blanks may indent.
pub(crate) fn level_one(line: &str) -> Option<&str> {
    let (indent, words) = indented(line);
    let text = words.strip_prefix('#').filter(|_| indent < CODE_INDENT)?;
    (text.is_empty() || text.starts_with([' ', '\t'])).then(|| text.trim().trim_end_matches('#').trim_end())
}

/// Whether the line turns the one above it into a level-one heading.
pub(crate) fn is_underline(line: &str) -> bool {
    let (indent, words) = indented(line);
    indent < CODE_INDENT && !words.is_empty() && words.bytes().all(|byte| byte == b'=')
}

/// Whether the line is a heading of any level on its own.
pub(crate) fn is_heading(line: &str) -> bool {
    let (indent, words) = indented(line);
    let marks = run(words, b'#');
    indent < CODE_INDENT
        && (1..=6).contains(&marks)
        && (words.len() == marks || words[marks..].starts_with([' ', '\t']))
}

/// How many blanks indent a line, and what it says.
pub(crate) fn indented(line: &str) -> (usize, &str) {
    let content = line.trim_end();
    let words = content.trim_start_matches(' ');
    (content.len() - words.len(), words)
}

/// Whether a line begins an `import` or `export` statement of MDX, told from prose that begins with the
/// word.
pub(crate) fn is_module_statement(line: &str) -> bool {
    let quoted = |text: &str| text.starts_with(['\'', '"']);
    if let Some(rest) = line.strip_prefix("import ") {
        let from = rest.split_once(" from ").is_some_and(|(_, source)| quoted(source));
        return quoted(rest) || from || rest.starts_with(['{', '*']);
    }
    let Some(rest) = line.strip_prefix("export ") else { return false };
    ["const ", "let ", "var ", "function ", "async ", "class ", "default ", "{", "*"]
        .iter()
        .any(|word| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::embed::{EmbedMarkup, insert};
    use crate::post::text::{clean, first_heading};

    #[test]
    fn every_statement_of_mdx_is_code_to_all_readers() {
        for statement in [
            "import A from './a'",
            "import { a } from 'a'",
            "export async function x() {}",
            "export var a = 1",
            "export class A {}",
            "export default A",
            "export *",
        ] {
            let body = format!("{statement}\n\nText\n");
            assert!(is_module_statement(statement), "{statement}");
            assert_eq!(clean(&body, 100), "Text", "{statement}");
            let edited = insert(&body, 0, EmbedMarkup::Markdown, "a.png", "");
            assert_eq!(edited, Some(format!("{statement}\n\n![](a.png)\n\nText\n")), "{statement}");
        }
    }

    #[test]
    fn every_level_one_heading_is_one_to_all_readers() {
        for heading in ["# Title", "   # Title", "#\tTitle", "# Title #", "Title\n===", "Title\n  =="] {
            let body = format!("{heading}\n\nText\n");
            assert_eq!(first_heading(&body).as_deref(), Some("Title"), "{heading:?}");
            let edited = insert(&body, 0, EmbedMarkup::Markdown, "a.png", "");
            assert_eq!(edited, Some(format!("{heading}\n\n![](a.png)\n\nText\n")), "{heading:?}");
        }
        for text in ["    # Title", "#Title", "## Title"] {
            assert_eq!(first_heading(&format!("{text}\n")), None, "{text:?}");
            let edited = insert(text, 0, EmbedMarkup::Markdown, "a.png", "");
            assert_eq!(edited, Some(format!("![](a.png)\n\n{text}")), "{text:?}");
        }
    }
}
