pub mod desk;
mod life;
mod reading;
mod uploads;

pub use desk::added;
