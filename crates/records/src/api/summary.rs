//! `/api/patients/{id}/summary`

use crate::service::out;
use crate::view::summary::{self, Summary};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use kernel::{Ctx, Problem};
use ledger::House;

/// What a new reader needs first, in the order of the International Patient Summary.
#[utoipa::path(get, path = "/api/patients/{id}/summary", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id")),
    responses((status = 200, body = Summary), (status = 404, description = "No record that you can see")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Summary>, Problem> {
    Ok(Json(out(&house, summary::read(&house, &ctx, &id).await?).await?))
}
