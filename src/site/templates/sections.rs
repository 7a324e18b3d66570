//! The templates that make the pages of single posts with Hugo, each for the posts of some sections or for those that ask
//! for it: which of them this site's posts have, and which show their picture.

use super::files::Sheet;
use super::kind::TemplateKind;
use super::page::{Distance, placed, reach_from};
use super::rules::TemplateRules;
use super::scanned::{PictureSource, Scanned};
use crate::site::claim::{Claim, Visibility};
use crate::site::pages::{PageAddress, PageTemplate, template_for};

/// Folders of templates that are for no section. `page` was the one for posts without a section until Hugo 0.146.
const OF_NONE: [&str; 9] =
    ["page", "partials", "_partials", "shortcodes", "_shortcodes", "_markup", "_internal", "taxonomy", "404"];

/// The templates for single posts, by their place among all.
fn templates(sheets: &[Sheet]) -> Vec<PageTemplate<usize>> {
    let of_page = |sheet: &&Sheet| {
        let first = sheet.name.split('/').next().unwrap_or_default();
        !OF_NONE.contains(&first) && !matches!(sheet.kind, TemplateKind::Around)
    };
    let of_sheet = |(index, sheet): (usize, &Sheet)| {
        let path = sheet.name.strip_suffix(".html").unwrap_or(&sheet.name);
        PageTemplate::new(path, index)
    };
    sheets.iter().enumerate().filter(|(_, sheet)| of_page(sheet)).map(of_sheet).collect()
}

/// Has those templates be for posts by which the pages of these posts are made. One that only few have speaks for
/// those alone.
pub(super) fn set_used(sheets: &mut [Sheet], rules: &TemplateRules, posts: &[PageAddress]) {
    if !rules.by_section {
        return;
    }
    let templates = templates(sheets);
    let mut used = vec![0_usize; sheets.len()];
    for post in posts {
        if let Some(template) = template_for(&templates, post) {
            used[template.about] += 1;
        }
    }
    let most = used.iter().max().copied().unwrap_or_default();
    if most == 0 {
        return;
    }
    for (sheet, used) in sheets.iter_mut().zip(used) {
        if used * 2 >= most {
            sheet.kind = TemplateKind::Post;
        } else if sheet.kind == TemplateKind::Post {
            sheet.kind = TemplateKind::Variant;
        }
    }
}

/// The templates of posts, and whether each shows what this claim names; none where all do, or nobody knows.
pub(super) fn shown(
    sheets: &[Sheet],
    scanned: &[Scanned],
    rules: &TemplateRules,
    claim: &Claim,
) -> Vec<PageTemplate<bool>> {
    if !rules.by_section || claim.visibility != Visibility::Page {
        return Vec::new();
    }
    let templates = templates(sheets);
    // Which templates there are for the others is not known without the theme.
    if !templates.iter().any(|template| template.is_usual() && template.is_for_all()) {
        return Vec::new();
    }
    let shows = |index: usize| {
        let reached = reach_from(sheets, scanned, rules, |begin| begin == index);
        let on_page = placed(sheets, scanned, &reached);
        let mut on_page = on_page.iter().filter(|read| read.distance <= Distance::Injected);
        on_page.any(|read| match &read.picture {
            PictureSource::Field(named) => claim.field.as_ref().is_some_and(|field| field.path == named.path),
            PictureSource::File(stem) => claim.file.as_ref() == Some(stem),
        })
    };
    let judged: Vec<_> = templates.into_iter().map(|template| template.judged(shows)).collect();
    // Where no usual one shows it by itself, how it gets there is not understood.
    let differs = judged.iter().any(|template| !template.about);
    let is_understood = judged.iter().any(|template| template.is_usual() && template.about);
    if differs && is_understood { judged } else { Vec::new() }
}
