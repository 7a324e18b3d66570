//! A step of a job, started with the options, mounts and variables of the runner (`ContainerActionHandler` and
//! `DockerCommandManager` of actions/runner): what the program meets is what it meets there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

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
    pub fn gateway(&self) -> std::net::IpAddr {
        let format = "{{(index .IPAM.Config 0).Gateway}}";
        docker(&["network", "inspect", "--format", format, &self.name]).trim().parse().unwrap()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // A failed test may leave its container behind, and then the network cannot go; the test's own words matter more.
        let _ = Command::new("docker").args(["network", "rm", &self.name]).output();
    }
}

/// A step to be started.
pub struct Step {
    name: String,
    variables: BTreeMap<String, String>,
    network: Option<String>,
    workspace_mode: &'static str,
    folders: tempfile::TempDir,
}

/// Folders of the runner on the host, and where the container meets them.
const MOUNTS: [(&str, &str); 5] = [
    ("_temp", "/github/runner_temp"),
    ("_github_home", "/github/home"),
    ("_github_workflow", "/github/workflow"),
    ("_runner_file_commands", "/github/file_commands"),
    ("workspace", "/github/workspace"),
];

impl Step {
    /// A step of a workflow_dispatch run, with an empty workspace and every input unset.
    pub fn new() -> Self {
        let folders = tempfile::tempdir().unwrap();
        for (folder, _) in MOUNTS {
            std::fs::create_dir(folders.path().join(folder)).unwrap();
        }
        let step = Self {
            name: fresh_name(),
            variables: BTreeMap::new(),
            network: None,
            workspace_mode: "rw",
            folders,
        };
        for file in ["output", "summary", "env", "path", "state"] {
            std::fs::write(step.command_file(file), "").unwrap();
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
        let inputs = super::super::drift::declared("inputs").into_keys().map(|name| (name, String::new()));
        let step = variables.into_iter().fold(step, |step, (name, value)| step.env(name, value));
        let step = inputs.fold(step, |step, (name, value)| step.input(&name, &value));
        // There is no GitHub behind these steps.
        step.input("publish", "none").event("{}")
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

    /// The event's payload.
    pub fn event(self, json: &str) -> Self {
        std::fs::write(self.folders.path().join("_github_workflow/event.json"), json).unwrap();
        self
    }

    /// Puts a file into the workspace.
    pub fn post(self, path: &str, text: &str) -> Self {
        let path = self.workspace().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Where the workspace is on this machine.
    pub fn workspace(&self) -> PathBuf {
        self.folders.path().join("workspace")
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

    fn command_file(&self, name: &str) -> PathBuf {
        self.folders.path().join("_runner_file_commands").join(name)
    }

    /// The runner's command line: options in its order, names of variables in the arguments, values in the client's
    /// own environment.
    fn command(&self) -> Command {
        let mut command = Command::new("docker");
        command.args([
            "run",
            "--name",
            &self.name,
            "--label",
            "image-fallback-test",
            "--workdir",
            "/github/workspace",
            "--rm",
        ]);
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
        command.args(["-v", "/var/run/docker.sock:/var/run/docker.sock"]);
        for (folder, target) in MOUNTS {
            let mode = if folder == "workspace" { self.workspace_mode } else { "rw" };
            command.arg("-v").arg(format!("{}:{target}:{mode}", self.folders.path().join(folder).display()));
        }
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
        Running { client: self.command().spawn().unwrap(), step: self }
    }
}

/// A step in progress.
pub struct Running {
    client: Child,
    step: Step,
}

impl Running {
    /// Sends a signal to the docker client, which passes it on, as the runner does when a run is cancelled.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.client.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end of the step.
    pub fn wait(self) -> Finished {
        let output = self.client.wait_with_output().unwrap();
        Finished::new(self.step, &output)
    }
}

/// What a step left behind.
pub struct Finished {
    /// The container's exit code, which decides over the step.
    pub code: Option<i32>,
    /// Standard output and error; the runner reads commands from both.
    pub log: String,
    /// The file of outputs, as written.
    pub outputs: String,
    /// The job summary.
    pub summary: String,
    step: Step,
}

impl Finished {
    fn new(step: Step, output: &Output) -> Self {
        let read = |name: &str| std::fs::read_to_string(step.command_file(name)).unwrap();
        let log =
            [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat();
        let (outputs, summary) = (read("output"), read("summary"));
        Self { code: output.status.code(), log, outputs, summary, step }
    }

    /// A path of the workspace, as this machine sees it after the step.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.step.workspace().join(path)
    }
}
