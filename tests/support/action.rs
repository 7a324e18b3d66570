//! The real binary as a child process, in an environment shaped as the runner shapes it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::github::{Event, FakeGithub};
use super::keys;
use super::server::Server;

/// One run to be started; nothing of this process's environment reaches it but `PATH`.
pub struct Action {
    root: PathBuf,
    args: Vec<String>,
    variables: BTreeMap<String, String>,
    files: tempfile::TempDir,
}

/// What a run left behind.
pub struct Finished {
    pub code: Option<i32>,
    /// What is read of the run: stdout, and on a laptop what stands on stderr behind it, unless stdout is for a program.
    pub log: String,
    pub stdout: String,
    pub stderr: String,
    pub summary: String,
    pub outputs: BTreeMap<String, String>,
    root: PathBuf,
}

impl Action {
    /// A run inside Actions with the workspace at `root`, which publishes nothing.
    pub fn in_actions(root: &Path) -> Self {
        let action = Self::on_a_laptop(root);
        let file = |name: &str| action.files.path().join(name).display().to_string();
        let paths = [("GITHUB_OUTPUT", file("output")), ("GITHUB_STEP_SUMMARY", file("summary"))];
        for (_, path) in &paths {
            std::fs::write(path, "").unwrap();
        }
        let root = root.display().to_string();
        let plain = [
            ("GITHUB_ACTIONS", "true"),
            ("CI", "true"),
            ("GITHUB_WORKSPACE", root.as_str()),
            ("GITHUB_REPOSITORY", "acme/blog"),
            ("GITHUB_EVENT_NAME", "workflow_dispatch"),
            ("INPUT_PUBLISH", "none"),
            ("HOME", "/github/home"),
        ];
        plain
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .chain(paths)
            .fold(action, |action, (name, value)| action.env(name, value))
    }

    /// A run that GitHub started for this event, with the job's token; it publishes as the default says.
    pub fn on_github(github: &FakeGithub, event: &Event, root: &Path) -> Self {
        let action = Self::in_actions(root);
        let payload = action.files.path().join("event.json");
        std::fs::write(&payload, event.payload.to_string()).unwrap();
        let addresses = [
            ("INPUT_PUBLISH", String::new()),
            ("INPUT_GITHUB-TOKEN", github.token()),
            ("GITHUB_REPOSITORY", github.repository()),
            ("GITHUB_API_URL", github.api_url()),
            ("GITHUB_GRAPHQL_URL", github.graphql_url()),
            ("GITHUB_SERVER_URL", github.server_url()),
            ("GITHUB_EVENT_PATH", payload.display().to_string()),
        ];
        let variables = event.variables().into_iter().chain(addresses);
        variables.fold(action, |action, (name, value)| action.env(name, value))
    }

