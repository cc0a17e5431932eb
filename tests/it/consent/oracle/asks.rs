//! Random questions of every shape the interface offers, and their whole answers.

use super::items::{DAYS, Item};
use super::rules::Viewer;
use super::world::World;
use crate::chance::Dice;
use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use testkit::{Person, TestApp};

/// One request; for a search and a timeline, with all pages after it.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    /// Its media type and content.
    pub body: Option<(&'static str, String)>,
}

/// Everything that came back, page after page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer(pub Vec<Page>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// For each type: how it names its patient, its date to sort by, and what can be asked of it.
const SEARCHES: &[(&str, &str, &str, &[&str])] = &[
    (
        "Observation",
        "subject",
        "date",
        &[
            "code=8867-4",
            "code=http://loinc.org|4548-4",
            "code=8867-4,20447-9,44261-6",
            "code:not=8867-4",
            "category=vital-signs",
            "status=final",
            "date=ge2024-01-01",
            "date=lt2024-03-01",
            "date=2024-02-29",
            "value-quantity=gt75",
            "value-quantity=le80||mmol/L",
            "component-code=8480-6",
            "encounter=Encounter/{visit}",
            "value-quantity:missing=true",
            "subject:Patient={patient}",
            "encounter:missing=false",
            "_lastUpdated=ge2026-03-01",
        ],
    ),
    (
        "Condition",
        "patient",
        "onset-date",
        &["code=38341003", "code=86406008", "clinical-status=active", "onset-date=gt2024", "encounter={visit}"],
    ),
    ("Encounter", "patient", "date", &["status=finished", "class=AMB", "date=sa2024-01-01", "reason-code=7200002"]),
    (
        "MedicationRequest",
        "patient",
        "authoredon",
        &["status=active", "medication=Medication/{medicine}", "intent=order", "medication:missing=false"],
    ),
    ("Procedure", "subject", "date", &["code=72892002", "date=ap2024-02-29", "status=completed"]),
    ("Immunization", "patient", "date", &["vaccine-code=140", "date=ne2024-01-01", "status=completed"]),
    ("AllergyIntolerance", "patient", "date", &["date=le2024-12-31", "patient:missing=false"]),
    ("DiagnosticReport", "subject", "date", &["category=LAB", "code=34117-2", "status=final"]),
    ("DocumentReference", "patient", "date", &["status=current", "date=eb2025-01-01"]),
    ("CarePlan", "patient", "date", &["instantiates-uri=urn:plan:walk", "status=active", "intent=plan"]),
    ("RiskAssessment", "patient", "date", &["probability=gt0.5", "probability=0.25"]),
    ("Goal", "patient", "start-date", &["lifecycle-status=active", "start-date=2024-02"]),
    ("Flag", "patient", "date", &["date=ge2023"]),
    ("List", "subject", "date", &["title=a", "title:exact=b", "status=current"]),
    ("ImagingStudy", "patient", "started", &["status=available"]),
    ("QuestionnaireResponse", "subject", "authored", &["status=completed", "encounter={visit}"]),
    ("ServiceRequest", "subject", "authored", &["intent=order", "authored=lt2024-07"]),
    ("RelatedPerson", "patient", "birthdate", &["name=ki"]),
    ("Device", "patient", "_lastUpdated", &["status=active"]),
    ("Coverage", "patient", "_lastUpdated", &["status=active", "beneficiary={patient}"]),
    ("Medication", "identifier", "_lastUpdated", &["_lastUpdated=gt2026-02", "status:missing=true"]),
    (
        "Patient",
        "_id",
        "birthdate",
        &[
            "family=ra",
            "family:exact=Ray",
            "given=ann",
            "name=oko",
            "birthdate=lt1924",
            "gender=female",
            "identifier=urn:mrn|1",
            "identifier=2",
            "address-city=tem",
            "gender=male,female",
        ],
    ),
    ("Practitioner", "_id", "_lastUpdated", &["name=dr"]),
];

const CODES: [&str; 6] = ["8867-4", "29463-7", "4548-4", "20447-9", "8480-6", "44261-6"];

