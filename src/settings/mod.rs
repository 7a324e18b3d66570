//! Settings: text from flags, inputs, file and environment becomes types that cannot be wrong, and
//! every mistake is reported at once, before anything is read, spent or written.

mod alert;
mod budget;
mod card;
mod chain;
mod cli;
mod command;
mod file;
mod health;
mod help;
pub mod inputs;
mod masked;
pub mod mode;
mod pages;
mod paths;
mod posts_args;
mod publish;
mod schema;
mod sites;
mod suggest;
mod values;
mod version;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use alert::AlertIssueSettings;
pub use chain::ChainSettings;
pub use cli::{OwnText, Speech};

pub use health::Health;
pub use mode::Mode;
pub use paths::{default_report_dir, workspace};
pub use publish::{GithubAccess, GithubSettings, PublishSettings, ScopeSetting, server};
pub use schema::file_schema;

use crate::describe::Describer;
use crate::env::Env;
use crate::generate::LastResort;
use crate::http::Http;
use crate::image::card::CardStyle;
use crate::image::process;
use crate::plan::Shard;
use crate::prompt::Template;
use crate::provider::Catalogue;
use crate::report::alert::Webhook;
use crate::report::{CardRole, FailOn};
use crate::secret::Secret;
use crate::site;
use inputs::Input;
use values::Values;

/// Path of the settings file in the repository.
pub const FILE: &str = file::PATH;

/// Everything a run needs to know.
pub struct Settings {
    /// What to do.
    pub mode: Mode,
    /// The blog's repository.
    pub root: PathBuf,
    /// Which sites, which of their posts, and where pictures go.
    pub sites: site::SitesOptions,
    /// Which posts are looked at.
    pub scope: ScopeSetting,
    /// What GitHub is needed for.
    pub github: GithubSettings,
    /// The providers.
    pub chain: ChainSettings,
    /// What becomes of a post that no provider delivers for.
    pub last_resort: LastResort,
    /// From which verdict on the step fails.
    pub fail_on: FailOn,
    /// So many runs in a row on a fallback are worth an alert; 0 for never.
    pub fallback_limit: u32,
    /// The issue that tells of runs that end badly, if one is to.
    pub alert_issue: Option<Box<AlertIssueSettings>>,
    /// Pictures per run.
    pub max_images: usize,
    /// Posts in flight.
    pub concurrency: usize,
    /// Longest time for the run's generating.
    pub deadline: Duration,
    /// Total time the run may sleep.
    pub patience: Duration,
    /// The prompt.
    pub template: Template,
    /// The text model, if one is configured and wanted.
    pub describer: Option<Describer>,
    /// Shape and encoding of pictures.
    pub image: process::Options,
    /// How title cards look.
    pub card: CardStyle,
    /// Whether prompt, model, provider and date are written to the front matter.
    pub metadata: bool,
    /// Where the record for the next run is kept on GitHub.
    pub health: Health,
    /// Where the report goes.
    pub report_dir: PathBuf,
    /// The built site, for mode `check`.
    pub built: Option<PathBuf>,
    /// Plan only.
    pub dry_run: bool,
    /// A drill asks real services for pictures.
    pub live: bool,
    /// Services are asked by their free calls.
    pub probe: bool,
    /// The posts that are named get a new picture where theirs is ours.
    pub redraw: bool,
    /// The share of the posts that is this run's; `None` for all.
    pub shard: Option<Shard>,
    /// What was given and has no effect: half credentials, each with the missing half, and misplaced files.
    pub warnings: Vec<String>,
    /// What a message calls every input.
    sources: BTreeMap<&'static str, String>,
}

impl Settings {
    /// What a message calls an input: the words under which it was given.
    pub fn source(&self, input: &Input) -> &str {
        self.source_of(input.name)
    }

    /// The same by name, for stages that know inputs by nothing else.
    pub fn source_of<'a>(&'a self, name: &'a str) -> &'a str {
        self.sources.get(name).map_or(name, String::as_str)
    }

    /// What a message calls a setting of the site that the settings file lists with this folder.
    pub fn source_in(&self, folder: &str, name: &str) -> String {
        values::in_site(folder, name)
    }
}

