use std::fs;
use std::path::Path;

use super::*;
use crate::post::Regenerate;
use crate::post::front_matter::{Change, FieldValue};
use crate::site;

fn plan_with(files: &[(&str, &str)], max_images: usize, scope: Scope) -> (Plan, tempfile::TempDir) {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let plan = plan_of(root.path(), max_images, scope);
    (plan, root)
}

fn plan_of(root: &Path, max_images: usize, scope: Scope) -> Plan {
    plan_of_posts(root, &[], max_images, scope)
}

fn plan_of_posts(root: &Path, posts: &[&str], max_images: usize, scope: Scope) -> Plan {
    planned(root, posts, Options { max_images, scope, ..options() })
}

fn options() -> Options {
    Options {
        max_images: 10,
        now: "2026-11-20T12:00:00Z".parse().unwrap(),
        scope: Scope::All,
        waiting: Default::default(),
        absent: Vec::new(),
        recovered: Default::default(),
        submodules: Default::default(),
        cards_only: false,
        redraw: false,
        shard: None,
    }
}

fn planned(root: &Path, posts: &[&str], options: Options) -> Plan {
    let posts = posts.iter().map(|&glob| glob.to_owned()).collect();
    let wanted = site::Options { posts, ..site::Options::default() }.into();
    let (sites, found) = Sites::open(root, &wanted).unwrap();
    Plan::new(&found, &sites, &options)
}

fn tasks(plan: &Plan) -> Vec<&str> {
    plan.tasks.iter().map(|task| task.post.path()).collect()
}

fn decision<'a>(plan: &'a Plan, path: &str) -> &'a Decision {
    &plan.left_out.iter().find(|left_out| left_out.path == path).unwrap().decision
}

// B-50
#[test]
fn the_newest_come_first_across_folders() {
    let (plan, _root) = plan_with(
        &[
            ("posts/a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n"),
            ("posts/2026-03-03-b.md", "---\ntitle: B\n---\n"),
            ("blog/c.md", "---\ntitle: C\ndate: 2026-02-02\n---\n"),
            ("blog/e.md", "---\ntitle: E\n---\n"),
            ("blog/d.md", "---\ntitle: D\n---\n"),
        ],
        10,
        Scope::All,
    );
    assert_eq!(tasks(&plan), ["posts/2026-03-03-b.md", "blog/c.md", "posts/a.md", "blog/d.md", "blog/e.md"]);
}

// B-58
#[test]
fn what_is_beyond_the_limit_is_pending() {
    let (plan, _root) = plan_with(
        &[
            ("posts/a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n"),
            ("posts/b.md", "---\ntitle: B\ndate: 2026-02-02\n---\n"),
        ],
        1,
        Scope::All,
    );
    assert_eq!(tasks(&plan), ["posts/b.md"]);
    assert_eq!(*decision(&plan, "posts/a.md"), Decision::Pending { max_images: 1 });
    assert_eq!((plan.published, plan.missing), (2, 2));
}

#[test]
fn a_flat_post_that_needs_no_field_needs_no_front_matter() {
    let single = "{{ with .Resources.GetMatch .Params.cover }}<img src=\"{{ .RelPermalink }}\">{{ end }}";
    let (plan, _root) = plan_with(
        &[
            ("hugo.toml", ""),
            ("layouts/single.html", single),
            ("content/posts/a/index.md", "# A\n\nText\n"),
            ("content/posts/b.md", "# B\n\nText\n"),
        ],
        10,
        Scope::All,
    );
    // The judge that publishing asks says the same of both.
    assert_eq!(tasks(&plan), ["content/posts/b.md"]);
    assert_eq!(*decision(&plan, "content/posts/a/index.md"), Decision::Skipped(Rule::NoFrontMatter));
}

#[test]
fn every_other_post_has_its_reason() {
    let (plan, root) = plan_with(
        &[
            ("static/images/x.png", ""),
            ("posts/has.md", "---\ntitle: A\nimage: /images/x.png\n---\n"),
            ("posts/cdn.md", "---\ntitle: A\nimage: https://cdn.example/x.png\n---\n"),
            ("posts/draft.md", "---\ntitle: A\ndraft: true\n---\n"),
            ("posts/future.md", "---\ntitle: A\ndate: 2099-01-01\n---\n"),
            ("posts/bare.md", "# A title\n\nand no front matter\n"),
            ("posts/open.md", "---\ntitle: A\n"),
        ],
        10,
        Scope::All,
    );
    assert_eq!(tasks(&plan), Vec::<&str>::new());
    assert_eq!(*decision(&plan, "posts/has.md"), Decision::Unchanged);
    assert!(matches!(decision(&plan, "posts/cdn.md"), Decision::Unresolved { .. }));
    assert_eq!(*decision(&plan, "posts/draft.md"), Decision::Skipped(Rule::Draft));
    assert!(matches!(decision(&plan, "posts/future.md"), Decision::Skipped(Rule::Future(_))));
    assert_eq!(*decision(&plan, "posts/bare.md"), Decision::Skipped(Rule::NoFrontMatter));
    let Decision::Unreadable(reason) = decision(&plan, "posts/open.md") else { panic!("it is not closed") };
    assert_eq!(reason.to_string(), "the front matter is never closed; add the closing `---` line");
    assert_eq!((plan.published, plan.missing), (3, 1));
    // Deciding again from the same content decides alike.
    assert_eq!(plan_of(root.path(), 10, Scope::All).left_out, plan.left_out);
}

