//! One call of a description: method, address, headers and body.

use super::reading::{DraftPart, Files, text_of};
use super::template::{Filling, JsonTemplate, Placeholder, TextPiece, TextTemplate};
use crate::http::HttpRequest;
use crate::secret::Secret;
use crate::text::url_segment;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

const VERBS: [(&str, Verb); 4] =
    [("get", Verb::Get), ("post", Verb::Post), ("put", Verb::Put), ("delete", Verb::Delete)];

#[derive(Debug, Clone, PartialEq)]
enum CallBody {
    Empty,
    Json(JsonTemplate),
    Form(Vec<(String, TextTemplate)>),
}

/// A header that holds the key, behind a scheme such as `Bearer `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyHeader {
    name: String,
    scheme: String,
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    verb: Verb,
    path: TextTemplate,
    headers: Vec<(String, TextTemplate)>,
    /// The headers with the key go along with every call to the service.
    pub(super) key_headers: Vec<KeyHeader>,
    query: Vec<(String, TextTemplate)>,
    body: CallBody,
    /// The text that the name of the model has to hold.
    when_model_has: Option<String>,
}

/// Headers that belong to the connection, or say who asks whom.
const NOT_OURS: [&str; 6] =
    ["host", "connection", "content-length", "transfer-encoding", "proxy-authorization", "cookie"];

impl Call {
    /// The keys of a call.
    pub(super) const KEYS: [&str; 10] =
        ["get", "post", "put", "delete", "headers", "query", "json", "form", "json-file", "when"];

    /// Reads a call. `files` are those that a description may name.
    pub(super) fn read(part: &DraftPart<'_>, files: &Files, more: &[&str]) -> Option<Self> {
        part.only(&[&Self::KEYS, more].concat());
        let verbs: Vec<_> = VERBS.iter().filter_map(|(key, verb)| Some((part.get(key)?, *verb))).collect();
        let [(path, verb)] = verbs.as_slice() else {
            part.fault("write one of `get`, `post`, `put`, `delete` with a path, such as `post: /images`");
            return None;
        };
        let mut headers = Vec::new();
        let mut key_headers = Vec::new();
        for (name, value) in part.get("headers").map(|part| part.members()).unwrap_or_default() {
            let Some(template) = value.text().and_then(|text| TextTemplate::read(&value, &text, |_| true))
            else {
                continue;
            };
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !is_name || NOT_OURS.contains(&name.to_ascii_lowercase().as_str()) {
                value.fault("this header cannot be set; take it out");
            } else if !template.names(Placeholder::Key) {
                headers.push((name.to_owned(), template));
            } else if let Some(scheme) = scheme(&template) {
                key_headers.push(KeyHeader { name: name.to_owned(), scheme });
            } else {
                value.fault("the key has to end the header, such as `Bearer {{ key }}`");
            }
        }
        let query = part.get("query").map(|part| texts(&part)).unwrap_or_default();
        let body = body(part, files);
        Some(Self {
            verb: *verb,
            path: address(path)?,
            headers,
            key_headers,
            query,
            body: body?,
            when_model_has: part.get("when").and_then(|part| when(&part)),
        })
    }

    /// Whether the call is the one for this model.
    pub(super) fn is_for(&self, model: &str) -> bool {
        self.when_model_has.as_ref().is_none_or(|text| model.contains(text.as_str()))
    }

    /// Whether a placeholder stands in its path.
    pub(super) fn path_names(&self, slot: Placeholder) -> bool {
        self.path.names(slot)
    }

    /// The request, without the key. `base` is where the path begins.
    pub(super) fn request(&self, base: &str, filling: &dyn Filling) -> HttpRequest {
        let mut url = format!("{base}{}", self.path.path(filling));
        for (place, (name, value)) in self.query.iter().enumerate() {
            url.push(if place == 0 { '?' } else { '&' });
            url.push_str(&format!("{}={}", url_segment(name), url_segment(&value.text(filling))));
        }
        let request = match self.verb {
            Verb::Get => HttpRequest::get(url),
            Verb::Post => HttpRequest::post(url),
            Verb::Put => HttpRequest::put(url),
            Verb::Delete => HttpRequest::delete(url),
        };
        let request = match &self.body {
            CallBody::Empty => request,
            CallBody::Json(json) => request.json(json.value(filling)),
            CallBody::Form(fields) => {
                request.form(fields.iter().map(|(name, value)| (name.clone(), value.text(filling))))
            }
        };
        self.headers.iter().fold(request, |request, (name, value)| request.header(name, value.text(filling)))
    }
}

/// The request with the key.
pub(super) fn with_key(request: HttpRequest, headers: &[KeyHeader], key: Option<&Secret>) -> HttpRequest {
    let Some(key) = key else { return request };
    headers.iter().fold(request, |request, header| request.secret_behind(&header.name, &header.scheme, key))
}

/// What stands before the key, if nothing but text does.
fn scheme(template: &TextTemplate) -> Option<String> {
    match template.0.as_slice() {
        [TextPiece::Named { .. }] => Some(String::new()),
        [TextPiece::Fixed(scheme), TextPiece::Named { .. }] => Some(scheme.clone()),
        _ => None,
    }
}

/// A path: what begins with a slash, or with the ticket.
pub(super) fn address(part: &DraftPart<'_>) -> Option<TextTemplate> {
    let text = part.text()?;
    let is_path = text.starts_with('/') && !text.starts_with("//") || text.starts_with("{{ ticket }}");
    if !is_path || text.contains(['?', '#', '\\']) || text.split('/').any(|step| step == "..") {
        part.fault(format!(
            "`{text}` is no path; write one that begins with `/`, without the host, and a query under `query`"
        ));
        return None;
    }
    TextTemplate::read(part, &text, |slot| slot != Placeholder::Key)
}

fn texts(part: &DraftPart<'_>) -> Vec<(String, TextTemplate)> {
    let member = |(name, part): (&str, DraftPart<'_>)| {
        let text = part.text()?;
        Some((name.to_owned(), TextTemplate::read(&part, &text, |slot| slot != Placeholder::Key)?))
    };
    part.members().into_iter().filter_map(member).collect()
}

fn body(part: &DraftPart<'_>, files: &Files) -> Option<CallBody> {
    Some(match (part.get("json"), part.get("form"), part.get("json-file")) {
        (None, None, None) => CallBody::Empty,
        (Some(json), None, None) => CallBody::Json(JsonTemplate::read(&json)?),
        (None, Some(form), None) => CallBody::Form(texts(&form)),
        (None, None, Some(file)) => {
            let name = file.text()?;
            let Some(json) = files.get(&name) else {
                file.fault(format!("`{name}` is no JSON file beside the description; put it there"));
                return None;
            };
            CallBody::Json(JsonTemplate::read(&file.holding(json))?)
        }
        _ => {
            part.fault("`json`, `form` and `json-file` exclude each other; keep one of them");
            return None;
        }
    })
}

/// Reads `model has ":"`.
fn when(part: &DraftPart<'_>) -> Option<String> {
    let text = text_of(part.value()).unwrap_or_default();
    let quoted = text.strip_prefix("model has ").and_then(|rest| rest.strip_prefix('"')?.strip_suffix('"'));
    if quoted.is_none() {
        part.fault(format!("`{text}` is no condition; write one such as `model has \":\"`"));
    }
    quoted.map(str::to_owned)
}
