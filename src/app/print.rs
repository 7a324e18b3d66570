//! The chain as the log shows it before the first request, and as `providers` prints it.

use tracing::{debug, warn};

use crate::chain::{Link, LinkReport};
use crate::plan::Task;
use crate::report::{self, FileCount, FilesLeftOut, FilesOfOtherFormats};
use crate::runner::{LogRow, Runner, Tone};
use crate::settings::Settings;
use crate::site::{Discovery, Evidence, PassedOver, PassedOverBecause, Site, Sites, Visibility};

/// From so many Markdown files on it is no accident when none of them is a post.
const PLENTY: usize = 5;

/// Most files that one line names.
const NAMED: usize = 5;

/// Prints who will be asked, in which order, and why the others will not.
pub(super) fn chain(settings: &Settings, runner: &Runner) {
    let mut lines = lines(settings);
    if !settings.chain.only_card {
        lines.extend(absent_in_short(settings).into_iter().chain(shallow(settings)));
        absent(settings).for_each(|row| debug!("{row}"));
    }
    lines.push(describer(settings));
    runner.table(Some("Image providers, in the order they are asked"), &lines);
}

/// The answer of mode `providers`.
pub(super) fn providers(settings: &Settings, runner: &Runner) {
    if runner.speaks_json() {
        return runner.json(&report::chain_json(reports(settings)));
    }
    let all = lines(settings).into_iter().chain(absent(settings)).chain(shallow(settings));
    runner.table(None, &all.chain([describer(settings)]).collect::<Vec<_>>());
}

/// Prints what the sites were taken for, since everything that is written follows from it.
pub(super) fn sites(sites: &Sites, discovery: &Discovery, runner: &Runner) {
    sites.all().for_each(|site| runner.line(&line(site)));
    for PassedOver { folder, generator, why } in sites.passed_over() {
        let cure = match why {
            PassedOverBecause::Refused | PassedOverBecause::NoPosts => "",
            _ => "; `root` names the folder of one site, the list `sites` of the settings file several",
        };
        runner.line(&format!("Not served: site `{generator}` in {}, because {why}{cure}", place(folder)));
    }
    let files = FileCount::of(sites, discovery);
    left_out(&files, runner);
    if sites.posts().next().is_none() && files.seen - files.posts >= PLENTY {
        warn!("there are many Markdown files and none of them is a post; name your posts in input `posts`");
    }
}

/// Says which Markdown files are not posts, so that the numbers add up to all that were seen; by name where somebody may have
/// meant one as a post.
fn left_out(files: &FileCount, runner: &Runner) {
    if !files.left_out.is_empty() {
        runner.line(&format!("Markdown files seen: {}, of them posts: {}", files.seen, files.posts));
    }
    for FilesLeftOut { reason, count, paths } in &files.left_out {
        let named: Vec<String> = paths.iter().take(NAMED).map(|path| format!(", `{path}`")).collect();
        let more = if paths.len() > NAMED { " and others" } else { "" };
        let named = named.concat();
        runner.line(&format!("Left out {reason}: {count}{named}{more}"));
    }
    let FilesOfOtherFormats { count, paths } = &files.other_formats;
    if let [first, ..] = paths.as_slice() {
        runner.line(&format!("Left out, because only Markdown is read: {count}, such as `{first}`"));
    }
}

fn line(site: &Site) -> String {
    let field = match (site.field(), site.alt_field()) {
        (None, _) => "shown in the post's body".to_owned(),
        (Some(field), None) => format!("named in the field `{field}`"),
        (Some(field), Some(alt)) => format!("named in the field `{field}` and described in `{alt}`"),
    };
    let pictures = site.picture_folder().replace("{dir}", "<folder of the post>");
    let theme = site.theme().map(|theme| format!(", theme {theme}")).unwrap_or_default();
    let folder = if site.folder().is_empty() { String::new() } else { format!(" in `{}`", site.folder()) };
    let (name, because) = (site.name(), site.because());
    format!("Site `{name}`{folder}{theme}: pictures go to `{pictures}`, {field}, because {because}")
}

fn place(folder: &str) -> String {
    if folder.is_empty() { "the root".to_owned() } else { format!("`{folder}`") }
}

