//! The report of every run, also of one that was refused, failed or was stopped: built here as the run goes
//! on, and given out in every form at its end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tokio::time::Instant;
use tracing::debug;

use super::abort::Abort;
use super::health::{self, Share};
use super::lock::Lock;

use crate::chain::{Chain, FirstAsked, LinkReport};
use crate::check::Checked;
use crate::clock;
use crate::drill::DrillReport;
use crate::env::Env;
use crate::health::{Fingerprints, HealthRecord, HealthStore};
use crate::plan::{Plan, Shard, Task};
use crate::provider::Dollars;
use crate::publish::Publication;
use crate::publish::gallery::Gallery;
use crate::report::alert::{Alert, Webhook};
use crate::report::{
    self, Cost, Coverage, Delivery, FailOn, FileCount, Interruption, Level, Notice, Outcome, Places, Report,
    SiteDecision, Status, Uneditable, Verdict,
};
use crate::runner::Runner;
use crate::settings::{self, AlertIssueSettings, Invalid, Settings};
use crate::site::{Discovery, DisputedFolder, Sites};
use crate::text::url_path;

/// What is known of the run so far.
pub(super) struct ReportBuilder {
    report: Report,
    /// When the run began.
    pub started: Instant,
    workspace: PathBuf,
    root: PathBuf,
    report_dir: PathBuf,
    fail_on: FailOn,
    /// Posts at the front of the report whose line the log has already.
    logged: usize,
    /// Held until everything is reported.
    lock: Option<Lock>,
    /// What was asked for is in the log: there is no run to report.
    printed: bool,
    /// The blog is read and the log has begun to tell of it.
    begun: bool,
    /// Who is told when the run ends badly.
    webhook: Option<Webhook>,
    /// The issue that is to tell of it where no webhook does.
    issue: Option<Box<AlertIssueSettings>>,
    /// Whether people were told that the last run ended badly.
    alarmed: bool,
    /// Where the run happens, for those who are told.
    place: RunPlace,
    /// The working directory of whoever may sit in front of the machine; nobody does where `CI` is set.
    in_front: Option<PathBuf>,
}

/// What there is to tell of a run at its end, and whom.
pub(super) struct News {
    /// Who is told first.
    pub webhook: Option<Webhook>,
    /// The issue that tells where no webhook does.
    pub issue: Option<Box<AlertIssueSettings>>,
    /// That it ended badly, or well after such an end that people were told of.
    pub alert: Option<Alert>,
    /// That it ended well, where it did.
    pub well: Option<Alert>,
}

/// Repository and page of a run on GitHub.
#[derive(Default)]
struct RunPlace {
    repository: Option<String>,
    page: Option<String>,
}

impl RunPlace {
    fn of(env: &Env) -> Self {
        let get = |name| env.get(name).map(str::to_owned);
        let repository = get("GITHUB_REPOSITORY");
        let server = settings::server(env);
        let run = env.get("GITHUB_RUN_ID").filter(|run| run.bytes().all(|byte| byte.is_ascii_digit()));
        let page = |(name, run): (&String, &str)| format!("{server}/{}/actions/runs/{run}", url_path(name));
        Self { page: repository.as_ref().zip(run).map(page), repository }
    }
}

impl ReportBuilder {
    /// A run that has only begun.
    pub(super) fn new(env: &Env) -> Self {
        let report = Report {
            schema: report::VERSION,
            verdict: Verdict::Ok,
            started: clock::now(),
            seconds: 0.0,
            chain: Vec::new(),
            sites: Vec::new(),
            files: None,
            posts: Vec::new(),
            owed: Vec::new(),
            fallback_streak: 0,
            fallback_limit: 0,
            cost: Cost::NONE,
            coverage: Coverage::default(),
            publication: Publication::default(),
            notices: Vec::new(),
            shards: Vec::new(),
            dry_run: false,
            cards_only: false,
            check: None,
            drill: None,
            stop: None,
            size: None,
            told: BTreeSet::new(),
            places: Places::default(),
        };
        Self {
            report,
            started: Instant::now(),
            workspace: settings::workspace(env),
            root: env.directory.clone(),
            report_dir: settings::default_report_dir(&env.directory),
            fail_on: FailOn::default(),
            logged: 0,
            lock: None,
            printed: false,
            begun: false,
            webhook: None,
            issue: None,
            alarmed: false,
            place: RunPlace::of(env),
            in_front: Some(env.directory.clone()).filter(|_| !env.in_actions() && env.get("CI").is_none()),
        }
    }

    /// Who is told when the run ends badly.
    pub(super) fn alert_by(&mut self, webhook: Option<Webhook>) {
        self.webhook = webhook;
    }

