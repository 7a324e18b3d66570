//! Text of strangers in Markdown, and tables that stop at a budget. A job summary is GitHub-flavoured
//! Markdown with HTML, so a title could close a table, mention people or link elsewhere.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::text::{cut, one_line, spans};

/// What has no place in an address inside of an attribute inside of a table.
const UNSAFE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'&').add(b'|').add(b'`').add(b'*').add(b'\\');

/// Text that we did not write, inert: no markup, no mention, no link.
pub fn foreign(text: &str, limit: usize) -> String {
    without_links(&without_mentions(&escape(&shown(text, limit))))
}

/// The same where GitHub acts on what it reads: the body of a pull request closes the issues that it `fixes`.
pub fn foreign_in_pull_request(text: &str, limit: usize) -> String {
    calmed(&without_links(&escape(&shown(text, limit))), |before| !before.ends_with('&'))
}

/// A sentence of ours that may quote strangers: what stands between backticks is code, nothing else has an effect.
pub fn remark(text: &str, limit: usize) -> String {
    without_links(&sentence(text, limit))
}

/// The same where GitHub acts on what it reads: numbers of issues there would be told of it.
pub fn remark_in_issue(text: &str, limit: usize) -> String {
    let part = |(part, is_code)| match is_code {
        true => format!("<code>{}</code>", escape(part)),
        false => calmed(&escape(part), |before| !before.ends_with('&')),
    };
    without_links(&spans(&shown(text, limit)).into_iter().map(part).collect::<String>())
}

/// A sentence that is wholly ours: as [`remark`], and its links work.
pub fn sentence(text: &str, limit: usize) -> String {
    let part = |(part, is_code)| match is_code {
        // Nobody is mentioned inside of code, and what is copied from there has to be what it looks like.
        true => format!("<code>{}</code>", escape(part)),
        false => without_mentions(&escape(part)),
    };
    spans(&shown(text, limit)).into_iter().map(part).collect()
}

/// A sentence of ours as a link to a page, where it has one. The address may come from a server: only
/// http(s) is followed, and nothing in it ends the attribute.
pub fn link_to(text: &str, url: Option<&str>) -> String {
    let text = remark(text, 400);
    match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => format!("<a href=\"{}\">{text}</a>", utf8_percent_encode(url, UNSAFE)),
        None => text,
    }
}

/// A path or name to be copied as it is. Nobody is mentioned inside of code, but links would work.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", without_links(&escape(&shown(text, 300))))
}

/// Takes the effect from names of people and of issues in plain text: a commit message that holds
/// `fixes #12` closes something.
pub fn without_calls(text: &str) -> String {
    calmed(text, |_| true)
}

/// The same where a `#` may be part of an escape: `counts` says of the text before it whether it is not.
fn calmed(text: &str, counts: impl Fn(&str) -> bool) -> String {
    let mut calm = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_sign = c != '#' || counts(&calm);
        calm.push(c);
        let number = rest.peek().is_some_and(char::is_ascii_digit);
        if c == '@' || (number && is_sign && (c == '#' || (c == '-' && ends_with_gh(&calm)))) {
            calm.push('\u{200b}');
        }
    }
    calm
}

/// Whether a text ends with the old name for an issue, `GH-`.
fn ends_with_gh(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("gh-"))
}

/// Parts the sign from the name by an invisible character; an escaped sign would still mention.
fn without_mentions(text: &str) -> String {
    text.replace('@', "@\u{200b}")
}

/// Breaks what GitHub turns into a link on its own.
fn without_links(text: &str) -> String {
    text.replace("://", "&#58;//").replace("w.", "w&#46;").replace("W.", "W&#46;")
}

/// What is shown of a text: one line of at most `limit` characters.
fn shown(text: &str, limit: usize) -> String {
    cut(&one_line(text), limit)
}

/// Escapes what has a meaning in Markdown inside of a line, in HTML or in a table cell.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for c in line.chars() {
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
    fn what_stands_between_backticks_is_code_and_quoted_links_are_dead() {
        assert_eq!(
            remark("set `@cf/a_b` for @all at https://e.example, not `c", 200),
            "set <code>@cf/a&#95;b</code> for @\u{200b}all at https&#58;//e.example, not &#96;c"
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
