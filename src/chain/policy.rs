//! The policy table: what follows from each class of failure. Everybody else reads it.

use std::time::Duration;

use crate::provider::{ClassName, FailureClass, Service};
use crate::runner::Level;

/// The cooldown of a provider after a rate limit without a stated time.
pub const RATE_LIMIT_COOLDOWN: Duration = Duration::from_secs(30);

/// The cooldown of a provider after two transient failures in a row.
pub const TROUBLE_COOLDOWN: Duration = Duration::from_secs(60);

/// The most that a cooldown after trouble is shortened where the patience does not reach to its end:
/// sooner the provider would hardly be back.
pub const LONGEST_CUT: Duration = Duration::from_secs(50);

/// How long a post that has nobody else left waits before it asks again after one transient failure.
pub const RETRY_DELAY: Duration = Duration::from_secs(5);

/// Least pause before a post asks a provider again whose stated wait has already passed.
pub const MIN_PAUSE: Duration = Duration::from_secs(1);

/// What follows from a class of failure: one row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What it means for the post that was asked for.
    pub this_post: ThisPost,
    /// What it means for the posts that come after it in this run.
    pub later_posts: LaterPosts,
    /// What to tell beyond the report, where somebody has to change something.
    pub advice: Option<Advice>,
}

/// What a failure means for the post that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThisPost {
    /// The next provider is asked, this one not again.
    NextProvider,
    /// The provider's next model is asked at once.
    NextModel,
    /// The next provider is asked; this one again when nobody else is left, after its cooldown and no
    /// sooner than after this pause.
    Retry(Duration),
    /// The next provider is asked; this one once more with a softened prompt when nobody else is left,
    /// if the failure says that it may be.
    Soften,
}

/// What a failure means for the posts that come after it in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaterPosts {
    /// Nothing: the refusal was about this prompt.
    Unaffected,
    /// The account is not asked again in this run, whichever model is meant.
    Out,
    /// It is not asked again before its allowance is renewed, which no run waits for.
    OutUntilReset,
    /// This model is not asked again in this run.
    ModelOut,
    /// The provider is not asked before the stated time, else before [`RATE_LIMIT_COOLDOWN`] is over.
    Cooling,
    /// A second one in a row means [`TROUBLE_COOLDOWN`], then one request probes the provider.
    CoolingAfterTwo,
    /// The same from two different posts in a row takes the provider out of the run.
    OutAfterTwoPosts,
}

/// What the owner of the blog has to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// How loudly it is told.
    pub level: Level,
    /// What to do, where [`cure`] has not said it more exactly.
    pub cure: &'static str,
}

/// The row of the table for a class.
pub const fn policy(class: ClassName) -> Policy {
    use LaterPosts::{Cooling, CoolingAfterTwo, ModelOut, Out, OutAfterTwoPosts, OutUntilReset, Unaffected};
    use Level::{Error, Warning};
    use ThisPost::{NextModel, NextProvider, Retry, Soften};
    match class {
        ClassName::QuotaExhausted => quiet(NextProvider, OutUntilReset),
        ClassName::OutOfCredit => quiet(NextProvider, Out).advise(Warning, "top up the account"),
        ClassName::RateLimited => quiet(Retry(MIN_PAUSE), Cooling),
        ClassName::CredentialsRejected => quiet(NextProvider, Out).advise(Error, "replace its secret"),
        ClassName::NotEntitled => {
            quiet(NextModel, ModelOut).advise(Warning, "change the plan or setting it names")
        }
        ClassName::Gone => quiet(NextModel, ModelOut).advise(Error, "choose a current model"),
        ClassName::Moved => quiet(NextProvider, Out).advise(Error, "check its base URL"),
        ClassName::BadRequest | ClassName::Unusable => quiet(NextProvider, OutAfterTwoPosts),
        ClassName::Transient => quiet(Retry(RETRY_DELAY), CoolingAfterTwo),
        ClassName::Warming => quiet(Retry(MIN_PAUSE), Cooling),
        ClassName::Refused => quiet(Soften, Unaffected),
    }
}

