//! The report: outcomes, verdict, and every form in which people and later steps read them.

pub mod alert;
pub mod annotations;
mod chain;
mod checked;
mod cost;
mod drilled;
mod estimate;
mod files;
mod gallery;
mod html;
mod json;
mod log;
mod nearby;
pub mod outcome;
mod outputs;
mod planned;
mod probed;
mod publication;
#[cfg(test)]
mod samples;
mod sentences;
mod summary;
#[cfg(test)]
mod tests;
mod tip;
pub mod verdict;
mod write;

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::chain::LinkReport;
use crate::drill::DrillReport;
use crate::plan::Shard;
use crate::publish::Publication;
pub use crate::runner::Level;
use crate::secret::Scrubber;
use crate::site::{Embed, Evidence, Site, Visibility};
pub use annotations::{annotations, asides};
pub use chain::{long_streak, shallow_chain};
pub use checked::{checked, found};
pub use cost::Cost;
pub use drilled::notices as drill_notices;
pub use estimate::{beyond_budget, price};
pub use files::{FileCount, FilesLeftOut, FilesOfOtherFormats, NoPostBecause};
pub use gallery::gallery;
pub use html::to_html;
pub use json::{chain_json, to_json};
pub use log::{ClosingLines, closing_lines, post_line, reason_line};
pub use outcome::{CardRole, Delivery, Details, Lack, Outcome, Pending, Status, Uneditable};
pub use outputs::{OUTPUTS, Output, outputs};
pub use planned::{beyond_jobs, left_out, planned};
pub use probed::{probed, providers_summary};
pub use publication::notices as publication_notices;
pub use sentences::{Repeats, history};
pub use summary::summary;
pub use tip::{Tip, tips};
pub use verdict::{FailOn, Interruption, Verdict, exit_code};
pub use write::{ReportWriteError, write};

/// Version of report.json.
pub const VERSION: u32 = 1;

/// Everything there is to tell about a run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Version of this shape: [`VERSION`].
    pub schema: u32,
    /// The word for the whole run.
    pub verdict: Verdict,
    /// When the run began.
    pub started: Timestamp,
    /// How long it took.
    pub seconds: f64,
    /// The configured order, then the known providers that are not configured.
    pub chain: Vec<LinkReport>,
    /// The sites, and where their pictures go; none where the run ended before that was known.
    pub sites: Vec<SiteDecision>,
    /// The files that were seen; `None` where the run ended before that was known.
    pub files: Option<FileCount>,
    /// Every post seen, in plan order.
    pub posts: Vec<Outcome>,
    /// Posts that earlier runs owe a picture and that still have none, seen in this run or not.
    pub owed: Vec<String>,
    /// How many runs in a row that delivered, this one included, needed a fallback.
    pub fallback_streak: u32,
    /// How many of them are worth an alert; 0 for never.
    #[serde(skip)]
    pub fallback_limit: u32,
    /// What its pictures cost; in a dry run what they would.
    pub cost: Cost,
    /// How many published posts lack a hero image now.
    pub coverage: Coverage,
    /// What was published.
    #[serde(serialize_with = "publication::serialize")]
    pub publication: Publication,
    /// What the run has to say beyond single posts: settings problems (verdict `failed`), half
    /// credentials, a step down. Each names what, where and the cure.
    pub notices: Vec<Notice>,
    /// The jobs that mode `plan` divides the work into; empty in other modes, and where there is nothing to do.
    pub shards: Vec<Shard>,
    /// Nothing was called or written: this is the plan.
    pub dry_run: bool,
    /// The chain is `card` alone: the headline says "title cards only".
    pub cards_only: bool,
    /// What mode `check` looked at; `None` in other modes.
    pub check: Option<CheckReport>,
    /// What mode `drill` found; `None` in other modes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drill: Option<DrillReport>,
    /// What kept the run from its end, with verdict `failed`.
    #[serde(skip)]
    pub stop: Option<Interruption>,
    /// Width and height that pictures should have, at most; `None` where the run ended before that was known.
    #[serde(skip)]
    pub size: Option<(u32, u32)>,
    /// Names of the [`Tip`]s that earlier runs told.
    #[serde(skip)]
    pub told: BTreeSet<String>,
    /// Where root and report stand in the workspace.
    #[serde(skip)]
    pub places: Places,
}

impl Report {
    /// The outcomes with this delivery.
    fn with_delivery(&self, delivery: Delivery) -> impl Iterator<Item = &Outcome> {
        self.posts.iter().filter(move |outcome| outcome.delivery() == delivery)
    }

    /// Posts owed that this run did nothing for: neither lacking their picture now, nor made and lost.
    fn owed_before(&self) -> impl Iterator<Item = &str> {
        let acted = self.posts.iter().filter(|post| post.delivery() != Delivery::NotDue);
        let acted: std::collections::HashSet<_> = acted.map(|post| post.path.as_str()).collect();
        self.owed.iter().map(String::as_str).filter(move |path| !acted.contains(path))
    }

