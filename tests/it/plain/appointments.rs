//! `/api/appointments/create` and `/my-appointments`.

use serde_json::{Value, json};
use testkit::{Person, TestApp};

const CREATE: &str = "/api/appointments/create";
const MINE: &str = "/api/appointments/my-appointments";

fn wish(doctor: &Person, start: &str) -> Value {
    json!({ "doctor": doctor.username, "start": start, "minutes": 20, "reason": "Zymurgical check" })
}

async fn listed(app: &TestApp, who: &Person, query: &str) -> Vec<Value> {
    let list = app.get(&format!("{MINE}{query}"), who).await.expect(200).json();
    list["appointments"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_proposes_and_the_doctor_s_booking_of_that_time_says_yes() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    let refused = app.post(CREATE, &patient, wish(&doctor, "2030-05-02T09:00:00Z")).await.expect(409).json();
    assert_eq!(refused["kind"], "no-access", "a wish that its doctor cannot see would wait for ever");
    let grant = app.grant(&patient, &doctor).await;

    let asked = app.post(CREATE, &patient, wish(&doctor, "2030-05-02T09:00:00Z")).await.expect(201).json();
    assert_eq!((&asked["status"], &asked["end"]), (&json!("proposed"), &json!("2030-05-02T09:20:00.000Z")));
    let again = app.post(CREATE, &patient, wish(&doctor, "2030-05-02T11:00:00+02:00")).await.expect(200).json();
    assert_eq!(again["id"], asked["id"]);
    assert_eq!(listed(&app, &doctor, "?status=proposed").await[0]["id"], asked["id"]);

    let form = json!({ "patient": patient.id, "start": "2030-05-02T09:00:00Z", "minutes": 20 });
    let booked = app.post(CREATE, &doctor, form.clone()).await.expect(200).json();
    assert_eq!((&booked["id"], &booked["status"]), (&asked["id"], &json!("booked")));
    app.post(CREATE, &doctor, form).await.expect(200);
    // The same time in another way is no repetition; who says nothing of the way means the same.
    for (who, other) in [
        (&patient, wish(&doctor, "2030-05-02T09:00:00Z")),
        (&doctor, json!({ "patient": patient.id, "start": "2030-05-02T09:00:00Z" })),
    ] {
        for (kind, status) in [("online", 422), ("in_person", 200)] {
            let mut form = other.clone();
            form["kind"] = kind.into();
            let said = app.post(CREATE, who, form).await.expect(status).json();
            assert!(status == 200 || said["issues"][0]["path"] == "kind", "{said}");
        }
    }
    let mine = listed(&app, &patient, "").await;
    assert_eq!((mine.len(), &mine[0]["status"]), (1, &json!("booked")));
    assert_eq!(mine[0]["reason"], "Zymurgical check");
    assert_eq!(mine[0]["patient"]["id"], patient.id);
    assert_eq!(mine[0]["doctor"]["name"], "Dr Reader");
    app.get(mine[0]["link"].as_str().unwrap(), &doctor).await.expect(200);

    app.revoke(&patient, &grant).await;
    assert!(listed(&app, &doctor, "").await.is_empty(), "what may not be seen is in no list");
    assert_eq!(listed(&app, &patient, "?from=2030-05-03").await.len(), 0);
    assert_eq!(listed(&app, &patient, "?from=2030-05-02&to=2030-05-02").await.len(), 1);
    for count in ["0", "201", "-1", "abc", ""] {
        let problem = app.get(&format!("{MINE}?count={count}"), &patient).await.expect(400).json();
        assert_eq!(problem["issues"][0]["path"], "count", "{count}: {problem}");
    }
    assert_eq!(listed(&app, &patient, "?count=200").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reason_is_taken_while_the_wish_waits_and_never_passed_over_in_silence() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &["City Clinic"]).await;
    app.grant(&patient, &doctor).await;
    let because = |reason: Option<&str>| json!({ "doctor": doctor.username, "start": "2030-05-02T09:00:00Z", "minutes": 20, "reason": reason });
    let yes =
        |reason: Option<&str>| json!({ "patient": patient.id, "start": "2030-05-02T09:00:00Z", "reason": reason });
    let asked = app.post(CREATE, &patient, because(None)).await.expect(201).json();
    for reason in ["Cough", "Cough since Monday"] {
        let again = app.post(CREATE, &patient, because(Some(reason))).await.expect(200).json();
        assert_eq!((&again["id"], &again["reason"]), (&asked["id"], &json!(reason)));
        assert_eq!(again["status"], "proposed");
    }
    // Who says no reason takes none back.
    let again = app.post(CREATE, &patient, because(None)).await.expect(200).json();
    assert_eq!(again["reason"], "Cough since Monday");
    assert_eq!(listed(&app, &doctor, "").await[0]["reason"], "Cough since Monday");

    let refused = app.post(CREATE, &doctor, yes(Some("Blood pressure"))).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "reason");
    assert!(refused.to_string().contains("already, for another reason"), "{refused}");
    assert_eq!(listed(&app, &doctor, "").await[0]["status"], "proposed", "what was refused confirmed nothing");
    app.post(CREATE, &doctor, yes(Some("Cough since Monday"))).await.expect(200);
    // It is booked: the same again is the same, another reason is for the doctor to hear.
    for (who, form) in [(&patient, because(Some("Fever"))), (&doctor, yes(Some("Fever")))] {
        let refused = app.post(CREATE, who, form).await.expect(422).json();
        assert_eq!(refused["issues"][0]["path"], "reason");
    }
    app.post(CREATE, &patient, because(Some("Cough since Monday"))).await.expect(200);
    let mine = listed(&app, &patient, "").await;
    assert_eq!((mine.len(), &mine[0]["status"]), (1, &json!("booked")));
    assert_eq!(mine[0]["reason"], "Cough since Monday");

    // What a clinic's software proposed is in the clinic's words.
    let desk = app.service("Desk", "City Clinic").await;
    let proposed = json!({
        "resourceType": "Appointment", "status": "proposed", "description": "Control",
        "start": "2030-05-03T10:00:00.000Z", "end": "2030-05-03T10:30:00.000Z",
        "participant": [
            { "actor": { "reference": format!("Patient/{}", patient.id) }, "status": "needs-action" },
            { "actor": { "reference": format!("Practitioner/{}", doctor.id) }, "status": "needs-action" },
        ],
    });
    let whole = json!({ "grantee": { "type": "organization", "id": desk.organization } });
    app.grant_with(&patient, &doctor, whole).await;
    app.post("/fhir/Appointment", &desk, proposed).await.expect(201);
    let form = json!({ "doctor": doctor.username, "start": "2030-05-03T10:00:00Z", "reason": "Fever" });
    let refused = app.post(CREATE, &patient, form).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "reason");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_booked_twice_whatever_road_the_appointment_came_on() {
    let app = TestApp::start();
    let (one, two) = (app.patient("Odette Quillfeather").await, app.patient("Somebody else").await);
    let doctor = app.practitioner("Dr Reader", &["City Clinic"]).await;
    for patient in [&one, &two] {
        app.grant(patient, &doctor).await;
    }
    let book = |patient: &Person, start: &str| json!({ "patient": patient.id, "start": start, "minutes": 30 });
    app.post(CREATE, &doctor, book(&one, "2030-05-02T09:00:00Z")).await.expect(201);
    for start in ["2030-05-02T08:45:00Z", "2030-05-02T09:00:00Z", "2030-05-02T09:29:00Z"] {
        let refused = app.post(CREATE, &doctor, book(&two, start)).await.expect(409).json();
        assert_eq!(refused["kind"], "taken", "{start}");
        let asked = app.post(CREATE, &two, wish(&doctor, start)).await.expect(409).json();
        assert_eq!(asked["kind"], "taken", "{start}");
        assert!(!asked.to_string().contains("Quillfeather"));
    }
    app.post(CREATE, &doctor, book(&two, "2030-05-02T09:30:00Z")).await.expect(201);

    // The clinic's own software says it in FHIR, and cancels it there.
    let sent = json!({
        "resourceType": "Appointment", "status": "booked", "start": "2030-05-03T10:00:00Z", "end": "2030-05-03T12:00:00Z",
        "participant": [
            { "actor": { "reference": format!("Patient/{}", one.id) }, "status": "accepted" },
            { "actor": { "reference": format!("Practitioner/{}", doctor.id) }, "status": "accepted" },
        ],
    });
    let id = app.create(&sent).await;
    app.post(CREATE, &doctor, book(&two, "2030-05-03T11:30:00Z")).await.expect(409);
    let mut cancelled = sent.clone();
    (cancelled["id"], cancelled["status"]) = (json!(id), json!("cancelled"));
    let bytes = cancelled.to_string().into_bytes();
    let kind = fhir::Kind::Appointment;
    ::records::change::update(&app.house, &app.operator(), kind, &id, None, bytes).await.unwrap();
    app.post(CREATE, &doctor, book(&two, "2030-05-03T11:30:00Z")).await.expect(201);

    // Four who want the same time, at once.
    let form = |patient: &Person, minute: u32| book(patient, &format!("2030-06-01T09:0{minute}:00Z"));
    let book_it = |patient, minute| app.post(CREATE, &doctor, form(patient, minute));
    let (a, b, c, d) = tokio::join!(book_it(&one, 0), book_it(&two, 0), book_it(&one, 3), book_it(&two, 5));
    let mut statuses = [a.status, b.status, c.status, d.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_has_twenty_wishes_at_most_that_wait() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.grant(&patient, &doctor).await;
    for day in 1..=20 {
        app.post(CREATE, &patient, wish(&doctor, &format!("2030-05-{day:02}T09:00:00Z"))).await.expect(201);
    }
    app.post(CREATE, &patient, wish(&doctor, "2030-05-21T09:00:00Z")).await.expect(409);
    let yes = json!({ "patient": patient.id, "start": "2030-05-01T09:00:00Z" });
    app.post(CREATE, &doctor, yes).await.expect(200);
    app.post(CREATE, &patient, wish(&doctor, "2030-05-21T09:00:00Z")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_no_visits_books_none_and_hears_of_none() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    let form = json!({ "patient": patient.id, "start": "2030-05-02T09:00:00Z" });
    app.post(CREATE, &doctor, form.clone()).await.expect(404);
    app.grant_with(&patient, &doctor, json!({ "categories": ["vital"] })).await;
    app.post(CREATE, &doctor, form.clone()).await.expect(404);
    app.post(CREATE, &app.patient("Somebody else").await, form.clone()).await.expect(404);
    app.post(CREATE, &app.administrator("Admin").await, form).await.expect(404);
    app.get(MINE, &app.administrator("Admin").await).await.expect(403);
    // An appointment is made here and nowhere else: a patient's own POST to FHIR would go around what is checked.
    let resource = json!({
        "resourceType": "Appointment", "status": "booked", "start": "2030-05-02T09:00:00Z",
        "end": "2030-05-02T09:30:00Z",
        "participant": [{ "actor": { "reference": format!("Patient/{}", patient.id) }, "status": "accepted" }],
    });
    app.post("/fhir/Appointment", &patient, resource).await.expect(403);
    for (form, path) in [
        (json!({ "doctor": doctor.id, "start": "soon" }), "start"),
        (json!({ "doctor": doctor.id, "start": "2020-05-02T09:00:00Z" }), "start"),
        (json!({ "doctor": doctor.id, "start": "2030-05-02T09:00:00Z", "minutes": 1 }), "minutes"),
        (json!({ "doctor": "nobody", "start": "2030-05-02T09:00:00Z" }), "doctor"),
        (json!({ "start": "2030-05-02T09:00:00Z" }), "doctor"),
    ] {
        let problem = app.post(CREATE, &patient, form.clone()).await.expect(422).json();
        assert_eq!(problem["issues"][0]["path"], path, "{form} {problem}");
    }
    app.post(CREATE, &patient, json!({ "start": "2030-05-02T09:00:00Z", "room": 1 })).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_is_confirmed_for_as_long_as_it_was_asked() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Odette Quillfeather").await, app.patient("Somebody else").await);
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.grant(&patient, &doctor).await;
    app.grant(&other, &doctor).await;
    let long = json!({ "doctor": doctor.id, "start": "2030-05-02T09:00:00Z", "minutes": 120 });
    app.post(CREATE, &patient, long).await.expect(201);
    let between = json!({ "patient": other.id, "start": "2030-05-02T09:30:00Z", "minutes": 60 });
    let between = app.post(CREATE, &doctor, between).await.expect(201).json();
    let short = json!({ "patient": patient.id, "start": "2030-05-02T09:00:00Z", "minutes": 20 });
    let refused = app.post(CREATE, &doctor, short).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "minutes");
    let yes = json!({ "patient": patient.id, "start": "2030-05-02T09:00:00Z" });
    assert_eq!(app.post(CREATE, &doctor, yes).await.expect(409).json()["kind"], "taken");
    assert_eq!(between["status"], "booked");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_books_the_time_of_a_doctor_elsewhere() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &["City Clinic"]).await;
    let colleague = app.practitioner("Dr Colleague", &["City Clinic"]).await;
    let stranger = app.practitioner("Dr Elsewhere", &["Hill Clinic"]).await;
    app.grant(&patient, &doctor).await;
    app.grant(&patient, &stranger).await;
    let book = |who: &Person| json!({ "doctor": who.id, "patient": patient.id, "start": "2030-05-02T09:00:00Z" });
    let refused = app.post(CREATE, &doctor, book(&stranger)).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "doctor");
    let unseen = app.post(CREATE, &doctor, book(&colleague)).await.expect(409).json();
    assert_eq!(unseen["kind"], "no-access", "a colleague who cannot see the visit would not know of it");
    app.grant(&patient, &colleague).await;
    let booked = app.post(CREATE, &doctor, book(&colleague)).await.expect(201).json();
    assert_eq!(listed(&app, &colleague, "").await[0]["id"], booked["id"]);
    assert!(listed(&app, &stranger, "").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_without_a_reason_is_called_by_what_it_is() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.grant(&patient, &doctor).await;
    for (day, kind) in [("02", "in_person"), ("03", "online")] {
        let start = format!("2030-05-{day}T09:00:00Z");
        app.post(CREATE, &patient, json!({ "doctor": doctor.username, "start": start, "kind": kind }))
            .await
            .expect(201);
    }
    let visits = app.get("/api/records/my-records?kind=visit", &patient).await.expect(200).json();
    let titles: Vec<&Value> = visits["records"].as_array().unwrap().iter().map(|visit| &visit["title"]).collect();
    assert_eq!(titles, ["Online appointment", "Appointment"]);
}
