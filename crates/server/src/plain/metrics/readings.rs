//! Readings on their way in: checked, made Observations, and taken in as one transaction.

use super::kinds::{self, DIASTOLIC, Metric, PRESSURE, SYSTOLIC, Unit};
use ::records::bundle::{self, Options};
use ::records::{beside, search};
use consent::Access;
use kernel::{Ctx, Issue, Problem, Timestamp};
use ledger::House;
use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;
use utoipa::ToSchema;

const MOST: usize = 500;
const MINUTE_MS: i64 = 60_000;
/// By this much a device's clock may be ahead.
const AHEAD_MS: i64 = 5 * MINUTE_MS;
/// Nobody alive was measured before.
const EARLIEST: &str = "1900-01-01T00:00:00Z";
const IDENTIFIERS: &str = "https://healthsync.dev/fhir/readings";
const UCUM: &str = "http://unitsofmeasure.org";

/// One reading.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MetricReading, example = json!({
    "type": "heart_rate", "value": 72, "unit": "bpm", "time": "2026-05-02T07:30:00Z"
}))]
pub struct Reading {
    /// `heart_rate`, `blood_pressure`, `oxygen_saturation`, `temperature`, `respiratory_rate`, `weight`, `height`, `glucose`.
    pub r#type: String,
    pub value: Measured,
    /// Such as `bpm`, `mmHg`, `%`, `°C`, `kg`, `mmol/L`; UCUM's codes are understood too.
    pub unit: String,
    /// When it was measured; now when left out. Say it, so that sending a reading twice is sending it once.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub time: Option<String>,
    /// The id of the Patient. A patient who measures themselves leaves it out.
    #[serde(default)]
    pub patient: Option<String>,
}

/// A number; for a blood pressure both of its numbers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = MetricValue)]
pub enum Measured {
    Number(f64),
    Pressure(Pressure),
    /// `120/80`
    Written(String),
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
#[schema(as = MetricPressure)]
pub struct Pressure {
    pub systolic: f64,
    pub diastolic: f64,
}

// An object only: which of two numbers in a list is which, nothing says.
impl<'de> Deserialize<'de> for Pressure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Both;
        impl<'de> Visitor<'de> for Both {
            type Value = Pressure;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `systolic` and `diastolic`")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pressure, A::Error> {
                Pressure::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_map(Both)
    }
}

/// A reading, or a list of them.
#[derive(Debug)]
pub struct Readings {
    list: Vec<Reading>,
    /// Whether it came as a list: faults are named by their place then.
    many: bool,
}

// By hand: a derived untagged enum would say only that nothing fits.
impl<'de> Deserialize<'de> for Readings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Readings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a reading or a list of readings")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Readings, A::Error> {
                let one = Reading::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Readings { list: vec![one], many: false })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Readings, A::Error> {
                let mut list = Vec::new();
                while let Some(reading) = seq.next_element()? {
                    list.push(reading);
                }
                Ok(Readings { list, many: true })
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl utoipa::PartialSchema for Readings {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Ref};
        let one = Ref::from_schema_name("MetricReading");
        let many = ArrayBuilder::new().items(one.clone()).min_items(Some(1)).max_items(Some(MOST));
        OneOfBuilder::new().item(one).item(many).into()
    }
}

impl ToSchema for Readings {
    fn name() -> std::borrow::Cow<'static, str> {
        "MetricReadings".into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        schemas.push((Reading::name().into(), <Reading as utoipa::PartialSchema>::schema()));
        <Reading as ToSchema>::schemas(schemas);
    }
}

/// What became of a reading, in the order in which they came.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedReading {
    /// The id of the Observation.
    id: String,
    r#type: &'static str,
    #[schema(format = DateTime)]
    time: String,
    /// Whether it is new; one that was sent before is known.
    created: bool,
    /// Where the whole entry is, as FHIR.
    link: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Added {
    pub added: usize,
    pub known: usize,
    pub readings: Vec<AddedReading>,
}

/// A reading that makes sense.
struct Checked {
    metric: &'static Metric,
    unit: &'static Unit,
    numbers: Numbers,
    time: Timestamp,
    patient: String,
}

#[derive(Clone, Copy)]
enum Numbers {
    One(f64),
    Pressure(Pressure),
}

