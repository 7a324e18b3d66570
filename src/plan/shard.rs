//! Shares of a backlog, for jobs that run beside each other: a matrix of GitHub Actions.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A share of the posts. It follows from a post's path alone, so that every job and every repetition of one takes the
/// same posts, and no two jobs the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// Most shards: a matrix has at most so many jobs.
    pub const MOST: u32 = 256;

    /// Reads `3/8`, the third of eight.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, of) = text.split_once('/')?;
        let (number, of) = (number.trim().parse().ok()?, of.trim().parse().ok()?);
        ((1..=Self::MOST).contains(&of) && (1..=of).contains(&number)).then_some(Self { number, of })
    }

    /// Of how many it is one.
    pub fn jobs(self) -> u32 {
        self.of
    }

    /// Whether a post belongs to it. Translations share one picture, and so they share the path of their original,
    /// which decides.
    pub fn holds(self, original: &str) -> bool {
        bucket(digest(original), self.of) == self.number
    }

    /// The fewest shards of which each has at most `most` of these posts, each named by its original; only those that
    /// have any. Where 256 are too few, all that have any.
    pub fn divide<'a>(posts: impl Iterator<Item = &'a str>, most: usize) -> Vec<Self> {
        let posts: Vec<u64> = posts.map(digest).collect();
        let sizes = |of: u32| {
            let mut sizes = vec![0; of as usize + 1];
            posts.iter().for_each(|post| sizes[bucket(*post, of) as usize] += 1);
            sizes
        };
        let least = posts.len().checked_div(most).unwrap_or_default().max(1);
        let least = u32::try_from(least).unwrap_or(Self::MOST).min(Self::MOST);
        let fit = |of: &u32| sizes(*of).iter().all(|size| *size <= most);
        let of = (least..Self::MOST).find(fit).unwrap_or(Self::MOST);
        let sizes = sizes(of).into_iter();
        let shards = sizes.zip(0..).filter(|(size, _)| *size > 0);
        shards.map(|(_, number)| Self { number, of }).collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Serialize for Shard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What is left of a path: hashers of the standard library differ from run to run.
fn digest(original: &str) -> u64 {
    Sha256::digest(original).iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// The shard of a post, counted from 1.
fn bucket(digest: u64, of: u32) -> u32 {
    // It is below `of`.
    u32::try_from(digest % u64::from(of)).unwrap_or_default() + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_shard_is_one_of_at_most_256() {
        let said = |text| Shard::parse(text).map(|shard| shard.to_string());
        assert_eq!(said("3/8").as_deref(), Some("3/8"));
        assert_eq!(said(" 256 / 256 ").as_deref(), Some("256/256"));
        for wrong in ["9/8", "0/8", "1/0", "1/257", "8", "-1/8", "a/b", "1/8/2", ""] {
            assert_eq!(said(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_share_of_a_post_is_the_same_for_ever() {
        let shard = |of| (1..=of).find(|number| Shard { number: *number, of }.holds("posts/a.md"));
        assert_eq!([1, 2, 8, 256].map(shard), [1, 1, 5, 125].map(Some));
    }

    #[test]
    fn no_post_means_no_shard() {
        assert_eq!(Shard::divide(std::iter::empty(), 10), []);
    }

    #[test]
    fn more_posts_than_256_shards_take_are_divided_all_the_same() {
        let posts: Vec<String> = (0..5_000).map(|number| format!("posts/{number}.md")).collect();
        assert_eq!(Shard::divide(posts.iter().map(String::as_str), 1).len(), 256);
        assert_eq!(Shard::divide(posts.iter().map(String::as_str), 0).len(), 256);
    }

    proptest! {
        #[test]
        fn every_post_is_in_one_shard_and_none_has_too_many(
            posts in proptest::collection::hash_set("[a-z]{1,8}", 1..200), most in 5_usize..40,
        ) {
            let shards = Shard::divide(posts.iter().map(String::as_str), most);
            for post in &posts {
                prop_assert_eq!(shards.iter().filter(|shard| shard.holds(post)).count(), 1);
            }
            for shard in &shards {
                let share = posts.iter().filter(|post| shard.holds(post)).count();
                prop_assert!((1..=most).contains(&share));
            }
        }
    }
}
