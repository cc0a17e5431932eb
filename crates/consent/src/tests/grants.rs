use super::*;
use crate::marks::Label;
use crate::model::{ExtendForm, Grant, GrantForm, GrantPurpose, Grantee, GranteeRef, GranteeType, State};
use crate::{Columns, ConsentError, service};
use kernel::Issue;

pub fn form() -> GrantForm {
    GrantForm {
        grantee: GranteeRef { r#type: GranteeType::Practitioner, id: "doctor".into() },
        categories: None,
        from: None,
        to: None,
        labels: Vec::new(),
        sealed: Vec::new(),
        purpose: GrantPurpose::Treatment,
        until: None,
        note: None,
        request: None,
    }
}

pub fn give(town: &Town, ctx: Ctx, form: GrantForm) -> Result<Grant, ConsentError> {
    town.write(move |house, tx| {
        let grantee: Grantee = crate::resolve(tx, house, form.grantee.r#type, &form.grantee.id)?.unwrap();
        service::grant(&ctx, house, tx, &form, grantee)
    })
}

pub fn revoke(town: &Town, ctx: Ctx, grant: i64) -> Result<Grant, ConsentError> {
    town.write(move |house, tx| service::revoke(&ctx, house, tx, grant))
}

fn extend(town: &Town, ctx: Ctx, grant: i64, until: Option<i64>) -> Result<Grant, ConsentError> {
    let form = ExtendForm { until: until.map(|ms| Timestamp(ms).to_rfc3339()) };
    town.write(move |house, tx| service::extend(&ctx, house, tx, grant, &form))
}

fn list(town: &Town, ctx: Ctx) -> Result<Vec<Grant>, ConsentError> {
    town.write(move |house, tx| service::list(&ctx, house, tx))
}

fn epoch(town: &Town) -> i64 {
    town.count("SELECT value FROM counter WHERE name = 'epoch'")
}

const OBSERVATION: &str = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"}}"#;
const CONDITION: &str = r#"{"resourceType":"Condition","code":{"text":"x"}}"#;
const DEPRESSION: &str = r#"{"resourceType":"Condition","code":{"coding":[
    {"system":"http://snomed.info/sct","code":"370143000"}]}}"#;

fn records(town: &Town) {
    town.add(20, ANN, OBSERVATION);
    town.add(21, ANN, CONDITION);
    town.add(22, ANN, DEPRESSION);
    town.add(30, BOB, OBSERVATION);
}

#[test]
fn a_grant_shows_the_record_to_its_grantee_only_and_revoking_hides_it_at_once() {
    on_each_engine(|town| {
        records(town);
        assert_eq!(town.seen(&town.doctor()), NONE);
        let grant = give(town, town.patient(ANN), form()).unwrap();
        assert_eq!(town.seen(&town.doctor()), [ANN, 20, 21]);
        assert_eq!(town.seen(&town.other_doctor()), NONE);
        assert_eq!(town.seen(&town.patient(ANN)), [ANN, 20, 21, 22]);
        assert_eq!(town.seen(&town.administrator()), NONE);

        let before = epoch(town);
        let revoked = revoke(town, town.patient(ANN), grant.id).unwrap();
        assert_eq!(revoked.state, State::Revoked);
        assert_eq!(revoked.revoked, Some(NOW.to_rfc3339()));
        assert_eq!(town.seen(&town.doctor()), NONE);
        assert_eq!(town.count("SELECT COUNT(*) FROM reach"), 0);
        assert_eq!(town.count("SELECT COUNT(*) FROM grants"), 1, "the consent stays for the history");
        assert!(epoch(town) > before);
    });
}

