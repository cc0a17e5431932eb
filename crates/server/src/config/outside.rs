//! Settings about others on the network: the providers with which staff sign in, and where this server may ask.

use super::check::{proxies, read_secret};
use super::file::{Outgoing as Written, SignIn};
use crate::proxies::Network;
use identity::external::{Provider, may_be_ident, may_be_issuer};
use identity::outgoing::may_be_asked;
use ledger::Witness;
use ledger::note::{KeyKind, Vkey};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What this server asks of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Private networks in which apps may publish their keys.
    pub private_networks: Vec<Network>,
    pub ca_file: Option<PathBuf>,
    /// What is in that file.
    pub authorities: Vec<CertificateDer<'static>>,
}

pub fn outgoing(said: Written, wrong: &mut Vec<String>) -> Outgoing {
    let listed = said.private_networks.unwrap_or_default();
    let private_networks = proxies("outgoing.private_networks", &listed, wrong);
    let authorities = said.ca_file.as_deref().map_or_else(Vec::new, |path| {
        let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match read {
            Ok(found) if !found.is_empty() => found,
            Ok(_) => {
                wrong.push(format!("outgoing.ca_file: {} holds no certificate", path.display()));
                Vec::new()
            }
            Err(error) => {
                wrong.push(format!("outgoing.ca_file: {}: {error}", path.display()));
                Vec::new()
            }
        }
    });
    Outgoing { private_networks, ca_file: said.ca_file, authorities }
}

pub fn providers(said: BTreeMap<String, SignIn>, wrong: &mut Vec<String>) -> Vec<Provider> {
    said.into_iter().filter_map(|(ident, said)| provider(ident, said, wrong)).collect()
}

fn provider(ident: String, said: SignIn, wrong: &mut Vec<String>) -> Option<Provider> {
    let at = format!("sign_in.{ident}");
    if !may_be_ident(&ident) {
        wrong.push(format!("{at}: a provider is called with small letters, digits, - and _"));
    }
    let client_secret = match (said.client_secret, said.client_secret_file) {
        (Some(_), Some(_)) => {
            wrong.push(format!("{at}.client_secret and {at}.client_secret_file: set one of them"));
            None
        }
        (Some(secret), None) => Some(secret),
        (None, Some(path)) => read_secret(&format!("{at}.client_secret_file"), &path, wrong),
        (None, None) => None,
    };
    let domains = said.email_domains.unwrap_or_default();
    let plain =
        |domain: &String| domain.contains('.') && domain.chars().all(|c| c.is_alphanumeric() || ".-".contains(c));
    if !domains.iter().all(plain) {
        wrong.push(format!("{at}.email_domains: expected names of domains, such as hospital.example"));
    }
    let (Some(name), Some(issuer), Some(client_id)) = (said.name, said.issuer, said.client_id) else {
        wrong.push(format!("{at}.name, {at}.issuer and {at}.client_id: signing in with a provider needs all three"));
        return None;
    };
    if !may_be_issuer(&issuer) {
        wrong.push(format!("{at}.issuer: expected https://name, as the provider writes it"));
    }
    Some(Provider { ident, name, issuer, client_id, client_secret, domains })
}

/// Both sections as the file has them, without secrets.
pub fn listed(providers: &[Provider], outgoing: &Outgoing) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let list = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>().join(", ");
    for Provider { ident, name, issuer, client_id, client_secret, domains } in providers {
        let (name, issuer, id) = (quoted(name), quoted(issuer), quoted(client_id));
        let _ = writeln!(out, "\n[sign_in.{ident}]\nname = {name}\nissuer = {issuer}\nclient_id = {id}");
        if client_secret.is_some() {
            let _ = writeln!(out, "client_secret = \"(hidden)\"");
        }
        if !domains.is_empty() {
            let _ = writeln!(out, "email_domains = [{}]", list(&mut domains.iter().map(|domain| quoted(domain))));
        }
    }
    if *outgoing != Outgoing::default() {
        let _ = writeln!(out, "\n[outgoing]");
    }
    if !outgoing.private_networks.is_empty() {
        let all = list(&mut outgoing.private_networks.iter().map(|network| quoted(&network.to_string())));
        let _ = writeln!(out, "private_networks = [{all}]");
    }
    if let Some(path) = &outgoing.ca_file {
        let _ = writeln!(out, "ca_file = {}", quoted(&path.display().to_string()));
    }
    out
}

/// Each is written as its address and its public key with a space between.
pub fn witnesses(said: &[String], wrong: &mut Vec<String>) -> Vec<Witness> {
    let read = |text: &String| {
        let (url, key) = text.trim().split_once(' ')?;
        let key = Vkey::parse(key.trim()).filter(|key| key.kind == KeyKind::Witness)?;
        let url = url.trim_end_matches('/').to_owned();
        may_be_asked(&url).then_some(Witness { url, key })
    };
    let found: Vec<Witness> = said.iter().filter_map(read).collect();
    if found.len() < said.len() {
        wrong.push(
            "ledger.witnesses: expected \"https://witness.example NAME+12345678+KEY\" for each, as the witness prints it \
             (http only on this machine)"
                .to_owned(),
        );
    }
    let keys: std::collections::BTreeSet<[u8; 32]> = found.iter().map(|witness| witness.key.key).collect();
    if keys.len() < found.len() {
        wrong.push("ledger.witnesses: two have the same key, and would count as two while they are one".to_owned());
    }
    found
}

pub fn listed_witnesses(witnesses: &[Witness]) -> String {
    let one = |w: &Witness| toml::Value::String(format!("{} {}", w.url, w.key)).to_string();
    let all: Vec<String> = witnesses.iter().map(one).collect();
    if all.is_empty() { String::new() } else { format!("\n[ledger]\nwitnesses = [{}]\n", all.join(", ")) }
}
