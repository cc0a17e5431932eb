//! `/api/edits` and `/api/edit-sessions`: changes that a patient approves by a one-time code.

use crate::edits::{self, EditForm, RedraftForm, Shown, no_code, wrong_code};
use crate::service::out;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use consent::edit::{self, CodeForm, Entered, HandedCode, VisitSession};
use consent::{Access, ConsentError, number, step};
use kernel::http::{JsonBody, idempotency_key};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Edits {
    /// Newest first.
    edits: Vec<Shown>,
}

#[derive(Serialize, ToSchema)]
pub struct VisitSessions {
    /// Newest first.
    sessions: Vec<VisitSession>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenVersion {
    /// The version that the patient has seen.
    version: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LandForm {
    /// Eight digits; left out inside a visit's open session.
    #[serde(default)]
    code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitForm {
    /// The id of the patient.
    patient: String,
}

/// What is proposed for my record, or what I proposed.
#[utoipa::path(get, path = "/api/edits", tag = "consent", responses(
    (status = 200, body = Edits), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not verified yet"),
    (status = 404, description = "This role neither drafts nor approves")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Edits>, Problem> {
    let edits = out(&house, edits::list(&house, &ctx).await?).await?;
    Ok(Json(Edits { edits }))
}

/// Proposes a change of a patient's record. Nothing changes until the patient hands over a code for it.
#[utoipa::path(post, path = "/api/edits", tag = "consent", request_body = EditForm,
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 200 letters of your choice: the same sent again with \
        the same key answers the draft that was made, as it is now, and drafts nothing")), responses(
    (status = 201, body = Shown),
    (status = 200, body = Shown, description = "It came before under this Idempotency-Key"),
    (status = 400, description = "Not what this address takes"), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "No such patient that I can see"),
    (status = 409, description = "Too many drafts wait"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn draft(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<EditForm>,
) -> Result<(StatusCode, Json<Shown>), Problem> {
    let key = idempotency_key(&headers)?;
    let (shown, new) = out(&house, edits::draft(&house, &ctx, form, key).await?).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(shown)))
}

/// One proposed change.
#[utoipa::path(get, path = "/api/edits/{id}", tag = "consent",
    params(("id" = i64, Path, description = "The draft")), responses(
    (status = 200, body = Shown), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not verified yet"),
    (status = 404, description = "Not a draft of mine, or of my record")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(out(&house, edits::read(&house, &ctx, number(&id)?).await?).await?))
}

/// Changes what I proposed; a code that was handed over for it is void.
#[utoipa::path(post, path = "/api/edits/{id}/change", tag = "consent", request_body = RedraftForm,
    params(("id" = i64, Path, description = "The draft")), responses(
    (status = 200, body = Shown), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "Not a draft of mine, or no longer a patient of mine"),
    (status = 409, description = "It waits no longer"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn redraft(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<RedraftForm>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(out(&house, edits::redraft(&house, &ctx, number(&id)?, form).await?).await?))
}

/// Takes back what I proposed.
#[utoipa::path(post, path = "/api/edits/{id}/withdraw", tag = "consent",
    params(("id" = i64, Path, description = "The draft")), responses(
    (status = 204, description = "Withdrawn"), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "Not a draft of mine"), (status = 409, description = "It waits no longer")))]
pub async fn withdraw(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    step(&house, ctx, &id, edit::withdraw).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says no to a proposed change of my record.
#[utoipa::path(post, path = "/api/edits/{id}/decline", tag = "consent",
    params(("id" = i64, Path, description = "The draft")), responses(
    (status = 204, description = "Declined"), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient, or an app"),
    (status = 404, description = "Not of my record"), (status = 409, description = "It waits no longer")))]
pub async fn decline(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    edits::decline(&house, &ctx, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the one-time code for exactly this change, for ten minutes. The last code is void.
#[utoipa::path(post, path = "/api/edits/{id}/code", tag = "consent", request_body = SeenVersion,
    params(("id" = i64, Path, description = "The draft")), responses(
    (status = 200, body = HandedCode),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a patient, or an app"),
    (status = 404, description = "Not of my record"),
    (status = 409, description = "It waits no longer, or changed meanwhile")))]
