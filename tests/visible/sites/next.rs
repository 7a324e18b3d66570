//! Next.js.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// A static export, whose page reads `image` and `image_alt`.
pub const NEXT: Site = Site {
    generator: "next",
    files: &[
        (
            "next.config.mjs",
            "export default { output: 'export' };
",
        ),
        (
            "package.json",
            r#"{ "name": "notes", "version": "1.0.0", "dependencies": { "next": "*" } }
"#,
        ),
        (
            "app/layout.jsx",
            "export default function Layout({ children }) {
  return <html lang=\"en\"><body>{children}</body></html>;
}
",
        ),
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
