//! Who may see what at which moment, as a person would say it. Nothing here is shared with the application.

use crate::consent::oracle::items::LABELS;
use crate::consent::oracle::rules::{Facts, Grantee};

/// What somebody gave somebody.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: i64,
    pub patient: usize,
    pub to: Grantee,
    /// `None` for all.
    pub categories: Option<Vec<&'static str>>,
    pub labels: Vec<&'static str>,
    /// First and last day, as milliseconds of their beginning.
    pub from: Option<i64>,
    pub last: Option<i64>,
    pub purpose: &'static str,
    pub until: Option<i64>,
    pub revoked: bool,
}

/// Somebody looks after the record of another.
#[derive(Clone, Debug)]
pub struct Care {
    pub id: i64,
    pub patient: usize,
    pub person: usize,
    pub guardian: bool,
    /// Also shares and changes, besides looking.
    pub acts: bool,
    pub categories: Option<Vec<&'static str>>,
    pub labels: Vec<&'static str>,
    /// For a guardian, when the child comes of age.
    pub until: Option<i64>,
    pub ended: bool,
}

/// A practitioner opened a record in an emergency.
#[derive(Clone, Debug)]
pub struct Emergency {
    pub id: i64,
    pub patient: usize,
    pub practitioner: usize,
    /// The second step was taken.
    pub whole: bool,
    pub until: i64,
    pub ended: bool,
}

/// What a doctor proposed to add to a record, or to remove from it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: i64,
    pub patient: usize,
    /// As each was, or would be, when it was proposed.
    pub said: Vec<Entry>,
    /// Those of them that stand in the record, by their numbers.
    pub about: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: &'static str,
    pub id: String,
    /// With the labels that its codes and its author give it.
    pub facts: Facts,
    /// Labels that were set by hand.
    pub by_hand: Vec<&'static str>,
    pub deleted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    Patient(usize),
    /// A patient who has another's record open.
    Deputy {
        person: usize,
        patient: usize,
    },
    Practitioner(usize),
    Service(usize),
    Administrator,
    /// An app that somebody let in.
    App(Box<Self>),
}

#[derive(Default)]
pub struct Model {
    pub now: i64,
    pub entries: Vec<Entry>,
    pub grants: Vec<Grant>,
    pub cares: Vec<Care>,
    pub emergencies: Vec<Emergency>,
    pub drafts: Vec<Draft>,
    /// Where each practitioner works.
    pub works_at: Vec<Vec<usize>>,
    /// The records whose sharing is paused.
    pub paused: Vec<usize>,
}

const DAY_MS: i64 = 86_400_000;

/// What an emergency shows first.
const SUMMARY: [&str; 5] = ["condition", "medicine", "allergy", "immunization", "device"];

impl Model {
    pub fn sees(&self, viewer: &Viewer, entry: &Entry) -> bool {
        if entry.deleted {
            return false;
        }
        match viewer {
            Viewer::Patient(own) => entry.facts.patient == Some(*own),
            Viewer::Deputy { person, patient } => {
                entry.facts.patient == Some(*patient)
                    && self.care(*person, *patient).is_some_and(|care| {
                        // A guardian sees all there is of the child.
                        care.guardian || covers(entry, care.categories.as_deref(), &care.labels)
                    })
            }
            Viewer::Practitioner(number) => entry.facts.patient.is_some_and(|patient| {
                self.read_by(*number, patient).any(|grant| grant.covers(entry))
                    || self.emergencies_of(*number, patient).any(|emergency| emergency.covers(entry))
            }),
            Viewer::Service(organization) => entry.facts.organization == Some(*organization),
            Viewer::Administrator => false,
            // An app is somebody else's, whoever let it in.
            Viewer::App(person) => {
                let asleep = matches!(**person, Viewer::Patient(own) if self.paused.contains(&own));
                !asleep && app_speaks_of(entry) && self.sees(person, entry)
            }
        }
    }

