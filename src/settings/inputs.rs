//! The table of inputs: the single source of name, default and meaning. `--help` is made from it,
//! and tests compare it with `README.md`.

/// One input: `with:` key, flag `--name`, variable `INPUT_NAME` and key of the settings file.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Lower case with hyphens.
    pub name: &'static str,
    /// What holds when nothing is given, as documentation shows it; a value in backticks is literal.
    pub default: &'static str,
    /// What `--help` shows in the value's place: its kind, or the few words to choose from.
    pub value: &'static str,
    /// What it does, in a sentence fragment.
    pub meaning: &'static str,
    /// Whether a bare flag means `true`.
    pub switch: bool,
    /// A secret comes from the environment only: it is neither flag nor file key.
    pub secret: bool,
}

const fn input(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Input {
    Input { name, value, default, meaning, switch: false, secret: false }
}

const fn switch(name: &'static str, meaning: &'static str) -> Input {
    Input { switch: true, ..input(name, "true|false", "`false`", meaning) }
}

impl Input {
    /// The default, where it is a value that could be given: such a one stands in backticks alone.
    pub const fn literal_default(&self) -> Option<&'static str> {
        let [b'`', literal @ .., b'`'] = self.default.as_bytes() else { return None };
        let mut at = 0;
        while at < literal.len() {
            if literal[at] == b'`' {
                return None;
            }
            at += 1;
        }
        match str::from_utf8(literal) {
            Ok(literal) => Some(literal),
            Err(_) => None,
        }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

/// The constants by which the code reads inputs, and the table of them all. An input is read by its
/// constant, so that one misspelt does not compile; nor does one that is declared and read by nobody,
/// because the table does not use the constants.
macro_rules! inputs {
    ($($constant:ident = $input:expr),* $(,)?) => {
        $(
            #[deny(dead_code)]
            pub(crate) const $constant: Input = $input;
        )*

        /// Every input.
        pub const INPUTS: &[Input] = &[$($input),*];

        #[cfg(test)]
        const CONSTANTS: &[(&str, Input)] = &[$((stringify!($constant), $constant)),*];
    };
}

inputs![
    MODE = input(
        "mode",
        "generate|check|plan|providers|drill",
        "`generate`",
        "`generate` pictures, `check` that every published post has one, `plan` the jobs of a large backlog, print the `providers` table, or `drill` the chain"
    ),
    GITHUB_TOKEN = input(
        "github-token",
        "TOKEN",
        "the job's token",
        "token for reading changes and publishing; on a laptop `GITHUB_TOKEN`",
    )
    .secret(),
    ALERT_WEBHOOK = input(
        "alert-webhook",
        "ADDRESS",
        "none",
        "address of a Discord, Slack or other webhook that gets a message when a run ends badly, and when all is well again; a secret, on a laptop `ALERT_WEBHOOK`",
    )
    .secret(),
    ROOT = input(
        "root",
        "FOLDER",
        "the repository holding the workspace",
        "folder of the blog's repository, for `checkout` with `path:`, or the folder of the site in it, from which `posts`, `image-dir` and `built` are seen",
    ),
    SCOPE = input(
        "scope",
        "auto|changed|all",
        "`auto`",
        "`changed`: posts that the event changed; `all`: every post that lacks an image; `auto`: `changed` on push and pull_request, `all` on schedule and dispatch",
    ),
    POSTS = input(
        "posts",
        "GLOBS",
        "detected",
        "newline-separated globs of post files, `!` excludes; arguments POSTS are the same, seen from the working directory",
    ),
    SITE = input(
        "site",
        "SITE",
        "`auto`",
        "`hugo`, `jekyll`, `astro`, `docusaurus`, `zola`, `eleventy`, `hexo`, `next`, `gatsby`, `vitepress`, `nuxt`, `mkdocs`, `nikola`, `obsidian`, `quartz`, `pelican` or `generic`; with its theme, where that is known, as in `hugo/papermod`",
    ),
    IMAGE_FIELD = input(
        "image-field",
        "FIELD",
        "from the site",
        "dotted path of the hero in the front matter, e.g. `cover.image`",
    ),
    ALT_FIELD = input("alt-field", "FIELD", "from the site", "dotted path of its alt text, e.g. `cover.alt`"),
    IMAGE_DIR = input(
        "image-dir",
        "FOLDER",
        "from the site",
        "folder of the picture files; it may contain `{dir}` and `{slug}` of the post",
    ),
    IMAGE_PATH = input(
        "image-path",
        "TEMPLATE",
        "from the site",
        "template of the value written to the front matter: `{file}`, `{dir}`, `{slug}`, `{relative}`",
    ),
    EMBED = input(
        "embed",
        "none|markdown|obsidian",
        "from the site",
        "also show the picture in the body: `none`, `markdown` or `obsidian`",
    ),
    PROVIDERS = input(
        "providers",
        "NAMES",
        "every service, in the order of the table in README",
        "order of the chain, as in `gemini, cloudflare`; only configured ones take part; as the last word `card` draws title cards, and `manual` leaves the post for a person",
    ),
    PROVIDER_OVERRIDE = input(
        "provider-override",
        "NAMES",
        "none",
        "this provider (or list) first, for this run only; its delivery is not a fallback",
    ),
    ON_EXHAUSTED = input(
        "on-exhausted",
        "manual|card",
        "`manual`",
        "when every provider failed: `manual` leaves the post for a person, `card` draws a title card as a stand-in",
    ),
    FAIL_ON = input(
        "fail-on",
        "degraded|fallback|never",
        "`degraded`",
        "the verdict that fails the step: `degraded`, `fallback` or `never`",
    ),
    MAX_IMAGES = input("max-images", "N", "`10`", "pictures per run; the rest is pending, newest first"),
    BUDGET = input(
        "budget",
        "DOLLARS",
        "none",
        "most US dollars that the pictures of a run may cost, by the prices in docs/providers.md; the rest is pending, and a model of unknown price is not asked",
    ),
    CONCURRENCY = input("concurrency", "N", "`4`", "posts that services are asked for at once"),
    TIMEOUT =
        input("timeout", "DURATION", "per provider, 60 to 360 s", "longest time for one attempt, e.g. `90s`"),
    DEADLINE = input("deadline", "DURATION", "`15m`", "longest time for the run's generating"),
    PATIENCE = input(
        "patience",
        "DURATION",
        "`60s`",
        "total time the run may sleep when every remaining provider is merely cooling down",
    ),
    PROMPT_TEMPLATE = input(
        "prompt-template",
        "TEMPLATE",
        "built in",
        "Jinja-style template of the prompt: `{{ subject }}`, `{{ title }}`, `{{ description }}`, `{{ text }}`, `{{ path }}`",
    ),
    STYLE = input(
        "style",
        "TEXT",
        "built in",
        "how pictures look; the last part of every prompt that the program writes"
    ),
    DESCRIBE = input(
        "describe",
        "auto|never",
        "`auto`",
        "let a text model write prompt and alt text: `auto` when a Gemini key exists, `never`",
    ),
    CARD_BRAND = input(
        "card-brand",
        "TEXT",
        "the site's title",
        "words at the foot of a title card; `none` leaves them out",
    ),
    CARD_COLOR = input(
        "card-color",
        "COLOR",
        "from the post's title",
        "color of title cards, as in `#1d4ed8`; the words on it are white or black, whichever stands out more",
    ),
    CARD_LOGO = input(
        "card-logo",
        "FILE",
        "none",
        "PNG of the repository for the foot of title cards, seen from the root, at most 2 MB and 2048 pixels on a side",
    ),
    CARD_FONT = input(
        "card-font",
        "FILE",
        "built in",
        "TrueType or OpenType font of the repository for title cards, seen from the root, at most 20 MB; needed for Chinese, Japanese, Korean and other scripts that the program has no font for",
    ),
    SIZE = input(
        "size",
        "WIDTHxHEIGHT",
        "`1200x630`",
        "wanted width and height; cropped to the shape, scaled down and never up",
    ),
    FORMAT = input("format", "jpeg|webp|png", "`jpeg`", "`jpeg`, `webp` or `png`"),
    QUALITY = input("quality", "N", "`85`", "1 to 100, for JPEG and WebP"),
    METADATA = input(
        "metadata",
        "none|front-matter",
        "`none`",
        "`front-matter` also writes `image_prompt`, `image_model`, `image_provider` and `image_date`",
    ),
    PUBLISH = input(
        "publish",
        "commit|pull-request|none",
        "`commit` in Actions, `none` elsewhere",
        "`commit`, `pull-request` or `none`",
    ),
    BRANCH = input("branch", "BRANCH", "`image-fallback/<base>`", "head branch of our pull request"),
    BASE = input("base", "BRANCH", "the event's branch", "branch on which the pictures should land"),
    COMMIT_MESSAGE =
        input("commit-message", "TEXT", "`Add hero images for N posts`", "first line of the commit"),
    PULL_REQUEST_TITLE =
        input("pull-request-title", "TEXT", "`Add hero images for N posts`", "title of the pull request"),
    LABELS = input("labels", "NAMES", "none", "labels of the pull request, best effort"),
    DRAFT = switch("draft", "open the pull request as a draft, where the repository has them"),
    REVIEWERS = input(
        "reviewers",
        "NAMES",
        "none",
        "people asked to review the pull request, best effort; `team:name` asks a team, which takes a token of your own",
    ),
    ASSIGNEES = input("assignees", "NAMES", "none", "people to whom the pull request is assigned, best effort"),
    MILESTONE = input(
        "milestone",
        "NAME",
        "none",
        "number or title of an open milestone for the pull request, best effort",
    ),
    SIGNOFF = switch("signoff", "end commit messages with `Signed-off-by:` and the owner of the token"),
    DELETE_BRANCH = switch(
        "delete-branch",
        "with `publish: pull-request`, delete our branch when everything on it is merged",
    ),
    COMMENT = input(
        "comment",
        "WHEN",
        "`auto`",
        "on pull requests: `auto` keeps one comment with the pictures up to date, `never`",
    ),
    FALLBACK_LIMIT = input(
        "fallback-limit",
        "N",
        "`3`",
        "so many runs in a row on a fallback are an error annotation and an alert; `0` for never",
    ),
    ALERT_ISSUE = switch(
        "alert-issue",
        "open an issue of the repository when a run ends badly and no webhook took the alert, or bring it up to date, and close it when all is well again; needs `issues: write`",
    ),
    HEALTH = input(
        "health",
        "REF",
        "`refs/image-fallback/health`",
        "ref that keeps the record for the next run; a plain name means a branch; `off`",
    ),
    REPORT_DIR = input(
        "report-dir",
        "FOLDER",
        "`.image-fallback`",
        "folder of report.json and report.html, inside the workspace or RUNNER_TEMP; it ignores itself in git",
    ),
    BUILT = input(
        "built",
        "FOLDER",
        "none",
        "mode `check`: folder of the built site, seen from the root; what a reader sees is checked, not only what the posts say",
    ),
    REDRAW = switch(
        "redraw",
        "give the posts that `posts` or POSTS name a new picture where theirs was made here; hand-made ones stay",
    ),
    PROBE = switch(
        "probe",
        "mode `providers`: ask each service by its free call whether it answers, takes the key and has the models",
    ),
    LIVE = switch(
        "live",
        "mode `drill`: ask each service for a real picture instead of simulating it, which costs what a picture costs there",
    ),
    SHARD = input(
        "shard",
        "I/N",
        "none",
        "make the pictures of the `i`th of `n` shares of the posts only, as mode `plan` divides them for the jobs of a matrix, e.g. `3/8`",
    ),
    DRY_RUN = switch("dry-run", "plan and explain, call no provider, write nothing"),
];

/// What an item of the list may set beside its `root`.
pub const OF_A_SITE: [Input; 7] = [SITE, POSTS, IMAGE_FIELD, ALT_FIELD, IMAGE_DIR, IMAGE_PATH, EMBED];

/// Finds an input by name.
pub fn find(name: &str) -> Option<&'static Input> {
    INPUTS.iter().find(|input| input.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Catalogue;
    use crate::publish::wording;

    #[test]
    fn every_generator_that_is_served_stands_in_the_meaning_of_site() {
        for name in crate::site::generators() {
            assert!(SITE.meaning.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn the_constant_of_an_input_has_its_name() {
        for (constant, input) in CONSTANTS {
            assert_eq!(constant.to_ascii_lowercase().replace('_', "-"), input.name);
        }
    }

    #[test]
    fn what_other_rooms_do_without_an_input_is_what_the_table_says() {
        let bounds =
            Catalogue::built_in().iter().map(|service| service.timeout.as_secs()).collect::<Vec<_>>();
        let (least, most) = (bounds.iter().min().unwrap(), bounds.iter().max().unwrap());
        assert_eq!(TIMEOUT.default, format!("per provider, {least} to {most} s"));
        let title = wording::title(None, 2).replace('2', "N");
        let title = format!("`{title}`");
        assert_eq!([COMMIT_MESSAGE.default, PULL_REQUEST_TITLE.default], [&title, &title]);
    }
}
