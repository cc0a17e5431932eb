//! The requests that are tried.

mod apps;
mod documents;
mod plain;

use super::Scene;
use serde_json::{Value, json};
use testkit::sample;

/// What an operation may give to those it is tried by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Something to everybody, signed in or not, but never of a record.
    Anybody,
    /// To those who are signed in, what is their own.
    OwnThings,
    /// Nothing: it names something of the victim's.
    Nothing,
    /// Nothing: it would write into the victim's record.
    NoWrite,
    /// Something to administrators only.
    Administration,
}

#[derive(Clone, Debug)]
pub struct Attack {
    pub method: &'static str,
    /// The path as `openapi.json` writes it.
    pub template: String,
    pub path: String,
    pub body: Value,
    pub gives: Gives,
    /// The answer has no end: only its beginning is looked at.
    pub endless: bool,
}

/// 32 bytes in base64url.
const SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn attack(method: &'static str, path: impl Into<String>, gives: Gives) -> Attack {
    let path = path.into();
    let template = path.split('?').next().unwrap_or_default().to_owned();
    Attack { method, template, path, body: Value::Null, gives, endless: false }
}

impl Attack {
    fn body(self, body: Value) -> Self {
        Self { body, ..self }
    }

    /// The path in `openapi.json`, where it has variables.
    fn of(self, template: &str) -> Self {
        Self { template: template.to_owned(), ..self }
    }

    fn endless(self) -> Self {
        Self { endless: true, ..self }
    }
}

