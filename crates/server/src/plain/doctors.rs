//! `/api/doctors/search-patients`: among those who let the doctor in.

use ::records::service::out;
use ::records::view::people::{self, FoundPatient, Wanted};
use axum::extract::State;
use axum::{Extension, Json};
use kernel::http::Params;
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// The beginning of each word of the name.
    name: Option<String>,
    /// A year, a month or a day.
    birth_date: Option<String>,
    /// A code of a condition, or the beginning of its words.
    condition: Option<String>,
}

/// A patient who lets the doctor in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlainPatient {
    id: String,
    name: String,
    #[schema(required = true, format = Date)]
    birth_date: Option<String>,
    #[schema(required = true)]
    age: Option<i64>,
    #[schema(required = true)]
    gender: Option<String>,
    /// Until when the doctor may see the record; `null` until the patient ends it.
    #[schema(required = true, format = DateTime)]
    access_until: Option<String>,
    /// The conditions that were looked for, as they are called in this record.
    conditions: Vec<String>,
    /// Where the record is.
    link: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlainPatients {
    /// By name.
    patients: Vec<PlainPatient>,
}

impl From<FoundPatient> for PlainPatient {
    fn from(FoundPatient { patient, conditions }: FoundPatient) -> Self {
        Self {
            link: format!("/api/doctors/patient-records/{}", patient.id),
            id: patient.id,
            name: patient.name,
            birth_date: patient.birth_date,
            age: patient.age,
            gender: patient.gender,
            access_until: patient.grant.until,
            conditions,
        }
    }
}

const LONGEST: usize = 200;

/// My patients, by name, date of birth or condition. Whoever gave no access is not among them, and is not counted.
#[utoipa::path(get, path = "/api/doctors/search-patients", tag = "plain", params(Query), responses(
    (status = 200, body = PlainPatients),
    (status = 400, description = "A parameter that is not understood"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a doctor")))]
pub async fn search(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<Query>,
) -> Result<Json<PlainPatients>, Problem> {
    consent::Access::open(&ctx)?;
    for (path, text) in [("name", &query.name), ("condition", &query.condition)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
            let text = "At most 200 letters.";
            return Err(Problem::bad_request(text).with_issues(vec![Issue::new("too-long", path, text)]));
        }
    }
    if query.birth_date.as_deref().is_some_and(|day| fhir::date::span(day).is_none() || day.len() > 10) {
        let text = "Write a date of birth as year-month-day, or its beginning: 1980, 1980-06, 1980-06-15.";
        return Err(Problem::bad_request(text).with_issues(vec![Issue::new("value", "birth_date", text)]));
    }
    let some = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|text| !text.is_empty());
    let wanted = Wanted {
        query: some(query.name).unwrap_or_default(),
        birth_date: query.birth_date,
        condition: some(query.condition),
    };
    let found = out(&house, people::find(&house, &ctx, wanted).await?).await?;
    Ok(Json(PlainPatients { patients: found.into_iter().map(PlainPatient::from).collect() }))
}
