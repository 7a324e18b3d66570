//! On a laptop: what a person types and reads, without a runner around it.

use crate::support::action::Action;
use crate::support::images;
use crate::support::posts::{blog, blog_of, contents, post, put};

#[test]
fn every_problem_is_told_once_as_the_last_words() {
    let blog = blog_of(1);
    let run = Action::on_a_laptop(blog.path()).args(&["--max-images", "x", "--size", "3"]).run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    for word in ["error: `--max-images`: `x` is wrong", "error: `--size`: `3` is wrong"] {
        assert_eq!(run.log.matches(word).count(), 1, "{}", run.log);
    }
    assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 2), "what is wrong, and nothing else");
}

#[test]
fn a_refused_run_makes_no_folder_that_nobody_asked_for_and_leaves_the_last_report() {
    let mistakes = ["genrate", "--qualty=1", "--quality=x", "--image-dir=../x", "nothing/here.md"];
    for mistake in mistakes {
        let blog = blog_of(1);
        let refused = |args: &[&str]| {
            let run = Action::on_a_laptop(&blog.path().join("posts")).args(args).run();
            assert_eq!(run.code, Some(2), "{mistake}: {}", run.log);
            assert!(!run.log.contains("report: "), "{mistake}: {}", run.log);
        };
        let folder = blog.path().join(".image-fallback");
        refused(&[mistake]);
        assert!(!folder.exists(), "{mistake}");
        put(blog.path(), ".image-fallback/report.json", b"of the last run");
        refused(&[mistake]);
        assert_eq!(std::fs::read(folder.join("report.json")).unwrap(), b"of the last run", "{mistake}");
    }
    let blog = blog_of(1);
    Action::on_a_laptop(blog.path()).args(&["--quality=x", "--report-dir=out"]).run();
    assert!(blog.path().join("out/report.json").exists());
}

#[test]
fn a_value_is_named_as_it_was_given() {
    for (args, file, named) in [
        (vec!["--quality=x"], "", "`--quality`: `x`"),
        (vec![], "quality: x", ".github/image-fallback.yml: `quality`: `x`"),
        (vec!["--image-dir=../x"], "", "`--image-dir`: `../x`"),
        (vec![], "image-dir: ../x", ".github/image-fallback.yml: `image-dir`: `../x`"),
        (vec!["--image-field=a..b"], "", "`--image-field`: `a..b`"),
        (vec![], "alt-field: draft", ".github/image-fallback.yml: `alt-field`: `draft`"),
        (vec!["posts/[a.md"], "", "command line: `posts/[a.md` is not a valid glob"),
        (vec!["--posts=posts/[a.md"], "", "`--posts`: `posts/[a.md` is not a valid glob"),
    ] {
        let blog = blog_of(1);
        put(blog.path(), ".github/image-fallback.yml", file.as_bytes());
        let run = Action::on_a_laptop(blog.path()).args(&args).run();
        assert_eq!(run.code, Some(2), "{}", run.log);
        assert!(run.log.contains(&format!("error: {named}")), "{}", run.log);
    }
}

#[test]
fn what_an_event_changed_cannot_be_asked_without_one() {
    for (args, file, named) in [
        (&["--scope=changed"][..], "", "`--scope`"),
        (&[], "scope: changed", ".github/image-fallback.yml: `scope`"),
    ] {
        let blog = blog_of(1);
        put(blog.path(), ".github/image-fallback.yml", file.as_bytes());
        let before = contents(blog.path());
        let run = Action::on_a_laptop(blog.path()).args(args).run();
        assert_eq!(run.code, Some(2), "{}", run.log);
        assert!(
            run.log.contains(&format!("error: {named}: `changed` means what an event changed")),
            "{}",
            run.log
        );
        assert!(run.log.contains("write `all`, or leave it out and name the posts"), "{}", run.log);
        assert_eq!(contents(blog.path()), before);
    }
    let folder = tempfile::tempdir().unwrap();
    let demo = Action::on_a_laptop(folder.path()).env("TMPDIR", folder.path().display().to_string());
    let run = demo.args(&["demo", "--scope=changed", "--dry-run"]).run();
    assert_eq!(run.code, Some(0), "no event changed the sample blog: {}", run.log);
}

