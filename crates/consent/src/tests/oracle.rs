//! Half of the consent oracle: for random rows and random grants, what the condition lets through in SQL is what a plain
//! reading of the same grants lets through. The other half, whole queries, is tested where queries are made.

mod permission;

use super::*;
use crate::access::{DIRECTORY_KINDS, Terms};
use crate::marks::LABEL_BITS;
use crate::{Access, Columns};
use kernel::app::{App, Operation, Rule};
use permission::{Permission, allow, permission};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::sync::mpsc;

const ORG_A: i64 = 501;
const ORG_B: i64 = 502;
const PRACTITIONER: i64 = 503;

#[derive(Clone, Copy, Debug)]
struct Reach {
    grantee: i64,
    patient: i64,
    terms: Terms,
    until: i64,
    purpose: Purpose,
}

#[derive(Clone, Debug)]
struct World {
    rows: Vec<Bare>,
    /// The codes of each row: rows of the blind index.
    codes: Vec<Vec<(i64, i64)>>,
    /// What an app that acts for each reader was allowed.
    rules: Vec<Rule>,
    permission: Permission,
    grants: Vec<Reach>,
    /// The patients who paused all sharing.
    paused: Vec<i64>,
    preview: Terms,
}

/// Times near each other and near the edges, so that they meet.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![Just(UNDATED), Just(UNDATED + 1), -3..8_i64, Just(i64::MAX - 1), Just(i64::MAX)]
}

fn terms() -> impl Strategy<Value = Terms> {
    let categories = prop_oneof![Just(0xFFFF_i64), 0..0x10000_i64];
    let labels = prop_oneof![Just(0_i64), Just(63_i64), 0..64_i64];
    let period = prop_oneof![Just((UNDATED, i64::MAX)), (time(), time())];
    (categories, labels, period).prop_map(|(categories, labels, (lo, hi))| {
        let categories = categories << 16 | Category::Person.bit();
        Terms { categories, labels, lo, hi }
    })
}

fn row() -> impl Strategy<Value = Bare> {
    let kind = prop_oneof![
        Just(Kind::Observation),
        Just(Kind::Condition),
        Just(Kind::Patient),
        Just(Kind::Practitioner),
        Just(Kind::Slot),
        Just(Kind::Medication)
    ];
    let labels = prop_oneof![2 => Just(0_i64), 1 => 0..64_i64];
    let organization = prop_oneof![Just(0), Just(ORG_A), Just(ORG_B)];
    (kind, 0..4_i64, organization, time(), 0..16_usize, labels).prop_map(
        |(kind, patient, org, time, category, labels)| {
            let marks = Category::ALL[category].bit() | labels;
            // Patient 0 is the directory; its number would be that of a clinic otherwise.
            let patient = if patient == 0 { 0 } else { 600 + patient };
            Bare { rid: 0, kind: kind.code(), idh: 0, patient, org, time, marks }
        },
    )
}

fn grant() -> impl Strategy<Value = Reach> {
    let grantee = prop_oneof![3 => Just(PRACTITIONER), 2 => Just(ORG_A), 2 => Just(ORG_B), 1 => Just(999)];
    let until = prop_oneof![1 => NOW.0 - 1..NOW.0 + 2, 2 => Just(i64::MAX)];
    let purpose =
        prop_oneof![6 => Just(Purpose::Treatment), 2 => Just(Purpose::Research), 1 => Just(Purpose::Emergency)];
    (grantee, 1..4_i64, terms(), until, purpose).prop_map(|(grantee, patient, terms, until, purpose)| Reach {
        grantee,
        patient: 600 + patient,
        terms,
        until,
        purpose,
    })
}

/// Few parameters and values, so that conditions meet rows.
fn codes() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::btree_set((1..3_i64, 10..13_i64), 0..4).prop_map(|set| set.into_iter().collect())
}

fn rule() -> impl Strategy<Value = Rule> {
    let kind = prop_oneof![
        2 => Just(None),
        3 => Just(Some(Kind::Observation.code())),
        1 => Just(Some(Kind::Patient.code())),
        1 => Just(Some(Kind::Slot.code()))
    ];
    let terms = prop::collection::vec((1..3_i64, 10..13_i64), 0..3);
    (any::<bool>(), kind, 0..32_u8, terms).prop_map(|(one_patient, kind, operations, terms)| Rule {
        one_patient,
        kind,
        operations,
        terms,
    })
}

