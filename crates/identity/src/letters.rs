//! Letters to the people of accounts, for rooms that know whom something concerns but not where they read their mail.

use crate::IdentityError;
use crate::store;
use db::Tx;
use kernel::{Id, Role, id};
use ledger::House;
use notify::Mail;

/// Whose accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Patient(Id<id::Patient>),
    Administrators,
}

/// Queues a letter to each of these accounts that is open and has an address. The text never says anything of anybody's
/// health.
pub fn write(tx: &mut Tx<'_>, house: &House, to: To, subject: &str, text: &str) -> Result<(), IdentityError> {
    if !notify::can_mail(house) {
        return Ok(());
    }
    let accounts = match to {
        To::Patient(patient) => {
            let sql = "SELECT account FROM account WHERE patient = ?1 AND state = 0 ORDER BY account";
            tx.query(sql, &[patient.into()], |row| row.int(0))?
        }
        To::Administrators => {
            let sql = "SELECT account FROM account WHERE role = ?1 AND state = 0 ORDER BY account";
            tx.query(sql, &[Role::Administrator.as_str().into()], |row| row.int(0))?
        }
    };
    for account in accounts {
        let Some(stored) = store::find(tx, &house.vault, account)? else { continue };
        let owner = store::owner(&stored.profile);
        let Some(address) = stored.profile.email else { continue };
        let text = format!("Hello {},\n\n{text}\n\nHealthSync", stored.profile.name);
        let mail = Mail { to: address, subject: format!("HealthSync: {subject}"), text, until: None };
        notify::post_to(tx, house, owner, &mail)?;
    }
    Ok(())
}
