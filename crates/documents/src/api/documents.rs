//! `/api/documents`: what is known of them, and what is done with them.

use crate::model::{Document, DocumentChange, DocumentKinds, DocumentText, Documents, Kind};
use crate::reading::text as pages;
use crate::rules::KINDS;
use crate::service::{self, Query};
use crate::shown;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use records::service::out;

/// The documents of a record, newest first.
#[utoipa::path(get, path = "/api/patients/{id}/documents", tag = "documents",
    params(("id" = String, Path, description = "The id of the Patient"), Query), responses(
    (status = 200, body = Documents),
    (status = 400, description = "An unknown parameter, or a day that is none"),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such patient that the caller can see")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Params(query): Params<Query>,
) -> Result<Json<Documents>, Problem> {
    Ok(Json(out(&house, service::list(&house, &ctx, &id, query).await?).await?))
}

/// The kinds that a document can be of.
#[utoipa::path(get, path = "/api/document-kinds", tag = "documents", responses(
    (status = 200, body = DocumentKinds), (status = 401, description = "Not signed in")))]
pub async fn kinds(Extension(ctx): Extension<Ctx>) -> Result<Json<DocumentKinds>, Problem> {
    signed_in(&ctx)?;
    let one = |(code, display): &(&str, &str)| Kind { code: (*code).to_owned(), display: (*display).to_owned() };
    Ok(Json(DocumentKinds { items: KINDS.iter().map(one).collect() }))
}

/// What tells of no record is for everybody with a full session.
pub fn signed_in(ctx: &Ctx) -> Result<(), Problem> {
    ctx.full()?;
    if matches!(ctx.actor, kernel::Actor::Nobody) { Err(Problem::unauthorized()) } else { Ok(()) }
}

/// One document.
#[utoipa::path(get, path = "/api/documents/{id}", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = Document), (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such document that the caller can see")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Document>, Problem> {
    Ok(Json(out(&house, service::read(&house, &ctx, &id).await?).await?))
}

/// The words of a document, with their places.
#[utoipa::path(get, path = "/api/documents/{id}/text", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = DocumentText), (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such document that the caller can see")))]
pub async fn text(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<DocumentText>, Problem> {
    let found = shown::look(&house, &ctx, &id, |tx, house, found| pages::of(tx, house, &found.row)).await?;
    Ok(Json(DocumentText { pages: out(&house, found).await? }))
}

/// Renames, dates, tags: what is said of a document.
#[utoipa::path(post, path = "/api/documents/{id}/change", tag = "documents", request_body = DocumentChange,
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = Document), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such document that the caller can see"),
    (status = 409, description = "Deleted"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn change(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<DocumentChange>,
) -> Result<Json<Document>, Problem> {
    Ok(Json(service::change(&house, &ctx, &id, form).await?))
}

/// Deletes a document; for 30 days it can be brought back.
#[utoipa::path(post, path = "/api/documents/{id}/delete", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = Document), (status = 401, description = "Not signed in"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such document that the caller can see")))]
pub async fn delete(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Document>, Problem> {
    Ok(Json(service::delete(&house, &ctx, &id).await?))
}

/// Brings a deleted document back.
#[utoipa::path(post, path = "/api/documents/{id}/restore", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = Document), (status = 401, description = "Not signed in"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such document that the caller can see")))]
pub async fn restore(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Document>, Problem> {
    Ok(Json(service::restore(&house, &ctx, &id).await?))
}

/// Has a document read again; what was confirmed or skipped stays.
#[utoipa::path(post, path = "/api/documents/{id}/read", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = Document), (status = 401, description = "Not signed in"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such document that the caller can see"),
    (status = 409, description = "Deleted")))]
pub async fn read_again(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Document>, Problem> {
    Ok(Json(service::read_again(&house, &ctx, &id).await?))
}
