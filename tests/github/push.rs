//! Pushes: what is looked at, and one commit that holds nothing else.

use super::{github, has_picture, push, run};

// B-57
#[test]
fn a_push_with_one_changed_post_becomes_one_verified_commit_of_post_and_picture() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let before = github.head("main").unwrap();
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    let head = github.show(&github.head("main").unwrap()).unwrap();
    assert_eq!(head.parents, std::slice::from_ref(&before));
    assert!(head.signed);
    assert!(has_picture(&github, "main", "harbour"));
    let changed = github.git(&["diff", "--name-status", &before, "main"]);
    assert_eq!(changed.lines().count(), 2, "{changed}");
    assert!(changed.contains("M\tposts/harbour.md"), "{changed}");
}
