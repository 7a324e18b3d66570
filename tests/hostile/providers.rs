//! Services that answer as nobody should.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, RgbImage};
use serde_json::json;

use super::asking;
use crate::support::action::{Action, Finished};
use crate::support::images::{self, encoded, fresh_jpeg, picture};
use crate::support::posts::{blog_of, contents, put};
use crate::support::server::{Reply, Server};

/// One post, one provider that always gives this answer: the post stays as it was, and its reason
/// names provider, class and these words.
fn is_told(reply: Reply, class: &str, words: &[&str]) -> Finished {
    let server = Server::start(move |_| reply.clone());
    let blog = blog_of(1);
    let before = contents(blog.path());
    let run = asking(blog.path(), &server).run();
    assert_eq!(contents(blog.path()), before);
    let post = run.post("posts/post-1.md");
    assert_eq!((run.code, &post["status"]), (Some(1), &json!("manual")), "{}", run.log);
    assert_eq!(post["attempts"][0]["class"], class, "{post}");
    let line = run.log.lines().find(|line| line.starts_with("manual posts/post-1.md")).expect(&run.log);
    assert!(line.contains("Together AI: "), "{line}");
    for word in words {
        assert!(post["attempts"][0]["message"].as_str().unwrap().contains(word), "{word}: {post}");
    }
    run
}

fn delivers(picture: Vec<u8>) -> Reply {
    let data = STANDARD.encode(picture);
    Reply::json(200, json!({"data": [{"index": 0, "b64_json": data}]}))
}

fn links_to(address: &str) -> Reply {
    Reply::json(200, json!({"data": [{"index": 0, "url": address}]}))
}

#[test]
fn trouble_of_a_service_with_its_own_supplier_is_never_told_as_that_of_the_user() {
    for status in [400, 401, 402, 403, 412, 503] {
        for key in [None, Some("sk_0123456789abcdef")] {
            let words = "Image provider error: account is suspended";
            let server = Server::start(move |_| {
                let details = json!({"name": "UpstreamError", "upstreamStatus": status});
                let error = json!({"message": words, "code": "UNKNOWN_ERROR", "details": details});
                Reply::json(status, json!({"success": false, "error": error, "status": status}))
            });
            let blog = blog_of(2);
            let action = asking(blog.path(), &server).input("providers", "pollinations");
            let action =
                action.env("POLLINATIONS_ENABLED", "true").env("POLLINATIONS_BASE_URL", server.url());
            let run =
                key.into_iter().fold(action, |action, key| action.env("POLLINATIONS_API_TOKEN", key)).run();
            assert_eq!(run.code, Some(1), "{}", run.log);
            assert_eq!(run.post("posts/post-1.md")["attempts"][0]["class"], "Transient", "{}", run.log);
            let annotations: String = run.log.lines().filter(|line| line.starts_with("::")).collect();
            for told in [&run.log, &run.summary, &annotations] {
                let plain = told.replace("&#95;", "_").to_lowercase();
                assert!(plain.contains("the service has trouble with its own supplier"), "{told}");
                for wrong in ["api_token", "renew", "top up", "credit", "your key", "request", "entitled"] {
                    // Others that could be asked are told with what they need.
                    let others = ["not asked", "not configured", "::add-mask", "can draw in this chain"];
                    let ours = |line: &&str| !others.iter().any(|other| line.contains(other));
                    let line = plain.lines().filter(ours).find(|line| line.contains(wrong));
                    assert_eq!(line, None, "{status}: `{wrong}`: {told}");
                }
            }
        }
    }
}

#[test]
fn a_provider_that_never_answers_is_given_up_after_the_time_out() {
    is_told(Reply::Hangs, "Transient", &["after 1 s"]);
}

