//! The report as people and later steps meet it. Snapshots show what an operator reads: who
//! delivered, who is out until when, what to change.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use insta::{assert_snapshot, with_settings};

use super::nearby::Nearby;
use super::sentences::headline;
use super::*;
use crate::chain::{LinkReport, LinkState};
use crate::provider::ClassName;
use crate::publish::{PublishedCommit, Reached};
use crate::runner::{Runner, RunnerOptions, SUMMARY_BUDGET};
use crate::secret::Secret;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the log of a step in Actions shows of this report.
fn log_of(report: &Report) -> String {
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::default();
    let options = RunnerOptions {
        actions: true,
        output: Some(folder.path().join("output")),
        summary: Some(folder.path().join("summary")),
        ..RunnerOptions::default()
    };
    let runner = Runner::with_sink(&options, Box::new(sink.clone()));
    runner.annotate(&annotations(report));
    for line in closing_lines(report, 0).lines() {
        runner.line(&line);
    }
    String::from_utf8(sink.0.lock().unwrap().clone()).unwrap()
}

/// Log and summary of one report.
fn told(report: &Report) -> String {
    format!("{}\n---- summary\n{}", log_of(report), summary(report))
}

macro_rules! tells {
    ($($name:ident: $sample:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                    assert_snapshot!(told(&samples::$sample()));
                });
            }
        )*

        // In one snapshot, so that a new output changes one.
        #[test]
        fn later_steps_read_the_outputs_of_every_run() {
            let of_one = |name: &str, report: &Report| {
                let lines = outputs(report).map(|(name, value)| format!("{name}={value}\n"));
                format!("---- {name}\n{}", lines.collect::<String>())
            };
            let all = [$(of_one(stringify!($name), &samples::$sample())),*];
            with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                assert_snapshot!(all.concat());
            });
        }
    };
}

tells! {
    an_ok_run_names_the_provider: ok,
    // B-42
    a_fallback_is_told_briefly: fell_back,
    a_picture_of_an_earlier_run_is_said_to_be_reused: reused,
    // W-01
    a_degraded_run_says_who_is_out_and_what_to_change: degraded,
    wrong_settings_are_told_with_their_cures: wrong_settings,
    // W-42
    nothing_to_do_is_counted_by_reason: nothing_to_do,
    title_cards_alone_are_called_so: cards_only,
    a_dry_run_says_what_would_happen: dry_run,
    a_pull_request_is_linked_and_the_record_says_who_failed_when: pull_request,
    a_branch_without_a_pull_request_says_how_to_open_one: only_a_branch,
    pictures_that_reached_no_branch_are_said_to_be_files: only_files,
}

fn all() -> Vec<Report> {
    vec![
        samples::ok(),
        samples::fell_back(),
        samples::reused(),
        samples::degraded(),
        samples::wrong_settings(),
        samples::nothing_to_do(),
        samples::cards_only(),
        samples::dry_run(),
        samples::pull_request(),
        samples::only_a_branch(),
        samples::only_files(),
        samples::two_thousand(),
        samples::hostile(),
    ]
}

#[test]
fn hostile_text_shapes_neither_log_nor_summary() {
    let report = samples::hostile();
    let log = log_of(&report);
    for line in log.lines() {
        let command = line.trim_start().starts_with("::");
        let ours = ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
        assert!(!command || ours, "{line}");
        assert!(!line.contains("##[") && !line.contains('\u{1b}') && !line.contains('\u{202e}'), "{line}");
        assert!(line.chars().count() < 5_000);
    }
    let summary = summary(&report);
    assert_eq!(summary.matches("<details>").count(), summary.matches("</details>").count());
    assert!(!summary.contains("<script") && !summary.contains("https://evil"));
    let outside_code = summary.split("<code>").filter_map(|part| part.rsplit("</code>").next());
    assert!(!outside_code.collect::<String>().contains("@everyone"));
    for row in summary.lines().filter(|line| line.starts_with("| <code>")) {
        assert_eq!(row.matches('|').count(), 6, "{row}");
    }
    let lists = outputs(&report).filter(|(name, _)| name.ends_with("posts"));
    let lists: String = lists.map(|(name, value)| format!("\n{name}={value}")).collect();
    with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        let told = format!("{}\n---- outputs{lists}", told(&report));
        assert_snapshot!(told.replace(&"A".repeat(100), "").replace(&"A".repeat(10), ""));
    });
}

