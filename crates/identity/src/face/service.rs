//! Use cases of the face check. The first line of each authorises, or says why everybody may.

use super::memory::Memory;
use super::rules::{self, Frame};
use super::store::{self, Device, Enrolled, New};
use super::template::{Lock, SALT, Secret, TEMPLATES};
use super::{advice, refused, switched_off};
use crate::doors::{Key, same_place};
use crate::entrance::{Entrance, enter};
use crate::memory::Memory as Rooms;
use crate::model::{Method, SessionKind};
use crate::session::{SignedIn, hash};
use crate::{IdentityError, access, alarm, store as accounts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use face::{Descriptor, Fault, Glance, LENGTH, Pace, Picture, Plan, judge};
use kernel::{Ctx, Issue, Problem, Role, Timestamp, rng::bytes};
use ledger::{Action, Entry, House, append};
use std::net::IpAddr;
use std::sync::Arc;

/// Single frames one address may have looked at in a minute, while it is told where to hold its head.
const LOOKS_PER_MINUTE: u32 = 180;

/// What is asked of somebody, and the name under which the answer is taken, once.
pub struct Challenge {
    pub name: String,
    pub plan: Plan,
    pub expires: Timestamp,
}

/// The answer to a challenge.
pub struct Answer {
    pub challenge: String,
    /// The device's public key, a point on P-256.
    pub key: Vec<u8>,
    pub secret: Secret,
    pub signature: Vec<u8>,
    pub frames: Vec<Frame>,
}

/// Whether faces can be checked here: there are networks, and no administrator switched it off.
pub async fn available(house: &House) -> Result<bool, IdentityError> {
    // Everybody may know: the sign-in page shows it.
    Ok(house.memory::<Memory>().has_models() && house.db.read(store::enabled).await?)
}

async fn require(house: &House) -> Result<(), IdentityError> {
    if available(house).await? { Ok(()) } else { Err(switched_off()) }
}

/// Draws what is asked. Everybody may, whoever they say they are: it is the same for all.
pub async fn challenge(house: &House, peer: Option<IpAddr>, pace: Pace) -> Result<Challenge, IdentityError> {
    let now = house.clock.now();
    let most = house.memory::<Rooms>().settings().attempts_per_minute;
    house.memory::<Memory>().challenges.attempt(peer, now, most)?;
    require(house).await?;
    let (name, plan) = (URL_SAFE_NO_PAD.encode(bytes::<32>(&*house.rng)), Plan::draw(&*house.rng, pace));
    let (key, kept) = (hash(&name), plan.clone());
    house.db.write(move |tx| store::insert_challenge(tx, &key, &kept, now)).await?;
    Ok(Challenge { name, plan, expires: now.plus_ms(rules::CHALLENGE_MS) })
}

/// Looks at one frame, so that the page can say how to hold the head. Everybody may; nothing of it is compared or kept.
pub async fn look(house: &House, peer: Option<IpAddr>, jpeg: Vec<u8>) -> Result<Glance, IdentityError> {
    let memory = house.memory::<Memory>();
    memory.looks.attempt(peer, house.clock.now(), LOOKS_PER_MINUTE)?;
    require(house).await?;
    let glance = move |sight: &face::Sight| {
        let picture = Picture::from_jpeg(&jpeg).map_err(|_| no_picture("picture".to_owned()))?;
        Ok(sight.glance(&picture))
    };
    memory.look(glance).await
}

/// The challenge of an answer, if it still stands and what came with it is in order. Says nothing of any account.
async fn begun(house: &House, purpose: &str, username: &str, answer: &Answer) -> Result<Plan, IdentityError> {
    let (name, now) = (hash(&answer.challenge), house.clock.now());
    let taken = house.db.write(move |tx| store::take_challenge(tx, &name)).await?;
    let over = || Problem::new(401, "face-over", "This check is over. Start it again.");
    let (made, plan) = taken.filter(|(made, _)| now.0 - made.0 <= rules::CHALLENGE_MS).ok_or_else(over)?;
    let message = rules::message(purpose, username, &answer.challenge, &answer.frames);
    let good = rules::signed(&answer.key, &message, &answer.signature)
        && rules::as_planned(&plan, &answer.frames, now.0 - made.0);
    if good { Ok(plan) } else { Err(refused()) }
}

fn no_picture(place: String) -> IdentityError {
    IdentityError::invalid(vec![Issue::new("value", place, "A frame is a JPEG picture.")])
}

/// What a series of frames shows: the faces at rest, or what is wrong.
async fn seen(house: &House, plan: Plan, frames: Vec<Frame>) -> Result<Result<Vec<Descriptor>, Fault>, IdentityError> {
    let look = move |sight: &face::Sight| {
        // Frames are taken as pictures only: what a client says it sees in them counts for nothing.
        let files: Vec<&[u8]> = frames.iter().map(|frame| frame.jpeg.as_slice()).collect();
        let looks = sight.look_at_files(&files).map_err(|n| no_picture(format!("frames[{n}].picture")))?;
        let faces = judge(&plan, &looks);
        Ok(faces.map(|faces| plan.rest().filter_map(|n| faces.get(n)).map(|face| face.descriptor).collect()))
    };
    house.memory::<Memory>().look(look).await
}

/// Enrols this device and the caller's face. Somebody who is fully signed in, just now, and said yes to it.
pub async fn enrol(house: &House, ctx: &Ctx, name: &str, answer: Answer) -> Result<Device, IdentityError> {
    let account = access::signed_in(ctx)?;
    ctx.confirmed()?;
    require(house).await?;
    let plan = begun(house, "enrol", "", &answer).await?;
    let rest = seen(house, plan, answer.frames).await?.map_err(advice)?;
    let templates = rules::templates(&rest).map_err(advice)?;
    let salt = bytes::<SALT>(&*house.rng);
    let template = Lock::new(&house.vault, &answer.secret, &salt)?.close(&*house.rng, &templates)?;
    let (house, ctx, name) = (house.clone(), ctx.clone(), name.to_owned());
    let db = house.db.clone();
    db.write(move |tx| {
        let new = New { name: &name, key: &answer.key, salt, template: &template, now: house.clock.now() };
        keep(tx, &house, &ctx, account.get(), &new)
    })
    .await
}

/// Keeps an enrolment, if the account may have one more, and tells its owner.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    account: i64,
    new: &New<'_>,
) -> Result<Device, IdentityError> {
    let stored = accounts::find(tx, &house.vault, account)?.ok_or(IdentityError::NotSignedIn)?;
    if stored.profile.role == Role::Service {
        return Err(IdentityError::Forbidden("A service has tokens, no face."));
    }
    if store::devices(tx, &house.vault, &stored)?.len() >= rules::MOST_DEVICES {
        return Err(Problem::conflict("You enrolled ten devices already. Delete one of them first.").into());
    }
    let id = store::insert(tx, &house.vault, &*house.rng, &stored, new)?;
    trace(tx, ctx, &stored, "face check enrolled");
    let name = new.name;
    let body = format!(
        "Your face now opens your account on the device “{name}”. If that was not you, delete it and change how you sign in."
    );
    alarm::tell(tx, house, &stored, "Face check set up", &body)?;
    Ok(Device { id, name: name.to_owned(), created: new.now, used: None })
}

