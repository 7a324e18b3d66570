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

/// Every input.
pub const INPUTS: &[Input] = &[
    input("mode", "generate|providers", "`generate`", "`generate` pictures, or print the `providers` table"),
    Input {
        secret: true,
        ..input(
            "github-token",
            "TOKEN",
            "the job's token",
            "token for reading changes and publishing; on a laptop `GITHUB_TOKEN`",
        )
    },
    input(
        "root",
        "FOLDER",
        "the repository holding the workspace",
        "folder of the blog's repository, for `checkout` with `path:`",
    ),
    input(
        "scope",
        "auto|changed|all",
        "`auto`",
        "`changed`: posts that the event changed; `all`: every post that lacks an image; `auto`: `changed` on push and pull_request, `all` on schedule and dispatch",
    ),
    input(
        "posts",
        "GLOBS",
        "detected",
        "newline-separated globs of post files, `!` excludes; arguments POSTS are the same, seen from the working directory",
    ),
    input(
        "site",
        "SITE",
        "`auto`",
        "`hugo`, `jekyll`, `astro`, `docusaurus`, `zola`, `eleventy`, `hexo`, `next`, `obsidian`, `pelican` or `generic`",
    ),
    input(
        "image-field",
        "FIELD",
        "from the site",
        "dotted path of the hero in the front matter, e.g. `cover.image`",
    ),
    input("alt-field", "FIELD", "from the site", "dotted path of its alt text, e.g. `cover.alt`"),
    input(
        "image-dir",
        "FOLDER",
        "from the site",
        "where picture files go; `{dir}` and `{slug}` of the post may stand in it",
    ),
    input(
        "image-path",
        "TEMPLATE",
        "from the site",
        "template of the value written to the front matter: `{file}`, `{dir}`, `{slug}`, `{relative}`",
    ),
    input(
        "embed",
        "none|markdown|obsidian",
        "from the site",
        "also show the picture in the body: `none`, `markdown` or `obsidian`",
    ),
    input(
        "providers",
        "NAMES",
        "`cloudflare, huggingface, together, pollinations, gemini`",
        "order of the chain; only configured ones take part; `card` draws title cards",
    ),
    input(
        "provider-override",
        "NAMES",
        "none",
        "this provider (or list) first, for this run only; its delivery is no fallback",
    ),
    input(
        "on-exhausted",
        "manual|card",
        "`manual`",
        "when every provider failed: `manual` leaves the post for a person, `card` draws a title card as a stand-in",
    ),
    input(
        "fail-on",
        "degraded|fallback|never",
        "`degraded`",
        "the verdict that fails the step: `degraded`, `fallback` or `never`",
    ),
    input("max-images", "N", "`10`", "pictures per run; the rest is pending, newest first"),
    input("concurrency", "N", "`4`", "posts in flight"),
    input("timeout", "DURATION", "per provider, 60 to 120 s", "longest time for one attempt, e.g. `90s`"),
    input("deadline", "DURATION", "`15m`", "longest time for the run's generating"),
    input(
        "patience",
        "DURATION",
        "`60s`",
        "total time the run may sleep when every remaining provider is merely cooling",
    ),
    input(
        "prompt-template",
        "TEMPLATE",
        "built in",
        "Jinja-style template of the prompt: `{{ subject }}`, `{{ title }}`, `{{ description }}`, `{{ text }}`, `{{ path }}`",
    ),
    input("style", "TEXT", "built in", "how pictures look; stands last in every prompt the program writes"),
    input(
        "describe",
        "auto|never",
        "`auto`",
        "let a text model write prompt and alt text: `auto` when a Gemini key exists, `never`",
    ),
    input(
        "size",
        "WIDTHxHEIGHT",
        "`1200x630`",
        "wanted width and height; cropped to the shape, scaled down and never up",
    ),
    input("format", "jpeg|webp|png", "`jpeg`", "`jpeg`, `webp` or `png`"),
    input("quality", "N", "`85`", "1 to 100, for JPEG and WebP"),
    input(
        "metadata",
        "none|front-matter",
        "`none`",
        "`front-matter` also writes `image_prompt`, `image_model`, `image_provider` and `image_date`",
    ),
    input(
        "publish",
        "commit|pull-request|none",
        "`commit` in Actions, `none` elsewhere",
        "`commit`, `pull-request` or `none`",
    ),
    input("branch", "BRANCH", "`image-fallback/<base>`", "head branch of our pull request"),
    input("base", "BRANCH", "the event's branch", "branch on which the pictures should land"),
    input("commit-message", "TEXT", "`Add hero images for N posts`", "first line of the commit"),
    input("pull-request-title", "TEXT", "`Add hero images for N posts`", "title of the pull request"),
    input("labels", "NAMES", "none", "labels of the pull request, best effort"),
    switch("draft", "open the pull request as a draft, where the repository has them"),
    input(
        "health",
        "REF",
        "`refs/image-fallback/health`",
        "ref that keeps the record for the next run; a plain name means a branch; `off`",
    ),
    input(
        "report-dir",
        "FOLDER",
        "`.image-fallback`",
        "folder of report.json and report.html, inside the workspace or RUNNER_TEMP; it ignores itself in git",
    ),
    switch("dry-run", "plan and explain, call no provider, write nothing"),
];

/// Finds an input by name.
pub fn find(name: &str) -> Option<&'static Input> {
    INPUTS.iter().find(|input| input.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::CATALOG;

    #[test]
    fn the_default_of_providers_is_the_order_of_the_catalogue() {
        let names: Vec<_> = CATALOG.iter().map(|entry| entry.name).collect();
        let providers = find("providers").map(|input| input.default.to_owned());
        assert_eq!(providers, Some(format!("`{}`", names.join(", "))));
    }
}
