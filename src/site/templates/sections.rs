//! The sections on whose pages a picture stands: Hugo takes `layouts/<section>/single.html` for the posts of that
//! section, and the template without a section for all others.

use std::collections::{BTreeMap, BTreeSet};

use super::files::Sheet;
use super::markup::base;
use super::page::{Distance, placed, reach_from};
use super::rules::TemplateRules;
use super::scan::{PictureSource, Scanned};
use crate::site::claim::{Claim, Visibility};
use crate::site::reach::ShownSections;

/// Folders of templates that are for no section. `page` was the one for posts without a section until Hugo 0.146.
const OF_NONE: [&str; 10] = [
    "page",
    "partials",
    "_partials",
    "shortcodes",
    "_shortcodes",
    "_markup",
    "_default",
    "_internal",
    "taxonomy",
    "404",
];

/// The sections whose pages show what this claim names.
pub(super) fn shown(
    sheets: &[Sheet],
    scanned: &[Scanned],
    rules: &TemplateRules,
    claim: &Claim,
) -> ShownSections {
    if !rules.by_section || claim.visibility != Visibility::Page {
        return ShownSections::All;
    }
    let templates = templates(sheets);
    // Which templates there are for the others is not known without the theme.
    let Some(general) = templates.get("") else { return ShownSections::All };
    let shows = |index: &usize| {
        let reached = reach_from(sheets, scanned, rules, |begin| begin == *index);
        let on_page = placed(sheets, scanned, &reached);
        let mut on_page = on_page.iter().filter(|read| read.distance <= Distance::Injected);
        on_page.any(|read| match &read.picture {
            PictureSource::Field(named) => claim.field.as_ref().is_some_and(|field| field.path == named.path),
            PictureSource::File(stem) => claim.file.as_ref() == Some(stem),
        })
    };
    let others = shows(general);
    let differs = |(section, index): (&&str, &usize)| {
        (!section.is_empty() && shows(index) != others).then(|| (*section).to_owned())
    };
    let different: BTreeSet<String> = templates.iter().filter_map(differs).collect();
    match (others, different.is_empty()) {
        (true, true) => ShownSections::All,
        (true, false) => ShownSections::AllBut(different),
        // Nothing shows it by itself: how it gets there is not understood.
        (false, true) => ShownSections::All,
        (false, false) => ShownSections::Only(different),
    }
}

/// The template for the posts of each section, and for those of all others under the empty name.
fn templates(sheets: &[Sheet]) -> BTreeMap<&str, usize> {
    let mut best: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (index, sheet) in sheets.iter().enumerate() {
        let folder = sheet.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let rank = match (folder, base(&sheet.name)) {
            ("_default", "single") => 2,
            ("_default", _) => continue,
            (_, "page") => 0,
            (_, "single") => 1,
            _ => continue,
        };
        let section = if folder == "_default" { "" } else { folder };
        if section.contains('/') || OF_NONE.contains(&section) {
            continue;
        }
        let known = best.entry(section).or_insert((rank, index));
        *known = (*known).min((rank, index));
    }
    best.into_iter().map(|(section, (_, index))| (section, index)).collect()
}
