//! What pictures cost by the price lists, and how many are not in that.

use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

use crate::provider::Dollars;

/// An estimate: what is charged for pictures, as far as their prices are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// US dollars by the price lists.
    pub usd: Dollars,
    /// Pictures that are not in it, because their price is not known.
    pub unknown: usize,
}

impl Cost {
    /// Of nothing.
    pub const NONE: Self = Self { usd: Dollars::NOTHING, unknown: 0 };

    /// That of one picture.
    pub fn of(price: Option<Dollars>) -> Self {
        price.map_or(Self { unknown: 1, ..Self::NONE }, |usd| Self { usd, ..Self::NONE })
    }

    /// The amount, where no part of it is unknown.
    pub fn known(self) -> Option<Dollars> {
        (self.unknown == 0).then_some(self.usd)
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { usd: self.usd + other.usd, unknown: self.unknown + other.unknown }
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::NONE, Add::add)
    }
}
