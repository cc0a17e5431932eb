//! The emergency card: the few facts that a helper needs first, chosen by the patient.
//!
//! Always holds: it is read from the record each time, so that it is never older than the record; what the patient hid is
//! marked as hidden and not left out, so that they can show it again. Their own emergency contacts are part of their
//! Patient resource, where every other reader finds them too.

mod model;
mod person;
mod store;

pub use model::{CardForm, CardLine, Contact, ContactForm, EmergencyCard};
pub use store::{forget_patient, is_on};

use crate::error::ExchangeError;
use crate::links;
use crate::summary;
use consent::Access;
use consent::access::Terms;
use db::Tx;
use fhir::{Kind, Node};
use kernel::{Ctx, Id, Issue, Problem, Purpose, id};
use ledger::{Action, Entry, Ground, House};
use notify::Notice;
use records::view::summary::{Gathered, Item, Whose};
use store::Choice;

const HIDDEN_MOST: usize = 500;
const NOTE_MOST: usize = 300;
const CONTACTS_MOST: usize = 8;

/// The card of the patient who asks.
pub async fn read(house: &House, ctx: &Ctx, base: &str) -> Result<EmergencyCard, Problem> {
    let patient = links::service::patient(ctx).map_err(Problem::from)?;
    let (h, c, b, now) = (house.clone(), ctx.clone(), base.to_owned(), ctx.now());
    let found = house.db.read(move |tx| {
        let choice = store::choice(tx, &h, patient)?;
        let link = match choice.link {
            Some(link) => links::service::standing(tx, &h, patient, link, (&b, now))?,
            None => None,
        };
        Ok::<_, ExchangeError>((choice, link.map(|link| links::service::withheld(&c, link))))
    });
    let (choice, link) = found.await.map_err(Problem::from)?;
    let access = if choice.sensitive { Access::open(ctx)? } else { Access::preview(ctx, Terms::all())? };
    let found = summary::current(house, ctx, access, Whose::Known(patient)).await?;
    let gathered = records::service::out(house, found).await?;
    Ok(card(&gathered, choice, link))
}

/// Changes what the card shows, and the patient's emergency contacts.
pub async fn change(house: &House, ctx: &Ctx, form: CardForm, base: &str) -> Result<EmergencyCard, Problem> {
    let patient = links::service::patient(ctx).map_err(Problem::from)?;
    let issues = check(&form);
    if !issues.is_empty() {
        return Err(Problem::unprocessable(issues));
    }
    let CardForm { hidden, note, sensitive, contacts, link } = form;
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    let (h, c) = (house.clone(), ctx.clone());
    house.db.read(move |tx| may_put(tx, &h, &c, patient, link)).await.map_err(Problem::from)?;
    // The contacts first: what was changed elsewhere meanwhile is a conflict, and then the card stays as it was.
    if let Some(contacts) = contacts {
        set_contacts(house, ctx, &contacts).await?;
    }
    let h = house.clone();
    let (c, now, b) = (ctx.clone(), ctx.now(), base.to_owned());
    let kept = house.db.write(move |tx| {
        consent::still(tx, &h, &c)?;
        may_put(tx, &h, &c, patient, link)?;
        // A link of somebody else's, or one that ended, is no code for this card.
        let link = match link {
            Some(link) => links::service::standing(tx, &h, patient, link, (&b, now))?,
            None => None,
        };
        // What the card hides from now on, its code hides too, on paper as well; to show more it needs a code of its own.
        if let Some(link) = link.as_ref().filter(|link| link.sensitive && !sensitive) {
            links::service::narrow(&c, &h, tx, link.id)?;
        }
        let link = link.map(|link| link.id);
        store::keep(tx, &h, patient, &Choice { hidden, note, sensitive, link, updated: now.0 })?;
        told(tx, &h, &c, patient)
    });
    kept.await.map_err(Problem::from)?;
    read(house, ctx, base).await
}

/// The code of the card opens while all sharing is paused: whoever looks after the record does not choose which link that is.
fn may_put(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    patient: Id<id::Patient>,
    link: Option<i64>,
) -> Result<(), ExchangeError> {
    let stands_in = ctx.behalf().is_none_or(|behalf| behalf.guardian);
    if stands_in || link.is_none() || store::choice(tx, house, patient)?.link == link {
        return Ok(());
    }
    let text = "Only the patient, or the guardian of a child, chooses which link is the code of the emergency card: it \
                opens while sharing is paused too.";
    Err(Problem::forbidden(text).into())
}

/// That the card changed stands in the log, and the patient hears of it when it was not them.
fn told(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, patient: Id<id::Patient>) -> Result<(), ExchangeError> {
    let entry = Entry::new(ctx, patient, Action::Update).what("EmergencyCard", 1);
    ledger::append(tx, entry.ground(Ground::OwnRecord, Purpose::Patient, None));
    let title = format!("{} changed the emergency card of the record", ctx.name);
    let body = "What it shows in an emergency may be other than before. Look at it.";
    let told = Notice::new(notify::Kind::Grant, title, body).link("/emergency-card");
    consent::family::tell_of_deed(ctx, house, tx, &told).map_err(Problem::from)?;
    tx.announce(format!("patient:{} ledger", patient.get()));
    Ok(())
}

