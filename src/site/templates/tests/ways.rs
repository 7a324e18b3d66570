//! Where templates of Hugo look for the picture that a post names.

use super::*;

/// Place of a post, place of a bundle and file of a bundle, as the claim has them.
fn places(single: &str, config: &str) -> String {
    let files = [("hugo.toml", config), ("layouts/single.html", single)];
    let claim = templates("hugo", &files).unwrap().claim.unwrap();
    let said = |place: &Option<Place>| {
        place.as_ref().map_or("-".to_owned(), |place| format!("{} {}", place.dir, place.value))
    };
    let file = claim.file.map_or(String::new(), |file| format!("; {file}*"));
    format!("{}; {}{file}", said(&claim.place), said(&claim.bundle))
}

const BESIDE: &str = "{dir} {file}";
const BELOW: &str = "static/images images/{file}";
const AS_WRITTEN: &str = "static/images /images/{file}";
const OF_SITE: &str = "assets/images images/{file}";

#[test]
fn the_picture_goes_where_the_templates_look_for_it() {
    let cases = [
        // As it stands: the address in the post is the address in the page, in a bundle too.
        ("<img src=\"{{ .Params.image }}\">", format!("-; {AS_WRITTEN}")),
        // Made an address of the site: a slash in front would leave out the site's path.
        ("<img src=\"{{ .Params.image | relURL }}\">", format!("{BELOW}; {BELOW}")),
        ("{{ with .Params.image }}<img src=\"{{ . | urls.AbsURL }}\">{{ end }}", format!("{BELOW}; {BELOW}")),
        ("{{ $i := absLangURL .Params.image }}<img src=\"{{ $i }}\">", format!("{BELOW}; {BELOW}")),
        // Looked for beside the post first.
        (
            "{{ $i := absURL .Params.image }}{{ with .Resources.GetMatch .Params.image }}{{ $i = .RelPermalink }}{{ end }}<img src=\"{{ $i }}\">",
            format!("{BELOW}; {BESIDE}"),
        ),
        (
            "{{ $own := .Resources.ByType \"image\" }}{{ with $own.GetMatch .Params.image }}<img src=\"{{ .RelPermalink }}\">{{ else }}<img src=\"{{ .Params.image }}\">{{ end }}",
            format!("-; {BESIDE}"),
        ),
        (
            "{{ with .Params.image }}{{ partial \"img\" (dict \"src\" . \"resources\" $.Resources) }}{{ end }}",
            format!("-; {BESIDE}"),
        ),
        // Looked for among the files of the site.
        (
            "{{ $i := .Resources.Get .Params.image }}{{ if not $i }}{{ $i = resources.Get .Params.image }}{{ end }}<img src=\"{{ $i.RelPermalink }}\">",
            format!("{OF_SITE}; {BESIDE}"),
        ),
        // The address of the post in front, where only a switch puts it there and where it always stands.
        (
            "{{ if .Params.relative }}<img src=\"{{ printf \"%s%s\" .Permalink .Params.image }}\">{{ else }}<img src=\"{{ .Params.image | absURL }}\">{{ end }}",
            format!("{BELOW}; {BELOW}"),
        ),
        ("<img src=\"{{ path.Join .RelPermalink .Params.image }}\">", format!("-; {BESIDE}")),
        // Previews do not look beside the post, though the page does.
        (
            "<meta property=\"og:image\" content=\"{{ .Params.image | absURL }}\">",
            format!("{BELOW}; {BELOW}"),
        ),
        // A file that is found by its name needs no field, unless the field finds it as well.
        (
            "{{ $i := resources.Get .Params.image }}{{ range slice \"*back*\" \"*feature*\" }}{{ if not $i }}{{ $i = $.Resources.GetMatch . }}{{ end }}{{ end }}{{ with $i }}<img src=\"{{ .RelPermalink }}\">{{ end }}",
            format!("{OF_SITE}; {OF_SITE}; feature*"),
        ),
        (
            "{{ with .Params.cover }}{{ with $.Resources.GetMatch . }}<img src=\"{{ .RelPermalink }}\">{{ else }}<img src=\"{{ . | absURL }}\">{{ end }}{{ else }}{{ if site.Params.auto }}{{ with .Resources.GetMatch \"cover.*\" }}<img src=\"{{ .RelPermalink }}\">{{ end }}{{ end }}{{ end }}",
            format!("{BELOW}; {BESIDE}"),
        ),
        ("{{ template \"_internal/opengraph.html\" . }}", format!("{BELOW}; {BESIDE}")),
    ];
    for (text, expected) in cases {
        assert_eq!(places(text, "baseURL = \"https://blog.example/\""), expected, "{text}");
    }
}

#[test]
fn the_path_of_the_site_stands_in_front_of_what_is_written_as_it_stands() {
    let config = "baseURL = \"https://me.example/notes/\"";
    let raw = "<img src=\"{{ .Params.image }}\">";
    assert_eq!(places(raw, config), "-; static/images /notes/images/{file}");
    assert_eq!(places("<img src=\"{{ .Params.image | relURL }}\">", config), format!("{BELOW}; {BELOW}"));
}

#[test]
fn a_field_for_files_beside_the_post_gives_way_to_file_name_and_previews() {
    let single = "{{ $own := .Resources.ByType \"image\" }}{{ $i := $own.GetMatch (.Params.cover | default \"*cover*\") }}{{ with $i }}<img src=\"{{ .RelPermalink }}\">{{ end }}";
    let head = "{{ template \"_internal/opengraph.html\" . }}";
    let alone = [("layouts/single.html", single)];
    assert_eq!(said("hugo", &alone), "cover Page");
    let both = [("layouts/single.html", &*format!("{single}{head}"))];
    assert_eq!(said("hugo", &both), "images[] Preview");
    let claim = templates("hugo", &both).unwrap().claim.unwrap();
    assert_eq!(claim.file.as_deref(), Some("cover"));
}

#[test]
fn a_switch_that_is_off_by_default_is_set_unless_the_site_has_it_on() {
    let text = "{{ if .Params.showCover | default (site.Params.post.showCover | default false) }}<img src=\"{{ .Params.cover }}\">{{ end }}";
    let keys = |text: &str, config: &str| {
        let files = [("hugo.toml", config), ("layouts/single.html", text)];
        let claim = templates("hugo", &files).unwrap().claim.unwrap();
        claim.extras.into_iter().map(|extra| extra.field).collect::<Vec<_>>()
    };
    assert_eq!(keys(text, ""), ["showCover"]);
    assert!(keys(text, "[params.post]\nshowCover = true").is_empty());
    assert!(keys(&text.replace("default false", "default true"), "").is_empty());
    assert!(keys(&text.replace("showCover", "showDate"), "").is_empty());
}
