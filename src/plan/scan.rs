//! The scan of all posts: whether each is published and lacks its picture, and whether it is a candidate for one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::decision::{Decision, LeftOut};
use super::{Options, Plan, Scope, is_redrawn};
use crate::post::Unreadable;
use crate::post::eligibility::{self, Rule};
use crate::site::{FoundPost, Hero, Site};
use crate::text::cut;

/// The posts of one core, and in the end of all: what is settled leaves no more than its line.
#[derive(Default)]
pub(super) struct PlanScan {
    pub plan: Plan,
    pub candidates: Vec<FoundPost>,
    /// Files that are heroes of posts which get no picture.
    pub pictures: Vec<String>,
    /// Posts whose picture nobody sees, by why.
    unseen: BTreeMap<String, UnseenHeroes>,
}

/// Posts whose picture nobody sees.
struct UnseenHeroes {
    posts: usize,
    /// The first of them by path.
    first: String,
}

impl PlanScan {
    pub(super) fn with(mut self, post: ScannedPost) -> Self {
        self.plan.published += usize::from(post.published);
        self.plan.missing += usize::from(post.missing);
        self.plan.warnings.extend(post.warning);
        if let Some((why, path)) = post.unseen {
            self.see_unseen(why, UnseenHeroes { posts: 1, first: path });
        }
        match post.selection {
            Selection::Candidate(found) => self.candidates.push(*found),
            Selection::Settled { left_out, picture } => {
                self.plan.left_out.extend(left_out);
                self.pictures.extend(picture);
            }
        }
        self
    }

    pub(super) fn and(mut self, mut later: Self) -> Self {
        self.plan.published += later.plan.published;
        self.plan.missing += later.plan.missing;
        self.plan.warnings.append(&mut later.plan.warnings);
        self.plan.left_out.append(&mut later.plan.left_out);
        self.candidates.append(&mut later.candidates);
        self.pictures.append(&mut later.pictures);
        later.unseen.into_iter().for_each(|(why, posts)| self.see_unseen(why, posts));
        self
    }

    fn see_unseen(&mut self, why: String, more: UnseenHeroes) {
        match self.unseen.entry(why) {
            Entry::Vacant(new) => _ = new.insert(more),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.posts += more.posts;
                known.first = std::mem::take(&mut known.first).min(more.first);
            }
        }
    }

    /// Says of the posts whose picture nobody sees that it is so.
    pub(super) fn warn_of_unseen(&mut self) {
        for (why, UnseenHeroes { posts, first }) in std::mem::take(&mut self.unseen) {
            let those = match posts {
                1 => format!("{first} names its picture"),
                posts => format!("{posts} posts such as {first} name their picture"),
            };
            self.plan.warnings.push(format!(
                "{those} {why}; name it where the pages show it, or run mode `check` on the built site"
            ));
        }
    }
}

/// What is to be known of a post before any is chosen.
pub(super) struct ScannedPost {
    /// Readers can see it.
    published: bool,
    /// They can, and it has no hero image.
    missing: bool,
    warning: Option<String>,
    /// Why nobody sees its picture, if so, and its path.
    unseen: Option<(String, String)>,
    selection: Selection,
}

enum Selection {
    Candidate(Box<FoundPost>),
    Settled {
        /// `None` for a post outside the scope.
        left_out: Option<LeftOut>,
        /// Its hero image.
        picture: Option<String>,
    },
}

/// Looks at one post, whose text may not be readable.
pub(super) fn judge(
    path: &str,
    looked: Result<FoundPost, Unreadable>,
    site: &Site,
    options: &Options,
) -> ScannedPost {
    let within = options.scope.holds(path);
    let found = match looked {
        Ok(found) => found,
        Err(reason) => {
            let decision = Decision::Unreadable(reason);
            let left_out = LeftOut { path: path.to_owned(), title: None, decision };
            let selection = Selection::Settled { left_out: within.then_some(left_out), picture: None };
            return ScannedPost { published: false, missing: false, warning: None, unseen: None, selection };
        }
    };
    let page = site.is_page(&found.post).then_some(Rule::Page);
    let rule = page.or_else(|| eligibility::judge(&found.post, options.now, false));
    let published = rule.is_none();
    let missing = published && found.hero.is_missing();
    let warning = found.post.odd_regenerate().filter(|_| within).map(|value| {
        let value = cut(&value, 40);
        format!(
            "{path}: `regenerate_image: {value}` means nothing; write `true` for a new prompt and picture, `redraw` for a new picture from the same prompt"
        )
    });
    let unseen = site.unread_field_of(&found.post).filter(|_| within && published && !missing);
    let unseen = unseen.map(|(field, why)| (format!("in the field `{field}`, but {why}"), path.to_owned()));
    let picture = found.hero.file().map(str::to_owned);
    let selection = match decide(&found, site, rule, options) {
        _ if !within => Selection::Settled { left_out: None, picture },
        None => Selection::Candidate(Box::new(found)),
        Some(decision) => Selection::Settled { left_out: Some(LeftOut::new(found.post, decision)), picture },
    };
    ScannedPost { published, missing, warning, unseen, selection }
}

/// Why the post gets no picture; `None` for a candidate.
fn decide(found: &FoundPost, site: &Site, rule: Option<Rule>, options: &Options) -> Option<Decision> {
    let path = found.post.path();
    let meant = || options.scope != Scope::All || site.is_named(path);
    let rule = rule.filter(|rule| !(matches!(rule, Rule::Future(_)) && meant()));
    let settled = match (rule, &found.hero) {
        (Some(rule), _) => Some(Decision::Skipped(rule)),
        (None, Hero::Missing | Hero::Card { .. }) => None,
        (None, _) if found.post.regenerate().is_some() => {
            let made = options.recovered.get(path).is_some_and(|recovered| !recovered.to_make);
            (options.cards_only && !made).then_some(Decision::Kept)
        }
        // What an earlier run made and could not publish is new enough.
        (None, Hero::Present { .. } | Hero::Embedded)
            if options.redraw && !options.recovered.contains_key(path) =>
        {
            match is_redrawn(found, site, options) {
                true => options.cards_only.then_some(Decision::Kept),
                false => Some(Decision::HandMade),
            }
        }
        // The workspace has it from an earlier run, and nobody else has.
        (None, Hero::Present { .. } | Hero::Embedded) if options.recovered.contains_key(path) => None,
        (None, Hero::Present { .. } | Hero::Embedded) => Some(Decision::Unchanged),
        (None, Hero::Unresolved { value, why }) => Some(Decision::Unresolved { value: value.clone(), why }),
    };
    let unwritable = || {
        let has_no_place = site.hero_field().has_no_place(path, found.post.front_matter());
        has_no_place.then_some(Decision::Skipped(Rule::NoFrontMatter))
    };
    // What waits for one language waits for all.
    let waits =
        || std::iter::once(path).chain(site.translations(path)).find_map(|post| options.waiting.get(post));
    let waiting = || waits().cloned().map(Decision::Waiting);
    let elsewhere = || options.submodules.around(path).map(|it| Decision::Submodule(it.to_owned()));
    settled.or_else(unwritable).or_else(waiting).or_else(elsewhere)
}
