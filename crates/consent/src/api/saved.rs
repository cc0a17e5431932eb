//! `/api/ledger/export`

use super::ledger::{current, signed_in};
use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Ctx, Id, Problem, id};
use ledger::{Cosigned, House, LedgerError};
use std::time::Duration;

/// Witnesses are asked at once and have five seconds.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

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
    wait_for_witnesses(house, patient).await?;
    let (inside, time) = (house.clone(), ctx.now().to_rfc3339());
    let file = house.db.scan(move |tx| {
        // One that witnesses signed says more than one of this moment.
        let signed = covering(tx, &inside, patient)?;
        let note = signed.map_or(now.note, |signed| signed.note);
        let keys = ledger::witnesses(&inside).iter().map(|witness| witness.key.to_string()).collect();
        ledger::saved::save(tx, &inside.ledger, &inside.vault, patient, (&note, keys, time))
    });
    Ok(file.await?)
}

/// What was logged a moment ago, such as signing in, is signed by witnesses a moment later: a file without their signature
/// proves less, so it waits for it. A witness that is away is not waited for any longer.
async fn wait_for_witnesses(house: &House, patient: Id<id::Patient>) -> Result<(), Problem> {
    if ledger::witnesses(house).is_empty() {
        return Ok(());
    }
    for _ in 0..LOOKS {
        let inside = house.clone();
        let found = house.db.read(move |tx| covering(tx, &inside, patient)).await?;
        if found.is_some() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// The newest checkpoint that witnesses signed, as long as no entry of this record came after it.
fn covering(tx: &mut Tx<'_>, house: &House, patient: Id<id::Patient>) -> Result<Option<Cosigned>, LedgerError> {
    let last = ledger::entries(tx, &house.vault, patient, None, 1)?.first().map_or(0, |entry| entry.seq as u64 + 1);
    Ok(ledger::cosigned(tx, house)?.filter(|signed| signed.size >= last))
}
