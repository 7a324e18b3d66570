//! The table provider x answer -> class, over HTTP, with the bodies that services really send.

mod answers;
mod described;

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

#[tokio::test]
async fn google_says_how_long_to_wait_in_seconds_and_in_thousandths_of_them() {
    let http = Http::default();
    for (delay, least, most) in [("38.6s", 30, 39), ("862.4ms", 0, 1), ("2s.", 1, 2)] {
        let body = format!(
            r#"{{"error":{{"code":429,"message":"Please retry in {delay}","status":"RESOURCE_EXHAUSTED"}}}}"#
        );
        let class = failure_of(&http, asked("gemini"), 429, &body).await.class;
        let FailureClass::RateLimited { until: Some(until) } = class else { panic!("{delay}: {class:?}") };
        let wait = until.duration_since(crate::clock::now()).as_secs();
        assert!((least..=most).contains(&wait), "{delay}: {wait} s");
    }
}

#[tokio::test]
async fn what_is_wrong_with_project_or_account_is_named() {
    let http = Http::default();
    let is_disabled = |row: &&Row| row.1.contains("SERVICE_DISABLED");
    let &(status, body, _) = GEMINI.iter().find(is_disabled).unwrap();
    let FailureClass::NotEntitled { what } = failure_of(&http, asked("gemini"), status, body).await.class
    else {
        panic!("no setting")
    };
    assert!(what.contains("API to be enabled") && what.contains("projects/123456"), "{what}");
    let &(status, body, _) = CLOUDFLARE.iter().find(|row| row.1.contains("7003")).unwrap();
    let class = failure_of(&http, asked("cloudflare"), status, body).await.class;
    let catalogue = Catalogue::built_in();
    let service = catalogue.get("cloudflare").unwrap();
    let cure = crate::chain::policy::cure(&class, service, "CLOUDFLARE_API_TOKEN", "`m`").unwrap();
    assert!(cure.contains("`CLOUDFLARE_ACCOUNT_ID`") && !cure.contains("CLOUDFLARE_API_TOKEN"), "{cure}");
}

#[tokio::test]
async fn an_error_under_200_is_told_in_its_own_words() {
    let http = Http::default();
    let is_error = |row: &&Row| row.0 == 200 && row.1.contains("the model gave nothing");
    let &(status, body, _) = TOGETHER.iter().find(is_error).unwrap();
    let failure = failure_of(&http, asked("together"), status, body).await;
    assert_eq!(failure.message, "the answer holds no picture: the model gave nothing");
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
    for name in ["cloudflare", "huggingface", "together", "pollinations"] {
        let service = asked(name);
        let &(status, body, _) = service.3.iter().find(|row| row.0 == 400 && row.2 == "Gone").unwrap();
        assert_eq!(failure_of(&http, service, status, body).await.class, FailureClass::Gone, "{name}");
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
