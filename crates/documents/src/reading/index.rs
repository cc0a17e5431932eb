//! The blind index of words: keyed hashes with the patient inside, so the same word of two patients has two.

use crate::error::DocumentError;
use crate::model::Page;
use crate::rules::{self, Said};
use crate::store::Row;
use db::{Column, DbError, Tx};
use ledger::House;
use std::collections::{BTreeSet, HashSet};

/// Words of one page that are kept, the first of it. A page of print has a few hundred; a text without pages is one page.
const MOST: usize = 50_000;
/// Words of a question.
const ASKED: usize = 20;

fn hash(house: &House, patient: i64, word: &str) -> i64 {
    house.vault.terms().hash(b"document-word", &[&patient.to_le_bytes(), word.as_bytes()])
}

fn insert(tx: &mut Tx<'_>, house: &House, row: &Row, source: i64, words: &[String]) -> Result<(), DocumentError> {
    let hashes: BTreeSet<i64> = words.iter().take(MOST).map(|word| hash(house, row.patient, word)).collect();
    let hashes: Vec<i64> = hashes.into_iter().collect();
    if hashes.is_empty() {
        return Ok(());
    }
    tx.insert_many(
        "document_term",
        &[
            ("patient", Column::Const(row.patient)),
            ("h", Column::Int(&hashes)),
            ("rid", Column::Const(row.rid)),
            ("source", Column::Const(source)),
        ],
    )?;
    Ok(())
}

/// What is said of a document, found while it is being typed.
pub fn say(tx: &mut Tx<'_>, house: &House, row: &Row, said: &Said, file_name: &str) -> Result<(), DocumentError> {
    tx.execute("DELETE FROM document_term WHERE rid = ?1 AND source = 0", &[row.rid.into()])?;
    let kind = said.kind.as_deref().and_then(rules::kind_display);
    let parts = [said.title.as_deref(), said.organization.as_deref(), kind, Some(file_name)];
    let mut all: Vec<&str> = parts.into_iter().flatten().collect();
    all.extend(said.tags.iter().map(String::as_str));
    insert(tx, house, row, 0, &rules::beginnings(&all.join(" ")))
}

/// The words of a page.
pub fn page(tx: &mut Tx<'_>, house: &House, row: &Row, page: &Page) -> Result<(), DocumentError> {
    let words = page.lines.iter().flat_map(|line| &line.words).map(|word| word.t.as_str());
    let text = words.collect::<Vec<_>>().join(" ");
    tx.execute("DELETE FROM document_term WHERE rid = ?1 AND source = ?2", &[row.rid.into(), page.n.into()])?;
    insert(tx, house, row, page.n, &rules::words(&text))
}

/// Forgets what was read.
pub fn forget_text(tx: &mut Tx<'_>, rid: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM document_term WHERE rid = ?1 AND source > 0", &[rid.into()])?;
    tx.execute("DELETE FROM document_text WHERE rid = ?1", &[rid.into()])?;
    Ok(())
}

/// The documents of a patient that hold all words of a question; `None` when it asks for nothing. Which of them the caller may
/// see is for the caller's access to say.
pub fn find(tx: &mut Tx<'_>, house: &House, patient: i64, question: &str) -> Result<Option<HashSet<i64>>, DbError> {
    let words = rules::asked(question);
    // Signs alone, and letters without end, are no words: no document holds them.
    let (letters, mut found) = (!question.trim().is_empty(), None::<HashSet<i64>>);
    if words.is_empty() && letters {
        return Ok(Some(HashSet::new()));
    }
    for word in words.iter().take(ASKED) {
        let h = hash(house, patient, word);
        let sql = "SELECT DISTINCT rid FROM document_term WHERE patient = ?1 AND h = ?2";
        let with = tx.query(sql, &[patient.into(), h.into()], |row| row.int(0))?;
        let with: HashSet<i64> = with.into_iter().collect();
        found = Some(match found {
            Some(found) => found.intersection(&with).copied().collect(),
            None => with,
        });
    }
    Ok(found)
}
