//! Astro.

use super::HARBOUR;
use crate::visible::{Seen, Site};

const PACKAGE: &str = r#"{ "type": "module", "dependencies": { "astro": "*" } }
"#;

/// What was read of the posts is kept beside the packages otherwise, which all sites have in common.
const CONFIG: &str = "export default { cacheDir: './.cache' };
";

/// A content collection whose schema knows `heroImage`.
const HERO_SCHEMA: &str = "import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';
const blog = defineCollection({
  loader: glob({ base: './src/content/blog', pattern: '**/*.md' }),
  schema: z.object({ title: z.string(), date: z.coerce.date(), heroImage: z.string().optional() }),
});
export const collections = { blog };
";

/// A page that writes the field as it stands.
const HERO_PAGE: &str = r#"---
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  return (await getCollection('blog')).map((post) => ({ params: { id: post.id }, props: { post } }));
}
const { post } = Astro.props;
const { Content } = await render(post);
---
<html><body><h1>{post.data.title}</h1>{post.data.heroImage && <img src={post.data.heroImage} alt="">}<Content /></body></html>
"#;

/// Astro with a content collection whose schema knows `heroImage`.
pub const ASTRO: Site = Site {
    generator: "astro",
    files: &[
        ("package.json", PACKAGE),
        ("astro.config.mjs", CONFIG),
        ("src/content.config.ts", HERO_SCHEMA),
        ("src/content/blog/harbour.md", HARBOUR),
        ("src/pages/blog/[id].astro", HERO_PAGE),
    ],
    seen: Seen::OnPage,
    post: "src/content/blog/harbour.md",
    build: &["astro", "build"],
    built: "dist",
    page: "blog/harbour/index.html",
};

/// Astro with a schema that takes files of its sources, which it makes smaller and gives new names.
pub const ASTRO_IMAGE: Site = Site {
    generator: "astro",
    files: &[
        ("package.json", PACKAGE),
        ("astro.config.mjs", CONFIG),
        (
            "src/content.config.ts",
            "import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';
const blog = defineCollection({
  loader: glob({ base: './src/content/blog', pattern: '**/*.md' }),
  schema: ({ image }) =>
    z.object({
      title: z.string(),
      date: z.coerce.date(),
      cover: z.object({ src: image(), alt: z.string() }).optional(),
    }).strict(),
});
export const collections = { blog };
",
        ),
        ("src/content/blog/harbour.md", HARBOUR),
        (
            "src/pages/blog/[id].astro",
            r#"---
import { Image } from 'astro:assets';
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  return (await getCollection('blog')).map((post) => ({ params: { id: post.id }, props: { post } }));
}
const { post } = Astro.props;
const { cover } = post.data;
const { Content } = await render(post);
---
<html><body><h1>{post.data.title}</h1>{cover && <Image src={cover.src} alt={cover.alt} width={600} />}<Content /></body></html>
"#,
        ),
    ],
    seen: Seen::Remade,
    post: "src/content/blog/harbour.md",
    build: &["astro", "build"],
    built: "dist",
    page: "blog/harbour/index.html",
};

/// Astro below a path of its host, with a page that writes the field as it stands.
pub const ASTRO_BASE: Site = Site {
    generator: "astro",
    files: &[
        ("package.json", PACKAGE),
        (
            "astro.config.mjs",
            "export default { site: 'https://blog.example', base: '/notes', outDir: 'dist/notes', cacheDir: './.cache' };
",
        ),
        (
            "src/content.config.ts",
            HERO_SCHEMA,
        ),
        ("src/content/blog/harbour.md", HARBOUR),
        (
            "src/pages/blog/[id].astro",
            HERO_PAGE,
        ),
    ],
    seen: Seen::OnPage,
    post: "src/content/blog/harbour.md",
    build: &["astro", "build"],
    // What a web server has at its root: the build lies in the folder that is called as the path.
    built: "dist",
    page: "notes/blog/harbour/index.html",
};
