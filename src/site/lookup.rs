//! Finds the file that a value of a post names, wherever the site keeps it: beside the post, in a folder that
//! is published, and in the end by its name among all pictures of the repository.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ignore::WalkBuilder;
use percent_encoding::percent_decode_str;

use super::field::{is_address, names_hero};
use super::folders::Folders;
use super::target::join;
use crate::post::is_image;
use crate::post::path::{self, AboveRoot};

/// Longest value that is looked up; longer ones (inline data) are not paths.
const LONGEST_VALUE: usize = 1024;
/// So many pictures of the repository are remembered by their names.
const MOST_PICTURES: usize = 200_000;
/// Folders on top of a repository or a site whose files stand at the root of the site.
pub(super) const AT_ROOT: [&str; 3] = ["static", "public", "source"];
/// Those whose files do with some generator.
const MAYBE_AT_ROOT: [&str; 2] = ["assets", "src"];
/// Others from which generators and themes publish.
const PUBLISHED: [&str; 10] =
    ["content", "themes", "docs", "data", "media", "uploads", "www", "site", "images", "files"];

/// Where the pictures of a site may lie.
#[derive(Debug)]
pub(super) struct Lookup {
    root: PathBuf,
    /// The site's folder.
    folder: String,
    /// The path of the site's address, as in `https://example.com/blog/`: values may begin with it.
    base: Option<String>,
    /// Scheme and host of the site's address.
    host: Option<String>,
    /// Folders whose files all posts name from the root of the site, or of the repository; in this order.
    shared: Vec<String>,
    folders: Folders,
    /// Template of the folder in which a bare name is enough, as in a vault.
    pub attachments: Option<String>,
    /// Every picture of the repository, by its name in lower case; listed when the first value asks.
    pictures: OnceLock<HashMap<String, Vec<String>>>,
}

impl Lookup {
    /// `address` is the site's own, and `published` are folders at its root beside the usual ones, where its
    /// configuration says them.
    pub(super) fn new(root: &Path, folder: &str, address: Option<&str>, published: &[String]) -> Self {
        let (host, base) = address.map(host_and_path).unwrap_or_default();
        let (root, folder) = (root.to_owned(), folder.to_owned());
        let (attachments, pictures) = (None, OnceLock::new());
        let usual = AT_ROOT.iter().chain(&MAYBE_AT_ROOT).copied();
        let at_root = published.iter().map(String::as_str).chain(usual).map(|name| join(&folder, name));
        let above = (!folder.is_empty()).then(String::new);
        let shared = at_root.chain([folder.clone()]).chain(above).chain([join(&folder, "content")]).collect();
        Self { shared, folders: Folders::new(&root), root, folder, base, host, attachments, pictures }
    }

    /// The file a value of this post names, relative to the root.
    pub(super) fn find(&self, post: &str, value: &str) -> Option<String> {
        self.find_exactly(post, value).or_else(|| self.find_by_end(value))
    }

    /// The file to which a value of this post leads as it stands.
    pub(super) fn find_exactly(&self, post: &str, value: &str) -> Option<String> {
        let value = self.path_in(value)?;
        let plain = value.split(['?', '#']).next().unwrap_or(value);
        // Most values are found as they stand.
        let found = self.look_up(post, value);
        let found = found.or_else(|| if plain == value { None } else { self.look_up(post, plain) });
        found.or_else(|| {
            let decoded = percent_decode_str(plain).decode_utf8_lossy();
            if decoded == plain { None } else { self.look_up(post, &decoded) }
        })
    }

    /// A picture whose path ends as the value says, in whatever letter case: themes and helpers put folders
    /// in front of what a post names. It takes a walk through the repository.
    pub(super) fn find_by_end(&self, value: &str) -> Option<String> {
        let value = self.path_in(value)?;
        let plain = value.split(['?', '#']).next().unwrap_or(value);
        self.by_end(&percent_decode_str(plain).decode_utf8_lossy())
    }

