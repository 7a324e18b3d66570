//! Where an address on a page leads: to a file of the built site, to none, or elsewhere.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::files::BuiltFiles;
use crate::post::path::{self, AboveRoot};

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lead {
    /// To this file of the built site.
    File(String),
    /// To no file, where this site should have one.
    Nowhere,
    /// To another host.
    Elsewhere,
}

/// The addresses of a built site.
#[derive(Debug)]
pub(super) struct Addresses {
    files: BuiltFiles,
    /// The path under which the site is published: empty, or `/blog`.
    base: String,
}

impl Addresses {
    pub(super) fn new(files: BuiltFiles) -> Self {
        Self { files, base: String::new() }
    }

    pub(super) fn use_base(&mut self, base: String) {
        self.base = base;
    }

    /// The path under which the site is published: what its links have in front that its files have not.
    pub(super) fn guess_base<'a>(&self, links: impl IntoIterator<Item = impl AsRef<str> + 'a>) -> String {
        /// Deepest base that is thought of.
        const PARTS: usize = 3;
        let mut votes: HashMap<String, usize> = HashMap::new();
        for link in links {
            let link = plain(link.as_ref());
            let link = link.trim_start_matches('/');
            let starts = std::iter::once(0).chain(link.match_indices('/').map(|(at, _)| at + 1));
            let start = starts.take(PARTS).find(|&start| self.leads_to_something(&link[start..]));
            if let Some(start) = start {
                let base = link[..start].trim_end_matches('/');
                let base = if base.is_empty() { String::new() } else { format!("/{base}") };
                *votes.entry(base).or_default() += 1;
            }
        }
        // Where the votes are equal, nothing stands in front.
        let best = votes.into_iter().max_by_key(|(base, votes)| (*votes, std::cmp::Reverse(base.len())));
        best.map(|(base, _)| base).unwrap_or_default()
    }

    fn leads_to_something(&self, path: &str) -> bool {
        let bare = path.trim_end_matches('/');
        if bare.is_empty() {
            // Every path ends so at some depth, and the root tells nothing.
            return false;
        }
        self.files.holds(bare)
            || ["/index.html", ".html"].iter().any(|end| self.files.holds(&format!("{bare}{end}")))
    }

    /// Where a picture's address on a page leads. `host` is the site's own, where the page says it.
    pub(super) fn lead(&self, page: &str, base: Option<&str>, host: Option<&str>, address: &str) -> Lead {
        if let Some(inner) = transformed(address) {
            return self.lead_plainly(page, base, host, &inner);
        }
        self.lead_plainly(page, base, host, address)
    }

    fn lead_plainly(&self, page: &str, base: Option<&str>, host: Option<&str>, address: &str) -> Lead {
        let nowhere = match host_of(address) {
            Some(of) if host.is_none_or(|own| !own.eq_ignore_ascii_case(of)) => Lead::Elsewhere,
            None if has_scheme(address) => return Lead::Elsewhere,
            _ => Lead::Nowhere,
        };
        let Some(path) = self.path(page, base, address) else { return nowhere };
        let found = [path.as_str()].into_iter().chain(inner_path(&path)).find(|path| self.files.holds(path));
        found.map_or(nowhere, |path| Lead::File(path.to_owned()))
    }

    /// The path below the site that an address stands for, decoded; `None` for one outside it.
    pub(super) fn path(&self, page: &str, base: Option<&str>, address: &str) -> Option<String> {
        let path = plain(address);
        let path = match (host_of(address), path.starts_with('/'), base) {
            (Some(_), ..) => {
                Cow::Borrowed(path.split_once("//")?.1.split_once('/').map_or("", |(_, path)| path))
            }
            (None, true, _) => Cow::Borrowed(path),
            (None, false, None) => {
                let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
                return path::resolved(folder, &decoded(path), AboveRoot::Root);
            }
            (None, false, Some(base)) => {
                let base = plain(base);
                let base = host_of(base)
                    .and(base.split_once("//"))
                    .map_or(base, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
                let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
                Cow::Owned(format!("{folder}/{path}"))
            }
        };
        let path = path.trim_start_matches('/');
        let within = match self.base.trim_start_matches('/') {
            "" => path,
            base => path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'))?,
        };
        path::resolved("", &decoded(within), AboveRoot::Root)
    }
}

/// The address without query and fragment.
fn plain(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

fn decoded(path: &str) -> Cow<'_, str> {
    percent_decode_str(path).decode_utf8_lossy()
}

/// The host of an address that names one.
pub(super) fn host_of(address: &str) -> Option<&str> {
    let rest = ["https://", "http://", "//"].iter().find_map(|start| {
        let head = address.get(..start.len())?;
        head.eq_ignore_ascii_case(start).then(|| &address[start.len()..])
    })?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())
}

/// `data:`, `blob:`, `mailto:` and whatever else is not a path.
fn has_scheme(address: &str) -> bool {
    let head = address.split(['/', '?', '#']).next().unwrap_or_default();
    head.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// The address that a service which changes pictures on the way is given in its query:
/// `/_next/image?url=%2Fa.jpg&w=640`.
pub(super) fn transformed(address: &str) -> Option<String> {
    const SERVICES: [&str; 6] =
        ["/_next/image", "/_vercel/image", "/.netlify/images", "/_image", "/_ipx", "/image-proxy"];
    let (path, query) = address.split_once('?')?;
    let path = path.trim_end_matches('/');
    SERVICES.iter().any(|service| path.ends_with(service)).then_some(())?;
    let pairs = query.split(['&', '#']).filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(key, _)| matches!(*key, "url" | "href" | "src"));
    named.map(|(_, value)| decoded(value).into_owned()).next()
}

/// The path that such a service is given in its own: `cdn-cgi/image/width=80/a.jpg`, `_ipx/w_80/a.jpg`.
fn inner_path(path: &str) -> Option<&str> {
    let at = ["cdn-cgi/image/", "_ipx/"].iter().find_map(|service| path.strip_prefix(service))?;
    at.split_once('/').map(|(_, inner)| inner)
}
