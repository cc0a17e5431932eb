//! Guardians: three people each hold a share of somebody's key, and two of them open it. The shares were made in the browser.

use super::model::{GuardiansForm, MyVault, OpeningKind};
use super::store::{self, GuardianRow, ShareDetail};
use super::{rules, vaults};
use crate::error::DocumentError;
use db::Tx;
use kernel::{Ctx, Id, Issue, Problem, id};
use ledger::House;
use notify::{Kind, Notice};

const HOW_MANY: usize = 3;

/// Names the guardians anew, or takes them away.
pub fn set(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &GuardiansForm) -> Result<MyVault, DocumentError> {
    let (owner, _) = vaults::own(ctx, house, tx)?;
    ctx.confirmed()?;
    let mut issues = Vec::new();
    if !form.guardians.is_empty() && form.guardians.len() != HOW_MANY {
        issues.push(Issue::new("value", "guardians", "Name three guardians: two of them open the vault together."));
    }
    let mut rows: Vec<GuardianRow> = Vec::new();
    for (i, share) in form.guardians.iter().enumerate() {
        issues.extend(rules::wrap(&format!("guardians[{i}].wrap"), &share.wrap).err());
        let place = format!("guardians[{i}].code");
        let found = match rules::read_code(&share.code) {
            Some(code) => store::vault_of_code(tx, house, &code)?,
            None => None,
        };
        match found {
            Some(row) if row.owner.account == owner.account => {
                issues.push(Issue::new("value", place, "This is the code of your own vault."));
            }
            Some(row) if rows.iter().any(|other| other.guardian == row.owner.account) => {
                issues.push(Issue::new("value", place, "Three different people are needed."));
            }
            Some(row) => {
                let detail = ShareDetail { name: row.detail.name, code: row.detail.code, wrap: share.wrap.clone() };
                rows.push(GuardianRow { guardian: row.owner.account, created: ctx.now(), detail });
            }
            None => issues.push(Issue::new("not-found", place, "No vault has this code.")),
        }
    }
    if !issues.is_empty() {
        return Err(Problem::unprocessable(issues).into());
    }
    for old in store::guardians(tx, house, owner)? {
        vaults::announce(tx, old.guardian);
    }
    store::remove_guardians(tx, owner.account)?;
    // Answers that came already are shares of the split before: with new ones they make no key.
    for opening in store::openings(tx, house, owner, ctx.now())? {
        if opening.kind == OpeningKind::Guardians {
            store::remove_opening(tx, opening.id)?;
        }
    }
    for row in &rows {
        store::insert_guardian(tx, house, owner, row)?;
        // Without a name: a notice outlives what it tells of.
        let body = "With one other guardian you can help them back in. You cannot open anything by yourself.";
        let told = Notice::new(Kind::Security, "You hold a share of somebody's key", body).link("/account/vault");
        notify::send(tx, house, Id::new(row.guardian), &told)?;
        vaults::announce(tx, row.guardian);
    }
    vaults::log(ctx, tx, owner, "VaultGuardians".to_owned());
    vaults::announce(tx, owner.account);
    vaults::read(ctx, house, tx)
}

/// The vault of this account ends: whoever named it a guardian hears that one is missing, and what is left to do.
pub fn leave(house: &House, tx: &mut Tx<'_>, guardian: i64) -> Result<(), DocumentError> {
    for (owner, _) in store::guarded_by(tx, guardian)? {
        let left = store::how_many_guard(tx, owner)? - 1;
        let body = match left {
            2.. => {
                "The two others can still let you in together. Name three guardians anew, so that one may be missing."
            }
            _ => "Too few are left to let you in: two are needed. Name three guardians anew.",
        };
        let told = Notice::new(Kind::Security, "A guardian of your vault cannot help you any more", body);
        notify::send(tx, house, Id::new(owner), &told.link("/account/vault"))?;
        vaults::announce(tx, owner);
    }
    Ok(())
}

/// The same for a patient who is being erased.
pub fn leave_of_patient(house: &House, tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), DocumentError> {
    for account in store::accounts_of_patient(tx, patient.get())? {
        leave(house, tx, account)?;
    }
    Ok(())
}
