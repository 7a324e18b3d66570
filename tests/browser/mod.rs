//! The page of the report in a real browser, as people meet it: nothing is loaded, nothing is refused, every link leads
//! somewhere, and it can be read at the width of a phone, in light and in dark. `.ci/run` installs Chromium; a plain
//! `cargo test` cannot know of one, so this is ignored there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::action::Action;
use crate::support::images;
use crate::support::posts::{blog, blog_of, post, put};
use crate::support::server::{Reply, Server};

/// A run's page, and what has to be on it.
struct Page {
    name: &'static str,
    root: TempDir,
    /// At least so many posts.
    posts: usize,
    /// At least so many pictures.
    pictures: usize,
}

impl Page {
    /// The page of this run in this blog, which ends with this code.
    fn of(
        name: &'static str,
        root: TempDir,
        run: Action,
        code: i32,
        (posts, pictures): (usize, usize),
    ) -> Self {
        let finished = run.run();
        assert_eq!(finished.code, Some(code), "{name}: {}", finished.everything());
        Self { name, root, posts, pictures }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join(".image-fallback")
    }
}

/// All is well.
fn fine() -> Page {
    let root = blog_of(5);
    let run = Action::on_a_laptop(root.path()).cloudflare(&images::cloudflare());
    Page::of("fine", root, run, 0, (5, 5))
}

/// Forty posts: after some pictures every provider is out, one post is broken, others wait.
fn degraded() -> Page {
    let root = blog_of(40);
    put(root.path(), "posts/broken.md", b"---\ntitle: \"broken\n---\n");
    put(root.path(), "posts/cdn.md", b"---\ntitle: On a CDN\nimage: cdn-id-7\n---\n");
    let left = std::sync::atomic::AtomicI32::new(12);
    let cloudflare =
        Server::start(move |_| match left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) > 0 {
            true => images::cloudflare_delivers(),
            false => images::cloudflare_used_up(),
        });
    let gone = Server::start(|_| {
        let message = "Unable to access model black-forest-labs/FLUX.2-dev";
        Reply::json(404, serde_json::json!({"error": {"message": message, "code": "model_not_available"}}))
    });
    let run = Action::in_actions(root.path()).cloudflare(&cloudflare).together(&gone).gemini(&gone);
    Page::of("degraded", root, run.input("max-images", "36"), 1, (42, 12))
}

fn wrong_settings() -> Page {
    let root = blog_of(1);
    let run = Action::in_actions(root.path()).input("providers", "cloudfare").input("timeout", "fast");
    Page::of("settings", root, run, 2, (0, 0))
}

fn check() -> Page {
    let root = blog_of(6);
    put(root.path(), "posts/cdn.md", b"---\ntitle: On a CDN\nimage: cdn-id-7\n---\n");
    put(root.path(), "posts/damaged.md", b"---\ntitle: Damaged\nimage: /images/a.jpg\n---\n");
    put(root.path(), "static/images/a.jpg", &images::fresh_jpeg()[..2_000]);
    let run = Action::in_actions(root.path()).input("mode", "check");
    Page::of("check", root, run, 1, (8, 0))
}

/// Title cards, as mode `demo` draws them; the demo itself unpacks its blog elsewhere.
fn cards() -> Page {
    let root = tempfile::tempdir().unwrap();
    image_fallback::demo::unpack(root.path()).unwrap();
    let run = Action::on_a_laptop(root.path()).input("providers", "card");
    Page::of("cards", root, run, 0, (7, 7))
}

/// Posts whose authors want more than a picture.
fn hostile() -> Page {
    let attack = "</h3><script>document.title='broken'</script><img src=x onerror=alert(1)> {{ 7 * 7 }} `a";
    let long = "Donaudampfschifffahrtsgesellschaft".repeat(12);
    let script = "<style>body{display:none}</style>\u{202e}gpj.exe";
    let titles =
        [attack, long.as_str(), script, "\u{634}\u{627}\u{637}\u{626} \u{627}\u{644}\u{628}\u{62d}\u{631}"];
    let posts: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            (format!("posts/{n} '\"&<b>#?%41.md"), post(&format!("'{}'", title.replace('\'', "''"))))
        })
        .collect();
    let files: Vec<_> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let root = blog(&files);
    let said = format!("<script>alert(1)</script> {long} [click](https://evil.example)");
    let together = Server::start(move |_| Reply::json(400, serde_json::json!({"error": {"message": said}})));
    let run = Action::in_actions(root.path()).together(&together).cloudflare(&images::cloudflare());
    Page::of("hostile", root, run.input("providers", "together, cloudflare"), 0, (4, 4))
}

/// What Chromium finds on the pages, in light or in dark, and what it complains about on the console, which is where
/// refusals of a page's policy go.
fn looked_at(server: &Server, names: &[String], dark: bool) -> (Vec<Value>, Vec<String>) {
    let profile = tempfile::tempdir().unwrap();
    let browser = std::env::var_os("CHROMIUM").unwrap_or_else(|| "chromium".into());
    let output = Command::new(&browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--window-size=1300,1000"])
        .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!dark)))
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=60000", "--dump-dom", "--enable-logging=stderr"])
        .arg(format!("{}/checker.html#{}", server.url(), names.join("%20")))
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", browser.display()));
    let dom = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    let found = dom.split("<pre id=\"found\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let found = found.unwrap_or_else(|| panic!("the checker did not end:\n{dom}\n{said}"));
    let looks = serde_json::from_str(&percent_decode_str(found).decode_utf8().unwrap()).unwrap();
    (looks, said.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect())
}

