//! Diagnoses: SNOMED CT for meaning, ICD-10-CM for billing, and whether the record must treat it as sensitive.

use crate::codes::{Code, snomed};

#[derive(Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub code: Code,
    /// ICD-10-CM, the unspecified form where no more is known.
    pub icd10: &'static str,
    pub sensitive: bool,
}

const fn diagnosis(snomed_code: &'static str, text: &'static str, icd10: &'static str) -> Diagnosis {
    Diagnosis { code: snomed(snomed_code, text), icd10, sensitive: false }
}

// Long-lasting.
pub static HYPERTENSION: Diagnosis = diagnosis("59621000", "Essential hypertension", "I10");
pub static PREDIABETES: Diagnosis = diagnosis("15777000", "Prediabetes", "R73.03");
pub static DIABETES: Diagnosis = diagnosis("44054006", "Type 2 diabetes mellitus", "E11.9");
pub static LIPIDS: Diagnosis = diagnosis("55822004", "Hyperlipidemia", "E78.5");
pub static ASTHMA: Diagnosis = diagnosis("195967001", "Asthma", "J45.909");
pub static HYPOTHYROIDISM: Diagnosis = diagnosis("40930008", "Hypothyroidism", "E03.9");
pub static DEPRESSION: Diagnosis =
    Diagnosis { code: snomed("370143000", "Major depressive disorder"), icd10: "F32.9", sensitive: true };
pub static CKD3: Diagnosis = diagnosis("433144002", "Chronic kidney disease stage 3", "N18.30");
pub static COPD: Diagnosis = diagnosis("13645005", "Chronic obstructive pulmonary disease", "J44.9");
pub static KNEE_ARTHRITIS: Diagnosis = diagnosis("239873007", "Osteoarthritis of knee", "M17.9");
pub static MIGRAINE: Diagnosis = diagnosis("37796009", "Migraine", "G43.909");
pub static RHINITIS: Diagnosis = diagnosis("61582004", "Allergic rhinitis", "J30.9");
pub static HEART_FAILURE: Diagnosis = diagnosis("84114007", "Heart failure", "I50.9");
pub static ATRIAL_FIBRILLATION: Diagnosis = diagnosis("49436004", "Atrial fibrillation", "I48.91");
pub static OBESITY: Diagnosis = diagnosis("414916001", "Obesity", "E66.9");
pub static OSTEOPOROSIS: Diagnosis = diagnosis("64859006", "Osteoporosis", "M81.0");
pub static REFLUX: Diagnosis = diagnosis("235595009", "Gastroesophageal reflux disease", "K21.9");
pub static ECZEMA: Diagnosis = diagnosis("24079001", "Atopic dermatitis", "L20.9");
pub static IRON_DEFICIENCY: Diagnosis = diagnosis("87522002", "Iron deficiency anemia", "D50.9");

// That pass.
pub static PREGNANCY: Diagnosis = diagnosis("72892002", "Normal pregnancy", "Z34.90");
pub static COLD: Diagnosis = diagnosis("54150009", "Upper respiratory infection", "J06.9");
pub static PHARYNGITIS: Diagnosis = diagnosis("195662009", "Acute viral pharyngitis", "J02.9");
pub static STREP_THROAT: Diagnosis = diagnosis("43878008", "Streptococcal sore throat", "J02.0");
pub static OTITIS: Diagnosis = diagnosis("65363002", "Otitis media", "H66.90");
pub static BRONCHITIS: Diagnosis = diagnosis("10509002", "Acute bronchitis", "J20.9");
pub static SINUSITIS: Diagnosis = diagnosis("75498004", "Acute bacterial sinusitis", "J01.90");
pub static INFLUENZA: Diagnosis = diagnosis("6142004", "Influenza", "J11.1");
pub static COVID: Diagnosis = diagnosis("840539006", "COVID-19", "U07.1");
pub static PNEUMONIA: Diagnosis = diagnosis("233604007", "Pneumonia", "J18.9");
pub static GASTROENTERITIS: Diagnosis = diagnosis("25374005", "Gastroenteritis", "K52.9");
pub static CYSTITIS: Diagnosis = diagnosis("38822007", "Cystitis", "N30.90");
pub static ANKLE_SPRAIN: Diagnosis = diagnosis("44465007", "Sprain of ankle", "S93.409A");
pub static WRIST_SPRAIN: Diagnosis = diagnosis("70704007", "Sprain of wrist", "S63.509A");
pub static FOREARM_FRACTURE: Diagnosis = diagnosis("65966004", "Fracture of forearm", "S52.90XA");
pub static HAND_LACERATION: Diagnosis = diagnosis("284549007", "Laceration of hand", "S61.419A");
pub static CONCUSSION: Diagnosis = diagnosis("62106007", "Concussion with no loss of consciousness", "S06.0X0A");
pub static BACK_PAIN: Diagnosis = diagnosis("279039007", "Low back pain", "M54.50");
pub static APPENDICITIS: Diagnosis = diagnosis("74400008", "Appendicitis", "K37");
pub static HEART_FAILURE_WORSE: Diagnosis = diagnosis("10633002", "Acute congestive heart failure", "I50.9");
