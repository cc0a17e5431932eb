//! Use cases of appointments. Line 1 of each authorises.

use crate::error::{SchedulingError, records};
use crate::model::{self, Appointment, Appointments, Booking, Status};
use crate::resource::{self, Between};
use crate::rules::{self, Wish};
use consent::{Access, Category, Grantee, GranteeType, Marked};
use db::Tx;
use fhir::Kind;
use kernel::{Actor, Ctx, Issue, Problem, Timestamp, rng};
use ledger::{Disclosure, House};
use records::model::Stored;
use records::{beside, busy, search};

/// What came of a wish.
#[derive(Clone, Debug)]
pub struct Booked {
    pub appointment: Appointment,
    /// Whether it is new: the same wish twice is one appointment.
    pub created: bool,
}

const DOCTOR_TAKEN: &str = "The doctor has another appointment at that time. Choose another time.";
const PATIENT_TAKEN: &str = "You have another appointment at that time. Choose another time.";

/// Asks for an appointment, or books it: a patient's wish is a proposal, a doctor's or a clinic's word is a booking. What the
/// patient proposed becomes booked when the doctor books the same time.
pub async fn book(house: &House, ctx: &Ctx, form: Booking) -> Result<Booked, Problem> {
    Access::open(ctx)?;
    let wish = rules::wish(&form, ctx.now()).map_err(SchedulingError::Invalid)?;
    let (inside, asker) = (house.clone(), ctx.clone());
    let booked = house.db.write(move |tx| book_in(tx, &inside, &asker, &form, &wish)).await;
    booked.map_err(|error: SchedulingError| Problem::from(error))
}

fn book_in(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, form: &Booking, wish: &Wish) -> Result<Booked, SchedulingError> {
    let access = Access::open(ctx)?;
    consent::still(tx, house, ctx)?;
    let named = match &form.patient {
        Some(named) => Some(named.clone()),
        None => beside::own_name(tx, house, &access).map_err(records)?,
    };
    let named =
        named.ok_or_else(|| Issue::new("required", "patient", "Whose appointment is it? Say the patient's id."))?;
    let patient = beside::subject(tx, house, &access, &named).map_err(records)?.ok_or_else(Problem::not_found)?;
    let writer = access.booker(ctx, tx, patient.get())?;
    let doctor = doctor(tx, house, ctx, form)?;
    let asks = matches!(ctx.actor, Actor::Patient { .. });
    if !asks {
        own_time(tx, ctx, &doctor)?;
    }
    let known = known(tx, house, &access, (&named, &doctor.id), wish)?;
    if let Some((stored, appointment)) = &known {
        same(form, wish, appointment)?;
        if wish.reason.is_some() && wish.reason != appointment.reason {
            let place = (Kind::Appointment, stored.id());
            own_wish(tx, house, &access, place, (asks, appointment))?;
            let json = resource::reworded(&stored.json, wish).ok_or_else(Problem::internal)?;
            let stored = beside::update_as(tx, house, ctx, writer, place, &json).map_err(records)?;
            return Ok(Booked { appointment: shown(&stored)?, created: false });
        }
    }
    // What is confirmed takes as long as it was asked for, whatever the usual time is.
    let end = known.as_ref().and_then(|(_, known)| Timestamp::parse(known.end.as_deref()?));
    let span = (wish.start.0, end.unwrap_or(wish.end).0);
    if let Some((_, appointment)) = &known
        && (asks || appointment.status == Status::Booked)
    {
        return Ok(Booked { appointment: appointment.clone(), created: false });
    }
    let own = known.as_ref().map(|(stored, _)| stored.rid);
    if busy::taken(tx, house, (Kind::Practitioner, &doctor.id), span, own).map_err(records)? {
        return Err(SchedulingError::Taken(DOCTOR_TAKEN));
    }
    // Only the patient is told of their own other appointments: a doctor may not be let see them.
    if asks && busy::taken(tx, house, (Kind::Patient, &named), span, own).map_err(records)? {
        return Err(SchedulingError::Taken(PATIENT_TAKEN));
    }
    if let Some((stored, _)) = known {
        let json = resource::booked(&stored.json).ok_or_else(Problem::internal)?;
        let place = (Kind::Appointment, stored.id());
        let stored = beside::update_as(tx, house, ctx, writer, place, &json).map_err(records)?;
        return Ok(Booked { appointment: shown(&stored)?, created: false });
    }
    if asks {
        few_wishes(tx, house, &access, &named, ctx.now())?;
    }
    sees_visits(tx, ctx, (patient.get(), &doctor), wish)?;
    let id = rng::uuid(&*house.rng);
    let found = beside::find(tx, house, &access, Kind::Patient, &named).map_err(records)?;
    let patient_name = found.and_then(|found| resource::name_of(&found.stored.json));
    let between = Between { patient: (&named, patient_name.as_deref()), doctor: (&doctor.id, Some(&doctor.name)) };
    let status = if asks { Status::Proposed } else { Status::Booked };
    let json = resource::new(&id, &between, wish, form.kind.unwrap_or_default(), status);
    let made = beside::create_as(tx, house, ctx, writer, (Kind::Appointment, &id), &json).map_err(records)?;
    Ok(Booked { appointment: shown(&made)?, created: true })
}

