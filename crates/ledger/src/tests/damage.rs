//! A thousand random damages of a real ledger in its database, each undone afterwards: by a thief who has the database, by
//! an insider who also has every patient's key, and by one who has stolen the log's own key and signs what they like.
//! `verify` finds them all; where nothing inside the database can contradict any more, what a witness keeps elsewhere does.
//!
//! Not damaged are the times beside checkpoints and co-signatures, which nothing proves, and the sealed bytes of an erased
//! patient, which nobody can open: their leaves are damaged.

mod forge;

use super::{Place, admit, ctx};
use crate::note::{KeyKind, Note, Vkey, cosign};
use crate::witness::{Request, judge};
use crate::{
    Action, Entry, Ground, Hash, House, LedgerError, append, checkpoint, consistency, latest, store_line, verify,
    verify_against,
};
use db::{DbError, Tx};
use forge::{Forger, Line, lines};
use kernel::{Id, Purpose, SeededRng, Timestamp};
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};

const PATIENTS: [i64; 4] = [5, 6, 7, 8];
const ERASED: i64 = 8;
const SIZE: i64 = 300;
const WITNESSES: [&str; 2] = ["one.example/w", "two.example/w"];

type Damage = fn(&mut Forger<'_, '_>) -> Result<(), LedgerError>;

/// With nothing but the database.
const THIEF: &[(&str, Damage)] = &[
    ("a bit of an entry", |f| entry(f, |f, sealed| f.bent(sealed))),
    ("an entry cut short", |f| entry(f, |f, sealed| sealed[..f.below(sealed.len())].to_vec())),
    ("an entry made longer", |f| entry(f, |f, sealed| [sealed, &[f.below(256) as u8]].concat())),
    ("a bit of a leaf", |f| {
        let at = f.below(f.lines.len());
        let leaf = f.bent(&f.lines[at].leaf);
        f.sql("UPDATE ledger SET leaf = ?1 WHERE seq = ?2", &[(&leaf).into(), (at as i64).into()])
    }),
    ("an entry replaced by another of its record", |f| {
        let (at, other) = two(f, |one, other| one.patient == other.patient);
        let Line { leaf, sealed, .. } = f.lines[other].clone();
        let sql = "UPDATE ledger SET leaf = ?1, entry = ?2 WHERE seq = ?3";
        f.sql(sql, &[(&leaf).into(), (&sealed).into(), (at as i64).into()])
    }),
    ("an entry removed", |f| {
        let at = f.below(f.lines.len()) as i64;
        f.sql("DELETE FROM ledger WHERE seq = ?1", &[at.into()])
    }),
    ("an entry removed, those after it moved up", |f| removed(f).and_then(|()| f.rewrite(false))),
    ("two entries swapped", |f| swapped(f).and_then(|()| f.rewrite(false))),
    ("an entry given to another record", |f| {
        let at = f.place();
        let other = f.one_of(&[5, 6, 7, 8, 0, 99]);
        f.lines[at].patient = if other == f.lines[at].patient { 98 } else { other };
        f.rewrite(false)
    }),
    ("a number in a record's sequence", |f| {
        let (at, number) = (f.below(f.lines.len()) as i64, 1000 + f.below(1000) as i64);
        f.sql("UPDATE ledger SET pseq = ?1 WHERE seq = ?2", &[number.into(), at.into()])
    }),
    ("an entry put in twice", |f| {
        let (from, to) = (f.place(), f.below(f.lines.len() + 1));
        f.lines.insert(to, f.lines[from].clone());
        f.rewrite(false)
    }),
    ("the tail removed", |f| {
        let from = f.below(f.lines.len()) as i64;
        f.sql("DELETE FROM ledger WHERE seq >= ?1", &[from.into()])
    }),
    ("the tail removed, the head made anew", |f| cut(f).and_then(|()| f.rewrite(false))),
    ("the tail removed with its checkpoints", |f| {
        cut(f)?;
        f.rewrite(false)?;
        f.forget_checkpoints()
    }),
    ("a bit of a checkpoint", |f| {
        let (size, note) = one_text(f, "SELECT size, note FROM checkpoint ORDER BY size")?;
        let note = bent_text(f, &note);
        f.sql("UPDATE checkpoint SET note = ?1 WHERE size = ?2", &[(&note).into(), size.into()])
    }),
    ("a checkpoint said to be of another size", |f| {
        let (size, _) = one_text(f, "SELECT size, note FROM checkpoint ORDER BY size")?;
        f.sql("UPDATE checkpoint SET size = ?1 WHERE size = ?2", &[(size - 1).into(), size.into()])
    }),
    ("a co-signed checkpoint removed", |f| {
        let (size, _) = one_text(f, "SELECT size, line FROM cosignature ORDER BY size, witness")?;
        f.sql("DELETE FROM checkpoint WHERE size = ?1", &[size.into()])
    }),
    ("a bit of a co-signature", |f| {
        let (size, line) = one_text(f, "SELECT size, line FROM cosignature ORDER BY size, witness")?;
        let bent = bent_text(f, &line);
        let sql = "UPDATE cosignature SET line = ?1 WHERE size = ?2 AND line = ?3";
        f.sql(sql, &[(&bent).into(), size.into(), (&line).into()])
    }),
    ("a co-signature in another's place", |f| {
        let all = f.texts("SELECT size, line FROM cosignature ORDER BY size, witness")?;
        let at = f.below(all.len());
        let (other, (size, line)) = (&all[(at + 1) % all.len()].1, &all[at]);
        let sql = "UPDATE cosignature SET line = ?1 WHERE size = ?2 AND line = ?3";
        f.sql(sql, &[other.into(), (*size).into(), line.into()])
    }),
    ("an inner node", |f| {
        let hash = f.lines[f.place()].leaf.clone();
        match f.below(3) {
            0 => f.sql("UPDATE ledger_node SET hash = ?1", &[(&hash).into()]),
            1 => f.sql("DELETE FROM ledger_node", &[]),
            _ => f.sql("INSERT INTO ledger_node (level, idx, hash) VALUES (8, 1, ?1)", &[(&hash).into()]),
        }
    }),
    ("the head", |f| {
        let stored = "SELECT frontier FROM ledger_head";
        let stored = f.tx.query_opt(stored, &[], |row| Ok::<_, LedgerError>(row.blob(0)?.to_vec()))?;
        let bent = f.bent(&stored.unwrap());
        match f.below(3) {
            0 => f.sql("UPDATE ledger_head SET frontier = ?1", &[(&bent).into()]),
            1 => f.sql("UPDATE ledger_head SET size = size + 1", &[]),
            _ => f.sql("DELETE FROM ledger_head", &[]),
        }
    }),
];

