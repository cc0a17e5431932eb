//! `/api/auth/face`: enrolment and sign-in by the camera; `/api/admin/face`: its switch.

use super::{auth, number, user_agent};
use crate::face::{self, Answer, Challenge, Device, Frame, LARGEST_FRAME, Secret};
use crate::memory::Peer;
use crate::model::SessionKind;
use crate::{IdentityError, access, rules};
use ::face::{Gesture, Glance, Pace, Picture};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode};
use kernel::http::JsonBody;
use kernel::{Ctx, Issue, Problem, Timestamp};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Frames of one answer; a plan has sixteen.
const MOST_FRAMES: usize = 25;

/// The longest name of a device.
const LONGEST_NAME: usize = 60;

#[derive(Serialize, ToSchema)]
#[schema(as = FaceCheck)]
pub struct Check {
    /// Whether this server checks faces now.
    available: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FaceSwitch)]
pub struct Switch {
    available: bool,
    /// Whether there are models of faces at all; without them it cannot be switched on.
    models: bool,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FaceSwitchForm)]
#[serde(deny_unknown_fields)]
pub struct SwitchForm {
    enabled: bool,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FaceChallengeForm)]
#[serde(deny_unknown_fields)]
pub struct ChallengeForm {
    /// `usual`, or `slow` for twice the time.
    #[serde(default)]
    #[schema(value_type = String)]
    pace: Pace,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FaceChallenge)]
pub struct ChallengeAnswer {
    /// Goes back with the answer, and is taken once.
    challenge: String,
    #[schema(format = DateTime)]
    expires: String,
    prompts: Vec<PromptShown>,
    /// When to take each frame, in milliseconds from the start.
    frames: Vec<u32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FacePrompt)]
pub struct PromptShown {
    /// `blink`, `smile`, `open-mouth`, `turn-left`, `turn-right` or `look-up`; left and right are the person's own.
    #[schema(value_type = String)]
    gesture: Gesture,
    from: u32,
    until: u32,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FaceLookForm)]
#[serde(deny_unknown_fields)]
pub struct LookForm {
    /// A JPEG picture in base64url.
    picture: String,
}

/// What a frame shows, so that the page can say how to hold the head.
#[derive(Serialize, ToSchema)]
#[schema(as = FaceLook)]
pub struct LookAnswer {
    /// How many faces: 0, 1, or 2 for several.
    faces: u8,
    /// The middle of the face and its size as shares of the picture, and how light it is from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    face: Option<Place>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FacePlace)]
pub struct Place {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    light: f32,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FaceFrame)]
#[serde(deny_unknown_fields)]
pub struct FrameForm {
    /// When it was taken, in milliseconds from the start.
    at: u32,
    /// A JPEG picture in base64url, at most 150 kB. Anything but a picture is refused.
    picture: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FaceLoginForm)]
#[serde(deny_unknown_fields)]
pub struct LoginForm {
    username: String,
    challenge: String,
    /// The device's public key: an uncompressed point on P-256 in base64url.
    key: String,
    /// 32 bytes in base64url that only this device knows.
    secret: String,
    /// ECDSA with SHA-256 over the lines `healthsync face check`, `login`, the user name, the challenge, and for each
    /// frame its moment and the SHA-256 of the picture in hexadecimal.
    signature: String,
    frames: Vec<FrameForm>,
    #[serde(default)]
    session: SessionKind,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = FaceEnrolForm)]
#[serde(deny_unknown_fields)]
pub struct EnrolForm {
    /// What the device is called in the list.
    name: String,
    /// That the person was told what is kept, and agreed. Nothing happens without it.
    consent: bool,
    challenge: String,
    key: String,
    secret: String,
    /// As for signing in, with the word `enrol` and an empty user name.
    signature: String,
    frames: Vec<FrameForm>,
}

/// A device on which my face signs me in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FaceDevice)]
pub struct DeviceShown {
    id: i64,
    name: String,
    #[schema(format = DateTime)]
    created: String,
    #[schema(required = true, format = DateTime)]
    last_used: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FaceDevices)]
