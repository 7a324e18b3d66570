//! Reports as a real run would make them, for the tests of this folder.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    CardRole, Cost, Coverage, Details, Interruption, Level, Notice, Outcome, Pending, Places, Report, Status,
    VERSION, Verdict,
};
use crate::chain::{Attempt, LastError, LinkReport, LinkState, Past, PastFailure};
use crate::provider::{ClassName, Dollars};
use crate::publish::{
    EarlierRuns, Publication, PublishedBranch, PublishedCommit, PublishedPull, PullOperation, Reached,
};

pub(super) fn attempt(
    provider: &str,
    class: impl Into<Option<ClassName>>,
    status: u16,
    message: &str,
) -> Attempt {
    let model = match provider {
        "cloudflare" => "@cf/black-forest-labs/flux-1-schnell",
        "together" => "black-forest-labs/FLUX.2-dev",
        _ => "model",
    };
    let class = class.into();
    Attempt {
        provider: provider.to_owned(),
        model: model.to_owned(),
        class,
        status: Some(status),
        message: message.to_owned(),
        at: 0.5,
        seconds: 1.25,
        cost: match (class, provider) {
            (None, "cloudflare") => Some(Dollars::millionths(634)),
            (None, "together") => None,
            _ => Some(Dollars::NOTHING),
        },
    }
}

pub(super) fn delivered(path: &str, provider: &str) -> Outcome {
    let success = attempt(provider, None, 200, "");
    let details = Details {
        title: Some(title_of(path)),
        provider: Some(provider.to_owned()),
        model: Some(success.model.clone()),
        planned: Cost::NONE,
        image: Some(path.replace("posts/", "images/").replace(".md", ".jpg")),
        field: Some("image".to_owned()),
        value: Some(path.replace("posts/", "/images/").replace(".md", ".jpg")),
        alt: Some("A lighthouse in the fog".to_owned()),
        prompt: Some("A lighthouse in the fog, seen from the sea. Flat illustration.".to_owned()),
        width: Some(1200),
        height: Some(630),
        bytes: Some(84_213),
        thumbnail: None,
    };
    let details = Some(Box::new(details));
    Outcome { details, seconds: 2.5, attempts: vec![success], ..Outcome::new(path, Status::Generated) }
}

/// The title that the post with this path has: `posts/fog.md` is called "The fog".
fn title_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    format!("The {}", name.trim_end_matches(".md"))
}

pub(super) fn details_of(post: &mut Outcome) -> &mut Details {
    post.details.get_or_insert_with(|| Box::new(Details::NONE))
}

pub(super) fn fallback(path: &str, provider: &str) -> Outcome {
    let mut post = Outcome { fallback: true, ..delivered(path, provider) };
    post.attempts.insert(0, exhausted());
    post
}

/// Two posts: one was paid for by an earlier run, one by this.
pub(super) fn reused() -> Report {
    let kept = Outcome {
        attempts: Vec::new(),
        reason: Some("reused: an earlier run made its picture and could not publish it".into()),
        ..delivered("posts/fog.md", "together")
    };
    report(vec![kept, delivered("posts/tide.md", "cloudflare")], vec![link("cloudflare", 1, 1)])
}

pub(super) fn manual(path: &str) -> Outcome {
    let gone =
        attempt("together", ClassName::Gone, 404, "Unable to access model black-forest-labs/FLUX.2-dev");
    let post = Outcome::new(path, Status::Manual).titled(Some(title_of(path)));
    Outcome { attempts: vec![exhausted(), gone], ..post }
}

pub(super) fn plain(path: &str, status: Status, reason: &str) -> Outcome {
    let reason = (!reason.is_empty()).then(|| reason.to_owned().into());
    Outcome { reason, ..Outcome::new(path, status) }
}

fn exhausted() -> Attempt {
    let message = "4006: you have used up your daily free allocation of 10,000 neurons";
    attempt("cloudflare", ClassName::QuotaExhausted, 429, message)
}

