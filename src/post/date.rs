//! Dates as blogs write them: RFC 3339, plain days, days with a time and an offset, TOML's own
//! forms, and the spelled-out months of the Astro starter.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Longer texts are no dates; the bound keeps hostile front matter cheap.
const LONGEST: usize = 64;

/// Reads a date. Without an offset it is UTC, without a time midnight; `None` for what is no date.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // Every title is asked whether it is a date, and most are none at first sight.
    if text.len() > LONGEST || !begins_like_a_date(text) {
        return None;
    }
    // A plain day is what most posts have.
    if let Some((day, "")) = prefix(text) {
        return Some(day);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Some(zoned.timestamp());
    }
    // `2026-11-20 10:00 +0100`: the blank before the offset is Jekyll's and Hexo's form.
    if let Some((civil, offset)) = text.rsplit_once(' ')
        && offset.starts_with(['+', '-'])
        && let Ok(instant) = format!("{}{offset}", civil.trim_end()).parse::<Timestamp>()
    {
        return Some(instant);
    }
    civil(text).and_then(|civil| civil.to_zoned(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp())
}

/// A digit, the sign of a year, or the name of a month.
fn begins_like_a_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let named = |name: &str| MONTHS.iter().any(|month| name.eq_ignore_ascii_case(month));
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'))
        || text.get(..3).is_some_and(named)
}

/// The date a file name begins with (`2026-11-20-a-post`, `2026-1-5_a`), and what follows it.
pub fn prefix(stem: &str) -> Option<(Timestamp, &str)> {
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
    let date = Date::new(number(year, 4)?, month, day).ok()?;
    let instant = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some((instant, rest.trim_start_matches(['-', '_', ' '])))
}

/// Date and time without an offset, or a day alone.
fn civil(text: &str) -> Option<DateTime> {
    const SPELLED: [&str; 6] =
        ["%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%b %d %Y", "%B %d, %Y", "%d %B %Y", "%d %b %Y"];
    if let Ok(civil) = text.parse::<DateTime>() {
        return Some(civil);
    }
    SPELLED.iter().find_map(|form| {
        let parsed = strtime::parse(form, text).ok()?;
        parsed
            .to_datetime()
            .ok()
            .or_else(|| Some(parsed.to_date().ok()?.to_datetime(jiff::civil::Time::midnight())))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> String {
        parse(text).map_or_else(|| "no date".to_owned(), |instant| instant.to_string())
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
        ] {
            assert_eq!(at(text), instant, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "soon", "2026-02-30", "2026", "{{ date }}", "12:30", "2026-11-20x"] {
            assert_eq!(at(text), "no date", "{text}");
        }
    }

    // B-47
    #[test]
    fn a_file_name_gives_its_date_and_the_rest() {
        let (instant, rest) = prefix("2026-11-20-a-b").unwrap();
        assert_eq!((instant.to_string().as_str(), rest), ("2026-11-20T00:00:00Z", "a-b"));
        assert_eq!(prefix("2026-1-5_a").map(|(_, rest)| rest), Some("a"));
        assert_eq!(prefix("2026-11-20").map(|(_, rest)| rest), Some(""));
        assert_eq!(prefix("2026-11-200"), None);
        assert_eq!(prefix("2026-13-01-a"), None);
        assert_eq!(prefix("a-b-c"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            parse(&text);
            prefix(&text);
        }
    }
}
