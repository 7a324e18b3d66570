//! What the run is at, as the bar shows it: the spans of `activity` that are open, a line each.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use textwrap::core::display_width;
use tracing::field::{Field, Visit};
use tracing::span::Id;

use crate::activity::field;
use crate::fault::lock;
use crate::text::cut;

/// Most lines; a bar that fills the screen hides the log.
const MOST: usize = 4;

/// What the run is at. Clones share one list.
#[derive(Clone, Default)]
pub(super) struct Doing(Arc<Mutex<Vec<(Id, Activity)>>>);

/// One span, its texts harmless.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    who: String,
    what: String,
    state: String,
    waits: bool,
    wait: Option<Duration>,
    since: Instant,
}

impl Activity {
    /// Reads a span that begins now.
    pub(super) fn begin(record: impl FnOnce(&mut dyn Visit)) -> Self {
        let mut activity = Self {
            who: String::new(),
            what: String::new(),
            state: String::new(),
            waits: false,
            wait: None,
            since: Instant::now(),
        };
        record(&mut activity);
        activity
    }

    fn texts(&mut self) -> [&mut String; 3] {
        [&mut self.who, &mut self.what, &mut self.state]
    }

    /// Whether both wait for the same.
    fn waits_beside(&self, other: &Self) -> bool {
        self.waits && other.waits && self.who == other.who
    }

    /// The line within a width: of what it is for the end says most. So many others wait beside it.
    fn line(&self, beside: usize, now: Instant, width: usize) -> String {
        let passed = now.saturating_duration_since(self.since);
        let head = match (self.waits, self.wait) {
            (true, Some(wait)) => {
                format!(
                    "  waiting for {}, {} s left",
                    self.who,
                    wait.saturating_sub(passed).as_secs_f64().ceil()
                )
            }
            (true, None) => format!("  waiting for {}, {} s", self.who, passed.as_secs()),
            (false, _) if self.state.is_empty() => format!("  {}, {} s", self.who, passed.as_secs()),
            (false, _) => format!("  {}, {}, {} s", self.who, self.state, passed.as_secs()),
        };
        let more = if beside > 0 { format!(" and {beside} more") } else { String::new() };
        let room = width.saturating_sub(display_width(&head) + 2 + more.len());
        match ending(&self.what, room) {
            Some(what) => format!("{head}: {what}{more}"),
            None => cut(&format!("{head}{more}"), width),
        }
    }
}

/// The end of a text within so many columns; nothing where that would be no more than a stump.
fn ending(text: &str, room: usize) -> Option<String> {
    const LEAST: usize = 8;
    if text.is_empty() || display_width(text) <= room {
        return (!text.is_empty()).then(|| text.to_owned());
    }
    let fits = |at: &usize| display_width(&text[*at..]) < room;
    let start = text.char_indices().map(|(at, _)| at).find(fits)?;
    (room >= LEAST).then(|| format!("…{}", &text[start..]))
}

impl Visit for Activity {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            field::WHO => self.who = value.to_owned(),
            field::WHAT => self.what = value.to_owned(),
            field::STATE => self.state = value.to_owned(),
            _ => {}
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.waits |= field.name() == field::WAITS && value;
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == field::SECONDS {
            self.wait = Duration::try_from_secs_f64(value).ok();
        }
    }
}

impl Doing {
    /// Something begins.
    pub(super) fn begin(&self, id: &Id, mut activity: Activity, harmless: impl Fn(&str) -> String) {
        for text in activity.texts() {
            *text = harmless(text);
        }
        lock(&self.0).push((id.clone(), activity));
    }

    /// More is known of something.
    pub(super) fn change(&self, id: &Id, change: impl FnOnce(&mut dyn Visit)) {
        if let Some((_, activity)) = lock(&self.0).iter_mut().find(|(open, _)| open == id) {
            change(activity);
        }
    }

    /// Something is over.
    pub(super) fn end(&self, id: &Id) {
        lock(&self.0).retain(|(open, _)| open != id);
    }

