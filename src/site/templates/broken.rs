//! Templates that their generator cannot read either: cut off in the middle, or with blocks that are not closed.

use super::files::sheets;
use super::kind::TemplateKind;
use super::lexer::Language;
use super::rules::TemplateRules;
use crate::site::folder::SiteFolder;

/// A longer one is not read to its end here.
const LONGEST: usize = 60 * 1024;
/// What `{% endif %}` and the like close: these always need it, in Liquid, Nunjucks, Jinja and Tera alike.
const CLOSED: [&str; 2] = ["if", "for"];
/// What `end` closes in a template of Hugo.
const BLOCKS: [&str; 5] = ["if", "range", "with", "block", "define"];

/// A template of a post's page, or of the frame around it, that is broken.
pub(in crate::site) fn broken(site: &SiteFolder<'_>, rules: &TemplateRules) -> Option<String> {
    let mut decides = sheets(site, rules)
        .into_iter()
        .filter(|sheet| matches!(sheet.kind, TemplateKind::Post | TemplateKind::Around));
    let found = decides.find(|sheet| is_broken(&site.text(&sheet.path), sheet.language))?;
    Some(found.path)
}

/// Whether this is sure to be refused; what is not known to be wrong is right.
fn is_broken(text: &str, language: Language) -> bool {
    let is_open =
        |open: &str, close: &str| text.rfind(open).is_some_and(|at| !text[at + open.len()..].contains(close));
    if text.len() > LONGEST {
        return false;
    }
    match language {
        Language::Hugo => is_open("{{", "}}") || has_open_blocks(text),
        Language::Liquid | Language::Jinja => {
            // There the marks may stand for themselves.
            let is_verbatim = ["raw", "verbatim", "comment", "{#"].iter().any(|word| text.contains(word));
            !is_verbatim && (is_open("{{", "}}") || is_open("{%", "%}") || has_open_tags(text))
        }
        Language::Ejs => is_open("<%", "%>"),
        Language::Pug | Language::Script | Language::Attributes => false,
    }
}

/// Whether blocks and their ends do not match.
fn has_open_blocks(text: &str) -> bool {
    let (mut open, mut rest) = (0_i32, text);
    while let Some((_, action)) = rest.split_once("{{") {
        rest = action;
        let code = action.strip_prefix('-').unwrap_or(action).trim_start();
        if let Some(comment) = code.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            continue;
        }
        let word = first_word(code);
        if BLOCKS.contains(&word) {
            open += 1;
        } else if word == "end" {
            open -= 1;
        }
    }
    open != 0
}

/// The name that a tag or an action begins with.
fn first_word(code: &str) -> &str {
    code.split(|part: char| !part.is_alphanumeric() && part != '_').next().unwrap_or_default()
}

/// Whether tags and their ends do not match.
fn has_open_tags(text: &str) -> bool {
    let words = text.split("{%").skip(1).map(|tag| {
        let code = tag.trim_start_matches(['-', '+']).trim_start();
        let word = first_word(code);
        // Nunjucks has it besides, and closes it alike.
        if word == "ifAsync" { "if" } else { word }
    });
    let mut open: Vec<&str> = Vec::new();
    for word in words {
        if CLOSED.contains(&word) {
            open.push(word);
        } else if let Some(closed) = word.strip_prefix("end").filter(|closed| CLOSED.contains(closed))
            && open.pop() != Some(closed)
        {
            return true;
        }
    }
    !open.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sure_to_be_refused_is_broken() {
        for (language, text, expected) in [
            (Language::Hugo, "{{ with .Params.cover }}<img src='{{ . }}'>{{ end }}", false),
            (Language::Hugo, "<!-- {{ if .X }} -->a{{- else if .Y -}}b{{end}}{{/* {{ if }} */}}", false),
            (Language::Hugo, "{{- /* if */ -}}{{ define \"main\" }}{{ .Content }}{{ end }}", false),
            (Language::Hugo, "{{ with .Params.cover }}<img src='{{ . ", true),
            (Language::Hugo, "{{ with .Params.cover }}<img src='{{ . }}'>", true),
            (Language::Liquid, "{% if page.image %}{{ page.image }}", true),
            (Language::Liquid, "{% if a %}{% for b in c %}{% endif %}{% endfor %}", true),
            (Language::Liquid, "{%- if a -%}{% elsif b %}{% unless c %}{% endunless %}{%- endif -%}", false),
            (Language::Jinja, "{% for a in b %}{% else %}{{ a if b }}{% endfor %}{% set x = 1 %}", false),
            (Language::Jinja, "{%if a%}{{ a }}{%+ endif %}{% block b %}{% endblock %}", false),
            (Language::Jinja, "{% ifAsync a %}{{ a }}{% endif %}{% ifchanged %}{% endifchanged %}", false),
            (Language::Jinja, "{{ a }}{% endif %}", true),
            (Language::Liquid, "{% if page.image %}{{ page.ima", true),
            (Language::Liquid, "{% raw %}{{ {% endraw %}", false),
            (Language::Jinja, "{# {{ #}{{ page.title }}", false),
            (Language::Jinja, "{{ page.title }}{% if ", true),
            (Language::Ejs, "<%= page.title %><% if (page.cover", true),
            (Language::Script, "const a = {{ b", false),
        ] {
            assert_eq!(is_broken(text, language), expected, "{text}");
        }
    }
}
