//! Illnesses and injuries that pass: how often, in which season, what is seen and what is done. Rates per year are of
//! the order of the visit rates in the National Ambulatory Medical Care Survey (NCHS, 2019), set for a demonstration
//! and not for epidemiology.

use super::Life;
use super::chronic::Chronic;
use crate::calendar::{Day, civil, day_of};
use crate::chance::Chance;
use crate::codes::{self, Code};
use crate::diagnoses as dx;
use crate::diagnoses::Diagnosis;
use crate::drugs::{self, Drug};

pub struct Acute {
    pub diagnosis: &'static Diagnosis,
    /// A year of a child (under 12), of an adult, and from 65 on.
    rates: (f64, f64, f64),
    /// Seen in the emergency department.
    pub emergency: bool,
    winter: bool,
    pub days: (i64, i64),
    /// Degrees above normal, breaths more, percent of oxygen less.
    pub fever: f64,
    pub breaths: f64,
    pub oxygen: f64,
    pub child_drug: Option<&'static Drug>,
    pub adult_drug: Option<&'static Drug>,
    pub procedure: Option<&'static Code>,
    pub complaint: &'static str,
    pub finding: &'static str,
    pub advice: &'static str,
}

const PLAIN: Acute = Acute {
    diagnosis: &dx::COLD,
    rates: (0.0, 0.0, 0.0),
    emergency: false,
    winter: false,
    days: (6, 12),
    fever: 0.0,
    breaths: 0.0,
    oxygen: 0.0,
    child_drug: None,
    adult_drug: None,
    procedure: None,
    complaint: "",
    finding: "",
    advice: "",
};

