//! From a request to the route that answers it, past everything GitHub checks first.

mod commits;
mod git_data;
mod graphql;
mod history;
mod issues;
mod pulls;

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::rules::{Access, Actor, Limit};
use super::shapes::REPOSITORY_ID;
use super::state::State;

/// What a route gives; both sides are answers, so that `?` may end one early.
type Routed = Result<Answer, Answer>;

/// Answers a call. `now` is the real time in seconds since 1970.
pub fn answer(state: &mut State, call: &Call, now: u64) -> Answer {
    let answer = checked(state, call, now).unwrap_or_else(|refusal| refusal);
    let limit: usize = if state.rules.actor == Actor::Person { 5000 } else { 1000 };
    // Enterprise hosts have no limits unless their admin wants them, and do not tell of them.
    if !state.prefix.is_empty() || answer.headers.iter().any(|(name, _)| *name == "x-ratelimit-limit") {
        return answer;
    }
    let used = state.requests.len().min(limit);
    answer
        .with("x-ratelimit-limit", limit.to_string())
        .with("x-ratelimit-used", used.to_string())
        .with("x-ratelimit-remaining", (limit - used).to_string())
        .with("x-ratelimit-reset", (now + 3000).to_string())
        .with("x-ratelimit-resource", "core")
        .with("x-github-request-id", format!("FAKE:{used}"))
}

fn checked(state: &mut State, call: &Call, now: u64) -> Routed {
    match state.rules.limit {
        Some(Limit::Primary { status, reset_in }) => {
            return Err(Answer::primary_limit(status, now + reset_in));
        }
        Some(Limit::Secondary { status, retry_after }) => {
            return Err(Answer::secondary_limit(status, retry_after));
        }
        None => {}
    }
    let token = call.header("authorization").and_then(|value| value.split_once(' ')).map(|(_, token)| token);
    match token {
        None => return Err(Answer::error(401, "Requires authentication")),
        Some(token) if token != state.rules.token => return Err(Answer::bad_credentials()),
        Some(_) => {}
    }
    let graphql = if state.prefix.is_empty() { "/graphql" } else { "/api/graphql" };
    if call.path == graphql {
        return graphql::answer(state, call);
    }
    let segments = call.segments(&state.prefix).ok_or_else(Answer::not_found)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), &segments[..]) {
        ("GET", ["rate_limit"]) => Ok(rate_limit(state, now)),
        ("GET", ["user"]) if state.rules.actor != Actor::Person => Err(Answer::not_accessible("")),
        ("GET", ["user"]) => Ok(Answer::ok(&state.user(state.rules.actor.login()))),
        (_, ["repos", owner, name, rest @ ..]) => {
            let named = format!("{owner}/{name}");
            if named.eq_ignore_ascii_case(state.name()) {
                repository(state, call, rest)
            } else if named.eq_ignore_ascii_case(&state.repository) {
                Err(moved(state, call, rest))
            } else {
                Err(Answer::not_found())
            }
        }
        (_, ["repositories", id, rest @ ..]) if *id == REPOSITORY_ID.to_string() => {
            repository(state, call, rest)
        }
        _ => Err(Answer::not_found()),
    }
}

