//! Pure decisions about links: what a form may say, whether a link stands, how it is written.

use super::model::{LinkForm, LinkState};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Issue, Timestamp, text};
use serde::Serialize;

/// Wrong passcodes that a link bears in its whole life.
pub const WRONG_MOST: i64 = 5;
/// Links of one patient that stand at a time.
pub const STANDING_MOST: i64 = 50;
/// Of the protocol: the longest address and label.
const URL_MOST: usize = 128;
const LABEL_MOST: usize = 80;
const RECIPIENT_MOST: usize = 120;

/// Checks what a patient wants; `Ok` is the label and the passcode, trimmed.
pub fn check(form: &LinkForm) -> Result<(String, Option<String>), Vec<Issue>> {
    let mut issues = Vec::new();
    let label = form.label.trim();
    if label.is_empty() || label.chars().count() > LABEL_MOST || text::hides(label) {
        issues.push(Issue::new("value", "label", "Say in 1 to 80 characters what the link is for."));
    }
    let passcode = form.passcode.as_deref().map(str::trim);
    if passcode.is_some_and(|code| !(4..=64).contains(&code.chars().count())) {
        issues.push(Issue::new("value", "passcode", "A passcode has 4 to 64 characters."));
    }
    if passcode.is_some() && form.direct {
        let text = "A link that opens with one plain request has no place for a passcode.";
        issues.push(Issue::new("invariant", "direct", text));
    }
    match issues.is_empty() {
        true => Ok((label.to_owned(), passcode.map(str::to_owned))),
        false => Err(issues),
    }
}

pub const fn state(until: i64, ended: Option<i64>, wrong: i64, now: Timestamp) -> LinkState {
    match ended {
        Some(_) => LinkState::Ended,
        None if wrong >= WRONG_MOST => LinkState::Locked,
        None if until <= now.0 => LinkState::Expired,
        None => LinkState::Active,
    }
}

/// Who opens it, as they say: a short line of plain text.
pub fn recipient(text: &str) -> Result<String, Issue> {
    let plain: String = text.chars().map(|c| if text::invisible(c) { ' ' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match (1..=RECIPIENT_MOST).contains(&plain.chars().count()) {
        true => Ok(plain),
        false => Err(Issue::new("value", "recipient", "Say in 1 to 120 characters who opens this.")),
    }
}

#[derive(Serialize)]
struct Payload<'p> {
    url: &'p str,
    key: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    flag: &'p str,
    label: &'p str,
    v: u8,
}

/// What a link is made of.
pub struct Parts<'p> {
    pub url: &'p str,
    pub key: &'p str,
    pub until: Option<i64>,
    pub passcode: bool,
    pub direct: bool,
    pub label: &'p str,
}

/// `shlink:/` and the payload. `L`: it may be opened again, and shows what is current then.
pub fn shlink(parts: &Parts<'_>) -> String {
    let flag = match (parts.passcode, parts.direct) {
        (true, _) => "LP",
        (false, true) => "LU",
        (false, false) => "L",
    };
    let exp = parts.until.map(|ms| ms.div_euclid(1000));
    let payload = Payload { url: parts.url, key: parts.key, exp, flag, label: parts.label, v: 1 };
    let json = serde_json::to_vec(&payload).unwrap_or_default();
    format!("shlink:/{}", URL_SAFE_NO_PAD.encode(json))
}

/// Where a link is asked for its manifest.
pub fn url(base: &str, secret: &str) -> String {
    format!("{base}/shl/{secret}")
}

/// Readers may refuse an address that is longer than the protocol allows.
pub fn fits(url: &str) -> bool {
    url.len() <= URL_MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> LinkForm {
        LinkForm { label: " My GP ".into(), passcode: None, until: None, sensitive: false, direct: false, tell: true }
    }

    fn paths(form: &LinkForm) -> Vec<String> {
        check(form).err().unwrap_or_default().into_iter().map(|issue| issue.path).collect()
    }

    #[test]
    fn a_link_has_a_label_and_no_passcode_where_there_is_no_place_for_it() {
        assert_eq!(check(&form()).unwrap(), ("My GP".to_owned(), None));
        assert_eq!(paths(&LinkForm { label: "x".repeat(81), ..form() }), ["label"]);
        assert_eq!(
            paths(&LinkForm { label: "  ".into(), passcode: Some(" ".into()), ..form() }),
            ["label", "passcode"]
        );
        assert_eq!(
            paths(&LinkForm { label: "  ".into(), passcode: Some("123".into()), ..form() }),
            ["label", "passcode"]
        );
        assert_eq!(paths(&LinkForm { direct: true, passcode: Some("1234".into()), ..form() }), ["direct"]);
    }

    #[test]
    fn a_link_stands_until_it_ends_or_is_guessed_at() {
        let now = Timestamp(1000);
        assert_eq!(state(1001, None, 4, now), LinkState::Active);
        assert_eq!(state(1000, None, 0, now), LinkState::Expired);
        assert_eq!(state(i64::MAX, None, 5, now), LinkState::Locked);
        assert_eq!(state(i64::MAX, Some(1), 5, now), LinkState::Ended);
    }

    #[test]
    fn whoever_opens_a_link_says_so_in_plain_text() {
        assert_eq!(recipient(" Dr\n Ames\u{7} ").unwrap(), "Dr Ames");
        assert!(recipient("\n").is_err());
        assert!(recipient(&"x".repeat(121)).is_err());
    }

    #[test]
    fn the_payload_says_what_a_reader_needs_and_no_more() {
        let parts = Parts {
            url: "https://h.example/shl/x",
            key: "k",
            until: Some(1_999),
            passcode: true,
            direct: false,
            label: "GP",
        };
        let text = shlink(&parts);
        let json = URL_SAFE_NO_PAD.decode(text.strip_prefix("shlink:/").unwrap()).unwrap();
        let expected = r#"{"url":"https://h.example/shl/x","key":"k","exp":1,"flag":"LP","label":"GP","v":1}"#;
        assert_eq!(String::from_utf8(json).unwrap(), expected);
        let open = shlink(&Parts { until: None, passcode: false, direct: true, ..parts });
        let json = URL_SAFE_NO_PAD.decode(open.strip_prefix("shlink:/").unwrap()).unwrap();
        assert!(String::from_utf8(json).unwrap().contains(r#""key":"k","flag":"LU""#));
    }
}
