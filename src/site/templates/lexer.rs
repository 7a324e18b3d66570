//! The code in a template, cut into words. Strings, names with their members and single signs are all that
//! the scanner tells apart; nothing is evaluated and nothing is refused.

/// How a template is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::site) enum Language {
    /// Go's templates.
    Hugo,
    /// Liquid.
    Liquid,
    /// Nunjucks, Tera, Jinja, Twig and Swig.
    Jinja,
    /// EJS.
    Ejs,
    /// Pug.
    Pug,
    /// Markup within a script: Astro, JSX, Svelte, templates in JavaScript.
    Script,
    /// Markup whose attributes hold code: Vue, `WebC`.
    Attributes,
}

impl Language {
    /// The language of a file by the ending of its name; `html` is that of one that ends so.
    pub(super) fn of(path: &str, html: Self) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        Some(match ending {
            "html" => html,
            "liquid" => Self::Liquid,
            "njk" | "swig" | "j2" | "jinja" | "jinja2" | "twig" | "tera" | "nunjucks" => Self::Jinja,
            "ejs" => Self::Ejs,
            "pug" | "jade" => Self::Pug,
            "astro" | "jsx" | "tsx" | "js" | "ts" | "mjs" | "cjs" | "svelte" | "mdx" => Self::Script,
            "vue" | "webc" => Self::Attributes,
            _ => return None,
        })
    }
}

/// What a piece of code does to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its value stands in the page.
    Output,
    /// It decides or remembers.
    Statement,
    /// Either, to be told by the markup around it.
    Mixed,
}

/// A piece of code in a template.
#[derive(Debug)]
pub(super) struct Piece<'t> {
    pub role: Role,
    /// Where the code begins in the file.
    pub at: usize,
    /// Where the piece ends, its closing mark included.
    pub end: usize,
    pub code: &'t str,
}

/// A word of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Name(Reference),
    Text(String),
    Sign(char),
}

/// A name with its members: `page.image.path`, `$.Params.cover`, `images[0]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reference {
    /// Where it begins in the file.
    pub at: usize,
    /// Whether it begins with a dot, that is with what the template or the expression before it is about.
    pub dot: bool,
    /// Whether it begins with `$.`: what the whole template is about.
    pub outermost: bool,
    pub steps: Vec<String>,
    /// Whether an entry by its number is taken.
    pub indexed: bool,
}

/// The pieces of code in a template.
pub(super) fn pieces(text: &str, language: Language) -> Vec<Piece<'_>> {
    let whole = |role| vec![Piece { role, at: 0, end: text.len(), code: text }];
    match language {
        Language::Hugo => between(text, &[("{{/*", "*/"), ("{{-/*", "*/"), ("{{- /*", "*/"), ("{{", "}}")]),
        Language::Liquid | Language::Jinja => between(
            text,
            &[
                ("{#", "#}"),
                ("{% comment %}", "endcomment"),
                ("{%- comment -%}", "endcomment"),
                ("{{", "}}"),
                ("{%", "%}"),
                ("${", "}"),
            ],
        ),
        Language::Ejs => between(text, &[("<%#", "%>"), ("<%=", "%>"), ("<%-", "%>"), ("<%", "%>")]),
        Language::Pug => lines(text),
        Language::Script | Language::Attributes => whole(Role::Mixed),
    }
}

/// What stands between these pairs of marks. Comments hold no code.
fn between<'t>(text: &'t str, marks: &[(&str, &str)]) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(['{', '<', '$']).map(|found| from + found) {
        let rest = &text[start..];
        if let Some(after) = rest.strip_prefix("<!--") {
            // What is commented out in the page is not shown.
            from = after.find("-->").map_or(text.len(), |length| start + 4 + length + 3);
            continue;
        }
        let Some((open, close)) = marks.iter().find(|(open, _)| rest.starts_with(open)) else {
            from = start + 1;
            continue;
        };
        let at = start + open.len();
        let Some(length) = text[at..].find(close) else {
            // A mark without its end is not code.
            from = at;
            continue;
        };
        let end = at + length + close.len();
        let role = match *open {
            "{{" | "<%=" | "<%-" | "${" => Some(Role::Output),
            "{%" | "<%" => Some(Role::Statement),
            _ => None,
        };
        if let Some(role) = role {
            pieces.push(Piece { role, at, end, code: &text[at..at + length] });
        }
        from = end;
    }
    pieces
}