#[test]
fn a_future_post_is_a_candidate_when_it_is_named_or_changed() {
    let files =
        [("posts/a.md", "---\ntitle: A\ndate: 2099-01-01\n---\n"), ("posts/b.md", "---\ntitle: B\n---\n")];
    let (changed, root) = plan_with(&files, 10, Scope::These(["posts/a.md".to_owned()].into()));
    let named = |posts: &[&str]| plan_of_posts(root.path(), posts, 10, Scope::All);
    assert_eq!(tasks(&named(&["posts/a.md", "posts/b.md"])), ["posts/a.md", "posts/b.md"]);
    for merely_matched in ["posts/**", "posts/?.md", "posts"] {
        assert_eq!(tasks(&named(&[merely_matched])), ["posts/b.md"], "{merely_matched}");
    }
    assert_eq!((tasks(&changed), changed.left_out.len()), (vec!["posts/a.md"], 0));
    assert_eq!(
        (changed.published, changed.missing),
        (1, 1),
        "coverage counts the posts outside the scope too"
    );
}

// B-60
#[test]
fn the_flag_makes_a_candidate_of_a_post_that_has_its_picture() {
    let (plan, _root) = plan_with(
        &[
            ("static/images/a.jpg", ""),
            ("static/images/mine.jpg", ""),
            (
                "posts/a.md",
                "---\ntitle: A\nimage: /images/a.jpg\nregenerate_image: true\nimage_prompt: P\nimage_model: m\n---\n",
            ),
            (
                "posts/b.md",
                "---\ntitle: B\nimage: /images/mine.jpg\nregenerate_image: redraw\nimage_prompt: P\nimage_model: m\n---\n",
            ),
            (
                "posts/c.md",
                "---\ntitle: C\nimage: https://cdn.example/c.png\nregenerate_image: \"yes\"\nimage_prompt: P\n---\n",
            ),
        ],
        10,
        Scope::All,
    );
    let [a, b, c] = &plan.tasks[..] else { panic!("three tasks") };
    assert_eq!(
        (a.target.file(), a.replaces.as_deref()),
        ("static/images/a.jpg".into(), Some("static/images/a.jpg"))
    );
    assert_eq!(
        (b.target.file(), b.replaces.as_deref()),
        ("static/images/b.jpg".into(), Some("static/images/mine.jpg"))
    );
    assert_eq!((c.regenerate, c.replaces.as_deref()), (Some(Regenerate::New), None));
    let fields =
        |task: &Task| task.changes("/v.jpg", "").into_iter().map(|change| change.field).collect::<Vec<_>>();
    assert_eq!(
        fields(a),
        ["image", "regenerate_image", "image_prompt"],
        "b_63: our cached prompt is cleared"
    );
    assert_eq!(fields(b), ["image", "regenerate_image"], "a redraw keeps the prompt");
    assert_eq!(fields(c), ["image", "regenerate_image"], "the author's prompt stays");
    assert_eq!(plan.missing, 0);
}

