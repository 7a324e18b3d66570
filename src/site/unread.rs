//! Fields in which posts name pictures, but which nothing shows any more: those of a theme that the site had before.

use super::claim::{Claim, Evidence, Visibility};
use super::field::Field;
use super::folder::SiteFolder;
use super::templates::TemplateRules;

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
    }
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
