//! Whom the process is in the container, and whose the files are that it makes.

use std::path::{Path, PathBuf};

use super::step::{COMMANDS, Finished, Network, Running, Step, TEMP, WORKSPACE, owner};
use crate::support::images::cloudflare_delivers;
use crate::support::posts::post;
use crate::support::server::Reply;

/// A user and a group that no machine gives to anybody.
const USER: u32 = 41_234;
const GROUP: u32 = 42_345;

/// A step that needs nothing but its workspace.
fn card() -> Step {
    Step::new().post("posts/a.md", &post("A")).input("providers", "card").without_network()
}

/// The card was made and everything in the workspace has this owner.
fn made_and_owned(run: &Finished, user: u32, group: u32) {
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.everything());
    let files = below(&run.path(""));
    for name in ["posts/a.md", "static/images/a.jpg", ".image-fallback/report.json"] {
        assert!(files.contains(&run.path(name)), "{name} is missing: {files:?}");
    }
    let others: Vec<_> = files.iter().filter(|file| owner(file) != (user, group)).collect();
    assert!(others.is_empty(), "{others:?} belong to somebody else");
}

/// Files and folders below a folder, and the folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] });
    below.chain([folder.to_owned()]).collect()
}

/// Starts a step in a workspace of this owner, and waits until it asks its provider.
fn asking(network: &Network, user: u32, group: u32) -> Running {
    let (asks, asked) = std::sync::mpsc::channel();
    let provider = network.server(move |_| {
        asks.send(()).unwrap();
        Reply::Hangs
    });
    let step = Step::new().network(network).cloudflare(&provider).post("posts/a.md", &post("A"));
    let running = step.workspace_of(user, group).start();
    asked.recv().unwrap();
    running
}

/// The words of a line of a thread's status.
fn line<'a>(status: &'a str, name: &str) -> Vec<&'a str> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name}: {status}")).split_whitespace().collect()
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn what_a_step_makes_belongs_to_the_owner_of_the_workspace() {
    made_and_owned(&card().workspace_of(USER, GROUP).run(), USER, GROUP);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn outputs_and_summary_are_written_also_when_their_files_are_roots() {
    let run = card().workspace_of(USER, GROUP).left_to_root(COMMANDS).run();
    made_and_owned(&run, USER, GROUP);
    assert!(run.summary.starts_with("## OK: "), "{}", run.summary);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn no_thread_of_a_step_keeps_an_id_a_group_or_a_capability_of_root() {
    let network = Network::private();
    let running = asking(&network, USER, GROUP);
    let threads = running.status_of_threads();
    assert!(threads.len() > 1);
    for status in threads {
        assert_eq!(line(&status, "Uid"), vec![USER.to_string(); 4]);
        assert_eq!(line(&status, "Gid"), vec![GROUP.to_string(); 4]);
        assert!(line(&status, "Groups").is_empty(), "{status}");
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(line(&status, set), ["0000000000000000"], "{set}");
        }
    }
    assert_eq!(running.cancel().code, Some(130));
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_group_that_may_open_the_docker_socket_is_left_behind() {
    let network = Network::private();
    let (_, socket) = owner(Path::new("/var/run/docker.sock"));
    let running = asking(&network, USER, socket);
    for status in running.status_of_threads() {
        assert_eq!(line(&status, "Gid"), vec![USER.to_string(); 4]);
        assert!(line(&status, "Groups").is_empty(), "{status}");
    }
    running.cancel();
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_workspace_of_root_is_left_to_root() {
    made_and_owned(&card().workspace_of(0, 0).run(), 0, 0);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn whoever_is_not_root_from_the_start_stays_who_he_is() {
    let run = card().started_by_runner().run();
    let (user, group) = owner(&run.path(""));
    made_and_owned(&run, user, group);
    assert!(!run.log.contains("::warning"), "{}", run.log);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_step_that_has_to_stay_root_says_so_and_goes_on() {
    let run = card().workspace_of(USER, GROUP).option("--cap-drop=SETUID").run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.everything());
    assert_eq!(owner(&run.path("static/images/a.jpg")).0, 0);
    let warning = run.log.lines().find(|line| line.starts_with("::warning"));
    assert!(warning.is_some_and(|line| line.contains("SETUID and SETGID")), "{}", run.log);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn nothing_is_paid_for_where_an_earlier_step_left_files_of_root() {
    let network = Network::private();
    let provider = network.server(|_| cloudflare_delivers());
    let step = Step::new().network(&network).cloudflare(&provider);
    let step = step.post("posts/a.md", &post("A")).post("blog/b.md", &post("B"));
    let run = step.workspace_of(USER, GROUP).left_to_root(&format!("{WORKSPACE}/blog")).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    assert_eq!((run.status("posts/a.md"), run.status("blog/b.md")), ("generated".into(), "failed".into()));
    assert_eq!(provider.count(), 1);
    assert!(run.post("blog/b.md")["reason"].as_str().unwrap().contains("no permission"));
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_report_that_the_owner_may_not_write_costs_a_warning() {
    let run = card().input("report-dir", "/github/runner_temp/report").left_to_root(TEMP).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.everything());
    assert_eq!(run.outputs["report"], "");
    let warning = run.log.lines().find(|line| line.starts_with("::warning"));
    assert!(warning.is_some_and(|line| line.contains("input `report-dir`")), "{}", run.log);
}
