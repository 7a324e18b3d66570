//! What a site does with hero images: which field names one, where its file goes, and whether the body shows
//! it as well. Several kinds of evidence speak of it; the first that knows is believed, and its reason kept.

use super::claim::{Claim, Evidence, Extra, Visibility};
use super::field::{Field, alt_beside};
use super::generator::Defaults;
use super::lookup::AT_ROOT;
use super::reach::Reach;
use super::target::{Place, join, plain};
use super::{Embed, Options};
use crate::post::{Dialect, path};

/// Every decision about the hero images of a site.
#[derive(Debug, Clone)]
pub(super) struct Conventions {
    /// How a post is read.
    pub dialect: Dialect,
    /// The field that names the picture; `None` where the embed alone shows it.
    pub field: Option<Field>,
    /// Where the picture of a post goes.
    pub place: Place,
    /// Where that of a bundle goes, if not with the others.
    pub bundle: Option<Place>,
    /// How the picture is shown in the body as well.
    pub embed: Embed,
    /// Stem of the file by which the theme finds the picture of a bundle, which then has no field.
    pub file: Option<String>,
    /// Where a reader meets the picture.
    pub visibility: Visibility,
    /// The posts whose page shows it without an embed.
    pub reach: Reach,
    /// Further keys that the picture needs.
    pub extras: Vec<Extra>,
    /// What the choice of the field rests on.
    pub evidence: Evidence,
    /// Why the field is this one, for people.
    pub because: String,
}

impl Conventions {
    /// What the user fixed, else the first claim that says anything, else the generator's own way.
    pub(super) fn decide(options: &Options, claims: &[Claim], defaults: &Defaults, folder: &str) -> Self {
        let fixed = options.image_field.as_ref().map(|path| Claim {
            visibility: Visibility::Page,
            field: Some(Field { path: path.clone(), alt: alt_beside(path), list: is_list(path, defaults) }),
            evidence: Evidence::Input,
            because: "the input `image-field` says so".to_owned(),
            ..Claim::default()
        });
        let claims: Vec<&Claim> = fixed.iter().chain(claims).collect();
        let chosen = claims.iter().find(|claim| claim.settles());
        let mut field = chosen.map_or_else(|| defaults.field.clone(), |claim| claim.field.clone());
        if let (Some(field), Some(alt)) = (&mut field, &options.alt_field) {
            field.alt = Some(alt.clone());
        }
        // Who speaks of another field speaks of another place.
        let path = field.as_ref().map(|field| field.path.as_str());
        let of_it = |claim: &&&Claim| match &claim.field {
            Some(field) => Some(field.path.as_str()) == path,
            None => claim.visibility != Visibility::Nowhere || path.is_none(),
        };
        let kin = || claims.iter().filter(of_it);
        let known = kin().find_map(|claim| claim.place.as_ref()).unwrap_or(&defaults.place);
        let (place, bundle) = match Self::fixed_place(options, folder, known, &defaults.at_root) {
            Some(place) => (place, None),
            None => {
                let place = known.below(folder);
                let own = |value: &String| Place::new("{dir}", value);
                let of_the_generator = defaults.bundle.as_ref().filter(|_| !defaults.settled_place).map(own);
                (
                    place,
                    kin().find_map(|claim| Some(claim.bundle.as_ref()?.below(folder))).or(of_the_generator),
                )
            }
        };
        let embed = options.embed.or_else(|| kin().find_map(|claim| claim.embed)).unwrap_or(defaults.embed);
        let because = chosen.map_or_else(
            || "that is the generator's own convention".to_owned(),
            |claim| claim.because.clone(),
        );
        let evidence = chosen.map(|claim| claim.evidence).unwrap_or_default();
        // Who names a picture sees it, as far as nobody knows better.
        let known = |claim: &&&Claim| claim.visibility != Visibility::Unknown;
        let better = kin().filter(known).find(|claim| claim.evidence != Evidence::Posts);
        let better = better.or_else(|| kin().find(known));
        // Who has posts with a picture knows where they show it, and who says how the body shows it was asked.
        let is_open = evidence != Evidence::Posts && embed == Embed::None && options.embed.is_none();
        let reach = better.filter(|_| is_open).map(|claim| claim.reach.clone()).unwrap_or_default();
        let visibility = better.map(|claim| claim.visibility);
        let visibility = match visibility.unwrap_or_default() {
            Visibility::Preview | Visibility::Unknown if embed != Embed::None => Visibility::Page,
            known => known,
        };
        let extras = kin().find(|claim| !claim.extras.is_empty()).map(|claim| claim.extras.clone());
        let file = kin().find_map(|claim| claim.file.clone()).filter(|_| options.image_field.is_none());
        // Where no field names it, the picture of the body is the hero.
        let embedded = embed == Embed::Obsidian || field.is_none() || reach.only_bundles;
        let dialect = Dialect { embedded, ..defaults.dialect };
        Self {
            dialect,
            field,
            place,
            bundle,
            embed,
            file,
            visibility,
            reach,
            extras: extras.unwrap_or_default(),
            evidence,
            because,
        }
    }

    /// The place that the inputs fix; `known` is the one that would hold without them.
    fn fixed_place(options: &Options, folder: &str, known: &Place, at_root: &[String]) -> Option<Place> {
        let dir = options.image_dir.as_deref().map(plain);
        match (dir, &options.image_path) {
            (None, None) => None,
            (dir, Some(value)) => {
                Some(Place { dir: dir.unwrap_or_else(|| known.below(folder).dir), value: value.clone() })
            }
            (Some(dir), None) => Some(Place { value: value_like(known, &dir, folder, at_root), dir }),
        }
    }
}

/// Whether a field that the user named holds a list with this generator.
fn is_list(path: &str, defaults: &Defaults) -> bool {
    defaults.field.as_ref().is_some_and(|field| field.list && field.path == path)
}

/// The value for a folder, beginning as that of the known place does: without a slash, or with the path of the site.
fn value_like(known: &Place, dir: &str, folder: &str, at_root: &[String]) -> String {
    let (own, value) = (value_for(&known.dir, "", at_root), value_for(dir, folder, at_root));
    let begin = known.value.strip_suffix(own.trim_start_matches('/'));
    match (begin, value.strip_prefix('/')) {
        (Some(begin), Some(rest)) => format!("{begin}{rest}"),
        _ => value,
    }
}

/// The address under which a folder's files are published: static folders are left out of it.
fn value_for(dir: &str, folder: &str, at_root: &[String]) -> String {
    let inner = path::inside(dir, folder).unwrap_or(dir);
    if inner.starts_with("{dir}") {
        return "{relative}".to_owned();
    }
    let at_root = at_root.iter().map(String::as_str).chain(AT_ROOT);
    let published = at_root.into_iter().find_map(|name| path::inside(inner, name));
    format!("/{}", join(published.unwrap_or(inner), "{file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_folder_leaves_out_the_site_and_what_is_published_as_the_root() {
        for (dir, folder, value) in [
            ("static/img", "", "/img/{file}"),
            ("blog/static/img", "blog", "/img/{file}"),
            ("blog-pictures/img", "blog", "/blog-pictures/img/{file}"),
            ("statics/img", "", "/statics/img/{file}"),
            ("static", "", "/{file}"),
            ("blog/files/img", "blog", "/img/{file}"),
            ("{dir}/img", "blog", "{relative}"),
        ] {
            assert_eq!(value_for(dir, folder, &["files".to_owned()]), value, "{dir} in {folder}");
        }
    }
}
