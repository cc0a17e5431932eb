//! What a page asks of one thing by its number, in one transaction.

use crate::error::ConsentError;
use db::Tx;
use kernel::{Ctx, Problem};
use ledger::House;

/// The number that an address names. One that is none names nothing.
pub fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Takes a step with what `id` names.
pub async fn step<T, F>(house: &House, ctx: Ctx, id: &str, take: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Ctx, &House, &mut Tx<'_>, i64) -> Result<T, ConsentError> + Send + 'static,
{
    let (inside, id) = (house.clone(), number(id)?);
    let taken: Result<T, ConsentError> = house.db.write(move |tx| take(&ctx, &inside, tx, id)).await;
    Ok(taken?)
}
