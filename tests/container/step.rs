//! A step of a job, started with the options, mounts and variables of the runner (`ContainerActionHandler` and
//! `DockerCommandManager` of actions/runner): what the program meets is what it meets there.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Deref;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::github::begun;
use crate::support::action;
use crate::support::github::{Event, FakeGithub, Options};
use crate::support::keys;
use crate::support::posts::put;
use crate::support::server::{Reply, Request, Server};

/// The image under test.
pub fn image() -> String {
    std::env::var("CONTAINER_IMAGE").expect("CONTAINER_IMAGE names the image under test; .ci/run builds one")
}

/// What a docker command printed; it must have succeeded.
pub fn docker(args: &[&str]) -> String {
    let output = Command::new("docker").args(args).output().unwrap();
    assert!(output.status.success(), "docker {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The number of a file's owner and of its group.
pub fn owner(path: &Path) -> (u32, u32) {
    let found = std::fs::symlink_metadata(path).unwrap();
    (found.uid(), found.gid())
}

/// Runs a command that only root may.
fn as_root(args: &[&str]) {
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = Command::new(if root { "env" } else { "sudo" });
    assert!(command.args(args).status().unwrap().success(), "{args:?} as root");
}

/// A name no other container or network of this engine has.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("image-fallback-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A network of its own for a step and the mock servers of this process; nothing else can be reached from it.
pub struct Network {
    name: String,
}

impl Network {
    /// Makes the network.
    pub fn private() -> Self {
        let name = fresh_name();
        docker(&["network", "create", "--internal", &name]);
        Self { name }
    }

    /// The address of this machine on the network, for servers to listen on.
    fn gateway(&self) -> IpAddr {
        let format = "{{(index .IPAM.Config 0).Gateway}}";
        docker(&["network", "inspect", "--format", format, &self.name]).trim().parse().unwrap()
    }

    /// A server that steps on this network reach.
    pub fn server(&self, handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
        Server::start_on(self.gateway(), handler)
    }

    /// A GitHub that steps on this network reach, with a first commit.
    pub fn github(&self) -> FakeGithub {
        begun(FakeGithub::start_on(self.gateway(), Options::default()))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // If it cannot go, the test's own words matter more.
        let _ = Command::new("docker").args(["network", "rm", &self.name]).output();
    }
}

/// A step to be started.
pub struct Step {
    name: String,
    variables: BTreeMap<String, String>,
    options: Vec<String>,
    network: Option<String>,
    workspace: String,
    workspace_mode: &'static str,
    /// Who the runner is, and to whom its folders are given before the start; the last word counts.
    runner: (u32, u32),
    owners: Vec<(String, (u32, u32))>,
    folders: tempfile::TempDir,
}

/// Folders of the runner on the host, and where the container meets them.
const MOUNTS: [(&str, &str); 4] = [
    (TEMP, "/github/runner_temp"),
    ("_github_home", "/github/home"),
    ("_github_workflow", "/github/workflow"),
    (COMMANDS, "/github/file_commands"),
];
/// The folder of outputs and summary.
pub const COMMANDS: &str = "_runner_file_commands";
/// The folder of temporary files.
pub const TEMP: &str = "_temp";
/// The folder of the checkout.
pub const WORKSPACE: &str = "workspace";

/// The runner's user where these tests run as root, which a runner does not.
const RUNNER: (u32, u32) = (1001, 1002);

impl Step {
    /// A step of a workflow_dispatch run, with an empty workspace and every input unset.
    pub fn new() -> Self {
        let folders = tempfile::tempdir().unwrap();
        let names = || MOUNTS.map(|(folder, _)| folder).into_iter().chain([WORKSPACE]);
        names().for_each(|folder| std::fs::create_dir(folders.path().join(folder)).unwrap());
        let own = owner(folders.path());
        let runner = if own.0 == 0 { RUNNER } else { own };
        let owners = names().filter(|_| runner != own).map(|folder| (folder.to_owned(), runner)).collect();
        let step = Self {
            name: fresh_name(),
            variables: BTreeMap::new(),
            options: Vec::new(),
            network: None,
            workspace: "/github/workspace".to_owned(),
            workspace_mode: "rw",
            runner,
            owners,
            folders,
        };
        for file in ["output", "summary", "env", "path", "state"] {
            std::fs::write(step.folder(COMMANDS).join(file), "").unwrap();
        }
        let variables = [
            ("HOME", "/github/home"),
            ("GITHUB_WORKSPACE", "/github/workspace"),
            ("GITHUB_EVENT_NAME", "workflow_dispatch"),
            ("GITHUB_EVENT_PATH", "/github/workflow/event.json"),
            ("GITHUB_OUTPUT", "/github/file_commands/output"),
            ("GITHUB_STEP_SUMMARY", "/github/file_commands/summary"),
            ("GITHUB_ENV", "/github/file_commands/env"),
            ("GITHUB_PATH", "/github/file_commands/path"),
            ("GITHUB_STATE", "/github/file_commands/state"),
            ("GITHUB_REPOSITORY", "acme/blog"),
            ("GITHUB_REF", "refs/heads/main"),
            ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
            ("RUNNER_OS", "Linux"),
            ("RUNNER_TEMP", "/github/runner_temp"),
            // A host path that the runner leaves as it is, although no container can use it.
            ("RUNNER_TOOL_CACHE", "/opt/hostedtoolcache"),
        ];
        let inputs = crate::drift::declared("inputs").into_keys().map(|name| (name, String::new()));
        let step = variables.into_iter().fold(step, |step, (name, value)| step.env(name, value));
        let step = inputs.fold(step, |step, (name, value)| step.input(&name, &value));
        // There is no GitHub behind these steps.
        step.input("publish", "none").event("{}")
    }

    /// A step that GitHub started for this event, after a checkout; it publishes as the default says.
    pub fn on_github(network: &Network, github: &FakeGithub, event: &Event) -> Self {
        let step = Self::new().network(network).event(&event.payload.to_string());
        github.clone_shallow(&event.sha, &step.workspace());
        let addresses = [
            ("INPUT_PUBLISH", String::new()),
            ("INPUT_GITHUB-TOKEN", github.token()),
            ("GITHUB_REPOSITORY", github.repository()),
            ("GITHUB_API_URL", github.api_url()),
            ("GITHUB_GRAPHQL_URL", github.graphql_url()),
            ("GITHUB_SERVER_URL", github.server_url()),
        ];
        let variables = event.variables().into_iter().chain(addresses);
        variables.fold(step, |step, (name, value)| step.env(name, &value))
    }

    /// A variable of the step's `env:`, or one of the runner's to be given another value.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// An input of the step's `with:`; hyphens stay.
    pub fn input(self, name: &str, value: &str) -> Self {
        self.env(&format!("INPUT_{}", name.to_uppercase()), value)
    }

    /// Cloudflare, with its base URL at this server.
    pub fn cloudflare(self, server: &Server) -> Self {
        self.envs(keys::cloudflare(server))
    }

    /// Together, with its base URL at this server.
    pub fn together(self, server: &Server) -> Self {
        self.envs(keys::together(server))
    }

    fn envs(self, variables: [(&str, &str); 2]) -> Self {
        variables.into_iter().fold(self, |step, (name, value)| step.env(name, value))
    }

    /// The event's payload.
    pub fn event(self, json: &str) -> Self {
        std::fs::write(self.folder("_github_workflow").join("event.json"), json).unwrap();
        self
    }

    /// Puts a file into the workspace.
    pub fn post(self, path: &str, text: &str) -> Self {
        put(&self.workspace(), path, text.as_bytes());
        self
    }

    /// Where the workspace is on this machine.
    pub fn workspace(&self) -> PathBuf {
        self.folder(WORKSPACE)
    }

    /// Joins a network, as with `services:` in the job; otherwise it is Docker's default one.
    pub fn network(mut self, network: &Network) -> Self {
        self.network = Some(network.name.clone());
        self
    }

    /// Nothing can be reached, not even a name server.
    pub fn without_network(mut self) -> Self {
        self.network = Some("none".to_owned());
        self
    }

    /// Mounts the workspace so that nobody can write to it.
    pub fn read_only_workspace(mut self) -> Self {
        self.workspace_mode = "ro";
        self
    }

    /// Gives the workspace to this user and group.
    pub fn workspace_of(mut self, user: u32, group: u32) -> Self {
        self.owners.push((WORKSPACE.to_owned(), (user, group)));
        self
    }

    /// Leaves a folder to root, as an earlier step in a container may have: one of the runner's, or one below it.
    pub fn left_to_root(mut self, folder: &str) -> Self {
        self.owners.push((folder.to_owned(), (0, 0)));
        self
    }

    /// Starts the process as the runner's user.
    pub fn started_by_runner(self) -> Self {
        let (user, group) = self.runner;
        self.option(&format!("--user={user}:{group}"))
    }

    /// An option of `docker run` that the runner does not use.
    pub fn option(mut self, option: &str) -> Self {
        self.options.push(option.to_owned());
        self
    }

    /// Where act differs from the runner: the workspace is where it is on the host, the network is the job container's,
    /// and temporary files go to the container's own folder (nektos/act, `pkg/runner/action.go`).
    pub fn under_act(mut self, job: &Running) -> Self {
        self.workspace = self.workspace().display().to_string();
        self.network = Some(format!("container:{}", job.step.name));
        let workspace = self.workspace.clone();
        self.env("ACT", "true").env("GITHUB_WORKSPACE", &workspace).env("RUNNER_TEMP", "/tmp")
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.folders.path().join(name)
    }

    /// The runner's command line: options in its order, names of variables in the arguments, values in the client's
    /// own environment.
    fn command(&self) -> Command {
        let mut command = Command::new("docker");
        command.args(["run", "--name", &self.name, "--label", "image-fallback-test"]);
        command.args(["--workdir", &self.workspace, "--rm"]);
        for name in self.variables.keys() {
            command.args(["-e", name]);
        }
        command.args([
            "-e",
            "GITHUB_ACTIONS=true",
            "-e",
            "CI=true",
            "--entrypoint",
            "/image-fallback-action",
        ]);
        command.args(self.network.iter().flat_map(|network| ["--network", network]));
        command.args(&self.options);
        command.args(["-v", "/var/run/docker.sock:/var/run/docker.sock"]);
        for (folder, target) in MOUNTS {
            command.arg("-v").arg(format!("{}:{target}", self.folder(folder).display()));
        }
        let workspace = self.workspace().display().to_string();
        command.arg("-v").arg(format!("{workspace}:{}:{}", self.workspace, self.workspace_mode));
        command.arg(image());
        // The client finds its engine by PATH and DOCKER_HOST; nothing else of this process is to leak into the step.
        let own =
            ["PATH", "DOCKER_HOST"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.env_clear().envs(own).envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the step to its end.
    pub fn run(self) -> Finished {
        self.start().wait()
    }

    /// Starts the step and leaves it running.
    pub fn start(self) -> Running {
        for (folder, (user, group)) in &self.owners {
            let folder = self.folder(folder).display().to_string();
            as_root(&["chown", "--recursive", &format!("{user}:{group}"), &folder]);
        }
        Running { client: self.command().spawn().unwrap(), step: self }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        // A test that fails in the middle of a step leaves its container behind, and that holds on to the network.
        if std::thread::panicking() {
            let _ = Command::new("docker").args(["rm", "--force", &self.name]).output();
        }
    }
}

/// A step in progress.
pub struct Running {
    client: Child,
    step: Step,
}

impl Running {
    /// What the kernel says about every thread of the step's process (proc(5), `status`).
    pub fn status_of_threads(&self) -> Vec<String> {
        let process = docker(&["container", "inspect", "--format", "{{.State.Pid}}", &self.step.name]);
        let threads = std::fs::read_dir(format!("/proc/{}/task", process.trim())).unwrap();
        threads
            .map(|thread| std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap())
            .collect()
    }

    /// Cancels as the runner does: SIGINT to the docker client, which passes it on, SIGTERM after 7.5 seconds, and the
    /// end of the client 2.5 seconds later (actions/runner, `ProcessInvoker.cs`).
    pub fn cancel(mut self) -> Finished {
        for (signal, seconds) in [("INT", 7.5), ("TERM", 2.5), ("KILL", 0.0)] {
            let status = Command::new("kill").args(["-s", signal, &self.client.id().to_string()]).status();
            assert!(status.unwrap().success());
            let until = Instant::now() + Duration::from_secs_f64(seconds);
            while Instant::now() < until {
                if self.client.try_wait().unwrap().is_some() {
                    return self.wait();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        self.wait()
    }

    /// Waits for the end of the step.
    pub fn wait(self) -> Finished {
        let output = self.client.wait_with_output().unwrap();
        let run = action::Finished::new(output, &self.step.folder(COMMANDS), self.step.workspace());
        Finished { run, step: self.step }
    }
}

/// What a step left behind.
pub struct Finished {
    run: action::Finished,
    step: Step,
}

impl Deref for Finished {
    type Target = action::Finished;

    fn deref(&self) -> &action::Finished {
        &self.run
    }
}

impl Finished {
    /// A path of the workspace, as this machine sees it after the step.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.step.workspace().join(path)
    }
}
