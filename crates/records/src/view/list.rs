//! A record as a plain list, newest first: one line per entry, for programs that know no FHIR.

use super::timeline::filter::{Filter, Slice};
use super::timeline::{cursor, statement};
use super::{Flag, Look, describe, found, look_as, makers, names};
use crate::error::Error;
use crate::model::Stored;
use crate::store;
use crate::view::summary::Whose;
use consent::{Access, Category};
use db::Tx;
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use utoipa::ToSchema;

/// One entry of a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PlainRecord)]
pub struct Item {
    pub id: String,
    /// What kind of data it is: the word that `kind` and `kinds` take.
    pub kind: Category,
    /// The FHIR type.
    pub r#type: &'static str,
    pub title: String,
    /// A year, a month, a day or an instant: as exact as it was written.
    #[schema(required = true)]
    pub date: Option<String>,
    /// Where the value is one number.
    #[schema(required = true)]
    pub value: Option<f64>,
    #[schema(required = true)]
    pub unit: Option<String>,
    /// The value in words, such as `120/80 mmHg`.
    #[schema(required = true)]
    pub text: Option<String>,
    #[schema(required = true)]
    pub flag: Option<Flag>,
    /// The FHIR status code.
    #[schema(required = true)]
    pub status: Option<String>,
    /// Who made or measured it, as far as the entry says and the caller may know.
    #[schema(required = true)]
    pub author: Option<String>,
    /// Where the whole entry is, as FHIR.
    pub link: String,
}

/// A page of a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PlainRecords)]
pub struct List {
    /// The id of the Patient whose record it is.
    pub patient: String,
    /// Newest first; what has no date comes last.
    pub records: Vec<Item>,
    /// Goes into `before` for the next page; `null` at the end.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// One page of the record of the patient with this id, or of the caller's own.
pub async fn read(
    house: &House,
    ctx: &Ctx,
    id: Option<&str>,
    (filter, slice): (Filter, Slice),
) -> Result<Disclosure<List>, Problem> {
    let access = Access::open(ctx)?;
    let whose = whose(&access, id)?;
    look_as(house, ctx, access, whose, move |tx, look| {
        let list = page(tx, look, &filter, &slice)?;
        look.disclose(tx, Action::Read, "Timeline", list.records.len(), list)
    })
    .await
}

const NO_RECORD: &str = "This account has no record of its own. Name the patient.";

/// Whom a caller means: somebody by id, or themselves.
pub(super) fn whose(access: &Access, id: Option<&str>) -> Result<Whose, Problem> {
    match (id, access.own_patient()) {
        (Some(id), _) => Ok(Whose::Named(id.to_owned())),
        (None, Some(own)) => Ok(Whose::Known(own)),
        (None, None) => Err(Problem::forbidden(NO_RECORD)),
    }
}

fn page(tx: &mut Tx<'_>, look: &mut Look<'_>, filter: &Filter, slice: &Slice) -> Result<List, Error> {
    let patient = crate::beside::name_of(tx, look.house, look.patient)?.ok_or_else(Problem::not_found)?;
    let sql = statement(look, filter, slice)?;
    let (mut rows, mut more) = (Vec::new(), false);
    tx.for_each(sql.text(), &sql.params(), |row| {
        more = rows.len() == slice.count;
        if !more {
            let category = Category::of_marks(row.int(store::BODY + 1)?);
            rows.push((store::head(row)?, row.blob(store::BODY)?.to_vec(), category));
        }
        Ok::<_, Error>(!more)
    })?;
    let next = rows.last().filter(|_| more).map(|(head, _, _)| cursor(look, head.time, head.rid));
    let mut records = Vec::with_capacity(rows.len());
    for (head, sealed, category) in rows {
        let stored = store::open(tx, look.house, &head, &sealed)?;
        look.seen.borrow_mut().push(stored.marked());
        records.push(item(tx, look, &stored, category)?);
    }
    Ok(List { patient, records, next })
}

fn item(tx: &mut Tx<'_>, look: &mut Look<'_>, stored: &Stored, category: Category) -> Result<Item, Error> {
    let node = found::parse(stored)?;
    let entry = describe::entry(tx, look, stored, &node, category)?;
    let value = entry.value.unwrap_or_default();
    let author = match makers::author(tx, look, &node)? {
        None if entry.own => {
            let whose = ["subject", "patient", "beneficiary"].into_iter().find(|name| node.get(name).is_some());
            names::at(tx, look, &node, &[whose.unwrap_or("subject")])?
        }
        author => author,
    };
    Ok(Item {
        kind: category,
        r#type: entry.r#type,
        title: entry.title,
        date: entry.date,
        value: value.number,
        unit: value.unit,
        text: Some(value.text).filter(|text| !text.is_empty()),
        flag: value.flag,
        status: entry.status,
        author,
        link: format!("/fhir/{}/{}", entry.r#type, entry.id),
        id: entry.id,
    })
}
