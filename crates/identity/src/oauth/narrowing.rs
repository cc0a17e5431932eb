//! A person lets an app do less than before, or ends it sooner. Never more: for that the app asks again.

use super::model::{Allowed, Client, Permission};
use super::scope::{self, Scope};
use super::{answer, store, store_clients};
use crate::{IdentityError, alarm, rules};
use db::Tx;
use kernel::{Ctx, Issue, Problem, Timestamp};
use ledger::{Action, House, append};

/// What stays of a permission.
#[derive(Clone, Debug)]
pub struct Narrower {
    pub scopes: Vec<String>,
    /// Its end, if that comes sooner.
    pub until: Option<Timestamp>,
}

fn invalid(place: &'static str, text: &'static str) -> IdentityError {
    Problem::unprocessable(vec![Issue::new("value", place, text)]).into()
}

/// How the app works, and nothing that it gets: without one of these it could not be opened, or its end would be another one.
const fn is_frame(scope: &Scope) -> bool {
    matches!(scope, Scope::Launch | Scope::LaunchPatient | Scope::Offline | Scope::Online)
}

/// Of what was allowed, what the person leaves.
fn remaining(had: &[Scope], kept: &[String]) -> Result<Vec<Scope>, IdentityError> {
    if kept.iter().any(|kept| !had.iter().any(|scope| scope.as_str() == kept)) {
        let text = "A permission can only be narrowed. For more, connect the app again.";
        return Err(invalid("scopes", text));
    }
    let stays = |scope: &&Scope| kept.iter().any(|kept| kept == scope.as_str());
    if had.iter().any(|scope| is_frame(scope) && !stays(&scope)) {
        let text = "How the app is opened, and whether it goes on without you, stays as it is. Give it an earlier end, or end it.";
        return Err(invalid("scopes", text));
    }
    let left: Vec<Scope> = had.iter().filter(stays).cloned().collect();
    if left.iter().all(is_frame) { Err(invalid("scopes", "Leave it something, or end it.")) } else { Ok(left) }
}

fn end(had: Timestamp, wanted: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, IdentityError> {
    match wanted {
        None => Ok(had),
        Some(until) if until <= now => Err(invalid("until", "The end is in the future. To end it now, end the app.")),
        Some(until) if until > had => {
            Err(invalid("until", "The end can only come sooner. For longer, connect the app again."))
        }
        Some(until) => Ok(until),
    }
}

/// Narrows a permission of the caller's. Tokens that live are worth no more than what is left, from the next request on, and
/// what is under way reads nothing any more.
pub fn narrow(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    grant: i64,
    to: &Narrower,
) -> Result<(Permission, Client), IdentityError> {
    let account = answer::person(ctx)?;
    let now = house.clock.now();
    let found = store::permission(tx, &house.vault, grant)?.filter(|(found, _)| found.account == account.get());
    let (permission, stored) = found.ok_or(IdentityError::NotFound)?;
    let client = store_clients::client(tx, &house.vault, permission.client)?.filter(|client| client.stands());
    let client = client.ok_or(IdentityError::NotFound)?;
    if store::stands_until(tx, &permission, &stored, now)?.is_none() {
        return Err(IdentityError::NotFound);
    }
    let had = permission.scopes();
    let scopes = remaining(&had, &to.scopes)?;
    let until = end(permission.until, to.until, now)?;
    if scopes == had && until == permission.until {
        return Ok((permission, client));
    }
    let allowed = Allowed { scope: scope::text(&scopes), ..permission.allowed.clone() };
    store::narrow_permission(tx, house, &stored, grant, until, &allowed)?;
    let name = &client.said.name;
    append(tx, answer::entry(ctx, &stored, Action::Narrow).what(name.clone(), 1));
    let body = format!(
        "You let the app \"{name}\" do less, or end sooner: it stands until {} at most. What it has read it keeps; to give it \
         more again, connect it anew.",
        rules::shown(until)
    );
    alarm::tell(tx, house, &stored, "An app was narrowed", &body)?;
    Ok((Permission { until, allowed, ..permission }, client))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(kept: &str) -> Vec<String> {
        kept.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn a_permission_keeps_its_frame_and_something_in_it() {
        let had =
            scope::parse("openid launch/patient offline_access patient/Observation.rs patient/Condition.rs").unwrap();
        let left = remaining(&had, &words("offline_access launch/patient patient/Condition.rs")).unwrap();
        assert_eq!(scope::text(&left), "launch/patient offline_access patient/Condition.rs");
        for wrong in [
            "",
            "launch/patient offline_access",
            "launch/patient patient/Condition.rs",
            "offline_access patient/Condition.rs",
            "launch/patient offline_access patient/*.rs",
            "launch/patient offline_access patient/Condition.r",
        ] {
            assert!(remaining(&had, &words(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_end_comes_sooner_or_not_at_all() {
        let (now, had) = (Timestamp(1_000), Timestamp(5_000));
        assert_eq!(end(had, None, now).unwrap(), had);
        for good in [1_001, 5_000] {
            assert_eq!(end(had, Some(Timestamp(good)), now).unwrap(), Timestamp(good));
        }
        for wrong in [0, 1_000, 5_001] {
            assert!(end(had, Some(Timestamp(wrong)), now).is_err(), "{wrong}");
        }
    }
}
