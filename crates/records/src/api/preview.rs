//! `/api/grants/preview`

use crate::service::out;
use crate::view::preview::{self, Preview};
use axum::extract::State;
use axum::{Extension, Json};
use consent::GrantForm;
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;

/// My record as a reader would see it with this grant; nothing is given yet.
#[utoipa::path(post, path = "/api/grants/preview", tag = "consent", request_body = GrantForm,
    responses((status = 200, body = Preview), (status = 403, description = "Not a patient"),
        (status = 422, description = "A grant cannot say this")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<GrantForm>,
) -> Result<Json<Preview>, Problem> {
    Ok(Json(out(&house, preview::read(&house, &ctx, &form).await?).await?))
}