#[test]
fn half_a_credential_alone_and_ci_without_a_key_draw_no_cards_unasked() {
    for (variable, value, words) in [
        ("CLOUDFLARE_API_TOKEN", "cf-secret-token", "the account id is missing"),
        ("CI", "true", "no image provider is configured"),
    ] {
        let blog = blog_of(1);
        let before = contents(blog.path());
        let run = Action::on_a_laptop(blog.path()).env(variable, value).run();
        assert_eq!(run.code, Some(2), "{variable}: {}", run.log);
        assert!(run.log.contains(words) && run.log.contains("`providers` to `card`"), "{}", run.log);
        assert_eq!(contents(blog.path()), before);
    }
    let folder = tempfile::tempdir().unwrap();
    let demo = Action::on_a_laptop(folder.path()).env("TMPDIR", folder.path().display().to_string());
    let run = demo.env("CI", "true").env("CLOUDFLARE_API_TOKEN", "cf-secret-token").args(&["demo"]).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
}

#[test]
fn a_post_without_a_picture_is_told_once_and_a_half_credential_is_still_said() {
    let blog = blog_of(1);
    let run = Action::on_a_laptop(blog.path())
        .env("GEMINI", "gemini-secret-token")
        .env("GEMINI_BASE_URL", "http://127.0.0.1:9")
        .env("CLOUDFLARE_API_TOKEN", "cf-secret-token")
        .args(&["--describe", "never", "--patience", "0"])
        .run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    let about = run.log.lines().filter(|line| line.contains("posts/post-1.md: Google Gemini")).count();
    assert_eq!(about, 1, "{}", run.log);
    assert!(run.log.contains("Google Gemini: did not deliver, no answer: "), "{}", run.log);
    assert!(run.log.contains("1 of 1 published posts lacks a hero"), "{}", run.log);
    assert!(run.log.contains("warning: Cloudflare is not used"), "{}", run.log);
}

#[test]
fn the_last_line_of_a_run_that_wrote_a_page_says_how_to_open_it() {
    let blog = blog_of(1);
    let last = |folder: &str, args: &[&str], variable: &str| {
        let folder = blog.path().join(folder);
        let run = Action::on_a_laptop(&folder).env(variable, "true").args(args).run();
        let last = run.stdout.lines().last().unwrap_or_default().to_owned();
        if let Some(page) = last.strip_prefix("look at it: open ") {
            let page = folder.join(page.strip_suffix(" in a browser").unwrap());
            assert!(page.exists(), "{last}");
        }
        last
    };
    let told = "look at it: open .image-fallback/report.html in a browser";
    assert_eq!(last("", &[], "NOBODY"), told);
    assert_eq!(last("", &["check"], "NOBODY"), told);
    let above =
        format!("look at it: open {}/.image-fallback/report.html in a browser", blog.path().display());
    assert_eq!(last("posts", &[], "NOBODY"), above);
    assert_eq!(
        last("", &["--providers=card"], "CI"),
        "report: .image-fallback/report.json",
        "nobody sits there"
    );
    assert!(!last("", &["--dry-run"], "NOBODY").contains("report.html"), "nothing is written");
    assert_eq!(last("", &["--quiet"], "NOBODY"), "OK: nothing to do; the post needs no picture");
}

#[test]
fn posts_are_named_from_the_folder_one_stands_in() {
    let blog = blog_of(2);
    put(blog.path(), "drafts/post-1.md", post("Another").as_bytes());
    let run = Action::on_a_laptop(&blog.path().join("posts")).args(&["generate", "post-1.md"]).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert!(run.log.contains("card posts/post-1.md: "), "{}", run.log);
    assert!(run.log.contains("1 with a title card\n"), "only the named one: {}", run.log);
    let outside = Action::on_a_laptop(&blog.path().join("posts")).args(&["../../*.md"]).run();
    assert_eq!(outside.code, Some(2), "{}", outside.log);
    assert!(outside.log.contains("`../../*.md` leads out of"), "{}", outside.log);
}

#[test]
fn only_a_file_is_named_by_its_path_and_a_pattern_or_folder_is_not() {
    let blog = blog(&[("posts/a.md", "---\ntitle: A\ndate: 2999-01-01\n---\n")]);
    for (typed, planned) in [("posts/**", 0), ("posts/*.md", 0), ("posts", 0), (".", 0), ("posts/a.md", 1)] {
        let run = Action::on_a_laptop(blog.path()).args(&[typed, "--dry-run"]).run();
        assert_eq!(run.log.matches("would generate posts/a.md").count(), planned, "{typed}: {}", run.log);
    }
}

