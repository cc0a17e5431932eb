//! Whether a living person did what was asked, when it was asked.
//!
//! Prompts are drawn by chance. Each gesture must be absent at the moment of its prompt, and then be held inside its
//! window: a photo never changes, and a recording does not know what will be asked. A forgery that is made live does.

use crate::descriptor::{Descriptor, distance};
use crate::pose::Pose;
use crate::sight::{Face, Look};
use kernel::{Rng, rng::bytes};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gesture {
    /// Both eyes closed for a moment.
    Blink,
    Smile,
    OpenMouth,
    /// The head to the person's own left.
    TurnLeft,
    TurnRight,
    LookUp,
}

impl Gesture {
    pub const ALL: [Self; 6] =
        [Self::Blink, Self::Smile, Self::OpenMouth, Self::TurnLeft, Self::TurnRight, Self::LookUp];
}

/// Asks for a gesture between two moments, in milliseconds from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    pub gesture: Gesture,
    pub from: u32,
    pub until: u32,
}

/// How long people get for each prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pace {
    #[default]
    Usual,
    /// Twice as long: for screen readers, and for whoever needs it.
    Slow,
}

/// What is asked when, and when frames are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub prompts: Vec<Prompt>,
    pub frames: Vec<u32>,
}

const PROMPTS: usize = 3;

/// Frames before anything is asked.
const REST_FRAMES: usize = 4;

/// Frames from each prompt on: one at once, which must not show the gesture yet, and three after people had time.
const PROMPT_FRAMES: [u32; 4] = [0, 1200, 1700, 2200];
const WINDOW_MS: u32 = 2400;

/// Time to come back to rest before the next prompt, and as much again by chance.
const PAUSE_MS: u32 = 1000;
const JITTER_STEPS: u8 = 12;
const JITTER_MS: u32 = 50;

/// In how many frames of its window, one after the other, a gesture must be seen.
const HELD: usize = 2;

/// How different two frames of one person may be while they move; nearer than most other people ever come.
const SAME_FACE: f32 = 0.6;

impl Plan {
    pub fn draw(rng: &dyn Rng, pace: Pace) -> Self {
        let slow = |ms: u32| if pace == Pace::Slow { ms * 2 } else { ms };
        let mut left = Gesture::ALL.to_vec();
        let mut frames: Vec<u32> = (1..=REST_FRAMES as u32).map(|n| n * 300).collect();
        let mut prompts = Vec::with_capacity(PROMPTS);
        let mut from = 1500;
        for _ in 0..PROMPTS {
            let gesture = left.swap_remove(usize::from(below(rng, left.len() as u8)));
            let until = from + slow(WINDOW_MS);
            frames.extend(PROMPT_FRAMES.map(|after| from + slow(after)));
            prompts.push(Prompt { gesture, from, until });
            from = until + slow(PAUSE_MS) + JITTER_MS * u32::from(below(rng, JITTER_STEPS));
        }
        Self { prompts, frames }
    }

    /// The frames in which nothing is asked yet.
    pub fn rest(&self) -> impl Iterator<Item = usize> {
        let first = self.prompts.first().map_or(u32::MAX, |prompt| prompt.from);
        self.frames.iter().enumerate().filter(move |(_, at)| **at < first).map(|(n, _)| n)
    }

    pub fn length_ms(&self) -> u32 {
        self.prompts.last().map_or(0, |prompt| prompt.until)
    }
}

/// A number below `end`, each as likely.
fn below(rng: &dyn Rng, end: u8) -> u8 {
    let fair = u8::MAX - u8::MAX % end;
    loop {
        let [byte] = bytes::<1>(rng);
        if byte < fair {
            return byte % end;
        }
    }
}

/// Why a series of frames is not enough. For the person's own advice; who is not signed in learns only yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Nobody,
    Crowd,
    Dark,
    Bright,
    Far,
    /// The frames do not show one and the same person.
    Changed,
    /// The gesture was there before it was asked for.
    Early(Gesture),
    NotSeen(Gesture),
}

/// How much of the frame's height a face must have, and how light it must be.
const LEAST_SHARE: f32 = 0.25;
const DARK: f32 = 0.16;
const BRIGHT: f32 = 0.92;