fn world() -> impl Strategy<Value = World> {
    let rows = prop::collection::vec((row(), codes()), 1..40);
    let paused = prop::collection::btree_set(601..605_i64, 0..3).prop_map(|set| set.into_iter().collect());
    let rules = (prop::collection::vec(rule(), 0..4), permission());
    (rows, prop::collection::vec(grant(), 0..12), terms(), rules, paused).prop_map(
        |(rows, grants, preview, (rules, permission), paused)| {
            let (mut rows, codes): (Vec<Bare>, Vec<_>) = rows.into_iter().unzip();
            for (at, row) in rows.iter_mut().enumerate() {
                row.rid = 1_000_000 + at as i64;
                row.idh = at as i64;
            }
            World { rows, codes, rules, permission, grants, paused, preview }
        },
    )
}

fn covers(terms: &Terms, row: &Bare) -> bool {
    let person = row.marks & Category::Person.bit() != 0;
    row.marks & terms.categories != 0
        && row.marks & LABEL_BITS & !terms.labels == 0
        && (person || (terms.lo..terms.hi).contains(&row.time))
}

/// Whether a grant counts for somebody who reads with this purpose.
fn counts(world: &World, g: &Reach, purpose: Purpose) -> bool {
    let emergency = g.purpose == Purpose::Emergency;
    g.until > NOW.0
        && (g.purpose == purpose || (emergency && purpose == Purpose::Treatment))
        && (emergency || !world.paused.contains(&g.patient))
}

/// The rules as a person would say them.
fn may_see(ctx: &Ctx, world: &World, row: &Bare) -> bool {
    let public =
        row.patient == 0 && Kind::from_code(row.kind).is_some_and(|kind| DIRECTORY_KINDS.contains(&kind.name()));
    let granted = |grantee: i64| {
        world.grants.iter().any(|g| {
            g.grantee == grantee && g.patient == row.patient && counts(world, g, ctx.purpose) && covers(&g.terms, row)
        })
    };
    match &ctx.actor {
        Actor::Nobody | Actor::Applicant { .. } => false,
        Actor::Operator => true,
        Actor::Patient { patient, .. } => public || row.patient == patient.get(),
        Actor::Practitioner { practitioner, organizations, .. } => {
            public || granted(practitioner.get()) || organizations.iter().any(|o| granted(o.get()))
        }
        Actor::Administrator { .. } => public,
        Actor::Service { organization, .. } => public || row.org == organization.get(),
    }
}

/// What an app may do, as a person would say it.
fn app_may(app: &App, operation: Operation, row: &Bare, codes: &[(i64, i64)]) -> bool {
    app.rules.iter().any(|rule| {
        let about = !rule.one_patient || row.patient == 0 || app.patient.map(Id::get) == Some(row.patient);
        rule.operations & operation.bit() != 0
            && rule.kind.is_none_or(|kind| kind == row.kind)
            && about
            && rule.terms.iter().all(|term| codes.contains(term))
    })
}

fn readers(town: &Town) -> Vec<Ctx> {
    let practitioner = |organizations: &[i64]| Actor::Practitioner {
        account: Id::new(1),
        practitioner: Id::new(PRACTITIONER),
        organizations: organizations.iter().map(|o| Id::new(*o)).collect(),
    };
    let patient = |patient: i64| Actor::Patient { account: Id::new(2), patient: Id::new(patient) };
    let service = Actor::Service { account: Id::new(3), organization: Id::new(ORG_A) };
    [
        (practitioner(&[]), Purpose::Treatment),
        (practitioner(&[ORG_A]), Purpose::Treatment),
        (practitioner(&[ORG_A, ORG_B]), Purpose::Research),
        (practitioner(&[ORG_B]), Purpose::Operations),
        (patient(601), Purpose::Patient),
        (patient(602), Purpose::Patient),
        (service, Purpose::Operations),
        (Actor::Administrator { account: Id::new(4) }, Purpose::Operations),
        (Actor::Operator, Purpose::Operations),
    ]
    .into_iter()
    .map(|(actor, purpose)| town.ctx(actor, "reader", purpose))
    .collect()
}

