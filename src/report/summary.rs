//! The report as Markdown for the job summary. What an operator must know comes first, what is
//! merely good to know folds. Every list has a share of the budget, so that no list can push another
//! out.

use super::drilled;
use super::estimate::cost;
use super::planned::division;
use super::sentences::{
    self, Repeats, count, coverage, headline, in_short, last_error, left_alone, result, state, streak, tally,
    time, title,
};
use super::{Delivery, Interruption, Outcome, Pending, Report, Status, Verdict, publication};
use crate::chain::{Attempt, LinkReport};
use crate::markdown::{Page, code, foreign, link_to, remark, sentence};
use crate::runner::Level;

/// Bytes for each list; together they stay below [`crate::runner::SUMMARY_BUDGET`].
const NOTICES: usize = 40 * 1024;
const TASKS: usize = 64 * 1024;
const PROVIDERS: usize = 64 * 1024;
const POSTS: usize = 160 * 1024;
const ATTEMPTS: usize = 96 * 1024;
/// Longest text in a cell, in characters.
const CELL: usize = 400;
/// A table with more rows folds.
const OPEN_ROWS: usize = 25;

/// The report as Markdown.
pub fn summary(report: &Report) -> String {
    let mut page = Page::default();
    page.block(&format!("## {}", remark(&headline(report), CELL)));
    if matches!(report.verdict, Verdict::Degraded | Verdict::Failed) {
        // GitHub paints this block red: a degraded chain is impossible to miss.
        page.block(&format!("> [!CAUTION]\n> {}", remark(&caution(report), CELL)));
    }
    let tally = report.drill.is_none().then(|| tally(report));
    let facts =
        [coverage(report), sentences::pages(report), tally, cost(report), division(report), streak(report)];
    let facts = facts.iter().flatten().map(|fact| format!("- {}", remark(fact, CELL)));
    let published = publication::lines(&report.publication);
    let published = published.iter().map(|told| format!("- {}", link_to(&told.text, told.url.as_deref())));
    let facts: Vec<_> = facts.chain(published).collect();
    if !facts.is_empty() {
        page.block(&facts.join("\n"));
    }
    to_change(&mut page, report);
    tasks(&mut page, report);
    match &report.drill {
        Some(drill) => drilled::section(&mut page, report, drill),
        None => providers(&mut page, report),
    }
    // A check has told of them already.
    if report.check.is_none() {
        posts(&mut page, report);
    }
    attempts(&mut page, report);
    let reasons = left_alone(report);
    if !reasons.is_empty() {
        let rows = reasons.iter().map(|(number, reason)| format!("- {number}: {}", remark(reason, CELL)));
        let title = if report.check.is_some() { "Not checked" } else { "Left alone" };
        page.rows(&format!("### {title}\n\n"), rows, NOTICES);
    }
    notes(&mut page, report);
    page.block(&format!("Started {}, took {:.1} s.", time(report.started), report.seconds));
    page.finish()
}

/// What the verdict asks of the reader.
fn caution(report: &Report) -> String {
    match report.stop {
        Some(Interruption::Settings) => return "The list below says what to change.".to_owned(),
        Some(Interruption::Broken) => {
            return "The list below says what broke. What was finished is kept.".to_owned();
        }
        Some(Interruption::Signal(_)) => {
            return "What was finished is kept; the next run does the rest.".to_owned();
        }
        None if report.drill.is_some() => {
            return "One service that fails leaves posts without their pictures. The list below says what to change.".to_owned();
        }
        None if report.check.is_some() => {
            return "The list below says what each post lacks, and what to do about it.".to_owned();
        }
        None if report.dry_run => {
            return "A run would leave posts without a hero image; the list below says which.".to_owned();
        }
        None => {}
    }
    let broken: Vec<_> = report.chain.iter().filter(|link| sentences::in_trouble(link)).collect();
    let names: Vec<_> = broken.iter().map(|link| format!("{} ({})", link.title, state(link))).collect();
    let broken =
        if names.is_empty() { String::new() } else { format!(" Not working: {}.", names.join(", ")) };
    format!("The next run tries these posts again, unless you add a picture yourself.{broken}")
}