pub async fn code(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<SeenVersion>,
) -> Result<Json<HandedCode>, Problem> {
    ctx.confirmed()?;
    Ok(Json(edits::code(&house, &ctx, number(&id)?, form.version).await?))
}

/// Lands a change by the patient's code, or inside a visit's open session.
#[utoipa::path(post, path = "/api/edits/{id}/land", tag = "consent", request_body = LandForm,
    params(("id" = i64, Path, description = "The draft")), responses(
    (status = 200, body = Shown), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "Not a draft of mine, or no longer a patient of mine"),
    (status = 409, description = "It waits no longer, or the record changed meanwhile"),
    (status = 422, description = "The code is wrong, too old, used, or was for something else")))]
pub async fn land(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<LandForm>,
) -> Result<Json<Shown>, Problem> {
    let code = form.code.map(|code| CodeForm { code });
    Ok(Json(out(&house, edits::land(&house, &ctx, number(&id)?, code).await?).await?))
}

/// The visits' sessions of my record, or mine with patients.
#[utoipa::path(get, path = "/api/edit-sessions", tag = "consent", responses(
    (status = 200, body = VisitSessions), (status = 401, description = "Not signed in"),
    (status = 403, description = "A code alone opens no record"),
    (status = 404, description = "This role has none")))]
pub async fn visits(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Json<VisitSessions>, Problem> {
    let access = Access::open(&ctx)?;
    let inside = house.clone();
    let found: Result<Vec<VisitSession>, ConsentError> =
        house.db.scan(move |tx| edit::visit_list(&ctx, &inside, tx, &access)).await;
    Ok(Json(VisitSessions { sessions: found? }))
}

/// Asks a patient to let me write during this visit, for half an hour.
#[utoipa::path(post, path = "/api/edit-sessions", tag = "consent", request_body = VisitForm, responses(
    (status = 201, body = VisitSession), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "No such patient that I can see")))]
pub async fn request_visit(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<VisitForm>,
) -> Result<(StatusCode, Json<VisitSession>), Problem> {
    Ok((StatusCode::CREATED, Json(edits::request_visit(&house, &ctx, form.patient).await?)))
}

/// Makes the one-time code that opens this session, for ten minutes.
#[utoipa::path(post, path = "/api/edit-sessions/{id}/code", tag = "consent",
    params(("id" = i64, Path, description = "The session")), responses(
    (status = 200, body = HandedCode),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a patient, or an app"),
    (status = 404, description = "Not of my record"), (status = 409, description = "It waits no longer")))]
pub async fn visit_code(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<HandedCode>, Problem> {
    ctx.confirmed()?;
    Ok(Json(step(&house, ctx, &id, edit::visit_code).await?))
}

/// Opens a session by the patient's code.
#[utoipa::path(post, path = "/api/edit-sessions/{id}/open", tag = "consent", request_body = CodeForm,
    params(("id" = i64, Path, description = "The session")), responses(
    (status = 200, body = VisitSession), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "Not a session of mine"), (status = 409, description = "It has ended"),
    (status = 422, description = "The code is wrong, too old, used, or was for something else")))]
pub async fn open_visit(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<CodeForm>,
) -> Result<Json<VisitSession>, Problem> {
    ctx.full()?;
    match step(&house, ctx, &id, move |ctx, house, tx, id| edit::visit_open(ctx, house, tx, id, &form)).await? {
        Entered::Open(session) => Ok(Json(*session)),
        Entered::Wrong(left) => Err(wrong_code(left)),
        Entered::NoCode => Err(no_code(true)),
    }
}

/// Ends a session before its time; either side may.
#[utoipa::path(post, path = "/api/edit-sessions/{id}/end", tag = "consent",
    params(("id" = i64, Path, description = "The session")), responses(
    (status = 204, description = "Ended, now or before"), (status = 401, description = "Not signed in"),
    (status = 403, description = "A code alone opens no record"),
    (status = 404, description = "Not a session of mine, or of my record")))]
pub async fn end_visit(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    step(&house, ctx, &id, edit::visit_end).await?;
    Ok(StatusCode::NO_CONTENT)
}