/// Takes readings in, all or none.
pub async fn add(house: &House, ctx: &Ctx, readings: Readings) -> Result<Added, Problem> {
    let access = Access::open(ctx)?;
    access.writer(ctx)?;
    let inside = house.clone();
    let own = house.db.read(move |tx| beside::own_name(tx, &inside, &access).map_err(Problem::from)).await?;
    let checked = checked(ctx, readings, own.as_deref())?;
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut entries = Vec::new();
    let at: Vec<usize> = checked
        .iter()
        .map(|reading| {
            let condition = format!("{IDENTIFIERS}|{}", reading.key());
            let place = (&reading.patient, &condition);
            *places.entry(format!("{place:?}")).or_insert_with(|| {
                let unless = format!("identifier={condition}&patient=Patient/{}", reading.patient);
                entries.push(json!({
                    "resource": reading.observation(ctx, own.as_deref()),
                    "request": { "method": "POST", "url": "Observation", "ifNoneExist": unless },
                }));
                entries.len() - 1
            })
        })
        .collect();
    let content = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string();
    let (inside, asker) = (house.clone(), ctx.clone());
    let work = move || bundle::process(&inside, &asker, content.into_bytes(), &Options::default());
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())?;
    let summary = done.map_err(unknown_patient)?;
    let mut out = Added { added: 0, known: 0, readings: Vec::with_capacity(checked.len()) };
    let mut told = vec![false; entries.len()];
    for (reading, place) in checked.iter().zip(at) {
        let outcome = summary.outcomes.get(place).ok_or_else(Problem::internal)?;
        let created = outcome.status.starts_with("201") && !std::mem::replace(&mut told[place], true);
        if created {
            out.added += 1;
        } else {
            out.known += 1;
        }
        out.readings.push(AddedReading {
            id: outcome.location.rsplit('/').next().unwrap_or_default().to_owned(),
            r#type: reading.metric.name,
            time: reading.time.to_rfc3339(),
            created,
            link: format!("/fhir/{}", outcome.location),
        });
    }
    Ok(out)
}

/// A reference that leads nowhere can only be the patient's: what is not to be seen does not exist.
fn unknown_patient(problem: Problem) -> Problem {
    let named = |issue: &Issue| issue.code == "not-found";
    if problem.status == 422 && problem.issues.iter().any(named) { Problem::not_found() } else { problem }
}

fn checked(ctx: &Ctx, Readings { list, many }: Readings, own: Option<&str>) -> Result<Vec<Checked>, Problem> {
    if list.is_empty() || list.len() > MOST {
        let text = format!("Send 1 to {MOST} readings at once.");
        return Err(Problem::unprocessable(vec![Issue::new("value", "", text)]));
    }
    let mut issues = Vec::new();
    let mut out = Vec::with_capacity(list.len());
    for (index, reading) in list.into_iter().enumerate() {
        match check(ctx, reading, own) {
            Ok(checked) => out.push(checked),
            Err((path, text)) => {
                let path = if many { format!("[{index}].{path}") } else { path.to_owned() };
                issues.push(Issue::new("value", path, text));
            }
        }
    }
    if issues.is_empty() { Ok(out) } else { Err(Problem::unprocessable(issues)) }
}

