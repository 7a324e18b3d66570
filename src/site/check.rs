//! What the user fixed, judged by itself: before the site is looked at.

use super::{Options, generator};
use crate::post::front_matter::{FIRST, outermost, steps};
use crate::post::path;

/// Fields of a post that mean something else to generators or to this program.
const TAKEN: [&str; 16] = [
    "title",
    "date",
    "draft",
    "description",
    "tags",
    "categories",
    "slug",
    "layout",
    "aliases",
    "published",
    "weight",
    "regenerate_image",
    "image_prompt",
    "image_model",
    "image_provider",
    "image_date",
];

/// A problem of the options, and of which site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteProblem {
    /// Folder of the site that the user lists; `None` for what holds for all.
    pub folder: Option<String>,
    /// The problem.
    pub problem: InvalidOption,
}

/// A value of [`Options`] that cannot be used; it names the value and the cure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOption {
    /// No generator of this name.
    #[error("`{name}` is unknown; choose from auto, {}", generator::names().collect::<Vec<_>>().join(", "))]
    UnknownSite {
        /// What was asked for.
        name: String,
    },
    /// A template with an unknown placeholder.
    #[error(
        "`{value}` holds the placeholder `{placeholder}`; known are {{file}}, {{dir}}, {{slug}} and {{relative}}"
    )]
    UnknownPlaceholder {
        /// Name of the input.
        input: &'static str,
        /// Its value.
        value: String,
        /// The placeholder.
        placeholder: String,
    },
    /// Pictures would not get names of their own.
    #[error("`{value}` names no file; add {{file}} or {{relative}}")]
    NoFileInPath {
        /// The value.
        value: String,
    },
    /// A path with a line break or the like.
    #[error("`{value}` holds a line break or another control character; take it out")]
    Control {
        /// Name of the input.
        input: &'static str,
        /// Its value, such characters spelled out.
        value: String,
    },
    /// An address in a folder that no site has.
    #[error("`{value}` leads into git's own folder; name the address by which the site shows its pictures")]
    PathOfGit {
        /// The value.
        value: String,
    },
    /// A folder outside the root or one of git's own.
    #[error("`{value}` is not a folder inside the repository; name one like `static/images`")]
    DirOutside {
        /// The value.
        value: String,
    },
    /// A field that cannot be written plainly.
    #[error(
        "`{value}` is not a valid field; write letters, digits, `_` and `-`, each part beginning with a letter or `_`, as in `cover.image`"
    )]
    NoField {
        /// Name of the input.
        input: &'static str,
        /// Its value.
        value: String,
    },
    /// A field that generators or this program read as something else.
    #[error("`{value}` means something else in a post; name a field of its own, as in `{example}`")]
    FieldTaken {
        /// Name of the input.
        input: &'static str,
        /// Its value.
        value: String,
        /// A field that would do.
        example: &'static str,
    },
    /// Picture and alt text in one field.
    #[error("`{value}` is the field of the picture already; name another one, as in `image_alt`")]
    SameField {
        /// The field.
        value: String,
    },
    /// A glob that cannot be understood.
    #[error("`{glob}` is not a valid glob: {reason}")]
    BadGlob {
        /// The pattern.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl InvalidOption {
    /// Name of the input that has the value.
    pub fn input(&self) -> &'static str {
        match self {
            Self::UnknownSite { .. } => "site",
            Self::UnknownPlaceholder { input, .. }
            | Self::Control { input, .. }
            | Self::NoField { input, .. }
            | Self::FieldTaken { input, .. } => input,
            Self::SameField { .. } => "alt-field",
            Self::NoFileInPath { .. } | Self::PathOfGit { .. } => "image-path",
            Self::DirOutside { .. } => "image-dir",
            Self::BadGlob { .. } => "posts",
        }
    }
}

/// Every problem of the options that can be told without looking at the site.
pub(super) fn check(options: &Options) -> Vec<InvalidOption> {
    let mut problems = fields(options);
    for (input, value) in [("image-dir", &options.image_dir), ("image-path", &options.image_path)] {
        let Some(value) = value else { continue };
        if path::has_control(value) {
            problems.push(InvalidOption::Control { input, value: path::shown(value) });
        }
        let unknown = value.split('{').skip(1).find_map(|rest| {
            let placeholder = rest.split('}').next()?;
            let known: &[&str] =
                if input == "image-dir" { &["dir", "slug"] } else { &["file", "dir", "slug", "relative"] };
            (!known.contains(&placeholder)).then(|| format!("{{{placeholder}}}"))
        });
        if let Some(placeholder) = unknown {
            problems.push(InvalidOption::UnknownPlaceholder { input, value: value.clone(), placeholder });
        }
    }
    if let Some(value) =
        options.image_path.as_ref().filter(|value| !value.contains("{file}") && !value.contains("{relative}"))
    {
        problems.push(InvalidOption::NoFileInPath { value: value.clone() });
    }
    let is_none = |part: &str| part == ".." || path::reserved(part).is_some();
    let outside = |value: &&String| value.split('/').any(is_none);
    if let Some(value) = options.image_dir.as_ref().filter(outside) {
        problems.push(InvalidOption::DirOutside { value: value.clone() });
    }
    let is_gits = |part: &str| path::reserved(part) == Some(".git");
    if let Some(value) = options.image_path.as_ref().filter(|value| value.split('/').any(is_gits)) {
        problems.push(InvalidOption::PathOfGit { value: value.clone() });
    }
    for glob in &options.posts {
        if path::has_control(glob) {
            problems.push(InvalidOption::Control { input: "posts", value: path::shown(glob) });
        } else if !glob.starts_with('!') && glob.split('/').any(is_gits) {
            let reason = "nothing that git keeps for itself is a post".to_owned();
            problems.push(InvalidOption::BadGlob { glob: glob.clone(), reason });
        }
    }
    problems
}

