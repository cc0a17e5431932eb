//! The contract of the HTTP API: shapes, statuses, and who is refused what.

use super::*;
use axum::Extension;
use axum::body::Body;
use axum::http::Request;
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{digest, hmac};
use serde_json::{Value, json};
use tower::ServiceExt;

fn call(town: &Town, ctx: Ctx, method: &str, uri: &str, body: Option<Value>) -> (u16, Value) {
    let app = crate::api::routes().layer(Extension(ctx)).with_state(town.house.clone());
    let request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
    let request = request.body(Body::from(body.map_or_else(String::new, |b| b.to_string()))).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let response = app.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    })
}

fn get(town: &Town, ctx: Ctx, uri: &str) -> (u16, Value) {
    call(town, ctx, "GET", uri, None)
}

fn form() -> Value {
    json!({"grantee": {"type": "practitioner", "id": "doctor"}, "categories": ["result"], "from": "2020-01-01",
        "to": null, "labels": ["hiv"], "purpose": "treatment", "until": null, "note": null})
}

/// One of several grants that are not the same.
fn noted(n: i64) -> Value {
    let mut form = form();
    form["note"] = json!(format!("Visit {n}"));
    form
}

fn without(field: &str) -> Value {
    let mut form = form();
    form.as_object_mut().unwrap().remove(field);
    form
}

fn with(field: &str, value: Value) -> Value {
    let mut form = form();
    form[field] = value;
    form
}

#[test]
fn a_grant_looks_as_the_contract_says() {
    on_each_engine(|town| {
        let (status, grant) = call(town, town.patient(ANN), "POST", "/api/grants", Some(form()));
        assert_eq!(status, 201, "{grant}");
        let expected = json!({"id": 1, "patient": {"id": "ann", "name": "A. Ann"},
            "grantee": {"type": "practitioner", "id": "doctor", "name": "A. Doctor"}, "categories": ["result"],
            "from": "2020-01-01", "to": null, "labels": ["hiv"], "sealed": [], "purpose": "treatment", "note": null,
            "created": NOW.to_rfc3339(), "until": null, "revoked": null, "state": "active", "lastRead": null});
        assert_eq!(grant, expected);
        assert_eq!(get(town, town.doctor(), "/api/grants"), (200, json!({"grants": [expected]})));
        let until = NOW.plus_ms(DAY).to_rfc3339();
        let (status, longer) =
            call(town, town.patient(ANN), "POST", "/api/grants/1/extend", Some(json!({"until": until})));
        assert_eq!((status, &longer["until"]), (200, &json!(until)));
        let (status, ended) = call(town, town.patient(ANN), "POST", "/api/grants/1/revoke", None);
        assert_eq!((status, &ended["state"]), (200, &json!("revoked")));
        assert_eq!(call(town, town.patient(ANN), "POST", "/api/grants/1/extend", Some(json!({"until": until}))).0, 409);
    });
}

#[test]
fn what_widens_a_grant_must_be_said() {
    on_each_engine(|town| {
        for (body, status) in [
            (without("categories"), 400),
            (without("until"), 400),
            (without("grantee"), 400),
            (with("colour", json!("red")), 400),
            (with("categories", json!(["results"])), 400),
            (with("labels", json!(["secret"])), 400),
            (with("purpose", json!("patient")), 400),
            (with("categories", json!([])), 422),
            (with("categories", json!(["person"])), 422),
            (with("until", json!("2020-01-01T00:00:00Z")), 422),
            (with("to", json!("2019-01-01")), 422),
            (with("grantee", json!({"type": "organization", "id": "doctor"})), 422),
            (with("request", json!(5)), 422),
        ] {
            let (answer, problem) = call(town, town.patient(ANN), "POST", "/api/grants", Some(body.clone()));
            assert_eq!(answer, status, "{body} {problem}");
            assert!(!problem["issues"].as_array().unwrap().is_empty(), "{problem}");
        }
        assert_eq!(town.count("SELECT COUNT(*) FROM reach"), 0);
        let extend = call(town, town.patient(ANN), "POST", "/api/grants/1/extend", Some(json!({})));
        assert_eq!(extend.0, 400);
        for field in ["from", "to", "labels", "purpose", "note"] {
            assert_eq!(call(town, town.patient(ANN), "POST", "/api/grants", Some(without(field))).0, 201, "{field}");
        }
    });
}

