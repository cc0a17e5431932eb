//! What an app was allowed ends without its person's doing, and they are told.

use super::model::{Client, Permission};
use super::{store, store_clients};
use crate::store::Stored;
use crate::{IdentityError, alarm, store as accounts};
use db::{DbError, Tx};
use kernel::{Id, Role, Timestamp};
use ledger::House;
use notify::{Kind, Letter, Notice};
use std::sync::Arc;

/// The job that tells those who had let an app in that it was struck off the list.
pub const STRUCK: &str = "app-struck";

/// People told in one transaction.
const AT_ONCE: usize = 100;

/// A code or a refresh token came twice: two have it, and which of them asks cannot be told. Both lose what it opened.
pub fn stolen(
    tx: &mut Tx<'_>,
    house: &House,
    client: &Client,
    permission: &Permission,
    whose: &Stored,
) -> Result<(), IdentityError> {
    if !store::revoke_permission(tx, permission.id, permission.account, house.clock.now())? {
        return Ok(());
    }
    let body = format!(
        "A key of the app \"{}\" was used twice, as it happens when somebody has a copy. The app gets nothing any more \
         until you connect it again.",
        client.said.name
    );
    alarm::tell(tx, house, whose, "An app was ended", &body)
}

/// The app itself gives back what it was allowed. That is no alarm, and no letter.
pub fn given_back(
    tx: &mut Tx<'_>,
    house: &House,
    client: &Client,
    permission: &Permission,
) -> Result<(), IdentityError> {
    if store::revoke_permission(tx, permission.id, permission.account, house.clock.now())? {
        let body = format!("The app \"{}\" signed out. It gets nothing any more.", client.said.name);
        let notice = Notice::new(Kind::Security, "An app was ended", body).link("/account").letter(Letter::Own);
        notify::send(tx, house, Id::new(permission.account), &notice)?;
    }
    Ok(())
}

/// What the job is about: the app, and when it was struck off.
pub fn struck_off(tx: &mut Tx<'_>, client: i64, now: Timestamp) -> Result<(), DbError> {
    jobs::enqueue(tx, STRUCK, now, &[client.to_le_bytes(), now.0.to_le_bytes()].concat()).map(drop)
}

/// Tells everybody who had let the app in.
pub async fn tell_struck(house: &House, payload: &[u8]) -> Result<(), IdentityError> {
    let Some((client, rest)) = payload.split_first_chunk() else { return Ok(()) };
    let Some(at) = rest.first_chunk() else { return Ok(()) };
    let (client, at) = (i64::from_le_bytes(*client), Timestamp(i64::from_le_bytes(*at)));
    let vault = Arc::clone(&house.vault);
    let found = house.db.read(move |tx| {
        let accounts = store_clients::accounts_ended(tx, client, at)?;
        Ok::<_, IdentityError>(store_clients::client(tx, &vault, client)?.map(|client| (client, accounts)))
    });
    let Some((client, accounts)) = found.await? else { return Ok(()) };
    let body: Arc<str> = format!(
        "An administrator of this server struck the app \"{}\" off the list. It gets nothing any more; what it has read \
         it keeps.",
        client.said.name
    )
    .into();
    for some in accounts.chunks(AT_ONCE) {
        let (inside, some, body) = (house.clone(), some.to_vec(), Arc::clone(&body));
        let told = house.db.write(move |tx| {
            for account in some {
                let found = accounts::find(tx, &inside.vault, account)?;
                if let Some(stored) = found.filter(|stored| stored.profile.role != Role::Service) {
                    alarm::tell(tx, &inside, &stored, "An app was ended", &body)?;
                }
            }
            Ok::<_, IdentityError>(())
        });
        told.await?;
    }
    Ok(())
}
