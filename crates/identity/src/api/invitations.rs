//! `/api/admin/invitations`: those that wait to be taken. Inviting is the server's, which looks up the organizations.

use super::number;
use crate::access;
use crate::verification::invitations::{self, OpenInvitation};
use crate::verification::join;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use http::StatusCode;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Invitations {
    invitations: Vec<OpenInvitation>,
}

#[derive(Serialize, ToSchema)]
pub struct Invited {
    /// The number of the account.
    pub account: i64,
    /// The path of the link that opens the account, once and within seven days: give it to nobody else. Null when it was
    /// sent to them by e-mail.
    #[schema(required = true)]
    pub link: Option<String>,
}

impl From<join::Invited> for Invited {
    fn from(invited: join::Invited) -> Self {
        Self { account: invited.account.id, link: invited.link }
    }
}

/// The invitations that nobody has taken yet.
#[utoipa::path(get, path = "/api/admin/invitations", tag = "admin", responses(
    (status = 200, body = Invitations),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Invitations>, Problem> {
    access::administrator(&ctx)?;
    let db = house.db.clone();
    // Names are sealed: opening many stays off the request threads.
    Ok(Json(Invitations { invitations: db.scan(move |tx| invitations::open(tx, &house, &ctx)).await? }))
}

/// Sends an invitation again, with a new link: the one before opens nothing any more. An account whose first password is over is
/// invited in the same way.
#[utoipa::path(post, path = "/api/admin/invitations/{account}/resend", tag = "admin",
    params(("account" = i64, Path, description = "The account that was made for them")), responses(
    (status = 200, body = Invited),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such invitation"),
    (status = 409, description = "They came in already, or the account is locked"),
    (status = 429, description = "It was sent five times within a day")))]
pub async fn resend(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(account): Path<String>,
) -> Result<Json<Invited>, Problem> {
    access::administrator(&ctx)?;
    let account = number(&account)?;
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| invitations::resend(tx, &house, &ctx, account)).await?.into()))
}

/// Withdraws an invitation: the link opens nothing any more, and the account that waited is gone.
#[utoipa::path(post, path = "/api/admin/invitations/{account}/withdraw", tag = "admin",
    params(("account" = i64, Path, description = "The account that was made for them")), responses(
    (status = 204),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such invitation"),
    (status = 409, description = "They came in already: lock the account instead")))]
pub async fn withdraw(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    access::administrator(&ctx)?;
    let account = number(&account)?;
    let db = house.db.clone();
    db.write(move |tx| invitations::withdraw(tx, &house, &ctx, account)).await?;
    Ok(StatusCode::NO_CONTENT)
}
