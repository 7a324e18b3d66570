//! Real generators build real sites: before a run no page shows a picture, after it the post's page does.
//! `.ci/install-generators` installs them; a plain `cargo test` cannot know of them, so these tests are ignored there.

mod page;
mod sites;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::action::Action;
use crate::support::{images, posts};

/// Where `.ci/install-generators` puts what it installs.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/generators")
}

/// A small site of one post, as its generator's users write them.
struct Site {
    /// Path and text of every file.
    files: &'static [(&'static str, &'static str)],
    /// The post, below the site's folder.
    post: &'static str,
    /// What builds it: a program below [`tools`] or on the `PATH`, and its arguments.
    build: &'static [&'static str],
    /// The folder that a web server would serve.
    built: &'static str,
    /// The post's page below it.
    page: &'static str,
}

impl Site {
    fn build(&self, root: &Path) -> String {
        let [program, args @ ..] = self.build else { panic!("nothing builds it") };
        let installed = tools().join(program);
        let program = if installed.exists() { installed } else { PathBuf::from(program) };
        let mut build = Command::new(&program);
        build.args(args).current_dir(root).env("ASTRO_TELEMETRY_DISABLED", "1").stdin(Stdio::null());
        let output = build.output().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}");
        let page = root.join(self.built).join(self.page);
        std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}\n{said}", page.display()))
    }

    /// Mode `check`, asked about the built site, ends with this code and finds this of the post.
    fn is_checked(&self, root: &Path, code: i32, finding: &str) {
        let check = Action::in_actions(root).input("mode", "check").input("built", self.built).run();
        assert_eq!(
            (check.code, check.status(self.post).as_str()),
            (Some(code), finding),
            "{}",
            check.everything()
        );
    }

    /// The post gets its picture, and its page shows just this file.
    fn shows_what_a_run_makes(&self) {
        let blog = posts::blog(self.files);
        let modules = tools().join("node_modules");
        if modules.exists() {
            std::os::unix::fs::symlink(&modules, blog.path().join("node_modules")).unwrap();
        }
        let built = blog.path().join(self.built);
        let before = self.build(blog.path());
        assert_eq!(page::pictures(&before, self.page, &built), Vec::<PathBuf>::new(), "{before}");

        self.is_checked(blog.path(), 1, "missing");

        let service = images::cloudflare();
        let finished = Action::in_actions(blog.path()).cloudflare(&service).run();
        assert_eq!(finished.code, Some(0), "{}", finished.everything());
        assert_eq!(finished.status(self.post), "generated", "{}", finished.everything());
        let image = finished.post(self.post)["image"].as_str().map(|path| blog.path().join(path)).unwrap();

        // The site that was built before does not have it yet.
        self.is_checked(blog.path(), 1, "hidden");
        let after = self.build(blog.path());
        let shown = page::pictures(&after, self.page, &built);
        assert_eq!(shown.len(), 1, "{after}");
        assert_eq!(std::fs::read(&shown[0]).unwrap(), std::fs::read(image).unwrap(), "{after}");

        self.is_checked(blog.path(), 0, "unchanged");

        let again = Action::in_actions(blog.path()).cloudflare(&service).run();
        assert_eq!((again.code, service.count()), (Some(0), 1), "{}", again.everything());
    }
}

macro_rules! visible {
    ($($name:ident: $site:expr;)*) => {$(
        #[test]
        #[ignore = "needs the generators that `.ci/install-generators` installs"]
        fn $name() {
            $site.shows_what_a_run_makes();
        }
    )*};
}

visible! {
    a_hugo_site_shows_the_picture: sites::HUGO;
    a_hugo_site_shows_it_where_its_other_posts_have_theirs: sites::HUGO_COVER;
    a_jekyll_site_shows_the_picture: sites::JEKYLL;
    an_astro_site_shows_the_picture: sites::ASTRO;
    an_eleventy_site_shows_the_picture: sites::ELEVENTY;
    a_hexo_site_shows_the_picture: sites::HEXO;
    a_pelican_site_shows_the_picture: sites::PELICAN;
}
