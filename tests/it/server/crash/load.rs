//! Somebody who writes and reads without a pause, and remembers what was promised.

use crate::chance::Dice;
use crate::process::{Answer, Wire};
use serde_json::{Value, json};
use std::io::Error;

/// A resource and what it must say.
#[derive(Clone, Debug)]
pub struct Known {
    /// `Type/id`
    pub place: String,
    /// What the last answered write said, if one was answered.
    pub promised: Option<String>,
    /// What was sent and not answered: it may be there or not.
    pub possible: Vec<String>,
}

/// A transaction of several resources: acknowledged, or whole or absent.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub places: Vec<String>,
    pub word: String,
    pub promised: bool,
}

#[derive(Default)]
pub struct Memory {
    pub known: Vec<Known>,
    pub bundles: Vec<Bundle>,
    /// Requests whose answers showed something of a record.
    pub read: Vec<String>,
    words: usize,
}

pub struct Worker {
    pub name: usize,
    pub patient: String,
    pub memory: Memory,
}

pub fn reading(patient: &str, id: Option<&str>, word: &str) -> Value {
    let mut body = json!({
        "resourceType": "Observation", "status": "final", "subject": { "reference": format!("Patient/{patient}") },
        "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] }, "valueString": word,
        "effectiveDateTime": "2026-01-05T08:00:00Z",
    });
    if let Some(id) = id {
        body["id"] = id.into();
    }
    body
}

impl Worker {
    pub fn new(name: usize, patient: String) -> Self {
        Self { name, patient, memory: Memory::default() }
    }

    fn word(&mut self) -> String {
        self.memory.words += 1;
        format!("word-{}-{}", self.name, self.memory.words)
    }

    /// Works until the connection breaks off.
    pub fn work(&mut self, wire: &mut Wire, dice: &Dice) -> Error {
        loop {
            let done = match dice.below(8) {
                0..=2 => self.create(wire),
                3 | 4 => self.update(wire, dice),
                5 => self.transaction(wire),
                6 => self.search(wire),
                _ => self.read(wire, dice),
            };
            if let Err(broken) = done {
                return broken;
            }
        }
    }

    fn create(&mut self, wire: &mut Wire) -> Result<(), Error> {
        let word = self.word();
        let body = reading(&self.patient, None, &word).to_string();
        let answer = wire.send("POST", "/fhir/Observation", &body)?;
        expect(&answer, &[201]);
        let made: Value = serde_json::from_str(&answer.body).unwrap();
        let place = format!("Observation/{}", made["id"].as_str().unwrap());
        self.memory.known.push(Known { place, promised: Some(word), possible: Vec::new() });
        Ok(())
    }

    fn update(&mut self, wire: &mut Wire, dice: &Dice) -> Result<(), Error> {
        let word = self.word();
        if self.memory.known.is_empty() {
            return Ok(());
        }
        let at = dice.below(self.memory.known.len());
        let known = &mut self.memory.known[at];
        known.possible.push(word.clone());
        let place = known.place.clone();
        let id = place.split('/').nth(1);
        let body = reading(&self.patient, id, &word).to_string();
        let answer = wire.send("PUT", &format!("/fhir/{place}"), &body)?;
        expect(&answer, &[200]);
        let known = &mut self.memory.known[at];
        known.promised = Some(word);
        known.possible.clear();
        Ok(())
    }

    fn transaction(&mut self, wire: &mut Wire) -> Result<(), Error> {
        let word = self.word();
        let mut places = Vec::new();
        let mut entries = Vec::new();
        for part in 0..4 {
            let id = format!("{word}-{part}");
            let url = format!("Observation/{id}");
            entries.push(json!({
                "resource": reading(&self.patient, Some(&id), &word), "request": { "method": "PUT", "url": url }
            }));
            places.push(url);
        }
        // One of them is an update as well, so that a half would show there too.
        if let Some(known) = self.memory.known.last_mut() {
            known.possible.push(word.clone());
            let id = known.place.split('/').nth(1);
            entries.push(json!({
                "resource": reading(&self.patient, id, &word), "request": { "method": "PUT", "url": known.place }
            }));
            places.push(known.place.clone());
        }
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string();
        self.memory.bundles.push(Bundle { places, word: word.clone(), promised: false });
        let answer = wire.send("POST", "/fhir", &bundle)?;
        expect(&answer, &[200]);
        if let Some(last) = self.memory.bundles.last_mut() {
            last.promised = true;
        }
        if let Some(known) = self.memory.known.last_mut() {
            known.promised = Some(word);
            known.possible.clear();
        }
        Ok(())
    }

    fn read(&mut self, wire: &mut Wire, dice: &Dice) -> Result<(), Error> {
        if self.memory.known.is_empty() {
            return Ok(());
        }
        let known = dice.pick(&self.memory.known);
        let answer = wire.send("GET", &format!("/fhir/{}", known.place), "")?;
        expect(&answer, &[200]);
        known.check(&answer.body);
        self.memory.read.push(answer.request);
        Ok(())
    }

    fn search(&mut self, wire: &mut Wire) -> Result<(), Error> {
        let path = format!("/fhir/Observation?patient={}&code=8867-4&_sort=-date&_count=3", self.patient);
        let answer = wire.send("GET", &path, "")?;
        expect(&answer, &[200]);
        if answer.body.contains("\"entry\"") {
            self.memory.read.push(answer.request);
        }
        Ok(())
    }
}

fn expect(answer: &Answer, statuses: &[u16]) {
    assert!(statuses.contains(&answer.status), "{}: {}", answer.status, answer.body);
}

impl Known {
    /// What is stored is what was promised last, or what was sent after it.
    pub fn check(&self, body: &str) {
        let found: Value = serde_json::from_str(body).unwrap();
        let word = found["valueString"].as_str().unwrap_or_default();
        let fits = self.promised.as_deref() == Some(word) || self.possible.iter().any(|possible| possible == word);
        assert!(fits, "{} says {word}, not {:?} or {:?}", self.place, self.promised, self.possible);
    }
}
