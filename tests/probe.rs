//! Mode `providers` with `probe`: what the free calls tell, for people and for later steps.

use serde_json::json;

use crate::support::action::{Action, Finished};
use crate::support::posts::{blog_of, contents};
use crate::support::server::{Reply, Server};

/// A service that gives this answer to everything.
fn says(status: u16, body: &'static str) -> Server {
    Server::start(move |_| Reply::text(status, "application/json", body))
}

const MODELS: &str = r#"[{"id":"black-forest-labs/FLUX.2-dev","type":"image"},{"id":"black-forest-labs/FLUX.1.1-pro","type":"image"}]"#;

fn probe(action: Action) -> Finished {
    let run = action.args(&["providers", "--probe"]).run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    run
}

fn row(run: &Finished, name: &str) -> String {
    run.log.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned()
}

#[test]
fn a_probe_says_who_answers_and_which_setting_names_a_model_that_is_there() {
    let (blog, together) = (blog_of(1), says(200, MODELS));
    let run = probe(Action::on_a_laptop(blog.path()).together(&together));
    assert!(row(&run, "1. together").ends_with("; answers and takes the key"), "{}", run.log);
    let asked: Vec<_> =
        together.requests().iter().map(|request| (request.method.clone(), request.target.clone())).collect();
    assert_eq!(asked, [("GET".to_owned(), "/models".to_owned())], "a free call, and no picture");
    let action = Action::on_a_laptop(blog.path()).together(&together).env("TOGETHER_IMAGE_MODEL", "old/dead");
    let told = row(&probe(action), "1. together");
    assert!(
        told.contains("model not found: it does not have the models any more")
            && told.contains("as in `TOGETHER_IMAGE_MODEL=black-forest-labs/FLUX.2-dev`")
            && told.contains("it lists now `black-forest-labs/FLUX.2-dev`, `black-forest-labs/FLUX.1.1-pro`"),
        "{told}"
    );
}

#[test]
fn a_probe_in_a_workflow_writes_summary_and_outputs_and_no_report() {
    let (blog, together) = (blog_of(1), says(200, MODELS));
    let gemini = says(
        400,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#,
    );
    let before = contents(blog.path());
    let run = probe(Action::in_actions(blog.path()).together(&together).gemini(&gemini));
    assert_eq!(run.outputs["working"], r#"["together"]"#);
    assert!(
        run.summary.starts_with("## Image providers: 2 services take part, of which 1 would fail"),
        "{}",
        run.summary
    );
    assert!(run.summary.contains("renew the secret <code>GEMINI</code>"), "{}", run.summary);
    assert_eq!(contents(blog.path()), before, "it only looks");
    let told = Action::in_actions(blog.path()).together(&together).gemini(&gemini);
    let told = told.args(&["providers", "--probe", "--json"]).run();
    let told: serde_json::Value = serde_json::from_str(&told.stdout).expect(&told.stdout);
    assert_eq!(told["chain"][0]["probe"]["result"], json!("answers"), "{told}");
    assert_eq!(told["chain"][1]["probe"]["class"], json!("CredentialsRejected"), "{told}");
}
