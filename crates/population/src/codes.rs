//! Codes and the systems they come from. A code is a fact of its terminology: SNOMED CT (SNOMED International), LOINC
//! (Regenstrief Institute), RxNorm (US National Library of Medicine), CVX (CDC), ICD-10-CM (CDC/NCHS), and the HL7
//! code systems of FHIR R4. Texts are what a clinician would write, not always the preferred term.

use crate::json::{Json, object};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    pub system: &'static str,
    pub code: &'static str,
    pub text: &'static str,
}

pub const SNOMED: &str = "http://snomed.info/sct";
pub const LOINC: &str = "http://loinc.org";
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
pub const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub const UCUM: &str = "http://unitsofmeasure.org";
pub const NUCC: &str = "http://nucc.org/provider-taxonomy";
const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

pub const fn snomed(code: &'static str, text: &'static str) -> Code {
    Code { system: SNOMED, code, text }
}

pub const fn loinc(code: &'static str, text: &'static str) -> Code {
    Code { system: LOINC, code, text }
}

pub const fn rxnorm(code: &'static str, text: &'static str) -> Code {
    Code { system: RXNORM, code, text }
}

pub const fn nucc(code: &'static str, text: &'static str) -> Code {
    Code { system: NUCC, code, text }
}

pub const fn role(code: &'static str, text: &'static str) -> Code {
    Code { system: ROLE, code, text }
}

/// A code of an HL7 terminology, given the last part of its address.
pub fn hl7(system: &'static str, code: &'static str, text: &'static str) -> Json {
    object! { system: format!("http://terminology.hl7.org/CodeSystem/{system}"), code: code, display: text }
}

/// A CodeableConcept of one HL7 code.
pub fn hl7_concept(system: &'static str, code: &'static str, text: &'static str) -> Json {
    object! { coding: [hl7(system, code, text)] }
}

impl Code {
    pub fn coding(&self) -> Json {
        object! { system: self.system, code: self.code, display: self.text }
    }

    pub fn concept(&self) -> Json {
        object! { coding: [self.coding()], text: self.text }
    }
}

// Kinds of encounter (HL7 v3 ActEncounterCode).
pub const AMBULATORY: Code = Code { system: ACT, code: "AMB", text: "ambulatory" };
pub const EMERGENCY: Code = Code { system: ACT, code: "EMER", text: "emergency" };
pub const INPATIENT: Code = Code { system: ACT, code: "IMP", text: "inpatient encounter" };
pub const VIRTUAL: Code = Code { system: ACT, code: "VR", text: "virtual" };

/// Label of what only a psychiatric purpose should see (HL7 v3 ActCode, information sensitivity policy).
pub const PSYCHIATRY: Code = Code { system: ACT, code: "PSY", text: "psychiatry disorder information sensitivity" };

// Types of visit (SNOMED CT).
pub const CHECK_UP: Code = snomed("185349003", "Encounter for check up");
pub const FOLLOW_UP: Code = snomed("390906007", "Follow-up encounter");
pub const SYMPTOM: Code = snomed("185345009", "Encounter for symptom");
pub const EMERGENCY_ADMISSION: Code = snomed("50849002", "Emergency room admission");
pub const HOSPITAL_ADMISSION: Code = snomed("32485007", "Hospital admission");
pub const WELL_CHILD: Code = snomed("410620009", "Well child visit");
pub const PRENATAL_FIRST: Code = snomed("424441002", "Prenatal initial visit");
pub const PRENATAL: Code = snomed("424619006", "Prenatal visit");
pub const POSTNATAL: Code = snomed("169762003", "Postnatal visit");

// Procedures (SNOMED CT).
pub const ECG: Code = snomed("29303009", "Electrocardiographic procedure");
pub const ECHO: Code = snomed("40701008", "Echocardiography");
pub const SPIROMETRY: Code = snomed("127783003", "Spirometry");
pub const CHEST_XRAY: Code = snomed("399208008", "Plain chest X-ray");
pub const COLONOSCOPY: Code = snomed("73761001", "Colonoscopy");
pub const MAMMOGRAPHY: Code = snomed("71651007", "Mammography");
pub const SUTURE: Code = snomed("288086009", "Suture open wound");
pub const IMMOBILIZATION: Code = snomed("274474001", "Bone immobilization");
pub const APPENDECTOMY: Code = snomed("80146002", "Appendectomy");
pub const THROAT_CULTURE: Code = snomed("117015009", "Throat culture");
pub const BONE_DENSITY: Code = snomed("312681000", "Bone density scan");
pub const CHILDBIRTH: Code = snomed("66348005", "Childbirth");
pub const CESAREAN: Code = snomed("11466000", "Cesarean section");
pub const FETAL_ULTRASOUND: Code = snomed("271442007", "Fetal anatomy study");
pub const PHYSICAL_THERAPY: Code = snomed("91251008", "Physical therapy procedure");
pub const CBT: Code = snomed("228557008", "Cognitive and behavioral therapy");
pub const MEDICATION_REVIEW: Code = snomed("430193006", "Medication reconciliation");

// Kinds of text (LOINC document codes).
pub const PROGRESS_NOTE: Code = loinc("11506-3", "Progress note");
pub const HISTORY_AND_PHYSICAL: Code = loinc("34117-2", "History and physical note");
pub const EMERGENCY_NOTE: Code = loinc("34111-5", "Emergency department Note");
pub const DISCHARGE_SUMMARY: Code = loinc("18842-5", "Discharge summary");
pub const CONSULT_NOTE: Code = loinc("11488-4", "Consult note");
pub const REFERRAL_NOTE: Code = loinc("57133-1", "Referral note");

// Smoking (US Core smoking status value set, SNOMED CT).
pub const NEVER_SMOKER: Code = snomed("266919005", "Never smoked tobacco");
pub const FORMER_SMOKER: Code = snomed("8517006", "Former smoker");
pub const CURRENT_SMOKER: Code = snomed("449868002", "Smokes tobacco daily");
pub const SMOKING_STATUS: Code = loinc("72166-2", "Tobacco smoking status");
