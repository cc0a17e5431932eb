//! Who looks after whom: consent decides and keeps it, identity knows whose a name is, records make a child's record.

use super::people::only_administrators;
use crate::desk::Desk;
use crate::people;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use consent::ConsentError;
use consent::family::{self, Answer, DelegateForm, Delegation, GuardianForm, LetterForm, LinkForm, Reason, Who};
use db::Tx;
use http::StatusCode;
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

#[derive(Serialize, ToSchema)]
pub struct Family {
    /// Whom the caller looks after or is asked to, and who looks after the caller and their children.
    delegations: Vec<Delegation>,
}

/// A parent adds a child.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChildForm {
    pub given: String,
    pub family: String,
    #[schema(format = Date)]
    pub birth_date: String,
    /// `female`, `male`, `other` or `unknown`.
    pub gender: String,
}

fn number(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Whose account a name is, if it is a patient's.
fn who(tx: &mut Tx<'_>, house: &House, typed: &str) -> Result<Who, Problem> {
    let found = identity::patient_named(tx, house, typed)?;
    let (account, name) = found.map_or((None, None), |(account, name)| (Some(account.get()), Some(name)));
    Ok(Who { typed: typed.trim().to_owned(), account, name, pages: identity::pages(house) })
}

/// Everybody whom I look after or who looks after me.
#[utoipa::path(get, path = "/api/family", tag = "family", responses(
    (status = 200, body = Family),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient")))]
pub async fn list(State(desk): State<Arc<Desk>>, Extension(ctx): Extension<Ctx>) -> Result<Json<Family>, Problem> {
    let house = desk.house.clone();
    let found: Result<_, ConsentError> = desk.house.db.scan(move |tx| family::list(&ctx, &house, tx)).await;
    Ok(Json(Family { delegations: found? }))
}

/// Adds a child: a new record, and the caller as its guardian.
#[utoipa::path(post, path = "/api/family/children", tag = "family", request_body = ChildForm, responses(
    (status = 201, body = Delegation),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient"),
    (status = 409, description = "Too many children"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn add_child(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<ChildForm>,
) -> Result<(StatusCode, Json<Delegation>), Problem> {
    family::may_add(&ctx)?;
    let ChildForm { given, family: name, birth_date, gender } = form;
    let issues = family::check_child(&given, &name, &birth_date, &gender, ctx.now());
    if !issues.is_empty() {
        return Err(Problem::unprocessable(issues));
    }
    let house = desk.house.clone();
    let made = desk.house.db.write(move |tx| {
        let newcomer = identity::Newcomer { email: String::new(), given, family: name, birth_date, gender };
        let link = people::register_patient(tx, &house, &ctx, &newcomer)?;
        Ok::<_, Problem>(family::begin(&ctx, &house, tx, link.rid, &newcomer.birth_date)?)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Asks somebody to be a guardian of a child whom I look after too.
#[utoipa::path(post, path = "/api/family/guardians", tag = "family", request_body = GuardianForm, responses(
    (status = 202, body = Answer),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a guardian"),
    (status = 404, description = "Not a child whom I look after"),
    (status = 409, description = "This person looks after the record already"),
    (status = 422, description = "A rule is broken; the issues say which"),
    (status = 429, description = "Asked very often")))]
pub async fn invite(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<GuardianForm>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    family::may_add(&ctx)?;
    ctx.confirmed()?;
    let house = desk.house.clone();
    let asked = desk.house.db.write(move |tx| {
        let who = who(tx, &house, &form.person)?;
        Ok::<_, Problem>(family::invite(&ctx, &house, tx, &form.patient, &who)?)
    });
    asked.await?;
    Ok((StatusCode::ACCEPTED, Json(Answer { status: "sent" })))
}

/// Asks somebody to look after my record, as far as I say.
#[utoipa::path(post, path = "/api/family/delegations", tag = "family", request_body = DelegateForm, responses(
    (status = 202, body = Answer),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a patient of age, or somebody else's record is open (`X-Record`)"),
    (status = 409, description = "This person looks after the record already"),
    (status = 422, description = "A rule is broken; the issues say which"),
    (status = 429, description = "Asked very often")))]
pub async fn delegate(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<DelegateForm>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    family::may_delegate(&ctx)?;
    ctx.confirmed()?;
    let house = desk.house.clone();
    let asked = desk.house.db.write(move |tx| {
        let who = who(tx, &house, &form.person)?;
        Ok::<_, Problem>(family::delegate(&ctx, &house, tx, &form, &who)?)
    });
    asked.await?;
    Ok((StatusCode::ACCEPTED, Json(Answer { status: "sent" })))
}

/// Asks again what I asked and nobody answered; where it went by letter, with a new link.
#[utoipa::path(post, path = "/api/family/{id}/again", tag = "family",
    params(("id" = i64, Path, description = "The delegation")), responses(
    (status = 202, body = Answer),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a patient"),
    (status = 404, description = "I did not ask this"),
    (status = 409, description = "It is answered or over, or was asked three times")))]
