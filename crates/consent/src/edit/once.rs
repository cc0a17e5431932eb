//! A draft whose answer was lost on the way and that is sent again is the draft that was made: whoever sends it names it by a
//! key of their choice. Kept beside the draft are keyed hashes of the key, with its account, and of what was sent.

use super::service::{Draft, practitioner};
use super::store;
use crate::error::ConsentError;
use db::Tx;
use kernel::{Ctx, Issue};
use ledger::House;

#[derive(Clone, Copy, Debug)]
pub struct Once {
    request: [u8; 32],
    said: [u8; 32],
}

impl Once {
    /// Of what the caller sends under this key: every byte of it counts.
    pub fn of(ctx: &Ctx, house: &House, key: &str, sent: &[u8]) -> Result<Self, ConsentError> {
        let (account, _) = practitioner(ctx)?;
        let named = [&account.to_le_bytes(), key.as_bytes()].concat();
        let terms = house.vault.terms();
        Ok(Self { request: terms.digest(b"edit request", &named), said: terms.digest(b"edit sent", sent) })
    }
}

/// The draft that came before under this key, as it is now; another one under the same key is a mistake of the sender.
pub fn made(tx: &mut Tx<'_>, house: &House, once: &Once) -> Result<Option<Draft>, ConsentError> {
    let sql = "SELECT edit_id, said FROM edit WHERE request = ?1 ORDER BY edit_id LIMIT 1";
    let found = tx.query_opt(sql, &[(&once.request).into()], |row| {
        Ok::<_, ConsentError>((row.int(0)?, row.blob(1)? == once.said))
    })?;
    match found {
        Some((id, true)) => Ok(store::find(tx, house, id)?.map(Draft::from)),
        Some((_, false)) => {
            let text = "Another draft came before under this Idempotency-Key. Send this one with a key of its own.";
            Err(ConsentError::Invalid(vec![Issue::new("value", "Idempotency-Key", text)]))
        }
        None => Ok(None),
    }
}

/// Says of a draft that was just made what it came as.
pub fn keep(tx: &mut Tx<'_>, draft: &Draft, once: &Once) -> Result<(), ConsentError> {
    let sql = "UPDATE edit SET request = ?2, said = ?3 WHERE edit_id = ?1";
    tx.execute(sql, &[draft.id.into(), (&once.request).into(), (&once.said).into()])?;
    Ok(())
}
