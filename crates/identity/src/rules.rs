//! Pure decisions: what names and passwords may be, how long a session lives, what counts as the same origin.

use http::{HeaderMap, Method, header};
use jiff::civil::Date;
use kernel::{Issue, Role, Timestamp, text};
use unicode_normalization::UnicodeNormalization;

use crate::SessionKind;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// However busy, a session ends after this long (NIST SP 800-63B section 2.2.3: at most 12 hours at AAL2).
const ABSOLUTE_MS: i64 = 12 * HOUR_MS;
const SERVICE_MS: i64 = 365 * 24 * HOUR_MS;

/// How long a new way in that was made by recovery waits before it opens anything (NIST SP 800-63B section 4.2.2.3: the
/// owner is told, and has the time to object).
pub const RECOVERY_WAIT_MS: i64 = 24 * HOUR_MS;

/// How long a password that an administrator chose opens an account whose owner did not set their own: as long as an
/// invitation does.
pub const FIRST_PASSWORD_MS: i64 = 7 * 24 * HOUR_MS;

/// A time as a letter says it.
pub fn shown(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    format!("{} at {} UTC", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}

/// Staff leave shared machines behind.
const IDLE_STAFF_MS: i64 = 15 * MINUTE_MS;
pub const IDLE_PATIENT_MS: i64 = 30 * MINUTE_MS;

pub const fn lifetime_ms(kind: SessionKind) -> i64 {
    match kind {
        SessionKind::Cookie | SessionKind::Token => ABSOLUTE_MS,
        SessionKind::Service => SERVICE_MS,
    }
}

/// How long a session may be left alone; a service may be silent for as long as its token lives.
pub const fn idle_ms(kind: SessionKind, role: Role) -> i64 {
    match (kind, role) {
        (SessionKind::Service, _) => SERVICE_MS,
        (_, Role::Patient) => IDLE_PATIENT_MS,
        _ => IDLE_STAFF_MS,
    }
}

/// The form in which user names are compared: `Zoë`, `ZOË` and a decomposed `zoë` are one.
pub fn fold_name(name: &str) -> String {
    name.trim().nfkc().flat_map(char::to_lowercase).collect()
}

/// The form in which e-mail addresses are compared; whoever looks one up must use the same.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The same password typed on two keyboards is the same bytes (NIST SP 800-63B section 3.1.1.2: normalise).
pub fn fold_password(password: &str) -> String {
    password.nfkc().collect()
}

pub fn username_issue(username: &str) -> Option<Issue> {
    let folded = fold_name(username);
    let fits = (3..=64).contains(&folded.chars().count())
        && folded.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'));
    let text = "A user name has 3 to 64 characters: letters, digits and . _ - @";
    (!fits).then(|| Issue::new("value", "username", text))
}

pub fn email_issue(email: &str) -> Option<Issue> {
    let email = email.trim();
    let plain = email.len() <= 254 && !email.chars().any(|c| c.is_whitespace() || text::invisible(c));
    let fits = plain
        && email.split_once('@').is_some_and(|(local, domain)| {
            (1..=64).contains(&local.len())
                && domain.contains('.')
                && domain.split('.').all(|part| !part.is_empty())
                && !domain.contains(['@', '<', '>', ',', ';', '"'])
        });
    (!fits).then(|| Issue::new("value", "email", "This is not an e-mail address: write it like name@example.org."))
}

pub fn password_issue(password: &str) -> Option<Issue> {
    let text = if password.chars().count() < 8 {
        "A password has at least 8 characters."
    } else if password.len() > LONGEST_PASSWORD {
        "A password has at most 200 bytes."
    } else {
        return None;
    };
    Some(Issue::new("value", "password", text))
}

/// Names that stand on the sign-in page are tried right after the common passwords (ASVS 5.0, 6.2.11).
pub fn own_name_issue(password: &str, names: &[Option<&str>]) -> Option<Issue> {
    let folded = |text: &str| fold_password(text).to_lowercase();
    let typed = folded(password.trim());
    let same = names.iter().flatten().any(|name| {
        let name = folded(name.trim());
        typed == name || name.split_once('@').is_some_and(|(local, _)| typed == local)
    });
    let text = "This password is your own name or address, which is tried first. Take another: three words that do not belong \
                together are good.";
    same.then(|| Issue::new("value", "password", text))
}

/// Long enough for any passphrase; hashing more would only be work for attackers to cause.
pub const LONGEST_PASSWORD: usize = 200;

/// Whether a name has at most so many characters and shows all of them, as they are.
pub fn fits(name: &str, most: usize) -> bool {
    (1..=most).contains(&name.trim().chars().count()) && !text::hides(name)
}

pub fn person_name_issue(field: &'static str, name: &str) -> Option<Issue> {
    let text = "A name has 1 to 100 characters on one line, all of which can be seen.";
    (!fits(name, 100)).then(|| Issue::new("value", field, text))
}

pub fn birth_date_issue(text: &str, now: Timestamp) -> Option<Issue> {
    let today = now.to_rfc3339();
    let real = text.len() == 10 && text.parse::<Date>().is_ok_and(|date| date.year() >= 1875);
    // Both are YYYY-MM-DD, so that they compare as text. Somewhere on Earth it is a day later than in UTC.
    let tomorrow = now.plus_ms(24 * HOUR_MS).to_rfc3339();
    let said = !real || text > tomorrow.get(..10).unwrap_or(&today);
    said.then(|| {
        Issue::new("value", "birthDate", "A date of birth is a day from 1875 on until today, written YYYY-MM-DD.")
    })
}

pub fn gender_issue(gender: &str) -> Option<Issue> {
    let fits = ["female", "male", "other", "unknown"].contains(&gender);
    (!fits).then(|| Issue::new("value", "gender", "The gender is female, male, other or unknown."))
}

/// Whether a request that carries a cookie may change something: only a page of this very origin may cause it.
pub fn may_change(method: &Method, headers: &HeaderMap, secure: bool) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    // Browsers set it and pages cannot; `none` is the person's own doing.
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    match origin.split_once("://") {
        Some((scheme, authority)) => (scheme == "https" || !secure) && authority.eq_ignore_ascii_case(host),
        None => false,
    }
}

/// What the list of devices shows for a User-Agent: enough to know one's own.
pub fn device(user_agent: &str) -> String {
    let first = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // Order matters: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if user_agent.is_empty() => "A program".to_owned(),
        _ => user_agent.chars().filter(|c| !text::invisible(*c)).take(60).collect(),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
