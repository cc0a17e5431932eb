//! What entries can be picked by that the index does not hold: their words, who they are from, whether they are out of the usual.
//!
//! Bodies are sealed, so this is read out of them when somebody first asks, and kept in memory for a while. Always holds: it says
//! of an entry only what stands in that entry's own body, so that whoever may see the entry may pick by it; which entries there
//! are to pick from is asked under the caller's access each time. Deliberately absent: anything on disk.

use super::{Look, found, value};
use crate::error::Error;
use crate::index::{WHOLE_RECORD, id_hash};
use crate::model::Stored;
use crate::store::{self, Head};
use db::{DbError, Tx};
use fhir::search::query::fold;
use fhir::{Kind, Node};
use ledger::House;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};
use vault::{DataKey, Terms};

/// Records whose digest is in memory at once.
const RECORDS_MOST: usize = 16;
/// How long after its last use it stays, in milliseconds.
const KEPT_MS: i64 = 15 * 60 * 1000;
/// Letters of one entry that are searched.
const TEXT_MOST: usize = 2_000;
/// Bodies that are fetched while as many are read.
const STRETCH: usize = 512;
/// More processors than this are not taken from others, and a thread is not started for less.
const THREADS_MOST: usize = 4;
const SHARE_LEAST: usize = 64;

/// What a patient entered themselves is from them, and not from somebody in the directory.
pub const FROM_PATIENT: &str = "patient";

/// An entry of the record as the index and this digest know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub rid: i64,
    pub time: i64,
    pub marks: i64,
    version: i64,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    version: i64,
    text: u32,
    sources: u32,
    /// The visit it says it belongs to, and the visit that it is, as keyed hashes; 0 for none.
    visit: i64,
    itself: i64,
    unusual: bool,
}

/// Equal texts are kept once: ten thousand readings of one kind say the same words.
#[derive(Debug, Default)]
struct Texts {
    all: Vec<Arc<str>>,
    known: HashMap<Arc<str>, u32>,
}

impl Texts {
    fn number(&mut self, text: String) -> u32 {
        if let Some(number) = self.known.get(text.as_str()) {
            return *number;
        }
        let (text, number): (Arc<str>, u32) = (text.into(), self.all.len() as u32);
        self.all.push(Arc::clone(&text));
        self.known.insert(text, number);
        number
    }
}

#[derive(Debug, Default)]
pub struct Digest {
    lines: HashMap<i64, Line>,
    texts: Texts,
    sources: Texts,
}

#[derive(Debug, Default)]
struct Kept {
    used: i64,
    digest: Arc<Mutex<Digest>>,
}

/// The digests of this process.
#[derive(Debug, Default)]
struct Digests(Mutex<HashMap<i64, Kept>>);

/// What is erased leaves memory too.
pub fn forget(house: &House, patient: i64) {
    house.memory::<Digests>().0.lock().unwrap_or_else(PoisonError::into_inner).remove(&patient);
}

fn of_record(house: &House, patient: i64, now: i64) -> Arc<Mutex<Digest>> {
    let digests = house.memory::<Digests>();
    let mut all = digests.0.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|_, kept| kept.used > now - KEPT_MS);
    if all.len() >= RECORDS_MOST && !all.contains_key(&patient) {
        let oldest = all.iter().min_by_key(|(_, kept)| kept.used).map(|(patient, _)| *patient);
        oldest.map(|oldest| all.remove(&oldest));
    }
    let kept = all.entry(patient).or_default();
    kept.used = now;
    Arc::clone(&kept.digest)
}

/// What entries are to be picked by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// Only values out of the usual range.
    pub unusual: bool,
    /// Only what is from here: `Organization/…`, `Practitioner/…` or [`FROM_PATIENT`].
    pub by: Option<String>,
    /// Only what has all of these words, each by its beginning.
    pub words: Option<String>,
}

impl Pick {
    /// Whether there is anything to pick by.
    pub const fn asks(&self) -> bool {
        self.unusual || self.by.is_some() || self.words.is_some()
    }
}

