//! Why a site cannot be opened, in the words that the user reads.

use super::SiteProblem;

/// Why a site cannot be opened.
#[derive(Debug)]
pub enum NoSite {
    /// Every problem of the options.
    Problems(Vec<SiteProblem>),
    /// There is no post; why, for every site that was looked at.
    NoPosts(Vec<NoPosts>),
    /// There are several sites with posts, and an input that can speak of one only.
    Several {
        /// Name of the input.
        input: &'static str,
        /// Folder of each site, and its generator.
        sites: Vec<(String, &'static str)>,
    },
    /// The generator is known, and its sites are left alone; why, with the cure.
    Refused(&'static str),
}

/// Nothing matches: a typo in `posts`, or a site that is not recognised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct NoPosts {
    /// Name of the generator.
    pub site: &'static str,
    /// The folder that was searched.
    pub root: String,
    /// The globs, at most as many as a message can hold.
    pub globs: Vec<String>,
    /// A list page, where nothing but such matches.
    pub list_page: Option<String>,
    /// What would be a post in a format that is not read.
    pub unread: Option<String>,
    /// The folder where Markdown lies that may be posts, and how many files there are.
    pub elsewhere: Option<(String, usize)>,
    /// The checkout may lack files that the repository has.
    pub sparse: bool,
}

impl NoPosts {
    fn message(&self) -> String {
        let (globs, place) = (list(&self.globs), format!("(site `{}`, in {})", self.site, self.root));
        if let Some(file) = &self.unread {
            return format!(
                "no posts found: {globs} matches only files in formats that are not read, such as `{file}` {place}; only Markdown is: name other posts in the input `posts`"
            );
        }
        if let Some((folder, count)) = &self.elsewhere {
            return format!(
                "no posts found: nothing matches {globs} {place}; `{folder}` holds {count} Markdown files: if they are posts, name them in the input `posts`, for example `posts: {folder}/**`"
            );
        }
        match &self.list_page {
            Some(page) => format!(
                "no posts found: {globs} matches only list pages such as `{page}` {place}; if that is a post, name the file itself: `posts: {page}`"
            ),
            None => format!(
                "no posts found: nothing matches {globs} {place}; name your posts in the input `posts`, for example `posts: content/blog/**`"
            ),
        }
    }
}

fn list(globs: &[String]) -> String {
    let shown: Vec<String> = globs.iter().take(8).map(|glob| format!("`{glob}`")).collect();
    let more = if globs.len() > shown.len() { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}
