//! Hugo.

use super::HARBOUR;
use crate::visible::{Seen, Site};

const CONFIG: &str = r#"baseURL = "https://blog.example/"
title = "Notes"
"#;

const LIST: &str = r#"<html><body>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</body></html>
"#;

/// Hugo with the list `images`, as its own templates read it.
pub const HUGO: Site = Site {
    generator: "hugo",
    files: &[
        ("hugo.toml", CONFIG),
        ("content/posts/harbour.md", HARBOUR),
        (
            "layouts/_default/single.html",
            r#"<html><body><h1>{{ .Title }}</h1>{{ range first 1 (.Params.images | default slice) }}<img src="{{ . | relURL }}" alt="">{{ end }}{{ .Content }}</body></html>
"#,
        ),
        ("layouts/_default/list.html", LIST),
    ],
    seen: Seen::OnPage,
    post: "content/posts/harbour.md",
    build: &["hugo", "build"],
    built: "public",
    page: "posts/harbour/index.html",
};

/// Hugo with a mapping `cover`, which the other post teaches, and a post whose archetype left an empty `images`.
pub const HUGO_COVER: Site = Site {
    files: &[
        ("hugo.toml", CONFIG),
        (
            "content/posts/harbour.md",
            "---
title: The harbour
date: 2026-09-05
images:
---

Boats come in with the tide.
",
        ),
        (
            "content/posts/market.md",
            "---
title: The market
date: 2026-09-01
cover:
  image: /images/market.svg
  alt: Stalls in the rain
---

Stalls in the rain.
",
        ),
        (
            "static/images/market.svg",
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"/>
"#,
        ),
        (
            "layouts/_default/single.html",
            r#"<html><body><h1>{{ .Title }}</h1>{{ with .Params.cover.image }}<img src="{{ . | relURL }}" alt="{{ $.Params.cover.alt }}">{{ end }}{{ .Content }}</body></html>
"#,
        ),
        ("layouts/_default/list.html", LIST),
    ],
    ..HUGO
};

/// Hugo with a bundle whose file the layout finds by its name and makes smaller.
pub const HUGO_RESIZED: Site = Site {
    files: &[
        ("hugo.toml", CONFIG),
        ("content/posts/harbour/index.md", HARBOUR),
        (
            "layouts/_default/single.html",
            r#"<html><body><h1>{{ .Title }}</h1>{{ with .Resources.GetMatch "cover*" }}{{ with .Resize "600x webp" }}<img src="{{ .RelPermalink }}" alt="">{{ end }}{{ end }}{{ .Content }}</body></html>
"#,
        ),
        ("layouts/_default/list.html", LIST),
    ],
    seen: Seen::Remade,
    post: "content/posts/harbour/index.md",
    ..HUGO
};

/// Hugo with a partial that reads `cover.image` from the bundle, else as an address of the site, as PaperMod's does.
pub const HUGO_BUNDLE: Site = Site {
    files: &[
        ("hugo.toml", CONFIG),
        ("content/posts/harbour/index.md", HARBOUR),
        (
            "layouts/_default/single.html",
            r#"<html><body><h1>{{ .Title }}</h1>{{ partial "cover.html" . }}{{ .Content }}</body></html>
"#,
        ),
        (
            "layouts/partials/cover.html",
            r#"{{- with .Params.cover.image -}}
{{- $own := $.Resources.GetMatch . -}}
{{- if $own -}}<img src="{{ $own.Permalink }}" alt="{{ $.Params.cover.alt }}">
{{- else -}}<img src="{{ . | absURL }}" alt="{{ $.Params.cover.alt }}">{{- end -}}
{{- end -}}
"#,
        ),
        ("layouts/_default/list.html", LIST),
    ],
    post: "content/posts/harbour/index.md",
    ..HUGO
};

/// Hugo with layouts that read no field: the picture stands in the text.
pub const HUGO_SILENT: Site = Site {
    files: &[
        ("hugo.toml", CONFIG),
        ("content/posts/harbour.md", HARBOUR),
        (
            "layouts/_default/single.html",
            "<html><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>
",
        ),
        ("layouts/_default/list.html", LIST),
    ],
    ..HUGO
};