pub async fn again(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    ctx.confirmed()?;
    let (house, id) = (desk.house.clone(), number(&id)?);
    let pages = identity::pages(&house);
    let asked: Result<(), ConsentError> =
        desk.house.db.write(move |tx| family::again(&ctx, &house, tx, id, pages.as_deref())).await;
    asked?;
    Ok((StatusCode::ACCEPTED, Json(Answer { status: "sent" })))
}

/// Takes up the question of a letter that I was sent: from then on it waits for my answer.
#[utoipa::path(post, path = "/api/family/letter", tag = "family", request_body = LetterForm, responses(
    (status = 200, body = Delegation),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient, or not of age"),
    (status = 404, description = "The link was used or taken back, or is too old"),
    (status = 409, description = "It is my own question, or I look after the record already")))]
pub async fn letter(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<LetterForm>,
) -> Result<Json<Delegation>, Problem> {
    ctx.full()?;
    let house = desk.house.clone();
    let found: Result<_, ConsentError> = desk.house.db.write(move |tx| family::take_up(&ctx, &house, tx, &form)).await;
    Ok(Json(found?))
}

/// Says yes to what I was asked: the record is open to me from then on.
#[utoipa::path(post, path = "/api/family/{id}/accept", tag = "family",
    params(("id" = i64, Path, description = "The delegation")), responses(
    (status = 200, body = Delegation),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient, or not of age"),
    (status = 404, description = "I was not asked this"),
    (status = 409, description = "It is answered or over")))]
pub async fn accept(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Delegation>, Problem> {
    ctx.full()?;
    let (house, id) = (desk.house.clone(), number(&id)?);
    let done: Result<_, ConsentError> = desk.house.db.write(move |tx| family::accept(&ctx, &house, tx, id)).await;
    Ok(Json(done?))
}

/// Says no to what I was asked.
#[utoipa::path(post, path = "/api/family/{id}/decline", tag = "family",
    params(("id" = i64, Path, description = "The delegation")), responses(
    (status = 204),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient"),
    (status = 404, description = "I was not asked this"),
    (status = 409, description = "It is answered or over")))]
pub async fn decline(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    let (house, id) = (desk.house.clone(), number(&id)?);
    let done: Result<_, ConsentError> = desk.house.db.write(move |tx| family::decline(&ctx, &house, tx, id)).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends it at once: for whoever looks after the record, or whose record it is.
#[utoipa::path(post, path = "/api/family/{id}/end", tag = "family",
    params(("id" = i64, Path, description = "The delegation")), responses(
    (status = 204, description = "Ended, now or before"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not for administrators"),
    (status = 404, description = "It does not concern me"),
    (status = 409, description = "The only guardian of a child cannot leave")))]
pub async fn end(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    let (house, id) = (desk.house.clone(), number(&id)?);
    let done: Result<_, ConsentError> = desk.house.db.write(move |tx| family::end(&ctx, &house, tx, id, None)).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which child.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfChild {
    /// The id of the child's Patient.
    patient: String,
}

/// Everybody who is, was or was asked to be a guardian of one child. The child's log says that an administrator asked.
#[utoipa::path(get, path = "/api/admin/guardians", tag = "admin", params(OfChild), responses(
    (status = 200, body = Family),
    (status = 400, description = "No child is named"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No patient with this id")))]
pub async fn guardians(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    asked: Result<Params<OfChild>, Problem>,
) -> Result<Json<Family>, Problem> {
    only_administrators(&ctx)?;
    let Params(asked) = asked?;
    let house = desk.house.clone();
    let found: Result<_, ConsentError> =
        desk.house.db.write(move |tx| family::of_child(&ctx, &house, tx, &asked.patient)).await;
    Ok(Json(Family { delegations: found? }))
}

/// Makes somebody the guardian of a child whose record is there already. Everybody concerned is told, with the reason.
#[utoipa::path(post, path = "/api/admin/guardians", tag = "admin", request_body = LinkForm, responses(
    (status = 201, body = Delegation),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 409, description = "This person looks after the record already"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn link(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<LinkForm>, Problem>,
) -> Result<(StatusCode, Json<Delegation>), Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let house = desk.house.clone();
    let made = desk.house.db.write(move |tx| {
        let who = who(tx, &house, &form.person)?;
        Ok::<_, Problem>(family::link(&ctx, &house, tx, &form, &who)?)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Ends a guardianship, for a reason that everybody concerned is told.
#[utoipa::path(post, path = "/api/admin/guardians/{id}/end", tag = "admin", request_body = Reason,
    params(("id" = i64, Path, description = "The guardianship")), responses(
    (status = 204, description = "Ended, now or before"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such guardianship"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn unlink(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    form: Result<JsonBody<Reason>, Problem>,
) -> Result<StatusCode, Problem> {
    only_administrators(&ctx)?;
    ctx.confirmed()?;
    let JsonBody(form) = form?;
    let (house, id) = (desk.house.clone(), number(&id)?);
    let done: Result<_, ConsentError> =
        desk.house.db.write(move |tx| family::end(&ctx, &house, tx, id, Some(&form))).await;
    done?;
    Ok(StatusCode::NO_CONTENT)
}
