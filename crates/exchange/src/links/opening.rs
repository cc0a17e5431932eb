//! Opening a link: for whoever holds it, with no account.
//!
//! A try is decided and noted in one transaction of the queue of writes, so that fifty at once are fifty after another and
//! the count of wrong passcodes is exact. Then the summary is read like any record: through an `Access`, which asks in
//! the reading's own snapshot whether the link still stands, and out of a `Disclosure`.

use super::jwe;
use super::model::{LinkState, Opened};
use super::pace::Pace;
use super::rules;
use super::service::{WHAT, announce};
use super::store::{self, Link};
use crate::card;
use crate::error::ExchangeError;
use crate::summary;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use consent::Access;
use db::Tx;
use kernel::{Ctx, Issue, Problem, Purpose, Timestamp};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Letter, Notice};
use records::view::summary::Whose;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::sync::Arc;
use utoipa::ToSchema;
use vault::Aad;

/// What an opener says. Other members are for other servers and are passed over, as the protocol wants it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HealthLinkRequest)]
pub struct Asked {
    /// Who opens it; the patient reads this.
    pub recipient: String,
    #[serde(default)]
    pub passcode: Option<String>,
    /// Files longer than this are answered with an address instead.
    #[serde(default)]
    pub embedded_length_max: Option<usize>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HealthLinkFile)]
