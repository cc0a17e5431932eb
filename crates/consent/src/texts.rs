//! The words that a patient agrees to when giving access, by version.
//!
//! Always holds: what somebody agreed to is never changed. New words are a new file with the next number, and its digest.

use ring::digest::{SHA256, digest};
use serde::Serialize;
use utoipa::ToSchema;

/// One version of the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentText {
    pub version: i64,
    /// The first day on which it was agreed to.
    #[schema(format = Date)]
    pub since: &'static str,
    /// Plain text; an empty line stands between paragraphs.
    pub text: &'static str,
    /// SHA-256 of the text, hexadecimal: it stays the same for good.
    pub sha256: String,
}

/// Day and words of each version, the first first.
const TEXTS: [(&str, &str); 1] = [("2026-11-22", include_str!("texts/1.txt"))];

/// The version that is agreed to now.
pub const CURRENT: i64 = TEXTS.len() as i64;

/// The words of a version.
pub fn find(version: i64) -> Option<ConsentText> {
    let at = usize::try_from(version).ok()?.checked_sub(1)?;
    let (since, text) = *TEXTS.get(at)?;
    let hash = digest(&SHA256, text.as_bytes());
    let sha256 = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(ConsentText { version, since, text, sha256 })
}

/// All versions, the newest first.
pub fn all() -> Vec<ConsentText> {
    (1..=CURRENT).rev().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was agreed to. Whoever changes the words adds a version, and its digest here.
    const AGREED: [&str; 1] = ["accbb3e66281455ff44d612d27f82291b63f9039a4c96265a073e32d650c41c7"];

    #[test]
    fn no_text_that_somebody_agreed_to_was_changed() {
        let found: Vec<String> = (1..=CURRENT).map(|version| find(version).unwrap().sha256).collect();
        assert_eq!(found, AGREED, "new words are a new version: texts/{}.txt", CURRENT + 1);
        assert_eq!((find(0), find(CURRENT + 1), find(-1)), (None, None, None));
    }

    #[test]
    fn versions_follow_each_other_in_time() {
        let days: Vec<&str> = all().iter().rev().map(|text| text.since).collect();
        assert!(days.is_sorted() && days.iter().all(|day| fhir::date::span(day).is_some()));
    }
}
