//! What became of the pictures on their way to GitHub, in words.

use super::sentences::count;
use super::{Level, Notice};
use crate::publish::{Publication, PullOperation, Reached};

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
    let mut tell =
        |text: String, url: &Option<String>| lines.push(PublicationLine { text, url: url.clone() });
    if let Some(commit) = &publication.commit {
        let short: String = commit.chars().take(7).collect();
        let on = publication.branch.as_ref().map(|branch| format!(" on {branch}")).unwrap_or_default();
        let verified = if publication.verified == Some(true) { "verified" } else { "not verified" };
        tell(format!("committed as {short}{on}, {verified}"), &publication.commit_url);
    }
    if let Some(pull) = &publication.pull_request {
        let done = match pull.operation {
            PullOperation::None => "open",
            done => done.name(),
        };
        tell(format!("pull request #{} {done}", pull.number), &Some(pull.url.clone()));
    }
    match publication.reached {
        Reached::Branch => {
            let branch = publication.branch.as_deref().unwrap_or("our branch");
            let text = format!(
                "no pull request: {branch} holds the pictures; open one here, or let the next run do it with \
                 \"Allow GitHub Actions to create and approve pull requests\" (Settings, Actions, General)"
            );
            tell(text, &publication.compare_url);
        }
        Reached::Files => tell(
            "nothing reached GitHub: the pictures are in the workspace and in `report-dir`; a later run that \
             finds that folder, kept or restored, publishes them without asking a provider"
                .to_owned(),
            &None,
        ),
        Reached::Nothing | Reached::Commit | Reached::PullRequest => {}
    }
    lines
}

/// That the commit starts no workflow, when it was made by the job's own token. On a branch without
/// a pull request nothing waits for one yet.
pub(super) fn silence(publication: &Publication) -> Option<Notice> {
    let by_job = publication.commit.is_some() && publication.author.as_deref() == Some(JOB_BOT);
    let message = match publication.reached {
        Reached::Commit if by_job => {
            "The commit was made by the job's own token, so it starts no other workflow, a deploy on push \
             neither. Run this action right after the checkout inside of the deploy workflow, or let that \
             one start on `workflow_run` of this one, or give input `github-token` the token of a GitHub App"
        }
        Reached::PullRequest if by_job => {
            "The commit was made by the job's own token, so workflows on the pull request wait until \
             somebody with write access approves them. Approve them there, or give input `github-token` \
             the token of a GitHub App"
        }
        _ => return None,
    };
    Some(Notice { level: Level::Notice, message: message.to_owned() })
}

/// What did not reach GitHub, and why.
pub fn notices(publication: &Publication) -> Vec<Notice> {
    let steps = publication.steps_down.iter().map(|step| (Level::Warning, step.clone()));
    let in_vain = (publication.in_vain > 0).then(|| {
        let pictures = count(publication.in_vain, "picture was", "pictures were");
        let why = "because another run gave the same posts a picture in the meantime";
        (Level::Warning, format!("{pictures} paid for in vain, {why}; give the workflow a `concurrency:` group, so that one run waits for the other"))
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
    use crate::publish::PublishedPull;
    use crate::publish::publication::Obstacle;
    use crate::report::samples::committed;

    #[test]
    fn only_a_commit_of_the_jobs_own_token_is_silent() {
        let cure = |publication: &Publication| silence(publication).map(|notice| notice.message);
        let by_job = committed();
        assert!(cure(&by_job).unwrap().contains("inside of the deploy workflow"));
        let on_a_pull_request = Publication { reached: Reached::PullRequest, ..committed() };
        assert!(cure(&on_a_pull_request).unwrap().contains("Approve them there"));
        for other in [
            Publication { author: Some("a-person".to_owned()), ..committed() },
            Publication { author: None, ..committed() },
            Publication { commit: None, ..committed() },
            Publication { reached: Reached::Branch, ..committed() },
        ] {
            assert_eq!(cure(&other), None, "{other:?}");
        }
    }

    #[test]
    fn a_closed_pull_request_is_told_without_a_commit() {
        let url = "https://github.com/o/r/pull/3".to_owned();
        let pull_request = Some(PublishedPull { number: 3, url, operation: PullOperation::Closed });
        let told = lines(&Publication { pull_request, ..Publication::default() });
        assert_eq!(
            told.iter().map(|told| told.text.as_str()).collect::<Vec<_>>(),
            ["pull request #3 closed"]
        );
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
        assert!(told[1].message.starts_with("1 picture was paid for in vain"), "{}", told[1].message);
        assert!(told[3].message.ends_with("because it is a link on the branch"), "{}", told[3].message);
    }
}
