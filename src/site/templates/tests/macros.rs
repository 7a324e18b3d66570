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

#[test]
fn a_name_for_link_previews_is_a_field_like_others() {
    let page = "{% set card = parts::setting(key=\"social_media_card\", page=page) %}<head><meta property=\"og:image\" content=\"{{ get_url(path=card) }}\"></head>";
    let macros = "{% macro setting(key, page) %}{{ page.extra[key] }}{% endmacro %}";
    let cards = "{% for page in section.pages %}<img src=\"{{ page.extra.local_image }}\">{% endfor %}";
    let page = format!("{IMPORT}{page}");
    let files = [
        ("templates/page.html", page.as_str()),
        ("templates/macros/parts.html", macros),
        ("templates/cards.html", cards),
    ];
    assert_eq!(said("zola", &files), "extra.social_media_card Preview");
}

#[test]
fn a_field_that_every_post_can_fill_goes_before_one_behind_the_address_of_the_post() {
    let joined = "<meta property=\"og:image\" content=\"{{ get_url(path=page.path ~ page.extra.image) }}\">";
    let plain = "<meta property=\"og:image\" content=\"{{ get_url(path=page.extra.static_image) }}\">";
    let with = |page: &str| said("zola", &[("templates/page.html", page)]);
    assert_eq!(with(&format!("<head>{joined}{plain}</head>")), "extra.static_image Preview");
    assert_eq!(with(&format!("<head>{joined}</head>")), "extra.image Preview");
    let on_page = "<img src=\"{{ page.permalink ~ page.extra.image }}\">";
    let claim = templates("zola", &[("templates/page.html", on_page)]).unwrap().claim.unwrap();
    assert!(claim.reach.only_bundles);
}

#[test]
fn a_bundle_keeps_its_picture_where_zola_looks_for_it() {
    let bundle = |page: &str| {
        let claim = templates("zola", &[("templates/page.html", page)]).unwrap().claim.unwrap();
        claim.bundle.map(|place| place.value)
    };
    let of_site = Some("/img/{file}".to_owned());
    for (page, expected) in [
        // As it stands it is seen from the page itself, which is the generator's own way.
        ("<img src=\"{{ page.extra.image }}\">", None),
        ("<img src=\"{{ get_url(path=page.extra.image) }}\">", of_site.clone()),
        ("{% set i = page.extra.image %}{% set i = get_url(path=i) %}<img src=\"{{ i }}\">", of_site.clone()),
        ("{% set i = resize_image(path=page.extra.image, width=9) %}<img src=\"{{ i.url }}\">", of_site),
        (
            "<img src=\"{{ get_url(path=page.colocated_path ~ page.extra.image) }}\">",
            Some("{file}".to_owned()),
        ),
        (
            "{% set folder = page.colocated_path | default(value=\"\") %}{% set i = folder ~ page.extra.image %}<img src=\"{{ get_url(path=i) }}\">",
            Some("{file}".to_owned()),
        ),
    ] {
        assert_eq!(bundle(page), expected, "{page}");
    }
}
