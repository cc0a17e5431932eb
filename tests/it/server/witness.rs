//! Witnesses as processes of their own: they co-sign within seconds, one may be down, and a fork gets no signature.

use identity::outgoing::tell;
use kernel::{Ctx, SystemClock, SystemRng};
use ledger::note::{Note, Vkey};
use ledger::witness::Request;
use ledger::{Action, Entry, House, Witness};
use serde_json::Value;
use server::config::{self, Given};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::{Person, TestApp};

struct Running {
    child: Child,
    witness: Witness,
    folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(app: &TestApp, name: &str) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let log = app.house.ledger.vkey().unwrap().to_string();
    let mut child = Command::new(testkit::binary())
        .args(["witness", "--name", name, "--log", &log, "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let (url, key) = told.strip_prefix("witness ").unwrap().split_once(' ').unwrap();
    let witness = Witness { url: url.to_owned(), key: Vkey::parse(key).unwrap() };
    Running { child, witness, folder }
}

fn trusted(app: &TestApp, all: &[&Running]) {
    ledger::trust(&app.house, all.iter().map(|one| one.witness.clone()).collect());
}

/// Appends an entry and signs the head.
async fn grow(house: &House) -> ledger::Checkpoint {
    let (ledger, now) = (Arc::clone(&house.ledger), house.clock.now());
    let ctx = Ctx::operator(house.clock.clone(), house.rng.clone());
    let entry = Entry::system(&ctx, Action::Rotate).what("DataKey", 1);
    let write = move |tx: &mut db::Tx<'_>| {
        ledger::append(tx, entry);
        Ok::<_, ledger::LedgerError>(())
    };
    house.db.write(write).await.unwrap();
    house.db.write(move |tx| ledger::checkpoint(tx, &ledger, now)).await.unwrap()
}

async fn shown(app: &TestApp, who: &Person) -> Value {
    app.get("/api/ledger/checkpoint", who).await.expect(200).json()
}

fn states(shown: &Value) -> Vec<&str> {
    shown["witnesses"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap_or("new")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_witnesses_co_sign_a_new_checkpoint_within_five_seconds_and_one_may_be_down() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let (one, mut two) = (start(&app, "one.example/w"), start(&app, "two.example/w"));
    trusted(&app, &[&one, &two]);
    let checkpoint = grow(&app.house).await;
    let asked = Instant::now();
    let asking = tokio::spawn(server::cosigning::run(app.house.clone()));
    let note = loop {
        if let Some(text) = shown(&app, &patient).await["cosigned"].as_str() {
            break Note::parse(text).unwrap();
        }
        assert!(asked.elapsed() < Duration::from_secs(5), "nobody co-signed in five seconds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    asking.abort();
    assert_eq!((note.size, note.root), (checkpoint.size, checkpoint.root));
    assert!(note.signed_by(&app.house.ledger.vkey().unwrap()));
    for running in [&one, &two] {
        assert!(note.cosigned_by(&running.witness.key).is_some());
        let other = Vkey { key: [7; 32], ..running.witness.key.clone() };
        assert!(note.cosigned_by(&other).is_none());
    }
    // The file that a patient saves carries both signatures.
    let file = app.get("/api/ledger/export", &patient).await.expect(200);
    let keys = [one.witness.key.clone(), two.witness.key.clone()];
    let found = ledger::saved::check(&file.body, None, &keys).unwrap();
    assert_eq!(found.cosigned, ["one.example/w", "two.example/w"]);
    // What was logged just now is signed before the file is handed out.
    app.get(&format!("/fhir/Patient/{}", patient.id), &patient).await.expect(200);
    let asking = tokio::spawn(server::cosigning::run(app.house.clone()));
    let file = app.get("/api/ledger/export", &patient).await.expect(200);
    assert!(!ledger::saved::check(&file.body, None, &keys).unwrap().cosigned.is_empty(), "no witness signed the file");
    asking.abort();

    two.child.kill().unwrap();
    two.child.wait().unwrap();
    let next = grow(&app.house).await;
    server::cosigning::once(&app.house).await.unwrap();
    let shown = shown(&app, &patient).await;
    assert_eq!(states(&shown), ["signs", "silent"]);
    let note = Note::parse(shown["cosigned"].as_str().unwrap()).unwrap();
    assert_eq!((note.size, note.cosigned_by(&one.witness.key).is_some()), (next.size, true));
    assert!(note.cosigned_by(&two.witness.key).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_refuses_what_the_specification_wants_refused() {
    let app = TestApp::start();
    let witness = start(&app, "strict.example/w");
    let url = format!("{}/add-checkpoint", witness.witness.url);
    let say = async |text: String| tell(&app.house, &url, text, Duration::from_secs(5)).await.unwrap();
    let first = grow(&app.house).await;
    let second = grow(&app.house).await;
    let (from, to) = (first.size, second.size);
    let proof = app.house.db.read(move |tx| ledger::consistency(tx, from, to)).await.unwrap();
    assert_eq!(say("anything".to_owned()).await.0, 400);
    assert_eq!(say(Request::text(first.size + 1, &[], &first.note)).await.0, 400);
    let foreign = first.note.replace("healthsync/ledger", "somebody/else");
    assert_eq!(say(Request::text(0, &[], &foreign)).await.0, 404);
    let altered = first.note.replacen(&format!("\n{}\n", first.size), &format!("\n{}\n", first.size + 9), 1);
    assert_eq!(say(Request::text(0, &[], &altered)).await.0, 403);
    assert_eq!(say(Request::text(first.size, &[], &first.note)).await, (409, "0\n".to_owned()));

    let (status, line) = say(Request::text(0, &[], &first.note)).await;
    assert_eq!(status, 200);
    let cosigned = Note::parse(&format!("{}{line}", first.note)).unwrap();
    assert!(cosigned.cosigned_by(&witness.witness.key).is_some());
    assert_eq!(say(Request::text(0, &[], &second.note)).await, (409, format!("{from}\n")));
    let mut wrong = proof.clone();
    wrong[0][0] ^= 1;
    assert_eq!(say(Request::text(from, &wrong, &second.note)).await.0, 422);
    assert_eq!(say(Request::text(from, &proof, &second.note)).await.0, 200);
    // Back to the smaller tree: never.
    assert_eq!(say(Request::text(from, &[], &first.note)).await, (409, format!("{to}\n")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forked_and_a_rolled_back_ledger_get_no_signature_and_the_administrators_hear_of_it() {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        println!("a database server cannot be copied as files: this is shown on SQLite");
        return;
    }
    let app = TestApp::start();
    let admin = app.administrator("Ada Min").await;
    let witness = start(&app, "watchful.example/w");
    trusted(&app, &[&witness]);
    // Nothing is being written: the files are one state of the database.
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(app.folder.path()).unwrap() {
        let path = file.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    grow(&app.house).await;
    grow(&app.house).await;
    server::cosigning::once(&app.house).await.unwrap();

    let given = Given { data: copy.path().to_owned(), ..Given::default() };
    let config = config::load(&given, std::iter::empty()).unwrap();
    let fork = server::house::open_with(&config, Arc::new(SystemClock), Arc::new(SystemRng)).unwrap();
    ledger::trust(&fork, vec![witness.witness.clone()]);
    let standing = async || {
        let inside = fork.clone();
        fork.db.read(move |tx| ledger::standing(tx, &inside)).await.unwrap().remove(0)
    };
    // Rolled back: shorter than what the witness signed.
    grow(&fork).await;
    server::cosigning::once(&fork).await.unwrap();
    assert_eq!(standing().await.state, Some(ledger::State::Dissents));
    assert_eq!(standing().await.signed, None);
    // And grown beyond it again, by other entries.
    grow(&fork).await;
    let far = grow(&fork).await;
    let (status, _) = {
        let (kept, size) = (far.size - 1, far.size);
        let proof = fork.db.read(move |tx| ledger::consistency(tx, kept, size)).await.unwrap();
        let url = format!("{}/add-checkpoint", witness.witness.url);
        tell(&fork, &url, Request::text(kept, &proof, &far.note), Duration::from_secs(5)).await.unwrap()
    };
    assert_eq!(status, 422);
    let account = admin.account;
    let sql = "SELECT COUNT(*) FROM notice WHERE account = ?1 AND kind = 'security'";
    let told = fork.db.read(move |tx| tx.count(sql, &[account.into()])).await;
    assert_eq!(told.unwrap(), 1);

    // What the witness keeps in its folder tells the two apart; the fork agrees with itself, co-signatures and all.
    let files = std::fs::read_dir(witness.folder.path()).unwrap().map(|file| file.unwrap().path());
    let kept = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "checkpoint")).unwrap();
    let kept =
        ["--checkpoint", kept.to_str().unwrap(), "--witness", &witness.witness.key.to_string()].map(str::to_owned);
    let foreign = [&kept[..3], &[start(&app, "other.example/w").witness.key.to_string()]].concat();
    assert_eq!(verified(app.folder.path(), &kept), (true, "continues    1 of 1".to_owned()));
    assert_eq!(
        verified(copy.path(), &kept),
        (false, "are not those of the checkpoint that was kept elsewhere".to_owned())
    );
    assert_eq!(verified(app.folder.path(), &foreign), (false, "other.example/w did not co-sign it".to_owned()));
}

/// Runs `ledger verify` on a folder: whether it ended well, and what it said of what is expected here.
fn verified(data: &std::path::Path, more: &[String]) -> (bool, String) {
    let mut command = Command::new(testkit::binary());
    let done = command.args(["ledger", "verify", "--data"]).arg(data).args(more).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    let words = [
        "continues    1 of 1",
        "are not those of the checkpoint that was kept elsewhere",
        "other.example/w did not co-sign it",
    ];
    let found = words.into_iter().find(|word| said.contains(word)).map(str::to_owned);
    (done.status.success(), found.unwrap_or(said))
}
