//! The programs of others: poppler and Tesseract, always through pipes, so that nothing of a document touches a disk.
//!
//! They inherit the limits and the sandbox of the process that calls them.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// More than any page or text needs; a program that says more is stopped.
const LARGEST_ANSWER: u64 = 512 << 20;

#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error("{program} is missing; install the package {package}")]
    Missing { program: &'static str, package: &'static str },
    #[error("{0} could not work on this file")]
    Failed(&'static str),
}

/// A program this crate calls, with the Debian package it is in and what goes without it.
pub struct Program {
    pub name: &'static str,
    pub package: &'static str,
    pub without: &'static str,
}

pub const PROGRAMS: [Program; 4] = [
    Program { name: "pdftotext", package: "poppler-utils", without: "PDF files are kept but not read" },
    Program { name: "pdftoppm", package: "poppler-utils", without: "PDF files are kept but not shown as pages" },
    Program { name: "pdfinfo", package: "poppler-utils", without: "damaged PDF files are noticed late" },
    Program {
        name: "tesseract",
        package: "tesseract-ocr (with tesseract-ocr-eng and tesseract-ocr-osd)",
        without: "pictures and scans are kept but not read",
    },
];

/// What of the environment is handed on: where programs and trained data are, and that one thread is enough.
pub fn environment() -> Vec<(&'static str, OsString)> {
    let kept = ["PATH", "TESSDATA_PREFIX"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    kept.chain([("LC_ALL", "C.UTF-8".into()), ("OMP_THREAD_LIMIT", "1".into())]).collect()
}

/// Those of `PROGRAMS` that are not on the search path.
pub fn missing() -> Vec<&'static Program> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = |program: &&Program| !std::env::split_paths(&path).any(|folder| folder.join(program.name).is_file());
    PROGRAMS.iter().filter(found).collect()
}

/// Runs a program with the bytes as its input and returns its output.
pub fn run(program: &'static str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, ProgramError> {
    let started = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let package = PROGRAMS.iter().find(|one| one.name == program).map_or("", |one| one.package);
            return Err(ProgramError::Missing { program, package });
        }
        Err(_) => return Err(ProgramError::Failed(program)),
    };
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut answer = Vec::new();
    let read = std::thread::scope(|scope| {
        // The program may answer before it has read everything: both pipes are served at once. That it stops reading
        // early is no fault by itself.
        scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(input)));
        stdout.map(|pipe| pipe.take(LARGEST_ANSWER + 1).read_to_end(&mut answer))
    });
    let whole = matches!(read, Some(Ok(length)) if length as u64 <= LARGEST_ANSWER);
    if !whole {
        child.kill().ok();
    }
    let ended = child.wait().map_err(|_| ProgramError::Failed(program))?;
    if whole && ended.success() { Ok(answer) } else { Err(ProgramError::Failed(program)) }
}