/// What the command line and environment amount to.
pub enum Invocation {
    /// A run.
    Run(Box<Settings>),
    /// Help or version, to be printed.
    Print(OwnText),
}

/// Settings that cannot be followed.
#[derive(Debug)]
pub struct Invalid {
    /// Every problem, each with name, value and cure.
    pub problems: Vec<String>,
    /// What was given and has no effect, which may be the cause of a problem.
    pub warnings: Vec<String>,
    /// The blog's repository, as far as it is known.
    pub root: PathBuf,
    /// Where the report goes all the same.
    pub report_dir: PathBuf,
    /// The issue that tells of it.
    pub alert_issue: Option<Box<AlertIssueSettings>>,
}

/// Whether this run only looks, by what was typed or by the input: whatever event started it, it costs and
/// writes nothing. The settings file has no say in that, for a pull request may bring its own.
pub fn only_looks(env: &Env) -> bool {
    let Ok(cli::Parsed::Run(typed)) = cli::parse(&env.args) else { return false };
    let given = typed.flags.get(inputs::MODE.name).map(String::as_str);
    let given = given
        .or_else(|| env.input(inputs::MODE.name))
        .and_then(|word| mode::find(&word.to_ascii_lowercase()));
    typed.mode.or(given).is_some_and(Mode::only_looks)
}

/// How this run is to speak. Asked before anything is printed; what cannot be parsed is told as usual.
pub fn speech(env: &Env) -> Speech {
    match cli::parse(&env.args) {
        Ok(cli::Parsed::Run(typed)) => typed.speech,
        Ok(cli::Parsed::Print(_)) | Err(_) => Speech::default(),
    }
}

/// Reads everything the process was given. With it comes every secret that was read on the way, whatever
/// came of it; the result may be shown only where they are masked. `trusted` says whether the services count that the
/// repository describes: in a stranger's pull request they do not.
pub fn parse(env: &Env, trusted: bool) -> (Vec<Secret>, Result<Invocation, Invalid>) {
    let request = read(env, trusted);
    (env.secrets().into_iter().map(|(_, secret)| secret).collect(), request)
}

/// The webhook that is told of a run that ends badly, also where other settings are wrong.
pub fn alert_webhook(env: &Env) -> Option<Webhook> {
    Webhook::at(masked::alert_webhook(env)?)
}

