//! Pure decisions: what a grant may say, what it covers, whether it stands, and how patients are named.

use crate::access::Terms;
use crate::marks::{Category, Label, UNDATED};
use crate::model::{GrantForm, GranteeType, RequestForm, State};
use kernel::{Issue, Timestamp};

/// A grant without an end, in the database.
pub const NO_END: i64 = i64::MAX;

const DAY_MS: i64 = 86_400_000;

/// Nobody plans further than a life; what does is a slip of the keyboard.
const LONGEST_MS: i64 = 100 * 36_525 * DAY_MS / 100;
const LONGEST_DAYS: i64 = 36_525;
const LONGEST_TEXT: usize = 1000;
const LONGEST_NAME: usize = 254;

/// A grant's end as it is stored.
pub fn end(until: Option<&str>, now: Timestamp) -> Result<i64, Issue> {
    let Some(text) = until else { return Ok(NO_END) };
    let wrong = |text: &str| Err(Issue::new("value", "until", text));
    let Some(end) = Timestamp::parse(text) else {
        if text.starts_with("9999-12-3") {
            return wrong("Access can be given for at most 100 years. Leave the end open instead.");
        }
        return wrong("Say when access ends as a date with time and zone, such as 2030-01-31T18:00:00Z.");
    };
    if end <= now {
        return wrong("Access can only end in the future.");
    }
    if end.0 > now.0.saturating_add(LONGEST_MS) {
        return wrong("Access can be given for at most 100 years. Leave the end open instead.");
    }
    Ok(end.0)
}

/// What a form's grant would cover.
pub fn terms(form: &GrantForm) -> Result<Terms, Vec<Issue>> {
    let mut issues = Vec::new();
    let categories = categories(form.categories.as_deref()).unwrap_or_else(|issue| {
        issues.push(issue);
        0
    });
    let mut day = |path: &str, text: Option<&str>| match text.map(whole_day) {
        Some(None) => {
            issues.push(Issue::new("value", path, "Write a day as year-month-day, such as 2024-02-29."));
            None
        }
        found => found.flatten(),
    };
    let from = day("from", form.from.as_deref()).map(|(lo, _)| lo);
    let to = day("to", form.to.as_deref()).map(|(_, hi)| hi);
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        issues.push(Issue::new("invariant", "to", "The last day comes before the first."));
    }
    if !form.sealed.is_empty() && form.grantee.r#type != GranteeType::Practitioner {
        let text = "Sealed documents are opened by a person: give them to a doctor, not to an organization.";
        issues.push(Issue::new("value", "sealed", text));
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    // With a period at either end, what has no date is not covered: nobody can say that it lies within.
    let lo = from.unwrap_or(if to.is_some() { UNDATED + 1 } else { UNDATED });
    // What may be opened of sealed documents stands in bits beside them.
    let labels = form.labels.iter().fold(0, |bits, label| bits | label.bit());
    let labels = form.sealed.iter().fold(labels, |bits, compartment| bits | compartment.bit());
    Ok(Terms { categories, labels, lo, hi: to.unwrap_or(i64::MAX) })
}

/// Checks what a grant says besides its terms.
pub fn note(form: &GrantForm) -> Result<Option<String>, Issue> {
    let note = form.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    match note {
        Some(note) if note.chars().count() > LONGEST_TEXT => {
            Err(Issue::new("value", "note", "A note has at most 1000 characters."))
        }
        note => Ok(note.map(str::to_owned)),
    }
}

/// The bits of the chosen categories; who the person is belongs to every grant.
pub(crate) fn categories(chosen: Option<&[Category]>) -> Result<i64, Issue> {
    match chosen {
        None => Ok(Category::everything()),
        Some([]) => Err(Issue::new("required", "categories", "Choose at least one kind of data, or null for all.")),
        Some(list) if list.contains(&Category::Person) => {
            Err(Issue::new("value", "categories", "`person` is part of every grant; leave it out."))
        }
        Some(list) => Ok(list.iter().fold(Category::Person.bit(), |bits, category| bits | category.bit())),
    }
}

