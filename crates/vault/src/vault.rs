//! The open vault: finds, makes, wraps, destroys and rotates keys.

use crate::erased;
use crate::master::{self, KeySource, MasterKey};
use crate::{Aad, DataKey, FreshKey, Terms, VaultError};
use db::{Db, Tx};
use kernel::{Rng, Timestamp, rng::bytes};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

/// The owner of what belongs to no patient: directory entries, accounts, notices.
pub const DIRECTORY: i64 = 0;

/// Open keys kept in memory, about 600 bytes each.
const CACHE: usize = 50_000;

/// The server's secrets. A change of the master key rewraps them all, so one that is not named here cannot be made.
const SECRETS: [&str; 4] = ["terms", "ledger", "news", "oauth"];

pub struct Vault {
    source: KeySource,
    wrapping: RwLock<DataKey>,
    terms: Terms,
    keys: RwLock<HashMap<i64, Arc<DataKey>>>,
    /// Owners whose keys this process destroyed, or was about to: whoever still reads an older state of the database may have them, and does
    /// not bring them back into memory.
    gone: RwLock<HashSet<i64>>,
}

const fn key_place(owner: i64) -> Aad {
    Aad::new("data_key", owner, 0, 0)
}

impl Vault {
    /// Opens the vault of this database; on the first start of all it makes the master key and the server's secrets.
    pub fn open(db: &Db, source: KeySource, rng: Arc<dyn Rng>, now: Timestamp) -> Result<Self, VaultError> {
        let empty = db.read_blocking(|tx| tx.count("SELECT COUNT(*) FROM data_key", &[]))? == 0;
        let (wrapping, terms) = open_terms(db, &source, &rng, empty)?;
        let vault =
            Self { source, wrapping: RwLock::new(wrapping), terms, keys: RwLock::default(), gone: RwLock::default() };
        if empty {
            let wrapped = vault.wrap(&*rng, DIRECTORY, &FreshKey::generate(&*rng).raw)?;
            // Two processes may start on the same empty database: the first one's key stands.
            db.write_blocking(move |tx| {
                tx.execute(
                    "INSERT INTO data_key (owner, wrapped, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    &[DIRECTORY.into(), (&wrapped).into(), now.into()],
                )
            })?;
        }
        if let Some(path) = vault.erased() {
            let marks = db.read_blocking(|tx| {
                tx.query("SELECT mark FROM erased_key", &[], |row| Ok::<_, VaultError>(row.blob(0)?.to_vec()))
            })?;
            erased::add(&path, &marks)?;
        }
        Ok(vault)
    }

    /// The file of destroyed keys; a master key that is a setting has none beside it.
    fn erased(&self) -> Option<std::path::PathBuf> {
        match &self.source {
            KeySource::File(path) => Some(path.with_extension("erased")),
            KeySource::Hex(_) => None,
        }
    }

    /// The owners of keys that were destroyed once and are here again, because the database was put back from an older
    /// copy. Whoever opens a database erases them again before anything else.
    pub fn returned(&self, tx: &mut Tx<'_>) -> Result<Vec<i64>, VaultError> {
        let Some(path) = self.erased() else { return Ok(Vec::new()) };
        let keys = tx.query("SELECT owner, wrapped FROM data_key ORDER BY owner", &[], |row| {
            Ok::<_, VaultError>((row.int(0)?, row.blob(1)?.to_vec()))
        })?;
        let found = erased::returned(&path, keys, |(owner, wrapped)| self.unwrap_key(&key_place(*owner), wrapped))?;
        Ok(found.into_iter().map(|(owner, _)| owner).collect())
    }

    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// A named secret of the server, made on first use: `N` random bytes, wrapped like a key.
    pub fn secret(&self, db: &Db, name: &'static str, rng: &Arc<dyn Rng>) -> Result<Vec<u8>, VaultError> {
        let wrapping = self.wrapping.read().unwrap_or_else(PoisonError::into_inner);
        secret_with(db, &wrapping, name, rng)
    }

    /// A key of the server's own, made from a named secret: for what belongs to no record and must not be read on its way.
    pub fn server_key(&self, db: &Db, name: &'static str, rng: &Arc<dyn Rng>) -> Result<DataKey, VaultError> {
        DataKey::from_raw(&self.secret(db, name, rng)?)
    }

