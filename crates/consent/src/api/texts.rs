//! `/api/consent-texts`

use crate::texts::{self, ConsentText};
use axum::Json;
use axum::extract::Path;
use kernel::Problem;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct ConsentTexts {
    /// The newest first: that is what a grant given now agrees to.
    texts: Vec<ConsentText>,
}

/// What patients agree to when they give access, in all versions. It is about nobody, so everybody may read it.
#[utoipa::path(get, path = "/api/consent-texts", tag = "consent", security(()), responses((status = 200, body = ConsentTexts)))]
pub async fn list() -> Json<ConsentTexts> {
    Json(ConsentTexts { texts: texts::all() })
}

/// One version of it.
#[utoipa::path(get, path = "/api/consent-texts/{version}", tag = "consent", security(()),
    params(("version" = i64, Path, description = "As a grant's history names it")), responses(
    (status = 200, body = ConsentText), (status = 404, description = "No such version")))]
pub async fn find(Path(version): Path<String>) -> Result<Json<ConsentText>, Problem> {
    let found = version.parse().ok().and_then(texts::find);
    found.map(Json).ok_or_else(Problem::not_found)
}
