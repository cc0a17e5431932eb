//! What spans accounts and records: registering, and the accounts an administrator makes.

use crate::desk::Desk;
use crate::people::{self, Secret, Stands};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use identity::api::{Ceremony, FinishForm, LoginAnswer, User, UserState, login_answer};
use identity::verification::join;
use identity::{Entrance, Member, Method, NewAccount, Newcomer, Peer, Registration, Workplace};
use kernel::http::JsonBody;
use kernel::{Ctx, Id, Issue, Problem, Role};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The first line of everything under `/api/admin`.
pub fn only_administrators(ctx: &Ctx) -> Result<(), Problem> {
    Ok(identity::administrator(ctx)?)
}

/// A patient registers: makes the account and an empty record, and signs in.
#[utoipa::path(post, path = "/api/auth/register", tag = "auth", request_body = Registration, security(()), responses(
    (status = 201, body = LoginAnswer),
    (status = 409, description = "The e-mail address is taken"),
    (status = 422, description = "Something does not follow the rules; the issues say what"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn register(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<Registration>,
) -> Result<Response, Problem> {
    let peer = peer.map(|Extension(Peer(address))| address);
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let server = ctx.clone();
    let signed_in = identity::register(&desk.house, &ctx, peer, form, agent, move |tx, house, form| {
        people::register_patient(tx, house, &server, form)
    });
    login_answer(&desk.house, &headers, StatusCode::CREATED, signed_in.await?).await
}

/// Begins registering with a passkey and no password.
#[utoipa::path(post, path = "/api/auth/register/start", tag = "auth", request_body = Newcomer, security(()), responses(
    (status = 200, body = Ceremony),
    (status = 403, description = "This server's address has no name, so it has no passkeys"),
    (status = 409, description = "The e-mail address is taken"),
    (status = 422, description = "Something does not follow the rules; the issues say what"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn register_start(
    State(desk): State<Arc<Desk>>,
    peer: Option<Extension<Peer>>,
    JsonBody(form): JsonBody<Newcomer>,
) -> Result<Json<Ceremony>, Problem> {
    let peer = peer.map(|Extension(Peer(address))| address);
    Ok(Json(identity::register_start(&desk.house, peer, form).await?.into()))
}

/// Registers with the passkey that was made: makes the account and an empty record, and signs in.
#[utoipa::path(post, path = "/api/auth/register/finish", tag = "auth", request_body = FinishForm, security(()), responses(
    (status = 201, body = LoginAnswer),
    (status = 400, description = "Not a passkey that was just made here"),
    (status = 401, description = "The ceremony is over, or was not begun here"),
    (status = 409, description = "The e-mail address was taken meanwhile"),
    (status = 422, description = "The body carries what the passkey derived for the browser alone"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn register_finish(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<FinishForm>,
) -> Result<Response, Problem> {
    let peer = peer.map(|Extension(Peer(address))| address);
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let entrance = Entrance::new(form.session, Method::Passkey, agent, peer);
    let (server, name) = (ctx.clone(), form.name.clone());
    let signed_in =
        identity::register_finish(&desk.house, &ctx, entrance, form.finished(), name, move |tx, house, form| {
            people::register_patient(tx, house, &server, form)
        });
    login_answer(&desk.house, &headers, StatusCode::CREATED, signed_in.await?).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    pub username: String,
    /// At least 8 characters.
    #[schema(format = Password, min_length = 8)]
    pub password: String,
    /// `patient`, `practitioner` or `administrator`.
    pub role: String,
    pub name: String,
    #[schema(format = "email")]
    pub email: Option<String>,
    /// FHIR ids of the organizations they work in.
    #[serde(default)]
    pub organizations: Vec<String>,
}

/// Makes an account; for a patient also an empty record. A practitioner's reads nothing until two administrators have
/// verified it, and works in the organizations from then on. The password is a first one: it opens the account for seven days, for
/// its owner to set their own.
#[utoipa::path(post, path = "/api/admin/users", tag = "admin", request_body = NewUser, responses(
    (status = 201, body = User),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 409, description = "The user name or e-mail address is taken"),
    (status = 422, description = "Something does not follow the rules; the issues say what")))]
