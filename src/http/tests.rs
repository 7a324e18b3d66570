//! Redirects, bounds, broken connections, and links of strangers, over real HTTP.

use bytes::Bytes;

use super::mock::{Mock, Reply};
use super::response::MOST_ENTRIES;
use super::*;
use crate::memory::MemoryAccount;
use crate::secret::Secret;

fn call(mock: &Mock, path: &str) -> HttpRequest {
    let key = Secret::new("key-0123456789").unwrap();
    HttpRequest::get(format!("{}{path}", mock.url())).bearer(&key)
}

async fn get(mock: &Mock) -> Result<HttpResponse, HttpError> {
    Http::default().send(call(mock, "/start")).await
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed_and_the_key_stays_here() {
    let (mock, other) = (Mock::start().await, Mock::start().await);
    mock.on("/start", Reply::redirect(301, &format!("{}/new", other.url())));
    let failure = get(&mock).await.unwrap_err();
    assert_eq!(failure, HttpError::Redirected { status: 301, to: format!("{}/new", other.url()) });
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_but_not_forever() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::redirect(307, "/end")).on("/end", Reply::bytes(200, "text/plain", "there"));
    assert_eq!(get(&mock).await.unwrap().body, "there");

    let circle = Mock::start().await;
    circle.on("/start", Reply::redirect(307, "/start"));
    assert!(matches!(get(&circle).await.unwrap_err(), HttpError::Redirected { .. }));
    assert!(circle.asked().len() < 10);
}

#[tokio::test]
async fn an_endless_body_is_refused_at_25_megabytes() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::endless());
    let failure = get(&mock).await.unwrap_err();
    assert_eq!(failure, HttpError::TooLarge { status: 200 });
    assert_eq!(failure.to_string(), "the answer is larger than 25 MB");
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_read_at_all() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::endless().header("content-length", "26214401"));
    assert_eq!(get(&mock).await.unwrap_err(), HttpError::TooLarge { status: 200 });
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_is_lost() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::cut("half"));
    let failure = get(&mock).await.unwrap_err();
    let HttpError::Lost(reason) = failure else { panic!("{failure}") };
    assert!(reason.contains("in the middle"), "{reason}");
}

#[tokio::test]
async fn an_open_connection_that_turns_out_dead_is_replaced_once() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::bytes(200, "text/plain", "one"))
        .on("/start", Reply::drops())
        .on("/start", Reply::bytes(200, "text/plain", "two"))
        .on("/start", Reply::drops());
    let http = Http::default();
    assert_eq!(http.send(call(&mock, "/start")).await.unwrap().body, "one");
    assert_eq!(http.send(call(&mock, "/start")).await.unwrap().body, "two");
    assert!(matches!(http.send(call(&mock, "/start")).await.unwrap_err(), HttpError::Lost(_)));
    assert_eq!(mock.asked().len(), 5);
}

#[tokio::test]
async fn a_new_connection_that_dies_is_not_asked_again() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::drops());
    assert!(matches!(get(&mock).await.unwrap_err(), HttpError::Lost(_)));
    assert_eq!(mock.asked().len(), 1);
}

#[tokio::test]
async fn nobody_listening_is_told_from_a_host_that_does_not_exist() {
    let mock = Mock::start().await;
    let url = mock.url().to_owned();
    drop(mock);
    tokio::task::yield_now().await;
    let closed = Http::default().send(HttpRequest::get(url)).await.unwrap_err();
    assert!(matches!(closed, HttpError::Lost(_)), "{closed}");

    // A label of 64 letters cannot exist, so no resolver has to be asked.
    let dead = format!("http://{}.invalid/", "a".repeat(64));
    let gone = Http::default().send(HttpRequest::get(&dead)).await.unwrap_err();
    assert!(matches!(gone, HttpError::UnknownHost(_)), "{gone}");
}

