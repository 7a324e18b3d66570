//! No secret is ever shown, whatever a service does with the key it was sent.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use image_fallback::provider::Catalogue;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::support::action::{Action, Finished};
use crate::support::posts::blog_of;
use crate::support::server::{Reply, Request, Server};

const MASK: &str = "::add-mask::";

/// The first variable of each service's secret, and a secret with every character that some encoding changes.
static SECRETS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let catalogue = Catalogue::built_in();
    let variables = catalogue.iter().filter_map(|service| service.secrets.first());
    let secret = |place: usize| format!("{place}k9Xk2+Lw/7Qp=mN4_rT-8vZ~{place}hq");
    variables.enumerate().map(|(place, variable)| (variable.clone(), secret(place))).collect()
});

/// The secret of a service.
fn secret_of(service: &str) -> &'static str {
    let secret = SECRETS.iter().find(|(variable, _)| variable.starts_with(&service.to_uppercase()));
    secret.map(|(_, secret)| secret.as_str()).unwrap()
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Everything that must not be seen: each secret in each spelling, and its first and last third.
fn forbidden() -> Vec<String> {
    let of_one = |(_, secret): &(String, String)| {
        let secret = secret.as_str();
        let basic = STANDARD.encode(format!("user:{secret}"));
        let whole = [
            percent(secret),
            percent(secret).to_lowercase(),
            // As most services encode: `-`, `_` and `~` stay.
            percent(secret).replace("%2D", "-").replace("%5F", "_").replace("%7E", "~"),
            STANDARD.encode(secret),
            URL_SAFE.encode(secret),
            basic[8..basic.len() - 4].to_owned(),
        ];
        let parts = [secret[..9].to_owned(), secret[secret.len() - 9..].to_owned()];
        whole.into_iter().chain(parts).collect::<Vec<_>>()
    };
    SECRETS.iter().flat_map(of_one).collect()
}

/// Every service is configured and asked at this server; debug words are on.
fn asking_all(root: &std::path::Path, server: &Server) -> Action {
    let action = Action::in_actions(root)
        .env("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef")
        .env("POLLINATIONS_ENABLED", "true")
        .env("RUNNER_DEBUG", "1")
        .input("timeout", "2s")
        .input("patience", "0s");
    let catalogue = Catalogue::built_in();
    let action =
        catalogue.iter().fold(action, |action, service| action.env(&service.base_variable(), server.url()));
    SECRETS.iter().fold(action.env("HUGGINGFACE_HUB_URL", server.url()), |action, (name, secret)| {
        action.env(name, secret)
    })
}

/// Nothing forbidden is in anything a run shows, but for the lines that ask the runner to mask it; and
/// those come before all else.
fn nothing_is_shown(run: &Finished) {
    let masks = run.log.lines().filter(|line| line.starts_with(MASK)).count();
    assert!(masks >= SECRETS.len(), "{masks} masks: {}", run.log);
    let first = run.log.lines().take(masks).filter(|line| line.starts_with(MASK)).count();
    assert_eq!(first, masks, "something was printed before a mask: {}", run.log);
    let shown: String = run
        .everything()
        .lines()
        .filter(|line| !line.starts_with(MASK))
        .map(|line| format!("{line}\n"))
        .collect();
    for secret in forbidden() {
        if let Some(line) = shown.lines().find(|line| line.contains(&secret)) {
            panic!("`{secret}` is shown: {line}");
        }
    }
}

/// Quotes every secret in every spelling, the caller's own first.
fn quoted(request: &Request) -> String {
    let own = request.header("authorization").or(request.header("x-goog-api-key")).unwrap_or_default();
    let own = own.trim_start_matches("Bearer ");
    let all = SECRETS.iter().map(|(_, secret)| {
        format!("{secret} {} {}", percent(secret), STANDARD.encode(format!("user:{secret}")))
    });
    let all: Vec<_> = all.collect();
    format!("bad key {own} ({}) {} {}", percent(own), STANDARD.encode(own), all.join(" "))
}

/// The same complaint in the shapes that services use, chosen by number.
fn complaint(status: u16, text: &str, shape: usize) -> Reply {
    let body = match shape % 6 {
        0 => json!({"error": {"message": text, "code": status, "status": text, "type": text}}),
        1 => json!({"success": false, "errors": [{"code": 10000, "message": text}], "result": null}),
        2 => json!({"error": text, "detail": [{"msg": text}], "message": text}),
        3 => return Reply::text(status, "text/plain", text),
        4 => return Reply::text(status, "text/html", &format!("<html><title>{text}</title>{text}")),
        _ => json!({"candidates": [{"finishReason": text, "finishMessage": text}],
                    "promptFeedback": {"blockReason": text, "blockReasonMessage": text},
                    "data": [{"url": format!("https://127.0.0.1/{text}")}], "result": {"image": text}}),
    };
    Reply::json(status, body).with("x-echo", text).with("www-authenticate", text)
}

