//! Page tokens: where a page ended, on which snapshot, for which query; nobody can make one up.

use super::params::{Query, Sort};
use crate::model::Stored;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Problem;
use ledger::House;

/// Where the previous page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// The sort key of its last row.
    pub key: i64,
    pub rid: i64,
    /// The highest row number there was when the search began: later rows are not of this search.
    pub snapshot: i64,
}

/// What ties a token to its query.
fn seal(house: &House, query: &Query, plain: &[u8]) -> [u8; 32] {
    let mut content = plain.to_vec();
    content.extend_from_slice(query.kind.name().as_bytes());
    for (name, value) in &query.pairs {
        for part in [name, value] {
            content.extend_from_slice(&(part.len() as u32).to_le_bytes());
            content.extend_from_slice(part.as_bytes());
        }
    }
    house.vault.terms().digest(b"cursor", &content)
}

/// Covers, or uncovers, up to 32 bytes with a pad that follows from their seal: row numbers tell how much there is on
/// the whole server, which is nobody's business. The seal is over the plain bytes, so an altered token does not open.
pub fn cover(house: &House, seal: &[u8], bytes: &mut [u8]) {
    let pad = house.vault.terms().digest(b"cursor-pad", seal);
    bytes.iter_mut().zip(pad).for_each(|(byte, pad)| *byte ^= pad);
}

pub fn write(house: &House, query: &Query, last: &Stored, snapshot: i64) -> String {
    let key = match query.sort {
        Sort::Date { .. } => last.time,
        Sort::Updated { .. } => last.updated.0,
        Sort::Stored { .. } => last.rid,
    };
    let mut out = Vec::with_capacity(40);
    for number in [key, last.rid, snapshot] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let seal = seal(house, query, &out);
    cover(house, &seal[..16], &mut out);
    out.extend_from_slice(&seal[..16]);
    URL_SAFE_NO_PAD.encode(out)
}

pub fn read(house: &House, query: &Query) -> Result<Option<After>, Problem> {
    let Some(text) = &query.after else { return Ok(None) };
    let refused = || Problem::bad_request("This page link does not belong to this search: start the search again.");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
    let (covered, mac) = bytes.split_at_checked(24).ok_or_else(refused)?;
    let mut plain = covered.to_vec();
    cover(house, mac, &mut plain);
    if mac != &seal(house, query, &plain)[..16] {
        return Err(refused());
    }
    let (words, _) = plain.as_chunks::<8>();
    let [key, rid, snapshot] = words else { return Err(refused()) };
    let number = |word: &[u8; 8]| i64::from_le_bytes(*word);
    Ok(Some(After { key: number(key), rid: number(rid), snapshot: number(snapshot) }))
}
