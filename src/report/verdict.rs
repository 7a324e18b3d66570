//! The verdict: the only source of the exit code.

use serde::Serialize;

use super::outcome::{Delivery, Outcome};

/// The word for a whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every selected post got its picture from the first model of the first provider, or there
    /// was nothing to do.
    Ok,
    /// Every selected post got its picture, at least one of them not from the first choice.
    Fallback,
    /// At least one selected post did not get its picture.
    Degraded,
    /// Settings were wrong, the run broke, or a signal ended it.
    Failed,
}

impl Verdict {
    /// The verdict over these outcomes. `owed` counts posts that earlier runs left without a picture
    /// and that still have none. Whether the run itself failed is the application's to say.
    pub fn of(outcomes: &[Outcome], owed: usize) -> Self {
        let lacking = |outcome: &Outcome| outcome.delivery() == Delivery::Missing;
        if owed > 0 || outcomes.iter().any(lacking) {
            Self::Degraded
        } else if outcomes.iter().any(|outcome| outcome.fallback) {
            Self::Fallback
        } else {
            Self::Ok
        }
    }

    /// The word as outputs and report.json spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fallback => "fallback",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
        }
    }
}

/// From which verdict on the step fails: input `fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// A post without its picture.
    #[default]
    Degraded,
    /// Already a picture from a later choice.
    Fallback,
    /// Neither; wrong settings and broken runs still fail.
    Never,
}

/// What kept a run from its end; the verdict is then `failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// Settings or permissions are wrong; nothing was spent.
    Settings,
    /// The run broke, or could not publish what it made.
    Broken,
    /// A signal ended it, by number.
    Signal(u8),
}

/// The exit code of the process. A dry run that reached its end succeeds whatever it found.
pub fn exit_code(verdict: Verdict, fail_on: FailOn, dry_run: bool, stop: Option<Interruption>) -> u8 {
    match (stop, verdict) {
        (Some(Interruption::Settings), _) => 2,
        (Some(Interruption::Signal(number)), _) => 128_u8.saturating_add(number),
        (Some(Interruption::Broken), _) | (None, Verdict::Failed) => 3,
        _ if dry_run => 0,
        (None, Verdict::Ok) => 0,
        (None, Verdict::Fallback) => u8::from(fail_on == FailOn::Fallback),
        (None, Verdict::Degraded) => u8::from(fail_on != FailOn::Never),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::ClassName;
    use crate::report::outcome::{CardRole, Pending, Status};
    use crate::report::samples::{attempt, delivered, fallback};

    fn post(status: Status) -> Outcome {
        Outcome::new("a.md", status)
    }

    #[test]
    fn the_table_of_verdicts_and_exit_codes() {
        use FailOn::{Degraded, Fallback, Never};
        let card = |role| post(Status::Card(role));
        let pending = |why| post(Status::Pending(why));
        let quiet = vec![
            post(Status::Unchanged),
            post(Status::Skipped),
            post(Status::Waiting),
            post(Status::Unresolved),
            pending(Pending::BeyondLimit),
            pending(Pending::Planned),
        ];
        // outcomes, owed; verdict; exit with fail-on degraded, fallback, never
        let table = [
            (vec![], 0, Verdict::Ok, [0, 0, 0]),
            (quiet.clone(), 0, Verdict::Ok, [0, 0, 0]),
            (vec![delivered("a.md", "cloudflare")], 0, Verdict::Ok, [0, 0, 0]),
            (vec![fallback("a.md", "together")], 0, Verdict::Fallback, [0, 1, 0]),
            (vec![delivered("a.md", "x"), post(Status::Manual)], 0, Verdict::Degraded, [1, 1, 0]),
            (vec![fallback("a.md", "x"), post(Status::Failed)], 0, Verdict::Degraded, [1, 1, 0]),
            (vec![card(CardRole::StandIn)], 0, Verdict::Degraded, [1, 1, 0]),
            (vec![card(CardRole::Wanted)], 0, Verdict::Ok, [0, 0, 0]),
            (vec![pending(Pending::Unreached)], 0, Verdict::Degraded, [1, 1, 0]),
            (vec![pending(Pending::Stopped)], 0, Verdict::Degraded, [1, 1, 0]),
            (quiet, 1, Verdict::Degraded, [1, 1, 0]),
        ];
        for (number, (outcomes, owed, verdict, exits)) in table.into_iter().enumerate() {
            assert_eq!(Verdict::of(&outcomes, owed), verdict, "row {number}");
            let codes = [Degraded, Fallback, Never].map(|fail_on| exit_code(verdict, fail_on, false, None));
            assert_eq!(codes, exits, "row {number}");
        }
        for fail_on in [Degraded, Fallback, Never] {
            let code = |stop, dry_run| exit_code(Verdict::Failed, fail_on, dry_run, Some(stop));
            assert_eq!([code(Interruption::Settings, false), code(Interruption::Settings, true)], [2, 2]);
            assert_eq!([code(Interruption::Broken, false), code(Interruption::Broken, true)], [3, 3]);
            assert_eq!(
                [code(Interruption::Signal(15), false), code(Interruption::Signal(2), false)],
                [143, 130]
            );
            assert_eq!(exit_code(Verdict::Degraded, fail_on, true, None), 0);
        }
    }

    // B-94
    #[test]
    fn failed_attempts_are_never_told_as_nothing_to_do() {
        let mut manual = post(Status::Manual);
        manual.attempts.push(attempt("cloudflare", ClassName::Transient, 503, "overloaded"));
        assert_eq!(Verdict::of(&[manual], 0), Verdict::Degraded);
    }

    // B-95
    #[test]
    fn a_provider_error_hidden_behind_a_harmless_status_is_still_degraded() {
        for status in [Status::Skipped, Status::Unchanged, Status::Pending(Pending::BeyondLimit)] {
            let mut hidden = post(status);
            hidden.attempts.push(attempt("cloudflare", ClassName::Gone, 410, "retired"));
            assert_eq!(Verdict::of(&[hidden], 0), Verdict::Degraded, "{status:?}");
        }
    }

    // B-97
    #[test]
    fn an_exhausted_chain_fails_the_step_by_default() {
        let verdict = Verdict::of(&[post(Status::Manual)], 0);
        assert_eq!(exit_code(verdict, FailOn::default(), false, None), 1);
    }
}
