//! What people look at before they merge: each picture with its post, its alt text and where it came from. The
//! body of the pull request and the comment under somebody else's are made of the same sections.
//!
//! A section is kept as it is when a later run adds others: who drew a picture and by which prompt is known to
//! the run that made it alone. A comment of HTML, which nobody sees, says where a section begins.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::markdown::{code, foreign_in_pull_request as foreign, link_to};
use crate::secret::Scrubber;
use crate::text::url_path;

/// What a section begins with; the post's path follows, percent-encoded.
const BEGINS: &str = "<!-- post:";
/// What the last section ends with.
const ENDS: &str = "<!-- posts end -->";

/// Room for sections in characters: GitHub takes 65,536 in all.
const SECTIONS: usize = 56_000;
/// Most posts without a picture that are named.
const MOST_MISSING: usize = 50;
/// Most posts named whose section found no room.
const MOST_NAMED: usize = 100;
/// Longest prompt in characters.
const PROMPT: usize = 2_000;

/// A post and its picture on a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRow {
    /// Path of the post.
    pub post: String,
    /// Path of the picture.
    pub picture: String,
}

/// What a run knows of a picture that it made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MadePicture {
    /// Title of the post.
    pub title: String,
    /// Path of the picture.
    pub picture: String,
    /// Alt text.
    pub alt: Option<String>,
    /// The service and its model, as people call them; `None` for a picture of an unknown origin.
    pub origin: Option<(String, String)>,
    /// Prompt it was made with.
    pub prompt: Option<String>,
}

/// What a run has to show to those who look at its pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gallery {
    /// The pictures that it made, by post.
    pub made: HashMap<String, MadePicture>,
    /// Posts that still have none, with the reason.
    pub missing: Vec<(String, String)>,
    /// Page of the run.
    pub run: Option<String>,
}

impl Gallery {
    /// Takes the secrets out of it.
    pub fn scrub(&mut self, scrubber: &Scrubber) {
        let made = std::mem::take(&mut self.made);
        self.made = made.into_iter().map(|(post, made)| (scrubber.scrub(&post), made)).collect();
        for MadePicture { title, picture, alt, origin, prompt } in self.made.values_mut() {
            let origin = origin.iter_mut().flat_map(|(service, model)| [service, model]);
            let texts = [title, picture].into_iter().chain(alt).chain(origin).chain(prompt);
            texts.for_each(|text| scrubber.scrub_in_place(text));
        }
        for (post, reason) in &mut self.missing {
            scrubber.scrub_in_place(post);
            scrubber.scrub_in_place(reason);
        }
    }

    /// The sections of these rows, in their order, then the posts that still lack a picture. `page` is the
    /// repository's, and what is shown is pinned to `commit`, so that it never changes meaning. `earlier` is the
    /// text that showed the pictures of earlier runs.
    pub(super) fn sections(&self, page: &str, commit: &str, rows: &[PullRow], earlier: &str) -> String {
        let known = EarlierSections::of(earlier);
        let mut sections = GallerySections::after(String::new());
        for row in rows {
            let kept = || known.section(&row.post).map(|kept| pinned(kept, page, commit));
            let section = match self.made.get(&row.post) {
                Some(made) => section(page, commit, row, made),
                None => kept().unwrap_or_else(|| section(page, commit, row, &MadePicture::default())),
            };
            sections.add(&row.post, &section);
        }
        self.closed(sections)
    }

    /// The sections of an `earlier` text as they are, then those of the pictures that landed at `commit`, then the
    /// posts that lack one; `None` where there is nothing of these.
    pub(super) fn further_sections(&self, page: &str, commit: Option<&str>, earlier: &str) -> Option<String> {
        let known = EarlierSections::of(earlier);
        let made = |post: &str| commit.is_some() && self.made.keys().any(|known| marked(known) == post);
        let kept = known.0.iter().filter(|(post, _)| !made(post)).map(|(_, kept)| *kept);
        let mut sections = GallerySections::after(kept.collect());
        let mut new: Vec<_> = self.made.iter().collect();
        new.sort_unstable_by_key(|(post, _)| *post);
        for (commit, (post, made)) in
            commit.iter().flat_map(|commit| new.iter().map(move |new| (commit, *new)))
        {
            let row = PullRow { post: post.clone(), picture: made.picture.clone() };
            sections.add(post, &section(page, commit, &row, made));
        }
        let is_empty = sections.text.is_empty() && sections.crowded.is_empty() && self.missing.is_empty();
        (!is_empty).then(|| self.closed(sections))
    }

