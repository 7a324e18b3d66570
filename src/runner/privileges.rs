//! Who the process is. A runner starts a container action as root and mounts the Docker socket into
//! it, so whatever took over this program would have the machine. Nothing here needs root: the
//! process becomes the owner of the workspace, to whom the files it makes then belong by themselves.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::io;
use rustix::process::{Gid, Uid, geteuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

/// Where the runner mounts the Docker socket.
const SOCKET: &str = "/var/run/docker.sock";

/// The group of nobody, `nogroup` on Debian.
const NOBODY: u32 = 65_534;

/// User and group, as numbers: the image knows no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ids {
    user: u32,
    group: u32,
}

impl Ids {
    /// Whose a file is; `None` when there is no such file.
    fn of(path: &Path) -> Option<Self> {
        let found = std::fs::metadata(path).ok()?;
        Some(Self { user: found.uid(), group: found.gid() })
    }
}

/// Makes root in a container the owner of the workspace; anybody else stays who he is. The error
/// says what stays as it was, and the cure.
pub(super) fn become_owner(workspace: &Path) -> Result<(), String> {
    // The image's program is process 1 of its container. A program in a job's own container is not,
    // and has to stay what the steps beside it are.
    if std::process::id() != 1 || !geteuid().is_root() {
        return Ok(());
    }
    let (Some(owner), socket) = (Ids::of(workspace), Ids::of(Path::new(SOCKET))) else { return Ok(()) };
    let Some(owner) = next(owner, socket) else { return Ok(()) };
    turn_into(owner).map_err(|error| {
        let Ids { user, group } = owner;
        let shown = workspace.display();
        format!(
            "this step stays root and its files will belong to root, because it cannot become the owner of `{shown}` \
             (user {user}, group {group}: {error}); let its container have the capabilities SETUID and SETGID"
        )
    })
}

/// Who follows root; `None` when root itself owns the workspace.
fn next(owner: Ids, socket: Option<Ids>) -> Option<Ids> {
    if owner.user == 0 {
        return None;
    }
    // On GitHub's own machines the group of the workspace is `docker`, which may open the socket. The
    // user's number is the usual one for a group of his own.
    let opens = |group: &u32| socket.is_some_and(|socket| socket.group == *group);
    let group = [owner.group, owner.user].into_iter().find(|group| !opens(group));
    Some(Ids { group: group.unwrap_or(NOBODY), ..owner })
}

/// The user last: without root the groups could not be changed any more. Real, effective and saved
/// ids all change, so there is no way back.
fn turn_into(Ids { user, group }: Ids) -> io::Result<()> {
    let (user, group) = (Uid::from_raw(user), Gid::from_raw(group));
    set_thread_groups(&[])?;
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, user)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNER: Ids = Ids { user: 1001, group: 1002 };

    #[test]
    fn root_becomes_the_owner_with_his_group() {
        assert_eq!(next(RUNNER, None), Some(RUNNER));
        assert_eq!(next(RUNNER, Some(Ids { user: 0, group: 999 })), Some(RUNNER));
    }

    #[test]
    fn root_stays_where_root_owns_the_workspace() {
        assert_eq!(next(Ids { user: 0, group: 1002 }, None), None);
    }

    #[test]
    fn a_group_that_may_open_the_docker_socket_is_left_behind() {
        let socket = Some(Ids { user: 0, group: RUNNER.group });
        assert_eq!(next(RUNNER, socket), Some(Ids { user: 1001, group: 1001 }));
        let same = Ids { user: RUNNER.group, ..RUNNER };
        assert_eq!(next(same, socket), Some(Ids { group: NOBODY, ..same }));
    }
}