    /// A run on somebody's own machine.
    pub fn on_a_laptop(root: &Path) -> Self {
        let files = tempfile::tempdir().unwrap();
        Self { root: root.to_owned(), args: Vec::new(), variables: BTreeMap::new(), files }
    }

    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// An input as the runner hands it over: upper case, hyphens kept.
    pub fn input(self, name: &str, value: &str) -> Self {
        self.env(&format!("INPUT_{}", name.to_uppercase()), value)
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|&arg| arg.to_owned()));
        self
    }

    /// Cloudflare, with its base URL at this server.
    pub fn cloudflare(self, server: &Server) -> Self {
        self.envs(keys::cloudflare(server))
    }

    /// Together, with its base URL at this server.
    pub fn together(self, server: &Server) -> Self {
        self.envs(keys::together(server))
    }

    /// Gemini, with its base URL at this server.
    pub fn gemini(self, server: &Server) -> Self {
        self.envs(keys::gemini(server))
    }

    fn envs(self, variables: [(&str, &str); 2]) -> Self {
        variables.into_iter().fold(self, |action, (name, value)| action.env(name, value))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_image-fallback-action"));
        command
            .args(&self.args)
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(self) -> Finished {
        let output = self.command().output().unwrap();
        self.finished(output)
    }

    /// As [`Action::run`], at a terminal of so many columns: the log is all that it shows, escape sequences included.
    #[cfg(target_os = "linux")]
    pub fn run_at_terminal(self, columns: usize) -> Finished {
        let quoted = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
        let words: Vec<String> = self.args.iter().map(quoted).collect();
        let program = env!("CARGO_BIN_EXE_image-fallback-action");
        let line = format!("stty cols {columns} rows 40; exec '{program}' {}", words.join(" "));
        let command = self.command();
        let terminal = ["--quiet", "--return", "--command", &line, "/dev/null"];
        let mut script = Command::new("script");
        script.args(terminal).current_dir(&self.root).env_clear();
        script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
        let output = script.output().unwrap();
        self.finished(output)
    }

    /// Runs up to the naming system call of this number, from 1, and kills it right before that; `false`
    /// where the run ended earlier.
    pub fn killed_before(self, number: usize) -> bool {
        super::killer::kill_before(number, &self.command())
    }

    /// Starts the run and leaves it running.
    pub fn start(self) -> Running {
        let mut child = self.command().spawn().unwrap();
        let log = child.stdout.take().map(BufReader::new);
        Running { child, action: self, log, said: String::new() }
    }

    /// As [`Action::start`], with a log that is not read here.
    pub fn start_logging_to(self, log: impl Into<Stdio>) -> Running {
        let child = self.command().stdout(log).spawn().unwrap();
        Running { child, action: self, log: None, said: String::new() }
    }

    fn finished(self, output: Output) -> Finished {
        let both =
            !self.variables.contains_key("GITHUB_ACTIONS") && !self.args.iter().any(|arg| arg == "--json");
        let mut finished = Finished::new(output, self.files.path(), self.root);
        if both {
            finished.log.push_str(&finished.stderr);
        }
        finished
    }
}

/// A run in progress.
pub struct Running {
    child: Child,
    action: Action,
    log: Option<BufReader<ChildStdout>>,
    /// What was read of the log.
    said: String,
}

impl Running {
    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until the log says this.
    pub fn says(&mut self, words: &str) {
        let log = self.log.as_mut().unwrap();
        loop {
            let before = self.said.len();
            assert!(log.read_line(&mut self.said).unwrap() > 0, "`{words}` was not said:\n{}", self.said);
            if self.said[before..].contains(words) {
                return;
            }
        }
    }

    pub fn wait(mut self) -> Finished {
        if let Some(log) = &mut self.log {
            log.read_to_string(&mut self.said).unwrap();
        }
        let output = self.child.wait_with_output().unwrap();
        self.action.finished(Output { stdout: self.said.into_bytes(), ..output })
    }
}

impl Finished {
    /// What a process left behind, `output` and `summary` in the folder `files`.
    pub fn new(output: Output, files: &Path, root: PathBuf) -> Self {
        let read = |name: &str| std::fs::read_to_string(files.join(name)).unwrap_or_default();
        let stdout = String::from_utf8(output.stdout).unwrap();
        Self {
            code: output.status.code(),
            log: stdout.clone(),
            stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
            summary: read("summary"),
            outputs: outputs(&read("output")),
            root,
        }
    }

    pub fn report(&self) -> serde_json::Value {
        let text = std::fs::read_to_string(self.root.join(".image-fallback/report.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Status of a post in report.json.
    pub fn status(&self, path: &str) -> String {
        self.post(path)["status"].as_str().unwrap_or_default().to_owned()
    }

    pub fn post(&self, path: &str) -> serde_json::Value {
        let report = self.report();
        let posts = report["posts"].as_array().unwrap();
        posts
            .iter()
            .find(|post| post["path"] == path)
            .unwrap_or_else(|| panic!("{path} is in no report"))
            .clone()
    }

    /// Everything that a person or a later step could see.
    pub fn everything(&self) -> String {
        let folder = self.root.join(".image-fallback");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        let outputs = format!("{:?}", self.outputs);
        [&self.log, &self.stderr, &self.summary, &outputs, &read("report.json"), &read("report.html")]
            .map(String::as_str)
            .join("\n")
    }
}

/// Reads the output file as the runner does: heredoc entries only.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").unwrap_or_else(|| panic!("no heredoc: {line}"));
        let value: Vec<_> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}
