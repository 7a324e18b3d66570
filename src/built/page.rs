//! What a page says, as its HTML has it: titles, and the addresses of pictures with what becomes of them.
//!
//! The tokens come from a parser that follows the HTML standard. There is no tree: what hides a picture is
//! found by counting the tags between an element and its end.

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, Tokenizer};

use super::css;
use super::squash::{same, squash};
use crate::post::is_image;

/// Longest title that is kept, in bytes.
const LONGEST_TITLE: usize = 1024;
/// Longest address that is looked at; inline pictures are longer and are not files.
const LONGEST_ADDRESS: usize = 4096;
/// Most pictures of a page; a gallery of more has its hero on top.
const MOST_PICTURES: usize = 2000;
/// So many articles are a list of posts.
const ARTICLES_OF_A_LIST: usize = 4;
/// What stands between the title of a page and the name of its site.
const SITE_SEPARATORS: [&str; 8] = [" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » "];
/// Elements that have no end.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// What becomes of a picture that a page names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is drawn on the page.
    Drawn,
    /// Other programs show it, in a preview of the link.
    Preview,
}

/// A picture that a page names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageImage {
    pub address: String,
    pub used: Use,
}

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct BuiltPage {
    titles: Vec<String>,
    headings: Vec<String>,
    is_article: bool,
    articles: usize,
    pub canonical: Option<String>,
    pub base: Option<String>,
    pub forwards_to: Option<String>,
    pub pictures: Vec<PageImage>,
}

impl BuiltPage {
    /// Whether this is the title of the page: the site's name may stand before or behind it.
    pub(super) fn is_titled(&self, title: Option<&str>) -> bool {
        let Some(title) = title else { return false };
        let wanted = squash(title);
        let with_site = |found: &String| {
            let found = squash(found);
            found == wanted || (wanted.len() > 2 && (found.starts_with(&wanted) || found.ends_with(&wanted)))
        };
        !wanted.is_empty()
            && (self.headings.iter().any(|heading| same(heading, title)) || self.titles.iter().any(with_site))
    }

    /// Whether the page lists posts, as far as that can be seen.
    pub(super) fn is_list(&self) -> bool {
        self.articles >= ARTICLES_OF_A_LIST && !self.is_article
    }

    /// Its titles, squashed: the headings, and the title's parts before and behind the site's name.
    pub(super) fn titles(&self) -> Vec<String> {
        let parts = self.titles.iter().flat_map(|title| {
            let parts = SITE_SEPARATORS.iter().flat_map(|separator| title.split(separator)).map(squash);
            parts.chain([squash(title)]).collect::<Vec<_>>()
        });
        let mut titles: Vec<_> = self.headings.iter().map(|heading| squash(heading)).chain(parts).collect();
        titles.retain(|title| !title.is_empty());
        titles.sort_unstable();
        titles.dedup();
        titles
    }
}

/// Reads a page.
pub(super) fn read(html: &str) -> BuiltPage {
    let mut reader = PageReader::default();
    tokens(html, &mut reader);
    reader.page
}

/// Addresses of this very host that a page links to.
pub(super) fn links(html: &str) -> Vec<String> {
    let mut reader = PageReader { keeps_links: true, ..PageReader::default() };
    tokens(html, &mut reader);
    reader.links
}

/// An emitter that is not told of errors: to look at every letter for them takes a good part of the time.
struct WithoutErrors<E>(E);

impl<E: Emitter> ForwardingEmitter for WithoutErrors<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.0
    }

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

fn tokens(html: &str, reader: &mut PageReader) {
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        reader.take(event);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, WithoutErrors(emitter)).finish();
    // Scripts draw what those who have none find there. It holds no part of its kind.
    let inner = std::mem::take(&mut reader.without_scripts);
    if !inner.is_empty() && !reader.is_inner {
        (reader.is_inner, reader.text) = (true, None);
        tokens(&inner, reader);
    }
}

/// What the text that comes next belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Title,
    Heading,
    Style,
    LinkedData,
    WithoutScripts,
}

/// An element that hides what is in it: its name, and how many of that name are open in it.
type Hiding = (Vec<u8>, usize);

#[derive(Debug, Default)]
struct PageReader {
    page: BuiltPage,
    tag: Vec<u8>,
    attributes: Vec<(String, String)>,
    text: Option<Text>,
    heading: String,
    /// A part of the page that is not shown.
    hidden: Option<Hiding>,
    /// Beside the post: navigation and the like.
    aside: Option<Hiding>,
    links_open: usize,
    keeps_links: bool,
    links: Vec<String>,
    /// What `noscript` holds, and whether that is read now.
    without_scripts: String,
    is_inner: bool,
}

