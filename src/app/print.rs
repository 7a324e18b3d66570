//! What the log says of the sites, since everything that is written follows from it.

use tracing::warn;

use crate::plan::Task;
use crate::report::{FileCount, FilesLeftOut, FilesOfOtherFormats};
use crate::runner::Runner;
use crate::site::{Discovery, Evidence, PassedOver, PassedOverBecause, Site, Sites, Visibility};

/// From so many Markdown files on it is no accident when none of them is a post.
const PLENTY: usize = 5;

/// Most files that one line names.
const NAMED: usize = 5;

/// Prints what the sites were taken for, since everything that is written follows from it.
pub(super) fn sites(sites: &Sites, discovery: &Discovery, runner: &Runner) {
    for site in sites.all() {
        runner.line(&line(site));
        if let Some(file) = site.unread_schema() {
            runner.line(&format!(
                "The schema of the posts in `{file}` cannot be read here, so the next evidence counts; set `image-field` where it is wrong"
            ));
        }
        if let Some(file) = site.broken_template() {
            runner.line(&format!(
                "The template `{file}` breaks off or leaves a tag or block open, so no template is heard and the next evidence counts; close it there"
            ));
        }
    }
    for PassedOver { folder, generator, why } in sites.passed_over() {
        let cure = match why {
            PassedOverBecause::Refused | PassedOverBecause::NoPosts => "",
            _ => "; `root` names the folder of one site, the list `sites` of the settings file several",
        };
        runner.line(&format!("Not served: site `{generator}` in {}, because {why}{cure}", place(folder)));
    }
    let files = FileCount::of(sites, discovery);
    left_out(&files, runner);
    for glob in sites.idle_globs() {
        warn!("input `posts`: no post matches `{glob}`; mend it or take it out");
    }
    ask_for_posts(sites);
    if sites.posts().next().is_none() && files.seen - files.posts >= PLENTY {
        warn!("there are many Markdown files and none of them is a post; name your posts in input `posts`");
    }
}

/// Asks for the posts of a vault in which nothing tells them from other notes.
fn ask_for_posts(sites: &Sites) {
    for site in sites.all().filter(|site| site.takes_every_note()) {
        let folder =
            if site.folder().is_empty() { String::new() } else { format!(" in `{}`", site.folder()) };
        warn!(
            "nothing in the vault{folder} says which notes are published, so every note counts as a post; name them in `posts`, or give them `publish: true`"
        );
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
    let found = site.file_in_bundles();
    let found =
        found.map(|stem| format!(" (where a post is a bundle: beside it, as `{stem}`)")).unwrap_or_default();
    let theme = site.theme().map(|theme| format!(", theme {theme}")).unwrap_or_default();
    let folder = if site.folder().is_empty() { String::new() } else { format!(" in `{}`", site.folder()) };
    let (name, because) = (site.name(), site.because());
    format!("Site `{name}`{folder}{theme}: pictures go to `{pictures}`, {field}{found}, because {because}")
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
                "{whose}Readers see the picture in lists or link previews only, where `{field}` is read, and not on the post's page; `embed: markdown` shows it on top of the post as well"
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
