//! What became of the pictures on their way to GitHub: in words, and in report.json.

use serde::{Serialize, Serializer};

use super::nearby::encode_path;
use super::sentences::count;
use super::{Level, Notice, Outcome, Report};
use crate::publish::{Publication, PublishedCommit, PublishedPull, PullOperation, Reached};

/// Author of every commit made with the job's own token.
const JOB_BOT: &str = "github-actions[bot]";

/// One thing to tell about the publication, with the page that shows it.
pub(super) struct PublicationLine {
    /// In words.
    pub text: String,
    /// The page.
    pub url: Option<String>,
}

/// Where the pictures are now, in a line each.
pub(super) fn lines(publication: &Publication) -> Vec<PublicationLine> {
    let mut lines = Vec::new();
    let mut tell = |text: String, url: Option<&str>| {
        lines.push(PublicationLine { text, url: url.map(str::to_owned) });
    };
    if let Some((branch, commit)) =
        publication.branch().and_then(|branch| Some((branch, branch.commit.as_ref()?)))
    {
        let short: String = commit.sha.chars().take(7).collect();
        let verified = if commit.verified { "verified" } else { "not verified" };
        tell(format!("committed as {short} on {}, {verified}", branch.name), Some(&commit.url));
    }
    if let Some(pull) = publication.pull_request() {
        let done = match pull.operation {
            PullOperation::None => "open",
            done => operation(done),
        };
        tell(format!("pull request #{} {done}", pull.number), Some(&pull.url));
    }
    match &publication.reached {
        Reached::Branch { branch, compare_url } => {
            let branch = &branch.name;
            let text = format!(
                "no pull request: the pictures are on {branch}; open one here, or let the next run do it with \
                 \"Allow GitHub Actions to create and approve pull requests\" (Settings, Actions, General)"
            );
            tell(text, Some(compare_url));
        }
        Reached::Files(_) => tell(
            "nothing reached GitHub: the pictures are in the workspace and in `report-dir`; a later run that \
             finds that folder, kept or restored, publishes them without asking a provider"
                .to_owned(),
            None,
        ),
        Reached::Nothing(_) | Reached::Commit(_) | Reached::PullRequest { .. } => {}
    }
    lines
}

/// The address of a picture on GitHub, once it is there.
pub(super) fn picture_file(report: &Report, post: &Outcome, image: &str) -> Option<String> {
    let commit = published(report, post)?;
    Some(format!("{}/{}", commit.files, place(report, image)))
}

/// The page of a post on GitHub, as the run left it.
pub(super) fn post_page(report: &Report, post: &Outcome) -> Option<String> {
    let (repository, sha) = published(report, post)?.files.rsplit_once("/raw/")?;
    Some(format!("{repository}/blob/{sha}/{}", place(report, &post.path)))
}

/// The commit that has the post; there are posts that stay in the workspace.
fn published<'a>(report: &'a Report, post: &Outcome) -> Option<&'a PublishedCommit> {
    let Publication { left_out, lost, .. } = &report.publication;
    let stayed = left_out.iter().map(|(path, _)| path).chain(lost.iter().map(|(path, _)| path));
    let commit = report.publication.commit()?;
    (!stayed.into_iter().any(|path| *path == post.path)).then_some(commit)
}

/// A path below the root as part of an address in the repository.
fn place(report: &Report, path: &str) -> String {
    encode_path(&[report.places.root.as_str(), path].join("/"))
}

/// That the commit starts no workflow, when it was made by the job's own token. On a branch without
/// a pull request nothing waits for one yet.
pub(super) fn silence(publication: &Publication) -> Option<Notice> {
    let by_job = publication.commit().is_some_and(|commit| commit.author == JOB_BOT);
    let message = match publication.reached {
        Reached::Commit(_) if by_job => {
            "The commit was made by the job's own token, so it starts no other workflow, not even a deploy \
             on push. Run this action right after the checkout in the deploy workflow, let that workflow start on \
             `workflow_run` of this one, or set input `github-token` to the token of a GitHub App"
        }
        Reached::PullRequest { .. } if by_job => {
            "The commit was made by the job's own token, so workflows on the pull request wait until \
             someone with write access approves them. Approve them there, or set input `github-token` to the \
             token of a GitHub App"
        }
        _ => return None,
    };
    Some(Notice { level: Level::Notice, message: message.to_owned() })
}

