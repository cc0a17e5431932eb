//! A device that has no way into its owner's vault asks: another device of the same person, or their guardians. It says a public
//! key that it made for this, whose code the person tells those who answer; what they answer is wrapped for it.

use super::model::{Answer, AnswerForm, Opening, OpeningForm, OpeningKind, Openings};
use super::store::{self, AnswerDetail, OpeningDetail, OpeningRow, Owner};
use super::{rules, vaults};
use crate::error::DocumentError;
use db::Tx;
use kernel::{Ctx, Id, Problem};
use ledger::House;
use notify::{Kind, Notice};

const MINUTE_MS: i64 = 60_000;
/// Another device is at hand.
const DEVICE_MS: i64 = 15 * MINUTE_MS;
/// Guardians have to be reached.
const GUARDIANS_MS: i64 = 7 * 24 * 60 * MINUTE_MS;
/// At once, of one vault.
const MOST: usize = 5;

fn lasts(kind: OpeningKind) -> i64 {
    match kind {
        OpeningKind::Device => DEVICE_MS,
        OpeningKind::Guardians => GUARDIANS_MS,
    }
}

/// Asks to be let in.
pub fn ask(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &OpeningForm) -> Result<Opening, DocumentError> {
    let (owner, row) = vaults::own(ctx, house, tx)?;
    ctx.confirmed()?;
    rules::public_key("publicKey", &form.public_key).map_err(|issue| Problem::unprocessable(vec![issue]))?;
    let now = ctx.now();
    store::sweep_openings(tx, now)?;
    if store::openings(tx, house, owner, now)?.len() >= MOST {
        return Err(Problem::conflict("Several devices wait already. End one of them.").into());
    }
    let guardians = store::guardians(tx, house, owner)?;
    if form.kind == OpeningKind::Guardians && guardians.is_empty() {
        return Err(Problem::conflict("You named no guardians.").into());
    }
    let detail = OpeningDetail { name: row.detail.name, public_key: form.public_key.clone() };
    let id = tx.allocate("seal-opening", 1)?;
    let expires = now.plus_ms(lasts(form.kind));
    let row = OpeningRow { id, kind: form.kind, created: now, expires, detail };
    store::insert_opening(tx, house, owner, &row)?;
    if form.kind == OpeningKind::Guardians {
        for guardian in guardians {
            let body = "Talk to them, so that you know it is them, and have them read you the code on their screen.";
            let told = Notice::new(Kind::Security, "Somebody asks for your share of their key", body);
            notify::send(tx, house, Id::new(guardian.guardian), &told.link("/account/vault"))?;
            vaults::announce(tx, guardian.guardian);
        }
        // Whoever holds the session alone must not begin this unseen.
        let body = "Your guardians were asked to open your vault on a new device. If that was not you, end it there.";
        let told = Notice::new(Kind::Security, "Your vault is asked for", body).link("/account/vault");
        notify::send(tx, house, Id::new(owner.account), &told)?;
    }
    vaults::announce(tx, owner.account);
    shown(house, tx, owner, row)
}

fn shown(house: &House, tx: &mut Tx<'_>, owner: Owner, row: OpeningRow) -> Result<Opening, DocumentError> {
    let answers = store::answers(tx, house, owner, row.id)?;
    Ok(Opening {
        id: row.id,
        kind: row.kind,
        name: row.detail.name,
        public_key: row.detail.public_key,
        created: row.created.to_rfc3339(),
        expires: row.expires.to_rfc3339(),
        answers: answers.into_iter().map(|(_, AnswerDetail { name, wrap })| Answer { name, wrap }).collect(),
        share: None,
    })
}

/// What waits: of the caller's own vault, and of those that they are a guardian of.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Openings, DocumentError> {
    let owner = vaults::mine(ctx)?;
    let now = ctx.now();
    let mut own = Vec::new();
    for row in store::openings(tx, house, owner, now)? {
        own.push(shown(house, tx, owner, row)?);
    }
    let mut asked = Vec::new();
    for (account, _) in store::guarded_by(tx, owner.account)? {
        let Some(vault) = store::vault(tx, house, account)? else { continue };
        let shares = store::guardians(tx, house, vault.owner)?;
        let Some(share) = shares.into_iter().find(|row| row.guardian == owner.account) else { continue };
        for row in store::openings(tx, house, vault.owner, now)? {
            if row.kind != OpeningKind::Guardians {
                continue;
            }
            let answered =
                store::answers(tx, house, vault.owner, row.id)?.iter().any(|(from, _)| *from == owner.account);
            if answered {
                continue;
            }
            let shown = shown(house, tx, vault.owner, row)?;
            // What others answered is for the owner alone.
            asked.push(Opening { answers: Vec::new(), share: Some(share.detail.wrap.clone()), ..shown });
        }
    }
    Ok(Openings { own, asked })
}

/// An opening that the caller may answer, and whose it is.
fn to_answer(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(Owner, OpeningRow), DocumentError> {
    let caller = vaults::mine(ctx)?;
    let account = store::opening_owner(tx, id)?.ok_or_else(Problem::not_found)?;
    let vault = store::vault(tx, house, account)?.ok_or_else(Problem::not_found)?;
    let rows = store::openings(tx, house, vault.owner, ctx.now())?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(Problem::not_found)?;
    let may = match row.kind {
        OpeningKind::Device => account == caller.account,
        OpeningKind::Guardians => {
            store::guardians(tx, house, vault.owner)?.iter().any(|row| row.guardian == caller.account)
        }
    };
    if may { Ok((vault.owner, row)) } else { Err(Problem::not_found().into()) }
}

/// Answers an opening with what was wrapped for its public key.
pub fn answer(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    id: i64,
    form: &AnswerForm,
) -> Result<Openings, DocumentError> {
    let caller = vaults::mine(ctx)?;
    let (owner, row) = to_answer(ctx, house, tx, id)?;
    ctx.confirmed()?;
    rules::wrap("wrap", &form.wrap).map_err(|issue| Problem::unprocessable(vec![issue]))?;
    let detail = AnswerDetail { name: ctx.name.to_string(), wrap: form.wrap.clone() };
    store::put_answer(tx, house, (owner, row.id, caller.account), &detail, ctx.now())?;
    vaults::announce(tx, owner.account);
    vaults::announce(tx, caller.account);
    list(ctx, house, tx)
}

/// Ends an opening of the caller's own vault: it was answered, or is not wanted any more.
pub fn end(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Openings, DocumentError> {
    let owner = vaults::mine(ctx)?;
    if store::opening_owner(tx, id)? != Some(owner.account) {
        return Err(Problem::not_found().into());
    }
    for guardian in store::guardians(tx, house, owner)? {
        vaults::announce(tx, guardian.guardian);
    }
    store::remove_opening(tx, id)?;
    vaults::announce(tx, owner.account);
    list(ctx, house, tx)
}