pub(super) fn link(name: &str, attempts: u32, delivered: u32) -> LinkReport {
    let title = match name {
        "cloudflare" => "Cloudflare Workers AI",
        "together" => "Together AI",
        "gemini" => "Google Gemini",
        other => other,
    };
    LinkReport {
        name: name.to_owned(),
        title: title.to_owned(),
        models: vec![attempt(name, None, 200, "").model],
        allowance: (name == "cloudflare").then(|| "10,000 neurons a day".to_owned()),
        configured: true,
        state: LinkState::Ready,
        attempts,
        delivered,
        last_error: None,
        out_until: None,
        past: None,
        cure: None,
        probe: None,
    }
}

/// Cloudflare without allowance until midnight.
pub(super) fn cloudflare_out() -> LinkReport {
    let error = exhausted();
    LinkReport {
        state: LinkState::Out,
        last_error: error.class.map(|class| LastError {
            class,
            status: error.status,
            message: error.message,
        }),
        out_until: Some("2026-11-22T00:00:00Z".parse().unwrap()),
        ..link("cloudflare", 1, 0)
    }
}

/// Together whose model was withdrawn.
pub(super) fn together_gone() -> LinkReport {
    LinkReport {
        state: LinkState::Out,
        last_error: Some(LastError {
            class: ClassName::Gone,
            status: Some(404),
            message: "Unable to access model black-forest-labs/FLUX.2-dev".to_owned(),
        }),
        cure: Some(
            "Together AI no longer has the model `black-forest-labs/FLUX.2-dev`; set `TOGETHER_IMAGE_MODEL` to a current one"
                .to_owned(),
        ),
        ..link("together", 1, 0)
    }
}

pub(super) fn gemini_missing() -> LinkReport {
    LinkReport {
        configured: false,
        state: LinkState::NotConfigured,
        cure: Some("set `GEMINI_API_KEY`".to_owned()),
        ..link("gemini", 0, 0)
    }
}

/// A report over these posts and providers with the verdict that follows.
pub(super) fn report(posts: Vec<Outcome>, chain: Vec<LinkReport>) -> Report {
    Report {
        schema: VERSION,
        verdict: Verdict::of(&posts, 0),
        cost: posts.iter().map(Outcome::cost).sum(),
        started: Timestamp::from_second(1_795_226_400).unwrap(),
        seconds: 12.34,
        chain,
        sites: Vec::new(),
        files: None,
        posts,
        owed: Vec::new(),
        fallback_streak: 0,
        fallback_limit: 3,
        coverage: Coverage { published: 212, missing: 7 },
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
        places: Places {
            root: String::new(),
            report: Some(".image-fallback/report.json".to_owned()),
            page: None,
        },
    }
}

pub(super) fn ok() -> Report {
    let quiet =
        (1..=180).map(|n| plain(&format!("posts/{n}.md"), Status::Unchanged, "it has its hero image"));
    let posts = [delivered("posts/fog.md", "cloudflare")].into_iter().chain(quiet).collect();
    report(posts, vec![link("cloudflare", 1, 1), link("together", 0, 0), gemini_missing()])
}

pub(super) fn fell_back() -> Report {
    let posts =
        vec![fallback("posts/fog.md", "together"), plain("posts/new.md", Status::Skipped, "it is a draft")];
    let mut report = report(posts, vec![cloudflare_out(), link("together", 1, 1), gemini_missing()]);
    report.publication = committed();
    report
}

/// What the job's own token committed to the branch of the event.
pub(super) fn committed() -> Publication {
    publication(Reached::Commit(Some(branch("main", Some(commit())))))
}

pub(super) fn publication(reached: Reached) -> Publication {
    Publication { reached, ..Publication::default() }
}

pub(super) fn branch(name: &str, commit: Option<PublishedCommit>) -> PublishedBranch {
    PublishedBranch { name: name.to_owned(), commit }
}

/// A commit made with the job's own token.
pub(super) fn commit() -> PublishedCommit {
    let sha = "0123456789abcdef0123456789abcdef01234567";
    PublishedCommit {
        sha: sha.to_owned(),
        url: format!("https://github.com/o/r/commit/{sha}"),
        verified: true,
        author: "github-actions[bot]".to_owned(),
        files: "https://github.com/o/r/raw/0123456".to_owned(),
    }
}

pub(super) fn pull(operation: PullOperation) -> PublishedPull {
    PublishedPull { number: 12, url: "https://github.com/o/r/pull/12".to_owned(), operation }
}

