//! Which posts take part at all: the rules that need nothing but the post and the clock.

use jiff::Timestamp;

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
    /// No title anywhere, so there is nothing to draw.
    #[error("it has no title; give it a `title` or a first heading")]
    Untitled,
    /// The title is only its date.
    #[error("its title is only a date; it waits for a real one")]
    PlaceholderTitle,
    /// A stub that only forwards.
    #[error("it only forwards to another page (`{0}`)")]
    Forwards(&'static str),
    /// A page that lists others or is not shown.
    #[error("it is no article (`{0}`)")]
    NoArticle(&'static str),
    /// Jekyll publishes only files whose name begins with a date.
    #[error("its file name does not begin with a date, so the generator does not publish it")]
    UndatedName,
    /// Nothing to write the field into; a block is not ours to create.
    #[error("it has no front matter to name the picture in; add a block with a `title`")]
    NoFrontMatter,
    /// A link to another file of the repository.
    #[error("it is a link; the file it points to stands for itself")]
    Link,
}

/// The rule that leaves the post out, if any. `future` lets posts through that are dated after `now`,
/// as for changed and for explicitly named ones.
pub fn judge(post: &Post, now: Timestamp, future: bool) -> Option<Rule> {
    if post.is_draft() {
        return Some(Rule::Draft);
    }
    if post.undated_name {
        return Some(Rule::UndatedName);
    }
    if let Some(key) =
        ["redirect_to", "external_link", "externalUrl"].into_iter().find(|key| post.text(key).is_some())
    {
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
    let Some(title) = post.title() else { return Some(Rule::Untitled) };
    if date::parse(&title).is_some() {
        return Some(Rule::PlaceholderTitle);
    }
    post.date().filter(|date| !future && *date > now).map(Rule::Future)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Dialect;

    fn rule(front: &str, future: bool) -> Option<Rule> {
        let text = format!("---\n{front}\n---\nBody\n");
        let post = Post::parse("posts/a.md", text.as_bytes(), Dialect::default()).unwrap();
        judge(&post, "2026-11-20T00:00:00Z".parse().unwrap(), future)
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
            ("title: A\nexcalidraw-plugin: parsed", Rule::NoArticle("excalidraw-plugin")),
            ("title: A\nkanban-plugin: board", Rule::NoArticle("kanban-plugin")),
            ("title: Search\nlayout: search", Rule::NoArticle("layout")),
        ] {
            assert_eq!(rule(front, false), Some(expected), "{front}");
        }
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
    }
}
