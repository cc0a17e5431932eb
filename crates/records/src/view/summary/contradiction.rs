//! "No known allergy" beside a recorded allergy. Who reads the first and not the second gives the medicine that harms: the
//! recorded allergy stands, the denial is left out of what is read in a hurry, and that there is one is said in words.
//!
//! A denial is no proof: it is asked at the door of every visit and copied on. A wrong entry of an allergy costs another
//! medicine, an unnoticed one can cost the life.

use super::choose::Standing;
use crate::error::Error;
use crate::view::{found, words};
use fhir::{Kind, Node};

/// What a denial speaks of: every allergy, or one `AllergyIntolerance.category`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Denied {
    All,
    Only(&'static str),
}

use Denied::{All, Only};

/// SNOMED CT (situations of `No known allergy`), and the codes of `absent-unknown-uv-ips` of the International Patient Summary.
const DENIALS: [(&str, Denied); 9] = [
    ("716186003", All),
    ("409137002", Only("medication")),
    ("429625007", Only("food")),
    ("428607008", Only("environment")),
    ("428197003", Only("environment")),
    ("no-known-allergies", All),
    ("no-known-medication-allergies", Only("medication")),
    ("no-known-food-allergies", Only("food")),
    ("no-known-environmental-allergies", Only("environment")),
];

/// How it is written where nobody coded it.
const WRITTEN: [&str; 5] = ["no known allerg", "no allergies known", "nka", "nkda", "no known drug allerg"];

pub const SAID: &str = "Another entry says that no allergy is known. It contradicts what is recorded here and is left out: what \
                        is recorded counts until somebody has cleared it up.";

fn denial(node: &Node<'_>) -> Option<Denied> {
    let concept = node.get("code")?;
    let codes = concept.array_of("coding").iter().filter_map(|coding| coding.str_of("code"));
    let coded = codes.into_iter().find_map(|code| DENIALS.iter().find(|(known, _)| *known == code));
    if let Some((_, denied)) = coded {
        return Some(*denied);
    }
    let text = fhir::search::query::fold(&words::concept_of(node, "code").unwrap_or_default());
    let drug = text.starts_with("nkda") || text.starts_with("no known drug allerg");
    let written = WRITTEN.iter().any(|words| match words.contains(' ') {
        true => text.starts_with(words),
        false => text.split(|c: char| !c.is_alphanumeric()).next() == Some(*words),
    });
    written.then_some(if drug { Only("medication") } else { All })
}

/// Whether an allergy that is recorded, and not over, is one of those that a denial speaks of. Of what kind it is need not be
/// said: then it can be any.
fn contradicts(denied: Denied, allergy: &Node<'_>) -> bool {
    let kinds = allergy.array_of("category");
    match denied {
        All => true,
        Only(kind) => kinds.is_empty() || kinds.iter().filter_map(Node::as_str).any(|known| known == kind),
    }
}

/// What has not been said to be over may be going on, as in a summary.
fn over(node: &Node<'_>) -> bool {
    matches!(crate::view::describe::status(node), Some("inactive" | "resolved"))
}

/// Leaves out the denials that a recorded allergy contradicts, and says so.
pub fn settle(standing: &mut Vec<Standing>) -> Result<Option<&'static str>, Error> {
    let (mut denials, mut contradicted) = (Vec::new(), vec![false; standing.len()]);
    for (at, one) in standing.iter().enumerate().filter(|(_, one)| one.stored.kind == Kind::AllergyIntolerance) {
        if let Some(denied) = denial(&found::parse(&one.stored)?) {
            denials.push((at, denied));
        }
    }
    if denials.is_empty() {
        return Ok(None);
    }
    for one in standing.iter().filter(|one| one.stored.kind == Kind::AllergyIntolerance) {
        let node = found::parse(&one.stored)?;
        if denial(&node).is_some() || over(&node) {
            continue;
        }
        for (at, denied) in &denials {
            contradicted[*at] |= contradicts(*denied, &node);
        }
    }
    let said = contradicted.contains(&true).then_some(SAID);
    let mut left_out = contradicted.into_iter();
    standing.retain(|_| !left_out.next().unwrap_or(false));
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(json: &str) -> Node<'_> {
        fhir::json::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_denial_is_known_by_its_code_and_by_its_words() {
        for (json, denied) in [
            (r#"{"code":{"coding":[{"code":"716186003"}]}}"#, Some(All)),
            (r#"{"code":{"coding":[{"code":"409137002"}],"text":"whatever"}}"#, Some(Only("medication"))),
            (r#"{"code":{"text":"No Known Allergies"}}"#, Some(All)),
            (r#"{"code":{"text":"NKDA"}}"#, Some(Only("medication"))),
            (r#"{"code":{"text":"NKA (asked today)"}}"#, Some(All)),
            (r#"{"code":{"text":"Penicillin"}}"#, None),
            (r#"{"code":{"text":"Nkanga fruit"}}"#, None),
            (r"{}", None),
        ] {
            assert_eq!(denial(&node(json)), denied, "{json}");
        }
    }

    #[test]
    fn a_denial_of_one_kind_is_contradicted_by_that_kind_and_by_one_that_is_not_said() {
        let food = node(r#"{"category":["food"]}"#);
        let unsaid = node(r#"{"code":{"text":"Penicillin"}}"#);
        assert!(
            contradicts(All, &food) && contradicts(Only("food"), &food) && contradicts(Only("medication"), &unsaid)
        );
        assert!(!contradicts(Only("medication"), &food));
    }
}
