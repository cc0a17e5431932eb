//! `/api/ledger` and `/api/admin/ledger`

use axum::extract::State;
use axum::{Extension, Json};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::http::Params;
use kernel::{Ctx, Issue, Problem, Purpose};
use ledger::{Action, Checkpoint, Entry, Ground, House, LedgerError};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};
use utoipa::{IntoParams, ToSchema};

use super::witnessed::{LedgerWitness, witnessed};
use crate::trail::{self, Reads};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuery {
    /// Where the last page ended.
    before: Option<String>,
    /// Entries on this page, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    count: Option<i64>,
    /// `others` leaves out what I did myself.
    #[param(value_type = Option<String>)]
    reads: Option<ReadsParam>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ReadsParam {
    Others,
}

#[derive(Serialize, ToSchema)]
pub struct LedgerPage {
    /// Newest first.
    entries: Vec<LedgerEntry>,
    #[schema(required = true)]
    next: Option<String>,
    /// How many there are in all.
    total: i64,
}

#[derive(Serialize, ToSchema)]
pub struct LedgerActor {
    name: String,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// The app that acted for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
}

/// An entry of the log, with what it takes to check it: `leaf` is HMAC-SHA256 of the exact bytes under the key `r`, and
/// the hash of the leaf in the tree is SHA-256 of a zero byte and `leaf`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    seq: i64,
    patient_seq: i64,
    #[schema(format = DateTime)]
    time: String,
    #[schema(value_type = String)]
    action: Action,
    actor: LedgerActor,
    #[schema(required = true)]
    what: Option<String>,
    count: i64,
    /// `own record`, `grant`, `break-glass`, `custody`, `operator` or `administration`.
    #[schema(required = true)]
    ground: Option<&'static str>,
    #[schema(required = true, value_type = Option<String>)]
    purpose: Option<Purpose>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<i64>,
    /// The exact bytes that were logged, in base64.
    entry: String,
    r: String,
    leaf: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerCheckpoint {
    /// A C2SP signed note.
    text: String,
    origin: String,
    size: u64,
    root: String,
    public_key: String,
    /// Servers at other institutions that are asked to co-sign.
    witnesses: Vec<LedgerWitness>,
    /// The last checkpoint that at least one of them co-signed: a C2SP signed note with their lines.
    #[schema(required = true)]
    cosigned: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProofQuery {
    /// The entry, counted from 0.
    seq: u64,
    /// The size of the tree it is shown to be part of.
    size: u64,
}

#[derive(Serialize, ToSchema)]
pub struct InclusionProof {
    seq: u64,
    size: u64,
    /// RFC 6962 audit path, from the leaf upwards.
    hashes: Vec<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConsistencyQuery {
    from: u64,
    to: u64,
}

#[derive(Serialize, ToSchema)]
pub struct ConsistencyProof {
    from: u64,
    to: u64,
    hashes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LedgerState {
    size: u64,
    root: String,
    /// The last signed note.
    checkpoint: String,
    #[schema(format = DateTime)]
    last_checkpoint_time: String,
    witnesses: Vec<LedgerWitness>,
    /// The last verification since the server started.
    #[schema(required = true)]
    verified: Option<Verified>,
}

/// What checking the whole log found.
#[derive(Clone, Serialize, ToSchema)]
pub struct Verified {
    #[schema(format = DateTime)]
    time: String,
    size: u64,
    ok: bool,
    detail: String,
}

#[derive(Default)]
struct LastVerified(Mutex<Option<Verified>>);

/// Held while the log is being checked: once at a time is enough.
#[derive(Default)]
struct Checking(std::sync::atomic::AtomicBool);

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn signed_in(ctx: &Ctx) -> Result<(), Problem> {
    ctx.actor.account().map(drop).ok_or_else(Problem::unauthorized)
}

fn administrator(ctx: &Ctx) -> Result<(), Problem> {
    signed_in(ctx)?;
    match ctx.actor {
        kernel::Actor::Administrator { .. } => Ok(()),
        _ => Err(Problem::forbidden("Only an administrator looks after the ledger.")),
    }
}

impl TryFrom<ledger::Stored> for LedgerEntry {
    type Error = LedgerError;

    fn try_from(stored: ledger::Stored) -> Result<Self, LedgerError> {
        let entry = trail::read(&stored)?;
        let Entry { time, action, who, what, count, ground, purpose, grant, .. } = entry;
        Ok(Self {
            seq: stored.seq,
            patient_seq: stored.patient_seq,
            time,
            action,
            actor: LedgerActor { name: who.name, role: who.role, organization: who.organization, app: who.app },
            what,
            count,
            ground: ground.map(|ground| match ground {
                Ground::OwnRecord => "own record",
                Ground::Guardianship => "guardianship",
                Ground::Delegation => "delegation",
                Ground::Grant => "grant",
                Ground::HealthLink => "health link",
                Ground::BreakGlass => "break-glass",
                Ground::Custody => "custody",
                Ground::Operator => "operator",
                Ground::Administration => "administration",
            }),
            purpose,
            grant,
            entry: base64(&stored.entry),
            r: base64(&stored.r),
            leaf: base64(&stored.leaf),
        })
    }
}

/// Which entries the caller gets: whoever looks after a part of the record, those of their own deeds in it. `None`: none at all.
fn reads(ctx: &Ctx, account: kernel::Id<kernel::id::Account>, others: bool) -> Option<Reads> {
    match (ctx.behalf().is_none_or(|behalf| behalf.whole), others) {
        (true, true) => Some(Reads::Others(account)),
        (true, false) => Some(Reads::All),
        (false, true) => None,
        (false, false) => Some(Reads::Own(account)),
    }
}

/// Who did what with my record. Whoever looks after a part of one gets what they did in it themselves.
#[utoipa::path(get, path = "/api/ledger/entries", tag = "ledger", params(EntriesQuery), responses(
    (status = 200, body = LedgerPage), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 404, description = "Not a patient")))]
