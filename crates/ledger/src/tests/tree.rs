//! Roots and proofs against ct-merkle, another implementation of RFC 6962.

use super::{Place, check, head, leaves, log, on_each_engine};
use crate::tree::{Frontier, leaf_hash};
use crate::{Hash, House, LedgerError, consistency, inclusion};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};
use sha2::Sha256;

type Tree = MemoryBackedTree<Sha256, Vec<u8>>;

fn prove_inclusion(house: &House, seq: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
    house.db.read_blocking(move |tx| inclusion(tx, seq, size))
}

fn prove_consistency(house: &House, from: u64, to: u64) -> Result<Vec<Hash>, LedgerError> {
    house.db.read_blocking(move |tx| consistency(tx, from, to))
}

/// The roots at every size, by the other implementation.
fn roots(leaves: &[Vec<u8>]) -> Vec<RootHash<Sha256>> {
    let mut tree = Tree::new();
    let mut roots = vec![tree.root()];
    for leaf in leaves {
        tree.push(leaf.clone());
        roots.push(tree.root());
    }
    roots
}

fn check_inclusion(house: &House, roots: &[RootHash<Sha256>], leaf: &Vec<u8>, seq: u64, size: u64) {
    let proof = prove_inclusion(house, seq, size).unwrap().concat();
    let proof = InclusionProof::<Sha256>::try_from_bytes(proof).unwrap();
    let verified = roots[size as usize].verify_inclusion(leaf, seq, &proof);
    assert!(verified.is_ok(), "leaf {seq} in {size}: {verified:?}");
    let other = roots[size as usize].verify_inclusion(&b"another".to_vec(), seq, &proof);
    assert!(other.is_err(), "another leaf at {seq} in {size}");
}

fn check_consistency(house: &House, roots: &[RootHash<Sha256>], from: u64, to: u64) {
    let proof = prove_consistency(house, from, to).unwrap().concat();
    let proof = ConsistencyProof::<Sha256>::try_from_bytes(proof).unwrap();
    let verified = roots[to as usize].verify_consistency(&roots[from as usize], &proof);
    assert!(verified.is_ok(), "{from} to {to}: {verified:?}");
}

#[test]
fn every_root_and_every_proof_up_to_forty_is_what_rfc_6962_says() {
    on_each_engine(|place| {
        let house = place.house();
        let mut heads = vec![head(&house)];
        for _ in 0..40 {
            log(&house, &[0]);
            heads.push(head(&house));
        }
        let leaves = leaves(&house);
        let roots = roots(&leaves);
        for (size, (counted, root)) in heads.iter().enumerate() {
            assert_eq!((*counted, root.as_slice()), (size as u64, roots[size].as_bytes().as_slice()), "size {size}");
        }
        for size in 1..=40_u64 {
            for seq in 0..size {
                check_inclusion(&house, &roots, &leaves[seq as usize], seq, size);
            }
            for from in 1..=size {
                check_consistency(&house, &roots, from, size);
            }
        }
    });
}

/// Grows the log to each size in turn and compares root and a spread of proofs.
fn compare_at(house: &House, sizes: &[u64], step: u64) {
    let mut marks = Vec::new();
    let mut now = 0;
    for &size in sizes {
        while now < size {
            let n = step.min(size - now);
            log(house, &vec![0; n as usize]);
            now += n;
        }
        marks.push(head(house));
    }
    let leaves = leaves(house);
    let roots = roots(&leaves);
    for (size, root) in marks {
        assert_eq!(root.as_slice(), roots[size as usize].as_bytes().as_slice(), "size {size}");
        let spread = [0, 1, 127, 128, 254, 255, 256, 257, 510, 511, 512, 767, 999, 4095, 32_768, 65_535];
        for seq in spread.into_iter().chain([size - 1]).filter(|seq| *seq < size) {
            check_inclusion(house, &roots, &leaves[seq as usize], seq, size);
        }
        let spread = [1, 2, 3, 128, 255, 256, 257, 511, 512, 768, 1000, 40_000, 65_536];
        for from in spread.into_iter().chain([size - 1, size]).filter(|from| *from <= size) {
            check_consistency(house, &roots, from, size);
        }
    }
}

#[test]
fn roots_and_proofs_hold_where_kept_subtrees_begin_and_end() {
    on_each_engine(|place| compare_at(&place.house(), &[255, 256, 257, 511, 512, 513, 1000], 100));
}

#[test]
fn roots_and_proofs_hold_beyond_the_second_kept_level() {
    let house = Place::sqlite().house();
    compare_at(&house, &[65_535, 65_536, 65_537], 8192);
    assert_eq!(check(&house).unwrap().size, 65_537);
}

#[test]
fn what_is_not_there_cannot_be_proved() {
    on_each_engine(|place| {
        let house = place.house();
        assert!(matches!(prove_inclusion(&house, 0, 0), Err(LedgerError::OutOfRange(0, 0))));
        log(&house, &[0; 5]);
        for (seq, size) in [(5, 5), (0, 0), (0, 6), (9, 20)] {
            assert!(matches!(prove_inclusion(&house, seq, size), Err(LedgerError::OutOfRange(..))), "{seq} in {size}");
        }
        assert!(matches!(prove_consistency(&house, 3, 2), Err(LedgerError::Backwards(3, 2))));
        for (from, to) in [(1, 6), (6, 6)] {
            assert!(matches!(prove_consistency(&house, from, to), Err(LedgerError::OutOfRange(..))), "{from} to {to}");
        }
        for (from, to) in [(0, 0), (0, 5), (5, 5)] {
            assert_eq!(prove_consistency(&house, from, to).unwrap(), [[0; 32]; 0], "{from} to {to}");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_frontier_has_the_root_of_the_whole_tree_and_survives_storage(leaves in proptest::collection::vec(any::<[u8; 32]>(), 0..700)) {
        let mut frontier = Frontier::default();
        let mut tree = Tree::new();
        for leaf in &leaves {
            frontier.push(leaf_hash(leaf), |_, _, _| {});
            tree.push(leaf.to_vec());
        }
        prop_assert_eq!(frontier.root().to_vec(), tree.root().as_bytes().to_vec());
        let stored = frontier.to_bytes();
        prop_assert_eq!(Frontier::from_parts(frontier.size, &stored), Some(frontier.clone()));
        prop_assert_eq!(Frontier::from_parts(frontier.size * 2 + 1, &stored), None);
    }
}
