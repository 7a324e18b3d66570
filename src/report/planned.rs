//! What the plan decided, as the report tells it.

use super::{Cost, Details, Outcome, Pending, Status};
use crate::chain::FirstAsked;
use crate::plan::{Decision, LeftOut, Task};

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
