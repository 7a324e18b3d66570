use proptest::prelude::*;

use super::*;
use crate::site::Embed;
use crate::site::claim::Visibility;
use crate::site::generator;
use crate::site::target::Place;
use crate::site::tests::tree;

fn schema(generator: &str, files: &[(&str, &str)]) -> Option<Schema> {
    let root = tree(files);
    read(&SiteFolder::new(root.path(), ""), generator)
}

fn read(site: &SiteFolder<'_>, generator: &str) -> Option<Schema> {
    generator::named(generator).unwrap().posts_schema(site)
}

fn astro(config: &str) -> Schema {
    schema("astro", &[("src/content.config.ts", config)]).unwrap()
}

fn field(schema: &Schema) -> (&str, Option<&str>) {
    let field = schema.claim.as_ref().unwrap().field.as_ref().unwrap();
    (field.path.as_str(), field.alt.as_deref())
}

fn place(schema: &Schema) -> (&str, &str) {
    let Place { dir, value } = schema.claim.as_ref().unwrap().place.as_ref().unwrap();
    (dir.as_str(), value.as_str())
}

#[test]
fn a_collection_that_is_not_exported_gives_its_field_by_its_own_name() {
    let found = astro(
        "const blog = defineCollection({ schema: ({ image }) => z.object({ title: z.string(), \
         ogImage: image().or(z.string()).optional() }) });\n",
    );
    assert_eq!(field(&found), ("ogImage", None));
    assert_eq!(place(&found), ("src/assets", "{relative}"));
    assert_eq!(found.claim.as_ref().unwrap().visibility, Visibility::Preview);
    assert_eq!(found.posts, ["src/content/blog/**"]);
    assert_eq!(found.keys.unwrap(), ["title", "ogImage"]);
}

#[test]
fn a_loader_names_the_folder_of_the_posts() {
    let found = astro(
        "const blog = defineCollection({ loader: glob({ pattern: \"**/*.md\", base: \"./src/notes\" }) });",
    );
    assert_eq!(found.posts, ["src/notes/**/*.md"]);
    assert!(found.claim.is_none() && found.keys.is_none());
}

#[test]
fn a_base_is_filled_from_another_file_and_patterns_may_be_lists() {
    let found = schema(
        "astro",
        &[
            (
                "src/content.config.ts",
                "import { SITE, BLOG_PATH as PATH } from \"@/config\";\n\
                 const blog = defineCollection({ loader: glob({ pattern: [\"!index.md\", `**/[^_]*.@(md|mdx)`], base: `./${PATH}` }), \
                 schema: ({ image }) => z.object({ author: z.string().default(SITE.author), \
                 ogImage: image().refine(img => img.width >= 1200 && img.height, { message: \"a } b\" }).optional() }) })\n\
                 export const collections = { blog }\n",
            ),
            ("src/config.ts", "export const BLOG_PATH = \"src/data/blog\"; // posts\nexport const SITE = { author: 'A' } as const"),
        ],
    )
    .unwrap();
    assert_eq!(found.posts, ["!src/data/blog/index.md", "src/data/blog/**/[^_]*.{md,mdx}"]);
    assert_eq!(field(&found), ("ogImage", None));
}

#[test]
fn a_mapping_gives_the_picture_and_its_alt_text() {
    let found = astro(
        "import { defineCollection, z } from 'astro:content'\n\
         const removeDupsAndLowerCase = (array: string[]) => [...new Set(array.map((s) => s.toLowerCase()))]\n\
         const baseSchema = z.object({ title: z.string().max(60) })\n\
         const post = defineCollection({\n loader: glob({ base: './content/posts', pattern: '**/*.{md,mdx}' }),\n\
         schema: ({ image }) => baseSchema.extend({\n description: z.string(),\n\
         coverImage: z.object({ alt: z.string(), src: image() }).optional(), // not `heroImage: image()`\n\
         ogImage: z.string().optional(),\n publishDate: z.string().or(z.date()).transform((val) => new Date(val)) })\n})\n\
         const note = defineCollection({ loader: glob({ base: './content/notes', pattern: '**/*.md' }), schema: baseSchema.extend({ publishDate: z.date() }) })\n\
         const tag = defineCollection({ loader: glob({ base: './content/tag', pattern: '**/*.md' }), schema: z.object({ image: image() }) })\n\
         export const collections = { note, post, tag }\n",
    );
    assert_eq!(field(&found), ("coverImage.src", Some("coverImage.alt")));
    assert_eq!(found.posts, ["content/posts/**/*.{md,mdx}"]);
    assert_eq!(place(&found), ("src/assets", "{relative}"));
    let bundle = found.claim.as_ref().unwrap().bundle.clone().unwrap();
    assert_eq!(bundle, Place::new("src/assets", "{relative}"), "never outside the sources");
    assert_eq!(found.keys.unwrap(), ["title", "description", "coverImage", "ogImage", "publishDate"]);
}

