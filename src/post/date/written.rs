//! A date as people write it, word by word: months and weekdays by name, twelve hours, names of zones. Two
//! numbers that could both be the month are not a date.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

/// Day, time and zone, as far as they are written.
#[derive(Debug, Default)]
pub(super) struct Written {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    weekday: bool,
    time: Option<Time>,
    /// Whether it is afternoon.
    half: Option<bool>,
    pub(super) zone: Option<TimeZone>,
}

/// Reads the words; `None` when any of them is not part of a date, or stands there twice.
pub(super) fn read(text: &str) -> Option<Written> {
    let mut written = Written::default();
    // `(Central European Time)` only repeats the offset before it.
    let text = text.split('(').next()?;
    let words = text.split(|c: char| c == ',' || c.is_ascii_whitespace()).filter(|word| !word.is_empty());
    for word in words {
        written.take(word)?;
    }
    Some(written)
}

impl Written {
    pub(super) fn day(&self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// Midnight where no time is written.
    pub(super) fn time(&self) -> Option<Time> {
        let time = self.time.unwrap_or(Time::midnight());
        let Some(afternoon) = self.half else { return Some(time) };
        let hour =
            (1..=12).contains(&time.hour()).then(|| time.hour() % 12 + if afternoon { 12 } else { 0 })?;
        time.with().hour(hour).build().ok().filter(|_| self.time.is_some())
    }

    fn take(&mut self, word: &str) -> Option<()> {
        if let Some(half) = half(word) {
            return fill(&mut self.half, half);
        }
        if let Some(month) = named(word, &MONTHS) {
            return fill(&mut self.month, month);
        }
        if named(word, &WEEKDAYS).is_some() {
            return (!std::mem::replace(&mut self.weekday, true)).then_some(());
        }
        if word.eq_ignore_ascii_case("at") {
            return Some(());
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            self.take_number(word)
        } else {
            self.take_zone(word)
        }
    }

    /// `2025-01-05`, `2025-01-05T10:00`, `02-Jan-06`, `10:00:05.5+01:00`, `3pm`, `5th` or `2025`.
    fn take_number(&mut self, word: &str) -> Option<()> {
        if let Some((day, time)) = word.split_once(['T', 't']).filter(|(day, _)| day.contains(['-', '/'])) {
            self.take_day(day)?;
            return self.take_time(time);
        }
        if word.contains(':') {
            return self.take_time(word);
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = word.split_at(digits);
        match (digits, rest.to_ascii_lowercase().as_str()) {
            (4, "") => fill(&mut self.year, number.parse().ok()?),
            (2, "") if self.day.is_some() && self.month.is_some() => fill(&mut self.year, year(number)?),
            (1 | 2, "" | "." | "st" | "nd" | "rd" | "th") => fill(&mut self.day, number.parse().ok()?),
            (1 | 2, "am" | "pm") => {
                fill(&mut self.time, Time::new(number.parse().ok()?, 0, 0, 0).ok()?)?;
                fill(&mut self.half, half(rest)?)
            }
            _ => self.take_day(word),
        }
    }

    /// Three parts with one and the same mark between them.
    fn take_day(&mut self, word: &str) -> Option<()> {
        let mark = word.chars().find(|c| !c.is_ascii_alphanumeric()).filter(|&c| "-/.".contains(c))?;
        let parts: Vec<&str> = word.split(mark).collect();
        let &[first, second, third] = parts.as_slice() else { return None };
        let number = |text: &str| -> Option<i16> {
            let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            if fits { text.parse().ok() } else { None }
        };
        let (year, month, day) = match (first.len(), named(second, &MONTHS)) {
            (4, _) => (first.parse().ok()?, number(second)?, number(third)?),
            (_, Some(month)) => (year(third)?, i16::from(month), number(first)?),
            // `25/12/2025` can be read in one way only, `05/12/2025` in two.
            _ => match (number(first)?, number(second)?) {
                (day @ 13.., month) | (month, day @ 13..) => (full_year(third)?, month, day),
                (same, month) if same == month => (full_year(third)?, month, same),
                _ => return None,
            },
        };
        fill(&mut self.year, year)?;
        fill(&mut self.month, i8::try_from(month).ok()?)?;
        fill(&mut self.day, i8::try_from(day).ok()?)
    }

    /// A time of the day with what is glued to it.
    fn take_time(&mut self, word: &str) -> Option<()> {
        let end = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
        let (time, rest) = word.split_at(end);
        let (hour, below) = time.split_once(':')?;
        // The standard's reader wants two digits for the hour.
        let time = format!("{hour:0>2}:{below}").parse().ok()?;
        fill(&mut self.time, time)?;
        match rest {
            "" => Some(()),
            rest => match half(rest) {
                Some(half) => fill(&mut self.half, half),
                None => self.take_zone(rest),
            },
        }
    }

    /// `Z`, `+0100`, `-08:00`, `GMT+0100`, `CET`, `Europe/Berlin`.
    fn take_zone(&mut self, word: &str) -> Option<()> {
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ':'));
        let zone = match (name, &word[name.len()..]) {
            ("" | "UTC" | "GMT" | "utc" | "gmt", offset) if !offset.is_empty() => {
                TimeZone::fixed(offset_of(offset)?)
            }
            (name, "") if name.contains('/') => TimeZone::get(name).ok()?,
            (name, "") => TimeZone::fixed(Offset::from_hours(hours_of(name)?).ok()?),
            _ => return None,
        };
        // `+0100 CET` says one thing twice.
        if self.zone.is_none() {
            self.zone = Some(zone);
        }
        Some(())
    }
}