    /// What there is to tell at once of the run as it stands, and whom; `None` where nobody is to be told of anything.
    pub(super) fn news(&mut self, runner: &Runner) -> Option<News> {
        if self.printed || (self.webhook.is_none() && self.issue.is_none()) {
            return None;
        }
        self.conclude(runner);
        let RunPlace { repository, page } = std::mem::take(&mut self.place);
        let placed = |alert: Alert| Alert { repository: repository.clone(), page: page.clone(), ..alert };
        let is_well = self.report.is_well();
        Some(News {
            webhook: self.webhook.clone(),
            issue: self.issue.clone(),
            alert: Alert::of(&self.report, self.alarmed).map(placed),
            // An open issue is a memory of its own, of runs too that kept no record.
            well: Alert::of(&self.report, true).filter(|_| is_well).map(placed),
        })
    }

    /// An alert that did not arrive changes nothing but the report.
    pub(super) fn not_alerted(&mut self, why: String) {
        self.warn([why]);
    }

    /// Keeps the workspace for this run until all is reported.
    pub(super) fn hold(&mut self, lock: Option<Lock>) {
        self.lock = lock;
    }

    /// Takes from settings that cannot be followed what can be known all the same.
    pub(super) fn invalid_settings(&mut self, invalid: Invalid) -> Abort {
        self.root = invalid.root;
        self.report_dir = invalid.report_dir;
        self.issue = invalid.alert_issue;
        self.warn(invalid.warnings);
        Abort::InvalidSettings(invalid.problems)
    }

    /// Takes from the settings what the report depends on.
    pub(super) fn use_settings(&mut self, settings: &Settings) {
        self.root.clone_from(&settings.root);
        self.report_dir.clone_from(&settings.report_dir);
        self.issue.clone_from(&settings.alert_issue);
        self.fail_on = settings.fail_on;
        self.report.fallback_limit = settings.fallback_limit;
        self.report.dry_run = settings.dry_run;
        self.report.cards_only = settings.chain.cards_only;
        self.report.size = Some((settings.image.width, settings.image.height));
        self.warn(settings.warnings.iter().cloned());
    }

    /// Keeps what was decided for each site, and which files were seen.
    pub(super) fn blog(&mut self, sites: &Sites, discovery: &Discovery) {
        self.begun = true;
        self.report.sites = sites.all().map(SiteDecision::of).collect();
        self.report.files = Some(FileCount::of(sites, discovery));
        let told = sites.disputed().iter().map(|DisputedFolder { folder, generator, rivals }| {
            let place = if folder.is_empty() { "the root" } else { folder };
            let others = rivals.join("`, `");
            let message = format!(
                "{place} has the configuration of `{generator}` and of `{others}` and is taken for a site of `{generator}`; the input `site` says which one builds the blog, as in `site: {}`",
                rivals.first().unwrap_or(generator)
            );
            Notice { level: Level::Notice, message }
        });
        self.report.notices.extend(told);
    }

    fn warn(&mut self, warnings: impl IntoIterator<Item = String>) {
        let warnings = warnings.into_iter().map(|message| Notice { level: Level::Warning, message });
        self.report.notices.extend(warnings);
    }

    /// Why the run went no further.
    pub(super) fn abort(&mut self, abort: Abort) {
        let (problems, stop) = match abort {
            Abort::InvalidSettings(problems) => (problems, Interruption::Settings),
            Abort::Failed(error) => (vec![format!("{error:#}")], Interruption::Broken),
            // The signal is recorded for itself.
            Abort::Cancelled => return,
        };
        let errors = problems.into_iter().map(|message| Notice { level: Level::Error, message });
        self.report.notices.extend(errors);
        self.report.stop = Some(stop);
    }

    /// The run does nothing, because of what happened on GitHub.
    pub(super) fn stand_down(&mut self, reason: &str) {
        let message = format!("nothing to do: {reason}");
        self.report.notices.push(Notice { level: Level::Notice, message });
    }

    /// The chain as it is, which nothing was asked of but what is free.
    pub(super) fn looked_at(&mut self, chain: impl Iterator<Item = LinkReport>) {
        self.report.chain = chain.collect();
        self.printed = true;
    }

    /// What the drill found of this chain.
    pub(super) fn drilled(&mut self, chain: Vec<LinkReport>, drill: DrillReport) {
        self.report.chain = chain;
        let notices = report::drill_notices(&self.report, &drill);
        self.report.notices.extend(notices);
        self.report.drill = Some(drill);
    }

    /// Whether anybody is told beside those who look.
    pub(super) fn has_webhook(&self) -> bool {
        self.webhook.is_some()
    }

    /// What was asked for is printed, so there is no run to report.
    pub(super) fn printed(&mut self) {
        self.printed = true;
    }

    /// What a pull request shows of the run as it stands.
    pub(super) fn gallery(&self) -> Gallery {
        report::gallery(&self.report, self.place.page.clone())
    }

