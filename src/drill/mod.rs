//! The drill: whether every place of the chain delivers when those in front of it are out, and what becomes of a post
//! when a service answers with an error, in another form, or with a rate limit.
//!
//! The services are simulated on the loopback address; the chain and the code that asks them are those of every run.
//! With real calls instead, each service draws one picture.

mod audit;
mod report;
mod stage;

pub use audit::{AuditFacts, audit};
pub use report::{DependencyAnswers, DrillReport, DrilledFault, DrilledLink, SimulatedFault};
pub use stage::{Stage, StageOptions};
