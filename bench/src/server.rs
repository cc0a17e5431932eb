//! The server under measurement: the release binary in a folder of its own, with its settings as they come.

use crate::http::{Connection, request};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a server that was told to stop gets for it.
const STOP_WITHIN: Duration = Duration::from_secs(30);

/// A folder on the same disk as the build, removed at the end.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn make(beside: &Path) -> Result<Self, String> {
        let folder = beside.join(format!("bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A binary and the data it works on.
#[derive(Clone)]
pub struct Place {
    pub binary: PathBuf,
    pub data: PathBuf,
    /// Beside the defaults, by the names of their variables.
    pub settings: Vec<(&'static str, String)>,
}

impl Place {
    pub const fn new(binary: PathBuf, data: PathBuf) -> Self {
        Self { binary, data, settings: Vec::new() }
    }

    pub fn database(&self) -> PathBuf {
        self.data.join("healthsync.db")
    }

    fn base(&self) -> Command {
        let mut command = Command::new(&self.binary);
        // What is measured are the defaults, not what the caller's environment says.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HEALTHSYNC_")) {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().cloned());
        command.arg("--data").arg(&self.data).stdin(Stdio::null());
        command
    }

    /// Runs a command of the same binary on the same data and returns what it prints.
    pub fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let done = self.base().args(arguments).output().map_err(|e| format!("{}: {e}", self.binary.display()))?;
        if !done.status.success() {
            return Err(format!("healthsync {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr)));
        }
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }

    /// The token of an organization's own software.
    pub fn token(&self) -> Result<String, String> {
        self.run(&["token", "create", "--service", "bench", "--organization", ORGANIZATION])
    }
}

/// Who contributes everything that is measured.
pub const ORGANIZATION: &str = "Load Test Clinic";

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// When the process was started.
    pub begun: Instant,
}

impl Server {
    /// Starts the server and waits until it says where it answers.
    pub fn start(place: &Place) -> Result<Self, String> {
        // The log goes to a file, as it would in service: writing it is part of what a request costs.
        let mut path = place.data.clone().into_os_string();
        path.push(".log");
        let log = File::options().create(true).append(true).open(&path).map_err(|e| format!("the log: {e}"))?;
        let begun = Instant::now();
        let child = place
            .base()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("{}: {e}", place.binary.display()))?;
        let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { child, address: unknown, begun };
        let out = server.child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
        let address = line.trim().rsplit_once("http://").and_then(|(_, address)| address.parse().ok());
        server.address =
            address.ok_or_else(|| format!("the server said {line:?} instead of where it answers; see its log"))?;
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the server as an operator would.
    pub fn stop(mut self) -> Result<(), String> {
        let told = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        if !told.is_ok_and(|status| status.success()) {
            return Err("the server could not be told to stop".to_owned());
        }
        let begun = Instant::now();
        while begun.elapsed() < STOP_WITHIN {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("the server ended with {status}")),
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err("the server did not stop when it was told to".to_owned())
    }

    /// One request outside of any measurement; the answer's body.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &[u8],
        expect: u16,
    ) -> Result<Vec<u8>, String> {
        let said = |e: std::io::Error| format!("{method} {path}: {e}");
        let mut connection = Connection::open(self.address).await.map_err(said)?;
        let answer = connection.exchange(&request(method, path, token, body)).await.map_err(said)?;
        if answer.status != expect {
            let text = String::from_utf8_lossy(&answer.body[..answer.body.len().min(600)]);
            return Err(format!("{method} {path}: status {} instead of {expect}: {text}", answer.status));
        }
        Ok(answer.body.to_vec())
    }

    pub async fn json(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &[u8],
        expect: u16,
    ) -> Result<serde_json::Value, String> {
        let text = self.ask(method, path, token, body, expect).await?;
        serde_json::from_slice(&text).map_err(|e| format!("{method} {path}: {e}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
