//! Records opened in an emergency: consent decides and keeps them, and the patient's emergency contacts get a letter.

use super::people::only_administrators;
use crate::desk::Desk;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use consent::emergency::{self, Contact, Declared, EmergencyForm, Opened, ReviewForm};
use consent::{ConsentError, step};
use db::Tx;
use http::StatusCode;
use kernel::http::JsonBody;
use kernel::{Ctx, Id, Problem};
use ledger::{Disclosure, House};
use notify::Mail;
use records::service::out;
use records::view::lookup::{self, Candidates, LookupForm};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Who the patient of an emergency may be: family name and date of birth must be right. Each person shown finds it in
/// their ledger.
#[utoipa::path(post, path = "/api/break-glass/search", tag = "consent", request_body = LookupForm, responses(
    (status = 200, body = Candidates),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 422, description = "A rule is broken; the issues say which"),
    (status = 429, description = "Too many searches")))]
pub async fn search(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<LookupForm>,
) -> Result<Json<Candidates>, Problem> {
    Ok(Json(out(&desk.house, lookup::find(&desk.house, &ctx, &form).await?).await?))
}

/// Opens the summary of a record in an emergency, for two hours.
#[utoipa::path(post, path = "/api/break-glass", tag = "consent", request_body = EmergencyForm, responses(
    (status = 201, body = Opened),
    (status = 200, body = Opened, description = "It was open already; another reason is kept beside the first"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 409, description = "It is open already, and its reasons are as long as they can be"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn open(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<EmergencyForm>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    ctx.confirmed()?;
    let house = desk.house.clone();
    let opened = desk.house.db.write(move |tx| {
        let (opened, told) = emergency::open(&ctx, &house, tx, &form)?;
        let status = if told.is_some() { StatusCode::CREATED } else { StatusCode::OK };
        if let Some(contacts) = told {
            let patient = emergency::patient_of(tx, opened.id)?;
            write_letters(tx, &house, &ctx, patient, contacts)?;
        }
        Ok::<_, Problem>((status, opened))
    });
    let (status, opened) = opened.await?;
    Ok((status, Json(opened)))
}

fn write_letters(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    patient: Id<kernel::id::Patient>,
    contacts: Vec<Contact>,
) -> Result<(), Problem> {
    let who = match &ctx.organization {
        Some(organization) => format!("{} of {organization}", ctx.name),
        None => ctx.name.to_string(),
    };
    let time = ctx.now().to_rfc3339();
    for contact in contacts {
        // Not whose record: e-mail is read on the way. Who is named as a contact knows whose they are, or will ask.
        let text = format!(
            "Hello {},\n\na person who named you as their emergency contact may need you: {who} opened their health \
             record in an emergency at {time} (UTC).\n\nHealthSync",
            contact.name
        );
        let subject = "HealthSync: somebody who named you may need you".to_owned();
        notify::post_to(tx, house, patient.get(), &Mail { to: contact.email, subject, text, until: None })?;
    }
    Ok(())
}

/// The second step: opens the whole record, for the rest of the two hours.
#[utoipa::path(post, path = "/api/break-glass/{id}/whole", tag = "consent",
    params(("id" = i64, Path, description = "The emergency")), responses(
    (status = 200, body = Opened),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "Not an emergency of mine"),
    (status = 409, description = "It has ended")))]
pub async fn whole(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Opened>, Problem> {
    ctx.confirmed()?;
    Ok(Json(step(&desk.house, ctx, &id, emergency::whole).await?))
}

/// Ends it before its time.
#[utoipa::path(post, path = "/api/break-glass/{id}/end", tag = "consent",
    params(("id" = i64, Path, description = "The emergency")), responses(
    (status = 204, description = "Ended, now or before"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a practitioner, or an app"),
    (status = 404, description = "Not an emergency of mine")))]
pub async fn end(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    step(&desk.house, ctx, &id, emergency::close).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub struct Emergencies {
    /// Those that wait for review first, then the newest.
    emergencies: Vec<Declared>,
}

/// The records that were opened in an emergency.
#[utoipa::path(get, path = "/api/admin/emergencies", tag = "admin", responses(
    (status = 200, body = Emergencies),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn list(State(desk): State<Arc<Desk>>, Extension(ctx): Extension<Ctx>) -> Result<Json<Emergencies>, Problem> {
    only_administrators(&ctx)?;
    let house = desk.house.clone();
    let found: Result<Disclosure<Vec<Declared>>, ConsentError> =
        desk.house.db.scan(move |tx| emergency::list(&ctx, &house, tx)).await;
    Ok(Json(Emergencies { emergencies: out(&desk.house, found?).await? }))
}

/// Says whether an emergency was justified; both sides are told.
#[utoipa::path(post, path = "/api/admin/emergencies/{id}/review", tag = "admin", request_body = ReviewForm,
    params(("id" = i64, Path, description = "The emergency")), responses(
    (status = 200, body = Declared),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such emergency"),
    (status = 409, description = "It was reviewed already"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn review(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    form: Result<JsonBody<ReviewForm>, Problem>,
) -> Result<Json<Declared>, Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let review = move |ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id| emergency::review(ctx, house, tx, id, &form);
    Ok(Json(step(&desk.house, ctx, &id, review).await?))
}