async fn set_contacts(house: &House, ctx: &Ctx, contacts: &[ContactForm]) -> Result<(), Problem> {
    let patient = links::service::patient(ctx).map_err(Problem::from)?;
    let found = summary::current(house, ctx, Access::open(ctx)?, Whose::Known(patient)).await?;
    let gathered = records::service::out(house, found).await?;
    let mut node = fhir::json::parse(&gathered.patient).map_err(|_| Problem::internal())?.into_owned();
    let version = node.at(&["meta", "versionId"]).and_then(Node::as_str).and_then(|v| v.parse().ok());
    person::set_contacts(&mut node, contacts);
    records::change::update(house, ctx, Kind::Patient, &gathered.header.id, version, node.to_bytes()).await?;
    Ok(())
}

fn check(form: &CardForm) -> Vec<Issue> {
    let mut issues = Vec::new();
    let long = |text: &str, most: usize| text.trim().chars().count() > most;
    if form.hidden.len() > HIDDEN_MOST || form.hidden.iter().any(|each| each.len() > 200) {
        issues.push(Issue::new("too-long", "hidden", "These are more entries than a card has."));
    }
    if form.note.as_deref().is_some_and(|note| long(note, NOTE_MOST)) {
        issues.push(Issue::new("too-long", "note", "A note has at most 300 characters."));
    }
    let contacts = form.contacts.as_deref().unwrap_or_default();
    if contacts.len() > CONTACTS_MOST {
        issues.push(Issue::new("too-long", "contacts", "A card has room for eight contacts."));
    }
    for (at, contact) in contacts.iter().enumerate() {
        if contact.name.trim().is_empty() || long(&contact.name, 100) {
            issues.push(Issue::new("value", format!("contacts[{at}].name"), "Say in 1 to 100 characters who it is."));
        }
        if long(&contact.relationship, 60) {
            issues.push(Issue::new("value", format!("contacts[{at}].relationship"), "At most 60 characters."));
        }
        if !person::is_phone(&contact.phone) {
            let text = "Write a telephone number: digits, spaces and + ( ) - . /, at least three digits.";
            issues.push(Issue::new("value", format!("contacts[{at}].phone"), text));
        }
        if contact.email.as_deref().is_some_and(|email| !email.trim().is_empty() && !person::is_email(email)) {
            let text = "Write one e-mail address, such as name@mail.example, or leave it empty.";
            issues.push(Issue::new("value", format!("contacts[{at}].email"), text));
        }
    }
    issues
}

fn card(gathered: &Gathered, choice: Choice, link: Option<links::HealthLink>) -> EmergencyCard {
    let header = &gathered.header;
    let node = fhir::json::parse(&gathered.patient).unwrap_or(Node::Null);
    let shown = |reference: &str| !choice.hidden.iter().any(|hidden| hidden == reference);
    let lines = |code: &str| {
        let items = gathered.parts.iter().find(|part| part.code == code).map_or(&[][..], |part| &part.items);
        items.iter().map(|item| line(item, &shown)).collect::<Vec<_>>()
    };
    let items = gathered.parts.iter().flat_map(|part| &part.items);
    let newest = items.map(|item| item.updated.0).chain([gathered.updated.0, choice.updated]).max();
    EmergencyCard {
        id: header.id.clone(),
        name: header.name.clone(),
        birth_date: header.birth_date.clone(),
        age: header.age,
        gender: header.gender.clone(),
        language: header.language.clone(),
        blood_group: blood_group(&gathered.asked),
        allergies: lines("48765-2"),
        allergy_warning: gathered.parts.iter().find(|part| part.code == "48765-2").and_then(|part| part.warning),
        conditions: lines("11450-4"),
        medicines: lines("10160-0"),
        implants: lines("46264-8"),
        contacts: person::contacts(&node),
        updated: kernel::Timestamp(newest.unwrap_or_default()).to_rfc3339(),
        hidden: choice.hidden,
        note: choice.note,
        sensitive: choice.sensitive,
        link,
    }
}

fn line(item: &Item, shown: &dyn Fn(&str) -> bool) -> CardLine {
    let entry = &item.entry;
    let reference = format!("{}/{}", entry.r#type, entry.id);
    CardLine { shown: shown(&reference), text: entry.title.clone(), detail: entry.detail.clone(), reference }
}

/// Both groups where one result says both, else what the two say together.
fn blood_group(asked: &[Item]) -> Option<String> {
    let said = |item: &Item| {
        let value = item.entry.value.as_ref()?;
        Some(value.text.clone()).filter(|text| !text.is_empty())
    };
    let coded = |code: &str| asked.iter().find(|item| has_code(item, code)).and_then(said);
    coded("882-1").or_else(|| match (coded("883-9"), coded("10331-7")) {
        (Some(group), Some(rhesus)) => Some(format!("{group}, {rhesus}")),
        (group, _) => group,
    })
}

fn has_code(item: &Item, code: &str) -> bool {
    let Ok(node) = fhir::json::parse(&item.json) else { return false };
    let codings = node.get("code").map_or(&[][..], |concept| concept.array_of("coding"));
    codings.iter().any(|coding| coding.str_of("code") == Some(code))
}
