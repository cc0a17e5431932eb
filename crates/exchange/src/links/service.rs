//! Use cases of the patient: make a link, list them, end one. Line 1 of each authorises; the caller commits.

use super::model::{HealthLink, LinkForm, LinkState};
use super::rules::{self, Parts};
use super::store::{self, Detail, Link, Maker};
use crate::error::ExchangeError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use consent::Label;
use consent::access::Terms;
use consent::rules::NO_END;
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Problem, Purpose, Timestamp, id, rng};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Notice};

/// What the ledger calls it.
pub const WHAT: &str = "HealthLink";

/// The patient who asks, in a full session; an app of theirs makes no links.
pub fn patient(ctx: &Ctx) -> Result<Id<id::Patient>, ExchangeError> {
    ctx.full()?;
    match ctx.actor {
        Actor::Patient { patient, .. } if ctx.pass.app.is_none() => Ok(patient),
        Actor::Nobody => Err(Problem::unauthorized().into()),
        _ => Err(Problem::forbidden("Only a patient has health links.").into()),
    }
}

/// What a link shows: the whole summary, with or without sensitive areas.
fn terms(sensitive: bool) -> Terms {
    let labels = if sensitive { Label::ALL.iter().fold(0, |bits, label| bits | label.bit()) } else { 0 };
    Terms { labels, ..Terms::all() }
}

/// Makes a link: from the commit on, whoever holds it can open the summary.
pub fn create(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    form: &LinkForm,
    base: &str,
) -> Result<HealthLink, ExchangeError> {
    let patient = patient(ctx)?;
    ctx.confirmed()?;
    let now = ctx.now();
    let checked = rules::check(form);
    let until = consent::rules::end(form.until.as_deref(), now);
    let (label, passcode, until) = match (checked, until) {
        (Ok((label, passcode)), Ok(until)) => (label, passcode, until),
        (checked, until) => {
            let mut issues = checked.err().unwrap_or_default();
            issues.extend(until.err());
            return Err(ExchangeError::Invalid(issues));
        }
    };
    consent::family::within(ctx, tx, terms(form.sensitive), until).map_err(Problem::from)?;
    if store::standing(tx, patient, now)? >= rules::STANDING_MOST {
        return Err(Problem::conflict("You have very many links. End some that you do not need any more.").into());
    }
    let secret = URL_SAFE_NO_PAD.encode(rng::bytes::<32>(&*house.rng));
    if !rules::fits(&rules::url(base, &secret)) {
        let text = "The address of this server is too long for a health link.";
        return Err(Issue::new("too-long", "", text).into());
    }
    let key = URL_SAFE_NO_PAD.encode(rng::bytes::<32>(&*house.rng));
    let (sensitive, direct, tell) = (form.sensitive, form.direct, form.tell);
    let maker = ctx.behalf().map(|behalf| Maker { account: behalf.account.get(), name: ctx.name.to_string() });
    let told = Notice::new(Kind::Grant, format!("{} made a health link of the record", ctx.name), label.clone());
    consent::family::tell_of_deed(ctx, house, tx, &told.link("/links")).map_err(Problem::from)?;
    let detail = Detail { label, secret, key, passcode, sensitive, direct, tell, maker };
    let id = tx.allocate("health-link", 1)?;
    let link = Link { id, patient, created: now.0, until, ended: None, wrong: 0, openings: 0, detail };
    store::insert(tx, house, &link)?;
    consent::link::begin(tx, patient, id, terms(form.sensitive), Timestamp(until))?;
    log(ctx, tx, patient, Action::Grant);
    shown(tx, house, &link, base, now)
}

/// The patient's links, newest first.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, base: &str) -> Result<Vec<HealthLink>, ExchangeError> {
    let patient = patient(ctx)?;
    let links = store::of_patient(tx, house, patient)?;
    links.iter().map(|link| Ok(withheld(ctx, shown(tx, house, link, base, ctx.now())?))).collect()
}

/// Whoever may only look gets nothing that opens the record to others, and after their own time.
pub fn withheld(ctx: &Ctx, link: HealthLink) -> HealthLink {
    match ctx.behalf() {
        Some(behalf) if !behalf.acts => HealthLink { link: None, address: None, passcode: None, ..link },
        _ => link,
    }
}