// W-24
#[test]
fn two_thousand_posts_fit_and_keep_every_section() {
    let summary = summary(&samples::two_thousand());
    assert!(summary.len() < SUMMARY_BUDGET, "{}", summary.len());
    assert!(summary.starts_with(
        "## Degraded: 1000 of 2000 posts got no hero image; 1000 hero images ready (via fallback: Together AI 1000)\n"
    ));
    for section in ["### Needs a picture (1000)", "### Providers", "Posts (1000)", "Every attempt"] {
        assert!(summary.contains(section), "{section}");
    }
    assert_eq!(summary.matches("all in report.json_").count(), 3);
    assert_eq!(summary.matches("</details>").count(), 2);
}

#[test]
fn lists_worst_in_every_part_still_fit() {
    let mut report = samples::two_thousand();
    report.posts.truncate(600);
    let wide = "😀".repeat(900);
    for (number, post) in report.posts.iter_mut().enumerate() {
        post.path = format!("{number}{wide}");
        post.reason = Some(format!("{number}{wide}").into());
        if number % 3 == 0 {
            (post.status, post.attempts) = (Status::Pending(Pending::BeyondLimit), Vec::new());
        }
    }
    report.owed = report.posts.iter().map(|post| format!("{}owed", post.path)).collect();
    report.notices = (0..300).map(|_| Notice { level: Level::Warning, message: wide.clone() }).collect();
    report.chain = (0..100)
        .map(|_| crate::chain::LinkReport { cure: Some(wide.clone()), ..samples::together_gone() })
        .collect();
    assert!(summary(&report).len() < SUMMARY_BUDGET, "{}", summary(&report).len());
    let lists: usize = outputs(&report).map(|(_, value)| value.len()).sum();
    assert!(lists < 512 * 1024, "{lists}");
}

// B-94
#[test]
fn a_run_without_pictures_never_claims_that_nothing_was_to_do() {
    let report = samples::report(vec![samples::manual("a.md")], vec![samples::cloudflare_out()]);
    assert_eq!(headline(&report), "Degraded: 1 of 1 posts got no hero image");
}

#[test]
fn what_a_provider_said_is_told_once_and_every_post_refers_to_it() {
    let posts = ["a.md", "b.md", "c.md"].map(samples::manual).to_vec();
    let report = samples::report(posts, vec![samples::cloudflare_out(), samples::together_gone()]);
    let short = "Cloudflare Workers AI: daily allowance used up (429); Together AI: model not found (404)";
    let (log, summary) = (closing_lines(&report, 0).lines().join("\n"), summary(&report));
    assert_eq!(log.matches("Unable to access model").count(), 1, "{log}");
    assert!(log.contains(&format!("\nmanual b.md: {short}\nmanual c.md: {short}\n")), "{log}");
    assert!(summary.contains(&format!("<code>c.md</code>: manual: {short}\n")), "{summary}");
    let told = annotations(&report);
    assert_eq!(told.iter().filter(|told| told.message.contains("Unable to access model")).count(), 1);
    assert_eq!(told.iter().filter(|told| told.message.contains("Together AI: model not found")).count(), 3);
    assert_eq!(to_json(&report).unwrap().matches("Unable to access model").count(), 4);
}

