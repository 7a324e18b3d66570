//! Posts that are one post in several languages, known by their paths: `a.md` and `a.de.md`, `en/a.md` and
//! `de/a.md`. They share one picture.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::target::join;
use crate::post::path::{self, MARKDOWN, is_within};

/// The languages of ISO 639-1, in order.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee \
     el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka \
     kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn \
     no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te \
     tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// How a site keeps its languages apart, beside endings of names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Languages {
    /// Folders that hold everything in one language, relative to the site's; the first is the main one's.
    pub folders: Vec<String>,
    /// The main language has no folder of its own: the others' lie among its posts.
    pub main_is_bare: bool,
    /// Folders in which translations lie apart: `i18n/*/plugin`, and the folder of which they are translations.
    pub apart: Vec<(String, String)>,
}

impl Languages {
    /// The same for a site that lies in a folder of the root.
    pub(super) fn below(&self, folder: &str) -> Self {
        let of = |path: &String| join(folder, path);
        let apart = self.apart.iter().map(|(pattern, original)| (of(pattern), of(original)));
        Self {
            folders: self.folders.iter().map(of).collect(),
            main_is_bare: self.main_is_bare,
            apart: apart.collect(),
        }
    }
}

/// Which posts of a site are translations of each other.
#[derive(Debug, Default)]
pub(super) struct Translations {
    /// Posts that have others, by path: which set is theirs.
    sets: HashMap<String, usize>,
    /// The posts of every set, the original first.
    members: Vec<Vec<String>>,
}

impl Translations {
    /// Finds them among posts, lists of paths in order. Paths are relative to the root, as are the folders of
    /// the languages.
    pub(super) fn among(posts: &[&[String]], starts: &[String], languages: &Languages) -> Self {
        let reader = LanguageReader { starts, languages };
        let mut found: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        let keys = posts.par_iter().copied().flatten().filter_map(|post| Some((reader.key(post)?, post)));
        for (key, post) in keys.collect::<Vec<_>>() {
            found.entry(key).or_default().push(post);
        }
        let mut translations = Self::default();
        for (key, mut members) in found {
            let bare = MARKDOWN.iter().map(|extension| format!("{key}.{extension}"));
            let bare = bare.filter_map(|bare| {
                posts.iter().find_map(|posts| posts.get(posts.binary_search(&bare).ok()?))
            });
            members.extend(bare.collect::<Vec<_>>());
            members.sort_by_cached_key(|post| (reader.rank(post), (*post).clone()));
            members.dedup();
            if members.len() > 1 {
                let set = translations.members.len();
                translations.sets.extend(members.iter().map(|post| ((*post).clone(), set)));
                translations.members.push(members.into_iter().cloned().collect());
            }
        }
        translations
    }

    /// The post that names the picture of this one: itself, where it has no translations.
    pub(super) fn original<'a>(&'a self, post: &'a str) -> &'a str {
        self.set(post).first().map_or(post, String::as_str)
    }

    /// The other posts of the set.
    pub(super) fn others<'a>(&'a self, post: &'a str) -> impl Iterator<Item = &'a str> {
        self.set(post).iter().map(String::as_str).filter(move |other| *other != post)
    }

    /// Every post that is a translation of another, and that other.
    pub(super) fn originals(&self) -> HashMap<String, String> {
        let all = self.members.iter().filter_map(|members| members.split_first());
        all.flat_map(|(original, others)| others.iter().map(|other| (other.clone(), original.clone())))
            .collect()
    }

    fn set(&self, post: &str) -> &[String] {
        self.sets.get(post).and_then(|set| self.members.get(*set)).map_or(&[], Vec::as_slice)
    }
}

/// Reads the language off a path.
struct LanguageReader<'a> {
    starts: &'a [String],
    languages: &'a Languages,
}

