//! Use cases of somebody's own vault, and of others' public keys. Line 1 of each authorises; the caller commits.

use super::model::{Guarded, Guardian, Logged, MyVault, PublicKeys, Vault, VaultForm, Way, WayForm, WayKind};
use super::store::{self, Owner, VaultDetail, VaultRow, WayDetail, WayRow};
use super::{guardians, rules};
use crate::error::DocumentError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use consent::compartment;
use db::Tx;
use kernel::{Actor, Ctx, Id, Problem};
use ledger::{Action, Entry, Ground, House};

const ONLY_ONESELF: &str = "Patients and doctors have a vault, each for themselves: no app and nobody else opens it.";

/// Who asks, if they are somebody who has a vault, in their own full session.
pub fn mine(ctx: &Ctx) -> Result<Owner, DocumentError> {
    ctx.full()?;
    let forbidden = || Err(Problem::forbidden(ONLY_ONESELF).into());
    if ctx.pass.app.is_some() || ctx.behalf().is_some() {
        return forbidden();
    }
    match &ctx.actor {
        Actor::Patient { account, patient } => {
            Ok(Owner { account: account.get(), patient: patient.get(), practitioner: 0 })
        }
        Actor::Practitioner { account, practitioner, .. } => {
            Ok(Owner { account: account.get(), patient: 0, practitioner: practitioner.get() })
        }
        Actor::Nobody => Err(Problem::unauthorized().into()),
        _ => forbidden(),
    }
}

