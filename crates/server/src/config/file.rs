//! The settings as they are written: every one optional, none unknown.

use super::{ConfigError, LogFormat};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub vault: Vault,
    pub mail: Mail,
    pub passwords: Passwords,
    pub face: Face,
    pub limits: Limits,
    pub log: Log,
    /// By what each provider is called.
    pub sign_in: BTreeMap<String, SignIn>,
    pub outgoing: Outgoing,
    pub ledger: Ledger,
    pub retention: Retention,
    pub documents: Documents,
    pub blobs: Blobs,
}

/// Files of records.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Documents {
    pub max_bytes: Option<u64>,
    pub languages: Option<String>,
}

/// Where files lie.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Blobs {
    pub url: Option<String>,
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub path_style: Option<bool>,
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    pub secret_key_file: Option<PathBuf>,
}

/// Who co-signs the ledger: `URL KEY` each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    #[serde(deserialize_with = "list")]
    pub witnesses: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Face {
    pub models: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub listen: Option<SocketAddr>,
    pub public_url: Option<String>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub allow_plain_http_on_network: Option<bool>,
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Option<Vec<String>>,
}

/// A list, or, as a variable of the environment has it, a text with commas.
fn list<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    Ok(Some(match Written::deserialize(deserializer)? {
        Written::List(list) => list,
        Written::Text(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
    }))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    pub url: Option<String>,
    pub from: Option<String>,
    pub user: Option<String>,
    pub password: Option<String>,
    pub password_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Passwords {
    pub common_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    pub url: Option<String>,
    pub url_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Vault {
    pub master_key: Option<String>,
    pub master_key_file: Option<PathBuf>,
}

/// An OpenID Connect provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    pub name: Option<String>,
    pub issuer: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
    pub client_secret_file: Option<PathBuf>,
    #[serde(deserialize_with = "list")]
    pub email_domains: Option<Vec<String>>,
}

impl SignIn {
    fn over(self, below: Self) -> Self {
        Self {
            name: self.name.or(below.name),
            issuer: self.issuer.or(below.issuer),
            client_id: self.client_id.or(below.client_id),
            client_secret: self.client_secret.or(below.client_secret),
            client_secret_file: self.client_secret_file.or(below.client_secret_file),
            email_domains: self.email_domains.or(below.email_domains),
        }
    }
}

/// What this server asks of others.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outgoing {
    #[serde(deserialize_with = "list")]
    pub private_networks: Option<Vec<String>>,
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub body_bytes: Option<u64>,
    pub request_seconds: Option<u64>,
    pub connections: Option<u32>,
    pub login_per_minute: Option<u32>,
}

/// How many days what is over is kept; 0 as long as the record.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    pub notices_days: Option<u32>,
    pub requests_days: Option<u32>,
    pub drafts_days: Option<u32>,
    pub family_days: Option<u32>,
    pub cases_days: Option<u32>,
    pub links_days: Option<u32>,
    pub emergencies_days: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: Option<LogFormat>,
    pub level: Option<String>,
}

/// What every variable of ours begins with.
const PREFIX: &str = "HEALTHSYNC__";

pub fn parse(text: &str, name: &str) -> Result<Settings, ConfigError> {
    toml::from_str(text).map_err(|e| ConfigError(vec![format!("{name}: {}", e.to_string().trim_end())]))
}

/// `HEALTHSYNC__SERVER__LISTEN=…` is `listen` in `[server]`, `HEALTHSYNC__SIGN_IN__A__NAME=…` is `name` in `[sign_in.a]`.
pub fn from_environment(variables: impl Iterator<Item = (String, String)>) -> Result<Settings, ConfigError> {
    let mut settings = Settings::default();
    let mut wrong = Vec::new();
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let one = rest.to_ascii_lowercase().split_once("__").map(|(section, key)| variable(section, key, &value));
        match one {
            Some(Ok(one)) => settings = one.over(settings),
            // What toml says would quote the value, and a value can be a secret.
            Some(Err(why)) => wrong.push(format!("environment variable {name}: {why}")),
            None => wrong.push(format!("environment variable {name}: expected {PREFIX}SECTION__KEY")),
        }
    }
    if wrong.is_empty() { Ok(settings) } else { Err(ConfigError(wrong)) }
}

