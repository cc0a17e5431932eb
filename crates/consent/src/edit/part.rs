//! Whoever looks after a part of a record, and may act in it, answers the changes that lie wholly within that part: before and
//! after, each of them. The others do not exist for them, like the entries they are about.

use super::model::Change;
use crate::access::{Marked, Terms};
use crate::family::terms_of;
use crate::marks::{UNDATED, marks};
use fhir::Kind;
use kernel::Ctx;

/// Whether the caller, in the record that is open, may see a draft of these changes. Whose record it is, sees all.
pub(super) fn reaches(ctx: &Ctx, changes: &[Change]) -> bool {
    let Some(behalf) = ctx.behalf().filter(|behalf| !behalf.whole) else { return true };
    behalf.acts && changes.iter().all(|change| within(terms_of(behalf), change))
}

fn within(terms: Terms, change: &Change) -> bool {
    let Some(kind) = Kind::parse(&change.kind) else { return false };
    let said = || [&change.before, &change.resource].into_iter().filter(|json| !json.is_empty());
    // What a delegation covers has no dates.
    let covered = |json: &String| {
        let node = fhir::json::parse(json.as_bytes());
        node.is_ok_and(|node| terms.cover(Marked { marks: marks(kind, &node), time: UNDATED }))
    };
    said().next().is_some() && said().all(covered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Act;
    use crate::marks::{Category, Label};

    fn change(before: &str, resource: &str) -> Change {
        Change {
            act: Act::Correct,
            kind: "Condition".to_owned(),
            id: "c1".to_owned(),
            version: 1,
            resource: resource.to_owned(),
            before: before.to_owned(),
        }
    }

    #[test]
    fn a_change_lies_within_a_part_when_it_does_so_before_and_after() {
        let plain = r#"{"resourceType":"Condition","code":{"text":"Asthma"}}"#;
        let hidden = r#"{"resourceType":"Condition","meta":{"security":[{
            "system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]},"code":{"text":"Fear"}}"#;
        let conditions = Terms { categories: Category::Condition.bit(), ..Terms::all() };
        let results = Terms { categories: Category::Result.bit(), ..Terms::all() };
        let all =
            |terms, pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| within(terms, &change(a, b))).collect::<Vec<_>>();
        let pairs = [(plain, plain), ("", plain), (plain, ""), (plain, hidden), (hidden, plain), ("", "")];
        assert_eq!(all(conditions, &pairs), [true, true, true, false, false, false]);
        let also = Terms { labels: Label::ALL.iter().fold(0, |bits, label| bits | label.bit()), ..conditions };
        assert_eq!(all(also, &pairs), [true, true, true, true, true, false]);
        assert_eq!(all(results, &pairs), [false; 6]);
    }
}
