//! Checking proofs without the log: what a witness and a saved file are checked with (RFC 9162 sections 2.1.3.2 and
//! 2.1.4.2). Pure; a proof that is too long, too short or wrong is refused.

use crate::tree::{Hash, node_hash};

/// The root that a leaf and its audit path lead to in a tree of `size`; `None` when the path has the wrong length.
pub fn root_of(leaf: Hash, seq: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let mut last = size.checked_sub(1)?;
    let mut node = seq;
    if node > last {
        return None;
    }
    let mut hash = leaf;
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node.is_multiple_of(2) && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether the tree `to` continues the tree `from`, each its size and root.
pub fn continues(from: (u64, Hash), to: (u64, Hash), path: &[Hash]) -> bool {
    let ((old, old_root), (new, new_root)) = (from, to);
    if old > new {
        return false;
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    // Every tree continues the empty one.
    if old == 0 {
        return path.is_empty();
    }
    let mut hashes = path.iter();
    let first = if old.is_power_of_two() { Some(&old_root) } else { hashes.next() };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old - 1, new - 1);
    while node % 2 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut before, mut after) = (*first, *first);
    for hash in hashes {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            before = node_hash(hash, &before);
            after = node_hash(hash, &after);
            while node.is_multiple_of(2) && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            after = node_hash(&after, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && before == old_root && after == new_root
}