/// The word for what a run did to our pull request, as outputs and report.json spell it.
pub(super) fn operation(operation: PullOperation) -> &'static str {
    match operation {
        PullOperation::None => "none",
        PullOperation::Created => "created",
        PullOperation::Updated => "updated",
        PullOperation::Closed => "closed",
    }
}

/// Output `commits-verified`: `true` only if every commit of the run is, empty without one.
pub(super) fn commits_verified(publication: &Publication) -> &'static str {
    match publication.commit() {
        None => "",
        Some(PublishedCommit { verified: true, .. }) => "true",
        Some(_) => "false",
    }
}

/// The publication as report.json has it: one flat object, with `null` for whatever there is not.
#[derive(Serialize)]
struct PublicationJson<'a> {
    kind: &'static str,
    commit: Option<&'a str>,
    commit_url: Option<&'a str>,
    verified: Option<bool>,
    author: Option<&'a str>,
    branch: Option<&'a str>,
    pull_request: Option<PullJson<'a>>,
    compare_url: Option<&'a str>,
}

#[derive(Serialize)]
struct PullJson<'a> {
    number: u64,
    url: &'a str,
    operation: &'static str,
}

/// Writes the publication into report.json.
pub(super) fn serialize<S: Serializer>(publication: &Publication, serializer: S) -> Result<S::Ok, S::Error> {
    let commit = publication.commit();
    let pull_request = publication.pull_request().map(|PublishedPull { number, url, operation: done }| {
        PullJson { number: *number, url, operation: operation(*done) }
    });
    let json = PublicationJson {
        kind: match publication.reached {
            Reached::Nothing(_) => "none",
            Reached::Commit(_) => "commit",
            Reached::PullRequest { .. } => "pull-request",
            Reached::Branch { .. } => "branch",
            Reached::Files(_) => "files",
        },
        commit: commit.map(|commit| commit.sha.as_str()),
        commit_url: commit.map(|commit| commit.url.as_str()),
        verified: commit.map(|commit| commit.verified),
        author: commit.map(|commit| commit.author.as_str()),
        branch: publication.branch().map(|branch| branch.name.as_str()),
        pull_request,
        compare_url: publication.compare_url(),
    };
    json.serialize(serializer)
}

