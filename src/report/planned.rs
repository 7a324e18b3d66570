//! What the plan decided, as the report tells it.

use super::sentences::count;
use super::{Cost, Details, Level, Notice, Outcome, Pending, Report, Status};
use crate::chain::FirstAsked;
use crate::plan::{Decision, LeftOut, Shard, Task};

/// A post that gets no picture, with the reason.
pub fn left_out(LeftOut { path, title, decision }: LeftOut) -> Outcome {
    let status = match decision {
        Decision::Unchanged
        | Decision::Kept
        | Decision::HandMade
        | Decision::DrawnFor(_)
        | Decision::Overtaken => Status::Unchanged,
        Decision::Waiting(_) => Status::Waiting,
        Decision::Unresolved { .. } => Status::Unresolved,
        Decision::Skipped(_) => Status::Skipped,
        Decision::Pending { .. } => Status::Pending(Pending::BeyondLimit),
        Decision::Absent | Decision::Submodule(_) | Decision::Failed(_) | Decision::Unreadable(_) => {
            Status::Failed
        }
    };
    let limit = match &decision {
        Decision::Unreadable(reason) => Some(reason.is_a_limit()),
        _ => None,
    };
    let outcome = Outcome::new(path, status).because(decision.reason()).titled(title);
    match limit {
        Some(limit) => outcome.uneditable(limit),
        None => outcome,
    }
}

/// What a run that is not dry would make of a task: with the prompt where it is known, by whoever is asked first.
pub fn planned(task: &Task, prompt: Option<String>, first: Option<&FirstAsked>) -> Outcome {
    // Nobody is asked for what is there.
    let first = first.filter(|_| prompt.is_some());
    let details = Details {
        title: Some(task.title.clone()).filter(|title| !title.is_empty()),
        provider: first.map(|first| first.provider.to_string()),
        model: first.map(|first| first.model.clone()),
        planned: first.map_or(Cost::NONE, |first| Cost::of(first.price)),
        image: Some(task.picture()),
        field: task.field().map(str::to_owned),
        value: task.value(&task.target),
        prompt,
        ..Details::NONE
    };
    let reason = task.sister().map(|post| format!("it takes the picture of its translation `{post}`").into());
    let outcome = Outcome::new(task.post.path(), Status::Pending(Pending::Planned));
    Outcome { details: Some(Box::new(details)), reason, ..outcome }
}

/// That jobs can share the work; `None` where there are none.
pub(super) fn division(report: &Report) -> Option<String> {
    let jobs = count(report.shards.len(), "job", "jobs");
    (!report.shards.is_empty()).then(|| format!("{jobs} can make them side by side (output `matrix`)"))
}

/// That so many `posts` are more than these jobs can serve, each of which makes `most` pictures.
pub fn beyond_jobs(shards: &[Shard], posts: usize, most: usize) -> Option<Notice> {
    let beyond = posts.saturating_sub(shards.len().saturating_mul(most));
    let message = format!(
        "a matrix has at most {} jobs, and with {} each they leave {} for another round; raise `max-images`, `deadline` or `concurrency`",
        Shard::MOST,
        count(most, "picture", "pictures"),
        count(beyond, "post", "posts")
    );
    (!shards.is_empty() && beyond > 0).then_some(Notice { level: Level::Warning, message })
}