#[test]
fn coverage_is_a_sentence_for_every_number() {
    let told = [(0, 1), (1, 1), (1, 212), (7, 212)].map(|(missing, published)| {
        let coverage = Coverage { published, missing };
        sentences::coverage(&Report { coverage, ..samples::ok() }).unwrap()
    });
    assert_eq!(
        told,
        [
            "0 of 1 published posts lack a hero image",
            "1 of 1 published posts lacks a hero image",
            "1 of 212 published posts lacks a hero image",
            "7 of 212 published posts lack a hero image",
        ]
    );
}

#[test]
fn who_only_failed_is_not_called_ready_and_who_recovered_is_not_in_trouble() {
    let failed =
        LinkReport { last_error: samples::together_gone().last_error, ..samples::link("together", 2, 0) };
    assert_eq!(sentences::state(&failed), "did not deliver");
    assert!(
        sentences::trouble(&failed)
            .unwrap()
            .starts_with("Together AI: did not deliver, model not found (404)")
    );
    let recovered = LinkReport { delivered: 1, ..failed.clone() };
    assert_eq!((sentences::in_trouble(&recovered), sentences::trouble(&recovered)), (false, None));

    let mut report = samples::report(vec![samples::manual("a.md")], vec![failed, recovered]);
    assert!(summary(&report).contains("Not working: Together AI (did not deliver)."), "{}", summary(&report));
    report.chain.remove(0);
    assert!(!to_html(&report, &Nearby::at("../")).unwrap().contains("<td class=\"bad\">"));
}

#[test]
fn a_model_to_change_is_told_although_the_next_one_delivered() {
    let link = LinkReport { state: LinkState::Ready, delivered: 1, ..samples::together_gone() };
    let told = sentences::trouble(&link).unwrap();
    assert!(
        told.starts_with("Together AI: ready, after model not found (404)")
            && told.contains("TOGETHER_IMAGE_MODEL"),
        "{told}"
    );
}

#[test]
fn a_signal_or_a_broken_run_still_says_what_was_made() {
    let mut report = samples::ok();
    (report.verdict, report.stop) = (Verdict::Failed, Some(Interruption::Signal(15)));
    assert_eq!(headline(&report), "Failed: stopped by signal 15; hero image ready (Cloudflare Workers AI)");
    report.stop = Some(Interruption::Broken);
    assert_eq!(
        headline(&report),
        "Failed: the run ended with an error; hero image ready (Cloudflare Workers AI)"
    );
}

#[test]
fn a_dry_run_says_which_posts_could_not_get_a_picture() {
    let mut report = samples::dry_run();
    report.posts.push(samples::plain("bad.md", Status::Failed, "no front matter; add one"));
    report.verdict = Verdict::of(&report.posts, 0);
    assert_eq!(
        headline(&report),
        "Degraded: dry run; 2 posts would get a hero image, 1 could not, nothing was called or written"
    );
    assert_eq!(exit_code(report.verdict, FailOn::Degraded, report.dry_run, report.stop), 0);
}

#[test]
fn a_later_model_of_the_first_provider_is_named() {
    let mut post = samples::fallback("a.md", "cloudflare");
    samples::details_of(&mut post).model = Some("flux-2-klein-4b".to_owned());
    let report = samples::report(vec![post], vec![samples::link("cloudflare", 2, 1)]);
    assert_eq!(
        headline(&report),
        "Fallback: Hero image ready (via fallback: Cloudflare Workers AI flux-2-klein-4b)"
    );
}

#[test]
fn owed_posts_alone_are_told_and_annotated() {
    let mut report = samples::nothing_to_do();
    report.owed = vec!["a.md".to_owned()];
    report.verdict = Verdict::of(&report.posts, report.owed.len());
    assert_eq!(headline(&report), "Degraded: 1 post from earlier runs still lacks a hero image");
    let told = annotations(&report);
    assert_eq!(told[0].message, "1 post of earlier runs still lacks a hero image: a.md");
}

