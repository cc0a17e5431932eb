//! The binary `healthsync`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
