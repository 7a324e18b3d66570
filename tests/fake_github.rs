//! The fake GitHub keeps its own promises; without that, nothing it says about the program counts.

mod bad_days;
mod events;

use serde_json::{Value, json};

use crate::support::github::{Actor, FakeGithub, Merge, Options, Protection, Source, When};
use crate::support::http::{Reply, send};

const POST: &[u8] = b"---\ntitle: One\n---\n\nHello.\n";

fn github() -> FakeGithub {
    let github = FakeGithub::start(Options::default());
    github.commit("main", &[("_posts/one.md", Some(POST)), ("README.md", Some(b"# Blog\n"))], "A post");
    github
}

/// Calls a REST route below the repository; `None` when no answer came.
fn try_call(github: &FakeGithub, method: &str, path: &str, body: &Value) -> Option<Reply> {
    let url = format!("{}/repos/{}{path}", github.api_url(), github.repository());
    let token = format!("Bearer {}", github.token());
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(method, &url, &[("authorization", &token)], &body)
}

fn call(github: &FakeGithub, method: &str, path: &str, body: &Value) -> Reply {
    try_call(github, method, path, body).expect("an answer")
}

fn get(github: &FakeGithub, path: &str) -> Reply {
    call(github, "GET", path, &Value::Null)
}

/// Commits one picture and one text through the Git Data API, as far as the commit; gives its answer.
fn commit_picture(github: &FakeGithub, extra: &Value) -> Value {
    let head = get(github, "/git/ref/heads/main").json()["object"]["sha"].clone();
    let blob =
        call(github, "POST", "/git/blobs", &json!({"content": "iVBORw0K", "encoding": "base64"})).json();
    let entries = json!([
        {"path": "assets/one.png", "mode": "100644", "type": "blob", "sha": blob["sha"]},
        {"path": "_posts/one.md", "mode": "100644", "type": "blob", "content": "---\ntitle: One\nimage: one.png\n---\n"},
    ]);
    let tree = call(github, "POST", "/git/trees", &json!({"base_tree": head, "tree": entries})).json();
    let mut body = json!({"message": "Add hero images", "tree": tree["sha"], "parents": [head]});
    for (key, value) in extra.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    call(github, "POST", "/git/commits", &body).json()
}

fn advance(github: &FakeGithub, commit: &Value) -> Reply {
    call(github, "PATCH", "/git/refs/heads/main", &json!({"sha": commit["sha"], "force": false}))
}

#[test]
fn a_commit_made_through_the_api_is_real_to_git() {
    let github = github();
    let commit = commit_picture(&github, &json!({}));
    assert_eq!(advance(&github, &commit).status, 200);
    assert_eq!(github.log("main")[0].1, "Add hero images");
    assert_eq!(github.paths("main"), ["README.md", "_posts/one.md", "assets/one.png"]);
    assert_eq!(github.read("main", "assets/one.png").unwrap(), b"\x89PNG\r\n");
    let stat = github.git(&["show", "--stat", "--format=%an", "main"]);
    assert!(stat.starts_with("github-actions[bot]") && stat.contains("2 files changed"), "{stat}");
    github.fsck();
}

#[test]
fn trees_are_sorted_as_git_wants_them() {
    let github = github();
    let files: [(&str, Option<&[u8]>); 3] =
        [("a.md", Some(b"1")), ("a/b.md", Some(b"2")), ("a0", Some(b"3"))];
    github.commit("main", &files, "Names around a folder");
    github.fsck();
    assert_eq!(github.git(&["ls-tree", "--name-only", "main"]), "README.md\n_posts\na.md\na\na0\n");
}

#[test]
#[should_panic(expected = "git fsck")]
fn fsck_complains_about_a_ref_to_nowhere() {
    let github = github();
    github.set_ref("refs/heads/broken", &"1".repeat(40));
    github.fsck();
}

#[test]
fn a_bot_without_an_author_signs_and_a_person_does_not() {
    let github = github();
    let commit = commit_picture(&github, &json!({}));
    assert_eq!(commit["verification"]["verified"], true);
    let named = json!({"author": {"name": "Me", "email": "me@example.com"}});
    assert_eq!(commit_picture(&github, &named)["verification"]["reason"], "unsigned");
    github.rules(|rules| rules.actor = Actor::Person);
    assert_eq!(commit_picture(&github, &json!({}))["verification"]["verified"], false);
    github.fsck();
}

#[test]
fn a_moved_branch_refuses_what_does_not_build_on_it() {
    let github = github();
    let commit = commit_picture(&github, &json!({}));
    github.move_branch_before(When::to("PATCH", "/git/refs/"), "main", &[("note.md", Some(b"hi"))]);
    let refused = advance(&github, &commit);
    assert_eq!((refused.status, refused.message().as_str()), (422, "Update is not a fast forward"));
    assert_eq!(github.log("main")[0].1, "Meanwhile, somebody else");
    let forced =
        call(&github, "PATCH", "/git/refs/heads/main", &json!({"sha": commit["sha"], "force": true}));
    assert_eq!(forced.status, 200);
}

