//! PDF: what is in it, whether it is harmless, its words and its pages as pictures.
//!
//! The check does not follow the file's own tables, which an attacker writes and every reader repairs in its own way:
//! whatever anywhere in the file looks like an object is looked at, also inside of object streams.

mod actions;
pub mod check;
pub mod filters;
pub mod layer;
pub mod objects;
pub mod render;
