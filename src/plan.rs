//! The plan: from posts and the state of their heroes to tasks and reasons. It looks at the posts, writes
//! nothing and asks nobody, so that a dry run and a real one decide alike.

mod decision;
mod scan;
mod shard;
mod task;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::image::provenance;
use crate::post::Post;
use crate::post::eligibility::Rule;
use crate::site::{Discovery, FoundPost, Site, Sites};
use crate::write::{OutboxEntry, Submodules};
pub use decision::{Decision, LeftOut};
use scan::PlanScan;
pub use shard::Shard;
pub use task::{SharedPicture, Task};

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
    pub recovered: HashMap<String, RecoveredPicture>,
    /// Repositories within this one.
    pub submodules: Submodules,
    /// Nobody but the program draws, and a title card replaces no picture.
    pub cards_only: bool,
    /// Posts that have a picture of ours get a new one.
    pub redraw: bool,
    /// The share of the posts that is this run's; `None` for all.
    pub shard: Option<Shard>,
}

/// A picture that an earlier run made for a post and could not publish.
#[derive(Debug, Clone)]
pub struct RecoveredPicture {
    /// The picture, with what is known of it: alt text and prompt are empty where nothing is.
    pub kept: OutboxEntry,
    /// It is a title card, or no good: known so that the edit is, but a picture has yet to be made.
    pub to_make: bool,
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
#[derive(Debug, Default)]
pub struct Plan {
    /// Posts that get a picture, newest first.
    pub tasks: Vec<Task>,
    /// All other posts within the scope, by path.
    pub left_out: Vec<LeftOut>,
    /// Published posts, in the scope or not.
    pub published: usize,
    /// Those of them without a hero image before this run.
    pub missing: usize,
    /// What posts ask for and cannot get, with the cure.
    pub warnings: Vec<String>,
}

impl Plan {
    /// Decides for every post.
    pub fn new(discovery: &Discovery, sites: &Sites, options: &Options) -> Self {
        let judged = sites.look_at_all().map(|(site, path, looked)| scan::judge(path, looked, site, options));
        let mut scan =
            judged.fold(PlanScan::default, PlanScan::with).reduce(PlanScan::default, PlanScan::and);
        scan.warn_of_unseen();
        let PlanScan { mut plan, mut candidates, mut pictures, .. } = scan;
        let mut taken = HashMap::new();
        if !candidates.is_empty() {
            pictures.extend(sites.heroes_of_neighbours());
            taken = owners(pictures, &candidates, sites);
        }
        // Newest first across folders; ties by path, so that two runs agree. An undated post is old.
        candidates.sort_by_cached_key(|found| {
            (std::cmp::Reverse(found.post.date().unwrap_or(Timestamp::MIN)), found.post.path().to_owned())
        });
        let drawn = drawn_for(&candidates, sites, options);
        let is_ours =
            |path: &str| options.shard.is_none_or(|shard| shard.holds(sites.of(path).original(path)));
        let (mut to_make, mut sharing) = (0, Vec::new());
        for found in candidates {
            if let Some(shared) = shares(&found, sites.of(found.post.path()), &drawn, options) {
                sharing.push((found, shared));
                continue;
            }
            let site = sites.of(found.post.path());
            let recovered = options.recovered.get(found.post.path()).cloned();
            let was_redrawn = recovered.as_ref().is_some_and(|recovered| recovered.kept.replaces.is_some());
            let redrawn = was_redrawn || is_redrawn(&found, site, options);
            if let Some(sister) = plan.sister_drawn_anew(&found, site).filter(|_| redrawn) {
                plan.see_post(found.post, Decision::DrawnFor(sister));
                continue;
            }
            let made = recovered.as_ref().is_some_and(|recovered| !recovered.to_make);
            let is_ours = is_ours(found.post.path());
            to_make += usize::from(is_ours && !made);
            let waits = is_ours && !made && to_make > options.max_images;
            if waits && options.shard.is_none() {
                plan.see_post(found.post, Decision::Pending { max_images: options.max_images });
                continue;
            }
            // Every shard gives away all names, in the same order, so that no two give the same one.
            let task = Task::new(found, recovered, redrawn, site, &mut taken);
            if waits {
                plan.see_post(task.post, Decision::Pending { max_images: options.max_images });
            } else if is_ours {
                plan.tasks.push(task);
            }
        }
        for (found, shared) in sharing {
            let is_ours = is_ours(found.post.path());
            let is_drawn = |post: &str| plan.tasks.iter().any(|task| task.post.path() == post);
            if is_ours && matches!(&shared, SharedPicture::Made { post } if !is_drawn(post)) {
                plan.see_post(found.post, Decision::Pending { max_images: options.max_images });
                continue;
            }
            let site = sites.of(found.post.path());
            let task = Task::sharing(found, shared, site, &mut taken);
            if is_ours {
                plan.tasks.push(task);
            }
        }
        let within = |path: &str| options.scope.holds(path);
        for (path, reason) in discovery.unreadable.iter().filter(|(path, _)| within(path)) {
            plan.see(path.clone(), Decision::Unreadable(reason.clone()));
        }
        for path in discovery.links.iter().filter(|path| within(path)) {
            plan.see(path.clone(), Decision::Skipped(Rule::Link));
        }
        options.absent.iter().for_each(|path| plan.see(path.clone(), Decision::Absent));
        // What becomes of the others, their own shards tell.
        plan.left_out.retain(|left| is_ours(&left.path));
        plan.left_out.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        plan
    }