/// With the key of every patient besides: what is forged opens, has the right leaf, and stands in a tree of its own.
const FORGER: &[(&str, Damage)] = &[
    ("another time", |f| told(f, |f, entry| entry.time = Timestamp(f.below(1 << 40) as i64).to_rfc3339())),
    ("another actor", |f| told(f, |f, entry| entry.who.name = format!("Dr {}", f.below(1 << 30)))),
    ("another account", |f| told(f, |f, entry| entry.who.account = Some(1_000_000 + f.below(1000) as i64))),
    ("another ground", |f| told(f, |_, entry| entry.ground = Some(Ground::Operator))),
    ("another act", |f| told(f, |_, entry| entry.action = Action::Settle)),
    ("another count", |f| told(f, |f, entry| entry.count += 1 + f.below(9) as i64)),
    ("an entry removed without a gap", removed),
    ("two entries swapped", swapped),
    ("an entry that was never logged", |f| {
        let (from, to) = (f.place(), f.below(f.lines.len()));
        let invented = Line { leaf: Vec::new(), ..f.lines[from].clone() };
        f.lines.insert(to, invented);
        Ok(())
    }),
    ("the tail replaced by another", |f| {
        let from = SIZE as usize - 1 - f.below(60);
        for line in &mut f.lines[from..] {
            if let Some((_, _, entry)) = &mut line.open {
                line.leaf.clear();
                entry.request = "00000000000000ff".to_owned();
            }
        }
        Ok(())
    }),
];

fn entry(f: &mut Forger<'_, '_>, change: fn(&Forger<'_, '_>, &[u8]) -> Vec<u8>) -> Result<(), LedgerError> {
    let at = f.place();
    let sealed = change(f, &f.lines[at].sealed);
    f.sql("UPDATE ledger SET entry = ?1 WHERE seq = ?2", &[(&sealed).into(), (at as i64).into()])
}

fn told(f: &mut Forger<'_, '_>, change: fn(&Forger<'_, '_>, &mut Entry)) -> Result<(), LedgerError> {
    let at = f.place();
    let mut line = f.lines[at].clone();
    change(f, &mut line.open.as_mut().unwrap().2);
    line.leaf.clear();
    f.lines[at] = line;
    Ok(())
}

fn removed(f: &mut Forger<'_, '_>) -> Result<(), LedgerError> {
    let at = f.place();
    f.lines.remove(at);
    Ok(())
}

fn swapped(f: &mut Forger<'_, '_>) -> Result<(), LedgerError> {
    let (one, other) = two(f, |_, _| true);
    f.lines.swap(one, other);
    Ok(())
}

