//! `demo`: a demonstration in its own folder.

use super::{Failed, serve};
use crate::api::demo::DemoAccount;
use crate::config::Config;
use clap::Args;
use std::net::SocketAddr;
use std::path::Path;

#[derive(Args)]
pub struct Demo {
    /// Address and port on this machine [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Throw the demonstration in the folder away and begin anew
    #[arg(long)]
    fresh: bool,
    /// Invented patients besides those with an account
    #[arg(long, value_name = "N", default_value_t = 60)]
    patients: u32,
}

pub fn run(config: &Config, data: &Path, demo: &Demo) -> Result<(), Failed> {
    crate::log::start(&config.log);
    let (house, open) = crate::demo::open(config, data, demo.patients, demo.fresh).map_err(Failed::Usage)?;
    let accounts = open.accounts.clone();
    serve::until_told(config, house, Some(open), |url| print!("{}", welcome(url, &accounts)))
}

fn welcome(url: &str, accounts: &[DemoAccount]) -> String {
    use std::fmt::Write;
    let mut out = format!("\nHealthSync answers at {url}\n");
    if let Some(port) = url.strip_prefix("http://127.0.0.1:") {
        let _ = writeln!(out, "For passkeys, which need a name, open it at http://localhost:{port}");
    }
    out.push('\n');
    let width = accounts.iter().map(|account| account.name.chars().count()).max().unwrap_or(4).max(4);
    let _ = writeln!(out, "  {:<10} {:<13} {:<width$} role", "user name", "password", "name");
    for DemoAccount { username, password, role, name } in accounts {
        let _ = writeln!(out, "  {username:<10} {password:<13} {name:<width$} {}", role.as_str());
    }
    out.push_str(
        "\nA demonstration: every person is invented and these passwords are public. Put no real data in it.\n",
    );
    out.push_str("Stop it with Ctrl+C; started again it goes on where it was.\n");
    out
}