#[test]
fn each_address_refuses_whom_it_is_not_for() {
    on_each_engine(|town| {
        assert_eq!(call(town, town.patient(ANN), "POST", "/api/grants", Some(form())).0, 201);
        let ask = json!({"patient": "ann@example.org", "reason": "x", "categories": null, "days": 1});
        let until = json!({"until": null});
        // Statuses for nobody, another patient, the doctor, an administrator.
        let table = [
            ("GET", "/api/grants", None, [401, 200, 200, 404]),
            ("POST", "/api/grants", Some(form()), [401, 201, 403, 403]),
            ("POST", "/api/grants/1/revoke", None, [401, 404, 404, 404]),
            ("POST", "/api/grants/1/extend", Some(until), [401, 404, 404, 404]),
            ("POST", "/api/grants/one/revoke", None, [404, 404, 404, 404]),
            ("GET", "/api/access-requests", None, [401, 200, 200, 404]),
            ("POST", "/api/access-requests", Some(ask), [401, 403, 202, 403]),
            ("POST", "/api/access-requests/1/decline", None, [401, 404, 404, 404]),
            ("GET", "/api/share-code", None, [401, 200, 404, 404]),
            ("GET", "/api/restriction", None, [401, 200, 404, 404]),
            ("POST", "/api/restriction/begin", None, [401, 200, 404, 404]),
            ("POST", "/api/restriction/lift", None, [401, 200, 404, 404]),
            ("GET", "/api/ledger/entries", None, [401, 200, 404, 404]),
            ("GET", "/api/ledger/checkpoint", None, [401, 200, 200, 200]),
            ("GET", "/api/ledger/proof?seq=0&size=1", None, [401, 200, 200, 200]),
            ("GET", "/api/ledger/consistency?from=1&to=1", None, [401, 200, 200, 200]),
            ("GET", "/api/admin/ledger", None, [401, 403, 403, 200]),
            ("POST", "/api/admin/ledger/verify", None, [401, 403, 403, 200]),
        ];
        for (method, uri, body, expected) in table {
            let callers = [town.nobody(), town.patient(BOB), town.doctor(), town.administrator()];
            for (ctx, status) in callers.into_iter().zip(expected) {
                let name = format!("{method} {uri} {:?}", ctx.actor);
                assert_eq!(call(town, ctx, method, uri, body.clone()).0, status, "{name}");
            }
        }
    });
}

#[test]
fn a_request_is_answered_the_same_whether_it_reaches_anybody() {
    on_each_engine(|town| {
        let ask = |whom: &str| {
            let body = json!({"patient": whom, "reason": "knee", "categories": ["result"], "days": 30});
            call(town, town.doctor(), "POST", "/api/access-requests", Some(body))
        };
        assert_eq!(ask("ann@example.org"), (202, json!({"status": "sent"})));
        assert_eq!(ask("nobody@example.org"), ask("ann@example.org"));
        let (_, received) = get(town, town.patient(ANN), "/api/access-requests");
        let first = &received["requests"][0];
        let from = json!({"type": "practitioner", "id": "doctor", "name": "A. Doctor", "detail": "Riverside Clinic"});
        assert_eq!(first["from"], from);
        assert_eq!(first["patient"], Value::Null);
        let (_, sent) = get(town, town.doctor(), "/api/access-requests");
        assert_eq!(sent["requests"][1]["patient"], "ann@example.org");
        let id = first["id"].as_i64().unwrap();
        let uri = format!("/api/access-requests/{id}/decline");
        assert_eq!(call(town, town.patient(ANN), "POST", &uri, None).0, 204);
    });
}