fn shown(stored: &Stored) -> Result<Appointment, SchedulingError> {
    Ok(resource::shown(&stored.json).ok_or_else(Problem::internal)?)
}

/// Who is to be visited: whom the form names, or the doctor who asks.
fn doctor(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, form: &Booking) -> Result<Grantee, SchedulingError> {
    let named = match &form.doctor {
        Some(named) => Some(named.clone()),
        None => identity::own_practitioner(tx, house, ctx)?,
    };
    let named =
        named.ok_or_else(|| Issue::new("required", "doctor", "Which doctor? Say an id, user name or e-mail."))?;
    if let Some(found) = consent::resolve(tx, house, GranteeType::Practitioner, &named)? {
        return Ok(found);
    }
    let by_account = match identity::practitioner_named(tx, house, &named)? {
        Some(id) => consent::resolve(tx, house, GranteeType::Practitioner, &id)?,
        None => None,
    };
    let unknown = || Issue::new("not-found", "doctor", "There is no doctor here of this id, user name or e-mail.");
    Ok(by_account.ok_or_else(unknown)?)
}

/// The appointment of these two that begins then, if the caller can see it and it still stands.
fn known(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    (patient, doctor): (&str, &str),
    wish: &Wish,
) -> Result<Option<(Stored, Appointment)>, SchedulingError> {
    let pairs = [
        ("patient".to_owned(), format!("Patient/{patient}")),
        ("actor".to_owned(), format!("Practitioner/{doctor}")),
        ("date".to_owned(), wish.start.to_rfc3339()),
        ("status".to_owned(), "proposed,booked".to_owned()),
    ];
    let found = search::run(tx, house, access, &search::parse(Kind::Appointment, &pairs)?).map_err(records)?;
    let shown = found.matches.into_iter().filter_map(|stored| {
        let appointment = resource::shown(&stored.json)?;
        Some((stored, appointment))
    });
    Ok(shown.into_iter().next())
}

/// Whoever says how long it takes, or how the two meet, says what was said before: nothing of that is passed over. Nor is the
/// reason: see [`own_wish`].
fn same(form: &Booking, wish: &Wish, known: &Appointment) -> Result<(), SchedulingError> {
    let end = known.end.as_deref().and_then(Timestamp::parse);
    if form.minutes.is_some() && end != Some(wish.end) {
        let minutes = end.map_or(0, |end| (end.0 - wish.start.0) / 60_000);
        return Err(differs("minutes", &format!("of {minutes} minutes")).into());
    }
    if form.kind.is_some_and(|kind| kind != known.kind) {
        let kind = match known.kind {
            model::Kind::InPerson => "in person",
            model::Kind::Online => "online",
        };
        return Err(differs("kind", kind).into());
    }
    Ok(())
}

/// Patients say better why they asked, while nobody answered: what was booked, and what somebody else wrote, stays in its
/// own words.
fn own_wish(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    (kind, id): (Kind, &str),
    (asks, known): (bool, &Appointment),
) -> Result<(), SchedulingError> {
    let found = beside::find(tx, house, access, kind, id).map_err(records)?;
    let clinics = found.is_none_or(|found| found.row.organization != 0);
    if asks && known.status == Status::Proposed && !clinics {
        return Ok(());
    }
    let known = if known.reason.is_some() { "for another reason" } else { "for which no reason was given" };
    Err(differs("reason", known).into())
}

fn differs(field: &str, known: &str) -> Issue {
    let text = format!("There is one at this time already, {known}. Leave this out, or choose another time.");
    Issue::new("business-rule", field, text)
}

/// Wishes of one patient that wait for an answer.
const MOST_WISHES: i64 = 20;

fn few_wishes(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    patient: &str,
    now: Timestamp,
) -> Result<(), SchedulingError> {
    let pairs = [
        ("patient".to_owned(), format!("Patient/{patient}")),
        ("status".to_owned(), "proposed".to_owned()),
        ("date".to_owned(), format!("ge{}", now.to_rfc3339())),
    ];
    let query = search::parse(Kind::Appointment, &pairs)?;
    let waiting = search::matching(tx, house, access, &query, MOST_WISHES).map_err(records)?;
    if waiting.len() as i64 >= MOST_WISHES {
        let text = "Twenty of your wishes wait for an answer already. Wait for one of them, then ask again.";
        return Err(Problem::conflict(text).into());
    }
    Ok(())
}

