//! Beginning, lifting, asking.

use super::model::Restriction;
use super::store;
use crate::error::ConsentError;
use crate::model::State;
use crate::rules;
use db::Tx;
use kernel::{Actor, Ctx, Id, Purpose, id};
use ledger::{Action, Entry, House};
use notify::{Kind, Notice};

const ONLY_OWNERS: &str = "Only the patient, or a child's guardian, pauses and resumes sharing.";

/// The patient in their own session; no app pauses or resumes for them.
pub fn patient(ctx: &Ctx) -> Result<Id<id::Patient>, ConsentError> {
    match ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } if ctx.pass.app.is_none() => match ctx.behalf() {
            Some(behalf) if !behalf.guardian => Err(ConsentError::Forbidden(ONLY_OWNERS)),
            _ => Ok(patient),
        },
        _ => Err(ConsentError::NotFound),
    }
}

pub fn find(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<Restriction, ConsentError> {
    let patient = patient(ctx)?;
    Ok(Restriction { since: store::since(tx, patient.get())?.map(|since| since.to_rfc3339()) })
}

/// From the commit on nobody else opens the record, until it is lifted. Doing it twice is doing it once.
pub fn begin(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Restriction, ConsentError> {
    let patient = patient(ctx)?;
    let now = ctx.now();
    if store::since(tx, patient.get())?.is_none() {
        store::insert(tx, patient.get(), now)?;
        crate::store::raise_epoch(tx)?;
        crate::edit::end_visits(tx, patient.get(), now)?;
        let body = "Nobody you gave access to can open your record until you resume sharing. In an emergency a doctor still \
                    can, and you hear of it at once.";
        let told = Notice::new(Kind::Grant, "You paused all sharing", body);
        done(ctx, house, tx, patient, Action::Restrict, told)?;
    }
    find(ctx, tx)
}

/// What was given before, and meanwhile, counts again as far as it still stands. Who was given it meanwhile has not heard of
/// it yet.
pub fn lift(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Restriction, ConsentError> {
    let patient = patient(ctx)?;
    if let Some(since) = store::since(tx, patient.get())? {
        store::delete(tx, patient.get())?;
        for row in crate::store::given(tx, house, patient.get())? {
            let stands = rules::state(row.until, row.revoked, ctx.now()) == State::Active;
            if row.created >= since.0 && stands && row.purpose != Purpose::Emergency.as_str() {
                crate::service::tell_given(house, tx, &row)?;
            }
        }
        let body = "Those you gave access to can open your record again, as far as that access still stands.";
        let told = Notice::new(Kind::Grant, "You resumed sharing", body);
        done(ctx, house, tx, patient, Action::Lift, told)?;
    }
    find(ctx, tx)
}

fn done(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
    action: Action,
    told: Notice,
) -> Result<(), ConsentError> {
    ledger::append(tx, Entry::new(ctx, patient, action));
    notify::to_patient(tx, house, patient, &told.link("/sharing"))?;
    tx.announce(format!("patient:{} grants links ledger", patient.get()));
    for account in crate::family::accounts_of(tx, patient.get())? {
        tx.announce(format!("account:{account} family"));
    }
    let whose = crate::store::person(tx, house, patient.get(), patient.get())?.ok_or(ConsentError::NotFound)?;
    for reader in store::readers(tx, patient.get(), ctx.now())? {
        tx.announce(format!("reader:{reader} grants requests patients edits record:{}", whose.id));
    }
    Ok(())
}