    /// The sections, and what follows them: posts that found no room, and posts without a picture.
    fn closed(&self, GallerySections { mut text, crowded, .. }: GallerySections) -> String {
        text.push_str(ENDS);
        text.push('\n');
        list(&mut text, "Further posts with a picture", crowded.iter().map(|post| code(post)), MOST_NAMED);
        let missing = self.missing.iter().map(|(post, reason)| match reason.as_str() {
            "" => code(post),
            reason => format!("{}: {}", code(post), foreign(reason, 300)),
        });
        list(&mut text, "Still without a picture", missing, MOST_MISSING);
        text
    }

    /// The page of the run as a last line.
    pub(super) fn footer(&self) -> String {
        let link = |run: &str| format!("\n{}\n", link_to("The run that made this", Some(run)));
        self.run.as_deref().map(link).unwrap_or_default()
    }
}

/// Sections one after the other, as far as there is room.
struct GallerySections {
    text: String,
    /// Characters that are left.
    room: usize,
    /// Posts whose section found no room.
    crowded: Vec<String>,
}

impl GallerySections {
    fn after(text: String) -> Self {
        let room = SECTIONS.saturating_sub(text.chars().count());
        Self { text, room, crowded: Vec::new() }
    }

    fn add(&mut self, post: &str, section: &str) {
        match self.room.checked_sub(section.chars().count()) {
            Some(left) => {
                self.room = left;
                self.text.push_str(section);
            }
            None => self.crowded.push(post.to_owned()),
        }
    }
}

/// One picture of which at least the file is known.
fn section(page: &str, commit: &str, row: &PullRow, made: &MadePicture) -> String {
    let PullRow { post, picture } = row;
    let at = |path: &str| format!("{page}/blob/{commit}/{}", url_path(path));
    let mut text = format!("{BEGINS}{} -->\n", marked(post));
    let title = if made.title.trim().is_empty() { code(post) } else { foreign(&made.title, 200) };
    let _ = writeln!(text, "### <a href=\"{}\">{title}</a>\n", at(post));
    let alt = made.alt.as_deref().map(|alt| foreign(alt, 500)).unwrap_or_default();
    let _ = writeln!(text, "<img src=\"{}?raw=true\" width=\"480\" alt=\"{alt}\">\n", at(picture));
    if !alt.is_empty() {
        let _ = writeln!(text, "- Alt text: {alt}");
    }
    if let Some((service, model)) = &made.origin {
        let model = if model.is_empty() { String::new() } else { format!(", {}", code(model)) };
        let _ = writeln!(text, "- Made by {}{model}", foreign(service, 100));
    }
    if !made.title.trim().is_empty() {
        let _ = writeln!(text, "- Post: {}", code(post));
    }
    if let Some(prompt) = made.prompt.as_deref().filter(|prompt| !prompt.trim().is_empty()) {
        let prompt = foreign(prompt, PROMPT);
        let _ = writeln!(text, "\n<details><summary>Prompt</summary>\n\n{prompt}\n\n</details>");
    }
    text.push('\n');
    text
}

/// A heading with a list, where there is something to list.
fn list(text: &mut String, heading: &str, lines: impl Iterator<Item = String>, most: usize) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "\n### {heading}\n");
    lines.by_ref().take(most).for_each(|line| {
        let _ = writeln!(text, "- {line}");
    });
    match lines.count() {
        0 => {}
        more => {
            let _ = writeln!(text, "- and {more} more");
        }
    }
}

/// A path that ends no comment of HTML.
fn marked(post: &str) -> String {
    url_path(post).replace("--", "%2D%2D").replace('>', "%3E")
}

