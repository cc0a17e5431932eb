//! `kill -9` in the middle of uploads: what was acknowledged is there, what was not finished goes on, nothing half is a document.

use crate::chance::Dice;
use crate::process::{Answer, Place, Wire};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::io::Error;
use std::path::Path;
use std::time::Duration;

const SEED: u64 = 20_261_122;
const KILLS: usize = 4;
const SENDERS: usize = 3;
const HOUR_MS: i64 = 3_600_000;

/// A file on its way, as its sender knows it.
struct Sent {
    place: String,
    content: Vec<u8>,
    /// How far it is, as was acknowledged.
    promised: usize,
    /// How far a piece that got no answer would have brought it.
    possible: usize,
    /// Where the document is.
    document: Option<String>,
    /// How often it stood in its middle when its sender came back.
    resumed: usize,
}

struct Sender {
    name: usize,
    sent: Vec<Sent>,
}

/// Words that no other file has, so that a wrong piece in a wrong place shows.
fn words(dice: &Dice) -> Vec<u8> {
    let mut text = String::new();
    for line in 0..500 + dice.below(2_500) {
        text += &format!("line {line} of the letter says {:08x}\n", dice.below(1 << 32));
    }
    text.into_bytes()
}

fn expect(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
}

fn offset(answer: &Answer) -> usize {
    answer.header("upload-offset").unwrap().parse().unwrap()
}

impl Sent {
    fn tus(&self, wire: &mut Wire, method: &str, at: usize, piece: &[u8]) -> Result<Answer, Error> {
        let at = at.to_string();
        let kind = "application/offset+octet-stream";
        let headers = [("Tus-Resumable", "1.0.0"), ("Upload-Offset", at.as_str()), ("Content-Type", kind)];
        wire.send_with((method, &self.place), &headers, piece)
    }

    /// Asks how far it is: as far as was acknowledged, or as the piece whose answer nobody heard could have brought it.
    fn ask(&mut self, wire: &mut Wire) -> Result<(), Error> {
        let told = self.tus(wire, "HEAD", 0, b"")?;
        expect(&told, 204);
        let at = offset(&told);
        assert!(at >= self.promised, "{} stands at {at}, and {} were acknowledged", self.place, self.promised);
        assert!(at <= self.possible, "{} stands at {at}, and {} were sent", self.place, self.possible);
        (self.promised, self.possible) = (at, at);
        self.document = told.header("content-location").map(str::to_owned);
        self.resumed += usize::from((1..self.content.len()).contains(&at));
        assert_eq!(
            self.document.is_some(),
            at == self.content.len(),
            "{} counts the last byte with the document",
            self.place
        );
        Ok(())
    }

    fn go_on(&mut self, wire: &mut Wire, dice: &Dice) -> Result<(), Error> {
        let end = self.content.len().min(self.promised + 1 + dice.below(16 << 10));
        self.possible = end;
        let answer = self.tus(wire, "PATCH", self.promised, &self.content[self.promised..end])?;
        expect(&answer, 204);
        assert_eq!(offset(&answer), end);
        self.promised = end;
        self.document = answer.header("content-location").map(str::to_owned);
        Ok(())
    }
}

impl Sender {
    fn begin(&mut self, wire: &mut Wire, dice: &Dice) -> Result<(), Error> {
        let (content, patient) = (words(dice), format!("patient-{}", self.name));
        let size = content.len().to_string();
        let described = format!("filename {},patient {}", STANDARD.encode("letter.txt"), STANDARD.encode(patient));
        let headers = [("Tus-Resumable", "1.0.0"), ("Upload-Length", &size), ("Upload-Metadata", &described)];
        let begun = wire.send_with(("POST", "/api/uploads"), &headers, b"")?;
        expect(&begun, 201);
        let place = begun.header("location").unwrap().to_owned();
        self.sent.push(Sent { place, content, promised: 0, possible: 0, document: None, resumed: 0 });
        Ok(())
    }

    /// Sends until the connection breaks off, or everything that was begun is whole.
    fn work(&mut self, wire: &mut Wire, dice: &Dice, finish: bool) -> Result<(), Error> {
        if let Some(last) = self.sent.last_mut() {
            last.ask(wire)?;
        }
        loop {
            match self.sent.last_mut().filter(|last| last.document.is_none()) {
                Some(open) => open.go_on(wire, dice)?,
                None if finish => return Ok(()),
                None => self.begin(wire, dice)?,
            }
        }
    }