pub struct Devices {
    devices: Vec<DeviceShown>,
}

impl From<Device> for DeviceShown {
    fn from(device: Device) -> Self {
        Self {
            id: device.id,
            name: device.name,
            created: device.created.to_rfc3339(),
            last_used: device.used.map(Timestamp::to_rfc3339),
        }
    }
}

fn wrong(place: impl Into<String>, text: &str) -> IdentityError {
    IdentityError::invalid(vec![Issue::new("value", place, text)])
}

fn decoded(text: &str, place: &str) -> Result<Vec<u8>, IdentityError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong(place, "This is base64url, without padding."))
}

fn secret(text: &str) -> Result<Secret, IdentityError> {
    let bytes = decoded(text, "secret")?;
    Ok(Secret(bytes.try_into().map_err(|_| wrong("secret", "The device's secret has 32 bytes."))?))
}

fn picture(text: &str, place: &str) -> Result<Vec<u8>, IdentityError> {
    let bytes = decoded(text, place)?;
    let fits = bytes.len() <= LARGEST_FRAME && bytes.starts_with(&Picture::JPEG_BEGINS);
    if fits { Ok(bytes) } else { Err(wrong(place, "A frame is a JPEG picture of at most 150 kB.")) }
}

fn frames(forms: &[FrameForm]) -> Result<Vec<Frame>, IdentityError> {
    if forms.len() > MOST_FRAMES {
        return Err(wrong("frames", "An answer has at most 25 frames."));
    }
    let one = |(n, form): (usize, &FrameForm)| {
        Ok(Frame { at: form.at, jpeg: picture(&form.picture, &format!("frames[{n}].picture"))? })
    };
    forms.iter().enumerate().map(one).collect()
}

/// Whether the camera can be used to sign in.
#[utoipa::path(get, path = "/api/auth/face", tag = "auth", security(()), responses((status = 200, body = Check)))]
pub async fn check(State(house): State<House>) -> Result<Json<Check>, Problem> {
    Ok(Json(Check { available: face::available(&house).await? }))
}

/// Asks for gestures, drawn by chance: the same for everybody, whoever they are.
#[utoipa::path(post, path = "/api/auth/face/challenge", tag = "auth", request_body = ChallengeForm, security(()), responses(
    (status = 201, body = ChallengeAnswer),
    (status = 409, description = "There is no face check on this server"),
    (status = 429, description = "Too many; Retry-After says how long to wait")))]
pub async fn challenge(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    JsonBody(form): JsonBody<ChallengeForm>,
) -> Result<(StatusCode, Json<ChallengeAnswer>), Problem> {
    let Challenge { name, plan, expires } = face::challenge(&house, peer.map(|p| p.0.0), form.pace).await?;
    let prompts =
        plan.prompts.iter().map(|p| PromptShown { gesture: p.gesture, from: p.from, until: p.until }).collect();
    let answer = ChallengeAnswer { challenge: name, expires: expires.to_rfc3339(), prompts, frames: plan.frames };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Says where the face is in one frame. Nothing is compared or kept.
#[utoipa::path(post, path = "/api/auth/face/look", tag = "auth", request_body = LookForm, security(()), responses(
    (status = 200, body = LookAnswer),
    (status = 409, description = "There is no face check on this server"),
    (status = 422, description = "Not a JPEG picture"),
    (status = 429, description = "Too many; Retry-After says how long to wait")))]
pub async fn look(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    JsonBody(form): JsonBody<LookForm>,
) -> Result<Json<LookAnswer>, Problem> {
    let glance = face::look(&house, peer.map(|p| p.0.0), picture(&form.picture, "picture")?).await?;
    Ok(Json(match glance {
        Glance::Nobody => LookAnswer { faces: 0, face: None },
        Glance::Crowd => LookAnswer { faces: 2, face: None },
        Glance::One { at: [x, y, width, height], light, .. } => {
            LookAnswer { faces: 1, face: Some(Place { x, y, width, height, light }) }
        }
    }))
}

