//! Which file is the picture of a post: its name is as short as that of no other post allows.

use std::collections::HashSet;

use jiff::Timestamp;

use super::Site;
use super::target::{NameForm, PictureTarget, Place, join, plain};
use crate::post::front_matter::Reader;
use crate::post::{Post, path};

/// Picture files that two posts would share, whatever their dates, though they are not the same in two languages.
#[derive(Debug, Default)]
pub(super) struct SharedNames {
    /// In the first form of their name.
    own: HashSet<String>,
    /// In the second, as far as one of them would have that.
    with_folder: HashSet<String>,
}

impl Site {
    /// Where the picture of this post goes. Posts that would share a name each get a longer one, so that none
    /// depends on the order of the others.
    pub fn target(&self, post: &Post) -> PictureTarget {
        self.target_of(post.path(), PlaceWords::of(post))
    }

    fn target_of(&self, post: &str, said: PlaceWords<'_>) -> PictureTarget {
        let shared = self.shared.get_or_init(|| self.shared_names());
        let form = if !shared.own.contains(&self.undated(post, NameForm::Own)) {
            NameForm::Own
        } else if !shared.with_folder.contains(&self.undated(post, NameForm::WithFolder)) {
            NameForm::WithFolder
        } else {
            NameForm::Hashed
        };
        self.target_in(post, said, form)
    }

    /// Every picture that this program would make for this post, or would have made while its name was another's
    /// too or was not.
    pub fn our_targets(&self, post: &Post) -> impl Iterator<Item = PictureTarget> {
        let forms = NameForm::ALL.map(|form| self.target_in(post.path(), PlaceWords::of(post), form));
        forms.into_iter().flat_map(|target| target.our_names())
    }

    /// The post after which the picture of this one is named: itself, or the original of which it is a
    /// translation. All that share one have the same.
    pub fn original<'a>(&'a self, post: &'a str) -> &'a str {
        self.translations.original(post)
    }

    /// The same post in other languages.
    pub fn translations<'a>(&'a self, post: &'a str) -> impl Iterator<Item = &'a str> {
        self.translations.others(post)
    }

    fn shared_names(&self) -> SharedNames {
        // On one core: who waits for another core's share may meanwhile be handed a post that needs to know
        // these very names.
        let posts = || self.posts.iter().chain(&self.neighbours);
        let all: Vec<_> = posts().map(|post| self.owned(post, NameForm::Own)).collect();
        let own = shared(all.iter());
        let longer = posts().filter(|post| own.contains(&self.undated(post, NameForm::Own)));
        let longer: Vec<_> = longer.map(|post| self.owned(post, NameForm::WithFolder)).collect();
        let settled = all.iter().filter(|(file, _)| !own.contains(file));
        let with_folder = shared(settled.chain(&longer));
        SharedNames { own, with_folder }
    }

    /// The files that stand here under our names for this post's picture, relative to the root.
    pub fn pictures_of(&self, post: &str) -> impl Iterator<Item = String> {
        let asks = self.place_of(post).is_by_date() || self.dialect().reader == Reader::Jekyll;
        let found = asks.then(|| self.look(post).ok()).flatten();
        let said = found.as_ref().map(|found| PlaceWords::of(&found.post)).unwrap_or_default();
        let names = self.target_of(post, said).our_names();
        names.map(|target| target.file()).filter(|file| self.root().join(file).is_file())
    }

    fn target_in(&self, post: &str, said: PlaceWords<'_>, form: NameForm) -> PictureTarget {
        self.target_named(post, said, form.of(self.original(post)))
    }

    /// The file of a post's picture in this form of its name, and whose picture it is.
    fn owned<'a>(&'a self, post: &'a str, form: NameForm) -> (String, &'a str) {
        (self.undated(post, form), self.original(post))
    }

    fn undated(&self, post: &str, form: NameForm) -> String {
        self.target_in(post, PlaceWords::default(), form).file()
    }

    fn place_of(&self, post: &str) -> &Place {
        let bundle = self.conventions.bundle.as_ref().filter(|_| path::is_index(post));
        bundle.unwrap_or(&self.conventions.place)
    }

    fn target_named(&self, post: &str, said: PlaceWords<'_>, name: String) -> PictureTarget {
        let (extension, named) = (self.options.extension, (post, said.date));
        if let Some(stem) = self.conventions.file.as_ref().filter(|_| path::is_index(post)) {
            return PictureTarget::new(&Place::new("{dir}", "{file}"), named, stem.clone(), extension);
        }
        let is_open = self.options.image_dir.is_none() && self.options.image_path.is_none();
        let own = said.folder.filter(|_| is_open);
        let own = own.map(|folder| Place::new(&join(self.folder(), &plain(folder)), "{file}"));
        let place = own.as_ref().unwrap_or_else(|| self.place_of(post));
        let target = PictureTarget::new(place, named, name, extension);
        target.spelled(|folder| self.spelling.of(folder))
    }
}

/// What a post says itself of the place of its picture.
#[derive(Debug, Clone, Copy, Default)]
struct PlaceWords<'p> {
    date: Option<Timestamp>,
    /// The folder that is put in front of every picture that it names.
    folder: Option<&'p str>,
}

impl<'p> PlaceWords<'p> {
    fn of(post: &'p Post) -> Self {
        Self { date: post.date(), folder: post.media_folder() }
    }
}

/// The files that are of several posts.
fn shared<'a>(files: impl Iterator<Item = &'a (String, &'a str)>) -> HashSet<String> {
    let mut files: Vec<_> = files.collect();
    files.sort_unstable();
    files.dedup();
    let of_one_file = files.chunk_by(|(a, _), (b, _)| a == b);
    of_one_file.filter(|same| same.len() > 1).map(|same| same[0].0.clone()).collect()
}
