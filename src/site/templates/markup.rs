//! Where in the page something stands: in which element, and whether a reader ever sees that place.

use super::lexer::{Language, Piece};

/// An element's opening is followed so far at most.
const LONGEST_TAG: usize = 4096;
/// Words in the name of a file or component whose content is for machines that make previews.
const PREVIEW: [&str; 18] = [
    "head",
    "seo",
    "opengraph",
    "og",
    "meta",
    "metadata",
    "social",
    "twitter",
    "jsonld",
    "ld",
    "schema",
    "structured",
    "helmet",
    "microdata",
    "favicons",
    "preload",
    "share",
    "sharing",
];
/// Components that stand around the page and get the picture for its head as a rule.
const AROUND: [&str; 6] = ["layout", "base", "html", "root", "document", "shell"];
/// Components that draw a picture.
const DRAWN: [&str; 10] =
    ["image", "img", "picture", "cover", "hero", "banner", "figure", "thumbnail", "photo", "masthead"];

/// What becomes of a value at some place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    /// A reader sees it.
    Page,
    /// Previews of links show it.
    Preview,
    /// It is code that shows nothing by itself.
    Nothing,
}

/// The markup of a template, with its code left out where it is code between marks.
#[derive(Debug)]
pub(super) struct Markup {
    tags: Vec<Tagged>,
    /// Stretches for machines: the head, structured data.
    previews: Vec<(usize, usize)>,
    /// Stretches that are scripts.
    scripts: Vec<(usize, usize)>,
    language: Language,
}

/// The opening of an element.
#[derive(Debug)]
struct Tagged {
    from: usize,
    to: usize,
    spot: Spot,
}

impl Markup {
    pub(super) fn of(text: &str, language: Language, pieces: &[Piece<'_>]) -> Self {
        let mut markup = Self { tags: Vec::new(), previews: Vec::new(), scripts: Vec::new(), language };
        if language == Language::Pug {
            return markup;
        }
        let code = matches!(language, Language::Script | Language::Attributes);
        let page = if code { text.as_bytes().to_vec() } else { masked(text, pieces) };
        let mut from = 0;
        while let Some(start) = page.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'<')) {
            let start = from + start;
            from = start + 1;
            markup.tag(&page, start, code);
        }
        if let (Some(head), Some(end)) = (find(&page, b"<head", 0), find(&page, b"</head>", 0)) {
            markup.previews.push((head, end));
        }
        if language == Language::Script {
            markup.previews.extend(metadata(text));
        }
        markup
    }

    fn tag(&mut self, page: &[u8], start: usize, code: bool) {
        // What follows a name at once is a type of a script or a comparison.
        let glued = code && start > 0 && page[start - 1].is_ascii_alphanumeric();
        let name: Vec<u8> =
            page[start + 1..].iter().copied().take_while(|byte| is_name(*byte)).take(60).collect();
        if glued || !name.first().is_some_and(u8::is_ascii_alphabetic) {
            return;
        }
        let Some(to) = end_of_tag(page, start, code) else { return };
        let name = String::from_utf8_lossy(&name).into_owned();
        if name == "script" {
            let end = find(page, b"</script", to).unwrap_or(page.len());
            let opening = String::from_utf8_lossy(&page[start..to]);
            if opening.contains("ld+json") {
                self.previews.push((start, end));
            } else if !code {
                // A component's own script is its code.
                self.scripts.push((start, end));
            }
        }
        self.tags.push(Tagged { from: start, to, spot: spot_of(&name) });
    }

    /// Whether this place is in the head, in structured data, or in what describes a page to machines.
    pub(super) fn is_for_machines(&self, at: usize) -> bool {
        self.previews.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    /// What becomes of a value at this place.
    pub(super) fn spot(&self, at: usize) -> Spot {
        let within = |spans: &[(usize, usize)]| spans.iter().any(|(from, to)| (*from..*to).contains(&at));
        let innermost = self.tags.iter().rev().find(|tag| (tag.from..tag.to).contains(&at));
        match innermost {
            _ if self.is_for_machines(at) => Spot::Preview,
            _ if within(&self.scripts) => Spot::Nothing,
            Some(tag) => tag.spot,
            None if self.language == Language::Script || self.language == Language::Attributes => {
                Spot::Nothing
            }
            None => Spot::Page,
        }
    }
}