/// Doctors book their own time and that of colleagues at a clinic of theirs, a clinic's software that of those who work there:
/// nobody's days are filled by a stranger.
fn own_time(tx: &mut Tx<'_>, ctx: &Ctx, doctor: &Grantee) -> Result<(), SchedulingError> {
    let clinics = match &ctx.actor {
        Actor::Practitioner { practitioner, .. } if practitioner.get() == doctor.rid => return Ok(()),
        Actor::Practitioner { organizations, .. } => organizations.as_slice(),
        Actor::Service { organization, .. } => std::slice::from_ref(organization),
        _ => &[],
    };
    if identity::workplaces_of(tx, kernel::Id::new(doctor.rid))?.iter().any(|place| clinics.contains(place)) {
        return Ok(());
    }
    let text =
        "This doctor does not work at your clinic, so their time is not yours to book. The patient can ask them.";
    Err(Issue::new("business-rule", "doctor", text).into())
}

/// An appointment that its doctor cannot see reaches nobody: the patient lets them see visits first.
fn sees_visits(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (patient, doctor): (i64, &Grantee),
    wish: &Wish,
) -> Result<(), SchedulingError> {
    let row = Marked { marks: Category::Visit.bit(), time: wish.start.0 };
    let readers = consent::readers_of(tx, patient, ctx.now(), &[row])?;
    let mut grantees = vec![doctor.rid];
    grantees.extend(identity::workplaces_of(tx, kernel::Id::new(doctor.rid))?.iter().map(|place| place.get()));
    if grantees.iter().any(|grantee| readers.contains(grantee)) {
        return Ok(());
    }
    let text = match &ctx.actor {
        Actor::Patient { .. } => {
            "This doctor may not see your visits yet, so your wish would not reach them. Give access that includes visits, \
             then ask again: POST /api/records/grant-access."
        }
        _ => "This doctor may not see the visits of this record, so the appointment would not reach them.",
    };
    Err(Problem::new(409, "no-access", text).into())
}

/// What is asked for of a list.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    pub status: Option<Status>,
    pub after: Option<String>,
    pub count: usize,
}

/// The caller's appointments that they can see, by their time.
pub async fn list(house: &House, ctx: &Ctx, wanted: Wanted) -> Result<Disclosure<Appointments>, Problem> {
    let access = Access::open(ctx)?;
    let (inside, asker) = (house.clone(), ctx.clone());
    let whose = house.db.read(move |tx| whose(tx, &inside, &asker, &access)).await;
    let mut pairs = vec![whose.map_err(|error: SchedulingError| Problem::from(error))?];
    for (name, day, sign) in [("from", &wanted.from, "ge"), ("to", &wanted.to, "le")] {
        if let Some(day) = day {
            if fhir::date::span(day).is_none() {
                let text = "Write a day as year-month-day, such as 2024-02-29.";
                return Err(Problem::bad_request(text).with_issues(vec![Issue::new("value", name, text)]));
            }
            pairs.push(("date".to_owned(), format!("{sign}{day}")));
        }
    }
    if let Some(status) = wanted.status {
        let status = serde_json::to_value(status).map_err(|_| Problem::internal())?;
        pairs.push(("status".to_owned(), status.as_str().unwrap_or_default().to_owned()));
    }
    pairs.push(("_sort".to_owned(), "date".to_owned()));
    pairs.push(("_count".to_owned(), wanted.count.to_string()));
    pairs.extend(wanted.after.map(|after| ("_cursor".to_owned(), after)));
    let found = records::service::search(house, ctx, search::parse(Kind::Appointment, &pairs)?).await?;
    Ok(found.map(|page| Appointments {
        appointments: page.matches.iter().filter_map(|stored| resource::shown(&stored.json)).collect(),
        next: page.next,
    }))
}

/// What makes an appointment the caller's, as a parameter of the search.
fn whose(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, access: &Access) -> Result<(String, String), SchedulingError> {
    if let Some(own) = beside::own_name(tx, house, access).map_err(records)? {
        return Ok(("patient".to_owned(), format!("Patient/{own}")));
    }
    if let Some(own) = identity::own_practitioner(tx, house, ctx)? {
        return Ok(("actor".to_owned(), format!("Practitioner/{own}")));
    }
    Err(Problem::forbidden("Only patients and doctors have appointments of their own.").into())
}