    /// The notices, and those that a repository hears once.
    fn remarks(&self) -> impl Iterator<Item = Cow<'_, Notice>> {
        let given = self.notices.iter().map(Cow::Borrowed);
        given.chain(tips(self).map(|(_, notice)| Cow::Owned(notice)))
    }

    /// How many posts have this status.
    fn count(&self, status: Status) -> usize {
        self.posts.iter().filter(|outcome| outcome.status == status).count()
    }

    /// Takes the secrets out of every text that is not ours. Done once, before anything is reported.
    pub fn scrub(&mut self, scrubber: &Scrubber) {
        let scrub = |text: &mut String| scrubber.scrub_in_place(text);
        for post in &mut self.posts {
            scrub(&mut post.path);
            // A reason that is not owned is a word of ours.
            if let Some(Cow::Owned(reason)) = &mut post.reason {
                scrub(reason);
            }
            if let Some(details) = post.details.as_deref_mut() {
                let named = [&mut details.image, &mut details.field, &mut details.value];
                named.into_iter().flatten().for_each(scrub);
                let texts = [&mut details.title, &mut details.alt, &mut details.prompt, &mut details.model];
                texts.into_iter().flatten().for_each(scrub);
            }
            let attempts = post.attempts.iter_mut();
            attempts.flat_map(|attempt| [&mut attempt.message, &mut attempt.model]).for_each(scrub);
        }
        for link in &mut self.chain {
            link.models.iter_mut().for_each(scrub);
            link.cure.iter_mut().for_each(scrub);
            link.last_error.iter_mut().for_each(|error| scrub(&mut error.message));
            if let Some(probe) = &mut link.probe {
                let lists = probe.gone.iter_mut().chain(&mut probe.listed);
                lists.chain([&mut probe.message]).chain(&mut probe.cure).for_each(scrub);
            }
        }
        let drilled = self.drill.iter_mut().flat_map(|drill| &mut drill.links);
        drilled.flat_map(|link| &mut link.reason).for_each(scrub);
        self.notices.iter_mut().for_each(|notice| scrub(&mut notice.message));
        self.files.iter_mut().flat_map(FileCount::paths_mut).for_each(scrub);
        for site in &mut self.sites {
            let fields = site.field.iter_mut().chain(&mut site.alt_field);
            let texts = [&mut site.folder, &mut site.image_dir, &mut site.image_path, &mut site.because];
            fields.chain(texts).for_each(scrub);
        }
        self.owed.iter_mut().chain([&mut self.places.root]).for_each(scrub);
        self.publication.scrub(scrubber);
    }
}

/// What a site was taken for, where its pictures go, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteDecision {
    /// Its folder relative to the root; empty for the root itself.
    pub folder: String,
    /// Name of its generator.
    pub generator: &'static str,
    /// Its theme, where that is known.
    pub theme: Option<&'static str>,
    /// Dotted path of the field that names the picture; `None` where only the body shows it.
    pub field: Option<String>,
    /// Dotted path of the alt text.
    pub alt_field: Option<String>,
    /// Template of the folder of the pictures, relative to the root.
    pub image_dir: String,
    /// Template of the value that names one.
    pub image_path: String,
    /// How the body shows it as well.
    pub embed: Embed,
    /// What the choice of the field rests on.
    pub evidence: Evidence,
    /// The same for people.
    pub because: String,
    /// Where a reader meets the picture.
    pub visibility: Visibility,
}

impl SiteDecision {
    /// What was decided for this site.
    pub fn of(site: &Site) -> Self {
        Self {
            folder: site.folder().to_owned(),
            generator: site.name(),
            theme: site.theme(),
            field: site.field().map(str::to_owned),
            alt_field: site.alt_field().map(str::to_owned),
            image_dir: site.picture_folder(),
            image_path: site.picture_value().to_owned(),
            embed: site.embed(),
            evidence: site.evidence(),
            because: site.because().to_owned(),
            visibility: site.visibility(),
        }
    }
}

/// Published posts and how many of them lack a hero image after this run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Posts that readers can see.
    pub published: usize,
    /// Those without a hero image.
    pub missing: usize,
}

/// What mode `check` looked at beyond the posts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Pages of the built site; `None` where only the sources were looked at.
    pub pages: Option<usize>,
    /// Posts whose page shows their hero image.
    pub shown: usize,
    /// Posts whose hero image only link previews have.
    pub preview: usize,
}

/// Where things stand, relative to the workspace and with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The root; empty when it is the workspace itself.
    pub root: String,
    /// report.json, when it is written.
    pub report: Option<String>,
    /// report.html, when it is written and somebody may sit in front of it: as seen from the working directory.
    pub page: Option<String>,
}

/// Something to say about the run as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// How loud.
    pub level: Level,
    /// What, where and the cure.
    pub message: String,
}
