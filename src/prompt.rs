//! The prompt of a post: the template over its material, and the style that always stands last.

mod limits;

use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use crate::provider::Prompt;

/// The built-in template. A square loses half of its height to the crop, hence the centred subject.
pub const TEMPLATE: &str =
    "Hero image for a blog post. Wide composition, the subject centred with space around it. {{ subject }}";

/// The built-in style.
pub const STYLE: &str = "Modern editorial illustration, clean shapes, soft light, harmonious colours. No text, no lettering, no logos.";

/// Longest rendered prompt, and longest text that a template is given, in characters; providers cut to
/// their own limits.
const LONGEST: usize = 8_000;

/// What a template can use.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Material<'a> {
    /// What to draw: the text model's words, else made from title and description.
    pub subject: &'a str,
    /// Title of the post.
    pub title: &'a str,
    /// Description of the post, may be empty.
    pub description: &'a str,
    /// The post's text without markup.
    pub text: &'a str,
    /// Path of the post.
    pub path: &'a str,
}

/// A template that was checked, and the style.
pub struct Template {
    jinja: Environment<'static>,
    style: String,
}

impl Template {
    const NAME: &str = "prompt";

    /// Parses and tries the template; `None` takes the built-in template or style.
    ///
    /// # Errors
    /// What is wrong with the template, in words.
    pub fn new(template: Option<&str>, style: Option<&str>) -> Result<Self, String> {
        limits::judge(template.unwrap_or_default())?;
        let mut jinja = limits::environment();
        jinja.set_undefined_behavior(UndefinedBehavior::Strict);
        let source = template.unwrap_or(TEMPLATE).to_owned();
        jinja.add_template_owned(Self::NAME, source).map_err(|error| words(&error))?;
        let template = Self { jinja, style: style.unwrap_or(STYLE).trim().to_owned() };
        // An unknown name and too much work are known now, not after the first picture was paid for.
        let words = |longest: usize| "word, ".repeat(longest / 6);
        let (text, description) = (words(LONGEST), words(500));
        let (subject, title, path) = ("a subject", "A title", "a.md");
        template.render(&Material { subject, title, path, description: &description, text: &text })?;
        template.render(&Material { subject, title, path, ..Material::default() })?;
        Ok(template)
    }

    /// The prompt for one post.
    ///
    /// # Errors
    /// What the template could not do with this post.
    pub fn render(&self, material: &Material<'_>) -> Result<Prompt, String> {
        let Material { subject, title, description, text, path } = material;
        let [subject, title, description, text, path] =
            [subject, title, description, text, path].map(|text| beginning(text));
        let material = Material { subject, title, description, text, path };
        let rendered =
            self.jinja.get_template(Self::NAME).and_then(|template| template.render(Serde(material)));
        let subject: String = rendered.map_err(|error| words(&error))?.trim().chars().take(LONGEST).collect();
        if subject.is_empty() {
            return Err("the template gives an empty prompt".to_owned());
        }
        Ok(Prompt { subject, style: self.style.clone() })
    }

    /// A prompt that owes nothing to the post's text, for the one try after a refusal.
    pub fn softened(&self) -> Prompt {
        let subject = "An abstract, calm composition of simple shapes, wide format, centred focus, suitable for all ages.";
        Prompt { subject: subject.to_owned(), style: self.style.clone() }
    }
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

fn words(error: &minijinja::Error) -> String {
    let line = error.line().map(|line| format!(" in line {line}")).unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => {
            format!("an unknown name{line}; known are `subject`, `title`, `description`, `text` and `path`")
        }
        ErrorKind::OutOfFuel => "it does too much work".to_owned(),
        kind => {
            format!("{kind}{line}{}", error.detail().map(|detail| format!(" ({detail})")).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_prompt_centres_the_subject_and_ends_in_the_style() {
        let template = Template::new(None, None).unwrap();
        let prompt = template.render(&Material { subject: "A lighthouse.", ..Material::default() }).unwrap();
        let text = prompt.fit(2_000);
        assert!(text.contains("centred with space around it. A lighthouse. Modern editorial"), "{text}");
        assert!(text.ends_with("no logos."), "{text}");
    }

    #[test]
    fn a_template_with_an_unknown_name_or_too_much_work_is_refused_first() {
        let unknown = Template::new(Some("{{ titel }}"), None).err().unwrap();
        assert_eq!(
            unknown,
            "an unknown name in line 1; known are `subject`, `title`, `description`, `text` and `path`"
        );
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
        assert_eq!(Template::new(Some(endless), None).err().unwrap(), "it does too much work");
        assert!(Template::new(Some("{{ title"), None).is_err());
    }

    #[test]
    fn post_text_is_data_for_the_template_and_never_template_itself() {
        let template = Template::new(Some("{{ title }}"), Some("")).unwrap();
        let prompt = template.render(&Material { title: "{{ 7 * 7 }}", ..Material::default() }).unwrap();
        assert_eq!(prompt.fit(100), "{{ 7 * 7 }}");
    }

    #[test]
    fn a_template_too_much_for_a_post_of_full_length_is_refused_first() {
        for source in [
            "{% for a in text %}{{ text }}{% endfor %}",
            "{{ '%999999999d'|format(1) }}",
            "{{ text|indent(999999999) }}",
            "{{ text|map('replace', '', text)|join }}",
            "{{ text|replace('', text) }}",
            "{{ range(9999)|join(text) }}",
            "{% set a %}{% for i in range(1000) %}{{ text }}{% endfor %}{% endset %}x",
            "{% for i in range(900) %}{% set a %}{{ text }}{{ a if a is defined else text }}{% endset %}{% endfor %}",
        ] {
            let refused = Template::new(Some(source), None).err();
            assert_eq!(refused.as_deref(), Some("it does too much work"), "{source}");
        }
    }

    #[test]
    fn a_long_text_is_cut_and_no_reason_to_refuse_a_template() {
        let template = Template::new(Some("{{ text }}{{ title|replace('a', 'b') }}"), Some("")).unwrap();
        let text = "ä".repeat(100_000);
        let prompt = template.render(&Material { text: &text, ..Material::default() }).unwrap();
        assert_eq!(prompt.subject.chars().count(), LONGEST);
        let prompt = template.render(&Material { title: "banana", ..Material::default() }).unwrap();
        assert_eq!(prompt.subject, "bbnbnb");
    }
}
