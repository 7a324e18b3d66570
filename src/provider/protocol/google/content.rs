//! The answer of `generateContent`: its parts, and the reasons that come instead of them.

use serde::Deserialize;

use crate::http::HttpResponse;
use crate::provider::failure::{Failure, FailureClass};
use crate::provider::few::FirstFew;

/// The answer of `generateContent`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Content {
    #[serde(default)]
    candidates: FirstFew<Candidate>,
    prompt_feedback: Option<PromptFeedback>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Parts>,
    finish_reason: Option<String>,
    finish_message: Option<String>,
}

#[derive(Deserialize)]
struct Parts {
    #[serde(default)]
    parts: FirstFew<Part>,
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
    #[serde(default)]
    thought: bool,
    #[serde(rename = "inlineData", alias = "inline_data")]
    inline_data: Option<InlineData>,
}

#[derive(Deserialize)]
struct InlineData {
    #[serde(default)]
    data: String,
}

/// The finish reasons that are refusals.
const REFUSALS: [&str; 8] = [
    "SAFETY",
    "IMAGE_SAFETY",
    "PROHIBITED_CONTENT",
    "IMAGE_PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "RECITATION",
    "IMAGE_RECITATION",
];

impl Candidate {
    fn is_refused(&self) -> bool {
        self.finish_reason.as_deref().is_some_and(|reason| REFUSALS.contains(&reason))
    }

    /// The parts that are not thoughts.
    fn parts(&self) -> impl DoubleEndedIterator<Item = &Part> {
        let parts = self.content.as_ref().map_or(&[][..], |content| &content.parts);
        parts.iter().filter(|part| !part.thought)
    }
}

impl Content {
    /// Reads the answer of a success.
    pub(crate) fn of(answer: &HttpResponse) -> Result<Self, Failure> {
        answer.json().ok_or_else(|| {
            Failure::answered(answer, FailureClass::Unusable, "the answer is not in Gemini's form")
        })
    }

    /// The base64 of the last picture of a candidate that is not a thought: drafts come before it. The
    /// first candidate that has one counts.
    pub(crate) fn picture(&self) -> Option<&str> {
        let candidates = self.candidates.iter().filter(|candidate| !candidate.is_refused());
        candidates.into_iter().find_map(|candidate| {
            let pictures = candidate.parts().filter_map(|part| part.inline_data.as_ref());
            pictures.map(|picture| picture.data.as_str()).rfind(|data| !data.is_empty())
        })
    }

    /// All text that is not a thought.
    pub(crate) fn text(&self) -> String {
        let parts = self.candidates.first().into_iter().flat_map(Candidate::parts);
        parts.filter_map(|part| part.text.as_deref()).collect()
    }

    /// The block reason of a refusal that came as a success, if it is one.
    pub(crate) fn refusal(&self, answer: &HttpResponse) -> Option<Failure> {
        let blocked = self.prompt_feedback.as_ref().and_then(|feedback| feedback.block_reason.as_deref());
        let refused = self.candidates.first().filter(|candidate| candidate.is_refused());
        let reason = blocked.or_else(|| refused?.finish_reason.as_deref())?;
        let class = FailureClass::Refused { repeatable: true };
        Some(Failure::answered(answer, class, format!("refused: {reason} {}", self.finish_message())))
    }

    /// Why a success without what was asked for ended.
    pub(crate) fn nothing(&self, answer: &HttpResponse, what: &str) -> Failure {
        let reason = match self.finish_reason() {
            "" => "no reason given",
            reason => reason,
        };
        let words = [self.finish_message(), &self.text()].concat();
        Failure::answered(
            answer,
            FailureClass::Unusable,
            format!("the answer holds no {what} ({reason}) {words}"),
        )
    }

    fn finish_reason(&self) -> &str {
        self.candidates.first().and_then(|candidate| candidate.finish_reason.as_deref()).unwrap_or_default()
    }

    fn finish_message(&self) -> &str {
        self.candidates.first().and_then(|candidate| candidate.finish_message.as_deref()).unwrap_or_default()
    }
}