    /// What is shown is what was sent, whole, and nothing else.
    fn check(&self, wire: &mut Wire) -> usize {
        let list = wire.get(&format!("/api/patients/patient-{}/documents?count=200", self.name)).expect(200).json();
        let id = |id: &str| format!("/api/documents/{id}");
        let shown: BTreeSet<String> =
            list["items"].as_array().unwrap().iter().map(|item| id(item["id"].as_str().unwrap())).collect();
        let known: BTreeSet<String> = self.sent.iter().filter_map(|sent| sent.document.clone()).collect();
        assert_eq!(shown, known);
        for sent in &self.sent {
            let document = sent.document.as_ref().unwrap();
            let content = wire.get(&format!("{document}/content")).expect(200);
            assert!(content.body.as_bytes() == sent.content, "{document} is not what was sent");
        }
        known.len()
    }
}

fn until_killed(place: &Place, token: &str, senders: Vec<Sender>, after: Duration, seed: u64) -> Vec<Sender> {
    let server = place.serve();
    let running: Vec<_> = senders
        .into_iter()
        .map(|mut sender| {
            let (mut wire, dice) = (server.wire(token), Dice::new(seed + sender.name as u64));
            std::thread::spawn(move || {
                let broken = sender.work(&mut wire, &dice, false);
                assert!(broken.is_err(), "it sends until it is killed");
                sender
            })
        })
        .collect();
    std::thread::sleep(after);
    server.kill();
    running.into_iter().map(|thread| thread.join().unwrap()).collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn uploads_that_kill_9_cut_off_go_on_where_they_were_acknowledged_and_nothing_half_is_shown_or_stays() {
    let seed = std::env::var("CRASH_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED);
    println!("CRASH_SEED={seed}");
    let place = Place::new("error");
    let token = place.run(&["token", "create", "--service", "crash", "--organization", "Crash Clinic"]);
    let token = token.trim();
    let server = place.serve();
    let mut wire = server.wire(token);
    let mut senders = Vec::new();
    for name in 0..SENDERS {
        let id = format!("patient-{name}");
        wire.put(&format!("/fhir/Patient/{id}"), &json!({ "resourceType": "Patient", "id": id })).expect(201);
        senders.push(Sender { name, sent: Vec::new() });
    }
    server.kill();

    let dice = Dice::new(seed);
    for kill in 0..KILLS {
        let after = Duration::from_millis(30 + dice.below(250) as u64);
        senders = until_killed(&place, token, senders, after, seed + 100 * kill as u64);
    }
    // What is begun and never gone on with, and what no row ever knew.
    let server = place.serve();
    let mut wire = server.wire(token);
    let mut documents = 0;
    for sender in &mut senders {
        sender.work(&mut wire, &dice, true).unwrap();
        documents += sender.check(&mut wire);
    }
    senders[0].begin(&mut wire, &dice).unwrap();
    let given_up = senders[0].sent.last_mut().unwrap();
    given_up.go_on(&mut wire, &dice).unwrap();
    server.kill();
    let resumed: usize = senders.iter().flat_map(|sender| &sender.sent).map(|sent| sent.resumed).sum();
    println!("{documents} documents, {resumed} times in their middle");
    assert!(documents >= SENDERS && resumed > 0, "a load that did nothing would prove nothing");

    let blobs = place.data().join("blobs");
    for (folder, name) in
        [("documents", "0123456789abcdef/file"), ("uploads", "fedcba9876543210"), ("unfinished", "1-1")]
    {
        let stranger = blobs.join(folder).join(name);
        fs::create_dir_all(stranger.parent().unwrap()).unwrap();
        fs::write(stranger, b"of nobody").unwrap();
    }
    place.run_jobs_later(2 * HOUR_MS);
    assert!(
        names(&blobs.join("uploads")).len() >= 2,
        "what somebody may go on with is kept, and what may be just being written"
    );
    // Besides what a kill left that was about to become a document.
    assert!(names(&blobs.join("documents")).len() > documents, "what nobody knows may be just being written");
    place.run_jobs_later(27 * HOUR_MS);
    assert_eq!(names(&blobs.join("documents")).len(), documents, "of documents and nothing else");
    for folder in ["uploads", "unfinished"] {
        assert_eq!(names(&blobs.join(folder)), BTreeSet::new(), "{folder}");
    }
}