/// The entries of the record under these conditions, with the versions they have now. `more` is added to the statement.
pub fn rows(tx: &mut Tx<'_>, look: &Look<'_>, more: &dyn Fn(&mut db::Sql)) -> Result<Vec<Row>, Error> {
    let mut sql = db::Sql::new("SELECT pt.rid, pt.lo, pt.marks, r.version FROM pt JOIN resource r ON r.rid = pt.rid");
    sql.push(" WHERE pt.patient = ").int(look.patient).push(" AND pt.p = ").int(WHOLE_RECORD);
    sql.push(" AND pt.h = 0 AND ");
    look.access.restrict(&mut sql, &consent::Columns::PATIENT_INDEX);
    more(&mut sql);
    sql.push(" ORDER BY pt.lo DESC, pt.rid DESC");
    tx.rows(&sql, |row| Ok(Row { rid: row.int(0)?, time: row.int(1)?, marks: row.int(2)?, version: row.int(3)? }))
}

/// Those of the caller's rows that are picked. `all` are all that the caller can see: an entry of a visit is from where the visit
/// was, as far as they see the visit.
pub fn picked(tx: &mut Tx<'_>, look: &Look<'_>, all: &[Row], pick: &Pick) -> Result<Vec<Row>, Error> {
    let digest = of_record(look.house, look.patient, look.ctx.now().0);
    let mut digest = digest.lock().unwrap_or_else(PoisonError::into_inner);
    digest.read(tx, look, all)?;
    Ok(digest.pick(all, pick))
}

/// What there is to pick by among the caller's rows.
#[derive(Debug, Default)]
pub struct Found {
    pub unusual: i64,
    /// By reference, what is told most first.
    pub sources: Vec<(String, i64)>,
}

pub fn found(tx: &mut Tx<'_>, look: &Look<'_>, all: &[Row]) -> Result<Found, Error> {
    let digest = of_record(look.house, look.patient, look.ctx.now().0);
    let mut digest = digest.lock().unwrap_or_else(PoisonError::into_inner);
    digest.read(tx, look, all)?;
    Ok(digest.count(all))
}

