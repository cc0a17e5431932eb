//! One-time codes, and what each is bound to.

use kernel::Rng;
use kernel::rng::bytes;
use kernel::{Issue, Timestamp};
use vault::Vault;

use super::model::Change;

pub const TRIES: i64 = 5;
pub const MINUTES: i64 = 10;
const DIGITS: usize = 8;

/// Eight digits by chance, each as likely as the other: a draw that would favour some is drawn again.
pub fn draw(rng: &dyn Rng) -> String {
    const ALL: u32 = 100_000_000;
    loop {
        let drawn = u32::from_le_bytes(bytes(rng));
        if drawn < u32::MAX - u32::MAX % ALL {
            return format!("{:08}", drawn % ALL);
        }
    }
}

/// A code as it was typed, without the spaces that make it readable.
pub fn read(typed: &str) -> Result<String, Issue> {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
    match digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(digits),
        false => Err(Issue::new("value", "code", "The code has eight digits.")),
    }
}

pub fn until(now: Timestamp) -> Timestamp {
    now.plus_minutes(MINUTES)
}

/// Everything that a draft says, so that no two drafts that differ in anything have the same bytes: each part comes behind
/// its length. The numbers are those of the patient, the author's account, the draft and its version.
pub fn content(numbers: [i64; 4], reason: &str, changes: &[Change]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut part = |bytes: &[u8]| {
        out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    part(b"healthsync edit 1");
    for number in numbers {
        part(&number.to_le_bytes());
    }
    part(reason.as_bytes());
    for change in changes {
        part(change.act.as_str().as_bytes());
        part(change.kind.as_bytes());
        part(change.id.as_bytes());
        part(&change.version.to_le_bytes());
        part(change.resource.as_bytes());
        part(change.before.as_bytes());
    }
    out
}

/// SHA-256 of what a draft says.
pub fn digest(content: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, content).as_ref());
    out
}

/// The keyed hash of a code for a content: the server cannot guess it back without its key, and it fits nothing else.
pub fn term(vault: &Vault, content: &[u8], code: &str) -> [u8; 32] {
    let mut all = Vec::with_capacity(content.len() + code.len() + 8);
    all.extend_from_slice(&(code.len() as u64).to_le_bytes());
    all.extend_from_slice(code.as_bytes());
    all.extend_from_slice(content);
    vault.terms().digest(b"edit code", &all)
}

/// What a visit's code is bound to.
pub fn visit(patient: i64, account: i64, session: i64) -> Vec<u8> {
    content([patient, account, session, -1], "", &[])
}

#[cfg(test)]
mod tests {
    use super::super::model::Act;
    use super::*;
    use kernel::SystemRng;
    use proptest::prelude::*;

    fn change(id: &str, resource: &str) -> Change {
        Change {
            act: Act::Add,
            kind: "Condition".into(),
            id: id.into(),
            version: 0,
            resource: resource.into(),
            before: String::new(),
        }
    }

    #[test]
    fn a_code_is_eight_digits_however_it_is_typed() {
        let code = draw(&SystemRng);
        assert_eq!(code.len(), 8);
        assert_eq!(read(" 1234 56-78 ").unwrap(), "12345678");
        for wrong in ["1234567", "123456789", "1234567a", "", "１２３４５６７８"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let act = prop_oneof![Just(Act::Add), Just(Act::Correct), Just(Act::Remove)];
        let one = (act, "[A-C]{0,2}", "[a-b]{0,2}", 0..3_i64, "[x-z]{0,2}", "[x-z]{0,2}");
        let one = one.prop_map(|(act, kind, id, version, resource, before)| Change {
            act,
            kind,
            id,
            version,
            resource,
            before,
        });
        prop::collection::vec(one, 0..3)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// Parts that run together otherwise (`ab`+`c`, `a`+`bc`) are as different as any.
        #[test]
        fn drafts_that_differ_in_anything_have_different_content(
            a in (0..2_i64, 0..2_i64, 0..2_i64, "[a-b]{0,2}", changes()),
            b in (0..2_i64, 0..2_i64, 0..2_i64, "[a-b]{0,2}", changes()),
        ) {
            let of = |(p, c, e, reason, changes): &(i64, i64, i64, String, Vec<Change>)| content([*p, *c, *e, 1], reason, changes);
            prop_assert_eq!(of(&a) == of(&b), a == b);
        }
    }

    #[test]
    fn a_visit_is_no_draft() {
        assert_ne!(visit(1, 2, 3), content([1, 2, 3, 1], "", &[]));
        assert_ne!(content([1, 2, 3, 1], "", &[change("a", "")]), content([1, 2, 3, 1], "", &[change("", "a")]));
    }
}
