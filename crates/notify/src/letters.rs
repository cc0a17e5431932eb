//! Letters about notices: one at once, or one a day that says how much there was. Neither says more than a title does.

use crate::mail::{Mail, can_mail, post_at, post_to};
use crate::store::{self, Waiting};
use crate::wishes::Wishes;
use crate::{Letter, Notice};
use db::{DbError, Tx};
use jobs::{JobError, Registry};
use kernel::{Id, id};
use ledger::House;
use std::sync::{PoisonError, RwLock};
use vault::VaultError;

/// Where somebody reads their mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    pub name: String,
    pub email: Option<String>,
    /// Whose key seals a letter that waits.
    pub owner: i64,
    /// The address of the pages, where the server knows it.
    pub pages: Option<String>,
}

/// Finds it; `None` for an account that is closed.
pub type AddressBook = fn(&mut Tx<'_>, &House, Id<id::Account>) -> Result<Option<Addressee>, VaultError>;

#[derive(Default)]
struct Kept(RwLock<Option<AddressBook>>);

/// Says where to look addresses up: this room knows accounts, not who they are.
pub fn addressed_by(house: &House, book: AddressBook) {
    *house.memory::<Kept>().0.write().unwrap_or_else(PoisonError::into_inner) = Some(book);
}

/// Who an account's letters go to, and their address.
pub(crate) fn addressee(
    tx: &mut Tx<'_>,
    house: &House,
    account: Id<id::Account>,
) -> Result<Option<(Addressee, String)>, VaultError> {
    let book = *house.memory::<Kept>().0.read().unwrap_or_else(PoisonError::into_inner);
    let found = book.map(|book| book(tx, house, account)).transpose()?.flatten();
    Ok(found.and_then(|to| to.email.clone().map(|email| (to, email))))
}

/// Whether letters to an account can arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Reached,
    NoAddress,
    NoMailer,
}

pub(crate) fn reach(tx: &mut Tx<'_>, house: &House, account: Id<id::Account>) -> Result<Reach, VaultError> {
    Ok(match addressee(tx, house, account)? {
        _ if !can_mail(house) => Reach::NoMailer,
        None => Reach::NoAddress,
        Some(_) => Reach::Reached,
    })
}

/// Queues the letter about a notice.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    house: &House,
    account: Id<id::Account>,
    notice: &Notice,
    wishes: &Wishes,
) -> Result<(), VaultError> {
    if matches!(notice.letter, Letter::Own) || !can_mail(house) {
        return Ok(());
    }
    let Some((to, email)) = addressee(tx, house, account)? else { return Ok(()) };
    let (subject, text) = notice.words();
    let text = format!("Hello {},\n\n{text}\n\n{}\n\nHealthSync", to.name, read_on(&to));
    let leaves = wishes.leaves(house.clock.now(), notice.kind);
    let mail = Mail { to: email, subject: format!("HealthSync: {subject}"), text, until: None };
    post_at(tx, house, to.owner, &mail, leaves)
}

fn read_on(to: &Addressee) -> String {
    match &to.pages {
        Some(pages) => format!(
            "Read on in your inbox: {pages}/inbox\nChoose what we write to you about: {pages}/account/notifications"
        ),
        None => "Sign in to read on in your inbox, and to choose what we write to you about.".to_owned(),
    }
}

/// The job that writes a day's letter.
const DAILY: &str = "daily-letter";

/// Plans the next daily letter to an account, unless one is planned.
pub(crate) fn plan(
    tx: &mut Tx<'_>,
    house: &House,
    account: Id<id::Account>,
    wishes: &Wishes,
) -> Result<(), VaultError> {
    let due = wishes.next_daily(house.clock.now());
    Ok(jobs::enqueue(tx, DAILY, due, &account.get().to_le_bytes()).map(drop)?)
}

/// Adds the daily letters.
pub(crate) fn register(registry: Registry) -> Registry {
    registry.on(DAILY, |house, work| async move {
        let account = work.payload.first_chunk().copied().map(i64::from_le_bytes);
        let account = Id::new(account.ok_or_else(|| JobError::Failed("a letter to nobody".into()))?);
        let inside = house.clone();
        match house.db.write(move |tx| day(tx, &inside, account)).await {
            // Erased meanwhile.
            Err(VaultError::NoKey) => Ok(()),
            done => Ok(done?),
        }
    })
}

/// Different things that one letter names; how many more there were is said.
const NAMED: usize = 20;

/// One letter about what waits, and has not been read in the app meanwhile.
fn day(tx: &mut Tx<'_>, house: &House, account: Id<id::Account>) -> Result<(), VaultError> {
    let waiting = store::take_daily(tx, house, account)?;
    let (Some((to, email)), false) = (addressee(tx, house, account)?, waiting.is_empty()) else { return Ok(()) };
    let count = waiting.len();
    let things = if count == 1 { "1 thing is".to_owned() } else { format!("{count} things are") };
    let text = format!(
        "Hello {},\n\n{things} new in your inbox:\n\n{}\n\n{}\n\nHealthSync",
        to.name,
        lines(waiting),
        read_on(&to)
    );
    let subject = format!("HealthSync: {things} new in your inbox");
    post_to(tx, house, to.owner, &Mail { to: email, subject, text, until: None })
}

/// What happened several times is said once.
fn lines(waiting: Vec<Waiting>) -> String {
    let mut each: Vec<(String, usize)> = Vec::new();
    for Waiting { title } in waiting {
        match each.iter_mut().find(|(known, _)| *known == title) {
            Some((_, times)) => *times += 1,
            None => each.push((title, 1)),
        }
    }
    let more = each.len().saturating_sub(NAMED);
    let mut lines: Vec<String> = each
        .into_iter()
        .take(NAMED)
        .map(|(title, times)| if times == 1 { format!("- {title}") } else { format!("- {title} ({times} times)") })
        .collect();
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    lines.join("\n")
}

/// Nothing of what an account wished is left when it is gone; a planned letter finds nobody.
pub(crate) fn forget(tx: &mut Tx<'_>, account: Id<id::Account>) -> Result<(), DbError> {
    tx.execute("DELETE FROM wish WHERE account = ?1", &[account.into()])?;
    tx.execute("DELETE FROM reader WHERE account = ?1", &[account.into()])?;
    Ok(())
}