/// What the reader can do something about: problems, each with its cure.
fn to_change(page: &mut Page, report: &Report) {
    let mut notices: Vec<_> = report.remarks().filter(|notice| notice.level != Level::Notice).collect();
    notices.sort_by_key(|notice| std::cmp::Reverse(notice.level));
    let rows = notices.iter().map(|notice| {
        let level = if notice.level == Level::Error { "**error**" } else { notice.level.name() };
        format!("- {level}: {}", remark(&notice.message, 2 * CELL))
    });
    let cures = report.chain.iter().filter_map(sentences::cure);
    let rows: Vec<_> = rows.chain(cures.map(|cure| format!("- {}", sentence(cure, CELL)))).collect();
    if !rows.is_empty() {
        page.rows("### What to change\n\n", rows, NOTICES);
    }
}

/// What is good to know, and needs nothing.
fn notes(page: &mut Page, report: &Report) {
    let notices = report.remarks().filter(|notice| notice.level == Level::Notice);
    let rows: Vec<_> = notices.map(|notice| format!("- {}", remark(&notice.message, 2 * CELL))).collect();
    if !rows.is_empty() {
        page.rows("### Notes\n\n", rows, NOTICES);
    }
}

/// Posts that wait for a person or for a later run.
fn tasks(page: &mut Page, report: &Report) {
    let mut told = Repeats::default();
    let is_check = report.check.is_some();
    let lacking = report.with_delivery(Delivery::Missing);
    let lacking = lacking.map(|post| if is_check { finding(post, &mut told) } else { task(report, post) });
    let lists = [
        (if is_check { "To mend" } else { "Needs a picture" }, lacking.collect::<Vec<_>>()),
        (
            "Missing since earlier runs",
            report.owed_before().map(|path| format!("- [ ] {}", code(path))).collect(),
        ),
        ("Planned", planned(report)),
        (
            "Pending, next run",
            [Pending::BeyondBudget, Pending::BeyondLimit]
                .into_iter()
                .flat_map(|why| with_status(report, Status::Pending(why)))
                .collect(),
        ),
    ];
    for (title, rows) in lists.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        page.rows(&format!("### {title} ({})\n\n", rows.len()), rows, TASKS / 2);
    }
}

/// The table of providers has what each said in full.
fn task(report: &Report, post: &Outcome) -> String {
    let why = in_short(post, &report.chain);
    let why =
        if why.is_empty() { post.status.name().to_owned() } else { format!("{}: {why}", post.status.name()) };
    format!("- [ ] {}: {}", code(&post.path), remark(&why, 2 * CELL))
}

/// What a check found of a post: its reason is a whole sentence, with the cure.
fn finding(post: &Outcome, told: &mut Repeats) -> String {
    format!("- [ ] {}: {}", code(&post.path), remark(&told.once(post, in_short(post, &[])), 2 * CELL))
}

fn planned(report: &Report) -> Vec<String> {
    let posts = report.posts.iter().filter(|post| post.status == Status::Pending(Pending::Planned));
    let row = |post: &Outcome| {
        let picture =
            post.details().image.as_deref().map(|image| format!(": {}", code(image))).unwrap_or_default();
        let planned = remark(&super::log::planned(post, &report.chain), 2 * CELL);
        format!("- [ ] {}{picture}{planned}", code(&post.path))
    };
    posts.map(row).collect()
}

fn with_status(report: &Report, status: Status) -> Vec<String> {
    let posts = report.posts.iter().filter(|post| post.status == status && post.attempts.is_empty());
    posts.map(|post| format!("- [ ] {}", code(&post.path))).collect()
}

fn providers(page: &mut Page, report: &Report) {
    if report.chain.is_empty() {
        return;
    }
    let head = "### Providers\n\n| provider | state | attempts | delivered | last error |\n\
                | --- | --- | ---: | ---: | --- |\n";
    let configured = report.chain.iter().filter(|link| link.configured);
    page.rows(head, configured.map(|link| provider(report, link)), PROVIDERS);
    if let Some(absent) = sentences::not_configured(report) {
        page.block(&remark(&absent, 4 * CELL));
    }
}

