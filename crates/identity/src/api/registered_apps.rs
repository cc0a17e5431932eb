//! `/api/admin/apps`: the apps on the list, confirming one and striking one off. Putting one on the list looks up its organization and is the
//! server's.

use super::number;
use crate::access::administrator;
use crate::oauth::{self, AppKind, Listed, Registered, Standing};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use http::StatusCode;
use kernel::{Ctx, Id, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct RegisteredApps {
    apps: Vec<RegisteredApp>,
}

/// An app on the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredApp {
    pub id: i64,
    pub client_id: String,
    pub name: String,
    pub kind: AppKind,
    pub registered: Registered,
    /// `active`, `revoked`, or `waiting` for another administrator than who registered it.
    pub state: &'static str,
    #[schema(format = DateTime)]
    pub created: String,
    pub redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Public keys it signs with.
    pub keys: usize,
    /// Where it publishes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Its tokens are bound to a key.
    pub bound: bool,
    /// People who let it in, as far as it still stands.
    pub permissions: i64,
    /// Who put a program without people on the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_by: Option<String>,
    /// It waits, and it is the caller who may confirm it.
    pub confirmable: bool,
}

impl RegisteredApp {
    /// As this caller sees it.
    pub fn new(ctx: &Ctx, listed: Listed) -> Self {
        let Listed { client, permissions, registered_by } = listed;
        let mine = client.registrant == ctx.actor.account().map(Id::get);
        Self {
            registered_by,
            confirmable: client.state == Standing::Waiting && !mine,
            id: client.id,
            client_id: client.ident,
            kind: client.said.kind,
            registered: client.said.registered,
            state: match client.state {
                Standing::Active => "active",
                Standing::Revoked => "revoked",
                Standing::Waiting => "waiting",
            },
            created: client.created.to_rfc3339(),
            redirect_uris: client.said.redirect_uris,
            launch_uri: client.said.launch_uri,
            scope: client.said.scope,
            organization: client.said.organization.map(|place| place.name),
            keys: client.said.keys.len(),
            jwks_uri: client.said.jwks_uri,
            bound: client.said.bound,
            name: client.said.name,
            permissions,
        }
    }
}

/// The apps on the list, newest first.
#[utoipa::path(get, path = "/api/admin/apps", tag = "admin",
    responses((status = 200, body = RegisteredApps), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn registered(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Json<RegisteredApps>, Problem> {
    administrator(&ctx)?;
    let found = oauth::registered(&house).await?;
    Ok(Json(RegisteredApps { apps: found.into_iter().map(|listed| RegisteredApp::new(&ctx, listed)).collect() }))
}

/// Confirms a program without people that another administrator put on the list; only then it gets tokens.
#[utoipa::path(post, path = "/api/admin/apps/{id}/confirm", tag = "admin",
    params(("id" = i64, Path, description = "The number of the app")),
    responses((status = 200, body = RegisteredApp),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"), (status = 404, description = "No such app"),
    (status = 409, description = "The caller registered it (`same-person`), or it waits for nobody")))]
pub async fn confirm(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<RegisteredApp>, Problem> {
    administrator(&ctx)?;
    let listed = oauth::listed(&house, oauth::confirm(&house, &ctx, number(&id)?).await?).await?;
    Ok(Json(RegisteredApp::new(&ctx, listed)))
}

/// Strikes an app off the list; everything it was allowed ends at once.
#[utoipa::path(post, path = "/api/admin/apps/{id}/revoke", tag = "admin",
    params(("id" = i64, Path, description = "The number of the app")),
    responses((status = 204), (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"), (status = 404, description = "No such app")))]
pub async fn strike(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    administrator(&ctx)?;
    oauth::revoke_client(&house, &ctx, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
