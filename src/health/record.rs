//! The record: what one run tells the next. A pure value, kept as one JSON file.
//!
//! It only reorders and reminds. Losing it costs a few requests and the memory of owed posts, so
//! whatever is unreadable is ignored with a warning; nothing in it is trusted further than that,
//! since everybody who may push can write it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::chain::{LinkReport, LinkState, Past, PastFailure, Recalled};
use crate::provider::ProviderName;
use crate::provider::failure::LONGEST_QUOTA;

/// Largest file in bytes, read or written.
pub const LARGEST: usize = 256 * 1024;

/// Most posts owed. Beyond that the oldest debts are kept; `scope: all` finds the others.
pub const MOST_OWED: usize = 5_000;

/// Bytes that the paths of posts past editing may take.
const MOST_UNEDITABLE: usize = LARGEST / 4;

/// Version of the file's shape.
const VERSION: u32 = 1;

/// Most providers; the catalogue is far smaller.
const MOST_PROVIDERS: usize = 64;

/// Longest name or class of a provider in bytes, and longest last source in characters.
const LONGEST_NAME: usize = 64;
const LONGEST_SOURCE: usize = 300;

/// Most notices that were told; there are only a few.
const MOST_TOLD: usize = 16;

/// How far clocks may differ before a time counts as lying in the future.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

/// What earlier runs tell this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthRecord {
    version: u32,
    updated: Timestamp,
    /// Makes fingerprints of the same secret differ between blogs.
    salt: String,
    #[serde(default)]
    providers: BTreeMap<String, ProviderHealth>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    fallback_streak: u32,
    /// Whether people were told that the last run ended badly.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    alarmed: bool,
    /// Notices that need not be told again, by name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    told: BTreeSet<String>,
    #[serde(default)]
    owed: Vec<String>,
    /// Posts that cannot be read or edited, and whose authors were told, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    uneditable: Vec<String>,
    /// Posts that this run settled, for [`HealthRecord::merge`].
    #[serde(skip)]
    settled: BTreeSet<String>,
}

/// What is known of one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ProviderHealth {
    #[serde(flatten)]
    past: Past,
    /// Until when its allowance is used up.
    #[serde(default)]
    out_until: Option<Timestamp>,
    /// Of the secrets it was asked with.
    #[serde(default)]
    fingerprint: Option<String>,
}

/// Salted fingerprints of the secrets by provider.
pub type Fingerprints = BTreeMap<ProviderName, String>;

/// What a run has to tell the next.
#[derive(Debug, Clone, Copy)]
pub struct RunResult<'a> {
    /// The providers at its end.
    pub links: &'a [LinkReport],
    /// With which secrets they were asked, made with [`HealthRecord::salt`].
    pub fingerprints: &'a Fingerprints,
    /// Who delivered last: provider and model. `None` when nobody did.
    pub source: Option<&'a str>,
    /// Whether a picture was a fallback.
    pub fallback: bool,
    /// It is one of several jobs that are one run together, so the streak of runs is not its to go on with.
    pub is_part: bool,
    /// Posts that were selected and have no picture, by path.
    pub lacking: &'a [String],
    /// Posts that are owed nothing (any more): they have a picture, are gone, or no candidates.
    pub settled: &'a [String],
    /// Posts that cannot be read or edited, those that were not looked at this time included.
    pub uneditable: &'a [String],
}