pub async fn entries(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<EntriesQuery>,
) -> Result<Json<LedgerPage>, Problem> {
    let kernel::Actor::Patient { account, patient } = ctx.actor else {
        signed_in(&ctx)?;
        return Err(Problem::not_found());
    };
    let refuse =
        |path: &str, text: &str| Err(Problem::bad_request(text).with_issues(vec![Issue::new("value", path, text)]));
    let count = query.count.unwrap_or(50);
    if !(1..=200).contains(&count) {
        return refuse("count", "A page has 1 to 200 entries.");
    }
    let before = match query.before.as_deref().map(str::parse) {
        Some(Ok(before)) if before >= 0 => Some(before),
        Some(_) => return refuse("before", "Take `before` from the `next` of the page before."),
        None => None,
    };
    let Some(reads) = reads(&ctx, account, query.reads.is_some()) else {
        return Ok(Json(LedgerPage { entries: Vec::new(), next: None, total: 0 }));
    };
    let inside = house.clone();
    // Leaving out one's own acts may open many entries: not on the threads that answer requests.
    let page = house.db.scan(move |tx| {
        crate::family::still(tx, &inside, &ctx)?;
        Ok::<_, Problem>(trail::page(tx, &inside, patient, before, count, reads)?)
    });
    let page = page.await?;
    let entries = page.entries.into_iter().map(LedgerEntry::try_from).collect::<Result<_, _>>()?;
    Ok(Json(LedgerPage { entries, next: page.next.map(|n| n.to_string()), total: page.total }))
}

/// The checkpoint of the log as it is now. A new one is signed only when the log has grown.
pub(super) async fn current(house: &House) -> Result<Checkpoint, LedgerError> {
    let (ledger, now) = (std::sync::Arc::clone(&house.ledger), house.clock.now());
    let reading = std::sync::Arc::clone(&ledger);
    let kept = house
        .db
        .read(move |tx| {
            let (size, _) = ledger::head(tx)?;
            Ok::<_, LedgerError>(ledger::latest(tx, &reading)?.filter(|kept| kept.size == size))
        })
        .await?;
    match kept {
        Some(kept) => Ok(kept),
        None => house.db.write(move |tx| ledger::checkpoint(tx, &ledger, now)).await,
    }
}

/// The signed head of the log.
#[utoipa::path(get, path = "/api/ledger/checkpoint", tag = "ledger", responses(
    (status = 200, body = LedgerCheckpoint), (status = 401, description = "Not signed in")))]
