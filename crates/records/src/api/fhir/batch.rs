//! A batch: each entry on its own, each answered on its own.

use super::{Answer, kind_of, run_bundle};
use crate::api::respond::{self, json};
use crate::bundle::{self, Options, Outcome};

use crate::{search, service};
use axum::body::Bytes;
use axum::http::StatusCode;
use fhir::bundle::Method;
use kernel::{Ctx, Problem};
use ledger::House;

/// The answer to a transaction: one entry per entry.
pub fn response(kind: &str, base: &str, outcomes: &[Outcome]) -> Vec<u8> {
    let mut out = format!(r#"{{"resourceType":"Bundle","type":"{kind}""#).into_bytes();
    for (i, outcome) in outcomes.iter().enumerate() {
        out.extend_from_slice(if i == 0 {
            br#","entry":[{"response":{"status":"#
        } else {
            br#",{"response":{"status":"#
        });
        respond::string(&mut out, outcome.status);
        if !outcome.location.is_empty() {
            out.extend_from_slice(br#","location":"#);
            respond::string(&mut out, &format!("{base}/{}/_history/{}", outcome.location, outcome.version));
            out.extend_from_slice(
                format!(r#","etag":"W/\"{}\"","lastModified":"{}""#, outcome.version, outcome.updated.to_rfc3339())
                    .as_bytes(),
            );
        }
        out.extend_from_slice(b"}}");
    }
    out.extend_from_slice(if outcomes.is_empty() { b"}" } else { b"]}" });
    out
}

/// Entries with a write, one small transaction each, and reads. Consecutive creates that stand on their own share one
/// transaction as long as it succeeds: a batch of thousands then costs a few flushes instead of thousands.
pub async fn run(house: &House, ctx: &Ctx, base: &str, body: Bytes) -> Answer {
    let bundle = fhir::bundle::parse(&body).map_err(bundle::unreadable)?;
    let mut out = br#"{"resourceType":"Bundle","type":"batch-response","entry":["#.to_vec();
    let mut first = true;
    let together = bundle.entries.iter().all(|e| e.method == Some(Method::Post));
    if together
        && !bundle.entries.is_empty()
        && let Ok(summary) = run_bundle(house, ctx, body.to_vec(), Options::default()).await
    {
        return Ok(json(StatusCode::OK, response("batch-response", base, &summary.outcomes)));
    }
    for entry in &bundle.entries {
        if !first {
            out.push(b',');
        }
        first = false;
        one(house, ctx, base, entry, &mut out).await;
    }
    out.extend_from_slice(b"]}");
    if first {
        out = br#"{"resourceType":"Bundle","type":"batch-response"}"#.to_vec();
    }
    Ok(json(StatusCode::OK, out))
}

async fn one(house: &House, ctx: &Ctx, base: &str, entry: &fhir::bundle::Entry<'_>, out: &mut Vec<u8>) {
    let done = match entry.method {
        Some(Method::Get) => get(house, ctx, base, entry.url.as_deref().unwrap_or_default(), out).await,
        Some(_) => {
            let content = alone(entry);
            run_bundle(house, ctx, content, Options::default()).await.map(|summary| {
                let text = response("x", base, &summary.outcomes);
                // The one entry between the brackets of the response.
                let from = text.iter().position(|b| *b == b'[').map_or(0, |i| i + 1);
                out.extend_from_slice(&text[from..text.len().saturating_sub(2).max(from)]);
            })
        }
        None => Err(Problem::bad_request("Each entry says what to do: request.method and request.url.")),
    };
    if let Err(problem) = done {
        out.extend_from_slice(format!(r#"{{"response":{{"status":"{}","outcome":"#, problem.status).as_bytes());
        out.extend_from_slice(&fhir::outcome::from_problem(&problem));
        out.extend_from_slice(b"}}");
    }
}

/// A transaction of this entry alone.
fn alone(entry: &fhir::bundle::Entry<'_>) -> Vec<u8> {
    let mut out = br#"{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":""#.to_vec();
    out.extend_from_slice(match entry.method {
        Some(Method::Put) => b"PUT",
        Some(Method::Delete) => b"DELETE",
        Some(Method::Patch) => b"PATCH",
        _ => b"POST",
    });
    out.extend_from_slice(br#"","url":"#);
    respond::string(&mut out, entry.url.as_deref().unwrap_or_default());
    for (name, value) in [("ifNoneExist", &entry.if_none_exist), ("ifMatch", &entry.if_match)] {
        if let Some(value) = value {
            out.extend_from_slice(format!(r#","{name}":"#).as_bytes());
            respond::string(&mut out, value);
        }
    }
    out.push(b'}');
    if let Some(full_url) = &entry.full_url {
        out.extend_from_slice(br#","fullUrl":"#);
        respond::string(&mut out, full_url);
    }
    if let Some(resource) = entry.resource {
        out.extend_from_slice(br#","resource":"#);
        out.extend_from_slice(resource);
    }
    out.extend_from_slice(b"}]}");
    out
}

async fn get(house: &House, ctx: &Ctx, base: &str, url: &str, out: &mut Vec<u8>) -> Result<(), Problem> {
    let (path, query) = url.trim_start_matches('/').split_once('?').unwrap_or((url.trim_start_matches('/'), ""));
    let parts: Vec<&str> = path.split('/').collect();
    let body = match parts.as_slice() {
        [kind] => {
            let kind = kind_of(kind)?;
            let query = search::parse(kind, &search::from_here(kind, base, search::pairs(query)))?;
            let pairs = query.pairs.clone();
            let page = service::out(house, service::search(house, ctx, query).await?).await?;
            respond::searchset(base, &pairs, &page)
        }
        [kind, id] if query.is_empty() => {
            let found = service::read(house, ctx, kind_of(kind)?, id).await?;
            service::out(house, found).await?.json
        }
        _ => return Err(Problem::bad_request("In a batch, GET takes a type with a query, or a type and an id.")),
    };
    out.extend_from_slice(br#"{"resource":"#);
    out.extend_from_slice(&body);
    out.extend_from_slice(br#","response":{"status":"200"}}"#);
    Ok(())
}