#[test]
fn every_step_is_in_the_patients_log_with_its_grant_and_tells_the_other_side() {
    on_each_engine(|town| {
        let mut news = town.house.db.subscribe();
        let grant = give(town, town.patient(ANN), form()).unwrap().id;
        extend(town, town.patient(ANN), grant, Some(NOW.0 + DAY)).unwrap();
        revoke(town, town.patient(ANN), grant).unwrap();
        let expected = ["grant", "extend", "revoke"].map(|action| (action.to_owned(), Some(grant)));
        assert_eq!(town.actions(ANN), expected);
        assert_eq!(town.actions(BOB), []);
        assert_eq!(town.notices(103), ["grant", "grant", "revoked"]);
        assert_eq!(town.notices(104), [""; 0]);
        let wanted = format!("reader:{DOCTOR} grants requests patients record:ann");
        // PostgreSQL hands its news over a moment after the commit.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        let mut heard = 0;
        while heard < 3 && std::time::Instant::now() < deadline {
            match news.try_recv() {
                Ok(text) => heard += usize::from(*text == *wanted),
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(5)),
            }
        }
        assert_eq!(heard, 3, "the reader's pages are told to look again each time");
    });
}

#[test]
fn a_use_case_that_fails_leaves_nothing_behind() {
    on_each_engine(|town| {
        let failed = give(town, town.patient(ANN), GrantForm { request: Some(99), ..form() });
        assert!(matches!(failed, Err(ConsentError::Invalid(issues)) if issues[0].path == "request"));
        for sql in ["SELECT COUNT(*) FROM grants", "SELECT COUNT(*) FROM reach", "SELECT COUNT(*) FROM ledger"] {
            assert_eq!(town.count(sql), 0, "{sql}");
        }
        assert_eq!(town.notices(103), [""; 0]);
    });
}

