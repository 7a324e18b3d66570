//! Front matter: finds the block as the site's own reader does, reads it with gray_matter, and
//! edits the smallest span so that every other byte stays.
//!
//! Reading and editing are pure: text in, data or text out. What cannot be read or edited safely is
//! a [`Problem`] that says why and what to do; nothing is ever repaired.

mod dotted;
mod edit;
mod find;
mod header;
mod json;
mod manner;
mod script;
mod splice;
mod steps;
mod toml;
mod yaml;

use std::borrow::Cow;
use std::ops::Range;

pub use edit::{edit, edit_like, manner};
pub use gray_matter::Pod;
pub use manner::{Manner, Manners};
pub use splice::{Change, FieldValue};
pub(crate) use steps::{FIRST, outermost, steps};

/// The longest block that is read, in bytes. Real blocks stay far below; a longer one is a file
/// taken for a post, and parsers need not be trusted with it.
const LONGEST_BLOCK: usize = 256 * 1024;

/// A mapping of so many keys is looked through.
const FEW: usize = 16;

/// How the site's generator finds the block; they differ in details that decide between "a block"
/// and "text".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reader {
    /// Jekyll (and whatever behaves like it).
    Jekyll,
    /// Hugo.
    Hugo,
    /// gray-matter 4: Eleventy, VitePress, Docusaurus, many Next.js and Gatsby sites.
    GrayMatter,
    /// Obsidian, and Quartz, which publishes its notes: a block is found as by gray-matter, but a rule on
    /// top of a note is a rule.
    Vault,
    /// Astro.
    Astro,
    /// Hexo.
    Hexo,
    /// Zola.
    Zola,
    /// Pelican: a header of its own, or what stands between `---` lines.
    Pelican,
    /// Nikola: a header of its own, or what stands between delimiters.
    Nikola,
    /// Not known: acts only where the readers that know this kind of block agree.
    #[default]
    Unknown,
}

impl Reader {
    /// Every reader, for what must hold with each of them: tests and the fuzz target.
    pub const ALL: [Self; 10] = [
        Self::Jekyll,
        Self::Hugo,
        Self::GrayMatter,
        Self::Vault,
        Self::Astro,
        Self::Hexo,
        Self::Zola,
        Self::Pelican,
        Self::Nikola,
        Self::Unknown,
    ];

    /// Hugo and Pelican lower-case the keys of a post, so `Image:` is the live key there. The others take
    /// keys as written.
    fn ignores_case(self) -> bool {
        matches!(self, Self::Hugo | Self::Pelican)
    }

    /// Whether what stands between the delimiters and is not a mapping is text of the post.
    fn takes_text(self) -> bool {
        matches!(self, Self::Hexo | Self::Vault)
    }
}

/// The language of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockFormat {
    /// Between `---` lines.
    Yaml,
    /// Between `+++` lines.
    Toml,
    /// An object at the start of the file, or between `---json` and `---`; Hexo ends it with `;;;`
    /// and leaves the braces out.
    Json,
    /// JavaScript between `---js` and `---`: an object, or statements whose names are the keys. Only literals are read.
    Script,
    /// `Key: value` lines on top of the file (Pelican).
    Header,
    /// `.. key: value` lines on top of the file (Nikola).
    Dotted,
}

impl BlockFormat {
    fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Json => "JSON",
            Self::Script => "JavaScript",
            Self::Header | Self::Dotted => "header",
        }
    }
}

/// A block that was found and read.
#[derive(Debug, Clone)]
pub struct FrontMatter {
    /// The language of the block.
    pub format: BlockFormat,
    /// The reader by whose rules it was found.
    pub reader: Reader,
    /// Byte range of the block's text, without its delimiter lines (for bare JSON with its braces).
    pub block: Range<usize>,
    /// Where the body starts: the byte after the closing delimiter and its line end.
    pub body: usize,
    /// The block's data; always a [`Pod::Hash`].
    pub data: Pod,
}

