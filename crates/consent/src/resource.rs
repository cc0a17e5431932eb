//! A grant as a FHIR R4 Consent, and the grant that such a Consent asks for.
//!
//! Always holds: what is read back says the same; whatever a grant cannot express is refused with its path, never dropped.
//! Deliberately absent: Consents that a clinic keeps in its own charts, which are resources like any other (`records`).

use crate::marks::{Category, Label};
use crate::model::{Grant, GrantForm, GrantPurpose, GranteeRef, GranteeType, State};
use fhir::Node;
use kernel::{Issue, Timestamp};
use serde_json::{Value, json};

/// Logical ids of grants: `grant-12`.
const PREFIX: &str = "grant-";

/// What kinds of data are called in `provision.class`.
pub const CATEGORIES: &str = "https://healthsync.dev/fhir/categories";
const SENSITIVITY: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

/// The grant with this logical id.
pub fn number(id: &str) -> Option<i64> {
    let digits = id.strip_prefix(PREFIX)?;
    let number: i64 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// A category or label as its JSON word.
fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What both sides see of a grant, as a Consent of this version.
pub fn of_grant(grant: &Grant, version: i64, updated: &str) -> Vec<u8> {
    let patient = json!({ "reference": format!("Patient/{}", grant.patient.id), "display": grant.patient.name });
    let kind = grant.grantee.r#type.kind().name();
    let reference = format!("{kind}/{}", grant.grantee.id);
    let mut period = json!({ "start": grant.created });
    if let Some(end) = grant.revoked.as_ref().or(grant.until.as_ref()) {
        period["end"] = json!(end);
    }
    let mut provision = json!({
        "type": "permit",
        "period": period,
        "actor": [{
            "role": coded(ROLE, "IRCP"),
            "reference": { "reference": reference, "display": grant.grantee.name },
        }],
        "action": [coded(ACTION, "access")],
        "purpose": [{ "system": REASON, "code": grant.purpose.purpose().code() }],
    });
    if !grant.labels.is_empty() {
        let labels = grant.labels.iter().map(|label| json!({ "system": SENSITIVITY, "code": label.code() }));
        provision["securityLabel"] = labels.collect();
    }
    if let Some(categories) = &grant.categories {
        let class = categories.iter().map(|category| json!({ "system": CATEGORIES, "code": word(category) }));
        provision["class"] = class.collect();
    }
    if grant.from.is_some() || grant.to.is_some() {
        let mut data = json!({});
        for (name, day) in [("start", &grant.from), ("end", &grant.to)] {
            if let Some(day) = day {
                data[name] = json!(day);
            }
        }
        provision["dataPeriod"] = data;
    }
    let rest = json!({
        "meta": { "versionId": version.to_string(), "lastUpdated": updated },
        "status": if grant.state == State::Active { "active" } else { "inactive" },
        "scope": coded(SCOPE, "patient-privacy"),
        "category": [coded("http://loinc.org", "59284-0")],
        "patient": patient,
        "dateTime": grant.created,
        "performer": [patient],
        "policyRule": coded(SENSITIVITY, "OPTIN"),
        "verification": [{ "verified": true, "verifiedWith": patient, "verificationDate": grant.created }],
        "provision": provision,
    });
    // Type and id come first, as in every stored body.
    let rest = rest.to_string();
    let rest = rest.strip_prefix('{').unwrap_or_default();
    format!(r#"{{"resourceType":"Consent","id":"{PREFIX}{}",{rest}"#, grant.id).into_bytes()
}

/// The place in a Consent of what a form's fault is about.
pub fn place(mut issue: Issue) -> Issue {
    issue.path = match issue.path.as_str() {
        "until" => "Consent.provision.period.end",
        "from" => "Consent.provision.dataPeriod.start",
        "to" => "Consent.provision.dataPeriod.end",
        "categories" => "Consent.provision.class",
        "purpose" => "Consent.provision.purpose",
        _ => return issue,
    }
    .to_owned();
    issue
}

/// Clocks that differ.
const CLOCK_AHEAD_MS: i64 = 5 * 60_000;

/// Reads a Consent; every fault with its path.
struct Reader {
    issues: Vec<Issue>,
    now: Timestamp,
}

impl Reader {
    fn fault(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.issues.push(Issue::new("not-supported", path, text));
    }

    /// Refuses members that a grant cannot express.
    fn only(&mut self, node: &Node<'_>, path: &str, known: &[&str]) {
        for (name, _) in node.members() {
            if !known.contains(&name.as_ref()) {
                self.fault(format!("{path}.{name}"), "A consent of this server cannot express this.");
            }
        }
    }

    /// One coding of a list, where exactly one is expected to say this.
    fn says(&mut self, concept: Option<&Node<'_>>, path: &str, system: &str, code: &str) {
        let codings = concept.map_or(&[][..], |concept| concept.array_of("coding"));
        let right = codings.len() == 1
            && codings.iter().all(|c| c.str_of("system") == Some(system) && c.str_of("code") == Some(code));
        if !right {
            self.fault(path, format!("This must say {system}|{code} and nothing else."));
        }
    }

    /// A grant holds from the moment it is given: what is said to begin or to have been agreed later than that is refused.
    fn behind(&mut self, node: &Node<'_>, name: &str, path: &str) {
        let span = node.str_of(name).and_then(fhir::date::span);
        if span.is_some_and(|(begins, _)| begins > self.now.0.saturating_add(CLOCK_AHEAD_MS)) {
            self.fault(format!("{path}.{name}"), "This lies in the future, and a consent holds here from now on.");
        }
    }

    fn one<'n, 'j>(&mut self, node: &'n Node<'j>, name: &str, path: &str) -> Option<&'n Node<'j>> {
        let list = node.array_of(name);
        if list.len() != 1 {
            self.fault(format!("{path}.{name}"), "Exactly one is expected.");
        }
        list.first()
    }
}

/// The form that a patient's Consent fills in. `patient` is whose it must be; it was validated as R4 before.
pub fn to_form(node: &Node<'_>, patient: &str, now: Timestamp) -> Result<GrantForm, Vec<Issue>> {
    let mut r = Reader { issues: Vec::new(), now };
    let known = [
        "resourceType",
        "id",
        "meta",
        "status",
        "scope",
        "category",
        "patient",
        "dateTime",
        "performer",
        "policyRule",
        "verification",
        "provision",
    ];
    r.only(node, "Consent", &known);
    if node.get("id").is_some() {
        let text = "Leave the id out: each consent that is sent gives access anew, under an id that it gets here.";
        r.fault("Consent.id", text);
    }
    r.behind(node, "dateTime", "Consent");
    if node.str_of("status") != Some("active") {
        r.fault("Consent.status", "Only an active consent can be given.");
    }
    r.says(node.get("scope"), "Consent.scope", SCOPE, "patient-privacy");
    let category = r.one(node, "category", "Consent");
    r.says(category, "Consent.category[0]", "http://loinc.org", "59284-0");
    if node.get("policyRule").is_some() {
        r.says(node.get("policyRule"), "Consent.policyRule", SENSITIVITY, "OPTIN");
    }
    let own = format!("Patient/{patient}");
    let same = |found: Option<&Node<'_>>| found.and_then(|n| n.str_of("reference")) == Some(own.as_str());
    if !same(node.get("patient")) {
        r.fault("Consent.patient", "A patient gives consent for their own record.");
    }
    for (i, performer) in node.array_of("performer").iter().enumerate() {
        if !same(Some(performer)) {
            r.fault(format!("Consent.performer[{i}]"), "The patient gives it themselves.");
        }
    }
    for (i, each) in node.array_of("verification").iter().enumerate() {
        let path = format!("Consent.verification[{i}]");
        r.only(each, &path, &["verified", "verifiedWith", "verificationDate"]);
        r.behind(each, "verificationDate", &path);
        if each.get("verified").is_some_and(|said| *said != Node::Bool(true)) {
            r.fault(format!("{path}.verified"), "A consent that is given here is verified by giving it.");
        }
        if !same(each.get("verifiedWith")) && each.get("verifiedWith").is_some() {
            r.fault(format!("{path}.verifiedWith"), "It is verified with the patient who gives it.");
        }
    }
    let Some(provision) = node.get("provision") else {
        r.fault("Consent.provision", "Say who may see what.");
        return Err(r.issues);
    };
    let form = provision_form(&mut r, provision);
    match (form, r.issues.is_empty()) {
        (Some(form), true) => Ok(form),
        _ => Err(r.issues),
    }
}

fn provision_form(r: &mut Reader, node: &Node<'_>) -> Option<GrantForm> {
    const AT: &str = "Consent.provision";
    let known = ["type", "period", "actor", "action", "securityLabel", "purpose", "class", "dataPeriod"];
    r.only(node, AT, &known);
    if node.str_of("type").is_some_and(|kind| kind != "permit") {
        r.fault("Consent.provision.type", "Everything is refused already; a consent permits.");
    }
    if !node.array_of("action").is_empty() {
        let action = r.one(node, "action", AT);
        r.says(action, "Consent.provision.action[0]", ACTION, "access");
    }
    let grantee = grantee(r, node);
    let purpose = purpose(r, node);
    let labels = each(r, node, "securityLabel", SENSITIVITY, Label::of_code);
    let categories = each(r, node, "class", CATEGORIES, Category::parse);
    let period = node.get("period");
    if let Some(period) = period {
        const PERIOD: &str = "Consent.provision.period";
        r.only(period, PERIOD, &["start", "end"]);
        r.behind(period, "start", PERIOD);
    }
    let data = node.get("dataPeriod");
    if let Some(data) = data {
        r.only(data, "Consent.provision.dataPeriod", &["start", "end"]);
    }
    let day = |name: &str| data.and_then(|data| data.str_of(name)).map(str::to_owned);
    Some(GrantForm {
        grantee: grantee?,
        categories: (!node.array_of("class").is_empty()).then_some(categories),
        from: day("start"),
        to: day("end"),
        labels,
        sealed: Vec::new(),
        purpose,
        until: period.and_then(|period| period.str_of("end")).map(str::to_owned),
        note: None,
        request: None,
    })
}

fn grantee(r: &mut Reader, node: &Node<'_>) -> Option<GranteeRef> {
    let actor = r.one(node, "actor", "Consent.provision")?;
    r.only(actor, "Consent.provision.actor[0]", &["role", "reference"]);
    if actor.get("role").is_some() {
        r.says(actor.get("role"), "Consent.provision.actor[0].role", ROLE, "IRCP");
    }
    let text = actor.get("reference").and_then(|reference| reference.str_of("reference")).unwrap_or_default();
    let found = [GranteeType::Practitioner, GranteeType::Organization].into_iter().find_map(|kind| {
        let id = text.strip_prefix(kind.kind().name())?.strip_prefix('/')?;
        Some(GranteeRef { r#type: kind, id: id.to_owned() })
    });
    if found.is_none() {
        r.fault("Consent.provision.actor[0].reference", "Name a Practitioner or an Organization of the directory.");
    }
    found
}

fn purpose(r: &mut Reader, node: &Node<'_>) -> GrantPurpose {
    let codings = node.array_of("purpose");
    let known = [GrantPurpose::Treatment, GrantPurpose::Research, GrantPurpose::Operations];
    match codings {
        [] => GrantPurpose::Treatment,
        [one] if one.str_of("system") == Some(REASON) => {
            let found = known.into_iter().find(|purpose| Some(purpose.purpose().code()) == one.str_of("code"));
            found.unwrap_or_else(|| {
                r.fault("Consent.provision.purpose[0]", "The purpose is TREAT, HRESCH or HOPERAT.");
                GrantPurpose::Treatment
            })
        }
        _ => {
            r.fault("Consent.provision.purpose", format!("One purpose of {REASON} is expected."));
            GrantPurpose::Treatment
        }
    }
}

/// Each coding of a list, by its code.
fn each<T>(r: &mut Reader, node: &Node<'_>, name: &str, system: &str, of: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let mut out = Vec::new();
    for (i, coding) in node.array_of(name).iter().enumerate() {
        let found = coding.str_of("code").filter(|_| coding.str_of("system") == Some(system)).and_then(&of);
        match found {
            Some(found) => out.push(found),
            None => {
                r.fault(format!("Consent.provision.{name}[{i}]"), format!("No code of {system} that is known here."))
            }
        }
    }
    out
}
