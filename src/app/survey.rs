//! What there is before anything is decided: the site with its posts, and what GitHub, earlier runs and the
//! event say about them. It is read once and changes nothing; what follows from it is computed.

use super::abort::Abort;
use super::context::Context;
use super::github::{self, GithubSession};
use super::recover::{self, Recovered};
use crate::clock;
use crate::plan;
use crate::settings;
use crate::site::{Discovery, NoSite, SiteProblem, Sites};
use crate::write::Tree;

/// The sites and their posts, as they lie in the workspace.
pub(super) struct Blog {
    /// How posts name their pictures, and where those go.
    pub sites: Sites,
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
        ctx.progress.phase("reading the posts");
        let settings = &ctx.settings;
        let message = |SiteProblem { folder, problem }: &SiteProblem| match folder {
            Some(folder) => format!("{}: {problem}", settings.source_in(folder, problem.input())),
            None => format!("{}: {problem}", settings.source_of(problem.input())),
        };
        match Sites::open(&settings.root, &settings.sites) {
            Ok((sites, discovery)) => Ok(Self { sites, discovery }),
            Err(NoSite::Problems(problems)) => {
                Err(Abort::InvalidSettings(problems.iter().map(message).collect()))
            }
            Err(NoSite::Refused(reason)) => Err(Abort::invalid(reason.to_owned())),
            Err(NoSite::Several { input, sites }) => {
                Err(Abort::invalid(several(settings.source_of(input), &sites)))
            }
            Err(NoSite::NoPosts(nothing)) => {
                let no_checkout = !ctx.event.name.is_empty() && !settings.root.join(".git").exists();
                let is_sparse = nothing.iter().any(|nothing| nothing.sparse);
                let cure = match (no_checkout, is_sparse) {
                    (true, _) => github::NO_CHECKOUT,
                    (false, true) => github::SPARSE,
                    (false, false) => "",
                };
                let nothing: Vec<String> = nothing.iter().map(ToString::to_string).collect();
                Err(Abort::invalid(format!("{}{cure}", nothing.join("; "))))
            }
        }
    }
}

/// What to choose where an input can speak of one site only.
fn several(source: &str, sites: &[(String, &str)]) -> String {
    let place = |folder: &str| if folder.is_empty() { "the root".to_owned() } else { format!("`{folder}`") };
    let named: Vec<String> =
        sites.iter().map(|(folder, generator)| format!("{generator} in {}", place(folder))).collect();
    format!(
        "{source}: it can be meant for one site only, and there are several with posts: {}; name the folder of one in `root`, its posts in `posts`, or each site with its own settings in the list `sites` of {}",
        named.join(", "),
        settings::FILE
    )
}

/// Finds out what is known of the posts; only reading calls.
///
/// # Errors
/// Settings that do not fit the event, rights that lack, and calls that fail.
pub(super) async fn survey(ctx: &Context<'_>, blog: Blog) -> Result<Survey, Abort> {
    let sites = &blog.sites;
    let github = GithubSession::open(ctx, sites.hero_fields()).await?;
    let Recovered { pictures, arrived } = recover::recovered(&github, sites).await?;
    let absent = github.absent(sites).await?;
    let tree = Tree::open(&ctx.settings.root).map_err(anyhow::Error::from)?;
    let options = plan::Options {
        max_images: ctx.settings.max_images,
        now: clock::now(),
        scope: github.scope.clone(),
        waiting: github.waiting(),
        absent,
        recovered: pictures,
        submodules: tree.submodules().clone(),
        cards_only: ctx.settings.chain.cards_only,
        redraw: ctx.settings.redraw,
        shard: ctx.settings.shard,
    };
    Ok(Survey { blog, tree, github, options, arrived })
}