#[test]
fn a_dead_model_is_annotated_even_when_a_later_error_hides_it() {
    let mut report = samples::degraded();
    report.chain[1].last_error.as_mut().unwrap().class = ClassName::Transient;
    let told = annotations(&report);
    let gone = told.iter().find(|one| one.title == "Together AI: model not found (404)").unwrap();
    assert_eq!(gone.level, Level::Error);
    assert!(gone.message.ends_with("; set `TOGETHER_IMAGE_MODEL` to a current one"), "{}", gone.message);
}

#[test]
fn every_report_matches_the_published_schema() {
    let schema = serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for report in all() {
        let json = serde_json::from_str(&to_json(&report).unwrap()).unwrap();
        let problems: Vec<_> = schema.iter_errors(&json).map(|problem| problem.to_string()).collect();
        assert!(problems.is_empty(), "{problems:?}");
    }
    assert!(!schema.is_valid(&serde_json::json!({ "schema": 1 })));
}

#[test]
fn pending_has_one_word_whatever_its_cause() {
    use Pending::{BeyondBudget, BeyondLimit, Planned, Stopped, Unreached};
    let statuses = [Unreached, Stopped, BeyondLimit, BeyondBudget, Planned].map(Status::Pending);
    assert_eq!(serde_json::to_value(statuses).unwrap(), serde_json::json!(vec!["pending"; 5]));
}

