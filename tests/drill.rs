//! Mode `drill`: the chain proven place by place, and what the free calls say against it.

use image_fallback::provider::Catalogue;
use serde_json::json;

use crate::support::action::{Action, Finished};
use crate::support::images::{cloudflare_delivers, together_delivers};
use crate::support::posts::{blog_of, contents};
use crate::support::server::{Reply, Request, Server};

const ACTIVE: &str = r#"{"result":{"id":"0","status":"active"},"success":true,"errors":[]}"#;
const MODELS: &str = r#"[{"id":"black-forest-labs/FLUX.2-dev","type":"image"},{"id":"black-forest-labs/FLUX.1.1-pro","type":"image"}]"#;

/// A service that answers free calls like this, and requests for pictures like that.
fn service(status: u16, free: &'static str, draws: fn() -> Reply) -> Server {
    Server::start(move |request: &Request| match request.method.as_str() {
        "GET" => Reply::text(status, "application/json", free),
        _ => draws(),
    })
}

fn overloaded() -> Reply {
    Reply::json(503, json!({"error": {"message": "overloaded"}}))
}

/// How many pictures were asked for.
fn pictures(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method == "POST").count()
}

fn working(run: &Finished) -> &str {
    &run.outputs["working"]
}

#[test]
fn a_healthy_chain_passes_the_drill_without_one_request_for_a_picture() {
    let (blog, first) = (blog_of(1), service(200, ACTIVE, overloaded));
    let second = service(200, MODELS, overloaded);
    let before = contents(blog.path());
    let run = Action::in_actions(blog.path())
        .input("mode", "drill")
        .input("health", "off")
        .cloudflare(&first)
        .together(&second)
        .run();
    assert_eq!((run.code, working(&run)), (Some(0), r#"["cloudflare","together"]"#), "{}", run.log);
    assert_eq!((pictures(&first), pictures(&second)), (0, 0), "simulated services draw");
    let drill = &run.report()["drill"];
    let faults = |place: usize| {
        let faults = drill["links"][place]["faults"].as_array().unwrap();
        faults.iter().map(|tried| tried["delivered_by"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(faults(0), ["together", "together", "together"]);
    assert_eq!(faults(1), [json!(null), json!(null), json!(null)]);
    assert_eq!(contents(blog.path()), before, "no post is touched");
    let schema = include_str!("../docs/report.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let errors: Vec<_> = schema.iter_errors(&run.report()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let everything = run.everything();
    let shown = everything.lines().filter(|line| !line.starts_with("::add-mask::"));
    assert_eq!(shown.filter(|line| line.contains("secret-token")).count(), 0, "no secret is shown");
    let told: Vec<_> = run.log.lines().filter(|line| !line.starts_with("::")).collect();
    insta::assert_snapshot!("a_drill_in_plain_words", told.join("\n"));
}

#[test]
fn one_service_that_refuses_or_is_gone_leaves_too_few_whatever_the_simulation_says() {
    let refused = r#"{"error":{"message":"Invalid API key","code":"invalid_api_key"}}"#;
    let (blog, first) = (blog_of(1), service(200, ACTIVE, overloaded));
    for (status, free, works, words) in [
        (401, refused, false, "renew the secret `TOGETHER_API_TOKEN`"),
        (403, "{}", false, "key refused (403)"),
        (402, "{}", false, "out of credit (402)"),
        (500, "{}", false, "server error (500)"),
        (200, "<html>parked</html>", false, "service not at this address (200)"),
        (200, r#"[{"id":"b/new","type":"image"}]"#, false, "as in `TOGETHER_IMAGE_MODEL=b/new`"),
        (429, "{}", true, "rate limit reached (429)"),
        (404, "{}", true, "no free call tells whether it works"),
    ] {
        let second = service(status, free, overloaded);
        let action = Action::in_actions(blog.path()).input("mode", "drill").cloudflare(&first);
        let run = action.together(&second).run();
        let all = if works { r#"["cloudflare","together"]"# } else { r#"["cloudflare"]"# };
        assert_eq!((run.code, working(&run)), (Some(i32::from(!works)), all), "{status} {free}: {}", run.log);
        assert!(run.log.contains(words), "{words}: {}", run.log);
        assert_eq!(pictures(&second), 0, "{status} {free}");
    }
    let nobody = Action::in_actions(blog.path()).input("mode", "drill").cloudflare(&first);
    let run = nobody
        .env("TOGETHER_API_TOKEN", "together-secret")
        .env("TOGETHER_BASE_URL", "http://127.0.0.1:1")
        .run();
    assert_eq!((run.code, working(&run)), (Some(1), r#"["cloudflare"]"#), "{}", run.log);
    assert!(run.summary.contains("Together AI does not work: no answer"), "{}", run.summary);
}

// B-13
#[test]
fn a_chain_of_one_fails_the_drill_and_is_told_which_service_to_add() {
    let (blog, first) = (blog_of(1), service(200, ACTIVE, overloaded));
    let run = Action::in_actions(blog.path()).input("mode", "drill").cloudflare(&first).run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    assert!(
        run.summary.contains("the only service of the chain works; it has no fallback"),
        "{}",
        run.summary
    );
    assert!(run.summary.contains("add a second service (for example Hugging Face: set"), "{}", run.summary);
}

// B-45
#[test]
fn with_real_calls_each_service_draws_one_picture_and_one_that_cannot_fails() {
    let blog = blog_of(1);
    let (first, second) =
        (service(200, ACTIVE, cloudflare_delivers), service(200, MODELS, together_delivers));
    let drill = |second: &Server| {
        let action = Action::in_actions(blog.path()).input("mode", "drill").input("live", "true");
        action.cloudflare(&first).together(second).run()
    };
    let run = drill(&second);
    assert_eq!((run.code, pictures(&first), pictures(&second)), (Some(0), 1, 1), "{}", run.log);
    let broken = service(200, MODELS, overloaded);
    let run = drill(&broken);
    assert_eq!((run.code, working(&run)), (Some(1), r#"["cloudflare"]"#), "{}", run.log);
    assert!(run.log.contains("does not work: server error (503): overloaded"), "{}", run.log);
}

#[test]
fn every_service_of_the_catalogue_can_be_drilled() {
    let blog = blog_of(1);
    let catalogue = Catalogue::built_in();
    let keys = [
        ("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef"),
        ("HUGGINGFACE_HUB_URL", "http://127.0.0.1:1"),
        ("IMAGE_GEMINI_MODEL", "imagen-9"),
    ];
    let action = Action::in_actions(blog.path()).input("mode", "drill");
    let action = keys.into_iter().fold(action, |action, (name, value)| action.env(name, value));
    let action = catalogue.iter().fold(action, |action, service| {
        let key = format!("{}-secret-token", service.name);
        let action = action.env(&service.base_variable(), "http://127.0.0.1:1");
        action.env(&service.model_variables[0], service.models[0].clone()).env(&service.secrets[0], key)
    });
    let run = action.input("providers", &catalogue.names().collect::<Vec<_>>().join(", ")).run();
    let report = run.report();
    let links = report["drill"]["links"].as_array().unwrap();
    assert_eq!(
        links.len(),
        Catalogue::built_in().iter().count(),
        "give the new service its key here: {report}"
    );
    for link in links {
        assert_eq!(link["delivers"], json!(true), "{link}");
    }
}
