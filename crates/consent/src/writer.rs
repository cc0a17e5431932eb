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
    /// Whoever sets labels on an entry: it stays its author's, whoever that is. Only [`crate::Access::labeller`] makes one.
    Labelling {
        author: i64,
        patient: i64,
        organization: i64,
    },
    /// Whoever books appointments in one record: its patient, or a practitioner who sees its visits. Only
    /// [`crate::Access::booker`] makes one.
    Booking {
        account: i64,
        patient: i64,
        organization: i64,
    },
    /// A practitioner, for what the patient approved: only [`crate::edit::redeem`] makes one.
    Approved {
        account: i64,
        patient: i64,
        organization: i64,
    },
}

impl Writer {
    /// The organization that what is written belongs to; 0 for none.
    pub const fn organization(self) -> i64 {
        match self {
            Self::Service { organization, .. }
            | Self::Approved { organization, .. }
            | Self::Booking { organization, .. }
            | Self::Labelling { organization, .. } => organization,
            _ => 0,
        }
    }

    pub const fn account(self) -> i64 {
        match self {
            Self::Operator => 0,
            Self::Labelling { author, .. } => author,
            Self::Patient { account, .. }
            | Self::Service { account, .. }
            | Self::Administrator { account }
            | Self::Booking { account, .. }
            | Self::Approved { account, .. } => account,
        }
    }

    /// Whether this is the patient whose record it is, or who stands in for them.
    pub fn keeps(self, record: i64) -> bool {
        matches!(self, Self::Patient { patient, .. } if patient == record)
    }

    /// Whether this writer may make a resource of this kind in this record (0 = nobody's).
    pub fn may_create(self, kind: Kind, patient: i64) -> Result<(), Problem> {
        match self {
            Self::Operator | Self::Service { .. } => Ok(()),
            Self::Patient { patient: own, .. } if patient == own && PATIENT_KINDS.contains(&kind.name()) => Ok(()),
            Self::Patient { .. } => Err(Problem::forbidden(
                "You can add your own readings, documents, allergies, conditions, medicines and insurance. Everything else is entered by your clinic.",
            )),
            Self::Administrator { .. } if is_directory(kind) => Ok(()),
            Self::Approved { patient: approved, .. } if patient == approved && EDITED_KINDS.contains(&kind.name()) => {
                Ok(())
            }
            Self::Approved { .. } => Err(Problem::forbidden("The patient approved nothing of this kind.")),
            Self::Booking { patient: own, .. } if patient == own && kind == Kind::Appointment => Ok(()),
            Self::Booking { .. } => Err(Problem::forbidden("Only appointments of this record are booked here.")),
            Self::Labelling { .. } => Err(Problem::forbidden("A label is set on an entry that is there.")),
            Self::Administrator { .. } => Err(Problem::forbidden("An administrator keeps the directory, not records.")),
        }
    }

    /// Whether this writer may change a row, given who contributed it. `None` is allowed; what they see but may not
    /// change is an error.
    pub fn may_change(self, kind: Kind, row: Row) -> Result<(), Problem> {
        let Row { rid, patient: record, organization, author } = row;
        match self {
            Self::Approved { patient, .. } if patient == record && EDITED_KINDS.contains(&kind.name()) => Ok(()),
            Self::Operator => Ok(()),
            Self::Labelling { patient, .. } if patient == record => Ok(()),
            Self::Booking { patient, .. } if patient == record && kind == Kind::Appointment => Ok(()),
            Self::Service { organization: own, .. } if own == organization => Ok(()),
            Self::Patient { patient, .. } if kind.name() == "Patient" && rid == patient => Ok(()),
            Self::Patient { account, .. } if author == account && PATIENT_KINDS.contains(&kind.name()) => Ok(()),
            Self::Administrator { .. } if is_directory(kind) => Ok(()),
            _ => Err(Problem::forbidden("This entry belongs to whoever made it: only they can change it.")),
        }
    }
}

/// A row that is to be changed: whose record it is in, and who contributed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub rid: i64,
    pub patient: i64,
    pub organization: i64,
    pub author: i64,
}

/// What a practitioner changes with the patient's approval: clinical entries, and where they came from.
pub const EDITED_KINDS: [&str; 17] = [
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationAdministration",
    "AllergyIntolerance",
    "Procedure",
    "Observation",
    "DiagnosticReport",
    "DocumentReference",
    "Immunization",
    "CarePlan",
    "Goal",
    "Encounter",
    "FamilyMemberHistory",
    "ServiceRequest",
    "ClinicalImpression",
    "Provenance",
];

/// What patients enter themselves, marked as theirs.
const PATIENT_KINDS: [&str; 7] = [
    "Observation",
    "DocumentReference",
    "QuestionnaireResponse",
    "AllergyIntolerance",
    "Condition",
    "MedicationStatement",
    "Coverage",
];