#[test]
fn outputs_are_at_most_200_posts() {
    let outputs: BTreeMap<_, _> = outputs(&samples::two_thousand()).collect();
    let list = |name| outputs[name].as_str();
    let posts: Vec<serde_json::Value> = serde_json::from_str(list("posts")).unwrap();
    assert_eq!(posts.len(), 200);
    assert_eq!(list("providers-used"), r#"["together"]"#);
}

// B-99
#[test]
fn a_secret_in_a_providers_words_is_gone_from_every_form() {
    let secret = Secret::new("sk-0123456789abcdef").unwrap();
    let leak = format!("bad key {}", secret.reveal());
    let mut report = samples::degraded();
    for post in &mut report.posts {
        post.reason = Some(leak.clone().into());
        let details = samples::details_of(post);
        (details.alt, details.prompt) = (Some(leak.clone()), Some(leak.clone()));
        post.attempts.iter_mut().for_each(|attempt| attempt.message.clone_from(&leak));
    }
    for link in &mut report.chain {
        link.cure = Some(leak.clone());
        link.last_error.iter_mut().for_each(|error| error.message.clone_from(&leak));
    }
    report.notices[0].message.clone_from(&leak);
    report.owed = vec![leak.clone()];
    let commit = PublishedCommit { author: leak.clone(), files: leak.clone(), ..samples::commit() };
    report.publication = samples::publication(Reached::Branch {
        branch: samples::branch(&leak, Some(commit)),
        compare_url: leak.clone(),
    });
    report.scrub(&Scrubber::new([&secret]));
    let forms = [told(&report), to_json(&report).unwrap(), to_html(&report, &Nearby::at("../")).unwrap()];
    for form in forms {
        assert!(form.contains("***") && !form.contains(secret.reveal()));
    }
}

#[test]
fn the_page_escapes_everything_and_loads_nothing_foreign() {
    let page = to_html(&samples::hostile(), &Nearby::at("../")).unwrap().replace("&#x2f;", "/");
    assert!(!page.contains("<script") && !page.contains("\"onerror") && !page.contains("=\"javascript"));
    let picture = "https://github.com/o/r/raw/0123456/javascript%3Aalert%281%29/%22%3E%3Cscript%3E.jpg";
    assert!(page.contains(&format!("<a href=\"{picture}\">")), "{page}");
    assert!(page.contains("default-src 'none'; img-src data:; style-src 'sha256-"));
    let unpublished = Report { publication: Publication::default(), ..samples::hostile() };
    let page = to_html(&unpublished, &Nearby::at("../")).unwrap().replace("&#x2f;", "/");
    assert!(page.contains(r#"<a href="../javascript%3Aalert%281%29/%22%3E%3Cscript%3E.jpg">"#), "{page}");
    assert!(page.len() < 100_000, "{}", page.len());
}

#[test]
fn the_page_of_a_degraded_run() {
    let page = to_html(&samples::degraded(), &Nearby::at("../")).unwrap();
    let (head, rest) = page.split_once("<style>").unwrap();
    let (style, body) = rest.split_once("</style>").unwrap();
    // Without the part of it that every page has.
    let head = head.split_once("<meta http-equiv").unwrap().0;
    let filters = style.split_once("@media print { .filter { display: none } }\n").unwrap().1;
    with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        assert_snapshot!(format!("{head}{filters}{body}"));
    });
}

#[test]
fn the_report_folder_ignores_itself_and_leads_back_to_the_pictures() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("out/day 1");
    let card = crate::image::card::draw("The fog", 600, 315).unwrap();
    fs::create_dir(root.path().join("images")).unwrap();
    card.pixels.save(root.path().join("images/fog.jpg")).unwrap();
    for _ in 0..2 {
        write(&dir, root.path(), &samples::ok()).unwrap();
    }
    assert_eq!(fs::read_to_string(dir.join(".gitignore")).unwrap(), "*\n");
    let page = fs::read_to_string(dir.join("report.html")).unwrap().replace("&#x2f;", "/");
    assert!(page.contains(r#"<a href="../../images/fog.jpg"><img src="data:image/jpeg;base64,"#), "{page}");
    // The sample has no post of its own, and a link to nothing is not written.
    assert!(page.contains(r#"<h3 dir="auto">The fog</h3>"#), "{page}");
    assert!(fs::read_to_string(dir.join("report.json")).unwrap().starts_with("{\n  \"schema\": 1,\n"));
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 3);
    let elsewhere = tempfile::tempdir().unwrap();
    assert!(nearby::way(elsewhere.path(), &dir).ends_with("/out/day%201/"));
}

#[test]
fn a_report_folder_that_is_a_file_is_an_error_with_a_cure() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("taken");
    fs::write(&dir, "").unwrap();
    let error = write(&dir, root.path(), &samples::ok()).unwrap_err().to_string();
    assert!(error.contains("taken") && error.contains("`report-dir`"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_report_folder_that_is_a_link_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let dir = root.path().join("out");
    std::os::unix::fs::symlink(outside.path(), &dir).unwrap();
    write(&dir, root.path(), &samples::ok()).unwrap_err();
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_post_that_failed_in_this_run_is_not_owed_from_earlier_ones() {
    let mut report = samples::degraded();
    let failed = report.with_delivery(Delivery::Missing).next().unwrap().path.clone();
    report.owed = vec![failed.clone()];
    assert!(!to_html(&report, &Nearby::at("../")).unwrap().contains("Missing since earlier runs"));
    assert!(!summary(&report).contains("Missing since earlier runs"));
    report.owed.push("posts/long-ago.md".to_owned());
    let page = to_html(&report, &Nearby::at("../")).unwrap();
    let owed = page.split("<h2>Missing since earlier runs</h2>").nth(1).unwrap();
    let owed = owed.split("<h2>").next().unwrap();
    assert!(owed.contains("long-ago.md") && !owed.contains(&failed.replace('/', "&#x2f;")), "{owed}");
}

#[test]
fn what_stands_between_backticks_is_code_on_the_page_and_nothing_in_it_is_markup() {
    let mut report = samples::degraded();
    report.notices[0].message = "set `a<b>` to <i>, not `c".to_owned();
    let page = to_html(&report, &Nearby::at("../")).unwrap();
    assert!(page.contains("set <code>a&lt;b&gt;</code> to &lt;i&gt;, not `c</li>"), "{page}");
}