fn provider(report: &Report, link: &LinkReport) -> String {
    format!(
        "| {} | {} | {} | {} | {} |",
        foreign(&link.title, CELL),
        state(link),
        link.attempts,
        link.delivered,
        remark(&last_error(report, link), CELL),
    )
}

fn posts(page: &mut Page, report: &Report) {
    let mut posts: Vec<_> = report
        .posts
        .iter()
        .filter(|post| {
            // The task list above has those that lack a picture, with the reason.
            let shown = matches!(
                post.status,
                Status::Generated | Status::Card(_) | Status::Waiting | Status::Unresolved | Status::Failed
            );
            shown && (post.delivery() != Delivery::Missing || post.details().image.is_some())
        })
        .collect();
    if posts.is_empty() {
        return;
    }
    posts.sort_by_key(|post| post.status);
    let folds = posts.len() > OPEN_ROWS;
    let title = format!("Posts ({})", posts.len());
    let title = if folds { format!("<details><summary>{title}</summary>") } else { format!("### {title}") };
    let head = format!(
        "{title}\n\n| post | status | provider | image | reason |\n| --- | --- | --- | --- | --- |\n"
    );
    page.rows(&head, posts.iter().map(|post| post_row(report, post)), POSTS);
    if folds {
        page.block("</details>");
    }
}

fn post_row(report: &Report, post: &Outcome) -> String {
    let provider = post.details().provider.as_deref().filter(|_| !matches!(post.status, Status::Card(_)));
    let provider = provider.map(|name| foreign(title(&report.chain, name), CELL)).unwrap_or_default();
    let fallback = if post.fallback { " (fallback)" } else { "" };
    let image = post.details().image.as_deref().map(|image| picture(report, post, image)).unwrap_or_default();
    // The task list has the reason of a stand-in.
    let reason = match post.delivery() {
        Delivery::Missing => String::new(),
        Delivery::Delivered | Delivery::NotDue => remark(&in_short(post, &report.chain), CELL),
    };
    format!("| {} | {} | {provider}{fallback} | {image} | {reason} |", code(&post.path), post.status.name())
}

/// The picture by its address on GitHub, once it is there; until then its path.
fn picture(report: &Report, post: &Outcome, image: &str) -> String {
    let Some(address) = publication::picture_file(report, post, image) else { return code(image) };
    let alt = foreign(post.details().alt.as_deref().unwrap_or(image), CELL);
    format!("<a href=\"{address}\"><img src=\"{address}\" width=\"160\" alt=\"{alt}\"></a>")
}

/// Every request made for posts where something went wrong.
fn attempts(page: &mut Page, report: &Report) {
    let troubled = |post: &&Outcome| post.attempts.iter().any(|attempt| attempt.class.is_some());
    let mut posts: Vec<_> = report.posts.iter().filter(troubled).collect();
    if posts.is_empty() {
        return;
    }
    posts.sort_by_key(|post| post.delivery() != Delivery::Missing);
    let rows =
        posts.iter().flat_map(|post| post.attempts.iter().map(|attempt| attempt_row(report, post, attempt)));
    let number = posts.iter().map(|post| post.attempts.len()).sum();
    let head = format!(
        "<details><summary>Every attempt for posts where one failed ({})</summary>\n\n\
         | post | provider | model | result | seconds |\n| --- | --- | --- | --- | ---: |\n",
        count(number, "attempt", "attempts")
    );
    page.rows(&head, rows, ATTEMPTS);
    page.block("</details>");
}

fn attempt_row(report: &Report, post: &Outcome, attempt: &Attempt) -> String {
    format!(
        "| {} | {} | {} | {} | {:.1} |",
        code(&post.path),
        foreign(title(&report.chain, &attempt.provider), CELL),
        code(&attempt.model),
        foreign(&result(attempt), CELL),
        attempt.seconds
    )
}