fn check(ctx: &Ctx, reading: Reading, own: Option<&str>) -> Result<Checked, (&'static str, String)> {
    let Reading { r#type, value, unit, time, patient } = reading;
    let metric = kinds::metric(&r#type).ok_or_else(|| ("type", format!("Types are {}.", kinds::names())))?;
    let named = metric.unit(&unit);
    let unit = named.ok_or_else(|| ("unit", format!("{} is in {}.", metric.display, metric.units_named())))?;
    let numbers = numbers(metric, unit, &value).map_err(|text| ("value", text))?;
    let now = ctx.now();
    let time = match time.as_deref() {
        None => now,
        Some(text) => Timestamp::parse(text).ok_or_else(|| {
            ("time", "Say when as a date with time and zone, such as 2026-01-31T18:00:00Z.".to_owned())
        })?,
    };
    if time.0 > now.0 + AHEAD_MS {
        return Err(("time", "A reading cannot be of the future.".to_owned()));
    }
    if Timestamp::parse(EARLIEST).is_some_and(|earliest| time < earliest) {
        return Err(("time", "That is too long ago.".to_owned()));
    }
    let patient = patient.or_else(|| own.map(str::to_owned));
    let patient = patient.ok_or_else(|| ("patient", "Whose reading is it? Say the patient's id.".to_owned()))?;
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if patient.is_empty() || patient.len() > 64 || !patient.chars().all(fine) {
        return Err(("patient", "This is no id of a Patient.".to_owned()));
    }
    Ok(Checked { metric, unit, numbers, time, patient })
}

fn numbers(metric: &Metric, unit: &Unit, value: &Measured) -> Result<Numbers, String> {
    let (least, most) = unit.sense;
    let sense = |what: &str, number: f64| match number.is_finite() && (least..=most).contains(&number) {
        true => Ok(number),
        false => {
            Err(format!("{what} lies between {least} and {most} {}. Look at the number and its unit.", unit.written[0]))
        }
    };
    if metric.name != PRESSURE {
        return match value {
            Measured::Number(number) => sense(metric.display, *number).map(Numbers::One),
            _ => Err(format!("{} is one number.", metric.display)),
        };
    }
    let pair = match value {
        Measured::Pressure(pair) => Some(*pair),
        Measured::Written(text) => text.split_once('/').and_then(|(systolic, diastolic)| {
            Some(Pressure { systolic: systolic.trim().parse().ok()?, diastolic: diastolic.trim().parse().ok()? })
        }),
        Measured::Number(_) => None,
    };
    let pair = pair.ok_or(r#"A blood pressure has two numbers: {"systolic": 120, "diastolic": 80} or "120/80"."#)?;
    sense("A systolic pressure", pair.systolic)?;
    sense("A diastolic pressure", pair.diastolic)?;
    if pair.systolic <= pair.diastolic {
        return Err("The systolic pressure is the higher of the two.".to_owned());
    }
    Ok(Numbers::Pressure(pair))
}

/// A number as it would be written: `72`, not `72.0`.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

impl Checked {
    /// What makes two readings of a patient the same one. Only letters that need no escape in an address.
    fn key(&self) -> String {
        let value = match self.numbers {
            Numbers::One(value) => number(value).to_string(),
            Numbers::Pressure(Pressure { systolic, diastolic }) => {
                format!("{}-{}", number(systolic), number(diastolic))
            }
        };
        let unit: String = self.unit.ucum.chars().filter(char::is_ascii_alphanumeric).collect();
        search::escaped(&format!("{}_{}_{value}_{unit}", self.metric.name, self.time.to_rfc3339()))
    }

    fn observation(&self, ctx: &Ctx, own: Option<&str>) -> Value {
        let loinc =
            |(code, display): &(&str, &str)| json!({ "system": "http://loinc.org", "code": code, "display": display });
        let quantity = |value: f64| {
            json!({
                "value": number(value), "unit": self.unit.written[0], "system": UCUM, "code": self.unit.ucum
            })
        };
        let mut out = json!({
            "resourceType": "Observation",
            "identifier": [{ "system": IDENTIFIERS, "value": self.key() }],
            "status": "final",
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": self.metric.category
            }] }],
            "code": { "coding": self.unit.codes.iter().map(loinc).collect::<Vec<_>>(), "text": self.metric.display },
            "subject": { "reference": format!("Patient/{}", self.patient) },
            "effectiveDateTime": self.time.to_rfc3339(),
        });
        match self.numbers {
            Numbers::One(value) => out["valueQuantity"] = quantity(value),
            Numbers::Pressure(Pressure { systolic, diastolic }) => {
                let part = |code: &str, display: &str, value: f64| json!({ "code": { "coding": [loinc(&(code, display))] }, "valueQuantity": quantity(value) });
                out["component"] = json!([
                    part(SYSTOLIC, "Systolic blood pressure", systolic),
                    part(DIASTOLIC, "Diastolic blood pressure", diastolic),
                ]);
            }
        }
        // Whose word it is: the patient's own, or that of the clinic whose software sends it.
        match (&ctx.organization, own) {
            (_, Some(own)) => out["performer"] = json!([{ "reference": format!("Patient/{own}") }]),
            (Some(organization), None) => out["performer"] = json!([{ "display": &**organization }]),
            (None, None) => {}
        }
        out
    }
}
