//! `/api/documents/{id}/values`: what was read, for a person to decide on.

use super::documents::signed_in;
use crate::child::{self, Answer, Task};
use crate::error::DocumentError;
use crate::model::{ConfirmForm, DocumentValue, DocumentValues, LabCodes};
use crate::values;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;
use records::service::out;
use tokio::sync::OnceCell;

/// What the child knows; it is the same as long as this process runs.
#[derive(Default)]
struct Known(OnceCell<LabCodes>);

/// The laboratory tests that reading knows: codes, names, units.
#[utoipa::path(get, path = "/api/lab-codes", tag = "documents", responses(
    (status = 200, body = LabCodes), (status = 401, description = "Not signed in")))]
pub async fn codes(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<LabCodes>, Problem> {
    signed_in(&ctx)?;
    Ok(Json(known(&house).await?))
}

async fn known(house: &House) -> Result<LabCodes, Problem> {
    let known = house.memory::<Known>();
    let ask = || async {
        let said = match child::start(house, Task::Codes, &["codes"]).await?.end().await {
            Answer::Said(said) => said,
            Answer::Nothing | Answer::Broke => Vec::new(),
        };
        let broken = || DocumentError::Child("it says no codes".into());
        child::parsed::<LabCodes>(&said).ok_or_else(broken)
    };
    Ok(known.0.get_or_try_init(ask).await?.clone())
}

/// The values of a document.
#[utoipa::path(get, path = "/api/documents/{id}/values", tag = "documents",
    params(("id" = String, Path, description = "The document")), responses(
    (status = 200, body = DocumentValues), (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such document that the caller can see")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<DocumentValues>, Problem> {
    Ok(Json(out(&house, values::list(&house, &ctx, &id).await?).await?))
}

/// Confirms a value, as it was read or corrected: it becomes an Observation.
#[utoipa::path(post, path = "/api/documents/{id}/values/{n}/confirm", tag = "documents", request_body = ConfirmForm,
    params(("id" = String, Path, description = "The document"), ("n" = i64, Path, description = "The value")), responses(
    (status = 200, body = DocumentValue), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such value that the caller can see"),
    (status = 409, description = "Confirmed already, here or from another document with the same content, or the document is deleted"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn confirm(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((id, n)): Path<(String, String)>,
    JsonBody(form): JsonBody<ConfirmForm>,
) -> Result<Json<DocumentValue>, Problem> {
    consent::Access::open(&ctx)?;
    // Without the child nothing is read, but what was read before can be confirmed.
    let codes = known(&house).await.unwrap_or_default();
    Ok(Json(values::confirm(&house, &ctx, (&id, &n), form, &codes).await?))
}

/// Says that a value is none.
#[utoipa::path(post, path = "/api/documents/{id}/values/{n}/skip", tag = "documents",
    params(("id" = String, Path, description = "The document"), ("n" = i64, Path, description = "The value")), responses(
    (status = 200, body = DocumentValue), (status = 401, description = "Not signed in"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such value that the caller can see"),
    (status = 409, description = "Confirmed already, or the document is deleted")))]
pub async fn skip(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((id, n)): Path<(String, String)>,
) -> Result<Json<DocumentValue>, Problem> {
    Ok(Json(values::skip(&house, &ctx, &id, &n).await?))
}

/// Takes a decision back; an Observation that was made is marked as entered in error.
#[utoipa::path(post, path = "/api/documents/{id}/values/{n}/reopen", tag = "documents",
    params(("id" = String, Path, description = "The document"), ("n" = i64, Path, description = "The value")), responses(
    (status = 200, body = DocumentValue), (status = 401, description = "Not signed in"),
    (status = 403, description = "Somebody else's"),
    (status = 404, description = "There is no such value that the caller can see"),
    (status = 409, description = "The document is deleted")))]
pub async fn reopen(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((id, n)): Path<(String, String)>,
) -> Result<Json<DocumentValue>, Problem> {
    Ok(Json(values::reopen(&house, &ctx, &id, &n).await?))
}
