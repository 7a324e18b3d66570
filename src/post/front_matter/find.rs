//! Where the block is, by the rules of each reader. Looks at delimiters only and never at the data between them.

use std::ops::Range;

use super::{BlockFormat, Problem, Reader};

/// A block by its delimiters.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) format: BlockFormat,
    /// The block's text, the last line's end included.
    pub(super) text: Range<usize>,
    /// Where the body starts.
    pub(super) body: usize,
    /// Whether a line opens the block; Hexo does without.
    pub(super) opened: bool,
}

/// Finds the block.
///
/// # Errors
/// A [`Problem`] when a block is opened and not closed, is of a kind that is not supported, or is
/// seen differently by different readers while the reader is unknown.
pub(super) fn block(text: &str, reader: Reader) -> Result<Option<Block>, Problem> {
    let start = above(text);
    match reader {
        Reader::Jekyll => jekyll(text, start),
        Reader::Hugo => hugo(text, start),
        Reader::GrayMatter => gray_matter(text, start),
        Reader::Vault => match gray_matter(text, start) {
            // Without an end it is a rule, and what follows is the note.
            Err(Problem::Unterminated { .. }) => Ok(None),
            found => found,
        },
        Reader::Astro => astro(text, start),
        Reader::Hexo => hexo(text, start),
        Reader::Zola => zola(text, start),
        // What stands between delimiters in a site of Pelican or Nikola is read as anywhere.
        Reader::Pelican | Reader::Nikola | Reader::Unknown => unknown(text, start),
    }
}

/// Where the text begins, below a byte order mark.
pub(super) fn above(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Start of the line below a first line of dashes.
pub(super) fn below_dashes(text: &str, start: usize) -> Option<usize> {
    text[start..].starts_with(YAML).then(|| line(text, start).next)
}

/// Whether a block without data could as well be text: a heading and its blank lines between two
/// rules. A comment that touches a delimiter line is taken for what it says it is.
pub(super) fn is_heading_between_rules(block: &str) -> bool {
    block.contains('#') && is_set_off(block)
}

/// Whether a block that cannot be read is text: set off from its rules by blank lines, and no line of it
/// begins with a key, so that no slip of the pen in real properties is taken for text.
pub(super) fn is_prose_between_rules(block: &str) -> bool {
    let names_a_key = |line: &str| {
        let key = |key: &str| !key.is_empty() && !key.contains(char::is_whitespace);
        line.split_once(':').is_some_and(|(word, rest)| {
            key(word.trim()) && (rest.is_empty() || rest.starts_with(char::is_whitespace))
        })
    };
    is_set_off(block) && !block.lines().any(names_a_key)
}

/// Whether the first line and the last one are blank.
fn is_set_off(block: &str) -> bool {
    let mut lines = block.lines();
    let blank = |line: Option<&str>| line.is_some_and(|line| line.trim().is_empty());
    blank(lines.next()) && blank(lines.next_back())
}

const YAML: &str = "---";
const TOML: &str = "+++";
const TAIL: Problem = Problem::Ambiguous {
    reason: "the line that opens the block has more on it than the delimiter; remove the rest of that line",
};
const SITE_DECIDES: Problem = Problem::Ambiguous {
    reason: "generators disagree about where this block opens or closes; keep both delimiter lines bare, at the \
             top of the file, or name the generator with the `site` input",
};

/// A line of the text, as byte offsets.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) start: usize,
    /// Without its line end.
    pub(super) content: &'a str,
    /// Start of the next line.
    pub(super) next: usize,
}

impl Line<'_> {
    /// Whether the line is this delimiter and white space.
    fn is(&self, delimiter: &str) -> bool {
        self.content.trim_ascii_end() == delimiter
    }
}

pub(super) fn lines(text: &str, from: usize) -> impl Iterator<Item = Line<'_>> {
    let mut next = from;
    text[from..].split_inclusive('\n').map(move |line| {
        let start = next;
        next += line.len();
        let content = line.strip_suffix('\n').unwrap_or(line);
        Line { start, content: content.strip_suffix('\r').unwrap_or(content), next }
    })
}

