//! Declaring an emergency, its second step, and ending it early.

use super::model::{EmergencyForm, Finding, Opened};
use super::review;
use super::store::{self as emergencies, Detail as Particulars, Emergency};
use crate::access::{ONLY_PRACTITIONERS, Terms};
use crate::body;
use crate::error::ConsentError;
use crate::marks::{Category, LABEL_BITS, UNDATED};
use crate::model::{Act, GranteeType, State};
use crate::rules;
use crate::service::{EXPIRE, announce};
use crate::store::{self, Detail, Row};
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Purpose, Timestamp, id};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Letter, Notice};
use vault::DIRECTORY;

/// How long an emergency lasts.
const HOURS: i64 = 2;
const MINUTES: i64 = HOURS * 60;

const REASON: std::ops::RangeInclusive<usize> = 10..=1000;
/// All that is said why, by declaring it again.
const MOST_SAID: usize = 4000;

/// What an emergency shows first: what kills when it is not known. Sensitive areas are in it, because medicines for them
/// and conditions among them decide what may be given.
const SUMMARY: [Category; 6] = [
    Category::Person,
    Category::Condition,
    Category::Medicine,
    Category::Allergy,
    Category::Immunization,
    Category::Device,
];

const fn terms(categories: i64) -> Terms {
    Terms { categories, labels: LABEL_BITS, lo: UNDATED, hi: i64::MAX }
}

fn summary() -> i64 {
    SUMMARY.iter().fold(0, |bits, category| bits | category.bit())
}

/// Somebody whom the patient named to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: String,
}

/// The practitioner who asks, in a session of their own; an app declares no emergency.
fn practitioner(ctx: &Ctx) -> Result<(i64, i64), ConsentError> {
    match &ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Practitioner { account, practitioner, .. } if ctx.pass.app.is_none() => {
            Ok((account.get(), practitioner.get()))
        }
        _ => Err(ConsentError::Forbidden(ONLY_PRACTITIONERS)),
    }
}

fn reason(form: &EmergencyForm) -> Result<String, Issue> {
    let reason = form.reason.trim();
    if kernel::text::hides_in_lines(reason) {
        return Err(Issue::new("value", "reason", kernel::text::IN_SIGHT));
    }
    match REASON.contains(&reason.chars().count()) {
        true => Ok(reason.to_owned()),
        false => Err(Issue::new("value", "reason", "Say in 10 to 1000 characters why this cannot wait for consent.")),
    }
}

/// Keeps the reason of somebody who declares an emergency again beside the first one: both are read when it is reviewed.
fn say_more(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, row: &mut Row, reason: &str) -> Result<(), ConsentError> {
    let said = row.detail.note.clone().unwrap_or_default();
    if said.lines().any(|line| line == reason) || said == reason {
        return Ok(());
    }
    let both = format!("{said}\n{reason}");
    if both.chars().count() > MOST_SAID {
        return Err(ConsentError::Conflict("You opened this record already, and have said at length why. Read it."));
    }
    row.detail.note = Some(both);
    store::set_detail(tx, house, row)?;
    log(ctx, tx, row, "Summary");
    announce(tx, row);
    Ok(())
}

