//! Pictures inside answers, in all the clothes they come in. An answer that holds a picture is paid
//! for, so it is found wherever it stands: as bytes, as base64 of either alphabet, as a `data:`
//! address, behind a link, under another name than the documentation has, in the second entry of a
//! list whose first is empty.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error_body::ErrorBody;
use super::failure::{Failure, FailureClass};
use crate::http::{Http, HttpResponse};

/// Padding may be missing, and nobody is helped by refusing odd trailing bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How the base64 of JPEG, PNG, WebP and GIF begins.
const BASE64_HEADS: [&[u8]; 4] = [b"/9j/", b"iVBORw0KGgo", b"UklGR", b"R0lGOD"];

/// Names under which services put pictures, and lists of them.
const NAMES: [&str; 10] =
    ["data", "images", "image", "image_result", "output", "outputs", "result", "b64_json", "base64", "url"];

/// Texts that are tried; one picture was asked for.
const MOST: usize = 8;

/// The picture of a success, whatever form it has. `base` is the provider's own address, see
/// [`Http::fetch_link`].
///
/// # Errors
/// `Unusable` when there is none; else why the first thing that could be one is none.
pub(super) async fn of(answer: &HttpResponse, http: &Http, base: &str) -> Result<Bytes, Failure> {
    if !matches!(answer.body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"')) {
        return from_body(answer).map(|picture| answer.outlived_by(picture));
    }
    let PictureTexts(mut texts) = serde_json::from_slice(&answer.body).unwrap_or_default();
    // What is there already comes before what has to be fetched.
    texts.sort_by_key(|text| is_link(text));
    let mut first = None;
    for text in &texts {
        let picture = if is_link(text) { behind_link(text, http, base).await } else { from_base64(text) };
        match picture {
            Ok(picture) => return Ok(answer.outlived_by(picture)),
            Err(failure) => first = first.or(Some(failure)),
        }
    }
    Err(first.unwrap_or_else(|| {
        let ErrorBody { message, .. } = ErrorBody::of(answer);
        let says = if message.trim().is_empty() { answer.text() } else { message };
        Failure::answered(answer, FailureClass::Unusable, format!("the answer holds no picture: {says}"))
    }))
}

/// The picture behind a link. A dead link says nothing about the model, so it is never `Moved`.
pub(super) async fn behind_link(link: &str, http: &Http, base: &str) -> Result<Bytes, Failure> {
    let answer = http.fetch_link(link, base).await.map_err(|error| match Failure::from(error) {
        failure if failure.class == FailureClass::Moved => {
            Failure { class: FailureClass::Unusable, ..failure }.told_by("the link in the answer")
        }
        failure => failure,
    })?;
    if answer.is_success() {
        return Ok(answer.outlived_by(answer.body.clone()));
    }
    let class = if answer.status >= 500 { FailureClass::Transient } else { FailureClass::Unusable };
    let message = format!("the link in the answer gave HTTP {}", answer.status);
    Err(Failure::answered(&answer, class, message))
}

/// Whether the text has the form `scheme://…`. Where it may lead is judged when it is followed.
pub(super) fn is_link(text: &str) -> bool {
    let text = text.trim_start();
    let scheme = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    scheme > 0 && text[scheme..].starts_with("://")
}

/// Decodes base64 of the standard or the URL-safe alphabet, with line breaks or without padding, or
/// the content of a `data:` address.
///
/// # Errors
/// `Unusable` when it does not decode or is empty.
pub(super) fn from_base64(text: &str) -> Result<Bytes, Failure> {
    let text = text.trim();
    let data: Cow<'_, [u8]> = match text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        Some(_) => {
            let (kind, data) = text.split_once(',').unwrap_or_default();
            let data = percent_decode_str(data);
            if !kind.to_ascii_lowercase().ends_with(";base64") {
                return filled(data.collect());
            }
            data.into()
        }
        None => text.as_bytes().into(),
    };
    let plain = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'-' | b'_');
    // Usually nothing has to be changed, and a copy of megabytes is saved.
    let clean = if data.iter().all(plain) { data } else { standard(&data).into() };
    match LENIENT.decode(clean) {
        Ok(bytes) => filled(bytes),
        Err(error) => {
            Err(Failure::unusable(format!("the picture in the answer is not valid base64: {error}")))
        }
    }
}

/// Base64 without line breaks, in the standard alphabet.
fn standard(data: &[u8]) -> Vec<u8> {
    let bytes = data.iter().filter(|byte| !byte.is_ascii_whitespace());
    bytes
        .map(|&byte| {
            if byte == b'-' {
                b'+'
            } else if byte == b'_' {
                b'/'
            } else {
                byte
            }
        })
        .collect()
}

fn filled(bytes: Vec<u8>) -> Result<Bytes, Failure> {
    if bytes.is_empty() {
        Err(Failure::unusable("the answer holds an empty picture"))
    } else {
        Ok(bytes.into())
    }
}

