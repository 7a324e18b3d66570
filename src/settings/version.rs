//! Which program this is.

use jiff::Timestamp;

/// Digits of a commit that name it for people.
const SHORT: usize = 12;

/// The version, and of a program that `.ci/build` made the commit and its date: both are handed in, so that the same
/// sources make the same bytes. Whoever compiles a working copy gets the version alone, for it may not be a commit at all.
pub(super) fn version() -> String {
    described(
        env!("CARGO_PKG_VERSION"),
        option_env!("IMAGE_FALLBACK_REVISION"),
        option_env!("SOURCE_DATE_EPOCH"),
    )
}

fn described(version: &str, revision: Option<&str>, seconds: Option<&str>) -> String {
    let is_commit = |text: &&str| text.len() >= SHORT && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let commit = revision.filter(is_commit).map(|commit| commit[..SHORT].to_owned());
    let moment = seconds.and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
    let date = moment.map(|moment| moment.strftime("%Y-%m-%d").to_string());
    match [commit, date].into_iter().flatten().collect::<Vec<_>>().join(" ").as_str() {
        "" => version.to_owned(),
        build => format!("{version} ({build})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commit_and_date_are_said_as_far_as_they_are_known() {
        let commit = Some("0123456789abcdef0123456789abcdef01234567");
        for (revision, seconds, told) in [
            (commit, Some("1795910400"), "1.2.3 (0123456789ab 2026-11-29)"),
            (commit, None, "1.2.3 (0123456789ab)"),
            (None, Some("0"), "1.2.3 (1970-01-01)"),
            (None, None, "1.2.3"),
            (Some("unknown"), Some("soon"), "1.2.3"),
            (Some(""), Some(""), "1.2.3"),
        ] {
            assert_eq!(described("1.2.3", revision, seconds), told);
        }
    }
}