fn cut(f: &mut Forger<'_, '_>) -> Result<(), LedgerError> {
    let most = SIZE as usize;
    // The erased patient's last entry stays, so that the rest explains itself.
    let last = f.lines.iter().rposition(|line| line.patient == ERASED).unwrap();
    let keep = last + 1 + f.below(most - last - 1);
    f.lines.truncate(keep);
    Ok(())
}

/// Two different entries that can be opened.
fn two(f: &Forger<'_, '_>, fit: fn(&Line, &Line) -> bool) -> (usize, usize) {
    loop {
        let (one, other) = (f.place(), f.place());
        if one != other && fit(&f.lines[one], &f.lines[other]) {
            return (one, other);
        }
    }
}

fn one_text(f: &mut Forger<'_, '_>, sql: &str) -> Result<(i64, String), LedgerError> {
    let all = f.texts(sql)?;
    Ok(all[f.below(all.len())].clone())
}

/// One letter becomes another.
fn bent_text(f: &Forger<'_, '_>, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = f.below(letters.len());
    letters[at] = if letters[at] == 'x' { 'y' } else { 'x' };
    letters.into_iter().collect()
}

/// Three hundred entries of four patients and the system, one of them erased, with six checkpoints; both witnesses signed
/// two of them, the last one as well.
fn settled(place: &Place) -> (House, Vec<Vkey>, Note) {
    let house = place.house();
    admit(&house, &PATIENTS);
    let keys = WITNESSES.map(|name| (name, Ed25519KeyPair::from_seed_unchecked(&[name.as_bytes()[0]; 32]).unwrap()));
    for part in 0..6_i64 {
        let entries: Vec<Entry> = (0..SIZE / 6).map(|at| various(place, &house, part * SIZE / 6 + at)).collect();
        let (inside, erases) = (house.clone(), part == 3);
        let write = move |tx: &mut Tx<'_>| {
            entries.into_iter().for_each(|entry| append(tx, entry));
            if erases { inside.vault.erase(tx, ERASED) } else { Ok(()) }
        };
        house.db.write_blocking(write).unwrap();
        let note = Note::parse(&super::sign(&house).note).unwrap();
        for (name, key) in keys.iter().filter(|_| part % 3 == 2) {
            let (line, vkey) = (cosign(name, key, 1_800_000_000, &note.body).unwrap(), vkey(name, key));
            let (size, now) = (note.size, house.clock.now());
            house.db.write_blocking(move |tx| store_line(tx, size, &vkey, &line, now)).unwrap();
        }
    }
    let keys: Vec<Vkey> = keys.iter().map(|(name, key)| vkey(name, key)).collect();
    let ledger = Arc::clone(&house.ledger);
    let last = house.db.read_blocking(move |tx| latest(tx, &ledger)).unwrap().unwrap();
    (house, keys, Note::parse(&last.note).unwrap())
}

fn vkey(name: &str, key: &Ed25519KeyPair) -> Vkey {
    Vkey::new(name, KeyKind::Witness, key.public_key().as_ref()).unwrap()
}

fn various(place: &Place, house: &House, at: i64) -> Entry {
    place.clock.advance_ms(1000);
    let ctx = ctx(house);
    if at == SIZE / 6 * 4 - 1 {
        return Entry::new(&ctx, Id::new(ERASED), Action::Erase);
    }
    let living = if at >= SIZE / 2 { 3 } else { 4 };
    let patient = [0, 5, 6, 7, 8][at as usize * 7 % (living + 1)];
    let act = [Action::Read, Action::Search, Action::Create, Action::Refused][at as usize % 4];
    let entry = Entry::new(&ctx, Id::new(patient), act).what("Observation", at % 17);
    if at % 3 == 0 { entry.ground(Ground::Grant, Purpose::Treatment, Some(at % 5)) } else { entry }
}

/// What came of one damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    InTheDatabase,
    ByTheWitness,
    Nowhere,
}

#[derive(Clone, Copy)]
struct Case {
    damage: Damage,
    /// What comes after a forger's change of the lines: how far they go to hide it.
    hiding: usize,
}

/// The log is written anew; and signed anew; and the witnesses' lines are taken away.
const HIDING: [&str; 4] = ["", ", sealed anew", ", signed anew", ", signed anew without co-signatures"];

fn cases() -> Vec<(String, Case)> {
    // What a thief does is damage as it stands.
    let thief = THIEF.iter().map(|(name, damage)| ((*name).to_owned(), Case { damage: *damage, hiding: 0 }));
    let forged = FORGER.iter().flat_map(|(name, damage)| {
        (1..4).map(move |hiding| (format!("{name}{}", HIDING[hiding]), Case { damage: *damage, hiding }))
    });
    let cut: (&str, Damage) = ("the tail removed with all that was signed for it", cut);
    thief.chain(forged).chain([(cut.0.to_owned(), Case { damage: cut.1, hiding: 3 })]).collect()
}

