//! Pure decisions: when a child comes of age, and how far somebody may act for another.

use crate::access::Terms;
use crate::marks::{Category, LABEL_BITS, UNDATED};
use kernel::{Behalf, Issue, Timestamp};

pub const ONLY_LOOKS: &str = "You were let look at this record, and not change or share anything in it.";

/// The age at which a child decides alone.
const OF_AGE: i64 = 18;

const LONGEST_NAME: usize = 254;

/// The first moment at which somebody born on this day is of age. Of a date that is not exact the earliest day counts;
/// whoever was born on 29 February is of age on 1 March. `None` when it is no date.
pub fn of_age_at(birth: &str) -> Option<Timestamp> {
    let (first, _) = fhir::date::span(birth)?;
    let day: String = Timestamp(first).to_rfc3339().chars().take(10).collect();
    let (year, rest) = (day.get(..4)?.parse::<i64>().ok()?, day.get(4..)?);
    let then = format!("{:04}{rest}", year + OF_AGE);
    let found = fhir::date::span(&then).or_else(|| fhir::date::span(&format!("{:04}-03-01", year + OF_AGE)));
    found.map(|(day, _)| Timestamp(day))
}

/// Whether a date of birth names a day.
pub fn is_day(birth: &str) -> bool {
    birth.len() == 10 && fhir::date::span(birth).is_some()
}

/// What somebody who looks after a record sees of it.
pub fn terms_of(behalf: &Behalf) -> Terms {
    Terms { categories: behalf.categories, labels: behalf.labels, lo: UNDATED, hi: i64::MAX }
}

/// Whether these are all kinds of data and all sensitive areas.
pub fn is_whole(categories: i64, labels: i64) -> bool {
    categories & Category::everything() == Category::everything() && labels & LABEL_BITS == LABEL_BITS
}

/// What somebody gives away for another must lie within what they were given themselves.
pub fn beyond(behalf: &Behalf, terms: Terms, until: i64) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut say = |path: &str, text: &str| issues.push(Issue::new("value", path, text));
    if terms.categories & !behalf.categories != 0 {
        say("categories", "You can share only the kinds of data that you may see yourself.");
    }
    if terms.labels & !behalf.labels != 0 {
        say("labels", "You can share only the sensitive areas that you may see yourself.");
    }
    // A guardian's own end is the child's coming of age: what a parent arranged may outlast it, as it does on paper.
    if !behalf.guardian && until > behalf.until.0 {
        say("until", "You can give access only for as long as you look after this record yourself.");
    }
    issues
}

pub fn check_person(typed: &str) -> Result<String, Issue> {
    let typed = typed.trim();
    match (1..=LONGEST_NAME).contains(&typed.chars().count()) {
        true => Ok(typed.to_owned()),
        false => Err(Issue::new("value", "person", "Type the user name or e-mail address of the person.")),
    }
}

pub fn check_reason(reason: &str) -> Result<String, Issue> {
    let reason = reason.trim();
    match (10..=1000).contains(&reason.chars().count()) {
        true => Ok(reason.to_owned()),
        false => {
            Err(Issue::new("value", "reason", "Say in 10 to 1000 characters what it rests on: all concerned read it."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn day(text: &str) -> Timestamp {
        Timestamp::parse(&format!("{text}T00:00:00Z")).unwrap()
    }

    #[test]
    fn a_child_is_of_age_on_the_eighteenth_birthday() {
        assert_eq!(of_age_at("2010-06-15"), Some(day("2028-06-15")));
        assert_eq!(of_age_at("2008-02-29"), Some(day("2026-03-01")));
        assert_eq!(of_age_at("2010-06"), Some(day("2028-06-01")), "the earliest day counts");
        assert_eq!(of_age_at("2010"), Some(day("2028-01-01")));
        for wrong in ["", "soon", "2010-13-01", "2010-02-30"] {
            assert_eq!(of_age_at(wrong), None, "{wrong}");
        }
        assert!(is_day("2010-06-15") && !is_day("2010-06") && !is_day("2010-06-31"));
    }

    #[test]
    fn nobody_gives_away_more_than_they_have() {
        let behalf = |guardian| Behalf {
            delegation: 1,
            account: Id::new(1),
            patient: Id::new(2),
            guardian,
            acts: true,
            categories: Category::Result.bit() | Category::Person.bit(),
            labels: 0,
            whole: false,
            until: Timestamp(100),
        };
        let paths = |terms, until, guardian| -> Vec<String> {
            beyond(&behalf(guardian), terms, until).into_iter().map(|issue| issue.path).collect()
        };
        let within = Terms { categories: Category::Result.bit(), ..Terms::all() };
        assert_eq!(paths(within, 100, false), [""; 0]);
        assert_eq!(paths(within, 101, false), ["until"]);
        assert_eq!(paths(within, 101, true), [""; 0], "what a parent arranged may outlast the childhood");
        assert_eq!(paths(Terms { labels: 1, ..Terms::all() }, 1, false), ["categories", "labels"]);
    }

    #[test]
    fn all_kinds_and_all_areas_are_the_whole_record() {
        assert!(is_whole(Category::everything(), LABEL_BITS));
        assert!(!is_whole(Category::everything(), 0));
        assert!(!is_whole(Category::Result.bit(), LABEL_BITS));
    }
}
