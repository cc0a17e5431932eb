//! Readings of several kinds at once and whole, for whoever computes with them. A picture may leave points out; a mean may not.

use super::list::whose;
use super::series::{self, Series};
use super::{look_as, summary};
use consent::Access;
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};

/// What was measured, and how old the person is.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings {
    /// The id of the Patient.
    pub patient: String,
    /// In whole years, if the date of birth is known.
    pub age: Option<i64>,
    /// Those of the codes asked for of which there is a reading.
    pub series: Vec<Series>,
}

/// All readings of these codes in a period, of the patient with this id or of the caller's own record.
pub async fn read(
    house: &House,
    ctx: &Ctx,
    id: Option<&str>,
    codes: Vec<&'static str>,
    period: (Option<i64>, Option<i64>),
) -> Result<Disclosure<Readings>, Problem> {
    let access = Access::open(ctx)?;
    let whose = whose(&access, id)?;
    look_as(house, ctx, access, whose, move |tx, look| {
        let patient = crate::beside::name_of(tx, look.house, look.patient)?.ok_or_else(Problem::not_found)?;
        let age = summary::header(tx, look)?.and_then(|header| header.age);
        let mut found = Vec::with_capacity(codes.len());
        for code in &codes {
            found.extend(series::one(tx, look, code, period, usize::MAX)?);
        }
        let shown = found.iter().map(|series| series.points.len()).sum();
        look.disclose(tx, Action::Read, "Series", shown, Readings { patient, age, series: found })
    })
    .await
}
