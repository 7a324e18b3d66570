//! Real generators build real sites: before a run the post's page shows no picture of it, after it it does.
//! `.ci/install-generators` installs them; a plain `cargo test` cannot know of them, so these tests are ignored there.

mod page;
mod sites;
mod skipping;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use image::imageops::FilterType;

use crate::support::action::Action;
use crate::support::{images, posts};
use page::Spot;

/// Where `.ci/install-generators` puts what it installs for a generator.
fn tools(generator: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/generators").join(generator)
}

/// How the picture is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The page shows the very file.
    OnPage,
    /// The page shows a file that the build made of it.
    Remade,
    /// Link previews have it or what the build made of it, and that is said.
    InPreviews,
}

/// A small site of one post, as its generator's users write them.
struct Site {
    /// By the name that the input `site` takes.
    generator: &'static str,
    /// Path and text of every file.
    files: &'static [(&'static str, &'static str)],
    /// How its picture is met.
    seen: Seen,
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
    /// Builds it; the pictures of the post's page.
    fn build(&self, root: &Path) -> BTreeSet<PathBuf> {
        let [program, args @ ..] = self.build else { panic!("nothing builds it") };
        let folders = ["bin", "node_modules/.bin"].map(|folder| tools(self.generator).join(folder));
        let installed = folders.iter().map(|folder| folder.join(program)).find(|file| file.exists());
        let program = installed.unwrap_or_else(|| PathBuf::from(program));
        let mut build = Command::new(&program);
        build.args(args).current_dir(root).stdin(Stdio::null());
        for off in ["ASTRO_TELEMETRY_DISABLED", "NEXT_TELEMETRY_DISABLED", "NO_MKDOCS_2_WARNING"] {
            build.env(off, "1");
        }
        let output = build.output().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}");
        let built = root.join(self.built);
        let page = built.join(self.page);
        let html = std::fs::read_to_string(&page)
            .unwrap_or_else(|error| panic!("{}: {error}\n{said}", page.display()));
        let spot = if self.seen == Seen::InPreviews { Spot::Preview } else { Spot::Page };
        page::pictures(&html, spot, self.page, &built)
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
        if code == 0 {
            let in_previews = check.report()["check"]["preview"] == 1;
            assert_eq!(in_previews, self.seen == Seen::InPreviews, "{}", check.everything());
        }
    }

    /// The post gets its picture, and its page shows just this one more than before.
    fn shows_what_a_run_makes(&self) {
        if !tools(self.generator).join("installed").exists() {
            println!("skipped: {} is not installed", self.generator);
            return;
        }
        let blog = posts::blog(self.files);
        let root = blog.path();
        let modules = tools(self.generator).join("node_modules");
        if modules.exists() {
            std::os::unix::fs::symlink(&modules, root.join("node_modules")).unwrap();
        }
        let before = self.build(root);
        self.is_checked(root, 1, "missing");

        let service = images::cloudflare();
        let finished = Action::in_actions(root).cloudflare(&service).run();
        assert_eq!(finished.code, Some(0), "{}", finished.everything());
        assert_eq!(finished.status(self.post), "generated", "{}", finished.everything());
        let said = finished.log.contains("link previews");
        assert_eq!(said, self.seen == Seen::InPreviews, "{}", finished.everything());
        let image = finished.post(self.post)["image"].as_str().map(|path| root.join(path)).unwrap();

        // The site that was built before does not have it yet.
        self.is_checked(root, 1, "hidden");
        let after = self.build(root);
        let new: Vec<_> = after.difference(&before).collect();
        assert_eq!(new.len(), 1, "{before:?} {after:?}\n{}", finished.everything());
        let is_same = match self.seen {
            Seen::OnPage => std::fs::read(new[0]).unwrap() == std::fs::read(&image).unwrap(),
            Seen::Remade | Seen::InPreviews => difference(new[0], &image) < 4.0,
        };
        assert!(is_same, "{} is another picture", new[0].display());

        self.is_checked(root, 0, "unchanged");

        let again = Action::in_actions(root).cloudflare(&service).run();
        assert_eq!((again.code, service.count()), (Some(0), 1), "{}", again.everything());
    }
}

