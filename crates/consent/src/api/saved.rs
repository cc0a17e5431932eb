//! `/api/ledger/export`

use super::ledger::{current, signed_in};
use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::{Ctx, Problem};
use ledger::House;

/// My entries with their proofs, in one file that `healthsync ledger check` verifies without this server.
#[utoipa::path(get, path = "/api/ledger/export", tag = "ledger", responses(
    (status = 200, content_type = "application/json", body = Object, description = "docs/ledger-file.md says what is in it"),
    (status = 401, description = "Not signed in"), (status = 404, description = "Not a patient")))]
pub async fn export(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Response, Problem> {
    let file = file(&house, &ctx).await?;
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"healthsync-ledger.json\"")];
    Ok((headers, file).into_response())
}

/// The file itself.
pub async fn file(house: &House, ctx: &Ctx) -> Result<Vec<u8>, Problem> {
    let kernel::Actor::Patient { patient, .. } = ctx.actor else {
        signed_in(ctx)?;
        return Err(Problem::not_found());
    };
    // As with the record itself: whoever looks after an adult's reads it here, and takes nothing along.
    crate::Access::open(ctx)?.may_take(patient)?;
    let now = current(house).await?;
    let (inside, time) = (house.clone(), ctx.now().to_rfc3339());
    let file = house.db.scan(move |tx| {
        // One that witnesses signed says more, as long as no entry of this record came after it.
        let last =
            ledger::entries(tx, &inside.vault, patient, None, 1)?.first().map_or(0, |entry| entry.seq as u64 + 1);
        let signed = ledger::cosigned(tx, &inside)?.filter(|signed| signed.size >= last);
        let note = signed.map_or(now.note, |signed| signed.note);
        let keys = ledger::witnesses(&inside).iter().map(|witness| witness.key.to_string()).collect();
        ledger::saved::save(tx, &inside.ledger, &inside.vault, patient, (&note, keys, time))
    });
    Ok(file.await?)
}