#[test]
fn a_text_is_an_address_of_the_public_folder() {
    let found = astro(
        "const posts = defineCollection({ type: \"content\", schema: z.object({ title: z.string(), \
         image: z.string().optional().default(\"\"), image_alt: z.string().nullish() }) });\n\
         export const collections = { posts: posts, spec: defineCollection({}) };",
    );
    assert_eq!(field(&found), ("image", Some("image_alt")));
    assert_eq!(place(&found), ("public/images", "/images/{file}"));
    assert_eq!(found.claim.as_ref().unwrap().visibility, Visibility::Page);
    assert_eq!(found.posts, ["src/content/posts/**"]);
}

#[test]
fn a_picture_that_the_build_reads_goes_before_a_text_and_before_previews() {
    let found = astro(
        "export const collections = { blog: defineCollection({ schema: ({image}) => z.object({ \
         heroImage: z.string(), ogImage: image(), cover: image().nullable(), coverAlt: z.string(), \
         authorAvatar: image() }) }) }",
    );
    assert_eq!(field(&found), ("cover", Some("coverAlt")));
}

#[test]
fn a_schema_without_a_picture_never_gets_an_unknown_key() {
    for schema in [
        "z.object({ title: z.string() }).strict()",
        "z.strictObject({ title: z.string() })",
        "z.object({ title: z.string() })",
    ] {
        let found = astro(&format!(
            "export const collections = {{ blog: defineCollection({{ schema: {schema} }}) }}"
        ));
        let claim = found.claim.unwrap();
        assert_eq!(
            (claim.field, claim.embed, claim.visibility),
            (None, Some(Embed::Markdown), Visibility::Nowhere)
        );
        assert_eq!(found.keys.unwrap(), ["title"]);
    }
}

#[test]
fn a_schema_that_takes_any_key_or_cannot_be_read_says_nothing_of_the_picture() {
    for schema in [
        "z.object({ title: z.string() }).passthrough()",
        "z.looseObject({ title: z.string() })",
        "z.object({ ...fromPackage, title: z.string() })",
        "z.object({ title: z.string(), cover: pictureOf(image) })",
    ] {
        let found = astro(&format!(
            "export const collections = {{ blog: defineCollection({{ schema: {schema} }}) }}"
        ));
        assert!(found.claim.is_none(), "{schema}");
    }
}

#[test]
fn what_would_break_the_build_is_not_filled() {
    for key in [
        "image: z.string().url()",
        "image: z.object({ src: image(), credit: z.string() })",
        "image: z.boolean()",
        "image: z.url()",
    ] {
        let found = astro(&format!(
            "export const collections = {{ blog: defineCollection({{ schema: ({{ image }}) => z.object({{ {key} }}) }}) }}"
        ));
        let claim = found.claim.unwrap();
        assert_eq!((claim.field, claim.visibility), (None, Visibility::Nowhere), "{key}");
    }
}

#[test]
fn schemas_of_functions_lists_and_other_files_are_read() {
    let found = schema(
        "astro",
        &[
            ("src/content/config.js", "import { post as schema } from '../schemas'\nexport const collections = { articles: defineCollection({ schema }), authors: defineCollection({ type: 'data' }) };"),
            ("src/schemas/index.ts", "const seo = z.object({ canonical: z.string().optional() })\nexport function post({ image }: SchemaContext) {\n  const extra = 1;\n  return z.object({ ...seo.shape, title: z.string(), \"images\": z.array(image()).min(1), re: z.string().regex(/[}\"]/) })\n}\n"),
        ],
    )
    .unwrap();
    let claim = found.claim.as_ref().unwrap();
    assert!(claim.field.as_ref().unwrap().list);
    assert_eq!(field(&found), ("images", None));
    assert_eq!(found.posts, ["src/content/articles/**"]);
    assert_eq!(found.file, "src/content/config.js");
    assert_eq!(found.keys.unwrap(), ["canonical", "title", "images", "re"]);
}

#[test]
fn data_and_other_collections_are_not_posts() {
    let found = schema(
        "astro",
        &[(
            "src/content.config.ts",
            "export const collections = { authors: defineCollection({ loader: file('a.json') }), pages: defineCollection({ schema: z.object({ image: z.string() }) }) }",
        )],
    );
    assert!(found.is_none());
}

