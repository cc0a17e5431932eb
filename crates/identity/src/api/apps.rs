//! `/api/apps`: what an app asks, in parts that a page can say plainly; what I allowed; taking it back. Answering yes and
//! opening an app from a record need the record and are the server's; allowing less is in `narrowing`, the list of apps that
//! administrators keep in `registered_apps`.

use super::number;
use crate::oauth::scope::{self, Scope, Whose};
use crate::oauth::{self, Client, Permission, Registered, answer};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use http::StatusCode;
use kernel::app::Operation;
use kernel::http::Params;
use kernel::{Actor, Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One thing an app asks for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Wish {
    /// As the app wrote it; send back those that stay.
    scope: String,
    /// `data`, or `identity`, `name`, `patient`, `launch`, `offline`, `online`.
    about: &'static str,
    /// For data: `patient` (one record) or `user` (whatever I may see).
    #[serde(skip_serializing_if = "Option::is_none")]
    whose: Option<&'static str>,
    /// The FHIR type; every type when it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// `create`, `read`, `update`, `delete`, `search`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operations: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<Condition>,
    /// Without it the app cannot be opened at all.
    needed: bool,
}

/// Only entries with this code.
#[derive(Serialize, ToSchema)]
pub struct Condition {
    parameter: String,
    value: String,
}

/// The app that asks, or that was let in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppName {
    client_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    /// An administrator of this server put it on the list.
    verified: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppRequest {
    app: AppName,
    /// The host that the answer goes to.
    returns_to: String,
    wishes: Vec<Wish>,
    /// The app is opened for one patient.
    needs_patient: bool,
    /// The FHIR id of that patient, when it is settled already.
    #[serde(skip_serializing_if = "Option::is_none")]
    patient: Option<String>,
    /// It wants to go on when I am not there: say until when.
    offline: bool,
}

/// Where to send the browser.
#[derive(Serialize, ToSchema)]
pub struct Onward {
    pub redirect: String,
}

#[derive(Serialize, ToSchema)]
pub struct ConnectedApps {
    apps: Vec<ConnectedApp>,
}

/// What I allowed an app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedApp {
    id: i64,
    app: AppName,
    wishes: Vec<Wish>,
    #[schema(format = DateTime)]
    created: String,
    #[schema(format = DateTime)]
    until: String,
    /// It ends with the session in which I allowed it.
    session: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_used: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patient: Option<String>,
}

impl ConnectedApp {
    pub(super) fn new(permission: Permission, client: &Client) -> Self {
        Self {
            id: permission.id,
            app: named(client),
            wishes: permission.scopes().iter().map(wish).collect(),
            created: permission.created.to_rfc3339(),
            until: permission.until.to_rfc3339(),
            session: permission.session.is_some(),
            last_used: permission.seen.map(kernel::Timestamp::to_rfc3339),
            patient: permission.allowed.patient,
        }
    }
}

fn named(client: &Client) -> AppName {
    AppName {
        client_id: client.ident.clone(),
        name: client.said.name.clone(),
        uri: client.said.uri.clone(),
        verified: client.said.registered == Registered::Managed,
    }
}

const OPERATIONS: [(Operation, &str); 5] = [
    (Operation::Create, "create"),
    (Operation::Read, "read"),
    (Operation::Update, "update"),
    (Operation::Delete, "delete"),
    (Operation::Search, "search"),
];

fn wish(scope: &Scope) -> Wish {
    let (about, needed) = match scope {
        Scope::OpenId | Scope::FhirUser => ("identity", false),
        Scope::Profile => ("name", false),
        Scope::Launch => ("launch", true),
        Scope::LaunchPatient => ("patient", true),
        Scope::Offline => ("offline", false),
        Scope::Online => ("online", false),
        Scope::Data(_) => ("data", false),
    };
    let data = match scope {
        Scope::Data(data) => Some(data),
        _ => None,
    };
    let letters = |bits: u8| OPERATIONS.iter().filter(|(o, _)| bits & o.bit() != 0).map(|(_, word)| *word).collect();
    Wish {
        scope: scope.as_str().to_owned(),
        about,
        whose: data.map(|data| if data.whose == Whose::Patient { "patient" } else { "user" }),
        kind: data.and_then(|data| data.kind).map(fhir::Kind::name),
        operations: data.map_or_else(Vec::new, |data| letters(data.operations)),
        conditions: data.map_or_else(Vec::new, |data| {
            let one = |(parameter, value): &(String, String)| Condition {
                parameter: parameter.clone(),
                value: value.clone(),
            };
            data.conditions.iter().map(one).collect()
        }),
        needed,
    }
}

/// The host of an address, or the app's own scheme.
fn host(uri: &str) -> String {
    let (scheme, rest) = uri.split_once(':').unwrap_or(("", uri));
    match rest.strip_prefix("//") {
        Some(rest) if matches!(scheme, "https" | "http") => {
            rest.split(['/', '?']).next().unwrap_or_default().to_owned()
        }
        _ => scheme.to_owned(),
    }
}

