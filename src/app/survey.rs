//! What there is before anything is decided: the site with its posts, and what GitHub, earlier runs and the
//! event say about them. It is read once and changes nothing; what follows from it is computed.

use super::abort::Abort;
use super::context::Context;
use super::github::{self, GithubSession};
use super::recover::{self, Recovered};
use crate::clock;
use crate::plan;
use crate::site::{Discovery, InvalidOption, NoSite, Site};
use crate::write::Tree;

/// The site and its posts, as they lie in the workspace.
pub(super) struct Blog {
    /// How posts name their pictures, and where those go.
    pub site: Site,
    /// What was found beside the posts.
    pub discovery: Discovery,
}

/// All that a plan follows from.
pub(super) struct Survey {
    /// The site and its posts.
    pub blog: Blog,
    /// The workspace to write to.
    pub tree: Tree,
    /// GitHub's side of the run.
    pub github: GithubSession,
    /// What is known of the posts, and what the run may do with them.
    pub options: plan::Options,
    /// Pictures in the outbox that have arrived on the branch.
    pub arrived: Vec<String>,
}

impl Blog {
    /// Reads the site; asks nobody.
    ///
    /// # Errors
    /// [`Abort::InvalidSettings`] where they do not fit the site, or it has no post.
    pub(super) fn read(ctx: &Context<'_>) -> Result<Self, Abort> {
        let settings = &ctx.settings;
        let told = |problem: &InvalidOption| format!("{}: {problem}", settings.source_of(problem.input()));
        match Site::open(&settings.root, settings.site.clone()) {
            Ok((site, discovery)) => Ok(Self { site, discovery }),
            Err(NoSite::Problems(problems)) => {
                Err(Abort::InvalidSettings(problems.iter().map(told).collect()))
            }
            Err(NoSite::Refused(reason)) => Err(Abort::invalid(reason.to_owned())),
            Err(NoSite::NoPosts(nothing)) => {
                let no_checkout = !ctx.event.name.is_empty() && !settings.root.join(".git").exists();
                let cure = match (no_checkout, nothing.sparse) {
                    (true, _) => github::NO_CHECKOUT,
                    (false, true) => github::SPARSE,
                    (false, false) => "",
                };
                Err(Abort::invalid(format!("{nothing}{cure}")))
            }
        }
    }
}

/// Finds out what is known of the posts; only reading calls.
///
/// # Errors
/// Settings that do not fit the event, rights that lack, and calls that fail.
pub(super) async fn survey(ctx: &Context<'_>, blog: Blog) -> Result<Survey, Abort> {
    let site = &blog.site;
    let github = GithubSession::open(ctx, site.hero_field().clone()).await?;
    let Recovered { pictures, arrived } = recover::recovered(&github, site).await?;
    let absent = github.absent(site).await?;
    let tree = Tree::open(&ctx.settings.root).map_err(anyhow::Error::from)?;
    let options = plan::Options {
        max_images: ctx.settings.max_images,
        now: clock::now(),
        scope: github.scope.clone(),
        waiting: github.waiting(),
        absent,
        recovered: pictures,
        submodules: tree.submodules().clone(),
        cards_only: ctx.cards_only,
    };
    Ok(Survey { blog, tree, github, options, arrived })
}