/// Ends the links that somebody made who looks after the record no more; the patient hears of it.
pub fn left(house: &House, tx: &mut Tx<'_>, patient: Id<id::Patient>, account: i64) -> Result<(), ExchangeError> {
    let now = house.clock.now();
    let mut ended = Vec::new();
    for link in store::of_patient(tx, house, patient)? {
        let Some(maker) = link.detail.maker.filter(|maker| maker.account == account) else { continue };
        if link.ended.is_none() && link.until > now.0 {
            store::set_ended(tx, link.id, now)?;
            consent::link::end(tx, patient, link.id)?;
            ended.push((link.detail.label, maker.name));
        }
    }
    let Some((_, name)) = ended.first() else { return Ok(()) };
    let title = format!("The health links that {name} made have ended");
    let labels = ended.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>().join(", ");
    let body = format!("{labels}. Make them anew if you still need them, also the code of an emergency card.");
    notify::to_patient(tx, house, patient, &Notice::new(Kind::Revoked, title, body).link("/links"))?;
    announce(tx, patient);
    Ok(())
}

/// Ends a link: from the commit on, it opens nothing. Doing it twice is doing it once.
pub fn revoke(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, link: i64, base: &str) -> Result<HealthLink, ExchangeError> {
    let patient = patient(ctx).map_err(|error| match error {
        ExchangeError::Refused(problem) if problem.status == 403 && problem.kind == "forbidden" => {
            ExchangeError::NotFound
        }
        other => other,
    })?;
    let found = store::by_number(tx, house, link)?.filter(|link| link.patient == patient);
    let mut link = found.ok_or(ExchangeError::NotFound)?;
    let now = ctx.now();
    if link.ended.is_none() {
        link.ended = Some(now.0);
        store::set_ended(tx, link.id, now)?;
        consent::link::end(tx, patient, link.id)?;
        log(ctx, tx, patient, Action::Revoke);
    }
    shown(tx, house, &link, base, now)
}

/// From the commit on, a link opens no sensitive areas any more; the code that was printed goes on to open the rest.
pub fn narrow(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, link: i64) -> Result<(), ExchangeError> {
    let patient = patient(ctx)?;
    let found = store::by_number(tx, house, link)?.filter(|link| link.patient == patient);
    let mut link = found.ok_or(ExchangeError::NotFound)?;
    link.detail.sensitive = false;
    store::set_detail(tx, house, &link)?;
    consent::link::end(tx, patient, link.id)?;
    consent::link::begin(tx, patient, link.id, terms(false), Timestamp(link.until))?;
    log(ctx, tx, patient, Action::Narrow);
    Ok(())
}

fn log(ctx: &Ctx, tx: &mut Tx<'_>, patient: Id<id::Patient>, action: Action) {
    let entry = Entry::new(ctx, patient, action).what(WHAT, 1);
    ledger::append(tx, entry.ground(Ground::OwnRecord, Purpose::Patient, None));
    announce(tx, patient);
}

/// Open pages read the list of links again.
pub fn announce(tx: &mut Tx<'_>, patient: Id<id::Patient>) {
    tx.announce(format!("patient:{} links", patient.get()));
}

/// The link of this patient with this number, if it can be opened: what the emergency card's code is made of.
pub fn standing(
    tx: &mut Tx<'_>,
    house: &House,
    patient: Id<id::Patient>,
    link: i64,
    (base, now): (&str, Timestamp),
) -> Result<Option<HealthLink>, ExchangeError> {
    let Some(link) = store::by_number(tx, house, link)?.filter(|link| link.patient == patient) else { return Ok(None) };
    Ok(Some(shown(tx, house, &link, base, now)?).filter(|link| link.state == LinkState::Active))
}

fn shown(tx: &mut Tx<'_>, house: &House, link: &Link, base: &str, now: Timestamp) -> Result<HealthLink, ExchangeError> {
    let Link { detail, until, .. } = link;
    let state = rules::state(*until, link.ended, link.wrong, now);
    let until = (*until != NO_END).then_some(*until);
    let url = rules::url(base, &detail.secret);
    let text = (state == LinkState::Active).then(|| {
        rules::shlink(&Parts {
            url: &url,
            key: &detail.key,
            until,
            passcode: detail.passcode.is_some(),
            direct: detail.direct,
            label: &detail.label,
        })
    });
    Ok(HealthLink {
        id: link.id,
        label: detail.label.clone(),
        created: Timestamp(link.created).to_rfc3339(),
        until: until.map(|ms| Timestamp(ms).to_rfc3339()),
        state,
        passcode: detail.passcode.clone(),
        sensitive: detail.sensitive,
        direct: detail.direct,
        tell: detail.tell,
        wrong_passcodes: link.wrong,
        openings: link.openings,
        latest: store::tries(tx, house, link)?,
        address: text.as_ref().map(|text| format!("{base}/link#{text}")),
        link: text,
    })
}