    /// The value without what is not part of a path; nothing where it is not a path.
    fn path_in<'v>(&self, value: &'v str) -> Option<&'v str> {
        let value = self.without_host(value.trim());
        let is_path = value.len() <= LONGEST_VALUE
            && !is_address(value)
            && !value.as_bytes().windows(2).any(|two| two == b"{{");
        is_path.then_some(value)
    }

    /// The picture beside the `index` of a bundle that themes find by its name; its path relative to the root.
    pub(super) fn bundle_file(&self, post: &str) -> Option<String> {
        let folder = path::folder(post);
        self.folders.least(folder, |name| is_image(name) && names_hero(name)).map(|name| join(folder, &name))
    }

    /// The same address for a text that is published as it stands: with the path of the site's own in front.
    pub(super) fn in_bare_text(&self, value: &str) -> String {
        let base = self.base.as_deref().filter(|base| {
            let own = |rest: &str| rest.is_empty() || rest.starts_with('/');
            value.starts_with('/') && !value.starts_with("//") && !value.strip_prefix(base).is_some_and(own)
        });
        format!("{}{value}", base.unwrap_or_default())
    }

    fn look_up(&self, post: &str, value: &str) -> Option<String> {
        if let Some(alias) = value.strip_prefix("~/").or_else(|| value.strip_prefix("@/")) {
            return self.shared_file(&join(&self.folder, "src"), alias);
        }
        let beside = || {
            path::resolved(path::folder(post), value, AboveRoot::Nowhere)
                .filter(|file| self.root.join(file).is_file())
        };
        let beside = if value.starts_with('/') { None } else { beside() };
        beside
            .or_else(|| self.published(post, value))
            .or_else(|| self.attachment(post, value))
            .or_else(|| self.published(post, value.strip_prefix(self.base.as_deref()?)?))
    }

    /// From the root of the site, or of the repository.
    fn published(&self, post: &str, value: &str) -> Option<String> {
        let shared = self.shared.iter().find_map(|folder| self.shared_file(folder, value));
        shared.or_else(|| {
            let content = join(&self.folder, "content");
            // `content/en/blog/a.md`: what is published there is published without the language.
            let language = path::folder(post).strip_prefix(&content)?.split('/').nth(1)?;
            self.shared_file(&join(&content, language), value)
        })
    }

    fn attachment(&self, post: &str, value: &str) -> Option<String> {
        let folder = self.attachments.as_ref().filter(|_| !value.contains('/'))?;
        self.shared_file(&folder.replace("{dir}", path::folder(post)), value)
    }

    fn by_end(&self, value: &str) -> Option<String> {
        let end = value.trim_start_matches(['.', '/']).to_lowercase();
        let name = end.rsplit('/').next().filter(|name| is_image(name))?;
        let ends = |picture: &&String| {
            let lower = picture.to_lowercase();
            let before = lower.strip_suffix(&end).and_then(|before| match before {
                "" => Some(before),
                before => before.strip_suffix('/'),
            });
            before.is_some_and(|before| self.is_published(before))
        };
        self.pictures().get(name)?.iter().find(ends).cloned()
    }

    /// Whether generators or themes publish from a folder on top of this path.
    fn is_published(&self, folder: &str) -> bool {
        let inner = path::inside(folder, &self.folder.to_lowercase()).unwrap_or(folder);
        let is_from = |path: &str| {
            let top = path.split('/').next().unwrap_or_default();
            AT_ROOT.contains(&top) || MAYBE_AT_ROOT.contains(&top) || PUBLISHED.contains(&top)
        };
        inner.is_empty() || is_from(inner) || is_from(folder)
    }

    fn pictures(&self) -> &HashMap<String, Vec<String>> {
        self.pictures.get_or_init(|| {
            let mut pictures: HashMap<String, Vec<String>> = HashMap::new();
            let is_dependency = |name: &str| matches!(name, "node_modules" | "bower_components" | "vendor");
            let walk = WalkBuilder::new(&self.root)
                .standard_filters(false)
                .hidden(true)
                .filter_entry(move |entry| !entry.file_name().to_str().is_some_and(is_dependency))
                .build();
            let files = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
            for file in files.take(MOST_PICTURES) {
                let Some(path) = file.path().strip_prefix(&self.root).ok().and_then(Path::to_str) else {
                    continue;
                };
                if is_image(path) {
                    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
                    pictures.entry(name).or_default().push(path.to_owned());
                }
            }
            pictures.values_mut().for_each(|same| same.sort_unstable());
            pictures
        })
    }

    /// The value without the site's own address.
    fn without_host<'v>(&self, value: &'v str) -> &'v str {
        let rest = self.host.as_deref().and_then(|host| value.strip_prefix(host));
        rest.filter(|rest| rest.starts_with('/')).unwrap_or(value)
    }

    /// The normal path, relative to the root, of an existing file in a place that all posts share; never
    /// one outside it.
    fn shared_file(&self, folder: &str, path: &str) -> Option<String> {
        path::resolved(folder, path, AboveRoot::Nowhere).filter(|file| self.folders.hold(file))
    }
}