/// Signs in with the face, on a device that was enrolled.
#[utoipa::path(post, path = "/api/auth/face/login", tag = "auth", request_body = LoginForm, security(()), responses(
    (status = 200, body = auth::LoginAnswer),
    (status = 401, description = "Not let in, in the same words for every reason, or the challenge is over"),
    (status = 409, description = "There is no face check on this server"),
    (status = 422, description = "Not what this address takes"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn login(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<LoginForm>,
) -> Result<Response, Problem> {
    let answer = Answer {
        challenge: form.challenge,
        key: decoded(&form.key, "key")?,
        secret: secret(&form.secret)?,
        signature: decoded(&form.signature, "signature")?,
        frames: frames(&form.frames)?,
    };
    let peer = peer.map(|p| p.0.0);
    let signed_in = face::login(&house, &ctx, peer, &form.username, answer, form.session, user_agent(&headers)).await?;
    auth::login_answer(&house, &headers, StatusCode::OK, signed_in).await
}

/// My devices on which my face signs me in.
#[utoipa::path(get, path = "/api/auth/face/devices", tag = "auth", responses(
    (status = 200, body = Devices), (status = 401, description = "Not signed in")))]
pub async fn devices(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Devices>, Problem> {
    let devices = face::devices(&house, &ctx).await?;
    Ok(Json(Devices { devices: devices.into_iter().map(DeviceShown::from).collect() }))
}

/// Enrols this device and my face on it.
#[utoipa::path(post, path = "/api/auth/face/devices", tag = "auth", request_body = EnrolForm, responses(
    (status = 201, body = DeviceShown),
    (status = 401, description = "Not signed in, not just now, or the challenge is over"),
    (status = 409, description = "No face check on this server, or ten devices already"),
    (status = 422, description = "No consent, or the frames are not good enough: the text says what to do better")))]
pub async fn enrol(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<EnrolForm>,
) -> Result<(StatusCode, Json<DeviceShown>), Problem> {
    access::signed_in(&ctx)?;
    let name = form.name.trim();
    if !rules::fits(name, LONGEST_NAME) {
        return Err(wrong("name", "A device's name has 1 to 60 characters that can be seen.").into());
    }
    if !form.consent {
        return Err(wrong("consent", "Nothing is kept of your face unless you agree.").into());
    }
    let answer = Answer {
        challenge: form.challenge,
        key: decoded(&form.key, "key")?,
        secret: secret(&form.secret)?,
        signature: decoded(&form.signature, "signature")?,
        frames: frames(&form.frames)?,
    };
    let device = face::enrol(&house, &ctx, name, answer).await?;
    Ok((StatusCode::CREATED, Json(device.into())))
}

/// Deletes one of my devices and what is kept of my face for it.
#[utoipa::path(post, path = "/api/auth/face/devices/{id}/delete", tag = "auth",
    params(("id" = i64, Path, description = "The device")), responses(
    (status = 204), (status = 401, description = "Not signed in"), (status = 404, description = "Not mine")))]
pub async fn delete(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    access::signed_in(&ctx)?;
    face::delete(&house, &ctx, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the face check is on.
#[utoipa::path(get, path = "/api/admin/face", tag = "admin", responses(
    (status = 200, body = Switch),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn state(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Switch>, Problem> {
    access::administrator(&ctx)?;
    Ok(Json(Switch { available: face::available(&house).await?, models: face::has_models(&house) }))
}

/// Switches the face check on or off for everybody. What is enrolled stays, and cannot be used while it is off.
#[utoipa::path(post, path = "/api/admin/face", tag = "admin", request_body = SwitchForm, responses(
    (status = 200, body = Switch),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn switch(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<SwitchForm>, Problem>,
) -> Result<Json<Switch>, Problem> {
    access::administrator(&ctx)?;
    face::switch(&house, &ctx, form?.0.enabled).await?;
    Ok(Json(Switch { available: face::available(&house).await?, models: face::has_models(&house) }))
}
