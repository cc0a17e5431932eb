//! Whom a piece of news concerns, and which of its words leave the server.

use kernel::{Actor, Timestamp};

/// What a page can be told about. `record:<id>` names the Patient resource whose record changed.
pub const TOPICS: [&str; 13] = [
    "grants",
    "requests",
    "ledger",
    "inbox",
    "links",
    "patients",
    "session",
    "emergencies",
    "edits",
    "cases",
    "desk",
    "family",
    "vault",
];

/// Says that any record may have changed: sent when news was lost.
pub const ANY_RECORD: &str = "record:*";

/// The words at the beginning of the news that a caller hears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    own: Vec<String>,
    /// Those of records that the caller looks after, each until its end.
    others: Vec<(String, Timestamp)>,
}

impl Audience {
    pub fn of(actor: &Actor) -> Self {
        let mut ears = Vec::new();
        if let Some(account) = actor.account() {
            ears.push(format!("account:{}", account.get()));
        }
        match actor {
            Actor::Patient { patient, .. } => ears.push(format!("patient:{}", patient.get())),
            Actor::Practitioner { practitioner, organizations, .. } => {
                ears.push(format!("reader:{}", practitioner.get()));
                ears.extend(organizations.iter().map(|o| format!("reader:{}", o.get())));
            }
            Actor::Service { organization, .. } => ears.push(format!("reader:{}", organization.get())),
            Actor::Administrator { .. } => ears.push("administrators".to_owned()),
            Actor::Nobody | Actor::Operator | Actor::Applicant { .. } => {}
        }
        Self { own: ears, others: Vec::new() }
    }

    /// The topics of a piece of news (`patient:5 record:abc ledger`), if it concerns this audience.
    /// Also hears what changes in these records, until then.
    #[must_use]
    pub fn and(mut self, others: Vec<(i64, Timestamp)>) -> Self {
        self.others = others.into_iter().map(|(patient, until)| (format!("patient:{patient}"), until)).collect();
        self
    }

    /// Whether it hears of any record but its own.
    pub const fn hears_others(&self) -> bool {
        !self.others.is_empty()
    }

    pub fn forget_others(&mut self) {
        self.others.clear();
    }

    pub fn topics<'n>(&self, news: &'n str, now: Timestamp) -> impl Iterator<Item = &'n str> {
        let (whom, topics) = news.split_once(' ').unwrap_or((news, ""));
        let concerned = self.own.iter().any(|ear| ear == whom)
            || self.others.iter().any(|(ear, until)| ear == whom && now < *until);
        topics.split(' ').filter(move |topic| concerned && is_topic(topic))
    }
}

/// Only known words leave the server, whatever a room announces.
fn is_topic(word: &str) -> bool {
    let is_id = |id: &str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
    };
    TOPICS.contains(&word) || word.strip_prefix("record:").is_some_and(is_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn heard(actor: &Actor, news: &str) -> Vec<String> {
        Audience::of(actor).topics(news, Timestamp(0)).map(str::to_owned).collect()
    }

    #[test]
    fn news_reaches_only_whom_it_concerns() {
        let patient = Actor::Patient { account: Id::new(1), patient: Id::new(5) };
        assert_eq!(heard(&patient, "account:1 inbox"), ["inbox"]);
        assert_eq!(heard(&patient, "patient:5 record:abc ledger"), ["record:abc", "ledger"]);
        for foreign in ["account:12 inbox", "patient:55 ledger", "reader:5 patients", "jobs", "", "account:1"] {
            assert_eq!(heard(&patient, foreign), [""; 0], "{foreign}");
        }
        let doctor = Actor::Practitioner {
            account: Id::new(2),
            practitioner: Id::new(7),
            organizations: vec![Id::new(8), Id::new(9)],
        };
        assert_eq!(heard(&doctor, "reader:7 patients"), ["patients"]);
        assert_eq!(heard(&doctor, "reader:9 patients record:a-1.b"), ["patients", "record:a-1.b"]);
        assert_eq!(heard(&doctor, "patient:7 ledger"), [""; 0]);
        assert_eq!(heard(&doctor, "administrators emergencies"), [""; 0]);
        let administrator = Actor::Administrator { account: Id::new(4) };
        assert_eq!(heard(&administrator, "administrators emergencies"), ["emergencies"]);
        assert_eq!(heard(&Actor::Nobody, "account:0 inbox"), [""; 0]);
        let service = Actor::Service { account: Id::new(3), organization: Id::new(9) };
        assert_eq!(heard(&service, "reader:9 patients"), ["patients"]);
    }

    #[test]
    fn who_looks_after_a_record_hears_of_it_until_the_end() {
        let parent = Actor::Patient { account: Id::new(1), patient: Id::new(5) };
        let mut audience = Audience::of(&parent).and(vec![(9, Timestamp(100))]);
        let heard = |audience: &Audience, at| audience.topics("patient:9 ledger", Timestamp(at)).count();
        assert_eq!((heard(&audience, 99), heard(&audience, 100)), (1, 0));
        audience.forget_others();
        assert_eq!(heard(&audience, 99), 0);
    }

    #[test]
    fn words_that_are_no_topic_stay_inside() {
        let patient = Actor::Patient { account: Id::new(1), patient: Id::new(5) };
        assert_eq!(heard(&patient, "patient:5 glucose=5.4 record:<b> record: record:ok"), ["record:ok"]);
    }
}