const DECAP: &str = "backend: { name: git-gateway }\nmedia_folder: static/img # uploads\npublic_folder: /img\ncollections:\n  - name: pages\n    folder: content/pages\n    fields: [{ name: image, widget: image }]\n  - name: blog\n    folder: content/blog\n";

#[test]
fn an_editor_names_field_folder_and_address() {
    let config = format!(
        "{DECAP}    fields:\n      - {{ name: title, widget: string }}\n      - {{ name: thumbnail, widget: image, required: false }}\n"
    );
    for file in ["static/admin/config.yml", "admin/config.yaml", "public/admin/config.yml"] {
        let found = schema("hugo", &[(file, &config)]).unwrap();
        assert_eq!(field(&found), ("thumbnail", None));
        assert_eq!(place(&found), ("static/img", "/img/{file}"));
        assert_eq!(found.posts, ["content/blog/**"]);
        assert_eq!(found.file, file);
        assert_eq!(found.claim.unwrap().visibility, Visibility::Unknown);
    }
}

#[test]
fn an_editor_keeps_pictures_beside_their_post_where_its_folders_are_empty() {
    let config = format!(
        "{DECAP}    path: '{{{{slug}}}}/index'\n    media_folder: ''\n    public_folder: ''\n    fields:\n      - name: cover\n        widget: object\n        fields: [{{ name: image, widget: image }}, {{ name: alt, widget: string }}]\n"
    );
    let found = schema("hugo", &[("static/admin/config.yml", &config)]).unwrap();
    assert_eq!(field(&found), ("cover.image", Some("cover.alt")));
    assert_eq!(place(&found), ("{dir}", "{file}"));
}

#[test]
fn folders_of_a_field_win_over_those_of_the_site() {
    let config = format!(
        "{DECAP}    media_folder: images\n    fields: [{{ name: image, widget: image, media_folder: '{{{{media_folder}}}}/posts', public_folder: '{{{{public_folder}}}}/posts' }}]\n"
    );
    let found = schema("hugo", &[("static/admin/config.yml", &config)]).unwrap();
    assert_eq!(place(&found), ("static/img/posts", "/img/posts/{file}"));
}

#[test]
fn paths_of_an_editor_are_those_of_the_repository() {
    let root = tree(&[(
        "web/static/admin/config.yml",
        "media_folder: web/static/img\ncollections: [{ name: blog, folder: web/content/blog, fields: [{ name: image, widget: image }] }]",
    )]);
    let found = read(&SiteFolder::new(root.path(), "web"), "hugo").unwrap();
    assert_eq!(found.posts, ["content/blog/**"]);
    assert_eq!(place(&found), ("static/img", "/web/static/img/{file}"));
}

#[test]
fn pages_cms_names_field_folder_and_address() {
    let found = schema("eleventy", &[(".pages.yml", "media:\n  - { name: files, input: files, output: /files, categories: [document] }\n  - { name: pictures, input: src/media, output: /media }\ncomponents:\n  hero: { type: object, fields: [{ name: src, type: image }, { name: alt, type: string }] }\ncontent:\n  - name: posts\n    type: collection\n    path: src/posts\n    fields:\n      - { name: title, type: string }\n      - { name: cover, component: hero }\n")]).unwrap();
    assert_eq!(field(&found), ("cover.src", Some("cover.alt")));
    assert_eq!(place(&found), ("src/media", "/media/{file}"));
    assert_eq!(found.posts, ["src/posts/**"]);
}

#[test]
fn contentlayer_names_field_and_folder() {
    let found = schema("next", &[("public/static/a.txt", ""), ("contentlayer.config.ts", "const Cover = defineNestedType(() => ({ name: 'Cover', fields: { src: { type: 'image', required: true }, alt: { type: 'string' } } }))\nexport const Blog = defineDocumentType(() => ({ name: 'Blog', filePathPattern: 'blog/**/*.mdx', contentType: 'mdx', fields: { title: { type: 'string', required: true }, cover: { type: 'nested', of: Cover } }, computedFields: { url: { type: 'string', resolve: (p) => `/${p._raw.x}` } } }))\nexport const Authors = defineDocumentType(() => ({ name: 'Authors', filePathPattern: 'authors/**/*.mdx', fields: { image: { type: 'string' } } }))\nexport default makeSource({ contentDirPath: 'data', documentTypes: [Blog, Authors], mdx: { cwd: process.cwd() } })")]).unwrap();
    assert_eq!(field(&found), ("cover.src", Some("cover.alt")));
    assert_eq!(place(&found), ("{dir}", "./{file}"));
    assert_eq!(found.posts, ["data/blog/**/*.mdx"]);
    let found = schema("next", &[("public/static/a.txt", ""), ("contentlayer.config.ts", "const Blog = defineDocumentType(() => ({ name: 'Blog', filePathPattern: `blog/**/*.mdx`, fields: { images: { type: 'json' } } }))\nexport default makeSource({ contentDirPath: 'data', documentTypes: [Blog] })")]).unwrap();
    assert!(found.claim.as_ref().unwrap().field.as_ref().unwrap().list);
    assert_eq!(place(&found), ("public/static/images", "/static/images/{file}"));
}

