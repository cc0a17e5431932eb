//! From what is written to what is used: defaults, files of secrets, and what may not be together.

use super::file::{Database, Server, Settings};
use super::{
    Config, ConfigError, Given, Limits, Log, LogFormat, Mail, Tls, documents, host_of, in_data, keeping, outside,
};
use crate::proxies::Network;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use vault::KeySource;

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

pub fn check(settings: Settings, given: &Given) -> Result<Config, ConfigError> {
    let mut wrong = Vec::new();
    let listen = given.listen.or(settings.server.listen).unwrap_or(LISTEN);
    let tls = tls(&settings.server, &mut wrong);
    let plain = settings.server.allow_plain_http_on_network.unwrap_or(false);
    if !listen.ip().is_loopback() && tls.is_none() && !plain {
        wrong.push(format!(
            "server.listen = \"{listen}\" can be reached from the network, and without TLS everything on it can be read: \
             set server.tls_cert and server.tls_key, or listen on 127.0.0.1 behind a proxy that does TLS, or say \
             server.allow_plain_http_on_network = true"
        ));
    }
    if let Some(url) = &settings.server.public_url
        && (host_of(url).is_none() || !(url.starts_with("https://") || url.starts_with("http://")))
    {
        wrong.push("server.public_url: expected https://name, such as https://health.example.org".to_owned());
    }
    let database_url = database(&settings.database, given, &mut wrong);
    let master_key = match (settings.vault.master_key, settings.vault.master_key_file) {
        (Some(_), Some(_)) => {
            wrong.push("vault.master_key and vault.master_key_file: set one of them".to_owned());
            KeySource::File(in_data(&given.data, "master.key"))
        }
        (Some(hex), None) => {
            if let Err(error) = vault::MasterKey::from_hex(&hex) {
                wrong.push(format!("vault.master_key: {error}"));
            }
            KeySource::Hex(hex)
        }
        (None, Some(path)) => KeySource::File(path),
        (None, None) => KeySource::File(in_data(&given.data, "master.key")),
    };
    let limits = Limits {
        body_bytes: settings.limits.body_bytes.unwrap_or(64 << 20),
        request_seconds: settings.limits.request_seconds.unwrap_or(300),
        connections: settings.limits.connections.unwrap_or(4096),
        login_per_minute: settings.limits.login_per_minute.unwrap_or(30),
    };
    for (name, value) in [
        ("body_bytes", limits.body_bytes),
        ("request_seconds", limits.request_seconds),
        ("connections", u64::from(limits.connections)),
        ("login_per_minute", u64::from(limits.login_per_minute)),
    ] {
        if value == 0 {
            wrong.push(format!("limits.{name} = 0 would refuse everything: leave it out for the default"));
        }
    }
    let trusted_proxies = settings.server.trusted_proxies.as_deref().unwrap_or_default();
    let trusted_proxies = proxies("server.trusted_proxies", trusted_proxies, &mut wrong);
    let mail = mail(settings.mail, &mut wrong);
    let common_passwords = settings.passwords.common_file;
    if let Some(path) = &common_passwords
        && let Err(error) = std::fs::File::open(path)
    {
        wrong.push(format!("passwords.common_file: {}: {error}", path.display()));
    }
    let log = Log {
        format: settings.log.format.unwrap_or(LogFormat::Text),
        level: settings.log.level.unwrap_or_else(|| "info".to_owned()),
    };
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&log.level) {
        wrong.push(format!("log.level: {error}; expected error, warn, info, debug or trace"));
    }
    let face_models = settings.face.models;
    if let Some(missing) = face_models.as_deref().and_then(crate::face::missing) {
        wrong.push(format!("face.models: {} is not there", missing.display()));
    }
    let sign_in = outside::providers(settings.sign_in, &mut wrong);
    let witnesses = outside::witnesses(&settings.ledger.witnesses.unwrap_or_default(), &mut wrong);
    let outgoing = outside::outgoing(settings.outgoing, &mut wrong);
    let documents = documents::documents(settings.documents, settings.blobs, &outgoing.authorities, given, &mut wrong);
    let retention = keeping::retention(&settings.retention, &mut wrong);
    if !wrong.is_empty() {
        return Err(ConfigError(wrong));
    }
    let public_url = settings.server.public_url.map(|url| url.trim_end_matches('/').to_owned());
    Ok(Config {
        listen,
        public_url,
        tls,
        allow_plain_http_on_network: plain,
        database_url,
        master_key,
        trusted_proxies,
        mail,
        common_passwords,
        face_models,
        limits,
        log,
        sign_in,
        outgoing,
        witnesses,
        retention,
        documents,
    })
}

pub(super) fn proxies(name: &str, listed: &[String], wrong: &mut Vec<String>) -> Vec<Network> {
    let read: Result<Vec<Network>, ()> = listed.iter().map(|text| text.parse()).collect();
    read.unwrap_or_else(|()| {
        wrong.push(format!("{name}: expected addresses or blocks, such as 10.0.0.1 or 10.0.0.0/8"));
        Vec::new()
    })
}

