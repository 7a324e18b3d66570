use serde_json::json;

use super::*;

const OLD: &str = "1111111111111111111111111111111111111111";
const NEW: &str = "2222222222222222222222222222222222222222";
const ZERO: &str = "0000000000000000000000000000000000000000";

/// The event as the runner would tell it.
fn event(vars: &[(&str, &str)], payload: &Value) -> Event {
    Event::new(&Env::of(vars.iter().copied()), payload, None)
}

fn push(reference: &str, before: &str, after: &str) -> Event {
    let payload = json!({
        "ref": reference, "before": before, "after": after, "deleted": false, "head_commit": null,
        "repository": { "id": 7, "default_branch": "main" },
    });
    event(&[("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", reference)], &payload)
}

fn pull(name: &str, head_repo: &Value, login: &str) -> Event {
    let payload = json!({
        "action": "synchronize", "number": 5,
        "pull_request": {
            "number": 5, "user": { "login": login },
            "head": { "ref": "feat/x", "sha": NEW, "repo": head_repo },
            "base": { "ref": "main", "sha": OLD, "repo": { "id": 7 } },
        },
        "repository": { "id": 7, "default_branch": "main" },
    });
    event(&[("GITHUB_EVENT_NAME", name), ("GITHUB_REF", "refs/pull/5/merge")], &payload)
}

fn range(base: &str, head: &str) -> Changed {
    Changed::Compare(Range { base: base.into(), head: head.into() })
}

fn reason(event: &Event) -> &str {
    match &event.judgement {
        Judgement::StandDown(reason) => reason,
        Judgement::Proceed => "",
    }
}

#[test]
fn a_push_compares_before_with_after_and_lands_on_its_branch() {
    let event = push("refs/heads/posts/2026", OLD, NEW);
    assert_eq!((event.changed, event.auto), (range(OLD, NEW), AutoScope::Changed));
    assert_eq!(event.branch.as_deref(), Some("posts/2026"));
    assert_eq!(event.judgement, Judgement::Proceed);
}

#[test]
fn a_new_branch_is_compared_with_the_default_branch() {
    assert_eq!(push("refs/heads/feat", ZERO, NEW).changed, range("main", NEW));
}

#[test]
fn the_first_push_of_the_default_branch_changed_everything() {
    assert!(matches!(push("refs/heads/main", ZERO, NEW).changed, Changed::Everything(_)));
}

#[test]
fn no_commit_is_zeros_of_any_length() {
    let long = "0".repeat(64);
    assert!(matches!(push("refs/heads/main", &long, &"ab".repeat(32)).changed, Changed::Everything(_)));
    assert!(reason(&push("refs/heads/main", &"ab".repeat(32), &long)).contains("deleted"));
}

#[test]
fn a_deleted_ref_and_a_tag_are_left_alone() {
    assert!(reason(&push("refs/heads/old", OLD, ZERO)).contains("`refs/heads/old` was deleted"));
    assert!(reason(&push("refs/tags/v1", ZERO, NEW)).contains("a tag"));
}

#[test]
fn a_push_without_its_commits_is_unknown_and_not_everything() {
    let event = event(&[("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", "refs/heads/main")], &json!({}));
    let Changed::Unknown(why) = event.changed else { panic!("{:?}", event.changed) };
    assert!(why.contains("with act, an event file given by `--eventpath` does"), "{why}");
    assert_eq!(event.branch.as_deref(), Some("main"));
}

#[test]
fn a_new_branch_without_a_known_default_branch_is_unknown() {
    let payload = json!({ "ref": "refs/heads/feat", "before": ZERO, "after": NEW });
    let event = event(&[("GITHUB_EVENT_NAME", "push")], &payload);
    assert!(matches!(event.changed, Changed::Unknown(_)));
}

#[test]
fn a_pull_request_of_this_repository_compares_base_with_head_and_lands_on_its_head() {
    let event = pull("pull_request", &json!({ "id": 7 }), "ann");
    assert_eq!(event.judgement, Judgement::Proceed);
    assert_eq!(event.changed, range(OLD, NEW));
    assert_eq!(event.branch.as_deref(), Some("feat/x"));
    assert_eq!(event.pull_request, Some(5));
}