/// Damages the log in this transaction, and looks for it as `healthsync ledger verify` does.
fn outcome(f: &mut Forger<'_, '_>, case: Case, kept: &Note) -> Result<Found, LedgerError> {
    (case.damage)(f)?;
    if case.hiding > 0 {
        f.rewrite(true)?;
    }
    if case.hiding > 1 {
        f.sign_again()?;
    }
    if case.hiding > 2 {
        f.forget_cosignatures()?;
    }
    let ledger = Arc::clone(&f.house.ledger);
    let altered = |found: Result<_, LedgerError>| match found {
        Ok(_) => Ok(false),
        Err(LedgerError::Altered(_)) => Ok(true),
        Err(other) => Err(other),
    };
    if altered(verify(f.tx, &ledger, |_| {}))? {
        return Ok(Found::InTheDatabase);
    }
    let contradicts = altered(verify_against(f.tx, &ledger, std::slice::from_ref(kept), |_| {}))?;
    Ok(if contradicts && refused(f, kept)? { Found::ByTheWitness } else { Found::Nowhere })
}

/// Whether a witness that signed `kept` refuses what this log says of itself now, with the best proof that it can make.
fn refused(f: &mut Forger<'_, '_>, kept: &Note) -> Result<bool, LedgerError> {
    let ledger = Arc::clone(&f.house.ledger);
    let now = checkpoint(f.tx, &ledger, f.house.clock.now())?;
    let proof: Vec<Hash> = consistency(f.tx, kept.size, now.size).unwrap_or_default();
    let request = Request { old: kept.size, proof, note: Note::parse(&now.note).unwrap() };
    Ok(judge(&request, &[ledger.vkey().unwrap()], Some((kept.size, kept.root))).is_err())
}

/// Tries so many damages, every kind in turn, and counts what came of each.
fn tried(place: &Place, count: usize) -> BTreeMap<(Found, String), usize> {
    let (house, witnesses, kept) = settled(place);
    let ledger = Arc::clone(&house.ledger);
    let report = house.db.read_blocking(move |tx| verify(tx, &ledger, |_| {})).unwrap();
    assert_eq!((report.size, report.checkpoints, report.cosignatures), (SIZE as u64, 6, 4));
    assert!(report.erased > 20 && witnesses.len() == 2);
    let inside = house.clone();
    let whole = house.db.read_blocking(move |tx| lines(tx, &inside)).unwrap();
    let mut found = BTreeMap::new();
    let cases = cases();
    for number in 0..count {
        let (name, case) = &cases[number % cases.len()];
        let (case, inside, lines, kept) = (*case, house.clone(), whole.clone(), kept.clone());
        let (send, receive) = mpsc::channel();
        let undone = house.db.write_blocking(move |tx| {
            let chance = SeededRng::new(20_261_122 + number as u64);
            let mut forger = Forger { tx, house: inside, chance: &chance, lines };
            let _ = send.send(outcome(&mut forger, case, &kept));
            Err::<(), _>(DbError::Failed("undo".into()))
        });
        assert!(undone.is_err());
        let one = receive.recv().unwrap_or_else(|_| panic!("damage {number} ({name}) could not be done"));
        *found.entry((one.unwrap(), name.clone())).or_insert(0) += 1;
    }
    let ledger = Arc::clone(&house.ledger);
    assert_eq!(house.db.read_blocking(move |tx| verify(tx, &ledger, |_| {})).unwrap(), report, "all was undone");
    found
}

fn all_are_found(place: &Place, count: usize) {
    let found = tried(place, count);
    for ((how, name), times) in &found {
        println!("{times:4} × {name}: {how:?}");
    }
    let of = |wanted: Found| found.iter().filter(|((how, _), _)| *how == wanted).map(|(_, times)| times).sum::<usize>();
    assert_eq!(of(Found::InTheDatabase) + of(Found::ByTheWitness), count, "every damage is found");
    // Only where the log's own key is stolen and nothing that witnesses said is left, or nothing at all of the tail.
    for (how, name) in found.keys() {
        let hidden = name.ends_with(HIDING[3]) || name.ends_with("all that was signed for it");
        assert_eq!(*how == Found::ByTheWitness, hidden, "{name} was found: {how:?}");
    }
}

#[test]
fn every_one_of_a_thousand_random_damages_of_the_database_is_found() {
    all_are_found(&Place::sqlite(), 1000);
}

#[test]
fn every_one_of_a_hundred_random_damages_is_found_on_postgresql() {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
        println!("TEST_DATABASE_URL names no server");
        return;
    };
    all_are_found(&Place { url: db::testing::fresh_postgres(&server), ..Place::sqlite() }, 104);
}
