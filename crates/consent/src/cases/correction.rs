//! Corrections: a patient says that an entry is wrong, to whoever wrote it (GDPR article 16; HIPAA 45 CFR 164.526). It is a
//! case like a question, about an entry of the record; it is answered by a change that the patient approves, by one that the
//! clinic's own software makes, which the patient then looks at, or by a reason why there is none.

use super::model::{Case, CaseAbout, CaseKind, CaseReader, CaseState, CorrectionForm, MessageForm, Outcome, Side};
use super::service::{
    MOST_A_DAY, QUESTION, announce, found, log, message, of_patient, owe, shown, text, to_administrators, to_patient,
    to_reader,
};
use super::store::{self as cases, Detail, Row};
use crate::error::ConsentError;
use crate::store;
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Role};
use ledger::{Action, House};
use notify::{Kind, Notice};
use std::collections::HashMap;
use vault::DIRECTORY;

/// An entry as it was found under the patient's own access.
#[derive(Clone, Debug)]
pub struct Disputed {
    pub row: crate::Row,
    pub about: CaseAbout,
    /// The numbers of the Practitioners whom it names as those who made it, the most telling first.
    pub named: Vec<i64>,
}

const ADMINISTRATORS: &str = "HealthSync's administrators";

/// Who wrote an entry: the account that answers, the organization whose people do, and what they are called.
struct Wrote {
    account: Option<i64>,
    organization: Option<i64>,
    shown: CaseReader,
}

/// Practitioners and organizations answer for what they wrote, and who is named in what was imported for that; of the rest an
/// administrator finds out who does.
fn wrote(tx: &mut Tx<'_>, house: &House, entry: &Disputed) -> Result<Wrote, ConsentError> {
    let organization = match entry.row.organization {
        0 => None,
        rid => store::person(tx, house, rid, DIRECTORY)?.map(|found| (rid, found.name)),
    };
    let name = organization.as_ref().map(|(_, name)| name.clone());
    let role = |role: Role| role.as_str().to_owned();
    let author = match cases::author(tx, entry.row.author)? {
        Some(cases::Author::Practitioner(rid)) => {
            store::person(tx, house, rid, DIRECTORY)?.map(|found| (entry.row.author, found.name))
        }
        Some(cases::Author::Patient) => {
            return Err(Issue::new("value", "id", "This was entered by you or for you: change it yourself.").into());
        }
        _ => named(tx, house, &entry.named)?,
    };
    let shown = match (&author, &name) {
        (Some((_, author)), _) => {
            CaseReader { name: author.clone(), role: role(Role::Practitioner), organization: name }
        }
        (None, Some(name)) => CaseReader { name: name.clone(), role: "organization".to_owned(), organization: None },
        (None, None) => {
            CaseReader { name: ADMINISTRATORS.to_owned(), role: role(Role::Administrator), organization: None }
        }
    };
    Ok(Wrote { account: author.map(|(account, _)| account), organization: organization.map(|(rid, _)| rid), shown })
}

/// The first of these who has an account here, and what they are called.
fn named(tx: &mut Tx<'_>, house: &House, named: &[i64]) -> Result<Option<(i64, String)>, ConsentError> {
    for rid in named {
        if let Some(account) = cases::account_of(tx, *rid)?
            && let Some(found) = store::person(tx, house, *rid, DIRECTORY)?
        {
            return Ok(Some((account, found.name)));
        }
    }
    Ok(None)
}

/// Whose software changes what it brought: never that of the practitioner who is named in it.
fn changer(reader: &CaseReader) -> &str {
    match &reader.organization {
        Some(organization) => organization,
        None if reader.role == Role::Practitioner.as_str() => ADMINISTRATORS,
        None => &reader.name,
    }
}