/// What did not reach GitHub, and why.
pub fn notices(publication: &Publication) -> Vec<Notice> {
    let steps = publication.steps_down.iter().map(|step| (Level::Warning, step.clone()));
    let in_vain = (publication.in_vain > 0).then(|| {
        let pictures = count(publication.in_vain, "picture was", "pictures were");
        let why = "because another run gave the same posts a picture first";
        (Level::Warning, format!("{pictures} paid for and not used, {why}; give the workflow a `concurrency:` group, so that one run waits for the other"))
    });
    let left = publication.left_out.iter().map(|(post, why)| {
        (Level::Notice, format!("{post}: its picture is in the workspace only, because {why}"))
    });
    let lost = publication.lost.iter().map(|(post, why)| {
        let kept = "it is in the workspace and in `pictures/` of the report folder";
        (Level::Error, format!("{post}: its picture did not reach GitHub ({why}); {kept}"))
    });
    let all = steps.chain(in_vain).chain(left).chain(lost);
    all.map(|(level, message)| Notice { level, message }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::EarlierRuns;
    use crate::publish::publication::Obstacle;
    use crate::report::samples::{branch, commit, committed, publication, pull};

    #[test]
    fn only_a_commit_of_the_jobs_own_token_is_silent() {
        let cure = |reached| silence(&publication(reached)).map(|notice| notice.message);
        assert!(cure(committed().reached).unwrap().contains("in the deploy workflow"));
        let compare_url = "https://github.com/o/r/compare/main...image-fallback/main?expand=1".to_owned();
        let ours = || branch("image-fallback/main", Some(commit()));
        let pull_request = Reached::PullRequest { pull: pull(PullOperation::Updated), branch: Some(ours()) };
        assert!(cure(pull_request).unwrap().contains("Approve them there"));
        for other in [
            Reached::Commit(Some(branch(
                "main",
                Some(PublishedCommit { author: "a-person".to_owned(), ..commit() }),
            ))),
            Reached::Commit(Some(branch("main", None))),
            Reached::Branch { branch: ours(), compare_url },
        ] {
            assert_eq!(cure(other.clone()), None, "{other:?}");
        }
    }

    #[test]
    fn commits_are_verified_only_when_github_says_so() {
        let said = |verified| {
            let commit = PublishedCommit { verified, ..commit() };
            commits_verified(&publication(Reached::Commit(Some(branch("main", Some(commit))))))
        };
        assert_eq!([said(true), said(false)], ["true", "false"]);
        assert_eq!(commits_verified(&Publication::default()), "");
    }

    #[test]
    fn a_closed_pull_request_is_told_without_a_commit() {
        let told = lines(&publication(Reached::Nothing(EarlierRuns::Pull(pull(PullOperation::Closed)))));
        assert_eq!(
            told.iter().map(|told| told.text.as_str()).collect::<Vec<_>>(),
            ["pull request #12 closed"]
        );
    }

    /// The fields of a publication in report.json as this program has always written them.
    #[test]
    fn the_publication_keeps_its_form_in_the_report_whatever_was_reached() {
        let json = |reached| {
            let mut json = Vec::new();
            serialize(&publication(reached), &mut serde_json::Serializer::new(&mut json)).unwrap();
            String::from_utf8(json).unwrap()
        };
        let commit_json = r#""commit":"0123456789abcdef0123456789abcdef01234567","commit_url":"https://github.com/o/r/commit/0123456789abcdef0123456789abcdef01234567","verified":true,"author":"github-actions[bot]""#;
        let no_commit = r#""commit":null,"commit_url":null,"verified":null,"author":null"#;
        let none_of_both = r#""pull_request":null,"compare_url":null"#;
        let pull_json = |done| {
            format!(
                r#""pull_request":{{"number":12,"url":"https://github.com/o/r/pull/12","operation":"{done}"}},"compare_url":null"#
            )
        };
        let compare_url = || "https://github.com/o/r/compare/a...b".to_owned();
        let compare = r#""pull_request":null,"compare_url":"https://github.com/o/r/compare/a...b""#;
        let (none, made) = ("null", "\"b\"");
        let ours = || branch("b", Some(commit()));
        let cases = [
            (Reached::default(), "none", no_commit, none, none_of_both.to_owned()),
            (
                Reached::Nothing(EarlierRuns::Pull(pull(PullOperation::None))),
                "none",
                no_commit,
                none,
                pull_json("none"),
            ),
            (
                Reached::Nothing(EarlierRuns::Pull(pull(PullOperation::Closed))),
                "none",
                no_commit,
                none,
                pull_json("closed"),
            ),
            (
                Reached::Nothing(EarlierRuns::Branch { compare_url: compare_url() }),
                "none",
                no_commit,
                none,
                compare.to_owned(),
            ),
            (Reached::Commit(Some(ours())), "commit", commit_json, made, none_of_both.to_owned()),
            (Reached::Commit(Some(branch("b", None))), "commit", no_commit, made, none_of_both.to_owned()),
            (Reached::Commit(None), "commit", no_commit, none, none_of_both.to_owned()),
            (
                Reached::PullRequest { pull: pull(PullOperation::Created), branch: Some(ours()) },
                "pull-request",
                commit_json,
                made,
                pull_json("created"),
            ),
            (
                Reached::PullRequest { pull: pull(PullOperation::Updated), branch: None },
                "pull-request",
                no_commit,
                none,
                pull_json("updated"),
            ),
            (
                Reached::Branch { branch: ours(), compare_url: compare_url() },
                "branch",
                commit_json,
                made,
                compare.to_owned(),
            ),
            (Reached::Files(EarlierRuns::Nothing), "files", no_commit, none, none_of_both.to_owned()),
        ];
        for (reached, kind, commit, branch, rest) in cases {
            let expected = format!(r#"{{"kind":"{kind}",{commit},"branch":{branch},{rest}}}"#);
            assert_eq!(json(reached.clone()), expected, "{reached:?}");
        }
    }

    #[test]
    fn what_did_not_reach_github_is_told_with_its_reason_and_as_loud_as_it_is() {
        let told = notices(&Publication {
            steps_down: vec!["no commit on `main`: protected".to_owned()],
            left_out: vec![("a.md".to_owned(), Obstacle::InVain), ("b.md".to_owned(), Obstacle::Link)],
            in_vain: 1,
            lost: vec![("c.md".to_owned(), "GitHub did not take it".to_owned())],
            ..Publication::default()
        });
        let levels: Vec<_> = told.iter().map(|notice| notice.level).collect();
        assert_eq!(levels, [Level::Warning, Level::Warning, Level::Notice, Level::Notice, Level::Error]);
        assert!(told[1].message.starts_with("1 picture was paid for and not used"), "{}", told[1].message);
        assert!(told[3].message.ends_with("because it is a link on the branch"), "{}", told[3].message);
    }
}