fn mail(mail: super::file::Mail, wrong: &mut Vec<String>) -> Option<Mail> {
    let password = match (mail.password, mail.password_file) {
        (Some(_), Some(_)) => {
            wrong.push("mail.password and mail.password_file: set one of them".to_owned());
            None
        }
        (Some(password), None) => Some(password),
        (None, Some(path)) => read_secret("mail.password_file", &path, wrong),
        (None, None) => None,
    };
    let login = match (mail.user, password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        _ => {
            wrong.push("mail.user and mail.password: a mail server that asks wants both".to_owned());
            None
        }
    };
    match (mail.url, mail.from) {
        (Some(url), Some(from)) => {
            let mail = Mail { url, from, login };
            if let Err(error) = mail.smtp() {
                wrong.push(format!("mail.url and mail.from: {error}"));
            }
            Some(mail)
        }
        (None, None) if login.is_none() => None,
        _ => {
            wrong.push("mail.url and mail.from: sending letters needs both".to_owned());
            None
        }
    }
}

fn tls(server: &Server, wrong: &mut Vec<String>) -> Option<Tls> {
    match (&server.tls_cert, &server.tls_key) {
        (None, None) => None,
        (Some(cert), Some(key)) => {
            for (name, path) in [("tls_cert", cert), ("tls_key", key)] {
                if let Err(error) = std::fs::File::open(path) {
                    wrong.push(format!("server.{name}: {}: {error}", path.display()));
                }
            }
            Some(Tls { cert: cert.clone(), key: key.clone() })
        }
        _ => {
            wrong.push("server.tls_cert and server.tls_key: TLS needs both".to_owned());
            None
        }
    }
}

fn database(database: &Database, given: &Given, wrong: &mut Vec<String>) -> String {
    let default = || in_data(&given.data, "healthsync.db").display().to_string();
    if let Some(url) = &given.database {
        return url.clone();
    }
    match (&database.url, &database.url_file) {
        (Some(_), Some(_)) => {
            wrong.push("database.url and database.url_file: set one of them".to_owned());
            default()
        }
        (Some(url), None) => url.clone(),
        (None, Some(path)) => read_secret("database.url_file", path, wrong).unwrap_or_else(default),
        (None, None) => default(),
    }
}

pub(super) fn read_secret(name: &str, path: &Path, wrong: &mut Vec<String>) -> Option<String> {
    match std::fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Ok(_) => {
            wrong.push(format!("{name}: {} is empty", path.display()));
            None
        }
        Err(error) => {
            wrong.push(format!("{name}: {}: {error}", path.display()));
            None
        }
    }
}

/// The settings in effect, in the words of `healthsync.toml`, without secrets.
pub fn listed(config: &Config) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let _ = writeln!(out, "[server]\nlisten = \"{}\"", config.listen);
    if let Some(url) = &config.public_url {
        let _ = writeln!(out, "public_url = {}", quoted(url));
    }
    if let Some(tls) = &config.tls {
        let (cert, key) = (tls.cert.display().to_string(), tls.key.display().to_string());
        let _ = writeln!(out, "tls_cert = {}\ntls_key = {}", quoted(&cert), quoted(&key));
    }
    let _ = writeln!(out, "allow_plain_http_on_network = {}", config.allow_plain_http_on_network);
    if !config.trusted_proxies.is_empty() {
        let all: Vec<String> = config.trusted_proxies.iter().map(|network| format!("\"{network}\"")).collect();
        let _ = writeln!(out, "trusted_proxies = [{}]", all.join(", "));
    }
    let _ = writeln!(out, "\n[database]\nurl = {}", quoted(&without_password(&config.database_url)));
    let _ = match &config.master_key {
        KeySource::File(path) => {
            writeln!(out, "\n[vault]\nmaster_key_file = {}", quoted(&path.display().to_string()))
        }
        KeySource::Hex(_) => writeln!(out, "\n[vault]\nmaster_key = \"(hidden)\""),
    };
    out.push_str(&outside::listed(&config.sign_in, &config.outgoing));
    out.push_str(&outside::listed_witnesses(&config.witnesses));
    if let Some(mail) = &config.mail {
        let _ =
            writeln!(out, "\n[mail]\nurl = {}\nfrom = {}", quoted(&without_password(&mail.url)), quoted(&mail.from));
        if let Some((user, _)) = &mail.login {
            let _ = writeln!(out, "user = {}\npassword = \"(hidden)\"", quoted(user));
        }
    }
    if let Some(file) = &config.common_passwords {
        let _ = writeln!(out, "\n[passwords]\ncommon_file = {}", quoted(&file.display().to_string()));
    }
    if let Some(folder) = &config.face_models {
        let _ = writeln!(out, "\n[face]\nmodels = {}", quoted(&folder.display().to_string()));
    }
    let Limits { body_bytes, request_seconds, connections, login_per_minute } = config.limits;
    let _ = writeln!(
        out,
        "\n[limits]\nbody_bytes = {body_bytes}\nrequest_seconds = {request_seconds}\nconnections = {connections}\n\
         login_per_minute = {login_per_minute}"
    );
    out.push_str(&keeping::listed(&config.retention));
    out.push_str(&documents::listed(&config.documents));
    let format = match config.log.format {
        LogFormat::Text => "text",
        LogFormat::Json => "json",
    };
    let _ = writeln!(out, "\n[log]\nformat = \"{format}\"\nlevel = {}", quoted(&config.log.level));
    out
}

/// `postgres://user:password@host/…` without the password, wherever in the address it stands.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, query)| (rest, query));
    let rest = match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user.to_owned(), |(name, _)| format!("{name}:(hidden)"));
            format!("{user}@{host}")
        }
        None => rest.to_owned(),
    };
    let query: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| if part.starts_with("password=") { "password=(hidden)".to_owned() } else { part.to_owned() })
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{rest}{mark}{}", query.join("&"))
}
