//! Who is asking.

use crate::id::{Account, Id, Organization, Patient, Practitioner};
use serde::{Deserialize, Serialize};

/// The role of an account decides its home page and which ground of access it can have at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Patient,
    Practitioner,
    Administrator,
    /// A clinic's own software.
    Service,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Patient, Self::Practitioner, Self::Administrator, Self::Service];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practitioner => "practitioner",
            Self::Administrator => "administrator",
            Self::Service => "service",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// The caller, as identity established it. What an actor may see is for `consent` alone to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Not signed in.
    Nobody,
    /// The operator at the machine's own command line: imports, checks, account creation.
    Operator,
    Patient {
        account: Id<Account>,
        patient: Id<Patient>,
    },
    Practitioner {
        account: Id<Account>,
        practitioner: Id<Practitioner>,
        /// Where they work.
        organizations: Vec<Id<Organization>>,
    },
    /// Says they are a practitioner, and has not been found to be one: the account reads nothing but itself.
    Applicant {
        account: Id<Account>,
    },
    Administrator {
        account: Id<Account>,
    },
    Service {
        account: Id<Account>,
        organization: Id<Organization>,
    },
}

impl Actor {
    pub const fn account(&self) -> Option<Id<Account>> {
        match self {
            Self::Nobody | Self::Operator => None,
            Self::Patient { account, .. }
            | Self::Practitioner { account, .. }
            | Self::Applicant { account }
            | Self::Administrator { account }
            | Self::Service { account, .. } => Some(*account),
        }
    }

    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::Nobody | Self::Operator => None,
            Self::Patient { .. } => Some(Role::Patient),
            Self::Practitioner { .. } | Self::Applicant { .. } => Some(Role::Practitioner),
            Self::Administrator { .. } => Some(Role::Administrator),
            Self::Service { .. } => Some(Role::Service),
        }
    }
}
