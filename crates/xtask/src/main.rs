//! Chores of the workspace: `cargo xtask <chore>`.
//!
//! Always holds: a chore that checks changes nothing and fails when something is to be changed.
//! Deliberately absent: anything the server needs while it runs.

mod dictionary;
mod r#gen;
mod openapi;
mod tidy;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Chores of the HealthSync workspace")]
struct Chores {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Writes the fact tables of R4 in crates/fhir/spec from the official definitions, and openapi.json.
    Gen {
        /// Only compare: fail when a committed table differs from what the definitions give.
        #[arg(long)]
        check: bool,
        /// The folder with profiles-types.json, search-parameters.json and the others.
        #[arg(long, env = "HEALTHSYNC_R4_DEFINITIONS")]
        definitions: Option<PathBuf>,
    },
    /// Trains the dictionary that stored resources are packed with. What is stored needs it for ever: a new one gets a new
    /// name and number.
    Dictionary,
    /// Checks the house rules that a machine can check.
    Tidy,
}

fn main() -> ExitCode {
    let done = match Chores::parse().chore {
        Chore::Gen { check: true, definitions } => r#gen::run(true, definitions),
        Chore::Gen { check: false, definitions } => r#gen::run(false, definitions)
            .and_then(|said| Ok(format!("{said}\n{}", openapi::write(&workspace_root())?))),
        Chore::Dictionary => dictionary::train(&workspace_root()),
        Chore::Tidy => tidy::run(&workspace_root()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The folder that holds the root Cargo.toml. Cargo says at run time where the crate is; what was true when this was
/// compiled may be another checkout that shares the target folder.
fn workspace_root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(here).ancestors().nth(2).map(PathBuf::from).unwrap_or_default()
}
