//! What can be searched: R4's search parameters, and the terms a resource is found by.

use crate::{Kind, Node};
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    Token,
    Reference,
    Date,
    Quantity,
    String,
    Uri,
    Number,
    /// Several parameters that must hold of the same place; nothing is extracted for it.
    Composite,
    /// Computed by the server, such as `near`; nothing is extracted for it.
    Special,
}

#[derive(Debug)]
pub struct Param {
    /// `kind.code() * 256 + position in the committed table`. It is stored on disk and never renumbered.
    pub code: i64,
    pub name: &'static str,
    pub kind: ParamKind,
    /// What a reference parameter may point to; empty means anything.
    pub targets: Vec<Kind>,
}

/// One thing a resource is found by.
#[derive(Clone, Debug, PartialEq)]
pub struct Term<'n> {
    /// [`Param::code`].
    pub param: i64,
    pub value: Value<'n>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value<'n> {
    Token {
        system: Option<Cow<'n, str>>,
        code: Cow<'n, str>,
    },
    /// The reference as it is written: `Patient/1`, `urn:uuid:…`, an absolute or canonical URL.
    Reference(Cow<'n, str>),
    /// From `lo` up to, but without, `hi`, in milliseconds since 1970 UTC. `2020` is the whole year; a period without a
    /// start or end reaches to `i64::MIN` or `i64::MAX`.
    Date {
        lo: i64,
        hi: i64,
    },
    /// The unit is the coded one where there is one, else the printed one.
    Quantity {
        system: Option<Cow<'n, str>>,
        unit: Option<Cow<'n, str>>,
        value: f64,
    },
    Number(f64),
    /// One part of a name or address, or a string, as written.
    Text(Cow<'n, str>),
    Uri(Cow<'n, str>),
}

/// The search parameters of a type, in the order of their codes.
pub fn params(_kind: Kind) -> &'static [Param] {
    &[]
}

pub fn param(kind: Kind, name: &str) -> Option<&'static Param> {
    params(kind).iter().find(|param| param.name == name)
}

/// Appends the terms a resource is found by.
pub fn extract<'n>(_kind: Kind, _resource: &'n Node<'_>, _terms: &mut Vec<Term<'n>>) {}

/// The clinical date of a resource, from and up to but without, in milliseconds since 1970 UTC.
pub fn primary_date(_kind: Kind, _resource: &Node<'_>) -> Option<(i64, i64)> {
    None
}

/// The references that put a resource in a patient's compartment.
pub fn patient_refs<'n>(_kind: Kind, _resource: &'n Node<'_>) -> Vec<&'n str> {
    Vec::new()
}
