//! Machines that are not as they should be.

use crate::hostile::{put_good, with_pictures};
use crate::support::machine::Machine;

#[test]
fn a_clock_outside_of_the_calendar_ends_no_run() {
    // Before its date a post waits.
    for (second, status) in
        [(300_000_000_000, "generated"), (1 << 50, "generated"), (-400_000_000_000, "skipped")]
    {
        let blog = tempfile::tempdir().unwrap();
        put_good(blog.path());
        let machine = Machine::whose_clock_shows(second);
        let action = with_pictures(blog.path()).input("metadata", "front-matter");
        let run = action.env("LD_PRELOAD", machine.library()).run();
        assert_eq!(run.code, Some(0), "{second}: {}{}", run.log, run.stderr);
        assert_eq!(run.status("posts/good.md"), status);
        assert_eq!(run.outputs["verdict"], "ok");
    }
}

#[test]
fn a_panic_ends_a_run_with_exit_3_and_with_all_that_every_end_has() {
    let blog = tempfile::tempdir().unwrap();
    put_good(blog.path());
    let machine = Machine::without_threads();
    let run = with_pictures(blog.path()).env("LD_PRELOAD", machine.library()).run();
    assert_eq!(run.code, Some(3), "{}{}", run.log, run.stderr);
    assert_eq!(run.outputs["verdict"], "failed");
    for told in [&run.log, &run.summary] {
        assert!(told.contains("this is a fault of the program"), "{told}");
    }
    assert_eq!(run.report()["verdict"], "failed");
    assert!(run.log.contains("error: internal error at "), "{}", run.log);
}
