//! What kind of data a resource is, in bits that a grant can be compared with inside SQL.

mod codes;
mod sensitive;

use fhir::{Kind, Node};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The clinical date of what has none: only a grant without a period covers it.
pub const UNDATED: i64 = i64::MIN;

/// Kinds of data as people name them. Bit `16 + position` of a resource's marks; the order is stored, never change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Visit,
    Condition,
    Medicine,
    Result,
    Vital,
    Observation,
    Procedure,
    Immunization,
    Allergy,
    Document,
    Imaging,
    Plan,
    Device,
    Billing,
    Other,
    /// Name, birth date, sex: part of every grant, or the reader would not know whose record it is.
    Person,
}

/// Areas many people want to keep to themselves: in no grant unless the patient says so. Bit `position` of the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    MentalHealth,
    SexualHealth,
    Hiv,
    Genetics,
    SubstanceUse,
    Violence,
}

impl Category {
    pub const ALL: [Self; 16] = [
        Self::Visit,
        Self::Condition,
        Self::Medicine,
        Self::Result,
        Self::Vital,
        Self::Observation,
        Self::Procedure,
        Self::Immunization,
        Self::Allergy,
        Self::Document,
        Self::Imaging,
        Self::Plan,
        Self::Device,
        Self::Billing,
        Self::Other,
        Self::Person,
    ];

    pub const fn bit(self) -> i64 {
        1 << (16 + self as i64)
    }

    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }

    /// The category in a resource's marks.
    pub fn of_marks(marks: i64) -> Self {
        Self::ALL.into_iter().find(|c| marks & c.bit() != 0).unwrap_or(Self::Other)
    }

    /// All of them: what a grant of everything covers.
    pub const fn everything() -> i64 {
        0xFFFF << 16
    }
}

impl Label {
    pub const ALL: [Self; 6] =
        [Self::MentalHealth, Self::SexualHealth, Self::Hiv, Self::Genetics, Self::SubstanceUse, Self::Violence];

    pub const fn bit(self) -> i64 {
        1 << self as i64
    }

    /// How the label is written into `meta.security`: <http://terminology.hl7.org/CodeSystem/v3-ActCode>.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MentalHealth => "PSY",
            Self::SexualHealth => "SEX",
            Self::Hiv => "HIV",
            Self::Genetics => "GDIS",
            Self::SubstanceUse => "ETH",
            Self::Violence => "SDV",
        }
    }

    /// The label of a code of that system, as senders write it.
    pub fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "PSY" | "PSYTHPN" | "MH" | "BH" => Self::MentalHealth,
            "SEX" | "STD" | "SEXUAL" => Self::SexualHealth,
            "HIV" => Self::Hiv,
            "GDIS" | "SICKLE" => Self::Genetics,
            "ETH" | "SUD" | "ETHUD" | "OPIOIDUD" => Self::SubstanceUse,
            "SDV" | "VIO" | "IPV" => Self::Violence,
            _ => return None,
        })
    }
}

/// The bits of the labels within a resource's marks.
pub const LABEL_BITS: i64 = 0xFF;

/// Marks of a resource: one category bit and any label bits.
pub fn marks(kind: Kind, resource: &Node<'_>) -> i64 {
    let category = category(kind, resource);
    // A person's own entry is how a reader knows whose record it is; only an explicit label may hide it.
    let coded = if category == Category::Person { 0 } else { sensitive::of_resource(resource) };
    category.bit() | declared(resource) | coded
}

pub fn category(kind: Kind, resource: &Node<'_>) -> Category {
    match kind {
        Kind::Patient | Kind::RelatedPerson | Kind::Person => Category::Person,
        Kind::Encounter | Kind::EpisodeOfCare | Kind::Appointment | Kind::AppointmentResponse => Category::Visit,
        Kind::Condition
        | Kind::ClinicalImpression
        | Kind::DetectedIssue
        | Kind::RiskAssessment
        | Kind::AdverseEvent => Category::Condition,
        Kind::MedicationRequest
        | Kind::MedicationStatement
        | Kind::MedicationAdministration
        | Kind::MedicationDispense
        | Kind::Medication => Category::Medicine,
        Kind::DiagnosticReport => report(resource),
        Kind::Specimen => Category::Result,
        Kind::Observation => observation(resource),
        Kind::FamilyMemberHistory | Kind::QuestionnaireResponse => Category::Observation,
        Kind::Procedure => Category::Procedure,
        Kind::Immunization | Kind::ImmunizationEvaluation | Kind::ImmunizationRecommendation => Category::Immunization,
        Kind::AllergyIntolerance => Category::Allergy,
        Kind::DocumentReference | Kind::DocumentManifest | Kind::Composition | Kind::Media | Kind::Communication => {
            Category::Document
        }
        Kind::ImagingStudy => Category::Imaging,
        Kind::CarePlan
        | Kind::CareTeam
        | Kind::Goal
        | Kind::ServiceRequest
        | Kind::NutritionOrder
        | Kind::RequestGroup
        | Kind::Task => Category::Plan,
        Kind::Device
        | Kind::DeviceUseStatement
        | Kind::DeviceRequest
        | Kind::DeviceMetric
        | Kind::SupplyDelivery
        | Kind::SupplyRequest
        | Kind::VisionPrescription => Category::Device,
        Kind::Claim
        | Kind::ClaimResponse
        | Kind::ExplanationOfBenefit
        | Kind::Coverage
        | Kind::Account
        | Kind::ChargeItem
        | Kind::Invoice
        | Kind::CoverageEligibilityRequest
        | Kind::CoverageEligibilityResponse => Category::Billing,
        _ => Category::Other,
    }
}

