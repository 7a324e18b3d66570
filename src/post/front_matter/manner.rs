//! How posts write a field, so that one which gets it is written as the others are.

use std::collections::{BTreeMap, HashMap};

/// The manner of each field, by its dotted path.
pub type Manners = HashMap<String, Manner>;

/// What stands around a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quotes {
    /// Nothing, where the format allows it.
    Bare,
    Single,
    Double,
}

/// The keys between which a key stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Neighbours {
    pub(super) above: Option<String>,
    pub(super) below: Option<String>,
}

/// An entry beside which another is to stand.
pub(super) enum Beside<T> {
    Below(T),
    Above(T),
}

impl Neighbours {
    /// Those of the key at this place among its mapping's.
    pub(super) fn around(at: usize, key: impl Fn(usize) -> Option<String>) -> Self {
        Self { above: at.checked_sub(1).and_then(&key), below: key(at + 1) }
    }

    /// The entry of a mapping below which the key belongs, else the one above which it does.
    pub(super) fn beside<T>(&self, entry: impl Fn(&str) -> Option<T>) -> Option<Beside<T>> {
        let named = |name: &Option<String>| entry(name.as_deref()?);
        named(&self.above).map(Beside::Below).or_else(|| named(&self.below).map(Beside::Above))
    }
}

/// How a post, or most of several, writes a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manner {
    pub(super) quotes: Option<Quotes>,
    /// How far the items of a list on lines of its own are indented below its key.
    pub(super) dash: Option<usize>,
    /// How far a mapping is indented below its key.
    pub(super) step: Option<usize>,
    /// How far the keys of a mapping in such a list stand behind its dash.
    pub(super) inset: Option<usize>,
    /// Where each name of the path stands in its mapping, from the outermost one on.
    pub(super) places: Vec<Neighbours>,
}

impl Manner {
    /// Right below a field that its mapping has too, where nothing else is known of its own place.
    #[must_use]
    pub fn or_below(mut self, field: &str, manner: &Self) -> Self {
        let is_known = self.places.last().is_some_and(|place| *place != Neighbours::default());
        if !is_known && let Some((own, above)) = manner.places.split_last() {
            let name = field.rsplit('.').next().map(str::to_owned);
            let is_placed = *own != Neighbours::default();
            let last = Neighbours { above: name.filter(|_| is_placed), below: None };
            self.places = above.iter().cloned().chain([last]).collect();
        }
        self
    }

    /// That of a field in a row of keys.
    pub(super) fn among(keys: &[String], name: &str) -> Option<Self> {
        let at = keys.iter().position(|key| key == name)?;
        let places = vec![Neighbours::around(at, |at| keys.get(at).cloned())];
        Some(Self { places, ..Self::default() })
    }

    /// What more than half of them have in common.
    #[must_use]
    pub fn of_most(all: &[Self]) -> Self {
        let depth = all.iter().map(|one| one.places.len()).max().unwrap_or_default();
        let place = |at: usize| Neighbours {
            above: most(all.iter().map(|one| one.places.get(at)?.above.clone())),
            below: most(all.iter().map(|one| one.places.get(at)?.below.clone())),
        };
        Self {
            quotes: most(all.iter().map(|one| one.quotes)),
            dash: most(all.iter().map(|one| one.dash)),
            step: most(all.iter().map(|one| one.step)),
            inset: most(all.iter().map(|one| one.inset)),
            places: (0..depth).map(place).collect(),
        }
    }
}

/// What more than half say, if it is anything.
fn most<T: Ord>(all: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut votes: BTreeMap<Option<T>, usize> = BTreeMap::new();
    for one in all {
        *votes.entry(one).or_default() += 1;
    }
    let total: usize = votes.values().sum();
    votes.into_iter().find(|(_, count)| count * 2 > total)?.0
}