/// Each line is a piece.
fn lines(text: &str) -> Vec<Piece<'_>> {
    let mut at = 0;
    let line = |code: &'_ str| {
        let start = at;
        at += code.len();
        (start, at)
    };
    let spans: Vec<(usize, usize)> = text.split_inclusive('\n').map(line).collect();
    let spans = spans.into_iter().filter(|(at, end)| !text[*at..*end].trim_start().starts_with("//"));
    spans.map(|(at, end)| Piece { role: Role::Mixed, at, end, code: &text[at..end] }).collect()
}

/// The words of a piece of code that begins at this place of the file.
pub(super) fn words(code: &str, at: usize, language: Language) -> Vec<Word> {
    let mut reader = Lexer { code, at, position: 0, language };
    let mut words = Vec::new();
    while let Some(word) = reader.next_word() {
        words.push(word);
    }
    words
}

struct Lexer<'c> {
    code: &'c str,
    at: usize,
    position: usize,
    language: Language,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.code.get(self.position..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.code.get(..self.position)?.chars().next_back()
    }

    fn next_word(&mut self) -> Option<Word> {
        loop {
            let first = self.rest().chars().next()?;
            if first.is_whitespace() {
                self.position += first.len_utf8();
            } else if !self.skip_comment() {
                return Some(self.word(first));
            }
        }
    }

    /// Steps over a comment of a script.
    fn skip_comment(&mut self) -> bool {
        if !matches!(self.language, Language::Script | Language::Ejs | Language::Attributes) {
            return false;
        }
        let rest = self.rest();
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |length| length + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |length| length + 3)
        } else if rest.starts_with("//") && self.before() != Some(':') {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            return false;
        };
        self.position += length;
        true
    }

    fn word(&mut self, first: char) -> Word {
        let at = self.at + self.position;
        let member = self.rest().chars().nth(1).is_some_and(begins_name);
        if begins_name(first) && first != '$' || (matches!(first, '.' | '$') && member) {
            return Word::Name(self.reference(at, first));
        }
        if first == '$' && self.rest().starts_with("$.") {
            self.position += 1;
            let mut reference = if self.rest().chars().nth(1).is_some_and(begins_name) {
                self.reference(at, '.')
            } else {
                Reference { at, ..Reference::default() }
            };
            reference.outermost = true;
            return Word::Name(reference);
        }
        if let Some(text) = self.string(first) {
            return Word::Text(text);
        }
        self.position += first.len_utf8();
        match (self.language, first) {
            (Language::Hugo, '.') => Word::Name(Reference { at, dot: true, ..Reference::default() }),
            _ => Word::Sign(first),
        }
    }

    /// A text in quotes.
    fn string(&mut self, quote: char) -> Option<String> {
        let quoted = match self.language {
            Language::Attributes => false,
            Language::Hugo => matches!(quote, '"' | '`'),
            // An apostrophe within a word opens nothing.
            _ => matches!(quote, '"' | '\'') && !self.before().is_some_and(char::is_alphanumeric),
        };
        if !quoted {
            return None;
        }
        let inner = self.rest().get(1..)?;
        let length = inner.find([quote, '\n'])?;
        let text = inner.get(..length).filter(|_| inner[length..].starts_with(quote))?.to_owned();
        if self.language == Language::Script && text.contains("${") {
            // It stands within a text in backticks: what it holds is code.
            return None;
        }
        self.position += length + 2;
        Some(text)
    }

    fn reference(&mut self, at: usize, first: char) -> Reference {
        let dot = first == '.';
        let mut reference = Reference { at, dot, ..Reference::default() };
        if dot {
            self.position += 1;
        }
        loop {
            let name = self.name();
            if name.is_empty() {
                return reference;
            }
            reference.steps.push(name);
            while self.entry(&mut reference) {}
            if !self.member() {
                return reference;
            }
        }
    }

    /// Steps to the next member, if there is one.
    fn member(&mut self) -> bool {
        let rest = self.rest();
        let mark = ["?.", "!.", "."].into_iter().find(|mark| {
            rest.strip_prefix(mark).and_then(|rest| rest.chars().next()).is_some_and(begins_name)
        });
        self.position += mark.map_or(0, str::len);
        mark.is_some()
    }

    /// An entry in brackets: a member by its name, or one by its number.
    fn entry(&mut self, reference: &mut Reference) -> bool {
        let rest = self.rest();
        let Some((inner, _)) =
            rest.trim_start_matches("?.").strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            return false;
        };
        let skipped = rest.len() - rest.trim_start_matches("?.").len();
        let length = skipped + inner.len() + 2;
        let key = inner.trim();
        let name = key.trim_matches(['"', '\'']);
        if !key.is_empty() && key.chars().all(|digit| digit.is_ascii_digit()) {
            reference.indexed = true;
        } else if name.len() + 2 == key.len() && name.chars().all(|part| part == '-' || within_name(part)) {
            reference.steps.push(name.to_owned());
        } else {
            return false;
        }
        self.position += length;
        true
    }

    fn name(&mut self) -> String {
        let rest = self.rest();
        // Liquid has names with a hyphen in them.
        let hyphen = |index: usize| {
            self.language == Language::Liquid && rest[index + 1..].chars().next().is_some_and(begins_name)
        };
        let end = rest.char_indices().find(|(index, part)| {
            !(within_name(*part)
                || *part == '$' && *index == 0
                || *part == '-' && *index > 0 && hyphen(*index))
        });
        let name = rest[..end.map_or(rest.len(), |(index, _)| index)].to_owned();
        self.position += name.len();
        name
    }
}

