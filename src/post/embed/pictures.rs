//! The pictures of a body, and which of them is the hero.

use super::{place, scan};

/// The pictures that a body shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    targets: Vec<String>,
    /// The first of them is the first thing of the body, or the first below its heading.
    on_top: bool,
}

impl Pictures {
    /// Looks for the pictures of a body.
    #[must_use]
    pub fn of(body: &str) -> Self {
        let tops = [scan::top(body), place(body)];
        let mut pictures = Self::default();
        scan::each_image(body, |image| {
            if pictures.targets.is_empty() {
                let above = |top: &usize| body.get(*top..image.span.start);
                pictures.on_top = tops
                    .iter()
                    .filter_map(above)
                    .any(|above| above.trim_start_matches(scan::MARK).trim().is_empty());
            }
            pictures.targets.push(image.target.to_owned());
            true
        });
        pictures
    }

    /// Whether the body shows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The hero where the embed is how a site shows it: a picture of ours wherever somebody moved it, else
    /// the picture on top. `files` are the file names by which ours is known.
    #[must_use]
    pub fn hero(&self, files: &[String]) -> Option<&str> {
        self.ours(files).or_else(|| self.targets.first().filter(|_| self.on_top).map(String::as_str))
    }

    /// The first picture with one of these file names, in whatever folder.
    #[must_use]
    pub fn ours(&self, files: &[String]) -> Option<&str> {
        self.find(|target| files.iter().any(|file| is_file(target, file)))
    }

    /// The first picture whose target is meant.
    pub fn find(&self, is_meant: impl Fn(&str) -> bool) -> Option<&str> {
        self.targets.iter().map(String::as_str).find(|target| is_meant(target))
    }
}

/// Whether a target names a file of this name in the repository.
#[must_use]
pub fn is_file(target: &str, file: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or(target);
    !path.contains("://") && path.rsplit('/').next() == Some(file)
}
