//! The templates of a site, its theme's included where it is there, asked which field of a post they take a
//! picture from and who sees it. They are looked through, never run: what is not understood says nothing.

mod files;
mod given;
mod hugo;
mod kind;
mod lexer;
mod macros;
mod markup;
mod names;
mod roots;
mod rules;
mod scan;
mod script;
mod sections;
mod switches;
#[cfg(test)]
mod tests;
mod ways;

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::Embed;
use super::claim::{Claim, Evidence, Visibility};
use super::evidence::FIELDS;
use super::field::FILE_KEYS;
use super::field::Field;
use super::folder::SiteFolder;
use super::reach::Reach;
use files::{Sheet, sheets};
use hugo::OF_PREVIEWS;
pub(super) use kind::{TemplateKind, TemplateName};
pub(super) use lexer::Language;
use markup::{Spot, base, is_for_previews};
use names::{alt_beside, rank};
pub(super) use roots::{PostReference, of_script};
pub(super) use rules::{TemplateFolder, TemplateRules};
use scan::{PictureSource, Scanned, Treatment};
use ways::Ways;

/// Parts are followed so deep.
const DEEPEST: usize = 5;

/// What the templates of a site say.
#[derive(Debug)]
pub(super) struct Templates {
    /// Which field they show, where that is sure.
    pub claim: Option<Claim>,
    /// The same where parts of the post's page are not in the repository: a theme that is known by its name
    /// knows better.
    pub doubtful: Option<Claim>,
}

/// How far a read is from the page of a post, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    Own,
    Part,
    /// A part that some other file may put into the page.
    Injected,
    Preview,
    List,
    Unknown,
}

/// One read with its place.
#[derive(Debug)]
struct Placed {
    distance: Distance,
    picture: PictureSource,
    treatment: Treatment,
    /// Whether it stands in a page, and not only decides or is remembered.
    stands: bool,
    template: String,
    of_theme: bool,
    /// Whether the page keeps it in a variable and what becomes of that is not understood.
    kept: bool,
}

/// What the templates of the site say; nothing where there is none.
pub(super) fn read(site: &SiteFolder<'_>, rules: &TemplateRules) -> Option<Templates> {
    let sheets = sheets(site, rules);
    if sheets.is_empty() {
        return None;
    }
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
            sections: sections::shown(&sheets, &scanned, rules, &claim),
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
    Some(Templates { claim, doubtful })
}

