//! A backlog that jobs work off side by side: mode `plan`, its matrix, and a run for each shard.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Run, github, run_with, write};
use crate::support::github::{Event, FakeGithub, Happening};
use crate::support::images;
use crate::support::server::Server;

/// Two of them have the same name.
const NAMES: [&str; 9] =
    ["bay", "cape", "cliff", "dune", "fjord", "harbour", "north/reef", "south/reef", "island"];

fn plan(github: &FakeGithub, event: &Event, most: &str) -> Run {
    github.forget_requests();
    let run = run_with(github, event, |action| action.input("mode", "plan").input("max-images", most));
    assert_eq!(run.finished.code, Some(0), "{}", run.finished.everything());
    assert_eq!(run.provider.count(), 0);
    assert!(github.mutations().is_empty(), "{:?}", github.mutations());
    run
}

fn shards(planned: &Run) -> Vec<String> {
    let matrix: Value = serde_json::from_str(&planned.finished.outputs["matrix"]).unwrap();
    let jobs = matrix["include"].as_array().unwrap().iter();
    jobs.map(|job| job["shard"].as_str().unwrap().to_owned()).collect()
}

/// The picture that a post names on the branch.
fn shown(github: &FakeGithub, name: &str) -> String {
    let text = String::from_utf8(github.read("main", &format!("posts/{name}.md")).unwrap()).unwrap();
    text.lines().find_map(|line| line.strip_prefix("image: ")).unwrap().to_owned()
}

#[test]
fn the_shards_of_a_plan_make_every_picture_once_though_all_start_at_one_commit() {
    let github = github();
    write(&github, "main", &NAMES);
    let event = github.event(Happening::Schedule);
    let planned = plan(&github, &event, "4");
    let shards = shards(&planned);
    assert!(shards.len() >= 3, "{shards:?}");
    let told = "jobs can make them side by side (output `matrix`)";
    assert!(planned.finished.log.contains(told), "{}", planned.finished.log);
    assert_eq!(plan(&github, &event, "4").finished.outputs["matrix"], planned.finished.outputs["matrix"]);

    let share = |shard: &String| {
        let run = run_with(&github, &event, |action| action.input("shard", shard).input("max-images", "4"));
        assert_eq!(run.finished.code, Some(0), "{}", run.finished.everything());
        run.provider.count()
    };
    assert_eq!(shards.iter().map(share).sum::<usize>(), NAMES.len());
    assert_eq!(shards.iter().map(share).sum::<usize>(), 0, "the branch has them, though the checkout is old");
    let pictures: BTreeSet<_> = NAMES.iter().map(|name| shown(&github, name)).collect();
    assert_eq!(pictures.len(), NAMES.len(), "{pictures:?}");
    let there = github.paths("main");
    assert!(
        pictures.iter().all(|picture| there.contains(&format!("static{picture}"))),
        "{pictures:?} {there:?}"
    );
}

#[test]
fn a_plan_of_nothing_has_no_matrix() {
    let github = github();
    let planned = plan(&github, &github.event(Happening::Schedule), "4");
    assert_eq!(planned.finished.outputs["matrix"], "");
}

#[test]
fn a_shard_answers_for_its_own_posts_alone() {
    let github = github();
    write(&github, "main", &NAMES);
    let event = github.event(Happening::Schedule);
    let used_up = Server::start(|_| images::cloudflare_used_up());
    let one = run_with(&github, &event, |action| action.input("shard", "1/2").cloudflare(&used_up));
    assert_eq!(one.finished.code, Some(1), "{}", one.finished.everything());
    let owed = one.finished.report()["owed"].as_array().unwrap().len();
    assert!((1..NAMES.len()).contains(&owed), "{owed}");
    let other = run_with(&github, &event, |action| action.input("shard", "2/2"));
    assert_eq!(other.finished.code, Some(0), "{}", other.finished.everything());
    assert_eq!(other.finished.report()["posts"].as_array().unwrap().len() + owed, NAMES.len() + 1);
    // Nothing of the first is settled by the second.
    let both = run_with(&github, &github.event(Happening::Schedule), |action| action);
    assert_eq!(both.tally(), (Some(0), owed), "{}", both.finished.everything());
    assert!(both.finished.report()["owed"].as_array().unwrap().is_empty());
}
