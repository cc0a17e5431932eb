//! `/api/admin/users`: who has an account. Making one is the server's, which also makes the Practitioner.

use super::number;
use crate::model::OrganizationRef;
use crate::store::{self, Stored};
use crate::{IdentityError, access, model, role, rules, service};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Id, Issue, Problem, Role};
use ledger::House;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

const MOST: usize = 200;
const USUAL: usize = 50;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Part of a name, user name or e-mail address.
    query: Option<String>,
    /// `patient`, `practitioner`, `administrator` or `service`.
    role: Option<String>,
    /// `next` of the page before.
    before: Option<i64>,
    /// At most 200; 50 if left out.
    count: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserState {
    Active,
    Locked,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    #[schema(schema_with = model::role_schema)]
    pub role: Role,
    pub state: UserState,
    #[schema(format = DateTime)]
    pub created: String,
    #[schema(required = true, format = DateTime)]
    pub last_seen: Option<String>,
    pub organizations: Vec<OrganizationRef>,
    /// The password is still the one that an administrator chose, and opens the account until then. Afterwards they are invited
    /// like anybody who has no way in: `POST /api/admin/invitations/{account}/resend`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub password_change_by: Option<String>,
}

impl From<Stored> for User {
    fn from(stored: Stored) -> Self {
        let profile = stored.profile;
        Self {
            id: stored.id,
            username: profile.username,
            name: profile.name,
            role: profile.role,
            state: if stored.locked { UserState::Locked } else { UserState::Active },
            created: stored.created.to_rfc3339(),
            last_seen: stored.seen.map(kernel::Timestamp::to_rfc3339),
            organizations: profile.organizations.into_iter().map(OrganizationRef::from).collect(),
            password_change_by: stored.first_until.map(kernel::Timestamp::to_rfc3339),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Users {
    users: Vec<User>,
    /// Give it as `before` for the next page.
    #[schema(required = true)]
    next: Option<i64>,
    total: usize,
}

/// The accounts, newest first.
#[utoipa::path(get, path = "/api/admin/users", tag = "admin", params(Filter), responses(
    (status = 200, body = Users),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    filter: Result<Params<Filter>, Problem>,
) -> Result<Json<Users>, Problem> {
    access::administrator(&ctx)?;
    let Params(filter) = filter?;
    let role = match &filter.role {
        None => None,
        Some(text) => Some(
            Role::parse(text)
                .ok_or_else(|| Problem::bad_request("The role is patient, practitioner, administrator or service."))?,
        ),
    };
    let count = filter.count.unwrap_or(USUAL).clamp(1, MOST);
    let query = rules::fold_name(filter.query.as_deref().unwrap_or_default());
    let vault = Arc::clone(&house.vault);
    // Names are sealed, so every profile is opened: this may take a while and stays off the request threads.
    let users = house
        .db
        .scan(move |tx| {
            let (mut users, mut total, mut more) = (Vec::new(), 0, false);
            store::each(tx, &vault, |stored| {
                if role.is_some_and(|role| role != stored.profile.role) || !matches(&stored, &query) {
                    return;
                }
                total += 1;
                if filter.before.is_some_and(|before| stored.id >= before) {
                    return;
                }
                if users.len() < count {
                    users.push(User::from(stored));
                } else {
                    more = true;
                }
            })?;
            let next = if more { users.last().map(|user| user.id) } else { None };
            Ok::<_, IdentityError>(Users { users, next, total })
        })
        .await?;
    Ok(Json(users))
}

fn matches(stored: &Stored, query: &str) -> bool {
    let profile = &stored.profile;
    let texts = [Some(&profile.name), Some(&profile.username), profile.email.as_ref()];
    query.is_empty() || texts.into_iter().flatten().any(|text| rules::fold_name(text).contains(query))
}

/// Locks an account: its sessions end at once.
#[utoipa::path(post, path = "/api/admin/users/{id}/lock", tag = "admin",
    params(("id" = i64, Path, description = "The account")), responses(
    (status = 200, body = User),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such account"),
    (status = 409, description = "One's own account")))]
pub async fn lock(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<User>, Problem> {
    access::administrator(&ctx)?;
    let id = Id::new(number(&id)?);
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| service::lock(tx, &house, &ctx, id)).await?.into()))
}

/// Lets a locked account in again.
#[utoipa::path(post, path = "/api/admin/users/{id}/unlock", tag = "admin",
    params(("id" = i64, Path, description = "The account")), responses(
    (status = 200, body = User),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such account")))]
pub async fn unlock(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<User>, Problem> {
    access::administrator(&ctx)?;
    let id = Id::new(number(&id)?);
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| service::unlock(tx, &house, &ctx, id)).await?.into()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// `practitioner` or `administrator`.
    role: String,
}

/// Makes a practitioner an administrator, or an administrator a practitioner. Their sessions and apps end at once. Who was
/// never verified has to be, like any other clinician.
#[utoipa::path(post, path = "/api/admin/users/{id}/role", tag = "admin", request_body = RoleForm,
    params(("id" = i64, Path, description = "The account")), responses(
    (status = 200, body = User),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such account"),
    (status = 409, description = "One's own account"),
    (status = 422, description = "Not a role that this account can have")))]
pub async fn change_role(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    form: Result<JsonBody<RoleForm>, Problem>,
) -> Result<Json<User>, Problem> {
    access::administrator(&ctx)?;
    let id = Id::new(number(&id)?);
    let JsonBody(form) = form?;
    let role = Role::parse(&form.role).ok_or_else(|| {
        let text = "The role is practitioner or administrator.";
        Problem::unprocessable(vec![Issue::new("value", "role", text)])
    })?;
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| role::change_role(tx, &house, &ctx, id, role)).await?.into()))
}