impl World {
    pub fn ask(&self, dice: &Dice, viewer: &Viewer) -> Ask {
        let patient = &self.patients[self.somebody(dice, viewer)];
        let get = |path: String| Ask { method: "GET", path, body: None };
        match dice.below(19) {
            0 if dice.one_in(3) => get(format!("/api/patients/{patient}/timeline/outline{}", picked(dice))),
            0 if dice.one_in(3) => get(format!("/api/patients/{patient}/timeline/choices")),
            0 => get(format!("/api/patients/{patient}/timeline{}", timeline(dice))),
            1 if dice.one_in(2) => get(format!("/api/patients/{patient}/compare{}", two_days(dice))),
            1 => get(format!("/api/patients/{patient}/counts")),
            2 if dice.one_in(2) => get(format!("/api/patients/{patient}/summary")),
            2 => get(format!("/fhir/Patient/{patient}/$summary")),
            3 => get(format!("/api/patients/{patient}/series")),
            4 => get(format!("/api/patients/{patient}/series/{}", dice.pick(&CODES))),
            5 => get(format!("/api/my-patients{}", dice.pick(&["", "?query=ra", "?query=ann", "?query=1924"]))),
            6 => get(format!("/api/directory?query={}", dice.pick(&["d", "river", "ray"]))),
            7 | 8 => get(format!("/fhir/{}", self.one(dice, viewer))),
            9 => {
                let (path, query) = self.search(dice, viewer);
                let form = ("application/x-www-form-urlencoded", query);
                Ask { method: "POST", path: format!("/fhir/{path}/_search"), body: Some(form) }
            }
            10 => self.batch(dice, viewer),
            11 => match dice.below(3) {
                0 => get(format!("/api/doctors/patient-records/{patient}{}", plain(dice))),
                1 => get(format!("/api/health-metrics/analysis?patient={patient}")),
                _ => {
                    let queries = ["name=ra", "birth_date=1924", "condition=38341003", "condition=hyper"];
                    get(format!("/api/doctors/search-patients?{}", dice.pick(&queries)))
                }
            },
            17 | 18 => get(self.paper(dice, viewer, patient)),
            _ => {
                let (kind, query) = self.search(dice, viewer);
                get(format!("/fhir/{kind}?{query}"))
            }
        }
    }

    /// The documents of a record, also by their words; one of them, its file, its words, its picture and its values.
    fn paper(&self, dice: &Dice, viewer: &Viewer, patient: &str) -> String {
        if dice.one_in(2) {
            let mut parts = vec![format!("count={}", 1 + dice.below(4))];
            parts.extend(
                dice.one_in(2)
                    .then(|| format!("q={}", dice.pick(&["letter", "zymurgical", "number1", "sample%20quill"]))),
            );
            parts.extend(dice.one_in(4).then(|| format!("from={}", dice.pick(&DAYS))));
            parts.extend(dice.one_in(4).then(|| format!("sort={}", dice.pick(&["added", "date", "title"]))));
            return format!("/api/patients/{patient}/documents?{}", parts.join("&"));
        }
        let all = self.items.iter().filter(|item| item.kind == "DocumentReference");
        let (seen, unseen): (Vec<&Item>, Vec<&Item>) = all.partition(|item| viewer.sees(&self.grants, &item.facts));
        let some = if seen.is_empty() || (!unseen.is_empty() && dice.one_in(3)) { unseen } else { seen };
        let tail = dice.pick(&["", "/content", "/content?download=true", "/text", "/thumbnail", "/pages/1", "/values"]);
        // Most of the others have no file, and the few that have one are what is asked for.
        let mut with_file: Vec<&Item> = some.iter().copied().filter(|item| self.is_paper(item)).collect();
        if with_file.is_empty() {
            with_file = some;
        }
        let id = if with_file.is_empty() { "never-was" } else { dice.pick(&with_file).id.as_str() };
        format!("/api/documents/{id}{tail}")
    }

    /// A patient, more often one of whom they may see something.
    fn somebody(&self, dice: &Dice, viewer: &Viewer) -> usize {
        let seen = self.items.iter().filter(|item| viewer.sees(&self.grants, &item.facts));
        let mut open: Vec<usize> = seen.filter_map(|item| item.facts.patient).collect();
        open.sort_unstable();
        open.dedup();
        if open.is_empty() || dice.one_in(4) { dice.below(self.patients.len()) } else { dice.pick(&open) }
    }

