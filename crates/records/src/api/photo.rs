//! `/api/patients/{id}/photo`

use crate::photo;
use crate::service::out;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Version {
    /// Which picture was meant: only so that another picture has another address.
    #[serde(default)]
    #[serde(rename = "v")]
    _v: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoForm {
    /// A JPEG picture in base64: at most 200 kB, 1024 pixels wide and high, and without anything but a picture in it.
    pub data: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Photo {
    /// Where it is read; it stands in `Patient.photo` too.
    pub url: String,
}

/// The picture of a patient.
#[utoipa::path(get, path = "/api/patients/{id}/photo", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id"), Version),
    responses((status = 200, description = "A JPEG picture", content_type = "image/jpeg"),
        (status = 404, description = "No record that you can see, or no picture")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Params(_): Params<Version>,
) -> Result<Response, Problem> {
    let picture = out(&house, photo::read(&house, &ctx, &id).await?).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], picture).into_response())
}

/// Puts a picture of the patient in place of the one there is.
#[utoipa::path(put, path = "/api/patients/{id}/photo", tag = "record", request_body = PhotoForm,
    params(("id" = String, Path, description = "The Patient's logical id")),
    responses((status = 200, body = Photo), (status = 403, description = "You may not change this record"),
        (status = 404, description = "No record that you can see"),
        (status = 422, description = "No picture that can be kept; the issue says why")))]
pub async fn set(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<PhotoForm>,
) -> Result<Json<Photo>, Problem> {
    Ok(Json(Photo { url: photo::set(&house, &ctx, &id, &form.data).await? }))
}

/// Takes the picture of the patient away.
#[utoipa::path(post, path = "/api/patients/{id}/photo/remove", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id")),
    responses((status = 204, description = "There is none any more"),
        (status = 403, description = "You may not change this record"),
        (status = 404, description = "No record that you can see")))]
pub async fn remove(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<axum::http::StatusCode, Problem> {
    photo::remove(&house, &ctx, &id).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
