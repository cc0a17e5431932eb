//! OperationOutcome, the FHIR form of success notes and errors.

use crate::Node;
use kernel::{Issue, Problem};

/// The outcome that tells a problem; its issues, or the problem itself when it has none.
pub fn from_problem(problem: &Problem) -> Vec<u8> {
    let whole = [Issue::new(issue_code(problem), "", problem.detail.clone())];
    let issues = if problem.issues.is_empty() { &whole[..] } else { &problem.issues };
    outcome(issues.iter().map(|found| issue("error", found.code, &found.text, &found.path)))
}

/// The outcome that only says something.
pub fn information(text: &str) -> Vec<u8> {
    outcome([issue("information", "informational", text, "")])
}

/// The FHIR issue type of a problem. Its own word is one of them or is mapped by the status.
fn issue_code(problem: &Problem) -> &'static str {
    const TYPES: [&str; 31] = [
        "invalid",
        "structure",
        "required",
        "value",
        "invariant",
        "security",
        "login",
        "unknown",
        "expired",
        "forbidden",
        "suppressed",
        "processing",
        "not-supported",
        "duplicate",
        "multiple-matches",
        "not-found",
        "deleted",
        "too-long",
        "code-invalid",
        "extension",
        "too-costly",
        "business-rule",
        "conflict",
        "transient",
        "lock-error",
        "no-store",
        "exception",
        "timeout",
        "incomplete",
        "throttled",
        "informational",
    ];
    if TYPES.contains(&problem.kind) {
        return problem.kind;
    }
    match problem.status {
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        405 | 406 | 415 | 501 => "not-supported",
        409 | 412 => "conflict",
        410 => "deleted",
        413 => "too-long",
        429 => "throttled",
        503 => "transient",
        500.. => "exception",
        _ => "processing",
    }
}

fn issue<'a>(severity: &'a str, code: &'a str, text: &'a str, path: &'a str) -> Node<'a> {
    let details = Node::object([("text", Node::from(text))]);
    let mut issue = Node::object([("severity", severity.into()), ("code", code.into()), ("details", details)]);
    if !path.is_empty() {
        issue.set("expression", Node::Array(vec![path.into()]));
    }
    issue
}

fn outcome<'a>(issues: impl IntoIterator<Item = Node<'a>>) -> Vec<u8> {
    let issues = Node::Array(issues.into_iter().collect());
    Node::object([("resourceType", Node::from("OperationOutcome")), ("issue", issues)]).to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_issue_of_a_problem_is_told_with_its_place() {
        let issues = vec![Issue::new("required", "Observation.status", "A \"status\" was expected.")];
        let bytes = from_problem(&Problem::unprocessable(issues));
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"required","details":{"text":"A \"status\" was expected."},"expression":["Observation.status"]}]}"#
        );
    }

    #[test]
    fn a_problem_without_issues_is_told_as_one_with_a_fhir_code() {
        for (problem, code) in [
            (Problem::not_found(), "not-found"),
            (Problem::gone(), "deleted"),
            (Problem::new(429, "rate-limited", "Slow down."), "throttled"),
            (Problem::new(400, "weird", "No."), "processing"),
        ] {
            let bytes = from_problem(&problem);
            let node = crate::json::parse(&bytes).unwrap();
            let issue = &node.array_of("issue")[0];
            assert_eq!(issue.str_of("code"), Some(code));
            assert_eq!(issue.at(&["details", "text"]).unwrap().as_str(), Some(problem.detail.as_str()));
            assert_eq!(issue.get("expression"), None);
        }
    }

    #[test]
    fn an_information_is_not_an_error() {
        let bytes = information("All is well.");
        assert!(String::from_utf8(bytes).unwrap().contains(r#""severity":"information","code":"informational""#));
    }
}
