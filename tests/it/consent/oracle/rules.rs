//! Who may read what, as a person would say it, apart from any line of the application: the other side of the comparison.

/// What is known of a stored resource without asking the application.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Whose record it is in; `None` for the directory and for what names no patient.
    pub patient: Option<usize>,
    /// Who contributed it.
    pub organization: Option<usize>,
    /// The kind of data in the words of a grant; `person` and `directory` besides.
    pub category: &'static str,
    pub labels: Vec<&'static str>,
    /// When it begins, in milliseconds.
    pub start: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grantee {
    Practitioner(usize),
    Organization(usize),
}

#[derive(Clone, Debug)]
pub struct Grant {
    pub patient: usize,
    pub grantee: Grantee,
    /// `None` for all.
    pub categories: Option<Vec<&'static str>>,
    pub labels: Vec<&'static str>,
    /// First and last day, as milliseconds of their beginning.
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub purpose: &'static str,
    /// Revoked, over by the time somebody asks, or asleep because the patient paused all sharing.
    pub ended: bool,
}

#[derive(Clone, Debug)]
pub enum Viewer {
    Patient(usize),
    Practitioner { number: usize, works_at: Vec<usize> },
    Service { organization: usize },
    Administrator,
}

const DAY_MS: i64 = 86_400_000;

impl Viewer {
    pub fn sees(&self, grants: &[Grant], facts: &Facts) -> bool {
        if facts.category == "directory" {
            return true;
        }
        match self {
            Self::Patient(own) => facts.patient == Some(*own),
            Self::Practitioner { number, works_at } => grants.iter().any(|grant| {
                let to_them = match grant.grantee {
                    Grantee::Practitioner(to) => to == *number,
                    Grantee::Organization(to) => works_at.contains(&to),
                };
                to_them && grant.purpose == "treatment" && grant.covers(facts)
            }),
            Self::Service { organization } => facts.organization == Some(*organization),
            Self::Administrator => false,
        }
    }
}

impl Grant {
    fn covers(&self, facts: &Facts) -> bool {
        if self.ended || facts.patient != Some(self.patient) {
            return false;
        }
        if !facts.labels.iter().all(|label| self.labels.contains(label)) {
            return false;
        }
        // Whose record it is goes with every grant, whatever it covers.
        if facts.category == "person" {
            return true;
        }
        let kind = self.categories.as_ref().is_none_or(|some| some.contains(&facts.category));
        let time = match (self.from, self.to, facts.start) {
            (None, None, _) => true,
            (_, _, None) => false,
            (from, to, Some(start)) => from.is_none_or(|from| start >= from) && to.is_none_or(|to| start < to + DAY_MS),
        };
        kind && time
    }
}
