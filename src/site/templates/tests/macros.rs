//! Macros of Zola's templates, and what a page gives to them.

use super::*;

const IMPORT: &str = "{% import \"macros/parts.html\" as parts %}";

/// What is said of a page and a file of macros.
fn with_macros(page: &str, macros: &str) -> String {
    let page = format!("{IMPORT}{page}");
    said("zola", &[("templates/page.html", &page), ("templates/macros/parts.html", macros)])
}

#[test]
fn a_macro_says_what_becomes_of_what_it_is_given() {
    let call =
        "<body>{{ parts::card(title=page.title, image=page.extra.banner | default(value=\"\")) }}</body>";
    for (macros, expected) in [
        ("{% macro card(title, image=\"\") %}<img src=\"{{ image }}\">{% endmacro %}", "extra.banner Page"),
        (
            "{% macro card(title, image) %}{% set i = get_url(path=image) %}<meta property=\"og:image\" content=\"{{ i }}\">{% endmacro %}",
            "extra.banner Preview",
        ),
        // It is given no picture by that name, or does nothing with it.
        ("{% macro card(title, picture) %}<img src=\"{{ picture }}\">{% endmacro %}", "doubtful - Nowhere"),
        (
            "{% macro card(title, image) %}{{ title }}{% endmacro %}{% macro other(image) %}<img src=\"{{ image }}\">{% endmacro %}",
            "doubtful - Nowhere",
        ),
    ] {
        assert_eq!(with_macros(call, macros), expected, "{macros}");
    }
    let macros = "{% macro card(page) %}<img src=\"{{ page.extra.banner }}\">{% endmacro %}";
    assert_eq!(with_macros("{{ parts::card(page=page) }}", macros), "extra.banner Page");
    // What goes to a macro that is nowhere is not known to be shown.
    let unknown = [("templates/page.html", "{{ parts::card(image=page.extra.banner) }}")];
    assert_eq!(said("zola", &unknown), "doubtful - Nowhere");
}

#[test]
fn a_macro_is_asked_for_a_field_by_its_key() {
    let page = "{% set own = parts::setting(key=\"banner_image\", page=page) %}<img src=\"{{ own }}\">";
    let macros = "{% macro setting(key, page) %}{{ page.extra[key] }}{% endmacro %}";
    assert_eq!(with_macros(page, macros), "extra.banner_image Page");
}

#[test]
fn a_list_of_cards_may_be_one_of_other_pages_so_the_text_shows_the_picture_too() {
    let cards = "{% for page in section.pages %}<img src=\"{{ page.extra.image }}\">{% endfor %}";
    let files = [("templates/page.html", "{{ page.title }}"), ("templates/cards.html", cards)];
    let claim = templates("zola", &files).unwrap().claim.unwrap();
    assert_eq!((claim.field.unwrap().path.as_str(), claim.embed), ("extra.image", Some(Embed::Markdown)));
}
