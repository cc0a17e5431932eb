//! `/api/records/my-records` and `/api/doctors/patient-records/{patient_id}`: a record as a plain list.

use ::records::service::out;
use ::records::view::list::{self, List};
use ::records::view::timeline::filter::{Filter, Slice, period};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use consent::Category;
use kernel::http::Params;
use kernel::{Actor, Ctx, Issue, Problem};
use ledger::House;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// Kinds of data between commas, such as `result,vital`; all when left out.
    kind: Option<String>,
    /// First day.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[param(format = Date)]
    to: Option<String>,
    /// `next` of the page before.
    before: Option<String>,
    /// Records of a page: 1 to 200, 40 when left out.
    #[param(minimum = 1, maximum = 200)]
    count: Option<usize>,
}

fn refuse(path: &str, text: impl Into<String>) -> Problem {
    let text = text.into();
    Problem::bad_request(text.clone()).with_issues(vec![Issue::new("value", path, text)])
}

/// The words that `kind` and `kinds` take.
pub fn kinds() -> String {
    let named = |category: &Category| serde_json::to_value(category).ok()?.as_str().map(str::to_owned);
    let all = Category::ALL.iter().filter(|c| **c != Category::Person);
    all.filter_map(named).collect::<Vec<_>>().join(", ")
}

impl Query {
    fn filter(self) -> Result<(Filter, Slice), Problem> {
        let mut categories = 0;
        for name in self.kind.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty()) {
            match Category::parse(name.trim()).filter(|c| *c != Category::Person) {
                Some(category) => categories |= category.bit(),
                None => return Err(refuse("kind", format!("Kinds are {}.", kinds()))),
            }
        }
        let (from, to) = period(self.from.as_deref(), self.to.as_deref())?;
        if self.count.is_some_and(|count| !(1..=200).contains(&count)) {
            return Err(refuse("count", "A page has 1 to 200 records."));
        }
        let slice = Slice::read(self.before, self.count, false)?;
        Ok((Filter { categories, from, to, ..Filter::default() }, slice))
    }
}

/// My own record, newest first.
#[utoipa::path(get, path = "/api/records/my-records", tag = "plain", params(Query), responses(
    (status = 200, body = List),
    (status = 400, description = "A parameter that is not understood"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient: a doctor asks for /api/doctors/patient-records/{patient_id}")))]
pub async fn mine(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<Query>,
) -> Result<Json<List>, Problem> {
    let access = consent::Access::open(&ctx)?;
    if access.own_patient().is_none() {
        let text = match ctx.actor {
            Actor::Practitioner { .. } => {
                "This account has no record of its own. A patient's is at /api/doctors/patient-records/{patient_id}."
            }
            _ => "Only patients have records of their own.",
        };
        return Err(Problem::forbidden(text));
    }
    Ok(Json(out(&house, list::read(&house, &ctx, None, query.filter()?).await?).await?))
}

/// The record of a patient, as far as the caller may see it.
#[utoipa::path(get, path = "/api/doctors/patient-records/{patient_id}", tag = "plain",
    params(("patient_id" = String, Path, description = "The id of the Patient"), Query), responses(
    (status = 200, body = List),
    (status = 400, description = "A parameter that is not understood"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "A doctor who is not verified"),
    (status = 404, description = "No record that you can see: without a patient's consent there is none")))]
pub async fn of_patient(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(patient): Path<String>,
    Params(query): Params<Query>,
) -> Result<Json<List>, Problem> {
    Ok(Json(out(&house, list::read(&house, &ctx, Some(&patient), query.filter()?).await?).await?))
}