fn store(tx: &mut Tx<'_>, world: &World) -> Result<(), DbError> {
    tx.execute("DELETE FROM resource", &[])?;
    for row in &world.rows {
        insert(tx, row, &[])?;
        if row.patient != 0 {
            tx.execute(
                "INSERT INTO pt (patient, p, h, lo, rid, marks) VALUES (?1, 1, 1, ?2, ?3, ?4)",
                &[row.patient.into(), row.time.into(), row.rid.into(), row.marks.into()],
            )?;
        }
    }
    tx.execute("DELETE FROM tok", &[])?;
    for (row, codes) in world.rows.iter().zip(&world.codes) {
        for (p, h) in codes {
            tx.execute("INSERT INTO tok (p, h, rid) VALUES (?1, ?2, ?3)", &[(*p).into(), (*h).into(), row.rid.into()])?;
        }
    }
    allow(tx, world.permission)?;
    for patient in &world.paused {
        tx.execute("INSERT INTO restriction (patient, since) VALUES (?1, 0)", &[(*patient).into()])?;
    }
    for (at, g) in world.grants.iter().enumerate() {
        let Terms { categories, labels, lo, hi } = g.terms;
        tx.execute(
            "INSERT INTO reach (grantee, patient, grant_id, categories, labels, lo, hi, until, purpose)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            &[
                g.grantee.into(),
                g.patient.into(),
                (at as i64).into(),
                categories.into(),
                labels.into(),
                lo.into(),
                hi.into(),
                g.until.into(),
                g.purpose.as_str().into(),
            ],
        )?;
    }
    Ok(())
}

fn select(tx: &mut Tx<'_>, from: &str, condition: impl FnOnce(&mut db::Sql)) -> Result<Vec<i64>, DbError> {
    let mut sql = db::Sql::new(&format!("SELECT rid FROM {from} WHERE "));
    condition(&mut sql);
    sql.push(" ORDER BY rid");
    tx.rows(&sql, |row| row.int(0))
}

/// What SQL and a plain reading say for each reader, side by side.
type Answers = Vec<(String, Vec<i64>, Vec<i64>)>;

fn compare(tx: &mut Tx<'_>, world: &World, readers: &[Ctx]) -> Result<Answers, DbError> {
    store(tx, world)?;
    let mut answers = Answers::new();
    let plain = |test: &dyn Fn(&Bare) -> bool| world.rows.iter().filter(|r| test(r)).map(|r| r.rid).collect::<Vec<_>>();
    for ctx in readers {
        let access = Access::open(ctx).unwrap();
        let name = |what: &str| format!("{what} for {:?} ({:?})", ctx.actor, ctx.purpose);
        let sql = select(tx, "resource r", |sql| access.restrict(sql, &Columns::RESOURCE))?;
        answers.push((name("resource"), sql, plain(&|row| may_see(ctx, world, row))));
        let sql = select(tx, "pt", |sql| access.restrict(sql, &Columns::PATIENT_INDEX))?;
        answers.push((name("pt"), sql, plain(&|row| row.patient != 0 && may_see(ctx, world, row))));
        by_apps(tx, world, ctx, &mut answers)?;
        if let Actor::Practitioner { practitioner, organizations, .. } = &ctx.actor {
            let own = |g: &Reach| g.grantee == practitioner.get() || organizations.iter().any(|o| o.get() == g.grantee);
            let live = |g: &Reach| own(g) && counts(world, g, ctx.purpose);
            let plain = (0_i64..).zip(&world.grants).filter(|(_, g)| live(g)).map(|(at, _)| at).collect();
            let mut reached: Vec<i64> = access.reachable(tx)?.into_iter().map(|reach| reach.grant).collect();
            reached.sort_unstable();
            answers.push((name("reach"), reached, plain));
        }
        if let Actor::Service { organization, .. } = ctx.actor {
            let live = |row: &Bare| {
                let reach = |g: &Reach| g.grantee == organization.get() && g.patient == row.patient;
                let awake = |g: &Reach| g.purpose == Purpose::Emergency || !world.paused.contains(&g.patient);
                world.grants.iter().any(|g| reach(g) && g.until > NOW.0 && awake(g))
            };
            let sql = select(tx, "resource r", |sql| access.restrict_target(sql, &Columns::RESOURCE))?;
            answers.push((name("target"), sql, plain(&|row| may_see(ctx, world, row) || live(row))));
        }
        if let Actor::Patient { patient, .. } = ctx.actor {
            let access = Access::preview(ctx, world.preview).unwrap();
            let sql =
                select(tx, "resource r", |sql| access.restrict(sql, &Columns { kind: None, ..Columns::RESOURCE }))?;
            let shown = |row: &Bare| row.patient == patient.get() && covers(&world.preview, row);
            answers.push((name("preview"), sql, plain(&shown)));
        }
    }
    Ok(answers)
}