    /// A patient sees whatever is proposed, and so does who looks after all of the record. Who acts in a part sees what lies
    /// in it wholly, as it was proposed and as it stands now; who only looks at a part sees none.
    pub fn answers(&self, viewer: &Viewer, draft: &Draft) -> bool {
        match viewer {
            Viewer::Patient(own) => draft.patient == *own,
            Viewer::Deputy { person, patient } if draft.patient == *patient => {
                self.care(*person, *patient).is_some_and(|care| {
                    let within = |entry: &Entry| covers(entry, care.categories.as_deref(), &care.labels);
                    let now = draft.about.iter().map(|at| &self.entries[*at]);
                    care.whole() || (care.acts && draft.said.iter().chain(now).all(within))
                })
            }
            _ => false,
        }
    }

    /// The guardianship or delegation that lets this person into this record now.
    pub fn care(&self, person: usize, patient: usize) -> Option<&Care> {
        // A guardian stands in the patient's own place; whoever was chosen waits while sharing is paused.
        let awake = |care: &&Care| care.guardian || !self.paused.contains(&patient);
        let of = |care: &&Care| care.person == person && care.patient == patient && care.stands(self.now);
        self.cares.iter().filter(of).find(awake)
    }

    /// The records of which a practitioner can read something now.
    pub fn open_to(&self, practitioner: usize, patient: usize) -> bool {
        self.read_by(practitioner, patient).next().is_some()
            || self.emergencies_of(practitioner, patient).next().is_some()
    }

    /// The grants that count when this practitioner treats this patient.
    fn read_by(&self, practitioner: usize, patient: usize) -> impl Iterator<Item = &Grant> {
        let to_them = move |grant: &&Grant| match grant.to {
            Grantee::Practitioner(to) => to == practitioner,
            Grantee::Organization(to) => self.works_at[practitioner].contains(&to),
        };
        let awake = !self.paused.contains(&patient);
        let live = move |grant: &&Grant| {
            awake && grant.patient == patient && grant.purpose == "treatment" && grant.live(self.now)
        };
        self.grants.iter().filter(live).filter(to_them)
    }

    fn emergencies_of(&self, practitioner: usize, patient: usize) -> impl Iterator<Item = &Emergency> {
        let own = move |one: &&Emergency| one.practitioner == practitioner && one.patient == patient;
        self.emergencies.iter().filter(own).filter(|one| one.live(self.now))
    }
}

impl Grant {
    pub fn live(&self, now: i64) -> bool {
        !self.revoked && self.until.is_none_or(|until| now < until)
    }

    fn covers(&self, entry: &Entry) -> bool {
        let in_time = match (self.from, self.last, entry.facts.start) {
            // Whose record it is goes with every grant.
            _ if entry.facts.category == "person" => true,
            (None, None, _) => true,
            // What has no date is in no period.
            (_, _, None) => false,
            (from, last, Some(start)) => {
                from.is_none_or(|from| from <= start) && last.is_none_or(|last| start < last + DAY_MS)
            }
        };
        in_time && covers(entry, self.categories.as_deref(), &self.labels)
    }
}

impl Care {
    pub fn whole(&self) -> bool {
        self.guardian || (self.categories.is_none() && self.labels.len() == LABELS.len())
    }

    pub fn stands(&self, now: i64) -> bool {
        !self.ended && self.until.is_none_or(|until| now < until)
    }
}

impl Emergency {
    pub fn live(&self, now: i64) -> bool {
        !self.ended && now < self.until
    }

    /// Sensitive areas are open in an emergency.
    fn covers(&self, entry: &Entry) -> bool {
        self.whole || entry.facts.category == "person" || SUMMARY.contains(&entry.facts.category)
    }
}

/// The kinds of data and the sensitive areas of a grant or a delegation.
fn covers(entry: &Entry, categories: Option<&[&'static str]>, labels: &[&'static str]) -> bool {
    let kind = entry.facts.category == "person" || categories.is_none_or(|some| some.contains(&entry.facts.category));
    kind && entry.facts.labels.iter().chain(&entry.by_hand).all(|label| labels.contains(label))
}

/// What the scopes that every app here was given speak of.
pub const APP_SCOPES: &str = "user/Condition.rs user/Encounter.rs";

fn app_speaks_of(entry: &Entry) -> bool {
    matches!(entry.kind, "Condition" | "Encounter") || (entry.kind == "Observation" && entry.facts.category == "vital")
}
