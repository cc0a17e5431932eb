//! Settings: `healthsync.toml`, then the environment on top of it, then the command line.
//!
//! A setting that nobody knows is an error: a typing mistake must not silently leave a safeguard off.

mod check;
mod documents;
mod file;
mod keeping;
mod outside;

use crate::proxies::Network;
use crate::retention::Retention;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use check::listed;
pub use documents::{Documents, Place};
pub use outside::Outgoing;

/// What the server runs with.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// The address people and programs use, when it is not `listen` itself: behind a proxy, or with a name.
    pub public_url: Option<String>,
    pub tls: Option<Tls>,
    pub allow_plain_http_on_network: bool,
    pub database_url: String,
    pub master_key: vault::KeySource,
    /// Proxies whose word on where a request came from is taken.
    pub trusted_proxies: Vec<Network>,
    pub mail: Option<Mail>,
    /// A file with one password per line that nobody may choose, besides the most common ones.
    pub common_passwords: Option<PathBuf>,
    /// A folder with models for the face check, instead of those in the binary.
    pub face_models: Option<PathBuf>,
    pub limits: Limits,
    pub log: Log,
    /// With whose sign-in staff comes in.
    pub sign_in: Vec<identity::external::Provider>,
    pub outgoing: Outgoing,
    /// Servers at other institutions that co-sign the ledger.
    pub witnesses: Vec<ledger::Witness>,
    /// How long what is over is kept.
    pub retention: Retention,
    pub documents: Documents,
}

/// How letters leave this server.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// `smtps://host` or `smtp://host?tls=required`.
    pub url: String,
    pub from: String,
    pub login: Option<(String, String)>,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("url", &self.url).field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mail {
    pub fn smtp(&self) -> Result<notify::Smtp, String> {
        let user = self.login.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
        notify::Smtp::new(&notify::SmtpSettings { url: &self.url, from: &self.from, user })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    pub cert: PathBuf,
    pub key: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body `/fhir` takes.
    pub body_bytes: u64,
    /// The longest a request may take.
    pub request_seconds: u64,
    /// Open connections; more have to wait.
    pub connections: u32,
    /// Tries to sign in or register from one address.
    pub login_per_minute: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    /// A level, or directives as `tracing` knows them (`info,access=off`).
    pub level: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// The largest body `/api` takes: forms, never bundles.
pub const API_BODY_BYTES: u64 = 1 << 20;

/// What the command line says; it wins over file and environment.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub data: PathBuf,
    pub config: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub database: Option<String>,
}

/// Why the settings cannot be used; every finding names its setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

/// Reads and checks the settings. `environment` is passed in so that a test decides what it holds.
pub fn load(given: &Given, environment: impl Iterator<Item = (String, String)>) -> Result<Config, ConfigError> {
    let path = given.config.clone().unwrap_or_else(|| given.data.join("healthsync.toml"));
    let from_file = match std::fs::read_to_string(&path) {
        Ok(text) => file::parse(&text, &path.display().to_string())?,
        // Without --config the file is optional.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && given.config.is_none() => file::Settings::default(),
        Err(e) => return Err(ConfigError(vec![format!("{}: {e}", path.display())])),
    };
    let settings = file::from_environment(environment)?.over(from_file);
    check::check(settings, given)
}

impl Config {
    /// Host names that requests may be addressed to besides `localhost` and plain addresses: whoever rebinds a name of
    /// theirs to this server gets nothing.
    pub fn public_host(&self) -> Option<&str> {
        self.public_url.as_deref().and_then(host_of)
    }

    /// Whether browsers reach this server by TLS, here or at a proxy in front of it.
    pub fn secure(&self) -> bool {
        self.tls.is_some() || self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The address to print.
    pub fn url(&self, bound: SocketAddr) -> String {
        match (&self.public_url, self.tls.is_some()) {
            (Some(url), _) => url.clone(),
            (None, true) => format!("https://{bound}"),
            (None, false) => format!("http://{bound}"),
        }
    }
}

/// `https://name:port/path` → `name`.
fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split('/').next()?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    (!host.is_empty()).then_some(host)
}

/// `<data>/name`.
fn in_data(data: &Path, name: &str) -> PathBuf {
    data.join(name)
}

#[cfg(test)]
mod tests;