/// An entry in the owner's own log.
fn trace(tx: &mut Tx<'_>, ctx: &Ctx, of: &accounts::Stored, what: &str) {
    let entry = match &of.profile.patient {
        Some(patient) => Entry::new(ctx, patient.rid, Action::Update),
        None => Entry::system(ctx, Action::Update),
    };
    append(tx, entry.what(what, 1));
}

/// Signs in with a face on an enrolled device. Everybody may try, not everybody as often as they like; an account that
/// does not exist, a device that is not enrolled and a face that does not match cost the same work and hear the same.
pub async fn login(
    house: &House,
    ctx: &Ctx,
    peer: Option<IpAddr>,
    username: &str,
    answer: Answer,
    kind: SessionKind,
    user_agent: &str,
) -> Result<SignedIn, IdentityError> {
    let (rooms, now) = (house.memory::<Rooms>(), house.clock.now());
    let settings = rooms.settings();
    rooms.doors.attempt(peer, now, settings.attempts_per_minute)?;
    require(house).await?;
    let plan = begun(house, "login", username, &answer).await?;
    let found = lookup(house, username, &answer.key).await?;
    // Without an enrolled device there is nothing to guess: then only the place counts, and nobody is kept out.
    let place = Key::FacePlace(peer.map(same_place));
    let keys: Vec<Key> = found.iter().map(|(of, _)| Key::Face(of.id)).chain([place]).collect();
    rooms.doors.begin(&keys, now, &[settings.failures, settings.failures])?;
    let shown = seen(house, plan, answer.frames).await.inspect_err(|_| rooms.doors.undecided(&keys))?;
    let same = compare(house, found.as_ref().map(|(_, enrolled)| enrolled), answer.secret, shown.unwrap_or_default())?;
    match found {
        Some((of, enrolled)) if same && kind != SessionKind::Service => {
            let face = Some(enrolled.device.id);
            let entrance = Entrance { face, ..Entrance::new(kind, Method::Face, user_agent, peer) };
            let (inside, ctx) = (house.clone(), ctx.clone());
            let enter = move |tx: &mut Tx<'_>| {
                // The device may have been deleted while its frames were looked at.
                if !store::passed(tx, of.id, enrolled.device.id, now)? {
                    return Err(refused());
                }
                enter(tx, &inside, &ctx, of.id, &entrance)
            };
            let signed_in = house.db.write(enter).await?;
            rooms.doors.succeeded(&keys);
            Ok(signed_in)
        }
        Some((of, enrolled)) => {
            failed(house, of, enrolled).await?;
            Err(refused())
        }
        None => Err(refused()),
    }
}