/// The same reader with an app in between, opened for one patient, for another, or for none.
fn by_apps(tx: &mut Tx<'_>, world: &World, ctx: &Ctx, answers: &mut Answers) -> Result<(), DbError> {
    for patient in [None, Some(601), Some(602)] {
        let patient = patient.map(Id::new);
        let app = App { client: 1, name: "App".into(), permission: 1, version: 0, patient, rules: world.rules.clone() };
        let pass = Pass { app: Some(Arc::new(app.clone())), ..ctx.pass.clone() };
        let by = Ctx { pass, ..ctx.clone() };
        let access = Access::open(&by).unwrap();
        for operation in [Operation::Read, Operation::Search, Operation::Update] {
            // A type that no rule speaks of is refused before anything is asked; here any will do.
            let Some(kind) = Kind::all().iter().find(|kind| app.may(operation, kind.code())) else { continue };
            let access = access.to(operation, *kind).unwrap();
            let plain = |person: bool| -> Vec<i64> {
                let both = world.rows.iter().zip(&world.codes);
                // What the patient's own app is to see sleeps as well: whoever made it is somebody else.
                let asleep = |row: &Bare| {
                    matches!(ctx.actor, Actor::Patient { .. })
                        && row.patient != 0
                        && world.paused.contains(&row.patient)
                };
                let seen = both.filter(|(row, codes)| {
                    world.permission.stands()
                        && may_see(ctx, world, row)
                        && !asleep(row)
                        && app_may(&app, operation, row, codes)
                });
                seen.filter(|(row, _)| !person || row.patient != 0).map(|(row, _)| row.rid).collect()
            };
            let name = |what: &str| format!("{what} by an app ({operation:?}) for {:?}", ctx.actor);
            let sql = select(tx, "resource r", |sql| access.restrict(sql, &Columns::RESOURCE))?;
            answers.push((name("resource"), sql, plain(false)));
            let sql = select(tx, "pt", |sql| access.restrict(sql, &Columns::PATIENT_INDEX))?;
            answers.push((name("pt"), sql, plain(true)));
            let lets = i64::from(crate::app::still(tx, &by).is_ok());
            answers.push((name("still"), vec![lets], vec![i64::from(world.permission.stands())]));
            // What is decided on content in hand is decided the same.
            let covered = |(row, codes): &(&Bare, &Vec<(i64, i64)>)| {
                Kind::from_code(row.kind).is_some_and(|kind| access.app_covers(kind, row.patient, codes))
            };
            let in_hand = world.rows.iter().zip(&world.codes).filter(covered).map(|(row, _)| row.rid).collect();
            let both = world.rows.iter().zip(&world.codes);
            let said =
                both.filter(|(row, codes)| app_may(&app, operation, row, codes)).map(|(row, _)| row.rid).collect();
            answers.push((name("in hand"), in_hand, said));
        }
    }
    Ok(())
}

#[test]
fn what_sql_lets_through_is_what_the_grants_say() {
    on_each_engine(|town| {
        let mut runner = TestRunner::new(Config { cases: 128, failure_persistence: None, ..Config::default() });
        let (mut granted, mut narrowed) = (0, 0);
        let (granted_ref, narrowed_ref) =
            (std::cell::RefCell::new(&mut granted), std::cell::RefCell::new(&mut narrowed));
        runner
            .run(&world(), |world| {
                let (send, receive) = mpsc::channel();
                let readers = readers(town);
                // The answers go out by the channel and the rows are undone, so that each case begins with none.
                let undone: Result<(), DbError> = town.house.db.write_blocking(move |tx| {
                    let _ = send.send(compare(tx, &world, &readers));
                    Err(DbError::Failed("undo".into()))
                });
                assert!(undone.is_err());
                for (what, sql, plain) in receive.recv().unwrap().unwrap() {
                    if what.starts_with("pt for Practitioner") {
                        **granted_ref.borrow_mut() += plain.len();
                    }
                    if what.starts_with("resource by an app") {
                        **narrowed_ref.borrow_mut() += plain.len();
                    }
                    if sql != plain {
                        return Err(TestCaseError::fail(format!("{what}: {sql:?} is not {plain:?}")));
                    }
                }
                Ok(())
            })
            .unwrap();
        assert!(narrowed > 400, "apps must be let through often enough, not {narrowed} times");
        assert!(granted > 400, "the cases must let enough through to mean something, not {granted}");
    });
}
