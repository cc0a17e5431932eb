//! The programs of others: poppler, Tesseract and libheif's, through pipes or memory, so that nothing of a document touches a disk.
//!
//! They inherit the limits and the sandbox of the process that calls them.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

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

pub const PROGRAMS: [Program; 5] = [
    Program { name: "pdftotext", package: "poppler-utils", without: "PDF files are kept but not read" },
    Program { name: "pdftoppm", package: "poppler-utils", without: "PDF files are kept but not shown as pages" },
    Program { name: "pdfinfo", package: "poppler-utils", without: "damaged PDF files are noticed late" },
    Program {
        name: "tesseract",
        package: "tesseract-ocr (with tesseract-ocr-eng and tesseract-ocr-osd)",
        without: "pictures and scans are kept but not read",
    },
    Program { name: "heif-thumbnailer", package: "heif-thumbnailer", without: "photographs in HEIC are refused" },
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
    let mut child = started(program, arguments, Stdio::piped())?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        // The program may answer before it has read everything: both pipes are served at once. That it stops reading
        // early is no fault by itself.
        scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(input)));
        answered(program, child)
    })
}

/// The same for a program that reads its input back and forth.
pub fn run_on(program: &'static str, arguments: &[&str], input: File) -> Result<Vec<u8>, ProgramError> {
    answered(program, started(program, arguments, input.into())?)
}

fn started(program: &'static str, arguments: &[&str], input: Stdio) -> Result<Child, ProgramError> {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(environment()).stdin(input).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let package = PROGRAMS.iter().find(|one| one.name == program).map_or("", |one| one.package);
            ProgramError::Missing { program, package }
        }
        _ => ProgramError::Failed(program),
    })
}

fn answered(program: &'static str, mut child: Child) -> Result<Vec<u8>, ProgramError> {
    let mut answer = Vec::new();
    let read = child.stdout.take().map(|pipe| pipe.take(LARGEST_ANSWER + 1).read_to_end(&mut answer));
    let whole = matches!(read, Some(Ok(length)) if length as u64 <= LARGEST_ANSWER);
    if !whole {
        child.kill().ok();
    }
    let ended = child.wait().map_err(|_| ProgramError::Failed(program))?;
    if whole && ended.success() { Ok(answer) } else { Err(ProgramError::Failed(program)) }
}