fn line(text: &str, from: usize) -> Line<'_> {
    lines(text, from).next().unwrap_or(Line { start: from, content: "", next: from })
}

fn skip_blank(text: &str, from: usize) -> usize {
    from + (text.len() - from - text[from..].trim_ascii_start().len())
}

/// A block closed by a line that begins with a delimiter; what follows the delimiter on that line
/// is body, unless it is blank.
fn closed_by(format: BlockFormat, opening: Line<'_>, closing: Line<'_>, delimiter: &str) -> Block {
    let body = if closing.is(delimiter) { closing.next } else { closing.start + delimiter.len() };
    Block { format, text: opening.next..closing.start, body, opened: true }
}

fn format_of(delimiter: &str) -> BlockFormat {
    if delimiter == TOML { BlockFormat::Toml } else { BlockFormat::Yaml }
}

fn jekyll(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let opening = line(text, start);
    if !opening.is(YAML) {
        return Ok(None);
    }
    let closing = lines(text, opening.next)
        .find(|line| line.is(YAML) || line.is("..."))
        .ok_or(Problem::Unterminated { delimiter: YAML })?;
    Ok(Some(Block {
        format: BlockFormat::Yaml,
        text: opening.next..closing.start,
        body: closing.next,
        opened: true,
    }))
}

fn hugo(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let mut start = skip_blank(text, start);
    if text[start..].starts_with("<!--") {
        start = skip_blank(text, start + "<!--".len());
    }
    let rest = &text[start..];
    if rest.starts_with('{') {
        return bare_json(text, start).map(Some);
    }
    if rest.starts_with("#+") {
        return Err(Problem::Unsupported { kind: "Org keywords" });
    }
    let Some(delimiter) = [YAML, TOML].into_iter().find(|delimiter| rest.starts_with(delimiter)) else {
        return Ok(None);
    };
    let opening = line(text, start);
    if !opening.is(delimiter) {
        return Err(TAIL);
    }
    let closing = lines(text, opening.next)
        .find(|line| line.content.starts_with(delimiter))
        .ok_or(Problem::Unterminated { delimiter })?;
    Ok(Some(closed_by(format_of(delimiter), opening, closing, delimiter)))
}

/// An object at the start of the file; its closing brace ends the block.
fn bare_json(text: &str, start: usize) -> Result<Block, Problem> {
    // Where it cannot end, the whole text is handed on for the parser to say why.
    let end = super::json::end_of_value(&text[start..]).map_or(text.len(), |length| start + length);
    let tail = line(text, end);
    let body = if tail.content.trim_ascii().is_empty() { tail.next } else { end };
    Ok(Block { format: BlockFormat::Json, text: start..end, body, opened: true })
}

fn gray_matter(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let opening = line(text, start);
    let Some(language) = opening.content.strip_prefix(YAML).filter(|rest| !rest.starts_with('-')) else {
        return Ok(None);
    };
    let format = match language.trim() {
        "" | "yaml" | "yml" => BlockFormat::Yaml,
        "json" => BlockFormat::Json,
        "toml" => BlockFormat::Toml,
        "js" | "javascript" => BlockFormat::Script,
        _ => return Err(Problem::Unsupported { kind: "the language named after the opening `---`" }),
    };
    let closing = lines(text, opening.next)
        .find(|line| line.content.starts_with(YAML))
        .ok_or(Problem::Unterminated { delimiter: YAML })?;
    Ok(Some(closed_by(format, opening, closing, YAML)))
}

fn astro(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let first = skip_blank(text, start);
    // Blank lines may stand above the block, blanks before its delimiter may not.
    let begins_a_line = first == start || text[..first].ends_with('\n');
    let opening = line(text, first);
    let Some(delimiter) = [YAML, TOML].into_iter().find(|delimiter| opening.content.starts_with(delimiter))
    else {
        return Ok(None);
    };
    if !begins_a_line {
        return Ok(None);
    }
    if !opening.is(delimiter) {
        return Err(TAIL);
    }
    let closing = lines(text, opening.next)
        .find(|line| line.content.starts_with(YAML) || line.content.starts_with(TOML))
        .ok_or(Problem::Unterminated { delimiter })?;
    let end = &closing.content[..delimiter.len()];
    Ok(Some(closed_by(format_of(delimiter), opening, closing, end)))
}