#[test]
fn a_grant_to_an_organization_reaches_who_works_there() {
    on_each_engine(|town| {
        records(town);
        let clinic = GranteeRef { r#type: GranteeType::Organization, id: "clinic".into() };
        let grant = give(town, town.patient(ANN), GrantForm { grantee: clinic, ..form() }).unwrap();
        assert_eq!(grant.grantee.name, "Riverside Clinic");
        assert_eq!(town.seen(&town.doctor()), [ANN, 20, 21]);
        assert_eq!(town.seen(&town.other_doctor()), NONE);
        assert_eq!(town.notices(103), ["grant"]);
        assert_eq!(list(town, town.doctor()).unwrap().len(), 1);
        let service = Actor::Service { account: Id::new(9), organization: Id::new(CLINIC) };
        let service = town.ctx(service, "software", Purpose::Operations);
        assert_eq!(town.seen(&service), NONE, "a grant is for people; software reads what it contributed");
    });
}

#[test]
fn labels_categories_and_dates_restrict_what_is_seen() {
    on_each_engine(|town| {
        records(town);
        let seen = |change: GrantForm| {
            let grant = give(town, town.patient(ANN), change).unwrap();
            let seen = town.seen(&town.doctor());
            revoke(town, town.patient(ANN), grant.id).unwrap();
            seen
        };
        assert_eq!(seen(GrantForm { labels: vec![Label::MentalHealth], ..form() }), [ANN, 20, 21, 22]);
        assert_eq!(seen(GrantForm { labels: vec![Label::Hiv], ..form() }), [ANN, 20, 21]);
        assert_eq!(seen(GrantForm { categories: Some(vec![Category::Condition]), ..form() }), [ANN, 21]);
        assert_eq!(seen(GrantForm { categories: Some(vec![Category::Allergy]), ..form() }), [ANN]);
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(seen(GrantForm { from: day("2020-01-01"), to: day("2020-01-01"), ..form() }), [ANN, 20, 21]);
        assert_eq!(seen(GrantForm { from: day("2020-01-02"), ..form() }), [ANN]);
        assert_eq!(seen(GrantForm { to: day("2019-12-31"), ..form() }), [ANN]);
    });
}

#[test]
fn what_has_no_date_is_outside_of_every_period() {
    on_each_engine(|town| {
        town.write(|_, tx| {
            let marks = Category::Allergy.bit();
            let kind = Kind::AllergyIntolerance.code();
            insert(tx, &Bare { rid: 40, kind, idh: 40, patient: ANN, org: 0, time: UNDATED, marks }, &[])
        })
        .unwrap();
        let until_now = GrantForm { to: Some("2030-01-01".into()), ..form() };
        let grant = give(town, town.patient(ANN), until_now).unwrap();
        assert_eq!(town.seen(&town.doctor()), [ANN]);
        revoke(town, town.patient(ANN), grant.id).unwrap();
        give(town, town.patient(ANN), form()).unwrap();
        assert_eq!(town.seen(&town.doctor()), [ANN, 40]);
    });
}

#[test]
fn another_purpose_sees_nothing() {
    on_each_engine(|town| {
        records(town);
        give(town, town.patient(ANN), GrantForm { purpose: GrantPurpose::Research, ..form() }).unwrap();
        assert_eq!(town.seen(&town.doctor()), NONE);
        let research = Ctx { purpose: Purpose::Research, ..town.doctor() };
        assert_eq!(town.seen(&research), [ANN, 20, 21]);
    });
}

#[test]
fn a_stranger_can_neither_revoke_nor_extend_nor_learn_that_there_is_a_grant() {
    on_each_engine(|town| {
        records(town);
        let grant = give(town, town.patient(ANN), form()).unwrap().id;
        for stranger in [town.patient(BOB), town.doctor(), town.other_doctor(), town.administrator()] {
            let name = format!("{:?}", stranger.actor);
            let unknown = revoke(town, stranger.clone(), 4711).unwrap_err().to_string();
            let refused = revoke(town, stranger.clone(), grant).unwrap_err();
            assert!(matches!(refused, ConsentError::NotFound), "{name}");
            assert_eq!(refused.to_string(), unknown, "{name}");
            assert!(matches!(extend(town, stranger, grant, None), Err(ConsentError::NotFound)), "{name}");
        }
        assert!(matches!(revoke(town, town.nobody(), grant), Err(ConsentError::NotSignedIn)));
        assert_eq!(town.seen(&town.doctor()), [ANN, 20, 21]);
        assert!(matches!(give(town, town.doctor(), form()), Err(ConsentError::Forbidden(_))));
        assert!(matches!(give(town, town.nobody(), form()), Err(ConsentError::NotSignedIn)));
    });
}

#[test]
fn each_side_lists_its_own_and_an_ended_grant_names_nobody_to_its_reader() {
    on_each_engine(|town| {
        let first = give(town, town.patient(ANN), GrantForm { note: Some("knee".into()), ..form() }).unwrap();
        let second = give(town, town.patient(BOB), form()).unwrap();
        assert_eq!(list(town, town.patient(ANN)).unwrap(), std::slice::from_ref(&first));
        let received = list(town, town.doctor()).unwrap();
        // What the patient noted is for themselves.
        assert_eq!(first.note.as_deref(), Some("knee"));
        assert_eq!(received, [second.clone(), Grant { note: None, ..first.clone() }]);
        assert_eq!((received[1].patient.id.as_str(), received[1].patient.name.as_str()), ("ann", "A. Ann"));
        assert_eq!(list(town, town.other_doctor()).unwrap(), []);
        assert!(matches!(list(town, town.administrator()), Err(ConsentError::NotFound)));
        assert!(matches!(list(town, town.nobody()), Err(ConsentError::NotSignedIn)));

        revoke(town, town.patient(ANN), first.id).unwrap();
        assert_eq!(list(town, town.doctor()).unwrap(), [second]);
        assert_eq!(list(town, town.patient(ANN)).unwrap()[0].state, State::Revoked);
    });
}

#[test]
fn an_expired_grant_shows_nothing_from_its_last_moment_on_even_before_the_job_ran() {
    on_each_engine(|town| {
        records(town);
        let until = Some(NOW.plus_ms(DAY).to_rfc3339());
        let grant = give(town, town.patient(ANN), GrantForm { until, ..form() }).unwrap();
        town.clock.advance_ms(DAY - 1);
        assert_eq!(town.seen(&town.doctor()), [ANN, 20, 21]);
        town.clock.advance_ms(1);
        assert_eq!(town.seen(&town.doctor()), NONE);
        assert_eq!(list(town, town.doctor()).unwrap(), []);
        assert_eq!(list(town, town.patient(ANN)).unwrap()[0].state, State::Expired);
        assert_eq!(town.count("SELECT COUNT(*) FROM reach"), 1);

        let before = epoch(town);
        run_jobs(town);
        assert_eq!(town.count("SELECT COUNT(*) FROM reach"), 0);
        assert!(epoch(town) > before);
        assert_eq!(town.notices(101), ["grant"]);
        assert_eq!(town.notices(103), ["grant", "revoked"]);

        let live = extend(town, town.patient(ANN), grant.id, None).unwrap();
        assert_eq!((live.state, live.until), (State::Active, None));
        assert_eq!(town.seen(&town.doctor()), [ANN, 20, 21]);
    });
}

fn run_jobs(town: &Town) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(jobs::run_due(&town.house, &crate::register_jobs(jobs::Registry::new()))).unwrap();
}

