use crate::{Aad, DIRECTORY, FreshKey, KeySource, Vault, VaultError, pack, rotate, unpack};
use db::{Db, Options};
use kernel::{Rng, SystemRng, Timestamp};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

fn rng() -> Arc<dyn Rng> {
    Arc::new(SystemRng)
}

fn open_db(folder: &Path) -> Db {
    Db::open(&Options { url: folder.join("t.db").display().to_string() }).unwrap()
}

fn open(folder: &Path) -> Result<Arc<Vault>, VaultError> {
    let source = KeySource::File(folder.join("master.key"));
    Vault::open(&open_db(folder), source, rng(), Timestamp(0)).map(Arc::new)
}

fn store(folder: &Path, vault: &Arc<Vault>, owner: i64) -> FreshKey {
    let fresh = FreshKey::generate(&SystemRng);
    let (copy, vault) = (FreshKey { raw: fresh.raw }, Arc::clone(vault));
    open_db(folder).write_blocking(move |tx| vault.store_key(tx, &SystemRng, owner, &copy, Timestamp(0))).unwrap();
    fresh
}

const PLACE: Aad = Aad::new("resource", 7, 8, 1);

#[test]
fn sealed_bytes_open_only_at_their_place_and_unaltered() {
    let key = FreshKey::generate(&SystemRng).data_key().unwrap();
    let sealed = key.seal(&SystemRng, &PLACE, b"glucose 5.4").unwrap();
    assert_eq!(key.open(&PLACE, &sealed).unwrap(), b"glucose 5.4");
    assert!(!sealed.windows(7).any(|w| w == b"glucose"));
    for elsewhere in [Aad { version: 2, ..PLACE }, Aad { a: 8, ..PLACE }, Aad { place: "version", ..PLACE }] {
        assert!(key.open(&elsewhere, &sealed).is_err());
    }
    for i in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[i] ^= 1;
        assert!(key.open(&PLACE, &altered).is_err(), "byte {i}");
    }
    assert!(key.open(&PLACE, &sealed[..5]).is_err());
}

#[test]
fn the_same_text_is_sealed_differently_each_time() {
    let key = FreshKey::generate(&SystemRng).data_key().unwrap();
    let seal = || key.seal(&SystemRng, &PLACE, b"x").unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn packing_is_undone_by_unpacking() {
    let json = br#"{"resourceType":"Observation","status":"final"}"#.repeat(50);
    let packed = pack(&json);
    assert!(packed.len() < json.len() / 4);
    assert_eq!(unpack(&packed).unwrap(), json);
    let noise: Vec<u8> = kernel::rng::bytes::<300>(&SystemRng).to_vec();
    assert_eq!(unpack(&pack(&noise)).unwrap(), noise);
    assert_eq!(unpack(&pack(b"")).unwrap(), b"");
    for bad in [&[][..], &[9, 1], &[2, 1], &[2, 255, 255, 255, 255, 0], &[2, 9, 0, 0, 0, 1, 2, 3]] {
        assert!(unpack(bad).is_err());
    }
}

#[test]
fn the_master_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).unwrap();
    let path = folder.path().join("master.key");
    let first = std::fs::read(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    open(folder.path()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), first);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(open(folder.path()).err().unwrap().to_string().contains("chmod 600"));
}

#[test]
fn a_database_does_not_open_with_another_or_no_master_key() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).unwrap();
    let path = folder.path().join("master.key");
    std::fs::remove_file(&path).unwrap();
    assert!(open(folder.path()).err().unwrap().to_string().contains("put the file back"));
    let other = KeySource::Hex("11".repeat(32));
    let error = Vault::open(&open_db(folder.path()), other, rng(), Timestamp(0)).err().unwrap();
    assert!(error.to_string().contains("does not open this database"), "{error}");
}

