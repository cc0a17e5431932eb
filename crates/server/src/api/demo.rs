//! The accounts of a demonstration, for its sign-in page.

use crate::desk::Desk;
use axum::Json;
use axum::extract::State;
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
