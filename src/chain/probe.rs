//! The free call of a provider: what it tells, and what follows for its owner.

use std::time::Duration;

use super::link::Link;
use super::policy;
use super::{ProbeReport, ProbeResult};
use crate::provider::{Failure, FailureClass, FreeAnswer, Probe};

/// Longest time that a free call may take, with the look-ups that belong to it.
const LONGEST: Duration = Duration::from_secs(15);

/// Models that a cure proposes.
const PROPOSED: usize = 5;

impl Link {
    /// Asks the service what it tells for nothing, and keeps it for the report.
    pub async fn probe(&self) {
        let asked = tokio::time::timeout(LONGEST, self.provider.probe(&self.models)).await;
        let told = asked.unwrap_or_else(|_| {
            let message = format!("its free call timed out after {} s", LONGEST.as_secs());
            Err(Failure::new(FailureClass::Transient, message))
        });
        self.keep_probe(match told {
            Ok(Probe::Unknown) => ProbeReport::of(ProbeResult::Unknown),
            Ok(Probe::Reached(reached)) => self.reached(reached),
            Err(failure) => self.refused(&failure),
        });
    }

    fn reached(&self, FreeAnswer { takes_key, gone, listed }: FreeAnswer) -> ProbeReport {
        let told = ProbeReport { takes_key, ..ProbeReport::of(ProbeResult::Answers) };
        if gone.is_empty() {
            return ProbeReport { listed, ..told };
        }
        let cure = self.other_model(&gone, &listed);
        if gone.len() < self.models.len() {
            return ProbeReport { gone, listed, cure, ..told };
        }
        let class = Some(FailureClass::Gone.name());
        let message = "it does not have the models any more".to_owned();
        ProbeReport { result: ProbeResult::Failed, class, message, gone, listed, cure, ..told }
    }

    /// The setting to change, with what the service lists now.
    fn other_model(&self, gone: &[String], listed: &[String]) -> Option<String> {
        let quoted = |models: &[String]| models.iter().map(|model| format!("`{model}`")).collect::<Vec<_>>();
        let cure = policy::cure(&FailureClass::Gone, &self.service, "", &quoted(gone).join(" or "))?;
        let Some(first) = listed.first() else { return Some(cure) };
        let setting = self.service.model_variables.first().map_or("", String::as_str);
        let listed = quoted(&listed[..listed.len().min(PROPOSED)]).join(", ");
        Some(format!("{cure}, as in `{setting}={first}`; it lists now {listed}"))
    }

    fn refused(&self, failure: &Failure) -> ProbeReport {
        let models = self.models.iter().map(|model| format!("`{model}`")).collect::<Vec<_>>().join(" or ");
        ProbeReport {
            class: Some(failure.class.name()),
            status: failure.status,
            message: failure.message.clone(),
            cure: policy::cure(&failure.class, &self.service, self.secret(), &models),
            ..ProbeReport::of(ProbeResult::Failed)
        }
    }
}

impl ProbeReport {
    fn of(result: ProbeResult) -> Self {
        Self {
            result,
            takes_key: false,
            class: None,
            status: None,
            message: String::new(),
            gone: Vec::new(),
            listed: Vec::new(),
            cure: None,
        }
    }

    /// Whether a service that told this is one that a run can count on, as far as that can be known for nothing.
    pub fn lets_hope(&self) -> bool {
        self.class.is_none_or(|class| !policy::is_down(class))
    }
}
