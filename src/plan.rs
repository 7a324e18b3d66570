//! The plan: from posts and the state of their heroes to tasks and reasons. Pure: it reads no file and
//! asks nobody, so that a dry run and a real one decide alike.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::post::eligibility::{self, Rule};
use crate::post::front_matter::{Change, Value};
use crate::post::{Post, Regenerate};
use crate::runner::text::cut;
use crate::site::{Discovery, Found, Hero, Site, Target};

/// The reason of nearly every post of a blog.
const SETTLED: &str = "it has its hero image";

/// What the run may do.
#[derive(Debug, Clone)]
pub struct Options {
    /// Most pictures of this run; the rest is pending.
    pub max_images: usize,
    /// The clock that future dates are held against.
    pub now: Timestamp,
    /// Which posts may get a picture.
    pub scope: Scope,
    /// Posts whose picture is made and not on the branch yet, with the reason to tell.
    pub waiting: HashMap<String, String>,
    /// Posts that changed and are not in the workspace.
    pub absent: Vec<String>,
    /// Pictures that earlier runs made and could not publish, by post.
    pub unpublished: HashMap<String, Unpublished>,
}

/// A picture that an earlier run made for a post and could not publish.
#[derive(Debug, Clone)]
pub struct Unpublished {
    /// Its path in the repository.
    pub picture: String,
    /// It is a title card, or no good: known so that the edit is, but a picture has yet to be made.
    pub to_make: bool,
    /// Alt text; empty where nothing is known.
    pub alt: String,
    /// Prompt of ours it was made with; empty where nothing is known.
    pub prompt: String,
    /// The post as it stands on the branch, where it lacks the picture.
    pub post: Post,
    /// The post's text there.
    pub text: String,
}

/// Which posts may get a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every post; those dated in the future wait, unless the user named them by their paths.
    All,
    /// These paths, because they changed; also those dated in the future.
    These(BTreeSet<String>),
}

/// The decision for every post.
#[derive(Debug)]
pub struct Plan {
    /// Posts that get a picture, newest first.
    pub tasks: Vec<Task>,
    /// All other posts within the scope, by path.
    pub seen: Vec<Seen>,
    /// Published posts, in the scope or not.
    pub published: usize,
    /// Those of them without a hero image before this run.
    pub missing: usize,
    /// What posts ask for and cannot get, with the cure.
    pub warnings: Vec<String>,
}

/// A post that gets no picture in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Path of the post.
    pub path: String,
    /// Why.
    pub decision: Decision,
}

/// Why a post gets no picture in this run. The text is the reason for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Decision {
    /// It has its hero image.
    #[error("{}", SETTLED)]
    Unchanged,
    /// Its picture is on our open pull request.
    #[error("{0}")]
    Waiting(String),
    /// It names a hero that we cannot resolve.
    #[error(
        "its hero image `{value}` is kept: {why}; set `regenerate_image: true` in the post to replace it"
    )]
    Unresolved {
        /// The value in the post.
        value: String,
        /// Why it cannot be resolved.
        why: &'static str,
    },
    /// A rule leaves it out.
    #[error(transparent)]
    Skipped(Rule),
    /// Beyond `max-images`.
    #[error("its turn comes in a later run: this one makes at most {max_images} (input `max-images`)")]
    Pending {
        /// The limit.
        max_images: usize,
    },
    /// It changed and is not here.
    #[error(
        "it changed and is not in the workspace; add its folder to `sparse-checkout` of `actions/checkout`, and let no step before this one remove it"
    )]
    Absent,
    /// It cannot be read.
    #[error("{0}")]
    Failed(String),
}

/// A post that gets a picture.
#[derive(Debug, Clone)]
pub struct Task {
    /// The post.
    pub post: Post,
    /// Its title.
    pub title: String,
    /// Where its picture goes. Its first name is no other post's; the next ones are for files that are
    /// in the way and not ours.
    pub target: Target,
    /// What the flag asks for, if it is set.
    pub regenerate: Option<Regenerate>,
    /// The file of the picture it has, when that is to be replaced.
    pub replaces: Option<String>,
    /// It had no hero image, so a picture changes the coverage.
    pub missing: bool,
    /// What an earlier run made for it, so that nobody need be asked.
    pub unpublished: Option<Unpublished>,
    field: Option<String>,
    alt: Option<String>,
    list: bool,
}

