//! What the pages show of a record: made from the index where it can be, opening only the bodies that are shown.
//!
//! Always holds: each statement carries the condition of the [`Access`]; each answer is a [`Disclosure`] with one entry
//! per look at a record.

pub mod compare;
pub mod describe;
pub(crate) mod difference;
pub(crate) mod digest;
pub(crate) mod found;
pub mod list;
pub mod lookup;
pub(crate) mod makers;
mod names;
pub mod people;
pub mod preview;
pub mod readings;
pub mod series;
pub mod summary;
#[cfg(test)]
mod tests;
pub mod timeline;
mod value;
mod visit;
mod words;

use crate::error::Error;
use crate::{resolve, service};
use consent::{Access, Category, Marked};
use db::Tx;
use fhir::Kind;
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};
use names::Names;
use serde::Serialize;
use std::cell::RefCell;
use summary::Whose;
use utoipa::ToSchema;
use vault::VaultError;

/// How a value differs from what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Flag {
    High,
    Low,
    Critical,
    Abnormal,
}

/// A value as a person reads it and, where it is one number, as a program does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = RecordValue)]
pub struct Value {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
}

/// One resource of a record, in a line.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = RecordEntry)]
pub struct Entry {
    /// The FHIR type.
    pub r#type: &'static str,
    /// The logical id.
    pub id: String,
    pub category: Category,
    pub title: String,
    /// A year, a month, a day or an instant: as exact as it was written.
    #[schema(required = true)]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The FHIR status code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The patient entered it themselves; left out where somebody else did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub own: bool,
    /// The document that the value was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// A visit that entries belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Visit {
    /// The logical id of the Encounter.
    pub id: String,
    pub title: String,
    /// `ambulatory`, `emergency`, `inpatient`, `virtual`, `home`, or another word.
    pub class: String,
    pub start: String,
    #[schema(required = true)]
    pub end: Option<String>,
    #[schema(required = true)]
    pub organization: Option<String>,
    #[schema(required = true)]
    pub practitioner: Option<String>,
    #[schema(required = true)]
    pub reason: Option<String>,
}

/// The entries of a visit, or of a day outside of any visit.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Group {
    #[schema(required = true)]
    pub visit: Option<Visit>,
    /// The day, or the month or year where nothing more is known; `null` for what has no date.
    #[schema(required = true)]
    pub date: Option<String>,
    pub entries: Vec<Entry>,
}

/// What is an entry: everything but the person's own master data.
pub(crate) const ENTRIES: i64 = Category::everything() & !Category::Person.bit();

/// One look at a record: who looks, and what was found on the way.
pub(crate) struct Look<'l> {
    pub house: &'l House,
    pub ctx: &'l Ctx,
    pub access: &'l Access,
    /// The number of the Patient resource.
    pub patient: i64,
    pub names: Names,
    /// What was opened: the entry of this look names the grant that covers most of it.
    pub seen: RefCell<Vec<Marked>>,
}

impl<'l> Look<'l> {
    pub fn new(house: &'l House, ctx: &'l Ctx, access: &'l Access, patient: i64) -> Self {
        Self { house, ctx, access, patient, names: Names::default(), seen: RefCell::default() }
    }

    /// The content with the entry that tells of this look; also of one that found nothing, which tells something too.
    pub fn disclose<T>(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        what: &str,
        shown: usize,
        content: T,
    ) -> Result<Disclosure<T>, Error> {
        let seen = self.seen.borrow();
        let entry = service::trace_one(
            tx,
            self.ctx,
            self.access,
            action,
            (what, shown as i64),
            (self.patient, seen.as_slice()),
        )?;
        Ok(Disclosure::new(content, vec![entry]))
    }
}

/// Looks at the record of a patient named by logical id, away from the threads that answer requests.
pub(crate) async fn look<T, F>(house: &House, ctx: &Ctx, id: &str, run: F) -> Result<Disclosure<T>, Problem>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &mut Look<'_>) -> Result<Disclosure<T>, Error> + Send + 'static,
{
    look_as(house, ctx, Access::open(ctx)?, Whose::Named(id.to_owned()), run).await
}

/// The same with an access that sees less than the caller could, or that is nobody's with an account.
pub(crate) async fn look_as<T, F>(
    house: &House,
    ctx: &Ctx,
    access: Access,
    whose: Whose,
    run: F,
) -> Result<Disclosure<T>, Problem>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &mut Look<'_>) -> Result<Disclosure<T>, Error> + Send + 'static,
{
    let (h, c, asked) = (house.clone(), ctx.clone(), whose.clone());
    let found = house.db.scan(move |tx| {
        let patient = match &asked {
            Whose::Named(id) => resolve::patient(tx, &h, &access, id)?,
            Whose::Known(patient) => *patient,
        };
        run(tx, &mut Look::new(&h, &c, &access, patient.get()))
    });
    match (found.await, &whose) {
        (Ok(found), _) => Ok(found),
        (Err(Error::Vault(VaultError::NoKey)), _) => Err(Problem::not_found()),
        // Reading what may not be seen logs the refusal, in time that does not depend on whether it exists.
        (Err(Error::Problem(problem)), Whose::Named(id)) if problem.status == 404 => {
            Err(service::read(house, ctx, Kind::Patient, id).await.err().unwrap_or(problem))
        }
        (Err(error), _) => Err(error.into()),
    }
}
