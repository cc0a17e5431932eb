//! Tells people: an inbox of sealed notices, live events that say what changed, and letters by e-mail.
//!
//! Always holds: a notice exists exactly if the transaction that caused it committed; its text is sealed with the key
//! of the patient whose account it is, so that erasing the patient erases it; a live event carries words and ids,
//! never health data, and reaches only those it concerns; a letter leaves only after the commit of what caused it and
//! lies sealed until then; what becomes of a notice is decided in one place, by what its reader wishes, and nobody can
//! silence emergencies and the security of an account. Deliberately absent: deciding who is to be told (the rooms do).

pub mod api;
mod hours;
mod letters;
mod mail;
mod model;
pub mod readings;
mod rules;
mod smtp;
mod store;
mod stream;
#[cfg(test)]
mod tests;
mod wishes;

pub use api::{openapi, routes};
pub use letters::{AddressBook, Addressee, addressed_by};
pub use mail::{Mail, MailError, Mailer, Outbox, Sending, Sent, can_mail, jobs, mail_by, post, post_to};
pub use model::{Kind, Letter, Notice};
pub use smtp::{Smtp, SmtpSettings};
pub use store::{
    Item, forget, forget_patient, job_given_up, looked_after, send, sweep_read, to_administrators,
    to_administrators_but, to_members, to_patient, to_patient_but, to_practitioner,
};
pub use stream::{end_streams, stream};
pub use wishes::Way;