#[test]
fn the_flag_makes_no_candidate_of_a_post_with_a_picture_where_there_are_only_cards() {
    let flagged = |image| format!("---\ntitle: A\n{image}regenerate_image: redraw\n---\n");
    let [there, cdn, none] =
        ["image: /images/x.jpg\n", "image: https://cdn.example/x.png\n", ""].map(flagged);
    let (drawn, root) = plan_with(
        &[
            ("static/images/x.jpg", ""),
            ("posts/there.md", &there),
            ("posts/cdn.md", &cdn),
            ("posts/none.md", &none),
        ],
        10,
        Scope::All,
    );
    assert_eq!(drawn.tasks.len(), 3);
    let kept: Vec<_> = drawn.tasks.iter().filter(|task| task.keeps).map(|task| task.post.path()).collect();
    assert_eq!(kept, ["posts/cdn.md", "posts/there.md"], "nor does a stand-in replace it");
    let mut cards = planned(root.path(), &[], Options { cards_only: true, ..options() });
    assert_eq!(tasks(&cards), ["posts/none.md"]);
    for path in ["posts/there.md", "posts/cdn.md"] {
        assert_eq!(*decision(&cards, path), Decision::Kept);
    }
    cards.leave_unseen(&Options { cards_only: true, ..options() }, |_| true);
    assert_eq!(*decision(&cards, "posts/none.md"), Decision::Kept, "its picture is not in the checkout");
    let mut drawn = drawn;
    drawn.leave_unseen(&options(), |_| true);
    assert!(drawn.tasks.len() == 3 && drawn.tasks.iter().all(|task| task.keeps));
}

// B-62
#[test]
fn the_flag_is_cleared_with_a_native_boolean() {
    let (plan, _root) =
        plan_with(&[("posts/a.md", "---\ntitle: A\nregenerate_image: \"true\"\n---\n")], 1, Scope::All);
    let changes = plan.tasks[0].changes("/a.jpg", "A");
    assert_eq!(changes.last().unwrap().value, FieldValue::Bool(false));
}

#[test]
fn alt_text_that_is_there_stays() {
    let (plan, _root) = plan_with(
        &[
            ("posts/a.md", "---\ntitle: A\nimage_alt: Mine\n---\n"),
            ("posts/b.md", "---\ntitle: B\nimage_alt: \"\"\n---\n"),
        ],
        2,
        Scope::All,
    );
    let path = |field: &str, value| Change { field: field.to_owned(), value };
    assert_eq!(plan.tasks[0].changes("/a.jpg", "New"), [path("image", FieldValue::Path("/a.jpg".into()))]);
    assert_eq!(plan.tasks[1].changes("/b.jpg", "New")[1], path("image_alt", FieldValue::Text("New".into())));
}

#[test]
fn a_list_field_gets_an_item_and_a_mapping_its_file_key() {
    let (hugo, _root) =
        plan_with(&[("hugo.toml", ""), ("content/p/a.md", "+++\ntitle = \"A\"\n+++\n")], 1, Scope::All);
    assert_eq!(
        hugo.tasks[0].changes("/a.jpg", ""),
        [Change { field: "images".into(), value: FieldValue::Item("/a.jpg".into()) }]
    );
    let (mapping, _root) =
        plan_with(&[("posts/a.md", "---\ntitle: A\nimage:\n  path: \"\"\n---\n")], 1, Scope::All);
    assert_eq!(mapping.tasks[0].changes("/a.jpg", "")[0].field, "image.path");
}

#[test]
fn no_task_takes_the_picture_of_another_post() {
    let (plan, _root) = plan_with(
        &[
            ("static/images/a.jpg", ""),
            ("posts/a.md", "---\ntitle: A\n---\n"),
            ("posts/other.md", "---\ntitle: B\nimage: /images/a.jpg\n---\n"),
            ("posts/a-2.md", "---\ntitle: C\n---\n"),
        ],
        10,
        Scope::All,
    );
    let files: Vec<_> = plan.tasks.iter().map(|task| (task.post.path(), task.target.file())).collect();
    assert_eq!(
        files,
        [("posts/a-2.md", "static/images/a-2.jpg".into()), ("posts/a.md", "static/images/a-3.jpg".into())]
    );
}

#[test]
fn shards_divide_the_posts_and_agree_on_the_names_of_pictures() {
    let names = ["a/reef", "b/reef", "c/reef", "cape", "dune", "fjord"];
    let files = names.map(|name| format!("posts/{name}.md"));
    let text = "---\ntitle: A\ndate: 2026-01-01\n---\n";
    let (_, root) = plan_with(&files.each_ref().map(|path| (path.as_str(), text)), 10, Scope::All);
    let files = |options: Options| {
        let plan = planned(root.path(), &[], options);
        plan.tasks.iter().map(|task| (task.post.path().to_owned(), task.picture())).collect::<Vec<_>>()
    };
    let mut whole = files(options());
    for most in [1, 10] {
        let shards = [1, 2, 3].map(|number| Shard::parse(&format!("{number}/3")));
        let mut parts = shards.map(|shard| files(Options { shard, max_images: most, ..options() })).concat();
        assert!(most == 10 || parts.len() < whole.len());
        parts.sort();
        whole.sort();
        assert!(parts.iter().all(|part| whole.contains(part)), "{parts:?} {whole:?}");
        assert!(most == 1 || parts == whole, "{parts:?} {whole:?}");
    }
}