/// Serves each page's blog below its name.
fn serve(pages: &[Page]) -> Server {
    let roots: Vec<_> = pages.iter().map(|page| (page.name, page.root.path().to_owned())).collect();
    Server::start(move |request| {
        let path = request.target.trim_start_matches('/');
        if path == "checker.html" {
            return Reply::text(200, "text/html; charset=utf-8", include_str!("checker.html"));
        }
        let page = roots.iter().find_map(|(name, root)| {
            path.strip_prefix(name)?.strip_prefix('/').and_then(|path| std::fs::read(root.join(path)).ok())
        });
        page.map_or_else(
            || Reply::text(404, "text/plain", ""),
            |page| Reply::bytes(200, "text/html; charset=utf-8", page),
        )
    })
}

fn leads_to_a_file(folder: &Path, link: &str) -> bool {
    folder.join(&*percent_decode_str(link).decode_utf8().unwrap()).is_file()
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn the_page_of_every_kind_of_run_can_be_read_by_everybody_and_loads_nothing() {
    let pages = [fine(), degraded(), wrong_settings(), check(), cards(), hostile()];
    let server = serve(&pages);
    let names: Vec<_> =
        pages.iter().map(|page| format!("/{}/.image-fallback/report.html", page.name)).collect();
    for dark in [false, true] {
        let (looks, complaints) = looked_at(&server, &names, dark);
        assert!(complaints.is_empty(), "{complaints:#?}");
        assert_eq!(looks.len(), 2 * pages.len(), "{looks:#?}");
        for (look, page) in looks.iter().zip(pages.iter().flat_map(|page| [page, page])) {
            let name = page.name;
            assert_eq!(look["dark"], dark, "{name}");
            assert_eq!(look["styled"], true, "{name}: the policy refuses the style");
            for fault in ["loaded", "wide", "pale", "lost"] {
                assert_eq!(look[fault], serde_json::json!([]), "{name}, {fault} at {}", look["width"]);
            }
            assert_eq!((&look["scripts"], &look["blank"]), (&0.into(), &0.into()), "{name}");
            assert!(look["pictures"].as_u64().unwrap() >= page.pictures as u64, "{name}: {look:#}");
            for link in look["links"].as_array().unwrap() {
                let link = link.as_str().unwrap();
                assert!(leads_to_a_file(&page.folder(), link), "{name}: {link}");
            }
            let mut shown = 0;
            for filter in look["filters"].as_array().unwrap() {
                let number = filter["label"].as_str().unwrap().rsplit(' ').next().unwrap().parse().ok();
                let is_right = filter["right"] == true && filter["shown"].as_u64() == number;
                assert!(is_right, "{name}: {filter}");
                shown = shown.max(filter["shown"].as_u64().unwrap());
            }
            let several = page.posts > 0 && look["filters"].as_array().is_some_and(|all| !all.is_empty());
            assert!(!several || shown >= page.posts as u64, "{name}: {look:#}");
        }
    }
    let asked = server.requests().into_iter().map(|request| request.target);
    let others: Vec<_> =
        asked.filter(|target| !target.ends_with("/report.html") && target != "/checker.html").collect();
    assert!(others.is_empty(), "a page loads what is beside it: {others:?}");
}

#[test]
#[ignore = "needs Chromium, which .ci/run installs"]
fn a_page_with_every_fault_is_found_out() {
    let page = "<!doctype html><meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\">
        <style>h1 { border-left: 1px solid }</style><h1>Bad</h1>
        <a href='#nowhere'>lost</a><img src='/none.png'><p><font color='#999999'>pale</font></p>
        <table width='2000'><tr><td>wide</td></tr></table>
        <div class='filter'><label><input type='radio' id='only-failed'>failed 1</label></div>
        <article class='generated'>not failed</article>";
    let server = Server::start(move |request| match request.target.as_str() {
        "/checker.html" => Reply::text(200, "text/html; charset=utf-8", include_str!("checker.html")),
        "/bad" => Reply::text(200, "text/html", page),
        _ => Reply::text(404, "text/plain", ""),
    });
    let (looks, complaints) = looked_at(&server, &["/bad".to_owned()], false);
    assert!(complaints.iter().any(|line| line.contains("Content Security Policy")), "{complaints:?}");
    for look in looks {
        for fault in ["loaded", "wide", "pale", "lost"] {
            assert!(!look[fault].as_array().unwrap().is_empty(), "{fault}: {look:#}");
        }
        assert_eq!((&look["styled"], &look["blank"]), (&false.into(), &1.into()), "{look:#}");
        assert_eq!(look["filters"][0]["right"], false, "{look:#}");
    }
}