fn read(env: &Env, trusted: bool) -> Result<Invocation, Invalid> {
    let catalogue = |root: &Path| match trusted {
        true => Catalogue::with_those_of(root),
        false => (Catalogue::built_in(), Vec::new()),
    };
    let cli = match cli::parse(&env.args) {
        Ok(cli::Parsed::Run(cli)) => cli,
        Ok(cli::Parsed::Print(text)) => return Ok(Invocation::Print(text)),
        Err(problem) => {
            return Err(unparsed(env, |root| catalogue(root).0, problem));
        }
    };
    let mut values = Values::new(env, cli.flags);
    let root = paths::root(&mut values, env);
    let from_file = file::read(&root.repository, &mut values.problems);
    let (catalogue, faults) = catalogue(&root.repository);
    values.problems.extend(faults);
    values.add_file(from_file.values);
    let root = root.with_file(&mut values);
    let report_dir = paths::report_dir(&mut values, env, &root.repository);

    let typed = posts_args::posts(&cli.posts, &env.directory, &root.repository, &mut values.problems);
    let mode = mode::parse(&mut values, cli.mode);
    let http = Http::default();
    let built = paths::built(&mut values, env, &root.path());
    let mut chain = if mode.asks_services() {
        chain::parse(&mut values, env, &catalogue, &http, from_file.models)
    } else {
        // No provider is asked, so none need be configured; keys are read all the same, to be known as secrets.
        let mut apart = Values::new(env, BTreeMap::new());
        chain::parse(&mut apart, env, &catalogue, &http, BTreeMap::new());
        ChainSettings::of_nobody()
    };
    // On a laptop nothing configured means title cards; in Actions it is a problem above.
    chain.cards_only = !mode.only_looks() && chain.links.is_empty();
    chain.card |= chain.cards_only;
    let shard = shard(&mut values);
    if let Some(shard) = shard {
        chain.share_with(shard.jobs());
    }
    let describer = describer(&mut values, env, &chain, &http);
    let image = image(&mut values);
    budget::prove(&mut values, chain.budget, &chain.links, image.width, image.height);
    let card = card::parse(&mut values, &root);
    let mut scope = publish::scope(&mut values);
    let github = publish::parse(&mut values, env, mode.asks_services());
    if mode == Mode::Demo {
        // No event changed the sample blog.
        scope = ScopeSetting::All;
    }
    masked::remember_others(env);
    masked::warn_of_short(&mut values, env);
    masked::no_wrong_webhook(&mut values, env);
    masked::no_plain_setting(&mut values, env, &catalogue);
    let mut sources = values.sources();
    if !typed.is_empty() {
        sources.insert(inputs::POSTS.name, "command line".to_owned());
    }
    let mut sites = sites::parse(&mut values, &root, &typed, from_file.sites, image.format);
    let redraw = redraw(&mut values, &sites);
    let dry_run = values.truth(&inputs::DRY_RUN) || mode == Mode::Plan;
    let alert_issue = alert::parse(&mut values, env, mode, &root).filter(|_| !dry_run);
    let options = sites.listed.iter_mut().map(|site| &mut site.options).chain([&mut sites.common]);
    // A card that is to be drawn anew waits for its successor, whoever draws that.
    options.for_each(|options| options.cards_wait = redraw || !chain.links.is_empty());
    let settings = Settings {
        mode,
        scope,
        github,
        root: root.repository,
        sites,
        last_resort: last_resort(&mut values, &chain),
        fail_on: fail_on(&mut values),
        fallback_limit: values.number(&inputs::FALLBACK_LIMIT, 0..=1_000),
        alert_issue,
        max_images: values.number(&inputs::MAX_IMAGES, 0..=100_000),
        concurrency: values.number(&inputs::CONCURRENCY, 1..=64),
        deadline: values.duration(&inputs::DEADLINE),
        patience: values.duration(&inputs::PATIENCE),
        template: template(&mut values),
        describer,
        image,
        card,
        metadata: values.choice(&inputs::METADATA, &[("none", false), ("front-matter", true)]),
        health: health::parse(&mut values, env),
        built,
        dry_run,
        live: values.truth(&inputs::LIVE),
        probe: values.truth(&inputs::PROBE),
        redraw,
        shard,
        report_dir: report_dir.clone(),
        warnings: values.warnings,
        sources,
        chain,
    };
    if values.problems.is_empty() {
        Ok(Invocation::Run(Box::new(settings)))
    } else {
        let Settings { root, warnings, alert_issue, .. } = settings;
        Err(Invalid { problems: values.problems, warnings, root, report_dir, alert_issue })
    }
}

/// What can be known of a command line that cannot be parsed; every secret is remembered all the same.
fn unparsed(env: &Env, known: impl Fn(&Path) -> Catalogue, problem: String) -> Invalid {
    let mut values = Values::new(env, BTreeMap::new());
    let root = paths::root(&mut values, env).repository;
    let report_dir = paths::report_dir(&mut values, env, &root);
    chain::parse(&mut values, env, &known(&root), &Http::default(), BTreeMap::new());
    masked::remember_others(env);
    Invalid { problems: vec![problem], warnings: Vec::new(), root, report_dir, alert_issue: None }
}

