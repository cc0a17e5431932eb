//! Whether whoever was let in at the door may still act: an app by its permission, whoever looks after a record by what they
//! were let do. Asked inside the transaction that writes; statements that read ask by themselves.

use crate::{app, family};
use db::Tx;
use kernel::{Ctx, Problem};
use ledger::House;

pub fn still(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<(), Problem> {
    app::still(tx, ctx)?;
    Ok(family::still(tx, house, ctx)?)
}
