//! Who is in a demonstration.

use crate::api::demo::{Demo, DemoAccount};
use crate::people::{self, Secret, Stands};
use fhir::Kind;
use identity::{NewAccount, Workplace};
use kernel::{Ctx, Problem, Role};
use ledger::House;
use population::showcase::{ASHA_RAO, INGRID_LINDQVIST, MATEO_RIVERA};
use population::{Bundle, Options, PATIENT_SYSTEM, PRACTITIONER_SYSTEM};
use records::bundle;
use records::model::Stored;
use records::search;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// Of every account. Public: it is printed, and stands in the README.
const PASSWORD: &str = "password123";

const DAY_MS: i64 = 86_400_000;

/// Fills an empty house.
pub fn fill(house: &House, patients: u32) -> Result<Demo, String> {
    let today = house.clock.now().0.div_euclid(DAY_MS);
    let options = Options { seed: 1, organizations: 8, practitioners: 24, patients, today };
    let ctx = Ctx::operator(house.clock.clone(), house.rng.clone());
    let take_in = |bundle: Bundle| {
        bundle::process(house, &ctx, bundle.json.into_bytes(), &bundle::Options::default())
            .map(drop)
            .map_err(|problem| format!("{}: {}", bundle.name, crate::cli::told(&problem)))
    };
    take_in(population::directory(&options))?;
    for bundle in population::showcase(&options) {
        take_in(bundle)?;
    }
    each(patients, |index| take_in(population::patient(&options, index)))?;
    let accounts = crate::cli::block_on(accounts(house, &ctx, &options))?;
    accounts.map_err(|problem| crate::cli::told(&problem))
}

/// Runs the work for every number below `count`, on as many threads as there are processors.
fn each(count: u32, work: impl Fn(u32) -> Result<(), String> + Sync) -> Result<(), String> {
    let next = AtomicU32::new(0);
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    if let Err(why) = work(index) {
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
                        break;
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

async fn accounts(house: &House, ctx: &Ctx, options: &Options) -> Result<Demo, Problem> {
    let mut demo = Demo::default();
    for (username, value) in [("patient1", ASHA_RAO), ("patient2", INGRID_LINDQVIST), ("patient3", MATEO_RIVERA)] {
        let patient = by_identifier(house, ctx, Kind::Patient, PATIENT_SYSTEM, value).await?;
        let account = account(Role::Patient, username, &patient);
        add(house, ctx, &mut demo, account, Stands::For(patient.id().to_owned()), Vec::new()).await?;
    }
    for (username, number) in [("doctor1", 0), ("doctor2", 6)] {
        let value = population::practitioner_value(options, number);
        let practitioner = by_identifier(house, ctx, Kind::Practitioner, PRACTITIONER_SYSTEM, &value).await?;
        let account = account(Role::Practitioner, username, &practitioner);
        let workplaces = workplaces_of(house, ctx, practitioner.id()).await?;
        add(house, ctx, &mut demo, account, Stands::For(practitioner.id().to_owned()), workplaces).await?;
    }
    // Two, because a clinician is verified by two different administrators.
    for (username, name) in [("admin1", "Robin Ames"), ("admin2", "Noor Haddad")] {
        let admin = DemoAccount {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            role: Role::Administrator,
            name: name.to_owned(),
        };
        add(house, ctx, &mut demo, admin, Stands::Nobody, Vec::new()).await?;
    }
    Ok(demo)
}

fn account(role: Role, username: &str, stands_for: &Stored) -> DemoAccount {
    let name = people::display_name(&stands_for.json).unwrap_or_else(|| username.to_owned());
    DemoAccount { username: username.to_owned(), password: PASSWORD.to_owned(), role, name }
}

async fn add(
    house: &House,
    ctx: &Ctx,
    demo: &mut Demo,
    account: DemoAccount,
    stands: Stands,
    workplaces: Vec<Workplace>,
) -> Result<(), Problem> {
    let new = NewAccount {
        role: account.role,
        username: account.username.clone(),
        email: Some(format!("{}@healthsync.example", account.username)),
        password: Some(account.password.clone()),
        name: account.name.clone(),
    };
    people::add(house, ctx, new, Secret::Public, stands, workplaces).await?;
    demo.accounts.push(account);
    Ok(())
}

async fn find(house: &House, ctx: &Ctx, kind: Kind, name: &str, value: String) -> Result<Vec<Stored>, Problem> {
    let query = search::parse(kind, &[(name.to_owned(), value)])?;
    Ok(records::service::search(house, ctx, query).await?.release(house).await?.matches)
}

async fn by_identifier(house: &House, ctx: &Ctx, kind: Kind, system: &str, value: &str) -> Result<Stored, Problem> {
    let found = find(house, ctx, kind, "identifier", format!("{system}|{value}")).await?;
    found.into_iter().next().ok_or_else(Problem::internal)
}

/// Where the directory says that a practitioner works.
async fn workplaces_of(house: &House, ctx: &Ctx, practitioner: &str) -> Result<Vec<Workplace>, Problem> {
    let roles =
        find(house, ctx, Kind::PractitionerRole, "practitioner", format!("Practitioner/{practitioner}")).await?;
    let mut ids = Vec::new();
    for role in roles {
        let node = fhir::json::parse(&role.json).map_err(|_| Problem::internal())?;
        let to = node
            .at(&["organization", "reference"])
            .and_then(|r| r.as_str())
            .and_then(|r| r.strip_prefix("Organization/"));
        if let Some(id) = to
            && !ids.iter().any(|known| known == id)
        {
            ids.push(id.to_owned());
        }
    }
    people::workplaces(house, ctx, &ids).await
}
