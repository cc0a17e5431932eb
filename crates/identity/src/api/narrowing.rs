//! `/api/apps/{id}/change`: letting an app do less.

use super::apps::ConnectedApp;
use super::number;
use crate::oauth::{self, Narrower, answer};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use kernel::http::JsonBody;
use kernel::{Ctx, Issue, Problem, Timestamp};
use ledger::House;
use serde::Deserialize;
use utoipa::ToSchema;

/// What stays of what I allowed an app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Narrowing {
    /// The scopes that stay, as `wishes` says them; those about `patient`, `launch`, `offline` and `online` always do.
    scopes: Vec<String>,
    /// An earlier end; as it is when it is left out.
    #[serde(default)]
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// Lets an app do less, or ends it sooner: at once, also for tokens that it has. It cannot be undone but by connecting the app
/// again.
#[utoipa::path(post, path = "/api/apps/{id}/change", tag = "apps", request_body = Narrowing,
    params(("id" = i64, Path, description = "The permission")), responses(
    (status = 200, body = ConnectedApp),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs let nobody in"),
    (status = 404, description = "Not mine, or over"),
    (status = 422, description = "More than was allowed, nothing, or a later end; the issues say what")))]
pub async fn change(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    form: Result<JsonBody<Narrowing>, Problem>,
) -> Result<Json<ConnectedApp>, Problem> {
    answer::person(&ctx)?;
    let id = number(&id)?;
    let JsonBody(form) = form?;
    let until = form.until.as_deref().map(moment).transpose()?;
    let (h, to) = (house.clone(), Narrower { scopes: form.scopes, until });
    let (permission, client) = house.db.write(move |tx| oauth::narrow(tx, &h, &ctx, id, &to)).await?;
    Ok(Json(ConnectedApp::new(permission, &client)))
}

fn moment(text: &str) -> Result<Timestamp, Problem> {
    Timestamp::parse(text).ok_or_else(|| {
        let text = "An end is a moment like 2027-01-31T12:00:00Z.";
        Problem::unprocessable(vec![Issue::new("value", "until", text)])
    })
}
