mod crash;
pub mod desk;
mod guardians;
mod life;
mod objects;
mod reading;
mod sealed;
mod sealing;
mod uploads;

pub use desk::added;
pub use sealing::{keep, make_vault, seal};