/// The faces of a series whose frames were taken as planned, if a living person did what was asked.
pub fn judge<'l>(plan: &Plan, looks: &'l [Look]) -> Result<Vec<&'l Face>, Fault> {
    let faces: Vec<&Face> = looks.iter().map(usable).collect::<Result<_, _>>()?;
    if faces.len() != plan.frames.len() || faces.is_empty() {
        return Err(Fault::Nobody);
    }
    let descriptors: Vec<&Descriptor> = faces.iter().map(|face| &face.descriptor).collect();
    let still: Vec<usize> = plan.rest().collect();
    let middle = central(&descriptors, &still).ok_or(Fault::Nobody)?;
    if descriptors.iter().any(|one| distance(one, middle) > SAME_FACE) {
        return Err(Fault::Changed);
    }
    let poses: Vec<Pose> = faces.iter().map(|face| Pose::of(face)).collect();
    let rest = Pose::median(&still.iter().map(|n| poses[*n]).collect::<Vec<_>>());
    for prompt in &plan.prompts {
        let inside = |at: &u32| (prompt.from..=prompt.until).contains(at);
        let seen: Vec<Pose> =
            plan.frames.iter().zip(&poses).filter(|(at, _)| inside(at)).map(|(_, pose)| *pose).collect();
        held(prompt.gesture, &rest, &seen)?;
    }
    Ok(faces)
}

fn usable(look: &Look) -> Result<&Face, Fault> {
    match look {
        Look::Nobody => Err(Fault::Nobody),
        Look::Crowd => Err(Fault::Crowd),
        Look::One(face) if face.share < LEAST_SHARE => Err(Fault::Far),
        Look::One(face) if face.light < DARK => Err(Fault::Dark),
        Look::One(face) if face.light > BRIGHT => Err(Fault::Bright),
        Look::One(face) => Ok(face),
    }
}

/// The description that is nearest to the others of some frames.
fn central<'d>(all: &[&'d Descriptor], of: &[usize]) -> Option<&'d Descriptor> {
    let far = |n: usize| of.iter().map(|other| distance(all[n], all[*other])).sum::<f32>();
    of.iter().copied().min_by(|a, b| far(*a).total_cmp(&far(*b))).map(|n| all[n])
}

/// Whether the poses of one window, the first at the prompt itself, show its gesture being made and held.
fn held(gesture: Gesture, rest: &Pose, seen: &[Pose]) -> Result<(), Fault> {
    let Some((first, later)) = seen.split_first() else { return Err(Fault::NotSeen(gesture)) };
    if shows(gesture, rest, first) {
        return Err(Fault::Early(gesture));
    }
    let good: Vec<bool> =
        later.iter().map(|pose| shows(gesture, rest, pose) && !disturbed(gesture, rest, pose)).collect();
    if good.windows(HELD).any(|run| run.iter().all(|one| *one)) { Ok(()) } else { Err(Fault::NotSeen(gesture)) }
}

/// Whether a pose differs from the face at rest as the gesture makes it.
pub fn shows(gesture: Gesture, rest: &Pose, pose: &Pose) -> bool {
    match gesture {
        Gesture::Blink => pose.eyes < 0.6 * rest.eyes,
        Gesture::Smile => pose.smile > 1.09 * rest.smile,
        Gesture::OpenMouth => pose.mouth > rest.mouth + 0.2,
        Gesture::TurnLeft => pose.yaw > rest.yaw + 0.2,
        Gesture::TurnRight => pose.yaw < rest.yaw - 0.2,
        Gesture::LookUp => pose.pitch < rest.pitch - 0.1,
    }
}

/// Whether something else is done that nobody does by the way: so that one recording of all gestures at once, or in
/// quick turn, is not an answer to every prompt.
fn disturbed(gesture: Gesture, rest: &Pose, pose: &Pose) -> bool {
    let foreign = [Gesture::OpenMouth, Gesture::TurnLeft, Gesture::TurnRight, Gesture::LookUp];
    foreign.into_iter().any(|other| other != gesture && shows(other, rest, pose))
}
