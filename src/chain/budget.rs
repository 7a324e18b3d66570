//! The budget: what the pictures of a run may cost together, by the price lists.

use std::sync::{Mutex, MutexGuard};

use tokio::sync::Notify;

use super::link::Link;
use crate::fault::lock;
use crate::provider::Dollars;

/// What a run may spend, if that is bounded, and what it has spent. Shared by all posts in flight: what one has asked
/// for is set aside until it is known whether it was charged.
pub(super) struct RunBudget {
    most: Option<Dollars>,
    purse: Mutex<Purse>,
    settled: Notify,
}

#[derive(Default)]
struct Purse {
    spent: Dollars,
    /// For requests in flight.
    set_aside: Dollars,
}

/// Whether a price can be paid; the better comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Funds {
    /// At once.
    Enough,
    /// If requests in flight turn out to cost nothing.
    InFlight,
    /// Not in this run, or nobody knows the price.
    Short,
}

/// Money set aside for one request. It counts as spent unless [`Reservation::settle`] says otherwise: who gives up
/// waiting may be charged all the same.
pub(super) struct Reservation<'a> {
    budget: &'a RunBudget,
    price: Dollars,
    spent: Dollars,
}

impl RunBudget {
    /// A budget of so much, or without bounds.
    pub(super) fn new(most: Option<Dollars>) -> Self {
        Self { most, purse: Mutex::default(), settled: Notify::new() }
    }

    /// What the run may spend, if that is bounded.
    pub(super) fn most(&self) -> Option<Dollars> {
        self.most
    }

    /// Whether this price can be paid.
    pub(super) fn funds(&self, price: Option<Dollars>) -> Funds {
        self.judge(&self.purse(), price)
    }

    /// Whether one of the models that a link has left can be paid, for a picture that should be so wide and high in
    /// pixels.
    pub(super) fn funds_for(&self, link: &Link, width: u32, height: u32) -> Funds {
        let prices = link.models_left().into_iter().map(|model| link.price(model, width, height));
        prices.map(|price| self.funds(price)).min().unwrap_or(Funds::Short)
    }

    /// The first model that a link has left and that can be paid, with the money for it.
    pub(super) fn reserve_for(
        &self,
        link: &Link,
        width: u32,
        height: u32,
    ) -> Option<(usize, Reservation<'_>)> {
        let mut left = link.models_left().into_iter();
        left.find_map(|model| Some((model, self.reserve(link.price(model, width, height))?)))
    }

    /// Sets money aside for a request of this price, if there is enough.
    fn reserve(&self, price: Option<Dollars>) -> Option<Reservation<'_>> {
        let mut purse = self.purse();
        if self.judge(&purse, price) != Funds::Enough {
            return None;
        }
        // Without a budget a price may be unknown, and nothing is counted.
        let price = price.unwrap_or_default();
        purse.set_aside = purse.set_aside + price;
        Some(Reservation { budget: self, price, spent: price })
    }

    /// Waits until requests in flight have settled so much that `is_open` is over.
    pub(super) async fn settles(&self, is_open: impl Fn() -> bool) {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if !is_open() {
                return;
            }
            settled.await;
        }
    }

    fn judge(&self, purse: &Purse, price: Option<Dollars>) -> Funds {
        match (self.most, price) {
            (None, _) => Funds::Enough,
            (Some(most), Some(price)) if purse.spent + purse.set_aside + price <= most => Funds::Enough,
            (Some(most), Some(price)) if purse.spent + price <= most => Funds::InFlight,
            (Some(_), _) => Funds::Short,
        }
    }

    fn purse(&self) -> MutexGuard<'_, Purse> {
        lock(&self.purse)
    }
}

impl Reservation<'_> {
    /// Ends it: so much of it was charged.
    pub(super) fn settle(mut self, charged: Dollars) {
        self.spent = charged;
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut purse = self.budget.purse();
        purse.set_aside = purse.set_aside - self.price;
        purse.spent = purse.spent + self.spent;
        drop(purse);
        self.budget.settled.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENT: Option<Dollars> = Some(Dollars::millionths(10_000));

    #[test]
    fn money_in_flight_is_nobody_elses_and_comes_back_where_nothing_was_charged() {
        let budget = RunBudget::new(Some(Dollars::millionths(20_000)));
        let first = budget.reserve(CENT).unwrap();
        let second = budget.reserve(CENT).unwrap();
        assert_eq!((budget.funds(CENT), budget.reserve(CENT).is_some()), (Funds::InFlight, false));
        first.settle(Dollars::NOTHING);
        assert_eq!(budget.funds(CENT), Funds::Enough);
        drop(second);
        drop(budget.reserve(CENT).unwrap());
        assert_eq!(budget.funds(CENT), Funds::Short, "who gave up waiting may be charged");
        assert_eq!(budget.funds(Some(Dollars::NOTHING)), Funds::Enough, "what is free always fits");
    }

    #[test]
    fn what_nobody_knows_the_price_of_fits_no_budget() {
        assert_eq!(RunBudget::new(CENT).funds(None), Funds::Short);
        let unbounded = RunBudget::new(None);
        let _asked = (unbounded.reserve(None).unwrap(), unbounded.reserve(CENT).unwrap());
        assert_eq!([unbounded.funds(None), unbounded.funds(CENT)], [Funds::Enough; 2]);
    }
}
