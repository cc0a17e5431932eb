//! At which addresses the passkeys of this server are made and used.

use http::uri::Uri;
use std::net::IpAddr;

/// The relying party of WebAuthn: a name, and the origins of pages that may speak for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub id: String,
    origins: Origins,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Origins {
    /// This machine itself, on any port.
    Localhost,
    Exactly(String),
}

/// What a page is told about passkeys at the address it was opened at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    pub here: bool,
    /// Where else to open it.
    pub open_at: Option<String>,
}

impl Default for Party {
    fn default() -> Self {
        Self { id: "localhost".to_owned(), origins: Origins::Localhost }
    }
}

impl Party {
    /// The party of a server with this public address, or of one without a name. `None` where the address has no name:
    /// browsers make no passkeys for bare addresses, and none without TLS but for `localhost`.
    pub fn of(public_url: Option<&str>) -> Option<Self> {
        let Some(url) = public_url else { return Some(Self::default()) };
        let uri: Uri = url.parse().ok()?;
        let (scheme, host) = (uri.scheme_str()?, uri.host()?.to_ascii_lowercase());
        if host == "localhost" {
            return Some(Self::default());
        }
        if scheme != "https" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            return None;
        }
        let port = uri.port_u16().filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
        Some(Self { origins: Origins::Exactly(format!("https://{host}{port}")), id: host })
    }

    /// Whether a page with this origin speaks for this server.
    pub fn accepts(&self, origin: &str) -> bool {
        match &self.origins {
            Origins::Exactly(own) => own == origin,
            Origins::Localhost => is_localhost(origin),
        }
    }

    /// What to tell a page that was opened under this name (and port).
    pub fn at(&self, host: &str, secure: bool) -> Where {
        let scheme = if secure { "https" } else { "http" };
        let port = host.rsplit_once(':').map(|(_, port)| port).filter(|port| port.bytes().all(|b| b.is_ascii_digit()));
        match &self.origins {
            Origins::Localhost if self.accepts(&format!("{scheme}://{host}")) => Where { here: true, open_at: None },
            Origins::Localhost => {
                let name = host.strip_suffix(port.map(|p| format!(":{p}")).as_deref().unwrap_or("")).unwrap_or(host);
                // Only on this very machine is `localhost` the same server.
                let same = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                Where { here: false, open_at: same.then(|| format!("{scheme}://localhost{port}")) }
            }
            Origins::Exactly(own) => {
                let here = *own == format!("{scheme}://{host}");
                Where { here, open_at: (!here).then(|| own.clone()) }
            }
        }
    }
}

fn is_localhost(origin: &str) -> bool {
    let Some(host) = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) else { return false };
    host == "localhost"
        || host.strip_prefix("localhost:").is_some_and(|port| !port.is_empty() && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_comes_from_the_public_address_and_is_localhost_without_one() {
        let id = |url| Party::of(url).map(|party| party.id);
        assert_eq!(id(None).as_deref(), Some("localhost"));
        assert_eq!(id(Some("http://localhost:9000")).as_deref(), Some("localhost"));
        assert_eq!(id(Some("https://Health.Example.org")).as_deref(), Some("health.example.org"));
        for without in ["https://192.0.2.1", "https://[2001:db8::1]:8443", "http://health.example.org", "nonsense"] {
            assert_eq!(id(Some(without)), None, "{without}");
        }
    }

    #[test]
    fn only_pages_of_this_server_speak_for_it() {
        let here = Party::default();
        assert!(here.accepts("http://localhost:8080") && here.accepts("https://localhost"));
        for foreign in [
            "http://127.0.0.1:8080",
            "http://localhost.evil.example",
            "http://localhost:80@evil.example",
            "http://localhost:",
            "http://evil.example",
            "localhost",
            "",
        ] {
            assert!(!here.accepts(foreign), "{foreign}");
        }
        let named = Party::of(Some("https://health.example:8443/")).unwrap();
        assert!(named.accepts("https://health.example:8443"));
        for foreign in ["https://health.example", "http://health.example:8443", "https://a.health.example:8443"] {
            assert!(!named.accepts(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_page_at_a_bare_address_is_told_where_passkeys_work() {
        let at = |host, secure| Party::default().at(host, secure);
        assert_eq!(at("localhost:8080", false), Where { here: true, open_at: None });
        let elsewhere = Some("http://localhost:8080".to_owned());
        assert_eq!(at("127.0.0.1:8080", false), Where { here: false, open_at: elsewhere.clone() });
        assert_eq!(at("[::1]:8080", false), Where { here: false, open_at: elsewhere });
        assert_eq!(at("192.168.1.5:8080", false), Where { here: false, open_at: None });
        let named = Party::of(Some("https://health.example")).unwrap();
        assert_eq!(named.at("health.example", true), Where { here: true, open_at: None });
        let there = Some("https://health.example".to_owned());
        assert_eq!(named.at("localhost:8080", true), Where { here: false, open_at: there });
    }
}
