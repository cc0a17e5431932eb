//! Data that may not leave before its trace is durable.

use crate::{Entry, House, LedgerError, append};
use db::Tx;

/// A result of reading a record together with the entries that must tell of it. The content can only be had through
/// [`Disclosure::release`], which first makes the entries durable: no reading without a trace.
#[must_use = "what was read can only be used once its trace is durable"]
pub struct Disclosure<T> {
    content: T,
    entries: Vec<Entry>,
}

impl<T> Disclosure<T> {
    pub const fn new(content: T, entries: Vec<Entry>) -> Self {
        Self { content, entries }
    }

    /// Changes the content on its way out; the entries stay.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Disclosure<U> {
        Disclosure { content: change(self.content), entries: self.entries }
    }

    /// The same, where the change can fail; then nothing was let out.
    pub fn try_map<U, E>(self, change: impl FnOnce(T) -> Result<U, E>) -> Result<Disclosure<U>, E> {
        Ok(Disclosure { content: change(self.content)?, entries: self.entries })
    }

    /// Puts two readings together.
    pub fn zip<U>(self, other: Disclosure<U>) -> Disclosure<(T, U)> {
        let mut entries = self.entries;
        entries.extend(other.entries);
        Disclosure { content: (self.content, other.content), entries }
    }

    /// What will tell of it.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The consents that allowed it, each once.
    pub fn grants(&self) -> Vec<i64> {
        let mut grants: Vec<i64> = self.entries.iter().filter_map(|entry| entry.grant).collect();
        grants.sort_unstable();
        grants.dedup();
        grants
    }

    /// Writes the entries, waits until they are durable, and only then hands over the content.
    pub async fn release(self, house: &House) -> Result<T, LedgerError> {
        self.release_with(house, |_| Ok(())).await
    }

    /// The same, with more to write in the transaction of the entries, if there are any.
    pub async fn release_with(
        self,
        house: &House,
        more: impl FnOnce(&mut Tx<'_>) -> Result<(), LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let entries = self.entries;
        if !entries.is_empty() {
            house
                .db
                .write(move |tx| {
                    entries.into_iter().for_each(|entry| append(tx, entry));
                    more(tx)
                })
                .await?;
        }
        Ok(self.content)
    }

    /// The same from a thread that may block.
    pub fn release_blocking(self, house: &House) -> Result<T, LedgerError> {
        let entries = self.entries;
        if !entries.is_empty() {
            house.db.write_blocking(move |tx| {
                entries.into_iter().for_each(|entry| append(tx, entry));
                Ok::<_, LedgerError>(())
            })?;
        }
        Ok(self.content)
    }
}
