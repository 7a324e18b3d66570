//! The five questions for everything outside that a run depends on. What follows from a failure is read from the policy
//! table, who comes next from the chain as it is wired, and what was tried from the drill.

use super::report::{DependencyAnswers, DrilledLink, SimulatedFault};
use crate::chain::policy::{LaterPosts, RATE_LIMIT_COOLDOWN, TROUBLE_COOLDOWN, policy};
use crate::provider::ClassName;

/// What the answers rest on beside the drill.
#[derive(Debug, Clone, Default)]
pub struct AuditFacts {
    /// Whether real services were asked, and so none was made to fail.
    pub live: bool,
    /// What the record tells of each place of the chain.
    pub history: Vec<Option<String>>,
    /// What becomes of a post that nobody delivers for.
    pub last_resort: &'static str,
    /// Who is told when posts lack their pictures.
    pub alarm: String,
    /// The text models in the order they are asked.
    pub text_models: Vec<String>,
    /// The ways to get a picture to GitHub, the first one first; empty where nothing is published.
    pub ladder: &'static [&'static str],
    /// Whether a webhook is configured.
    pub webhook: bool,
    /// Whom services of the chain ask who serves a model.
    pub look_ups: Vec<String>,
}

/// The answers for everything outside, the image services first.
pub fn audit(links: &[DrilledLink], facts: &AuditFacts) -> Vec<DependencyAnswers> {
    let services = links.iter().enumerate().map(|(place, link)| service(links, place, link, facts));
    let look_ups = facts.look_ups.iter().map(look_up);
    let others = [text_models(facts), github(facts), Some(alerts(facts))];
    services.chain(look_ups).chain(others.into_iter().flatten()).collect()
}

/// The class that each way to fail has with every service.
fn class(fault: SimulatedFault) -> ClassName {
    match fault {
        SimulatedFault::ServerError => ClassName::Transient,
        SimulatedFault::OtherContract => ClassName::Unusable,
        SimulatedFault::RateLimit => ClassName::RateLimited,
    }
}

/// What the policy table says of the posts that come later.
fn later(fault: SimulatedFault) -> String {
    match policy(class(fault)).later_posts {
        LaterPosts::CoolingAfterTwo => {
            format!("two in a row let it rest for {} s", TROUBLE_COOLDOWN.as_secs())
        }
        LaterPosts::Cooling => {
            format!("it rests for the time it states, else {} s", RATE_LIMIT_COOLDOWN.as_secs())
        }
        LaterPosts::OutAfterTwoPosts => "two posts in a row take it out of the run".to_owned(),
        LaterPosts::Unaffected => "later posts ask it again".to_owned(),
        LaterPosts::Out | LaterPosts::OutUntilReset | LaterPosts::ModelOut => {
            "it is not asked again in the run".to_owned()
        }
    }
}

fn service(links: &[DrilledLink], place: usize, link: &DrilledLink, facts: &AuditFacts) -> DependencyAnswers {
    let title = |name: &str| links.iter().find(|link| link.provider == name).map_or("", |link| &link.title);
    let works = |name: &str| links.iter().any(|link| link.provider == name && link.works);
    let answer = |fault: SimulatedFault| {
        let tried = link.faults.iter().find(|tried| tried.fault == fault);
        let now = match (tried, links.get(place + 1)) {
            (Some(tried), _) => match &tried.delivered_by {
                Some(name) if works(name) => format!("{} delivered in its place (tried)", title(name)),
                Some(name) => {
                    format!("{} delivered in its place (tried), and does not work now itself", title(name))
                }
                None => format!("nobody delivered (tried): {}", facts.last_resort),
            },
            (None, Some(next)) => format!("{} is asked at once (not tried)", next.title),
            (None, None) => format!("nobody is left: {}", facts.last_resort),
        };
        format!("{now}; {}", later(fault))
    };
    let behind = links[place + 1..].iter().find(|other| other.works);
    let fallback = match behind {
        Some(next) => format!("{}, wired and tried in this drill", next.title),
        None if place == 0 => format!("none that works: {}", facts.last_resort),
        None => format!("none behind it that works: when those in front have failed, {}", facts.last_resort),
    };
    DependencyAnswers {
        name: link.title.clone(),
        server_error: answer(SimulatedFault::ServerError),
        other_contract: answer(SimulatedFault::OtherContract),
        rate_limit: answer(SimulatedFault::RateLimit),
        fallback,
        alert: facts.alarm.clone(),
        last: facts.history.get(place).cloned().flatten(),
    }
}

fn text_models(facts: &AuditFacts) -> Option<DependencyAnswers> {
    let (first, others) = facts.text_models.split_first()?;
    let next = match others {
        [] => "the prompt is made from title and text".to_owned(),
        others => {
            format!("next {}; at last the prompt is made from title and text", others.join(", then "))
        }
    };
    let answer = |fault| format!("{next}; {}", later(fault));
    Some(DependencyAnswers {
        name: format!("text model ({first})"),
        server_error: answer(SimulatedFault::ServerError),
        other_contract: answer(SimulatedFault::OtherContract),
        rate_limit: answer(SimulatedFault::RateLimit),
        fallback: "the prompt from title and text, which needs nobody; not tried here".to_owned(),
        alert: "a warning in summary and report; the verdict stays".to_owned(),
        last: None,
    })
}

fn look_up(name: &String) -> DependencyAnswers {
    let guess = "those that usually serve the model are asked";
    DependencyAnswers {
        name: format!("{name} (who serves a model)"),
        server_error: guess.to_owned(),
        other_contract: guess.to_owned(),
        rate_limit: guess.to_owned(),
        fallback: "those that usually serve it, then the next service of the chain; not tried here"
            .to_owned(),
        alert: "only where nobody delivers; the report has the attempts".to_owned(),
        last: None,
    }
}

fn github(facts: &AuditFacts) -> Option<DependencyAnswers> {
    let [first, others @ ..] = facts.ladder else { return None };
    let down = format!("it is asked again, then the next way down: {}", others.join(", then "));
    Some(DependencyAnswers {
        name: format!("GitHub (by {first})"),
        server_error: down.clone(),
        other_contract: down,
        rate_limit: "the run waits as long as GitHub says, within bounds".to_owned(),
        fallback: format!("{}; not tried here", others.join(", then ")),
        alert: "a warning for each way down; the step fails when nothing reached GitHub".to_owned(),
        last: None,
    })
}

fn alerts(facts: &AuditFacts) -> DependencyAnswers {
    let told = if facts.webhook { "told in log and report; the verdict stays" } else { "nobody is asked" };
    DependencyAnswers {
        name: if facts.webhook { "alert webhook" } else { "alerts (no webhook is configured)" }.to_owned(),
        server_error: told.to_owned(),
        other_contract: told.to_owned(),
        rate_limit: told.to_owned(),
        fallback: "the failed step itself, of which GitHub sends mail; not tried here".to_owned(),
        alert: facts.alarm.clone(),
        last: None,
    }
}