/// The enrolment of this device with this account, unless too many of its checks failed.
async fn lookup(
    house: &House,
    username: &str,
    key: &[u8],
) -> Result<Option<(accounts::Stored, Enrolled)>, IdentityError> {
    let (vault, name, key) = (Arc::clone(&house.vault), username.to_owned(), key.to_vec());
    house
        .db
        .read(move |tx| {
            let Some(stored) = accounts::find_by_name(tx, &vault, &name)? else { return Ok(None) };
            let Some(enrolled) = store::find(tx, &vault, &stored, &key)? else { return Ok(None) };
            let usable = !stored.locked && store::failures(tx, stored.id)? < rules::MOST_FAILURES;
            Ok::<_, IdentityError>(usable.then_some((stored, enrolled)))
        })
        .await
}

/// Whether the frames show the enrolled face. Without an enrolment, or with another device's secret, the same is done
/// and the answer is no.
fn compare(
    house: &House,
    of: Option<&Enrolled>,
    secret: Secret,
    shown: Vec<Descriptor>,
) -> Result<bool, IdentityError> {
    let salt = of.map_or([0; SALT], |enrolled| enrolled.salt);
    let lock = Lock::new(&house.vault, &secret, &salt)?;
    let turned: Vec<Descriptor> = shown.iter().map(|one| lock.turn(one)).collect();
    let opened = of.and_then(|enrolled| lock.open(&enrolled.template));
    let nobody = [[f32::MAX; LENGTH]; TEMPLATES];
    let same = rules::matches(opened.as_ref().unwrap_or(&nobody), &turned);
    Ok(same && opened.is_some())
}

/// Counts a failure on the account's face check alone, and tells its owner when they are many.
async fn failed(house: &House, of: accounts::Stored, enrolled: Enrolled) -> Result<(), IdentityError> {
    let house = house.clone();
    let db = house.db.clone();
    db.write(move |tx| {
        let device = &enrolled.device.name;
        let (title, body) = match store::failed(tx, of.id)? {
            rules::TOLD_FAILURES => (
                "Failed face checks",
                format!("On the device “{device}” the face check failed {} times in a row. Nobody was let in.", rules::TOLD_FAILURES),
            ),
            rules::MOST_FAILURES => (
                "Face check switched off",
                format!("The face check failed {} times in a row, last on the device “{device}”, and was switched off for your account. Your other ways to sign in still work. Set it up anew to use it again.", rules::MOST_FAILURES),
            ),
            _ => return Ok(()),
        };
        alarm::tell(tx, &house, &of, title, &body)
    })
    .await
}

/// The caller's own devices.
pub async fn devices(house: &House, ctx: &Ctx) -> Result<Vec<Device>, IdentityError> {
    let account = access::signed_in(ctx)?;
    let vault = Arc::clone(&house.vault);
    house
        .db
        .read(move |tx| {
            let stored = accounts::find(tx, &vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            Ok(store::devices(tx, &vault, &stored)?)
        })
        .await
}

/// Deletes a device of the caller's and what is kept of the face for it. It works also while the check is off.
pub async fn delete(house: &House, ctx: &Ctx, face: i64) -> Result<(), IdentityError> {
    let account = access::signed_in(ctx)?;
    ctx.full()?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        if !store::delete(tx, account.get(), face)? {
            return Err(IdentityError::NotFound);
        }
        accounts::end_sessions_of_face(tx, account.get(), face)?;
        let stored = accounts::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        trace(tx, &ctx, &stored, "face check deleted");
        let body = "What was kept of your face for one device is deleted. That device can no longer sign in with it, and \
                    what it had opened that way is signed out.";
        alarm::tell(tx, &house, &stored, "Face check deleted", body)
    })
    .await
}

/// Switches the face check on or off for everybody. Administrators.
pub async fn switch(house: &House, ctx: &Ctx, on: bool) -> Result<(), IdentityError> {
    access::administrator(ctx)?;
    ctx.confirmed()?;
    let ctx = ctx.clone();
    house
        .db
        .write(move |tx| {
            if store::enabled(tx)? != on {
                store::set_enabled(tx, on)?;
                let what = if on { "face check switched on" } else { "face check switched off" };
                append(tx, Entry::system(&ctx, Action::Update).what(what, 1));
            }
            Ok(())
        })
        .await
}
