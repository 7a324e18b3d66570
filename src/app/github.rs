//! What GitHub adds to a run: which posts an event changed, what waits on our branch, the proof of the
//! right to write, and the publisher.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use tracing::info;

use super::abort::Abort;
use super::context::Context;
use super::health;
use crate::event::{AutoScope, Changed, Event};
use crate::github::{ApiError, Client, ErrorKind, Options as ClientOptions, Sha, Undetermined, changes};
use crate::health::HealthStore;
use crate::plan::{self, Plan, Task};
use crate::post::Post;
use crate::publish::{self, BasePost, PublishMode, Publisher};
use crate::settings::{GithubAccess, PublishSettings, ScopeSetting, Settings, inputs};
use crate::site::{HeroFields, Sites};
use crate::write::Outbox;

/// What else may be the matter where no post is found.
pub(super) const NO_CHECKOUT: &str = "; there is no repository either: put `actions/checkout` before this step, and when it has a `path:`, name that by input `root`";

/// What is the matter where a sparse checkout left the posts out.
pub(super) const SPARSE: &str = "; the checkout is sparse: add the folders of the posts and of their pictures to `sparse-checkout` of `actions/checkout`";

/// Most owed posts that are looked for on the branch, a reading call each.
const MOST_SOUGHT: usize = 200;

/// GitHub's side of a run; on a laptop without `publish` it is empty.
pub(super) struct GithubSession {
    /// Which posts may get a picture.
    pub scope: plan::Scope,
    /// What the event changed, where it was asked for.
    changed: BTreeSet<String>,
    /// Takes what is made to GitHub.
    pub publisher: Option<Publisher>,
    /// What earlier runs left for this one.
    pub health: HealthStore,
}

impl GithubSession {
    /// Finds out what to look at and what waits already; only reading calls.
    pub(super) async fn open(ctx: &Context<'_>, hero: HeroFields) -> Result<Self, Abort> {
        let Context { settings, event, signals, .. } = ctx;
        let client = settings.github.access().map(client).transpose()?;
        let mut scope = scope(settings, event, client.as_deref()).await?;
        let publishing = settings.github.publishing().zip(client.clone());
        // Jobs that run beside each other learn of each other from the record, whoever publishes their pictures.
        let writes = client.filter(|_| publishing.is_some() || settings.shard.is_some());
        let health = HealthStore::open(health::place(settings, writes)).await;
        let changed = match &scope {
            plan::Scope::These(paths) => paths.clone(),
            plan::Scope::All => BTreeSet::new(),
        };
        if let plan::Scope::These(paths) = &mut scope {
            paths.extend(health.record().owed().iter().cloned());
        }
        let publisher = match publishing {
            Some((given, client)) => {
                let options = options(ctx, given, client, hero)?;
                Some(Publisher::open(options, signals.late.clone()).await?)
            }
            None => None,
        };
        if let (plan::Scope::These(paths), Some(publisher)) = (&mut scope, &publisher) {
            let kept = publisher.outbox().all().into_iter();
            paths.extend(kept.filter(|kept| kept.branch == publisher.base()).map(|kept| kept.post));
        }
        Ok(Self { scope, changed, publisher, health })
    }

    /// Takes pictures out of the outbox that have arrived.
    pub(super) fn tidy(&self, arrived: &[String]) {
        let outbox = self.publisher.as_ref().map(Publisher::outbox);
        outbox.into_iter().for_each(|outbox| arrived.iter().for_each(|picture| outbox.clear(picture)));
    }

    /// Posts whose picture waits on our branch.
    pub(super) fn waiting(&self) -> HashMap<String, String> {
        self.publisher.as_ref().map(|publisher| publisher.waiting().clone()).unwrap_or_default()
    }