/// A section of an earlier text whose picture and post are those of another commit now.
fn pinned(section: &str, page: &str, commit: &str) -> String {
    let prefix = format!("{page}/blob/");
    let mut parts = section.split(&prefix);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(&prefix);
        match part.split_once('/').filter(|(sha, _)| sha.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            Some((_, path)) => {
                let _ = write!(text, "{commit}/{path}");
            }
            None => text.push_str(part),
        }
    }
    text
}

/// The sections of a text that an earlier run wrote.
pub(super) struct EarlierSections<'a>(Vec<(&'a str, &'a str)>);

impl<'a> EarlierSections<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let text = text.split_once(ENDS).map_or("", |(sections, _)| sections);
        let starts: Vec<usize> = text
            .match_indices(BEGINS)
            .map(|(at, _)| at)
            .filter(|&at| at == 0 || text[..at].ends_with('\n'))
            .collect();
        let ends = starts.iter().copied().skip(1).chain([text.len()]);
        let sections = starts.iter().zip(ends).filter_map(|(&start, end)| {
            let section = &text[start..end];
            // Who edits a text in a browser leaves other line ends.
            let (post, _) = section.strip_prefix(BEGINS)?.split_once(" -->")?;
            Some((post, section))
        });
        Self(sections.collect())
    }

    fn section(&self, post: &str) -> Option<&'a str> {
        let marked = marked(post);
        self.0.iter().find(|(known, _)| *known == marked).map(|(_, section)| *section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://github.com/acme/blog";

    fn row(name: &str) -> PullRow {
        PullRow { post: format!("posts/{name}.md"), picture: format!("static/{name}.jpg") }
    }

    fn made(title: &str, alt: &str) -> MadePicture {
        MadePicture {
            title: title.to_owned(),
            picture: "static/a.jpg".to_owned(),
            alt: Some(alt.to_owned()),
            origin: Some(("Together AI".to_owned(), "black-forest-labs/FLUX.2-dev".to_owned())),
            prompt: Some("A lighthouse in the fog.\nIn oil.".to_owned()),
        }
    }

    fn of(posts: &[(&str, MadePicture)]) -> Gallery {
        let made = posts.iter().map(|(post, made)| (format!("posts/{post}.md"), made.clone())).collect();
        Gallery { made, ..Gallery::default() }
    }

    #[test]
    fn a_section_shows_title_picture_alt_text_origin_and_the_prompt_folded_away() {
        let missing = vec![("posts/b.md".to_owned(), "every service failed".to_owned())];
        let run = Some(format!("{PAGE}/actions/runs/7"));
        let gallery = Gallery { missing, run, ..of(&[("a", made("Fog signals", "A lighthouse in fog"))]) };
        let text = gallery.sections(PAGE, "c0ffee", &[row("a")], "");
        insta::assert_snapshot!(format!("{text}\n{}", gallery.footer()));
    }

    #[test]
    fn a_section_of_an_earlier_run_is_kept_and_pinned_to_the_commit_of_today() {
        let first = of(&[("a", made("Fog", "A lighthouse"))]).sections(PAGE, "c0ffee", &[row("a")], "");
        let second = of(&[("b", made("Sea", "Waves"))]);
        let both =
            second.sections(PAGE, "beef", &[row("a"), row("b")], &format!("Please look.\n\n{first}\nRest"));
        assert!(both.contains("alt=\"A lighthouse\"") && both.contains("alt=\"Waves\""), "{both}");
        assert!(!both.contains("c0ffee") && both.contains("/blob/beef/static/a.jpg?raw=true"), "{both}");
        let same = Gallery::default().sections(PAGE, "beef", &[row("a"), row("b")], &both);
        assert_eq!(same, both);
    }

    #[test]
    fn a_section_survives_the_line_ends_of_a_browser() {
        let first = of(&[("a", made("Fog", "A lighthouse"))]).sections(PAGE, "c0ffee", &[row("a")], "");
        let edited = first.replace('\n', "\r\n");
        let text = Gallery::default().sections(PAGE, "beef", &[row("a")], &edited);
        assert!(text.contains("- Alt text: A lighthouse"), "{text}");
    }

    #[test]
    fn a_text_that_was_cut_or_edited_is_no_reason_to_fail() {
        let first = of(&[("a", made("Fog", "A lighthouse"))]).sections(PAGE, "c0ffee", &[row("a")], "");
        for end in (0..first.len()).filter(|&end| first.is_char_boundary(end)) {
            let text = Gallery::default().sections(PAGE, "beef", &[row("a")], &first[..end]);
            assert!(
                text.contains("<img src=\"https://github.com/acme/blog/blob/beef/static/a.jpg?raw=true\"")
            );
        }
    }

    #[test]
    fn what_finds_no_room_is_named() {
        let rows: Vec<PullRow> = (0..300).map(|number| row(&format!("{number}"))).collect();
        let mut gallery = of(&[]);
        gallery.made = rows.iter().map(|row| (row.post.clone(), made("Fog", &"x".repeat(300)))).collect();
        let text = gallery.sections(PAGE, "beef", &rows, "");
        assert!(text.chars().count() < 65_000, "{}", text.chars().count());
        assert!(text.contains("### Further posts with a picture") && text.contains("more\n"), "{text}");
    }

    #[test]
    fn the_name_of_a_file_is_never_live() {
        for (name, inert) in [
            (
                "posts/`x` **b** _i_ ~s~.md",
                "posts/&#96;x&#96; &#42;&#42;b&#42;&#42; &#95;i&#95; &#126;s&#126;.md",
            ),
            ("posts/![x](//e/a.png) $m$.md", "posts/!&#91;x&#93;(//e/a.png) &#36;m&#36;.md"),
            ("a\n\n# b\n| c \u{202e}|.md", "a # b &#124; c &#124;.md"),
            ("https://evil.example/www.x.md", "https&#58;//evil.example/www&#46;x.md"),
            ("<img src=x onerror=\"y\">&amp;", "&lt;img src=x onerror=&quot;y&quot;&gt;&amp;amp;"),
            ("back\\slash @team #12.md", "back&#92;slash @team #12.md"),
        ] {
            let row = PullRow { post: name.to_owned(), picture: name.to_owned() };
            let text = Gallery::default().sections(PAGE, "c0ffee", &[row], "");
            let line = text.lines().find(|line| line.starts_with("### ")).unwrap();
            // Inside of code nobody is mentioned and no issue linked.
            assert!(line.ends_with(&format!("\"><code>{inert}</code></a>")), "{line}");
            assert_eq!(line.matches(['<', '>']).count(), 8, "{line}");
            let picture = text.lines().find(|line| line.starts_with("<img")).unwrap();
            assert_eq!(picture.matches(['<', '>']).count(), 2, "{picture}");
        }
    }

    #[test]
    fn neither_names_nor_titles_nor_prompts_are_live() {
        let hostile = "x --> \n<!-- post:y -->\n**b** @team <img src=x onerror=\"y\"> | [l](https://e.example) fixes #12";
        let row = PullRow { post: hostile.to_owned(), picture: hostile.to_owned() };
        let facts = MadePicture {
            title: hostile.to_owned(),
            picture: hostile.to_owned(),
            alt: Some(hostile.to_owned()),
            origin: Some((hostile.to_owned(), hostile.to_owned())),
            prompt: Some(hostile.to_owned()),
        };
        let mut gallery = Gallery { missing: vec![(hostile.to_owned(), hostile.to_owned())], ..of(&[]) };
        gallery.made.insert(hostile.to_owned(), facts);
        let text = gallery.sections(PAGE, "beef", std::slice::from_ref(&row), "");
        assert_eq!(text.matches("<!--").count(), 2, "{text}");
        assert_eq!(text.matches("<img").count(), 1, "{text}");
        assert!(!text.contains("**") && !text.contains("](http"), "{text}");
        let calls =
            |line: &&str| !line.starts_with("- Post") && (line.contains("@team") || line.contains(" #12"));
        let outside_of_code = text.lines().filter(|line| line.starts_with("- ") || line.starts_with("x "));
        assert_eq!(outside_of_code.filter(|line| !line.contains("<code>")).find(calls), None, "{text}");
        assert_eq!(EarlierSections::of(&text).0.len(), 1);
        assert!(EarlierSections::of(&text).section(hostile).is_some());
    }
}