/// Whether this name of a file or component says that it is about previews.
pub(super) fn is_for_previews(name: &str) -> bool {
    words_of(name).iter().any(|word| PREVIEW.contains(&word.as_str()))
}

/// The words in a name, whichever way they are joined.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut low = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && low) {
            words.push(String::new());
        }
        low = letter.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn spot_of(name: &str) -> Spot {
    let words = words_of(name);
    let is = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let component = name.starts_with(|first: char| first.is_ascii_uppercase());
    match name {
        "meta" | "link" => Spot::Preview,
        // Types of a script look like elements.
        "string" | "number" | "boolean" => Spot::Nothing,
        _ if !component || is(&DRAWN) => Spot::Page,
        _ if is(&PREVIEW) || is(&AROUND) => Spot::Preview,
        _ => Spot::Page,
    }
}

/// Stretches of a script in which a page describes itself to machines.
fn metadata(text: &str) -> Vec<(usize, usize)> {
    let marks =
        ["generateMetadata", "const metadata", "const Head ", "function Head(", "const Head:", "jsonLd ="];
    let spans = marks.iter().flat_map(|mark| {
        text.match_indices(mark).map(|(from, _)| {
            let ends = ["\n}\n", "\n};", "\n})"].iter().filter_map(|end| text[from..].find(end));
            (from, ends.min().map_or(text.len(), |length| from + length))
        })
    });
    spans.collect()
}

/// The text with its code left out.
fn masked(text: &str, pieces: &[Piece<'_>]) -> Vec<u8> {
    let mut page = text.as_bytes().to_vec();
    for piece in pieces {
        if let Some(code) = page.get_mut(piece.at.saturating_sub(2)..piece.end) {
            code.fill(b'x');
        }
    }
    page
}

/// Where the opening of an element ends.
fn end_of_tag(page: &[u8], start: usize, code: bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (index, byte) in page.iter().enumerate().skip(start + 1).take(LONGEST_TAG) {
        match (quote, byte) {
            (Some(open), _) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if depth == 0 => quote = Some(*byte),
            (None, b'{') if code => depth += 1,
            (None, b'}') if code => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(index + 1),
            _ => {}
        }
    }
    None
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')
}

fn find(page: &[u8], sought: &[u8], from: usize) -> Option<usize> {
    let rest = page.get(from..)?;
    rest.windows(sought.len()).position(|part| part == sought).map(|found| from + found)
}

/// The last part of a path, without its ending.
pub(super) fn base(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').find(|part| !part.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::super::lexer::pieces;
    use super::*;

    fn spot(text: &str, language: Language) -> Spot {
        let markup = Markup::of(text, language, &pieces(text, language));
        markup.spot(text.find('@').unwrap())
    }

    #[test]
    fn the_element_around_a_value_says_who_sees_it() {
        let cases = [
            (Language::Liquid, "<meta property=\"og:image\" content=\"{{ @ }}\">", Spot::Preview),
            (Language::Liquid, "<meta charset=\"a\"><img src=\"{{ @ }}\">", Spot::Page),
            (Language::Liquid, "<html><head><title>{{ @ }}</title></head></html>", Spot::Preview),
            (Language::Liquid, "<script type=\"application/ld+json\">{{ @ }}</script>", Spot::Preview),
            (Language::Liquid, "<script>var a = {{ @ }}</script>", Spot::Nothing),
            (Language::Liquid, "{% if a > b %}<div style=\"{{ @ }}\">", Spot::Page),
            (Language::Script, "const a = @;\n<p/>", Spot::Nothing),
            (Language::Script, "useState<string>(@)", Spot::Nothing),
            (Language::Script, "{a && <Image onClick={() => 1} src={@} />}", Spot::Page),
            (Language::Script, "<BaseHead image={@} />", Spot::Preview),
            (Language::Script, "<Layout image={@} />", Spot::Preview),
            (Language::Script, "<PostHeader image={@} />", Spot::Page),
            (Language::Script, "<Masthead image={@} />", Spot::Page),
            (Language::Script, "export function generateMetadata() {\n  return @;\n}", Spot::Preview),
        ];
        for (language, text, expected) in cases {
            assert_eq!(spot(text, language), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_cut_into_its_words() {
        assert_eq!(words_of("BaseHead-og_image.v2"), ["base", "head", "og", "image", "v2"]);
    }
}