    /// The key of an owner.
    pub fn key(&self, tx: &mut Tx<'_>, owner: i64) -> Result<Arc<DataKey>, VaultError> {
        if let Some(key) = self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&owner) {
            return Ok(Arc::clone(key));
        }
        let wrapped = tx
            .query_opt("SELECT wrapped FROM data_key WHERE owner = ?1", &[owner.into()], |row| {
                Ok::<_, VaultError>(row.blob(0)?.to_vec())
            })?
            .ok_or(VaultError::NoKey)?;
        let key = Arc::new(DataKey::from_raw(&self.unwrap_key(&key_place(owner), &wrapped)?)?);
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if self.gone.read().unwrap_or_else(PoisonError::into_inner).contains(&owner) {
            return Ok(key);
        }
        if keys.len() >= CACHE {
            keys.clear();
        }
        keys.insert(owner, Arc::clone(&key));
        Ok(key)
    }

    /// Stores the key of a new owner, wrapped.
    pub fn store_key(
        &self,
        tx: &mut Tx<'_>,
        rng: &dyn Rng,
        owner: i64,
        fresh: &FreshKey,
        now: Timestamp,
    ) -> Result<(), VaultError> {
        self.keep_up(tx)?;
        // A transaction that was rolled back may have used a key of its own for this number, and given the number back.
        self.forget(owner);
        self.gone.write().unwrap_or_else(PoisonError::into_inner).remove(&owner);
        let wrapped = self.wrap(rng, owner, &fresh.raw)?;
        tx.execute(
            "INSERT INTO data_key (owner, wrapped, created) VALUES (?1, ?2, ?3)",
            &[owner.into(), (&wrapped).into(), now.into()],
        )?;
        Ok(())
    }

    /// Destroys the key of an owner. Nothing sealed with it opens again, in any version of the data, and a copy that is put
    /// back is erased again: its mark stays, here and beside the master key.
    pub fn erase(self: &Arc<Self>, tx: &mut Tx<'_>, owner: i64) -> Result<(), VaultError> {
        let wrapped = tx
            .query_opt("SELECT wrapped FROM data_key WHERE owner = ?1", &[owner.into()], |row| {
                Ok::<_, VaultError>(row.blob(0)?.to_vec())
            })?
            .ok_or(VaultError::NoKey)?;
        let mark = erased::mark(&self.unwrap_key(&key_place(owner), &wrapped)?);
        tx.execute("INSERT INTO erased_key (mark) VALUES (?1) ON CONFLICT DO NOTHING", &[(&mark).into()])?;
        tx.execute("DELETE FROM data_key WHERE owner = ?1", &[owner.into()])?;
        // Before the commit, too: what is sealed at its end must not find the key again that a reader brought back meanwhile.
        self.gone.write().unwrap_or_else(PoisonError::into_inner).insert(owner);
        self.forget(owner);
        let vault = Arc::clone(self);
        tx.after_commit(move || {
            vault.forget(owner);
            // What does not succeed now is added at the next start.
            if let Some(path) = vault.erased()
                && let Err(error) = erased::add(&path, &[mark])
            {
                tracing::error!(%error, "the mark of a destroyed key could not be written beside the master key");
            }
        });
        Ok(())
    }

    fn forget(&self, owner: i64) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).remove(&owner);
    }

    fn wrap(&self, rng: &dyn Rng, owner: i64, raw: &[u8; 32]) -> Result<Vec<u8>, VaultError> {
        self.wrapping.read().unwrap_or_else(PoisonError::into_inner).seal(rng, &key_place(owner), raw)
    }

    /// Another process may have changed the master key: what is wrapped from now on must open with the new one. Writes
    /// take turns, so what this transaction sees holds until its end.
    fn keep_up(&self, tx: &mut Tx<'_>) -> Result<(), VaultError> {
        let wrapped = tx.query_opt("SELECT wrapped FROM secret WHERE name = 'terms'", &[], |row| {
            Ok::<_, VaultError>(row.blob(0)?.to_vec())
        })?;
        match wrapped {
            Some(wrapped) => self.unwrap_key(&secret_place("terms"), &wrapped).map(drop),
            None => Ok(()),
        }
    }

    /// Unwraps a key. When the master key was changed by another process, the new one is read from its source, or from
    /// beside it while that process is between its commit and the renaming of the file.
    fn unwrap_key(&self, place: &Aad, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        if let Ok(raw) = self.wrapping.read().unwrap_or_else(PoisonError::into_inner).open(place, wrapped) {
            return Ok(raw);
        }
        let KeySource::File(path) = &self.source else { return Err(VaultError::DoesNotOpen) };
        for path in [path.clone(), path.with_extension("next")] {
            let Ok(fresh) = KeySource::File(path).load(&kernel::SystemRng, false) else { continue };
            let wrapping = DataKey::from_raw(&fresh.key_encryption_key())?;
            if let Ok(raw) = wrapping.open(place, wrapped) {
                *self.wrapping.write().unwrap_or_else(PoisonError::into_inner) = wrapping;
                return Ok(raw);
            }
        }
        Err(VaultError::DoesNotOpen)
    }
}