    /// Posts that changed or are owed, and are not in the workspace: the checkout is sparse, or a step removed
    /// them. An owed one may have been deleted: whether it was is read from the branch.
    pub(super) async fn absent(&self, sites: &Sites) -> Result<Vec<String>, Abort> {
        let gone =
            |path: &&String| sites.is_post(path) && sites.root().join(path).symlink_metadata().is_err();
        let mut absent: Vec<String> = self.changed.iter().filter(gone).cloned().collect();
        let Some(publisher) = &self.publisher else { return Ok(absent) };
        let settled =
            |path: &&String| self.changed.contains(*path) || publisher.waiting().contains_key(*path);
        let owed = self.health.record().owed().iter().filter(gone).filter(|path| !settled(path));
        for path in owed.take(MOST_SOUGHT) {
            match publisher.base_post(path).await {
                Ok(BasePost::Lacking(_)) => absent.push(path.clone()),
                // Nothing in the record is trusted to be a path.
                Ok(_) | Err(ApiError { kind: ErrorKind::Invalid { .. }, .. }) => {}
                Err(error) => return Err(anyhow::Error::from(error).into()),
            }
        }
        Ok(absent)
    }

    /// Whether the repository holds a picture that the workspace lacks.
    pub(super) fn hides(&self, picture: &str, root: &Path) -> bool {
        let held = self.publisher.as_ref().is_some_and(|publisher| publisher.holds(picture));
        held && root.join(picture).symlink_metadata().is_err()
    }

    /// What the branch has in the way of a file of this path.
    pub(super) fn obstacle(&self, path: &str) -> Option<String> {
        self.publisher.as_ref().and_then(|publisher| publisher.obstacle(path))
    }

    /// Proves the right to write before the first picture is paid for, and leaves out what the base branch
    /// has by now; a run without a task writes nothing.
    pub(super) async fn prove(&mut self, plan: &mut Plan, sites: &Sites) -> Result<(), Abort> {
        let (Some(publisher), Some(first)) = (&mut self.publisher, plan.tasks.first()) else { return Ok(()) };
        let text = sites.read(first.post.path()).map(|(_, text)| text).unwrap_or_default();
        let posts: Vec<String> = plan.tasks.iter().map(|task| task.post.path().to_owned()).collect();
        let pictures: Vec<String> = plan.tasks.iter().map(Task::picture).collect();
        publisher.prove(&text, &posts, &pictures).await?;
        plan.leave_overtaken(&self.overtaken(plan, sites).await?);
        Ok(())
    }

    /// Posts of the plan that got their picture on the base branch since the commit that was checked out: a
    /// job that is run again finds them so.
    async fn overtaken(&self, plan: &Plan, sites: &Sites) -> Result<HashSet<String>, Abort> {
        let Some(publisher) = &self.publisher else { return Ok(HashSet::new()) };
        let to_make = plan.tasks.iter().filter(|task| task.recovered.is_none() && !task.is_redrawn());
        let posts: Vec<&str> = to_make.map(|task| task.post.path()).collect();
        let moved = publisher.moved(&posts).await.map_err(anyhow::Error::from)?;
        // What is made now answers every wish for a new picture.
        let is_settled = |(path, text): &(String, String)| {
            let post = Post::parse(path, text.as_bytes(), sites.of(path).dialect());
            has_its_picture(publisher.is_set(path, text), post.as_ref().ok(), true)
        };
        Ok(moved.into_iter().filter(is_settled).map(|(path, _)| path).collect())
    }
}

/// Whether a post needs no picture on the branch: it has a hero image there, and does not ask for a new one
/// that the picture at hand would be. A post that cannot be parsed asks for nothing.
pub(super) fn has_its_picture(has_hero: bool, post: Option<&Post>, answers_wish: bool) -> bool {
    has_hero && !(answers_wish && post.is_some_and(|post| post.regenerate().is_some()))
}

pub(super) fn client(access: &GithubAccess) -> Result<Arc<Client>, Abort> {
    connect(access).map(Arc::new).map_err(|error| Abort::invalid(error.to_string()))
}