#[test]
fn the_job_of_an_extended_or_revoked_grant_changes_nothing() {
    on_each_engine(|town| {
        records(town);
        let until = Some(NOW.plus_ms(DAY).to_rfc3339());
        let grant = give(town, town.patient(ANN), GrantForm { until: until.clone(), ..form() }).unwrap();
        extend(town, town.patient(ANN), grant.id, Some(NOW.0 + 3 * DAY)).unwrap();
        let gone = give(town, town.patient(BOB), GrantForm { until, ..form() }).unwrap();
        revoke(town, town.patient(BOB), gone.id).unwrap();
        let told = town.notices(103).len();
        town.clock.advance_ms(DAY);
        run_jobs(town);
        assert_eq!(town.seen(&town.doctor()), [ANN, 20, 21]);
        assert_eq!(town.notices(103).len(), told);
        assert!(matches!(extend(town, town.patient(BOB), gone.id, None), Err(ConsentError::Conflict(_))));
    });
}

#[test]
fn shortening_a_grant_narrows_access_and_lengthening_does_not() {
    on_each_engine(|town| {
        let grant = give(town, town.patient(ANN), form()).unwrap().id;
        let before = epoch(town);
        extend(town, town.patient(ANN), grant, Some(NOW.0 + DAY)).unwrap();
        assert_eq!(epoch(town), before + 1);
        for until in [NOW.0 + DAY, NOW.0 + 2 * DAY] {
            extend(town, town.patient(ANN), grant, Some(until)).unwrap();
            assert_eq!(epoch(town), before + 1);
        }
        let past = extend(town, town.patient(ANN), grant, Some(NOW.0));
        assert!(matches!(past, Err(ConsentError::Invalid(issues)) if issues[0].path == "until"));
    });
}

#[test]
fn nobody_who_left_the_directory_is_given_access() {
    on_each_engine(|town| {
        let find = || town.write(|house, tx| crate::resolve(tx, house, GranteeType::Practitioner, "doctor")).unwrap();
        assert_eq!(find().map(|grantee| grantee.rid), Some(DOCTOR));
        town.write(|_, tx| tx.execute("UPDATE resource SET state = 1 WHERE rid = ?1", &[DOCTOR.into()])).unwrap();
        assert_eq!(find(), None);
        let patient = town.write(|house, tx| crate::resolve(tx, house, GranteeType::Organization, "ann")).unwrap();
        assert_eq!(patient, None);
    });
}

#[test]
fn every_broken_rule_of_a_form_is_named_at_once() {
    on_each_engine(|town| {
        let bad = GrantForm {
            categories: Some(vec![]),
            from: Some("2021-02-30".into()),
            until: Some("yesterday".into()),
            note: Some("x".repeat(1001)),
            ..form()
        };
        let Err(ConsentError::Invalid(issues)) = give(town, town.patient(ANN), bad) else { panic!("not refused") };
        let paths: Vec<&str> = issues.iter().map(|Issue { path, .. }| path.as_str()).collect();
        assert_eq!(paths, ["categories", "from", "until", "note"]);
    });
}

