//! A patient with a record, and those who must not get at it.

use crate::documents;
use crate::identity::oauth;
use serde_json::{Value, json};
use testkit::{Person, TestApp, sample};

pub struct Scene {
    pub app: TestApp,
    pub victim: Person,
    pub observation: String,
    pub condition: String,
    /// A grant of the victim's that was revoked.
    pub grant: i64,
    /// A request for access that the victim has not answered.
    pub request: i64,
    /// A code for the desk that the victim shows.
    pub desk: i64,
    pub notice: i64,
    pub session: i64,
    /// An app that the victim let see vaccinations.
    pub permission: i64,
    /// A document that a clinician handed in.
    pub paper: i64,
    /// A health link of the victim's.
    pub link: i64,
    /// A change of the record that a doctor proposed, and a visit's session that they asked for.
    pub edit: i64,
    pub visit: i64,
    /// A question of the victim's about who read.
    pub case: i64,
    /// Somebody whom the victim asked to look after the record, and who has not answered.
    pub delegation: i64,
    /// A document of the victim's, and one that is on its way in.
    pub document: String,
    pub upload: String,
    /// A sealed document of the victim's, a way into their vault, and a device that waits to be let in.
    pub sealed: String,
    pub way: i64,
    pub opening: i64,
    attackers: Vec<(&'static str, Person)>,
    /// The victim's grants as they were.
    grants: Value,
}

/// Words that stand in the record and nowhere else.
const FAMILY: &str = "Quillfeather";
const DIAGNOSIS: &str = "Zanzibar canary syndrome";
const VALUE: &str = "73.1875";

/// A document of one clinician, and another clinician; neither is verified.
async fn clinicians(app: &TestApp) -> (i64, Person) {
    let mut people = Vec::new();
    for name in ["Dr Paper", "Dr Unverified"] {
        let email = format!("{}@example.org", name.replace(' ', "-").to_lowercase());
        let form = json!({ "email": email, "password": testkit::PASSWORD, "name": name });
        let login = app.post("/api/auth/register/clinician", None, form).await.expect(201).json();
        people.push(Person {
            account: login["account"]["id"].as_i64().unwrap(),
            username: email,
            token: login["token"].as_str().unwrap().to_owned(),
            id: String::new(),
            organization: None,
        });
    }
    let (applicant, author) = (people.pop().unwrap(), people.pop().unwrap());
    let request = http::Request::post("/api/verification/documents?name=licence.pdf")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", author.token))
        .body(axum::body::Body::from("%PDF-1.7"));
    let added = app.request(request.unwrap()).await.expect(201).json();
    (added["documents"][0]["id"].as_i64().unwrap(), applicant)
}

/// What a doctor who was let in proposed, and the session they asked for.
async fn proposals(app: &TestApp, victim: &Person) -> (i64, i64) {
    let author = app.practitioner("Dr Author", &[]).await;
    app.grant(victim, &author).await;
    let form = json!({
        "patient": victim.id, "reason": "Follow-up",
        "changes": [{ "act": "add", "resource": sample::condition(&victim.id, DIAGNOSIS) }]
    });
    let edit = app.post("/api/edits", &author, form).await.expect(201).json();
    let visit = app.post("/api/edit-sessions", &author, json!({ "patient": victim.id })).await.expect(201).json();
    (edit["id"].as_i64().unwrap(), visit["id"].as_i64().unwrap())
}

/// The victim asks about what was done last by somebody else.
async fn question(app: &TestApp, victim: &Person) -> i64 {
    let seen = app.get("/api/ledger/entries?reads=others", victim).await.expect(200).json();
    let form = json!({ "entry": seen["entries"][0]["seq"], "question": "Why did you look?" });
    let case = app.post("/api/cases", victim, form).await.expect(201).json();
    case["id"].as_i64().unwrap()
}

/// Somebody whom the victim asked to look after the record.
async fn relative(app: &TestApp, victim: &Person) -> i64 {
    let relative = app.patient("Relative").await;
    let form = json!({
        "person": relative.username, "acts": true, "categories": null, "labels": [], "until": null
    });
    app.post("/api/family/delegations", victim, form).await.expect(202);
    app.get("/api/family", victim).await.expect(200).json()["delegations"][0]["id"].as_i64().unwrap()
}

/// A document in the record, and an upload that the victim began.
async fn files(app: &TestApp, victim: &Person) -> (String, String) {
    let document = json!({
        "resourceType": "DocumentReference", "status": "current", "description": DIAGNOSIS,
        "subject": { "reference": format!("Patient/{}", victim.id) },
        "content": [{ "attachment": { "contentType": "text/plain" } }],
    });
    let document = app.create(&document).await;
    let encode = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let request = http::Request::post("/api/uploads")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", victim.token))
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "9")
        .header("upload-metadata", format!("filename {},patient {}", encode(DIAGNOSIS), encode(&victim.id)));
    let begun = app.request(request.body(axum::body::Body::empty()).unwrap()).await.expect(201);
    let upload = begun.header("location").unwrap().rsplit('/').next().unwrap().to_owned();
    (document, upload)
}

