//! Landing: exactly what was approved is written, with its Provenance, in one transaction.

use super::signature::{self, Made};
use super::{Shown, consents, disclose, one, reachable};
use crate::change::{prepare_new_by, prepare_update_by};
use crate::error::Error;
use crate::index::id_hash;
use crate::place::{Ready, log_change, place};
use crate::{prepare, store};
use consent::Access;
use consent::edit::{self, Act, Approval, CodeForm, Held};
use db::Tx;
use fhir::Kind;
use kernel::{Ctx, Issue, Problem, rng};
use ledger::{Action, Disclosure, House};
use serde_json::json;

/// What a try to land a draft came to.
enum Tried {
    Landed(Disclosure<Vec<Shown>>),
    Refused(Problem),
}

/// Lands a draft by the patient's code, or inside a visit's open session, with its Provenance, in one transaction.
pub async fn land(house: &House, ctx: &Ctx, id: i64, form: Option<CodeForm>) -> Result<Disclosure<Shown>, Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let tried = house.db.write(move |tx| {
        let held = edit::held(&c, &h, tx, id).map_err(consents)?;
        reachable(tx, &h, &access, &held.whose.id)?;
        let approval = match edit::redeem(&c, &access, &h, tx, id, form.as_ref()).map_err(consents)? {
            Held::Approved(approval) => approval,
            // These are kept: a wrong code counts.
            Held::Wrong(left) => return Ok(Tried::Refused(wrong_code(left))),
            Held::NoCode => return Ok(Tried::Refused(no_code(form.is_some()))),
        };
        apply(tx, &h, &c, &access, &approval)?;
        edit::settle(&c, &h, tx, &approval).map_err(consents)?;
        let landed = edit::held(&c, &h, tx, id).map_err(consents)?;
        Ok::<_, Error>(Tried::Landed(disclose(tx, &h, &c, &access, vec![landed])?))
    });
    match tried.await.map_err(Problem::from)? {
        Tried::Landed(shown) => one(shown),
        Tried::Refused(problem) => Err(problem),
    }
}

pub(crate) fn wrong_code(left: i64) -> Problem {
    let text = match left {
        0 => "The code is wrong, and was tried too often. Ask the patient for a new one.".to_owned(),
        1 => "The code is wrong. One try is left.".to_owned(),
        left => format!("The code is wrong. {left} tries are left."),
    };
    Problem::unprocessable(vec![Issue::new("value", "code", text)])
}

pub(crate) fn no_code(given: bool) -> Problem {
    let text = match given {
        true => {
            "There is no code for this as it stands: it ran out, was used, or the draft changed. Ask for a new one."
        }
        false => "Enter the patient's code. In a visit's session what is new or corrected since it began needs none.",
    };
    Problem::unprocessable(vec![Issue::new("value", "code", text)])
}

/// Writes exactly what was approved.
fn apply(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, access: &Access, approval: &Approval) -> Result<(), Error> {
    let (draft, writer) = (approval.draft(), approval.writer());
    let changed = || {
        let text = "The record changed since this was drafted. Look at it again, and draft the change anew.";
        Error::Problem(Problem::conflict(text))
    };
    // The record itself is a target too: it says whose Provenance this is.
    let mut targets = vec![json!({ "reference": format!("Patient/{}", draft.whose.id) })];
    let mut made = Vec::new();
    let mut touched: Option<(i64, Vec<(i64, i64)>)> = None;
    for change in &draft.changes {
        let kind = Kind::parse(&change.kind).ok_or_else(changed)?;
        let stored = match change.act {
            Act::Add => {
                let (_, node) = prepare::parse(change.resource.as_bytes())?;
                let ready = prepare_new_by(tx, house, ctx, access, writer, kind, node, &change.id)?;
                place(tx, house, ctx, access, ready)?.stored
            }
            Act::Correct => {
                let idh = id_hash(house.vault.terms(), kind, &change.id);
                let found = store::find(tx, access, kind, idh)?.filter(|(head, _)| head.version == change.version);
                let (head, _) = found.ok_or_else(changed)?;
                touched.get_or_insert((head.patient, Vec::new())).1.push((head.rid, head.version + 1));
                let (_, node) = prepare::parse(change.resource.as_bytes())?;
                let ready = prepare_update_by(tx, house, ctx, access, writer, kind, &change.id, None, node)?;
                place(tx, house, ctx, access, ready)?.stored
            }
            Act::Remove => {
                let idh = id_hash(house.vault.terms(), kind, &change.id);
                let found = store::find(tx, access, kind, idh)?.filter(|(head, _)| head.version == change.version);
                let (head, _) = found.ok_or_else(changed)?;
                writer.may_change(kind, head.row())?;
                touched.get_or_insert((head.patient, Vec::new())).1.push((head.rid, head.version + 1));
                store::delete(tx, writer, &head, ctx.now())?;
                log_change(tx, house, ctx, access, Action::Delete, kind.name(), &[store::gone(&head)])?;
                // A reference to what is gone would lead nowhere.
                let removed = format!("{}/{}, removed", change.kind, change.id);
                targets.push(json!({ "type": change.kind, "display": removed }));
                continue;
            }
        };
        let reference = format!("{}/{}/_history/{}", change.kind, change.id, stored.version);
        targets.push(json!({ "reference": reference }));
        made.push(Made::new(reference, &stored.json));
    }
    // Who had said that one of these is wrong is answered by that.
    if let Some((patient, versions)) = touched {
        consent::cases::corrected(ctx, house, tx, patient, &versions).map_err(consents)?;
    }
    let provenance = provenance(house, ctx, approval, targets, &made);
    let (kind, node) = prepare::parse(provenance.as_bytes())?;
    let id = rng::uuid(&*house.rng);
    let ready: Ready = prepare_new_by(tx, house, ctx, access, writer, kind, node, &id)?;
    place(tx, house, ctx, access, ready)?;
    Ok(())
}

/// Who wrote it, for whom, that the patient approved it, and the server's signature of all that, by the key that signs the
/// ledger.
fn provenance(house: &House, ctx: &Ctx, approval: &Approval, targets: Vec<serde_json::Value>, made: &[Made]) -> String {
    let draft = approval.draft();
    let now = ctx.now().to_rfc3339();
    let by = approval.practitioner();
    let author = json!({ "reference": format!("Practitioner/{}", by.id), "display": by.name });
    let patient = json!({ "reference": format!("Patient/{}", draft.whose.id), "display": draft.whose.name });
    let role = |code: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
        json!({ "coding": [{ "system": system, "code": code }] })
    };
    let mut provenance = json!({
        "resourceType": "Provenance",
        "target": targets,
        "recorded": now,
        "reason": [{ "text": draft.reason }],
        "agent": [
            { "type": role("author"), "who": author },
            { "type": role("verifier"), "who": patient },
        ],
    });
    let data = signature::sign(house, &provenance, made, approval.digest());
    provenance["signature"] = json!([{
        "type": [{ "system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.5" }],
        "when": now,
        "who": { "display": house.ledger.origin() },
        "targetFormat": "application/fhir+json",
        "sigFormat": signature::FORMAT,
        "data": data,
    }]);
    provenance.to_string()
}
