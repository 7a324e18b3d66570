//! The pages of a built site by their addresses, and which of them a post may be.
//!
//! Permalinks follow patterns that only the generator's configuration knows, so none is computed: an
//! address nearly always ends with the post's name or its title, and what stands before tells apart those
//! that share one.

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::squash::squash;
use super::{Sought, page};

/// Folders of pages that list posts.
const LISTS: [&str; 16] = [
    "tags",
    "tag",
    "categories",
    "category",
    "topics",
    "topic",
    "series",
    "authors",
    "author",
    "archives",
    "archive",
    "page",
    "search",
    "feed",
    "keywords",
    "kategorien",
];
/// Names of files that stand for their folder.
const INDEX: [&str; 5] = ["index", "_index", "readme", "+page", "page"];

/// The pages.
#[derive(Debug)]
pub(super) struct Pages {
    files: Vec<String>,
    /// By the whole address, without `index.html`, ending and slashes around it.
    by_address: HashMap<String, u32>,
    /// By what is left of the last part of the address.
    by_name: HashMap<String, Vec<u32>>,
    /// By title; known when the first post is looked for so.
    by_title: OnceLock<HashMap<String, Vec<u32>>>,
}

/// A page that may be the post's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageCandidate {
    pub page: u32,
    points: i32,
}

/// Points from which the address alone is enough.
const SURE: i32 = 10;

impl PageCandidate {
    /// Whether the address alone says that it is the post's page.
    pub(super) fn is_sure(&self) -> bool {
        self.points >= SURE
    }
}

