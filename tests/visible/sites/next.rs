//! Next.js.

use super::HARBOUR;
use crate::visible::{Seen, Site};

const CONFIG: (&str, &str) = (
    "next.config.mjs",
    "export default { output: 'export' };
",
);
const PACKAGE: (&str, &str) = (
    "package.json",
    r#"{ "name": "notes", "version": "1.0.0", "dependencies": { "next": "*" } }
"#,
);
const LAYOUT: (&str, &str) = (
    "app/layout.jsx",
    "export default function Layout({ children }) {
  return <html lang=\"en\"><body>{children}</body></html>;
}
",
);

/// A static export, whose page reads `image` and `image_alt`.
pub const NEXT: Site = Site {
    generator: "next",
    files: &[
        CONFIG,
        PACKAGE,
        LAYOUT,
        (
            "app/blog/[slug]/page.jsx",
            r#"import fs from 'node:fs';
import matter from 'gray-matter';
import { marked } from 'marked';

export const dynamicParams = false;

export function generateStaticParams() {
  return fs.readdirSync('posts').map((file) => ({ slug: file.replace('.md', '') }));
}

export default async function Post({ params }) {
  const { slug } = await params;
  const { data, content } = matter(fs.readFileSync(`posts/${slug}.md`, 'utf8'));
  return (
    <article>
      <h1>{data.title}</h1>
      {data.image && <img src={data.image} alt={data.image_alt} />}
      <div dangerouslySetInnerHTML={{ __html: marked.parse(content) }} />
    </article>
  );
}
"#,
        ),
        ("posts/harbour.md", HARBOUR),
    ],
    seen: Seen::OnPage,
    post: "posts/harbour.md",
    build: &["next", "build", "--webpack"],
    built: "out",
    page: "blog/harbour.html",
};

/// A static export, whose page hands `coverImage` to a component.
pub const NEXT_COMPONENT: Site = Site {
    files: &[
        CONFIG,
        PACKAGE,
        LAYOUT,
        (
            "components/cover.jsx",
            r#"export function Cover({ title, src }) {
  return <img src={src} alt={title} />;
}
"#,
        ),
        (
            "app/blog/[slug]/page.jsx",
            r#"import fs from 'node:fs';
import matter from 'gray-matter';
import { marked } from 'marked';
import { Cover } from '../../../components/cover';

export const dynamicParams = false;

export function generateStaticParams() {
  return fs.readdirSync('_posts').map((file) => ({ slug: file.replace('.md', '') }));
}

function read(slug) {
  const { data, content } = matter(fs.readFileSync(`_posts/${slug}.md`, 'utf8'));
  return { ...data, content };
}

export default async function Post({ params }) {
  const { slug } = await params;
  const post = read(slug);
  return (
    <article>
      <h1>{post.title}</h1>
      {post.coverImage && <Cover title={post.title} src={post.coverImage} />}
      <div dangerouslySetInnerHTML={{ __html: marked.parse(post.content) }} />
    </article>
  );
}
"#,
        ),
        ("_posts/harbour.md", HARBOUR),
    ],
    post: "_posts/harbour.md",
    ..NEXT
};
