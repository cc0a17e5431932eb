//! What went wrong, said so that the caller can act on it: problem+json on `/api`, OperationOutcome on `/fhir`.

use std::fmt;

/// One finding, with the place it was found at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// A code of the FHIR issue-type value set: `structure`, `required`, `value`, `invariant`, `not-found`, …
    pub code: &'static str,
    /// FHIRPath of the element, such as `Patient.name[0].given`; empty when it is about the whole.
    pub path: String,
    /// A sentence for a person. Never a health value.
    pub text: String,
}

impl Issue {
    pub fn new(code: &'static str, path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { code, path: path.into(), text: text.into() }
    }
}

/// An error as the outside sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// A stable word programs can match on, such as `not-found` or `rate-limited`.
    pub kind: &'static str,
    /// A sentence that says what to do.
    pub detail: String,
    pub issues: Vec<Issue>,
    /// Seconds to wait, for 429 and 503.
    pub retry_after: Option<u32>,
}

impl Problem {
    pub fn new(status: u16, kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into(), issues: Vec::new(), retry_after: None }
    }

    #[must_use]
    pub fn with_issues(mut self, issues: Vec<Issue>) -> Self {
        self.issues = issues;
        self
    }

    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "invalid", detail)
    }

    pub fn unauthorized() -> Self {
        Self::new(401, "login", "Sign in first: send a session cookie or an Authorization: Bearer token.")
    }

    /// The session stands, but what is asked for needs a fresh proof of who is asking.
    pub fn step_up() -> Self {
        Self::new(401, "step-up", "Confirm that it is you, then repeat this: your last sign-in is too long ago.")
    }

    /// The session was opened by an e-mail code alone.
    pub fn limited() -> Self {
        Self::new(
            403,
            "limited",
            "A code sent by e-mail opens your account, not your health record. Use a passkey, your password or a recovery code.",
        )
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "forbidden", detail)
    }

    /// What you may not see does not exist: the same words for both.
    pub fn not_found() -> Self {
        Self::new(404, "not-found", "There is nothing here that you can see.")
    }

    pub fn gone() -> Self {
        Self::new(410, "deleted", "This was deleted.")
    }

    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "conflict", detail)
    }

    pub fn precondition(detail: impl Into<String>) -> Self {
        Self::new(412, "conflict", detail)
    }

    pub fn unprocessable(issues: Vec<Issue>) -> Self {
        let detail = issues.first().map_or_else(|| "The content is not valid.".to_owned(), |i| i.text.clone());
        Self::new(422, "invalid", detail).with_issues(issues)
    }

    pub fn internal() -> Self {
        Self::new(500, "exception", "The server failed on this request. Nothing was changed; try again.")
    }

    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(503, "transient", detail).retry_after(1)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.kind, self.detail)
    }
}

impl std::error::Error for Problem {}