#[test]
fn a_key_quoted_in_an_error_is_never_shown() {
    let statuses = [200, 400, 401, 402, 403, 404, 408, 410, 413, 422, 429, 500, 503];
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for (number, status) in statuses.into_iter().enumerate().filter(|(n, _)| n % 2 == half) {
                    let server = Server::start(move |request| {
                        let shape = number + request.target.len() + request.body.len();
                        complaint(status, &quoted(request), shape)
                    });
                    let blog = blog_of(2);
                    let run = asking_all(blog.path(), &server).run();
                    assert!(server.count() >= 5, "{status}: {}", run.log);
                    assert!(run.log.contains("::debug::request: POST "), "{status}: {}", run.log);
                    assert_eq!(run.code, Some(1), "{status}: {}", run.log);
                    nothing_is_shown(&run);
                }
            });
        }
    });
}

#[test]
fn a_key_with_anything_invisible_in_it_is_never_shown() {
    for (number, unseen) in
        ["\u{200b}", "\u{feff}", "\u{ad}", "\u{200d}", "\u{fe0f}", "\u{1b}[0m"].iter().enumerate()
    {
        let server = Server::start(move |request| {
            let own =
                request.header("authorization").or(request.header("x-goog-api-key")).unwrap_or_default();
            let parted: String = own.chars().map(|c| format!("{c}{unseen}")).collect();
            let escaped = own.replace('/', "&sol;").replace('+', "\\u002b");
            let shouted = own.to_uppercase();
            complaint(
                400,
                &format!("bad key {parted} or {escaped} or {shouted}"),
                number + request.body.len(),
            )
        });
        let blog = blog_of(1);
        let run = asking_all(blog.path(), &server).run();
        nothing_is_shown(&run);
        let shown = run.everything().to_uppercase();
        let shown: String = shown.lines().filter(|line| !line.contains("ADD-MASK")).collect();
        // As a reader takes it.
        let shown: String = shown.chars().filter(|c| c.is_ascii_graphic()).collect();
        for (_, secret) in SECRETS.iter() {
            for part in [&secret[..9], &secret[secret.len() - 9..]] {
                assert!(!shown.contains(&part.to_uppercase()), "`{part}` is shown: {}", run.log);
            }
        }
    }
}

#[test]
fn a_key_in_a_redirect_is_never_shown() {
    let server = Server::start(|request| {
        let target = format!("https://elsewhere.example/?key={}", quoted(request).replace(' ', "&k="));
        Reply::text(302, "text/plain", "").with("location", &target)
    });
    let blog = blog_of(1);
    nothing_is_shown(&asking_all(blog.path(), &server).run());
}

#[test]
fn a_key_at_the_place_where_a_message_is_cut_is_not_shown_in_half() {
    for padding in [196, 276, 286, 290, 296, 591, 1_990] {
        let server = Server::start(move |request| {
            let own =
                request.header("authorization").or(request.header("x-goog-api-key")).unwrap_or_default();
            let text = format!("{} {own}", "x ".repeat(padding / 2));
            match padding % 4 {
                0 => Reply::json(400, json!({"error": {"message": text}, "errors": [{"message": text}]})),
                _ => Reply::text(500, "text/plain", &text),
            }
        });
        let blog = blog_of(1);
        nothing_is_shown(&asking_all(blog.path(), &server).run());
    }
}

#[test]
fn a_key_that_an_author_put_into_a_post_is_not_shown() {
    let server = Server::start(|_| Reply::text(500, "text/plain", "no"));
    let blog = blog_of(1);
    for (number, (_, secret)) in SECRETS.iter().enumerate() {
        let text =
            format!("---\ntitle: My key is {secret}\ndate: 2026-11-0{}\n---\n\n{secret}\n", number + 1);
        crate::support::posts::put(blog.path(), &format!("posts/key-{number}.md"), text.as_bytes());
        let broken = format!("---\ntitle: [{secret}\n---\n");
        crate::support::posts::put(blog.path(), &format!("posts/broken-{number}.md"), broken.as_bytes());
    }
    nothing_is_shown(&asking_all(blog.path(), &server).run());
}

#[test]
fn a_key_in_the_wrong_place_of_the_settings_is_not_shown() {
    let server = Server::start(|_| Reply::text(500, "text/plain", "no"));
    let all = SECRETS.iter().map(|(_, secret)| secret.as_str()).collect::<Vec<_>>().join(",");
    for input in ["providers", "provider-override", "max-images", "size", "site", "format", "root"] {
        let blog = blog_of(1);
        let run = asking_all(blog.path(), &server).input(input, &all).run();
        assert_eq!(run.code, Some(2), "{input}: {}", run.log);
        nothing_is_shown(&run);
    }
    let blog = blog_of(1);
    let run = asking_all(blog.path(), &server).args(&["generate", "--size", &all, "--frobnicate"]).run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    nothing_is_shown(&run);
}

