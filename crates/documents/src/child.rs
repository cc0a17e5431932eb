//! The child process that looks into a file: this very program, called as `healthsync paper …`, which takes its own rights
//! away before it reads the first byte.
//!
//! Always holds: a file comes to it through a pipe and its answer comes back through one; it has an end in time and in size,
//! and only so many run at once. What it answers is data, whatever it says.

use crate::error::DocumentError;
use crate::settings::{settings, turns};
use ledger::House;
use serde::de::DeserializeOwned;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, Command};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// What is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Check,
    Read,
    Page,
    Codes,
}

impl Task {
    /// How long it may take, its turn not counted, and how much it may answer.
    const fn limits(self) -> (Duration, u64) {
        match self {
            Self::Check => (Duration::from_secs(20), 64 << 10),
            // A job ends after 110 s.
            Self::Read => (Duration::from_secs(100), 32 << 20),
            Self::Page => (Duration::from_secs(20), 16 << 20),
            Self::Codes => (Duration::from_secs(5), 4 << 20),
        }
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Said(Vec<u8>),
    /// It has nothing to show: exit code 3.
    Nothing,
    /// It fell, hung, or said too much: whatever the file is, it will not be read here.
    Broke,
}

const NOTHING: i32 = 3;

/// One at work.
pub struct Running {
    process: tokio::process::Child,
    stdin: Option<ChildStdin>,
    said: JoinHandle<Option<Vec<u8>>>,
    until: Instant,
    task: Task,
    _turns: Vec<OwnedSemaphorePermit>,
}

/// Waits for a turn and starts it.
pub async fn start(house: &House, task: Task, arguments: &[&str]) -> Result<Running, DocumentError> {
    let broken = |e: &dyn std::fmt::Display| DocumentError::Child(e.to_string());
    let settings = settings(house)?;
    let (all, reading) = turns(house);
    let mut held = Vec::with_capacity(2);
    if task == Task::Read {
        held.push(reading.acquire_owned().await.map_err(|e| broken(&e))?);
    }
    held.push(all.acquire_owned().await.map_err(|e| broken(&e))?);
    let mut command = Command::new(&settings.program);
    command.arg("paper").args(arguments).env_clear().current_dir("/").kill_on_drop(true);
    command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8");
    // Where an operator keeps the languages of the text recognition.
    if let Some(folder) = std::env::var_os("TESSDATA_PREFIX") {
        command.env("TESSDATA_PREFIX", folder);
    }
    // What it complains about may quote the file.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().map_err(|e| broken(&e))?;
    let (stdin, stdout) = (process.stdin.take(), process.stdout.take());
    let (within, most) = task.limits();
    let said = tokio::spawn(async move {
        let mut out = Vec::new();
        stdout?.take(most + 1).read_to_end(&mut out).await.ok()?;
        (out.len() as u64 <= most).then_some(out)
    });
    Ok(Running { process, stdin, said, until: Instant::now() + within, task, _turns: held })
}

impl Running {
    /// Hands it the next bytes of the file. One that has heard enough does not listen any more, which is no error.
    pub async fn feed(&mut self, bytes: &[u8]) {
        let Some(stdin) = &mut self.stdin else { return };
        if !matches!(timeout_at(self.until, stdin.write_all(bytes)).await, Ok(Ok(()))) {
            self.stdin = None;
        }
    }

    /// The file is over: what does it say?
    pub async fn end(mut self) -> Answer {
        drop(self.stdin.take());
        let work = async {
            let said = (&mut self.said).await.ok().flatten();
            let status = self.process.wait().await.ok()?;
            match (said, status.code()) {
                (_, Some(NOTHING)) => Some(Answer::Nothing),
                (Some(said), Some(0)) => Some(Answer::Said(said)),
                _ => None,
            }
        };
        let answer = timeout_at(self.until, work).await.ok().flatten();
        if answer.is_none() {
            tracing::warn!(task = ?self.task, "the child that looks into files broke");
            let _ = self.process.start_kill();
        }
        answer.unwrap_or(Answer::Broke)
    }
}

/// The answer as what it should be; `None` when it is something else.
pub fn parsed<T: DeserializeOwned>(said: &[u8]) -> Option<T> {
    serde_json::from_slice(said).ok()
}