/// What an app asks for.
#[utoipa::path(get, path = "/api/apps/requests/{id}", tag = "apps",
    params(("id" = String, Path, description = "The handle in the address of the page")),
    responses((status = 200, body = AppRequest), (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs let nobody in"), (status = 404, description = "Answered, over, or not mine")))]
pub async fn request(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<AppRequest>, Problem> {
    let (h, c) = (house.clone(), ctx.clone());
    let (pending, client) = house.db.read(move |tx| answer::question(tx, &h, &c, &id)).await?;
    let scopes = scope::parse(&pending.asked.scope).map_err(|_| Problem::internal())?;
    let needs_patient = answer::needs_patient(&scopes) && !matches!(ctx.actor, Actor::Patient { .. });
    Ok(Json(AppRequest {
        app: named(&client),
        returns_to: host(&pending.asked.redirect_uri),
        wishes: scopes.iter().map(wish).collect(),
        needs_patient: needs_patient && pending.asked.launch.is_none(),
        patient: pending.asked.launch.map(|launch| launch.id),
        offline: scopes.contains(&Scope::Offline),
    }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct What {
    /// From the address of the page.
    what: String,
}

/// A request of an app that nobody here knows, and that cannot be answered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppRefusal {
    /// What the app calls itself.
    app: String,
    reason: String,
    /// The host that `back` leads to.
    returns_to: String,
    /// The app's own address, with the refusal in its words.
    back: String,
}

/// What an app is told that could not be let in, and where: going back to it is the person's choice.
#[utoipa::path(get, path = "/api/apps/refused", tag = "apps", params(What), security(()),
    responses((status = 200, body = AppRefusal), (status = 404, description = "Not said by this server, or not lately")))]
pub async fn refused(
    State(house): State<House>,
    what: Result<Params<What>, Problem>,
) -> Result<Json<AppRefusal>, Problem> {
    let shown = oauth::refused::open(&house, &what?.0.what).await?;
    let returns_to = host(&shown.address);
    Ok(Json(AppRefusal { app: shown.app, reason: shown.reason, returns_to, back: shown.address }))
}

/// Says no to an app.
#[utoipa::path(post, path = "/api/apps/requests/{id}/deny", tag = "apps",
    params(("id" = String, Path, description = "The handle in the address of the page")),
    responses((status = 200, body = Onward), (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs let nobody in"), (status = 404, description = "Answered, over, or not mine")))]
pub async fn deny(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Onward>, Problem> {
    let h = house.clone();
    let redirect = house.db.write(move |tx| answer::deny(tx, &h, &ctx, &id)).await?;
    Ok(Json(Onward { redirect }))
}

/// The apps I let in.
#[utoipa::path(get, path = "/api/apps", tag = "apps",
    responses((status = 200, body = ConnectedApps), (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs let nobody in")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<ConnectedApps>, Problem> {
    let h = house.clone();
    let found = house.db.read(move |tx| answer::connected(tx, &h, &ctx)).await?;
    let apps = found.into_iter().map(|(permission, client)| ConnectedApp::new(permission, &client)).collect();
    Ok(Json(ConnectedApps { apps }))
}

/// Takes back what I allowed an app. Its tokens are refused from now on.
#[utoipa::path(post, path = "/api/apps/{id}/revoke", tag = "apps",
    params(("id" = i64, Path, description = "The permission")),
    responses((status = 204), (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs let nobody in"), (status = 404, description = "Not mine")))]
pub async fn revoke(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    answer::person(&ctx)?;
    let (id, h) = (number(&id)?, house.clone());
    house.db.write(move |tx| answer::revoke(tx, &h, &ctx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub struct LaunchableApps {
    apps: Vec<AppName>,
}

/// The apps that can be opened from a record.
#[utoipa::path(get, path = "/api/apps/launchable", tag = "apps",
    responses((status = 200, body = LaunchableApps), (status = 401, description = "Not signed in"),
    (status = 403, description = "Programs open no apps")))]
pub async fn launchable(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Json<LaunchableApps>, Problem> {
    answer::person(&ctx)?;
    let found = oauth::registered(&house).await?;
    let fits = |client: &Client| {
        client.stands() && client.said.launch_uri.is_some() && client.said.registered == Registered::Managed
    };
    let apps = found.iter().map(|listed| &listed.client).filter(|client| fits(client)).map(named).collect();
    Ok(Json(LaunchableApps { apps }))
}

/// What of an app's request is allowed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    /// The scopes that stay, as they were asked for.
    pub scopes: Vec<String>,
    /// The FHIR id of the patient it is opened for; a patient opens it for themselves.
    pub patient: Option<String>,
    /// How many days it may go on without me; with `offline_access` only.
    pub days: Option<i64>,
}
