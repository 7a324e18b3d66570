//! Pictures that earlier runs made and could not publish: found in a kept workspace or a restored
//! report folder, and compared with what the branch holds, so that nothing is paid for twice. What no
//! outbox and no record tells of is found by a listing of the commit that was checked out.

use std::collections::{HashMap, HashSet};

use tracing::warn;

use super::github::{Hub, Trouble};
use crate::describe::is_alt;
use crate::image::{provenance, truth};
use crate::plan::Unpublished;
use crate::post::Post;
use crate::publish::{Publisher, There};
use crate::site::{Found, Hero, Site};
use crate::write::OutboxEntry;

/// Most posts that are compared with the branch, a reading call each.
const MOST: usize = 200;

impl Hub {
    /// Pictures of earlier runs by post, each for a post that lacks it on the branch. With `tidy` those
    /// that arrived are taken out of the outbox.
    pub async fn unpublished(
        &self,
        site: &Site,
        tidy: bool,
    ) -> Result<HashMap<String, Unpublished>, Trouble> {
        let mut unpublished = HashMap::new();
        let Some(publisher) = &self.publisher else { return Ok(unpublished) };
        let outbox: HashMap<String, OutboxEntry> =
            publisher.outbox().all().into_iter().map(|kept| (kept.post.clone(), kept)).collect();
        let owed: HashSet<&str> = self.memory.owed().iter().map(String::as_str).collect();
        let unheard = self.unheard(publisher, site).await;
        let is_suspect =
            |path: &str| outbox.contains_key(path) || owed.contains(path) || unheard.contains(path);
        let suspect = |path: &String| {
            let found = site.look(path).ok()?;
            let kept = outbox.get(path).cloned().or_else(|| settled_here(&found, site))?;
            Some((found, kept))
        };
        let paths = site.posts().iter().filter(|path| self.scope.holds(path) && is_suspect(path));
        for (found, kept) in paths.filter_map(suspect).take(MOST) {
            if let Some(known) = one(publisher, site, &found, kept, tidy).await? {
                unpublished.insert(found.post.into_path(), known);
            }
        }
        Ok(unpublished)
    }

    /// Posts of the commit that was checked out for which a picture stands here that it lacks.
    async fn unheard(&self, publisher: &Publisher, site: &Site) -> HashSet<String> {
        let with_picture = |path: &&String| self.scope.holds(path) && site.pictures_of(path).next().is_some();
        let posts: Vec<&String> = site.posts().iter().filter(with_picture).collect();
        if posts.is_empty() {
            return HashSet::new();
        }
        let Some(listed) = publisher.listed().await else { return HashSet::new() };
        let is_unheard = |path: &&&String| {
            listed.contains(path.as_str()) && site.pictures_of(path).any(|file| !listed.contains(&file))
        };
        posts.iter().filter(is_unheard).map(|path| (*path).clone()).collect()
    }
}

/// The picture that a post has here: where its branch lacks it, nobody but an earlier run in this workspace
/// can have made it.
fn settled_here(found: &Found, site: &Site) -> Option<OutboxEntry> {
    let file = match &found.hero {
        Hero::Present { file } => file.clone(),
        Hero::Embedded => {
            let shown = site.shown(&found.post)?;
            site.target(&found.post).our_names().find(|target| target.value() == shown)?.file()
        }
        Hero::Missing | Hero::Card { .. } | Hero::Unresolved { .. } => return None,
    };
    let nothing = String::new;
    let post = found.post.path().to_owned();
    let (branch, alt, prompt) = (nothing(), nothing(), nothing());
    Some(OutboxEntry { post, branch, alt, prompt, anew: false, digest: None, picture: file })
}

/// The picture, if it is one of ours for this very post and the branch lacks it.
async fn one(
    publisher: &Publisher,
    site: &Site,
    found: &Found,
    kept: OutboxEntry,
    tidy: bool,
) -> Result<Option<Unpublished>, Trouble> {
    let path = found.post.path();
    let there = match publisher.waiting().contains_key(path) {
        true => None,
        false => Some(publisher.there(path).await.map_err(anyhow::Error::from)?),
    };
    let (text, is_settled) = match there {
        None => (String::new(), true),
        Some(There::Settled(text)) => (text, true),
        Some(There::Lacking(text)) => (text, false),
        Some(There::Absent) => return Ok(None),
    };
    let post = Post::parse(path, text.as_bytes(), site.dialect());
    let asks = |post: &Post| post.regenerate().is_some();
    let asks_there = post.as_ref().is_ok_and(asks);
    // The new picture that the branch still asks for is this one.
    let answers = kept.anew && asks_there;
    if is_settled && !answers {
        if tidy && kept.branch == publisher.base() {
            publisher.outbox().clear(&kept.picture);
        }
        return Ok(None);
    }
    let Ok(post) = post else { return Ok(None) };
    let wanted_anew = !answers && (asks_there || asks(&found.post));
    let its_own = site.target(&post).our_names().any(|target| target.file() == kept.picture);
    let bytes = publisher.outbox().picture(&kept, |bytes| provenance::read(bytes).is_some());
    let Some((bytes, marks)) = bytes.and_then(|bytes| provenance::read(&bytes).map(|marks| (bytes, marks)))
    else {
        return Ok(None);
    };
    if wanted_anew || !its_own {
        return Ok(None);
    }
    let to_make = marks.is_card() || !is_sound(path, bytes).await;
    // Alt text that stands in the workspace may be a person's by now.
    let alt = site
        .alt_field_of(&found.post)
        .as_deref()
        .and_then(|field| found.post.text(field))
        .map(|alt| alt.into_owned());
    let alt = alt.or_else(|| Some(kept.alt.clone()).filter(|alt| is_alt(alt))).unwrap_or_default();
    Ok(Some(Unpublished { kept: OutboxEntry { alt, ..kept }, to_make, post, text }))
}

/// Whether a picture of ours is still good, since it may come from anywhere by now.
async fn is_sound(post: &str, bytes: Vec<u8>) -> bool {
    let judged = tokio::task::spawn_blocking(move || truth::examine_cut(&bytes).err()).await;
    match judged {
        Ok(None) => true,
        Ok(Some(flaw)) => {
            warn!("{post}: the picture kept from an earlier run is not used, because {flaw}");
            false
        }
        Err(_) => false,
    }
}