#[test]
fn a_wait_for_a_provider_that_is_cooling_is_told_with_its_end_and_reason() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::json(429, json!({"error": {"message": "slow down"}})).with("retry-after", "1"),
        _ => images::together_delivers(),
    });
    let blog = blog_of(1);
    let run = asking(blog.path(), &server).input("patience", "60s").run();
    assert_eq!(run.status("posts/post-1.md"), "generated", "{}", run.log);
    let told: Vec<_> =
        run.log.lines().filter(|line| line.starts_with("no other provider is left: waiting")).collect();
    assert_eq!(told.len(), 1, "{}", run.log);
    assert!(told[0].contains(" UTC, for Together AI: rate limit reached (429): slow down"), "{}", told[0]);
}

#[test]
fn a_provider_that_sends_a_byte_a_second_is_given_up_after_the_time_out() {
    is_told(Reply::Drips, "Transient", &["after 1 s"]);
}

#[test]
fn a_gigabyte_is_not_read() {
    is_told(Reply::Endless, "Unusable", &["larger than 25 MB"]);
}

#[test]
fn an_answer_that_breaks_off_does_not_count() {
    is_told(Reply::BreaksOff(fresh_jpeg()), "Transient", &["the connection broke"]);
}

#[test]
fn a_redirect_to_another_host_is_not_followed_with_our_key() {
    let other = images::together();
    let target = format!("{}/v1/images/generations", other.url());
    let reply = Reply::text(307, "text/plain", "").with("location", &target);
    let run = is_told(reply, "Moved", &["redirects to", other.url(), "base URL"]);
    assert!(run.log.contains("`TOGETHER_BASE_URL`"), "{}", run.log);
    assert_eq!(other.count(), 0, "the key went to another host");
}

