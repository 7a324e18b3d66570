//! Kills a run right before a chosen one of its system calls that give, take or change a name in the file
//! system: between two of those nothing changes that the next run could see.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

const NAMING: [libc::c_long; 12] = [
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_link,
    libc::SYS_linkat,
    libc::SYS_symlink,
    libc::SYS_symlinkat,
    libc::SYS_unlink,
    libc::SYS_unlinkat,
    libc::SYS_mkdir,
    libc::SYS_mkdirat,
    libc::SYS_rmdir,
];

/// Runs a command to the call of this number, from 1, and kills it there; `false` where it ended before.
pub fn kill_before(number: usize, command: &Command) -> bool {
    let mut command = waiting(command);
    let id = Pid::from_raw(i32::try_from(command.spawn().unwrap().id()).unwrap());
    assert!(matches!(waitpid(id, Some(WaitPidFlag::WUNTRACED)), Ok(WaitStatus::Stopped(..))));
    let all = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL;
    ptrace::seize(id, all).unwrap();
    kill(id, Signal::SIGCONT).unwrap();
    let mut met = 0;
    let mut is_killed = false;
    loop {
        // The whole group, each thread for itself; a thread may be gone before it is told to go on.
        match waitpid(Pid::from_raw(-id.as_raw()), Some(WaitPidFlag::__WALL)).unwrap() {
            WaitStatus::PtraceSyscall(thread) => {
                met += usize::from(enters_naming_call(thread));
                if met == number && !is_killed {
                    is_killed = true;
                    kill(id, Signal::SIGKILL).unwrap();
                    continue;
                }
                let _ = ptrace::syscall(thread, None);
            }
            WaitStatus::Stopped(thread, signal) => _ = ptrace::syscall(thread, signal),
            WaitStatus::PtraceEvent(thread, ..) => _ = ptrace::syscall(thread, None),
            WaitStatus::Exited(process, _) | WaitStatus::Signaled(process, ..) if process == id => {
                return is_killed;
            }
            _ => {}
        }
    }
}

/// The command behind a shell that waits to be traced. A shell drops variables like `INPUT_GITHUB-TOKEN`, so
/// `env` sets them behind it.
fn waiting(command: &Command) -> Command {
    let mut waiting = Command::new("sh");
    waiting.args(["-c", "kill -STOP $$; exec env \"$@\"", "sh"]).process_group(0);
    for (name, value) in command.get_envs() {
        let mut pair = name.to_owned();
        pair.push("=");
        pair.push(value.unwrap());
        waiting.arg(pair);
    }
    waiting.arg(command.get_program()).args(command.get_args()).env_clear();
    waiting.current_dir(command.get_current_dir().unwrap());
    waiting.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    waiting
}

/// At the entry of a call its result is not known yet.
fn enters_naming_call(thread: Pid) -> bool {
    let not_yet = (-i64::from(libc::ENOSYS)).cast_unsigned();
    ptrace::getregs(thread)
        .is_ok_and(|registers| registers.rax == not_yet && NAMING.contains(&registers.orig_rax.cast_signed()))
}
