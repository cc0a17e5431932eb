use super::grants::{form, give};
use super::*;
use crate::model::{AccessRequest, GrantForm, GranteeRef, GranteeType, RequestForm, RequestState};
use crate::{ConsentError, requests, rules};

fn ask(town: &Town, ctx: Ctx, whom: &str) -> Result<(), ConsentError> {
    let form = RequestForm { patient: whom.into(), reason: "knee pain".into(), categories: None, days: 30 };
    town.write(move |house, tx| requests::request(&ctx, house, tx, &form))
}

fn list(town: &Town, ctx: Ctx) -> Vec<AccessRequest> {
    town.write(move |house, tx| requests::list(&ctx, house, tx)).unwrap()
}

fn decline(town: &Town, ctx: Ctx, request: i64) -> Result<(), ConsentError> {
    town.write(move |house, tx| requests::decline(&ctx, house, tx, request))
}

fn code(town: &Town, patient: i64) -> String {
    let ctx = town.patient(patient);
    town.write(move |house, tx| requests::share_code(&ctx, house, tx)).unwrap()
}

#[test]
fn a_request_by_e_mail_reaches_the_patient_and_says_who_asks_and_why() {
    on_each_engine(|town| {
        ask(town, town.doctor(), " Ann@Example.org ").unwrap();
        let received = list(town, town.patient(ANN));
        assert_eq!(received.len(), 1);
        let AccessRequest { from, patient, reason, days, state, .. } = received[0].clone();
        assert_eq!((from.id.as_str(), from.name.as_str()), ("doctor", "A. Doctor"));
        assert_eq!(from.detail.as_deref(), Some("Riverside Clinic"));
        assert_eq!((patient, reason.as_str(), days, state), (None, "knee pain", 30, RequestState::Open));
        assert_eq!(town.notices(101), ["access-request"]);
        assert_eq!(town.actions(ANN), [("request".to_owned(), None)]);
        assert_eq!(list(town, town.patient(BOB)), []);
        assert_eq!(list(town, town.other_doctor()), []);
    });
}

#[test]
fn whether_an_address_is_anybodys_does_not_show() {
    on_each_engine(|town| {
        for whom in ["ann@example.org", "nobody@example.org", "other@example.org", "ZZZZ-ZZZZ"] {
            ask(town, town.doctor(), whom).unwrap();
        }
        let sent = list(town, town.doctor());
        let typed: Vec<_> = sent.iter().map(|r| (r.patient.clone().unwrap(), r.state)).collect();
        let expected = ["ZZZZ-ZZZZ", "other@example.org", "nobody@example.org", "ann@example.org"];
        assert_eq!(typed, expected.map(|whom| (whom.to_owned(), RequestState::Open)));
        assert_eq!(list(town, town.patient(ANN)).len(), 1);
        assert_eq!(town.notices(104), [""; 0], "only patients are asked");
    });
}

#[test]
fn a_locked_account_is_not_reached() {
    on_each_engine(|town| {
        town.write(|_, tx| tx.execute("UPDATE account SET state = 1 WHERE account = 101", &[])).unwrap();
        ask(town, town.doctor(), "ann@example.org").unwrap();
        assert_eq!(list(town, town.patient(ANN)), []);
    });
}

#[test]
fn a_share_code_stays_the_same_and_leads_to_its_patient() {
    on_each_engine(|town| {
        let (ann, bob) = (code(town, ANN), code(town, BOB));
        assert_eq!(code(town, ANN), ann);
        assert_ne!(ann, bob);
        assert_eq!(rules::read_share_code(&ann), Some(ann.clone()));
        ask(town, town.doctor(), &format!("{}-{}", &ann[..4], ann[4..].to_lowercase())).unwrap();
        assert_eq!(list(town, town.patient(ANN)).len(), 1);
        assert_eq!(list(town, town.patient(BOB)), []);
        let ctx = town.doctor();
        let refused = town.write(move |house, tx| requests::share_code(&ctx, house, tx));
        assert!(matches!(refused, Err(ConsentError::NotFound)));
    });
}