/// Every code of `resource.<element>` (a list of CodeableConcept, or one).
fn codes<'n>(resource: &'n Node<'_>, element: &str) -> Vec<&'n str> {
    let Some(found) = resource.get(element) else { return Vec::new() };
    let concepts = if found.as_array().is_empty() { std::slice::from_ref(found) } else { found.as_array() };
    concepts.iter().flat_map(|c| c.array_of("coding")).filter_map(|coding| coding.str_of("code")).collect()
}

/// Codes of <http://terminology.hl7.org/CodeSystem/observation-category>.
fn observation(resource: &Node<'_>) -> Category {
    let categories = codes(resource, "category");
    if categories.contains(&"vital-signs") {
        Category::Vital
    } else if categories.contains(&"laboratory") {
        Category::Result
    } else if categories.contains(&"imaging") {
        Category::Imaging
    } else {
        Category::Observation
    }
}

/// A report whose category is a LOINC note class or which carries a text is read like a document; the rest are results.
/// Codes of <http://terminology.hl7.org/CodeSystem/v2-0074> and of US Core's note report profile.
fn report(resource: &Node<'_>) -> Category {
    let categories = codes(resource, "category");
    if categories.contains(&"LAB") {
        Category::Result
    } else if categories.iter().any(|c| matches!(*c, "RAD" | "LP29684-5")) {
        Category::Imaging
    } else if resource.array_of("result").is_empty() && !resource.array_of("presentedForm").is_empty() {
        Category::Document
    } else {
        Category::Result
    }
}

/// Labels from `meta.security`: codes of <http://terminology.hl7.org/CodeSystem/v3-ActCode>, value set
/// InformationSensitivityPolicy.
fn declared(resource: &Node<'_>) -> i64 {
    let security = resource.get("meta").map_or(&[][..], |meta| meta.array_of("security"));
    security
        .iter()
        .filter_map(|coding| coding.str_of("code"))
        .map(|code| Label::of_code(code).map_or(0, Label::bit))
        .fold(0, |all, bit| all | bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks_of(json: &str) -> (Category, i64) {
        let node = fhir::json::parse(json.as_bytes()).unwrap();
        let kind = Kind::parse(node.str_of("resourceType").unwrap()).unwrap();
        let marks = marks(kind, &node);
        (Category::of_marks(marks), marks & LABEL_BITS)
    }

    #[test]
    fn observations_are_told_apart_by_their_category() {
        let observation = |code: &str| {
            marks_of(&format!(r#"{{"resourceType":"Observation","category":[{{"coding":[{{"code":"{code}"}}]}}]}}"#)).0
        };
        assert_eq!(observation("vital-signs"), Category::Vital);
        assert_eq!(observation("laboratory"), Category::Result);
        assert_eq!(observation("social-history"), Category::Observation);
    }

    #[test]
    fn a_security_label_becomes_a_bit() {
        let (category, labels) = marks_of(
            r#"{"resourceType":"Condition","meta":{"security":[{"code":"PSY"},{"code":"HIV"},{"code":"N"}]}}"#,
        );
        assert_eq!(category, Category::Condition);
        assert_eq!(labels, Label::MentalHealth.bit() | Label::Hiv.bit());
    }

    #[test]
    fn no_two_categories_or_labels_share_a_bit() {
        let bits = Category::ALL.iter().map(|c| c.bit()).chain(Label::ALL.iter().map(|l| l.bit()));
        assert_eq!(bits.clone().fold(0, |all, bit| all | bit).count_ones() as usize, bits.count());
        assert_eq!(Category::ALL.iter().fold(0, |all, c| all | c.bit()), Category::everything());
    }
}
