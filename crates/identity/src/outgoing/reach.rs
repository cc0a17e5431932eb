//! Where a request may go: decided by the address itself, after its name was resolved.

use super::Settings;
use http::Uri;
use http::uri::Scheme;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who named an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The operator, in the settings, or a provider that the operator named there.
    Operator,
    /// Anybody: an app that registered itself.
    Stranger,
}

/// An address that was taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub secure: bool,
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
    /// Host and port as the request says them.
    pub authority: String,
    pub path: String,
}

pub fn place(url: &str) -> Option<Place> {
    let uri: Uri = url.parse().ok()?;
    let secure = match uri.scheme()? {
        scheme if *scheme == Scheme::HTTPS => true,
        scheme if *scheme == Scheme::HTTP => false,
        _ => return None,
    };
    let authority = uri.authority()?;
    let plain = url.len() <= 2_000 && !authority.as_str().contains('@') && !url.contains('#');
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = match authority.as_str().rsplit_once(':') {
        // A port that is none must not become the usual one.
        Some((_, text)) if !text.ends_with(']') => text.parse().ok().filter(|port| *port != 0)?,
        _ if secure => 443,
        _ => 80,
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    (plain && !host.is_empty()).then(|| Place { secure, host, port, authority: authority.as_str().to_owned(), path })
}

fn is_own_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether an address can be asked at all: TLS, except on one's own machine. Where its name leads is only known when it is asked.
pub fn may_be_asked(url: &str) -> bool {
    place(url).is_some_and(|place| place.secure || is_own_machine(&place.host))
}

/// Whether to connect to this address for a URL that `origin` named.
pub fn may_connect(settings: &Settings, origin: Origin, address: IpAddr) -> bool {
    origin == Origin::Operator || is_public(address) || settings.allows(address)
}

/// Whether an address belongs to the network that everybody shares, and to no special use (IANA's registries of special
/// purpose addresses).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

const fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Of the global block, all but what stands for an IPv4 address inside or is for documents.
const fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    a & 0xe000 == 0x2000 && a != 0x2002 && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8)) && a & 0xfff0 != 0x3ff0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn only_tls_leaves_this_machine() {
        let good = [
            "https://login.example/x",
            "https://login.example:8443",
            "http://127.0.0.1:80/x",
            "http://localhost",
            "http://[::1]:9/",
        ];
        for url in good {
            assert!(may_be_asked(url), "{url}");
        }
        for url in [
            "http://login.example",
            "ftp://a",
            "https://",
            "https://a@b/",
            "https://a b/",
            "https://a:0/",
            "https://a:99999/",
            "https://a:/",
            "https://a/#x",
            "http://127.0.0.1.evil.example/",
            "http://10.0.0.1/",
            "/x",
            "login.example",
        ] {
            assert!(!may_be_asked(url), "{url}");
        }
        let asked = place("https://a.example?x=1").unwrap();
        assert_eq!((asked.path.as_str(), asked.port), ("/?x=1", 443));
        assert_eq!(place("https://[2001:db8::1]:8443/k").unwrap().host, "2001:db8::1");
    }

    #[test]
    fn a_stranger_leads_to_no_private_network() {
        let private = [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
        ];
        let usual = Settings::default();
        for text in private {
            let address: IpAddr = text.parse().unwrap();
            assert!(!may_connect(&usual, Origin::Stranger, address), "{text}");
            assert!(may_connect(&usual, Origin::Operator, address), "{text}: the operator knows the network");
        }
        for text in ["93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "2a00:1450::1"] {
            assert!(may_connect(&usual, Origin::Stranger, text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_operator_can_allow_a_private_network() {
        let own: IpAddr = "10.1.2.3".parse().unwrap();
        let settings = Settings { private: Some(Arc::new(move |address| address == own)), ..Settings::default() };
        assert!(may_connect(&settings, Origin::Stranger, own));
        assert!(may_connect(&settings, Origin::Stranger, "::ffff:10.1.2.3".parse().unwrap()));
        assert!(!may_connect(&settings, Origin::Stranger, "10.1.2.4".parse().unwrap()));
    }
}
