//! The templates of a site, its theme's included where it is there, asked which field of a post they take a
//! picture from and who sees it. They are looked through, never run: what is not understood says nothing.

mod broken;
mod elsewhere;
mod files;
mod given;
mod hugo;
mod kind;
mod lexer;
mod macros;
mod marked;
mod markup;
mod meaning;
mod names;
mod page;
mod roots;
mod rules;
mod scan;
mod scanned;
mod script;
mod sections;
mod switches;
#[cfg(test)]
mod tests;
mod treatment;
mod ways;

use std::collections::BTreeSet;

use super::Embed;
use super::claim::{Claim, Evidence, Visibility};
use super::evidence::FIELDS;
use super::field::FILE_KEYS;
use super::field::Field;
use super::folder::SiteFolder;
use super::pages::PageAddress;
use super::reach::Reach;
pub(super) use broken::broken;
use files::{Sheet, sheets};
pub(super) use kind::{TemplateKind, TemplateName};
pub(super) use lexer::Language;
use names::{alt_beside, rank};
use page::{Distance, Placed, placed, reach};
pub(super) use roots::{PostReference, of_script};
pub(super) use rules::{TemplateFolder, TemplateRules};
use scanned::PictureSource;
use ways::Ways;

/// What the templates of a site say.
#[derive(Debug)]
pub(super) struct Templates {
    /// Which field they show, where that is sure.
    pub claim: Option<Claim>,
    /// The same where parts of the post's page are not in the repository: a theme that is known by its name
    /// knows better.
    pub doubtful: Option<Claim>,
    /// Fields that other pages and link previews show, and the page of a post surely not.
    pub elsewhere: Vec<Claim>,
    /// Whether the repository has every part of the page of a post.
    pub complete: bool,
}

/// What the templates of the site say of posts such as these; nothing where there is none.
pub(super) fn read(site: &SiteFolder<'_>, rules: &TemplateRules, posts: &[PageAddress]) -> Option<Templates> {
    let mut sheets = sheets(site, rules);
    if sheets.is_empty() {
        return None;
    }
    sections::set_used(&mut sheets, rules, posts);
    let scanned = given::scanned(site, rules, &sheets);
    let reached = reach(&sheets, &scanned, rules);
    let mut placed = placed(&sheets, &scanned, &reached);
    placed.extend(reached.built_in);
    let alts: BTreeSet<&String> = scanned.iter().flat_map(|scanned| &scanned.alts).collect();
    let near = scanned.iter().enumerate().filter(|(index, _)| reached.spots.contains_key(index));
    let switches = near.flat_map(|(_, scanned)| &scanned.switches);
    let extras = switches::extras(switches, |parameter| (rules.is_on)(site, parameter));
    let claim = claim(site, rules, &placed, &alts).map(|claim| Claim {
        extras: if claim.visibility == Visibility::Page || claim.file.is_some() {
            extras
        } else {
            Vec::new()
        },
        reach: Reach {
            templates: sections::shown(&sheets, &scanned, rules, &claim),
            only_bundles: claim.reach.only_bundles,
        },
        ..claim
    });
    let post = sheets.iter().find(|sheet| sheet.kind == TemplateKind::Post);
    let nowhere = |sheet: &Sheet| Claim {
        embed: Some(Embed::Markdown),
        visibility: Visibility::Nowhere,
        evidence: evidence(sheet.of_theme),
        because: format!("`{}` shows no picture that a post names", site.within(&sheet.path)),
        ..Claim::default()
    };
    // What other pages read, or what only decides, shows nothing on this one.
    let idle = placed.iter().all(|read| !read.kept);
    let claim = claim.or_else(|| post.filter(|_| idle).map(nowhere));
    let is_named = placed.iter().any(|read| read.distance <= Distance::Part);
    let on_page = |claim: &Claim| claim.visibility == Visibility::Page && is_named;
    let is_sure =
        |claim: &Claim| on_page(claim) || (reached.complete && (claim.field.is_some() || placed.is_empty()));
    let sure = claim.as_ref().is_some_and(is_sure);
    let (claim, doubtful) = if sure { (claim, None) } else { (None, claim) };
    let elsewhere = if sure && reached.complete { elsewhere::elsewhere(site, &placed) } else { Vec::new() };
    Some(Templates { claim, doubtful, elsewhere, complete: reached.complete })
}

/// Hugo takes fields in any case: the usual way is the one to write.
fn spelled(picture: &PictureSource, language: Language) -> PictureSource {
    match picture {
        PictureSource::Field(named) if language == Language::Hugo => {
            let usual = FIELDS.iter().find(|field| field.eq_ignore_ascii_case(&named.path));
            let path = usual.map_or_else(|| named.path.clone(), |usual| (*usual).to_owned());
            PictureSource::Field(names::Named { path, list: named.list })
        }
        other => other.clone(),
    }
}

/// The description's key of a field: with Hugo, which takes it in any case, in that of the field.
fn spelled_alike(rules: &TemplateRules, field: &str, alt: String) -> String {
    let begins_low = field.starts_with(|first: char| first.is_lowercase());
    match alt.chars().next() {
        Some(first) if rules.html == Language::Hugo && begins_low => {
            format!("{}{}", first.to_lowercase(), &alt[first.len_utf8()..])
        }
        _ => alt,
    }
}

