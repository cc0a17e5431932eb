//! Ten thousand drafts that were tampered with after the patient made a code for them, by somebody who can write to the
//! database and holds every key: what is stored opens and says something else, and the code still stands beside it.

use super::handed::{self, Table};
use super::model::{Act, Change, CodeForm};
use super::service::{Held, redeem};
use super::store::{self, Detail, Edit};
use super::{EditState, code};
use crate::Access;
use crate::error::ConsentError;
use crate::model::Party;
use crate::tests::{ANN, NOW, Town, on_each_engine};
use db::{DbError, Tx};
use kernel::{Ctx, Rng, SeededRng, rng::bytes};
use ledger::House;
use std::sync::mpsc;

const CODE: &str = "12345678";

struct Chance(SeededRng);

impl Chance {
    fn below(&self, end: usize) -> usize {
        (u64::from_le_bytes(bytes::<8>(&self.0 as &dyn Rng)) % end as u64) as usize
    }

    /// One letter more, fewer or other.
    fn bend(&self, text: &mut String) {
        let mut letters: Vec<char> = text.chars().collect();
        let letter = char::from(b'a' + self.below(26) as u8);
        match (self.below(3), letters.len()) {
            (0, 1..) => drop(letters.remove(self.below(letters.len()))),
            (1, 1..) => {
                let at = self.below(letters.len());
                letters[at] = if letters[at] == letter { '~' } else { letter };
            }
            _ => letters.insert(self.below(letters.len() + 1), letter),
        }
        *text = letters.into_iter().collect();
    }
}

fn draft(id: i64, account: i64) -> Edit {
    let party = |id: &str| Party { id: id.to_owned(), name: id.to_owned() };
    let change = |act, id: &str, version, resource: &str, before: &str| Change {
        act,
        kind: "Condition".to_owned(),
        id: id.to_owned(),
        version,
        resource: resource.to_owned(),
        before: before.to_owned(),
    };
    let changes = vec![
        change(Act::Add, "a", 0, "{\"code\":{\"text\":\"Asthma\"}}", ""),
        change(Act::Correct, "b", 3, "{\"code\":{\"text\":\"Gout\"}}", "{\"code\":{\"text\":\"Rheuma\"}}"),
        change(Act::Remove, "c", 1, "", "{\"code\":{\"text\":\"Flu\"}}"),
    ];
    let detail = Detail {
        patient: party("ann"),
        author: party("doctor"),
        organization: None,
        reason: "Found at today's visit".to_owned(),
        changes,
    };
    let state = EditState::Waiting.code();
    Edit { id, patient: ANN, account, state, created: NOW.0, version: 1, code_until: None, detail }
}

/// Changes one thing that the patient approved.
fn tamper(edit: &mut Edit, chance: &Chance) {
    let changes = &mut edit.detail.changes;
    let at = chance.below(changes.len());
    let one = &mut changes[at];
    match chance.below(11) {
        0 => chance.bend(&mut edit.detail.reason),
        1 => edit.version += 1 + chance.below(9) as i64,
        2 => one.act = if one.act == Act::Add { Act::Remove } else { Act::Add },
        3 => chance.bend(&mut one.kind),
        4 => chance.bend(&mut one.id),
        5 => one.version += 1 + chance.below(9) as i64,
        6 => chance.bend(&mut one.resource),
        7 => chance.bend(&mut one.before),
        8 => drop(changes.remove(at)),
        9 => changes.rotate_left(1 + chance.below(2)),
        _ => changes.insert(at, changes[at].clone()),
    }
}

/// Tries the right code on as many tampered drafts; gives how many of them it committed.
fn committed(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, count: usize) -> Result<usize, ConsentError> {
    let chance = Chance(SeededRng::new(20_261_122));
    let good = draft(1, 103);
    store::insert(tx, house, &good)?;
    let content = |edit: &Edit| {
        code::content([edit.patient, edit.account, edit.id, edit.version], &edit.detail.reason, &edit.detail.changes)
    };
    let term = code::term(&house.vault, &content(&good), CODE);
    let form = CodeForm { code: CODE.to_owned() };
    let access = Access::open(ctx).map_err(|_| ConsentError::NotSignedIn)?;
    let mut landed = 0;
    for _ in 0..count {
        let mut edit = good.clone();
        tamper(&mut edit, &chance);
        assert_ne!(edit.detail != good.detail, edit.version != good.version, "exactly one thing is another");
        store::rewrite(tx, house, &edit)?;
        handed::keep(ctx, tx, (Table::Edit, good.id), &term, code::until(NOW))?;
        match redeem(ctx, &access, house, tx, good.id, Some(&form))? {
            Held::Wrong(left) => assert_eq!(left, code::TRIES - 1),
            Held::Approved(_) | Held::NoCode => landed += 1,
        }
    }
    // The code itself is right: the draft as it was is committed by it.
    store::rewrite(tx, house, &good)?;
    handed::keep(ctx, tx, (Table::Edit, good.id), &term, code::until(NOW))?;
    assert!(matches!(redeem(ctx, &access, house, tx, good.id, Some(&form))?, Held::Approved(_)));
    Ok(landed)
}

#[test]
fn a_code_for_one_content_never_commits_any_of_ten_thousand_tampered_drafts() {
    on_each_engine(|town: &Town| {
        // Each asks the database several times: a server of its own is slower to ask.
        let count = if town.house.db.name() == "SQLite" { 10_000 } else { 2_000 };
        let (send, receive) = mpsc::channel();
        let ctx = town.doctor();
        let undone: Result<(), DbError> = town.write(move |house, tx| {
            let _ = send.send(committed(tx, house, &ctx, count));
            Err(DbError::Failed("undo".into()))
        });
        assert!(undone.is_err());
        assert_eq!(receive.recv().unwrap().unwrap(), 0);
    });
}