/// A client for GitHub; what is wrong is an error of the settings.
pub(super) fn connect(access: &GithubAccess) -> Result<Client, ApiError> {
    let GithubAccess { token, repository, api, graphql } = access;
    Client::new(ClientOptions::new(api, graphql, repository, token.clone()))
}

/// What an event changed counts before the globs: they say what a post is. "Could not determine" is
/// never "everything".
async fn scope(settings: &Settings, event: &Event, client: Option<&Client>) -> Result<plan::Scope, Abort> {
    let auto = match (settings.scope, &event.auto) {
        (ScopeSetting::All, _) => AutoScope::All,
        (ScopeSetting::Changed, _) => AutoScope::Changed,
        // On a laptop nothing happened, so everything that lacks a picture is meant.
        (ScopeSetting::Auto, _) if event.name.is_empty() => AutoScope::All,
        (ScopeSetting::Auto, auto) => auto.clone(),
    };
    let range = match (auto, &event.changed) {
        (AutoScope::All, _) => return Ok(plan::Scope::All),
        // Whoever says which posts are meant leaves no question that the event would have to answer.
        (AutoScope::Unclear(_), _) if settings.sites.names_posts() => return Ok(plan::Scope::All),
        (AutoScope::Unclear(problem), _) => return Err(Abort::invalid(problem)),
        (AutoScope::Changed, Changed::Everything(why)) => {
            info!("every post counts as changed: {why}");
            return Ok(plan::Scope::All);
        }
        (AutoScope::Changed, Changed::Nothing(why)) => {
            info!("nothing changed: {why}");
            return Ok(plan::Scope::These(Default::default()));
        }
        (AutoScope::Changed, Changed::Unknown(_)) if event.name.is_empty() => {
            let problem = "`changed` means what an event changed, and outside GitHub Actions there is no event; write `all`, or leave it out and name the posts";
            return Err(Abort::invalid(format!("{}: {problem}", settings.source(&inputs::SCOPE))));
        }
        (AutoScope::Changed, Changed::Unknown(why)) => {
            return Err(Abort::Failed(Undetermined::because(why).into()));
        }
        (AutoScope::Changed, Changed::Compare(range)) => range,
    };
    let Some(client) = client else {
        let problem = "finding changed posts needs a token; give input `github-token` (in Actions `${{ github.token }}`), or set `scope` to `all`";
        return Err(Abort::invalid(format!("{}: {problem}", settings.source(&inputs::SCOPE))));
    };
    let number = event.pull_request;
    let changed = changes(client, range, number).await.map_err(|unknown| Abort::Failed(unknown.into()))?;
    Ok(plan::Scope::These(changed.into_iter().collect()))
}

fn options(
    ctx: &Context<'_>,
    given: &PublishSettings,
    client: Arc<Client>,
    hero: HeroFields,
) -> Result<publish::Options, Abort> {
    let Context { settings, event, runner, .. } = ctx;
    let Some(base) = given.base.clone().or_else(|| event.branch.clone()) else {
        let problem = "this run is not on a branch (a tag, or a laptop); name the branch on which the pictures should land, or set `publish` to `none`";
        return Err(Abort::invalid(format!("{}: {problem}", settings.source(&inputs::BASE))));
    };
    // A pull request for a pull request would be of no use: its head gets the commit.
    let mode = if event.pull_request.is_some() { PublishMode::Commit } else { given.mode };
    Ok(publish::Options {
        client,
        mode,
        branch: given.branch_for(&base),
        base,
        checked_out: given.sha.as_deref().and_then(|sha| Sha::parse(sha).ok()),
        message: given.message.clone(),
        pull: given.pull.clone(),
        signoff: given.signoff,
        comment_on: event.pull_request.filter(|_| given.comment),
        page: given.page.clone(),
        root: settings.root.clone(),
        outbox: Outbox::new(&settings.root, &settings.report_dir),
        hero,
        scrubber: runner.scrubber(),
    })
}