#[test]
fn a_key_that_another_name_of_the_same_service_beats_is_masked_as_well() {
    let unused = [
        ("HF_TOKEN", "hf_unused-0123456789"),
        ("TOGETHER_API_KEY", "tg-unused-0123456789"),
        ("GEMINI", "ge-unused-0123456789"),
        ("GITHUB_TOKEN", "ghs_unused-0123456789"),
    ];
    let folder = blog_of(1);
    let action = Action::in_actions(folder.path())
        .input("dry-run", "true")
        .input("github-token", "ghs_used-0123456789")
        .env("CLOUDFLARE", "0123456789abcdef0123456789abcdef:cf-unused-0123456789")
        .env("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef");
    let used = SECRETS.iter().map(|(name, secret)| (name.as_str(), secret.as_str()));
    let all: Vec<_> = used.chain(unused).collect();
    let run = all.iter().fold(action, |action, (name, secret)| action.env(name, *secret)).run();
    let secrets = all.into_iter().map(|(_, secret)| secret);
    for secret in secrets.chain(["cf-unused-0123456789", "ghs_used-0123456789"]) {
        let mask = format!("{MASK}{}\n", secret.replace('%', "%25"));
        assert_eq!(run.log.matches(&mask).count(), 1, "{secret}: {}", run.log);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_not_shown_either() {
    let server = Server::start(|_| Reply::text(500, "text/plain", "no"));
    let cloudflare = secret_of("cloudflare");
    // Half a credential, a service that is not asked, and a key with a line break in it.
    for (name, value) in [
        ("CLOUDFLARE_ACCOUNT_ID", ""),
        ("POLLINATIONS_ENABLED", ""),
        ("POLLINATIONS_ENABLED", "false"),
        ("INPUT_PROVIDERS", "gemini"),
        ("TOGETHER_API_TOKEN", "2k9Xk2+Lw/7\nQp=mN4_rT-8vZ~2hq"),
    ] {
        let blog = blog_of(1);
        let title = format!(
            "---\ntitle: {}\n---\n\nx\n",
            SECRETS.iter().map(|(_, secret)| secret.as_str()).collect::<Vec<_>>().join(" ")
        );
        crate::support::posts::put(blog.path(), "posts/key.md", title.as_bytes());
        let run = asking_all(blog.path(), &server).env(name, value).run();
        assert!(run.log.contains(&format!("{MASK}{cloudflare}")), "{name}: {}", run.log);
        nothing_is_shown(&run);
    }
}

#[test]
fn a_password_in_an_address_is_masked_and_never_shown() {
    let server = Server::start(|request| {
        let own = request.header("authorization").unwrap_or_default();
        Reply::text(500, "text/plain", &format!("who is pass+Word/7410 or pass%2BWord%2F7410? {own}"))
    });
    let with_password = server.url().replace("http://", "http://me:pass%2BWord%2F7410@");
    for name in ["TOGETHER_BASE_URL", "GITHUB_SERVER_URL", "GITHUB_API_URL", "HTTPS_PROXY"] {
        for address in [with_password.clone(), with_password.replace("http://", "htp://")] {
            let blog = blog_of(1);
            let title = "---\ntitle: pass+Word/7410\n---\n\nx\n";
            crate::support::posts::put(blog.path(), "posts/key.md", title.as_bytes());
            let run = asking_all(blog.path(), &server).env(name, &address).run();
            if name == "TOGETHER_BASE_URL" {
                let code = if address.starts_with("http:") { 1 } else { 2 };
                assert_eq!(run.code, Some(code), "{}", run.log);
            }
            for mask in ["pass%252BWord%252F7410", "pass+Word/7410"] {
                assert!(run.log.contains(&format!("{MASK}{mask}\n")), "{name}: {}", run.log);
            }
            let everything = run.everything();
            let shown: String = everything.lines().filter(|line| !line.starts_with(MASK)).collect();
            for part in ["pass+Word", "Word/7410", "pass%2BWord", "Word%2F7410", "//me"] {
                assert!(!shown.contains(part), "{name}: `{part}` is shown: {shown}");
            }
        }
    }
}

#[test]
fn a_key_in_the_place_of_a_model_is_refused_before_anybody_is_asked() {
    let server = Server::start(|_| Reply::text(500, "text/plain", "no"));
    for (name, value) in
        [("TOGETHER_IMAGE_MODEL", secret_of("together")), ("INPUT_BRANCH", secret_of("huggingface"))]
    {
        let blog = blog_of(1);
        let run = asking_all(blog.path(), &server).env(name, value).run();
        assert_eq!((run.code, server.count()), (Some(2), 0), "{name}: {}", run.log);
        assert!(run.log.contains("it is the same as one of the secrets"), "{name}: {}", run.log);
        nothing_is_shown(&run);
    }
}

#[test]
fn a_secret_too_short_to_be_masked_is_told_by_its_name() {
    let blog = blog_of(1);
    let run = Action::in_actions(blog.path()).input("dry-run", "true").env("TOGETHER_API_TOKEN", "q7Z").run();
    let words = "secret `TOGETHER_API_TOKEN` is too short to be masked";
    assert!(run.log.contains(words), "{}", run.log);
    assert!(
        run.summary.replace("&#95;", "_").replace("<code>", "`").replace("</code>", "`").contains(words),
        "{}",
        run.summary
    );
    let shown = run.everything();
    assert!(shown.lines().all(|line| line.starts_with(MASK) || !line.contains("q7Z")), "{shown}");
}
