//! A patient says that an entry is wrong. Here the entry is found, under the patient's own access, and named;
//! `consent::cases` carries it to whoever wrote it. Nothing in the record changes by it.

use crate::error::Error;
use crate::index::id_hash;
use crate::store;
use crate::view::{Look, describe, found, makers};
use consent::cases::{self, Case, CaseAbout, CorrectionForm, Disputed};
use consent::{Access, Category};
use fhir::Kind;
use kernel::{Actor, Ctx, Problem};
use ledger::House;

pub async fn ask(house: &House, ctx: &Ctx, form: CorrectionForm) -> Result<Case, Problem> {
    let access = Access::open(ctx)?;
    let Actor::Patient { patient, .. } = ctx.actor else { return Err(Problem::not_found()) };
    let kind = Kind::parse(&form.r#type).ok_or_else(Problem::not_found)?;
    let (h, c) = (house.clone(), ctx.clone());
    let asked = house.db.write(move |tx| {
        let idh = id_hash(h.vault.terms(), kind, &form.id);
        let seen = store::find(tx, &access, kind, idh)?;
        let theirs = seen.filter(|(head, _)| !head.deleted && head.patient == patient.get());
        let (head, sealed) = theirs.ok_or_else(Problem::not_found)?;
        let stored = store::open(tx, &h, &head, &sealed)?;
        let node = found::parse(&stored)?;
        let mut look = Look::new(&h, &c, &access, patient.get());
        let entry = describe::entry(tx, &mut look, &stored, &node, Category::of_marks(stored.marks))?;
        let (r#type, id) = (entry.r#type.to_owned(), entry.id);
        let about = CaseAbout { r#type, id, title: entry.title, date: entry.date, version: None };
        let named = makers::practitioners(tx, &mut look, &node)?;
        let disputed = Disputed { row: head.row(), about, named };
        cases::correct(&c, &h, tx, &disputed, &form).map_err(|error| Error::Problem(error.into()))
    });
    asked.await.map_err(Problem::from)
}
