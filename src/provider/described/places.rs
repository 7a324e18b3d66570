//! Where the picture is in the last answer.

use super::reading::DraftPart;

/// A place where the picture may be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PicturePlace {
    /// A link, base64 or a `data:` address at this pointer.
    At(String),
    /// The whole body.
    Body,
    /// Behind a second call to the service, whose query is read from this answer.
    Fetch { path: String, query: Vec<(String, String)> },
}

impl PicturePlace {
    /// Reads a line of `picture`.
    pub(super) fn read(part: &DraftPart<'_>) -> Option<Self> {
        const POINTERS: [&str; 3] = ["link", "base64", "data"];
        part.only(&["link", "base64", "data", "body", "fetch"]);
        if let Some(place) = POINTERS.iter().find_map(|key| part.get(key)) {
            return place.pointer().map(Self::At);
        }
        if part.get("body").is_some_and(|part| part.truth()) {
            return Some(Self::Body);
        }
        let Some(fetch) = part.get("fetch") else {
            part.fault("a place is missing; write one such as `{ link: /images/0/url }`");
            return None;
        };
        fetch.only(&["get", "query"]);
        let path = fetch.need("get", "/view")?;
        let template = super::call::address(&path)?;
        if !template.0.iter().all(|piece| matches!(piece, super::template::TextPiece::Fixed(_))) {
            path.fault("a path without placeholders has to stand here");
        }
        let query = fetch.get("query").map(|part| part.members()).unwrap_or_default();
        let query = query.into_iter().filter_map(|(name, part)| Some((name.to_owned(), part.pointer()?)));
        Some(Self::Fetch { path: path.text()?, query: query.collect() })
    }
}
