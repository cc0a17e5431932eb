//! Values that were read, and what people make of them: confirmed ones become Observations. Line 1 of each authorises.

mod observation;
mod plausible;
mod store;
mod twin;

pub use store::{Kept, forget_proposed, propose};

use crate::error::{DocumentError, records};
use crate::model::{ConfirmForm, DocumentValue, DocumentValues, LabCodes, ValueState};
use crate::service::{may_change, not_deleted};
use crate::shown::{self, Found, KIND};
use consent::Access;
use db::Tx;
use fhir::Kind;
use kernel::{Actor, Ctx, Problem, rng};
use ledger::{Disclosure, House};
use records::beside;
use std::sync::Arc;

/// `added` is what was added from the same file elsewhere.
fn shown_value(kept: Kept, added: &[(String, Kept)]) -> DocumentValue {
    let added_from = twin::of(added, &kept).map(str::to_owned);
    let Kept { n, state, detail } = kept;
    DocumentValue { n, state, observation: detail.observation, added_from, reading: detail.reading }
}

/// What was read of a document.
pub async fn list(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<DocumentValues>, Problem> {
    Access::open(ctx)?;
    let asker = ctx.clone();
    let take = move |tx: &mut Tx<'_>, house: &House, found: &Found| {
        let added = twin::added(tx, house, &Access::open(&asker)?, found)?;
        let items = store::of(tx, house, &found.row)?.into_iter().map(|kept| shown_value(kept, &added)).collect();
        Ok(DocumentValues { items })
    };
    shown::look(house, ctx, id, take).await
}

/// A value that a step is taken with.
struct Step<'a> {
    found: &'a Found,
    kept: &'a mut Kept,
    /// What was added from the same file elsewhere.
    added: &'a [(String, Kept)],
}

/// Takes a step with one value of a document whose values the caller may confirm.
async fn step<F>(house: &House, ctx: &Ctx, (id, n): (&str, &str), take: F) -> Result<DocumentValue, Problem>
where
    F: FnOnce(&mut Tx<'_>, &House, &Ctx, Step<'_>) -> Result<(), DocumentError> + Send + 'static,
{
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), id.to_owned());
    let number: Option<i64> = n.parse().ok();
    let done = house.db.write(move |tx| {
        let Some(found) = shown::find(tx, &inside, &asker, &access, &named)? else { return Ok(None) };
        if !found.may_confirm {
            may_change(&access, &asker, &found)?;
        }
        not_deleted(&found)?;
        let kept = match number {
            Some(number) => store::find(tx, &inside, &found.row, number)?,
            None => None,
        };
        let mut kept = kept.ok_or_else(Problem::not_found)?;
        let added = twin::added(tx, &inside, &access, &found)?;
        take(tx, &inside, &asker, Step { found: &found, kept: &mut kept, added: &added })?;
        store::update(tx, &inside, &found.row, &kept)?;
        beside::announce(tx, &inside, found.row.rid).map_err(records)?;
        Ok::<_, DocumentError>(Some(shown_value(kept, &added)))
    });
    match done.await.map_err(Problem::from)? {
        Some(value) => Ok(value),
        None => Err(beside::refused(house, ctx, KIND, id).await),
    }
}

/// Makes an Observation of a value as a person says it is, and a Provenance that leads to the document.
pub async fn confirm(
    house: &House,
    ctx: &Ctx,
    place: (&str, &str),
    form: ConfirmForm,
    codes: &LabCodes,
) -> Result<DocumentValue, Problem> {
    let form = observation::check(form, &ctx.now().to_rfc3339()[..10])?;
    let issues = plausible::check(&form, codes);
    if !issues.is_empty() {
        return Err(Problem::unprocessable(issues));
    }
    step(house, ctx, place, move |tx, house, ctx, Step { found, kept, added }| {
        if kept.state == ValueState::Confirmed {
            return Err(Problem::conflict("This value is confirmed already. Take it back first to change it.").into());
        }
        if twin::of(added, kept).is_some() {
            let detail =
                "The same file is there twice, and this value was added from the other one. Take it back there first.";
            return Err(Problem::conflict(detail).into());
        }
        let patient = beside::name_of(tx, house, found.row.patient).map_err(records)?.ok_or_else(Problem::not_found)?;
        let display = kept.detail.reading.display.clone().filter(|_| form.code == kept.detail.reading.code);
        let ident = rng::uuid(&*house.rng);
        let json = observation::of(&form, display.as_deref(), (&patient, found.id()));
        beside::create(tx, house, ctx, (Kind::Observation, &ident), &json).map_err(records)?;
        let provenance = observation::provenance(ctx, (&patient, found.id()), &ident);
        // A patient writes no Provenance: where a value came from is the server's word.
        let server = match ctx.actor {
            Actor::Patient { .. } => Ctx { actor: Actor::Operator, name: Arc::from("This server"), ..ctx.clone() },
            _ => ctx.clone(),
        };
        let number = rng::uuid(&*house.rng);
        beside::create(tx, house, &server, (Kind::Provenance, &number), &provenance).map_err(records)?;
        kept.state = ValueState::Confirmed;
        kept.detail.observation = Some(ident);
        observation::correct(&mut kept.detail.reading, form);
        Ok(())
    })
    .await
}

/// Says that a value is none.
pub async fn skip(house: &House, ctx: &Ctx, id: &str, n: &str) -> Result<DocumentValue, Problem> {
    step(house, ctx, (id, n), |_, _, _, Step { kept, .. }| match kept.state {
        ValueState::Confirmed => Err(Problem::conflict("This value is confirmed. Take it back first.").into()),
        _ => {
            kept.state = ValueState::Skipped;
            Ok(())
        }
    })
    .await
}

/// Takes back what was said of a value: an Observation that was made of it is marked as entered in error.
pub async fn reopen(house: &House, ctx: &Ctx, id: &str, n: &str) -> Result<DocumentValue, Problem> {
    step(house, ctx, (id, n), |tx, house, ctx, Step { kept, .. }| {
        if let Some(observation) = kept.detail.observation.take() {
            let access = Access::open(ctx)?;
            let found = beside::find(tx, house, &access, Kind::Observation, &observation).map_err(records)?;
            let elsewhere = || Problem::forbidden("Somebody else confirmed this value: only they can take it back.");
            let found = found.ok_or_else(elsewhere)?;
            // One that was deleted meanwhile is taken back already.
            if !found.deleted {
                let json = observation::in_error(&found.stored.json).ok_or_else(Problem::internal)?;
                beside::update(tx, house, ctx, (Kind::Observation, &observation), &json).map_err(records)?;
            }
        }
        kept.state = ValueState::Proposed;
        Ok(())
    })
    .await
}
