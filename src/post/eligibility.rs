//! Which posts take part at all: the rules that need nothing but the post and the clock.

use jiff::Timestamp;

use super::front_matter::Reader;
use super::{Post, date};

/// The rule that leaves a post out. The text is what the user reads after "skipped: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// `draft: true`, `published: false` and the like.
    #[error("it is a draft")]
    Draft,
    /// Dated after now.
    #[error("it is dated in the future: {}", .0.strftime("%Y-%m-%d"))]
    Future(Timestamp),
    /// The generator stopped building it at a date.
    #[error("it expired on {}, so the generator does not build it", .0.strftime("%Y-%m-%d"))]
    Expired(Timestamp),
    /// It would have to say that it is to be published.
    #[error("it is not marked as published (`publish`), as notes have to be here")]
    NotPublished,
    /// The generator makes no page of it.
    #[error("the generator makes no page of it (`{0}`)")]
    NotBuilt(&'static str),
    /// No title anywhere, so there is nothing to draw.
    #[error("it has no title; give it a `title` or a first heading")]
    Untitled,
    /// The title is only its date.
    #[error("its title is only a date; give it a real one")]
    PlaceholderTitle,
    /// A stub that only forwards.
    #[error("it only forwards to another page (`{0}`)")]
    Forwards(&'static str),
    /// A page that lists others or is not shown.
    #[error("it is not an article (`{0}`)")]
    NoArticle(&'static str),
    /// Jekyll publishes only files whose name begins with a date.
    #[error("its file name does not begin with a date, so the generator does not publish it")]
    UndatedName,
    /// Nothing to write the field into; a block is not ours to create.
    #[error("it has no front matter to name the picture in; add a block with a `title`")]
    NoFrontMatter,
    /// A page beside the sections that hold dated posts.
    #[error("it is a page: it has no date, and lies outside of the sections whose posts have one")]
    Page,
    /// A link to another file of the repository.
    #[error("it is a link; the file it points to stands for itself")]
    Link,
}

/// The rule that leaves the post out, if any. `future` lets posts through that are dated after `now`,
/// as for changed and for explicitly named ones; a site that publishes them at once says so in its dialect.
pub fn judge(post: &Post, now: Timestamp, future: bool) -> Option<Rule> {
    if post.is_draft() && !post.builds.drafts {
        return Some(Rule::Draft);
    }
    if post.undated_name {
        return Some(Rule::UndatedName);
    }
    if post.opt_in && !post.is_published() {
        return Some(Rule::NotPublished);
    }
    not_built(post, now).or_else(|| no_article(post)).or_else(|| without_title(post)).or_else(|| {
        post.date().filter(|date| !future && !post.builds.future && *date > now).map(Rule::Future)
    })
}

/// What the generator leaves out by keys of its own, which mean nothing to the others.
fn not_built(post: &Post, now: Timestamp) -> Option<Rule> {
    let reader = post.reader()?;
    let is_off = |key: &str| post.flag(key) == Some(false);
    let says = |key: &str, words: &[&str]| {
        post.text(key).is_some_and(|value| words.iter().any(|word| value.trim().eq_ignore_ascii_case(word)))
    };
    let key = match reader {
        Reader::Hugo => {
            let expiry = ["expiryDate", "unpublishDate"].iter().find_map(|key| post.date_in(key));
            if let Some(expiry) = expiry.filter(|expiry| *expiry <= now && !post.builds.expired) {
                return Some(Rule::Expired(expiry));
            }
            // `link` gives the page an address and no page.
            let never = |key: &&'static str| is_off(key) || says(key, &["never", "link"]);
            ["build.render", "_build.render", "build.list", "_build.list"].into_iter().find(never)
        }
        Reader::Zola => is_off("render").then_some("render"),
        Reader::Hexo => is_off("layout").then_some("layout"),
        Reader::GrayMatter | Reader::Unknown => is_off("permalink").then_some("permalink"),
        _ => None,
    };
    let eleventy = "eleventyExcludeFromCollections";
    key.or_else(|| (post.flag(eleventy) == Some(true)).then_some(eleventy)).map(Rule::NotBuilt)
}

/// Keys with the address of another page that readers get instead.
const FORWARDS: [&str; 3] = ["redirect_to", "external_link", "externalUrl"];
/// Those that say so where nothing else is there to be read.
const STUBS: [&str; 9] = [
    "redirect",
    "redirect_url",
    "redirectTo",
    "redirectUrl",
    "canonicalURL",
    "canonicalUrl",
    "canonical_url",
    "canonical",
    "external_url",
];

/// Pages that forward, list others or hold a drawing.
fn no_article(post: &Post) -> Option<Rule> {
    let leads_away = |key: &str| {
        post.text(key).is_some_and(|to| to.contains("://") || to.trim_start().starts_with(['/', '.', '#']))
    };
    let always = FORWARDS.into_iter().find(|key| post.text(key).is_some());
    let without_text = || STUBS.into_iter().find(|key| post.is_stub && leads_away(key));
    if let Some(key) = always.or_else(without_text) {
        return Some(Rule::Forwards(key));
    }
    for key in ["headless", "unlisted"] {
        if post.flag(key) == Some(true) {
            return Some(Rule::NoArticle(key));
        }
    }
    // Plugins of Obsidian keep drawings and boards in what looks like notes.
    if let Some(key) = ["excalidraw-plugin", "kanban-plugin"].into_iter().find(|key| post.get(key).is_some())
    {
        return Some(Rule::NoArticle(key));
    }
    if matches!(post.text("layout").as_deref(), Some("search" | "archives")) {
        return Some(Rule::NoArticle("layout"));
    }
    None
}

fn without_title(post: &Post) -> Option<Rule> {
    let Some(title) = post.title() else { return Some(Rule::Untitled) };
    date::parse_written(&title, post.zone).map(|_| Rule::PlaceholderTitle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{Builds, Dialect};

    fn rule_in(dialect: Dialect, front: &str, future: bool) -> Option<Rule> {
        let fence = if dialect.reader == Reader::Zola { "+++" } else { "---" };
        let text = format!("{fence}\n{front}\n{fence}\nBody\n");
        let post = Post::parse("posts/a.md", text.as_bytes(), dialect).unwrap();
        judge(&post, "2026-11-20T00:00:00Z".parse().unwrap(), future)
    }

    fn rule(front: &str, future: bool) -> Option<Rule> {
        rule_in(Dialect::default(), front, future)
    }

    fn read_by(reader: Reader, front: &str) -> Option<Rule> {
        rule_in(Dialect { reader, ..Dialect::default() }, front, false)
    }

    #[test]
    fn an_ordinary_post_takes_part() {
        assert_eq!(rule("title: A\ndate: 2026-11-19", false), None);
    }

    #[test]
    fn each_rule_leaves_its_posts_out() {
        for (front, expected) in [
            ("title: A\ndraft: true", Rule::Draft),
            ("title: A\npublished: false", Rule::Draft),
            ("title: A\nstatus: Hidden", Rule::Draft),
            ("author: B", Rule::Untitled),
            ("title: \"\"", Rule::Untitled),
            ("title: A\nredirect_to: https://example.com", Rule::Forwards("redirect_to")),
            ("title: A\nunlisted: true", Rule::NoArticle("unlisted")),
            ("title: A\ndg-publish: false", Rule::Draft),
            ("title: A\nexcalidraw-plugin: parsed", Rule::NoArticle("excalidraw-plugin")),
            ("title: A\nkanban-plugin: board", Rule::NoArticle("kanban-plugin")),
            ("title: Search\nlayout: search", Rule::NoArticle("layout")),
        ] {
            assert_eq!(rule(front, false), Some(expected), "{front}");
        }
    }

    #[test]
    fn what_has_no_text_and_leads_elsewhere_is_a_stub() {
        let rule = |front: &str, body: &str| {
            let text = format!("---\ntitle: A\n{front}\n---\n{body}");
            let post = Post::parse("posts/a.md", text.as_bytes(), Dialect::default()).unwrap();
            judge(&post, Timestamp::UNIX_EPOCH, false)
        };
        for (front, key) in [
            ("redirect: https://example.com", "redirect"),
            ("redirect: /elsewhere/", "redirect"),
            ("canonicalURL: https://example.com/a", "canonicalURL"),
            ("canonical_url: https://example.com/a", "canonical_url"),
        ] {
            assert_eq!(rule(front, " \n\n"), Some(Rule::Forwards(key)), "{front}");
            assert_eq!(rule(front, "Text\n"), None, "{front}");
        }
        assert_eq!(rule("redirect: false", ""), None);
        assert_eq!(rule("link: https://example.com", ""), None);
    }

    #[test]
    fn only_what_says_so_is_published_where_the_site_asks_for_it() {
        let dialect = Dialect { opt_in: true, ..Dialect::default() };
        assert_eq!(rule_in(dialect, "title: A", false), Some(Rule::NotPublished));
        assert_eq!(rule_in(dialect, "title: A\npublish: true", false), None);
        assert_eq!(rule_in(dialect, "title: A\ndg-publish: true", false), None);
        assert_eq!(rule("title: A", false), None);
    }

    // B-53
    #[test]
    fn a_title_that_is_only_its_date_waits_for_a_real_one() {
        assert_eq!(rule("title: \"2026-11-20\"", false), Some(Rule::PlaceholderTitle));
        assert_eq!(rule("title: 2026-11-20 in pictures", false), None);
    }

    // B-52
    #[test]
    fn a_future_post_waits_unless_it_is_asked_for() {
        let waits = rule("title: A\ndate: 2099-01-01", false);
        assert_eq!(waits.unwrap().to_string(), "it is dated in the future: 2099-01-01");
        assert_eq!(rule("title: A\ndate: 2099-01-01", true), None);
    }

    #[test]
    fn a_draft_is_left_out_even_when_it_is_asked_for() {
        assert_eq!(rule("title: A\ndraft: \"true\"", true), Some(Rule::Draft));
    }

    #[test]
    fn jekyll_does_not_publish_a_name_without_a_date() {
        let dialect = Dialect { dated_names: true, ..Dialect::default() };
        let now = "2026-11-20T00:00:00Z".parse().unwrap();
        let text = b"---\ntitle: A\n---\n";
        let judged = |path: &str| judge(&Post::parse(path, text, dialect).unwrap(), now, false);
        assert_eq!(judged("_posts/a.md"), Some(Rule::UndatedName));
        assert_eq!(judged("_posts/2026-11-01-a.md"), None);
        assert_eq!(judged("_articles/a.md"), None);
    }

    #[test]
    fn what_the_generator_does_not_build_is_not_paid_for() {
        use Reader::{GrayMatter, Hexo, Hugo, Jekyll, Zola};
        for (reader, front, key) in [
            (Hugo, "title: A\nbuild:\n  render: never", "build.render"),
            (Hugo, "title: A\nbuild:\n  render: false", "build.render"),
            (Hugo, "title: A\n_build: {render: link}", "_build.render"),
            (Hugo, "Title: A\nBuild: {List: never}", "build.list"),
            (Zola, "title = \"A\"\nrender = false", "render"),
            (Hexo, "title: A\nlayout: false", "layout"),
            (GrayMatter, "title: A\npermalink: false", "permalink"),
            (GrayMatter, "title: A\neleventyExcludeFromCollections: true", "eleventyExcludeFromCollections"),
        ] {
            assert_eq!(read_by(reader, front), Some(Rule::NotBuilt(key)), "{front}");
        }
        for (reader, front) in [
            (Hugo, "title: A\nbuild:\n  render: always\n  list: local"),
            (Hugo, "title: A\nlayout: false"),
            (Hugo, "title: A\nrender: false"),
            (Jekyll, "title: A\nbuild:\n  render: never"),
            (Jekyll, "title: A\npermalink: /a/"),
            (Jekyll, "title: A\nexpiryDate: 2020-01-01"),
            (GrayMatter, "title: A\neleventyExcludeFromCollections: false"),
        ] {
            assert_eq!(read_by(reader, front), None, "{front}");
        }
        for reader in Reader::ALL.into_iter().filter(|reader| *reader != Zola) {
            for draft in ["draft: true", "published: false", "publish: no"] {
                assert_eq!(read_by(reader, &format!("title: A\n{draft}")), Some(Rule::Draft), "{reader:?}");
            }
        }
    }

    #[test]
    fn a_page_of_hugo_is_there_from_its_date_of_publishing_to_its_expiry() {
        let waits = |front: &str| match read_by(Reader::Hugo, front) {
            Some(Rule::Future(_)) => "waits",
            Some(Rule::Expired(_)) => "expired",
            None => "due",
            Some(_) => "else",
        };
        for (front, expected) in [
            ("date: 2025-01-01\npubDate: 2031-01-01", "waits"),
            ("date: 2025-01-01\npublished: 2031-01-01", "waits"),
            ("date: 2025-01-01\nPublishDate: 2031-01-01", "waits"),
            ("date: 2031-01-01\npublishDate: 2025-01-01", "due"),
            ("date: 2020-01-01\nexpiryDate: 2021-01-01", "expired"),
            ("date: 2020-01-01\nunpublishDate: 2021-01-01", "expired"),
            ("date: 2020-01-01\nexpiryDate: 2031-01-01", "due"),
            ("date: 2020-01-01\npublished: true", "due"),
        ] {
            assert_eq!(waits(&format!("title: A\n{front}")), expected, "{front}");
        }
        let expired = read_by(Reader::Hugo, "title: A\nexpiryDate: 2021-01-01").unwrap();
        assert_eq!(expired.to_string(), "it expired on 2021-01-01, so the generator does not build it");
        assert_eq!(
            rule("title: A\npublished: 2031-01-01", false).map(|rule| rule.to_string()).as_deref(),
            Some("it is dated in the future: 2031-01-01")
        );
    }

    #[test]
    fn a_site_that_publishes_future_posts_has_them_due() {
        let dialect = Dialect { builds: Builds { future: true, ..Builds::default() }, ..Dialect::default() };
        assert_eq!(rule_in(dialect, "title: A\ndate: 2099-01-01", false), None);
        assert_eq!(rule_in(dialect, "title: A\ndate: 2099-01-01\ndraft: true", false), Some(Rule::Draft));
    }

    #[test]
    fn a_day_begins_where_the_site_is() {
        let due_in = |zone: &str, date: &str| {
            let zone = date::Zone::named(zone).unwrap();
            rule_in(Dialect { zone, ..Dialect::default() }, &format!("title: A\ndate: {date}"), false)
                .is_none()
        };
        assert!(due_in("Asia/Tokyo", "2026-11-20 08:59") && !due_in("Europe/London", "2026-11-20 08:59"));
        assert!(due_in("Asia/Tokyo", "2026-11-20") && !due_in("America/New_York", "2026-11-20"));
        assert!(!due_in("Asia/Tokyo", "2026-11-20T08:59:00Z"));
    }

    #[test]
    fn a_number_is_a_date_and_a_title() {
        assert_eq!(rule("title: 1999999999", false), None);
        assert!(matches!(rule("title: A\ndate: 1999999999999", false), Some(Rule::Future(_))));
    }
}