impl Pages {
    pub(super) fn new(files: Vec<String>) -> Self {
        let mut by_address = HashMap::with_capacity(files.len());
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::with_capacity(files.len());
        for (number, file) in (0..).zip(&files) {
            let address = address(file);
            by_name.entry(squash(last(address))).or_default().push(number);
            by_address.insert(address.to_owned(), number);
        }
        Self { files, by_address, by_name, by_title: OnceLock::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Path of the page's file.
    pub(super) fn file(&self, page: u32) -> Option<&str> {
        self.files.get(page as usize).map(String::as_str)
    }

    /// Pages from everywhere, a few.
    pub(super) fn samples(&self) -> impl Iterator<Item = u32> {
        const MOST: usize = 24;
        (0_u32..).take(self.files.len()).step_by(self.files.len().div_ceil(MOST).max(1))
    }

    /// The page at a path below the site.
    pub(super) fn at(&self, path: &str) -> Option<u32> {
        self.by_address.get(address(path.trim_matches('/'))).copied()
    }

    /// The pages whose address fits, best first.
    pub(super) fn candidates(&self, post: &Sought) -> Vec<PageCandidate> {
        let mut found: Vec<PageCandidate> = Vec::new();
        let named = post.addresses.iter().filter_map(|address| self.at(address));
        found.extend(named.map(|page| PageCandidate { page, points: 10 * SURE }));
        let folders: Vec<String> = folders(&post.path).map(squash).collect();
        for (name, points) in names(post) {
            let pages = self.by_name.get(&name).into_iter().flatten().copied();
            let pages = pages.filter(|page| !found.iter().any(|one| one.page == *page)).collect::<Vec<_>>();
            found.extend(
                pages
                    .into_iter()
                    .map(|page| PageCandidate { page, points: points + self.points(page, post, &folders) }),
            );
        }
        let length = |page: u32| self.file(page).map_or(0, str::len);
        found.sort_by_key(|one| (std::cmp::Reverse(one.points), length(one.page), one.page));
        found
    }

    /// How well the folders of a page fit the post.
    fn points(&self, page: u32, post: &Sought, folders: &[String]) -> i32 {
        let Some(file) = self.file(page) else { return 0 };
        let address = address(file);
        let mut points = 0;
        let mut dated = 0;
        for part in address.split('/').rev().skip(1).filter(|part| !part.is_empty()) {
            let plain = squash(part);
            let date = post
                .date
                .iter()
                .flatten()
                .any(|of| of.trim_start_matches('0') == part.trim_start_matches('0'));
            if folders.contains(&plain) {
                points += SURE;
            } else if LISTS.contains(&plain.as_str()) {
                points -= 2 * SURE;
            } else if date && part.bytes().all(|byte| byte.is_ascii_digit()) {
                dated += 1;
            } else {
                points -= 1;
            }
        }
        points + if dated >= 2 { SURE } else { 0 }
    }

    /// The page that has this title, where there is only one but for lists.
    pub(super) fn titled(
        &self,
        title: &str,
        post: &Sought,
        text: impl Fn(u32) -> Option<String> + Sync,
    ) -> Option<u32> {
        let titles = self.by_title.get_or_init(|| {
            let pages = (0..self.files.len()).into_par_iter().filter_map(|number| {
                let number = u32::try_from(number).ok()?;
                let page = page::read(&text(number)?);
                (page.forwards_to.is_none() && !page.is_list()).then(|| (number, page.titles()))
            });
            let mut titles: HashMap<String, Vec<u32>> = HashMap::new();
            for (page, of_page) in pages.collect::<Vec<_>>() {
                of_page.into_iter().for_each(|title| titles.entry(title).or_default().push(page));
            }
            titles
        });
        let folders: Vec<String> = folders(&post.path).map(squash).collect();
        let pages = titles.get(&squash(title))?;
        let best = |page: &u32| (self.points(*page, post, &folders), std::cmp::Reverse(*page));
        pages.iter().copied().max_by_key(best)
    }
}

/// The address of a file without `index.html`, ending and slashes around it.
fn address(file: &str) -> &str {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = ["html", "htm", "xhtml"].iter().find_map(|ending| {
        let (stem, found) = name.rsplit_once('.')?;
        found.eq_ignore_ascii_case(ending).then_some(stem)
    });
    match stem {
        Some(stem) if stem.eq_ignore_ascii_case("index") => folder,
        Some(stem) => &file[..file.len() - (name.len() - stem.len())],
        None => file,
    }
}

fn last(address: &str) -> &str {
    address.rsplit_once('/').map_or(address, |(_, last)| last)
}

/// Folders of a post.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/').filter(|part| !part.is_empty())
}

/// What the last part of the post's address may be, squashed, with the points for it.
fn names(post: &Sought) -> Vec<(String, i32)> {
    let mut names: Vec<(String, i32)> = Vec::new();
    let mut add = |name: &str, points: i32| {
        let name = squash(name);
        if !name.is_empty() && !names.iter().any(|(known, _)| *known == name) {
            names.push((name, points));
        }
    };
    for given in &post.addresses {
        add(last(address(given.trim_matches('/'))), 2 * SURE);
    }
    let file = last(&post.path);
    let mut stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // `index.fr.md` is the French one.
    if let Some((before, language)) = stem.rsplit_once('.')
        && matches!(language.len(), 2 | 5)
        && language.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
    {
        stem = before;
    }
    if INDEX.iter().any(|index| stem.eq_ignore_ascii_case(index)) {
        stem = folders(&post.path).last().unwrap_or(stem);
    }
    let plain = crate::post::date::prefix(stem).map_or(stem, |(_, rest)| rest);
    add(plain, 3);
    add(stem, 3);
    // Numbers that only order.
    add(plain.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_')), 1);
    if let Some(title) = &post.title {
        add(title, 2);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(files: &[&str], post: Sought) -> Option<String> {
        let pages = Pages::new(files.iter().map(|&file| file.to_owned()).collect());
        let found = pages.candidates(&post);
        Some(pages.file(found.first()?.page)?.to_owned())
    }

    fn post(path: &str) -> Sought {
        Sought { path: path.to_owned(), ..Sought::default() }
    }

    fn dated(path: &str, date: [&str; 3]) -> Sought {
        Sought { date: Some(date.map(str::to_owned)), ..post(path) }
    }

    #[test]
    fn the_address_of_every_generator_leads_from_the_post_to_its_page() {
        let day = ["2026", "10", "01"];
        for (path, page) in [
            ("content/posts/harbour.md", "posts/harbour/index.html"),
            ("content/posts/harbour/index.md", "posts/harbour/index.html"),
            ("content/posts/harbour.fr.md", "fr/posts/harbour/index.html"),
            ("_posts/2026-10-01-harbour.md", "2026/10/01/harbour.html"),
            ("_posts/2026-10-01-harbour.md", "posts/harbour/index.html"),
            ("src/content/blog/harbour.mdx", "blog/harbour/index.html"),
            ("blog/2026-10-01-harbour/index.md", "blog/2026/10/01/harbour/index.html"),
            ("content/2026-10-01-harbour.md", "harbour/index.html"),
            ("content/blog/2026-10-01-harbour.md", "content/blog/2026-10-01-harbour/index.html"),
            ("source/_posts/harbour.md", "2026/10/01/harbour/index.html"),
            ("posts/harbour.mdx", "posts/harbour.html"),
            ("app/blog/harbour/page.mdx", "blog/harbour.html"),
            ("content/blog/1.harbour.md", "blog/harbour/index.html"),
            ("content/Notes/My Harbour.md", "Notes/My-Harbour.html"),
            ("docs/blog/posts/harbour.md", "blog/2026/10/01/harbour/index.html"),
            ("src/routes/blog/harbour/+page.md", "blog/harbour.html"),
        ] {
            let others = ["index.html", "tags/harbour/index.html", "about/index.html", "blog/index.html"];
            let files: Vec<_> = others.into_iter().chain([page]).collect();
            assert_eq!(first(&files, dated(path, day)).as_deref(), Some(page), "{path}");
        }
    }

    #[test]
    fn what_the_post_says_about_its_address_goes_before_its_name() {
        let files = ["posts/harbour/index.html", "boats/early.html", "boats/dawn/index.html"];
        for (address, page) in
            [("/boats/early.html", 1), ("/boats/early", 1), ("boats/dawn/", 2), ("dawn", 2)]
        {
            let asked = Sought { addresses: vec![address.to_owned()], ..post("content/posts/harbour.md") };
            let found = first(&files, asked);
            assert_eq!(found.as_deref(), Some(files[page]), "{address}");
        }
    }

    #[test]
    fn the_folders_of_the_post_and_its_date_tell_pages_of_one_name_apart() {
        let files =
            ["2025/10/01/a.html", "2026/10/01/a.html", "category/a.html", "fr/posts/a.html", "posts/a.html"];
        assert_eq!(first(&files, post("content/posts/a.md")).as_deref(), Some("posts/a.html"));
        assert_eq!(first(&files, post("content/fr/posts/a.md")).as_deref(), Some("fr/posts/a.html"));
        let asked = dated("_posts/2026-10-01-a.md", ["2026", "10", "01"]);
        assert_eq!(first(&files[..3], asked).as_deref(), Some("2026/10/01/a.html"));
    }
}