/// How far two pictures are apart: the mean over small copies of them, of 255.
fn difference(a: &Path, b: &Path) -> f64 {
    let small = |file: &Path| image::open(file).unwrap().resize_exact(32, 16, FilterType::Triangle).to_rgb8();
    let (a, b) = (small(a), small(b));
    let apart: u32 = a.iter().zip(b.iter()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    f64::from(apart) / f64::from(32 * 16 * 3)
}

macro_rules! visible {
    ($($name:ident: $site:expr;)*) => {
        $(
            #[test]
            #[ignore = "needs the generators that `.ci/install-generators` installs"]
            fn $name() {
                $site.shows_what_a_run_makes();
            }
        )*

        /// All of them.
        const SITES: &[Site] = &[$($site),*];
    };
}

visible! {
    a_hugo_site_shows_the_picture: sites::HUGO;
    a_hugo_site_shows_it_where_its_other_posts_have_theirs: sites::HUGO_COVER;
    a_hugo_site_shows_a_smaller_copy_of_it: sites::HUGO_RESIZED;
    a_hugo_site_shows_the_file_of_a_bundle: sites::HUGO_BUNDLE;
    a_hugo_site_whose_layouts_read_no_field_shows_it_in_the_text: sites::HUGO_SILENT;
    a_jekyll_site_shows_the_picture: sites::JEKYLL;
    a_jekyll_site_shows_the_picture_of_its_header: sites::JEKYLL_HEADER;
    a_jekyll_site_shows_the_picture_of_a_mapping: sites::JEKYLL_PATH;
    a_jekyll_site_whose_layouts_read_no_field_shows_it_in_the_text: sites::JEKYLL_SILENT;
    a_site_with_minima_gives_it_to_previews: sites::MINIMA;
    an_astro_site_shows_the_picture: sites::ASTRO;
    an_astro_site_shows_a_smaller_copy_of_it: sites::ASTRO_IMAGE;
    an_astro_site_below_a_path_shows_the_picture: sites::ASTRO_BASE;
    a_docusaurus_site_shows_the_picture: sites::DOCUSAURUS;
    an_eleventy_site_shows_the_picture: sites::ELEVENTY;
    an_eleventy_site_with_a_layout_in_liquid_shows_the_picture: sites::ELEVENTY_LIQUID;
    a_hexo_site_shows_the_picture: sites::HEXO;
    a_hexo_site_with_a_layout_in_pug_shows_the_picture: sites::HEXO_PUG;
    a_site_with_landscape_shows_the_picture: sites::LANDSCAPE;
    a_site_with_next_shows_the_picture: sites::NEXT_THEME;
    a_site_with_butterfly_shows_the_picture: sites::BUTTERFLY;
    a_site_with_fluid_shows_the_picture: sites::FLUID;
    a_site_with_icarus_shows_the_picture: sites::ICARUS;
    an_export_of_nextjs_shows_the_picture: sites::NEXT;
    an_export_of_nextjs_with_a_component_shows_the_picture: sites::NEXT_COMPONENT;
    a_vitepress_site_shows_the_picture: sites::VITEPRESS;
    a_vitepress_site_with_a_layout_of_its_own_shows_the_picture: sites::VITEPRESS_LAYOUT;
    a_site_with_material_for_mkdocs_shows_the_picture: sites::MATERIAL;
    a_nikola_site_gives_it_to_previews: sites::NIKOLA;
    a_nikola_site_that_sets_no_folder_for_pictures_gives_it_to_previews: sites::NIKOLA_UNSET;
    a_nikola_site_that_publishes_files_only_gives_it_to_previews: sites::NIKOLA_FILES;
    a_pelican_site_shows_the_picture: sites::PELICAN;
    a_site_with_notmyidea_shows_the_picture: sites::NOTMYIDEA;
    a_site_with_reflex_gives_it_to_previews: sites::REFLEX;
}

/// The words between two others of a page, at their first places.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map(|(found, _)| found).unwrap()
}

#[test]
fn the_pages_name_just_the_generators_that_are_built() {
    let built: BTreeSet<String> = SITES.iter().map(|site| format!("`{}`", site.generator)).collect();
    for (file, before) in [
        ("README.md", "Proven on sites that its tests build with "),
        ("docs/sites.md", "Built for real in the tests (`tests/visible`): "),
    ] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let named: BTreeSet<String> = between(&text, before, ".")
            .split([',', ' '])
            .filter(|word| word.starts_with('`'))
            .map(str::to_owned)
            .collect();
        assert_eq!(named, built, "{file}");
    }
}