/// One variable as a file with one line. A number or a truth value is tried first, a text second.
fn variable(section: &str, key: &str, value: &str) -> Result<Settings, String> {
    let plain = match (value.parse::<bool>(), value.parse::<i64>()) {
        (Ok(truth), _) => Some(toml::Value::Boolean(truth)),
        (_, Ok(number)) => Some(toml::Value::Integer(number)),
        _ => None,
    };
    let within = |value: toml::Value, key: &str| toml::Table::from_iter([(key.to_owned(), value)]).into();
    // A provider's name stands between section and setting: `SIGN_IN__HOSPITAL__ISSUER`.
    let table =
        |value: toml::Value| toml::Table::from_iter([(section.to_owned(), key.rsplit("__").fold(value, within))]);
    if let Some(Ok(settings)) = plain.map(|value| table(value).try_into::<Settings>()) {
        return Ok(settings);
    }
    table(toml::Value::String(value.to_owned())).try_into().map_err(|e: toml::de::Error| {
        let said = e.message().to_owned();
        match said.split_once(", expected ") {
            Some((unknown, expected)) if unknown.starts_with("unknown field") => {
                format!("{unknown}, expected {expected}")
            }
            Some((_, expected)) => format!("expected {}", in_words(expected)),
            None => "this value cannot be read".to_owned(),
        }
    })
}

/// What kind of value is wanted, for people who write no Rust.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        other => other,
    }
}

impl Settings {
    /// These settings, and the other's where these say nothing.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            server: Server {
                listen: self.server.listen.or(below.server.listen),
                public_url: self.server.public_url.or(below.server.public_url),
                tls_cert: self.server.tls_cert.or(below.server.tls_cert),
                tls_key: self.server.tls_key.or(below.server.tls_key),
                allow_plain_http_on_network: self
                    .server
                    .allow_plain_http_on_network
                    .or(below.server.allow_plain_http_on_network),
                trusted_proxies: self.server.trusted_proxies.or(below.server.trusted_proxies),
            },
            database: Database {
                url: self.database.url.or(below.database.url),
                url_file: self.database.url_file.or(below.database.url_file),
            },
            vault: Vault {
                master_key: self.vault.master_key.or(below.vault.master_key),
                master_key_file: self.vault.master_key_file.or(below.vault.master_key_file),
            },
            mail: Mail {
                url: self.mail.url.or(below.mail.url),
                from: self.mail.from.or(below.mail.from),
                user: self.mail.user.or(below.mail.user),
                password: self.mail.password.or(below.mail.password),
                password_file: self.mail.password_file.or(below.mail.password_file),
            },
            passwords: Passwords { common_file: self.passwords.common_file.or(below.passwords.common_file) },
            face: Face { models: self.face.models.or(below.face.models) },
            limits: Limits {
                body_bytes: self.limits.body_bytes.or(below.limits.body_bytes),
                request_seconds: self.limits.request_seconds.or(below.limits.request_seconds),
                connections: self.limits.connections.or(below.limits.connections),
                login_per_minute: self.limits.login_per_minute.or(below.limits.login_per_minute),
            },
            sign_in: merged(self.sign_in, below.sign_in),
            outgoing: Outgoing {
                private_networks: self.outgoing.private_networks.or(below.outgoing.private_networks),
                ca_file: self.outgoing.ca_file.or(below.outgoing.ca_file),
            },
            ledger: Ledger { witnesses: self.ledger.witnesses.or(below.ledger.witnesses) },
            retention: Retention {
                notices_days: self.retention.notices_days.or(below.retention.notices_days),
                requests_days: self.retention.requests_days.or(below.retention.requests_days),
                drafts_days: self.retention.drafts_days.or(below.retention.drafts_days),
                family_days: self.retention.family_days.or(below.retention.family_days),
                cases_days: self.retention.cases_days.or(below.retention.cases_days),
                links_days: self.retention.links_days.or(below.retention.links_days),
                emergencies_days: self.retention.emergencies_days.or(below.retention.emergencies_days),
            },
            documents: Documents {
                max_bytes: self.documents.max_bytes.or(below.documents.max_bytes),
                languages: self.documents.languages.or(below.documents.languages),
            },
            blobs: Blobs {
                url: self.blobs.url.or(below.blobs.url),
                endpoint: self.blobs.endpoint.or(below.blobs.endpoint),
                region: self.blobs.region.or(below.blobs.region),
                path_style: self.blobs.path_style.or(below.blobs.path_style),
                access_key: self.blobs.access_key.or(below.blobs.access_key),
                secret_key: self.blobs.secret_key.or(below.blobs.secret_key),
                secret_key_file: self.blobs.secret_key_file.or(below.blobs.secret_key_file),
            },
            log: Log { format: self.log.format.or(below.log.format), level: self.log.level.or(below.log.level) },
        }
    }
}

/// Each provider with what both say of it.
fn merged(above: BTreeMap<String, SignIn>, mut all: BTreeMap<String, SignIn>) -> BTreeMap<String, SignIn> {
    for (ident, said) in above {
        let below = all.remove(&ident).unwrap_or_default();
        all.insert(ident, said.over(below));
    }
    all
}
