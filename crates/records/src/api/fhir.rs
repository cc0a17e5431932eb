//! The FHIR REST interactions: read, vread, update, delete, create, search, history, batch, transaction, capabilities.

use super::respond::{self, Outcome, base, json, version};
use crate::bundle::{self, Options};
use crate::change;
use crate::model::Stored;
use crate::place::Written;
use crate::search::{self, parse};
use crate::service::{self, out};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use fhir::Kind;
use fhir::bundle::BundleType;
use kernel::{Ctx, Problem};
use ledger::House;

mod batch;
mod capability;
mod consents;

type Answer = Result<Response, Outcome>;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/fhir", axum::routing::post(bundle_post))
        .route("/fhir/", axum::routing::post(bundle_post))
        .route("/fhir/metadata", get(metadata))
        .route("/fhir/{kind}", get(search_get).post(create))
        .route("/fhir/{kind}/_search", axum::routing::post(search_post))
        .route("/fhir/{kind}/{id}", get(read).put(update).delete(delete))
        .route("/fhir/{kind}/{id}/_history", get(history))
        .route("/fhir/{kind}/{id}/_history/{version}", get(vread))
}

/// Large bodies are worked on away from the threads that answer requests.
const LARGE: usize = 256 * 1024;

fn kind_of(name: &str) -> Result<Kind, Problem> {
    Kind::parse(name)
        .ok_or_else(|| Problem::new(404, "not-supported", format!("{name} is no resource type of FHIR R4.")))
}

async fn metadata(RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    search::only_format(query.as_deref())?;
    Ok(json(StatusCode::OK, capability::statement(&base(&headers))))
}

/// What is written is FHIR JSON: another media type is refused before the body is looked at. A program that names none means it.
fn takes_json(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "" | "application/json" | "application/fhir+json" | "application/json+fhir" => Ok(()),
        _ => Err(Problem::new(415, "not-supported", "Send FHIR as JSON: Content-Type: application/fhir+json.")),
    }
}

async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    search::only_format(query.as_deref())?;
    let kind = kind_of(&kind)?;
    if consents::concerns(&ctx, kind)
        && let Some(found) = consents::read(&house, &ctx, &id).await
    {
        return found;
    }
    let found = service::read(&house, &ctx, kind, &id).await?;
    Ok(version(StatusCode::OK, out(&house, found).await?))
}

async fn vread(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id, number)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    search::only_format(query.as_deref())?;
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let found = service::vread(&house, &ctx, kind_of(&kind)?, &id, number).await?;
    Ok(version(StatusCode::OK, out(&house, found).await?))
}

async fn history(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let count = search::only_format_and_count(query.as_deref())?;
    let found = service::history(&house, &ctx, kind_of(&kind)?, &id).await?;
    let versions = out(&house, found).await?;
    Ok(json(StatusCode::OK, respond::history(&base(&headers), &id, &versions, count)))
}

async fn search_get(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    searched(&house, &ctx, &kind, search::pairs(&query.unwrap_or_default()), &headers).await
}

async fn search_post(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: String,
) -> Answer {
    let mut pairs = search::pairs(&query.unwrap_or_default());
    pairs.extend(search::pairs(&body));
    searched(&house, &ctx, &kind, pairs, &headers).await
}

async fn searched(house: &House, ctx: &Ctx, kind: &str, pairs: Vec<(String, String)>, headers: &HeaderMap) -> Answer {
    consent::Access::open(ctx)?;
    let kind = kind_of(kind)?;
    let query = parse(kind, &search::from_here(kind, &base(headers), pairs))?;
    let pairs = query.pairs.clone();
    let page = if consents::concerns(ctx, query.kind) {
        consents::search(house, ctx, query).await?
    } else {
        out(house, service::search(house, ctx, query).await?).await?
    };
    Ok(json(StatusCode::OK, respond::searchset(&base(headers), &pairs, &page)))
}

