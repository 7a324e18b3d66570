//! Two runs at the same time, which must not pay twice.

use crate::github::{checkout, github, has_picture, push};
use crate::signals::{asked, gated, within};
use crate::support::action::Action;
use crate::support::posts::blog_of;
use crate::support::server::{Gate, Server};

fn action(root: &std::path::Path, server: &Server) -> Action {
    Action::in_actions(root).cloudflare(server).input("describe", "never")
}

#[test]
fn a_second_run_in_a_workspace_waits_for_the_first_and_pays_for_nothing_again() {
    let (blog, gate) = (blog_of(2), Gate::default());
    let server = gated(&gate, 2);
    let first = action(blog.path(), &server).start();
    asked(&server, 2);
    let mut second = action(blog.path(), &server).start();
    second.says("another run is using this workspace");
    gate.open();
    let (first, second) = (within(60, first), within(60, second));
    assert_eq!((first.code, first.outputs["generated"].as_str()), (Some(0), "2"), "{}", first.log);
    assert_eq!((second.code, second.outputs["generated"].as_str()), (Some(0), "0"), "{}", second.log);
    assert_eq!(server.count(), 2);
}

#[test]
fn a_second_run_whose_patience_ends_pays_for_nothing_and_names_the_cure() {
    let (blog, gate) = (blog_of(1), Gate::default());
    let server = gated(&gate, 1);
    let first = action(blog.path(), &server).start();
    asked(&server, 1);
    let second = within(60, action(blog.path(), &server).input("patience", "0s").start());
    assert_eq!(second.code, Some(2), "{}", second.log);
    for words in
        ["another run is using this workspace", ".image-fallback/lock", "`concurrency:`", "`patience`"]
    {
        assert!(second.log.contains(words), "{}", second.log);
    }
    gate.open();
    let first = within(60, first);
    assert_eq!((first.code, server.count()), (Some(0), 1), "{}", first.log);
}

#[cfg(unix)]
#[test]
fn the_lock_of_a_run_that_was_killed_holds_nobody_up() {
    let blog = blog_of(1);
    let hangs = gated(&Gate::default(), 0);
    let first = action(blog.path(), &hangs).start();
    asked(&hangs, 1);
    first.signal("KILL");
    within(60, first);
    let delivers = crate::support::images::cloudflare();
    let second = action(blog.path(), &delivers).input("patience", "0s").run();
    assert_eq!((second.code, second.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", second.log);
}

#[test]
fn of_two_runs_in_one_repository_the_second_tells_what_was_paid_for_in_vain() {
    let (github, gate) = (github(), Gate::default());
    let event = push(&github, "main", &["one", "two"]);
    let server = gated(&gate, 4);
    let start = |workspace: &std::path::Path| {
        let action = Action::on_github(&github, &event, workspace).cloudflare(&server);
        action.input("describe", "never").start()
    };
    let workspaces = [checkout(&github, &event), checkout(&github, &event)];
    let running = [start(workspaces[0].path()), start(workspaces[1].path())];
    asked(&server, 4);
    gate.open();
    let runs = running.map(|running| within(60, running));
    assert!(has_picture(&github, "main", "one") && has_picture(&github, "main", "two"));
    let told = "2 pictures were paid for and not used, because another run";
    let losers: Vec<_> = runs.iter().filter(|run| run.log.contains(told)).collect();
    let [loser] = losers[..] else { panic!("{}{}", runs[0].log, runs[1].log) };
    assert!(loser.summary.contains(told) && loser.summary.contains("concurrency:"), "{}", loser.summary);
    assert!(
        loser.log.contains("posts/one.md") && loser.log.contains("paid for and not used"),
        "{}",
        loser.log
    );
}
