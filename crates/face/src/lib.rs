//! Sees faces: finds one in a picture, marks 68 points of it, describes it by 128 numbers, and says from a series of
//! frames whether a living person did what was asked.
//!
//! Always holds: nothing here keeps a picture or a description; the same picture gives the same numbers; the numbers
//! are those of the networks' own library within 1e-5 (`tests/javascript.rs`). Deliberately absent: any I/O (the
//! weights are handed in), accounts, thresholds of who may sign in (`identity`), and any claim to tell a living person
//! from a well-made live forgery.

mod descriptor;
mod detector;
mod error;
#[cfg(feature = "film")]
pub mod film;
mod landmarks;
mod layers;
mod liveness;
mod picture;
mod pose;
mod rotation;
mod sight;
mod weights;

pub use descriptor::{Descriptor, LENGTH, distance};
pub use detector::Found;
pub use error::FaceError;
pub use landmarks::{Landmarks, Point};
pub use liveness::{Fault, Gesture, Pace, Plan, Prompt, judge, shows};
pub use picture::{Cut, LARGEST_SIDE, Picture};
pub use pose::Pose;
pub use rotation::{CHANCE_BYTES, Rotation};
pub use sight::{Face, Glance, Look, Sight};
pub use weights::MODELS;