impl HealthRecord {
    /// The record of a blog that has none.
    pub fn new(now: Timestamp) -> Self {
        // The standard library seeds its hashers from the system; a salt needs no more than to differ.
        let salt = format!("{:016x}", RandomState::new().build_hasher().finish());
        Self {
            version: VERSION,
            updated: now,
            salt,
            providers: BTreeMap::new(),
            source: None,
            fallback_streak: 0,
            alarmed: false,
            told: BTreeSet::new(),
            owed: Vec::new(),
            uneditable: Vec::new(),
            settled: BTreeSet::new(),
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// Why it is to be ignored, as a warning would say it: unreadable, of a newer version, or from
    /// the future.
    pub fn parse(bytes: &[u8], now: Timestamp) -> Result<Self, String> {
        let record = Self::read(bytes, now);
        record.map_err(|why| {
            format!("the record of earlier runs is ignored: {why}; this run writes a new one in its place")
        })
    }

    fn read(bytes: &[u8], now: Timestamp) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        if bytes.len() > LARGEST {
            return Err(format!("it is larger than {LARGEST} bytes"));
        }
        let unreadable = |error: serde_json::Error| format!("it cannot be read ({error})");
        let Version { version } = serde_json::from_slice(bytes).map_err(unreadable)?;
        if version != VERSION {
            return Err(format!("its version is {version}, this program knows {VERSION}"));
        }
        let mut record: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        let name = |text: &str| {
            (1..=LONGEST_NAME).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let named = record.providers.iter().all(|(provider, entry)| {
            let class = entry.past.last_failure.as_ref().is_none_or(|failure| name(&failure.class));
            name(provider) && class && entry.fingerprint.as_deref().is_none_or(name)
        });
        if !named || !name(&record.salt) || record.providers.len() > MOST_PROVIDERS {
            return Err("this program did not write it".to_owned());
        }
        let latest = later(now, SKEW);
        let seen = record.providers.values().map(ProviderHealth::seen).fold(record.updated, Ord::max);
        if seen > latest {
            return Err(format!("it comes from the future ({seen})"));
        }
        for entry in record.providers.values_mut() {
            entry.out_until = entry.out_until.filter(|until| *until <= later(latest, longest_quota()));
        }
        record.told = record.told.into_iter().filter(|told| name(told)).take(MOST_TOLD).collect();
        let mut known = HashSet::new();
        record.owed.retain(|path| known.insert(path.clone()));
        record.owed.truncate(MOST_OWED);
        record.source = record.source.map(|source| source.chars().take(LONGEST_SOURCE).collect());
        Ok(record)
    }

    /// The file's text, at most [`LARGEST`] bytes: the newest debts give way.
    pub fn to_json(&self) -> String {
        #[expect(clippy::expect_used, reason = "texts and numbers under keys that are texts are always JSON")]
        let text = |record: &Self| {
            serde_json::to_string_pretty(record).expect("every key is a string and every value plain")
        };
        let mut bounded = Self { owed: Vec::new(), ..self.clone() };
        let mut room = LARGEST.saturating_sub(text(&bounded).len() + 16);
        let fits = |path: &&String| {
            // A line of its own: indentation, comma and line break.
            let line = serde_json::to_string(path).map_or(usize::MAX, |json| json.len().saturating_add(6));
            let left = room.checked_sub(line);
            room = left.unwrap_or(room);
            left.is_some()
        };
        bounded.owed = self.owed.iter().take(MOST_OWED).take_while(fits).cloned().collect();
        text(&bounded) + "\n"
    }

    /// Salt for the fingerprints of secrets.
    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// Posts that earlier runs selected and that had no picture, oldest debt first: paths to compare
    /// with, not to open.
    pub fn owed(&self) -> &[String] {
        &self.owed
    }

    /// Posts that cannot be read or edited, of which an earlier run has told.
    pub fn uneditable(&self) -> &[String] {
        &self.uneditable
    }

    /// How many runs in a row needed a fallback.
    pub fn fallback_streak(&self) -> u32 {
        self.fallback_streak
    }

    /// Whether people were told that the last run ended badly, and not yet that all is well again.
    pub fn alarmed(&self) -> bool {
        self.alarmed
    }

    /// The record of a run that ended badly, of which people are told, or well.
    #[must_use]
    pub fn with_alarm(mut self, alarmed: bool, now: Timestamp) -> Self {
        if alarmed != self.alarmed {
            self.updated = now.max(self.updated);
            self.alarmed = alarmed;
        }
        self
    }

    /// Notices that need not be told again, by name.
    pub fn told(&self) -> &BTreeSet<String> {
        &self.told
    }

    /// The record of a run that told these notices, by name.
    #[must_use]
    pub fn with_told<'a>(mut self, told: impl IntoIterator<Item = &'a str>, now: Timestamp) -> Self {
        for name in told {
            if self.told.insert(name.to_owned()) {
                self.updated = now.max(self.updated);
            }
        }
        self
    }

    /// Until when a provider is known to be out, if it is, and its secret is still the same.
    fn known_out(&self, provider: &str, fingerprint: &str, now: Timestamp) -> Option<Timestamp> {
        let entry = self.providers.get(provider)?;
        let same = entry.fingerprint.as_deref() == Some(fingerprint);
        entry.out_until.filter(|until| same && *until > now)
    }

    /// What is known of each provider, by name, for the chain: until when it is out only with these secrets.
    pub fn recall(&self, secrets: &Fingerprints, now: Timestamp) -> BTreeMap<String, Recalled> {
        let recalled = |(name, entry): (&String, &ProviderHealth)| {
            let fingerprint = secrets.get(name.as_str());
            let out_until = fingerprint.and_then(|fingerprint| self.known_out(name, fingerprint, now));
            (name.clone(), Recalled { past: entry.past.clone(), out_until })
        };
        self.providers.iter().map(recalled).collect()
    }

    /// The record after a run. Equal to this one when there is nothing new to keep.
    pub fn after_run(&self, run: &RunResult<'_>, now: Timestamp) -> Self {
        let mut next = self.clone();
        for link in run.links.iter().filter(|link| link.attempts > 0) {
            let entry = next.providers.entry(link.name.clone()).or_default();
            entry.note(link, run.fingerprints.get(link.name.as_str()), now);
        }
        if let Some(source) = run.source {
            next.source = Some(source.chars().take(LONGEST_SOURCE).collect());
            next.fallback_streak = match run {
                RunResult { is_part: true, .. } => self.fallback_streak,
                RunResult { fallback: true, .. } => self.fallback_streak.saturating_add(1),
                RunResult { .. } => 0,
            };
        }
        let lacking: HashSet<_> = run.lacking.iter().collect();
        let settled: BTreeSet<_> =
            run.settled.iter().filter(|path| !lacking.contains(path)).cloned().collect();
        next.owed = union(&self.owed, run.lacking, &settled);
        let told: BTreeSet<&String> = run.uneditable.iter().collect();
        let mut room = MOST_UNEDITABLE;
        let fits = |path: &&&String| {
            room = room.saturating_sub(path.len() + 8);
            room > 0
        };
        next.uneditable = told.iter().take_while(fits).map(|path| (*path).clone()).collect();
        if next != *self {
            next.updated = now.max(self.updated);
            next.settled = settled;
        }
        next
    }

    /// Both records in one, when two runs wrote: of each fact the newest. Posts owed by either stay owed
    /// unless the newer run settled them.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let (older, mut newer) = if other.updated >= self.updated { (self, other) } else { (other, self) };
        for (name, mut entry) in older.providers {
            if older.salt != newer.salt {
                // Made with another salt it could never be compared again.
                entry.fingerprint = None;
            }
            match newer.providers.remove(&name) {
                Some(known) => newer.providers.insert(name, known.merge(entry)),
                None => newer.providers.insert(name, entry),
            };
        }
        newer.source = newer.source.or(older.source);
        newer.told.extend(older.told);
        newer.owed = union(&older.owed, &newer.owed, &newer.settled);
        newer
    }
}

