//! The error in an answer, wherever a service puts it.
//!
//! Services write errors as `error` (text, object or list), `errors`, `detail`, `message` or plain
//! text (`docs/providers.md`). This finds message, code and type in all of these shapes, so that a
//! provider's table matches on fields and never searches a whole body.

use serde_json::Value;

use super::failure::{Failure, FailureClass};
use crate::http::{HttpResponse, LARGEST_TREE, start_of, tree_of};

/// The fields of an error answer; empty where the service said nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// The sentence for people.
    pub message: String,
    /// The structured code, numbers as text.
    pub code: String,
    /// The structured type.
    pub kind: String,
    /// The parameter of the request that it is about.
    pub parameter: String,
}

impl ErrorBody {
    /// Reads the error of an answer. A page of HTML says nothing.
    pub(super) fn of(answer: &HttpResponse) -> Self {
        Self::in_body(&answer.body[..answer.body.len().min(LARGEST_TREE)])
    }

    fn in_body(body: &[u8]) -> Self {
        match tree_of(body) {
            Some(body) => {
                let body = body.get(0).unwrap_or(&body);
                let mut carriers = ["error", "errors", "detail", "message", "title"]
                    .into_iter()
                    .filter_map(|key| body.get(key).filter(|value| !value.is_null()));
                match (carriers.next(), carriers.next()) {
                    // The first is only the name of the status, as in `{"error":"Bad Request","message":"…"}`.
                    (Some(Value::String(name)), Some(Value::String(words))) => {
                        Self { message: format!("{name}: {words}"), ..Self::default() }
                    }
                    (carrier, _) => carrier.map(Self::read).unwrap_or_default(),
                }
            }
            None if matches!(body.trim_ascii_start().first(), Some(b'<' | b'{' | b'[')) => Self::default(),
            None => Self { message: start_of(body), ..Self::default() },
        }
    }

    fn read(value: &Value) -> Self {
        let field = |keys: &[&str]| {
            keys.iter().find_map(|key| match value.get(*key)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
        };
        match value {
            Value::String(text) => Self { message: text.clone(), ..Self::default() },
            Value::Array(list) => list.first().map(Self::read).unwrap_or_default(),
            _ => Self {
                message: field(&["message", "msg", "detail"]).unwrap_or_default(),
                code: field(&["code"]).unwrap_or_default(),
                kind: field(&["type"]).unwrap_or_default(),
                parameter: field(&["param"]).unwrap_or_default(),
            },
        }
    }

    /// Whether the message holds one of these lower-case phrases. Only for what a service gives no
    /// code for.
    pub(super) fn says(&self, phrases: &[&str]) -> bool {
        let message = self.message.to_ascii_lowercase();
        phrases.iter().any(|phrase| message.contains(phrase))
    }

    /// The failure that this error explains.
    pub(super) fn fails(&self, answer: &HttpResponse, class: FailureClass) -> Failure {
        if self.message.trim().is_empty() {
            return Failure::answered(answer, class, answer.text());
        }
        match self.code.as_str() {
            "" => Failure::answered(answer, class, &self.message),
            code => Failure::answered(answer, class, format!("{} (code {code})", self.message)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> ErrorBody {
        ErrorBody::in_body(body.as_bytes())
    }

    #[test]
    fn the_message_is_found_in_every_shape_services_use() {
        for body in [
            r#"{"error":"broken"}"#,
            r#"{"error":{"message":"broken"}}"#,
            r#"[{"error":{"message":"broken"}}]"#,
            r#"{"error":["broken","twice"]}"#,
            r#"{"errors":[{"message":"broken"}]}"#,
            r#"{"errors":["broken"]}"#,
            r#"{"error":null,"detail":"broken"}"#,
            r#"{"detail":[{"loc":["body"],"msg":"broken"}]}"#,
            r#"{"message":"broken"}"#,
            "broken",
        ] {
            assert_eq!(of(body).message, "broken", "{body}");
        }
    }

    #[test]
    fn code_and_type_are_kept_as_text() {
        let error = of(r#"{"error":{"message":"m","code":404,"type":"gone"}}"#);
        assert_eq!((error.code.as_str(), error.kind.as_str()), ("404", "gone"));
    }

    #[test]
    fn a_page_of_html_and_truncated_json_say_nothing() {
        for body in ["<html>quota 401</html>", r#"{"error":"quota"#, "", "[]", "7"] {
            assert_eq!(of(body), ErrorBody::default(), "{body}");
        }
    }
}
