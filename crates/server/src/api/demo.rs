//! What a demonstration tells everybody: its accounts, for the sign-in page, and the letters it would have sent.

use crate::desk::Desk;
use axum::Json;
use axum::extract::State;
use kernel::Problem;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// What a demonstration tells everybody.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Demo {
    pub accounts: Vec<DemoAccount>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DemoAccount {
    pub username: String,
    pub password: String,
    #[schema(value_type = String)]
    pub role: kernel::Role,
    pub name: String,
}

/// The accounts of a demonstration; none on any other server.
#[utoipa::path(get, path = "/api/demo", tag = "server", responses((status = 200, body = Demo)))]
pub async fn accounts(State(desk): State<Arc<Desk>>) -> Json<Demo> {
    Json(desk.demo.clone().unwrap_or_default())
}

/// The letters that a demonstration would have sent.
#[derive(Serialize, ToSchema)]
pub struct Outbox {
    mails: Vec<OutboxMail>,
}

#[derive(Serialize, ToSchema)]
pub struct OutboxMail {
    id: u64,
    #[schema(format = DateTime)]
    time: String,
    to: String,
    subject: String,
    text: String,
}

/// The letters that this demonstration would have sent, newest first; on any other server there is nothing here.
#[utoipa::path(get, path = "/api/demo/outbox", tag = "server", security(()), responses(
    (status = 200, body = Outbox),
    (status = 404, description = "Not a demonstration, or one that sends its letters")))]
pub async fn outbox(State(desk): State<Arc<Desk>>) -> Result<Json<Outbox>, Problem> {
    let outbox = desk.outbox.as_ref().ok_or_else(Problem::not_found)?;
    let shown = |notify::Sent { id, time, mail }: notify::Sent| OutboxMail {
        id,
        time: time.to_rfc3339(),
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
    };
    Ok(Json(Outbox { mails: outbox.mails().into_iter().map(shown).collect() }))
}
