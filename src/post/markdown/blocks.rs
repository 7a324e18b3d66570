//! The one reading of the lines of a body: which of them are code, comments, formulas or statements of MDX, and
//! which are text whose marks a walk reads. Follows CommonMark, with what Obsidian, MDX, Jekyll and Hugo add.
//! Linear in the body, whatever the body is.

use std::ops::Range;

use super::lines::{self, CODE_INDENT, Fence};

/// The byte order mark, which is not part of the first line.
pub(crate) const MARK: char = '\u{feff}';

/// What some lines of a body are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyBlock {
    /// Between fences, indented, or between the tags that highlight code.
    Code,
    /// A comment that begins a line. It ends where it is closed, over blank lines too, and what follows is text.
    Comment,
    /// Between `$$` lines.
    Formula,
    /// `import` or `export` of MDX.
    Statement,
    /// Anything else between blank lines.
    Text,
}

/// The blocks of a body in their order; blank lines belong to none.
pub(crate) struct Blocks<'a> {
    text: &'a str,
    at: usize,
    /// What ended the paragraph that was handed over last.
    next: Option<(BodyBlock, Range<usize>)>,
    /// The columns at which the text of the list items begins that are open.
    items: Vec<usize>,
    /// The line above is text, which indented code and statements do not interrupt.
    in_paragraph: bool,
    /// A statement was met whose brackets never close, so that this is not MDX: none is looked for over blank
    /// lines again.
    is_unclosed: bool,
    comment: Closing,
    formula: Closing,
    highlights: [Closing; 2],
}

/// The tags that Jekyll and Hugo know for code.
const HIGHLIGHTS: [&str; 2] = ["{% highlight", "{{< highlight"];