/// What a write answers: the resource, or nothing with `Prefer: return=minimal`.
fn written(headers: &HeaderMap, kind: Kind, done: Written) -> Response {
    let status = if done.created { StatusCode::CREATED } else { StatusCode::OK };
    let location = format!("{}/{}/{}/_history/{}", base(headers), kind.name(), done.stored.id(), done.stored.version);
    let minimal = headers.get_all("prefer").iter().any(|p| p.to_str().is_ok_and(|p| p.contains("return=minimal")));
    let stored = if minimal { Stored { json: Vec::new(), ..done.stored } } else { done.stored };
    let mut response = version(status, stored);
    if let (true, Ok(location)) = (done.created, HeaderValue::from_str(&location)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    search::only_format(query.as_deref())?;
    takes_json(&headers)?;
    let kind = kind_of(&kind)?;
    if kind == Kind::Consent && matches!(ctx.actor, kernel::Actor::Patient { .. }) {
        return consents::create(&house, &ctx, &headers, &body).await;
    }
    if let Some(condition) = headers.get("if-none-exist") {
        let condition = condition.to_str().map_err(|_| Problem::bad_request("If-None-Exist must be plain text."))?;
        return create_unless(&house, &ctx, kind, condition, &headers, &body).await;
    }
    let done = change::create(&house, &ctx, kind, body.into()).await?;
    Ok(written(&headers, kind, done))
}

/// A conditional create is a transaction of one entry, which checks its condition where it writes.
async fn create_unless(
    house: &House,
    ctx: &Ctx,
    kind: Kind,
    condition: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Answer {
    consent::Access::open(ctx)?.writer(ctx)?;
    let (_, node) = crate::prepare::parse(body)?;
    let mut content = br#"{"resourceType":"Bundle","type":"transaction","entry":[{"resource":"#.to_vec();
    node.write(&mut content);
    content.extend_from_slice(br#","request":{"method":"POST","url":"#);
    respond::string(&mut content, kind.name());
    content.extend_from_slice(br#","ifNoneExist":"#);
    respond::string(&mut content, condition);
    content.extend_from_slice(b"}}]}");
    let summary = run_bundle(house, ctx, content, Options::default()).await?;
    let outcome = summary.outcomes.into_iter().next().ok_or_else(Problem::internal)?;
    let id = outcome.location.rsplit('/').next().unwrap_or_default().to_owned();
    let stored = out(house, service::read(house, ctx, kind, &id).await?).await?;
    Ok(written(headers, kind, Written { stored, created: summary.created > 0, unchanged: summary.created == 0 }))
}

async fn update(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    search::only_format(query.as_deref())?;
    takes_json(&headers)?;
    let kind = kind_of(&kind)?;
    let if_match = match headers.get(header::IF_MATCH) {
        Some(tag) => {
            let tag = tag.to_str().unwrap_or_default();
            Some(bundle::version(tag).map_err(Problem::bad_request)?)
        }
        None => None,
    };
    let done = change::update(&house, &ctx, kind, &id, if_match, body.into()).await?;
    Ok(written(&headers, kind, done))
}

async fn delete(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    search::only_format(query.as_deref())?;
    change::delete(&house, &ctx, kind_of(&kind)?, &id).await?;
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

async fn run_bundle(house: &House, ctx: &Ctx, content: Vec<u8>, options: Options) -> Result<bundle::Summary, Problem> {
    if content.len() < LARGE && house.db.name() == "SQLite" {
        return tokio::task::block_in_place(|| bundle::process(house, ctx, content, &options));
    }
    let (house, ctx) = (house.clone(), ctx.clone());
    let done = tokio::task::spawn_blocking(move || bundle::process(&house, &ctx, content, &options)).await;
    done.unwrap_or_else(|_| Err(Problem::internal()))
}

async fn bundle_post(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    takes_json(&headers)?;
    consent::Access::open(&ctx)?;
    let kind = fhir::bundle::parse(&body).map_err(bundle::unreadable)?.kind;
    match kind {
        BundleType::Transaction => {
            let summary = run_bundle(&house, &ctx, body.into(), Options::default()).await?;
            Ok(json(StatusCode::OK, batch::response("transaction-response", &base(&headers), &summary.outcomes)))
        }
        BundleType::Batch => batch::run(&house, &ctx, &base(&headers), body).await,
        other => {
            Err(Problem::bad_request(format!("A batch or a transaction was expected, not a {}.", other.as_str()))
                .into())
        }
    }
}