/// The caller's own vault, which must be there.
pub fn own(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<(Owner, VaultRow), DocumentError> {
    let owner = mine(ctx)?;
    let row = store::vault(tx, house, owner.account)?;
    Ok((owner, row.ok_or_else(|| Problem::conflict("Set up your vault first."))?))
}

/// The caller's vault, or that there is none.
pub fn read(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<MyVault, DocumentError> {
    let owner = mine(ctx)?;
    let vault = match store::vault(tx, house, owner.account)? {
        Some(row) => Some(shown(house, tx, row)?),
        None => None,
    };
    let mut guarding = Vec::new();
    for (account, since) in store::guarded_by(tx, owner.account)? {
        if let Some(row) = store::vault(tx, house, account)? {
            guarding.push(Guarded { name: row.detail.name, since: since.to_rfc3339() });
        }
    }
    Ok(MyVault { vault, guarding })
}

fn shown(house: &House, tx: &mut Tx<'_>, row: VaultRow) -> Result<Vault, DocumentError> {
    let VaultRow { owner, created, detail, .. } = row;
    let way = |way: WayRow| Way {
        id: way.id,
        kind: way.kind,
        name: way.detail.name,
        credential: way.detail.credential,
        created: way.created.to_rfc3339(),
        wrap: way.detail.wrap,
    };
    let guardian = |row: store::GuardianRow| Guardian {
        name: row.detail.name,
        code: row.detail.code,
        created: row.created.to_rfc3339(),
    };
    Ok(Vault {
        box_key: detail.box_key,
        sign_key: detail.sign_key,
        salt: detail.salt,
        keys: detail.keys,
        code: detail.code,
        created: created.to_rfc3339(),
        ways: store::ways(tx, house, owner)?.into_iter().map(way).collect(),
        guardians: store::guardians(tx, house, owner)?.into_iter().map(guardian).collect(),
    })
}

/// Open pages of the same person read their vault again.
pub fn announce(tx: &mut Tx<'_>, account: i64) {
    tx.announce(format!("account:{account} vault"));
}

/// Keeps a vault that the caller's browser made, and tells of its public keys in the ledger.
pub fn create(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &VaultForm) -> Result<MyVault, DocumentError> {
    let owner = mine(ctx)?;
    ctx.confirmed()?;
    if store::vault(tx, house, owner.account)?.is_some() {
        return Err(Problem::conflict("You have a vault already. Open it, or begin anew.").into());
    }
    let (box_key, sign_key) = rules::vault(form).map_err(Problem::unprocessable)?;
    let fingerprint = rules::fingerprint(&box_key, &sign_key);
    let code = rules::code(&fingerprint);
    let hex: String = fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    let now = ctx.now();
    // The entry gets its number when the group commits: never an earlier one than the next.
    let logged = ledger::count(tx, Id::new(owner.patient)).map_err(|e| DocumentError::from(Problem::from(e)))?;
    let detail = VaultDetail {
        name: ctx.name.to_string(),
        box_key: form.box_key.clone(),
        sign_key: form.sign_key.clone(),
        salt: form.salt.clone(),
        keys: form.keys.clone(),
        code,
        fingerprint: hex.clone(),
    };
    store::insert_vault(tx, house, &VaultRow { owner, created: now, logged, detail })?;
    for way in &form.ways {
        insert_way(ctx, house, tx, owner, way)?;
    }
    let whose = whose(tx, house, owner)?;
    log(ctx, tx, owner, format!("VaultKeys/{whose}/{hex}"));
    // Patients who let this doctor open sealed documents can hand over the keys now.
    for patient in compartment::patients(tx, owner.practitioner, now)? {
        tx.announce(format!("patient:{patient} grants"));
    }
    announce(tx, owner.account);
    read(ctx, house, tx)
}

/// The id of the Practitioner, or the word for a patient: they read only their own.
fn whose(tx: &mut Tx<'_>, house: &House, owner: Owner) -> Result<String, DocumentError> {
    if owner.practitioner == 0 {
        return Ok("patient".to_owned());
    }
    let found = consent::person(tx, house, owner.practitioner, vault::DIRECTORY).map_err(Problem::from)?;
    Ok(found.ok_or_else(Problem::not_found)?.id)
}

pub fn log(ctx: &Ctx, tx: &mut Tx<'_>, owner: Owner, what: String) {
    let entry = match owner.patient {
        0 => Entry::system(ctx, Action::Keys).what(what, 1),
        patient => {
            let entry = Entry::new(ctx, Id::new(patient), Action::Keys).what(what, 1);
            entry.ground(Ground::OwnRecord, kernel::Purpose::Patient, None)
        }
    };
    ledger::append(tx, entry);
}

fn insert_way(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, owner: Owner, form: &WayForm) -> Result<(), DocumentError> {
    let name = rules::way("", form).map_err(|issue| Problem::unprocessable(vec![issue]))?;
    let detail = WayDetail { name, credential: form.credential.clone(), wrap: form.wrap.clone() };
    let row = WayRow { id: tx.allocate("seal-way", 1)?, kind: form.kind, created: ctx.now(), detail };
    store::insert_way(tx, house, owner, &row)
}

/// Adds a way in: a passkey, or a recovery code that takes the place of the one before.
pub fn add_way(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &WayForm) -> Result<MyVault, DocumentError> {
    let (owner, _) = own(ctx, house, tx)?;
    ctx.confirmed()?;
    let replaced = |old: &WayRow| match form.kind {
        WayKind::Recovery => old.kind == WayKind::Recovery,
        WayKind::Passkey => old.kind == WayKind::Passkey && old.detail.credential == form.credential,
    };
    let (replaced, others): (Vec<_>, Vec<_>) = store::ways(tx, house, owner)?.into_iter().partition(replaced);
    for old in replaced {
        store::remove_way(tx, owner.account, old.id)?;
    }
    if others.len() >= rules::WAYS_MOST {
        return Err(Problem::conflict("Your vault has very many ways in. Remove one that you do not use.").into());
    }
    insert_way(ctx, house, tx, owner, form)?;
    log(ctx, tx, owner, "VaultWay".to_owned());
    announce(tx, owner.account);
    read(ctx, house, tx)
}

/// Removes a passkey's way in. The recovery code is only ever replaced: without it a lost phone would be the end.
pub fn remove_way(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, way: i64) -> Result<MyVault, DocumentError> {
    let (owner, _) = own(ctx, house, tx).map_err(|_| Problem::not_found())?;
    ctx.confirmed()?;
    let found = store::ways(tx, house, owner)?.into_iter().find(|row| row.id == way).ok_or_else(Problem::not_found)?;
    if found.kind == WayKind::Recovery {
        return Err(Problem::conflict("The recovery code stays. Make a new one in its place.").into());
    }
    store::remove_way(tx, owner.account, way)?;
    announce(tx, owner.account);
    read(ctx, house, tx)
}

/// Ends the caller's vault for good, so that they can begin anew: what was sealed for it is removed, since nobody can open it.
pub fn discard(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<MyVault, DocumentError> {
    let (owner, _) = own(ctx, house, tx)?;
    ctx.confirmed()?;
    // Before anything is gone: who named them is found by what they held.
    guardians::leave(house, tx, owner.account)?;
    if owner.patient != 0 {
        let files = store::blobs(tx, owner.patient)?;
        store::forget_patient(tx, owner.patient)?;
        crate::jobs::remove_files(tx, &files, &[], ctx.now())?;
        super::files::announce(tx, house, owner.patient, ctx.now())?;
        tx.announce(format!("patient:{} grants", owner.patient));
    }
    for patient in compartment::patients(tx, owner.practitioner, ctx.now())? {
        tx.announce(format!("patient:{patient} grants"));
    }
    store::remove_vault(tx, owner)?;
    log(ctx, tx, owner, "VaultDiscarded".to_owned());
    announce(tx, owner.account);
    read(ctx, house, tx)
}

/// Whose public keys are asked for.
pub enum Whose {
    /// A practitioner of the directory.
    Practitioner(String),
    /// Whoever told the caller the code of their vault.
    Code(String),
}

/// Public keys to wrap something for. Those of a practitioner come with the entry of the ledger that tells of them.
pub fn public_keys(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, of: &Whose) -> Result<PublicKeys, DocumentError> {
    mine(ctx)?;
    let (row, practitioner) = match of {
        Whose::Practitioner(id) => {
            let found = consent::resolve(tx, house, consent::GranteeType::Practitioner, id).map_err(Problem::from)?;
            let found = found.ok_or_else(Problem::not_found)?;
            (store::vault_of_practitioner(tx, house, found.rid)?, Some(id.clone()))
        }
        Whose::Code(code) => {
            let code = rules::read_code(code).ok_or_else(Problem::not_found)?;
            (store::vault_of_code(tx, house, &code)?, None)
        }
    };
    let row = row.ok_or_else(Problem::not_found)?;
    let logged = match &practitioner {
        Some(id) => Some(logged(house, tx, &row, id)?),
        None => None,
    };
    let VaultDetail { name, box_key, sign_key, code, .. } = row.detail;
    Ok(PublicKeys { name, practitioner, box_key, sign_key, code, logged })
}

/// How far an entry can be behind where its group began.
const BEHIND: i64 = 4096;
const STEP: i64 = 64;

/// The entry that told of these keys.
fn logged(house: &House, tx: &mut Tx<'_>, row: &VaultRow, id: &str) -> Result<Logged, DocumentError> {
    let what = format!("VaultKeys/{id}/{}", row.detail.fingerprint);
    let mut from = row.logged;
    while from < row.logged + BEHIND {
        let found = ledger::entries(tx, &house.vault, Id::new(vault::DIRECTORY), Some(from + STEP), STEP);
        for stored in found.map_err(|e| DocumentError::from(Problem::from(e)))? {
            let entry: Entry =
                serde_json::from_slice(&stored.entry).map_err(|e| crate::store::broken("an entry", &e))?;
            if entry.action == Action::Keys && entry.what.as_deref() == Some(&what) {
                let [entry, r, leaf] = [&stored.entry, &stored.r, &stored.leaf].map(|bytes| STANDARD.encode(bytes));
                return Ok(Logged { seq: stored.seq, entry, r, leaf });
            }
        }
        from += STEP;
    }
    Err(Problem::internal().into())
}