/// The body of a success that should be the picture itself, or its base64. Whether it really is one
/// is judged later; text is refused here, because only here it can be quoted.
fn from_body(answer: &HttpResponse) -> Result<Bytes, Failure> {
    let body = answer.body.trim_ascii_start();
    let is_base64 = |head: &&[u8]| body.starts_with(head) || body.starts_with(b"data:");
    match body.first() {
        None => Err(Failure::answered(answer, FailureClass::Unusable, "the answer is empty")),
        Some(b'<') => Err(Failure::answered(
            answer,
            FailureClass::Unusable,
            format!("the answer is not a picture but text: {}", answer.text()),
        )),
        Some(_) => match std::str::from_utf8(body) {
            Ok(text) if BASE64_HEADS.iter().any(is_base64) => from_base64(text),
            _ => Ok(answer.body.clone()),
        },
    }
}

/// The texts in an answer that may be pictures. They alone are kept, so that a body of any shape
/// takes no more memory than its own size.
#[derive(Default)]
struct PictureTexts<'a>(Vec<Cow<'a, str>>);

impl<'de> Deserialize<'de> for PictureTexts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut texts = Vec::new();
        Search(&mut texts).deserialize(deserializer)?;
        Ok(Self(texts))
    }
}

/// Looks through lists and through fields with one of [`NAMES`].
struct Search<'a, 'de>(&'a mut Vec<Cow<'de, str>>);

impl<'de> Search<'_, 'de> {
    fn keep(self, text: Cow<'de, str>) {
        if !text.trim().is_empty() && self.0.len() < MOST {
            self.0.push(text);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Search<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Search<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.keep(text.into());
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.keep(text.to_owned().into());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Search(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<Cow<'de, str>>()? {
            if NAMES.contains(&&*name) {
                fields.next_value_seed(Search(self.0))?;
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::mock::{Mock, Reply};

    #[test]
    fn base64_with_prefix_line_breaks_or_missing_padding_decodes() {
        for text in [
            "aGVsbG8=",
            "aGVsbG8",
            "aGVs\nbG8=\n",
            "data:image/png;base64,aGVsbG8=",
            " DATA:image/png;Base64,aGVs%0AbG8%3D",
            "data:text/plain,hel%6Co",
        ] {
            assert_eq!(from_base64(text).unwrap(), "hello", "{text}");
        }
    }

    #[test]
    fn base64_of_the_url_safe_alphabet_decodes() {
        let bytes = [0xFB, 0xEF, 0xFF, 0xFE, 0x01];
        for text in ["++///gE=", "--___gE=", "--___gE", "--__\r\n_gE\r\n", "data:image/png;base64,--___gE"] {
            assert_eq!(from_base64(text).unwrap(), bytes[..], "{text}");
        }
    }

    // B-20
    #[test]
    fn base64_that_does_not_decode_fails_with_a_reason() {
        let failure = from_base64("<html>").unwrap_err();
        assert!(failure.message.contains("not valid base64"), "{failure}");
        assert!(from_base64("data:image/png;base64,").unwrap_err().message.contains("empty"));
    }

    #[tokio::test]
    async fn a_dead_link_says_nothing_about_the_model() {
        // A label of 64 letters cannot exist, so no resolver has to be asked.
        let dead = format!("http://{}.invalid/", "a".repeat(64));
        let failure = behind_link(&dead, &Http::default(), &dead).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Unusable, "{failure}");
        let mock = Mock::start().await;
        mock.on("/file", Reply::redirect(302, "https://other.example/"));
        let link = format!("{}/file", mock.url());
        let failure = behind_link(&link, &Http::default(), mock.url()).await.unwrap_err();
        assert_eq!((failure.class, failure.status), (FailureClass::Unusable, Some(302)));
    }

    #[test]
    fn the_texts_that_may_be_pictures_are_found_in_every_shape_and_nothing_else_is_kept() {
        let cases: [(&str, &[&str]); 8] = [
            (r#"{"data":[{},{"b64_json":"a","revised_prompt":"no"}],"model":"no"}"#, &["a"]),
            (r#"{"data":[null,{"b64_json":null,"url":"a"},3,-1,0.5,true]}"#, &["a"]),
            (r#"{"data":[{"b64_json":" ","url":"a"}]}"#, &["a"]),
            (r#"{"images":[{"url":"a"}],"image":{"url":"b"}}"#, &["a", "b"]),
            (r#"{"output":"a"}"#, &["a"]),
            (r#"{"result":{"image":"a"}}"#, &["a"]),
            (r#""a""#, &["a"]),
            (r#"["1","2","3","4","5","6","7","8","9"]"#, &["1", "2", "3", "4", "5", "6", "7", "8"]),
        ];
        for (json, expected) in cases {
            assert_eq!(serde_json::from_str::<PictureTexts>(json).unwrap().0, expected, "{json}");
        }
    }
}