/// The allowance was used up by an earlier run, and our pull request got a second picture.
pub(super) fn pull_request() -> Report {
    let past = Past {
        last_success: Some("2026-11-14T02:00:00Z".parse().unwrap()),
        last_failure: Some(PastFailure {
            at: "2026-11-20T20:30:00Z".parse().unwrap(),
            class: "QuotaExhausted".to_owned(),
            status: Some(429),
        }),
    };
    let out_until = Some("2026-11-22T00:00:00Z".parse().unwrap());
    let known_out =
        LinkReport { state: LinkState::Out, out_until, past: Some(past), ..link("cloudflare", 0, 0) };
    let mut together = link("together", 1, 1);
    together.past = Some(Past {
        last_success: None,
        last_failure: Some(PastFailure {
            at: "2026-11-18T01:00:00Z".parse().unwrap(),
            class: "Transient".to_owned(),
            status: None,
        }),
    });
    let mut made = fallback("posts/fog.md", "together");
    made.attempts.remove(0);
    let posts = vec![made, plain("posts/tide.md", Status::Waiting, "waiting in #12")];
    let mut report = report(posts, vec![known_out, together]);
    report.fallback_streak = 4;
    let commit = PublishedCommit { verified: false, ..commit() };
    report.publication = publication(Reached::PullRequest {
        pull: pull(PullOperation::Updated),
        branch: Some(branch("image-fallback/main", Some(commit))),
    });
    report
}

/// The token may push our branch and not open a pull request.
pub(super) fn only_a_branch() -> Report {
    let mut report = ok();
    let commit = PublishedCommit { author: "o".to_owned(), ..commit() };
    report.publication = publication(Reached::Branch {
        branch: branch("image-fallback/main", Some(commit)),
        compare_url: "https://github.com/o/r/compare/main...image-fallback/main?expand=1".to_owned(),
    });
    report
}

/// Nothing reached GitHub.
pub(super) fn only_files() -> Report {
    let mut report = ok();
    (report.verdict, report.stop) = (Verdict::Failed, Some(Interruption::Broken));
    report.publication.reached = Reached::Files(EarlierRuns::Nothing);
    report.notices =
        vec![notice(Level::Error, "main cannot be written (403); give the job `contents: write`")];
    report
}

pub(super) fn degraded() -> Report {
    let mut half = delivered("posts/harbour.md", "cloudflare");
    half.attempts[0].seconds = 0.75;
    let mut card = manual("posts/card.md");
    card.status = Status::Card(CardRole::StandIn);
    details_of(&mut card).provider = Some("card".to_owned());
    details_of(&mut card).image = Some("images/card.png".to_owned());
    let posts = vec![
        half,
        delivered("posts/tide.md", "cloudflare"),
        fallback("posts/fog.md", "together"),
        manual("posts/storm.md"),
        card,
        plain(
            "posts/broken.md",
            Status::Failed,
            "front matter is not valid YAML at line 3; correct it and run again",
        ),
        plain("posts/late.md", Status::Pending(Pending::Unreached), ""),
        plain("posts/old.md", Status::Pending(Pending::BeyondLimit), ""),
        plain(
            "posts/cdn.md",
            Status::Unresolved,
            "its hero `cdn-id-7` is not a file here; set regenerate_image to replace it",
        ),
        plain("posts/next.md", Status::Skipped, "it is a draft"),
    ];
    let mut report = report(posts, vec![cloudflare_out(), together_gone(), gemini_missing()]);
    report.chain[0].attempts = 5;
    report.chain[0].delivered = 2;
    report.chain[1].attempts = 3;
    report.chain[1].delivered = 1;
    report.owed = vec!["posts/last-week.md".to_owned(), "posts/storm.md".to_owned()];
    report.notices = vec![notice(
        Level::Warning,
        "HUGGINGFACE_API_TOKEN is empty; set the secret of the same name to use huggingface",
    )];
    report.places.root = "site".to_owned();
    report
}

pub(super) fn wrong_settings() -> Report {
    let mut report = report(Vec::new(), Vec::new());
    report.verdict = Verdict::Failed;
    report.stop = Some(Interruption::Settings);
    report.coverage = Coverage::default();
    report.notices = vec![
        notice(Level::Warning, "CLOUDFLARE_API_TOKEN is set without CLOUDFLARE_ACCOUNT_ID; set both"),
        notice(
            Level::Error,
            "input `providers`: `cloudfare` is unknown; choose from cloudflare, together, card",
        ),
        notice(Level::Error, "input `timeout`: `fast` is not a valid duration; write for example `90s`"),
    ];
    report
}