#[test]
fn forks_deleted_forks_and_dependabot_are_stood_down() {
    for (repo, login, word) in [
        (json!({ "id": 8 }), "eve", "fork"),
        (Value::Null, "eve", "fork"),
        (json!({ "name": "no id" }), "eve", "fork"),
        (json!({ "id": 7 }), "dependabot[bot]", "Dependabot"),
    ] {
        let event = pull("pull_request", &repo, login);
        assert!(reason(&event).contains(word), "{repo} {login}: {:?}", event.judgement);
    }
}

#[test]
fn a_stranger_behind_another_event_with_a_pull_request_is_stood_down_too() {
    assert!(reason(&pull("pull_request_review", &json!({ "id": 8 }), "eve")).contains("fork"));
}

#[test]
fn pull_request_target_and_merge_groups_are_stood_down_even_of_this_repository() {
    assert!(reason(&pull("pull_request_target", &json!({ "id": 7 }), "ann")).contains("pull_request_target"));
    let group = event(&[("GITHUB_EVENT_NAME", "merge_group")], &json!({ "merge_group": {} }));
    assert!(reason(&group).contains("merge queue"));
}

#[test]
fn a_closed_pull_request_is_left_alone() {
    let payload = json!({
        "action": "closed", "number": 5, "repository": { "id": 7 },
        "pull_request": { "head": { "repo": { "id": 7 } }, "base": { "repo": { "id": 7 } } },
    });
    assert!(reason(&event(&[("GITHUB_EVENT_NAME", "pull_request")], &payload)).contains("closed"));
}

#[test]
fn schedules_and_dispatches_look_at_all_posts_and_change_none() {
    for name in ["schedule", "workflow_dispatch", "repository_dispatch"] {
        let payload = json!({ "schedule": "0 3 * * *", "inputs": null });
        let event = event(&[("GITHUB_EVENT_NAME", name), ("GITHUB_REF", "refs/heads/main")], &payload);
        assert_eq!(event.auto, AutoScope::All);
        assert!(matches!(event.changed, Changed::Nothing(_)));
        assert_eq!((event.judgement, event.branch.as_deref()), (Judgement::Proceed, Some("main")));
    }
}

#[test]
fn a_dispatch_on_a_tag_has_no_branch_to_land_on() {
    let vars = [("GITHUB_EVENT_NAME", "workflow_dispatch"), ("GITHUB_REF", "refs/tags/v1")];
    assert_eq!(event(&vars, &json!({ "ref": "refs/tags/v1" })).branch, None);
}

#[test]
fn any_other_event_asks_for_a_scope_by_name() {
    let event = event(&[("GITHUB_EVENT_NAME", "workflow_run")], &json!({ "workflow_run": {} }));
    let AutoScope::Unclear(message) = &event.auto else { panic!("{:?}", event.auto) };
    assert!(message.contains("`workflow_run`") && message.contains("`scope: all`"));
    assert!(matches!(event.changed, Changed::Unknown(_)));
}

#[test]
fn outside_actions_all_posts_are_looked_at() {
    let event = event(&[], &Value::Null);
    assert_eq!((event.auto, event.judgement), (AutoScope::All, Judgement::Proceed));
}

#[test]
fn fields_of_another_shape_are_fields_that_are_missing() {
    let payload = json!({ "ref": 5, "before": [], "after": {}, "repository": "x", "pull_request": "y", "deleted": "z" });
    let push = event(&[("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", "refs/heads/main")], &payload);
    assert_eq!((push.judgement, push.branch.as_deref()), (Judgement::Proceed, Some("main")));
    let pull = event(&[("GITHUB_EVENT_NAME", "pull_request")], &payload);
    assert!(reason(&pull).contains("fork"));
}

#[test]
fn an_event_file_that_cannot_be_read_is_named_where_it_matters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("event.json");
    for content in [None, Some("{ broken"), Some("\u{0}")] {
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let read = |name: &'static str| {
            let path = path.display().to_string();
            Event::read(&Env::of([("GITHUB_EVENT_NAME", name), ("GITHUB_EVENT_PATH", &path)]))
        };
        let Changed::Unknown(problem) = read("push").changed else { panic!("{content:?}") };
        assert!(problem.contains("event.json"), "{problem}");
        assert!(reason(&read("pull_request")).contains("event.json"));
    }
}

#[test]
fn an_event_file_is_read_from_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("event.json");
    std::fs::write(&path, json!({ "before": OLD, "after": NEW, "ref": "refs/heads/main" }).to_string())
        .unwrap();
    let path = path.display().to_string();
    let event = Event::read(&Env::of([("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", &path)]));
    assert_eq!(event.changed, range(OLD, NEW));
}