impl Plan {
    /// Decides for every post.
    pub fn new(discovery: Discovery, site: &Site, options: &Options) -> Self {
        let mut plan =
            Self { tasks: Vec::new(), seen: Vec::new(), published: 0, missing: 0, warnings: Vec::new() };
        let judged: Vec<_> =
            discovery.posts.par_iter().map(|found| Judged::new(found, site, options)).collect();
        let any_task = judged.iter().any(|judged| judged.decision.is_none());
        let mut taken = if any_task { heroes(&discovery.posts) } else { HashMap::new() };
        let mut candidates = Vec::new();
        for (found, Judged { published, decision }) in discovery.posts.into_iter().zip(judged) {
            plan.published += usize::from(published);
            plan.missing += usize::from(published && found.hero.is_missing());
            if !options.scope.holds(found.post.path()) {
                continue;
            }
            if let Some(value) = found.post.odd_regenerate() {
                let value = cut(&value, 40);
                plan.warnings.push(format!(
                    "{}: `regenerate_image: {value}` means nothing; write `true` for a new prompt and picture, `redraw` for a new picture from the same prompt",
                    found.post.path()
                ));
            }
            match decision {
                Some(decision) => plan.see(found.post.path(), decision),
                None => match options.waiting.get(found.post.path()) {
                    Some(place) => plan.see(found.post.path(), Decision::Waiting(place.clone())),
                    None => candidates.push(found),
                },
            }
        }
        // Newest first across folders; ties by path, so that two runs agree. An undated post is old.
        candidates.sort_by_cached_key(|found| {
            (std::cmp::Reverse(found.post.date().unwrap_or(Timestamp::MIN)), found.post.path().to_owned())
        });
        let mut to_make = 0;
        for found in candidates {
            let unpublished = options.unpublished.get(found.post.path()).cloned();
            let made = unpublished.as_ref().is_some_and(|unpublished| !unpublished.to_make);
            to_make += usize::from(!made);
            if !made && to_make > options.max_images {
                plan.see(found.post.path(), Decision::Pending { max_images: options.max_images });
                continue;
            }
            plan.tasks.push(Task::new(found, unpublished, site, &mut taken));
        }
        let within = |path: &str| options.scope.holds(path);
        for (path, reason) in discovery.unreadable.into_iter().filter(|(path, _)| within(path)) {
            plan.see(&path, Decision::Failed(reason.to_string()));
        }
        for path in discovery.links.into_iter().filter(|path| within(path)) {
            plan.see(&path, Decision::Skipped(Rule::Link));
        }
        options.absent.iter().for_each(|path| plan.see(path, Decision::Absent));
        plan.seen.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        plan
    }

    /// Leaves out the tasks whose picture is in the repository and not in this checkout, unless a new one
    /// is wanted: what cannot be seen is not paid for again.
    pub fn leave_unseen(&mut self, is_unseen: impl Fn(&str) -> bool) {
        let unseen = |task: &Task| {
            task.regenerate.is_none() && task.unpublished.is_none() && is_unseen(&task.target.file())
        };
        let (unseen, tasks): (Vec<Task>, _) = std::mem::take(&mut self.tasks).into_iter().partition(unseen);
        self.tasks = tasks;
        for Task { post, target, .. } in unseen {
            let why = "the file is in the repository and not in this checkout; add its folder to `sparse-checkout` of `actions/checkout`";
            self.see(post.path(), Decision::Unresolved { value: target.file(), why });
        }
        self.seen.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }

    fn see(&mut self, path: &str, decision: Decision) {
        self.seen.push(Seen { path: path.to_owned(), decision });
    }
}

impl Scope {
    /// Whether a post may get a picture.
    pub fn holds(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(paths) => paths.contains(path),
        }
    }
}

/// What is to be known of a post before any is chosen.
struct Judged {
    /// Readers can see it.
    published: bool,
    /// Why it gets no picture; `None` for a candidate.
    decision: Option<Decision>,
}

impl Judged {
    fn new(found: &Found, site: &Site, options: &Options) -> Self {
        let rule = eligibility::judge(&found.post, options.now, false);
        let published = rule.is_none();
        let meant = || options.scope != Scope::All || site.is_named(found.post.path());
        let waits_for_its_day = matches!(rule, Some(Rule::Future(_))) && !meant();
        let rule = rule.filter(|rule| waits_for_its_day || !matches!(rule, Rule::Future(_)));
        let decision = match decide(found, site, rule) {
            // The workspace has it from an earlier run, and nobody else has.
            Some(Decision::Unchanged) if options.unpublished.contains_key(found.post.path()) => None,
            decision => decision,
        };
        Self { published, decision }
    }
}

