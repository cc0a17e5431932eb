//! A program without people works with nobody present and reads what an organization keeps: two administrators let it in.

use super::model::{Allowed, Client, Registration, Standing};
use super::store::{self, NewPermission};
use super::store_clients;
use crate::access::still_administrator;
use crate::model::{Links, NewAccount};
use crate::service::{make, prepare_invited};
use crate::{IdentityError, alarm, store as accounts};
use db::Tx;
use kernel::{Actor, Ctx, Id, Problem, Role, Timestamp};
use ledger::{Action, Entry, House, append};

/// Where administrators see the list.
const PAGE: &str = "/admin/apps";

/// Puts a program on the list. It waits there, unless the operator did it, whose own server it is.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    ident: &str,
    said: &Registration,
) -> Result<Client, IdentityError> {
    still_administrator(tx, house, ctx)?;
    let registrant = ctx.actor.account().map(Id::get);
    let client = store_clients::insert_client(tx, house, ident, (Standing::Waiting, registrant), said)?;
    append(tx, Entry::system(ctx, Action::Connect).what(format!("app {}, which waits", client.id), 1));
    if ctx.actor == Actor::Operator {
        return employ(tx, house, client);
    }
    let (who, what) = (&ctx.name, about(&client));
    let text = format!(
        "{who} put {what} on the list of apps. It gets nothing until another administrator confirms it, on the page Apps. If \
         you know nothing of it, ask {who}, and strike it off there."
    );
    let words = ["A program waits for another administrator", "a program waits for another administrator"];
    alarm::tell_administrators(tx, house, PAGE, words, text)?;
    Ok(client)
}

/// Another administrator confirms it: from now on it gets tokens.
pub async fn confirm(house: &House, ctx: &Ctx, id: i64) -> Result<Client, IdentityError> {
    crate::administrator(ctx)?;
    ctx.confirmed()?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        still_administrator(tx, &house, &ctx)?;
        let client = store_clients::client(tx, &house.vault, id)?.ok_or(IdentityError::NotFound)?;
        if client.state != Standing::Waiting {
            let text = "This app waits for nobody: it was confirmed already, or it was struck off.";
            return Err(Problem::conflict(text).into());
        }
        if client.registrant == ctx.actor.account().map(Id::get) {
            let text = "You put this program on the list. Another administrator must confirm it.";
            return Err(Problem::new(409, "same-person", text).into());
        }
        let by = registrant(tx, &house, &client)?.map_or_else(String::new, |name| format!(", which {name} had registered"));
        let client = employ(tx, &house, client)?;
        append(tx, Entry::system(&ctx, Action::Connect).what(format!("app {id}, confirmed"), 1));
        let (who, what) = (&ctx.name, about(&client));
        let text = format!(
            "{who} confirmed {what}{by}. It gets tokens from now on. If you know nothing of it, strike it off on the page Apps: \
             that ends it at once."
        );
        let words = ["A program was confirmed", "a program was confirmed"];
        alarm::tell_administrators(tx, &house, PAGE, words, text)?;
        Ok(client)
    })
    .await
}

/// What the administrator who put it on the list is called.
pub fn registrant(tx: &mut Tx<'_>, house: &House, client: &Client) -> Result<Option<String>, IdentityError> {
    let Some(account) = client.registrant else { return Ok(None) };
    Ok(accounts::find(tx, &house.vault, account)?.map(|stored| stored.profile.name))
}

/// Makes the account as which it acts, and what it may do, which stands in its registration.
fn employ(tx: &mut Tx<'_>, house: &House, client: Client) -> Result<Client, IdentityError> {
    let said = &client.said;
    let username = format!("app-{}", client.ident);
    let new = NewAccount { role: Role::Service, username, email: None, password: None, name: said.name.clone() };
    let organizations = said.organization.iter().cloned().collect();
    let stored = make(tx, house, prepare_invited(new)?, Links { organizations, ..Links::default() })?;
    let allowed = Allowed {
        scope: said.scope.clone().unwrap_or_default(),
        patient: None,
        fhir_user: None,
        auth_time: house.clock.now().0 / 1000,
        acr: "0".to_owned(),
    };
    let until = Timestamp(i64::MAX);
    let new =
        NewPermission { client: client.id, account: &stored, session: None, patient: None, until, allowed: &allowed };
    store::insert_permission(tx, house, &new)?;
    store_clients::activate(tx, client.id, stored.id)?;
    Ok(Client { state: Standing::Active, account: Some(stored.id), ..client })
}

fn about(client: &Client) -> String {
    let place = client.said.organization.as_ref().map_or("nobody", |place| place.name.as_str());
    let scope = client.said.scope.as_deref().unwrap_or_default();
    format!("the program \"{}\", which works for {place} with nobody present ({scope})", client.said.name)
}