/// Opens the summary of a record. Doing it again while it is open only adds a reason that is another. The caller tells by e-mail those who
/// are named in the answer, in the same transaction.
pub fn open(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    form: &EmergencyForm,
) -> Result<(Opened, Option<Vec<Contact>>), ConsentError> {
    let (account, practitioner) = practitioner(ctx)?;
    let reason = reason(form)?;
    let patient = match emergencies::patient_of_id(tx, house, form.patient.trim())? {
        Some(patient) => Some(patient),
        None => match rules::read_share_code(form.patient.trim()) {
            Some(code) => store::patient_of_share_code(tx, house, &code)?,
            None => None,
        },
    };
    let unknown = || Issue::new("not-found", "patient", "There is no patient with this id or share code.");
    let patient = patient.ok_or_else(unknown)?;
    let now = ctx.now();
    if let Some((emergency, mut row)) = emergencies::live(tx, house, (account, patient), now)? {
        say_more(ctx, house, tx, &mut row, &reason)?;
        return Ok((shown(tx, &emergency, &row)?, None));
    }
    let whose = store::person(tx, house, patient, patient)?.ok_or_else(unknown)?;
    let who = store::person(tx, house, practitioner, DIRECTORY)?.ok_or(ConsentError::NotFound)?;
    let until = now.plus_minutes(MINUTES);
    let row = Row {
        id: tx.allocate("grant", 1)?,
        patient,
        grantee: practitioner,
        grantee_kind: GranteeType::Practitioner.kind().code(),
        terms: terms(summary()),
        purpose: Purpose::Emergency.as_str().to_owned(),
        created: now.0,
        until: until.0,
        revoked: None,
        last_read: None,
        detail: Detail { patient: whose, grantee: who, note: Some(reason) },
    };
    store::insert(tx, house, &row)?;
    store::insert_reach(tx, &row)?;
    store::keep_version(tx, house, &row, Act::Given, Some(&ctx.name), now)?;
    jobs::enqueue(tx, EXPIRE, until, &row.id.to_le_bytes())?;
    let emergency = Emergency {
        id: row.id,
        patient,
        account,
        opened: now.0,
        whole: None,
        state: Finding::Open.code(),
        reviewed: None,
        detail: Particulars { organization: ctx.organization.as_deref().map(str::to_owned), ..Particulars::default() },
    };
    emergencies::insert(tx, house, &emergency)?;
    jobs::enqueue(tx, review::REMIND, review::remind_at(now), &row.id.to_le_bytes())?;
    log(ctx, tx, &row, "Summary");
    tell(house, tx, &row, &emergency)?;
    let contacts = contacts(tx, house, patient)?;
    Ok((shown(tx, &emergency, &row)?, Some(contacts)))
}

/// The patient and the administrators read it in their inboxes at once.
fn tell(house: &House, tx: &mut Tx<'_>, row: &Row, emergency: &Emergency) -> Result<(), ConsentError> {
    let who = named(row, emergency);
    let why = row.detail.note.as_deref().unwrap_or_default();
    let patient = Id::new(row.patient);
    let time = Timestamp(emergency.opened).to_rfc3339();
    let text = format!(
        "{who} opened your record in an emergency, without your consent, at {time} (UTC). It ends by itself after two \
         hours; you can end it sooner on the page Sharing. The page Who read my record shows what was read, and an \
         administrator reviews it within 72 hours."
    );
    // Whoever paused all sharing must not think that the pause failed.
    let text = match crate::restriction::is_on(tx, row.patient)? {
        true => format!("{text} You have paused all sharing; an emergency is possible all the same."),
        false => text,
    };
    let letter = Letter::Says { subject: "your record was opened in an emergency".to_owned(), text };
    let told = Notice::new(Kind::Emergency, format!("{who} opened your record in an emergency"), why).link("/sharing");
    notify::to_patient(tx, house, patient, &told.letter(letter))?;
    let title = format!("{who} opened a record in an emergency");
    let text = format!(
        "{who} opened a patient's record in an emergency at {time} (UTC). Please review it within 72 hours, on the page \
         Emergencies."
    );
    let letter = Letter::Says { subject: "an emergency access waits for review".to_owned(), text };
    let told = Notice::new(Kind::Emergency, title, why).link("/admin/emergencies").about(patient).letter(letter);
    notify::to_administrators(tx, house, &told)?;
    announce(tx, row);
    tx.announce("administrators emergencies");
    Ok(())
}

/// A practitioner and where they work.
pub(super) fn named(row: &Row, emergency: &Emergency) -> String {
    match &emergency.detail.organization {
        Some(organization) => format!("{} of {organization}", row.detail.grantee.name),
        None => row.detail.grantee.name.clone(),
    }
}

