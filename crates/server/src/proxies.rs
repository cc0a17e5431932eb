//! Where a request came from when proxies stand in front: their word is taken, and nobody else's.

use http::HeaderMap;
use std::net::IpAddr;
use std::str::FromStr;

/// An address, or a block of them (`10.0.0.0/8`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    length: u32,
    v6: bool,
}

/// The bits of an address, from the left.
fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, false),
        IpAddr::V6(v6) => (v6.to_bits(), true),
    }
}

const fn prefix(bits: u128, length: u32) -> u128 {
    if length == 0 { 0 } else { bits & u128::MAX << (128 - length) }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, length) = text.trim().split_once('/').map_or((text.trim(), None), |(a, l)| (a, Some(l)));
        let (all, v6) = bits(address.parse().map_err(|_| ())?);
        let most = if v6 { 128 } else { 32 };
        let length = length.map_or(Ok(most), |length| length.parse().map_err(|_| ()))?;
        if length > most { Err(()) } else { Ok(Self { bits: prefix(all, length), length, v6 }) }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address: IpAddr = match self.v6 {
            true => std::net::Ipv6Addr::from_bits(self.bits).into(),
            false => std::net::Ipv4Addr::from_bits((self.bits >> 96) as u32).into(),
        };
        write!(f, "{address}/{}", self.length)
    }
}

impl Network {
    pub fn holds(&self, address: IpAddr) -> bool {
        let (all, v6) = bits(address);
        v6 == self.v6 && prefix(all, self.length) == self.bits
    }
}

/// The address a request came from: the nearest that is no trusted proxy. Each proxy adds at the right whom it heard, so
/// whatever stands left of an address that nobody trusts may be invented.
pub fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let mut heard = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut at = peer;
    while is_trusted(at) {
        // Without a further word, or with one that is no address, the proxy itself is all that is known.
        let Some(next) = heard.next().and_then(|text| address(text.trim())) else { break };
        at = next;
    }
    at
}

/// `192.0.2.1`, `2001:db8::1`, and what some proxies write: `192.0.2.1:1234`, `[2001:db8::1]:1234`.
fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came_from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        origin(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_about_whom_it_heard_itself() {
        let proxy = ["10.0.0.0/8"];
        assert_eq!(came_from("192.0.2.9", &["203.0.113.5"], &proxy), "192.0.2.9");
        assert_eq!(came_from("10.0.0.1", &["203.0.113.5"], &proxy), "203.0.113.5");
        assert_eq!(came_from("10.0.0.1", &["198.51.100.1, 203.0.113.5"], &proxy), "203.0.113.5");
        assert_eq!(came_from("10.0.0.1", &["203.0.113.5, 10.2.3.4"], &proxy), "203.0.113.5");
        assert_eq!(came_from("10.0.0.1", &["198.51.100.1", "203.0.113.5"], &proxy), "203.0.113.5");
        assert_eq!(came_from("10.0.0.1", &["nonsense"], &proxy), "10.0.0.1");
        assert_eq!(came_from("10.0.0.1", &[], &proxy), "10.0.0.1");
        assert_eq!(came_from("10.0.0.1", &["203.0.113.5:4711"], &proxy), "203.0.113.5");
        assert_eq!(came_from("10.0.0.1", &["203.0.113.5"], &[]), "10.0.0.1");
        assert_eq!(came_from("::1", &["2001:db8::7"], &["::1"]), "2001:db8::7");
        assert_eq!(came_from("::ffff:10.0.0.1", &["203.0.113.5"], &proxy), "203.0.113.5");
    }

    #[test]
    fn blocks_are_read_and_nonsense_is_not() {
        for (text, shown) in
            [("10.1.2.3/8", "10.0.0.0/8"), ("192.0.2.1", "192.0.2.1/32"), ("2001:db8::/32", "2001:db8::/32")]
        {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), shown);
        }
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds("203.0.113.5".parse().unwrap()));
        assert!(!"0.0.0.0/0".parse::<Network>().unwrap().holds("2001:db8::1".parse().unwrap()));
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0.0/x", "::/129"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
