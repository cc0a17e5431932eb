//! `/api/emergency-card`

use crate::card::{self, CardForm, EmergencyCard};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use identity::oauth::issuer;
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;

/// My emergency card, made of the record as it is now.
#[utoipa::path(get, path = "/api/emergency-card", tag = "exchange", responses(
    (status = 200, body = EmergencyCard), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Json<EmergencyCard>, Problem> {
    Ok(Json(card::read(&house, &ctx, &issuer(&house, &headers)).await?))
}

/// Changes what my card shows, and my emergency contacts.
#[utoipa::path(put, path = "/api/emergency-card", tag = "exchange", request_body = CardForm, responses(
    (status = 200, body = EmergencyCard), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient"),
    (status = 409, description = "The contacts were changed elsewhere meanwhile"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn change(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<CardForm>,
) -> Result<Json<EmergencyCard>, Problem> {
    Ok(Json(card::change(&house, &ctx, form, &issuer(&house, &headers)).await?))
}
