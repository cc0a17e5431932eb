//! What the references of a bundle lead to: entries of the same bundle, or what a condition finds.

use crate::error::Error;
use crate::search::{self, Query};
use consent::Access;
use db::Tx;
use fhir::Kind;
use kernel::{Issue, Problem};
use ledger::House;
use std::collections::HashMap;

/// A condition that was answered while preparing, to be asked again before writing.
#[derive(Clone, Debug)]
pub struct Asked {
    pub query: Query,
    /// The row it found, if any.
    pub found: Option<i64>,
}

/// Resolves conditions such as `Practitioner?identifier=a|b`, each once per bundle.
#[derive(Default)]
pub struct Links {
    /// From the text of a reference (a fullUrl, a condition) to `Type/id`.
    known: HashMap<String, String>,
    pub asked: Vec<Asked>,
}

/// `a=b&c=d` with percent signs decoded.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex =
            (bytes[i] == b'%').then(|| text.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok())).flatten();
        match (bytes[i], hex) {
            (_, Some(byte)) => {
                out.push(byte);
                i += 3;
                continue;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Links {
    pub fn know(&mut self, text: &str, target: String) {
        self.known.insert(text.to_owned(), target);
    }

    pub fn get(&self, text: &str) -> Option<&String> {
        self.known.get(text)
    }

    /// Asks for the one resource that meets a condition; `None` when there is none.
    pub fn ask(
        &mut self,
        tx: &mut Tx<'_>,
        house: &House,
        access: &Access,
        kind: Kind,
        condition: &str,
    ) -> Result<Option<String>, Error> {
        let query = search::parse(kind, &pairs(condition))?;
        if query.criteria.is_empty() {
            return Err(Problem::unprocessable(vec![Issue::new(
                "value",
                "",
                "A condition names at least one parameter.",
            )])
            .into());
        }
        let found = search::matching(tx, house, access, &query, 2)?;
        if found.len() > 1 {
            let text = format!("{}?{condition} is met by more than one resource.", kind.name());
            return Err(Problem::new(412, "multiple-matches", text.clone())
                .with_issues(vec![Issue::new("multiple-matches", "", text)])
                .into());
        }
        let mut target = None;
        if let Some((_, sealed, head)) = found.first() {
            let stored = crate::store::open(tx, house, head, sealed)?;
            target = Some(format!("{}/{}", kind.name(), stored.id()));
        }
        self.asked.push(Asked { query, found: found.first().map(|(rid, _, _)| *rid) });
        Ok(target)
    }

    /// Whether every condition still has the answer it had.
    pub fn hold(asked: &[Asked], tx: &mut Tx<'_>, house: &House, access: &Access) -> Result<bool, Error> {
        for asked in asked {
            let now = search::matching(tx, house, access, &asked.query, 2)?;
            if now.len() > 1 || now.first().map(|(rid, _, _)| *rid) != asked.found {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_decoded() {
        let found = pairs("identifier=http://a%7Cb&name=x+y%20z&flag");
        let expected = [("identifier", "http://a|b"), ("name", "x y z"), ("flag", "")];
        assert_eq!(found, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }
}