    /// A line for each, those first that began first, each after a line break. Those that wait for the same share one.
    pub(super) fn lines(&self, width: usize) -> String {
        let (list, now) = (lock(&self.0), Instant::now());
        let mut rows: Vec<(&Activity, usize)> = Vec::new();
        for (_, activity) in list.iter() {
            match rows.iter_mut().find(|(first, _)| first.waits_beside(activity)) {
                Some((_, beside)) => *beside += 1,
                None => rows.push((activity, 0)),
            }
        }
        let shown = if rows.len() > MOST { MOST - 1 } else { rows.len() };
        let lines = rows.iter().take(shown).map(|(activity, beside)| activity.line(*beside, now, width));
        let more = rows.len() - shown;
        let more = (more > 0).then(|| format!("  and {more} more"));
        lines.chain(more).map(|line| format!("\n{line}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(who: &str, what: &str) -> Activity {
        let text = str::to_owned;
        Activity {
            who: text(who),
            what: text(what),
            state: text(""),
            waits: false,
            wait: None,
            since: Instant::now(),
        }
    }

    #[test]
    fn a_line_keeps_who_and_how_long_and_the_end_of_the_path_at_every_width() {
        let post = "content/posts/2026/a-long-way-round-the-cape/index.md";
        let asks = activity("Cloudflare Workers AI", post);
        let queued = Activity { state: "in its queue".to_owned(), ..activity("Hugging Face", post) };
        let waits =
            Activity { waits: true, wait: Some(Duration::from_secs(30)), ..activity("Together AI", post) };
        let turn = Activity { waits: true, ..activity("Pollinations", post) };
        let told = [asks, queued, waits, turn].map(|activity| {
            [48, 80, 120].map(|width| {
                let line = activity.line(0, activity.since + Duration::from_millis(12_400), width);
                assert!(display_width(&line) <= width, "{width}: {line}");
                line
            })
        });
        insta::assert_snapshot!(told.concat().join("\n"), @r"
          Cloudflare Workers AI, 12 s: …he-cape/index.md
          Cloudflare Workers AI, 12 s: …nt/posts/2026/a-long-way-round-the-cape/index.md
          Cloudflare Workers AI, 12 s: content/posts/2026/a-long-way-round-the-cape/index.md
          Hugging Face, in its queue, 12 s: …pe/index.md
          Hugging Face, in its queue, 12 s: …sts/2026/a-long-way-round-the-cape/index.md
          Hugging Face, in its queue, 12 s: content/posts/2026/a-long-way-round-the-cape/index.md
          waiting for Together AI, 18 s left: …/index.md
          waiting for Together AI, 18 s left: …s/2026/a-long-way-round-the-cape/index.md
          waiting for Together AI, 18 s left: content/posts/2026/a-long-way-round-the-cape/index.md
          waiting for Pollinations, 12 s: …cape/index.md
          waiting for Pollinations, 12 s: …posts/2026/a-long-way-round-the-cape/index.md
          waiting for Pollinations, 12 s: content/posts/2026/a-long-way-round-the-cape/index.md
        ");
    }

    #[test]
    fn a_wide_script_is_measured_by_the_columns_it_takes() {
        let line =
            activity("Google Gemini", "記事/とても長い題名の記事の二番目.md").line(0, Instant::now(), 40);
        assert!(display_width(&line) <= 40 && line.ends_with(".md"), "{line}");
        assert_eq!(activity("GitHub", "").line(0, Instant::now(), 48), "  GitHub, 0 s");
    }

    #[test]
    fn many_at_once_are_counted() {
        let doing = Doing::default();
        for number in 1..=9 {
            doing.begin(&Id::from_u64(number), activity("A", &number.to_string()), str::to_owned);
        }
        assert_eq!(doing.lines(48), "\n  A, 0 s: 1\n  A, 0 s: 2\n  A, 0 s: 3\n  and 6 more");
        (3..=9).for_each(|number| doing.end(&Id::from_u64(number)));
        for number in 3..=5 {
            let turn = Activity { waits: true, ..activity("B", &format!("{number}.md")) };
            doing.begin(&Id::from_u64(number), turn, str::to_owned);
        }
        assert_eq!(doing.lines(48), "\n  A, 0 s: 1\n  A, 0 s: 2\n  waiting for B, 0 s: 3.md and 2 more");
        (3..=5).for_each(|number| doing.end(&Id::from_u64(number)));
        assert_eq!(doing.lines(48), "\n  A, 0 s: 1\n  A, 0 s: 2");
    }
}