#[test]
fn a_link_to_a_loopback_or_private_address_is_not_followed() {
    let inner = Server::start(|_| Reply::bytes(200, "image/jpeg", fresh_jpeg()));
    let port = inner.url().rsplit(':').next().unwrap().to_owned();
    for address in [
        inner.url().to_owned(),
        format!("https://127.0.0.1:{port}/a.jpg"),
        format!("https://localhost:{port}/a.jpg"),
        format!("https://[::1]:{port}/a.jpg"),
        format!("https://2130706433:{port}/a.jpg"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        is_told(links_to(&address), "Unusable", &["the answer links to"]);
    }
    assert_eq!(inner.count(), 0);
}

#[test]
fn a_link_on_the_providers_own_host_that_redirects_elsewhere_is_not_followed() {
    let inner = Server::start(|_| Reply::bytes(200, "image/jpeg", fresh_jpeg()));
    let target = inner.url().to_owned();
    let server = Server::start(move |request| match request.method.as_str() {
        "POST" => links_to(&format!("http://{}/picture", request.header("host").unwrap())),
        _ => Reply::text(302, "text/plain", "").with("location", &target),
    });
    let blog = blog_of(1);
    let run = asking(blog.path(), &server).run();
    assert_eq!(run.status("posts/post-1.md"), "manual", "{}", run.log);
    assert_eq!(inner.count(), 0);
}

#[test]
fn a_page_of_html_under_200_is_not_a_picture() {
    let page = "<!doctype html><title>Sign in</title>";
    is_told(Reply::text(200, "text/html", page), "Unusable", &[]);
    is_told(Reply::text(200, "image/png", page), "Unusable", &[]);
    is_told(delivers(page.as_bytes().to_vec()), "Unusable", &[]);
}

#[test]
fn a_truncated_jpeg_is_not_a_picture() {
    let whole = fresh_jpeg();
    is_told(delivers(whole[..whole.len() / 2].to_vec()), "Unusable", &[]);
}

#[test]
fn pictures_that_show_nothing_are_not_accepted() {
    let black = RgbImage::new(1024, 1024);
    is_told(delivers(encoded(&black, ImageFormat::Png)), "Unusable", &[]);
    is_told(delivers(encoded(&picture(64, 64, 1), ImageFormat::Png)), "Unusable", &["256"]);
    is_told(delivers(Vec::new()), "Unusable", &[]);
}

#[test]
fn a_picture_that_unpacks_to_gigabytes_is_refused_by_its_header() {
    // 60,000 x 60,000 pixels of one colour: some kilobytes that would become ten gigabytes.
    let mut bomb = encoded(&RgbImage::new(300, 300), ImageFormat::Png);
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let check = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&check.to_be_bytes());
    is_told(delivers(bomb), "Unusable", &["60000x60000", "24 million"]);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[test]
fn a_picture_that_is_swapped_later_gets_a_line_of_its_own_and_counts_its_time() {
    let same = fresh_jpeg();
    let first = Server::start(move |_| images::cloudflare_gives(&same));
    let blog = blog_of(2);
    let second = images::together();
    let run =
        Action::in_actions(blog.path()).input("concurrency", "1").cloudflare(&first).together(&second).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    let swapped = "instead of what was reported above: generated posts/post-1.md by Together AI (fallback";
    assert_eq!(run.log.matches(swapped).count(), 1, "{}", run.log);
    assert!(run.post("posts/post-1.md")["seconds"].as_f64() > Some(0.0));
}

#[test]
fn the_same_bytes_for_two_posts_are_a_placeholder() {
    let same = fresh_jpeg();
    let server = Server::start(move |_| delivers(same.clone()));
    let blog = blog_of(2);
    let run = asking(blog.path(), &server).input("concurrency", "1").run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    let statuses = ["posts/post-1.md", "posts/post-2.md"].map(|path| run.status(path));
    assert_eq!(statuses, ["manual", "manual"], "{}", run.log);
    assert!(run.log.contains("placeholder"), "{}", run.log);
}

#[test]
fn a_placeholder_that_stays_is_named_as_it_was_written() {
    let same = fresh_jpeg();
    let server = Server::start(move |_| delivers(same.clone()));
    let blog = blog_of(2);
    put(blog.path(), "static/images/post-1.jpg", b"somebody's own");
    put(blog.path(), "static/images/post-2.jpg", b"somebody's own");
    let run = asking(blog.path(), &server).input("concurrency", "1").run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    let texts = ["post-1", "post-2"]
        .map(|name| std::fs::read_to_string(blog.path().join(format!("posts/{name}.md"))).unwrap());
    let flagged: Vec<_> = texts.iter().filter(|text| text.contains("regenerate_image: true")).collect();
    assert!(!flagged.is_empty(), "{texts:?}");
    for text in flagged {
        assert!(text.contains("image: /images/post-") && text.contains("-2.jpg\n"), "{text}");
    }
}

#[test]
fn a_picture_under_a_wrong_content_type_is_still_a_picture() {
    let server = Server::start(|_| Reply::bytes(200, "text/html", fresh_jpeg()));
    let blog = blog_of(1);
    let action = Action::in_actions(blog.path()).cloudflare(&server).input("describe", "never");
    let run = action.env("CLOUDFLARE_IMAGE_MODEL", "@cf/lykon/dreamshaper-8-lcm").run();
    assert_eq!(run.code, Some(0), "{}", run.log);
}

#[test]
fn one_bad_answer_does_not_keep_the_other_posts_from_their_pictures() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::text(200, "text/html", "<html>no</html>"),
        1 => Reply::BreaksOff(fresh_jpeg()),
        _ => images::together_delivers(),
    });
    let blog = blog_of(4);
    let run = asking(blog.path(), &server).input("concurrency", "1").input("timeout", "20s").run();
    assert_eq!((run.code, run.outputs["generated"].as_str()), (Some(1), "2"), "{}", run.log);
}

#[test]
fn a_slow_answer_within_the_time_out_counts() {
    let server =
        Server::start(|_| Reply::Later(Duration::from_millis(300), Box::new(images::together_delivers())));
    let blog = blog_of(1);
    let run = asking(blog.path(), &server).input("timeout", "20s").run();
    assert_eq!(run.code, Some(0), "{}", run.log);
}
