//! `/api/events`: the live stream, for as long as the session stands and the caller is who they were.

use crate::access;
use crate::caller::Standing;
use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use http::HeaderMap;
use kernel::{Ctx, Problem};
use ledger::House;

/// What changed, as it changes: `event: changed`, `data: {"topics": ["grants", "record:<Patient id>", …]}`. Never
/// health data: fetch what you show again. A comment comes every 15 seconds. `record:*` means any record.
#[utoipa::path(get, path = "/api/events", tag = "notices", responses(
    (status = 200, content_type = "text/event-stream", body = String),
    (status = 401, description = "Not signed in")))]
pub async fn events(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    access::signed_in(&ctx)?;
    let standing = Standing::of(&house, &ctx, &headers).await?;
    let (account, now) = (ctx.actor.account().ok_or_else(Problem::unauthorized)?, ctx.now());
    let looked_after = house.db.read(move |tx| notify::looked_after(tx, account, now)).await?;
    notify::stream(&house, &ctx, looked_after, move || {
        let standing = standing.clone();
        async move { standing.holds().await }
    })
}
