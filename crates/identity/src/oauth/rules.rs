//! Pure decisions: addresses to come back to, challenges, times.

use super::jose::sha256;

/// RFC 6749 recommends ten minutes at most; SMART wants it short.
pub const CODE_MS: i64 = 60_000;
pub const ACCESS_MS: i64 = 5 * 60_000;
pub const ID_TOKEN_MS: i64 = 10 * 60_000;
/// How long a person may think about an app's request.
pub const REQUEST_MS: i64 = 15 * 60_000;
/// How long a pushed request waits for its person (RFC 9126 suggests 5 to 600 seconds).
pub const PUSHED_MS: i64 = 90_000;
/// A refresh token that is not used for so long is over.
pub const REFRESH_MS: i64 = 30 * 24 * 3_600_000;
/// A signed statement of an app is good for at most this long (SMART: five minutes).
pub const ASSERTION_SECONDS: i64 = 300;
/// Clocks differ.
pub const SKEW_SECONDS: i64 = 10;
/// How old a proof of possession may be.
pub const PROOF_SECONDS: i64 = 120;
/// A launch from a record.
pub const LAUNCH_MS: i64 = 5 * 60_000;
/// The longest permission that goes on without the person, in days.
pub const LONGEST_DAYS: i64 = 365;

/// An app that put itself on the list and that nobody lets in goes after so long.
pub const UNUSED_MS: i64 = 24 * 3_600_000;

const LONGEST_URI: usize = 2000;

/// `(scheme, host, port, rest)` of an address with an authority.
fn parts(uri: &str) -> Option<(&str, &str, Option<&str>, &str)> {
    let (scheme, rest) = uri.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    };
    Some((scheme, host, port, path))
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

/// Why an address cannot be come back to.
pub fn redirect_issue(uri: &str) -> Option<&'static str> {
    let plain = uri.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`'));
    if uri.len() > LONGEST_URI || !plain {
        return Some("An address to come back to is plain text of at most 2000 characters.");
    }
    if uri.contains(['#', '*']) {
        return Some("An address to come back to has no fragment and no wildcard.");
    }
    let Some((scheme, _)) = uri.split_once(':') else { return Some("An address to come back to is a whole one.") };
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "https" | "http" => {
            let Some((_, host, _, _)) = parts(uri) else { return Some("The address has no host.") };
            if host.is_empty() || host.contains('@') {
                return Some("The address names a host and nobody.");
            }
            let fine = scheme == "https" || is_loopback(host);
            (!fine).then_some("An address to come back to begins with https://, except on one's own machine.")
        }
        // RFC 8252 section 7.1: a name of the app's own, turned around.
        _ => {
            let own = scheme.contains('.')
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+'));
            (!own).then_some("A scheme of an app's own is a name it holds, turned around: com.example.app")
        }
    }
}

/// Whether `given` is the registered address. On one's own machine the port is the system's choice (RFC 8252 7.3).
pub fn same_redirect(registered: &str, given: &str) -> bool {
    if registered == given {
        return true;
    }
    match (parts(registered), parts(given)) {
        (Some((scheme, host, _, rest)), Some(other)) => {
            scheme == "http"
                && matches!(host, "127.0.0.1" | "[::1]")
                && (scheme, host, rest) == (other.0, other.1, other.3)
        }
        _ => false,
    }
}

/// Whether a text is the base64url of a SHA-256: a challenge, a thumbprint.
pub fn is_digest(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// RFC 7636 section 4.6.
pub fn verifies(verifier: &str, challenge: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved) && sha256(verifier) == challenge
}

/// Whether a statement with this time of expiry is good now and not for too long.
pub const fn timely(now: i64, expires: i64, most: i64) -> bool {
    expires > now - SKEW_SECONDS && expires <= now + most + SKEW_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_come_back_to_is_the_apps_own() {
        for good in [
            "https://app.example/cb",
            "https://app.example:8443/cb?x=1",
            "http://127.0.0.1:7000/cb",
            "http://localhost/cb",
            "http://[::1]:1/cb",
            "com.example.app:/cb",
            "com.example.app://cb",
        ] {
            assert_eq!(redirect_issue(good), None, "{good}");
        }
        for bad in [
            "http://app.example/cb",
            "https://app.example/cb#x",
            "https://*.example/cb",
            "https://",
            "https:///cb",
            "https://a@b/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/cb",
            "/cb",
            "",
            "https://a/ b",
            "https://a/\n",
            "https:app.example",
        ] {
            assert!(redirect_issue(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn only_the_port_on_ones_own_machine_may_differ() {
        assert!(same_redirect("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb"));
        for (registered, given) in [
            ("https://app.example/cb", "https://app.example/cb/"),
            ("https://app.example/cb", "https://app.example/cb?x=1"),
            ("https://app.example/cb", "https://app.example:444/cb"),
            ("https://app.example/cb", "https://APP.example/cb"),
            ("http://localhost/cb", "http://localhost:5000/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb2"),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb"),
        ] {
            assert!(!same_redirect(registered, given), "{given}");
        }
    }

    #[test]
    fn a_verifier_is_compared_by_its_digest_and_never_as_it_is() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(verifies(verifier, challenge));
        assert!(!verifies(challenge, challenge));
        assert!(!verifies("short", &sha256("short")));
        let odd = "!".repeat(50);
        assert!(!verifies(&odd, &sha256(&odd)));
        assert!(is_digest(challenge) && !is_digest("x") && !is_digest(&"=".repeat(43)));
    }

    #[test]
    fn a_statement_is_good_for_a_short_time() {
        assert!(timely(1000, 1300, 300) && timely(1000, 1001, 300));
        assert!(!timely(1000, 989, 300) && !timely(1000, 1311, 300));
    }
}