pub static ILLNESSES: [Acute; 19] = [
    Acute {
        diagnosis: &dx::COLD,
        rates: (0.35, 0.10, 0.09),
        winter: true,
        fever: 0.7,
        complaint: "Runny nose, sore throat and cough for four days, with tiredness.",
        finding: "Nasal mucosa swollen, throat mildly red, ears and chest clear.",
        advice: "Fluids and rest; come back if fever lasts longer than three days or breathing becomes hard.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::PHARYNGITIS,
        rates: (0.14, 0.06, 0.02),
        winter: true,
        fever: 1.1,
        child_drug: Some(&drugs::ACETAMINOPHEN_CHEWABLE),
        adult_drug: Some(&drugs::ACETAMINOPHEN),
        complaint: "Sore throat for three days, worse when swallowing.",
        finding: "Pharynx red without exudate, no tender neck nodes. Probably viral.",
        advice: "No antibiotic is needed. Salt-water gargles, cool drinks, pain relief as needed.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::STREP_THROAT,
        rates: (0.13, 0.03, 0.01),
        winter: true,
        fever: 1.6,
        days: (8, 11),
        child_drug: Some(&drugs::AMOXICILLIN_LIQUID),
        adult_drug: Some(&drugs::AMOXICILLIN),
        procedure: Some(&codes::THROAT_CULTURE),
        complaint: "Fever and a very sore throat since yesterday, no cough.",
        finding: "Tonsils swollen with exudate, tender nodes in front of the neck. Throat swab positive for group A strep.",
        advice: "Finish the whole course of antibiotic; no school or work until a day after the first dose.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::OTITIS,
        rates: (0.30, 0.02, 0.01),
        winter: true,
        fever: 1.2,
        days: (8, 12),
        child_drug: Some(&drugs::AMOXICILLIN_LIQUID),
        adult_drug: Some(&drugs::AMOXICILLIN),
        complaint: "Ear pain on one side after a cold, restless night.",
        finding: "Tympanic membrane red and bulging on one side, the other one normal.",
        advice: "Pain relief first; ear check in two to three weeks if hearing stays dull.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::BRONCHITIS,
        rates: (0.04, 0.08, 0.12),
        winter: true,
        fever: 0.6,
        breaths: 3.0,
        oxygen: 1.5,
        days: (12, 24),
        complaint: "Cough with some phlegm for more than a week, wheezy in the evening.",
        finding: "Scattered rhonchi that clear on coughing, no crackles, no distress.",
        advice: "The cough may last three weeks. No antibiotic; return if short of breath or coughing blood.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::SINUSITIS,
        rates: (0.02, 0.07, 0.04),
        winter: true,
        fever: 0.6,
        days: (10, 16),
        child_drug: Some(&drugs::AMOXICILLIN_LIQUID),
        adult_drug: Some(&drugs::AMOXICILLIN),
        complaint: "Facial pressure and thick nasal discharge for eleven days, worse again after getting better.",
        finding: "Tender over the maxillary sinuses, purulent discharge in the middle meatus.",
        advice: "Antibiotic because of the second worsening; saline rinses twice a day.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::INFLUENZA,
        rates: (0.06, 0.04, 0.03),
        winter: true,
        fever: 2.0,
        breaths: 4.0,
        oxygen: 1.0,
        days: (7, 12),
        child_drug: Some(&drugs::ACETAMINOPHEN_CHEWABLE),
        adult_drug: Some(&drugs::ACETAMINOPHEN),
        complaint: "Sudden fever with chills, aching all over and dry cough since two days.",
        finding: "Looks ill but alert; lungs clear; rapid influenza test positive.",
        advice: "Rest, fluids, stay away from others until a day without fever.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::COVID,
        rates: (0.07, 0.08, 0.07),
        fever: 1.3,
        breaths: 3.0,
        oxygen: 2.0,
        days: (9, 18),
        adult_drug: Some(&drugs::ACETAMINOPHEN),
        complaint: "Cough, fever and loss of smell; a family member tested positive.",
        finding: "SARS-CoV-2 antigen test positive. Breathing unlabored, lungs clear.",
        advice: "Stay at home, check oxygen twice a day, call at once below 92 % or if short of breath.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::PNEUMONIA,
        rates: (0.012, 0.010, 0.035),
        emergency: true,
        winter: true,
        fever: 2.0,
        breaths: 9.0,
        oxygen: 5.0,
        days: (14, 30),
        child_drug: Some(&drugs::AMOXICILLIN_LIQUID),
        adult_drug: Some(&drugs::AZITHROMYCIN),
        procedure: Some(&codes::CHEST_XRAY),
        complaint: "Fever, cough with yellow phlegm and pain on breathing in for three days.",
        finding: "Crackles at the right base. Chest X-ray: infiltrate in the right lower lobe.",
        advice: "Antibiotic at home, with a check in two days; repeat X-ray in six weeks for smokers and from fifty on.",
    },
    Acute {
        diagnosis: &dx::GASTROENTERITIS,
        rates: (0.14, 0.05, 0.04),
        fever: 0.7,
        days: (3, 7),
        complaint: "Vomiting and watery diarrhea since last night, cramps, little appetite.",
        finding: "Abdomen soft, diffusely tender, lively bowel sounds; mucous membranes moist.",
        advice: "Small sips of rehydration solution; come back if there is blood or no urine for eight hours.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::CYSTITIS,
        rates: (0.01, 0.10, 0.13),
        days: (5, 8),
        adult_drug: Some(&drugs::NITROFURANTOIN),
        complaint: "Burning when passing urine and frequent urge for two days, no fever.",
        finding: "Mild suprapubic tenderness, no flank pain. Urine dipstick positive for nitrite and leukocytes.",
        advice: "Antibiotic for five days; culture only if it does not settle.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::ANKLE_SPRAIN,
        rates: (0.04, 0.035, 0.015),
        emergency: true,
        days: (21, 50),
        child_drug: Some(&drugs::ACETAMINOPHEN_CHEWABLE),
        adult_drug: Some(&drugs::IBUPROFEN),
        complaint: "Twisted the ankle today on uneven ground, painful to walk on.",
        finding: "Swollen and tender in front of the outer ankle; bears weight; no bone tenderness, so no X-ray.",
        advice: "Elastic bandage, ice and elevation; begin to move it as soon as pain allows.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::WRIST_SPRAIN,
        rates: (0.03, 0.02, 0.02),
        days: (14, 35),
        child_drug: Some(&drugs::ACETAMINOPHEN_CHEWABLE),
        adult_drug: Some(&drugs::IBUPROFEN),
        complaint: "Fell on the outstretched hand, the wrist hurts since.",
        finding: "Mild swelling, full but painful motion, no tenderness over the scaphoid.",
        advice: "Splint for ten days, then exercises; come back if it still hurts after two weeks.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::FOREARM_FRACTURE,
        rates: (0.022, 0.006, 0.010),
        emergency: true,
        days: (40, 65),
        child_drug: Some(&drugs::ACETAMINOPHEN_CHEWABLE),
        adult_drug: Some(&drugs::ACETAMINOPHEN),
        procedure: Some(&codes::IMMOBILIZATION),
        complaint: "Fell while running and landed on the arm; strong pain, cannot turn the hand.",
        finding: "Swelling and tenderness of the distal forearm, pulses and feeling intact. X-ray: fracture without displacement.",
        advice: "Cast for five weeks; arm above the heart for two days; orthopedic check in one week.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::HAND_LACERATION,
        rates: (0.025, 0.025, 0.015),
        emergency: true,
        days: (9, 16),
        procedure: Some(&codes::SUTURE),
        complaint: "Cut the hand on a broken glass an hour ago.",
        finding: "Clean cut of three centimeters over the palm, tendons and nerves intact.",
        advice: "Wound closed with four stitches under local anesthesia; keep dry, stitches out in ten days.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::CONCUSSION,
        rates: (0.015, 0.006, 0.010),
        emergency: true,
        days: (8, 25),
        complaint: "Hit the head two hours ago, no loss of consciousness, since then headache and nausea.",
        finding: "Alert and oriented, pupils equal, no neurological deficit. No red flag that asks for imaging.",
        advice: "Rest for two days, no sport until free of symptoms; return at once if drowsy or vomiting again.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::BACK_PAIN,
        rates: (0.0, 0.10, 0.12),
        days: (14, 60),
        adult_drug: Some(&drugs::IBUPROFEN),
        procedure: None,
        complaint: "Low back pain for a week after lifting, not going down the leg.",
        finding: "Tight muscles beside the lumbar spine; straight-leg raise negative, strength and reflexes normal.",
        advice: "Stay active, heat, short course of pain relief; physical therapy if not better in three weeks.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::APPENDICITIS,
        rates: (0.0012, 0.0011, 0.0005),
        emergency: true,
        fever: 1.2,
        days: (10, 21),
        procedure: Some(&codes::APPENDECTOMY),
        complaint: "Pain that moved from the navel to the right lower belly since yesterday, vomited once.",
        finding: "Tender with guarding in the right lower quadrant. Ultrasound: thickened appendix.",
        advice: "Laparoscopic appendectomy the same day without complication; home the next morning.",
        ..PLAIN
    },
    Acute {
        diagnosis: &dx::ASTHMA,
        rates: (0.30, 0.12, 0.08),
        emergency: true,
        winter: true,
        breaths: 10.0,
        oxygen: 5.0,
        days: (5, 10),
        child_drug: Some(&drugs::PREDNISONE),
        adult_drug: Some(&drugs::PREDNISONE),
        complaint: "Wheezing and short of breath since last night, the rescue inhaler helps only briefly.",
        finding: "Wheeze over both lungs, prolonged breathing out, speaks in short sentences; much better after three nebulizers.",
        advice: "Steroid tablets for five days, controller inhaler every day, clinic visit within a week.",
        ..PLAIN
    },
];

impl Acute {
    pub fn rate(&self, age: f64) -> f64 {
        match age {
            a if a < 12.0 => self.rates.0,
            a if a < 65.0 => self.rates.1,
            _ => self.rates.2,
        }
    }

    /// An attack of asthma is an event of a disease that is already on the problem list.
    pub fn is_attack(&self) -> bool {
        self.diagnosis == &dx::ASTHMA
    }

    pub fn possible(&self, life: &Life, day: Day) -> bool {
        let code = self.diagnosis.code;
        if self.is_attack() {
            return life.has(Chronic::Asthma, day - 60);
        }
        if code == dx::COVID.code {
            return day >= day_of(2020, 4, 1);
        }
        if code == dx::CYSTITIS.code {
            return life.person.female;
        }
        // Somebody who cannot walk does not sprain an ankle.
        let walks = life.age(day) > 3.0;
        walks || !self.emergency || self.fever > 0.0
    }

    /// Winter illnesses of the warm half of the year happen half a year earlier or later instead, most of the time.
    pub fn in_season(&self, chance: &Chance, day: Day) -> Day {
        let (_, month, _) = civil(day);
        if self.winter && (5..=9).contains(&month) && chance.yes(0.75) { day + 182 } else { day }
    }
}
