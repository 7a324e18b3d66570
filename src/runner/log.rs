//! The `tracing` side of the log: events of this program become lines through the [`Runner`], so
//! that they are scrubbed and escaped like everything else.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::Runner;
use super::doing::Activity;
use crate::activity;

/// Prefix of our own events' targets.
const OWN: &str = "image_fallback";

/// Prints events: `info` as a plain line, `warn` and `error` with their word in front, `debug` when
/// asked for. What the run is at goes to the bar. Libraries are heard from `warn` on, because their chatter may
/// quote requests.
pub struct Log {
    runner: Runner,
}

impl Log {
    pub(super) fn new(runner: Runner) -> Self {
        Self { runner }
    }

    fn most(&self) -> Level {
        if self.runner.debug() { Level::DEBUG } else { Level::INFO }
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        if metadata.is_span() {
            return metadata.target() == activity::TARGET && self.runner.at_terminal();
        }
        let most = if metadata.target().starts_with(OWN) { self.most() } else { Level::WARN };
        *metadata.level() <= most
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.most().into())
    }

    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let activity = Activity::begin(|reader| span.record(reader));
        self.runner.doing().begin(id, activity, |text| self.runner.harmless(text));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        self.runner.doing().change(id, |reader| values.record(reader));
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        self.runner.doing().end(&id);
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = EventText::default();
        event.record(&mut words);
        let level = *event.metadata().level();
        if level == Level::DEBUG {
            self.runner.debug_line(&format!("{}{}", words.text(), words.fields));
        } else if level == Level::WARN {
            self.runner.trouble(super::Level::Warning, &words.text());
        } else if level == Level::ERROR {
            self.runner.error(&words.text());
        } else {
            self.runner.line(&words.text());
        }
    }
}

/// What an event says: the message for people, its `error`, and the other fields for filters.
#[derive(Default)]
struct EventText {
    message: String,
    error: String,
    fields: String,
}

impl EventText {
    /// The message and the cause, which a message seldom repeats.
    fn text(&self) -> String {
        match (self.message.is_empty(), self.error.is_empty()) {
            (_, true) => self.message.clone(),
            (true, _) => self.error.clone(),
            _ => format!("{}: {}", self.message, self.error),
        }
    }
}

impl Visit for EventText {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing into a String cannot fail; a Debug that fails leaves its field out.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            "error" => write!(self.error, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.record_debug(field, &format_args!("{value}"));
    }
}