/// A day with no more and no less precision.
fn whole_day(text: &str) -> Option<(i64, i64)> {
    if text.len() == 10 { fhir::date::span(text) } else { None }
}

/// The first and last day of stored terms.
pub fn period(terms: &Terms) -> (Option<String>, Option<String>) {
    let day = |ms: i64| Timestamp(ms).to_rfc3339().chars().take(10).collect();
    let from = (terms.lo > UNDATED + 1).then(|| day(terms.lo));
    let to = (terms.hi < i64::MAX).then(|| day(terms.hi - DAY_MS));
    (from, to)
}

/// The categories of stored terms; `None` for all.
pub fn chosen(terms: &Terms) -> Option<Vec<Category>> {
    let listed = |c: &Category| *c != Category::Person && terms.categories & c.bit() != 0;
    (terms.categories & Category::everything() != Category::everything())
        .then(|| Category::ALL.into_iter().filter(listed).collect())
}

pub fn labels(terms: &Terms) -> Vec<Label> {
    Label::ALL.into_iter().filter(|label| terms.labels & label.bit() != 0).collect()
}

/// Whether a grant stands at a time. Its end is the first moment at which it no longer does.
pub const fn state(until: i64, revoked: Option<i64>, now: Timestamp) -> State {
    match revoked {
        Some(_) => State::Revoked,
        None if until > now.0 => State::Active,
        None => State::Expired,
    }
}

const HOUR_MS: i64 = 3_600_000;

/// When to say that a grant will end: a tenth of its time before, and at least three hours, at most a week. What lasts less
/// than a quarter of a day ends before anybody could have wanted to hear of it.
pub const fn warning(now: Timestamp, until: i64) -> Option<Timestamp> {
    let length = until - now.0;
    if until == NO_END || length < 6 * HOUR_MS {
        return None;
    }
    let tenth = length / 10;
    let lead = if tenth < 3 * HOUR_MS {
        3 * HOUR_MS
    } else if tenth > 7 * DAY_MS {
        7 * DAY_MS
    } else {
        tenth
    };
    Some(Timestamp(until - lead))
}

