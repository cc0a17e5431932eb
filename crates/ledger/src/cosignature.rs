//! What witnesses said of this ledger, and all SQL of it.

use crate::note::{Note, Vkey};
use crate::{House, LedgerError};
use db::{DbError, Tx};
use kernel::Timestamp;
use std::sync::{Arc, PoisonError, RwLock};

/// A server at another institution that is asked to co-sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    pub url: String,
    pub key: Vkey,
}

/// How a witness stands to this ledger. The numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Signs = 0,
    Silent = 1,
    Stranger = 2,
    /// It says that this ledger does not continue what it signed before.
    Dissents = 3,
}

impl State {
    fn of(code: i64) -> Self {
        [Self::Signs, Self::Silent, Self::Stranger].into_iter().find(|s| *s as i64 == code).unwrap_or(Self::Dissents)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signs => "signs",
            Self::Silent => "silent",
            Self::Stranger => "stranger",
            Self::Dissents => "dissents",
        }
    }
}

/// A witness and what it said last.
#[derive(Clone, Debug)]
pub struct Standing {
    pub witness: Witness,
    pub state: Option<State>,
    pub since: Option<Timestamp>,
    /// The largest tree it co-signed, and when.
    pub signed: Option<(u64, Timestamp)>,
}

/// A checkpoint with the lines of the witnesses that are trusted now.
#[derive(Clone, Debug)]
pub struct Cosigned {
    pub size: u64,
    pub note: String,
    /// How many of them are right.
    pub count: usize,
}

#[derive(Default)]
struct Trusted(RwLock<Arc<Vec<Witness>>>);

/// Sets whom the settings name.
pub fn trust(house: &House, witnesses: Vec<Witness>) {
    *house.memory::<Trusted>().0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(witnesses);
}

pub fn witnesses(house: &House) -> Arc<Vec<Witness>> {
    Arc::clone(&house.memory::<Trusted>().0.read().unwrap_or_else(PoisonError::into_inner))
}

/// Each witness of the settings, in their order.
pub fn standing(tx: &mut Tx<'_>, house: &House) -> Result<Vec<Standing>, DbError> {
    let mut all = Vec::new();
    for witness in witnesses(house).iter() {
        let key = witness.key.to_string();
        let state =
            tx.query_opt("SELECT state, since FROM witness_state WHERE witness = ?1", &[(&key).into()], |row| {
                Ok::<_, DbError>((State::of(row.int(0)?), Timestamp(row.int(1)?)))
            })?;
        let signed = tx.query_opt(
            "SELECT size, time FROM cosignature WHERE witness = ?1 ORDER BY size DESC LIMIT 1",
            &[(&key).into()],
            |row| Ok::<_, DbError>((row.int(0)? as u64, Timestamp(row.int(1)?))),
        )?;
        all.push(Standing {
            witness: witness.clone(),
            state: state.map(|(state, _)| state),
            since: state.map(|(_, since)| since),
            signed,
        });
    }
    Ok(all)
}

/// The lines that are kept of a checkpoint, of the witnesses that are trusted now.
pub fn lines_of(tx: &mut Tx<'_>, house: &House, size: u64) -> Result<String, DbError> {
    let mut lines = String::new();
    for witness in witnesses(house).iter() {
        let line = tx.query_opt(
            "SELECT line FROM cosignature WHERE size = ?1 AND witness = ?2",
            &[(size as i64).into(), (&witness.key.to_string()).into()],
            |row| row.text(0).map(str::to_owned),
        )?;
        lines.extend(line);
    }
    Ok(lines)
}

/// The last checkpoint that any trusted witness co-signed, with all their lines.
pub fn cosigned(tx: &mut Tx<'_>, house: &House) -> Result<Option<Cosigned>, LedgerError> {
    let last = standing(tx, house)?.into_iter().filter_map(|one| one.signed).map(|(size, _)| size).max();
    let Some(size) = last else { return Ok(None) };
    let kept = tx.query_opt("SELECT note FROM checkpoint WHERE size = ?1", &[(size as i64).into()], |row| {
        row.text(0).map(str::to_owned)
    })?;
    let Some(note) = kept.and_then(|text| Note::parse(&text)) else { return Ok(None) };
    let text = note.with(&lines_of(tx, house, size)?);
    let count = Note::parse(&text)
        .map_or(0, |note| witnesses(house).iter().filter(|witness| note.cosigned_by(&witness.key).is_some()).count());
    Ok((count > 0).then_some(Cosigned { size, note: text, count }))
}

/// Keeps a line that was checked.
pub fn store_line(tx: &mut Tx<'_>, size: u64, key: &Vkey, line: &str, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO cosignature (size, witness, time, line) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (size, witness) DO UPDATE SET time = excluded.time, line = excluded.line",
        &[(size as i64).into(), (&key.to_string()).into(), now.into(), line.into()],
    )?;
    Ok(())
}

/// Notes how a witness stands; says whether that is news.
pub fn note_state(tx: &mut Tx<'_>, key: &Vkey, state: State, now: Timestamp) -> Result<bool, DbError> {
    let key = key.to_string();
    let before =
        tx.query_opt("SELECT state FROM witness_state WHERE witness = ?1", &[(&key).into()], |row| row.int(0))?;
    if before == Some(state as i64) {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO witness_state (witness, state, since) VALUES (?1, ?2, ?3)
         ON CONFLICT (witness) DO UPDATE SET state = excluded.state, since = excluded.since",
        &[(&key).into(), (state as i64).into(), now.into()],
    )?;
    Ok(true)
}