fn fields(options: &Options) -> Vec<InvalidOption> {
    let mut problems = Vec::new();
    let fields = [
        ("image-field", &options.image_field, "cover.image"),
        ("alt-field", &options.alt_field, "cover.alt"),
    ];
    for (input, value, example) in fields {
        let Some(value) = value.clone() else { continue };
        // What stands below a taken field would turn it into a mapping.
        let is_taken = TAKEN.iter().any(|taken| taken.eq_ignore_ascii_case(outermost(&value)));
        if !steps(&value).filter(|step| *step != FIRST).all(is_plain_key) {
            problems.push(InvalidOption::NoField { input, value });
        } else if is_taken {
            problems.push(InvalidOption::FieldTaken { input, value, example });
        }
    }
    if let (Some(image), Some(alt)) = (&options.image_field, &options.alt_field)
        && image.eq_ignore_ascii_case(alt)
    {
        problems.push(InvalidOption::SameField { value: alt.clone() });
    }
    problems
}

/// Whether every format takes the key as it stands.
fn is_plain_key(key: &str) -> bool {
    key.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(image_field: Option<&str>, alt_field: Option<&str>) -> Vec<(&'static str, String)> {
        let own = |field: Option<&str>| field.map(str::to_owned);
        let options =
            Options { image_field: own(image_field), alt_field: own(alt_field), ..Options::default() };
        check(&options).iter().map(|problem| (problem.input(), problem.to_string())).collect()
    }

    #[test]
    fn paths_that_git_refuses_are_refused() {
        let refused = |image_dir: Option<&str>, image_path: Option<&str>, posts: &[&str]| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let posts = posts.iter().map(|&glob| glob.to_owned()).collect();
            let (image_dir, image_path) = (own(image_dir), own(image_path));
            let problems = check(&Options { image_dir, image_path, posts, ..Options::default() });
            problems.iter().map(InvalidOption::input).collect::<Vec<_>>()
        };
        for dir in
            [".GIT/x", "static/git~1", "a/.g\u{200d}it", ".git .", "static/a\nb", "a\u{7f}", ".GitHub/x"]
        {
            assert_eq!(refused(Some(dir), None, &[]), ["image-dir"], "{dir:?}");
        }
        for path in [
            "/a\tb/{file}",
            "/.GIT/{file}",
            "/x/git~1/{file}",
            "../.g\u{200c}it. /{relative}",
            "/a\u{2028}{file}",
        ] {
            assert_eq!(refused(None, Some(path), &[]), ["image-path"], "{path:?}");
        }
        assert_eq!(refused(None, Some("../.github/{file}"), &[]), [""; 0]);
        let wrong = [".git/**", "a\u{b}b.md", "x/GIT~1/*.md"];
        assert_eq!(refused(None, None, &wrong), ["posts"; 3]);
        assert_eq!(refused(Some("static/.gitx/{slug}"), None, &["!x/.git/**", ".github/*.md"]), [""; 0]);
    }

    #[test]
    fn a_field_is_made_of_plain_keys() {
        for right in ["image", "cover.image", "extra.hero-image_2", "_thumb", "a.b.c", "titelbild_größe"] {
            assert_eq!(told(Some(right), None), [], "{right}");
            assert_eq!(told(None, Some(right)), [], "{right}");
        }
        for wrong in
            ["a..b", "cover.", ".x", ".", "my field", "a:b", "2nd", "a.2", "-a", "a[0]", "\"a\"", "a#b"]
        {
            for (input, told) in
                [("image-field", told(Some(wrong), None)), ("alt-field", told(None, Some(wrong)))]
            {
                assert!(
                    told[0].1.starts_with(&format!("`{wrong}` is not a valid field; write ")),
                    "{told:?}"
                );
                assert_eq!((told.len(), told[0].0), (1, input), "{wrong}");
            }
        }
    }

    #[test]
    fn a_field_that_means_something_else_is_refused_with_what_stands_below_it() {
        for taken in TAKEN.iter().copied().chain(["Title", "date.image"]) {
            let [(input, problem)] = &told(Some(taken), None)[..] else { panic!("{taken}") };
            assert_eq!(*input, "image-field");
            assert!(problem.starts_with(&format!("`{taken}` means something else")), "{problem}");
        }
        assert_eq!(told(Some("extra.title_image"), Some("image_description")), []);
    }

    #[test]
    fn picture_and_alt_text_do_not_share_a_field() {
        let right = "`cover` is the field of the picture already; name another one, as in `image_alt`";
        for image in ["cover", "Cover"] {
            assert_eq!(told(Some(image), Some("cover")), [("alt-field", right.to_owned())]);
        }
    }
}