#[test]
fn refs_speak_with_githubs_own_errors() {
    let github = github();
    let head = github.head("main").unwrap();
    let create =
        |name: &str, sha: &str| call(&github, "POST", "/git/refs", &json!({"ref": name, "sha": sha}));
    assert_eq!(create("refs/heads/main", &head).message(), "Reference already exists");
    assert_eq!(create("refs/heads/x", &"1".repeat(40)).message(), "Object does not exist");
    assert_eq!(create("refs/heads/main/x", &head).status, 422);
    assert_eq!(create("refs/heads/../../config", &head).status, 422);
    assert_eq!(create("refs/image-fallback/health", &head).status, 201);
    assert_eq!(get(&github, "/branches/health").message(), "Branch not found");
    let found = get(&github, "/git/matching-refs/image-fallback/").json();
    assert_eq!(found[0]["ref"], "refs/image-fallback/health");
    github.rules(|rules| rules.custom_refs_refused = true);
    assert_eq!(create("refs/image-fallback/other", &head).status, 422);
    assert_eq!(
        call(&github, "DELETE", "/git/refs/heads/gone", &Value::Null).message(),
        "Reference does not exist"
    );
    github.branch("old", &head);
    assert_eq!(call(&github, "DELETE", "/git/refs/heads/old", &Value::Null).status, 204);
    assert_eq!(github.head("old"), None);
}

#[test]
fn compare_starts_at_the_merge_base_and_stops_at_300_files() {
    let github = github();
    let before = github.head("main").unwrap();
    let names: Vec<String> = (0..350).map(|n| format!("_posts/{n:03}.md")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), Some(&b"x"[..]))).collect();
    let after = github.commit("main", &files, "Many");
    let body = get(&github, &format!("/compare/{before}...main")).json();
    assert_eq!((body["files"].as_array().unwrap().len(), body["status"].as_str()), (300, Some("ahead")));
    github.branch("topic", &before);
    let renamed: [(&str, Option<&[u8]>); 2] = [("_posts/one.md", None), ("_posts/uno.md", Some(POST))];
    github.commit("topic", &renamed, "Rename");
    let body = get(&github, &format!("/compare/{after}...topic")).json();
    assert_eq!((&body["status"], &body["files"].as_array().unwrap().len()), (&json!("diverged"), &1));
    assert_eq!(body["files"][0]["previous_filename"], "_posts/one.md");
    assert_eq!(body["merge_base_commit"]["sha"], json!(before));
    let unknown = get(&github, &format!("/compare/{}...main", "0".repeat(40)));
    assert_eq!((unknown.status, unknown.message().as_str()), (404, "Not Found"));
}