pub struct File {
    pub content_type: &'static str,
    /// The file as a JWE under the link's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedded: Option<String>,
    /// Where it can be had, for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    pub last_updated: String,
    pub fhir_version: &'static str,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HealthLinkManifest)]
pub struct Manifest {
    /// `can-change`: the file is what is current when it is asked for.
    pub status: &'static str,
    pub files: Vec<File>,
}

/// An address of a file is good for so long.
const LOCATION_MS: i64 = 60 * 60_000;

/// The files behind a link.
pub async fn manifest(
    house: &House,
    ctx: &Ctx,
    peer: Option<IpAddr>,
    secret: &str,
    asked: Asked,
    base: &str,
) -> Result<Manifest, ExchangeError> {
    let recipient = enter(house, ctx, peer, &asked.recipient)?;
    let link = attempt(house, ctx, secret, &recipient, asked.passcode, false).await?;
    let sealed = fresh(house, ctx, &link, &recipient).await?;
    let last_updated = ctx.now().to_rfc3339();
    let mut file = File {
        content_type: "application/fhir+json",
        embedded: None,
        location: None,
        last_updated,
        fhir_version: "4.0.1",
    };
    match asked.embedded_length_max {
        Some(most) if sealed.len() > most => file.location = Some(location(house, ctx, &link, &recipient, base).await?),
        _ => file.embedded = Some(sealed),
    }
    Ok(Manifest { status: "can-change", files: vec![file] })
}

/// The one file of a link that opens with a plain request.
pub async fn direct(
    house: &House,
    ctx: &Ctx,
    peer: Option<IpAddr>,
    secret: &str,
    recipient: &str,
) -> Result<String, ExchangeError> {
    let recipient = enter(house, ctx, peer, recipient)?;
    let link = attempt(house, ctx, secret, &recipient, None, true).await?;
    fresh(house, ctx, &link, &recipient).await
}

/// The file at an address that a manifest gave.
pub async fn file(
    house: &House,
    ctx: &Ctx,
    peer: Option<IpAddr>,
    secret: &str,
    ticket: &str,
) -> Result<String, ExchangeError> {
    pace(house, ctx, peer)?;
    let (h, secret, ticket, now) = (house.clone(), secret.to_owned(), ticket.to_owned(), ctx.now());
    let found = house.db.read(move |tx| {
        let link = store::by_secret(tx, &h, &secret)?.ok_or(ExchangeError::NotFound)?;
        let recipient = admitted(tx, &h, &link, &ticket, now)?;
        Ok::<_, ExchangeError>((link, recipient))
    });
    let (link, recipient) = found.await?;
    fresh(house, ctx, &link, &recipient).await
}

fn pace(house: &House, ctx: &Ctx, peer: Option<IpAddr>) -> Result<(), ExchangeError> {
    house.memory::<Pace>().step(peer, ctx.now()).map_err(ExchangeError::TooMany)
}

fn enter(house: &House, ctx: &Ctx, peer: Option<IpAddr>, recipient: &str) -> Result<String, ExchangeError> {
    pace(house, ctx, peer)?;
    rules::recipient(recipient).map_err(|Issue { code, path, text }| {
        Problem::bad_request(text.clone()).with_issues(vec![Issue { code, path, text }]).into()
    })
}

/// Decides a try and notes it. What is refused is noted as well, so the transaction ends well either way.
async fn attempt(
    house: &House,
    ctx: &Ctx,
    secret: &str,
    recipient: &str,
    passcode: Option<String>,
    direct: bool,
) -> Result<Link, ExchangeError> {
    let (h, c, secret, recipient) = (house.clone(), ctx.clone(), secret.to_owned(), recipient.to_owned());
    let decided = house.db.write(move |tx| {
        let Some(link) = store::by_secret(tx, &h, &secret)? else {
            return Ok(Err(ExchangeError::NotFound));
        };
        if direct && !link.detail.direct {
            return Ok(Err(ExchangeError::NotFound));
        }
        decide(tx, &h, &c, link, &recipient, passcode.as_deref())
    });
    decided.await?
}

fn decide(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    link: Link,
    recipient: &str,
    passcode: Option<&str>,
) -> Result<Result<Link, ExchangeError>, ExchangeError> {
    let now = ctx.now();
    let note = |tx: &mut Tx<'_>, result| store::tried(tx, house, &link, recipient, result, now);
    if rules::state(link.until, link.ended, link.wrong, now) != LinkState::Active || sleeps(tx, house, &link)? {
        note(tx, Opened::Refused)?;
        refused(tx, ctx, &link, recipient);
        return Ok(Err(ExchangeError::NotFound));
    }
    match (&link.detail.passcode, passcode) {
        // Nothing was guessed.
        (Some(_), None) => return Ok(Err(ExchangeError::WrongPasscode(rules::WRONG_MOST - link.wrong))),
        (Some(right), Some(said)) if !same(right, said.trim()) => {
            note(tx, Opened::WrongPasscode)?;
            refused(tx, ctx, &link, recipient);
            let left = rules::WRONG_MOST - link.wrong - 1;
            tell(tx, house, &link, recipient, Some(left))?;
            return Ok(Err(ExchangeError::WrongPasscode(left)));
        }
        _ => {}
    }
    note(tx, Opened::Opened)?;
    announce(tx, link.patient);
    // The code of a card opens while sharing is paused too: nobody opens it unseen.
    if link.detail.tell || card::is_on(tx, house, link.patient, link.id)? {
        tell(tx, house, &link, recipient, None)?;
    }
    Ok(Ok(link))
}

/// While the patient pauses all sharing, a link is one that has ended, unless it is the code on their emergency card.
fn sleeps(tx: &mut Tx<'_>, house: &House, link: &Link) -> Result<bool, ExchangeError> {
    Ok(consent::restriction::is_on(tx, link.patient.get())? && !card::is_on(tx, house, link.patient, link.id)?)
}

/// Compares without telling by its time where they differ.
fn same(right: &str, said: &str) -> bool {
    let differ = right.bytes().zip(said.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    differ == 0 && right.len() == said.len()
}

/// Who the ledger says it was: nobody with an account, by the name they gave, which must not look like one that somebody
/// has checked.
fn bearer(ctx: &Ctx, recipient: &str) -> Ctx {
    let name = Arc::from(format!("{recipient} (as they said, by a health link)"));
    Ctx { name, purpose: Purpose::Patient, ..ctx.clone() }
}

fn refused(tx: &mut Tx<'_>, ctx: &Ctx, link: &Link, recipient: &str) {
    let entry = Entry::new(&bearer(ctx, recipient), link.patient, Action::Refused).what(WHAT, 0);
    ledger::append(tx, entry.ground(Ground::HealthLink, Purpose::Patient, None));
    announce(tx, link.patient);
}

fn tell(tx: &mut Tx<'_>, house: &House, link: &Link, recipient: &str, wrong: Option<i64>) -> Result<(), ExchangeError> {
    let label = &link.detail.label;
    // What a link is called may say what it is about: letters leave it out.
    let (kind, what, title, body) = match wrong {
        None => (
            Kind::Read,
            "one of your health links was opened",
            format!("Your health link \u{201c}{label}\u{201d} was opened"),
            format!("By: {recipient}, as they said themselves. End the link if you did not expect this."),
        ),
        Some(0) => (
            Kind::Security,
            "one of your health links is locked",
            format!("Your health link \u{201c}{label}\u{201d} is locked"),
            format!(
                "Somebody ({recipient}) typed its passcode wrong for the fifth time. It opens never again: make a new one."
            ),
        ),
        Some(left) => (
            Kind::Security,
            "a wrong passcode for one of your health links",
            format!("A wrong passcode for your health link \u{201c}{label}\u{201d}"),
            format!("Typed by: {recipient}, as they said themselves. Wrong passcodes that it still bears: {left}."),
        ),
    };
    let text = "The page Health links shows which one, and who it was, as they said themselves.".to_owned();
    let letter = Letter::Says { subject: what.to_owned(), text };
    let notice = Notice::new(kind, title, body).letter(letter);
    notify::to_patient(tx, house, link.patient, &notice.link("/links"))?;
    Ok(())
}

/// The summary as it is now, sealed under the link's key.
async fn fresh(house: &House, ctx: &Ctx, link: &Link, recipient: &str) -> Result<String, ExchangeError> {
    let ctx = bearer(ctx, recipient);
    let (h, link_id, patient) = (house.clone(), link.id, link.patient);
    let card = house.db.read(move |tx| card::is_on(tx, &h, patient, link_id)).await?;
    let access = Access::by_link(&ctx, link.id, card);
    let found = summary::document(house, &ctx, access, Whose::Known(link.patient)).await?;
    let document = records::service::out(house, found).await?;
    let key = URL_SAFE_NO_PAD.decode(&link.detail.key).map_err(|_| Problem::internal())?;
    Ok(jwe::seal(&key, &*house.rng, &document)?)
}

const fn ticket_place(link: i64) -> Aad {
    Aad::new("health_link_file", link, 0, 0)
}

/// An address that needs nothing but itself, for an hour: who asked, and until when, sealed with the patient's key.
async fn location(house: &House, ctx: &Ctx, link: &Link, recipient: &str, base: &str) -> Result<String, ExchangeError> {
    let said = format!("{} {recipient}", ctx.now().plus_ms(LOCATION_MS).0);
    let (h, number, patient) = (house.clone(), link.id, link.patient.get());
    let sealed = house.db.read(move |tx| {
        let key = h.vault.key(tx, patient)?;
        Ok::<_, ExchangeError>(key.seal(&*h.rng, &ticket_place(number), said.as_bytes())?)
    });
    Ok(format!("{}/file/{}", rules::url(base, &link.detail.secret), URL_SAFE_NO_PAD.encode(sealed.await?)))
}

/// Whom a ticket was given to, while it and its link stand.
fn admitted(
    tx: &mut Tx<'_>,
    house: &House,
    link: &Link,
    ticket: &str,
    now: Timestamp,
) -> Result<String, ExchangeError> {
    let nothing = || ExchangeError::NotFound;
    let sealed = URL_SAFE_NO_PAD.decode(ticket).map_err(|_| nothing())?;
    let key = house.vault.key(tx, link.patient.get())?;
    let said = key.open(&ticket_place(link.id), &sealed).map_err(|_| nothing())?;
    let said = String::from_utf8(said).map_err(|_| nothing())?;
    let (until, recipient) = said.split_once(' ').ok_or_else(nothing)?;
    let stands = rules::state(link.until, link.ended, link.wrong, now) == LinkState::Active;
    let in_time = until.parse::<i64>().is_ok_and(|until| until > now.0);
    (stands && in_time && !sleeps(tx, house, link)?).then(|| recipient.to_owned()).ok_or_else(nothing)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_passcode_is_right_only_as_a_whole() {
        assert!(same("1234", "1234"));
        for said in ["", "123", "12345", "1235", "12340"] {
            assert!(!same("1234", said), "{said}");
        }
    }
}