pub(super) fn nothing_to_do() -> Report {
    let mut posts: Vec<_> = (1..=205)
        .map(|n| plain(&format!("posts/{n}.md"), Status::Unchanged, "it has its hero image"))
        .collect();
    posts.extend((1..=4).map(|n| plain(&format!("drafts/{n}.md"), Status::Skipped, "it is a draft")));
    posts.extend((1..=12).map(|n| {
        plain(
            &format!("later/{n}.md"),
            Status::Skipped,
            &format!("it is dated in the future: 2027-01-{n:02}"),
        )
    }));
    report(posts, vec![link("cloudflare", 0, 0)])
}

pub(super) fn cards_only() -> Report {
    let card = |n: u32| {
        let mut card = Outcome {
            status: Status::Card(CardRole::Wanted),
            attempts: Vec::new(),
            ..delivered(&format!("posts/{n}.md"), "card")
        };
        details_of(&mut card).model = None;
        card
    };
    let mut report = report((1..=3).map(card).collect(), vec![link("card", 3, 3)]);
    report.cards_only = true;
    report.verdict = Verdict::of(&report.posts, 0);
    report
}

pub(super) fn dry_run() -> Report {
    let planned = (1..=2).map(|n| {
        let mut planned = plain(&format!("posts/{n}.md"), Status::Pending(Pending::Planned), "");
        let details = details_of(&mut planned);
        details.provider = Some("cloudflare".to_owned());
        details.planned = Cost::of(Some(Dollars::millionths(634)));
        details.image = Some(format!("static/images/{n}.jpg"));
        details.field = Some("cover.image".to_owned());
        details.value = Some(format!("/images/{n}.jpg"));
        planned
    });
    let beyond = plain("posts/3.md", Status::Pending(Pending::BeyondLimit), "");
    let mut report =
        report(planned.chain([beyond]).collect(), vec![link("cloudflare", 0, 0), gemini_missing()]);
    report.dry_run = true;
    report
}

/// Two thousand posts, every other one without its picture, all of them with long texts.
pub(super) fn two_thousand() -> Report {
    let long = "/the-folder-of-a-very-long-series".repeat(4);
    let posts = (0..2_000).map(|n| {
        let path = format!("posts{long}/{n}.md");
        if n % 2 == 0 { fallback(&path, "together") } else { manual(&path) }
    });
    report(posts.collect(), vec![cloudflare_out(), link("together", 2_000, 1_000)])
}

/// Everything that is not ours tries to break out.
pub(super) fn hostile() -> Report {
    let attack = "x\r\n::set-output name=verdict::ok\n::stop-commands::x ##[add-matcher]/tmp/m.json \u{1b}[31mred\u{1b}[0m \
                  | ` </details></summary><script>alert(1)</script> @everyone [click](https://evil.example) \u{202e}gpj.exe";
    let long = "A".repeat(1_000_000);
    let mut post = manual(&format!("posts/{attack}.md"));
    post.attempts[0].message = attack.to_owned();
    post.attempts[1].message = long.clone();
    let mut made = delivered("posts/../\"onerror=alert(1) x.md", "together");
    let details = details_of(&mut made);
    details.title = Some(attack.to_owned());
    details.image = Some("javascript:alert(1)/\"><script>.jpg".to_owned());
    details.alt = Some(attack.to_owned());
    details.prompt = Some(long.clone());
    let skipped = plain("a.md", Status::Skipped, attack);
    let mut chain = vec![cloudflare_out(), together_gone()];
    chain[0].last_error.as_mut().unwrap().message = attack.to_owned();
    chain[1].last_error.as_mut().unwrap().message = long;
    chain[1].name = "together".to_owned();
    let mut report = report(vec![post, made, skipped], chain);
    report.publication = committed();
    report.notices = vec![notice(Level::Warning, attack)];
    report.owed = vec![attack.to_owned()];
    report
}

fn notice(level: Level, message: &str) -> Notice {
    Notice { level, message: message.to_owned() }
}