    /// A resource, one of its versions, or all of them; rarely one that never was.
    fn one(&self, dice: &Dice, viewer: &Viewer) -> String {
        // Half of the time something they may see, or half of the questions would be refused.
        let seen: Vec<&Item> = self.items.iter().filter(|i| viewer.sees(&self.grants, &i.facts)).collect();
        let item = if seen.is_empty() || dice.one_in(2) { &dice.pick(&self.items) } else { dice.pick(&seen) };
        let id = if dice.one_in(20) { "never-was" } else { item.id.as_str() };
        let tail = match dice.below(4) {
            0 => "/_history".to_owned(),
            1 => format!("/_history/{}", 1 + dice.below(3)),
            _ => String::new(),
        };
        format!("{}/{id}{tail}", item.kind)
    }

    fn search(&self, dice: &Dice, viewer: &Viewer) -> (&'static str, String) {
        let (kind, by, date, filters) = dice.pick(SEARCHES);
        let patient = &self.patients[self.somebody(dice, viewer)];
        let id_of = |kind: &str| {
            let all: Vec<&str> = self.items.iter().filter(|i| i.kind == kind).map(|i| i.id.as_str()).collect();
            if all.is_empty() { "none".to_owned() } else { dice.pick(&all).to_owned() }
        };
        let mut parts: Vec<String> = Vec::new();
        match (by, dice.below(5)) {
            (_, 0..=1) => {}
            ("patient" | "subject", 2) => parts.push(format!("{by}={patient}")),
            ("patient" | "subject", 3) => parts.push(format!("{by}={patient},{}", dice.pick(&self.patients))),
            ("patient" | "subject", _) => parts.push(format!("{by}=Patient/{patient}")),
            _ => parts.push(format!("_id={},{}", id_of(kind), id_of(kind))),
        }
        for filter in dice.some(filters, 4) {
            let filter = filter.replace("{patient}", patient).replace("{visit}", &id_of("Encounter"));
            parts.push(filter.replace("{medicine}", &id_of("Medication")));
        }
        if dice.one_in(2) {
            let by = dice.pick(&[date, "_lastUpdated", "_id"]);
            parts.push(format!("_sort={}{by}", dice.pick(&["", "-"])));
        }
        match dice.below(4) {
            0 => parts.push("_summary=count".to_owned()),
            1 => parts.push(format!("_count={}", dice.below(8))),
            2 => parts.push(format!("_count={}&_total=accurate", 1 + dice.below(5))),
            _ => {}
        }
        (kind, parts.join("&"))
    }

    fn batch(&self, dice: &Dice, viewer: &Viewer) -> Ask {
        let entries: Vec<Value> = (0..2 + dice.below(3))
            .map(|_| {
                let url = if dice.one_in(2) {
                    let item = dice.pick(&self.items);
                    format!("{}/{}", item.kind, item.id)
                } else {
                    let (kind, query) = self.search(dice, viewer);
                    format!("{kind}?{query}")
                };
                json!({ "request": { "method": "GET", "url": url } })
            })
            .collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
        Ask { method: "POST", path: "/fhir".to_owned(), body: Some(("application/fhir+json", bundle.to_string())) }
    }
}

/// A summary names its entries by numbers drawn for it: here by the order in which they come.
fn without_chance(body: &str) -> String {
    const URN: &str = "urn:uuid:";
    let (mut out, mut rest, mut seen) = (String::with_capacity(body.len()), body, Vec::new());
    while let Some(at) = rest.find(URN) {
        let end = rest[at..].find('"').map_or(rest.len(), |end| at + end);
        let urn = &rest[at..end];
        let place = seen.iter().position(|known| *known == urn).unwrap_or_else(|| {
            seen.push(urn);
            seen.len() - 1
        });
        out.push_str(&rest[..at]);
        out.push_str(&format!("{URN}{place}"));
        rest = &rest[end..];
    }
    out + rest
}

/// What entries say, where they are from, and what they are.
fn picked(dice: &Dice) -> String {
    let (words, sources) = (["visit", "heart", "a", "8867-4"], ["Organization/river", "patient", "Practitioner/1"]);
    match dice.below(4) {
        0 => format!("?q={}", dice.pick(&words)),
        1 => format!("?by={}", dice.pick(&sources)),
        2 => "?abnormal=true".to_owned(),
        _ => format!("?label={}", dice.pick(&["mental-health", "hiv,violence"])),
    }
}

fn two_days(dice: &Dice) -> String {
    let (mut before, mut after) = (dice.pick(&DAYS), dice.pick(&DAYS));
    if before > after {
        std::mem::swap(&mut before, &mut after);
    }
    format!("?before={before}&after={after}")
}

