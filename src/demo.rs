//! The sample blog of the mode `demo`: ten ordinary posts of a Hugo site, one of each kind that a run
//! has to tell apart. It is part of the binary, so that the demo needs nothing but a folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

macro_rules! sample {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_bytes!(concat!("../demo/", $path)).as_slice())),*]
    };
}

/// Path within the blog and content of each file.
const FILES: [(&str, &[u8]); 14] = sample![
    "content/posts/_index.md",
    "content/posts/a-new-engine.md",
    "content/posts/aero-and-the-quiet-harbour.md",
    "content/posts/fog-signals.md",
    "content/posts/letters-from-the-pilot-boat.md",
    "content/posts/mending-nets.md",
    "content/posts/reading-the-tide-table.md",
    "content/posts/regatta-day.md",
    "content/posts/the-eclipse-of-2099.md",
    "content/posts/the-keepers-garden.md",
    "content/posts/winter-storms/index.md",
    "content/travel/north-by-ferry.md",
    "hugo.toml",
    "static/images/lighthouse.jpg",
];

/// Unpacks the blog into a folder, which need not exist.
///
/// # Errors
/// When the system refuses, or one of the files is there already: nothing is overwritten.
pub fn unpack(folder: &Path) -> io::Result<()> {
    for (path, bytes) in FILES {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        File::create_new(path)?.write_all(bytes)?;
    }
    Ok(())
}

/// Unpacks the blog into a new temporary folder, which stays when the program ends.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_new() -> io::Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix("image-fallback-demo-").tempdir()?.keep();
    unpack(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Decision, Options, Plan, Scope};
    use crate::post::eligibility::Rule;
    use crate::post::front_matter;
    use crate::site::{self, Site};
    use crate::write;

    fn unpacked() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        folder
    }

    fn planned(folder: &Path) -> (Site, Plan) {
        let mut site = Site::detect(folder, site::Options::default()).unwrap();
        let found = site.discover().unwrap();
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let plan = Plan::new(
            found,
            &site,
            &Options {
                max_images: 10,
                now,
                scope: Scope::All,
                waiting: Default::default(),
                absent: Vec::new(),
            },
        );
        (site, plan)
    }

    #[test]
    fn every_file_of_the_sample_blog_is_unpacked() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
        let folder = unpacked();
        let mut files = 0;
        for entry in ignore::WalkBuilder::new(&source).standard_filters(false).build() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let path = entry.path().strip_prefix(&source).unwrap();
                assert_eq!(
                    fs::read(entry.path()).unwrap(),
                    fs::read(folder.path().join(path)).unwrap(),
                    "{path:?}"
                );
                files += 1;
            }
        }
        assert_eq!(files, FILES.len());
    }

    #[test]
    fn nothing_is_overwritten() {
        assert_eq!(unpack(unpacked().path()).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn the_sample_blog_has_a_post_of_every_kind() {
        let folder = unpacked();
        let (_, plan) = planned(folder.path());
        let tasks: Vec<_> = plan.tasks.iter().map(|task| task.post.path()).collect();
        assert_eq!(
            tasks,
            [
                "content/travel/north-by-ferry.md",
                "content/posts/aero-and-the-quiet-harbour.md",
                "content/posts/reading-the-tide-table.md",
                "content/posts/fog-signals.md",
                "content/posts/mending-nets.md",
                "content/posts/letters-from-the-pilot-boat.md",
                "content/posts/winter-storms/index.md",
            ]
        );
        let kinds: Vec<_> = plan.seen.iter().map(|seen| &seen.decision).collect();
        assert!(
            matches!(
                kinds[..],
                [
                    Decision::Skipped(Rule::Draft),
                    Decision::Unresolved { .. },
                    Decision::Skipped(Rule::Future(_)),
                    Decision::Unchanged,
                ]
            ),
            "{:#?}",
            plan.seen
        );
        assert_eq!((plan.published, plan.missing), (9, 7));
    }

    #[test]
    fn after_one_run_nothing_is_left_to_do() {
        let folder = unpacked();
        let tree = write::Tree::open(folder.path()).unwrap();
        let (site, plan) = planned(folder.path());
        for task in &plan.tasks {
            let (post, text) = site.read(task.post.path()).unwrap();
            let reader = post.front_matter().unwrap().reader;
            let targets = || std::iter::successors(Some(task.target.clone()), |target| Some(target.next()));
            let number = tree.write_picture_and_post(
                post.path(),
                targets().map(|target| target.file()),
                b"a picture",
                |_| false,
                |number| {
                    let value = targets().nth(number).unwrap().value();
                    let edited =
                        front_matter::edit(&text, reader, &task.changes(&value, &task.title)).unwrap();
                    Ok::<_, write::Error>((post.path().to_owned(), edited.into_bytes()))
                },
            );
            assert_eq!(number.unwrap(), 0, "{}", post.path());
        }
        let (_, after) = planned(folder.path());
        assert!(after.tasks.is_empty(), "{:#?}", after.tasks);
        assert_eq!((after.published, after.missing), (9, 0));
        let crlf =
            fs::read_to_string(folder.path().join("content/posts/letters-from-the-pilot-boat.md")).unwrap();
        assert_eq!(crlf.matches('\n').count(), crlf.matches("\r\n").count());
    }
}