#[test]
fn the_settings_file_is_read_with_either_ending_and_holds_models() {
    let blog = blog_of(1);
    let models =
        b"# yaml-language-server: $schema=x\n$schema: x\nmax-images: 0\nmodels:\n  together: acme/model-1\n";
    put(blog.path(), ".github/image-fallback.yaml", models);
    let run = Action::on_a_laptop(blog.path())
        .env("TOGETHER_API_TOKEN", "tgp_v1_0123456789")
        .args(&["--dry-run"])
        .run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert!(run.log.contains("configured: acme/model-1"), "{}", run.log);
    assert!(run.log.contains("would generate") || run.log.contains("max-images"), "{}", run.log);
    put(blog.path(), ".github/image-fallback.yml", b"");
    let run = Action::on_a_laptop(blog.path()).args(&["--dry-run"]).run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    assert!(run.log.contains("keep one of them"), "{}", run.log);
}

#[test]
fn a_misspelt_mode_is_not_a_post() {
    let blog = blog_of(1);
    let run = Action::on_a_laptop(blog.path()).args(&["genrate"]).run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    assert!(run.log.contains("`genrate` is neither a file nor a mode"), "{}", run.log);
    assert!(run.log.contains("did you mean `generate`?"), "{}", run.log);
}

#[test]
fn a_named_folder_with_nothing_but_a_list_is_not_a_success() {
    let blog = blog(&[("posts/index.md", "---\ntitle: News\n---\n")]);
    let run = Action::on_a_laptop(blog.path()).args(&["posts"]).run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    assert!(run.log.contains("matches only list pages such as `posts/index.md`"), "{}", run.log);
}

#[test]
fn every_unresolved_post_is_told_with_its_reason_until_there_are_too_many() {
    let blog = blog_of(1);
    for number in 1..=22 {
        let text = format!("---\ntitle: Cloud {number}\nimage: cdn-id-{number:02}\n---\nText.\n");
        put(blog.path(), &format!("posts/cloud-{number:02}.md"), text.as_bytes());
    }
    let run = Action::on_a_laptop(blog.path()).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let told = "unresolved posts/cloud-20.md: its hero image `cdn-id-20` is kept: ";
    assert!(run.log.contains(told), "{}", run.log);
    assert!(!run.log.contains("cloud-21.md"), "{}", run.log);
    assert!(run.log.contains("and 2 more, see the report\n"), "{}", run.log);
}

#[test]
fn title_cards_are_explained_by_whoever_chose_them() {
    let blog = blog_of(1);
    let asked = Action::on_a_laptop(blog.path()).args(&["--providers", "card"]).run();
    assert!(asked.log.contains("draws title cards, because input `providers` says so"), "{}", asked.log);
    assert!(!asked.log.contains("not asked"), "{}", asked.log);
    let default = Action::on_a_laptop(blog.path()).args(&["--dry-run"]).run();
    assert!(default.log.contains("draws title cards, because no provider takes part"), "{}", default.log);
    assert_eq!(default.log.matches("not asked: ").count(), 1, "{}", default.log);
    assert!(
        default.log.contains(", Together AI, ")
            && default.log.contains("; mode `providers` says what each needs"),
        "{}",
        default.log
    );
    let providers = Action::on_a_laptop(blog.path()).args(&["providers"]).run();
    assert!(providers.log.contains("not asked: set `TOGETHER_API_TOKEN`"), "{}", providers.log);
}

