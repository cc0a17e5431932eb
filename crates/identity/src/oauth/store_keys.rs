//! The SQL of the keys that tokens are signed with.

use super::jose::SigningKey;
use super::keys::Kept;
use db::{DbError, Tx};
use kernel::Timestamp;
use ledger::House;
use vault::{Aad, DIRECTORY, Vault, VaultError};

const fn place(id: i64) -> Aad {
    Aad::new("oauth key", id, 0, 0)
}

/// All keys, oldest first.
pub fn all(tx: &mut Tx<'_>, vault: &Vault) -> Result<Vec<Kept>, VaultError> {
    let rows = tx.query("SELECT key_id, created, sealed FROM oauth_key ORDER BY key_id", &[], |row| {
        Ok::<_, DbError>((row.int(0)?, Timestamp(row.int(1)?), row.blob(2)?.to_vec()))
    })?;
    let own = vault.key(tx, DIRECTORY)?;
    let open = |(id, created, sealed): (i64, Timestamp, Vec<u8>)| {
        let document = own.open(&place(id), &sealed)?;
        let key = SigningKey::from_pkcs8(&document).ok_or(VaultError::DoesNotOpen)?;
        Ok(Kept { id, created, key })
    };
    rows.into_iter().map(open).collect()
}

/// Makes a key and keeps it.
pub fn make(tx: &mut Tx<'_>, house: &House) -> Result<(), VaultError> {
    let document = SigningKey::generate().ok_or(VaultError::DoesNotOpen)?;
    let (id, now) = (tx.allocate("oauth_key", 1)?, house.clock.now());
    let sealed = house.vault.key(tx, DIRECTORY)?.seal(&*house.rng, &place(id), &document)?;
    tx.execute(
        "INSERT INTO oauth_key (key_id, created, sealed) VALUES (?1, ?2, ?3)",
        &[id.into(), now.into(), (&sealed).into()],
    )?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, id: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM oauth_key WHERE key_id = ?1", &[id.into()])?;
    Ok(())
}
