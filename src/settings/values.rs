//! Where a value comes from (flag, then input, then file, then default), and how text becomes a type.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::file;
use super::inputs::{INPUTS, Input};
use super::suggest::meant;
use crate::env::Env;

/// Values by input name from every source, and the problems found so far.
pub(super) struct Values<'a> {
    env: &'a Env,
    flags: BTreeMap<&'static str, String>,
    file: BTreeMap<&'static str, String>,
    /// What the settings file says of one site, and the folder of that.
    site: Option<(String, BTreeMap<&'static str, String>)>,
    /// Everything that is wrong, in the order it was found.
    pub problems: Vec<String>,
    /// What has no effect, and hinders nothing.
    pub warnings: Vec<String>,
}

impl<'a> Values<'a> {
    /// Values without a settings file; where the file is depends on some of them.
    pub(super) fn new(env: &'a Env, flags: BTreeMap<&'static str, String>) -> Self {
        Self { env, flags, file: BTreeMap::new(), site: None, problems: Vec::new(), warnings: Vec::new() }
    }

    /// Adds the settings file as the weakest source.
    pub(super) fn add_file(&mut self, file: BTreeMap<&'static str, String>) {
        self.file = file;
    }

    /// The same values for a site of which the settings file says more. They have problems of their own.
    pub(super) fn for_site(&self, folder: &str, own: BTreeMap<&'static str, String>) -> Self {
        let (flags, file) = (self.flags.clone(), self.file.clone());
        Self { file, site: Some((folder.to_owned(), own)), ..Self::new(self.env, flags) }
    }

    /// Takes over the problems of a site that are not known yet.
    pub(super) fn take_problems_of(&mut self, site: Self) {
        let new = site.problems.into_iter().filter(|problem| !self.problems.contains(problem));
        let new: Vec<String> = new.collect();
        self.problems.extend(new);
    }

    /// The text of an input where nothing but the settings file gives it.
    pub(super) fn text_of_file(&self, input: &Input) -> Option<&str> {
        self.found(input).filter(|(_, source)| matches!(source, Origin::File)).map(|(text, _)| text)
    }

    /// Whether the settings file says this of the one site.
    pub(super) fn is_of_site(&self, input: &Input) -> bool {
        matches!(self.found(input), Some((_, Origin::Site)))
    }

    /// The text of an input, if any source gives it.
    pub(super) fn text(&self, input: &Input) -> Option<&str> {
        self.found(input).map(|(text, _)| text)
    }

    /// The parsed value of an input where it is given; text that does not parse is a problem that names
    /// source, value and what would be right.
    pub(super) fn given<T>(
        &mut self,
        input: &Input,
        parse: impl FnOnce(&str) -> Option<T>,
        right: &str,
    ) -> Option<T> {
        let (text, source) = self.found(input)?;
        let value = parse(text);
        if value.is_none() {
            let problem = format!("{}: `{text}` is wrong; write {right}", self.name(source, input));
            self.problems.push(problem);
        }
        value
    }

    /// The same, else the default that the table has for it.
    #[expect(
        clippy::expect_used,
        reason = "every run without an input parses the default of it, so a test does"
    )]
    pub(super) fn parse<T>(&mut self, input: &Input, parse: impl Fn(&str) -> Option<T>, right: &str) -> T {
        let given = self.given(input, &parse, right);
        let default =
            || input.literal_default().and_then(parse).expect("the default is a value of the input");
        given.unwrap_or_else(default)
    }

    /// One of a few words, else the default that the table has.
    pub(super) fn choice<T: Copy>(&mut self, input: &Input, choices: &[(&str, T)]) -> T {
        let right = self.right_word(input, choices);
        self.parse(input, |text| chosen(text, choices), &right)
    }

    /// One of a few words, where one is given.
    pub(super) fn given_choice<T: Copy>(&mut self, input: &Input, choices: &[(&str, T)]) -> Option<T> {
        let right = self.right_word(input, choices);
        self.given(input, |text| chosen(text, choices), &right)
    }

    /// The words to choose from, and the one that was meant.
    fn right_word<T>(&self, input: &Input, choices: &[(&str, T)]) -> String {
        let text = self.text(input).unwrap_or_default();
        let meant = meant(text, choices.iter().map(|(word, _)| *word)).unwrap_or_default();
        format!("{}{meant}", one_of(&words(choices)))
    }

    /// A whole number in a range.
    pub(super) fn number<N>(&mut self, input: &Input, range: RangeInclusive<N>) -> N
    where
        N: FromStr + PartialOrd + Display,
    {
        let right = format!("a whole number from {} to {}", range.start(), range.end());
        self.parse(input, |text| text.parse().ok().filter(|number| range.contains(number)), &right)
    }

    /// A yes or no in the spellings the Actions toolkit takes.
    pub(super) fn truth(&mut self, input: &Input) -> bool {
        let parse = |text: &str| match text {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        };
        self.parse(input, parse, "`true` or `false`")
    }

    /// A duration such as `90s`, `15m` or `1h 30m`; a bare number is seconds.
    pub(super) fn duration(&mut self, input: &Input) -> Duration {
        self.parse(input, duration, DURATION)
    }

    /// The same, where one is given.
    pub(super) fn given_duration(&mut self, input: &Input) -> Option<Duration> {
        self.given(input, duration, DURATION)
    }

    /// What a message calls an input: the words under which it was given.
    pub(super) fn source(&self, input: &Input) -> String {
        self.name(self.found(input).map_or(Origin::Input, |(_, source)| source), input)
    }

    fn name(&self, origin: Origin, Input { name, .. }: &Input) -> String {
        match (origin, &self.site) {
            (Origin::Flag, _) => format!("`--{name}`"),
            (Origin::Site, Some((folder, _))) => in_site(folder, name),
            (Origin::File | Origin::Site, _) => format!("{}: `{name}`", file::PATH),
            (Origin::Input, _) => format!("input `{name}`"),
        }
    }

    /// What a message calls every input.
    pub(super) fn sources(&self) -> BTreeMap<&'static str, String> {
        INPUTS.iter().map(|input| (input.name, self.source(input))).collect()
    }

    fn found(&self, input: &Input) -> Option<(&str, Origin)> {
        let name = input.name;
        let flag = self.flags.get(name).map(|text| (text.as_str(), Origin::Flag));
        flag.or_else(|| self.env.input(name).map(|text| (text, Origin::Input)))
            .or_else(|| Some((self.site.as_ref()?.1.get(name)?.as_str(), Origin::Site)))
            .or_else(|| self.file.get(name).map(|text| (text.as_str(), Origin::File)))
    }
}

