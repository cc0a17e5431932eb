//! What every service function gets first: who asks, when, why, and where chance comes from.

use crate::{Actor, Clock, Rng, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Why health data is asked for (HL7 v3 PurposeOfUse codes in the ledger).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// TREAT: care of this patient.
    Treatment,
    /// PATRQT: the patient's own wish.
    Patient,
    /// HOPERAT: running a clinic, such as custody of its own charts.
    Operations,
    /// HRESCH: research.
    Research,
}

impl Purpose {
    pub const ALL: [Self; 4] = [Self::Treatment, Self::Patient, Self::Operations, Self::Research];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Patient => "patient",
            Self::Operations => "operations",
            Self::Research => "research",
        }
    }

    /// The code of <http://terminology.hl7.org/CodeSystem/v3-ActReason>.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::Patient => "PATRQT",
            Self::Operations => "HOPERAT",
            Self::Research => "HRESCH",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

#[derive(Clone)]
pub struct Ctx {
    pub actor: Actor,
    /// The caller's name and, for staff and services, their organization's, as the ledger is to show them.
    pub name: Arc<str>,
    pub organization: Option<Arc<str>>,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    /// Ties the answer, the log line and the ledger entry of one request together.
    pub request: u64,
    pub purpose: Purpose,
}

impl Ctx {
    /// The operator at the command line.
    pub fn operator(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self {
            actor: Actor::Operator,
            name: Arc::from("The operator of this server"),
            organization: None,
            clock,
            rng,
            request: 0,
            purpose: Purpose::Operations,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
