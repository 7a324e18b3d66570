//! For which posts templates show the picture that they name.

use super::*;
use crate::site::reach::ShownSections;

const SHOWS: &str = "<img src=\"{{ .Params.image }}\">";
const SHOWS_NONE: &str = "<h1>{{ .Title }}</h1>";

/// Sections on whose pages the picture stands: `all`, `posts`, or `all but posts`.
fn sections(files: &[(&str, &str)]) -> String {
    let claim = templates("hugo", files).unwrap().claim.unwrap();
    assert_eq!(claim.field.as_ref().map(|field| field.path.as_str()), Some("image"));
    let named = |sections: BTreeSet<String>| sections.into_iter().collect::<Vec<_>>().join(" ");
    match claim.reach.sections {
        ShownSections::All => "all".to_owned(),
        ShownSections::Only(sections) => named(sections),
        ShownSections::AllBut(sections) => format!("all but {}", named(sections)),
    }
}

#[test]
fn a_template_of_a_section_speaks_for_that_section_alone() {
    let general = |text| ("layouts/_default/single.html", text);
    let of_posts = |text| ("layouts/posts/single.html", text);
    let around = |text| ("layouts/_default/baseof.html", text);
    for (files, expected) in [
        (vec![general(SHOWS)], "all"),
        (vec![of_posts(SHOWS)], "all"),
        (vec![general(SHOWS), of_posts(SHOWS)], "all"),
        (vec![general(SHOWS_NONE), of_posts(SHOWS)], "posts"),
        (vec![general(SHOWS), of_posts(SHOWS_NONE)], "all but posts"),
        (vec![general(SHOWS_NONE), of_posts(SHOWS), ("layouts/notes/page.html", SHOWS)], "notes posts"),
        // The newer names, of which `page` is the nearer one.
        (vec![("layouts/page.html", SHOWS_NONE), of_posts(SHOWS)], "posts"),
        (vec![("layouts/single.html", SHOWS), ("layouts/page.html", SHOWS_NONE), of_posts(SHOWS)], "posts"),
        // Whatever the section, what stands around the page shows it.
        (vec![general(SHOWS_NONE), of_posts(SHOWS), around(SHOWS)], "all"),
        // A part of the page counts as the page.
        (
            vec![
                general("{{ partial \"hero.html\" . }}"),
                of_posts(SHOWS_NONE),
                ("layouts/partials/hero.html", SHOWS),
            ],
            "all but posts",
        ),
    ] {
        assert_eq!(sections(&files), expected, "{files:?}");
    }
}

#[test]
fn a_field_for_files_beside_the_post_is_one_for_bundles() {
    let only_bundles = |single: &str| {
        let files = [("layouts/single.html", single)];
        templates("hugo", &files).unwrap().claim.unwrap().reach.only_bundles
    };
    let beside =
        "{{ with .Resources.GetMatch .Params.cover }}<img src=\"{{ .RelPermalink }}\">{{ end }}".to_owned();
    assert!(only_bundles(&beside));
    assert!(!only_bundles("<img src=\"{{ .Params.cover }}\">"));
    let else_as_written = beside.replace("{{ end }}", "{{ else }}<img src=\"{{ .Params.cover }}\">{{ end }}");
    assert!(!only_bundles(&else_as_written));
}