fn timeline(dice: &Dice) -> String {
    let mut parts = Vec::new();
    if dice.one_in(4) {
        parts.push(picked(dice).trim_start_matches('?').to_owned());
    }
    if dice.one_in(3) {
        parts.push(format!("category={}", dice.pick(&["vital,result", "visit", "condition", "document,plan,other"])));
    }
    if dice.one_in(4) {
        parts.push(format!("from={}", dice.pick(&DAYS)));
    }
    if dice.one_in(4) {
        parts.push(format!("to={}", dice.pick(&DAYS)));
    }
    if dice.one_in(2) {
        parts.push(format!("count={}", 1 + dice.below(6)));
    }
    format!("?{}", parts.join("&"))
}

/// The same record as a plain list.
fn plain(dice: &Dice) -> String {
    timeline(dice).replace("category=", "kind=")
}

/// More pages than this is a circle.
const PAGES: usize = 200;

/// Asks, and turns every page.
pub async fn answer(app: &TestApp, who: &Person, ask: &Ask) -> Answer {
    let mut pages = Vec::new();
    let mut next = Some(ask.path.clone());
    while let Some(path) = next.take() {
        assert!(pages.len() < PAGES, "{ask:?} has no end");
        let mut request = Request::builder()
            .method(ask.method)
            .uri(&path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        let mut body = Body::empty();
        if let Some((kind, content)) = ask.body.as_ref().filter(|_| pages.is_empty()) {
            request = request.header(header::CONTENT_TYPE, *kind);
            body = Body::from(content.clone());
        }
        let reply = if pages.is_empty() || ask.method == "GET" {
            app.request(request.body(body).unwrap()).await
        } else {
            // The pages after a search by POST are links.
            app.get(&path, who).await
        };
        assert!(reply.status < 500, "{ask:?}: {}", reply.text());
        let named = ["content-type", "content-disposition", "etag", "last-modified", "location"];
        let headers = named.iter().filter_map(|n| Some(((*n).to_owned(), reply.header(n)?.to_owned())));
        let page = Page { status: reply.status, headers: headers.collect(), body: without_chance(&reply.text()) };
        next = serde_json::from_str(&page.body).ok().and_then(|json: Value| following(ask, &json));
        pages.push(page);
    }
    Answer(pages)
}

fn following(ask: &Ask, page: &Value) -> Option<String> {
    if let Some(before) = page["next"].as_str() {
        let (path, query) = ask.path.split_once('?')?;
        return Some(format!("{path}?{query}&before={before}"));
    }
    let link = page["link"].as_array()?.iter().find(|link| link["relation"] == "next")?;
    Some(link["url"].as_str()?.trim_start_matches("http://localhost").to_owned())
}

impl Answer {
    /// Without the terms of the grants that a list of patients repeats.
    pub fn without_terms(mut self) -> Self {
        for page in &mut self.0 {
            let Ok(mut json) = serde_json::from_str::<Value>(&page.body) else { continue };
            if let Some(patients) = json["patients"].as_array_mut() {
                for patient in patients.iter_mut() {
                    (patient["grant"], patient["accessUntil"]) = (Value::Null, Value::Null);
                }
                page.body = json.to_string();
            }
            // An empty part of a summary says whether it is shared at all, which is a term of the grant too.
            if let Some(sections) = json["sections"].as_array_mut() {
                sections.iter_mut().for_each(|section| section["empty"] = Value::Null);
                page.body = json.to_string();
            }
            // The same in the words of a summary that is a document.
            if let Some(sections) = json.pointer_mut("/entry/0/resource/section").and_then(Value::as_array_mut) {
                let empty = sections.iter_mut().filter(|section| !section["emptyReason"].is_null());
                empty.for_each(|section| section["text"] = Value::Null);
                page.body = json.to_string();
            }
        }
        self
    }

    /// The ids of what was found, in order.
    pub fn found(&self) -> Vec<String> {
        let pages = self.0.iter().map(|page| serde_json::from_str::<Value>(&page.body).unwrap());
        let id = |entry: &Value| entry["resource"]["id"].as_str().unwrap().to_owned();
        pages.flat_map(|page| page["entry"].as_array().into_iter().flatten().map(id).collect::<Vec<_>>()).collect()
    }
}
