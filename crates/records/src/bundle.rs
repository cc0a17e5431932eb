//! Batches and transactions: many entries, one after the other or all or nothing.
//!
//! A transaction is prepared outside of the queue of writes (parsed, validated, references resolved, sealed) and then
//! inserted in one job. What it read while preparing (conditional references and creates, existing ids) is checked
//! again in that job; if something changed in between, it is prepared again.

mod links;
mod transaction;
mod walk;

pub(crate) use links::pairs;
pub use transaction::{Options, Outcome, Summary, process};

use crate::error::Error;
use fhir::Kind;
use fhir::bundle::{Bundle, Entry, Method};
use kernel::{Actor, Ctx, Issue, Problem};

/// Entries of one bundle: beyond this it must be cut.
pub const ENTRIES_MAX: usize = 50_000;

/// A bundle that is no JSON is a 400; one that is not as FHIR wants it a 422.
pub(crate) fn unreadable(issues: Vec<Issue>) -> Problem {
    let problem = Problem::unprocessable(issues);
    let syntax = problem.issues.iter().all(|i| i.code == "structure" || i.code == "invalid");
    if syntax { Problem { status: 400, ..problem } } else { problem }
}

/// What an entry wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Create { kind: Kind, unless: Option<String> },
    Put { kind: Kind, id: String, if_match: Option<i64> },
    Delete { kind: Kind, id: String },
    Get { path: String },
}

/// Reads the requests of all entries, with every fault at its place.
pub(crate) fn wants(bundle: &Bundle<'_>) -> Result<Vec<Want>, Problem> {
    if bundle.entries.len() > ENTRIES_MAX {
        return Err(Problem::new(
            413,
            "too-long",
            format!("A bundle takes at most {ENTRIES_MAX} entries: cut it in parts."),
        ));
    }
    let mut wants = Vec::with_capacity(bundle.entries.len());
    let mut issues = Vec::new();
    for (index, entry) in bundle.entries.iter().enumerate() {
        match want(entry) {
            Ok(want) => wants.push(want),
            Err((path, text)) => issues.push(Issue::new("value", format!("Bundle.entry[{index}].{path}"), text)),
        }
    }
    if issues.is_empty() { Ok(wants) } else { Err(Problem::unprocessable(issues)) }
}

/// A patient's Consent gives access, which asks for a fresh proof of who it is and for an answer of its own: never as one of
/// many, and never as an entry that gives nothing.
pub(crate) fn without_own_consent(ctx: &Ctx, wants: Vec<Want>) -> Result<Vec<Want>, Problem> {
    if !matches!(ctx.actor, Actor::Patient { .. }) {
        return Ok(wants);
    }
    let text = "A Consent of yours gives access: send it by itself, as POST to Consent.";
    let meant = |want: &Want| match want {
        Want::Create { kind, .. } | Want::Put { kind, .. } | Want::Delete { kind, .. } => *kind == Kind::Consent,
        Want::Get { .. } => false,
    };
    let found = wants.iter().enumerate().filter(|(_, want)| meant(want));
    let issue = |(i, _)| Issue::new("not-supported", format!("Bundle.entry[{i}].request"), text);
    let issues: Vec<Issue> = found.map(issue).collect();
    if issues.is_empty() { Ok(wants) } else { Err(Problem::unprocessable(issues)) }
}

fn want(entry: &Entry<'_>) -> Result<Want, (&'static str, String)> {
    let fault = |path: &'static str, text: &str| Err((path, text.to_owned()));
    let (Some(method), Some(url)) = (entry.method, entry.url.as_deref()) else {
        return fault("request", "Each entry says what to do: request.method and request.url.");
    };
    let url = url.trim_start_matches('/');
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let mut parts = path.split('/');
    let kind = parts.next().and_then(Kind::parse);
    let (id, rest) = (parts.next(), parts.next());
    if method == Method::Get {
        return Ok(Want::Get { path: url.to_owned() });
    }
    let Some(kind) = kind.filter(|_| rest.is_none()) else {
        return fault("request.url", "The address is a resource type, or a type and an id.");
    };
    if entry.resource.is_none() && method != Method::Delete {
        return fault("resource", "This entry needs a resource.");
    }
    match (method, id, query) {
        (Method::Post, None, None) => {
            Ok(Want::Create { kind, unless: entry.if_none_exist.as_deref().map(str::to_owned) })
        }
        (Method::Put, Some(id), None) => {
            let if_match = entry.if_match.as_deref().map(version).transpose().map_err(|t| ("request.ifMatch", t))?;
            Ok(Want::Put { kind, id: id.to_owned(), if_match })
        }
        (Method::Delete, Some(id), None) => Ok(Want::Delete { kind, id: id.to_owned() }),
        _ => fault("request", "In a bundle, POST goes to a type, PUT and DELETE to a type and an id."),
    }
}

/// `W/"3"`
pub fn version(etag: &str) -> Result<i64, String> {
    etag.trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .map_err(|_| "A version tag such as W/\"3\" was expected.".into())
}

impl From<Error> for Vec<Issue> {
    fn from(error: Error) -> Self {
        let problem = Problem::from(error);
        if problem.issues.is_empty() { vec![Issue::new("processing", "", problem.detail)] } else { problem.issues }
    }
}

/// Whether this content was taken in before.
pub fn seen(house: &ledger::House, content: &[u8]) -> Result<bool, Problem> {
    let digest = house.vault.terms().digest(b"import", content);
    let count = house
        .db
        .read_blocking(move |tx| tx.count("SELECT COUNT(*) FROM import WHERE digest = ?1", &[(&digest).into()]));
    Ok(count.map_err(Error::from)? > 0)
}
