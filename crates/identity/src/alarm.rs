//! Telling the owner of an account what was done to its security: in the inbox, and by e-mail where there is one, so that
//! whoever acts in somebody's place cannot hide it by reading the inbox first. And telling the administrators what one of
//! them did that none should do unseen.

use crate::IdentityError;
use crate::memory::Memory;
use crate::store::{Stored, owner};
use db::Tx;
use kernel::Id;
use ledger::House;
use notify::{Kind, Letter, Mail, Notice, Way};

/// Title and body are sentences; the body says when and what, never a health value and never a secret.
pub fn tell(tx: &mut Tx<'_>, house: &House, stored: &Stored, title: &str, body: &str) -> Result<(), IdentityError> {
    let notice = Notice::new(Kind::Security, title, body).link("/account").letter(Letter::Own);
    let way = notify::send(tx, house, Id::new(stored.id), &notice)?;
    let Some(to) = stored.profile.email.as_ref().filter(|_| way == Way::Mail) else { return Ok(()) };
    let address = house.memory::<Memory>().settings().address;
    let here = address.map_or_else(String::new, |url| format!(" at {url}/account"));
    let text = format!(
        "Hello {},\n\n{body}\n\nIf this was you, there is nothing to do. If not, look at your sign-in methods and \
         devices{here} now, end what you do not know, and ask your clinic for help.\n\nHealthSync",
        stored.profile.name
    );
    let mail = Mail { to: to.clone(), subject: format!("HealthSync: {title}"), text, until: None };
    notify::post_to(tx, house, owner(&stored.profile), &mail)?;
    Ok(())
}

/// Tells every administrator, in the inbox and by e-mail: whoever does this alone is seen by the others.
pub fn tell_administrators(
    tx: &mut Tx<'_>,
    house: &House,
    link: &str,
    [title, subject]: [&str; 2],
    text: String,
) -> Result<(), IdentityError> {
    let notice = Notice::new(Kind::Security, title, text.clone()).link(link);
    let letter = Letter::Says { subject: subject.to_owned(), text };
    Ok(notify::to_administrators(tx, house, &notice.letter(letter))?)
}
