//! The app that acts for somebody, and how far it may: each rule is one scope, in the numbers that rows are compared with.

use crate::id::{Id, Patient};
use std::sync::Arc;

/// What a scope allows: the letters of SMART's `cruds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    /// Also versions and the history of one resource.
    Read,
    Update,
    Delete,
    Search,
}

impl Operation {
    pub const fn bit(self) -> u8 {
        match self {
            Self::Create => 1,
            Self::Read => 2,
            Self::Update => 4,
            Self::Delete => 8,
            Self::Search => 16,
        }
    }
}

/// One scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Only the patient the app was opened for (`patient/…`).
    pub one_patient: bool,
    /// The number of the FHIR type; every type when there is none.
    pub kind: Option<i64>,
    /// Bits of [`Operation`].
    pub operations: u8,
    /// (search parameter, keyed hash of its value): all of them must be on a row.
    pub terms: Vec<(i64, i64)>,
}

/// An app, as whoever let it in allowed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// The number of its registration.
    pub client: i64,
    /// What it is called, for the ledger.
    pub name: Arc<str>,
    /// The permission under which it acts.
    pub permission: i64,
    /// How often that was narrowed when it was asked what the app may do.
    pub version: i64,
    /// The patient it was opened for.
    pub patient: Option<Id<Patient>>,
    pub rules: Vec<Rule>,
}

impl Rule {
    pub const fn allows(&self, operation: Operation) -> bool {
        self.operations & operation.bit() != 0
    }

    pub fn speaks_of(&self, kind: i64) -> bool {
        self.kind.is_none_or(|own| own == kind)
    }
}

impl App {
    /// Whether anything of this type can be done this way at all; which rows is for the query to say.
    pub fn may(&self, operation: Operation, kind: i64) -> bool {
        self.rules.iter().any(|rule| rule.allows(operation) && rule.speaks_of(kind))
    }
}
