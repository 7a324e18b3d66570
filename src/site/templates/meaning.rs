//! What a name in a template stands for, and what becomes of that by its members.

use std::collections::BTreeMap;

use super::names::field;

/// What a template makes of the value of a field before it stands in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Nothing: it stands there as written.
    Plain,
    /// An address below that of the site, where no slash in front says otherwise.
    Address,
    /// A file beside the post.
    OfPage,
    /// A file that the site has for all its pages.
    OfSite,
    /// The address of the post goes in front.
    Joined,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A value of the post by the steps to it, and whether one entry of it.
    Of(Vec<String>, bool),
    /// What these steps lead to, made into something else.
    Made(Vec<String>, bool, Treatment),
    /// A file beside the post.
    Beside(String),
    /// The files beside the post.
    Files,
    /// Another post, or something of it.
    Foreign,
    /// Something that is not part of a post.
    Other,
}

/// Names and what they stand for.
pub(super) type Given = BTreeMap<String, Vec<Meaning>>;

/// A read that was found in some words.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub at: usize,
    pub meaning: Meaning,
    pub foreign: bool,
}

impl Hit {
    pub(super) fn new(at: usize, meaning: Meaning, foreign: bool) -> Self {
        Self { at, meaning, foreign }
    }

    pub(super) fn meaning(&self) -> &Meaning {
        &self.meaning
    }

    /// The same, made into something else.
    pub(super) fn made(self, treatment: Treatment) -> Self {
        match self.meaning {
            Meaning::Of(steps, one) if treatment != Treatment::Plain => {
                Self { meaning: Meaning::Made(steps, one, treatment), ..self }
            }
            _ => self,
        }
    }

    pub(super) fn one(self) -> Self {
        Self { meaning: one_of(self.meaning), ..self }
    }
}

/// One entry of what this means.
pub(super) fn one_of(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Of(steps, _) => Meaning::Of(steps, true),
        Meaning::Made(steps, _, treatment) => Meaning::Made(steps, true, treatment),
        other => other,
    }
}

/// What the members of a variable with this meaning are: fields of a mapping, else the value itself.
pub(super) fn extend(meaning: &Meaning, members: &[String], indexed: bool) -> Option<Meaning> {
    let Meaning::Of(steps, one) = meaning else {
        let is_file = matches!(meaning, Meaning::Beside(_) | Meaning::Made(..) | Meaning::Files);
        return is_file.then(|| meaning.clone());
    };
    let whole: Vec<String> = steps.iter().chain(members).cloned().collect();
    // What a language does with a value begins with a capital in Go.
    let method = members.first().is_some_and(|member| member.starts_with(|first: char| first.is_uppercase()));
    let steps = if method && field(steps, false).is_some() { steps.clone() } else { whole };
    Some(Meaning::Of(steps, *one || indexed))
}