#[test]
fn two_patients_never_share_a_code() {
    on_each_engine(|town| {
        let first = code(town, ANN);
        // As if Bob had been given the code that Ann's number would give.
        town.write(|_, tx| tx.execute("UPDATE share_code SET patient = ?1", &[BOB.into()])).unwrap();
        assert_ne!(code(town, ANN), first);
    });
}

#[test]
fn granting_answers_the_request() {
    on_each_engine(|town| {
        ask(town, town.doctor(), "ann@example.org").unwrap();
        let id = list(town, town.patient(ANN))[0].id;
        let other = GranteeRef { r#type: GranteeType::Practitioner, id: "other".into() };
        let wrong = give(town, town.patient(ANN), GrantForm { request: Some(id), grantee: other, ..form() });
        assert!(matches!(wrong, Err(ConsentError::Invalid(_))), "another grantee is no answer");
        let foreign = give(town, town.patient(BOB), GrantForm { request: Some(id), ..form() });
        assert!(matches!(foreign, Err(ConsentError::Invalid(_))), "another patient cannot answer");

        let clinic = GranteeRef { r#type: GranteeType::Organization, id: "clinic".into() };
        give(town, town.patient(ANN), GrantForm { request: Some(id), grantee: clinic, ..form() }).unwrap();
        assert_eq!(list(town, town.doctor())[0].state, RequestState::Granted);
        let again = give(town, town.patient(ANN), GrantForm { request: Some(id), ..form() });
        assert!(matches!(again, Err(ConsentError::Invalid(_))), "an answer is given once");
        assert!(matches!(decline(town, town.patient(ANN), id), Err(ConsentError::Conflict(_))));
    });
}

#[test]
fn only_the_patient_who_was_asked_declines() {
    on_each_engine(|town| {
        ask(town, town.doctor(), "ann@example.org").unwrap();
        let id = list(town, town.patient(ANN))[0].id;
        for stranger in [town.patient(BOB), town.doctor(), town.administrator()] {
            assert!(matches!(decline(town, stranger, id), Err(ConsentError::NotFound)));
        }
        decline(town, town.patient(ANN), id).unwrap();
        decline(town, town.patient(ANN), id).unwrap();
        assert_eq!(list(town, town.doctor())[0].state, RequestState::Declined);
        assert_eq!(town.notices(103), ["access-request"]);
        let actions = ["request", "decline"].map(|action| (action.to_owned(), None));
        assert_eq!(town.actions(ANN), actions);
    });
}

#[test]
fn asking_has_a_pace_and_a_patient_is_told_once_a_day() {
    on_each_engine(|town| {
        for n in 0..20 {
            let whom = if n % 2 == 0 { "ann@example.org" } else { "nobody@example.org" };
            ask(town, town.doctor(), whom).unwrap();
            town.clock.advance_ms(60_000);
        }
        let Err(ConsentError::TooMany(seconds)) = ask(town, town.doctor(), "ann@example.org") else {
            panic!("the 21st request within an hour must wait")
        };
        assert_eq!(seconds, 40 * 60);
        assert_eq!(town.notices(101), ["access-request"]);
        ask(town, town.other_doctor(), "ann@example.org").unwrap();
        assert_eq!(town.notices(101).len(), 2, "each who asks is heard");
        town.clock.advance_ms(i64::from(seconds) * 1000);
        ask(town, town.doctor(), "ann@example.org").unwrap();
    });
}

#[test]
fn only_practitioners_ask() {
    on_each_engine(|town| {
        for ctx in [town.patient(BOB), town.administrator()] {
            assert!(matches!(ask(town, ctx, "ann@example.org"), Err(ConsentError::Forbidden(_))));
        }
        assert!(matches!(ask(town, town.nobody(), "ann@example.org"), Err(ConsentError::NotSignedIn)));
        assert_eq!(town.count("SELECT COUNT(*) FROM access_request"), 0);
    });
}

#[test]
fn what_was_asked_of_an_erased_patient_cannot_be_opened() {
    on_each_engine(|town| {
        ask(town, town.doctor(), "ann@example.org").unwrap();
        ask(town, town.doctor(), "bob@example.org").unwrap();
        town.write(|house, tx| house.vault.erase(tx, ANN)).unwrap();
        let sent = list(town, town.doctor());
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].patient.as_deref(), Some("bob@example.org"));
    });
}