impl Digest {
    /// Reads the bodies of what is new or was changed: on all processors, while the next ones are fetched. What is read here is
    /// not shown, so that the record was looked at is told by whoever asks.
    fn read(&mut self, tx: &mut Tx<'_>, look: &Look<'_>, all: &[Row]) -> Result<(), Error> {
        let known = |row: &&Row| self.lines.get(&row.rid).is_some_and(|line| line.version == row.version);
        let fresh: Vec<i64> = all.iter().filter(|row| !known(row)).map(|row| row.rid).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let key = look.house.vault.key(tx, look.patient)?;
        let (key, terms) = (&*key, look.house.vault.terms());
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS_MOST);
        thread::scope(|scope| {
            let mut reading = Vec::new();
            for some in fresh.chunks(STRETCH) {
                let mut sealed = found::sealed(tx, look, some)?;
                reading.drain(..).try_for_each(|thread| self.take(thread))?;
                let share = sealed.len().div_ceil(threads).max(SHARE_LEAST);
                while !sealed.is_empty() {
                    let rest = sealed.split_off(sealed.len().saturating_sub(share));
                    reading.push(scope.spawn(move || read_all(key, terms, &rest)));
                }
            }
            reading.drain(..).try_for_each(|thread| self.take(thread))
        })
    }

    fn take(&mut self, thread: ScopedJoinHandle<'_, Result<Vec<Said>, Error>>) -> Result<(), Error> {
        let read = thread.join().map_err(|_| DbError::Failed("an entry could not be read for its words".into()))?;
        for Said { rid, mut line, text, sources } in read? {
            (line.text, line.sources) = (self.texts.number(text), self.sources.number(sources));
            self.lines.insert(rid, line);
        }
        Ok(())
    }

    /// Where the visits were that are among these rows.
    fn visits(&self, all: &[Row]) -> HashMap<i64, u32> {
        let lines = all.iter().filter_map(|row| self.lines.get(&row.rid));
        lines.filter(|line| line.itself != 0).map(|line| (line.itself, line.sources)).collect()
    }

    fn pick(&self, all: &[Row], pick: &Pick) -> Vec<Row> {
        let words = pick.words.as_deref().map(query);
        let says = |text: &Arc<str>| words.iter().flatten().all(|word| text.contains(word.as_str()));
        let texts: Vec<bool> = self.texts.all.iter().map(says).collect();
        let from = |list: &Arc<str>| pick.by.as_deref().is_none_or(|by| list.split('\n').any(|source| source == by));
        let sources: Vec<bool> = self.sources.all.iter().map(from).collect();
        let is = |list: &[bool], number: u32| list.get(number as usize).copied().unwrap_or_default();
        let visits = self.visits(all);
        let takes = |row: &&Row| {
            let Some(line) = self.lines.get(&row.rid) else { return false };
            let visited = || visits.get(&line.visit).is_some_and(|list| is(&sources, *list));
            (!pick.unusual || line.unusual) && is(&texts, line.text) && (is(&sources, line.sources) || visited())
        };
        all.iter().filter(takes).copied().collect()
    }

    fn count(&self, all: &[Row]) -> Found {
        let visits = self.visits(all);
        let mut counts: HashMap<(u32, Option<u32>), i64> = HashMap::new();
        let mut unusual = 0;
        for line in all.iter().filter_map(|row| self.lines.get(&row.rid)) {
            unusual += i64::from(line.unusual);
            *counts.entry((line.sources, visits.get(&line.visit).copied())).or_default() += 1;
        }
        let mut of_each: HashMap<&str, i64> = HashMap::new();
        let list = |number: u32| self.sources.all.get(number as usize).map_or("", |list| &**list);
        for ((own, visited), count) in counts {
            let mut names: Vec<&str> = list(own).split('\n').chain(visited.map_or("", list).split('\n')).collect();
            names.sort_unstable();
            names.dedup();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                *of_each.entry(name).or_default() += count;
            }
        }
        let mut sources: Vec<(String, i64)> = of_each.into_iter().map(|(name, n)| (name.to_owned(), n)).collect();
        sources.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Found { unusual, sources }
    }
}

/// What one body says, before equal texts are put together.
struct Said {
    rid: i64,
    line: Line,
    text: String,
    sources: String,
}

fn read_all(key: &DataKey, terms: &Terms, sealed: &[(Head, Vec<u8>)]) -> Result<Vec<Said>, Error> {
    sealed.iter().map(|(head, body)| said(terms, &store::open_with(key, head, body)?)).collect()
}

fn said(terms: &Terms, stored: &Stored) -> Result<Said, Error> {
    let node = found::parse(stored)?;
    let visit = |reference: &str| id_hash(terms, Kind::Encounter, reference.trim_start_matches("Encounter/"));
    let line = Line {
        version: stored.version,
        text: 0,
        sources: 0,
        visit: super::visit::reference_of(&node).map_or(0, visit),
        itself: if stored.kind == Kind::Encounter { visit(stored.id()) } else { 0 },
        unusual: stored.kind == Kind::Observation
            && value::of_observation(&node).is_some_and(|value| value.flag.is_some()),
    };
    Ok(Said { rid: stored.rid, line, text: text(&node), sources: sources(&node).join("\n") })
}

/// Letters and digits with one space before each word, so that the beginning of a word is found by what stands before it.
fn words(text: &str, out: &mut String) {
    for word in fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.push(' ');
        out.push_str(word);
    }
}

fn query(text: &str) -> Vec<String> {
    let mut all = String::new();
    words(text, &mut all);
    all.split(' ').filter(|word| !word.is_empty()).map(|word| format!(" {word}")).collect()
}