#[test]
fn velite_and_nuxt_content_name_field_and_folder() {
    let found = schema("next", &[("velite.config.ts", "const posts = defineCollection({ name: 'Post', pattern: 'posts/**/*.mdx', schema: s.object({ slug: s.path(), title: s.string().max(99), cover: s.image().optional(), body: s.mdx() }).transform((data) => ({ ...data, permalink: `/blog/${data.slug}` })) })\nexport default defineConfig({ root: 'content', collections: { posts } })")]).unwrap();
    assert_eq!(field(&found), ("cover", None));
    assert_eq!(found.posts, ["content/posts/**/*.mdx"]);
    let found = schema("nuxt", &[("content.config.ts", "import { defineCollection, defineContentConfig, z } from '@nuxt/content'\nexport default defineContentConfig({ collections: { pages: defineCollection({ type: 'page', source: '**' }), blog: defineCollection({ type: 'page', source: { include: 'blog/*.md' }, schema: z.object({ date: z.date(), image: z.string().editor({ input: 'media' }).optional() }) }) } })")]).unwrap();
    assert_eq!(field(&found), ("image", None));
    assert_eq!(place(&found), ("public/images", "/images/{file}"));
    assert_eq!(found.posts, ["content/blog/*.md"]);
    assert!(found.keys.is_none());
}

#[test]
fn deep_and_endless_scripts_come_to_an_end() {
    let head = "export const collections = { blog: defineCollection({ schema: ";
    for text in [
        format!("{head}{}", "z.object({a:".repeat(20_000)),
        format!("{head}{}", "(".repeat(60_000)),
        format!("{head}{}", "((a) => {return ".repeat(4_000)),
        format!("{head}{}", "new ".repeat(15_000)),
        format!("{}{}", "(".repeat(30_000), "]".repeat(30_000)),
        format!("const a = {}z", "z.object({x: ...a}).or(".repeat(3_000)),
        "const a = z.object({ x: a, y: a, ...a.shape, z: a.extend(a) }); export const collections = { blog: defineCollection({ schema: a }) }".to_owned(),
        "const a = `${b}${b}${b}`, b = 1\nconst b = `${a}${a}${a}`; const blog = defineCollection({ loader: glob({ base: a }) })".to_owned(),
        "const a = b; const b = a; export const collections = a".to_owned(),
        format!("const a = z{}; const blog = defineCollection({{ schema: a }})", ".optional()".repeat(6_000)),
    ] {
        let _ = schema("astro", &[("src/content.config.ts", &text)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_script_or_configuration_panics(
        parts in proptest::collection::vec(proptest::sample::select(vec![
            "{", "}", "(", ")", "[", "]", "=>", "...", "?.", ",", ";", ":", "=", "<", ">", "!", "?", "|", "`", "${", "'", "\"", "/", "\\", "\n",
            "//", "/*", "*/", " ", "const ", "export ", "default ", "import ", "from ", "return ", "function ", "async ", "as ", "type ", "z.object(", "image()", "blog", "collections",
            "defineCollection(", "schema:", "loader:", "glob({", "base:", "pattern:", "'./ä'", ".optional()", ".or(", "heroImage:", "é", "\u{feff}", "- ", "&a ", "*a ", "<<: ", "collections:\n", "fields: ",
        ]), 0..60),
        text in ".{0,60}",
    ) {
        let text = format!("{}{text}", parts.concat());
        for (generator, file) in [("astro", "src/content.config.ts"), ("next", "contentlayer.config.ts"), ("next", "velite.config.js"), ("nuxt", "content.config.ts"), ("hugo", "static/admin/config.yml"), ("hugo", ".pages.yml")] {
            let _ = schema(generator, &[(file, &text)]);
        }
    }
}