/// Opens a case about an entry of the patient's own record.
pub fn correct(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    entry: &Disputed,
    form: &CorrectionForm,
) -> Result<Case, ConsentError> {
    let (_, patient) = of_patient(ctx)?;
    if patient.get() != entry.row.patient || entry.row.rid == entry.row.patient {
        return Err(Issue::new("value", "id", "Only what others wrote about you is corrected by others.").into());
    }
    let reason = text(&form.reason, "reason", *QUESTION.start())?;
    let proposal = form.proposal.as_deref().map(|said| text(said, "proposal", 1)).transpose()?;
    let Wrote { account, organization, shown: reader } = wrote(tx, house, entry)?;
    if cases::is_disputed(tx, patient.get(), entry.row.rid)? {
        return Err(ConsentError::Conflict("You have asked for this already, and the case is open."));
    }
    let now = ctx.now();
    if cases::opened_since(tx, patient.get(), now.0 - super::service::DAY_MS)? >= MOST_A_DAY {
        return Err(ConsentError::Conflict("You have opened many cases today. Open more tomorrow."));
    }
    let whose = store::person(tx, house, patient.get(), patient.get())?.ok_or(ConsentError::NotFound)?;
    let row = Row {
        id: tx.allocate("case", 1)?,
        kind: CaseKind::Correction,
        patient: patient.get(),
        seq: 0,
        rid: Some(entry.row.rid),
        organization,
        reader: account,
        opened: now.0,
        due: now.0 + CaseKind::Correction.due_ms(),
        state: CaseState::Waiting.code(),
        detail: Detail {
            patient: whose.name,
            record: Some(whose.id),
            reader,
            entry: None,
            about: Some(entry.about.clone()),
            proposal,
            outcome: None,
            messages: vec![message(ctx, Side::Patient, reason)],
        },
    };
    cases::insert(tx, house, &row)?;
    log(ctx, tx, &row, Action::Dispute);
    owe(tx, &row)?;
    let told = Notice::new(Kind::Case, "A patient says that an entry of yours is wrong", "Answer within 30 days.");
    to_reader(tx, house, &row, &told)?;
    let title = format!("A patient says that an entry by {} is wrong", row.detail.reader.name);
    to_administrators(tx, house, &row, &Notice::new(Kind::Case, title, "An answer is owed within 30 days."))?;
    Ok(shown(ctx, row, Side::Patient, false))
}

/// Whoever wrote the entry, or an administrator, says why it stays as it is.
pub fn refuse(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, form: &MessageForm) -> Result<Case, ConsentError> {
    let (mut row, side, state) = found(ctx, house, tx, id)?;
    if side == Side::Patient || row.kind != CaseKind::Correction {
        return Err(ConsentError::NotFound);
    }
    let said = text(&form.text, "text", *QUESTION.start())?;
    let mine = match side {
        Side::Administrator => state.owed(),
        _ => state == CaseState::Waiting,
    };
    if !mine || row.is_full() {
        return Err(ConsentError::Conflict("There is nothing that waits for your decision."));
    }
    row.detail.messages.push(message(ctx, side, said));
    row.detail.outcome = Some(Outcome::Declined);
    row.state = CaseState::Answered.code();
    cases::update(tx, house, &row)?;
    log(ctx, tx, &row, Action::Answer);
    let title = format!("{} declined to correct an entry", ctx.name);
    to_patient(tx, house, &row, &Notice::new(Kind::Case, title, "The page Cases says why."))?;
    Ok(shown(ctx, row, side, false))
}

/// These entries were changed or removed as the patient approved: what was asked about them has come. With each row the
/// version that stands now.
pub fn corrected(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    patient: i64,
    versions: &[(i64, i64)],
) -> Result<(), ConsentError> {
    for (mut row, version) in disputed(house, tx, patient, versions)? {
        answered(ctx, house, tx, &mut row, (Outcome::Corrected, version))?;
    }
    Ok(())
}

/// The software of whoever wrote these entries, or the operator, changed or removed them: nobody asked the patient, so the
/// patient is told, with the version that stands now, and says whether it is right.
pub fn changed(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    patient: i64,
    versions: &[(i64, i64)],
) -> Result<(), ConsentError> {
    if !matches!(ctx.actor, Actor::Service { .. } | Actor::Operator) {
        return Ok(());
    }
    for (mut row, version) in disputed(house, tx, patient, versions)? {
        let known = row.detail.outcome;
        if known == Some(Outcome::Corrected) {
            continue;
        }
        answered(ctx, house, tx, &mut row, (Outcome::Changed, version))?;
        if known != Some(Outcome::Changed) {
            let title = format!("{} changed an entry that you say is wrong", changer(&row.detail.reader));
            let told = Notice::new(Kind::Case, title, "Look whether it is right now: the page Cases leads there.");
            to_patient(tx, house, &row, &told)?;
        }
    }
    Ok(())
}

/// The cases about these rows that are not closed, each with the version of its entry.
fn disputed(
    house: &House,
    tx: &mut Tx<'_>,
    patient: i64,
    versions: &[(i64, i64)],
) -> Result<Vec<(Row, i64)>, ConsentError> {
    // Most of what is written was not there before, and of most records nothing was said to be wrong.
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let versions: HashMap<i64, i64> = versions.iter().copied().collect();
    let found = cases::disputes(tx, house, patient, |rid| versions.contains_key(&rid))?;
    let version = |row: Row| Some((*versions.get(&row.rid?)?, row));
    Ok(found.into_iter().filter_map(version).map(|(version, row)| (row, version)).collect())
}

fn answered(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    row: &mut Row,
    (outcome, version): (Outcome, i64),
) -> Result<(), ConsentError> {
    row.detail.outcome = Some(outcome);
    if let Some(about) = &mut row.detail.about {
        about.version = Some(version);
    }
    row.state = CaseState::Answered.code();
    cases::update(tx, house, row)?;
    ledger::append(tx, ledger::Entry::new(ctx, Id::new(row.patient), Action::Answer).what("Correction", 1));
    announce(tx, row);
    Ok(())
}
