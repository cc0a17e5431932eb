//! Names of people and organizations, found by the beginning of each of their words: who looks for the Riverside Heart Clinic may
//! remember the heart. FHIR lets a server say so: `name` matches a portion of an organization's name, and of a person's what
//! the server defines.
//!
//! Rows of the index that are here from before are filled in once, stretch by stretch: nothing is read out of the database by
//! it, and it needs no access.

use crate::error::Error;
use crate::index::{PREFIX_MAX, Rows, prefix_hash};
use crate::store;
use db::{Column, Sql, Tx, Value};
use fhir::Kind;
use fhir::search::{Term, Value as Found, extract, param, query::fold};
use kernel::Problem;
use ledger::House;
use vault::{Terms, VaultError};

const KINDS: [Kind; 3] = [Kind::Organization, Kind::Practitioner, Kind::Patient];

/// No name has more words; what pretends to be one is found by its first.
const MOST_WORDS: usize = 32;

/// What a resource is found by besides the first letters of its whole names.
pub fn hashes(terms: &Terms, kind: Kind, found: &[Term<'_>]) -> Vec<(i64, i64)> {
    let mut out = Vec::new();
    let Some(name) = KINDS.contains(&kind).then(|| param(kind, "name")).flatten() else { return out };
    for term in found.iter().filter(|term| term.param == name.code) {
        let Found::Text(text) = &term.value else { continue };
        let folded = fold(text);
        for from in words(&folded).take(MOST_WORDS) {
            let ends = from.char_indices().map(|(at, c)| at + c.len_utf8()).take(PREFIX_MAX);
            out.extend(ends.map(|end| (name.code, prefix_hash(terms, name.code, &from[..end]))));
        }
    }
    out
}

/// The text from each word on but the first.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    let mut between = false;
    folded.char_indices().filter_map(move |(at, c)| {
        let begins = std::mem::replace(&mut between, !c.is_alphanumeric()) && c.is_alphanumeric();
        begins.then(|| &folded[at..])
    })
}

/// Rows that one transaction fills in: whoever writes meanwhile waits for no more than these.
const AT_ONCE: i64 = 200;

/// How far it has come: the number of a kind, and the last id of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(usize, Option<i64>);

impl Place {
    /// Nothing is the beginning.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let Some((kind, after)) = bytes.split_first() else { return Some(Self::default()) };
        let after = if after.is_empty() { None } else { Some(i64::from_le_bytes(after.try_into().ok()?)) };
        Some(Self(usize::from(*kind), after))
    }

    pub fn bytes(self) -> Vec<u8> {
        let mut out = vec![u8::try_from(self.0).unwrap_or(u8::MAX)];
        out.extend(self.1.into_iter().flat_map(i64::to_le_bytes));
        out
    }
}

/// Fills in the next stretch of what was written before names were found by each word; the place to go on from, or `None` when
/// all is done.
pub async fn fill_in(house: &House, from: Place) -> Result<Option<Place>, Problem> {
    let inside = house.clone();
    house.db.write(move |tx| stretch(tx, &inside, from)).await.map_err(Problem::from)
}

fn stretch(tx: &mut Tx<'_>, house: &House, Place(at, after): Place) -> Result<Option<Place>, Error> {
    let Some(kind) = KINDS.get(at).copied() else { return Ok(None) };
    let mut sql = Sql::new("SELECT ");
    sql.push(store::HEAD).push(", r.body, r.keys FROM resource r WHERE r.state = 0 AND r.kind = ").int(kind.code());
    if let Some(after) = after {
        sql.push(" AND r.idh > ").int(after);
    }
    sql.push(" ORDER BY r.idh LIMIT ").int(AT_ONCE);
    let read = |row: &db::Row<'_, '_>| {
        Ok::<_, Error>((store::head(row)?, row.blob(store::BODY)?.to_vec(), row.blob(store::BODY + 1)?.to_vec()))
    };
    let found = tx.rows(&sql, read)?;
    for (head, body, keys) in &found {
        let stored = match store::open(tx, house, head, body) {
            // Who was erased is found by nothing.
            Err(Error::Vault(VaultError::NoKey)) => continue,
            stored => stored?,
        };
        let node = fhir::json::parse(&stored.json).map_err(|_| Problem::internal())?;
        let mut terms = Vec::new();
        extract(kind, &node, &mut terms);
        add(tx, head.rid, keys, hashes(house.vault.terms(), kind, &terms))?;
    }
    Ok(Some(match found.last() {
        Some((head, ..)) if found.len() as i64 == AT_ONCE => Place(at, Some(head.idh)),
        _ => Place(at + 1, None),
    }))
}

/// Adds these to what a row is found by, and to its own list of that.
fn add(tx: &mut Tx<'_>, rid: i64, keys: &[u8], mut new: Vec<(i64, i64)>) -> Result<(), Error> {
    new.sort_unstable();
    new.dedup();
    if new.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::from_keys(keys).ok_or_else(|| db::DbError::Failed("a row's keys cannot be read".into()))?;
    let (p, h): (Vec<i64>, Vec<i64>) = new.iter().copied().unzip();
    // Some may be there: a word is also the beginning of another name, and a stretch may come twice.
    let columns = [("p", Column::Int(&p)), ("h", Column::Int(&h)), ("rid", Column::Const(rid))];
    tx.delete_many("str", &columns)?;
    tx.insert_many("str", &columns)?;
    rows.str.extend(new);
    rows.str.sort_unstable();
    rows.str.dedup();
    tx.execute("UPDATE resource SET keys = ?2 WHERE rid = ?1", &[rid.into(), Value::Blob(&rows.to_keys())])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_but_the_first_begins_a_text() {
        let of = |text: &'static str| words(text).collect::<Vec<_>>();
        assert_eq!(of("riverside heart-clinic"), ["heart-clinic", "clinic"]);
        assert_eq!(of("st. mary's"), ["mary's", "s"]);
        assert_eq!(of("clinic"), [""; 0]);
    }

    #[test]
    fn a_place_is_what_was_written() {
        for place in [Place::default(), Place(2, None), Place(1, Some(-5))] {
            assert_eq!(Place::read(&place.bytes()), Some(place));
        }
        assert_eq!(Place::read(b""), Some(Place::default()));
        assert_eq!(Place::read(b"123"), None);
    }
}
