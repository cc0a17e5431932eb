//! Documents as the caller may see them: a DocumentReference that `records` found under their access, and the row beside it.

use crate::error::{DocumentError, records};
use crate::model::Document;
use crate::resource::{self, Described};
use crate::rules;
use crate::store::{self, Row};
use consent::{Access, Marked};
use db::Tx;
use fhir::Kind;
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};
use records::beside::{self, Beside};

pub const KIND: Kind = Kind::DocumentReference;

/// How long a deleted document can be brought back.
pub const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// A document that the caller can see.
#[derive(Clone, Debug)]
pub struct Found {
    pub beside: Beside,
    pub row: Row,
    pub may_change: bool,
    pub may_confirm: bool,
}

impl Found {
    pub const fn deleted(&self) -> bool {
        self.beside.deleted || self.row.deleted.is_some()
    }

    pub const fn marked(&self) -> Marked {
        self.beside.stored.marked()
    }

    pub fn id(&self) -> &str {
        self.beside.stored.id()
    }

    pub fn described(&self) -> Described {
        resource::described(&self.beside.stored.json)
    }
}

/// One that was deleted is there for those who can bring it back, and for nobody else.
fn seen(access: &Access, ctx: &Ctx, beside: Beside, row: Row) -> Option<Found> {
    let writer = access.writer(ctx).ok();
    let may_change = writer.is_some_and(|writer| writer.may_change(KIND, beside.row).is_ok());
    // What a patient confirms becomes an entry of their own, whoever sent the document.
    let may_confirm = may_change || writer.is_some_and(|writer| writer.keeps(row.patient));
    Some(Found { beside, row, may_change, may_confirm }).filter(|found| found.may_change || !found.deleted())
}

/// The document with this id.
pub fn find(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    id: &str,
) -> Result<Option<Found>, DocumentError> {
    let Some(beside) = beside::find(tx, house, access, KIND, id).map_err(records)? else { return Ok(None) };
    let Some(row) = store::by_rid(tx, house, beside.stored.rid)? else { return Ok(None) };
    Ok(seen(access, ctx, beside, row))
}

/// All documents of a record, deleted ones too where the caller can bring them back.
pub fn all(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    patient: i64,
) -> Result<Vec<Found>, DocumentError> {
    let mut rows = store::of_patient(tx, house, patient)?;
    let join = ("JOIN document d ON d.rid = r.rid", "");
    let found = beside::of_patient(tx, house, access, patient, join).map_err(records)?;
    let one = |beside: Beside| rows.remove(&beside.stored.rid).and_then(|row| seen(access, ctx, beside, row));
    Ok(found.into_iter().filter_map(one).collect())
}

/// The id of a document by its number, if the caller can see it.
pub fn id_of(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, rid: i64) -> Result<Option<String>, DocumentError> {
    let access = Access::open(ctx)?;
    let Some(row) = store::by_rid(tx, house, rid)? else { return Ok(None) };
    let condition = format!(" AND r.rid = {rid}");
    let found = beside::of_patient(tx, house, &access, row.patient, ("", &condition)).map_err(records)?;
    Ok(found.first().map(|beside| beside.stored.id().to_owned()))
}

/// Looks at one document: what `take` makes of it comes with its trace.
pub async fn look<T, F>(house: &House, ctx: &Ctx, id: &str, take: F) -> Result<Disclosure<T>, Problem>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &House, &Found) -> Result<T, DocumentError> + Send + 'static,
{
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), id.to_owned());
    let found = house.db.read(move |tx| {
        let Some(found) = find(tx, &inside, &asker, &access, &named)? else { return Ok(None) };
        let content = take(tx, &inside, &found)?;
        let marked = [found.marked()];
        let entry = beside::trace(tx, &asker, &access, Action::Read, (found.row.patient, 1), &marked);
        Ok::<_, DocumentError>(Some(Disclosure::new(content, vec![entry.map_err(records)?])))
    });
    match found.await.map_err(Problem::from)? {
        Some(found) => Ok(found),
        None => Err(beside::refused(house, ctx, KIND, id).await),
    }
}

/// What is shown of it beside itself.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The id of the patient.
    pub patient: String,
    pub to_confirm: i64,
    pub same_as: Option<String>,
}

pub fn document(found: &Found, around: Around) -> Document {
    let Found { row, may_change, may_confirm, .. } = found;
    let described = found.described();
    let file_name = described.file_name.unwrap_or_else(|| "document".to_owned());
    // Deleted through `/fhir`, and not yet noted: the days are counted from when it is.
    let deleted = row.deleted.or_else(|| found.deleted().then_some(found.beside.stored.updated));
    Document {
        id: found.id().to_owned(),
        patient: around.patient,
        title: described.title.unwrap_or_else(|| rules::title_of(&file_name)),
        file_name,
        kind: described.kind,
        content_type: row.detail.media_type.clone(),
        size: row.size,
        pages: row.pages,
        date: described.date,
        author: row.detail.author.clone(),
        organization: described.organization,
        tags: described.tags,
        state: row.state,
        state_detail: row.detail.reason.clone(),
        picture: rules::has_pictures(&row.detail.media_type),
        to_confirm: around.to_confirm,
        same_as: around.same_as,
        added_at: row.added.to_rfc3339(),
        added_by: row.added_by,
        deleted_at: deleted.map(kernel::Timestamp::to_rfc3339),
        gone: deleted.map(|at| at.plus_ms(KEPT_MS).to_rfc3339()),
        suggestions: row.detail.suggestions.clone(),
        may_change: *may_change,
        may_confirm: *may_confirm,
    }
}

/// One document as it is shown, read on this very snapshot.
pub fn shown(tx: &mut Tx<'_>, house: &House, access: &Access, found: &Found) -> Result<Document, DocumentError> {
    let Row { rid, patient, hash, .. } = found.row;
    let name = beside::name_of(tx, house, patient).map_err(records)?.unwrap_or_default();
    let join = "JOIN document d ON d.rid = r.rid";
    let condition = format!(" AND d.h = {hash} AND d.rid < {rid} AND d.deleted IS NULL AND r.state = 0");
    let mut same = beside::of_patient(tx, house, access, patient, (join, &condition)).map_err(records)?;
    same.sort_by_key(|beside| beside.stored.rid);
    let same_as = same.first().map(|beside| beside.stored.id().to_owned());
    let to_confirm = store::proposed(tx, patient)?.get(&rid).copied().unwrap_or(0);
    Ok(document(found, Around { patient: name, to_confirm, same_as }))
}