/// Checks an entry as a browser does: RFC 6962 section 2.1.1, from the leaf upwards.
fn included(entry: &Value, proof: &Value, root: &str) -> bool {
    let bytes = |value: &Value| STANDARD.decode(value.as_str().unwrap()).unwrap();
    let hash = |parts: &[&[u8]]| digest::digest(&digest::SHA256, &parts.concat()).as_ref().to_vec();
    let leaf = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &bytes(&entry["r"])), &bytes(&entry["entry"]));
    if leaf.as_ref() != bytes(&entry["leaf"]) {
        return false;
    }
    let (mut index, mut last) = (proof["seq"].as_u64().unwrap(), proof["size"].as_u64().unwrap() - 1);
    let mut node = hash(&[&[0], leaf.as_ref()]);
    for sibling in proof["hashes"].as_array().unwrap().iter().map(bytes) {
        if index % 2 == 1 || index == last {
            node = hash(&[&[1], &sibling, &node]);
            while index.is_multiple_of(2) && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            node = hash(&[&[1], &node, &sibling]);
        }
        index >>= 1;
        last >>= 1;
    }
    last == 0 && STANDARD.encode(node) == root
}

#[test]
fn a_patient_can_check_every_entry_of_their_log_against_the_signed_head() {
    on_each_engine(|town| {
        for n in 0..5 {
            for patient in [ANN, BOB] {
                assert_eq!(call(town, town.patient(patient), "POST", "/api/grants", Some(noted(n))).0, 201);
            }
        }
        let (_, head) = get(town, town.patient(ANN), "/api/ledger/checkpoint");
        assert_eq!((head["size"].as_u64(), head["origin"].as_str()), (Some(10), Some("test.example")));
        assert!(head["text"].as_str().unwrap().starts_with("test.example\n10\n"));
        let key = STANDARD.decode(head["publicKey"].as_str().unwrap()).unwrap();
        assert_eq!(key.len(), 32);
        let (body, line) = head["text"].as_str().unwrap().split_once("\n\n").unwrap();
        let signature = STANDARD.decode(line.trim_end().rsplit(' ').next().unwrap()).unwrap();
        let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key);
        key.verify(format!("{body}\n").as_bytes(), &signature[4..]).unwrap();

        let (_, page) = get(town, town.patient(ANN), "/api/ledger/entries");
        let entries = page["entries"].as_array().unwrap();
        assert_eq!((entries.len(), &page["next"], &page["total"]), (5, &Value::Null, &json!(5)));
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!(entry["patientSeq"], 4 - at);
            let uri = format!("/api/ledger/proof?seq={}&size=10", entry["seq"]);
            let (_, proof) = get(town, town.patient(ANN), &uri);
            assert!(included(entry, &proof, head["root"].as_str().unwrap()), "{entry}");
            let mut altered = entry.clone();
            altered["entry"] = json!(STANDARD.encode("{}"));
            assert!(!included(&altered, &proof, head["root"].as_str().unwrap()));
        }
        let first = &entries[4];
        assert_eq!(
            (&first["action"], &first["ground"], &first["what"]),
            (&json!("grant"), &json!("own record"), &json!("Grant"))
        );
        assert_eq!(first["actor"], json!({"name": "A. Ann", "role": "patient"}));
        assert_eq!((&first["purpose"], &first["grant"]), (&json!("patient"), &json!(1)));
        assert_eq!(get(town, town.patient(ANN), "/api/ledger/consistency?from=3&to=10").0, 200);
        assert_eq!(get(town, town.patient(ANN), "/api/ledger/consistency?from=3&to=11").0, 404);
        assert_eq!(get(town, town.patient(ANN), "/api/ledger/proof?seq=10&size=10").0, 404);

        assert_eq!(call(town, town.patient(ANN), "POST", "/api/grants", Some(form())).0, 201);
        assert_eq!(get(town, town.patient(ANN), "/api/ledger/checkpoint").1["size"], 11, "a head is never stale");
        assert_eq!(get(town, town.patient(ANN), "/api/ledger/checkpoint").1["size"], 11);
        assert_eq!(town.count("SELECT COUNT(*) FROM checkpoint"), 2, "the same head is signed once");
    });
}