/// Whom the patient's own entry names as an emergency contact, or without saying as what, with an e-mail address, today.
fn contacts(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Vec<Contact>, ConsentError> {
    let Some(json) = store::person_json(tx, house, patient)? else { return Ok(Vec::new()) };
    let node = fhir::json::parse(&json).map_err(|_| db::DbError::Failed("a patient's entry is not JSON".into()))?;
    let today: String = house.clock.now().to_rfc3339().chars().take(10).collect();
    let mut out = Vec::new();
    for contact in node.array_of("contact").iter().filter(|contact| is_told(contact, &today)) {
        let name = contact.get("name").map(body::human_name).unwrap_or_default();
        let emails = contact.array_of("telecom").iter().filter(|t| t.str_of("system") == Some("email"));
        let email = emails.filter_map(|t| t.str_of("value")).find(|value| is_address(value));
        out.extend(email.map(|email| Contact { name, email: email.to_owned() }));
    }
    Ok(out)
}

fn is_told(contact: &fhir::Node<'_>, today: &str) -> bool {
    // Codes of <http://terminology.hl7.org/CodeSystem/v2-0131>: C is an emergency contact, E an employer, and so on.
    let concepts = contact.array_of("relationship").iter();
    let codes: Vec<&str> = concepts.flat_map(|c| c.array_of("coding")).filter_map(|c| c.str_of("code")).collect();
    let over = contact.at(&["period", "end"]).and_then(fhir::Node::as_str);
    (codes.is_empty() || codes.contains(&"C")) && over.is_none_or(|end| end.get(..10).unwrap_or(end) >= today)
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace))
}

/// Whose record an emergency opened.
pub fn patient_of(tx: &mut Tx<'_>, id: i64) -> Result<Id<id::Patient>, ConsentError> {
    let found = emergencies::patient_of_emergency(tx, id)?;
    found.map(Id::new).ok_or(ConsentError::NotFound)
}

/// The caller's own emergency, while it lasts.
fn own(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(Emergency, Row), ConsentError> {
    let (account, _) = practitioner(ctx)?;
    let found = emergencies::find(tx, house, id)?.filter(|(emergency, _)| emergency.account == account);
    let (emergency, row) = found.ok_or(ConsentError::NotFound)?;
    match rules::state(row.until, row.revoked, ctx.now()) {
        State::Active => Ok((emergency, row)),
        _ => Err(ConsentError::Conflict("This emergency access has ended. Open the record again if you must.")),
    }
}

/// The second step: the whole record, for the rest of the two hours.
pub fn whole(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Opened, ConsentError> {
    let (mut emergency, mut row) = own(ctx, house, tx, id)?;
    if emergency.whole.is_some() {
        return shown(tx, &emergency, &row);
    }
    let now = ctx.now();
    emergency.whole = Some(now.0);
    row.terms = terms(Category::everything());
    emergencies::set_whole(tx, &row, now)?;
    store::keep_version(tx, house, &row, Act::Changed, Some(&ctx.name), now)?;
    log(ctx, tx, &row, "Record");
    let title = format!("{} opened your whole record in an emergency", named(&row, &emergency));
    let told = Notice::new(Kind::Emergency, title, "Before, it was the summary only.").link("/sharing");
    notify::to_patient(tx, house, Id::new(row.patient), &told)?;
    announce(tx, &row);
    tx.announce("administrators emergencies");
    shown(tx, &emergency, &row)
}

/// The practitioner needs it no longer.
pub fn close(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let (_, row) = match own(ctx, house, tx, id) {
        Err(ConsentError::Conflict(_)) => return Ok(()),
        found => found?,
    };
    store::set_revoked(tx, row.id, ctx.now())?;
    store::keep_version(tx, house, &row, Act::Revoked, Some(&ctx.name), ctx.now())?;
    store::delete_reach(tx, &row)?;
    store::raise_epoch(tx)?;
    let entry = Entry::new(ctx, Id::new(row.patient), Action::Revoke).what("Grant", 1);
    ledger::append(tx, entry.ground(Ground::BreakGlass, Purpose::Emergency, Some(row.id)));
    announce(tx, &row);
    tx.announce("administrators emergencies");
    Ok(())
}

fn log(ctx: &Ctx, tx: &mut Tx<'_>, row: &Row, what: &str) {
    let entry = Entry::new(ctx, Id::new(row.patient), Action::BreakGlass).what(what, 1);
    ledger::append(tx, entry.ground(Ground::BreakGlass, Purpose::Emergency, Some(row.id)));
}

fn shown(tx: &mut Tx<'_>, emergency: &Emergency, row: &Row) -> Result<Opened, ConsentError> {
    Ok(Opened {
        id: row.id,
        patient: row.detail.patient.clone(),
        whole: emergency.whole.is_some(),
        until: Timestamp(row.until).to_rfc3339(),
        restricted: crate::restriction::is_on(tx, row.patient)?,
    })
}