impl<'a> Blocks<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: text.len() - text.strip_prefix(MARK).unwrap_or(text).len(),
            next: None,
            items: Vec::new(),
            in_paragraph: false,
            is_unclosed: false,
            comment: Closing::of("-->"),
            formula: Closing::of("$$"),
            highlights: [Closing::of("{% endhighlight"), Closing::of("{{< /highlight")],
        }
    }

    /// Goes on behind a mark that leads out of the text handed over last.
    pub(crate) fn go_to(&mut self, at: usize) {
        if at > self.at {
            self.at = at;
            self.next = None;
        }
    }

    /// The block that the line at `start` begins, if it is not text.
    fn begun_by(&mut self, start: usize, line: &str) -> Option<(BodyBlock, Range<usize>)> {
        let (column, mut rest) = lines::column(line);
        while self.items.last().is_some_and(|&item| column < item) {
            self.items.pop();
        }
        let mut inside = self.items.last().copied().unwrap_or(0);
        if column - inside >= CODE_INDENT {
            return (!self.in_paragraph).then(|| (BodyBlock::Code, start..start + line.len()));
        }
        let is_plain = column == 0 && inside == 0 && !self.in_paragraph;
        if is_plain && lines::is_module_statement(line.trim_end()) {
            let end = self.end_of_statement(start)?;
            return Some((BodyBlock::Statement, start..end));
        }
        let mut at = column;
        while let Some((width, words)) = lines::item(rest) {
            (at, rest) = (at + width, words);
            self.items.push(at);
            inside = at;
        }
        let quotes = quotes(&mut rest);
        let begin = start + (line.len() - rest.len());
        if let Some(fence) = Fence::opened_by(rest) {
            let end = self.end_of_fence(fence, start + line.len(), inside, quotes);
            return Some((BodyBlock::Code, begin..end));
        }
        // In a quote each ends with the paragraph, as the walk sees it.
        if quotes > 0 {
            return None;
        }
        if rest.starts_with("<!--") {
            let end = self.comment.behind(self.text, begin).unwrap_or(self.text.len());
            return Some((BodyBlock::Comment, begin..end));
        }
        if rest.trim_end() == "$$" {
            let end = self.formula.behind(self.text, begin + "$$".len())?;
            return Some((BodyBlock::Formula, begin..end));
        }
        let highlight = HIGHLIGHTS.iter().position(|tag| rest.starts_with(tag))?;
        let end = self.highlights[highlight].behind(self.text, begin).unwrap_or(self.text.len());
        Some((BodyBlock::Code, begin..end + rest_of_line(self.text, end).len()))
    }

    /// Where the statement ends: at a blank line outside of brackets. With brackets that never close, or underlined
    /// as a title, it is prose after all: the other way round a picture below that title would turn the title into
    /// a statement.
    fn end_of_statement(&mut self, start: usize) -> Option<usize> {
        let mut end = start;
        let mut depth = 0_usize;
        for line in self.text[start..].split_inclusive('\n') {
            if line.trim().is_empty() {
                if depth == 0 {
                    return Some(end);
                }
                if self.is_unclosed {
                    return None;
                }
            } else if depth == 0 && lines::is_underline(line) {
                return None;
            }
            for byte in line.bytes() {
                match byte {
                    b'{' | b'(' | b'[' => depth += 1,
                    b'}' | b')' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            end += line.len();
        }
        self.is_unclosed |= depth > 0;
        (depth == 0).then_some(end)
    }

    /// Where the code behind a fence ends: with the closing one, or with the list item or quote that it stands in.
    fn end_of_fence(&self, fence: Fence, from: usize, inside: usize, quotes_around: usize) -> usize {
        let mut end = from;
        for line in self.text[from..].split_inclusive('\n') {
            let (column, mut rest) = lines::column(line);
            let is_outside = !rest.trim().is_empty() && column < inside;
            if is_outside || (quotes_around > 0 && quotes(&mut rest) < quotes_around) {
                break;
            }
            end += line.len();
            if fence.is_closed_by(rest) {
                break;
            }
        }
        end
    }
}

impl Iterator for Blocks<'_> {
    type Item = (BodyBlock, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(next) = self.next.take() {
            self.at = next.1.end;
            return Some(next);
        }
        let mut text: Option<Range<usize>> = None;
        while self.at < self.text.len() {
            let start = self.at;
            let line = rest_of_line(self.text, start);
            let is_whole = start == 0 || self.text[..start].ends_with(['\n', MARK]);
            if line.trim().is_empty() {
                self.in_paragraph = false;
                if text.is_some() {
                    break;
                }
                self.at += line.len();
                continue;
            }
            if let Some(block) = is_whole.then(|| self.begun_by(start, line)).flatten() {
                self.in_paragraph = false;
                if text.is_some() {
                    self.next = Some(block);
                    break;
                }
                self.at = block.1.end;
                return Some(block);
            }
            let is_title = lines::is_heading(line) || (self.in_paragraph && lines::is_underline(line));
            self.in_paragraph = !is_title;
            self.at += line.len();
            text.get_or_insert(start..start).end = self.at;
        }
        text.map(|text| (BodyBlock::Text, text))
    }
}

/// What closes a block, and where it stands next: remembered, so that a text full of openings is read once.
struct Closing {
    mark: &'static str,
    next: Option<usize>,
}

impl Closing {
    fn of(mark: &'static str) -> Self {
        Self { mark, next: None }
    }

    /// Where it ends that stands first from `at` on.
    fn behind(&mut self, text: &str, at: usize) -> Option<usize> {
        let next = match self.next {
            Some(next) if next >= at => next,
            _ => text[at..].find(self.mark).map_or(usize::MAX, |found| at + found),
        };
        self.next = Some(next);
        (next < usize::MAX).then(|| next + self.mark.len())
    }
}

/// Takes the quote marks off a line; tells how many there were.
fn quotes(line: &mut &str) -> usize {
    let mut found = 0;
    while let Some(rest) = line.strip_prefix('>') {
        *line = rest.trim_start_matches([' ', '\t']);
        found += 1;
    }
    found
}

/// The line at `at`, or what is left of it, with its end.
fn rest_of_line(text: &str, at: usize) -> &str {
    text[at..].split_inclusive('\n').next().unwrap_or_default()
}