/// What the input says, unless the chain itself ends in a card or a person, or is nothing else.
fn last_resort(values: &mut Values<'_>, chain: &ChainSettings) -> LastResort {
    let stand_in = LastResort::Card(CardRole::StandIn);
    let choices = [(chain::MANUAL, LastResort::Manual), (chain::CARD, stand_in)];
    let given = values.choice(&inputs::ON_EXHAUSTED, &choices);
    let order = values.source(&inputs::PROVIDERS);
    let are_given =
        [&inputs::PROVIDERS, &inputs::ON_EXHAUSTED].iter().all(|input| values.text(input).is_some());
    let differs = |((_, means), ends): &(&(&str, LastResort), bool)| *ends && *means != given;
    let last_words = choices.iter().zip([chain.manual, chain.card]);
    if let Some(((word, _), _)) = last_words.into_iter().find(differs).filter(|_| are_given) {
        let other = values.source(&inputs::ON_EXHAUSTED);
        let problem = format!("{order} ends in `{word}`, and {other} says otherwise; take one of them out");
        values.problems.push(problem);
    }
    match chain {
        ChainSettings { cards_only: true, .. } => LastResort::Card(CardRole::Wanted),
        ChainSettings { card: true, .. } => stand_in,
        ChainSettings { .. } => given,
    }
}

/// Whether posts that are named get a new picture.
fn redraw(values: &mut Values<'_>, sites: &site::SitesOptions) -> bool {
    let redraw = values.truth(&inputs::REDRAW);
    if redraw && !sites.names_posts() {
        let source = values.source(&inputs::REDRAW);
        values.problems.push(format!(
            "{source}: it needs to know which posts get a new picture; name them in `posts`, or on the command line as in `--redraw posts/a.md`"
        ));
    }
    redraw
}

/// The share of this run.
fn shard(values: &mut Values<'_>) -> Option<Shard> {
    let right = format!("which share of how many this is, at most {}, such as `3/8`", Shard::MOST);
    values.given(&inputs::SHARD, Shard::parse, &right)
}

fn fail_on(values: &mut Values<'_>) -> FailOn {
    let choices = [("degraded", FailOn::Degraded), ("fallback", FailOn::Fallback), ("never", FailOn::Never)];
    values.choice(&inputs::FAIL_ON, &choices)
}

fn template(values: &mut Values<'_>) -> Template {
    #[expect(clippy::expect_used, reason = "nothing of the user's is in it")]
    let built_in = || Template::new(None, None).expect("a test renders the built-in template");
    match Template::new(values.text(&inputs::PROMPT_TEMPLATE), values.text(&inputs::STYLE)) {
        Ok(template) => template,
        Err(reason) => {
            let source = values.source(&inputs::PROMPT_TEMPLATE);
            values
                .problems
                .push(format!("{source}: {reason}; correct it, or leave it out for the built-in one"));
            built_in()
        }
    }
}

fn image(values: &mut Values<'_>) -> process::Options {
    let size = |text: &str| {
        let (width, height) = text.split_once(['x', 'X', '×'])?;
        let side = |text: &str| text.trim().parse().ok().filter(|side| (256..=4096).contains(side));
        Some((side(width)?, side(height)?))
    };
    let (width, height) = values.parse(
        &inputs::SIZE,
        size,
        "width and height in pixels such as `1200x630`, each from 256 to 4096",
    );
    let formats = [
        ("jpeg", process::Format::Jpeg),
        ("jpg", process::Format::Jpeg),
        ("webp", process::Format::Webp),
        ("png", process::Format::Png),
    ];
    let format = values.choice(&inputs::FORMAT, &formats);
    let quality = values.number(&inputs::QUALITY, 1..=100);
    process::Options { width, height, format, quality }
}

fn describer(values: &mut Values<'_>, env: &Env, chain: &ChainSettings, http: &Http) -> Option<Describer> {
    let wanted = values.choice(&inputs::DESCRIBE, &[("auto", true), ("never", false)]);
    // Cards show the title; nobody reads a prompt for them, so nothing is spent on one.
    if !wanted || chain.links.is_empty() {
        return None;
    }
    match Describer::configure(env, http) {
        Ok(describer) => describer,
        Err(problem) => {
            // The image provider of the same key may have said so already.
            let problem = problem.to_string();
            if !values.problems.contains(&problem) {
                values.problems.push(problem);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_the_stages_do_by_themselves_is_what_the_table_of_inputs_says() {
        let env = Env::default();
        let mut values = Values::new(&env, BTreeMap::new());
        assert_eq!(image(&mut values), process::Options::default());
        assert_eq!(fail_on(&mut values), FailOn::default());
        assert_eq!(values.problems, Vec::<String>::new());
    }
}
