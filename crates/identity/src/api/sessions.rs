//! `/api/auth/sessions`: my devices.

use super::number;
use crate::caller::{session_of, shown_kind, token_of};
use crate::model::Method;
use crate::{IdentityError, access, store};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Sessions {
    sessions: Vec<Device>,
}

/// A session of mine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    id: i64,
    /// This very session.
    current: bool,
    #[schema(format = DateTime)]
    created: String,
    #[schema(format = DateTime)]
    last_seen: String,
    #[schema(format = DateTime)]
    expires: String,
    device: String,
    /// The address it was opened from.
    #[schema(required = true)]
    place: Option<String>,
    method: Method,
    limited: bool,
    /// `cookie` or `token`.
    kind: &'static str,
}

/// Where I am signed in.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "auth",
    responses((status = 200, body = Sessions), (status = 401, description = "Not signed in")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Json<Sessions>, Problem> {
    let account = access::signed_in(&ctx)?;
    let (vault, token, now) = (Arc::clone(&house.vault), token_of(&house, &headers), house.clock.now());
    let (rows, current) = house
        .db
        .read(move |tx| {
            let stored = store::find(tx, &vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            let current = match token {
                Some(token) => store::find_session(tx, &token, now)?.map(|row| row.id),
                None => None,
            };
            Ok::<_, IdentityError>((store::sessions(tx, &vault, &stored)?, current))
        })
        .await?;
    let sessions = rows.into_iter().map(|store::Device { row, device, place }| Device {
        id: row.id,
        current: current == Some(row.id),
        created: row.created.to_rfc3339(),
        last_seen: row.seen.to_rfc3339(),
        expires: row.expires.to_rfc3339(),
        device,
        place,
        method: row.method,
        limited: row.limited,
        kind: shown_kind(row.kind),
    });
    Ok(Json(Sessions { sessions: sessions.collect() }))
}

/// Ends a session of mine, on whatever device.
#[utoipa::path(post, path = "/api/auth/sessions/{id}/revoke", tag = "auth",
    params(("id" = i64, Path, description = "The session")),
    responses((status = 204), (status = 401, description = "Not signed in"), (status = 404, description = "Not mine")))]
pub async fn revoke(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let account = access::signed_in(&ctx)?;
    let id = number(&id)?;
    let ended = house.db.write(move |tx| store::end_session(tx, account.get(), id)).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

#[derive(Serialize, ToSchema)]
pub struct Ended {
    ended: u64,
}

/// Ends my sessions on all other devices.
#[utoipa::path(post, path = "/api/auth/sessions/revoke-others", tag = "auth",
    responses((status = 200, body = Ended), (status = 401, description = "Not signed in")))]
pub async fn revoke_others(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Json<Ended>, Problem> {
    let account = access::signed_in(&ctx)?;
    let here = session_of(&house, &headers).await?.id;
    let ended = house.db.write(move |tx| store::end_other_sessions(tx, account.get(), here)).await?;
    Ok(Json(Ended { ended }))
}

/// Ends my sessions on all devices, this one too.
#[utoipa::path(post, path = "/api/auth/sessions/revoke-all", tag = "auth",
    responses((status = 204), (status = 401, description = "Not signed in")))]
pub async fn revoke_all(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<StatusCode, Problem> {
    let account = access::signed_in(&ctx)?;
    house.db.write(move |tx| store::end_all_sessions(tx, account.get())).await?;
    Ok(StatusCode::NO_CONTENT)
}
