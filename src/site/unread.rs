//! Fields in which posts name pictures, but which nothing shows any more: those of a theme that the site had before.

use super::claim::{Claim, Evidence, Visibility};
use super::field::{Field, Held, held, names_picture_in};
use super::folder::SiteFolder;
use super::templates::TemplateRules;
use super::theme::naming::package;
use crate::post::Post;

/// So many files are looked through; more are taken to have read the field.
const MOST: usize = 1000;
/// Mappings of everything that a post says.
const OF_ALL: [&str; 2] = ["extra", "params"];

/// Which templates of a post's page are in the repository.
#[derive(Debug, Clone, Copy)]
pub(super) enum TemplatesThere<'a> {
    /// Every one.
    All,
    /// Those that the site has besides a theme that is known by its name.
    ThoseBesideATheme {
        /// As the theme writes itself.
        name: &'a str,
        /// Keys that the theme shows besides its field.
        reads: &'a [&'a str],
    },
    /// Every one, in scripts that may take a field apart elsewhere.
    Scripts,
}

/// Where else than on the page of a post a reader meets the pictures that posts name in this field, for people; nothing
/// where the page shows them, or nobody knows.
pub(super) fn elsewhere(field: &Field, claims: &[Claim]) -> Option<String> {
    let of_it = |claim: &&Claim| claim.field.as_ref().is_some_and(|other| other.path == field.path);
    let known = claims.iter().filter(of_it).find(|claim| claim.visibility != Visibility::Unknown)?;
    (known.visibility == Visibility::Preview).then(|| known.because.clone())
}

/// A field in which some posts name their pictures instead of in the site's, and which nothing shows on their pages.
#[derive(Debug)]
pub(super) struct UnreadField {
    /// Its dotted path.
    pub path: String,
    /// Why nobody sees it, for people.
    pub why: String,
}

/// Those of the `others` that some of the posts fill and nothing shows; `own` is the site's field.
pub(super) fn among(
    others: &[String],
    own: Option<&Field>,
    sample: &[Post],
    why: impl Fn(&Field) -> Option<String>,
) -> Vec<UnreadField> {
    let Some(own) = own else { return Vec::new() };
    let lacks = |post: &&Post| held(post.front_matter(), &own.path) == Held::Nothing;
    let without: Vec<&Post> = sample.iter().filter(lacks).collect();
    let is_filled = |path: &&String| without.iter().any(|post| names_picture_in(post.front_matter(), path));
    let unread = others.iter().filter(is_filled).filter_map(|path| {
        let why = why(&Field { path: path.clone(), alt: None, list: false })?;
        Some(UnreadField { path: path.clone(), why })
    });
    unread.collect()
}

/// Why nobody will see the pictures that posts name in this field, for people; nothing where somebody may. `claims` are
/// those of schema, templates and theme, and `rules` say how templates are read.
pub(super) fn why(
    field: &Field,
    claims: &[Claim],
    site: &SiteFolder<'_>,
    rules: &TemplateRules,
    there: TemplatesThere<'_>,
) -> Option<String> {
    let of_it = |claim: &Claim| claim.field.as_ref().is_some_and(|other| other.path == field.path);
    if claims.iter().any(of_it) {
        return None;
    }
    let nowhere =
        |claim: &&Claim| claim.evidence == Evidence::Theme && claim.visibility == Visibility::Nowhere;
    if let Some(theme) = claims.iter().find(nowhere) {
        return Some(theme.because.clone());
    }
    let key = field.path.split('.').find(|key| !OF_ALL.contains(key))?;
    let files = || Some(site.files_below("", rules.endings, MOST)).filter(|files| files.len() < MOST);
    let read = claims.iter().find_map(|claim| claim.field.as_ref());
    match there {
        TemplatesThere::All => {
            if files()?.iter().any(|file| speaks_of(&site.text(file), key)) {
                return None;
            }
            let read = read.map(|field| format!("; they read `{}`", field.path)).unwrap_or_default();
            Some(format!("no template of the site reads it{read}"))
        }
        TemplatesThere::ThoseBesideATheme { name, reads } => {
            let of_theme = claims.iter().find(|claim| claim.evidence == Evidence::Theme)?.field.as_ref()?;
            let first = |path: &'_ str| path.split('.').find(|key| !OF_ALL.contains(key)).map(str::to_owned);
            let is_known = first(&of_theme.path).as_deref() == Some(key) || reads.contains(&key);
            if is_known || files()?.iter().any(|file| has_word(&site.text(file), key)) {
                return None;
            }
            Some(format!("the theme {name} reads `{}`", of_theme.path))
        }
        TemplatesThere::Scripts => {
            let endings = [rules.endings, rules.scripts].concat();
            let files = site.files_below("", &endings, MOST);
            let is_open = |text: &str| has_word(text, key) || hands_on_everything(text);
            if files.len() == MOST
                || is_made_elsewhere(site)
                || files.iter().any(|file| is_open(&site.text(file)))
            {
                return None;
            }
            let read = read.map(|field| format!("; they read `{}`", field.path)).unwrap_or_default();
            Some(format!("no component of the site reads it{read}"))
        }
    }
}

/// Whether a script gives all fields of a post at once to something that may read any of them: `{...frontmatter}`.
fn hands_on_everything(script: &str) -> bool {
    const ALL: [&str; 7] = ["frontmatter", "data", "meta", "metadata", "matter", "post", "entry"];
    script.split("...").skip(1).any(|rest| {
        let end = rest.find(|next: char| !next.is_alphanumeric() && !"_.$?!".contains(next));
        let name = rest[..end.unwrap_or(rest.len())].to_lowercase();
        name.rsplit('.').next().is_some_and(|last| ALL.iter().any(|all| last.ends_with(all)))
    })
}

/// Whether packages make pages as well: a theme, or one that lies elsewhere in the repository.
fn is_made_elsewhere(site: &SiteFolder<'_>) -> bool {
    /// Those that only switch between light and dark.
    const NO_PAGES: [&str; 2] = ["next-themes", "@radix-ui/themes"];
    let text = site.text("package.json");
    let is_theme = |name: &String| {
        let words = ["theme", "starlight", "nextra", "fumadocs"];
        words.iter().any(|word| name.contains(word)) && !NO_PAGES.contains(&name.as_str())
    };
    package(site).iter().any(is_theme)
        || ["\"workspace:", "\"file:", "\"link:", "\"portal:"].iter().any(|place| text.contains(place))
}

/// Whether a template has this word in one of its tags, whatever for.
fn speaks_of(template: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    let tags = [("{{", "}}"), ("{%", "%}")].into_iter().flat_map(|(open, close)| {
        template.split(open).skip(1).map(move |tag| tag.split(close).next().unwrap_or(tag).to_lowercase())
    });
    tags.into_iter().any(|tag| has_word(&tag, &word))
}

/// Whether it stands there as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|part: char| !part.is_alphanumeric() && part != '_' && part != '-')
        .any(|part| part.eq_ignore_ascii_case(word))
}
