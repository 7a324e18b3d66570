//! The scan of all posts: whether each is published and lacks its picture, and whether it is a candidate for one.

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
}

impl PlanScan {
    pub(super) fn with(mut self, post: ScannedPost) -> Self {
        self.plan.published += usize::from(post.published);
        self.plan.missing += usize::from(post.missing);
        self.plan.warnings.extend(post.warning);
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
        self
    }
}

/// What is to be known of a post before any is chosen.
pub(super) struct ScannedPost {
    /// Readers can see it.
    published: bool,
    /// They can, and it has no hero image.
    missing: bool,
    warning: Option<String>,
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
            return ScannedPost { published: false, missing: false, warning: None, selection };
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
    let picture = found.hero.file().map(str::to_owned);
    let selection = match decide(&found, site, rule, options) {
        _ if !within => Selection::Settled { left_out: None, picture },
        None => Selection::Candidate(Box::new(found)),
        Some(decision) => Selection::Settled { left_out: Some(LeftOut::new(found.post, decision)), picture },
    };
    ScannedPost { published, missing, warning, selection }
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