/// The field that is shown best.
fn claim(
    site: &SiteFolder<'_>,
    rules: &TemplateRules,
    placed: &[Placed],
    alts: &BTreeSet<&String>,
) -> Option<Claim> {
    let known = placed.iter().filter(|read| read.distance != Distance::Unknown);
    let named = |read: &&Placed| matches!(read.picture, PictureSource::Field(_));
    let weight = |read: &&Placed| match &read.picture {
        PictureSource::Field(named) => {
            let joined = Ways::only_joined(&read.picture, placed);
            (read.distance, joined, position(&named.path, placed, read.distance, alts))
        }
        PictureSource::File(_) => (read.distance, true, usize::MAX),
    };
    let best = known.clone().min_by_key(weight)?;
    let on_page = |read: &Placed| read.distance <= Distance::Injected;
    let shown =
        |read: &&Placed| on_page(read) == on_page(best) && (on_page(read) || read.distance == best.distance);
    let chosen = known.clone().filter(shown).filter(named).min_by_key(weight);
    let file = known.clone().filter(shown).find_map(|read| match &read.picture {
        PictureSource::File(stem) => Some(stem.clone()),
        PictureSource::Field(_) => None,
    });
    // A field that finds nothing but files of the page shows nothing of a post without such files. Where the file is found
    // by its name as well, the field is left to previews.
    let finds_files = chosen.is_some_and(|read| on_page(read) && Ways::only_beside(&read.picture, placed));
    let only_beside = file.is_some() && finds_files;
    let in_previews = || known.clone().filter(named).filter(|read| read.distance == Distance::Preview);
    let chosen = if only_beside { in_previews().min_by_key(weight).or(chosen) } else { chosen };
    let field = chosen.and_then(|read| match &read.picture {
        PictureSource::Field(named) => Some(Field {
            path: named.path.clone(),
            alt: alt_beside(&named.path, alts.iter().copied())
                .map(|alt| spelled_alike(rules, &named.path, alt)),
            list: is_list(&named.path, placed, read.distance),
        }),
        PictureSource::File(_) => None,
    });
    let best = chosen.unwrap_or(best);
    let (visibility, because) = seen(site, best);
    let ways = field.as_ref().map(|field| Ways::of(&field.path, &best.template, placed, rules));
    // Where the field names a file of the page, the file needs no name that the templates know.
    let is_named = ways.as_ref().is_some_and(|ways| ways.beside) && visibility == Visibility::Page;
    let file = file.filter(|_| (only_beside || visibility == Visibility::Page) && !is_named);
    if field.is_none() && file.is_none() {
        return None;
    }
    let place = ways.as_ref().and_then(|ways| ways.place.clone());
    let bundle = ways.and_then(|ways| ways.bundle(rules));
    let evidence = evidence(best.of_theme);
    // The post's own page is sure to show what stands in its text.
    let in_lists = rules.lists_of_others && best.distance == Distance::List;
    let embed = in_lists.then_some(Embed::Markdown);
    // Without such a name only a bundle has what the field finds.
    let only_bundles = finds_files && file.is_none() && visibility == Visibility::Page && field.is_some();
    let reach = Reach { only_bundles, ..Reach::default() };
    Some(Claim {
        field,
        place,
        bundle,
        file,
        visibility,
        embed,
        reach,
        evidence,
        because,
        ..Claim::default()
    })
}

/// Where a reader meets what this reads, and why, for people.
fn seen(site: &SiteFolder<'_>, read: &Placed) -> (Visibility, String) {
    let template = site.within(&read.template);
    match read.distance {
        Distance::Own | Distance::Part | Distance::Injected => {
            (Visibility::Page, format!("`{template}` shows it"))
        }
        Distance::Preview => (Visibility::Preview, format!("`{template}` puts it into link previews")),
        _ => (Visibility::Preview, format!("`{template}` shows it in lists only")),
    }
}

fn evidence(of_theme: bool) -> Evidence {
    if of_theme { Evidence::ThemeTemplates } else { Evidence::Templates }
}

/// The order of a field among those that are read as near to the page. Of a mapping and its picture, the
/// picture stands first where its description is read beside it, else the plain field.
fn position(path: &str, placed: &[Placed], distance: Distance, alts: &BTreeSet<&String>) -> usize {
    let order = |path: &str| rank(path).map_or(usize::MAX / 2, |rank| rank * 4 + 1);
    let is_read = |wanted: &str| {
        let near = placed.iter().filter(|read| read.distance == distance);
        near.into_iter()
            .any(|read| matches!(&read.picture, PictureSource::Field(named) if named.path == wanted))
    };
    let described = |parent: &str| alts.iter().any(|alt| alt.strip_prefix(parent) == Some(".alt"));
    match path.rsplit_once('.') {
        Some((parent, member)) if FILE_KEYS.contains(&member) && is_read(parent) => {
            if described(parent) {
                order(parent).saturating_sub(1)
            } else {
                order(parent) + 1
            }
        }
        _ => order(path),
    }
}

/// Whether the field holds a list: an entry of it is taken.
fn is_list(path: &str, placed: &[Placed], distance: Distance) -> bool {
    let near = placed.iter().filter(|read| read.distance == distance);
    let entries = near.filter_map(|read| match &read.picture {
        PictureSource::Field(named) if named.path == path => Some(named.list),
        _ => None,
    });
    entries.into_iter().any(|list| list)
}
