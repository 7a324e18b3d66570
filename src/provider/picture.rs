//! Pictures inside answers: base64 as services really send it.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use super::failure::{Class, Failure};
use super::http::Answer;

/// Padding may be missing, and nobody is helped by refusing odd trailing bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes base64 that may carry a `data:image/…;base64,` prefix, line breaks or no padding.
///
/// # Errors
/// `Unusable` when it does not decode (B-20) or is empty.
pub fn from_base64(text: &str) -> Result<Bytes, Failure> {
    let data = match text.trim_start().strip_prefix("data:") {
        Some(uri) => uri.split_once(',').map_or(uri, |(_, data)| data),
        None => text,
    };
    let clean: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match LENIENT.decode(clean) {
        Ok(bytes) if bytes.is_empty() => Err(Failure::unusable("the answer holds an empty picture")),
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => Err(Failure::unusable(format!("the picture in the answer is no base64: {error}"))),
    }
}

/// The body of a success that should be the picture itself. Whether it really is one is judged
/// later; text is refused here, because only here it can be quoted.
///
/// # Errors
/// `Unusable` for an empty body, a page or a JSON text.
pub fn from_body(answer: &Answer) -> Result<Bytes, Failure> {
    match answer.body.trim_ascii_start().first() {
        None => Err(answer.fails(Class::Unusable, "the answer is empty")),
        Some(b'<' | b'{' | b'[') => {
            Err(answer
                .fails(Class::Unusable, format!("the answer is no picture but text: {}", answer.text())))
        }
        Some(_) => Ok(answer.body.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_with_prefix_line_breaks_or_missing_padding_decodes() {
        for text in ["aGVsbG8=", "aGVsbG8", "aGVs\nbG8=\n", "data:image/png;base64,aGVsbG8="] {
            assert_eq!(from_base64(text).unwrap(), "hello");
        }
    }

    #[test]
    fn b_20_base64_that_does_not_decode_fails_with_a_reason() {
        let failure = from_base64("<html>").unwrap_err();
        assert!(failure.message.contains("no base64"), "{failure}");
    }
}
