//! Jobs: what a service calls one, where its state is told, and what the states mean.

use std::time::Duration;

use serde_json::Value;

use super::call::Call;
use super::reading::{DraftPart, Files};
use super::rules::{Condition, ReadAnswer};
use super::template::{Placeholder, TextTemplate};
use crate::http::{parts_of, path_of};

/// Where a job is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TicketPlace {
    /// A name of the service's own.
    Field(String),
    /// An address, of which the path is used.
    PathOf(String),
    /// An address on one of these hosts, used as it is.
    UrlOf { at: String, hosts: Vec<String> },
}

/// What a job is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ticket {
    Name(String),
    Path(String),
    Url(String),
}

/// What a state means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobState {
    Going,
    Done,
    Failed,
}

/// How to wait for a job.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wait {
    ticket: TicketPlace,
    pub(super) ask: Call,
    pub(super) every: Duration,
    state: Option<String>,
    going: Vec<String>,
    done: Vec<String>,
    failed: Vec<String>,
    failed_when: Option<Condition>,
    give_up_when: Option<Condition>,
    going_when_missing: Option<TextTemplate>,
    pub(super) then: Option<Call>,
    pub(super) cancel: Option<Call>,
}

/// Longest name of a job.
const LONGEST_TICKET: usize = 500;

impl Wait {
    /// Reads `wait`. Only what comes with the program may follow an address to other hosts.
    pub(super) fn read(part: &DraftPart<'_>, files: &Files, is_ours: bool) -> Option<Self> {
        part.only(&[
            "ticket",
            "ask",
            "state",
            "going",
            "done",
            "failed",
            "failed-when",
            "give-up-when",
            "going-when-missing",
            "then",
            "cancel",
        ]);
        let call = |key: &str| part.get(key).and_then(|part| Call::read(&part, files, &[]));
        let texts = |key: &str| part.get(key).map(|part| part.texts()).unwrap_or_default();
        let condition = |key: &str| part.get(key).and_then(|part| Condition::needed(&part));
        let ask = part.need("ask", "{ get: \"/jobs/{{ ticket }}\", every: 1s }");
        let every = ask.as_ref().and_then(|ask| ask.get("every")).and_then(|part| part.time());
        let missing = part.get("going-when-missing").and_then(|part| {
            let text = part.text()?;
            TextTemplate::read(&part, &text, |slot| slot == Placeholder::Ticket)
        });
        if part.get("state").is_none() && missing.is_none() {
            part.fault("`state` is missing; write where an answer tells it, such as `state: /status`");
        }
        if part.get("state").is_some() && part.get("done").is_none() {
            part.fault("`done` is missing; write the states in which the picture is there");
        }
        Some(Self {
            ticket: ticket(&part.need("ticket", "/id")?, is_ours)?,
            ask: Call::read(&ask?, files, &["every"])?,
            every: every.unwrap_or(Duration::from_secs(1)),
            state: part.get("state").and_then(|part| part.pointer()),
            going: texts("going"),
            done: texts("done"),
            failed: texts("failed"),
            failed_when: condition("failed-when"),
            give_up_when: condition("give-up-when"),
            going_when_missing: missing,
            then: call("then"),
            cancel: call("cancel"),
        })
    }

    /// What an answer about a job that is done holds, by place; `{base}` stands for the address of the service.
    pub(super) fn of_done(&self) -> Vec<(String, String)> {
        let (ticket, name) = match &self.ticket {
            TicketPlace::Field(at) => (at, "1"),
            TicketPlace::PathOf(at) | TicketPlace::UrlOf { at, .. } => (at, "{base}/job"),
        };
        let state = self.state.clone().zip(self.done.first().cloned());
        state.into_iter().chain([(ticket.clone(), name.to_owned())]).collect()
    }