/// What an entry says in words and codes: not who it is about, and nothing that only a machine reads.
fn text(node: &Node<'_>) -> String {
    let mut out = String::new();
    gather(node, false, &mut out);
    if let Some((end, _)) = out.char_indices().nth(TEXT_MOST) {
        out.truncate(end);
    }
    out
}

fn gather(node: &Node<'_>, coding: bool, out: &mut String) {
    const SAYS: [&str; 9] =
        ["display", "text", "title", "description", "conclusion", "valueString", "comment", "name", "family"];
    for (name, value) in node.members() {
        match (name.as_ref(), value) {
            ("meta" | "subject" | "patient" | "beneficiary" | "extension" | "identifier", _) => {}
            (said, Node::String(text)) if SAYS.contains(&said) || (coding && said == "code") => words(text, out),
            (inner, value) if value.as_array().is_empty() => gather(value, inner == "coding", out),
            (inner, value) => value.as_array().iter().for_each(|item| gather(item, inner == "coding", out)),
        }
    }
}

/// Who an entry says it is from: people and organizations of the directory, and the patient for what they entered.
fn sources(node: &Node<'_>) -> Vec<String> {
    const KINDS: [&str; 2] = ["Organization/", "Practitioner/"];
    let mut found = Vec::new();
    references(node, &mut found);
    found.retain(|reference| KINDS.iter().any(|kind| reference.starts_with(kind)));
    if entered_by_patient(node) {
        found.push(FROM_PATIENT.to_owned());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the patient entered it.
pub fn entered_by_patient(node: &Node<'_>) -> bool {
    let tags = node.get("meta").map_or(&[][..], |meta| meta.array_of("tag"));
    tags.iter().any(|tag| tag.str_of("code") == Some(crate::change::PATIENT_TAG.1))
}

fn references(node: &Node<'_>, out: &mut Vec<String>) {
    for (name, value) in node.members() {
        match (name.as_ref(), value) {
            ("meta" | "contained" | "managingOrganization" | "generalPractitioner", _) => {}
            ("reference", Node::String(text)) => out.push(text.to_string()),
            (_, value) if value.as_array().is_empty() => references(value, out),
            (_, value) => value.as_array().iter().for_each(|item| references(item, out)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(json: &str) -> Node<'static> {
        fhir::json::parse(json.as_bytes()).unwrap().into_owned()
    }

    #[test]
    fn an_entry_is_found_by_the_beginnings_of_its_words_and_by_its_code() {
        let said = text(&node(
            r#"{"resourceType":"Observation","status":"final","subject":{"display":"Ann Roe"},
            "code":{"coding":[{"system":"http://loinc.org","code":"4548-4","display":"Hémoglobin A1c"}]},
            "note":[{"text":"Fasting."}],"text":{"status":"generated","div":"<div>secret</div>"}}"#,
        ));
        let found = |text: &str| query(text).iter().all(|word| said.contains(word.as_str()));
        assert!(found("hemo") && found("A1C fast") && found("4548-4") && found("fasting."), "{said}");
        assert!(!found("globin") && !found("ann") && !found("secret") && !found("final"), "{said}");
    }

    #[test]
    fn an_entry_is_from_those_of_the_directory_whom_it_names_and_from_the_patient_who_entered_it() {
        let clinical = r#"{"subject":{"reference":"Patient/1"},"performer":[{"reference":"Practitioner/2"},
            {"reference":"Organization/3"}],"encounter":{"reference":"Encounter/9"}}"#;
        assert_eq!(sources(&node(clinical)), ["Organization/3", "Practitioner/2"]);
        let own = r#"{"meta":{"tag":[{"code":"patient-entered"}]},"asserter":{"reference":"Patient/1"}}"#;
        assert_eq!(sources(&node(own)), ["patient"]);
    }

    #[test]
    fn equal_texts_are_kept_once() {
        let mut texts = Texts::default();
        let numbers = [texts.number("a".into()), texts.number("b".into()), texts.number("a".into())];
        assert_eq!((numbers, texts.all.len()), ([0, 1, 0], 2));
    }
}
