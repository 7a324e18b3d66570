//! The table provider x answer -> class, over HTTP, with the bodies that services really send.

mod answers;

use super::*;
use crate::http::mock::Reply;
use answers::*;

const HUGE: &str =
    r#"{"error":{"message":"id 401403410429, not found, quota, daily, deprecated","code":"401"}}"#;

/// The first way to ask a service.
fn asked(name: &str) -> Asked {
    *SERVICES.iter().find(|service| service.0 == name).unwrap()
}

/// `http` is shared within a test, because every new client reads all CA certificates.
async fn failure_of(http: &Http, (name, variables, model, _): Asked, status: u16, body: &str) -> Failure {
    let mock = Mock::start().await;
    let mapping = r#"{"inferenceProviderMapping":{"hf-inference":{"status":"live","providerId":"x/y"}}}"#;
    mock.on("/", Reply::bytes(status, "text/plain", body.to_owned()))
        .on("/api/models/", Reply::json(200, mapping));
    let provider = ready(configured_with(http, name, &mock, variables));
    draw(&*provider, model).await.unwrap_err()
}

#[test]
fn every_service_of_the_catalogue_has_its_answers_here() {
    for name in Catalogue::built_in().names() {
        assert!(
            SERVICES.iter().any(|service| service.0 == name),
            "add the answers of `{name}` to `SERVICES`"
        );
    }
}

#[tokio::test]
async fn every_documented_answer_has_its_class() {
    let http = Http::default();
    let mut wrong = Vec::new();
    for &service in SERVICES {
        for &(status, body, expected) in service.3 {
            let failure = failure_of(&http, service, status, body).await;
            let class = match failure.class {
                FailureClass::Refused { repeatable: false } => "Refused once".to_owned(),
                ref class => class.name().to_string(),
            };
            if class != expected || failure.message.is_empty() {
                wrong.push(format!("{} {status} {body}\n  is {class}, not {expected}: {failure}", service.0));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// B-91
#[tokio::test]
async fn the_daily_message_of_cloudflare_is_a_quota_until_midnight_utc() {
    let http = Http::default();
    let (status, body, _) = CLOUDFLARE[0];
    let FailureClass::QuotaExhausted { until } =
        failure_of(&http, asked("cloudflare"), status, body).await.class
    else {
        panic!("no quota")
    };
    let utc = until.to_zoned(jiff::tz::TimeZone::UTC);
    assert_eq!((utc.hour(), utc.minute()), (0, 0));
    assert!(until > crate::clock::now());
}

// B-92
#[tokio::test]
async fn numbers_and_words_inside_a_500_do_not_change_its_class() {
    let http = Http::default();
    for &service in SERVICES {
        let failure = failure_of(&http, service, 500, HUGE).await;
        assert_eq!(failure.class, FailureClass::Transient, "{}: {failure}", service.0);
    }
}

// B-92
#[tokio::test]
async fn a_page_of_html_is_never_searched() {
    let http = Http::default();
    for &service in SERVICES {
        let failure = failure_of(&http, service, 400, PAGE).await;
        assert_eq!(failure.class, FailureClass::BadRequest, "{}: {failure}", service.0);
    }
}

// B-30, B-93
#[tokio::test]
async fn a_retired_model_is_gone_whatever_status_says_so() {
    let http = Http::default();
    for (name, row) in [("cloudflare", 14), ("huggingface", 5), ("together", 0), ("pollinations", 1)] {
        let service = asked(name);
        let (status, body, _) = service.3[row];
        assert_eq!((status, failure_of(&http, service, status, body).await.class), (400, FailureClass::Gone));
    }
}

#[tokio::test]
async fn a_monthly_credit_is_out_of_credit_unless_the_month_is_about_to_end() {
    let http = Http::default();
    let body = r#"{"error":"You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers."}"#;
    let class = failure_of(&http, asked("huggingface"), 402, body).await.class;
    assert!(matches!(class, FailureClass::OutOfCredit | FailureClass::QuotaExhausted { .. }), "{class:?}");
}

#[tokio::test]
async fn hostile_json_never_panics() {
    let http = Http::default();
    let deep = "[".repeat(2_000);
    let wide = format!("[{}0]", "0,".repeat(2_000));
    for body in [
        deep.as_str(),
        &wide,
        "null",
        "0",
        r#""x""#,
        r#"{"error":[[[[]]]]}"#,
        r#"{"error":{"details":[0,{"violations":0}],"message":0}}"#,
        "\u{0}\u{1}",
    ] {
        for &service in SERVICES {
            for status in [200, 400, 402, 403, 422, 429, 503] {
                // Plain bytes under 200 are a picture as far as a provider can tell.
                if status != 200 || body.starts_with(['[', '{']) {
                    let failure = failure_of(&http, service, status, body).await;
                    assert!(!failure.message.is_empty());
                }
            }
        }
    }
}

#[tokio::test]
async fn an_error_of_many_megabytes_is_classed_by_its_status() {
    let http = Http::default();
    let body =
        format!(r#"{{"error":{{"code":"model_not_found","message":"{}"}}}}"#, "x".repeat(2 * 1024 * 1024));
    for &service in SERVICES {
        let failure = failure_of(&http, service, 500, &body).await;
        assert_eq!(failure.class, FailureClass::Transient, "{}", service.0);
        assert!(failure.message.chars().count() <= Failure::MESSAGE + 1);
    }
}
