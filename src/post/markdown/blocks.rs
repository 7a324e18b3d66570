//! The kinds of lines. Every function looks at one line and is linear in it.

/// Blanks before a block mark, from which on a line is indented code.
const CODE_INDENT: usize = 4;

/// A fenced code block that may be open, fed line by line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fence {
    /// The character and length of the run that opened it.
    open: Option<(u8, usize)>,
}

impl Fence {
    /// Whether the line is a fence or inside one. Its indent does not count: fences stand in lists too.
    pub(crate) fn takes(&mut self, line: &str) -> bool {
        let line = line.trim();
        let mark = line.bytes().next().filter(|byte| b"`~".contains(byte));
        let run = mark.map_or(0, |mark| line.bytes().take_while(|&byte| byte == mark).count());
        match self.open {
            Some((open, length)) => {
                if mark == Some(open) && run >= length && run == line.len() {
                    self.open = None;
                }
                true
            }
            None => {
                // Backticks after backticks are a code span.
                let opens = run >= 3 && !(mark == Some(b'`') && line[run..].contains('`'));
                self.open = mark.filter(|_| opens).map(|mark| (mark, run));
                opens
            }
        }
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
