//! `/api/my-patients` and `/api/directory`

use crate::service::out;
use crate::view::people::{self, Directory, MyPatients};
use axum::extract::State;
use axum::{Extension, Json};
use consent::GranteeType;
use kernel::http::Params;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PatientsQuery {
    /// The beginning of names, or of a date of birth.
    #[serde(default)]
    query: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DirectoryQuery {
    /// The beginning of a name.
    #[serde(default)]
    query: String,
    /// Both when left out.
    #[serde(default)]
    #[param(value_type = Option<GranteeType>)]
    r#type: Option<GranteeType>,
}

/// Who lets me see their record.
#[utoipa::path(get, path = "/api/my-patients", tag = "record", params(PatientsQuery),
    responses((status = 200, body = MyPatients), (status = 403, description = "Not a practitioner")))]
pub async fn my_patients(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<PatientsQuery>,
) -> Result<Json<MyPatients>, Problem> {
    Ok(Json(out(&house, people::my_patients(&house, &ctx, &query.query).await?).await?))
}

/// Whom access can be given to.
#[utoipa::path(get, path = "/api/directory", tag = "record", params(DirectoryQuery),
    responses((status = 200, body = Directory), (status = 401, description = "Not signed in")))]
pub async fn directory(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<DirectoryQuery>,
) -> Result<Json<Directory>, Problem> {
    Ok(Json(people::directory(&house, &ctx, &query.query, query.r#type).await?))
}