#[test]
fn what_a_grant_says_is_sealed() {
    on_each_engine(|town| {
        give(town, town.patient(ANN), GrantForm { note: Some("after the knee surgery".into()), ..form() }).unwrap();
        let sql = "SELECT detail FROM grants";
        let kept = town
            .house
            .db
            .read_blocking(move |tx| tx.query_opt(sql, &[], |row| Ok::<_, DbError>(row.blob(0)?.to_vec())));
        let kept = kept.unwrap().unwrap();
        for word in ["knee", "Ann", "doctor"] {
            assert!(!kept.windows(word.len()).any(|w| w == word.as_bytes()), "{word}");
        }
    });
}

#[test]
fn the_grants_of_an_erased_patient_are_gone_from_the_readers_list() {
    on_each_engine(|town| {
        give(town, town.patient(ANN), form()).unwrap();
        let left = give(town, town.patient(BOB), form()).unwrap();
        town.write(|house, tx| house.vault.erase(tx, ANN)).unwrap();
        assert_eq!(list(town, town.doctor()).unwrap(), [left]);
    });
}

#[test]
fn a_reading_is_noted_once_a_minute() {
    on_each_engine(|town| {
        let grant = give(town, town.patient(ANN), form()).unwrap().id;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let note = || runtime.block_on(crate::mark_read(&town.house, grant)).unwrap();
        let last = || list(town, town.patient(ANN)).unwrap()[0].last_read.clone();
        assert_eq!(last(), None);
        note();
        assert_eq!(last(), Some(NOW.to_rfc3339()));
        town.clock.advance_ms(59_999);
        note();
        assert_eq!(last(), Some(NOW.to_rfc3339()));
        town.clock.advance_ms(1);
        note();
        assert_eq!(last(), Some(NOW.plus_minutes(1).to_rfc3339()));
    });
}

#[test]
fn the_ground_of_a_reading_is_the_grant_that_allowed_it() {
    on_each_engine(|town| {
        let grant = give(town, town.patient(ANN), form()).unwrap().id;
        let ground = |ctx: Ctx| {
            let access = crate::Access::open(&ctx).unwrap();
            town.write(move |_, tx| access.ground(tx, ANN, &[])).unwrap()
        };
        let plain = |basis: crate::access::Basis| (basis.ground, basis.grant);
        assert_eq!(plain(ground(town.doctor())), (ledger::Ground::Grant, Some(grant)));
        assert_eq!(plain(ground(town.other_doctor())), (ledger::Ground::Grant, None));
        assert_eq!(plain(ground(town.patient(ANN))), (ledger::Ground::OwnRecord, None));
    });
}

#[test]
fn a_preview_shows_what_the_grantee_would_see() {
    on_each_engine(|town| {
        records(town);
        let choice = GrantForm { categories: Some(vec![Category::Observation]), ..form() };
        let access = crate::Access::preview(&town.patient(ANN), crate::rules::terms(&choice).unwrap()).unwrap();
        let previewed = town
            .write(move |_, tx| {
                let mut sql = db::Sql::new("SELECT r.rid FROM resource r WHERE r.patient <> 0 AND ");
                access.restrict(&mut sql, &Columns::RESOURCE);
                sql.push(" ORDER BY r.rid");
                tx.rows::<_, DbError>(&sql, |row| row.int(0))
            })
            .unwrap();
        give(town, town.patient(ANN), choice).unwrap();
        assert_eq!(previewed, town.seen(&town.doctor()));
        assert_eq!(previewed, [ANN, 20]);
        assert!(crate::Access::preview(&town.doctor(), crate::access::Terms::all()).is_err());
    });
}
