//! Why a file cannot be written, with the cure.

use std::io::{self, ErrorKind};

/// Why a file cannot be written. The text names what, where and the cure.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The path leads out of the root, or is not a valid one.
    #[error("`{path}` is outside the repository; correct the input `image-dir`")]
    Outside {
        /// The path that was asked for.
        path: String,
    },
    /// A folder of the path, or the file itself, is a symbolic link.
    #[error(
        "`{path}` goes through the link `{link}`; name the folder it points to in the input `image-dir`, or leave the post out"
    )]
    Link {
        /// The path that was asked for.
        path: String,
        /// The link.
        link: String,
    },
    /// A submodule: what is written there is never committed here.
    #[error(
        "`{path}` is in the submodule `{submodule}`, which is another repository; choose another `image-dir`, leave the post out, or let the run in that repository make its pictures"
    )]
    Submodule {
        /// The path that was asked for.
        path: String,
        /// The folder of the submodule.
        submodule: String,
    },
    /// Git's or GitHub's own files.
    #[error("`{path}` is in `{folder}/`, where nothing is ever written; correct the input `image-dir`")]
    Reserved {
        /// The path that was asked for.
        path: String,
        /// `.git` or `.github`.
        folder: &'static str,
    },
    /// Git LFS would have to store it, which needs the LFS program.
    #[error(
        "`{path}` is tracked by Git LFS (`.gitattributes`: `{pattern}`), which cannot be published through the API; take the folder out with `{folder}/** -filter -diff -merge`, or choose another `image-dir`"
    )]
    Lfs {
        /// The path that was asked for.
        path: String,
        /// The pattern that says so.
        pattern: String,
        /// The folder of the file.
        folder: String,
    },
    /// Nobody can say whether Git LFS stores it.
    #[error(
        "`{path}` cannot be written, because `{file}` does not say whether Git LFS stores it: {source}; put the file itself there"
    )]
    Attributes {
        /// The path that was asked for.
        path: String,
        /// The `.gitattributes` that cannot be read.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// A folder is in the way of the file.
    #[error("`{path}` is a folder; rename it, or choose another `image-dir`")]
    Folder {
        /// The path that was asked for.
        path: String,
    },
    /// Another program took the name at the same moment.
    #[error(
        "`{path}` was written by another program at the same moment; let this program run alone, and again"
    )]
    Overtaken {
        /// The path that was asked for.
        path: String,
    },
    /// Every name is taken by files that are not ours.
    #[error("every name from `{first}` on is taken by a file that is not ours; choose another `image-dir`")]
    NoName {
        /// The first name that was tried.
        first: String,
    },
    /// The operating system refused.
    #[error("`{path}` cannot be written: {}", explain(source))]
    Refused {
        /// The path that was asked for.
        path: String,
        /// What it said.
        source: io::Error,
    },
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "no permission; let the user of this process write there (a container step may have left it to root)"
                .to_owned()
        }
        ErrorKind::ReadOnlyFilesystem => {
            "the file system is read-only; mount the workspace writable".to_owned()
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full; free some space".to_owned(),
        ErrorKind::NotADirectory => {
            "a file stands where a folder is needed; choose another `image-dir`".to_owned()
        }
        _ => error.to_string(),
    }
}
