//! What somebody of the staff is: a practitioner or an administrator. Nobody is both, so that nobody who manages accounts
//! reads records.

use crate::access::still_administrator;
use crate::store::{self, Stored, seal_profile};
use crate::{IdentityError, alarm, oauth, verification};
use db::{Tx, Value};
use kernel::{Ctx, Id, Issue, Problem, Role, id};
use ledger::{Action, Entry, House, append};

/// Gives somebody another role. What they had open ends, so that nothing goes on under the old one.
pub fn change_role(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    account: Id<id::Account>,
    role: Role,
) -> Result<Stored, IdentityError> {
    still_administrator(tx, house, ctx)?;
    ctx.confirmed()?;
    if ctx.actor.account() == Some(account) {
        return Err(Problem::conflict("You cannot change your own role. Ask another administrator.").into());
    }
    let mut stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    let staff = |role: Role| matches!(role, Role::Practitioner | Role::Administrator);
    if !staff(stored.profile.role) || !staff(role) {
        let text = "Only practitioners become administrators, and administrators practitioners. A patient's account is \
                    their record's, and a program's its organization's.";
        return Err(IdentityError::invalid(vec![Issue::new("value", "role", text)]));
    }
    if stored.profile.role == role {
        return Ok(stored);
    }
    if role == Role::Administrator {
        tell_of_another(tx, house, ctx, &stored.profile.name, &stored.profile.username)?;
    }
    stored.profile.role = role;
    // The profile keeps whom they stand for, so that who was verified once is again; nobody finds them by it meanwhile.
    let stands_for = stored.profile.practitioner.as_ref().filter(|_| role == Role::Practitioner);
    tx.execute(
        "UPDATE account SET role = ?2, practitioner = ?3 WHERE account = ?1",
        &[stored.id.into(), role.as_str().into(), stands_for.map_or(Value::Null, |link| link.rid.get().into())],
    )?;
    if role == Role::Administrator {
        verification::service::interrupt(tx, house, stored.id)?;
    }
    if role == Role::Practitioner && stands_for.is_none() {
        verification::service::begin_anew(tx, house, stored.id, &ctx.name)?;
    }
    seal_profile(tx, &house.vault, &*house.rng, &stored)?;
    store::end_all_sessions(tx, stored.id)?;
    oauth::end_permissions(tx, stored.id, house.clock.now())?;
    append(tx, Entry::system(ctx, Action::Member).what(format!("account {} is {} now", stored.id, role.as_str()), 1));
    let now = match role {
        Role::Administrator => "an administrator: you manage accounts, and read no record any more",
        _ => "a practitioner: you read what patients let you read, and manage no accounts any more",
    };
    let body =
        format!("An administrator made you {now}. Every device was signed out, and apps have to be connected again.");
    alarm::tell(tx, house, &stored, "Your role was changed", &body)?;
    Ok(stored)
}

/// The administrators there are hear of each other one: whoever makes a second account to be two pairs of eyes alone is seen.
pub(crate) fn tell_of_another(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    name: &str,
    username: &str,
) -> Result<(), IdentityError> {
    let who = &ctx.name;
    let text = format!(
        "{who} made {name} ({username}) an administrator. If you know nothing of it, ask {who}, and lock the account on the \
         page Users."
    );
    let words = ["There is another administrator", "there is another administrator"];
    alarm::tell_administrators(tx, house, "/admin/users", words, text)
}