pub fn on_api(s: &Scene) -> Vec<Attack> {
    use Gives::{Administration, Anybody, Nothing, OwnThings};
    let patient = &s.victim.id;
    let form = json!({
        "grantee": { "type": "practitioner", "id": "nobody" }, "categories": null, "from": null, "to": null,
        "labels": [], "purpose": "treatment", "until": null, "note": null
    });
    let finished = json!({
        "ceremony": "invented", "credential": {
            "id": "AAAA", "type": "public-key", "response": { "clientDataJSON": "e30" }, "clientExtensionResults": {}
        }
    });
    let record = |rest: &str| {
        attack("GET", format!("/api/patients/{patient}/{rest}"), Nothing)
            .of(&format!("/api/patients/{{id}}/{}", rest.replace("8867-4", "{code}")))
    };
    let theirs =
        |template: &str, id: i64| attack("POST", template.replace("{id}", &id.to_string()), Nothing).of(template);
    let managed = |template: &str| {
        attack("POST", template.replace("{id}", "999999"), Administration).of(template).body(json!({}))
    };
    let of_account = |method: &'static str, template: &str| {
        let path = template.replace("{account}", "999999").replace("{id}", "999999");
        attack(method, path, Administration).of(template)
    };
    let email = format!("{}@example.org", s.victim.username);
    let mut all = documents::on_documents(s);
    all.extend(plain::on_plain(s));
    all.extend(apps::on_apps(s));
    all.extend([
        attack("GET", "/api/health", Anybody),
        attack("GET", "/api/consent-texts", Anybody),
        attack("GET", "/api/consent-texts/1", Anybody).of("/api/consent-texts/{version}"),
        attack("GET", "/api/demo", Anybody),
        attack("POST", "/api/auth/login", Anybody)
            .body(json!({ "username": s.victim.username, "password": "a guess at it" })),
        attack("POST", "/api/auth/register", Anybody).body(json!({
            "email": format!("{}@example.org", s.victim.username), "password": "correct horse", "given": "A",
            "family": "B", "birthDate": "1990-01-01", "gender": "other"
        })),
        attack("POST", "/api/auth/register/start", Anybody).body(json!({
            "email": email, "given": "A", "family": "B", "birthDate": "1990-01-01", "gender": "other"
        })),
        attack("POST", "/api/auth/register/finish", Anybody).body(finished.clone()),
        attack("GET", "/api/auth/options", Anybody),
        attack("POST", "/api/auth/passkey/start", Anybody).body(json!({})),
        attack("POST", "/api/auth/passkey/finish", Anybody).body(finished.clone()),
        attack("POST", "/api/auth/code/start", Anybody).body(json!({ "email": email })),
        attack("POST", "/api/auth/code/finish", Anybody).body(json!({ "request": "guessed", "code": "12345678" })),
        attack("GET", "/api/demo/outbox", Anybody),
        attack("GET", "/api/auth/session", Anybody),
        attack("GET", "/api/auth/methods", OwnThings),
        attack("POST", "/api/auth/passkeys/start", OwnThings).body(json!({})),
        // Of the other operations here a right body would change the attacker's own account: that it is theirs alone is
        // shown in identity/passkeys.rs and identity/codes.rs.
        attack("POST", "/api/auth/passkeys/finish", OwnThings).body(json!({})),
        theirs("/api/auth/passkeys/{id}/rename", 1).body(json!({ "name": "Mine" })),
        theirs("/api/auth/passkeys/{id}/revoke", 1),
        attack("POST", "/api/auth/recovery-code", OwnThings).body(json!({})),
        attack("POST", "/api/auth/recovery-codes", OwnThings),
        attack("POST", "/api/auth/password", OwnThings).body(json!({ "password": "short" })),
        attack("POST", "/api/auth/password/cancel", OwnThings),
        attack("POST", "/api/auth/password/remove", OwnThings),
        attack("POST", "/api/auth/confirm/start", OwnThings).body(json!({})),
        attack("POST", "/api/auth/confirm", OwnThings).body(json!({})),
        attack("GET", "/api/auth/sessions", OwnThings),
        attack("POST", "/api/auth/sessions/revoke-others", OwnThings),
        theirs("/api/auth/sessions/{id}/revoke", s.session),
        attack("GET", "/api/auth/face", Anybody),
        attack("POST", "/api/auth/face/challenge", Anybody).body(json!({})),
        attack("POST", "/api/auth/face/look", Anybody).body(json!({ "picture": "_9j_" })),
        attack("POST", "/api/auth/face/login", Anybody).body(json!({
            "username": s.victim.username, "challenge": "guessed", "key": "AA", "secret": SECRET, "signature": "AA", "frames": []
        })),
        attack("GET", "/api/auth/face/devices", OwnThings),
        attack("POST", "/api/auth/face/devices", OwnThings).body(json!({
            "name": "Planted", "consent": false, "challenge": "guessed", "key": "AA", "secret": SECRET, "signature": "AA",
            "frames": []
        })),
        theirs("/api/auth/face/devices/{id}/delete", 1),
        attack("GET", "/api/inbox", OwnThings),
        attack("POST", "/api/inbox/read-all", OwnThings),
        attack("GET", "/api/inbox/wishes", OwnThings),
        attack("PUT", "/api/inbox/wishes", OwnThings).body(json!({ "ways": {} })),
        theirs("/api/inbox/{id}/read", s.notice),
        attack("GET", "/api/events", OwnThings).endless(),
        attack("GET", "/api/restriction", OwnThings),
        attack("POST", "/api/restriction/begin", OwnThings),
        attack("POST", "/api/restriction/lift", OwnThings),
        attack("GET", "/api/grants", OwnThings),
        attack("POST", "/api/grants", OwnThings).body(form.clone()),
        attack("POST", "/api/grants/preview", OwnThings).body(form),
        // A real emergency is meant to open a record; that it tells everybody is shown in consent/break_glass.rs.
        attack("POST", "/api/break-glass", OwnThings)
            .body(json!({ "patient": "nobody", "reason": "Unconscious, cannot be asked" })),
        attack("POST", "/api/break-glass/search", OwnThings)
            .body(json!({ "family": "Nobody", "birthDate": "1800-01-01" })),
        theirs("/api/break-glass/{id}/whole", s.grant),
        theirs("/api/break-glass/{id}/end", s.grant),
        attack("GET", "/api/family", OwnThings),
        attack("POST", "/api/family/children", OwnThings)
            .body(json!({ "given": "", "family": "", "birthDate": "1800-01-01", "gender": "unknown" })),
        attack("POST", "/api/family/delegations", OwnThings)
            .body(json!({ "person": "nobody", "acts": true, "categories": null, "labels": [], "until": null })),
        attack("POST", "/api/family/guardians", Nothing).body(json!({ "patient": patient, "person": "nobody" })),
        attack("POST", "/api/family/letter", Nothing).body(json!({ "secret": "guessed" })),
        theirs("/api/family/{id}/again", s.delegation),
        theirs("/api/family/{id}/accept", s.delegation),
        theirs("/api/family/{id}/decline", s.delegation),
        theirs("/api/family/{id}/end", s.delegation),
        attack("GET", format!("/api/admin/guardians?patient={patient}"), Administration).of("/api/admin/guardians"),
        attack("POST", "/api/admin/guardians", Administration)
            .body(json!({ "patient": "nobody", "person": "nobody", "reason": "Made by an attack" })),
        managed("/api/admin/guardians/{id}/end").body(json!({ "reason": "Made by an attack" })),
        theirs("/api/grants/{id}/revoke", s.grant),
        theirs("/api/grants/{id}/extend", s.grant).body(json!({ "until": null })),
        theirs("/api/grants/{id}/renew", s.grant),
        theirs("/api/grants/{id}/ask-renewal", s.grant),
        attack("GET", format!("/api/grants/{}/history", s.grant), Nothing).of("/api/grants/{id}/history"),
        attack("POST", "/api/desk", OwnThings),
        attack("POST", "/api/desk/meet", OwnThings).body(json!({ "code": "00000000" })),
        attack("GET", format!("/api/entries/Patient/{patient}/labels"), Nothing).of("/api/entries/{type}/{id}/labels"),
        attack("POST", format!("/api/entries/Patient/{patient}/labels"), Nothing)
            .of("/api/entries/{type}/{id}/labels")
            .body(json!({ "labels": ["hiv"] })),
        attack("GET", format!("/api/desk/{}", s.desk), Nothing).of("/api/desk/{id}"),
        theirs("/api/desk/{id}/give", s.desk).body(json!({ "categories": null, "hours": 1 })),
        theirs("/api/desk/{id}/end", s.desk),
        attack("GET", "/api/access-requests", OwnThings),
        attack("POST", "/api/access-requests", OwnThings).body(json!({
            "patient": "nobody@example.org", "reason": "Curiosity", "categories": null, "days": 30
        })),
        theirs("/api/access-requests/{id}/decline", s.request),
        attack("GET", "/api/share-code", OwnThings),
        attack("GET", "/api/cases", OwnThings),
        attack("POST", "/api/cases", OwnThings).body(json!({ "entry": 0, "question": "Is this mine?" })),
        // An administrator answers cases; what each side may do is shown in consent/cases.rs.
        theirs("/api/cases/{id}/messages", 999_999).body(json!({ "text": "A guess" })),
        theirs("/api/cases/{id}/decline", s.case).body(json!({ "text": "It stays as it is" })),
        attack("POST", "/api/corrections", Nothing).body(json!({
            "type": "Condition", "id": s.condition, "reason": "This is not so", "proposal": null
        })),
        theirs("/api/cases/{id}/object", s.case).body(json!({ "text": "A guess" })),
        theirs("/api/cases/{id}/close", s.case),
        attack("GET", "/api/ledger/entries", OwnThings),
        attack("GET", "/api/ledger/export", OwnThings),
        attack("GET", "/api/ledger/checkpoint", OwnThings),
        attack("GET", "/api/ledger/proof?seq=0&size=1", OwnThings),
        attack("GET", "/api/ledger/consistency?from=1&to=2", OwnThings),
        attack("GET", "/api/directory?query=r&type=practitioner", OwnThings),
        attack("GET", "/api/my-patients", OwnThings),
        record("export"),
        record("export/archive"),
        record("export/pdf"),
        attack("POST", format!("/api/patients/{patient}/erase"), Nothing)
            .of("/api/patients/{id}/erase")
            .body(json!({ "confirm": "erase" })),
        record("timeline"),
        record("timeline/outline"),
        record("timeline/choices"),
        record("compare?before=2020-01-01&after=2024-01-01").of("/api/patients/{id}/compare"),
        attack("GET", format!("/api/patients/{patient}/photo"), Nothing).of("/api/patients/{id}/photo"),
        attack("PUT", format!("/api/patients/{patient}/photo"), Nothing)
            .of("/api/patients/{id}/photo")
            .body(json!({ "data": "/9j/" })),
        attack("POST", format!("/api/patients/{patient}/photo/remove"), Nothing).of("/api/patients/{id}/photo/remove"),
        record("counts"),
        record("summary"),
        record("series"),
        record("series/8867-4"),
        attack("GET", "/api/admin/health", Administration),
        attack("GET", "/api/admin/face", Administration),
        attack("POST", "/api/admin/face", Administration).body(json!({ "enabled": true })),
        attack("GET", "/api/admin/ledger", Administration),
        attack("POST", "/api/admin/ledger/verify", Administration),
        attack("GET", "/api/admin/users", Administration),
        attack("POST", "/api/admin/users", Administration).body(json!({
            "username": "made-by-attack", "password": "correct horse", "role": "administrator", "name": "Made"
        })),
        managed("/api/admin/users/{id}/lock"),
        managed("/api/admin/users/{id}/unlock"),
        attack("GET", "/api/admin/organizations", Administration),
        attack("POST", "/api/admin/organizations", Administration).body(json!({ "name": "Made by an attack" })),
        managed("/api/admin/organizations/{id}/members").body(json!({ "account": 1 })),
        attack("GET", "/api/auth/external", Anybody),
        attack("GET", "/api/auth/external/links", OwnThings),
        attack("POST", "/api/auth/external/nowhere/link", Nothing)
            .of("/api/auth/external/{provider}/link")
            .body(json!({})),
        attack("POST", "/api/auth/external/links/999999/remove", Nothing).of("/api/auth/external/links/{id}/remove"),
        managed("/api/admin/users/{id}/role").body(json!({ "role": "administrator" })),
        attack("GET", "/api/admin/invitations", Administration),
        of_account("POST", "/api/admin/invitations/{account}/resend").body(json!({})),
        of_account("POST", "/api/admin/invitations/{account}/withdraw").body(json!({})),
        attack("GET", "/api/edits", OwnThings),
        // What it would draft is for the patient to approve; who may draft is shown in consent/sealed_edits.rs.
        attack("POST", "/api/edits", Nothing).body(json!({
            "patient": patient, "reason": "A guess",
            "changes": [{ "act": "add", "resource": sample::condition(patient, "Made by an attack") }]
        })),
        theirs("/api/edits/{id}/change", s.edit).body(json!({ "reason": "A guess", "changes": [] })),
        theirs("/api/edits/{id}/withdraw", s.edit),
        theirs("/api/edits/{id}/decline", s.edit),
        theirs("/api/edits/{id}/code", s.edit).body(json!({ "version": 1 })),
        theirs("/api/edits/{id}/land", s.edit).body(json!({ "code": "12345678" })),
        attack("GET", format!("/api/edits/{}", s.edit), Nothing).of("/api/edits/{id}"),
        attack("GET", "/api/edit-sessions", OwnThings),
        attack("POST", "/api/edit-sessions", Nothing).body(json!({ "patient": patient })),
        theirs("/api/edit-sessions/{id}/code", s.visit),
        theirs("/api/edit-sessions/{id}/open", s.visit).body(json!({ "code": "12345678" })),
        theirs("/api/edit-sessions/{id}/end", s.visit),
        attack("GET", "/api/admin/emergencies", Administration),
        managed("/api/admin/emergencies/{id}/review").body(json!({ "finding": "justified" })),
        attack("GET", "/api/admin/apps", Administration),
        attack("POST", "/api/admin/apps", Administration).body(json!({
            "name": "Made by an attack", "kind": "public", "redirectUris": ["https://attack.example/cb"]
        })),
        managed("/api/admin/apps/{id}/confirm"),
        managed("/api/admin/apps/{id}/revoke"),
        attack("GET", "/api/admin/organizations/absent/members", Administration)
            .of("/api/admin/organizations/{id}/members"),
        attack("POST", "/api/admin/organizations/absent/members/999999/remove", Administration)
            .of("/api/admin/organizations/{id}/members/{account}/remove"),
        attack("POST", "/api/auth/register/clinician", Anybody).body(json!({
            "email": format!("{}@example.org", s.victim.username), "password": "correct horse", "name": "Dr Made"
        })),
        attack("POST", "/api/auth/invitation", Anybody)
            .body(json!({ "token": "a guess at it", "password": "correct horse" })),
        attack("GET", "/api/verification", OwnThings),
        attack("POST", "/api/verification", OwnThings)
            .body(json!({ "registrationNumber": "7", "register": "", "profession": "" })),
        attack("POST", "/api/verification/submit", OwnThings),
        attack("POST", "/api/verification/documents?name=a.pdf", OwnThings),
        attack("GET", format!("/api/verification/documents/{}", s.paper), Nothing)
            .of("/api/verification/documents/{id}"),
        theirs("/api/verification/documents/{id}/remove", s.paper),
        attack("POST", "/api/admin/invitations", Administration)
            .body(json!({ "name": "Dr Made", "email": "made-by-attack@example.org" })),
        attack("GET", "/api/admin/verifications", Administration),
        of_account("GET", "/api/admin/verifications/{account}"),
        of_account("GET", "/api/admin/verifications/{account}/documents/{id}"),
        of_account("POST", "/api/admin/verifications/{account}/approve").body(json!({ "version": 1 })),
        of_account("POST", "/api/admin/verifications/{account}/return")
            .body(json!({ "version": 1, "reason": "An attack" })),
        attack("GET", "/api/emergency-card", OwnThings),
        attack("PUT", "/api/emergency-card", OwnThings)
            .body(json!({ "hidden": [], "sensitive": true, "link": s.link, "contacts": [] })),
        attack("GET", "/api/health-links", OwnThings),
        attack("POST", "/api/health-links", OwnThings)
            .body(json!({ "label": "Made by an attack", "until": null, "sensitive": true, "tell": false })),
        theirs("/api/health-links/{id}/revoke", s.link),
        // 256 bits that nobody was given; what holds of a link that somebody has is shown in exchange/links.rs.
        attack("GET", format!("/shl/{SECRET}?recipient=Attacker"), Anybody).of("/shl/{secret}"),
        attack("POST", format!("/shl/{SECRET}"), Anybody)
            .of("/shl/{secret}")
            .body(json!({ "recipient": "Attacker", "passcode": "1234" })),
        attack("GET", format!("/shl/{SECRET}/file/{SECRET}"), Anybody).of("/shl/{secret}/file/{ticket}"),
        // Last: they end the attackers' sessions.
        attack("POST", "/api/auth/sessions/revoke-all", OwnThings),
        attack("POST", "/api/auth/logout", Anybody),
    ]);
    all
}

