//! FHIR R4 as data and grammar: a resource is a JSON tree held once, and what R4 says of it is a table.
//!
//! Always holds: nothing read from outside panics or overflows the stack; numbers keep the digits they were written
//! with; a finding names the element as FHIRPath and never repeats a health value.
//! Deliberately absent: any I/O, generated structs per resource type, profiles and invariants, terminology beyond the
//! required codes of R4 itself.

pub mod bundle;
pub mod date;
pub mod json;
pub mod kind;
pub mod outcome;
pub mod reference;
pub mod search;
pub mod shown;
mod spec;
pub mod ucum;
pub mod validate;

pub use bundle::Bundle;
pub use json::Node;
pub use kind::Kind;
pub use validate::validate;