fn begins_name(first: char) -> bool {
    first.is_alphabetic() || first == '_' || first == '$'
}

fn within_name(part: char) -> bool {
    part.is_alphanumeric() || part == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(code: &str, language: Language) -> Vec<String> {
        let name = |word| match word {
            Word::Name(reference) => Some(reference.steps.join(".")),
            _ => None,
        };
        words(code, 0, language).into_iter().filter_map(name).collect()
    }

    #[test]
    fn names_are_read_with_their_members() {
        let cases = [
            (Language::Hugo, "$.Params.cover.image | absURL", vec!["Params.cover.image", "absURL"]),
            (Language::Hugo, "$image.Permalink", vec!["$image.Permalink"]),
            (
                Language::Liquid,
                "page.cover-img | default: page['share-img']",
                vec!["page.cover-img", "default", "page.share-img"],
            ),
            (Language::Script, "post?.data.images?.[0]", vec!["post.data.images"]),
            (Language::Script, "a-b // page.image", vec!["a", "b"]),
            (Language::Script, "don't page.image won't", vec!["don", "t", "page.image", "won", "t"]),
            (
                Language::Attributes,
                "<img :src=\"frontmatter.image\">",
                vec!["img", "src", "frontmatter.image"],
            ),
        ];
        for (language, code, expected) in cases {
            assert_eq!(names(code, language), expected, "{code}");
        }
    }

    #[test]
    fn comments_hold_no_code() {
        let cases = [
            (Language::Hugo, "{{/* .Params.a */}}{{ .b }}<!-- {{ .c }} -->"),
            (Language::Jinja, "{# a #}{% comment %}{{ x }}{% endcomment %}{{ b }}"),
            (Language::Ejs, "<%# a %><%= b %>"),
            (Language::Pug, "// a\n//- c\nb"),
        ];
        for (language, text) in cases {
            let pieces: Vec<&str> = pieces(text, language).iter().map(|piece| piece.code.trim()).collect();
            let pieces: Vec<&str> = pieces.iter().map(|code| code.trim_start_matches('.')).collect();
            assert_eq!(pieces, ["b"], "{text}");
        }
    }
}
