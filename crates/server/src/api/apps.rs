//! Apps, where they meet the record: the patient an app is opened for is found with the caller's own right to see them.

use super::people::only_administrators;
use crate::desk::Desk;
use crate::people;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use fhir::Kind;
use http::{HeaderMap, StatusCode};
use identity::api::apps::{Onward, Permit};
use identity::api::registered_apps::RegisteredApp;
use identity::oauth::{self, AppKind, Choice, Patient, Registered, Registration};
use kernel::http::JsonBody;
use kernel::{Actor, Ctx, Id, Issue, Problem};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The patient, if the caller can see them; the look is in the log like any other.
async fn patient(desk: &Desk, ctx: &Ctx, id: &str) -> Result<Patient, Problem> {
    let found = records::service::read(&desk.house, ctx, Kind::Patient, id).await?;
    let found = records::service::out(&desk.house, found).await?;
    Ok(Patient { rid: Id::new(found.rid), id: id.to_owned() })
}

/// Lets an app in.
#[utoipa::path(post, path = "/api/apps/requests/{id}/allow", tag = "apps", request_body = Permit,
    params(("id" = String, Path, description = "The handle in the address of the page")), responses(
    (status = 200, body = Onward),
    (status = 401, description = "Not signed in, or confirm that it is you"),
    (status = 403, description = "Programs let nobody in"),
    (status = 404, description = "Answered, over, or not mine; or no patient I can see"),
    (status = 422, description = "Something does not follow the rules; the issues say what")))]
pub async fn allow(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(permit): JsonBody<Permit>,
) -> Result<Json<Onward>, Problem> {
    oauth::answer::person(&ctx)?;
    let chosen = match (&permit.patient, &ctx.actor) {
        // Their own needs no choice.
        (None, _) | (_, Actor::Patient { .. }) => None,
        (Some(id), _) => Some(patient(&desk, &ctx, id).await?),
    };
    let session = identity::session_of(&desk.house, &headers).await?;
    let choice = Choice { scopes: permit.scopes, patient: chosen, days: permit.days };
    let house = desk.house.clone();
    let redirect = desk.house.db.write(move |tx| oauth::allow(tx, &house, &ctx, &session, &id, &choice)).await?;
    Ok(Json(Onward { redirect }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Launch {
    pub client_id: String,
    /// The FHIR id of the patient.
    pub patient: String,
}

/// Opens an app from a patient's record.
#[utoipa::path(post, path = "/api/apps/launch", tag = "apps", request_body = Launch, responses(
    (status = 200, body = Onward),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs open no apps"),
    (status = 404, description = "No such app, or no patient I can see")))]
pub async fn launch(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<Launch>,
) -> Result<Json<Onward>, Problem> {
    oauth::answer::person(&ctx)?;
    let patient = patient(&desk, &ctx, &form.patient).await?;
    let (house, issuer) = (desk.house.clone(), oauth::issuer(&desk.house, &headers));
    let redirect =
        desk.house.db.write(move |tx| oauth::launch(tx, &house, &ctx, &issuer, &form.client_id, &patient)).await?;
    Ok(Json(Onward { redirect }))
}

/// An app to be put on the list.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppForm {
    pub name: String,
    pub kind: AppKind,
    pub uri: Option<String>,
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    pub launch_uri: Option<String>,
    /// Public keys (RFC 7517), for apps that sign.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<serde_json::Value>,
    /// Where it publishes them (`jwks_uri`), instead.
    pub jwks_uri: Option<String>,
    /// The most it may ask for; for a program without people, what it may do.
    pub scope: Option<String>,
    /// The FHIR id of the organization that a program without people works for.
    pub organization: Option<String>,
    /// Its tokens are bound to a key of its own (DPoP).
    #[serde(default)]
    pub bound: bool,
}

/// Puts an app on the list. A program without people waits there until another administrator confirms it.
#[utoipa::path(post, path = "/api/admin/apps", tag = "admin", request_body = AppForm, responses(
    (status = 201, body = RegisteredApp),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 422, description = "Something does not follow the rules; the issues say what")))]
pub async fn register(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<AppForm>, Problem>,
) -> Result<(StatusCode, Json<RegisteredApp>), Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let organization = match form.organization {
        Some(id) => people::workplaces(&desk.house, &ctx, &[id]).await.map_err(named_organization)?.pop(),
        None => None,
    };
    let said = Registration {
        name: form.name,
        kind: form.kind,
        registered: Registered::Managed,
        uri: form.uri,
        redirect_uris: form.redirect_uris,
        launch_uri: form.launch_uri,
        keys: form.keys,
        jwks_uri: form.jwks_uri,
        scope: form.scope,
        organization,
        bound: form.bound,
    };
    let client = oauth::register(&desk.house, &ctx, said).await?;
    let listed = oauth::listed(&desk.house, client).await?;
    Ok((StatusCode::CREATED, Json(RegisteredApp::new(&ctx, listed))))
}

fn named_organization(problem: Problem) -> Problem {
    match problem.status {
        422 => Problem::unprocessable(vec![Issue::new(
            "not-found",
            "organization",
            "There is no organization with this id.",
        )]),
        _ => problem,
    }
}