    /// What reached GitHub.
    pub(super) fn published(&mut self, publication: Publication) {
        self.report.notices.extend(report::publication_notices(&publication));
        if !publication.lost.is_empty() && self.report.stop.is_none() {
            self.report.stop = Some(Interruption::Broken);
        }
        self.report.publication = publication;
    }

    /// Leaves the record for the next run; what is still owed keeps the verdict degraded.
    pub(super) async fn keep(&mut self, store: HealthStore, fingerprints: &Fingerprints, share: &Share<'_>) {
        let report = &mut self.report;
        self.alarmed = store.record().alarmed();
        report.told.clone_from(store.record().told());
        let next = health::after_run(store.record(), fingerprints, report, share);
        // Who is not told of a bad run is not told of its end either.
        let owed = next.owed().iter().filter(|path| share.holds(path)).count();
        let bad = matches!(verdict(report, owed), Verdict::Degraded | Verdict::Failed)
            || report.is_long_streak(next.fallback_streak());
        let is_told = self.webhook.is_some() || self.issue.is_some();
        let next = next.with_alarm(if is_told { bad } else { self.alarmed }, clock::now());
        let next = next.with_told(report::tips(report).map(|(tip, _)| tip.name()), clock::now());
        let record = store.keep(next).await;
        report.owed = record.owed().iter().filter(|path| share.holds(path)).cloned().collect();
        report.fallback_streak = record.fallback_streak();
        let message = report::long_streak(report);
        report.notices.extend(message.map(|message| Notice { level: Level::Error, message }));
    }

    /// A signal ended the run.
    pub(super) fn signal(&mut self, signal: u8) {
        self.report.stop = Some(Interruption::Signal(signal));
    }

    /// Keeps the reason of every post that gets no picture.
    pub(super) fn plan(&mut self, plan: &mut Plan) {
        self.report.coverage = Coverage { published: plan.published, missing: plan.missing };
        self.warn(std::mem::take(&mut plan.warnings));
        self.report.posts.extend(std::mem::take(&mut plan.left_out).into_iter().map(report::left_out));
    }

    /// Of posts that cannot be read or edited, those that an earlier run has reported do not count again, unless
    /// somebody asked for them; in a first run nor do those that are in order.
    pub(super) fn mark_known(&mut self, earlier: Option<&HealthRecord>, is_asked_for: impl Fn(&str) -> bool) {
        for post in self.report.posts.iter_mut() {
            let is_old = match (post.uneditable, earlier) {
                (Some(_), Some(record)) => record.uneditable().contains(&post.path),
                // Nobody knows then which post is new.
                (Some(kind), None) => kind == Uneditable::NewByLimit,
                (None, _) => continue,
            };
            if is_old && !is_asked_for(&post.path) {
                post.uneditable = Some(Uneditable::Known);
            }
        }
    }

    /// What mode `check` found.
    pub(super) fn checked(&mut self, checked: Checked) {
        let (check, coverage, notices) = report::found(&checked);
        self.report.notices.extend(notices);
        self.report.coverage = coverage;
        self.report.check = Some(check);
        self.report.posts = checked.posts.into_iter().map(report::checked).collect();
    }

    /// What the text models have to say of the run.
    pub(super) fn described(&mut self, trouble: Option<String>) {
        self.warn(trouble);
    }

    /// A dry run's tasks: what would be made, with the prompt of each where it is known.
    pub(super) fn planned<'a>(
        &mut self,
        tasks: impl Iterator<Item = (&'a Task, Option<String>)>,
        first: Option<&FirstAsked>,
    ) {
        let tasks = tasks.map(|(task, prompt)| report::planned(task, prompt, first));
        self.report.posts.splice(0..0, tasks);
    }

    /// Says of a dry run how far its budget goes.
    pub(super) fn weigh(&mut self, budget: Option<Dollars>) {
        let message = budget.and_then(|budget| report::beyond_budget(&self.report, budget));
        self.report.notices.extend(message.map(|message| Notice { level: Level::Notice, message }));
    }

    /// Keeps the jobs that mode `plan` divides so many posts among, with the most pictures of each.
    pub(super) fn divided(&mut self, shards: Vec<Shard>, posts: usize, most: usize) {
        self.report.notices.extend(report::beyond_jobs(&shards, posts, most));
        self.report.shards = shards;
    }

    /// What became of the tasks. Outcomes come in their order.
    pub(super) fn outcomes(&mut self, plan: &Plan, outcomes: Vec<Outcome>) {
        // A stand-in still waits for its picture.
        let gained = plan
            .tasks
            .iter()
            .zip(&outcomes)
            .filter(|(task, outcome)| {
                let delivered = outcome.delivery() == Delivery::Delivered;
                task.missing && (delivered || outcome.status == Status::Unchanged)
            })
            .count();
        self.report.coverage.missing = self.report.coverage.missing.saturating_sub(gained);
        self.logged = outcomes.len();
        let titles = plan.tasks.iter().map(|task| Some(task.title.clone()));
        let titled = outcomes.into_iter().zip(titles).map(|(outcome, title)| outcome.titled(title));
        self.report.posts.splice(0..0, titled);
    }

