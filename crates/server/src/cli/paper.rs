//! `paper`: reads one file that a stranger made, in a process that can do nothing else. The server starts it; the file
//! comes by standard input, the answer goes to standard output.
//!
//! Exit codes: 0 answered (also when the answer is a refusal), 1 could not be read, 2 wrong arguments, 3 no picture,
//! 4 a program is missing, which standard error names.

mod confine;

use super::Failed;
use paper::programs::ProgramError;
use paper::{Kind, Order, Unreadable, Wishes, heic};
use serde_json::json;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::time::Duration;

/// More than any setting allows for an upload.
const LARGEST_FILE: u64 = 256 << 20;

const NO_PICTURE: u8 = 3;
const MISSING: u8 = 4;

#[derive(clap::Subcommand)]
pub enum Paper {
    /// Say what the file is, or why it is refused
    Check {
        #[arg(long)]
        name: Option<String>,
        #[arg(long, default_value_t = 500)]
        max_pages: u32,
    },
    /// Its words, values and suggestions
    Read {
        #[arg(long = "type", value_parser = kind)]
        kind: Kind,
        /// As Tesseract names them
        #[arg(long, default_value = "eng", value_parser = languages)]
        languages: String,
        /// How 03/04/2026 is meant: dmy or mdy
        #[arg(long, default_value = "dmy", value_parser = order)]
        order: Order,
        #[arg(long, default_value_t = 500)]
        max_pages: u32,
        /// Pages read from pictures at most, a second each
        #[arg(long, default_value_t = 40)]
        max_pictures: u32,
        /// After so many seconds the pictures that are left stay unread
        #[arg(long, default_value_t = paper::PATIENCE.as_secs())]
        seconds: u64,
    },
    /// The laboratory tests that are known: codes, names, units
    Codes,
    /// A page as a JPEG
    Page {
        #[arg(long = "type", value_parser = kind)]
        kind: Kind,
        #[arg(long, default_value_t = 1)]
        number: u32,
        #[arg(long, default_value_t = 1200, value_parser = clap::value_parser!(u32).range(16..=4000))]
        width: u32,
        /// Degrees clockwise, as `read` said of the page
        #[arg(long, default_value_t = 0, value_parser = turned)]
        turned: u16,
    },
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| format!("{text} is no type of a document"))
}

fn order(text: &str) -> Result<Order, String> {
    match text {
        "dmy" => Ok(Order::DayFirst),
        "mdy" => Ok(Order::MonthFirst),
        _ => Err(format!("{text} is neither dmy nor mdy")),
    }
}

/// A name becomes an argument of Tesseract: letters only, nothing that could be read as an option or a path.
fn languages(text: &str) -> Result<String, String> {
    let named = |one: &str| !one.is_empty() && one.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let good = text.split('+').all(named);
    if good { Ok(text.to_owned()) } else { Err(format!("{text} names no languages")) }
}

fn turned(text: &str) -> Result<u16, String> {
    let degrees = text.parse().ok().filter(|degrees| matches!(degrees, 0 | 90 | 180 | 270));
    degrees.ok_or_else(|| format!("{text} is none of 0, 90, 180, 270"))
}

pub fn run(said: &Paper) -> Result<ExitCode, Failed> {
    let confined = |error: std::io::Error| Failed::Work(format!("This process cannot be confined: {error}"));
    confine::confine().map_err(confined)?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LARGEST_FILE).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let held = heic::begins(&bytes).then(|| heic::hold(&bytes)).transpose().map_err(|error| error.to_string())?;
    confine::write_nothing().map_err(confined)?;
    let answer = match said {
        Paper::Check { name, max_pages } => {
            let name = name.as_deref();
            let checked = match &held {
                Some(held) => heic::check(&bytes, held, name),
                None => paper::check(&bytes, name, *max_pages),
            };
            match checked {
                Ok(checked) => json!(checked).to_string().into_bytes(),
                Err(refusal) => json!({ "refused": refusal }).to_string().into_bytes(),
            }
        }
        Paper::Read { kind, languages, order, max_pages, max_pictures, seconds } => {
            let wishes = Wishes {
                languages: languages.clone(),
                order: *order,
                max_pages: *max_pages,
                max_pictures: *max_pictures,
                patience: Duration::from_secs(*seconds),
            };
            let (bytes, kind) = match unpacked(bytes, *kind, held.as_ref(), AS_READ) {
                Ok(picture) => picture,
                Err(error) => return failed(&error),
            };
            match paper::read(&bytes, kind, &wishes) {
                Ok(reading) => serde_json::to_vec(&reading).map_err(|error| error.to_string())?,
                Err(Unreadable::Program(error)) => return failed(&error),
                Err(Unreadable::File(refusal)) => return Err(Failed::Work(refusal.detail)),
            }
        }
        Paper::Codes => json!({ "items": paper::labs::codes() }).to_string().into_bytes(),
        Paper::Page { kind, number, width, turned } => {
            // What is higher than wide is as wide as it is to be shown all the same.
            let (bytes, kind) = match unpacked(bytes, *kind, held.as_ref(), width.saturating_mul(2)) {
                Ok(picture) => picture,
                Err(error) => return failed(&error),
            };
            match paper::show(&bytes, kind, *number, *width, *turned) {
                None => return Ok(ExitCode::from(NO_PICTURE)),
                Some(Ok(jpeg)) => jpeg,
                Some(Err(error)) => return failed(&error),
            }
        }
    };
    told(&answer)
}

/// The longer side of a photograph whose letters are read.
const AS_READ: u32 = 3000;

/// A photograph as a picture that is looked at here; everything else as it is.
fn unpacked(
    bytes: Vec<u8>,
    kind: Kind,
    held: Option<&heic::Held>,
    longest: u32,
) -> Result<(Vec<u8>, Kind), ProgramError> {
    match held.filter(|_| kind == Kind::Heic) {
        Some(held) => Ok((heic::unpack(held, longest)?, Kind::Png)),
        None => Ok((bytes, kind)),
    }
}

fn told(answer: &[u8]) -> Result<ExitCode, Failed> {
    let mut out = std::io::stdout().lock();
    out.write_all(answer).and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn failed(error: &ProgramError) -> Result<ExitCode, Failed> {
    if matches!(error, ProgramError::Missing { .. }) {
        eprintln!("{error}");
        return Ok(ExitCode::from(MISSING));
    }
    Err(Failed::Work(error.to_string()))
}
