//! `/api/inbox/wishes`

use super::inbox::account;
use crate::letters::{self, Reach};
use crate::wishes::{self, Times, Way, Wishes};
use crate::{Kind, Notice, store};
use axum::extract::State;
use axum::{Extension, Json};
use db::Tx;
use kernel::http::JsonBody;
use kernel::{Ctx, Id, Problem, Role, id};
use ledger::House;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeWishes {
    /// What this account is told of, in the order of the page.
    kinds: Vec<NoticeWish>,
    /// The time of the day, where the reader lives, at which the daily e-mail leaves, such as 06:00.
    daily_at: String,
    /// Where the reader lives, by a name of the IANA database.
    zone: String,
    /// Between which times of their day no e-mail leaves, such as 22:00-07:00; not counted are emergencies and the security
    /// of the account.
    #[schema(required = true)]
    quiet: Option<String>,
    email: NoticeEmail,
}

#[derive(Serialize, ToSchema)]
pub struct NoticeWish {
    kind: Kind,
    way: Way,
    /// What can be chosen. Emergencies and the security of the account cannot be turned off.
    ways: Vec<Way>,
}

/// Whether e-mail reaches this account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeEmail {
    Reached,
    /// The account has no address.
    NoAddress,
    /// This server sends no e-mail.
    NoMailer,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoticeWishesForm {
    /// By kind; what is not named stays as it is.
    #[serde(default)]
    ways: BTreeMap<String, Way>,
    #[serde(default)]
    daily_at: Option<String>,
    #[serde(default)]
    zone: Option<String>,
    /// Nothing between the quotes ends the quiet hours.
    #[serde(default)]
    quiet: Option<String>,
}

fn role(ctx: &Ctx) -> Result<Role, Problem> {
    ctx.actor.role().ok_or_else(Problem::unauthorized)
}

fn shown(
    tx: &mut Tx<'_>,
    house: &House,
    (account, role): (Id<id::Account>, Role),
    wishes: &Wishes,
) -> Result<NoticeWishes, Problem> {
    let kinds = wishes::offered(role).iter().map(|&kind| NoticeWish {
        kind,
        way: wishes.way(Some(role), kind),
        ways: Way::ALL.into_iter().filter(|way| wishes::allowed(kind, *way)).collect(),
    });
    let email = match letters::reach(tx, house, account)? {
        Reach::Reached => NoticeEmail::Reached,
        Reach::NoAddress => NoticeEmail::NoAddress,
        Reach::NoMailer => NoticeEmail::NoMailer,
    };
    Ok(NoticeWishes {
        kinds: kinds.collect(),
        daily_at: wishes::write_time(wishes.daily_at),
        zone: wishes.zone.clone(),
        quiet: wishes.quiet.map(wishes::write_quiet),
        email,
    })
}

/// Of what I am told, and how.
#[utoipa::path(get, path = "/api/inbox/wishes", tag = "notices",
    responses((status = 200, body = NoticeWishes), (status = 401, description = "Not signed in")))]
pub async fn find(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<NoticeWishes>, Problem> {
    let who = (account(&ctx)?, role(&ctx)?);
    let inside = house.clone();
    let found = house.db.read(move |tx| {
        let wishes = store::wishes(tx, who.0)?;
        shown(tx, &inside, who, &wishes)
    });
    Ok(Json(found.await?))
}

/// Says of what I want to be told, and how. E-mails about emergencies and the security of the account end only with a
/// fresh proof of who it is, and with a last one that says so.
#[utoipa::path(put, path = "/api/inbox/wishes", tag = "notices", request_body = NoticeWishesForm,
    responses((status = 200, body = NoticeWishes), (status = 400, description = "Not what this address takes"),
        (status = 401, description = "Not signed in, or not lately: confirm first"),
        (status = 403, description = "A session that only a code by e-mail opened, or an app"),
        (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn keep(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<NoticeWishesForm>,
) -> Result<Json<NoticeWishes>, Problem> {
    let who = (account(&ctx)?, role(&ctx)?);
    ctx.full()?;
    if ctx.pass.app.is_some() {
        return Err(Problem::forbidden("An app does not decide of what you are told."));
    }
    let inside = house.clone();
    let kept = house.db.write(move |tx| {
        let before = store::wishes(tx, who.0)?;
        let times =
            Times { daily_at: form.daily_at.as_deref(), zone: form.zone.as_deref(), quiet: form.quiet.as_deref() };
        let after = wishes::said(who.1, before.clone(), &form.ways, &times);
        let after = after.map_err(Problem::unprocessable)?;
        let silenced = |kind| before.way(Some(who.1), kind) == Way::Mail && after.way(Some(who.1), kind) != Way::Mail;
        if silenced(Kind::Security) || silenced(Kind::Emergency) {
            ctx.confirmed()?;
            let title = "E-mails about security or emergencies were turned off";
            let body = "You are told in the app as before. If this was not you, somebody else uses your account.";
            let notice = Notice::new(Kind::Security, title, body).link("/account/notifications");
            store::send(tx, &inside, who.0, &notice)?;
        }
        store::keep_wishes(tx, who.0, &after)?;
        shown(tx, &inside, who, &after)
    });
    Ok(Json(kept.await?))
}