impl PageReader {
    fn take(&mut self, event: CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.clear();
                self.tag.extend_from_slice(name);
                self.attributes.clear();
            }
            CallbackEvent::AttributeName { name } => {
                self.attributes.push((String::from_utf8_lossy(name).into_owned(), String::new()));
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some((_, of)) = self.attributes.last_mut() {
                    *of = String::from_utf8_lossy(value).into_owned();
                }
            }
            CallbackEvent::CloseStartTag { .. } => self.begin(),
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } if self.text.is_some() => {
                self.text(&String::from_utf8_lossy(value));
            }
            CallbackEvent::String { .. }
            | CallbackEvent::Comment { .. }
            | CallbackEvent::Doctype { .. }
            | CallbackEvent::Error(_) => {}
        }
    }

    fn begin(&mut self) {
        let attributes = std::mem::take(&mut self.attributes);
        let tag = std::mem::take(&mut self.tag);
        let tag = std::str::from_utf8(&tag).unwrap_or_default();
        let get = |name: &str| {
            let found = attributes.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        if self.keeps_links {
            self.keep_link(tag, &get);
            return;
        }
        self.text = match tag {
            "title" if self.page.titles.is_empty() => Some(Text::Title),
            "style" => Some(Text::Style),
            "script" if get("type") == Some("application/ld+json") => Some(Text::LinkedData),
            "script" => None,
            "noscript" => Some(Text::WithoutScripts),
            "h1" => {
                self.heading.clear();
                Some(Text::Heading)
            }
            _ => self.text,
        };
        self.note(tag, &get);
        self.enter(tag, &attributes);
        if tag == "a" && get("href").is_some() {
            self.links_open += 1;
        }
        match tag {
            "meta" => self.meta(&get),
            "link" => self.link(&get),
            _ => self.pictures(tag, &attributes),
        }
    }

    fn keep_link<'v>(&mut self, tag: &str, get: &impl Fn(&str) -> Option<&'v str>) {
        let address = match tag {
            "a" | "link" => get("href"),
            "img" | "script" => get("src"),
            _ => None,
        };
        let own = address.filter(|address| address.starts_with('/') && !address.starts_with("//"));
        self.links.extend(own.map(str::to_owned));
    }

    /// What tells one kind of page from another.
    fn note<'v>(&mut self, tag: &str, get: &impl Fn(&str) -> Option<&'v str>) {
        match tag {
            "article" => self.page.articles += 1,
            "base" if self.page.base.is_none() => self.page.base = get("href").map(str::to_owned),
            _ => {}
        }
    }

    /// Counts how deep in hidden parts the page is.
    fn enter(&mut self, tag: &str, attributes: &[(String, String)]) {
        for hiding in [&mut self.hidden, &mut self.aside] {
            if let Some((name, open)) = hiding
                && name == tag.as_bytes()
            {
                *open += 1;
            }
        }
        if VOID.contains(&tag) || matches!(tag, "html" | "body") {
            return;
        }
        let unseen = || {
            attributes.iter().any(|(name, value)| match name.as_str() {
                "hidden" => !value.eq_ignore_ascii_case("until-found"),
                "style" => is_unseen(value),
                _ => false,
            })
        };
        if self.hidden.is_none() && (tag == "template" || unseen()) {
            self.hidden = Some((tag.as_bytes().to_vec(), 0));
        }
        if self.aside.is_none() && matches!(tag, "nav" | "aside" | "footer") {
            self.aside = Some((tag.as_bytes().to_vec(), 0));
        }
    }

    fn end(&mut self, tag: &[u8]) {
        for hiding in [&mut self.hidden, &mut self.aside] {
            match hiding {
                Some((name, 0)) if name == tag => *hiding = None,
                Some((name, open)) if name == tag => *open -= 1,
                _ => {}
            }
        }
        match tag {
            b"a" => self.links_open = self.links_open.saturating_sub(1),
            b"h1" if self.text == Some(Text::Heading) => {
                self.text = None;
                let heading = std::mem::take(&mut self.heading);
                keep_title(&mut self.page.headings, &heading);
            }
            b"title" | b"style" | b"script" | b"noscript" => self.text = None,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.text {
            Some(Text::Title) => keep_title(&mut self.page.titles, text),
            Some(Text::Heading) if self.heading.len() < LONGEST_TITLE => self.heading.push_str(text),
            Some(Text::Heading) | None => {}
            Some(Text::Style) => css::urls(text).for_each(|address| self.draw(address)),
            Some(Text::LinkedData) => {
                if let Ok(data) = serde_json::from_str(text) {
                    linked_pictures(&data, 0, &mut |address| name(&mut self.page, address, Use::Preview));
                }
            }
            Some(Text::WithoutScripts) => self.without_scripts.push_str(text),
        }
    }

    fn meta<'v>(&mut self, get: &impl Fn(&str) -> Option<&'v str>) {
        let Some(content) = get("content") else { return };
        if get("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) {
            let at = content.to_ascii_lowercase().find("url=");
            let target =
                at.and_then(|at| content.get(at + 4..)).map(|target| target.trim_matches(['\'', '"', ' ']));
            self.page.forwards_to = target.map(str::to_owned);
        }
        let property = get("property").or_else(|| get("name")).or_else(|| get("itemprop"));
        let property = property.unwrap_or_default().to_ascii_lowercase();
        match property.as_str() {
            "og:title" | "twitter:title" => keep_title(&mut self.page.titles, content),
            "og:type" => self.page.is_article |= content.eq_ignore_ascii_case("article"),
            "og:url" if self.page.canonical.is_none() => self.page.canonical = Some(content.to_owned()),
            "image" | "thumbnail" | "thumbnailurl" => name(&mut self.page, content, Use::Preview),
            of if of.starts_with("og:image") || of.starts_with("twitter:image") => {
                name(&mut self.page, content, Use::Preview);
            }
            _ => {}
        }
    }

    fn link<'v>(&mut self, get: &impl Fn(&str) -> Option<&'v str>) {
        let Some(relation) = get("rel").map(str::to_ascii_lowercase) else { return };
        let is = |wanted: &str| relation.split_ascii_whitespace().any(|word| word == wanted);
        let Some(href) = get("href").or_else(|| get("imagesrcset")) else { return };
        if is("canonical") {
            self.page.canonical = Some(href.to_owned());
        } else if is("image_src") || (is("preload") || is("prefetch")) {
            let addresses = get("href").into_iter().map(str::to_owned);
            let sets = get("imagesrcset").into_iter().flat_map(candidates);
            addresses.chain(sets).for_each(|address| name(&mut self.page, &address, Use::Preview));
        }
    }

    /// The pictures that an element draws.
    fn pictures(&mut self, tag: &str, attributes: &[(String, String)]) {
        for (attribute, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            match (tag, attribute.as_str()) {
                (_, "style") => css::urls(value).for_each(|address| self.draw(address)),
                (_, "srcset") => candidates(value).iter().for_each(|address| self.draw(address)),
                ("img" | "source" | "input" | "embed" | "amp-img", "src")
                | ("image", "href" | "xlink:href")
                | ("object", "data")
                | (_, "poster" | "background") => self.draw(value),
                (_, data) if data.starts_with("data-") => self.data(data, value),
                _ => {}
            }
        }
    }

    /// Scripts of themes draw what they find in attributes of their own.
    fn data(&mut self, attribute: &str, value: &str) {
        let elsewhere = ["share", "pagefind", "meta", "pin-", "clipboard"];
        if value.len() > LONGEST_ADDRESS || elsewhere.iter().any(|word| attribute.contains(word)) {
            return;
        }
        if attribute.ends_with("srcset") {
            candidates(value).iter().for_each(|address| self.draw(address));
        } else if value.contains("url(") {
            css::urls(value).for_each(|address| self.draw(address));
        } else if is_image(value.split(['?', '#']).next().unwrap_or(value)) {
            self.draw(value);
        }
    }

    fn draw(&mut self, address: &str) {
        let beside = self.aside.is_some() && self.links_open > 0;
        if self.hidden.is_none() && !beside {
            name(&mut self.page, address, Use::Drawn);
        }
    }
}

