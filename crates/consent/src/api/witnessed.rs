//! What the witnesses said of the ledger, as it is sent.

use ledger::{House, LedgerError};
use serde::Serialize;
use utoipa::ToSchema;

/// A witness and what it said last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerWitness {
    name: String,
    /// As it is written in C2SP signed-note.
    key: String,
    /// `signs`, `silent` (does not answer), `stranger` (does not know this ledger) or `dissents`: this ledger does not
    /// continue what it signed before.
    #[schema(required = true)]
    state: Option<&'static str>,
    #[schema(required = true, format = DateTime)]
    since: Option<String>,
    /// The largest tree that it co-signed, and when.
    #[schema(required = true)]
    size: Option<u64>,
    #[schema(required = true, format = DateTime)]
    signed: Option<String>,
}

impl From<ledger::Standing> for LedgerWitness {
    fn from(one: ledger::Standing) -> Self {
        Self {
            name: one.witness.key.name.clone(),
            key: one.witness.key.to_string(),
            state: one.state.map(ledger::State::as_str),
            since: one.since.map(kernel::Timestamp::to_rfc3339),
            size: one.signed.map(|(size, _)| size),
            signed: one.signed.map(|(_, time)| time.to_rfc3339()),
        }
    }
}

/// The witnesses, and the last checkpoint with their lines.
pub(super) async fn witnessed(house: &House) -> Result<(Vec<LedgerWitness>, Option<String>), LedgerError> {
    let inside = house.clone();
    let (standing, signed) = house
        .db
        .read(move |tx| Ok::<_, LedgerError>((ledger::standing(tx, &inside)?, ledger::cosigned(tx, &inside)?)))
        .await?;
    Ok((standing.into_iter().map(LedgerWitness::from).collect(), signed.map(|signed| signed.note)))
}
