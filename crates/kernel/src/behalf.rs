//! For whom somebody acts who has another's record open.

use crate::Timestamp;
use crate::id::{Account, Id, Patient};

/// A guardian, or somebody whom a patient chose: the record is another's, and whatever is done in it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behalf {
    /// The number of the guardianship or delegation.
    pub delegation: i64,
    pub account: Id<Account>,
    pub patient: Id<Patient>,
    pub guardian: bool,
    /// Also adds, shares and approves; else only looks.
    pub acts: bool,
    /// The kinds of data, and the sensitive areas, in the bits that rows are compared with.
    pub categories: i64,
    pub labels: i64,
    /// Whether that is all there is.
    pub whole: bool,
    pub until: Timestamp,
}
