//! A resource in a line: what it is, its value, and what one wants to know next.

use super::words::{code_of, concept, concept_of, join, plain, shorten, spaced, text_of};
use super::{Entry, Look, Value, digest, names, value, words};
use crate::error::Error;
use crate::model::Stored;
use consent::Category;
use db::Tx;
use fhir::{Kind, Node};

const TITLE_MAX: usize = 160;
const DETAIL_MAX: usize = 160;

/// The entry of a resource.
pub(crate) fn entry(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    stored: &Stored,
    node: &Node<'_>,
    category: Category,
) -> Result<Entry, Error> {
    let title = title(tx, look, stored.kind, node)?.unwrap_or_else(|| spaced(stored.kind.name()));
    let value = match stored.kind {
        Kind::Observation => value::of_observation(node),
        Kind::Claim | Kind::ExplanationOfBenefit | Kind::Invoice => amount(node),
        _ => None,
    };
    Ok(Entry {
        r#type: stored.kind.name(),
        id: stored.id().to_owned(),
        category,
        title: shorten(&title, TITLE_MAX),
        date: words::date(node, stored.time),
        value,
        status: status(node).map(str::to_owned),
        detail: detail(tx, look, stored.kind, node)?.map(|text| shorten(&text, DETAIL_MAX)),
        own: digest::entered_by_patient(node),
        document: document(node),
    })
}

/// Where its value was read.
fn document(node: &Node<'_>) -> Option<String> {
    let sources = node.array_of("derivedFrom").iter().filter_map(|from| from.str_of("reference"));
    sources.filter_map(|text| text.strip_prefix("DocumentReference/")).next().map(str::to_owned)
}

/// The FHIR status; what turned out to be wrong says so first.
pub fn status<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    let verification =
        code_of(node, "verificationStatus").filter(|code| matches!(*code, "entered-in-error" | "refuted"));
    verification.or_else(|| ["clinicalStatus", "status", "lifecycleStatus"].iter().find_map(|name| code_of(node, name)))
}

/// Whether an entry was withdrawn: it is not part of a summary.
pub fn withdrawn(node: &Node<'_>) -> bool {
    matches!(status(node), Some("entered-in-error" | "refuted"))
}

fn title(tx: &mut Tx<'_>, look: &mut Look<'_>, kind: Kind, node: &Node<'_>) -> Result<Option<String>, Error> {
    let text = |name: &str| text_of(node, name).map(plain);
    Ok(match kind {
        Kind::MedicationRequest
        | Kind::MedicationStatement
        | Kind::MedicationAdministration
        | Kind::MedicationDispense => match concept_of(node, "medicationCodeableConcept") {
            Some(medicine) => Some(medicine),
            None => names::at(tx, look, node, &["medicationReference"])?,
        },
        Kind::Immunization => concept_of(node, "vaccineCode"),
        Kind::Encounter => concept_of(node, "type").or_else(|| concept_of(node, "serviceType")),
        Kind::CarePlan => text("title").or_else(|| care_plan(node)).or_else(|| text("description")),
        Kind::Goal => concept_of(node, "description"),
        Kind::DocumentReference => concept_of(node, "type").or_else(|| text("description")),
        Kind::Composition => text("title").or_else(|| concept_of(node, "type")),
        Kind::ImagingStudy => {
            text("description").or_else(|| concept_of(node, "procedureCode")).or_else(|| imaging(node))
        }
        Kind::Device => device(node),
        Kind::DeviceUseStatement => names::at(tx, look, node, &["device"])?,
        Kind::FamilyMemberHistory => join([concept_of(node, "relationship"), text("name")]),
        Kind::Claim | Kind::ExplanationOfBenefit => bill(node),
        Kind::SupplyDelivery => node.at(&["suppliedItem", "itemCodeableConcept"]).and_then(concept),
        Kind::Appointment => text("description")
            .or_else(|| concept_of(node, "serviceType"))
            .or_else(|| concept_of(node, "appointmentType").filter(|_| !is_mode(node)))
            .or_else(|| Some(appointment(node).to_owned())),
        Kind::Communication => node.at(&["payload", "contentString"]).and_then(Node::as_str).map(str::to_owned),
        Kind::QuestionnaireResponse => questionnaire(node),
        Kind::CareTeam => text("name").or_else(|| concept_of(node, "category")),
        Kind::Coverage => names::at(tx, look, node, &["payor"])?.or_else(|| concept_of(node, "type")),
        Kind::Task => text("description").or_else(|| concept_of(node, "code")),
        Kind::AdverseEvent => concept_of(node, "event"),
        Kind::ClinicalImpression => concept_of(node, "code").or_else(|| text("description")),
        _ => None,
    }
    .or_else(|| anything(node)))
}