impl Scene {
    pub async fn set() -> Self {
        let app = TestApp::start();
        let patient = json!({
            "resourceType": "Patient", "name": [{ "family": FAMILY, "given": ["Odette"] }], "birthDate": "1951-04-17"
        });
        let id = app.create(&patient).await;
        let observation = app.create(&sample::heart_rate(&id, "2026-01-05T08:00:00Z", 73.1875)).await;
        let condition = app.create(&sample::condition(&id, DIAGNOSIS)).await;
        let victim = app.patient_of(&id, "Account of the patient").await;
        let stranger = app.patient("Stranger").await;
        let doctor = app.practitioner("Dr Stranger", &["Hillside"]).await;
        let grantee = app.practitioner("Dr Yesterday", &["Riverside"]).await;
        let grant = app.grant(&victim, &grantee).await;
        app.get(&format!("/fhir/Observation/{observation}"), &grantee).await.expect(200);
        let asked = json!({
            "patient": format!("{}@example.org", victim.username), "reason": "Follow-up", "categories": null, "days": 30
        });
        app.post("/api/access-requests", &doctor, asked).await.expect(202);
        app.revoke(&victim, &grant).await;
        let (edit, visit) = proposals(&app, &victim).await;
        let case = question(&app, &victim).await;
        let first = |reply: Value, list: &str| reply[list][0]["id"].as_i64().unwrap();
        let request = first(app.get("/api/access-requests", &victim).await.expect(200).json(), "requests");
        let desk = app.post("/api/desk", &victim, serde_json::Value::Null).await.expect(201).json();
        let desk = desk["id"].as_i64().unwrap();
        let notice = first(app.get("/api/inbox", &victim).await.expect(200).json(), "items");
        let session = first(app.get("/api/auth/sessions", &victim).await.expect(200).json(), "sessions");
        let grants = app.get("/api/grants", &victim).await.expect(200).json();
        let form = json!({ "label": "For my GP", "until": null, "sensitive": true, "tell": false });
        let link = app.post("/api/health-links", &victim, form).await.expect(201).json();
        let delegation = relative(&app, &victim).await;
        let (document, upload) = files(&app, &victim).await;
        let vault = documents::make_vault(&app, &victim, 1).await;
        documents::keep(&app, &victim, "general", 1, &[]).await.expect(200);
        let sealed = documents::seal(&app, &victim, ("general", 1), b"sealed").await;
        let form = json!({ "kind": "device", "publicKey": vault["boxKey"] });
        let opening = app.post("/api/vault/openings", &victim, form).await.expect(201).json();
        let administrator = app.administrator("Robin Ames").await;
        let service = app.service("foreign lab", "Elsewhere Laboratory").await;
        let (paper, applicant) = clinicians(&app).await;
        // Apps: one with everything a stranger has, and one that the victim let in for something else.
        let client = oauth::registered(&app, &administrator, json!({})).await;
        let given = oauth::connected(&app, &stranger, &client, "patient/*.cruds user/*.cruds").await;
        let foreign = Person { token: oauth::text(&given, "access_token").to_owned(), ..stranger.clone() };
        let given = oauth::connected(&app, &victim, &client, "launch/patient patient/Immunization.cruds").await;
        let narrow = Person { token: oauth::text(&given, "access_token").to_owned(), ..victim.clone() };
        let permission = first(app.get("/api/apps", &victim).await.expect(200).json(), "apps");
        let attackers = vec![
            ("clinician who is not verified", applicant),
            ("app of a stranger", foreign),
            ("app of the victim's for something else", narrow),
            ("stranger patient", stranger),
            ("stranger practitioner", doctor),
            ("revoked grantee", grantee),
            ("administrator", administrator),
            ("service of another organization", service),
        ];
        let grant = grant["id"].as_i64().unwrap();
        Self {
            app,
            victim,
            observation,
            condition,
            grant,
            request,
            desk,
            notice,
            session,
            permission,
            paper,
            link: link["id"].as_i64().unwrap(),
            edit,
            visit,
            case,
            delegation,
            document,
            upload,
            sealed,
            way: vault["ways"][1]["id"].as_i64().unwrap(),
            opening: opening["id"].as_i64().unwrap(),
            attackers,
            grants,
        }
    }

