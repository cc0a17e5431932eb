//! `/api/vault`: the caller's own keys for sealed documents, as their browser made them.

use crate::error::DocumentError;
use crate::sealing::model::{
    AnswerForm, GuardiansForm, MyVault, Opening, OpeningForm, Openings, PublicKeys, VaultForm, WayForm,
};
use crate::sealing::vaults::Whose;
use crate::sealing::{guardians as guards, openings as doors, vaults};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use db::Tx;
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Deserialize;

async fn write<T, F>(house: &House, ctx: Ctx, run: F) -> Result<Json<T>, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Ctx, &House, &mut Tx<'_>) -> Result<T, DocumentError> + Send + 'static,
{
    let inside = house.clone();
    Ok(Json(house.db.write(move |tx| run(&ctx, &inside, tx)).await?))
}

async fn look<T, F>(house: &House, ctx: Ctx, run: F) -> Result<Json<T>, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Ctx, &House, &mut Tx<'_>) -> Result<T, DocumentError> + Send + 'static,
{
    let inside = house.clone();
    Ok(Json(house.db.read(move |tx| run(&ctx, &inside, tx)).await?))
}

/// My vault; `null` before it is set up.
#[utoipa::path(get, path = "/api/vault", tag = "sealed documents", responses(
    (status = 200, body = MyVault), (status = 401, description = "Not signed in"),
    (status = 403, description = "Neither a patient nor a doctor")))]
pub async fn read(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<MyVault>, Problem> {
    look(&house, ctx, vaults::read).await
}

/// Keeps the vault that my browser made. Its public keys become an entry of the ledger.
#[utoipa::path(post, path = "/api/vault", tag = "sealed documents", request_body = VaultForm, responses(
    (status = 201, body = MyVault), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"),
    (status = 409, description = "There is one already"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<VaultForm>,
) -> Result<(StatusCode, Json<MyVault>), Problem> {
    let made = write(&house, ctx, move |ctx, house, tx| vaults::create(ctx, house, tx, &form)).await?;
    Ok((StatusCode::CREATED, made))
}

/// Adds a way into my vault; a recovery code takes the place of the one before.
#[utoipa::path(post, path = "/api/vault/ways", tag = "sealed documents", request_body = WayForm, responses(
    (status = 200, body = MyVault), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"),
    (status = 409, description = "There is no vault, or it has very many ways in"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn add_way(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<WayForm>,
) -> Result<Json<MyVault>, Problem> {
    write(&house, ctx, move |ctx, house, tx| vaults::add_way(ctx, house, tx, &form)).await
}

/// Removes a passkey's way into my vault.
#[utoipa::path(post, path = "/api/vault/ways/{id}/remove", tag = "sealed documents",
    params(("id" = i64, Path, description = "The way")), responses(
    (status = 200, body = MyVault), (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"),
    (status = 404, description = "Not a way into my vault"), (status = 409, description = "The recovery code stays")))]
pub async fn remove_way(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<MyVault>, Problem> {
    vaults::mine(&ctx)?;
    let id = consent::number(&id)?;
    write(&house, ctx, move |ctx, house, tx| vaults::remove_way(ctx, house, tx, id)).await
}

/// Names three guardians of my vault, or takes them away.
#[utoipa::path(post, path = "/api/vault/guardians", tag = "sealed documents", request_body = GuardiansForm, responses(
    (status = 200, body = MyVault), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"), (status = 409, description = "There is no vault"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn guardians(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<GuardiansForm>,
) -> Result<Json<MyVault>, Problem> {
    write(&house, ctx, move |ctx, house, tx| guards::set(ctx, house, tx, &form)).await
}

/// Ends my vault for good, with everything that was sealed for it.
#[utoipa::path(post, path = "/api/vault/discard", tag = "sealed documents", responses(
    (status = 200, body = MyVault), (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"), (status = 409, description = "There is no vault")))]
pub async fn discard(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<MyVault>, Problem> {
    write(&house, ctx, vaults::discard).await
}

/// Whose public keys: one of the two.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Of {
    /// The id of a Practitioner.
    practitioner: Option<String>,
    /// The code that somebody's vault shows them.
    code: Option<String>,
}

/// Public keys to wrap something for; those of a doctor with the entry of the ledger that tells of them.
#[utoipa::path(get, path = "/api/vault/keys", tag = "sealed documents", params(Of), responses(
    (status = 200, body = PublicKeys), (status = 400, description = "Say whose: one of the two"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Neither a patient nor a doctor"),
    (status = 404, description = "Nobody, or somebody who has no vault")))]
pub async fn public_keys(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(of): Params<Of>,
) -> Result<Json<PublicKeys>, Problem> {
    vaults::mine(&ctx)?;
    let whose = match (of.practitioner, of.code) {
        (Some(id), None) => Whose::Practitioner(id),
        (None, Some(code)) => Whose::Code(code),
        _ => return Err(Problem::bad_request("Say whose keys: practitioner or code, one of the two.")),
    };
    look(&house, ctx, move |ctx, house, tx| vaults::public_keys(ctx, house, tx, &whose)).await
}

/// Devices that wait to be let in: into my vault, and into those that I am a guardian of.
#[utoipa::path(get, path = "/api/vault/openings", tag = "sealed documents", responses(
    (status = 200, body = Openings), (status = 401, description = "Not signed in"),
    (status = 403, description = "Neither a patient nor a doctor")))]
pub async fn openings(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Openings>, Problem> {
    look(&house, ctx, doors::list).await
}

/// Asks that this device be let into my vault.
#[utoipa::path(post, path = "/api/vault/openings", tag = "sealed documents", request_body = OpeningForm, responses(
    (status = 201, body = Opening), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"),
    (status = 409, description = "There is no vault, there are no guardians, or several wait already"),
    (status = 422, description = "Not a public key")))]
pub async fn ask(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<OpeningForm>,
) -> Result<(StatusCode, Json<Opening>), Problem> {
    let made = write(&house, ctx, move |ctx, house, tx| doors::ask(ctx, house, tx, &form)).await?;
    Ok((StatusCode::CREATED, made))
}

/// Lets a device in, as its owner on another device or as a guardian: with what was wrapped for its public key.
#[utoipa::path(post, path = "/api/vault/openings/{id}/answer", tag = "sealed documents", request_body = AnswerForm,
    params(("id" = i64, Path, description = "The opening")), responses(
    (status = 200, body = Openings), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a doctor"),
    (status = 404, description = "Nothing that I can answer"), (status = 422, description = "Not a wrap")))]
pub async fn answer(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<AnswerForm>,
) -> Result<Json<Openings>, Problem> {
    vaults::mine(&ctx)?;
    let id = consent::number(&id)?;
    write(&house, ctx, move |ctx, house, tx| doors::answer(ctx, house, tx, id, &form)).await
}

/// Ends the waiting of a device of mine.
#[utoipa::path(post, path = "/api/vault/openings/{id}/end", tag = "sealed documents",
    params(("id" = i64, Path, description = "The opening")), responses(
    (status = 200, body = Openings), (status = 401, description = "Not signed in"),
    (status = 403, description = "Neither a patient nor a doctor"),
    (status = 404, description = "Not of my vault")))]
pub async fn end(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Openings>, Problem> {
    vaults::mine(&ctx)?;
    let id = consent::number(&id)?;
    write(&house, ctx, move |ctx, house, tx| doors::end(ctx, house, tx, id)).await
}