/// Checks a request for access.
pub fn check_request(form: &RequestForm) -> Result<(), Vec<Issue>> {
    let mut issues = Vec::new();
    let typed = form.patient.trim();
    if typed.is_empty() || typed.chars().count() > LONGEST_NAME {
        issues.push(Issue::new("value", "patient", "Type the patient's e-mail address or their share code."));
    }
    let reason = form.reason.trim().chars().count();
    if reason == 0 || reason > LONGEST_TEXT {
        issues.push(Issue::new("value", "reason", "Say in 1 to 1000 characters why you ask: the patient reads it."));
    }
    if kernel::text::hides_in_lines(&form.reason) {
        issues.push(Issue::new("value", "reason", kernel::text::IN_SIGHT));
    }
    if !(1..=LONGEST_DAYS).contains(&form.days) {
        issues.push(Issue::new("value", "days", "Ask for 1 to 36525 days."));
    }
    issues.extend(categories(form.categories.as_deref()).err());
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

/// The form in which e-mail addresses are compared, the same as at the sign-in.
pub fn fold_email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Crockford's base 32: no letter that is mistaken for a digit, and no U (<https://www.crockford.com/base32.html>).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 8;

/// The share code that 40 bits of a keyed hash make.
pub fn share_code(hash: i64) -> String {
    let bits = hash.cast_unsigned();
    (0..CODE_LENGTH).map(|i| char::from(ALPHABET[(bits >> (59 - 5 * i) & 31) as usize])).collect()
}

/// A share code as somebody typed it: in any case, with spaces or hyphens, with O for 0 and I or L for 1.
pub fn read_share_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_LENGTH);
    for letter in text.chars().filter(|c| !matches!(c, ' ' | '-')) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) || code.len() == CODE_LENGTH {
            return None;
        }
        code.push(letter);
    }
    (code.len() == CODE_LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GrantPurpose, GranteeRef};

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn form() -> GrantForm {
        GrantForm {
            grantee: GranteeRef { r#type: GranteeType::Practitioner, id: "p1".into() },
            categories: None,
            from: None,
            to: None,
            labels: Vec::new(),
            sealed: Vec::new(),
            purpose: GrantPurpose::Treatment,
            until: None,
            note: None,
            request: None,
        }
    }

    fn paths(result: Result<Terms, Vec<Issue>>) -> Vec<String> {
        result.err().unwrap_or_default().into_iter().map(|issue| issue.path).collect()
    }

    #[test]
    fn a_grant_of_everything_covers_what_has_no_date_and_no_label() {
        assert_eq!(terms(&form()).unwrap(), Terms::all());
        assert_eq!(chosen(&Terms::all()), None);
        assert_eq!(period(&Terms::all()), (None, None));
    }

    #[test]
    fn the_period_begins_with_its_first_day_and_ends_after_its_last() {
        let both = GrantForm { from: Some("2020-02-29".into()), to: Some("2020-02-29".into()), ..form() };
        let covered = terms(&both).unwrap();
        assert_eq!((covered.lo, covered.hi), (1_582_934_400_000, 1_582_934_400_000 + DAY_MS));
        assert_eq!(period(&covered), (both.from, both.to));
        let half = terms(&GrantForm { to: Some("2020-12-31".into()), ..form() }).unwrap();
        assert!(half.lo > UNDATED, "what has no date is outside of every period");
        assert_eq!(period(&half), (None, Some("2020-12-31".into())));
        let open = terms(&GrantForm { from: Some("2020-01-01".into()), ..form() }).unwrap();
        assert_eq!((open.hi, period(&open).0.as_deref()), (i64::MAX, Some("2020-01-01")));
    }

    #[test]
    fn days_that_do_not_exist_or_run_backwards_are_refused() {
        for day in ["2021-02-29", "2021-02", "2021", "2021-2-1", "yesterday", "2021-01-01T00:00:00Z", ""] {
            assert_eq!(paths(terms(&GrantForm { from: Some(day.into()), ..form() })), ["from"], "{day}");
        }
        let backwards = GrantForm { from: Some("2021-01-02".into()), to: Some("2021-01-01".into()), ..form() };
        assert_eq!(paths(terms(&backwards)), ["to"]);
    }

    #[test]
    fn categories_are_chosen_and_none_is_no_choice() {
        assert_eq!(paths(terms(&GrantForm { categories: Some(vec![]), ..form() })), ["categories"]);
        assert_eq!(paths(terms(&GrantForm { categories: Some(vec![Category::Person]), ..form() })), ["categories"]);
        let two = vec![Category::Medicine, Category::Result];
        let covered = terms(&GrantForm { categories: Some(two.clone()), ..form() }).unwrap();
        assert_eq!(chosen(&covered), Some(two));
        assert_ne!(covered.categories & Category::Person.bit(), 0);
        assert_eq!(covered.categories & Category::Condition.bit(), 0);
    }

    #[test]
    fn labels_are_off_unless_named() {
        assert_eq!(labels(&terms(&form()).unwrap()), []);
        let named = terms(&GrantForm { labels: vec![Label::Hiv, Label::Hiv], ..form() }).unwrap();
        assert_eq!(labels(&named), [Label::Hiv]);
    }

    #[test]
    fn sealed_documents_are_off_unless_named_and_are_given_to_people() {
        use crate::compartment::{COMPARTMENT_BITS, Compartment};
        assert_eq!(terms(&form()).unwrap().labels & COMPARTMENT_BITS, 0);
        let every = GrantForm { labels: Label::ALL.to_vec(), ..form() };
        assert_eq!(Compartment::of_terms(&terms(&every).unwrap()), [], "no label names a compartment");
        let named = GrantForm { sealed: vec![Compartment::MentalHealth, Compartment::General], ..form() };
        let covered = terms(&named).unwrap();
        assert_eq!(Compartment::of_terms(&covered), [Compartment::General, Compartment::MentalHealth]);
        assert_eq!(labels(&covered), [], "and no compartment names a label");
        let clinic = GranteeRef { r#type: GranteeType::Organization, id: "o1".into() };
        assert_eq!(paths(terms(&GrantForm { grantee: clinic, ..named })), ["sealed"]);
    }

    #[test]
    fn a_grant_ends_in_the_future_and_within_a_life() {
        assert_eq!(end(None, NOW).unwrap(), NO_END);
        assert_eq!(end(Some(&NOW.plus_ms(1).to_rfc3339()), NOW).unwrap(), NOW.0 + 1);
        for wrong in [NOW.to_rfc3339(), NOW.plus_ms(-1).to_rfc3339(), NOW.plus_ms(LONGEST_MS + 1).to_rfc3339()] {
            assert_eq!(end(Some(&wrong), NOW).unwrap_err().path, "until", "{wrong}");
        }
        for wrong in ["2030-01-01", "soon", ""] {
            assert!(end(Some(wrong), NOW).is_err(), "{wrong}");
        }
        assert!(end(Some(&NOW.plus_ms(LONGEST_MS).to_rfc3339()), NOW).is_ok());
    }

    #[test]
    fn a_grant_is_expired_from_its_end_on() {
        assert_eq!(state(NOW.0 + 1, None, NOW), State::Active);
        assert_eq!(state(NOW.0, None, NOW), State::Expired);
        assert_eq!(state(NO_END, None, NOW), State::Active);
        assert_eq!(state(NO_END, Some(NOW.0), NOW), State::Revoked);
        assert_eq!(state(NOW.0 - 5, Some(NOW.0 - 9), NOW), State::Revoked);
    }

    #[test]
    fn a_note_is_trimmed_and_has_a_limit() {
        let with = |text: &str| note(&GrantForm { note: Some(text.into()), ..form() });
        assert_eq!(with("  for the knee ").unwrap().as_deref(), Some("for the knee"));
        assert_eq!(with("  ").unwrap(), None);
        assert!(with(&"é".repeat(1000)).is_ok());
        assert_eq!(with(&"é".repeat(1001)).unwrap_err().path, "note");
    }

    #[test]
    fn a_request_says_whom_why_and_for_how_long() {
        let good = RequestForm { patient: "a@b.c".into(), reason: "knee".into(), categories: None, days: 30 };
        assert_eq!(check_request(&good), Ok(()));
        let bad = RequestForm { patient: " ".into(), reason: String::new(), categories: Some(vec![]), days: 0 };
        let paths: Vec<_> = check_request(&bad).unwrap_err().into_iter().map(|issue| issue.path).collect();
        assert_eq!(paths, ["patient", "reason", "days", "categories"]);
        assert!(check_request(&RequestForm { days: 36_526, ..good }).is_err());
    }

    #[test]
    fn a_share_code_survives_how_people_write() {
        for hash in [0, -1, i64::MIN, 0x0123_4567_89ab_cdef] {
            let code = share_code(hash);
            assert_eq!(read_share_code(&code), Some(code.clone()));
            assert_eq!(read_share_code(&format!(" {}-{} ", &code[..4], &code[4..]).to_lowercase()), Some(code));
        }
        assert_eq!(read_share_code("oil0-OIL0").as_deref(), Some("01100110"));
        for wrong in ["", "1234567", "123456789", "1234567U", "1234567é", "a@b.c"] {
            assert_eq!(read_share_code(wrong), None, "{wrong}");
        }
        assert_ne!(share_code(1 << 24), share_code(0), "the lowest bit used counts");
        assert_eq!(share_code((1 << 24) - 1), share_code(0), "24 bits are left over");
    }

    #[test]
    fn e_mail_addresses_are_compared_without_case_and_space() {
        assert_eq!(fold_email("  Ann.DOE@Example.org "), "ann.doe@example.org");
    }
}