#[test]
fn an_erased_owner_has_no_key_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open(folder.path()).unwrap();
    let db = open_db(folder.path());
    store(folder.path(), &vault, 5);
    let (a, b, c) = (Arc::clone(&vault), Arc::clone(&vault), Arc::clone(&vault));
    db.read_blocking(move |tx| a.key(tx, 5)).unwrap();
    db.write_blocking(move |tx| b.erase(tx, 5)).unwrap();
    assert!(matches!(db.read_blocking(move |tx| c.key(tx, 5)), Err(VaultError::NoKey)));
    assert!(matches!(db.write_blocking(move |tx| vault.erase(tx, 5)), Err(VaultError::NoKey)));
}

#[test]
fn whoever_reads_an_older_state_does_not_bring_a_destroyed_key_back() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open(folder.path()).unwrap();
    let (db, other) = (open_db(folder.path()), open_db(folder.path()));
    store(folder.path(), &vault, 5);
    let (a, b) = (Arc::clone(&vault), Arc::clone(&vault));
    db.read_blocking(move |tx| {
        tx.count("SELECT COUNT(*) FROM data_key", &[])?;
        other.write_blocking(move |tx| a.erase(tx, 5))?;
        // For this reader it is still there.
        b.key(tx, 5).map(drop)
    })
    .unwrap();
    assert!(matches!(db.read_blocking(move |tx| vault.key(tx, 5)), Err(VaultError::NoKey)));
}

#[test]
fn rotation_changes_the_master_key_and_everything_still_opens() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open(folder.path()).unwrap();
    let term = vault.terms().hash(b"t", &[b"x"]);
    let sealed = store(folder.path(), &vault, 5).data_key().unwrap().seal(&SystemRng, &PLACE, b"hello").unwrap();
    let path = folder.path().join("master.key");
    let before = std::fs::read(&path).unwrap();

    assert_eq!(rotate(&open_db(folder.path()), &path, &rng()).unwrap(), 2);

    assert_ne!(std::fs::read(&path).unwrap(), before);
    // A key that the vault from before makes now is wrapped so that it opens after a restart too.
    store(folder.path(), &vault, 6);
    let restarted = open(folder.path()).unwrap();
    assert!(open_db(folder.path()).read_blocking(move |tx| restarted.key(tx, 6)).is_ok());
    // The vault that was open goes on, and so does one opened afterwards.
    for vault in [vault, open(folder.path()).unwrap()] {
        assert_eq!(vault.terms().hash(b"t", &[b"x"]), term);
        let key = open_db(folder.path()).read_blocking(move |tx| vault.key(tx, 5)).unwrap();
        assert_eq!(key.open(&PLACE, &sealed).unwrap(), b"hello");
    }
    // The old key opens nothing any more.
    std::fs::write(&path, before).unwrap();
    assert!(open(folder.path()).is_err());
}

#[test]
fn a_rotation_cut_off_after_its_commit_is_finished_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).unwrap();
    let path = folder.path().join("master.key");
    let before = std::fs::read(&path).unwrap();
    rotate(&open_db(folder.path()), &path, &rng()).unwrap();
    // As if the machine had stopped before the file was replaced.
    std::fs::rename(&path, path.with_extension("next")).unwrap();
    std::fs::write(&path, before).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let vault = open(folder.path()).unwrap();
    assert!(open_db(folder.path()).read_blocking(move |tx| vault.key(tx, DIRECTORY)).is_ok());
}

#[test]
fn terms_depend_on_the_space_and_on_where_parts_end() {
    let folder = tempfile::tempdir().unwrap();
    let vault = open(folder.path()).unwrap();
    let terms = vault.terms();
    assert_eq!(terms.hash(b"a", &[b"xy"]), terms.hash(b"a", &[b"xy"]));
    assert_ne!(terms.hash(b"a", &[b"xy"]), terms.hash(b"b", &[b"xy"]));
    assert_ne!(terms.hash(b"a", &[b"x", b"y"]), terms.hash(b"a", &[b"xy"]));
}