/// Whether a service whose free call fails like this cannot be counted on: it is refused, gone or unreachable, and not
/// merely busy.
pub const fn is_down(class: ClassName) -> bool {
    match class {
        ClassName::OutOfCredit
        | ClassName::CredentialsRejected
        | ClassName::NotEntitled
        | ClassName::Gone
        | ClassName::Moved
        | ClassName::BadRequest
        | ClassName::Transient => true,
        ClassName::QuotaExhausted
        | ClassName::RateLimited
        | ClassName::Warming
        | ClassName::Refused
        | ClassName::Unusable => false,
    }
}

/// A row without advice: the report suffices.
const fn quiet(this_post: ThisPost, later_posts: LaterPosts) -> Policy {
    Policy { this_post, later_posts, advice: None }
}

impl Policy {
    const fn advise(self, level: Level, cure: &'static str) -> Self {
        Self { advice: Some(Advice { level, cure }), ..self }
    }
}

/// What to change, exactly: the secret (by its variable), plan or setting. `models` are those that it
/// is about, in words. `None` where waiting is all that can be done.
pub fn cure(class: &FailureClass, service: &Service, secret: &str, models: &str) -> Option<String> {
    let title = &service.title;
    let setting = service.model_variables.first().map_or("", String::as_str);
    Some(match class {
        FailureClass::CredentialsRejected => {
            format!("{title} refused the key; renew the secret `{secret}` ({})", service.key_page)
        }
        FailureClass::AccountRejected { variable } => {
            format!("{title} does not know the account; set `{variable}` to its id ({})", service.key_page)
        }
        FailureClass::Moved => {
            let variable = service.base_variable();
            format!(
                "{title} is no longer at its address; set `{variable}` to the current one, or update this action"
            )
        }
        FailureClass::Gone => {
            format!("{title} no longer has the model {models}; set `{setting}` to a current one")
        }
        FailureClass::NotEntitled { what } => {
            format!("{title} requires {what} for {models}; `{setting}` can name another model")
        }
        FailureClass::OutOfCredit => {
            format!("{title} is out of credit; top up the account ({})", service.credit_page)
        }
        FailureClass::BadRequest => {
            format!("{title} rejects the request; `{setting}` can name another model")
        }
        FailureClass::Unusable => format!(
            "{title} answers without a usable picture; add another provider, or set `{setting}` to another model"
        ),
        // These pass without anybody's doing.
        FailureClass::QuotaExhausted { .. }
        | FailureClass::RateLimited { .. }
        | FailureClass::Transient
        | FailureClass::Warming { .. }
        | FailureClass::Refused { .. } => {
            return None;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_each_class_is_the_table_of_the_design() {
        use ClassName as Name;
        use LaterPosts::{
            Cooling, CoolingAfterTwo, ModelOut, Out, OutAfterTwoPosts, OutUntilReset, Unaffected,
        };
        use Level::{Error, Warning};
        use ThisPost::{NextModel, NextProvider, Retry, Soften};
        let table = [
            (Name::QuotaExhausted, NextProvider, OutUntilReset, None),
            (Name::OutOfCredit, NextProvider, Out, Some(Warning)),
            (Name::RateLimited, Retry(MIN_PAUSE), Cooling, None),
            (Name::CredentialsRejected, NextProvider, Out, Some(Error)),
            (Name::NotEntitled, NextModel, ModelOut, Some(Warning)),
            (Name::Gone, NextModel, ModelOut, Some(Error)),
            (Name::Moved, NextProvider, Out, Some(Error)),
            (Name::BadRequest, NextProvider, OutAfterTwoPosts, None),
            (Name::Transient, Retry(RETRY_DELAY), CoolingAfterTwo, None),
            (Name::Warming, Retry(MIN_PAUSE), Cooling, None),
            (Name::Refused, Soften, Unaffected, None),
            (Name::Unusable, NextProvider, OutAfterTwoPosts, None),
        ];
        for (class, this_post, later_posts, level) in table {
            let row = policy(class);
            let found = (row.this_post, row.later_posts, row.advice.map(|advice| advice.level));
            assert_eq!(found, (this_post, later_posts, level), "{class}");
        }
    }
}
