//! Asked by letter: somebody who has no account here gets a link, and whoever comes with it to an account of their own is the
//! one who was asked.
//!
//! Whether a name is anybody's is not said: whoever asks hears the same, with a letter and without one.

use super::birth::of_age;
use super::model::{Delegation, LetterForm, State, Who};
use super::service::{ask, own, shown, tell_pages};
use super::store::{self, Row};
use crate::error::ConsentError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Tx;
use kernel::rng::bytes;
use kernel::{Ctx, Id, Timestamp};
use ledger::House;
use notify::{Kind as Told, Mail, Notice};

const DAY_MS: i64 = 24 * 3_600_000;
/// Questions by letter to one address in a day, whoever asks.
const MOST_TO_ONE: i64 = 5;
/// How often one question is asked.
const MOST_TIMES: i64 = 3;

fn digest(house: &House, secret: &str) -> [u8; 32] {
    house.vault.terms().digest(b"delegation letter", secret.trim().as_bytes())
}

/// What was typed, if letters go there.
fn address(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (name, host) = typed.split_once('@')?;
    let plain =
        !typed.chars().any(|c| c.is_whitespace() || kernel::text::invisible(c) || matches!(c, '<' | '>' | ',' | ';'));
    (plain && !name.is_empty() && host.contains('.') && !host.contains('@')).then(|| typed.to_lowercase())
}

/// Queues the letter to somebody who has no account, if that is where the question leads.
pub(super) fn write(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    row: &Row,
    (typed, pages): (&str, Option<&str>),
) -> Result<(), ConsentError> {
    let (Some(pages), Some(to)) = (pages, address(typed)) else { return Ok(()) };
    let term = house.vault.terms().hash(b"delegation typed", &[to.as_bytes()]);
    if store::lettered(tx, term, ctx.now().plus_ms(-DAY_MS))? >= MOST_TO_ONE {
        return Ok(());
    }
    let secret = URL_SAFE_NO_PAD.encode(bytes::<32>(&*house.rng));
    store::set_letter(tx, row.id, &digest(house, &secret), term)?;
    let until = Timestamp(row.until.min(row.created + super::WAITS_MS));
    let day: String = until.to_rfc3339().chars().take(10).collect();
    // E-mail is read on the way: no name of a child, no kind of data.
    let what = match (row.guardian, row.acts) {
        (true, _) => "to be a guardian of a child in HealthSync, who opens and looks after the child's health record",
        (false, true) => "to look after their health record in HealthSync, and to act in it for them",
        (false, false) => "to look at their health record in HealthSync, and to change nothing",
    };
    let text = format!(
        "Hello,\n\n{} asks you {what}. Nothing is open to you until you say yes.\n\nAnswer here by {day}, with an account of \
         your own, which you can make there:\n\n{pages}/family#letter={secret}\n\nThe link works once. Give it to nobody: \
         whoever opens it can answer in your place. If you do not know what this is about, ignore it.\n\nHealthSync",
        ctx.name
    );
    let subject = format!("{} asks you to look after a health record", ctx.name);
    Ok(notify::post_to(tx, house, row.patient, &Mail { to, subject, text, until: Some(until) })?)
}

/// Whoever came with the link of a letter is asked from now on, and answers like anybody who is.
pub fn take_up(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &LetterForm) -> Result<Delegation, ConsentError> {
    let (account, _) = own(ctx)?;
    let found = store::by_letter(tx, house, &digest(house, &form.secret))?;
    let waits = |row: &Row| shown(row.clone(), account, ctx.now()).state == State::Waiting;
    let mut row = found.filter(waits).ok_or(ConsentError::NotFound)?;
    of_age(ctx, house, tx)?;
    if row.author == account || store::own_accounts(tx, row.patient)?.contains(&account) {
        return Err(ConsentError::Conflict("You asked this yourself. The link is for the person whom you asked."));
    }
    if store::any_live(tx, house, (account, row.patient), ctx.now())?.is_some() {
        return Err(ConsentError::Conflict("You look after this record already."));
    }
    store::taken_up(tx, row.id, account)?;
    row.account = account;
    tell_pages(tx, &row);
    Ok(shown(row, account, ctx.now()))
}

/// Asks again what nobody answered: the same words, and where it went by letter a new link. Whether it reaches anybody is not
/// said, as before.
pub fn again(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, pages: Option<&str>) -> Result<(), ConsentError> {
    let (account, _) = own(ctx)?;
    let row = store::find(tx, house, id)?.filter(|row| row.author == account).ok_or(ConsentError::NotFound)?;
    if shown(row.clone(), account, ctx.now()).state != State::Waiting {
        return Err(ConsentError::Conflict("This question was answered, or is over. Ask anew."));
    }
    if !store::ask_again(tx, id, MOST_TIMES)? {
        return Err(ConsentError::Conflict(
            "This was asked three times. Tell them yourself, or ask anew when it is over.",
        ));
    }
    let who = Who { typed: row.detail.person.clone(), account: None, name: None, pages: pages.map(str::to_owned) };
    ask(ctx, house, tx, &row, &who)
}

/// What the one who is asked reads, where they have an account.
pub(super) fn notice(ctx: &Ctx, row: &Row) -> Notice {
    let title = match row.guardian {
        true => format!("{} asks you to be a guardian of {}", ctx.name, row.whose.name),
        false => format!("{} asks you to look after their record", ctx.name),
    };
    let told = Notice::new(Told::Grant, title, "Accept or decline on the page Family, within 14 days.");
    told.link("/family").about(Id::new(row.patient))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn letters_go_to_what_is_an_address_and_nowhere_else() {
        assert_eq!(address(" Lena@Example.org ").as_deref(), Some("lena@example.org"));
        for wrong in [
            "lena",
            "lena@home",
            "@example.org",
            "a@b@example.org",
            "a b@example.org",
            "a@example.org, b@c.de",
            "<a@b.c>",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }
}
