//! Who works where: membership of organizations, as administrators see and end it. Making somebody a member is
//! `add_member`, because the server also looks up the organization.

use crate::access::administrator;
use crate::store::{self, narrow, seal_profile};
use crate::{IdentityError, Workplace};
use db::Tx;
use kernel::{Ctx, Id, Role, id};
use ledger::{Action, Entry, House, append};
use serde::Serialize;
use utoipa::ToSchema;

/// Members shown at once.
const SHOWN: i64 = 500;

/// Somebody who works in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Member {
    pub account: i64,
    pub name: String,
    pub username: String,
    #[schema(schema_with = crate::model::role_schema)]
    pub role: Role,
}

/// The accounts of people who work in an organization, by name.
pub fn members(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    organization: Id<id::Organization>,
) -> Result<Vec<Member>, IdentityError> {
    administrator(ctx)?;
    let sql = "SELECT account FROM membership WHERE organization = ?1 ORDER BY account LIMIT ?2";
    let accounts = tx.query(sql, &[organization.into(), SHOWN.into()], |row| row.int(0))?;
    let mut out = Vec::with_capacity(accounts.len());
    for account in accounts {
        if let Some(stored) = store::find(tx, &house.vault, account)? {
            let profile = stored.profile;
            out.push(Member { account, name: profile.name, username: profile.username, role: profile.role });
        }
    }
    out.sort_by_cached_key(|member| member.name.to_lowercase());
    Ok(out)
}

/// Ends a membership: what was granted to the organization no longer reaches them, from the next request on.
pub fn remove_member(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    account: Id<id::Account>,
    organization: Id<id::Organization>,
) -> Result<(), IdentityError> {
    administrator(ctx)?;
    ctx.confirmed()?;
    let mut stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    if stored.profile.role == Role::Service {
        return Err(IdentityError::Forbidden(
            "A service works for its organization as long as it exists. Lock it instead.",
        ));
    }
    let works_here = |place: &Workplace| place.rid == organization;
    if !stored.profile.organizations.iter().any(works_here) {
        return Err(IdentityError::NotFound);
    }
    stored.profile.organizations.retain(|place| !works_here(place));
    tx.execute(
        "DELETE FROM membership WHERE account = ?1 AND organization = ?2",
        &[stored.id.into(), organization.into()],
    )?;
    seal_profile(tx, &house.vault, &*house.rng, &stored)?;
    narrow(tx, stored.id)?;
    append(tx, Entry::system(ctx, Action::Member).what(format!("account {} left", stored.id), 1));
    Ok(())
}