/// The answer under a repository's old name: reading is sent on with 301, writing with 307.
fn moved(state: &State, call: &Call, rest: &[&str]) -> Answer {
    let path = call.path.split_once(&state.repository).map_or("", |(_, path)| path);
    debug_assert_eq!(path.is_empty(), rest.is_empty());
    let url = format!("{}{}/repositories/{REPOSITORY_ID}{path}", state.root, state.prefix);
    let (status, message) =
        if call.method == "GET" { (301, "Moved Permanently") } else { (307, "Temporary Redirect") };
    let body = json!({"message": message, "url": url,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects"});
    Answer::json(status, &body).with("location", url)
}

fn rate_limit(state: &State, now: u64) -> Answer {
    if !state.prefix.is_empty() {
        return Answer::error(404, "Rate limiting is not enabled.");
    }
    let used = state.requests.len();
    let bucket = |limit: usize, used: usize| json!({"limit": limit, "used": used, "remaining": limit.saturating_sub(used), "reset": now + 3000});
    let core = bucket(if state.rules.actor == Actor::Person { 5000 } else { 1000 }, used);
    let (search, graphql) = (bucket(30, 0), bucket(5000, 0));
    Answer::ok(&json!({"resources": {"core": core, "search": search, "graphql": graphql}, "rate": core}))
}

/// Everything below one repository.
fn repository(state: &mut State, call: &Call, rest: &[&str]) -> Routed {
    if state.rules.hidden {
        return Err(Answer::not_found());
    }
    allowed(state, call, rest)?;
    if rest.first() == Some(&"git") && state.store.is_empty() {
        return Err(Answer::error(409, "Git Repository is empty."));
    }
    let tail = |from: usize| rest[from..].join("/");
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok(Answer::ok(&state.repo())),
        ("GET", ["compare", ..]) => history::compare(state, call, &tail(1)),
        ("GET", ["commits", _, ..]) => history::commit(state, call, &tail(1)),
        ("GET", ["branches", _, ..]) => history::branch(state, &tail(1)),
        ("GET", ["rules", "branches", ..]) => Ok(history::rules(state, &tail(2))),
        ("GET", ["contents", ..]) => history::contents(state, call, &tail(1)),
        ("GET", ["git", "trees", ..]) => git_data::read_tree(state, call, &tail(2)),
        ("GET", ["git", "commits", oid]) => {
            state.git_commit(oid).map(|c| Answer::ok(&c)).ok_or_else(Answer::not_found)
        }
        ("GET", ["git", "blobs", oid]) => git_data::read_blob(state, call, oid),
        ("GET", ["git", "ref", ..]) => git_data::read_ref(state, &tail(2)),
        ("GET", ["git", "matching-refs", ..]) => Ok(git_data::matching_refs(state, &tail(2))),
        ("POST", ["git", "blobs"]) => git_data::create_blob(state, &call.json()?),
        ("POST", ["git", "trees"]) => git_data::create_tree(state, &call.json()?),
        ("POST", ["git", "commits"]) => commits::create_commit(state, &call.json()?),
        ("POST", ["merges"]) => commits::merge(state, &call.json()?),
        ("POST", ["git", "refs"]) => commits::create_ref(state, &call.json()?),
        ("PATCH", ["git", "refs", ..]) => commits::update_ref(state, &tail(2), &call.json()?),
        ("DELETE", ["git", "refs", ..]) => commits::delete_ref(state, &tail(2)),
        ("GET", ["pulls"]) => Ok(pulls::list(state, call)),
        ("POST", ["pulls"]) => pulls::create(state, &call.json()?),
        ("GET", ["issues"]) => Ok(issues::list(state, call)),
        ("POST", ["issues"]) => issues::create(state, &call.json()?),
        ("PATCH", ["issues", "comments", id]) => {
            let id = id.parse().map_err(|_| Answer::not_found())?;
            pulls::update_comment(state, id, &call.json()?)
        }
        ("GET", ["milestones"]) => {
            let titles = state.rules.milestones.iter().zip(1..);
            let shown = titles.map(
                |(title, number)| json!({"id": number, "number": number, "title": title, "state": "open"}),
            );
            Ok(paginate(state, call, shown.collect(), 30))
        }
        (method, ["pulls" | "issues", number, below @ ..]) => {
            let number = number.parse().map_err(|_| Answer::not_found())?;
            if rest[0] == "issues" && state.pull(number).is_none() {
                return issues::one(state, call, (method, below), number);
            }
            pulls::one(state, call, (method, rest[0], below), number)
        }
        _ => Err(Answer::not_found()),
    }
}

/// The permission a route needs, as the `permissions:` block of a workflow grants it.
fn allowed(state: &State, call: &Call, rest: &[&str]) -> Result<(), Answer> {
    let needed = if call.is_mutation() { Access::Write } else { Access::Read };
    let word = if needed == Access::Write { "write" } else { "read" };
    let rules = &state.rules;
    match rest.first() {
        Some(&("compare" | "commits" | "branches" | "contents" | "git" | "merges"))
            if rules.contents < needed =>
        {
            Err(Answer::not_accessible(&format!("contents={word}")))
        }
        Some(&"pulls") if rules.pull_requests < needed => {
            Err(Answer::not_accessible(&format!("pull_requests={word}")))
        }
        // What is no pull request takes the right to issues.
        Some(&"issues") if rules.issues < needed && !is_of_pull(state, rest) => {
            Err(Answer::not_accessible(&format!("issues={word}")))
        }
        Some(&"issues") if rules.issues < needed && rules.pull_requests < needed => {
            Err(Answer::not_accessible(&format!("issues={word}; pull_requests={word}")))
        }
        _ => Ok(()),
    }
}

/// Whether a route below `issues` is about a pull request.
fn is_of_pull(state: &State, rest: &[&str]) -> bool {
    match rest {
        [_, "comments", ..] => true,
        [_, number, ..] => state.pulls.iter().any(|pull| pull.number.to_string() == *number),
        _ => false,
    }
}

/// `page` and `per_page` over a list, with the Link header that leads through it.
fn paginate(state: &State, call: &Call, items: Vec<Value>, default: usize) -> Answer {
    let query = call.query();
    let number = |key: &str, default: usize| query.get(key).and_then(|v| v.parse().ok()).unwrap_or(default);
    let (size, page) = (number("per_page", default).clamp(1, default.max(100)), number("page", 1).max(1));
    let last = items.len().div_ceil(size).max(1);
    let shown: Vec<Value> = items.into_iter().skip((page - 1) * size).take(size).collect();
    let path = call.path.split('?').next().unwrap_or_default();
    let link = |page: usize, rel: &str| {
        let kept =
            query.iter().filter(|(key, _)| *key != "page").map(|(key, value)| format!("{key}={value}&"));
        format!("<{}{path}?{}page={page}>; rel=\"{rel}\"", state.root, kept.collect::<String>())
    };
    let mut links = Vec::new();
    if page > 1 {
        links.extend([link(page - 1, "prev"), link(1, "first")]);
    }
    if page < last {
        links.extend([link(page + 1, "next"), link(last, "last")]);
    }
    let answer = Answer::ok(&Value::from(shown));
    if links.is_empty() { answer } else { answer.with("link", links.join(", ")) }
}

/// A string field of a body.
fn text<'a>(body: &'a Value, field: &str) -> Option<&'a str> {
    body[field].as_str()
}

/// The 422 for a body that lacks a field.
fn missing(field: &str) -> Answer {
    Answer::error(422, &format!("Invalid request.\n\n\"{field}\" wasn't supplied."))
}
