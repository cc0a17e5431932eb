//! Who writes, and what they may make and change. Only an [`Access`](crate::Access) gives one.

use crate::access::is_directory;
use fhir::Kind;
use kernel::Problem;

/// Who writes, and on whose behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    Operator,
    Patient {
        account: i64,
        patient: i64,
    },
    Service {
        account: i64,
        organization: i64,
    },
    /// Only directory entries.
    Administrator {
        account: i64,
    },
}

impl Writer {
    /// The organization that what is written belongs to; 0 for none.
    pub const fn organization(self) -> i64 {
        match self {
            Self::Service { organization, .. } => organization,
            _ => 0,
        }
    }

    pub const fn account(self) -> i64 {
        match self {
            Self::Operator => 0,
            Self::Patient { account, .. } | Self::Service { account, .. } | Self::Administrator { account } => account,
        }
    }

    /// Whether this writer may make a resource of this kind in this record (0 = nobody's).
    pub fn may_create(self, kind: Kind, patient: i64) -> Result<(), Problem> {
        match self {
            Self::Operator | Self::Service { .. } => Ok(()),
            Self::Patient { patient: own, .. } if patient == own && PATIENT_KINDS.contains(&kind.name()) => Ok(()),
            Self::Patient { .. } => Err(Problem::forbidden(
                "You can add your own readings and documents. Everything else is entered by your clinic.",
            )),
            Self::Administrator { .. } if is_directory(kind) => Ok(()),
            Self::Administrator { .. } => Err(Problem::forbidden("An administrator keeps the directory, not records.")),
        }
    }

    /// Whether this writer may change a row, given who contributed it. `None` is allowed; what they see but may not
    /// change is an error.
    pub fn may_change(self, kind: Kind, rid: i64, organization: i64, author: i64) -> Result<(), Problem> {
        match self {
            Self::Operator => Ok(()),
            Self::Service { organization: own, .. } if own == organization => Ok(()),
            Self::Patient { patient, .. } if kind.name() == "Patient" && rid == patient => Ok(()),
            Self::Patient { account, .. } if author == account && PATIENT_KINDS.contains(&kind.name()) => Ok(()),
            Self::Administrator { .. } if is_directory(kind) => Ok(()),
            _ => Err(Problem::forbidden("This entry belongs to whoever made it: only they can change it.")),
        }
    }
}

/// What patients enter themselves.
const PATIENT_KINDS: [&str; 3] = ["Observation", "DocumentReference", "QuestionnaireResponse"];
