//! What a drill found.

use serde::Serialize;

/// What a drill found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrillReport {
    /// Whether real pictures were asked for instead of simulated ones.
    pub live: bool,
    /// The chain in its order.
    pub links: Vec<DrilledLink>,
    /// Everything outside that a run depends on, with the answers to five questions.
    pub dependencies: Vec<DependencyAnswers>,
}

impl DrillReport {
    /// So many places of the chain have to work: one that fails leaves another.
    pub const ENOUGH: usize = 2;

    /// How many places of the chain work.
    pub fn working(&self) -> usize {
        self.links.iter().filter(|link| link.works).count()
    }

    /// Whether one service may fail without a post left without its picture.
    pub fn is_passed(&self) -> bool {
        self.working() >= Self::ENOUGH
    }
}

/// A place of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrilledLink {
    /// Provider name as in the catalogue.
    pub provider: String,
    /// Name as the service writes itself.
    #[serde(skip)]
    pub title: String,
    /// Whether it delivered when those in front of it were out.
    pub delivers: bool,
    /// Whether a run can count on it: it delivers, and its free call says nothing else.
    pub works: bool,
    /// Why not.
    pub reason: Option<String>,
    /// What became of a post when it failed in different ways.
    pub faults: Vec<DrilledFault>,
}

/// A way to fail, and who delivered then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrilledFault {
    /// How it failed.
    pub fault: SimulatedFault,
    /// Who delivered in its place, by its name in the catalogue; `None` for nobody.
    pub delivered_by: Option<String>,
}

/// A way in which a service fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SimulatedFault {
    /// It answers with HTTP 500.
    ServerError,
    /// It answers in a form that nobody knows.
    OtherContract,
    /// It answers with HTTP 429.
    RateLimit,
}

impl SimulatedFault {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ServerError, Self::OtherContract, Self::RateLimit];

    /// Status and body of its answer.
    pub(super) fn answer(self) -> (u16, &'static str) {
        match self {
            Self::ServerError => (500, r#"{"error":{"message":"simulated server error"}}"#),
            Self::OtherContract => (200, r#"{"version":2,"note":"simulated change of the contract"}"#),
            Self::RateLimit => (429, r#"{"error":{"message":"simulated rate limit"}}"#),
        }
    }
}

/// One thing outside that a run depends on, and what becomes of the run when it fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DependencyAnswers {
    /// What it is.
    pub name: String,
    /// What happens when it answers with HTTP 500.
    pub server_error: String,
    /// What happens when its answers change their form.
    pub other_contract: String,
    /// What happens when it limits the rate.
    pub rate_limit: String,
    /// What the fallback is, and whether it is wired and was tried.
    pub fallback: String,
    /// Whether anybody is told.
    pub alert: String,
    /// What the record of earlier runs tells.
    pub last: Option<String>,
}
