//! A GitHub for tests: real HTTP in front, a real bare repository behind.
//!
//! `git fsck`, `git log` and `git show` judge what the program committed, because its objects are git's
//! own. Answers have GitHub's shapes and its error bodies; switches (`Rules`) and faults (`Fault`) make
//! it behave as badly as the real one does on a bad day.
//!
//! ```ignore
//! let github = FakeGithub::start(Options::default());
//! github.commit("main", &[("_posts/a.md", Some(b"..."))], "A post");
//! github.fault(When::to("PATCH", "/git/refs/"), Fault::BadGatewayAfter);
//! // run the program with github.api_url(), github.token() and github.event(..)
//! github.fsck();
//! ```

pub mod answer;
pub mod call;
pub mod commit;
pub mod diff;
pub mod events;
pub mod faults;
pub mod issues;
pub mod pulls;
mod routes;
pub mod rules;
mod server;
mod shapes;
pub mod state;
pub mod store;
pub mod tree;
pub mod world;

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::ops::Deref;
use std::sync::{Arc, Mutex};

pub use answer::Answer;
pub use call::{Call, Request};
pub use events::{Event, Happening};
pub use faults::{Fault, When};
pub use pulls::{Home, Merge, Pull, Source};
pub use rules::{Access, Actor, Limit, Protection};
pub use world::World;

/// What is fixed for the life of a fake; everything else is a switch of `Rules`.
#[derive(Clone, Debug)]
pub struct Options {
    /// `owner/name`.
    pub repository: String,
    pub default_branch: String,
    /// An enterprise host: REST under `/api/v3`, GraphQL at `/api/graphql`, no rate limits.
    pub enterprise: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { repository: "acme/blog".into(), default_branch: "main".into(), enterprise: false }
    }
}

/// The fake, running until it is dropped. Everything else is on `World`, which it derefs to.
pub struct FakeGithub {
    world: World,
    _server: server::Server,
    _folder: tempfile::TempDir,
}

impl FakeGithub {
    /// Starts an empty repository on a free port of the loopback interface.
    pub fn start(options: Options) -> Self {
        Self::start_on(Ipv4Addr::LOCALHOST.into(), options)
    }

    /// As [`FakeGithub::start`], on another address of this machine.
    pub fn start_on(address: IpAddr, options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind((address, 0)).expect("a free port");
        let root = format!("http://{}", listener.local_addr().expect("the listener has an address"));
        let prefix = if options.enterprise { "/api/v3" } else { "" };
        let store = store::Store::init(folder.path().join("blog.git"), &options.default_branch);
        let state =
            state::State::new(store, root, prefix.into(), &options.repository, &options.default_branch);
        let world = World(Arc::new(Mutex::new(state)));
        let server = server::Server::start(listener, world.clone());
        Self { world, _server: server, _folder: folder }
    }
}

impl Deref for FakeGithub {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}