/// Scheme with host, and the path without a slash at its end, of an address or of a path alone.
fn host_and_path(address: &str) -> (Option<String>, Option<String>) {
    let (host, path) = match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            (Some(format!("{scheme}://{host}")), path)
        }
        None => (None, address),
    };
    let path = path.trim_matches('/');
    (host, (!path.is_empty()).then(|| format!("/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn an_address_in_a_bare_text_has_the_path_of_the_site_in_front_once() {
        let root = tree(&[]);
        let within =
            |address: &str, value: &str| Lookup::new(root.path(), "", Some(address), &[]).in_bare_text(value);
        for (address, value, expected) in [
            ("https://example.com/notes/", "/img/a.jpg", "/notes/img/a.jpg"),
            ("/notes", "/img/a.jpg", "/notes/img/a.jpg"),
            ("/notes", "/notes/a.jpg", "/notes/a.jpg"),
            ("/notes", "/notes-of-old/a.jpg", "/notes/notes-of-old/a.jpg"),
            ("/notes", "./a.jpg", "./a.jpg"),
            ("/notes", "//cdn.example/a.jpg", "//cdn.example/a.jpg"),
            ("https://example.com", "/img/a.jpg", "/img/a.jpg"),
        ] {
            assert_eq!(within(address, value), expected, "{address} {value}");
        }
    }

    #[test]
    fn a_picture_is_found_wherever_the_site_keeps_it() {
        let root = tree(&[
            ("static/images/a.png", ""),
            ("content/en/blog/b/images/b.png", ""),
            ("src/assets/covers/c.png", ""),
            ("themes/t/static/img/d.png", ""),
            ("assets/Images/E.PNG", ""),
            ("tools/screens/f.png", ""),
        ]);
        let lookup = Lookup::new(root.path(), "", Some("https://example.com/docs/"), &[]);
        for (value, file) in [
            ("/images/a.png", Some("static/images/a.png")),
            ("/docs/images/a.png", Some("static/images/a.png")),
            ("https://example.com/images/a.png?x=1", Some("static/images/a.png")),
            ("https://example.com/docs/images/a.png", Some("static/images/a.png")),
            ("/blog/b/images/b.png", Some("content/en/blog/b/images/b.png")),
            ("c.png", Some("src/assets/covers/c.png")),
            ("covers/c.png", Some("src/assets/covers/c.png")),
            ("/img/d.png", Some("themes/t/static/img/d.png")),
            ("/images/e.png", Some("assets/Images/E.PNG")),
            ("/images/gone.png", None),
            ("/img/a.png", None),
            ("f.png", None),
            ("https://example.org/images/a.png", None),
            ("../../../etc/a.png", None),
        ] {
            assert_eq!(lookup.find("content/en/blog/b/index.md", value).as_deref(), file, "{value}");
        }
    }
}
