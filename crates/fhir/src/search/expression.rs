//! The part of FHIRPath that R4's search parameters are written in.

use crate::Kind;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Field(&'static str),
    /// `as T`, `as(T)` and `ofType(T)`.
    As(&'static str),
    /// `where(resolve() is T)`
    PointsTo(Kind),
    /// `where(name='text')`
    Equals(&'static str, &'static str),
}

#[derive(Debug, PartialEq)]
pub(super) struct Path {
    pub steps: Vec<Step>,
    /// The path is of the form `P.exists() and P != false`: true or false is what counts, also where nothing is.
    pub truth: bool,
}

/// The paths of a union, relative to the resource; an error says what is not understood.
pub(super) fn parse(kind: Kind, expression: &'static str) -> Result<Vec<Path>, String> {
    expression.split('|').map(|part| path(kind, part.trim())).collect()
}

fn path(kind: Kind, text: &'static str) -> Result<Path, String> {
    if let Some((left, right)) = text.split_once(" and ") {
        let same = left.strip_suffix(".exists()").filter(|left| right.strip_suffix(" != false") == Some(left));
        let path = same.ok_or_else(|| format!("not understood: {text}"))?;
        return Ok(Path { steps: steps(kind, path)?, truth: true });
    }
    Ok(Path { steps: steps(kind, text)?, truth: false })
}

fn steps(kind: Kind, text: &'static str) -> Result<Vec<Step>, String> {
    if let Some(inner) = text.strip_prefix('(') {
        let (inner, rest) = inner.split_once(')').ok_or_else(|| format!("not closed: {text}"))?;
        let (path, ty) = inner.split_once(" as ").ok_or_else(|| format!("not understood: {inner}"))?;
        let mut found = steps(kind, path.trim())?;
        found.push(Step::As(ty.trim()));
        return follow(rest, found);
    }
    let rest = text.strip_prefix(kind.name()).ok_or_else(|| format!("not a path of {kind}: {text}"))?;
    follow(rest, Vec::new())
}

fn follow(mut rest: &'static str, mut found: Vec<Step>) -> Result<Vec<Step>, String> {
    while !rest.is_empty() {
        let dotted = rest.strip_prefix('.').ok_or_else(|| format!("not understood: {rest}"))?;
        let end = dotted.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(dotted.len());
        let (name, after) = dotted.split_at(end);
        let Some(called) = after.strip_prefix('(') else {
            found.push(Step::Field(name));
            rest = after;
            continue;
        };
        let closing = closing(called).ok_or_else(|| format!("not closed: {rest}"))?;
        found.push(call(name, &called[..closing])?);
        rest = &called[closing + 1..];
    }
    Ok(found)
}

/// Where the parenthesis closes that was opened before the text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.bytes().position(|byte| {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        depth == 0
    })
}

fn call(name: &'static str, argument: &'static str) -> Result<Step, String> {
    let unknown = || format!("not understood: {name}({argument})");
    match name {
        "as" | "ofType" => Ok(Step::As(argument)),
        "where" => match argument.strip_prefix("resolve() is ") {
            Some(ty) => Kind::parse(ty.trim()).map(Step::PointsTo).ok_or_else(unknown),
            None => {
                let (field, literal) = argument.split_once('=').ok_or_else(unknown)?;
                let literal =
                    literal.trim().strip_prefix('\'').and_then(|l| l.strip_suffix('\'')).ok_or_else(unknown)?;
                Ok(Step::Equals(field.trim(), literal))
            }
        },
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_r4_uses_are_understood() {
        use Step::{As, Equals, Field, PointsTo};
        let steps = |kind, text| parse(kind, text).unwrap().into_iter().map(|path| path.steps).collect::<Vec<_>>();
        assert_eq!(
            steps(Kind::Observation, "(Observation.value as string) | (Observation.value as CodeableConcept).text"),
            [vec![Field("value"), As("string")], vec![Field("value"), As("CodeableConcept"), Field("text")]]
        );
        assert_eq!(steps(Kind::Condition, "Condition.onset.as(Age)"), [[Field("onset"), As("Age")]]);
        assert_eq!(
            steps(Kind::Account, "Account.subject.where(resolve() is Patient)"),
            [[Field("subject"), PointsTo(Kind::Patient)]]
        );
        assert_eq!(
            steps(Kind::Patient, "Patient.telecom.where(system='email')"),
            [[Field("telecom"), Equals("system", "email")]]
        );
        assert!(parse(Kind::Patient, "Patient.deceased.exists() and Patient.deceased != false").unwrap()[0].truth);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in
            ["Patient.name.first()", "Bundle.entry[0].resource", "Patient.a and Patient.b", "(Patient.name", "name"]
        {
            assert!(parse(Kind::Patient, text).is_err(), "{text}");
        }
    }
}