    /// The providers, those that took part first.
    pub(super) fn chain<P: Send + 'static>(&mut self, chain: &Chain<P>, absent: &[LinkReport]) {
        self.report.chain = chain.report();
        self.report.chain.extend(absent.iter().cloned());
    }

    /// Says so where a chain has no second service that can draw, unless none is asked.
    pub(super) fn judge_depth(&mut self) {
        let message = report::shallow_chain(&self.report.chain).filter(|_| !self.report.cards_only);
        self.report.notices.extend(message.map(|message| Notice { level: Level::Notice, message }));
    }

    /// Draws the verdict, and takes out of the report what nobody may see.
    fn conclude(&mut self, runner: &Runner) {
        let report = &mut self.report;
        report.seconds = self.started.elapsed().as_secs_f64();
        report.verdict = verdict(report, report.owed.len());
        report.cost = report.posts.iter().map(Outcome::cost).sum();
        report.places.root = relative(&self.root, &self.workspace);
        report.places.report = Some(relative(&self.report_dir.join("report.json"), &self.workspace));
        report.scrub(&runner.scrubber());
    }

    /// Reports the run in every form and gives the exit code.
    pub(super) fn emit(mut self, runner: &Runner) -> u8 {
        if self.printed && self.report.chain.is_empty() {
            return 0;
        }
        self.conclude(runner);
        if self.printed {
            // No report is written over that of the last run.
            self.report.places.report = None;
            report::outputs(&self.report).for_each(|(name, value)| runner.set_output(name, &value));
            runner.summary(&report::providers_summary(&self.report));
            return 0;
        }
        let report = &mut self.report;
        // A typing mistake on somebody's own machine is no reason to create a folder, nor to lose the last report.
        let refused = report.stop == Some(Interruption::Settings) && !runner.in_actions();
        let unwanted = refused && self.report_dir == settings::default_report_dir(&self.root);
        let lock = self.lock.take();
        // A dry run leaves no byte behind, and a report of a refused run may have no place to go.
        if report.dry_run || unwanted {
            report.places.report = None;
            lock.into_iter().for_each(Lock::leave_nothing);
        } else if let Err(error) = report::write(&self.report_dir, &self.root, report) {
            report.places.report = None;
            report.notices.push(Notice { level: Level::Warning, message: error.to_string() });
        } else if let Some(directory) = &self.in_front {
            report.places.page = Some(relative(&self.report_dir.join("report.html"), directory));
        }
        if runner.speaks_json() {
            match report::to_json(report) {
                Ok(json) => runner.json(&json),
                Err(error) => report.notices.push(Notice { level: Level::Error, message: error.to_string() }),
            }
        }
        for post in &report.posts {
            debug!("{}", report::reason_line(post, &report.chain));
        }
        let closing = report::closing_lines(report, self.logged);
        if refused && !self.begun {
            // What is wrong, and nothing in front of it.
            closing.errors.iter().for_each(|error| runner.error(error));
            aside(report, runner);
            return report::exit_code(report.verdict, self.fail_on, report.dry_run, report.stop);
        }
        aside(report, runner);
        for (name, value) in report::outputs(report) {
            runner.set_output(name, &value);
        }
        runner.summary(&report::summary(report));
        closing.posts.iter().for_each(|row| runner.row(row));
        runner.line("");
        runner.headline(&closing.headline);
        closing.errors.iter().for_each(|error| runner.error(error));
        closing.result.iter().for_each(|line| runner.line(line));
        report::exit_code(report.verdict, self.fail_on, report.dry_run, report.stop)
    }
}

/// Says what the closing lines leave out. A terminal shows every line once; the runner's annotations stand beside the
/// log as well.
fn aside(report: &Report, runner: &Runner) {
    if runner.in_actions() {
        return runner.annotate(&report::annotations(report));
    }
    report::asides(report).iter().for_each(|notice| runner.remark(notice.level, &notice.message));
}

/// The verdict of the run as it stands, with so many posts owed.
fn verdict(report: &Report, owed: usize) -> Verdict {
    match report.stop {
        Some(_) => Verdict::Failed,
        None if report.drill.as_ref().is_some_and(|drill| !drill.is_passed()) => Verdict::Degraded,
        None => Verdict::of(&report.posts, owed),
    }
}

/// The path as seen from the workspace; as it is when it leads elsewhere.
fn relative(path: &Path, workspace: &Path) -> String {
    path.strip_prefix(workspace).unwrap_or(path).display().to_string()
}
