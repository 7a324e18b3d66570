//! Lists in answers, of which the first entries are enough. An answer of 25 MB can hold eight million empty ones,
//! which would take a hundred times the memory of its text.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

/// Entries that are kept; one picture was asked for, and a text model writes a few parts.
const MOST: usize = 64;

/// The first entries of a list; the others are read over.
pub(crate) struct FirstFew<T>(Vec<T>);

impl<T> Default for FirstFew<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for FirstFew<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for FirstFew<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FirstFewVisitor(PhantomData))
    }
}

struct FirstFewVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FirstFewVisitor<T> {
    type Value = FirstFew<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FirstFew<T>, A::Error> {
        let mut first = Vec::new();
        while first.len() < MOST {
            match list.next_element()? {
                Some(entry) => first.push(entry),
                None => return Ok(FirstFew(first)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(FirstFew(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_read_to_its_end_and_its_first_entries_are_kept() {
        let list = |count: usize| format!("[{}]", vec!["7"; count].join(","));
        for (count, kept) in [(0, 0), (3, 3), (MOST, MOST), (MOST + 1, MOST), (100_000, MOST)] {
            let read: FirstFew<u8> = serde_json::from_str(&list(count)).unwrap();
            assert_eq!((read.len(), read.iter().all(|entry| *entry == 7)), (kept, true));
        }
        assert!(serde_json::from_str::<FirstFew<u8>>(r#"["text"]"#).is_err());
        assert!(serde_json::from_str::<FirstFew<u8>>("[7").is_err());
        assert!(serde_json::from_str::<FirstFew<u8>>("null").is_err());
    }
}
