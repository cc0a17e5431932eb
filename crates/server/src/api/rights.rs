//! A record taken along, and a record ended: both by the patient whose it is.

use super::pieces;
use crate::desk::Desk;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use identity::Standing;
use kernel::http::JsonBody;
use kernel::{Ctx, Id, Issue, Problem, id};
use ledger::{House, LedgerError};
use records::export::Going;
use records::service::out;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// My whole record as one file: a FHIR Bundle of type `collection`, the Patient first, then the oldest entry.
#[utoipa::path(get, path = "/api/patients/{id}/export", tag = "record",
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, description = "The file", content_type = "application/fhir+json"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not my record")))]
pub async fn export(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    ctx.confirmed()?;
    let standing = Standing::of(&desk.house, &ctx, &headers).await?;
    let going = out(&desk.house, records::export::own(&desk.house, &ctx, &id).await?).await?;
    let bundle = pieces::body(standing, going, Going::next);
    let day = ctx.now().to_rfc3339();
    let name = format!("attachment; filename=\"health-record-{}.json\"", day.get(..10).unwrap_or_default());
    let kind = "application/fhir+json; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bundle).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseForm {
    /// The word `erase`: nobody ends a record by a slip.
    confirm: String,
}

/// Proof that a record was erased, for whoever it belonged to. It verifies without this server: HMAC-SHA-256 of `entry`
/// under `r` is `leaf`, which `hashes` (RFC 6962) lead to the root in the signed checkpoint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureReceipt {
    #[schema(format = DateTime)]
    erased_at: String,
    /// How many entries there were.
    entries: i64,
    /// The number of the log's entry.
    seq: i64,
    /// The entry as it stands in the log, in base64.
    entry: String,
    r: String,
    leaf: String,
    hashes: Vec<String>,
    /// The signed head of the log, a C2SP signed note.
    checkpoint: String,
    size: u64,
    /// The Ed25519 key that signed it, in base64.
    public_key: String,
}

/// Ends my record for good: its key is destroyed, and my account with it. It cannot be undone.
#[utoipa::path(post, path = "/api/patients/{id}/erase", tag = "record", request_body = EraseForm,
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, body = ErasureReceipt),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not my record"),
    (status = 409, description = "A child has no other guardian"),
    (status = 422, description = "The word to confirm it is missing")))]
pub async fn erase(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<EraseForm>,
) -> Result<Json<ErasureReceipt>, Problem> {
    ctx.confirmed()?;
    if form.confirm != "erase" {
        let text = "Write the word erase. This cannot be undone.";
        return Err(Problem::unprocessable(vec![Issue::new("value", "confirm", text)]));
    }
    // The log keeps this entry with a key that stays: it must not keep the name.
    let nameless = Ctx { name: Arc::from("The patient"), ..ctx.clone() };
    let house = desk.house.clone();
    let (patient, entries) = desk
        .house
        .db
        .write(move |tx| {
            let patient = records::erase::find(tx, &house, &ctx, &id).map_err(Problem::from)?;
            consent::Access::open(&ctx)?.is_own(patient)?;
            consent::family::may_leave(tx, patient, ctx.now())?;
            Ok::<_, Problem>((patient, crate::people::erase(tx, &house, &nameless, patient)?))
        })
        .await?;
    let receipt = receipt(&desk.house, patient, entries).await?;
    let db = desk.house.db.clone();
    // What was written before leaves the log of the database too; the record is gone whether or not that succeeds now. While
    // others write without a pause it waits for one, and the answer does not wait for it.
    let settled = tokio::task::spawn_blocking(move || {
        if let Err(error) = db.settle() {
            tracing::warn!(%error, "the database could not be settled after an erasure");
        }
    });
    let _ = tokio::time::timeout(SETTLES, settled).await;
    Ok(Json(receipt))
}

/// As long as it takes where nobody else writes, and much more.
const SETTLES: Duration = Duration::from_secs(1);

async fn receipt(house: &House, patient: Id<id::Patient>, entries: i64) -> Result<ErasureReceipt, Problem> {
    let (inside, now) = (house.clone(), house.clock.now());
    let made = house.db.write(move |tx| {
        let head = ledger::checkpoint(tx, &inside.ledger, now)?;
        let found = ledger::erasure(tx, &inside.vault, patient)?
            .ok_or_else(|| LedgerError::Altered("an erasure left no entry".into()))?;
        let seq = u64::try_from(found.seq).unwrap_or_default();
        let hashes = ledger::inclusion(tx, seq, head.size)?;
        Ok::<_, LedgerError>((head, found, hashes))
    });
    let (head, found, hashes) = made.await?;
    Ok(ErasureReceipt {
        erased_at: now.to_rfc3339(),
        entries,
        seq: found.seq,
        entry: STANDARD.encode(&found.entry),
        r: STANDARD.encode(&found.r),
        leaf: STANDARD.encode(&found.leaf),
        hashes: hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
        checkpoint: head.note,
        size: head.size,
        public_key: STANDARD.encode(house.ledger.public_key()),
    })
}