/// The run of dashes or semicolons that a line begins with, if there are at least three.
fn hexo_separator(content: &str) -> Option<&str> {
    let mark = content.chars().next().filter(|&c| c == '-' || c == ';')?;
    let length = content.len() - content.trim_start_matches(mark).len();
    (length >= 3).then(|| &content[..length])
}

fn hexo(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let format =
        |separator: &str| if separator.starts_with(';') { BlockFormat::Json } else { BlockFormat::Yaml };
    let opening = line(text, start);
    if let Some(separator) = hexo_separator(opening.content) {
        if separator != opening.content {
            return Ok(None);
        }
        let mut below = lines(text, opening.next);
        // An empty block is text to Hexo: its pattern wants at least one character of data.
        let Some(first) = below.next() else { return Ok(None) };
        let closing = below.find(|line| line.content.starts_with(separator));
        return match closing {
            Some(closing) => Ok(Some(closed_by(format(separator), opening, closing, separator))),
            None if first.content.starts_with(separator) => Ok(None),
            None => Err(Problem::Unterminated {
                delimiter: if separator.starts_with(';') { ";;;" } else { YAML },
            }),
        };
    }
    let closing = lines(text, start)
        .skip(1)
        .find_map(|line| hexo_separator(line.content).map(|separator| (line, separator)));
    Ok(closing.map(|(line, separator)| {
        let none = Line { start, content: "", next: start };
        Block { opened: false, ..closed_by(format(separator), none, line, separator) }
    }))
}

fn zola(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let opening = line(text, skip_blank(text, start));
    let Some(delimiter) = [YAML, TOML].into_iter().find(|&delimiter| opening.content == delimiter) else {
        return Ok(None);
    };
    let closing = lines(text, opening.next)
        .find(|line| line.content.trim_ascii_end().ends_with(delimiter))
        .ok_or(Problem::Unterminated { delimiter })?;
    if !closing.is(delimiter) {
        return Err(Problem::Ambiguous {
            reason: "a line inside the block ends with its delimiter, and Zola ends the block there; let no value \
                     end a line with `+++` or `---`",
        });
    }
    Ok(Some(closed_by(format_of(delimiter), opening, closing, delimiter)))
}

/// Where all readers that know the kind of block agree: a post with TOML is evidence that the
/// site's reader knows TOML. Zola's closing in the middle of a line counts for `+++` only, which
/// its posts use, and Hexo's refusal of an empty block does not count.
fn unknown(text: &str, start: usize) -> Result<Option<Block>, Problem> {
    let first = skip_blank(text, start);
    let opening = line(text, first);
    let rest = opening.content;
    if rest.starts_with('{') && super::json::end_of_value(&text[first..]).is_some() {
        return bare_json(text, first).map(Some);
    }
    if first == start && rest.starts_with("#+") && rest.contains(':') {
        return Err(Problem::Unsupported { kind: "Org keywords" });
    }
    let Some(delimiter) = [YAML, TOML].into_iter().find(|delimiter| rest.starts_with(delimiter)) else {
        return Ok(None);
    };
    if first == start
        && rest.starts_with("---")
        && rest.as_bytes().get(3).is_some_and(u8::is_ascii_alphabetic)
    {
        return gray_matter(text, start);
    }
    if first != start || rest != delimiter {
        return Err(SITE_DECIDES);
    }
    for line in lines(text, opening.next) {
        if line.is(delimiter) {
            return Ok(Some(closed_by(format_of(delimiter), opening, line, delimiter)));
        }
        let closes_somewhere = line.content.starts_with(YAML)
            || line.content.starts_with(TOML)
            || (delimiter == YAML && line.is("..."))
            || (delimiter == TOML && line.content.trim_ascii_end().ends_with(TOML));
        if closes_somewhere {
            return Err(SITE_DECIDES);
        }
    }
    Err(Problem::Unterminated { delimiter })
}