/// In person or online: how one meets says nothing of what for.
fn is_mode(node: &Node<'_>) -> bool {
    matches!(code_of(node, "appointmentType"), Some("AMB" | "VR"))
}

fn appointment(node: &Node<'_>) -> &'static str {
    if code_of(node, "appointmentType") == Some("VR") { "Online appointment" } else { "Appointment" }
}

/// What most types call themselves.
fn anything(node: &Node<'_>) -> Option<String> {
    let coded = || ["code", "type", "category"].iter().find_map(|name| concept_of(node, name));
    let said = || ["title", "name", "description"].iter().find_map(|name| text_of(node, name)).map(plain);
    coded().or_else(said)
}

/// The category that says what the plan is about: US Core's own only says that it is a plan.
fn care_plan(node: &Node<'_>) -> Option<String> {
    let telling = |c: &&Node<'_>| c.at(&["coding", "code"]).and_then(Node::as_str) != Some("assess-plan");
    node.array_of("category").iter().filter(telling).find_map(concept)
}

fn device(node: &Node<'_>) -> Option<String> {
    let name = || node.at(&["deviceName", "name"]).and_then(Node::as_str).map(str::to_owned);
    concept_of(node, "type").or_else(name)
}

fn imaging(node: &Node<'_>) -> Option<String> {
    let part = |name: &str| {
        let coding = node.at(&["series", name])?;
        coding.str_of("display").or_else(|| coding.str_of("code")).map(plain)
    };
    join([part("modality"), part("bodySite")])
}

/// Whom the patient is to meet, as it was written when the appointment was made.
fn with_whom(appointment: &Node<'_>) -> Option<String> {
    let actors = appointment.array_of("participant").iter().filter_map(|p| p.get("actor"));
    let meets = |actor: &&Node<'_>| actor.str_of("reference").is_some_and(|text| text.starts_with("Practitioner/"));
    actors.filter(meets).find_map(|actor| actor.str_of("display")).map(plain)
}

/// What is billed first.
fn bill(node: &Node<'_>) -> Option<String> {
    node.at(&["item", "productOrService"]).and_then(concept).or_else(|| concept_of(node, "type"))
}

fn questionnaire(node: &Node<'_>) -> Option<String> {
    let extensions = node.get("_questionnaire").map_or(&[][..], |q| q.array_of("extension"));
    let display =
        extensions.iter().find(|e| e.str_of("url") == Some("http://hl7.org/fhir/StructureDefinition/display"));
    display.and_then(|e| e.str_of("valueString")).map(plain)
}

fn amount(node: &Node<'_>) -> Option<Value> {
    let total = node.get("total").or_else(|| node.get("totalNet"))?;
    let money = total.as_array().first().map_or(Some(total), |first| first.get("amount"))?;
    let value = money.get("value")?;
    let currency = money.str_of("currency").map(str::to_owned);
    let text = match &currency {
        Some(currency) => format!("{:.2} {currency}", value.as_f64()?),
        None => format!("{:.2}", value.as_f64()?),
    };
    Some(Value { text, number: value.as_f64(), unit: currency, flag: None })
}

fn detail(tx: &mut Tx<'_>, look: &mut Look<'_>, kind: Kind, node: &Node<'_>) -> Result<Option<String>, Error> {
    let text = |name: &str| text_of(node, name).map(str::to_owned);
    Ok(match kind {
        Kind::Encounter => {
            let place = names::at(tx, look, node, &["serviceProvider"])?;
            join([concept_of(node, "reasonCode"), place])
        }
        Kind::Condition => condition(node),
        Kind::AllergyIntolerance => allergy(node),
        Kind::MedicationRequest => {
            let reason = match concept_of(node, "reasonCode") {
                Some(reason) => Some(reason),
                None => names::at(tx, look, node, &["reasonReference"])?,
            };
            join([dosage(node, "dosageInstruction"), reason.map(|reason| format!("for {reason}"))])
        }
        Kind::MedicationStatement => dosage(node, "dosage"),
        Kind::MedicationDispense => dosage(node, "dosageInstruction"),
        Kind::MedicationAdministration => node.at(&["dosage", "dose"]).and_then(value::quantity).map(|dose| dose.text),
        Kind::Immunization => immunization(node),
        Kind::Procedure => {
            let reason = match concept_of(node, "reasonCode") {
                Some(reason) => Some(reason),
                None => names::at(tx, look, node, &["reasonReference"])?,
            };
            join([reason, names::at(tx, look, node, &["performer", "actor"])?])
        }
        Kind::DiagnosticReport => match text("conclusion") {
            Some(conclusion) => Some(conclusion),
            None => names::at(tx, look, node, &["performer"])?,
        },
        Kind::DocumentReference => {
            join([text("description").filter(|_| node.get("type").is_some()), names::at(tx, look, node, &["author"])?])
        }
        Kind::Composition => names::at(tx, look, node, &["author"])?,
        Kind::Appointment => with_whom(node),
        Kind::CarePlan => activities(node),
        Kind::CareTeam => members(tx, look, node)?,
        Kind::ImagingStudy => imaging(node),
        Kind::FamilyMemberHistory => {
            let conditions = node.array_of("condition").iter().filter_map(|c| concept_of(c, "code"));
            let conditions: Vec<String> = conditions.collect();
            (!conditions.is_empty()).then(|| conditions.join(", "))
        }
        Kind::Goal => concept_of(node, "achievementStatus"),
        Kind::Claim | Kind::ExplanationOfBenefit => names::at(tx, look, node, &["provider"])?,
        Kind::ServiceRequest => match concept_of(node, "reasonCode") {
            Some(reason) => Some(reason),
            None => names::at(tx, look, node, &["performer"])?,
        },
        Kind::Device => join([text("manufacturer"), text("modelNumber")]),
        Kind::Coverage => join([concept_of(node, "type"), text("subscriberId")]),
        _ => None,
    })
}

fn condition(node: &Node<'_>) -> Option<String> {
    let end = text_of(node, "abatementDateTime").map(|date| format!("until {}", words::said(date)));
    join([concept_of(node, "severity"), concept_of(node, "bodySite"), end])
}

fn allergy(node: &Node<'_>) -> Option<String> {
    let reactions: Vec<String> = node
        .array_of("reaction")
        .iter()
        .filter_map(|reaction| {
            let shows = reaction.array_of("manifestation").iter().filter_map(concept).collect::<Vec<_>>();
            let how = text_of(reaction, "severity").map(|severity| format!(" ({severity})")).unwrap_or_default();
            (!shows.is_empty()).then(|| format!("{}{how}", shows.join(", ")))
        })
        .collect();
    let risk = (node.str_of("criticality") == Some("high")).then(|| "high risk".to_owned());
    join([risk, (!reactions.is_empty()).then(|| reactions.join(", "))])
}

fn immunization(node: &Node<'_>) -> Option<String> {
    let protocol = node.array_of("protocolApplied").first()?;
    let number = |name: &str| {
        let found = protocol.members().iter().find(|(n, _)| n.starts_with(name))?;
        found.1.as_digits().or_else(|| found.1.as_str())
    };
    let dose = number("doseNumber")?;
    Some(number("seriesDoses").map_or_else(|| format!("Dose {dose}"), |all| format!("Dose {dose} of {all}")))
}

/// The directions as they were written, else dose and frequency.
fn dosage(node: &Node<'_>, name: &str) -> Option<String> {
    let dosage = node.array_of(name).first()?;
    let written = text_of(dosage, "text").or_else(|| text_of(dosage, "patientInstruction"));
    if let Some(text) = written {
        return Some(text.to_owned());
    }
    let dose = dosage.at(&["doseAndRate", "doseQuantity"]).and_then(value::quantity).map(|dose| dose.text);
    let repeat = dosage.get("timing").and_then(|timing| timing.get("repeat"));
    let needed = (dosage.get("asNeededBoolean").and_then(Node::as_bool) == Some(true)).then(|| "as needed".to_owned());
    join([dose, repeat.and_then(frequency), needed])
}

/// `twice a day`
fn frequency(repeat: &Node<'_>) -> Option<String> {
    let times = match repeat.get("frequency").and_then(Node::as_i64)? {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    let unit = match repeat.str_of("periodUnit")? {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "wk" => "week",
        "mo" => "month",
        "a" => "year",
        _ => return None,
    };
    Some(match repeat.get("period").and_then(Node::as_digits)? {
        "1" | "1.0" if unit == "hour" => format!("{times} an hour"),
        "1" | "1.0" => format!("{times} a {unit}"),
        n => format!("{times} every {n} {unit}s"),
    })
}

fn activities(node: &Node<'_>) -> Option<String> {
    let said = |activity: &Node<'_>| {
        let detail = activity.get("detail")?;
        concept_of(detail, "code").or_else(|| text_of(detail, "description").map(plain))
    };
    let activities: Vec<String> = node.array_of("activity").iter().filter_map(said).collect();
    (!activities.is_empty()).then(|| activities.join(", "))
}

fn members(tx: &mut Tx<'_>, look: &mut Look<'_>, node: &Node<'_>) -> Result<Option<String>, Error> {
    const MOST: usize = 4;
    let mut found = Vec::new();
    for participant in node.array_of("participant") {
        if let Some(member) = participant.get("member")
            && found.len() < MOST
            && let Some(name) = names::name(tx, look, node, member)?
        {
            found.push(name);
        }
    }
    Ok((!found.is_empty()).then(|| found.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(json: &str) -> Node<'static> {
        fhir::json::parse(json.as_bytes()).unwrap().into_owned()
    }

    #[test]
    fn directions_are_told_as_written_or_put_together() {
        let written = r#"{"dosageInstruction":[{"text":"One tablet in the morning"}]}"#;
        assert_eq!(dosage(&node(written), "dosageInstruction").as_deref(), Some("One tablet in the morning"));
        let coded = r#"{"dosage":[{"doseAndRate":[{"doseQuantity":{"value":1,"unit":"tablet"}}],"asNeededBoolean":true,
            "timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}]}"#;
        assert_eq!(dosage(&node(coded), "dosage").as_deref(), Some("1 tablet · twice a day · as needed"));
        let hours = node(r#"{"frequency":1,"period":6,"periodUnit":"h"}"#);
        assert_eq!(frequency(&hours).as_deref(), Some("once every 6 hours"));
    }

    #[test]
    fn what_turned_out_wrong_says_so_first() {
        let refuted = r#"{"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"entered-in-error"}]}}"#;
        assert_eq!(status(&node(refuted)), Some("entered-in-error"));
        assert!(withdrawn(&node(refuted)));
        assert_eq!(status(&node(r#"{"lifecycleStatus":"active"}"#)), Some("active"));
    }

    #[test]
    fn a_plan_is_called_by_what_it_is_about() {
        let plan = r#"{"category":[{"coding":[{"code":"assess-plan","display":"Assessment"}]},{"text":"Diabetes self management plan"}]}"#;
        assert_eq!(care_plan(&node(plan)).as_deref(), Some("Diabetes self management plan"));
    }

    #[test]
    fn an_allergy_tells_what_happens_and_how_bad_it_can_get() {
        let allergy_of =
            r#"{"criticality":"high","reaction":[{"severity":"moderate","manifestation":[{"text":"Hives"}]}]}"#;
        assert_eq!(allergy(&node(allergy_of)).as_deref(), Some("high risk · Hives (moderate)"));
    }

    #[test]
    fn a_bill_has_an_amount() {
        let claim = node(r#"{"total":{"value":129.1,"currency":"USD"}}"#);
        assert_eq!(amount(&claim).unwrap().text, "129.10 USD");
        let benefit = node(r#"{"total":[{"amount":{"value":5,"currency":"EUR"}}]}"#);
        assert_eq!(amount(&benefit).unwrap().text, "5.00 EUR");
    }
}