impl ProviderHealth {
    /// When the provider was last heard of.
    fn seen(&self) -> Timestamp {
        let failed = self.past.last_failure.as_ref().map(|failure| failure.at);
        failed.max(self.past.last_success).unwrap_or(Timestamp::MIN)
    }

    /// Keeps what a run found.
    fn note(&mut self, link: &LinkReport, fingerprint: Option<&String>, now: Timestamp) {
        if link.delivered > 0 {
            self.past.last_success = Some(now);
        }
        if let Some(error) = &link.last_error {
            let (class, status) = (error.class.to_string(), error.status);
            self.past.last_failure = Some(PastFailure { at: now, class, status });
        }
        let out = link.out_until.filter(|_| link.state == LinkState::Out);
        self.out_until = out.map(|until| until.min(later(now, longest_quota())));
        self.fingerprint = fingerprint.cloned();
    }

    /// Both in one: what the provider is now is told by the one that heard of it last.
    fn merge(self, other: Self) -> Self {
        let (older, mut newer) = if other.seen() > self.seen() { (self, other) } else { (other, self) };
        newer.past.last_success = newer.past.last_success.max(older.past.last_success);
        let at = |failure: &Option<PastFailure>| failure.as_ref().map(|failure| failure.at);
        if at(&older.past.last_failure) > at(&newer.past.last_failure) {
            newer.past.last_failure = older.past.last_failure;
        }
        newer
    }
}

/// The paths of both lists, each once, without those settled, at most [`MOST_OWED`].
fn union(first: &[String], second: &[String], settled: &BTreeSet<String>) -> Vec<String> {
    let mut known = HashSet::new();
    let all = first.iter().chain(second).filter(|path| !settled.contains(*path));
    all.filter(|path| known.insert(*path)).take(MOST_OWED).cloned().collect()
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn longest_quota() -> SignedDuration {
    SignedDuration::try_from(LONGEST_QUOTA).unwrap_or(SignedDuration::MAX)
}