impl FrontMatter {
    /// The value at a dotted path such as `cover.image`; `None` when a part of the path is absent. To Hugo a key of
    /// one's own may stand in `params` as well.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Pod> {
        match (self.own(path), self.reader) {
            (None, Reader::Hugo) => within(params_with(&self.data, path, self.reader)?.1, path, self.reader),
            (own, _) => own,
        }
    }

    /// The value at a path as it is written.
    fn own(&self, path: &str) -> Option<&Pod> {
        // A post is asked for dozens of keys of which it has few. Nearly all are plain words, and looking for the dot
        // byte by byte is the least that can be done with a short one.
        match path.bytes().position(|byte| byte == b'.') {
            None => Some(member(&self.data, path, self.reader)?.1),
            Some(_) => within(&self.data, path, self.reader),
        }
    }

    /// The value at a dotted path as text; numbers and booleans as they are spelled in the data, so
    /// that `title: 2026` has a text too. `None` when absent, null, a list or a mapping.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        match self.get(path)? {
            Pod::String(text) => Some(Cow::Borrowed(text)),
            Pod::Integer(number) => Some(Cow::Owned(number.to_string())),
            Pod::Float(number) => Some(Cow::Owned(number.to_string())),
            Pod::Boolean(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
            Pod::Null | Pod::Array(_) | Pod::Hash(_) => None,
        }
    }
}

fn within<'a>(data: &'a Pod, path: &str, reader: Reader) -> Option<&'a Pod> {
    steps(path).try_fold(data, |value, name| Some(member(value, name, reader)?.1))
}

/// The mapping `params` of a post of Hugo, with its key as written, where the first name of the path stands there and
/// not beside it.
fn params_with<'a>(data: &'a Pod, path: &str, reader: Reader) -> Option<(&'a str, &'a Pod)> {
    const PARAMS: &str = "params";
    let Pod::Hash(members) = data else { return None };
    if reader != Reader::Hugo {
        return None;
    }
    let (key, params) = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(PARAMS))?;
    let top = outermost(path);
    let is_there = member(params, top, reader).is_some() && member(data, top, reader).is_none();
    is_there.then_some((key.as_str(), params))
}

/// The member of a mapping, with its key as written; of a list the first item.
fn member<'a>(data: &'a Pod, name: &str, reader: Reader) -> Option<(&'a str, &'a Pod)> {
    let members = match data {
        Pod::Hash(members) => members,
        Pod::Array(items) if name == FIRST => return Some((FIRST, items.first()?)),
        _ => return None,
    };
    // To look through few keys takes less than to hash one.
    let written = match members.len() {
        ..=FEW => members.iter().find(|(key, _)| *key == name),
        _ => members.get_key_value(name),
    };
    if let Some((key, value)) = written {
        return Some((key, value));
    }
    if !reader.ignores_case() {
        return None;
    }
    let alike = members.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    // The smallest, because a map has no order and two runs must agree.
    alike.min_by_key(|(key, _)| *key).map(|(key, value)| (key.as_str(), value))
}

