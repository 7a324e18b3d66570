//! The answer of `generateContent`: its parts, and the reasons that come instead of them.

use serde::Deserialize;

use crate::provider::failure::{Class, Failure};
use crate::provider::http::Answer;

/// The answer of `generateContent`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Content {
    #[serde(default)]
    candidates: Vec<Candidate>,
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
    parts: Vec<Part>,
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

impl Content {
    /// Reads the answer of a success.
    pub fn of(answer: &Answer) -> Result<Self, Failure> {
        answer.json().ok_or_else(|| answer.fails(Class::Unusable, "the answer is not in Gemini's form"))
    }

    fn parts(&self) -> impl DoubleEndedIterator<Item = &Part> {
        let content = self.candidates.first().and_then(|candidate| candidate.content.as_ref());
        content.map_or(&[][..], |content| &content.parts).iter().filter(|part| !part.thought)
    }

    /// The base64 of the last picture that is no thought: drafts come before it.
    pub fn picture(&self) -> Option<&str> {
        self.parts().rev().find_map(|part| part.inline_data.as_ref()).map(|data| data.data.as_str())
    }

    /// All text that is no thought.
    pub fn text(&self) -> String {
        self.parts().filter_map(|part| part.text.as_deref()).collect()
    }

    /// The block reason of a refusal that came as a success, if it is one.
    pub fn refusal(&self, answer: &Answer) -> Option<Failure> {
        let blocked = self.prompt_feedback.as_ref().and_then(|feedback| feedback.block_reason.as_deref());
        let finished = self.finish_reason();
        let reason = blocked.or_else(|| {
            matches!(
                finished,
                "SAFETY"
                    | "IMAGE_SAFETY"
                    | "PROHIBITED_CONTENT"
                    | "IMAGE_PROHIBITED_CONTENT"
                    | "BLOCKLIST"
                    | "SPII"
                    | "RECITATION"
                    | "IMAGE_RECITATION"
            )
            .then_some(finished)
        })?;
        let class = Class::Refused { repeatable: true };
        Some(answer.fails(class, format!("refused: {reason} {}", self.finish_message())))
    }

    /// Why a success without what was asked for ended.
    pub fn nothing(&self, answer: &Answer, what: &str) -> Failure {
        let reason = match self.finish_reason() {
            "" => "no reason given",
            reason => reason,
        };
        let words = [self.finish_message(), &self.text()].concat();
        answer.fails(Class::Unusable, format!("the answer holds no {what} ({reason}) {words}"))
    }

    fn finish_reason(&self) -> &str {
        self.candidates.first().and_then(|candidate| candidate.finish_reason.as_deref()).unwrap_or_default()
    }

    fn finish_message(&self) -> &str {
        self.candidates.first().and_then(|candidate| candidate.finish_message.as_deref()).unwrap_or_default()
    }
}