#[test]
fn posts_that_are_named_one_after_the_other_never_take_each_others_picture() {
    let [one, other] = ["content/travel/posts/hello.md", "content/work/posts/hello.md"];
    let (text, flag) = (post("Hello"), "---\ntitle: Hello\nregenerate_image: true\n---\n");
    // The second may come later than the first run, and be written by hand since.
    for later in [text.as_str(), flag] {
        let blog = blog(&[("hugo.toml", ""), (one, &text)]);
        let name = |post: &str| {
            let run = Action::on_a_laptop(blog.path()).args(&[post]).run();
            assert_eq!(run.code, Some(0), "{}", run.log);
            run.report()["posts"][0]["image"].as_str().unwrap().to_owned()
        };
        let first = name(one);
        let picture = std::fs::read(blog.path().join(&first)).unwrap();
        put(blog.path(), other, later.as_bytes());
        assert_ne!(name(other), first);
        assert_eq!(std::fs::read(blog.path().join(&first)).unwrap(), picture);
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_looked_at_is_said() {
    let (text, elsewhere) = (post("A"), blog_of(1));
    let files =
        ["content/a/index.md", "content/a/notes.md", "content/b.md"].map(|path| (path, text.as_str()));
    let blog = blog(&[&[("hugo.toml", "")], &files[..]].concat());
    let link = |to: &std::path::Path, from: &str| {
        std::os::unix::fs::symlink(to, blog.path().join(from)).unwrap();
    };
    link("a".as_ref(), "content/linked");
    link(&elsewhere.path().join("posts"), "posts");
    let run = Action::on_a_laptop(blog.path()).args(&["--dry-run"]).input("posts", "content\nposts/**").run();
    for told in [
        "Left out as resources of a bundle, whose post is its `index`: 1",
        "content/linked: the posts in this folder are not seen, because links are not followed",
        "posts: the posts in this folder are not seen, because it is a link that leads out of the repository",
    ] {
        assert!(run.log.contains(told), "{told}: {}", run.log);
    }
}

// B-13
#[test]
fn a_chain_of_one_is_told_to_take_a_second() {
    let (blog, server) = (blog_of(1), images::together());
    let told = "only Together AI can draw in this chain, so posts get no picture when it is out; add a second service (for example Cloudflare Workers AI: set ";
    for args in [&["providers"][..], &["--dry-run"]] {
        let one = Action::on_a_laptop(blog.path()).args(args).together(&server).run();
        assert!(one.log.contains(told), "{}", one.log);
        let two = Action::on_a_laptop(blog.path()).args(args).together(&server).cloudflare(&server).run();
        let none = Action::on_a_laptop(blog.path()).args(args).run();
        for deep_or_none in [two, none] {
            assert!(!deep_or_none.log.contains("can draw"), "{}", deep_or_none.log);
        }
    }
}

#[test]
fn a_regenerate_flag_that_means_nothing_is_said() {
    let blog = blog_of(1);
    let text = "---\ntitle: Odd\nimage: /images/x.jpg\nregenerate_image: maybe\n---\nText.\n";
    put(blog.path(), "posts/odd.md", text.as_bytes());
    let run = Action::on_a_laptop(blog.path()).run();
    let told = "posts/odd.md: `regenerate_image: maybe` means nothing; write `true`";
    assert_eq!(run.log.matches(told).count(), 1, "{}", run.log);
    for fine in ["true", "redraw", "false", "no", "\"\""] {
        put(blog.path(), "posts/odd.md", text.replace("maybe", fine).as_bytes());
        let run = Action::on_a_laptop(blog.path()).run();
        assert!(!run.log.contains("means nothing"), "{fine}: {}", run.log);
    }
}

#[test]
fn the_words_that_a_card_lacks_are_told_with_the_post() {
    let blog = blog_of(1);
    put(blog.path(), "posts/zero.md", post("ጤና with **Rust**").as_bytes());
    put(blog.path(), "posts/rocket.md", post("🚀 Launch day").as_bytes());
    let run = Action::on_a_laptop(blog.path()).run();
    let told = "card posts/zero.md (its title card is without `ጤና`, which no font at hand can write; `card-font` takes one that can)";
    assert!(run.log.contains(told), "{}", run.log);
    assert_eq!(run.log.matches("title card is without").count(), 1, "{}", run.log);
    put(blog.path(), "posts/one.md", post("ጤና with **Rust**").as_bytes());
    let run = Action::in_actions(blog.path()).input("providers", "card").run();
    let notice = "::notice file=posts/one.md,title=Title card::its title card is without `ጤና`";
    assert!(run.log.contains(notice), "{}", run.log);
}

#[test]
fn a_post_that_cannot_be_edited_is_red_once_and_again_only_for_who_asks_for_it() {
    let blog = blog_of(1);
    put(blog.path(), "posts/broken.md", b"---\ntitle: [\n---\n");
    let run = |args: &[&str]| Action::on_a_laptop(blog.path()).args(args).run();
    assert_eq!(run(&[]).code, Some(1));
    for _ in 0..2 {
        let later = run(&[]);
        assert_eq!(later.code, Some(0), "{}", later.log);
        assert!(
            later.log.contains("failed posts/broken.md: the YAML front matter is not valid"),
            "{}",
            later.log
        );
    }
    assert_eq!(run(&["posts/broken.md"]).code, Some(1));
    put(blog.path(), "posts/broken.md", b"---\ntitle: B\n---\n");
    assert_eq!(run(&[]).code, Some(0));
    put(blog.path(), "posts/broken.md", b"---\ntitle: [\n---\n");
    assert_eq!(run(&[]).code, Some(1), "it was mended, so this is news");
}

#[test]
fn a_theme_is_named_with_its_generator_and_a_slip_in_either_half_is_answered() {
    let blog = blog_of(1);
    for (site, answer) in [
        ("hugo/papermod", "theme PaperMod: pictures go to `static/images`, named in the field `cover.image`"),
        ("hugo/papermodd", "`papermodd` is not a known theme"),
        ("hugo/papermodd", "did you mean `papermod`?"),
        ("hogo/papermod", "did you mean `hugo`?"),
        ("generic/x", "no theme of `generic` is known; write `generic`"),
    ] {
        let run = Action::on_a_laptop(blog.path()).args(&["--dry-run", "--site", site, "posts"]).run();
        assert!(run.log.contains(answer), "{site}: {}", run.log);
    }
}

#[test]
fn verbose_shows_prompts_requests_answers_and_every_reason_and_no_key() {
    let (blog, server) = (blog_of(1), images::cloudflare());
    put(blog.path(), "posts/draft.md", b"---\ntitle: Draft\ndraft: true\n---\n");
    let run = |args: &[&str]| Action::on_a_laptop(blog.path()).cloudflare(&server).args(args).run();
    let planned = run(&["--dry-run", "--verbose"]);
    assert!(
        planned.log.contains("pending posts/post-1.md, 0.0 s: would get a hero image; prompt: "),
        "{}",
        planned.log
    );
    assert_eq!(server.count(), 0);
    let made = run(&["--verbose"]);
    assert_eq!(made.code, Some(0), "{}", made.log);
    for shown in [
        "posts/post-1.md: asking Cloudflare Workers AI @cf/black-forest-labs/flux-1-schnell for 1200x630: ",
        "request: POST http://127.0.0.1",
        "answer after 0.",
        ": HTTP 200, ",
        "posts/post-1.md: Cloudflare Workers AI after 0.",
        "skipped posts/draft.md, 0.0 s: it is a draft",
    ] {
        assert!(made.log.contains(shown), "{shown}: {}", made.log);
    }
    assert!(!made.everything().contains("cf-secret-token"), "{}", made.log);
}

#[test]
fn json_alone_stands_on_stdout_and_of_a_dry_run_it_is_the_plan() {
    let (blog, server) = (blog_of(1), images::cloudflare());
    let run = Action::on_a_laptop(blog.path()).cloudflare(&server).args(&["--dry-run", "--json"]).run();
    let plan: serde_json::Value = serde_json::from_str(&run.log).expect(&run.log);
    let post = &plan["posts"][0];
    let planned = ["path", "field", "value", "provider"].map(|name| post[name].as_str().unwrap());
    assert_eq!(planned, ["posts/post-1.md", "image", "/images/post-1.jpg", "cloudflare"]);
    assert!(post["prompt"].as_str().unwrap().contains("Post number 1"), "{post}");
    assert!(run.stderr.contains("would generate posts/post-1.md"), "{}", run.stderr);
    assert_eq!(server.count(), 0);
    let made = Action::on_a_laptop(blog.path()).cloudflare(&server).args(&["--json"]).run();
    let printed: serde_json::Value = serde_json::from_str(&made.log).expect(&made.log);
    assert_eq!(printed, made.report());
}

#[test]
fn the_chain_is_told_to_a_program_as_in_the_report() {
    let blog = blog_of(1);
    let run = Action::on_a_laptop(blog.path())
        .env("TOGETHER_API_TOKEN", "together-secret-token")
        .args(&["providers", "--json"])
        .run();
    let told: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.log);
    let named =
        |place: usize| (told["chain"][place]["name"].clone(), told["chain"][place]["configured"].clone());
    assert_eq!(named(0), ("together".into(), true.into()), "{told}");
    assert_eq!(named(1), ("cloudflare".into(), false.into()), "{told}");
    assert!(!run.everything().contains("together-secret-token"));
}

#[test]
fn quiet_leaves_trouble_and_the_verdict_and_colour_comes_when_asked_for() {
    let (blog, server) = (blog_of(1), images::cloudflare());
    let run = Action::on_a_laptop(blog.path()).cloudflare(&server).args(&["--quiet", "--dry-run"]).run();
    let told: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(told, ["OK: dry run; 1 post would get a hero image, nothing was called or written"]);
    for (args, variable, coloured) in
        [(&["--color=always"][..], "NO_COLOR", true), (&[], "CLICOLOR_FORCE", true), (&[], "NONE", false)]
    {
        let action = Action::on_a_laptop(blog.path()).cloudflare(&server).env(variable, "1");
        let run = action.args(&["--dry-run"]).args(args).run();
        assert_eq!(run.stdout.contains("\u{1b}[32mOK:"), coloured, "{args:?}: {}", run.stdout);
    }
}
