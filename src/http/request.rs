//! What is sent: a request, its headers and its body.

use std::fmt;

use reqwest::header::HeaderValue;
use reqwest::multipart::Form;
use reqwest::{Client, Method, RequestBuilder, Url};
use serde_json::Value;

use super::SHOWN;
use crate::secret::Secret;
use crate::text::short_line;

/// One request.
#[derive(Debug)]
pub struct HttpRequest {
    method: Method,
    pub(super) url: String,
    secrets: Vec<SecretHeader>,
    headers: Vec<(String, String)>,
    body: RequestBody,
}

/// A header whose value is a secret behind a scheme such as `Bearer `, which may be empty.
#[derive(Debug)]
struct SecretHeader {
    name: String,
    scheme: String,
    secret: Secret,
}

#[derive(Debug)]
enum RequestBody {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
}

impl HttpRequest {
    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            secrets: Vec::new(),
            headers: Vec::new(),
            body: RequestBody::None,
        }
    }

    /// A `POST` without a body.
    pub fn post(url: impl Into<String>) -> Self {
        Self { method: Method::POST, ..Self::get(url) }
    }

    /// A `PUT` without a body.
    pub fn put(url: impl Into<String>) -> Self {
        Self { method: Method::PUT, ..Self::get(url) }
    }

    /// A `DELETE`.
    pub fn delete(url: impl Into<String>) -> Self {
        Self { method: Method::DELETE, ..Self::get(url) }
    }

    /// A `POST` of a JSON body.
    pub fn post_json(url: impl Into<String>, body: Value) -> Self {
        Self::post(url).json(body)
    }

    /// With a JSON body.
    pub fn json(self, body: Value) -> Self {
        Self { body: RequestBody::Json(body), ..self }
    }

    /// A `POST` of a multipart form of text fields.
    pub fn post_form(
        url: impl Into<String>,
        fields: impl IntoIterator<Item = (impl Into<String>, String)>,
    ) -> Self {
        Self::post(url).form(fields)
    }

    /// With a multipart form of text fields.
    pub fn form(self, fields: impl IntoIterator<Item = (impl Into<String>, String)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self { body: RequestBody::Form(fields), ..self }
    }

    /// With `Authorization: Bearer`.
    pub fn bearer(self, key: &Secret) -> Self {
        self.secret_behind("authorization", "Bearer ", key)
    }

    /// With a header whose whole value is a secret. It is revealed when the request is sent.
    pub fn secret_header(self, name: impl Into<String>, secret: &Secret) -> Self {
        self.secret_behind(name, "", secret)
    }

    /// With a header whose value is a scheme, such as `Key `, and a secret.
    pub fn secret_behind(mut self, name: impl Into<String>, scheme: &str, secret: &Secret) -> Self {
        let header = SecretHeader { name: name.into(), scheme: scheme.to_owned(), secret: secret.clone() };
        self.secrets.push(header);
        self
    }

    /// With a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The request as `client` sends it.
    pub(super) fn builder(&self, client: &Client) -> RequestBuilder {
        let request = client.request(self.method.clone(), &self.url);
        let mut request = match &self.body {
            RequestBody::None => request,
            RequestBody::Json(body) => request.json(body),
            RequestBody::Form(fields) => {
                let form = fields
                    .iter()
                    .fold(Form::new(), |form, (name, value)| form.text(name.clone(), value.clone()));
                request.multipart(form)
            }
        };
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for SecretHeader { name, scheme, secret } in &self.secrets {
            let text = format!("{scheme}{}", secret.reveal());
            request = match HeaderValue::from_str(&text) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    request.header(name, value)
                }
                // Then sending says what is wrong with the header.
                Err(_) => request.header(name, text),
            };
        }
        request
    }
}

/// A request as the log shows it: without the headers that hold a secret.
impl fmt::Display for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = &self.method;
        let body = match &self.body {
            RequestBody::None => String::new(),
            RequestBody::Json(body) => body.to_string(),
            RequestBody::Form(fields) => format!("{fields:?}"),
        };
        write!(f, "request: {method} {} {}", without_user(&self.url), short_line(&body, SHOWN))
    }
}

/// An address without user and password, which a mirror or gateway may need.
fn without_user(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return "an address that is not valid".to_owned() };
    // Both fail only for addresses that have neither.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}
