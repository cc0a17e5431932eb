//! `/api/inbox`

use crate::{Item, Kind, store};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::{Ctx, Id, Problem, id};
use ledger::House;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Inbox {
    /// The newest hundred, newest first.
    items: Vec<NoticeItem>,
    /// Of all, not only of those shown.
    unread: i64,
}

#[derive(Serialize, ToSchema)]
pub struct NoticeItem {
    id: i64,
    #[schema(format = DateTime)]
    time: String,
    kind: Kind,
    title: String,
    body: String,
    /// Where to go from here.
    #[schema(required = true)]
    link: Option<String>,
    read: bool,
}

impl From<Item> for NoticeItem {
    fn from(item: Item) -> Self {
        let Item { id, time, read, notice } = item;
        Self {
            id,
            time: time.to_rfc3339(),
            kind: notice.kind,
            title: notice.title,
            body: notice.body,
            link: notice.link,
            read,
        }
    }
}

pub(super) fn account(ctx: &Ctx) -> Result<Id<id::Account>, Problem> {
    ctx.actor.account().ok_or_else(Problem::unauthorized)
}

/// What I was told.
#[utoipa::path(get, path = "/api/inbox", tag = "notices",
    responses((status = 200, body = Inbox), (status = 401, description = "Not signed in")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Inbox>, Problem> {
    let account = account(&ctx)?;
    let vault = Arc::clone(&house.vault);
    let (items, unread) = house.db.read(move |tx| store::inbox(tx, &vault, account)).await?;
    Ok(Json(Inbox { items: items.into_iter().map(NoticeItem::from).collect(), unread }))
}

/// Marks one notice read.
#[utoipa::path(post, path = "/api/inbox/{id}/read", tag = "notices",
    params(("id" = i64, Path, description = "The notice")),
    responses((status = 204), (status = 401, description = "Not signed in"), (status = 404, description = "Not mine")))]
pub async fn read_one(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let account = account(&ctx)?;
    let id: i64 = id.parse().map_err(|_| Problem::not_found())?;
    let now = ctx.now();
    let found = house.db.write(move |tx| store::mark_read(tx, account, Some(id), now)).await?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Marks all notices read.
#[utoipa::path(post, path = "/api/inbox/read-all", tag = "notices",
    responses((status = 204), (status = 401, description = "Not signed in")))]
pub async fn read_all(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<StatusCode, Problem> {
    let account = account(&ctx)?;
    let now = ctx.now();
    house.db.write(move |tx| store::mark_read(tx, account, None, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
