//! Invitations that nobody has taken yet: who was asked, by whom and until when; sending one again, and withdrawing it.

use super::join::{Invited, ask};
use super::store;
use crate::access::administrator;
use crate::model::Account;
use crate::store::Stored;
use crate::{IdentityError, methods};
use db::Tx;
use kernel::{Ctx, Problem};
use ledger::{Action, Entry, House, append};
use serde::Serialize;
use utoipa::ToSchema;

/// Invitations shown at once.
const SHOWN: i64 = 500;

/// An invitation that waits to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenInvitation {
    pub account: i64,
    pub name: String,
    pub email: String,
    /// The administrator who asked first.
    #[schema(required = true)]
    pub invited_by: Option<String>,
    /// When it was sent last.
    #[schema(format = DateTime)]
    pub sent: String,
    #[schema(format = DateTime)]
    pub expires: String,
    /// Its time is over: it opens nothing any more, and can be sent again.
    pub over: bool,
}

/// All of them, those that end first at the top.
pub fn open(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<Vec<OpenInvitation>, IdentityError> {
    administrator(ctx)?;
    let now = house.clock.now();
    let mut out = Vec::new();
    for (account, expires) in store::invitations(tx, SHOWN)? {
        let Some(stored) = crate::store::find(tx, &house.vault, account)? else { continue };
        let invited_by = store::find(tx, &house.vault, account)?.and_then(|row| row.detail.invited_by);
        let profile = stored.profile;
        out.push(OpenInvitation {
            account,
            name: profile.name,
            email: profile.email.unwrap_or(profile.username),
            invited_by,
            sent: expires.plus_ms(-super::join::INVITATION_MS).to_rfc3339(),
            expires: expires.to_rfc3339(),
            over: expires <= now,
        });
    }
    Ok(out)
}

/// The account of an invitation that nobody has taken.
fn waiting(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<Stored, IdentityError> {
    if !store::is_invited(tx, account)? {
        return Err(IdentityError::NotFound);
    }
    let stored = crate::store::find(tx, &house.vault, account)?.ok_or(IdentityError::NotFound)?;
    without_other_way(tx, house, stored)
}

fn without_other_way(tx: &mut Tx<'_>, house: &House, stored: Stored) -> Result<Stored, IdentityError> {
    let account = stored.id;
    let passkeys = !crate::store::passkey::of_account(tx, &house.vault, &stored)?.is_empty();
    if passkeys || methods::others(tx, house, &stored)? || crate::external::connected(tx, account)? {
        let text = "They have found another way in already. Lock the account instead.";
        return Err(Problem::conflict(text).into());
    }
    Ok(stored)
}

/// Makes a new link and sends it; the one before opens nothing any more. Also where there was none: whoever let the week of
/// their first password pass is invited.
pub fn resend(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: i64) -> Result<Invited, IdentityError> {
    administrator(ctx)?;
    ctx.confirmed()?;
    let found = crate::store::find(tx, &house.vault, account)?;
    let over = found.filter(|stored| stored.first_is_over(house.clock.now()));
    let stored = match over {
        Some(stored) => without_other_way(tx, house, stored)?,
        None => waiting(tx, house, account)?,
    };
    if stored.locked {
        return Err(Problem::conflict("This account is locked. Unlock it first.").into());
    }
    if stored.first_until.is_some() {
        crate::store::remove_secret(tx, account)?;
        crate::store::end_all_sessions(tx, account)?;
    }
    ask(tx, house, ctx, Account::new(stored))
}

/// Takes an invitation back. The account it was for was never anybody's: it goes, and its address is free again.
pub fn withdraw(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: i64) -> Result<(), IdentityError> {
    administrator(ctx)?;
    ctx.confirmed()?;
    let stored = waiting(tx, house, account)?;
    append(tx, Entry::system(ctx, Action::Invite).what(format!("account {} withdrawn", stored.id), 1));
    Ok(crate::store::forget_account(tx, stored.id)?)
}
