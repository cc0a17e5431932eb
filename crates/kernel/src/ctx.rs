//! What every service function gets first: who asks, when, why, and where chance comes from.

use crate::app::App;
use crate::{Actor, Behalf, Clock, Problem, Rng, Timestamp};
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
    /// ETREAT: care in an emergency, without the patient's consent.
    Emergency,
}

impl Purpose {
    pub const ALL: [Self; 5] = [Self::Treatment, Self::Patient, Self::Operations, Self::Research, Self::Emergency];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Patient => "patient",
            Self::Operations => "operations",
            Self::Research => "research",
            Self::Emergency => "emergency",
        }
    }

    /// The code of <http://terminology.hl7.org/CodeSystem/v3-ActReason>.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::Patient => "PATRQT",
            Self::Operations => "HOPERAT",
            Self::Research => "HRESCH",
            Self::Emergency => "ETREAT",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

/// What the session that asks is good for. The default is a session in which nobody confirmed who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Opened by a code sent by e-mail and nothing else: good for one's own account and devices, never for health data.
    pub limited: bool,
    /// The last time the person proved in full who they are: by passkey, password, face check or recovery code.
    pub fresh: Option<Timestamp>,
    /// The app that acts for the caller; then its scopes narrow whatever the caller may do.
    pub app: Option<Arc<App>>,
    /// Set while another's record is open: then the actor is that patient, in the hands of this account.
    pub behalf: Option<Arc<Behalf>>,
}

/// How long a full proof of who one is covers sensitive acts.
pub const FRESH_MS: i64 = 5 * 60_000;

#[derive(Clone)]
pub struct Ctx {
    pub actor: Actor,
    /// The caller's name and, for staff and services, their organization's, as the ledger is to show them.
    pub name: Arc<str>,
    pub organization: Option<Arc<str>>,
    /// Where a practitioner works, each with its name.
    pub workplaces: Arc<[(i64, Arc<str>)]>,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    /// Ties the answer, the log line and the ledger entry of one request together.
    pub request: u64,
    pub purpose: Purpose,
    pub pass: Pass,
}

impl Ctx {
    /// The operator at the command line.
    pub fn operator(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self {
            actor: Actor::Operator,
            name: Arc::from("The operator of this server"),
            organization: None,
            workplaces: Arc::default(),
            clock,
            rng,
            request: 0,
            purpose: Purpose::Operations,
            pass: Pass::default(),
        }
    }

    /// Refuses a limited session: line 1 of whatever an e-mail code alone must not open.
    pub fn full(&self) -> Result<(), Problem> {
        match self.pass.limited {
            true => Err(Problem::limited()),
            false => Ok(()),
        }
    }

    /// Passes who proved who they are within the last five minutes: line 1 of sensitive acts. The operator is at the
    /// machine and a clinic's software has nobody to ask: both pass.
    pub fn confirmed(&self) -> Result<(), Problem> {
        self.full()?;
        match self.actor {
            Actor::Nobody => Err(Problem::unauthorized()),
            Actor::Operator | Actor::Service { .. } => Ok(()),
            _ if self.pass.fresh.is_some_and(|at| self.now().0 - at.0 < FRESH_MS) => Ok(()),
            _ => Err(Problem::step_up()),
        }
    }

    /// For whom the caller acts, when the record that is open is another's.
    pub fn behalf(&self) -> Option<&Arc<Behalf>> {
        match self.actor {
            Actor::Patient { account, patient } => {
                self.pass.behalf.as_ref().filter(|behalf| behalf.account == account && behalf.patient == patient)
            }
            _ => None,
        }
    }

    /// The name of this workplace of the caller, if it is one.
    pub fn workplace(&self, organization: Option<i64>) -> Option<&str> {
        let found = self.workplaces.iter().find(|(place, _)| Some(*place) == organization);
        found.map(|(_, name)| name.as_ref())
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FixedClock, Id, SystemRng};

    fn ctx(actor: Actor, pass: Pass) -> Ctx {
        let clock = Arc::new(FixedClock::at(Timestamp(FRESH_MS * 2)));
        Ctx { actor, pass, ..Ctx::operator(clock, Arc::new(SystemRng)) }
    }

    fn kind(answer: Result<(), Problem>) -> &'static str {
        answer.map_or_else(|problem| problem.kind, |()| "passes")
    }

    #[test]
    fn a_proof_covers_sensitive_acts_for_five_minutes() {
        let patient = || Actor::Patient { account: Id::new(1), patient: Id::new(2) };
        let proved = |at| Pass { fresh: at, ..Pass::default() };
        assert_eq!(kind(ctx(patient(), proved(None)).confirmed()), "step-up");
        assert_eq!(kind(ctx(patient(), proved(Some(Timestamp(FRESH_MS)))).confirmed()), "step-up");
        assert_eq!(kind(ctx(patient(), proved(Some(Timestamp(FRESH_MS + 1)))).confirmed()), "passes");
        assert_eq!(kind(ctx(Actor::Nobody, proved(None)).confirmed()), "login");
        let service = Actor::Service { account: Id::new(1), organization: Id::new(2) };
        assert_eq!(kind(ctx(service, proved(None)).confirmed()), "passes");
        assert_eq!(kind(ctx(Actor::Operator, proved(None)).confirmed()), "passes");
    }

    #[test]
    fn a_limited_session_passes_neither_way() {
        let pass = Pass { limited: true, fresh: Some(Timestamp(FRESH_MS * 2)), ..Pass::default() };
        let ctx = ctx(Actor::Administrator { account: Id::new(1) }, pass);
        assert_eq!((kind(ctx.full()), kind(ctx.confirmed())), ("limited", "limited"));
    }
}
