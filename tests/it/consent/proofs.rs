//! Proofs of an entry in a ledger of ten million, as the interface and the saved file give them: small, and right.
//!
//! The ten million are there as far as a proof looks at them: the leaves of the first and the last 256, and the kept hashes
//! above all others, which stand for entries that nobody asks for.

use base64::{Engine, engine::general_purpose::STANDARD};
use db::{Column, DbError, Tx};
use kernel::{SeededRng, rng::bytes};
use ledger::{Hash, leaf_hash, node_hash, root_of};
use serde_json::{Value, json};
use testkit::{Person, TestApp, sample};

const SIZE: u64 = 10_000_000;
/// What a proof may have, all that checks it included.
const MOST: usize = 2048;

/// The hash over some hashes that are side by side; a power of two of them.
fn over(hashes: &[Hash]) -> Hash {
    match hashes {
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node_hash(&over(left), &over(right))
        }
    }
}

struct Grown {
    /// The leaves from the first free number of the first block, and those of the last, which is not full.
    first: Vec<Hash>,
    last: Vec<Hash>,
    /// Kept hashes with their place.
    nodes: Vec<(i64, i64, Hash)>,
    /// The head: roots of the perfect subtrees, largest first.
    frontier: Vec<u8>,
}

/// A tree of `SIZE` whose first entries are these.
fn grown(real: &[Hash]) -> Grown {
    let chance = SeededRng::new(7);
    let drawn = |count: u64| -> Vec<Hash> { (0..count).map(|_| bytes(&chance as &dyn kernel::Rng)).collect() };
    let (first, last) = (drawn(256 - real.len() as u64), drawn(SIZE % 256));
    let block: Vec<Hash> = real.iter().chain(&first).map(|leaf| leaf_hash(leaf)).collect();
    // The kept hashes over 256 entries in the first 65,536 and after the last whole 65,536; and those over 65,536.
    let mut low = drawn(256);
    low[0] = over(&block);
    let after = drawn(SIZE / 256 % 256);
    let mut high = drawn(SIZE / 65_536);
    high[0] = over(&low);
    let mut frontier = Vec::new();
    let ends: Vec<Hash> = last.iter().map(|leaf| leaf_hash(leaf)).collect();
    for kept in [&high, &after, &ends] {
        let mut from = 0;
        for bit in (0..=kept.len().ilog2()).rev().filter(|bit| kept.len() >> bit & 1 == 1) {
            frontier.extend_from_slice(&over(&kept[from..from + (1 << bit)]));
            from += 1 << bit;
        }
    }
    let place = |level: i64, from: u64, hashes: &[Hash]| -> Vec<(i64, i64, Hash)> {
        hashes.iter().enumerate().map(|(at, hash)| (level, from as i64 + at as i64, *hash)).collect()
    };
    let nodes = [place(8, 0, &low), place(8, SIZE / 65_536 * 256, &after), place(16, 0, &high)].concat();
    Grown { first, last, nodes, frontier }
}

fn store(tx: &mut Tx<'_>, real: i64, grown: &Grown) -> Result<(), DbError> {
    let tail = SIZE as i64 - grown.last.len() as i64;
    let seq: Vec<i64> = (real..256).chain(tail..SIZE as i64).collect();
    let leaf: Vec<&[u8]> = grown.first.iter().chain(&grown.last).map(<[u8; 32]>::as_slice).collect();
    tx.insert_many(
        "ledger",
        &[
            ("seq", Column::Int(&seq)),
            ("leaf", Column::Blob(&leaf)),
            ("patient", Column::Const(-1)),
            ("pseq", Column::Int(&seq)),
            ("entry", Column::Blob(&leaf)),
        ],
    )?;
    for (level, index, hash) in &grown.nodes {
        let sql = "INSERT INTO ledger_node (level, idx, hash) VALUES (?1, ?2, ?3)";
        tx.execute(sql, &[(*level).into(), (*index).into(), hash.into()])?;
    }
    let sql = "UPDATE ledger_head SET size = ?1, frontier = ?2";
    tx.execute(sql, &[(SIZE as i64).into(), (&grown.frontier).into()])?;
    Ok(())
}

/// A patient, a doctor with long names who read in their record, and a ledger that grew to ten million since.
async fn scene() -> (TestApp, Person, Vec<Value>) {
    let app = TestApp::start();
    let patient = app.patient("Anneliese Wilhelmina Oberhauser-Brandenburg").await;
    let workplace = "University Hospital of the Northern Province, Department of Cardiology";
    let doctor = app.practitioner("Prof Dr Maximiliane Hohenstaufen-Lichtenberg", &[workplace]).await;
    let id = app.create(&sample::condition(&patient.id, "Asthma")).await;
    app.grant(&patient, &doctor).await;
    app.get(&format!("/fhir/Condition/{id}"), &doctor).await.expect(200);
    let page = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let leaves = |tx: &mut Tx<'_>| {
        tx.query("SELECT leaf FROM ledger ORDER BY seq", &[], |row| {
            Ok::<_, DbError>(Hash::try_from(row.blob(0)?).unwrap())
        })
    };
    let real = app.house.db.read(leaves).await.unwrap();
    let grown = grown(&real);
    let write = move |tx: &mut Tx<'_>| store(tx, real.len() as i64, &grown);
    app.house.db.write(write).await.unwrap();
    (app, patient, page["entries"].as_array().unwrap().clone())
}

fn hash(text: &Value) -> Hash {
    STANDARD.decode(text.as_str().unwrap()).unwrap().try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_in_a_ledger_of_ten_million_entries_has_at_most_two_thousand_bytes_and_leads_to_its_root() {
    let (app, patient, entries) = scene().await;
    let note = app.get("/api/ledger/checkpoint", &patient).await.expect(200).json();
    let size = note["size"].as_u64().unwrap();
    assert!(size >= SIZE, "{size}");
    let (mut longest, mut sizes) = (0, Vec::new());
    for entry in &entries {
        let seq = entry["seq"].as_u64().unwrap();
        let proof = app.get(&format!("/api/ledger/proof?seq={seq}&size={size}"), &patient).await.expect(200);
        // What checks an entry: its path, its exact bytes, and the key of its HMAC.
        let whole = json!({ "proof": proof.json(), "entry": entry["entry"], "r": entry["r"] }).to_string();
        longest = longest.max(whole.len());
        let path: Vec<Hash> = proof.json()["hashes"].as_array().unwrap().iter().map(hash).collect();
        sizes.push(path.len());
        assert_eq!(root_of(leaf_hash(&hash(&entry["leaf"])), seq, size, &path), Some(hash(&note["root"])));
    }
    assert!(entries.len() >= 3 && sizes.iter().all(|steps| *steps == 24), "{sizes:?}");
    println!("the longest proof has {longest} bytes");
    assert!(longest <= MOST, "{longest} bytes");

    let file = app.get("/api/ledger/export", &patient).await.expect(200);
    let found = ledger::saved::check(&file.body, app.house.ledger.vkey().as_ref(), &[]).unwrap();
    let saved: Value = file.json();
    let longest =
        saved["entries"].as_array().unwrap().iter().map(|entry| {
            serde_json::to_string_pretty(entry).unwrap().lines().map(|line| line.len() + 5).sum::<usize>()
        });
    let longest = longest.filter(|length| *length > 1000).max().unwrap();
    println!("the longest in the file has {longest} bytes, of {} entries", found.entries.len());
    assert!(found.entries.len() >= 3 && longest <= MOST, "{longest} bytes");
}
