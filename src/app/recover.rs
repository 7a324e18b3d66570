//! Pictures that earlier runs made and could not publish: found in a kept workspace or a restored
//! report folder, and compared with what the branch holds, so that nothing is paid for twice. What is in
//! no outbox and no record is found by a listing of the commit that was checked out.

use std::collections::{HashMap, HashSet};

use tracing::warn;

use super::abort::Abort;
use super::github::{GithubSession, has_its_picture};
use crate::describe::is_alt;
use crate::image::provenance;
use crate::image::validate::{self, PictureLimits};
use crate::plan::RecoveredPicture;
use crate::post::Post;
use crate::publish::{BasePost, Publisher};
use crate::site::{FoundPost, Hero, Site, Sites};
use crate::write::OutboxEntry;

/// Most posts that are compared with the branch, a reading call each.
const MOST: usize = 200;

/// What earlier runs left.
pub(super) struct Recovered {
    /// Their pictures by post, each for a post that lacks it on the branch.
    pub pictures: HashMap<String, RecoveredPicture>,
    /// Pictures in the outbox that the branch has by now.
    pub arrived: Vec<String>,
}

/// How a picture of an earlier run fits what the branch holds.
enum BranchComparison {
    /// The branch lacks it.
    Lacking(Box<RecoveredPicture>),
    /// The branch has it, or another in its place.
    Arrived,
    /// It is of no use.
    Useless,
}

/// Finds the pictures of earlier runs; only reading calls.
pub(super) async fn recovered(github: &GithubSession, sites: &Sites) -> Result<Recovered, Abort> {
    let mut recovered = Recovered { pictures: HashMap::new(), arrived: Vec::new() };
    let Some(publisher) = &github.publisher else { return Ok(recovered) };
    let outbox: HashMap<String, OutboxEntry> =
        publisher.outbox().all().into_iter().map(|kept| (kept.post.clone(), kept)).collect();
    let owed: HashSet<&str> = github.health.record().owed().iter().map(String::as_str).collect();
    let unrecorded = unrecorded(github, publisher, sites).await;
    let is_suspect =
        |path: &str| outbox.contains_key(path) || owed.contains(path) || unrecorded.contains(path);
    let suspect = |path: &String| {
        let site = sites.of(path);
        let found = site.look(path).ok()?;
        let kept = outbox.get(path).cloned().or_else(|| settled_here(&found, site))?;
        Some((found, kept))
    };
    let paths = sites.posts().filter(|path| github.scope.holds(path) && is_suspect(path));
    for (found, kept) in paths.filter_map(suspect).take(MOST) {
        let (picture, branch) = (kept.picture.clone(), kept.branch.clone());
        match compare(publisher, sites.of(found.post.path()), &found, kept).await? {
            BranchComparison::Lacking(known) => _ = recovered.pictures.insert(found.post.into_path(), *known),
            BranchComparison::Arrived if branch == publisher.base() => recovered.arrived.push(picture),
            BranchComparison::Arrived | BranchComparison::Useless => {}
        }
    }
    Ok(recovered)
}

/// Posts of the commit that was checked out for which the workspace has a picture that the commit lacks.
async fn unrecorded<'a>(github: &GithubSession, publisher: &Publisher, sites: &'a Sites) -> HashSet<&'a str> {
    let pictures = |path: &'a String| (path.as_str(), sites.of(path).pictures_of(path).collect::<Vec<_>>());
    let within = sites.posts().filter(|path| github.scope.holds(path));
    let posts: Vec<_> = within.map(pictures).filter(|(_, pictures)| !pictures.is_empty()).collect();
    if posts.is_empty() {
        return HashSet::new();
    }
    let Some(listed) = publisher.listed().await else { return HashSet::new() };
    let is_unrecorded = |(path, pictures): &(&str, Vec<String>)| {
        listed.contains(*path) && pictures.iter().any(|picture| !listed.contains(picture))
    };
    posts.into_iter().filter(is_unrecorded).map(|(path, _)| path).collect()
}

