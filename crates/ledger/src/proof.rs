//! Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2).

use crate::tree::{Hash, node_hash};
use crate::{LedgerError, store};
use db::Tx;

/// The audit path of leaf `seq` in the tree of the first `size` entries, from the leaf upwards.
pub fn inclusion(tx: &mut Tx<'_>, seq: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
    let (now, _) = store::head(tx)?;
    if seq >= size || size > now {
        return Err(LedgerError::OutOfRange(seq, size.min(now)));
    }
    let mut path = Vec::new();
    inclusion_path(tx, seq, 0, size, &mut path)?;
    Ok(path)
}

/// Proof that the tree of `to` entries continues the tree of `from`.
pub fn consistency(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<Vec<Hash>, LedgerError> {
    let (now, _) = store::head(tx)?;
    if from > to {
        return Err(LedgerError::Backwards(from, to));
    }
    if to > now {
        return Err(LedgerError::OutOfRange(to, now));
    }
    let mut path = Vec::new();
    if from > 0 && from < to {
        subproof(tx, from, 0, to, true, &mut path)?;
    }
    Ok(path)
}

/// The largest power of two below `n`, for `n` > 1.
const fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The root over the leaves from `low` to `high`.
fn range(tx: &mut Tx<'_>, low: u64, high: u64) -> Result<Hash, LedgerError> {
    let n = high - low;
    if n.is_power_of_two() && low.is_multiple_of(n) {
        let level = n.trailing_zeros();
        return store::subtree(tx, level, low >> level);
    }
    let k = split(n);
    Ok(node_hash(&range(tx, low, low + k)?, &range(tx, low + k, high)?))
}

fn inclusion_path(tx: &mut Tx<'_>, seq: u64, low: u64, high: u64, path: &mut Vec<Hash>) -> Result<(), LedgerError> {
    if high - low == 1 {
        return Ok(());
    }
    let middle = low + split(high - low);
    if seq < middle {
        inclusion_path(tx, seq, low, middle, path)?;
        path.push(range(tx, middle, high)?);
    } else {
        inclusion_path(tx, seq, middle, high, path)?;
        path.push(range(tx, low, middle)?);
    }
    Ok(())
}

/// SUBPROOF(m, D[low:high], complete) of the RFC, with `m` counted from the start of the log.
fn subproof(
    tx: &mut Tx<'_>,
    m: u64,
    low: u64,
    high: u64,
    complete: bool,
    path: &mut Vec<Hash>,
) -> Result<(), LedgerError> {
    if m == high {
        if !complete {
            path.push(range(tx, low, high)?);
        }
        return Ok(());
    }
    let middle = low + split(high - low);
    if m <= middle {
        subproof(tx, m, low, middle, complete, path)?;
        path.push(range(tx, middle, high)?);
    } else {
        subproof(tx, m, middle, high, false, path)?;
        path.push(range(tx, low, middle)?);
    }
    Ok(())
}
