//! The face check: a camera at a device that has no passkey.
//!
//! Always holds: it needs three things at once, a key that does not leave the device, a face that matches, and
//! gestures that were drawn by chance; the server looks at pictures itself and takes nobody's word for what they show;
//! pictures stay in memory and are gone with the answer; what is kept of a face opens only with a secret of the device;
//! who is not signed in hears yes or no. Deliberately absent: any claim to recognise a live forgery, and the face
//! as the only way in.

mod memory;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod store;
pub(crate) mod template;

pub use memory::Models;
pub use rules::{Frame, LARGEST_FRAME};
pub use service::{Answer, Challenge, available, challenge, delete, devices, enrol, login, look, switch};
pub use store::Device;
pub use template::Secret;

use crate::IdentityError;
use face::{Fault, Gesture};
use kernel::{Issue, Problem};
use ledger::House;

/// Says where the networks are; without it there is no face check.
pub fn install(house: &House, models: Models) {
    house.memory::<memory::Memory>().set(models);
}

pub(crate) fn has_models(house: &House) -> bool {
    house.memory::<memory::Memory>().has_models()
}

/// Deletes what was asked of people who never answered.
pub(crate) async fn sweep(house: &House) -> Result<u64, db::DbError> {
    let before = house.clock.now().plus_ms(-rules::CHALLENGE_MS);
    house.db.write(move |tx| store::sweep(tx, before)).await
}

/// What an account leaves behind when it goes.
pub(crate) const TABLES: [&str; 2] = ["face", "face_failure"];

/// The one answer to whoever is not let in.
fn refused() -> IdentityError {
    Problem::new(401, "login-failed", "The face check did not let you in. Try again, or sign in another way.").into()
}

fn switched_off() -> IdentityError {
    Problem::new(409, "face-off", "There is no face check on this server. Sign in another way.").into()
}

/// What to do better, for somebody who is signed in and enrols.
fn advice(fault: Fault) -> IdentityError {
    let (code, text) = match fault {
        Fault::Nobody => ("nobody", "Your face was not in every picture. Stay inside the oval and try again."),
        Fault::Crowd => ("crowd", "There was more than one face. Make sure that only you are in the picture."),
        Fault::Dark => ("dark", "It is too dark. Turn towards a window or a lamp."),
        Fault::Bright => ("bright", "It is too bright. Turn away from the light."),
        Fault::Far => ("far", "You were too far away. Come closer, until your face fills the oval."),
        Fault::Changed => ("changed", "The pictures differ too much. Keep the light and your distance the same."),
        Fault::Early(_) => ("early", "You moved before you were asked to. Wait for each prompt, then hold it."),
        Fault::NotSeen(Gesture::Blink) => {
            ("blink", "Your closed eyes were not seen. Keep them closed for two seconds.")
        }
        Fault::NotSeen(Gesture::Smile) => ("smile", "Your smile was not seen. Smile broadly and hold it."),
        Fault::NotSeen(Gesture::OpenMouth) => ("open-mouth", "Your open mouth was not seen. Open it wide and hold it."),
        Fault::NotSeen(Gesture::TurnLeft) => {
            ("turn-left", "The turn to your left was not seen. Turn further and hold it.")
        }
        Fault::NotSeen(Gesture::TurnRight) => {
            ("turn-right", "The turn to your right was not seen. Turn further and hold it.")
        }
        Fault::NotSeen(Gesture::LookUp) => ("look-up", "Looking up was not seen. Lift your chin and hold it."),
    };
    Problem::new(422, "face-unclear", text).with_issues(vec![Issue::new(code, "frames", text)]).into()
}
