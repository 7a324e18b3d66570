//! The image, started as the runner starts it. `.ci/run` builds it and names it in `CONTAINER_IMAGE`; everywhere else
//! these tests show up as ignored.

mod owner;
mod runs;
mod step;

use std::process::Command;

use step::{docker, image};

/// What `docker image inspect` says about one field.
fn inspect(field: &str) -> String {
    docker(&["image", "inspect", "--format", field, &image()]).trim().to_owned()
}

/// Every file and folder of the image, without what the engine adds to a container.
fn files() -> Vec<String> {
    let container = docker(&["create", &image()]).trim().to_owned();
    let listing =
        Command::new("sh").args(["-c", "docker export \"$0\" | tar --list", &container]).output().unwrap();
    docker(&["rm", &container]);
    let added =
        ["dev/", "proc/", "sys/", ".dockerenv", "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab"];
    let listing = String::from_utf8(listing.stdout).unwrap();
    let mut files: Vec<_> =
        listing.lines().filter(|file| !added.iter().any(|add| file.starts_with(add))).collect();
    files.sort_unstable();
    files.into_iter().map(str::to_owned).collect()
}

/// One file of the image.
fn file(path: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let container = docker(&["create", &image()]).trim().to_owned();
    docker(&["cp", &format!("{container}:{path}"), &copy.display().to_string()]);
    docker(&["rm", &container]);
    std::fs::read(copy).unwrap()
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_image_holds_the_program_the_certificates_and_nothing_else() {
    assert_eq!(
        files(),
        [
            "etc/",
            "etc/ssl/",
            "etc/ssl/certs/",
            "etc/ssl/certs/ca-certificates.crt",
            "image-fallback-action",
            "tmp/"
        ]
    );
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_image_is_smaller_than_15_megabytes() {
    let size: u64 = inspect("{{.Size}}").parse().unwrap();
    assert!(size < 15_000_000, "{size} bytes");
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_image_runs_as_root_at_an_absolute_entrypoint_and_sets_nothing() {
    assert_eq!(inspect("{{.Config.User}}"), "");
    assert_eq!(inspect("{{json .Config.Entrypoint}}"), "[\"/image-fallback-action\"]");
    assert_eq!(inspect("{{.Config.WorkingDir}}"), "");
    assert!(!inspect("{{json .Config.Env}}").contains("HOME"));
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_image_says_what_it_is() {
    for (label, value) in [("title", "image-fallback-action"), ("licenses", "MIT"), ("version", "unreleased")]
    {
        assert_eq!(
            inspect(&format!("{{{{index .Config.Labels \"org.opencontainers.image.{label}\"}}}}")),
            value
        );
    }
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_program_asks_for_no_dynamic_loader() {
    assert!(!segments(&file("/image-fallback-action")).contains(&3), "PT_INTERP is 3");
}

/// Types of the program headers of a 64-bit little-endian ELF file (elf(5)).
fn segments(program: &[u8]) -> Vec<u32> {
    assert_eq!(program[..6], *b"\x7fELF\x02\x01");
    let short = |at: usize| usize::from(u16::from_le_bytes([program[at], program[at + 1]]));
    let first = usize::try_from(u64::from_le_bytes(program[32..40].try_into().unwrap())).unwrap();
    (0..short(56))
        .map(|index| first + index * short(54))
        .map(|at| u32::from_le_bytes(program[at..at + 4].try_into().unwrap()))
        .collect()
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_certificates_are_a_whole_bundle() {
    let bundle = String::from_utf8(file("/etc/ssl/certs/ca-certificates.crt")).unwrap();
    assert!(bundle.matches("-----BEGIN CERTIFICATE-----").count() > 50);
}

#[test]
#[ignore = "needs a Docker engine: .ci/run starts one"]
fn the_image_says_its_version_without_home_network_rights_or_a_place_to_write() {
    let bare = ["--read-only", "--network=none", "--cap-drop=ALL", "--env=HOME=/nowhere", "--workdir=/"];
    let image = image();
    let run = |flag| docker(&[&["run", "--rm"], &bare[..], &[image.as_str(), flag]].concat());
    let revision = inspect("{{index .Config.Labels \"org.opencontainers.image.revision\"}}");
    let version = concat!("image-fallback-action ", env!("CARGO_PKG_VERSION"));
    match revision.get(..12) {
        Some(commit) => {
            let said = run("--version");
            let date = said.trim().strip_prefix(&format!("{version} ({commit} ")).expect(&said);
            let digits = date.strip_suffix(')').map(|date| date.split('-').map(str::len).collect::<Vec<_>>());
            assert_eq!(digits.as_deref(), Some(&[4, 2, 2][..]), "{said}");
        }
        None => assert_eq!(run("--version").trim(), version, "nobody said which commit it is"),
    }
    assert!(run("--help").contains("--max-images"));
}
