//! Pure decisions: what may be handed in, and what a step does to a verification.

use super::model::{Check, Detail, Details, State};
use crate::rules::fits;
use kernel::{Issue, Problem, text};

/// The largest paper.
pub const CREDENTIAL_BYTES: u64 = 5 << 20;
/// Papers of one clinician: a licence, a diploma, a passport, and some to spare.
pub const MOST_CREDENTIALS: usize = 8;
/// Different administrators who must find the same thing good.
pub const CHECKS: usize = 2;

/// What a file is by its first bytes. The name and what the sender says of it count for nothing.
pub fn media_type(content: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 3] =
        [(b"%PDF-", "application/pdf"), (b"\xFF\xD8\xFF", "image/jpeg"), (b"\x89PNG\r\n\x1A\n", "image/png")];
    KNOWN.into_iter().find(|(mark, _)| content.starts_with(mark)).map(|(_, name)| name)
}

/// The name of a file without the folders some browsers put before it.
pub fn file_name(text: &str) -> Option<String> {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    (fits(name, 120) && !name.contains('"')).then(|| name.to_owned())
}

/// The details without blanks around them, or what is wrong with them.
pub fn checked(details: Details) -> Result<Details, Vec<Issue>> {
    let trimmed = Details {
        registration_number: details.registration_number.trim().to_owned(),
        register: details.register.trim().to_owned(),
        profession: details.profession.trim().to_owned(),
        workplace: details.workplace.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
    };
    let mut issues = Vec::new();
    let number = &trimmed.registration_number;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | ' ');
    if !(2..=40).contains(&number.chars().count()) || !number.chars().all(plain) {
        let text = "A registration number has 2 to 40 letters and digits, as the register writes it.";
        issues.push(Issue::new("value", "registrationNumber", text));
    }
    let texts = [
        ("register", Some(&trimmed.register), 2),
        ("profession", Some(&trimmed.profession), 2),
        ("workplace", trimmed.workplace.as_ref(), 1),
    ];
    for (field, line, least) in texts {
        let good = |line: &String| (least..=120).contains(&line.chars().count()) && !text::hides(line);
        if !line.is_none_or(good) {
            issues.push(Issue::new("value", field, format!("Give {least} to 120 characters.")));
        }
    }
    if issues.is_empty() { Ok(trimmed) } else { Err(issues) }
}

/// What has to be there before it can be handed in.
pub fn missing(detail: &Detail, documents: usize) -> Vec<&'static str> {
    let details = detail.details.is_none().then_some("details");
    let documents = (documents == 0).then_some("documents");
    details.into_iter().chain(documents).collect()
}

/// Whatever changes takes it out of the queue, and nobody has found it good any more.
pub fn changed(detail: &mut Detail) -> State {
    detail.checks.clear();
    State::Draft
}

/// An administrator finds it good. The same one twice is one pair of eyes.
pub fn check(state: State, detail: &mut Detail, by: Check) -> Result<State, Problem> {
    match state {
        State::Verified => return Ok(State::Verified),
        State::Draft | State::Returned => {
            return Err(Problem::conflict("This clinician has not handed in anything that waits for a check."));
        }
        State::Waiting | State::Checked => {}
    }
    if detail.checks.iter().any(|known| known.account == by.account) {
        let text = "You have checked this already. Another administrator must look at it too.";
        return Err(Problem::new(409, "same-person", text));
    }
    detail.checks.push(by);
    Ok(if detail.checks.len() >= CHECKS { State::Verified } else { State::Checked })
}

pub fn reason_issue(reason: &str) -> Option<Issue> {
    let fits = (3..=500).contains(&reason.trim().chars().count());
    (!fits).then(|| Issue::new("value", "reason", "Say in 3 to 500 characters what is missing. They will read it."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details() -> Details {
        Details {
            registration_number: " 7 654-321 ".to_owned(),
            register: "General Medical Council".to_owned(),
            profession: "Cardiologist".to_owned(),
            workplace: Some("  ".to_owned()),
        }
    }

    fn by(account: i64) -> Check {
        Check { account, name: format!("Administrator {account}"), time: String::new() }
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(media_type(b"%PDF-1.7 \x00"), Some("application/pdf"));
        assert_eq!(media_type(b"\xFF\xD8\xFF\xE0"), Some("image/jpeg"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1A\n..."), Some("image/png"));
        for other in [&b"<html>"[..], b"GIF89a", b"", b"MZ", b" %PDF-1.7", b"\x89PNG\n"] {
            assert_eq!(media_type(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_file_name_has_no_folder_and_nothing_that_could_end_a_header() {
        assert_eq!(file_name("C:\\papers\\licence.pdf").as_deref(), Some("licence.pdf"));
        assert_eq!(file_name("../../licence.pdf").as_deref(), Some("licence.pdf"));
        for bad in ["", " ", "papers/", "a\"b.pdf", "a\r\nb.pdf", &"x".repeat(121)] {
            assert_eq!(file_name(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn details_are_trimmed_and_each_fault_is_named() {
        let good = checked(details()).unwrap();
        assert_eq!((good.registration_number.as_str(), good.workplace), ("7 654-321", None));
        for (wrong, field) in [
            (Details { registration_number: "7".to_owned(), ..details() }, "registrationNumber"),
            (Details { registration_number: "<script>".to_owned(), ..details() }, "registrationNumber"),
            (Details { register: String::new(), ..details() }, "register"),
            (Details { profession: "x".repeat(121), ..details() }, "profession"),
            (Details { workplace: Some("a\u{7}b".to_owned()), ..details() }, "workplace"),
        ] {
            let issues = checked(wrong).unwrap_err();
            assert_eq!(issues.iter().map(|issue| issue.path.as_str()).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn two_different_administrators_make_a_clinician_and_one_does_not() {
        let mut detail = Detail::default();
        assert_eq!(check(State::Waiting, &mut detail, by(1)).unwrap(), State::Checked);
        let again = check(State::Checked, &mut detail, by(1)).unwrap_err();
        assert_eq!((again.status, again.kind), (409, "same-person"));
        assert_eq!(detail.checks.len(), 1);
        assert_eq!(check(State::Checked, &mut detail, by(2)).unwrap(), State::Verified);
    }

    #[test]
    fn what_was_changed_or_never_handed_in_is_found_good_by_nobody() {
        let mut detail = Detail { checks: vec![by(1)], ..Detail::default() };
        assert_eq!(changed(&mut detail), State::Draft);
        assert!(detail.checks.is_empty());
        for state in [State::Draft, State::Returned] {
            assert_eq!(check(state, &mut detail, by(2)).unwrap_err().status, 409);
        }
    }

    #[test]
    fn details_and_a_paper_are_needed_to_hand_in() {
        assert_eq!(missing(&Detail::default(), 0), ["details", "documents"]);
        let detail = Detail { details: Some(details()), ..Detail::default() };
        assert_eq!(missing(&detail, 0), ["documents"]);
        assert!(missing(&detail, 1).is_empty());
    }
}