#[test]
fn trees_blobs_and_contents_agree() {
    let github = github();
    github.commit("main", &[("a b/ä#?.md", Some(b"odd"))], "Odd names");
    let tree = get(&github, "/git/trees/main?recursive=1").json();
    let paths: Vec<_> =
        tree["tree"].as_array().unwrap().iter().map(|e| e["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["README.md", "_posts", "_posts/one.md", "a b", "a b/ä#?.md"]);
    let file = get(&github, "/contents/a%20b/%C3%A4%23%3F.md?ref=main").json();
    assert_eq!((&file["sha"], &file["content"]), (&tree["tree"][4]["sha"], &json!("b2Rk\n")));
    let blob = get(&github, &format!("/git/blobs/{}", file["sha"].as_str().unwrap())).json();
    assert_eq!(blob["content"], "b2Rk\n");
    github.rules(|rules| rules.tree_limit = 2);
    assert_eq!(get(&github, "/git/trees/main?recursive=1").json()["truncated"], true);
    let commit = get(&github, "/commits/main").json();
    assert_eq!((&commit["files"][0]["status"], &commit["stats"]["total"]), (&json!("added"), &json!(1)));
}

#[test]
fn a_tree_refuses_what_github_refuses() {
    let github = github();
    let entry = |path: &str, sha: Value| json!({"path": path, "mode": "100644", "type": "blob", "sha": sha});
    let head = github.head("main").unwrap();
    let create =
        |entry: Value| call(&github, "POST", "/git/trees", &json!({"base_tree": head, "tree": [entry]}));
    assert_eq!(create(entry("_posts/gone.md", Value::Null)).message(), "GitRPC::BadObjectState");
    assert_eq!(create(entry("/x", Value::Null)).status, 422);
    assert_eq!(create(entry("x", json!("1".repeat(40)))).status, 422);
    assert_eq!(create(entry(".github/workflows/x.yml", Value::Null)).status, 404);
    let left = create(entry("_posts/one.md", Value::Null)).json();
    assert_eq!(left["tree"].as_array().unwrap().len(), 1, "a folder left empty disappears");
}

#[test]
fn an_empty_repository_has_no_git_data() {
    let github = FakeGithub::start(Options::default());
    let blob = call(&github, "POST", "/git/blobs", &json!({"content": "x"}));
    assert_eq!((blob.status, blob.message().as_str()), (409, "Git Repository is empty."));
    github.fsck();
}

#[test]
fn create_commit_on_branch_signs_and_reports_stale_heads_as_200() {
    let github = github();
    github.rules(|rules| {
        rules.actor = Actor::Person;
        rules.protect("main", Protection::Signatures);
    });
    let head = github.head("main").unwrap();
    let commit = |expected: &str| {
        let input = json!({
            "branch": {"repositoryNameWithOwner": "acme/blog", "branchName": "main"},
            "message": {"headline": "Add", "body": "More"}, "expectedHeadOid": expected,
            "fileChanges": {"additions": [{"path": "a.png", "contents": "iVBORw0K"}], "deletions": [{"path": "README.md"}]},
        });
        let query = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }";
        let body = json!({"query": query, "variables": {"input": input}}).to_string();
        let token = format!("bearer {}", github.token());
        send("POST", &github.graphql_url(), &[("authorization", &token)], &body).unwrap()
    };
    let done = commit(&head).json();
    assert_eq!(done["data"]["createCommitOnBranch"]["commit"]["oid"], json!(github.head("main")));
    assert!(github.show(&github.head("main").unwrap()).unwrap().signed);
    let stale = commit(&head);
    assert_eq!((stale.status, &stale.json()["errors"][0]["type"]), (200, &json!("STALE_DATA")));
    assert_eq!(commit(&"1".repeat(40)).json()["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(github.mutations().len(), 3);
    github.fsck();
}

#[test]
fn a_pull_request_lives_from_opening_to_merging() {
    let github = github();
    let main = github.head("main").unwrap();
    let open = |draft: bool| {
        let body = json!({"title": "T", "head": "pictures", "base": "main", "body": "B", "draft": draft});
        call(&github, "POST", "/pulls", &body)
    };
    assert_eq!(open(false).json()["errors"][0]["field"], "head");
    github.branch("pictures", &main);
    assert_eq!(open(false).json()["errors"][0]["message"], "No commits between main and pictures");
    github.commit("pictures", &[("a.png", Some(b"a"))], "A picture");
    github.rules(|rules| rules.drafts_unsupported = true);
    assert!(open(true).message().starts_with("Draft pull requests are not supported"));
    github.rules(|rules| rules.pull_requests_forbidden = true);
    assert!(open(false).status == 403 && open(false).message().contains("not permitted to create"));
    github.rules(|rules| rules.pull_requests_forbidden = false);
    assert_eq!(open(false).json()["number"], 1);
    let again = open(false).json();
    assert_eq!(again["errors"][0]["message"], "A pull request already exists for acme:pictures.");
    let found = get(&github, "/pulls?state=open&head=acme:pictures&base=main").json();
    assert_eq!(found[0]["head"]["ref"], "pictures");
    assert_eq!(call(&github, "POST", "/issues/1/labels", &json!({"labels": ["blog"]})).status, 200);
    assert_eq!(call(&github, "POST", "/issues/1/comments", &json!({"body": "Hi"})).status, 201);
    github.rules(|rules| rules.labels_forbidden = true);
    assert_eq!(call(&github, "POST", "/issues/1/labels", &json!(["other"])).status, 403);
    let merged = github.merge(1, Merge::Squash);
    assert_eq!(get(&github, "/pulls/1").json()["merge_commit_sha"], json!(merged));
    assert_eq!((github.pulls()[0].open, &github.pulls()[0].comments[..]), (false, &["Hi".to_owned()][..]));
    github.fsck();
}

#[test]
fn listings_come_in_pages_that_link_to_each_other() {
    let github = github();
    let main = github.head("main").unwrap();
    github.branch("topic", &main);
    let names: Vec<String> = (0..70).map(|n| format!("{n}.md")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), Some(&b"x"[..]))).collect();
    github.commit("topic", &files, "Seventy");
    let number = github.pull_request(Source::Branch("topic"), "main");
    let second = get(&github, &format!("/pulls/{number}/files?page=2"));
    assert_eq!(second.json().as_array().unwrap().len(), 30);
    let link = second.header("link").unwrap();
    assert!(link.contains("page=3>; rel=\"next\"") && link.contains("page=1>; rel=\"prev\""), "{link}");
    let wide = get(&github, &format!("/pulls/{number}/files?per_page=100"));
    assert_eq!((wide.json().as_array().unwrap().len(), wide.header("link")), (70, None));
}

#[test]
fn an_enterprise_host_keeps_rest_and_graphql_apart() {
    let github = FakeGithub::start(Options { enterprise: true, ..Options::default() });
    assert!(github.api_url().ends_with("/api/v3") && github.graphql_url().ends_with("/api/graphql"));
    github.commit("main", &[("a.md", Some(b"a"))], "A");
    let reply = get(&github, "/branches/main");
    assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, None));
    let token = format!("Bearer {}", github.token());
    let wrong = format!("{}/graphql", github.api_url());
    assert_eq!(send("POST", &wrong, &[("authorization", &token)], "{}").unwrap().status, 404);
}