/// The picture that a post has here: where its branch lacks it, nobody but an earlier run in this workspace
/// can have made it.
fn settled_here(found: &FoundPost, site: &Site) -> Option<OutboxEntry> {
    let file = match &found.hero {
        Hero::Present { file } => file.clone(),
        Hero::Embedded => {
            let shown = site.shown(&found.post)?;
            site.our_targets(&found.post).find(|target| target.value() == shown)?.file()
        }
        Hero::Missing | Hero::Card { .. } | Hero::Unresolved { .. } => return None,
    };
    let nothing = String::new;
    let post = found.post.path().to_owned();
    let (branch, alt, prompt) = (nothing(), nothing(), nothing());
    Some(OutboxEntry { post, branch, alt, prompt, anew: false, replaces: None, digest: None, picture: file })
}

/// Compares the picture with what the branch holds. It counts if it is one of ours for this very post.
async fn compare(
    publisher: &Publisher,
    site: &Site,
    found: &FoundPost,
    kept: OutboxEntry,
) -> Result<BranchComparison, Abort> {
    let path = found.post.path();
    if publisher.waiting().contains_key(path) {
        return Ok(BranchComparison::Arrived);
    }
    let (text, has_hero) = match publisher.base_post(path).await.map_err(anyhow::Error::from)? {
        BasePost::Settled(text) => (text, true),
        BasePost::Lacking(text) => (text, false),
        BasePost::Absent => return Ok(BranchComparison::Useless),
    };
    let post = Post::parse(path, text.as_bytes(), site.dialect());
    let is_outdated = match (&post, &kept.replaces) {
        (Ok(post), Some(replaced))
            if site.hero_file(post, &site.hero(post)).as_deref() == Some(&*replaced.file) =>
        {
            publisher.has_still(replaced).await.map_err(anyhow::Error::from)?
        }
        _ => false,
    };
    if !is_outdated && has_its_picture(has_hero, post.as_ref().ok(), kept.anew) {
        return Ok(BranchComparison::Arrived);
    }
    let Ok(post) = post else { return Ok(BranchComparison::Useless) };
    let asks = |post: &Post| post.regenerate().is_some();
    // The new picture that the branch still asks for is this one.
    let answers = kept.anew && asks(&post);
    let wanted_anew = !answers && (asks(&post) || asks(&found.post));
    let its_own = site.our_targets(&post).any(|target| target.file() == kept.picture);
    let bytes = publisher.outbox().picture(&kept, |bytes| provenance::read(bytes).is_some());
    let marked = bytes.and_then(|bytes| provenance::read(&bytes).map(|marks| (bytes, marks)));
    let Some((bytes, marks)) = marked.filter(|_| !wanted_anew && its_own) else {
        return Ok(BranchComparison::Useless);
    };
    let to_make = marks.is_card() || !is_sound(path, bytes).await;
    // Whether one that is not usable is drawn anew once more, the settings of this run say.
    if to_make && is_outdated {
        return Ok(BranchComparison::Useless);
    }
    // Alt text in the workspace may be a person's by now.
    let field = site.alt_field_of(&found.post);
    let alt = field.as_deref().and_then(|field| found.post.text(field)).map(|alt| alt.into_owned());
    let alt = alt.or_else(|| Some(kept.alt.clone()).filter(|alt| is_alt(alt))).unwrap_or_default();
    let kept = OutboxEntry { alt, ..kept };
    Ok(BranchComparison::Lacking(Box::new(RecoveredPicture { kept, to_make, post, text })))
}

/// Whether a picture of ours is still good, since it may come from anywhere by now.
async fn is_sound(post: &str, bytes: Vec<u8>) -> bool {
    let judged =
        tokio::task::spawn_blocking(move || validate::examine(&bytes, &PictureLimits::AS_CUT).err()).await;
    match judged {
        Ok(None) => true,
        Ok(Some(flaw)) => {
            warn!("{post}: the picture kept from an earlier run is not used, because {flaw}");
            false
        }
        Err(_) => false,
    }
}