/// Where a value comes from.
#[derive(Clone, Copy)]
enum Origin {
    Flag,
    Input,
    /// The item of the settings file for one site.
    Site,
    File,
}

/// What a message calls a setting of one site.
pub(super) fn in_site(folder: &str, name: &str) -> String {
    let folder = if folder.is_empty() { "." } else { folder };
    format!("{}: `{name}` of the site in `{folder}`", file::PATH)
}

/// Splits a list written with commas or line breaks; blanks around the parts go, empty parts too.
pub(super) fn list(text: &str) -> Vec<String> {
    text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Splits a list of lines; commas may stand in a glob.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Joins words as a sentence would: `a`, `b` or `c`.
pub(super) fn one_of(words: &[String]) -> String {
    match words {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

fn words<T>(choices: &[(&str, T)]) -> Vec<String> {
    choices.iter().map(|(word, _)| format!("`{word}`")).collect()
}

fn chosen<T: Copy>(text: &str, choices: &[(&str, T)]) -> Option<T> {
    choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, value)| *value)
}

/// What a duration is, for whom has to write one.
const DURATION: &str = "a duration such as `90s` or `15m`, at most `24h`";

fn duration(text: &str) -> Option<Duration> {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let parsed = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => text.parse::<jiff::SignedDuration>().ok()?.try_into().ok()?,
    };
    (parsed <= DAY).then_some(parsed)
}

#[cfg(test)]
mod tests {
    use super::super::inputs;
    use super::*;

    #[test]
    fn a_flag_beats_an_input_beats_the_file() {
        let env = Env::of([("INPUT_STYLE", "from input"), ("INPUT_SIZE", "from input")]);
        let mut values = Values::new(&env, BTreeMap::from([("style", "from flag".to_owned())]));
        values
            .add_file(BTreeMap::from([("size", "from file".to_owned()), ("format", "from file".to_owned())]));
        let found = [inputs::STYLE, inputs::SIZE, inputs::FORMAT, inputs::QUALITY]
            .map(|input| values.text(&input).map(str::to_owned));
        let found = found.each_ref().map(Option::as_deref);
        assert_eq!(found, [Some("from flag"), Some("from input"), Some("from file"), None]);
    }

    #[test]
    fn a_duration_is_seconds_or_has_its_unit() {
        let parsed = ["90", "90s", "15m", "1h 30m", "0s", "25h", "-3s", "soon"].map(duration);
        let seconds = parsed.map(|duration| duration.map(|duration| duration.as_secs()));
        assert_eq!(seconds, [Some(90), Some(90), Some(900), Some(5400), Some(0), None, None, None]);
    }

    #[test]
    fn every_wrong_value_is_kept_under_the_name_it_was_given_by_and_with_its_cure() {
        let env = Env::of([("INPUT_MAX-IMAGES", "many")]);
        let mut values = Values::new(&env, BTreeMap::from([("dry-run", "yes".to_owned())]));
        values.add_file(BTreeMap::from([("quality", "good".to_owned())]));
        values.number(&inputs::MAX_IMAGES, 0..=1000);
        values.truth(&inputs::DRY_RUN);
        values.number(&inputs::QUALITY, 1..=100);
        assert_eq!(
            values.problems,
            [
                "input `max-images`: `many` is wrong; write a whole number from 0 to 1000",
                "`--dry-run`: `yes` is wrong; write `true` or `false`",
                ".github/image-fallback.yml: `quality`: `good` is wrong; write a whole number from 1 to 100",
            ]
        );
    }
}