pub async fn create_user(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<NewUser>, Problem>,
) -> Result<(StatusCode, Json<User>), Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let role = role_of(&form.role)?;
    let workplaces = people::workplaces(&desk.house, &ctx, &form.organizations).await?;
    let new =
        NewAccount { role, username: form.username, email: form.email, password: Some(form.password), name: form.name };
    let account = match role {
        // One administrator alone makes nobody a clinician.
        Role::Practitioner => join::add(&desk.house, &ctx, new, workplaces).await?,
        Role::Administrator => people::add(&desk.house, &ctx, new, Secret::Chosen, Stands::Nobody, workplaces).await?,
        Role::Patient | Role::Service => {
            people::add(&desk.house, &ctx, new, Secret::Chosen, Stands::New, workplaces).await?
        }
    };
    let user = User {
        id: account.id,
        username: account.username,
        name: account.name,
        role: account.role,
        state: UserState::Active,
        created: ctx.now().to_rfc3339(),
        last_seen: None,
        organizations: account.organizations,
        password_change_by: account.password_change_by,
    };
    Ok((StatusCode::CREATED, Json(user)))
}

fn role_of(text: &str) -> Result<Role, Problem> {
    match Role::parse(text) {
        Some(role) if role != Role::Service => Ok(role),
        Some(_) => {
            let text = "A program gets a token from the operator: healthsync token create.";
            Err(Problem::unprocessable(vec![Issue::new("value", "role", text)]))
        }
        None => {
            let text = "The role is patient, practitioner or administrator.";
            Err(Problem::unprocessable(vec![Issue::new("value", "role", text)]))
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The number of the account.
    pub account: i64,
}

/// Makes somebody a member of an organization: grants to the organization then reach them.
#[utoipa::path(post, path = "/api/admin/organizations/{id}/members", tag = "admin", request_body = NewMember,
    params(("id" = String, Path, description = "The organization's FHIR id")), responses(
    (status = 204),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such organization or account"),
    (status = 422, description = "An account of this role works nowhere")))]
pub async fn add_member(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    form: Result<JsonBody<NewMember>, Problem>,
) -> Result<StatusCode, Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let workplace = workplace(&desk, &ctx, id).await?;
    let house = desk.house.clone();
    let db = house.db.clone();
    db.write(move |tx| identity::add_member(tx, &house, &ctx, Id::new(form.account), workplace)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The organization of a path.
async fn workplace(desk: &Desk, ctx: &Ctx, id: String) -> Result<Workplace, Problem> {
    let found = people::workplaces(&desk.house, ctx, &[id]).await.map_err(|problem| match problem.status {
        422 => Problem::not_found(),
        _ => problem,
    })?;
    found.into_iter().next().ok_or_else(Problem::not_found)
}

#[derive(Serialize, ToSchema)]
pub struct Members {
    pub members: Vec<Member>,
}

/// Who works in an organization.
#[utoipa::path(get, path = "/api/admin/organizations/{id}/members", tag = "admin",
    params(("id" = String, Path, description = "The organization's FHIR id")), responses(
    (status = 200, body = Members),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such organization")))]
pub async fn members(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Members>, Problem> {
    only_administrators(&ctx)?;
    let workplace = workplace(&desk, &ctx, id).await?;
    let house = desk.house.clone();
    let db = house.db.clone();
    let members = db.scan(move |tx| identity::members(tx, &house, &ctx, workplace.rid)).await?;
    Ok(Json(Members { members }))
}

/// Ends a membership: what was granted to the organization no longer reaches that account.
#[utoipa::path(post, path = "/api/admin/organizations/{id}/members/{account}/remove", tag = "admin", params(
    ("id" = String, Path, description = "The organization's FHIR id"),
    ("account" = i64, Path, description = "The account")), responses(
    (status = 204),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator, or the account is a program's"),
    (status = 404, description = "No such organization, or the account does not work there")))]
pub async fn remove_member(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path((id, account)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    only_administrators(&ctx)?;
    let account = Id::new(account.parse().map_err(|_| Problem::not_found())?);
    let workplace = workplace(&desk, &ctx, id).await?;
    let house = desk.house.clone();
    let db = house.db.clone();
    db.write(move |tx| identity::remove_member(tx, &house, &ctx, account, workplace.rid)).await?;
    Ok(StatusCode::NO_CONTENT)
}
