//! Whom somebody means by a name that only accounts have: an e-mail address or a user name.

use crate::{IdentityError, store};
use db::Tx;
use kernel::{Ctx, Id, Role, id};
use ledger::House;

/// The FHIR id of the practitioner whose account has this user name or e-mail address. One who is not verified, or whose
/// account is locked, is nobody.
pub fn practitioner_named(tx: &mut Tx<'_>, house: &House, name: &str) -> Result<Option<String>, IdentityError> {
    let found = store::find_by_name(tx, &house.vault, name)?.filter(|stored| !stored.locked);
    let profile = found.map(|stored| stored.profile).filter(|profile| profile.role == Role::Practitioner);
    Ok(profile.and_then(|profile| profile.practitioner).map(|link| link.id))
}

/// The FHIR id of the Practitioner whom the caller stands for.
pub fn own_practitioner(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<Option<String>, IdentityError> {
    let Some(account) = ctx.actor.account() else { return Ok(None) };
    let found = store::find(tx, &house.vault, account.get())?;
    Ok(found.and_then(|stored| stored.profile.practitioner).map(|link| link.id))
}

/// The organizations in which a practitioner works, by the accounts that stand for them.
pub fn workplaces_of(
    tx: &mut Tx<'_>,
    practitioner: Id<id::Practitioner>,
) -> Result<Vec<Id<id::Organization>>, IdentityError> {
    let sql = "SELECT DISTINCT m.organization FROM membership m JOIN account a ON a.account = m.account
               WHERE a.practitioner = ?1 AND a.state = 0 ORDER BY m.organization";
    Ok(tx.query(sql, &[practitioner.into()], |row| row.int(0).map(Id::new))?)
}
