//! Files of saved entries and proofs against whoever alters them, by one byte or with the ledger's own key.

use super::{admit, head, log, on_each_engine, sign};
use crate::note::Vkey;
use crate::saved::{FORMAT, Saved, check, save};
use crate::{Hash, House, consistency, continues, inclusion, leaf_hash, root_of};
use kernel::{Id, Rng, SystemRng, rng::bytes};
use std::sync::Arc;

const PATIENT: i64 = 7;

fn saved(house: &House) -> Vec<u8> {
    let note = sign(house).note;
    let inside = house.clone();
    let write = move |tx: &mut db::Tx<'_>| {
        save(tx, &inside.ledger, &inside.vault, Id::new(PATIENT), (&note, Vec::new(), "2027-01-15".to_owned()))
    };
    house.db.read_blocking(write).unwrap()
}

/// Signs a content anew, as only the ledger itself can.
fn resigned(house: &House, mut content: Saved) -> Vec<u8> {
    content.signature = String::new();
    let text = |content: &Saved| [serde_json::to_vec_pretty(content).unwrap(), b"\n".to_vec()].concat();
    let signed = [b"healthsync ledger export\n".to_vec(), text(&content)].concat();
    content.signature =
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, house.ledger.sign_bytes(&signed));
    text(&content)
}

fn number(rng: &SystemRng, below: usize) -> usize {
    let drawn: [u8; 8] = bytes(rng as &dyn Rng);
    usize::try_from(u64::from_le_bytes(drawn) % below as u64).unwrap()
}

fn filled(house: &House) {
    admit(house, &[PATIENT, 8]);
    for _ in 0..20 {
        log(house, &[0, PATIENT, 8, PATIENT]);
    }
}

#[test]
fn a_saved_file_proves_every_entry_of_a_record_without_the_database() {
    on_each_engine(|place| {
        let house = place.house();
        filled(&house);
        let text = saved(&house);
        let found = check(&text, house.ledger.vkey().as_ref(), &[]).unwrap();
        assert_eq!((found.size, found.entries.len()), (80, 40));
        assert!(found.entries.iter().all(|entry| entry.what.as_deref() == Some("Observation")));
        let content: Saved = serde_json::from_slice(&text).unwrap();
        assert_eq!(content.format, FORMAT);
        let other = Vkey { key: [9; 32], ..house.ledger.vkey().unwrap() };
        assert!(check(&text, Some(&other), &[]).is_err());
    });
}

#[test]
fn every_one_of_a_thousand_random_changes_of_a_saved_file_is_found() {
    on_each_engine(|place| {
        let house = place.house();
        filled(&house);
        let (text, rng) = (saved(&house), SystemRng);
        let mut found = 0;
        while found < 1000 {
            let mut altered = text.clone();
            let (at, there) = (number(&rng, text.len()), number(&rng, text.len()));
            match number(&rng, 4) {
                0 => altered[at] = altered[at].wrapping_add(1 + u8::try_from(number(&rng, 255)).unwrap()),
                1 => drop(altered.remove(at)),
                2 => altered.swap(at, there),
                _ => altered.insert(at, b" 0a\"\n"[number(&rng, 5)]),
            }
            if altered != text {
                assert!(check(&altered, None, &[]).is_err(), "a change at {at} and {there} was not found");
                found += 1;
            }
        }
    });
}

#[test]
fn not_even_the_ledgers_own_key_makes_a_file_that_leaves_out_or_invents_an_entry() {
    on_each_engine(|place| {
        let house = place.house();
        filled(&house);
        let content: Saved = serde_json::from_slice(&saved(&house)).unwrap();
        assert!(check(&resigned(&house, content.clone()), None, &[]).is_ok());
        let refused = |change: &dyn Fn(&mut Saved), why: &str| {
            let mut altered = content.clone();
            change(&mut altered);
            let said = check(&resigned(&house, altered), None, &[]).unwrap_err();
            assert!(said.contains(why), "{said}");
        };
        refused(&|file| drop(file.entries.remove(3)), "number 3 is missing");
        refused(&|file| file.entries.swap(3, 4), "number 3 is missing");
        refused(&|file| file.entries[3].entry = file.entries[4].entry.clone(), "not in the ledger's tree");
        refused(&|file| file.entries[3].seq += 1, "not in the ledger's tree");
        refused(&|file| drop(file.entries[3].proof.pop()), "not in the ledger's tree");
        refused(&|file| file.checkpoint = file.checkpoint.replace("\n80\n", "\n81\n"), "under the checkpoint");
    });
}

#[test]
fn proofs_hold_for_every_size_and_fail_when_a_hash_is_changed_dropped_or_added() {
    on_each_engine(|place| {
        let house = place.house();
        let mut roots: Vec<Hash> = vec![head(&house).1];
        for _ in 0..40 {
            log(&house, &[0]);
            roots.push(head(&house).1);
        }
        let leaves: Vec<Hash> = super::leaves(&house).iter().map(|leaf| leaf_hash(leaf)).collect();
        let roots = Arc::new(roots);
        for to in 1..=40_u64 {
            for from in 0..to {
                let path = house.db.read_blocking(move |tx| inclusion(tx, from, to)).unwrap();
                let (leaf, root) = (leaves[from as usize], roots[to as usize]);
                assert_eq!(root_of(leaf, from, to, &path), Some(root), "{from} of {to}");
                let grown = house.db.read_blocking(move |tx| consistency(tx, from, to)).unwrap();
                let holds = |path: &[Hash]| continues((from, roots[from as usize]), (to, root), path);
                assert!(holds(&grown), "{from} to {to}");
                for at in 0..path.len() {
                    let mut wrong = path.clone();
                    wrong[at][0] ^= 1;
                    assert_ne!(root_of(leaf, from, to, &wrong), Some(root));
                }
                for at in 0..grown.len() {
                    let mut wrong = grown.clone();
                    wrong[at][31] ^= 1;
                    assert!(!holds(&wrong), "{from} to {to}: hash {at}");
                }
                assert!(!holds(&[grown.as_slice(), &[root]].concat()));
                assert_ne!(root_of(leaf, from, to, &[path.as_slice(), &[root]].concat()), Some(root));
            }
        }
    });
}