#[tokio::test]
async fn a_server_that_hangs_is_ended_by_the_time_out_around_the_attempt() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::hangs());
    assert!(tokio::time::timeout(Duration::from_millis(50), get(&mock)).await.is_err());
}

#[tokio::test]
async fn a_link_into_a_private_network_is_not_followed() {
    let (http, mock) = (Http::default(), Mock::start().await);
    let other = Mock::start().await;
    let plain = format!("{}/x", other.url());
    for link in [
        plain.as_str(),
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.1.2.3/x",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://localhost/x",
        "https://localhost./x",
        "https://any.localhost/x",
        "http://example.com/x",
        "file:///etc/passwd",
        "no address",
        "",
    ] {
        let failure = http.fetch_link(link, mock.url()).await.unwrap_err();
        // Not every resolver knows names below `localhost`.
        assert!(matches!(failure, HttpError::BadLink(_) | HttpError::UnknownHost(_)), "{link}: {failure}");
    }
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_link_to_our_own_host_that_leads_elsewhere_is_not_followed() {
    let (mock, other) = (Mock::start().await, Mock::start().await);
    mock.on("/file", Reply::redirect(302, &format!("{}/secret", other.url())));
    let link = format!("{}/file", mock.url());
    let failure = Http::default().fetch_link(&link, mock.url()).await.unwrap_err();
    assert!(matches!(failure, HttpError::Redirected { status: 302, .. }), "{failure}");
    assert!(other.asked().is_empty());
}

// B-26
#[tokio::test]
async fn the_wait_is_read_from_every_header_that_carries_it() {
    for (name, value, seconds) in [
        ("retry-after", "7", 7),
        ("retry-after-ms", "7500", 7),
        ("ratelimit", r#""api";r=0;t=55"#, 55),
        ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ] {
        let mock = Mock::start().await;
        mock.on("/start", Reply::json(429, "{}").header(name, value));
        assert_eq!(
            get(&mock).await.unwrap().retry_after().map(|wait| wait.as_secs()),
            Some(seconds),
            "{value}"
        );
    }
    for value in ["-1", "NaN", "soon", "1e400", "99999999999999999999999"] {
        let mock = Mock::start().await;
        mock.on("/start", Reply::json(429, "{}").header("retry-after", value));
        assert_eq!(get(&mock).await.unwrap().retry_after(), None, "{value}");
    }
}

#[tokio::test]
async fn the_memory_of_a_body_stays_taken_until_what_was_made_of_it_is_gone() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::bytes(200, "image/png", Bytes::from_static(&[0xff; 3 << 20])));
    let account = MemoryAccount::default();
    let answer = account.clone().scope(get(&mock)).await.unwrap();
    assert!(account.taken() >= 3 << 20, "{account:?}");
    let made = answer.outlived_by(Bytes::from_static(b"a picture"));
    drop(answer);
    assert_eq!((account.taken(), &*made), (9, &b"a picture"[..]));
    drop(made);
    assert_eq!(account.taken(), 0);
}

#[tokio::test]
async fn a_body_that_breaks_off_or_is_too_long_gives_its_memory_back() {
    let mock = Mock::start().await;
    mock.on("/start", Reply::bytes(200, "image/png", Bytes::from_static(&[0xff; LARGEST_BODY + 1])));
    let account = MemoryAccount::default();
    assert!(account.clone().scope(get(&mock)).await.is_err());
    assert_eq!(account.taken(), 0);
}

#[test]
fn a_tree_of_many_entries_is_not_built_and_a_long_text_in_one_is_no_harm() {
    let of = |entry: &str, count: usize| {
        tree_of(format!("[{}{entry}]", format!("{entry},").repeat(count)).as_bytes())
    };
    for entry in ["0", "[]", r#"{"a":0}"#] {
        assert!(of(entry, 100).is_some(), "{entry}");
        assert!(of(entry, MOST_ENTRIES).is_none(), "{entry}");
    }
    assert!(of(&format!("\"{}\"", "x".repeat(LARGEST_TREE / 2)), 0).is_some());
}
