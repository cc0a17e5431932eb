//! Keys of compartments: who holds which, who may, and a new one when somebody may not any more. The patient's browser makes and
//! wraps them; here it is only decided for whom one is kept.

use super::model::{CompartmentState, ReaderState, Sealing, Wrap, WrapsForm};
use super::store::{self, WrapDetail, WrapRow};
use super::{rules, vaults};
use crate::error::DocumentError;
use consent::compartment::{self, SealedReader};
use consent::{Access, Compartment, GranteeType};
use db::Tx;
use kernel::{Ctx, Id, Issue, Problem, Timestamp};
use ledger::{Action, Entry, Ground, House};

/// The patient who asks, in their own session.
fn patient(ctx: &Ctx) -> Result<i64, DocumentError> {
    let owner = vaults::mine(ctx)?;
    if owner.patient == 0 {
        return Err(Problem::forbidden("Only a patient hands over keys of their sealed documents.").into());
    }
    Ok(owner.patient)
}

/// Every compartment that has a key or a reader.
pub fn overview(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Sealing, DocumentError> {
    let patient = patient(ctx)?;
    let access = Access::open(ctx)?;
    let readers = compartment::readers(tx, patient, ctx.now())?;
    let wraps = store::wraps(tx, house, &access, patient, None)?;
    let mut compartments = Vec::new();
    for compartment in Compartment::ALL {
        let own: Vec<&WrapRow> = wraps.iter().filter(|row| row.compartment == compartment).collect();
        let live: Vec<SealedReader> =
            readers.iter().copied().filter(|reader| reader.bits & compartment.bit() != 0).collect();
        if own.is_empty() && live.is_empty() {
            continue;
        }
        let mut shown = Vec::new();
        for reader in live {
            shown.push(state(house, tx, reader, &own)?);
        }
        compartments.push(CompartmentState {
            compartment,
            epoch: store::epoch(tx, patient, compartment)?,
            due: is_due(tx, patient, compartment, ctx.now())?,
            keys: own.iter().filter(|row| row.reader == 0).map(|row| wrap(row)).collect(),
            readers: shown,
        });
    }
    Ok(Sealing { compartments })
}

fn state(
    house: &House,
    tx: &mut Tx<'_>,
    reader: SealedReader,
    wraps: &[&WrapRow],
) -> Result<ReaderState, DocumentError> {
    let party = consent::person(tx, house, reader.practitioner, vault::DIRECTORY).map_err(Problem::from)?;
    let code = store::vault_of_practitioner(tx, house, reader.practitioner)?.map(|row| row.detail.code);
    // What was wrapped for keys that they lost is nothing they could open.
    let fits = |row: &&&WrapRow| row.reader == reader.practitioner && Some(&row.detail.code) == code.as_ref();
    Ok(ReaderState {
        practitioner: party.ok_or_else(Problem::not_found)?,
        until: reader.until.map(Timestamp::to_rfc3339),
        epochs: wraps.iter().filter(fits).map(|row| row.epoch).collect(),
        code,
    })
}

pub fn wrap(row: &WrapRow) -> Wrap {
    let WrapDetail { wrap, signature, .. } = row.detail.clone();
    Wrap { compartment: row.compartment, epoch: row.epoch, wrap, signature }
}

/// Whether somebody holds the current key who may not open the compartment any more.
pub fn is_due(tx: &mut Tx<'_>, patient: i64, compartment: Compartment, now: Timestamp) -> Result<bool, DocumentError> {
    let epoch = store::epoch(tx, patient, compartment)?;
    let holders = store::holders(tx, patient, compartment, epoch)?;
    let live = compartment::readers(tx, patient, now)?;
    Ok(holders.into_iter().any(|holder| !may(&live, holder, compartment)))
}

fn may(live: &[SealedReader], practitioner: i64, compartment: Compartment) -> bool {
    live.iter().any(|reader| reader.practitioner == practitioner && reader.bits & compartment.bit() != 0)
}

/// Keeps keys that the patient's browser wrapped: further readers of an epoch that stands, or the next epoch.
pub fn hand_over(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    compartment: Compartment,
    form: &WrapsForm,
) -> Result<Sealing, DocumentError> {
    let patient = patient(ctx)?;
    let (_, vault) = vaults::own(ctx, house, tx)?;
    let now = ctx.now();
    let current = store::epoch(tx, patient, compartment)?;
    let fresh = form.epoch == current + 1;
    let own = form.keys.iter().filter(|key| key.reader.is_none()).count();
    if form.epoch < 1 || form.epoch > current + 1 || own != usize::from(fresh) {
        let detail = "The keys of this compartment changed meanwhile. Fetch them again, and repeat this.";
        return Err(Problem::conflict(detail).into());
    }
    let live = compartment::readers(tx, patient, now)?;
    let mut issues = Vec::new();
    let mut rows = Vec::new();
    for (i, key) in form.keys.iter().enumerate() {
        issues.extend(rules::wrap(&format!("keys[{i}].wrap"), &key.wrap).err());
        issues.extend(rules::signature(&format!("keys[{i}].signature"), &key.signature).err());
        let reader = match &key.reader {
            None if key.code == vault.detail.code => Some(0),
            None => None,
            Some(id) => reader(house, tx, id, &key.code)?.filter(|reader| may(&live, *reader, compartment)),
        };
        let detail = WrapDetail { wrap: key.wrap.clone(), signature: key.signature.clone(), code: key.code.clone() };
        match reader {
            Some(reader) => rows.push(WrapRow { patient, compartment, epoch: form.epoch, reader, detail }),
            None => {
                let text = "They may not open this compartment, or have other keys now.";
                issues.push(Issue::new("value", format!("keys[{i}].reader"), text));
            }
        }
    }
    if !issues.is_empty() {
        return Err(Problem::unprocessable(issues).into());
    }
    for row in &rows {
        store::put_wrap(tx, house, row, now)?;
    }
    if fresh && current > 0 {
        for holder in store::holders(tx, patient, compartment, current)? {
            if !may(&live, holder, compartment) {
                store::remove_holder(tx, patient, compartment, holder)?;
            }
        }
    }
    let entry = Entry::new(ctx, Id::new(patient), Action::Keys);
    let what = format!("SealedKeys/{}/{}", compartment.as_str(), form.epoch);
    let entry = entry.what(what, rows.len() as i64).ground(Ground::OwnRecord, kernel::Purpose::Patient, None);
    ledger::append(tx, entry);
    super::files::announce(tx, house, patient, now)?;
    tx.announce(format!("patient:{patient} grants"));
    overview(ctx, house, tx)
}

/// The practitioner of this id, if the keys are theirs.
fn reader(house: &House, tx: &mut Tx<'_>, id: &str, code: &str) -> Result<Option<i64>, DocumentError> {
    let found = consent::resolve(tx, house, GranteeType::Practitioner, id).map_err(Problem::from)?;
    let Some(found) = found else { return Ok(None) };
    let vault = store::vault_of_practitioner(tx, house, found.rid)?;
    Ok(vault.filter(|row| row.detail.code == code).map(|_| found.rid))
}