    /// Leaves out the tasks whose picture is in the repository and not in this checkout, unless a new one
    /// is wanted and can be had: what cannot be seen is not paid for again, and counts as a picture.
    pub fn leave_unseen(&mut self, options: &Options, is_unseen: impl Fn(&str) -> bool) {
        for mut task in std::mem::take(&mut self.tasks) {
            let is_drawn = task.recovered.is_none() && task.shares.is_none();
            let unseen = is_drawn && is_unseen(&task.target.file());
            let anew = task.regenerate.is_some();
            if !unseen || (anew && !options.cards_only) {
                task.keeps |= unseen;
                self.tasks.push(task);
                continue;
            }
            let why = "the file is in the repository and not in this checkout; add its folder to `sparse-checkout` of `actions/checkout`";
            let unresolved = || Decision::Unresolved { value: task.target.file(), why };
            let decision = if anew { Decision::Kept } else { unresolved() };
            self.see_post(task.post, decision);
        }
        self.left_out.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }

    /// Leaves out the tasks whose post or picture something stands in the way of: nobody is asked for what
    /// cannot be published.
    pub fn leave_blocked(&mut self, obstacle: impl Fn(&str) -> Option<String>) {
        for task in std::mem::take(&mut self.tasks) {
            match obstacle(task.post.path()).or_else(|| obstacle(&task.picture())) {
                Some(reason) => self.see_post(task.post, Decision::Failed(reason)),
                None => self.tasks.push(task),
            }
        }
        self.left_out.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }

    /// Leaves out the tasks of posts that have their picture by now.
    pub fn leave_overtaken(&mut self, posts: &HashSet<String>) {
        let is_over = |task: &mut Task| posts.contains(task.post.path());
        for task in self.tasks.extract_if(.., is_over).collect::<Vec<_>>() {
            self.missing -= usize::from(task.missing);
            self.see_post(task.post, Decision::Overtaken);
        }
        self.left_out.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }

    /// The translation of this post that has the same picture and gets a new one.
    fn sister_drawn_anew(&self, found: &FoundPost, site: &Site) -> Option<String> {
        let (file, original) = (found.hero.file()?, site.original(found.post.path()));
        let is_sister = |task: &&Task| {
            task.replaces.as_deref() == Some(file) && site.original(task.post.path()) == original
        };
        self.tasks.iter().find(is_sister).map(|task| task.post.path().to_owned())
    }

    fn see(&mut self, path: String, decision: Decision) {
        self.left_out.push(LeftOut { path, title: None, decision });
    }

    fn see_post(&mut self, post: Post, decision: Decision) {
        self.left_out.push(LeftOut::new(post, decision));
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

/// Whether the post has a picture of ours, and is to get a new one.
fn is_redrawn(found: &FoundPost, site: &Site, options: &Options) -> bool {
    if !options.redraw || is_made(found.post.path(), options) {
        return false;
    }
    site.hero_file(&found.post, &found.hero).is_some_and(|file| provenance::is_ours(&site.root().join(file)))
}

/// The post of every set of translations that is drawn for, by the original: one whose picture is there already, else
/// the original, else the first.
fn drawn_for(candidates: &[FoundPost], sites: &Sites, options: &Options) -> HashMap<String, String> {
    let mut drawn: HashMap<String, (u8, String)> = HashMap::new();
    for found in candidates.iter().filter(|found| found.post.regenerate().is_none()) {
        let (path, site) = (found.post.path(), sites.of(found.post.path()));
        if is_redrawn(found, site, options) {
            continue;
        }
        if site.translations(path).next().is_none() {
            continue;
        }
        let original = site.original(path);
        let rank = match is_made(path, options) {
            true => 0,
            false if original == path => 1,
            false => 2,
        };
        let first = drawn.entry(original.to_owned()).or_insert_with(|| (rank, path.to_owned()));
        if rank < first.0 {
            *first = (rank, path.to_owned());
        }
    }
    drawn.into_iter().map(|(original, (_, post))| (original, post)).collect()
}

/// The picture of a translation that the post takes instead of one of its own.
fn shares(
    found: &FoundPost,
    site: &Site,
    drawn: &HashMap<String, String>,
    options: &Options,
) -> Option<SharedPicture> {
    let path = found.post.path();
    if found.post.regenerate().is_some() || is_made(path, options) || is_redrawn(found, site, options) {
        return None;
    }
    let of_sister = site.picture_of_sister(&found.post).map(SharedPicture::Known);
    let drawn = || drawn.get(site.original(path)).filter(|post| *post != path);
    of_sister.or_else(|| Some(SharedPicture::Made { post: drawn()?.clone() }))
}

/// Whether an earlier run made the picture of this post.
fn is_made(path: &str, options: &Options) -> bool {
    options.recovered.get(path).is_some_and(|recovered| !recovered.to_make)
}

/// Which post each picture in use belongs to; `None` when several share it, or a post that keeps it.
fn owners(pictures: Vec<String>, candidates: &[FoundPost], sites: &Sites) -> HashMap<String, Option<String>> {
    let original = |post: &str| sites.of(post).original(post).to_owned();
    let mut owners: HashMap<_, _> = pictures.into_iter().map(|picture| (picture, None)).collect();
    for found in candidates {
        if let Some(file) = found.hero.file() {
            let post = found.post.path();
            let is_own = |known: &String| original(known) == original(post);
            let share = |known: &mut Option<String>| *known = known.take().filter(is_own);
            owners.entry(file.to_owned()).and_modify(share).or_insert_with(|| Some(post.to_owned()));
        }
    }
    owners
}

#[cfg(test)]
mod tests;