impl LanguageReader<'_> {
    /// What translations have in common: the path without language and ending; `None` where the path says none.
    fn key(&self, post: &str) -> Option<String> {
        let folder = path::folder(post);
        let (stem, by_name) = match path::stem(post).rsplit_once('.') {
            Some((stem, language)) if !stem.is_empty() && is_language(language) => (stem, true),
            _ => (path::stem(post), false),
        };
        match self.without_folder(folder) {
            Some((_, folder)) => Some(join(&folder, stem)),
            None => by_name.then(|| join(folder, stem)),
        }
    }

    /// The folder of a post without its language, and the language.
    fn without_folder<'p>(&self, folder: &'p str) -> Option<(&'p str, String)> {
        let Languages { folders, main_is_bare, apart } = self.languages;
        for (pattern, of) in apart {
            let Some((before, after)) = pattern.split_once('*') else { continue };
            let Some(rest) = folder.strip_prefix(before) else { continue };
            let Some((language, rest)) = rest.split_once('/') else { continue };
            let Some(rest) = rest.strip_prefix(after.trim_start_matches('/')) else { continue };
            return Some((language, join_rest(of, rest.trim_start_matches('/'))));
        }
        if let Some(own) = folders.iter().find(|own| is_within(folder, own)) {
            return Some((&folder[..own.len()], join_rest("*", folder[own.len()..].trim_start_matches('/'))));
        }
        let start = self.starts.iter().find(|start| is_within(folder, start))?;
        // Above the section, or below it.
        let inner = folder[start.len()..].trim_start_matches('/');
        let at = inner.split('/').position(is_language)?;
        let parts: Vec<&str> = inner.split('/').collect();
        let before = join_rest(start, &parts[..at].join("/"));
        let place = if *main_is_bare { before } else { join(&before, "*") };
        Some((parts.get(at)?, join_rest(&place, parts.get(at + 1..)?.join("/").as_str())))
    }

    /// The original has the lowest: no language at all, else the main one's folder, else English.
    fn rank(&self, post: &str) -> usize {
        let by_name =
            path::stem(post).rsplit_once('.').map(|(_, language)| language).filter(|l| is_language(l));
        let by_folder = self.without_folder(path::folder(post)).map(|(language, _)| language);
        let main = self.languages.folders.first().map(String::as_str);
        match (by_name, by_folder) {
            (None, None) => 0,
            (None, Some(folder)) if Some(folder) == main => 1,
            (Some(language), _) | (None, Some(language)) if is_english(language) => 2,
            _ => 3,
        }
    }
}

fn join_rest(folder: &str, rest: &str) -> String {
    if rest.is_empty() { folder.to_owned() } else { join(folder, rest) }
}

fn is_english(language: &str) -> bool {
    language.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

/// `de`, `pt-br`, `zh_Hans`.
pub(super) fn is_language(name: &str) -> bool {
    let (language, region) = name.split_once(['-', '_']).unwrap_or((name, ""));
    language.len() == 2
        && LANGUAGES.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(language))
        && region.len() <= 4
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sets(posts: &[&str], starts: &[&str], languages: &Languages) -> Vec<Vec<String>> {
        let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let mut posts = own(posts);
        posts.sort_unstable();
        Translations::among(&[&posts], &own(starts), languages).members
    }

    #[test]
    fn the_ending_of_a_name_is_a_language_where_a_sister_stands_beside_it() {
        let posts = [
            "c/a/index.md",
            "c/a/index.fr.md",
            "c/a/index.de.md",
            "c/b.en.md",
            "c/b.pt-br.mdx",
            "c/v1.io.md",
        ];
        let right =
            [vec!["c/a/index.md", "c/a/index.de.md", "c/a/index.fr.md"], vec!["c/b.en.md", "c/b.pt-br.mdx"]];
        assert_eq!(sets(&posts, &["c"], &Languages::default()), right);
        let others = ["c/a.md", "c/a.draft.md", "c/notes.go.md", "c/notes.md", "c/x.js.md", "c/.de.md"];
        assert!(sets(&others, &["c"], &Languages::default()).is_empty());
    }

    #[test]
    fn folders_of_languages_lie_side_by_side() {
        let posts = ["content/de/blog/a.md", "content/en/blog/a.md", "content/blog/a.md", "content/js/a.md"];
        let right = vec!["content/en/blog/a.md".to_owned(), "content/de/blog/a.md".to_owned()];
        assert_eq!(sets(&posts, &["content"], &Languages::default()), [right]);
    }

    #[test]
    fn a_site_says_where_its_languages_are() {
        let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let named =
            Languages { folders: own(&["content/english", "content/deutsch"]), ..Languages::default() };
        let posts = ["content/deutsch/a.md", "content/english/a.md"];
        let right = [vec!["content/english/a.md", "content/deutsch/a.md"]];
        assert_eq!(sets(&posts, &["content"], &named), right);
        let bare = Languages { main_is_bare: true, ..Languages::default() };
        let posts = ["docs/blog/a.md", "docs/de/blog/a.md", "docs/ja/blog/a.md"];
        assert_eq!(sets(&posts, &["docs"], &bare), [posts.to_vec()]);
        let plugin = ("i18n/*/docusaurus-plugin-content-blog".to_owned(), "blog".to_owned());
        let apart = Languages { apart: vec![plugin], ..Languages::default() };
        let posts = ["blog/x/index.md", "i18n/fr/docusaurus-plugin-content-blog/x/index.md"];
        assert_eq!(sets(&posts, &["blog", "i18n"], &apart), [posts.to_vec()]);
    }

    proptest! {
        #[test]
        fn every_post_of_a_set_has_the_same_original(posts in prop::collection::vec("(c/)?(en/|de/|fr/)?[ab](\\.de|\\.en)?\\.mdx?", 1..12)) {
            let mut posts = posts;
            posts.sort_unstable();
            posts.dedup();
            let starts = ["c".to_owned(), String::new()];
            let translations = Translations::among(&[&posts], &starts, &Languages::default());
            for post in &posts {
                let original = translations.original(post);
                prop_assert_eq!(translations.original(original), original);
                for other in translations.others(post) {
                    prop_assert_eq!(translations.original(other), original);
                }
            }
        }
    }
}
