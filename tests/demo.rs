//! The sample blog of mode `demo`: it has a post of every kind, and one run is enough for it.

use std::fs;
use std::path::Path;

use image_fallback::demo::unpack;
use image_fallback::plan::{Decision, Options, Plan, Scope};
use image_fallback::post::eligibility::Rule;
use image_fallback::post::front_matter;
use image_fallback::site::{Sites, SitesOptions};
use image_fallback::write;

fn unpacked() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    unpack(folder.path()).unwrap();
    folder
}

fn planned(folder: &Path) -> (Sites, Plan) {
    let (sites, found) = Sites::open(folder, &SitesOptions::default()).unwrap();
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let plan = Plan::new(
        &found,
        &sites,
        &Options {
            max_images: 10,
            now,
            scope: Scope::All,
            waiting: Default::default(),
            absent: Vec::new(),
            recovered: Default::default(),
            submodules: Default::default(),
            cards_only: true,
            redraw: false,
            shard: None,
        },
    );
    (sites, plan)
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
    let kinds: Vec<_> = plan.left_out.iter().map(|seen| &seen.decision).collect();
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
        plan.left_out
    );
    assert_eq!((plan.published, plan.missing), (9, 7));
}

#[tokio::test]
async fn after_one_run_nothing_is_left_to_do() {
    let folder = unpacked();
    let tree = write::Tree::open(folder.path()).unwrap();
    let (site, plan) = planned(folder.path());
    for task in &plan.tasks {
        let (post, text) = site.read(task.post.path()).unwrap();
        let reader = post.front_matter().unwrap().reader;
        let mut slot =
            tree.claim(post.path(), task.target.names().map(|target| target.file()), |_| false).unwrap();
        assert_eq!(slot.number(), 0, "{}", post.path());
        slot.fill(b"a picture").await.unwrap();
        let edited =
            front_matter::edit(&text, reader, &task.changes(&task.target.value(), &task.title)).unwrap();
        tree.write_blocking(write::NewFile { path: post.path(), bytes: edited.as_bytes() }).unwrap();
        slot.keep();
    }
    let (_, after) = planned(folder.path());
    assert!(after.tasks.is_empty(), "{:#?}", after.tasks);
    assert_eq!((after.published, after.missing), (9, 0));
    let crlf =
        fs::read_to_string(folder.path().join("content/posts/letters-from-the-pilot-boat.md")).unwrap();
    assert_eq!(crlf.matches('\n').count(), crlf.matches("\r\n").count());
}
