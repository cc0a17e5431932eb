//! Asks the witnesses of the settings to co-sign each new checkpoint.
//!
//! Always holds: a co-signature is checked before it is kept; a witness that is down holds up nobody and is asked again,
//! ever later, up to once a minute; one that says that this ledger does not continue what it signed before is told to the
//! administrators. What is still to be asked follows from the database alone, so that nothing is lost by a restart, and
//! two replicas that ask the same do no harm.

use identity::outgoing;
use ledger::note::Note;
use ledger::witness::Request;
use ledger::{Checkpoint, House, LedgerError, Standing, State, Witness};
use notify::{Kind, Notice};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// How often it is looked whether there is a new checkpoint: well within five seconds.
const EVERY: Duration = Duration::from_secs(1);
const WITHIN: Duration = Duration::from_secs(3);
const FIRST_WAIT_MS: i64 = 2_000;
const LONGEST_WAIT_MS: i64 = 60_000;
/// A witness that signed something else meanwhile is asked again with its own size.
const MOST_TRIES: u32 = 3;

/// How often each witness failed in a row, and when to try again.
#[derive(Default)]
struct Waiting(Mutex<HashMap<String, (u32, i64)>>);

/// What came of asking.
enum Found {
    Signed(String),
    /// Nothing to be said yet: the tree grew meanwhile.
    Later,
    Not(State),
}

/// Asks for as long as the server runs.
pub async fn run(house: House) {
    if ledger::witnesses(&house).is_empty() {
        return;
    }
    loop {
        if let Err(error) = once(&house).await {
            tracing::warn!(%error, "the witnesses could not be asked");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Asks every witness that has not co-signed the last checkpoint, and is due.
pub async fn once(house: &House) -> Result<(), LedgerError> {
    let inside = house.clone();
    let read = house.db.read(move |tx| {
        let last = ledger::latest(tx, &inside.ledger)?;
        Ok::<_, LedgerError>((last, ledger::standing(tx, &inside)?))
    });
    let (Some(checkpoint), standing) = read.await? else { return Ok(()) };
    let mut asking = JoinSet::new();
    for one in standing.into_iter().filter(|one| is_due(house, one, &checkpoint)) {
        let (house, checkpoint) = (house.clone(), checkpoint.clone());
        asking.spawn(async move {
            let old = one.signed.map_or(0, |(size, _)| size);
            let found = ask(&house, &one.witness, &checkpoint, old).await;
            (one.witness, found)
        });
    }
    let answers = asking.join_all().await;
    if answers.is_empty() {
        return Ok(());
    }
    for (witness, found) in &answers {
        wait(house, witness, found);
    }
    keep(house, checkpoint.size, answers).await
}

fn is_due(house: &House, one: &Standing, checkpoint: &Checkpoint) -> bool {
    let waiting = house.memory::<Waiting>();
    let waiting = waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
    let due = waiting.get(&one.witness.key.to_string()).is_none_or(|(_, at)| house.clock.now().0 >= *at);
    due && one.signed.is_none_or(|(size, _)| size < checkpoint.size)
}

fn wait(house: &House, witness: &Witness, found: &Found) {
    let memory = house.memory::<Waiting>();
    let mut waiting = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    let key = witness.key.to_string();
    match found {
        Found::Signed(_) | Found::Later => drop(waiting.remove(&key)),
        Found::Not(_) => {
            let (failed, at) = waiting.entry(key).or_default();
            *failed += 1;
            *at = house.clock.now().0 + (FIRST_WAIT_MS << (*failed).min(10)).min(LONGEST_WAIT_MS);
        }
    }
}

async fn ask(house: &House, witness: &Witness, checkpoint: &Checkpoint, mut old: u64) -> Found {
    for _ in 0..MOST_TRIES {
        let (from, to) = (old, checkpoint.size);
        let Ok(proof) = house.db.read(move |tx| ledger::consistency(tx, from, to)).await else {
            // Only a database that was put back is shorter than what a witness signed.
            return Found::Not(State::Dissents);
        };
        let text = Request::text(old, &proof, &checkpoint.note);
        let url = format!("{}/add-checkpoint", witness.url);
        let (status, said) = match outgoing::tell(house, &url, text, WITHIN).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::info!(witness = %witness.key.name, %error, "a witness does not answer");
                return Found::Not(State::Silent);
            }
        };
        match (status, said.trim_end().parse::<u64>()) {
            (200, _) => return signed(witness, checkpoint, &said),
            (409, Ok(size)) if size == old => return Found::Not(State::Dissents),
            (409, Ok(size)) if size > checkpoint.size => return shorter(house, size).await,
            (409, Ok(size)) => old = size,
            (422, _) => return Found::Not(State::Dissents),
            (403 | 404, _) => return Found::Not(State::Stranger),
            _ => return Found::Not(State::Silent),
        }
    }
    Found::Later
}

/// A witness signed a larger tree: another replica may have been faster, or this database was put back.
async fn shorter(house: &House, size: u64) -> Found {
    match house.db.read(ledger::head).await {
        Ok((now, _)) if now >= size => Found::Later,
        Ok(_) => Found::Not(State::Dissents),
        Err(_) => Found::Later,
    }
}

/// The line of this witness in its answer, if it is one for this checkpoint.
fn signed(witness: &Witness, checkpoint: &Checkpoint, said: &str) -> Found {
    let Some(note) = Note::parse(&checkpoint.note) else { return Found::Not(State::Silent) };
    let mine = said.lines().map(|line| format!("{line}\n")).find(|line| {
        let with = Note { lines: line.clone(), ..note.clone() };
        with.cosigned_by(&witness.key).is_some()
    });
    mine.map_or(Found::Not(State::Stranger), Found::Signed)
}

async fn keep(house: &House, size: u64, answers: Vec<(Witness, Found)>) -> Result<(), LedgerError> {
    let inside = house.clone();
    let write = move |tx: &mut db::Tx<'_>| {
        let now = inside.clock.now();
        for (witness, found) in &answers {
            let state = match found {
                Found::Signed(line) => {
                    ledger::store_line(tx, size, &witness.key, line, now)?;
                    State::Signs
                }
                Found::Not(state) => *state,
                Found::Later => continue,
            };
            if ledger::note_state(tx, &witness.key, state, now)? {
                tell(tx, &inside, witness, state)?;
            }
        }
        Ok::<_, LedgerError>(())
    };
    house.db.write(write).await
}

fn tell(tx: &mut db::Tx<'_>, house: &House, witness: &Witness, state: State) -> Result<(), LedgerError> {
    let name = &witness.key.name;
    let (title, body) = match state {
        State::Signs | State::Silent => return Ok(()),
        State::Stranger => (
            format!("The witness {name} does not know this ledger"),
            "It co-signs nothing until its operator adds this ledger's key (healthsync ledger key), or its key in the \
             settings is corrected.",
        ),
        State::Dissents => (
            format!("The witness {name} refuses this ledger"),
            "This ledger does not continue what the witness signed before: it was put back from a copy, or changed. Do \
             not go on before you know which.",
        ),
    };
    Ok(notify::to_administrators(tx, house, &Notice::new(Kind::Security, title, body).link("/admin/ledger"))?)
}