fn name(page: &mut BuiltPage, address: &str, used: Use) {
    let address = address.trim();
    let is_file = !address.is_empty() && address.len() <= LONGEST_ADDRESS && !address.starts_with("data:");
    let known = |one: &PageImage| one.used == used && one.address == address;
    if is_file && page.pictures.len() < MOST_PICTURES && !page.pictures.iter().rev().take(16).any(known) {
        page.pictures.push(PageImage { address: address.to_owned(), used });
    }
}

fn keep_title(titles: &mut Vec<String>, title: &str) {
    let title = title.trim();
    if !title.is_empty() && title.len() <= LONGEST_TITLE && titles.len() < 8 {
        titles.push(title.to_owned());
    }
}

/// Whether a style keeps an element from being seen.
fn is_unseen(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// The addresses of a `srcset`: each ends at white space, and a comma stands before the next.
fn candidates(set: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = set.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let alone = address.ends_with(',');
        found.push(address.trim_end_matches(',').to_owned());
        let after = if alone { after } else { after.split_once(',').map_or("", |(_, after)| after) };
        rest = after.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
    }
    found
}

/// The pictures that linked data names.
fn linked_pictures(data: &serde_json::Value, depth: usize, found: &mut impl FnMut(&str)) {
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return;
    }
    match data {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("image" | "thumbnailUrl" | "contentUrl", serde_json::Value::String(address)) => {
                        found(address)
                    }
                    ("image", serde_json::Value::Array(list)) => {
                        list.iter().filter_map(|one| one.as_str()).for_each(&mut *found);
                        list.iter().for_each(|one| linked_pictures(one, depth + 1, found));
                    }
                    ("url", serde_json::Value::String(address)) if is_image(address) => found(address),
                    _ => linked_pictures(value, depth + 1, found),
                }
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|one| linked_pictures(one, depth + 1, found)),
        _ => {}
    }
}