    /// What the job in this answer is called; `None` where it names none that can be used.
    pub(super) fn ticket(&self, answer: &ReadAnswer, base: &str) -> Option<Ticket> {
        let text = |pointer: &str| {
            answer.text(pointer).filter(|text| !text.is_empty() && text.len() <= LONGEST_TICKET)
        };
        match &self.ticket {
            TicketPlace::Field(pointer) => {
                text(pointer).filter(|name| !matches!(name.as_str(), "." | "..")).map(Ticket::Name)
            }
            // The key goes to the service's own address and nowhere else, whatever host stands there.
            TicketPlace::PathOf(pointer) => {
                let path = path_of(&text(pointer)?)?;
                let own = path_of(base).unwrap_or_default();
                let own = own.trim_end_matches('/');
                let below = path.strip_prefix(own).filter(|rest| rest.starts_with('/'));
                Some(Ticket::Path(below.unwrap_or(&path).to_owned()))
            }
            TicketPlace::UrlOf { at, hosts } => {
                let url = text(at)?;
                let (host, _) = parts_of(&url)?;
                let is_own = same_origin(&url, base);
                let is_known = url.starts_with("https://")
                    && hosts.iter().any(|known| match known.strip_prefix("*.") {
                        Some(end) => host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')),
                        None => host == *known,
                    });
                (is_own || is_known).then_some(Ticket::Url(url))
            }
        }
    }

    /// What the answer says of the job.
    pub(super) fn state(&self, answer: &ReadAnswer, ticket: &str) -> JobState {
        let holds = |condition: &Option<Condition>| {
            condition.as_ref().is_some_and(|condition| condition.holds(answer))
        };
        if holds(&self.failed_when) || holds(&self.give_up_when) {
            return JobState::Failed;
        }
        if let Some(pointer) = &self.going_when_missing {
            let pointer = pointer.text(&TicketName(ticket));
            if answer.at(&pointer).is_empty() {
                return JobState::Going;
            }
        }
        let Some(pointer) = &self.state else { return JobState::Done };
        match answer.text(pointer) {
            Some(state) if self.done.contains(&state) => JobState::Done,
            Some(state) if self.failed.contains(&state) => JobState::Failed,
            Some(state) if self.going.contains(&state) => JobState::Going,
            _ => JobState::Failed,
        }
    }

    /// Whether the first answer tells the state already.
    pub(super) fn tells_state(&self, answer: &ReadAnswer) -> bool {
        let known = |state: String| self.done.contains(&state) || self.failed.contains(&state);
        self.state.as_ref().and_then(|pointer| answer.text(pointer)).is_some_and(known)
    }
}

/// A ticket in a pointer.
struct TicketName<'a>(&'a str);

impl super::template::Filling for TicketName<'_> {
    fn value(&self, _: Placeholder) -> Value {
        self.0.into()
    }

    fn ticket_is_path(&self) -> bool {
        false
    }
}

fn same_origin(one: &str, other: &str) -> bool {
    let origin = |address: &str| {
        let (scheme, rest) = address.split_once("://")?;
        let host = rest.split(['/', '?', '#', '\\']).next()?;
        (!host.contains('@')).then(|| format!("{scheme}://{host}").to_ascii_lowercase())
    };
    origin(one).is_some_and(|one| origin(other) == Some(one))
}

fn ticket(part: &DraftPart<'_>, is_ours: bool) -> Option<TicketPlace> {
    if !part.value().is_object() {
        return part.pointer().map(TicketPlace::Field);
    }
    part.only(&["path-of", "url-of", "hosts"]);
    if let Some(url) = part.get("url-of") {
        if !is_ours {
            url.fault("a description of the repository names no hosts; write `path-of`");
            return None;
        }
        let hosts = part.get("hosts").map(|part| part.texts()).unwrap_or_default();
        return Some(TicketPlace::UrlOf { at: url.pointer()?, hosts });
    }
    part.need("path-of", "/urls/get")?.pointer().map(TicketPlace::PathOf)
}