/// Why the post gets no picture; `None` for a candidate.
fn decide(found: &Found, site: &Site, rule: Option<Rule>) -> Option<Decision> {
    if let Some(rule) = rule {
        return Some(Decision::Skipped(rule));
    }
    let wanted = found.post.regenerate().is_some();
    match &found.hero {
        Hero::Present { .. } | Hero::Embedded if !wanted => Some(Decision::Unchanged),
        Hero::Unresolved { value, why } if !wanted => {
            Some(Decision::Unresolved { value: value.clone(), why })
        }
        _ if site.field().is_some() && found.post.front_matter().is_none() => {
            Some(Decision::Skipped(Rule::NoFrontMatter))
        }
        _ => None,
    }
}

/// Which post each picture in use belongs to; `None` when several share it.
fn heroes(posts: &[Found]) -> HashMap<String, Option<String>> {
    let mut heroes = HashMap::new();
    for found in posts {
        if let Some(file) = found.hero.file() {
            let owner = Some(found.post.path().to_owned());
            heroes.entry(file.to_owned()).and_modify(|owner| *owner = None).or_insert(owner);
        }
    }
    heroes
}

impl Decision {
    /// Its text; most posts have one that need not be made.
    pub fn reason(self) -> Cow<'static, str> {
        match self {
            Self::Unchanged => SETTLED.into(),
            Self::Waiting(reason) | Self::Failed(reason) => reason.into(),
            decision => decision.to_string().into(),
        }
    }
}

impl Task {
    fn new(
        found: Found,
        unpublished: Option<Unpublished>,
        site: &Site,
        taken: &mut HashMap<String, Option<String>>,
    ) -> Self {
        let Found { post, hero } = found;
        // What the workspace has already, the branch still has to get.
        let post = unpublished.as_ref().map_or(post, |unpublished| unpublished.post.clone());
        let first = site.target(&post);
        let belongs = |taken: &HashMap<String, Option<String>>, file: &str| {
            taken.get(file).is_none_or(|owner| owner.as_deref() == Some(post.path()))
        };
        let (missing, replaces) = (hero.is_missing(), hero.file().map(str::to_owned));
        // The name it has already comes first: our own file is overwritten in place.
        let known = unpublished.as_ref().map(|unpublished| unpublished.picture.as_str());
        let own = known
            .or(replaces.as_deref())
            .and_then(|own| first.names().find(|target| target.file() == own && belongs(taken, own)));
        let free = || first.names().find(|target| belongs(taken, &target.file()));
        let target = own.or_else(free).unwrap_or_else(|| first.clone());
        taken.insert(target.file(), Some(post.path().to_owned()));
        let title = post.title().map_or_else(String::new, std::borrow::Cow::into_owned);
        let regenerate = post.regenerate();
        let field = site.field_of(&post);
        let alt = site.alt_field_of(&post);
        let list = site.is_list_in(&post);
        Self { post, title, target, regenerate, replaces, missing, unpublished, field, alt, list }
    }

    /// The edit of the front matter that names the picture: the field, the alt text where the post has
    /// none, and the flag cleared. `value` is that of the target under whose name it was written.
    pub fn changes(&self, value: &str, alt: &str) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut change = |field: &str, value| changes.push(Change { field: field.to_owned(), value });
        if let Some(field) = &self.field {
            let value = value.to_owned();
            change(field, if self.list { Value::Item(value) } else { Value::Path(value) });
        }
        // Alt text that is there is a person's work (`site-conventions.md`, "After the edit").
        if let Some(field) =
            self.alt.as_ref().filter(|field| !alt.is_empty() && self.post.text(field).is_none())
        {
            change(field, Value::Text(alt.to_owned()));
        }
        if let Some(kind) = self.regenerate {
            change("regenerate_image", Value::Bool(false));
            let cached = self.post.image_prompt().is_some_and(|prompt| prompt.cached);
            if kind == Regenerate::New && cached {
                change("image_prompt", Value::Text(String::new()));
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests;