/// What shows something of the record to those who may see it.
pub fn readings(s: &Scene) -> Vec<Attack> {
    let (patient, observation, condition) = (&s.victim.id, &s.observation, &s.condition);
    let get = |path: String| attack("GET", path, Gives::Nothing);
    let mut out = Vec::new();
    for path in [
        format!("/fhir/Patient/{patient}"),
        format!("/fhir/Observation/{observation}"),
        format!("/fhir/Condition/{condition}"),
    ] {
        out.push(get(path.clone()));
        out.push(get(format!("{path}/_history")));
        out.push(get(format!("{path}/_history/1")));
    }
    out.push(get(format!("/fhir/Patient/{patient}/$summary")));
    out.push(get(format!("/api/doctors/patient-records/{patient}")));
    out.extend(["timeline", "summary"].map(|path| get(format!("/api/patients/{patient}/{path}"))));
    out
}

pub fn on_fhir(s: &Scene, kinds: &[String]) -> Vec<Attack> {
    use Gives::{Anybody, NoWrite, Nothing, OwnThings};
    let (patient, observation, condition) = (&s.victim.id, &s.observation, &s.condition);
    let mut out: Vec<Attack> = readings(s).into_iter().filter(|attack| attack.path.starts_with("/fhir")).collect();
    out.push(attack("GET", "/fhir/metadata", Anybody));
    for query in [
        format!("Patient?_id={patient}"),
        "Patient?name=Quillf".to_owned(),
        "Patient?birthdate=1951".to_owned(),
        "Patient?_total=accurate".to_owned(),
        format!("Observation?patient={patient}"),
        format!("Observation?subject=Patient/{patient}&_total=accurate"),
        "Observation?code=8867-4&_sort=-date&_count=20".to_owned(),
        format!("Observation?_id={observation}"),
        "Observation?value-quantity=gt73&date=ge2026-01-01".to_owned(),
        "Observation?_lastUpdated=gt2000-01-01".to_owned(),
        format!("Condition?patient={patient}&_sort=-_lastUpdated"),
        format!("Condition?_id={condition}"),
    ] {
        out.push(attack("GET", format!("/fhir/{query}"), OwnThings));
    }
    for kind in kinds {
        out.push(attack("GET", format!("/fhir/{kind}?_count=50"), OwnThings));
        out.push(attack("POST", format!("/fhir/{kind}/_search"), OwnThings));
        out.push(attack("GET", format!("/fhir/{kind}/{patient}"), Nothing));
        out.push(attack("GET", format!("/fhir/{kind}/{patient}/_history"), Nothing));
        out.push(attack("GET", format!("/fhir/{kind}/{patient}/_history/1"), Nothing));
        out.push(attack("DELETE", format!("/fhir/{kind}/{patient}"), Nothing));
    }
    let mut reading = sample::heart_rate(patient, "2026-02-01", 61.0);
    out.push(attack("POST", "/fhir/Observation", NoWrite).body(reading.clone()));
    out.push(attack("POST", "/fhir/Condition", NoWrite).body(sample::condition(patient, "Planted")));
    out.push(attack("POST", "/fhir", NoWrite).body(sample::transaction(std::slice::from_ref(&reading))));
    reading["id"] = observation.as_str().into();
    out.push(attack("PUT", format!("/fhir/Observation/{observation}"), NoWrite).body(reading));
    let changed = json!({ "resourceType": "Patient", "id": patient, "active": false });
    out.push(attack("PUT", format!("/fhir/Patient/{patient}"), NoWrite).body(changed));
    out.push(attack("DELETE", format!("/fhir/Observation/{observation}"), Nothing));
    out.push(attack("DELETE", format!("/fhir/Condition/{condition}"), Nothing));
    let wish = |method: &str, url: String| json!({ "request": { "method": method, "url": url } });
    out.push(attack("POST", "/fhir", OwnThings).body(json!({ "resourceType": "Bundle", "type": "batch", "entry": [
        wish("GET", format!("Patient/{patient}")),
        wish("GET", format!("Observation?patient={patient}")),
        wish("GET", format!("Observation/{observation}/_history")),
        wish("DELETE", format!("Condition/{condition}")),
    ] })));
    out
}