/// Opens the first secret with the master key, or with the next one when a rotation was cut off after its commit.
fn open_terms(db: &Db, source: &KeySource, rng: &Arc<dyn Rng>, empty: bool) -> Result<(DataKey, Terms), VaultError> {
    let open = |source: &KeySource| {
        let wrapping = DataKey::from_raw(&source.load(&**rng, empty)?.key_encryption_key())?;
        let terms = Terms::new(&secret_with(db, &wrapping, "terms", rng)?);
        Ok((wrapping, terms))
    };
    match (open(source), source) {
        (Err(VaultError::Master(why)), KeySource::File(path)) => {
            let next = path.with_extension("next");
            if !next.exists() {
                return Err(VaultError::Master(why));
            }
            let opened = open(&KeySource::File(next.clone()))?;
            std::fs::rename(&next, path).map_err(|e| VaultError::Master(format!("{}: {e}", path.display())))?;
            Ok(opened)
        }
        (result, _) => result,
    }
}

/// The place a secret is sealed for is its name; the numbers stay 0.
const fn secret_place(name: &'static str) -> Aad {
    Aad::new(name, 0, 0, 0)
}

fn secret_with(db: &Db, wrapping: &DataKey, name: &'static str, rng: &Arc<dyn Rng>) -> Result<Vec<u8>, VaultError> {
    if !SECRETS.contains(&name) {
        return Err(VaultError::Master(format!("{name} is no secret that a rotation would know of")));
    }
    let fresh = wrapping.seal(&**rng, &secret_place(name), &bytes::<32>(&**rng))?;
    let find = move |tx: &mut Tx<'_>| {
        tx.query_opt("SELECT wrapped FROM secret WHERE name = ?1", &[name.into()], |row| {
            Ok::<_, VaultError>(row.blob(0)?.to_vec())
        })
    };
    let found = match db.read_blocking(find)? {
        Some(found) => found,
        None => db
            .write_blocking(move |tx| {
                tx.execute(
                    "INSERT INTO secret (name, wrapped) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    &[name.into(), (&fresh).into()],
                )?;
                find(tx)
            })?
            .ok_or(VaultError::NoKey)?,
    };
    wrapping.open(&secret_place(name), &found).map_err(|_| {
        VaultError::Master("this master key does not open this database: put back the one it was made with".into())
    })
}

/// Changes the master key: rewraps every small key in one transaction and replaces the file.
///
/// The new key is on disk (`….next`) before the database changes, so that a crash in between loses nothing: whichever
/// of the two opens the database is the right one.
pub fn rotate(db: &Db, path: &std::path::Path, rng: &Arc<dyn Rng>) -> Result<u64, VaultError> {
    let old = DataKey::from_raw(&KeySource::File(path.to_owned()).load(&**rng, false)?.key_encryption_key())?;
    let next = MasterKey::generate(&**rng);
    let beside = path.with_extension("next");
    master::write_file(&beside, &next)?;
    let new = DataKey::from_raw(&next.key_encryption_key())?;
    let chance = Arc::clone(rng);
    let count = db.write_blocking(move |tx| {
        let keys = tx.query("SELECT owner, wrapped FROM data_key", &[], |row| {
            Ok::<_, VaultError>((row.int(0)?, row.blob(1)?.to_vec()))
        })?;
        for (owner, wrapped) in &keys {
            let raw = old.open(&key_place(*owner), wrapped)?;
            let wrapped = new.seal(&*chance, &key_place(*owner), &raw)?;
            tx.execute("UPDATE data_key SET wrapped = ?2 WHERE owner = ?1", &[(*owner).into(), (&wrapped).into()])?;
        }
        for name in SECRETS {
            let found = tx.query_opt("SELECT wrapped FROM secret WHERE name = ?1", &[name.into()], |row| {
                Ok::<_, VaultError>(row.blob(0)?.to_vec())
            })?;
            if let Some(wrapped) = found {
                let raw = old.open(&secret_place(name), &wrapped)?;
                let wrapped = new.seal(&*chance, &secret_place(name), &raw)?;
                tx.execute("UPDATE secret SET wrapped = ?2 WHERE name = ?1", &[name.into(), (&wrapped).into()])?;
            }
        }
        Ok::<_, VaultError>(keys.len() as u64)
    })?;
    master::write_file(path, &next)?;
    let _ = std::fs::remove_file(beside);
    Ok(count)
}
