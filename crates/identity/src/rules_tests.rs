use super::*;
use http::HeaderValue;

#[test]
fn names_that_look_alike_are_one() {
    for name in ["Zo\u{eb}", "zoe\u{308}", " ZO\u{cb} ", "\u{ff3a}o\u{eb}"] {
        assert_eq!(fold_name(name), "zo\u{eb}", "{name}");
    }
    assert_eq!(fold_email(" Ada@Example.ORG "), "ada@example.org");
}

#[test]
fn a_user_name_has_three_to_sixty_four_of_the_allowed_characters() {
    for good in ["abc", "patient1", "a.b_c-d@e", "zo\u{eb}", &"x".repeat(64)] {
        assert_eq!(username_issue(good), None, "{good}");
    }
    for bad in ["ab", "", "a b c", "a/b/c", "a\u{0}bc", "<b>", &"x".repeat(65)] {
        assert!(username_issue(bad).is_some(), "{bad}");
    }
}

#[test]
fn an_e_mail_address_has_one_at_and_a_domain_with_a_dot() {
    for good in ["ada@example.org", "a+b@x.y", " ada.obi@mail.example.org "] {
        assert_eq!(email_issue(good), None, "{good}");
    }
    let long = format!("{}@example.org", "x".repeat(65));
    for bad in ["ada", "@x.y", "a@", "a@b", "a@b.", "a@.b", "a@b@c.d", "a b@c.d", "a@c\n.d", "a@<c.d>", &long] {
        assert!(email_issue(bad).is_some(), "{bad}");
    }
}

#[test]
fn a_password_has_eight_characters_and_at_most_two_hundred_bytes() {
    assert_eq!(password_issue("password"), None);
    assert_eq!(password_issue(&"\u{e9}".repeat(100)), None);
    assert!(password_issue("passwor").is_some());
    // Seven characters in fourteen bytes.
    assert!(password_issue(&"\u{e9}".repeat(7)).is_some());
    assert!(password_issue(&"x".repeat(201)).is_some());
}

#[test]
fn a_date_of_birth_is_a_real_day_that_has_been() {
    let now = Timestamp::parse("2026-11-21T20:00:00Z").unwrap();
    for good in ["1984-02-29", "2026-11-21", "2026-11-22", "1900-01-01"] {
        assert_eq!(birth_date_issue(good, now), None, "{good}");
    }
    for bad in ["2026-11-23", "1985-02-29", "1984-2-9", "1984", "", "1700-01-01", "29.02.1984", "19840229T0"] {
        assert!(birth_date_issue(bad, now).is_some(), "{bad}");
    }
}

#[test]
fn a_change_with_a_cookie_comes_from_the_same_origin() {
    let check = |secure: bool, pairs: &[(&'static str, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        may_change(&Method::POST, &headers, secure)
    };
    let host = ("host", "a.example:8080");
    assert!(check(false, &[("origin", "http://a.example:8080"), host]));
    assert!(check(false, &[("origin", "http://A.Example:8080"), host]));
    assert!(check(true, &[("origin", "https://a.example:8080"), host]));
    assert!(check(false, &[("sec-fetch-site", "same-origin"), ("origin", "http://proxied.example"), host]));
    assert!(check(false, &[("sec-fetch-site", "none")]));
    for bad in [
        &[("origin", "http://a.example"), host][..],
        &[("origin", "http://b.example:8080"), host],
        &[("origin", "null"), host],
        &[("origin", "http://a.example:8080.evil.example"), host],
        &[("sec-fetch-site", "same-site"), ("origin", "http://a.example:8080"), host],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://a.example:8080"), host],
        &[host],
        &[],
    ] {
        assert!(!check(false, bad), "{bad:?}");
    }
    assert!(!check(true, &[("origin", "http://a.example:8080"), host]), "a plain page cannot change a secure one");
    for safe in [Method::GET, Method::HEAD, Method::OPTIONS] {
        assert!(may_change(&safe, &HeaderMap::new(), false));
    }
    for unsafe_one in [Method::PUT, Method::DELETE, Method::PATCH, Method::from_bytes(b"BREW").unwrap()] {
        assert!(!may_change(&unsafe_one, &HeaderMap::new(), false));
    }
}

#[test]
fn a_device_is_named_so_that_its_owner_knows_it() {
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1";
    assert_eq!(device(firefox), "Firefox on Linux");
    assert_eq!(device(edge), "Edge on Windows");
    assert_eq!(device(phone), "Safari on iPhone");
    assert_eq!(device("curl/8.0"), "curl/8.0");
    assert_eq!(device(""), "A program");
    assert_eq!(device(&"x".repeat(900)).len(), 60);
}
