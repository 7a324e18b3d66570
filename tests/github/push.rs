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

#[test]
fn debug_words_show_of_every_call_to_github_its_answer_and_time_alone() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let run = super::run_with(&github, &event, |action| action.env("RUNNER_DEBUG", "1"));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    let told: Vec<&str> =
        run.finished.log.lines().filter_map(|line| line.strip_prefix("::debug::GitHub: ")).collect();
    let route = format!("/repos/{}/git/", github.repository());
    for (call, answer) in [
        (format!("POST {route}blobs"), "2xx"),
        (format!("GET {route}matching-refs/heads/image-fallback/main"), "2xx"),
        (format!("POST {route}trees"), "201"),
        (format!("POST {route}commits"), "201"),
        (format!("PATCH {route}refs/heads/main"), "200"),
    ] {
        let line = told.iter().find(|line| line.starts_with(&format!("{call}: ")));
        let line = line.unwrap_or_else(|| panic!("{call} is not among {told:#?}"));
        let time = line.strip_prefix(&format!("{call}: {answer} after ")).expect(line);
        assert!(time.strip_suffix(" s").is_some_and(|seconds| seconds.parse::<f64>().is_ok()), "{line}");
    }
    assert_eq!(told.len(), github.requests().len(), "{told:#?}");
    assert!(
        !told.iter().any(|line| line.contains(&github.token()) || line.contains("few words")),
        "{told:#?}"
    );
    let usual = super::run(&github, &push(&github, "main", &["lighthouse"]));
    assert!(!usual.finished.log.contains("GitHub: "), "{}", usual.finished.log);
}