/// Why a post's front matter cannot be read or edited safely. The text names what is wrong and the
/// cure; the caller adds the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An opening delimiter without a closing one.
    #[error("the front matter is never closed; add the closing `{delimiter}` line")]
    Unterminated {
        /// The delimiter that is missing.
        delimiter: &'static str,
    },
    /// Readers of different generators would see different blocks.
    #[error("it is unclear what the front matter is: {reason}")]
    Ambiguous {
        /// What is unclear, and the cure.
        reason: &'static str,
    },
    /// A kind of front matter that is neither read nor edited.
    #[error(
        "front matter of this kind ({kind}) is not supported yet; use YAML between `---` lines, or leave this post out with the `posts` input"
    )]
    Unsupported {
        /// The kind, e.g. `Org keywords`.
        kind: &'static str,
    },
    /// The block is not valid in its language.
    #[error("the {} front matter is not valid, line {line}: {reason}; correct it, the site's generator cannot read it either", format.name())]
    Invalid {
        /// The language of the block.
        format: BlockFormat,
        /// Line in the file, from 1.
        line: usize,
        /// What the parser says, at most 200 characters.
        reason: String,
    },
    /// The block is longer than any real one.
    #[error(
        "the front matter has {size} bytes, more than {LONGEST_BLOCK}; shorten it, or leave this file out with the `posts` input"
    )]
    TooLarge {
        /// Length of the block in bytes.
        size: usize,
    },
    /// A post without a block was to be edited.
    #[error(
        "the post has no front matter to write into; begin the file with a `---` line, a `title:` line and another `---` line"
    )]
    Missing,
    /// The field, or a part of its path, holds something that a text or a flag cannot replace.
    #[error(
        "`{field}` cannot be written: {found} stands there; remove it, or name another field with the `image-field` or `alt-field` input"
    )]
    WrongType {
        /// The field as asked for.
        field: String,
        /// What is there, e.g. `a list`.
        found: &'static str,
    },
    /// The field is there more than once, and generators disagree which one counts.
    #[error("`{field}` is there twice; remove one of the two")]
    Twice {
        /// The field as asked for.
        field: String,
    },
    /// A header of `Key: value` lines knows no mappings and few characters.
    #[error(
        "`{field}` cannot be written: a header of `Key: value` lines has no nested fields; name a field of letters, digits, `_` and `-` with the `image-field` or `alt-field` input"
    )]
    NotFlat {
        /// The field as asked for.
        field: String,
    },
    /// No edit of this field was found that leaves everything else as it is.
    #[error(
        "`{field}` cannot be written without changing more than this field; write it by hand once, in a plain form"
    )]
    Unsafe {
        /// The field as asked for.
        field: String,
    },
}

impl Problem {
    /// Whether the post is in order, and only this program cannot read or edit it.
    pub fn is_a_limit(&self) -> bool {
        matches!(
            self,
            Self::Unsupported { .. } | Self::WrongType { .. } | Self::NotFlat { .. } | Self::Unsafe { .. }
        )
    }
}

/// What a format's own parser says about a block.
#[derive(Debug)]
struct ParseError {
    /// Line in the block, from 1.
    line: usize,
    reason: String,
}

impl ParseError {
    /// Keeps what is said to one short printable line: it quotes the file.
    fn new(line: usize, reason: &str) -> Self {
        let printable = |c: char| if c.is_control() { ' ' } else { c };
        Self { line, reason: reason.chars().map(printable).take(200).collect() }
    }

    fn in_block(self, text: &str, found: &find::Block) -> Problem {
        let before = text[..found.text.start].matches('\n').count();
        Problem::Invalid { format: found.format, line: before + self.line, reason: self.reason }
    }
}

/// Finds and reads the block; `None` when the text has none.
///
/// # Errors
/// A [`Problem`] when there is a block that this reader cannot use, or when it is unclear whether it is one.
pub fn read(text: &str, reader: Reader) -> Result<Option<FrontMatter>, Problem> {
    match reader {
        Reader::Pelican => Ok(of_pelican(text)),
        Reader::Nikola => of_nikola(text),
        _ => between_delimiters(text, reader),
    }
}

/// Nikola reads what a first line of dashes or plus signs opens, else its own header.
fn of_nikola(text: &str) -> Result<Option<FrontMatter>, Problem> {
    let own = |header::Header { block, body, data }| FrontMatter {
        format: BlockFormat::Dotted,
        reader: Reader::Nikola,
        block,
        body,
        data,
    };
    let start = find::above(text);
    match find::lines(text, start).next().map(|line| line.content) {
        Some("---" | "+++") => between_delimiters(text, Reader::Nikola),
        _ => Ok(dotted::read(text, start).map(own)),
    }
}

