//! `/fhir/Patient/{id}/$summary`, the operation of IPS.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use fhir::Kind;
use kernel::http::Params;
use kernel::{Ctx, Problem};
use ledger::House;
use records::api::respond::{Outcome, json};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryQuery {
    /// Whether a patient's own also has what is in sensitive areas.
    #[serde(default)]
    sensitive: bool,
}

pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    query: Result<Params<SummaryQuery>, Problem>,
) -> Result<Response, Outcome> {
    // Who may not ask is told so before the question is looked at.
    consent::Access::open(&ctx)?;
    if Kind::parse(&kind) != Some(Kind::Patient) {
        return Err(Problem::new(404, "not-supported", "Only a Patient has a summary.").into());
    }
    let Params(query) = query?;
    let found = crate::summary::read(&house, &ctx, &id, query.sensitive).await?;
    Ok(json(StatusCode::OK, records::service::out(&house, found).await?))
}
