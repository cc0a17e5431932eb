//! The real binary with a data folder of its own, for what only a process can show: being killed, and what it leaves on disk.

mod wire;

use kernel::{Clock, FixedClock, SystemClock};
use ledger::House;
use serde_json::json;
use server::config::{self, Config, Given};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
pub use wire::{AGENT, Answer, Wire};

/// Where a server keeps everything; what it says goes to a file beside its data.
pub struct Place {
    folder: TempDir,
    database: Option<String>,
    level: &'static str,
}

/// A running server; it is killed when nobody needs it any more.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Place {
    /// On SQLite, or on PostgreSQL when TEST_DATABASE_URL names a server.
    pub fn new(level: &'static str) -> Self {
        let database = std::env::var("TEST_DATABASE_URL").ok().map(|url| db::testing::fresh_postgres(&url));
        let place = Self { folder: tempfile::tempdir().unwrap(), database, level };
        std::fs::create_dir(place.data()).unwrap();
        place
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The log, and what commands printed.
    pub fn said(&self) -> PathBuf {
        self.folder.path().join("said")
    }

    pub const fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(testkit::binary());
        command.args(arguments).arg("--data").arg(self.data());
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.env("HEALTHSYNC__LOG__LEVEL", self.level).stdin(Stdio::null());
        command
    }

    pub fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let done = self.output(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Starts the server and waits until it answers.
    pub fn serve(&self) -> Running {
        let said = File::options().create(true).append(true).open(self.said()).unwrap();
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(said).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(Ok(told)) = lines.next() else {
            let said = std::fs::read_to_string(self.said()).unwrap();
            panic!("the server did not start: {said}");
        };
        let address = told.rsplit_once("http://").unwrap().1.trim_end_matches('/').parse().unwrap();
        Running { child, address }
    }

    fn config(&self) -> Config {
        let given = Given { data: self.data(), database: self.database.clone(), ..Given::default() };
        config::load(&given, std::iter::empty()).unwrap()
    }

    /// The same database, opened by this process.
    pub fn house(&self) -> House {
        server::house::open(&self.config()).unwrap()
    }

    /// Does what is due in the background this much later; no server may run.
    pub fn run_jobs_later(&self, ms: i64) {
        let clock = Arc::new(FixedClock::at(SystemClock.now().plus_ms(ms)));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(testkit::run_jobs_of(&self.config(), clock));
    }

    /// Every file in the data folder.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(&self.data(), &mut files);
        files
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

impl Running {
    pub fn wire(&self, token: &str) -> Wire {
        Wire::open(self.address, token).unwrap()
    }

    /// Signs somebody in; the connection is theirs.
    pub fn sign_in(&self, username: &str, password: &str) -> Wire {
        let form = json!({ "username": username, "password": password });
        let answer = self.wire("").send("POST", "/api/auth/login", &form.to_string()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.wire(answer.json()["token"].as_str().unwrap())
    }

    /// SIGKILL: nothing of the process runs after it.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