    pub fn attackers(&self) -> impl Iterator<Item = (&'static str, Option<&Person>)> {
        let people = self.attackers.iter().map(|(name, person)| (*name, Some(person)));
        std::iter::once(("nobody", None)).chain(people)
    }

    pub fn canaries(&self) -> Vec<String> {
        let words = [DIAGNOSIS, VALUE, "1951-04-17"].map(str::to_owned);
        words.into_iter().chain([self.observation.clone(), self.condition.clone()]).collect()
    }

    /// Nothing of the victim's was changed, ended or answered by any of the attacks.
    pub async fn assert_untouched(&self) {
        let get = async |path: String| self.app.get(&path, &self.victim).await.expect(200).json();
        let apps = get("/api/apps".to_owned()).await;
        assert_eq!(apps["apps"][0]["id"], self.permission, "{apps}");
        for path in [
            format!("/fhir/Patient/{}", self.victim.id),
            format!("/fhir/Observation/{}", self.observation),
            format!("/fhir/Condition/{}", self.condition),
        ] {
            assert_eq!(get(path.clone()).await["meta"]["versionId"], "1", "{path}");
        }
        let everything = get(format!("/api/patients/{}/counts", self.victim.id)).await;
        assert_eq!(everything["total"], 4, "{everything}");
        let links = get("/api/health-links".to_owned()).await;
        assert_eq!((&links["links"][0]["id"], &links["links"][0]["state"]), (&json!(self.link), &json!("active")));
        let plain = |grants: &Value| {
            let grants = grants["grants"].as_array().unwrap();
            grants.iter().map(|g| (g["id"].clone(), g["state"].clone(), g["until"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(plain(&get("/api/grants".to_owned()).await), plain(&self.grants));
        let requests = get("/api/access-requests".to_owned()).await;
        assert!(
            requests["requests"].as_array().unwrap().iter().any(|r| r["id"] == self.request && r["state"] == "open")
        );
        let proposed = get(format!("/api/edits/{}", self.edit)).await;
        assert_eq!((&proposed["state"], &proposed["version"]), (&json!("waiting"), &json!(1)));
        let cases = get("/api/cases".to_owned()).await;
        assert_eq!((&cases["cases"][0]["id"], &cases["cases"][0]["state"]), (&json!(self.case), &json!("waiting")));
        let visits = get("/api/edit-sessions".to_owned()).await;
        assert_eq!(visits["sessions"][0]["state"], "waiting", "{visits}");
        let vault = get("/api/vault".to_owned()).await;
        assert_eq!(vault["vault"]["ways"][1]["id"], self.way, "{vault}");
        let openings = get("/api/vault/openings".to_owned()).await;
        assert_eq!((&openings["own"][0]["id"], &openings["own"][0]["answers"]), (&json!(self.opening), &json!([])));
        let sealed = get(format!("/api/patients/{}/sealed", self.victim.id)).await;
        assert_eq!(sealed["documents"][0]["id"], self.sealed, "{sealed}");
        let family = get("/api/family".to_owned()).await;
        assert_eq!(family["delegations"][0]["state"], "waiting", "{family}");
        let inbox = get("/api/inbox".to_owned()).await;
        assert!(inbox["items"].as_array().unwrap().iter().any(|n| n["id"] == self.notice && n["read"] == false));
    }
}
