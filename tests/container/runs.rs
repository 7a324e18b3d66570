//! Whole steps in the container: every verdict, bad circumstances, an end from outside.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::step::{Network, Step};
use crate::github::{has_picture, push};
use crate::hostile::log::{COMMANDS, is_harmless};
use crate::support::images::{cloudflare_delivers, cloudflare_used_up, together_delivers};
use crate::support::posts::{contents, post};
use crate::support::server::{Reply, Server};

/// A Cloudflare account that delivers so many pictures and then does this.
fn delivers(network: &Network, pictures: usize, then: fn() -> Reply) -> Server {
    let asked = AtomicUsize::new(0);
    network.server(move |_| {
        if asked.fetch_add(1, Ordering::Relaxed) < pictures { cloudflare_delivers() } else { then() }
    })
}

/// Returns when the server has had this many requests.
fn asked(server: &Server, number: usize) {
    for _ in 0..2_000 {
        if server.count() >= number {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("only {} requests came", server.count());
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_wrong_setting_is_exit_2_and_told_in_the_outputs() {
    let run = Step::new().input("max-images", "many").run();
    assert_eq!(run.code, Some(2), "{}", run.everything());
    assert!(run.log.contains("max-images") && run.log.contains("many"), "{}", run.log);
    assert_eq!(run.outputs["verdict"], "failed");
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn ok_is_a_commit_with_the_picture() {
    let network = Network::private();
    let (github, provider) = (network.github(), network.server(|_| cloudflare_delivers()));
    let event = push(&github, "main", &["harbour"]);
    let run = Step::on_github(&network, &github, &event).cloudflare(&provider).run();
    github.fsck();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.everything());
    assert!(has_picture(&github, "main", "harbour"));
    assert_eq!(Some(run.outputs["commit-sha"].as_str()), github.head("main").as_deref());
    assert!(run.summary.starts_with("## OK: "), "{}", run.summary);
    assert!(run.path(&run.outputs["report"]).exists());
    assert!(!run.log.contains("::error") && !run.log.contains("::warning"), "{}", run.log);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn fallback_is_green_and_commits_what_the_second_provider_made() {
    let network = Network::private();
    let (github, first) = (network.github(), network.server(|_| cloudflare_used_up()));
    let second = network.server(|_| together_delivers());
    let event = push(&github, "main", &["harbour"]);
    let run = Step::on_github(&network, &github, &event).cloudflare(&first).together(&second).run();
    github.fsck();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.everything());
    assert_eq!(run.outputs["providers-used"], "[\"together\"]");
    assert!(has_picture(&github, "main", "harbour"));
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn degraded_fails_the_step_and_commits_what_was_made_all_the_same() {
    let network = Network::private();
    let (github, provider) = (network.github(), delivers(&network, 1, cloudflare_used_up));
    let event = push(&github, "main", &["harbour", "island"]);
    let step = Step::on_github(&network, &github, &event).cloudflare(&provider).input("concurrency", "1");
    let run = step.input("describe", "never").run();
    github.fsck();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    assert_eq!((run.outputs["generated"].as_str(), run.outputs["failed"].as_str()), ("1", "1"));
    let on_github = ["harbour", "island"].map(|name| has_picture(&github, "main", name));
    assert!(on_github[0] != on_github[1], "{on_github:?}");
    assert!(run.log.contains("::error file=posts/"), "{}", run.log);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn act_is_a_runner_as_well() {
    let network = Network::private();
    let (hangs, provider) = (network.server(|_| Reply::Hangs), network.server(|_| cloudflare_delivers()));
    // act lets an action share the network of the job's own container; another step stands in for that.
    let job = Step::new().network(&network).post("posts/a.md", &post("A")).cloudflare(&hangs).start();
    asked(&hangs, 1);
    let step = Step::new().under_act(&job).post("posts/a.md", &post("A")).cloudflare(&provider);
    let run = step.input("report-dir", "/tmp/report").run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.everything());
    assert_eq!(run.outputs["report"], "/tmp/report/report.json");
    assert!(run.path("static/images/a.jpg").exists());
    assert_eq!(job.cancel().code, Some(130));
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn what_strangers_write_is_not_a_command() {
    let network = Network::private();
    let provider = network.server(|_| Reply::text(400, "text/plain", &COMMANDS.join("\n")));
    let step = Step::new().network(&network).together(&provider).input("patience", "0s");
    let step = COMMANDS.iter().enumerate().fold(step, |step, (number, command)| {
        let title = serde_json::to_string(command).unwrap();
        let text = format!("{}\n{}\n", post(&title), COMMANDS.join("\n"));
        step.post(&format!("posts/{number}.md"), &text)
            .post(&format!("posts/\n{}/{number}.md", command.replace('/', "_")), &text)
    });
    let run = step.run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    is_harmless(&run);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_dry_run_needs_no_network_and_no_right_to_write() {
    let step = Step::new().post("posts/a.md", &post("A")).input("dry-run", "true").input("providers", "card");
    let run = step.without_network().read_only_workspace().run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    assert!(run.summary.contains("posts/a.md"), "{}", run.summary);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn nothing_is_paid_for_in_a_workspace_that_cannot_be_written() {
    let network = Network::private();
    let provider = network.server(|_| cloudflare_delivers());
    let step = Step::new().network(&network).cloudflare(&provider).post("posts/a.md", &post("A"));
    let run = step.read_only_workspace().run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    assert_eq!(provider.count(), 0);
    assert!(run.log.contains("mount the workspace writable"), "{}", run.log);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn title_cards_need_no_network() {
    let run = Step::new().post("posts/a.md", &post("A")).input("providers", "card").without_network().run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    assert_ne!(std::fs::read_to_string(run.path("posts/a.md")).unwrap(), post("A"));
    assert!(run.path(".image-fallback/report.json").exists());
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn without_a_network_the_post_is_left_to_a_person() {
    let step = Step::new().without_network().post("posts/a.md", &post("A")).input("patience", "0s");
    let step = step.env("TOGETHER_API_TOKEN", "together-secret-token");
    let before = contents(&step.workspace());
    let run = step.run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    assert_eq!(run.status("posts/a.md"), "manual");
    assert_eq!(contents(&run.path("")), before);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn a_cancelled_run_commits_what_is_finished_and_its_exit_code_tells_the_signal() {
    let network = Network::private();
    let (github, provider) = (network.github(), delivers(&network, 1, || Reply::Hangs));
    let event = push(&github, "main", &["harbour", "island"]);
    let step = Step::on_github(&network, &github, &event).cloudflare(&provider).input("concurrency", "1");
    let running = step.start();
    asked(&provider, 2);
    let run = running.cancel();
    github.fsck();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(130), "failed"), "{}", run.everything());
    assert_eq!(run.outputs["generated"], "1");
    let on_github = ["harbour", "island"].map(|name| has_picture(&github, "main", name));
    assert!(on_github[0] != on_github[1], "{on_github:?}");
    // The request to mask the key is the one line that may hold it.
    let told = |line: &str| !line.starts_with("::add-mask::") && line.contains("cf-secret-token");
    assert!(!run.everything().lines().any(told), "{}", run.log);
}
