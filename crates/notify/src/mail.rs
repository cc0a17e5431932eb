//! E-mail: queued in the transaction that caused it, sealed while it waits, sent by whatever the server was given.
//!
//! A server without a mailer keeps no letters: what is told by e-mail also stands in the inbox.

use db::{DbError, Tx};
use jobs::{JobError, Registry};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vault::{Aad, DIRECTORY, VaultError};

/// A letter. Subject and text never say anything of anybody's health: e-mail is read on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Empty for a letter to nobody, which costs the same work up to here and is then left unsent.
    pub to: String,
    pub subject: String,
    pub text: String,
    /// After this it is worth nothing, and is not sent.
    #[serde(with = "ms", default)]
    pub until: Option<Timestamp>,
}

mod ms {
    use kernel::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        at.map(|at| at.0).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        Ok(Option::<i64>::deserialize(deserializer)?.map(Timestamp))
    }
}

/// Why a letter was not taken. It will be tried again.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not take a letter: {0}")]
pub struct MailError(pub String);

pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Hands letters over: to a mail server, or to the outbox of a demonstration.
pub trait Mailer: Send + Sync + fmt::Debug {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a>;
}

#[derive(Default)]
struct Post(RwLock<Option<Arc<dyn Mailer>>>);

/// Says by what letters leave this server.
pub fn mail_by(house: &House, mailer: Arc<dyn Mailer>) {
    *house.memory::<Post>().0.write().unwrap_or_else(PoisonError::into_inner) = Some(mailer);
}

fn mailer(house: &House) -> Option<Arc<dyn Mailer>> {
    house.memory::<Post>().0.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whether letters leave this server at all.
pub fn can_mail(house: &House) -> bool {
    mailer(house).is_some()
}

const KIND: &str = "mail";

const fn place(owner: i64) -> Aad {
    Aad::new("mail", owner, 0, 0)
}

/// Queues a letter in the caller's transaction.
pub fn post(tx: &mut Tx<'_>, house: &House, mail: &Mail) -> Result<(), VaultError> {
    post_to(tx, house, DIRECTORY, mail)
}

/// The same to somebody whose account another key seals: a letter to a patient that still waits, or was given up, ends
/// with their record.
pub fn post_to(tx: &mut Tx<'_>, house: &House, owner: i64, mail: &Mail) -> Result<(), VaultError> {
    post_at(tx, house, owner, mail, house.clock.now())
}

/// The same, to leave at this time.
pub(crate) fn post_at(
    tx: &mut Tx<'_>,
    house: &House,
    owner: i64,
    mail: &Mail,
    leaves: Timestamp,
) -> Result<(), VaultError> {
    if !can_mail(house) {
        return Ok(());
    }
    let json = serde_json::to_vec(mail).map_err(|e| DbError::Failed(e.to_string()))?;
    let sealed = house.vault.key(tx, owner)?.seal(&*house.rng, &place(owner), &json)?;
    jobs::enqueue(tx, KIND, leaves, &[owner.to_le_bytes().as_slice(), &sealed].concat())?;
    Ok(())
}

/// A letter as it was queued; `None` when its reader was erased meanwhile.
async fn opened(house: &House, payload: Vec<u8>) -> Result<Option<Mail>, JobError> {
    let vault = Arc::clone(&house.vault);
    let json = house.db.read(move |tx| {
        let (owner, sealed) = payload.split_first_chunk().ok_or(VaultError::DoesNotOpen)?;
        let owner = i64::from_le_bytes(*owner);
        vault.key(tx, owner)?.open(&place(owner), sealed)
    });
    match json.await {
        Ok(json) => serde_json::from_slice(&json).map(Some).map_err(|e| JobError::Failed(e.to_string())),
        Err(VaultError::NoKey) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Adds the sending of letters.
pub fn jobs(registry: Registry) -> Registry {
    crate::letters::register(registry).on(KIND, |house, work| async move {
        let Some(mail) = opened(&house, work.payload).await? else { return Ok(()) };
        let late = mail.until.is_some_and(|until| until <= house.clock.now());
        let Some(mailer) = mailer(&house).filter(|_| !late && !mail.to.is_empty()) else { return Ok(()) };
        mailer.send(&mail).await.map_err(|e| JobError::Failed(e.to_string()))
    })
}

/// Letters kept in an outbox; the oldest go first.
const KEPT: usize = 100;

/// A letter in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub id: u64,
    pub time: Timestamp,
    pub mail: Mail,
}

/// Keeps letters in memory instead of sending them: for demonstrations and tests, where everybody may read them.
pub struct Outbox {
    clock: Arc<dyn kernel::Clock>,
    sent: Mutex<(u64, VecDeque<Sent>)>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}

impl Outbox {
    pub fn new(clock: Arc<dyn kernel::Clock>) -> Arc<Self> {
        Arc::new(Self { clock, sent: Mutex::default() })
    }

    /// What was sent, newest first.
    pub fn mails(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).1.iter().rev().cloned().collect()
    }
}

impl Mailer for Outbox {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a> {
        Box::pin(async move {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.0 += 1;
            let next = Sent { id: sent.0, time: self.clock.now(), mail: mail.clone() };
            sent.1.push_back(next);
            if sent.1.len() > KEPT {
                sent.1.pop_front();
            }
            Ok(())
        })
    }
}
