//! Text of strangers in Markdown, and tables that stop at a budget. A job summary is GitHub-flavoured
//! Markdown with HTML, so a title could close a table, mention people or link elsewhere.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::text::{cut, one_line};

/// What has no place in an address inside of an attribute inside of a table.
const UNSAFE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'&').add(b'|').add(b'`').add(b'*').add(b'\\');

/// Text that we did not write, inert: no markup, no mention, no link.
pub fn foreign(text: &str, limit: usize) -> String {
    // The invisible character parts the sign from the name; an escaped sign would still mention.
    without_links(&escape(text, limit)).replace('@', "@\u{200b}")
}

/// A sentence of ours that may quote strangers: its links work and what stands between backticks is
/// code, nothing else does.
pub fn sentence(text: &str, limit: usize) -> String {
    let escaped = escape(text, limit).replace('@', "@\u{200b}");
    let mut parts = escaped.split("&#96;");
    let mut coded = parts.next().unwrap_or_default().to_owned();
    while let Some(part) = parts.next() {
        match parts.next() {
            Some(after) => coded.push_str(&format!("<code>{part}</code>{after}")),
            None => coded.push_str(&format!("&#96;{part}")),
        }
    }
    coded
}

/// A sentence of ours as a link to a page, where it has one. The address may come from a server: only
/// http(s) is followed, and nothing in it ends the attribute.
pub fn link_to(text: &str, url: Option<&str>) -> String {
    let text = foreign(text, 400);
    match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => format!("<a href=\"{}\">{text}</a>", utf8_percent_encode(url, UNSAFE)),
        None => text,
    }
}

/// A path or name to be copied as it is. Nobody is mentioned inside of code, but links would work.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", without_links(&escape(text, 300)))
}

/// Takes the effect from names of people and of issues in plain text: a commit message that holds
/// `fixes #12` closes something.
pub fn without_calls(text: &str) -> String {
    let mut calm = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        calm.push(c);
        let number = rest.peek().is_some_and(char::is_ascii_digit);
        if c == '@' || (number && (c == '#' || (c == '-' && ends_with_gh(&calm)))) {
            calm.push('\u{200b}');
        }
    }
    calm
}

/// Whether a text ends with the old name for an issue, `GH-`.
fn ends_with_gh(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("gh-"))
}

/// Breaks what GitHub turns into a link on its own.
fn without_links(text: &str) -> String {
    text.replace("://", "&#58;//").replace("w.", "w&#46;").replace("W.", "W&#46;")
}

/// Escapes what has a meaning in Markdown inside of a line, in HTML or in a table cell.
fn escape(text: &str, limit: usize) -> String {
    let mut escaped = String::with_capacity(text.len().min(limit * 4));
    for c in cut(&one_line(text), limit).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '$' => {
                escaped.push_str(&format!("&#{};", u32::from(c)));
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Markdown in the making.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// Adds a paragraph, heading or other block.
    pub fn block(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push_str("\n\n");
    }

    /// Adds rows of a table or list while they fit into `bytes`, then how many did not. Rows come most
    /// important first.
    pub fn rows(&mut self, head: &str, rows: impl IntoIterator<Item = String>, bytes: usize) {
        self.0.push_str(head);
        let (mut room, mut left_out) = (bytes, 0_usize);
        for row in rows {
            // After the first one that does not fit nothing smaller slips in out of order.
            if left_out > 0 || row.len() >= room {
                left_out += 1;
                continue;
            }
            room -= row.len() + 1;
            self.0.push_str(&row);
            self.0.push('\n');
        }
        self.0.push('\n');
        if left_out > 0 {
            self.block(&format!("_and {left_out} more, all in report.json_"));
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_has_no_markup_mention_or_link() {
        assert_eq!(
            foreign("a|b `c` </details>\n# @all [x](https://evil.example) www.evil.example", 200),
            "a&#124;b &#96;c&#96; &lt;/details&gt; # @\u{200b}all &#91;x&#93;(https&#58;//evil.example) www&#46;evil.example"
        );
    }

    #[test]
    fn nobody_is_called_and_no_issue_is_closed_by_a_strangers_text() {
        assert_eq!(
            without_calls("fixes #12, acme/blog#3, gh-4, @team; # 5 é-6 C#"),
            "fixes #\u{200b}12, acme/blog#\u{200b}3, gh-\u{200b}4, @\u{200b}team; # 5 é-6 C#"
        );
    }

    #[test]
    fn our_sentences_keep_their_links() {
        assert_eq!(
            sentence("Top up at https://example.com <b>", 100),
            "Top up at https://example.com &lt;b&gt;"
        );
    }

    #[test]
    fn an_address_cannot_leave_its_link_and_only_http_is_followed() {
        assert_eq!(
            link_to("see #1", Some("https://h/a_b?x=\"><img>|`")),
            "<a href=\"https://h/a_b?x=%22%3E%3Cimg%3E%7C%60\">see #1</a>"
        );
        assert_eq!(link_to("see", Some("javascript:alert(1)")), "see");
    }

    #[test]
    fn rows_stop_at_the_budget_and_count_the_rest() {
        let mut page = Page::default();
        page.rows("| n |\n| - |\n", (1..=5).map(|n| format!("| {n} |")), 12);
        assert_eq!(page.finish(), "| n |\n| - |\n| 1 |\n| 2 |\n\n_and 3 more, all in report.json_\n\n");
    }
}