/// Says where a reader will see the pictures of these tasks, unless that is the post's own page.
pub(super) fn visibility(sites: &Sites, tasks: &[Task], runner: &Runner) {
    let has_task = |site: &&Site| tasks.iter().any(|task| std::ptr::eq(sites.of(task.post.path()), *site));
    let several = sites.all().count() > 1;
    for site in sites.all().filter(has_task) {
        let field = site.field().unwrap_or_default();
        let whose = match several {
            true => format!("Site `{}` in {}: ", site.name(), place(site.folder())),
            false => String::new(),
        };
        match site.visibility() {
            Visibility::Page => {
                let beyond = |task: &&Task| {
                    std::ptr::eq(sites.of(task.post.path()), site) && !site.is_within_reach(&task.post)
                };
                if let Some(task) = tasks.iter().find(beyond) {
                    runner.line(&format!(
                        "{whose}Not every post's page shows `{field}`: where it does not, as with {}, the picture is embedded on top of the post as well",
                        task.post.path()
                    ));
                }
            }
            Visibility::Preview => runner.line(&format!(
                "{whose}Readers see the picture in link previews only, where `{field}` is read; `embed: markdown` shows it on top of the post as well"
            )),
            Visibility::Nowhere => runner.line(&format!(
                "{whose}No page of this site reads a field for a hero image, so the picture is embedded on top of the post"
            )),
            Visibility::Unknown if site.evidence() == Evidence::Posts => warn!(
                "{whose}no page may show these pictures: {}; set the field that the pages show with `image-field`, or run mode `check` on the built site",
                site.because()
            ),
            Visibility::Unknown => warn!(
                "{whose}it is not known whether this site shows `{field}`: its templates and theme are unknown; look at one post, set another field with `image-field`, or run mode `check` on the built site"
            ),
        }
    }
}

/// Says who comes last, because an earlier run found that it is out.
pub(super) fn held_back(links: &[Link], runner: &Runner) {
    for link in links.iter().filter(|link| link.known_out() && links.len() > 1) {
        let until =
            link.report().out_until.map(|until| until.strftime(" until %Y-%m-%d %H:%M UTC").to_string());
        let until = until.unwrap_or_default();
        runner.line(&format!(
            "{} is asked last: an earlier run found it unavailable{until}",
            link.service.title
        ));
    }
}

/// Those that take part.
fn lines(settings: &Settings) -> Vec<LogRow> {
    let chain = &settings.chain;
    let ready = chain.links.iter().enumerate().map(|(place, link)| {
        let hint = if place < chain.overridden { ", first for this run" } else { "" };
        LogRow {
            label: format!("{}. {}", place + 1, link.name()),
            tone: Tone::Good,
            text: format!("configured{hint}: {}", link.models.join(", then ")),
        }
    });
    let nobody = chain.links.is_empty();
    let card = (chain.card || nobody).then(|| {
        let what = match (nobody, chain.only_card) {
            (true, true) => "draws title cards, because input `providers` says so",
            (true, false) => "draws title cards, because no provider takes part",
            (false, _) => "drawn as a stand-in when all others fail",
        };
        LogRow { label: format!("{}. card", chain.links.len() + 1), tone: Tone::Good, text: what.to_owned() }
    });
    ready.chain(card).collect()
}

/// The known providers that take no part, and why.
fn absent(settings: &Settings) -> impl Iterator<Item = LogRow> {
    settings.chain.absent.iter().map(|link| LogRow {
        label: format!("-  {}", link.name),
        tone: Tone::Mixed,
        text: format!("not asked: {}", link.cure.as_deref().unwrap_or("not configured")),
    })
}

/// The same in one line.
fn absent_in_short(settings: &Settings) -> Option<LogRow> {
    let names: Vec<&str> = settings.chain.absent.iter().map(|link| link.title.as_str()).collect();
    (!names.is_empty())
        .then(|| format!("-  not asked: {}; mode `providers` says what each needs", names.join(", ")))
        .map(LogRow::of_text)
}

/// That there is no second service to fall back to, unless none is asked.
fn shallow(settings: &Settings) -> Option<LogRow> {
    let chain: Vec<LinkReport> = reports(settings).collect();
    report::shallow_chain(&chain).filter(|_| !settings.chain.links.is_empty()).map(LogRow::of_text)
}

/// The known providers, those that take part first.
fn reports(settings: &Settings) -> impl Iterator<Item = LinkReport> {
    settings.chain.links.iter().map(Link::report).chain(settings.chain.absent.iter().cloned())
}

fn describer(settings: &Settings) -> LogRow {
    LogRow::of_text(match &settings.describer {
        Some(describer) => format!("prompt and alt text: {}", describer.models().join(", then ")),
        None => {
            "prompt and alt text: made from title and text (a text model needs `GEMINI_API_KEY` or `GEMINI`)"
                .to_owned()
        }
    })
}
