//! Appointments between a patient and a practitioner: asked for, booked, listed.
//!
//! Always holds: an appointment is an Appointment of the patient's record, so consent, history, export and erasure are those
//! of every entry; a practitioner is booked for a time by one transaction at most, whatever road the appointments came on;
//! whoever may not see the visits of a record neither books in it nor hears that there is one. Deliberately absent: SQL
//! (`records` says whose time is taken), and opening hours, moving, waiting lists, reminders and calendars, which are not
//! there yet.

mod error;
pub mod model;
mod resource;
pub mod rules;
pub mod service;

pub use error::SchedulingError;
pub use model::{Appointment, Appointments, Booking, Kind, Status};
