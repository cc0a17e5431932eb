//! A file that comes in one step, while it is not known yet what is said of it: a form may say it after the file.
//!
//! Always holds: what came is sealed in the store and lies nowhere else; whoever does not go on to [`Whole::take`] gives it
//! up, and the sweep removes what a crash left.

use super::arrival::{Arriving, finish};
use super::metadata::Wishes;
use super::service::{empty, subject, too_large};
use crate::error::{DocumentError, records};
use crate::sealed::{Part, SealedWriting, random, remove_upload};
use crate::settings::settings;
use consent::Access;
use kernel::{Ctx, Problem};
use ledger::House;

/// A file that is coming. Dropping it leaves nothing behind.
pub struct Incoming {
    patient: i64,
    blob: i64,
    writing: SealedWriting,
    bytes: u64,
    most: u64,
}

impl Incoming {
    /// Begins to take a file for the record of the patient with this id, or for the caller's own.
    pub async fn begin(house: &House, ctx: &Ctx, patient: Option<String>) -> Result<Self, DocumentError> {
        let access = Access::open(ctx)?;
        access.writer(ctx)?;
        let settings = settings(house)?;
        let (inside, asker) = (house.clone(), ctx.clone());
        let (patient, key) = house
            .db
            .read(move |tx| {
                let named = match patient {
                    Some(named) => Some(named),
                    None => records::beside::own_name(tx, &inside, &access).map_err(records)?,
                };
                let unsaid = || Problem::bad_request("Whose record is the file for? Say patient before the file.");
                let patient = subject(tx, &inside, &asker, &named.ok_or_else(unsaid)?)?;
                let key = inside.vault.key(tx, patient)?;
                Ok::<_, DocumentError>((patient, key))
            })
            .await?;
        let blob = random(house);
        let writing = SealedWriting::begin(house, &settings.blobs, &key, (Part::Upload, blob)).await?;
        Ok(Self { patient, blob, writing, bytes: 0, most: settings.max_bytes })
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.most {
            return Err(too_large(self.most).into());
        }
        self.writing.write(bytes).await
    }

    /// The end of the file: from here on it is durable.
    pub async fn whole(self) -> Result<Whole, DocumentError> {
        let Self { patient, blob, writing, bytes, .. } = self;
        if bytes == 0 {
            return Err(empty().into());
        }
        writing.finish().await?;
        Ok(Whole { patient, blob, size: i64::try_from(bytes).unwrap_or(i64::MAX) })
    }
}

/// A file that came whole and is no document yet.
#[derive(Debug)]
pub struct Whole {
    patient: i64,
    blob: i64,
    size: i64,
}

impl Whole {
    /// Makes a document of it, perhaps under an id of the caller's choice; returns the id. What is refused is gone.
    pub async fn take(
        self,
        house: &House,
        ctx: &Ctx,
        wishes: Wishes,
        id: Option<String>,
    ) -> Result<String, DocumentError> {
        let made = match wishes.checked(&ctx.now().to_rfc3339()[..10]) {
            Ok(wishes) => {
                let Self { patient, blob, size } = self;
                finish(house, ctx, Arriving { upload: None, id, patient, parts: vec![blob], size, wishes }).await
            }
            Err(problem) => Err(problem.into()),
        };
        if made.is_err() {
            self.abandon(house).await?;
        }
        made
    }

    /// Gives it up.
    pub async fn abandon(self, house: &House) -> Result<(), DocumentError> {
        remove_upload(&settings(house)?.blobs, self.blob).await
    }
}
