//! `/api/sealing`, `/api/sealed`: keys of compartments, and sealed documents. Their bytes come in by `/api/uploads`.

use crate::sealing::model::{SealedChange, SealedDocument, SealedRecord, Sealing, WrapsForm};
use crate::sealing::{files, readers};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::{Extension, Json};
use consent::Compartment;
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;
use records::service::out;

/// The compartments of my record: their keys as they were wrapped for me, who may open them, and who has which key.
#[utoipa::path(get, path = "/api/sealing", tag = "sealed documents", responses(
    (status = 200, body = Sealing), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient in their own session")))]
pub async fn overview(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Sealing>, Problem> {
    let inside = house.clone();
    Ok(Json(house.db.read(move |tx| readers::overview(&ctx, &inside, tx)).await?))
}

/// Hands over keys that my browser wrapped: of an epoch that stands for further readers, or of the next epoch.
#[utoipa::path(post, path = "/api/sealing/{compartment}/keys", tag = "sealed documents", request_body = WrapsForm,
    params(("compartment" = Compartment, Path, description = "The compartment")), responses(
    (status = 200, body = Sealing), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Not a patient in their own session"),
    (status = 404, description = "No such compartment"),
    (status = 409, description = "There is no vault, or the keys changed meanwhile"),
    (status = 422, description = "Somebody may not open it, or has other keys; the issues say who")))]
pub async fn hand_over(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(compartment): Path<String>,
    JsonBody(form): JsonBody<WrapsForm>,
) -> Result<Json<Sealing>, Problem> {
    crate::sealing::vaults::mine(&ctx)?;
    let compartment = Compartment::parse(&compartment).ok_or_else(Problem::not_found)?;
    let inside = house.clone();
    Ok(Json(house.db.write(move |tx| readers::hand_over(&ctx, &inside, tx, compartment, &form)).await?))
}

/// The sealed documents of a record that the caller may open, newest first, and the keys for them.
#[utoipa::path(get, path = "/api/patients/{id}/sealed", tag = "sealed documents",
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, body = SealedRecord), (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such patient that the caller can see")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<SealedRecord>, Problem> {
    Ok(Json(out(&house, files::list(&house, &ctx, &id).await?).await?))
}

/// The file of a sealed document, as it was sealed.
#[utoipa::path(get, path = "/api/sealed/{id}/content", tag = "sealed documents",
    params(("id" = String, Path, description = "The sealed document")), responses(
    (status = 200, description = "The sealed file", content_type = "application/octet-stream"),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is no such document that the caller may open")))]
pub async fn content(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let file = out(&house, files::content(&house, &ctx, &id).await?).await?;
    let reading = file.open(&house).await?;
    let mut response = Response::new(Body::from_stream(reading.stream()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}

/// Describes a sealed document anew.
#[utoipa::path(post, path = "/api/sealed/{id}/change", tag = "sealed documents", request_body = SealedChange,
    params(("id" = String, Path, description = "The sealed document")), responses(
    (status = 200, body = SealedDocument), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Not the patient"),
    (status = 404, description = "There is no such document that the caller may open"),
    (status = 422, description = "Not a description")))]
pub async fn change(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<SealedChange>,
) -> Result<Json<SealedDocument>, Problem> {
    let inside = house.clone();
    Ok(Json(house.db.write(move |tx| files::change(&ctx, &inside, tx, &id, &form)).await?))
}

/// Deletes a sealed document for good.
#[utoipa::path(post, path = "/api/sealed/{id}/delete", tag = "sealed documents",
    params(("id" = String, Path, description = "The sealed document")), responses(
    (status = 204, description = "It is gone"), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not the patient"),
    (status = 404, description = "There is no such document that the caller may open")))]
pub async fn delete(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let inside = house.clone();
    house.db.write(move |tx| files::delete(&ctx, &inside, tx, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