/// Every read with its place on the page that these templates make.
fn placed(sheets: &[Sheet], scanned: &[Scanned], reached: &ReachedTemplates) -> Vec<Placed> {
    let mut placed = Vec::new();
    for (index, (sheet, scanned)) in sheets.iter().zip(scanned).enumerate() {
        for taken in &scanned.taken {
            let distance = match taken.spot {
                Spot::Nothing => Distance::Unknown,
                _ if taken.foreign => Distance::List,
                spot => distance(sheet, reached.spots.get(&index).copied(), spot, reached),
            };
            let (picture, template) = (spelled(&taken.picture, sheet.language), sheet.path.clone());
            let (treatment, of_theme) = (taken.treatment, sheet.of_theme);
            let stands = taken.spot != Spot::Nothing;
            let kept = taken.kept && reached.spots.contains_key(&index);
            placed.push(Placed { distance, picture, treatment, stands, template, of_theme, kept });
        }
    }
    placed
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

/// The templates that the page of a post is made of.
struct ReachedTemplates {
    /// What becomes of their values, by their index, and how deep they lie.
    spots: HashMap<usize, (Spot, usize)>,
    /// Whether a template of a post is there.
    known: bool,
    /// Whether every part of it is.
    complete: bool,
    /// Whether files that it does not name put parts into it.
    injects: bool,
    /// Reads of parts that come with the generator.
    built_in: Vec<Placed>,
}

/// Follows the parts from the templates for posts.
fn reach(sheets: &[Sheet], scanned: &[Scanned], rules: &TemplateRules) -> ReachedTemplates {
    reach_from(sheets, scanned, rules, |index| sheets[index].kind == TemplateKind::Post)
}

/// Follows the parts from those templates of pages, and from what stands around every page.
fn reach_from(
    sheets: &[Sheet],
    scanned: &[Scanned],
    rules: &TemplateRules,
    begins: impl Fn(usize) -> bool,
) -> ReachedTemplates {
    let known = sheets.iter().any(|sheet| sheet.kind == TemplateKind::Post);
    let mut reached = ReachedTemplates {
        spots: HashMap::new(),
        known,
        complete: known,
        injects: false,
        built_in: Vec::new(),
    };
    let mut waiting: VecDeque<(usize, Spot, usize)> = VecDeque::new();
    for (index, sheet) in sheets.iter().enumerate() {
        if begins(index) || sheet.kind == TemplateKind::Around {
            waiting.push_back((index, Spot::Page, 0));
        }
    }
    while let Some((index, spot, depth)) = waiting.pop_front() {
        let before = reached.spots.get(&index);
        if depth > DEEPEST || before.is_some_and(|(before, _)| *before <= spot) {
            continue;
        }
        reached.spots.insert(index, (spot, depth));
        let Some((sheet, says)) = sheets.get(index).zip(scanned.get(index)) else { continue };
        let spot = if is_for_previews(base(&sheet.name)) { Spot::Preview } else { spot };
        reached.complete &= !says.dynamic || spot == Spot::Preview;
        reached.injects |= says.injects;
        for part in says.parts.iter().filter(|part| !part.foreign) {
            match find(sheets, index, &part.name) {
                Some(next) if matches!(sheets[next].kind, TemplateKind::List | TemplateKind::Variant) => {}
                Some(next) => waiting.push_back((next, spot.max(part.spot), depth + 1)),
                None => unresolved(&mut reached, rules.modules, sheet, &part.name, spot.max(part.spot)),
            }
        }
    }
    reached
}

/// A part that is not in the repository: one of the generator's own, or a module.
fn unresolved(reached: &mut ReachedTemplates, modules: bool, sheet: &Sheet, name: &str, spot: Spot) {
    match base(name) {
        "opengraph" | "twitter_cards" | "schema" if sheet.language == Language::Hugo => {
            reached.built_in.extend(OF_PREVIEWS.map(|treatment| Placed {
                distance: Distance::Preview,
                picture: PictureSource::Field(names::Named { path: "images".to_owned(), list: true }),
                treatment,
                stands: true,
                template: sheet.path.clone(),
                of_theme: sheet.of_theme,
                kept: false,
            }));
        }
        "pagination" | "disqus" | "google_analytics" if sheet.language == Language::Hugo => {}
        _ if modules => {}
        _ => reached.complete &= spot == Spot::Preview,
    }
}

/// The template that is called so in this one: the nearest of those whose path ends so.
fn find(sheets: &[Sheet], from: usize, name: &str) -> Option<usize> {
    let wanted = name.trim_start_matches(['.', '/', '@', '~', '#']).trim_end_matches('/');
    if wanted.is_empty() {
        return None;
    }
    let fits = |sheet: &Sheet| {
        let path = sheet.path.as_str();
        let bare = path.rsplit_once('.').map_or(path, |(bare, _)| bare);
        let folder = bare.strip_suffix("/index").unwrap_or(bare);
        let ends =
            |path: &str| path.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        ends(path) || ends(bare) || ends(folder)
    };
    let shared = |sheet: &Sheet| {
        let here = sheets.get(from).map_or("", |sheet| sheet.path.as_str());
        sheet.path.split('/').zip(here.split('/')).take_while(|(one, other)| one == other).count()
    };
    let found = sheets.iter().enumerate().filter(|(index, sheet)| *index != from && fits(sheet));
    found.min_by_key(|(_, sheet)| (usize::MAX - shared(sheet), sheet.path.len())).map(|(index, _)| index)
}

/// How far a value at this spot of a template is from the page of a post.
fn distance(sheet: &Sheet, place: Option<(Spot, usize)>, spot: Spot, reached: &ReachedTemplates) -> Distance {
    let preview = is_for_previews(base(&sheet.name)) || spot == Spot::Preview;
    match place {
        Some((Spot::Nothing, _)) => Distance::Unknown,
        Some((Spot::Preview, _)) => Distance::Preview,
        Some(_) if preview => Distance::Preview,
        Some(_) if sheet.kind == TemplateKind::Post => Distance::Own,
        Some(_) => Distance::Part,
        None if preview => Distance::Preview,
        None if sheet.kind == TemplateKind::List => Distance::List,
        // Where no template for posts is there, a part is taken at its word.
        None if !reached.known => Distance::Part,
        None if reached.injects && sheet.kind == TemplateKind::Other => Distance::Injected,
        None => Distance::Unknown,
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
        PictureSource::Field(named) => (read.distance, position(&named.path, placed, read.distance, alts)),
        PictureSource::File(_) => (read.distance, usize::MAX),
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
    // A field that finds nothing but files of the page is none for a post without such files. Where the file is found
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
    let template = site.within(&best.template);
    let (visibility, because) = match best.distance {
        Distance::Own | Distance::Part | Distance::Injected => {
            (Visibility::Page, format!("`{template}` shows it"))
        }
        Distance::Preview => (Visibility::Preview, format!("`{template}` puts it into link previews")),
        _ => (Visibility::Preview, format!("`{template}` shows it in lists only")),
    };
    let ways = field.as_ref().map(|field| Ways::of(&field.path, &best.template, placed));
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