fn fill<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The number of a name that is written in full or by its first letters.
fn named(word: &str, names: &[&str]) -> Option<i8> {
    let word = word.trim_end_matches('.').as_bytes();
    let is_name = |name: &&str| {
        let beginning = name.as_bytes().get(..word.len());
        let is_whole = word.len() == name.len();
        (is_whole || (3..=4).contains(&word.len()))
            && beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(word))
    };
    names.iter().position(is_name).and_then(|at| i8::try_from(at + 1).ok())
}

/// Whether the text begins as a written date may.
pub(super) fn begins_with_a_name(text: &str) -> bool {
    let word = text.split(|c: char| c == ',' || c.is_ascii_whitespace()).next().unwrap_or_default();
    named(word, &MONTHS).or_else(|| named(word, &WEEKDAYS)).is_some()
}

fn half(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "am" | "a.m." => Some(false),
        "pm" | "p.m." => Some(true),
        _ => None,
    }
}

fn full_year(text: &str) -> Option<i16> {
    if text.len() == 4 { text.parse().ok() } else { None }
}

/// A year of two digits is of the years 1969 to 2068.
fn year(text: &str) -> Option<i16> {
    match (text.len(), text.parse::<i16>().ok()?) {
        (4, year) => Some(year),
        (2, year @ 0..=68) => Some(2000 + year),
        (2, year @ 69..) => Some(1900 + year),
        _ => None,
    }
}

/// `+0100`, `+01:00` or `+1`.
fn offset_of(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some((hours, minutes)), _) => (hours, minutes),
        (None, 4) => digits.split_at_checked(2)?,
        (None, 1 | 2) => (digits, "0"),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(0..60).contains(&minutes) || !(0..24).contains(&hours) {
        return None;
    }
    Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
}

/// The zones with letters of their own that mean one offset; of others, such as `IST`, there are several.
fn hours_of(name: &str) -> Option<i8> {
    Some(match name {
        "Z" | "z" | "UTC" | "GMT" | "UT" | "WET" | "utc" | "gmt" => 0,
        "CET" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "JST" | "KST" => 9,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return None,
    })
}