/// Pelican takes a first line of dashes for the opening of the same header, which ends at dashes, dots or a
/// blank line; sites with a plugin for YAML write YAML there, and what reads as YAML is taken for it.
fn of_pelican(text: &str) -> Option<FrontMatter> {
    let start = find::above(text);
    let below = find::below_dashes(text, start);
    if below.is_some()
        && let Ok(Some(front)) = between_delimiters(text, Reader::Unknown)
        && front.format == BlockFormat::Yaml
    {
        return Some(FrontMatter { reader: Reader::Pelican, ..front });
    }
    let header::Header { block, body, data } = header::read(text, below.unwrap_or(start))?;
    Some(FrontMatter { format: BlockFormat::Header, reader: Reader::Pelican, block, body, data })
}

fn between_delimiters(text: &str, reader: Reader) -> Result<Option<FrontMatter>, Problem> {
    let Some(found) = find::block(text, reader)? else { return Ok(None) };
    let block = &text[found.text.clone()];
    if block.len() > LONGEST_BLOCK {
        return if found.opened { Err(Problem::TooLarge { size: block.len() }) } else { Ok(None) };
    }
    let data = match found.format {
        BlockFormat::Yaml => yaml::read(block, reader),
        BlockFormat::Toml => toml::read(block),
        BlockFormat::Json => json::read(block, reader),
        BlockFormat::Script => Ok(script::read(block)?),
        BlockFormat::Header | BlockFormat::Dotted => return Ok(None),
    };
    match data {
        Ok(data @ Pod::Hash(_)) => {
            let find::Block { format, text: block, body, .. } = found;
            Ok(Some(FrontMatter { format, reader, block, body, data }))
        }
        Ok(Pod::Null) if found.opened => {
            if find::is_heading_between_rules(block) {
                if reader == Reader::Vault {
                    return Ok(None);
                }
                return Err(Problem::Ambiguous {
                    reason: "between the first two `---` lines stands only what could be a heading of the text; \
                             remove the blank lines if it is a comment, or the first `---` if it is text",
                });
            }
            let find::Block { format, text: block, body, .. } = found;
            Ok(Some(FrontMatter { format, reader, block, body, data: Pod::new_hash() }))
        }
        // Hexo takes whatever does not read as a mapping for text, and so must we.
        _ if !found.opened => Ok(None),
        Ok(_) if reader.takes_text() => Ok(None),
        Ok(_) => Err(ParseError::new(1, "no `key: value` pairs").in_block(text, &found)),
        Err(_) if reader == Reader::Vault && find::is_prose_between_rules(block) => Ok(None),
        Err(fault) => Err(fault.in_block(text, &found)),
    }
}

/// Reads YAML that is not front matter by the same rules, bounded against nesting and aliases without
/// end.
///
/// # Errors
/// The line, and what is wrong there.
pub fn yaml(text: &str) -> Result<Pod, String> {
    yaml::read(text, Reader::Unknown).map_err(|fault| format!("line {}: {}", fault.line, fault.reason))
}

/// The events of YAML as libyaml reads it, which is more than YAML 1.2 has; `None` at a fault.
pub(crate) fn events_by_libyaml(text: &str) -> impl Iterator<Item = Option<saphyr_parser::Event<'static>>> {
    yaml::events_by_libyaml(text).map(|event| event.ok().map(|(event, _)| event))
}

/// Keys of such YAML that stood there before, each with its line; of none where it cannot be read.
pub fn repeated_keys(text: &str) -> Vec<(String, usize)> {
    yaml::repeated_keys(text)
}

/// Every value of such YAML by its path of keys and places (`/wait/failed/0`), with its line; of none where it cannot be
/// read.
pub fn yaml_lines(text: &str) -> Vec<(String, usize)> {
    yaml::lines(text)
}

#[cfg(test)]
mod tests;
