//! What a picture costs, as the services themselves say: by model, with the day on which it was read. A price that
//! nobody states is unknown and never guessed.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::sides;

/// An amount of US dollars, in millionths of one. JSON has it in dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(u64);

impl Dollars {
    /// No money at all.
    pub const NOTHING: Self = Self(0);

    /// So many millionths of a dollar.
    pub const fn millionths(millionths: u64) -> Self {
        Self(millionths)
    }

    /// The amount that a person writes: `0.5`, `$2`; at most six digits behind the point.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + part.len() == 0 || !digits(whole, 6) || !digits(part, 6) {
            return None;
        }
        format!("{whole}{part:0<6}").parse().ok().map(Self)
    }

    /// Every digit, as programs read it: `0.000634`.
    pub fn decimal(self) -> String {
        let digits = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        digits.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// As people read it: `$0.0006`, from a dollar on `$1.23`.
impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = match self.0 {
            ..100 => self.0,
            100..1_000_000 => (self.0 + 50) / 100 * 100,
            _ => (self.0 + 5_000) / 10_000 * 10_000,
        };
        let text = Self(rounded).decimal();
        let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
        write!(f, "${whole}.{cents:0<2}")
    }
}

impl Add for Dollars {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Never less than nothing.
impl Sub for Dollars {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Dollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::NOTHING, Add::add)
    }
}

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exact up to nine thousand million dollars.
        serializer.serialize_f64(self.0 as f64 / 1e6)
    }
}

/// How a service counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// The same for every size that we ask for.
    Picture(Dollars),
    /// By the size that is asked for, in millions of pixels.
    Megapixel(Dollars),
}

impl Rate {
    /// Of a service that charges nobody.
    pub const FREE: Self = Self::Picture(Dollars::NOTHING);

    /// What a picture costs that should be so wide and high in pixels, rounded up.
    pub fn price(self, width: u32, height: u32) -> Dollars {
        match self {
            Self::Picture(price) => price,
            Self::Megapixel(Dollars(price)) => {
                let (width, height) = sides(width, height, 256, 1920);
                Dollars((price * u64::from(width) * u64::from(height)).div_ceil(1_000_000))
            }
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(price) => write!(f, "${} a picture", price.decimal()),
            Self::Megapixel(price) => write!(f, "${} a megapixel", price.decimal()),
        }
    }
}

/// The price of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPrice {
    /// The exact name of the model.
    pub model: String,
    /// What it costs.
    pub rate: Rate,
    /// The day on which that was read.
    pub read: Date,
}

/// What a service takes of an account beyond what it gives for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceList {
    /// The models whose price is known.
    pub prices: Vec<ListPrice>,
    /// What an account has for nothing, where there is such a thing: "10,000 neurons a day".
    pub allowance: Option<String>,
}

impl PriceList {
    /// The prices of these models as they were read on that day.
    pub fn read_on<'a>(read: Date, prices: impl IntoIterator<Item = (&'a str, Rate)>) -> Self {
        let prices = prices.into_iter();
        let prices = prices.map(|(model, rate)| ListPrice { model: model.to_owned(), rate, read });
        Self { prices: prices.collect(), allowance: None }
    }

    /// With what an account has for nothing.
    #[must_use]
    pub fn beyond(self, allowance: &str) -> Self {
        Self { allowance: Some(allowance.to_owned()), ..self }
    }

    /// What a picture of this model costs, if that is known.
    pub fn of(&self, model: &str) -> Option<Rate> {
        self.prices.iter().find(|price| price.model == model).map(|price| price.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_four_digits_of_cents_and_programs_every_digit() {
        let told = [0, 7, 100, 634, 30_720, 33_600, 99_960, 1_234_567, 12_000_000]
            .map(|millionths| (Dollars(millionths).to_string(), Dollars(millionths).decimal()));
        let told = told.each_ref().map(|(people, programs)| (people.as_str(), programs.as_str()));
        let right = [
            ("$0.00", "0"),
            ("$0.000007", "0.000007"),
            ("$0.0001", "0.0001"),
            ("$0.0006", "0.000634"),
            ("$0.0307", "0.03072"),
            ("$0.0336", "0.0336"),
            ("$0.10", "0.09996"),
            ("$1.23", "1.234567"),
            ("$12.00", "12"),
        ];
        assert_eq!(told, right);
        assert_eq!(serde_json::to_string(&Dollars(634)).unwrap(), "0.000634");
    }

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        let read = ["0.5", "$2", "$0.05", ".25", "3.", "0", "999999.999999"].map(Dollars::parse);
        let right = [500_000, 2_000_000, 50_000, 250_000, 3_000_000, 0, 999_999_999_999];
        assert_eq!(read, right.map(|millionths| Some(Dollars(millionths))));
        for wrong in ["", "$", ".", "-1", "1,5", "1.2.3", "0.0000001", "1e3", "1 USD", "1000000", "+1", "$$1"]
        {
            assert_eq!(Dollars::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_rate_by_size_counts_the_pixels_that_are_asked_for() {
        let rate = Rate::Megapixel(Dollars(40_000));
        assert_eq!(rate.price(1200, 630), Dollars(30_720), "1200x640: sides are multiples of 16");
        assert_eq!(rate.price(3840, 2160), rate.price(1920, 1080), "no service is asked for more");
        let flat = Rate::Picture(Dollars(634));
        assert_eq!([flat.price(256, 256), flat.price(4096, 4096)], [Dollars(634); 2]);
    }

    #[test]
    fn the_price_of_a_model_that_the_list_lacks_is_unknown() {
        let list = PriceList::read_on(jiff::civil::date(2026, 11, 20), [("m1", Rate::FREE)]);
        assert_eq!([list.of("m1"), list.of("m2")], [Some(Rate::FREE), None]);
    }
}
