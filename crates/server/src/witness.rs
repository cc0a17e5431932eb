//! A witness: keeps the last checkpoint of each ledger it knows and co-signs a later one that continues it (C2SP
//! tlog-witness, `POST /add-checkpoint`).
//!
//! Always holds: what was signed is on the disk before the answer leaves; comparing with the last checkpoint and keeping
//! the next is one step, so that no two trees are signed that do not continue each other; one process at a time has the
//! folder. Deliberately absent: a database, entries, patients: a witness sees sizes and hashes.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::{StatusCode, header};
use kernel::{Rng, SystemRng, rng::bytes};
use ledger::Hash;
use ledger::note::{self, KeyKind, Note, Vkey};
use ledger::witness::{Refusal, Request, judge};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// 63 lines of proof and a checkpoint with a few signatures.
const LONGEST: usize = 64 << 10;
const SEED: usize = 32;

/// The folder of a witness, opened.
pub struct Keeper {
    folder: PathBuf,
    name: String,
    signer: ring::signature::Ed25519KeyPair,
    key: Vkey,
    logs: Vec<Vkey>,
    /// What was signed last, by the name of its log.
    last: Mutex<HashMap<String, (u64, Hash)>>,
    /// Held as long as this process lives.
    _lock: File,
}

impl Keeper {
    /// Opens the folder, and makes its key on the first start.
    pub fn open(folder: &Path, name: &str, logs: Vec<Vkey>) -> Result<Self, String> {
        crate::house::make_folder(folder)?;
        let lock = File::create(folder.join("lock")).map_err(|e| format!("{}: {e}", folder.display()))?;
        lock.try_lock().map_err(|_| format!("Another witness uses {}.", folder.display()))?;
        let seed = seed(&folder.join("witness.key"), &SystemRng)?;
        let signer = ring::signature::Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|_| format!("{}: the key is damaged", folder.display()))?;
        let public = ring::signature::KeyPair::public_key(&signer).as_ref();
        let key = Vkey::new(name, KeyKind::Witness, public)
            .ok_or("A name has no spaces and no +, and at most 200 letters.".to_owned())?;
        let mut last = HashMap::new();
        for log in &logs {
            last.extend(kept(&file_of(folder, &log.name))?.map(|place| (log.name.clone(), place)));
        }
        Ok(Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            signer,
            key,
            logs,
            last: Mutex::new(last),
            _lock: lock,
        })
    }

    pub const fn key(&self) -> &Vkey {
        &self.key
    }

    /// Signs the checkpoint of a request, or says why not.
    fn add(&self, text: &str, time: u64) -> Result<String, Failure> {
        let request = Request::parse(text).ok_or(Failure::Refused(Refusal::Malformed))?;
        let mut all = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last = all.get(&request.note.origin).copied();
        judge(&request, &self.logs, last).map_err(|refusal| {
            if refusal.suspicious() {
                self.keep_evidence(&request.note.origin, text);
            }
            Failure::Refused(refusal)
        })?;
        let note = &request.note;
        let line = note::cosign(&self.name, &self.signer, time, &note.body).ok_or(Failure::Disk)?;
        if last != Some((note.size, note.root)) {
            write(&file_of(&self.folder, &note.origin), note.with(&line).as_bytes()).map_err(|error| {
                tracing::error!(%error, "a checkpoint cannot be kept");
                Failure::Disk
            })?;
            all.insert(note.origin.clone(), (note.size, note.root));
        }
        Ok(line)
    }

    /// A checkpoint that its log signed and that contradicts another is proof of what happened.
    fn keep_evidence(&self, origin: &str, text: &str) {
        tracing::error!(origin, "a ledger does not continue what was signed before");
        let path = file_of(&self.folder, origin).with_extension("contradiction");
        if let Err(error) = write(&path, text.as_bytes()) {
            tracing::error!(%error, "the contradiction cannot be kept");
        }
    }
}

enum Failure {
    Refused(Refusal),
    Disk,
}

fn file_of(folder: &Path, origin: &str) -> PathBuf {
    let hash = ring::digest::digest(&ring::digest::SHA256, origin.as_bytes());
    let name: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join(name).with_extension("checkpoint")
}

fn kept(path: &Path) -> Result<Option<(u64, Hash)>, String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
        // Beginning anew would sign a ledger whose past was changed.
        Ok(text) => match Note::parse(&text) {
            Some(note) => Ok(Some((note.size, note.root))),
            None => Err(format!("{} is damaged: put it back from a copy", path.display())),
        },
    }
}

/// Replaces a file so that after a power cut it is the old or the new one.
fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn seed(path: &Path, rng: &dyn Rng) -> Result<[u8; SEED], String> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    if !path.exists() {
        write(path, &bytes::<SEED>(rng)).map_err(failed)?;
    }
    let mut seed = Vec::new();
    File::open(path).and_then(|mut file| file.read_to_end(&mut seed)).map_err(failed)?;
    seed.try_into().map_err(|_| format!("{}: the key is damaged", path.display()))
}

pub fn router(keeper: Arc<Keeper>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(keeper)
}

async fn add_checkpoint(State(keeper): State<Arc<Keeper>>, body: Bytes) -> Response {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // Keeping a checkpoint waits for the disk.
    let work = tokio::task::spawn_blocking(move || match std::str::from_utf8(&body) {
        Ok(text) => keeper.add(text, time),
        Err(_) => Err(Failure::Refused(Refusal::Malformed)),
    });
    match work.await {
        Ok(Ok(line)) => (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], line).into_response(),
        Ok(Err(Failure::Refused(refusal))) => refused(refusal),
        Ok(Err(Failure::Disk)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refused(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    match refusal {
        Refusal::OtherSize(size) | Refusal::OtherRoot(size) => {
            (status, [(header::CONTENT_TYPE, "text/x.tlog.size")], format!("{size}\n")).into_response()
        }
        _ => status.into_response(),
    }
}
