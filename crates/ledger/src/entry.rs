//! One entry: who did what with whose record, when, on what ground.

use kernel::{Actor, Ctx, Id, Purpose, Timestamp, id};
use serde::{Deserialize, Serialize};

/// What was done. The words are stored: add, never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Read,
    Search,
    History,
    Create,
    Update,
    Delete,
    Import,
    Export,
    Erase,
    Grant,
    Extend,
    Revoke,
    /// Somebody asked for what they may not have.
    Refused,
    /// A practitioner asked the patient for access.
    Request,
    Decline,
    Register,
    Login,
    Lock,
    Unlock,
    Member,
    Token,
    Rotate,
    /// An app was let in, or put on the list of apps.
    Connect,
    Disconnect,
    /// A person let an app do less than before.
    Narrow,
    /// Somebody was asked to make an account.
    Invite,
    /// A clinician's credentials were handed in, or an administrator found them good.
    Apply,
    Verify,
    /// An administrator asked for more.
    Return,
    /// A practitioner opened a record in an emergency, without a grant.
    BreakGlass,
    /// An administrator said whether that was justified.
    Review,
    /// A practitioner drafted a change of a record.
    Draft,
    /// The patient made a code for it.
    Approve,
    /// A practitioner began to write during a visit, by the patient's code.
    Visit,
    /// The patient asked why somebody read their record.
    Question,
    /// They were answered.
    Answer,
    /// The patient ended the case.
    Settle,
    /// The patient paused all sharing, and resumed it.
    Restrict,
    Lift,
    /// The patient said that an entry is wrong.
    Dispute,
    /// Somebody took back what they had only asked or proposed.
    Withdraw,
    /// Public keys for sealed documents were made known, or keys handed over; what says whose.
    Keys,
}

/// Why it was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The patient and their own record.
    OwnRecord,
    /// A guardian in a child's record.
    Guardianship,
    /// Somebody whom the patient chose to look after their record.
    Delegation,
    /// A live grant.
    Grant,
    /// A health link that the patient made, in the hands of whoever it was.
    HealthLink,
    /// An emergency that a practitioner declared.
    BreakGlass,
    /// An organization and what it contributed itself.
    Custody,
    /// The operator at the machine.
    Operator,
    /// Accounts and settings, no record.
    Administration,
}

impl Ground {
    /// The ground of whoever acts for a patient.
    pub const fn of(guardian: bool) -> Self {
        if guardian { Self::Guardianship } else { Self::Delegation }
    }
}

/// Who did it, named as they were named then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<i64>,
    pub role: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The app that acted for them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub app: Option<String>,
}

impl Who {
    pub fn of(ctx: &Ctx) -> Self {
        let role = match ctx.actor {
            Actor::Nobody => "nobody",
            Actor::Operator => "operator",
            _ => ctx.actor.role().map_or("", kernel::Role::as_str),
        };
        Self {
            account: ctx.actor.account().map(Id::get),
            role: role.to_owned(),
            name: ctx.name.as_ref().to_owned(),
            organization: ctx.organization.as_ref().map(|o| o.as_ref().to_owned()),
            app: ctx.pass.app.as_ref().map(|app| app.name.as_ref().to_owned()),
        }
    }
}

/// What is logged. Its JSON is hashed and sealed; `seq` and `patient_seq` are set when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    pub seq: i64,
    pub patient_seq: i64,
    pub time: String,
    pub action: Action,
    pub who: Who,
    /// The FHIR type, or another word for what it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// How many resources were shown or changed.
    pub count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The consent that allowed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<i64>,
    /// Ties it to the request, in hexadecimal.
    pub request: String,
    /// Whose record; not part of the JSON, the seal says it.
    #[serde(skip)]
    pub patient: i64,
    /// What stands instead of the patient's own ground when somebody acts for them: whoever says that this is the
    /// patient's own record need not know who holds it.
    #[serde(skip)]
    stand_in: Option<Ground>,
}

impl Entry {
    /// An entry about one patient's record.
    pub fn new(ctx: &Ctx, patient: Id<id::Patient>, action: Action) -> Self {
        Self::about(ctx, patient.get(), action)
    }

    /// What may stay of an entry about a record that is erased: it is sealed with a key that stays, and everybody in it was
    /// somebody to the patient.
    pub(crate) fn nameless(&mut self) {
        let role = std::mem::take(&mut self.who.role);
        self.who = Who { account: None, role, name: String::new(), organization: None, app: None };
        self.grant = None;
    }

    /// An entry about no patient: accounts, settings, the directory.
    pub fn system(ctx: &Ctx, action: Action) -> Self {
        Self::about(ctx, vault::DIRECTORY, action)
    }

    fn about(ctx: &Ctx, patient: i64, action: Action) -> Self {
        let now: Timestamp = ctx.now();
        let behalf = ctx.behalf().filter(|behalf| behalf.patient.get() == patient);
        let stand_in = behalf.map(|behalf| Ground::of(behalf.guardian));
        Self {
            seq: 0,
            patient_seq: 0,
            time: now.to_rfc3339(),
            action,
            who: Who::of(ctx),
            what: None,
            count: 0,
            ground: stand_in,
            purpose: stand_in.map(|_| Purpose::Patient),
            grant: None,
            request: format!("{:016x}", ctx.request),
            patient,
            stand_in,
        }
    }

    #[must_use]
    pub fn what(mut self, what: impl Into<String>, count: i64) -> Self {
        self.what = Some(what.into());
        self.count = count;
        self
    }

    /// Names the organization for which it was done, where it is another than the one that is named first.
    #[must_use]
    pub fn at(mut self, organization: Option<&str>) -> Self {
        if let Some(organization) = organization {
            self.who.organization = Some(organization.to_owned());
        }
        self
    }

    #[must_use]
    pub fn ground(mut self, ground: Ground, purpose: Purpose, grant: Option<i64>) -> Self {
        self.ground = Some(match (ground, self.stand_in) {
            (Ground::OwnRecord, Some(stand_in)) => stand_in,
            _ => ground,
        });
        self.purpose = Some(purpose);
        self.grant = grant;
        self
    }
}