pub async fn checkpoint(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Json<LedgerCheckpoint>, Problem> {
    signed_in(&ctx)?;
    let checkpoint = current(&house).await?;
    let (witnesses, cosigned) = witnessed(&house).await?;
    Ok(Json(LedgerCheckpoint {
        text: checkpoint.note,
        origin: house.ledger.origin().to_owned(),
        size: checkpoint.size,
        root: base64(&checkpoint.root),
        public_key: base64(house.ledger.public_key()),
        witnesses,
        cosigned,
    }))
}

/// Proof that an entry is part of the log.
#[utoipa::path(get, path = "/api/ledger/proof", tag = "ledger", params(ProofQuery), responses(
    (status = 200, body = InclusionProof), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 404, description = "No such entry in a log of this size")))]
pub async fn proof(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(ProofQuery { seq, size }): Params<ProofQuery>,
) -> Result<Json<InclusionProof>, Problem> {
    signed_in(&ctx)?;
    let hashes = house.db.read(move |tx| ledger::inclusion(tx, seq, size)).await?;
    Ok(Json(InclusionProof { seq, size, hashes: hashes.iter().map(|hash| base64(hash)).collect() }))
}

/// Proof that the log only grew.
#[utoipa::path(get, path = "/api/ledger/consistency", tag = "ledger", params(ConsistencyQuery), responses(
    (status = 200, body = ConsistencyProof), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 404, description = "The log was never of these sizes")))]
pub async fn consistency(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(ConsistencyQuery { from, to }): Params<ConsistencyQuery>,
) -> Result<Json<ConsistencyProof>, Problem> {
    signed_in(&ctx)?;
    let hashes = house.db.read(move |tx| ledger::consistency(tx, from, to)).await?;
    Ok(Json(ConsistencyProof { from, to, hashes: hashes.iter().map(|hash| base64(hash)).collect() }))
}

/// How the log is.
#[utoipa::path(get, path = "/api/admin/ledger", tag = "administration", responses(
    (status = 200, body = LedgerState), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn state(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<LedgerState>, Problem> {
    administrator(&ctx)?;
    let checkpoint = current(&house).await?;
    let verified = house.memory::<LastVerified>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Json(LedgerState {
        size: checkpoint.size,
        root: base64(&checkpoint.root),
        checkpoint: checkpoint.note,
        last_checkpoint_time: checkpoint.time.to_rfc3339(),
        witnesses: witnessed(&house).await?.0,
        verified,
    }))
}

/// Checks the whole log, from its first entry.
#[utoipa::path(post, path = "/api/admin/ledger/verify", tag = "administration", responses(
    (status = 200, body = LedgerState), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"), (status = 409, description = "It is being checked already")))]
pub async fn verify(house: State<House>, ctx: Extension<Ctx>) -> Result<Json<LedgerState>, Problem> {
    administrator(&ctx)?;
    let checking = house.memory::<Checking>();
    if checking.0.swap(true, std::sync::atomic::Ordering::AcqRel) {
        return Err(Problem::conflict("The ledger is being checked already. Look again in a moment."));
    }
    let ledger = std::sync::Arc::clone(&house.ledger);
    // A task of its own, so that the flag falls also when the caller does not wait for the answer.
    let db = house.db.clone();
    let task = tokio::spawn(async move {
        let found = db.scan(move |tx| ledger::verify(tx, &ledger, |_| {})).await;
        checking.0.store(false, std::sync::atomic::Ordering::Release);
        found
    });
    let found = task.await.map_err(|_| Problem::internal())?;
    let verified = verdict(&house, found)?;
    *house.memory::<LastVerified>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(verified);
    state(house, ctx).await
}

/// An altered log is a finding; a database that cannot be read is not.
fn verdict(house: &House, found: Result<ledger::Report, LedgerError>) -> Result<Verified, Problem> {
    let time = house.clock.now().to_rfc3339();
    match found {
        Ok(ledger::Report { size, checkpoints, erased, .. }) => {
            let detail = format!(
                "All {size} entries match the tree, and so do {checkpoints} signed checkpoints. {erased} entries belong \
                 to erased patients and stay sealed for good."
            );
            Ok(Verified { time, size, ok: true, detail })
        }
        Err(error @ LedgerError::Altered(_)) => Ok(Verified { time, size: 0, ok: false, detail: error.to_string() }),
        Err(error) => Err(error.into()),
    }
}
