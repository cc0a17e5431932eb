//! `/api/corrections`

use crate::corrections;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use consent::cases::{Case, CorrectionForm};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;

/// Says that an entry of my record is wrong, to whoever wrote it. What comes of it stands among my cases.
#[utoipa::path(post, path = "/api/corrections", tag = "records", request_body = CorrectionForm, responses(
    (status = 201, body = Case), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 404, description = "No entry of mine"),
    (status = 409, description = "There is an open case about it, or there were many today"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<CorrectionForm>,
) -> Result<(StatusCode, Json<Case>), Problem> {
    Ok((StatusCode::CREATED, Json(corrections::ask(&house, &ctx, form).await?)))
}