#[test]
fn the_log_is_paged_and_can_leave_out_ones_own_acts() {
    on_each_engine(|town| {
        let read = |n: i64| {
            for _ in 0..n {
                let ctx = town.doctor();
                let entry = ledger::Entry::new(&ctx, Id::new(ANN), ledger::Action::Read);
                town.write(move |_, tx| {
                    ledger::append(tx, entry);
                    Ok::<_, DbError>(())
                })
                .unwrap();
            }
        };
        let own = |n: i64| assert_eq!(call(town, town.patient(ANN), "POST", "/api/grants", Some(noted(n))).0, 201);
        let pages = |query: &str| {
            let (mut found, mut sizes, mut before) = (Vec::new(), Vec::new(), String::new());
            loop {
                let (status, page) = get(town, town.patient(ANN), &format!("/api/ledger/entries?{query}{before}"));
                assert_eq!(status, 200, "{page}");
                let entries = page["entries"].as_array().unwrap();
                sizes.push((entries.len(), page["total"].as_i64().unwrap()));
                found.extend(entries.iter().map(|e| e["patientSeq"].as_i64().unwrap()));
                match page["next"].as_str() {
                    Some(next) => before = format!("&before={next}"),
                    None => return (found, sizes),
                }
            }
        };
        own(1);
        read(2);
        own(2);
        read(2);
        assert_eq!(pages("count=4"), (vec![5, 4, 3, 2, 1, 0], vec![(4, 6), (2, 6)]));
        assert_eq!(pages("count=3&reads=others"), (vec![5, 4, 2, 1], vec![(3, 4), (1, 4)]));
        assert_eq!(pages("count=4&reads=others"), (vec![5, 4, 2, 1], vec![(4, 4)]));
        own(3);
        read(1);
        assert_eq!(pages("reads=others"), (vec![7, 5, 4, 2, 1], vec![(5, 5)]));
        for wrong in ["count=0", "count=201", "count=x", "before=-1", "before=x", "reads=mine", "colour=red"] {
            let (status, problem) = get(town, town.patient(ANN), &format!("/api/ledger/entries?{wrong}"));
            assert_eq!(status, 400, "{wrong} {problem}");
        }
    });
}

#[test]
fn an_administrator_sees_the_state_of_the_log_and_that_it_was_altered() {
    on_each_engine(|town| {
        for n in 0..3 {
            assert_eq!(call(town, town.patient(ANN), "POST", "/api/grants", Some(noted(n))).0, 201);
        }
        let (_, state) = get(town, town.administrator(), "/api/admin/ledger");
        assert_eq!((&state["size"], &state["verified"]), (&json!(3), &Value::Null));
        assert_eq!(state["lastCheckpointTime"], NOW.to_rfc3339());
        let verify = || call(town, town.administrator(), "POST", "/api/admin/ledger/verify", None);
        let (_, state) = verify();
        assert_eq!((&state["verified"]["ok"], &state["verified"]["size"]), (&json!(true), &json!(3)));

        town.write(|_, tx| tx.execute("UPDATE ledger SET leaf = ?1 WHERE seq = 1", &[(&[7_u8; 32]).into()])).unwrap();
        let (status, state) = verify();
        assert_eq!((status, &state["verified"]["ok"]), (200, &json!(false)));
        assert_eq!(get(town, town.administrator(), "/api/admin/ledger").1["verified"], state["verified"]);
    });
}

#[test]
fn every_route_is_documented() {
    let docs = serde_json::to_value(crate::api::openapi()).unwrap();
    let operations: usize =
        docs["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(operations, 34);
    let grant = &docs["components"]["schemas"]["Grant"]["required"];
    assert!(grant.as_array().unwrap().contains(&json!("until")), "what may be null is still always there: {grant}");
}
