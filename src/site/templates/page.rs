//! Which templates the page of a post is made of, and how far from it each picture stands that they read.

use super::meaning::Treatment;
use std::collections::{HashMap, VecDeque};

use super::files::Sheet;
use super::hugo::OF_PREVIEWS;
use super::kind::TemplateKind;
use super::lexer::Language;
use super::markup::{Spot, base, is_for_previews};
use super::names::Named;
use super::rules::TemplateRules;
use super::scanned::{PictureSource, Scanned};
use super::spelled;

/// Parts are followed so deep.
const DEEPEST: usize = 5;

/// How far a read is from the page of a post, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distance {
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
pub(super) struct Placed {
    pub distance: Distance,
    pub picture: PictureSource,
    pub treatment: Treatment,
    /// Whether it stands in a page, and not only decides or is remembered.
    pub stands: bool,
    pub template: String,
    pub of_theme: bool,
    /// Whether the page keeps it in a variable and what becomes of that is not understood.
    pub kept: bool,
}

/// The templates that the page of a post is made of.
pub(super) struct ReachedTemplates {
    /// What becomes of their values, by their index, and how deep they lie.
    pub spots: HashMap<usize, (Spot, usize)>,
    /// Whether a template of a post is there.
    pub known: bool,
    /// Whether every part of it is.
    pub complete: bool,
    /// Whether files that it does not name put parts into it.
    pub injects: bool,
    /// Reads of parts that come with the generator.
    pub built_in: Vec<Placed>,
}

/// Follows the parts from the templates for posts.
pub(super) fn reach(sheets: &[Sheet], scanned: &[Scanned], rules: &TemplateRules) -> ReachedTemplates {
    reach_from(sheets, scanned, rules, |index| sheets[index].kind == TemplateKind::Post)
}

/// Follows the parts from those templates of pages, and from what stands around every page.
pub(super) fn reach_from(
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
                picture: PictureSource::Field(Named { path: "images".to_owned(), list: true }),
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
pub(super) fn find(sheets: &[Sheet], from: usize, name: &str) -> Option<usize> {
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

/// Every read with its place on the page that these templates make.
pub(super) fn placed(sheets: &[Sheet], scanned: &[Scanned], reached: &ReachedTemplates) -> Vec<Placed> {
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
