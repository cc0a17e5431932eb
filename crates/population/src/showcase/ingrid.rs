//! long: a person's story is told in one piece.
//!
//! Ingrid Lindqvist, 79. Heart failure, atrial fibrillation, kidneys that tire, and ten medicines that must get along.
//! Her allergy to penicillin is the line that an emergency card must show.

use super::stage::{close, open, play};
use super::{Cast, Event, INGRID_LINDQVIST, Lab, QUIET, Scene, Setting, Sign};
use crate::chart::clinical::Allergy;
use crate::chart::labs;
use crate::chart::vitals::Vital;
use crate::codes::{self, snomed};
use crate::diagnoses as dx;
use crate::directory::Field;
use crate::drugs as rx;
use crate::person::Contact;
use crate::{Bundle, Options, vaccines};

static PENICILLIN: Allergy = Allergy {
    code: snomed("91936005", "Allergy to penicillin"),
    category: "medication",
    criticality: "high",
    reaction: (snomed("39579001", "Anaphylaxis"), "severe"),
};

pub fn history(o: &Options) -> Bundle {
    let cast = Cast {
        value: INGRID_LINDQVIST,
        given: &["Ingrid", "Maria"],
        family: "Lindqvist",
        female: true,
        birth: o.today - 29_010,
        town: 2,
        language: ("sv", "Swedish"),
        contact: Contact {
            given: "Karin",
            family: "Lindqvist",
            female: true,
            relationship: ("C", "Emergency Contact"),
        },
        practitioner: 0,
        married: None,
    };
    let mut stage = open(o, &cast);
    for scene in BEFORE.iter().chain(&FAILING).chain(&LATELY) {
        play(&mut stage, scene);
    }
    close(stage, cast)
}

static BEFORE: [Scene; 5] = [
    Scene {
        ago: 2_880,
        setting: Setting::CheckUp,
        about: Some(&dx::HYPERTENSION),
        signs: &[
            Sign::Pressure(138.0, 76.0),
            Sign::Vital(Vital::HeartRate, 68.0),
            Sign::Vital(Vital::Weight, 68.4),
            Sign::Vital(Vital::Height, 164.5),
            Sign::Vital(Vital::BodyMassIndex, 25.3),
            Sign::Smoking(&codes::FORMER_SMOKER),
        ],
        labs: &[
            metabolic!(94.0, 17.0, 0.94, 65.0, 139.0, 4.2, 102.0, 26.0, 9.6),
            lipids!(178.0, 98.0, 58.0, 110.0),
            Lab::Panel(&labs::THYROID_PANEL, &[(&labs::TSH, 2.31), (&labs::FREE_T4, 1.2)]),
        ],
        events: &[
            Event::Allergic(&PENICILLIN, 20_400),
            Event::Diagnose(&dx::HYPERTENSION, 5_500),
            Event::Diagnose(&dx::HYPOTHYROIDISM, 4_400),
            Event::Diagnose(&dx::LIPIDS, 3_900),
            Event::Start(&rx::LISINOPRIL_10, &dx::HYPERTENSION),
            Event::Start(&rx::LEVOTHYROXINE_75, &dx::HYPOTHYROIDISM),
            Event::Start(&rx::ATORVASTATIN_20, &dx::LIPIDS),
            Event::Vaccine(&vaccines::PPSV23),
        ],
        history: "71, retired librarian, widowed, moved here to be near her daughter Karin. Known hypertension, underactive thyroid and \
                  high cholesterol. At fifteen a penicillin injection brought her to intensive care: swelling of the throat, \
                  collapse. Smoked until forty.",
        findings: "138/76 mmHg, pulse regular. Old records reviewed.",
        assessment: "Hypertension, hypothyroidism, hyperlipidemia, all treated. Severe allergy to penicillin.",
        plan: "Medicines taken over. Allergy bracelet ordered. Never penicillin, amoxicillin or ampicillin.",
        ..QUIET
    },
    Scene {
        ago: 2_510,
        setting: Setting::CheckUp,
        about: Some(&dx::OSTEOPOROSIS),
        signs: &[Sign::Pressure(142.0, 78.0), Sign::Vital(Vital::HeartRate, 70.0), Sign::Vital(Vital::Weight, 68.0)],
        labs: &[Lab::One(&labs::TSH, 2.05), blood_count!(6.2, 4.38, 13.3, 39.5, 90.0, 231.0)],
        events: &[
            Event::Procedure(&codes::BONE_DENSITY, None),
            Event::Diagnose(&dx::OSTEOPOROSIS, 0),
            Event::Start(&rx::ALENDRONATE, &dx::OSTEOPOROSIS),
            Event::Renew(&rx::LISINOPRIL_10),
            Event::Renew(&rx::LEVOTHYROXINE_75),
            Event::Renew(&rx::ATORVASTATIN_20),
        ],
        history: "Lost two centimeters of height. Swims twice a week.",
        findings: "142/78 mmHg. Bone density: T-score −2.7 at the hip.",
        assessment: "Osteoporosis.",
        plan: "Alendronate, calcium from food, balance exercises.",
        ..QUIET
    },
    Scene {
        ago: 2_050,
        about: Some(&dx::KNEE_ARTHRITIS),
        signs: &[Sign::Pressure(140.0, 74.0), Sign::Vital(Vital::HeartRate, 71.0), Sign::Vital(Vital::Weight, 68.9)],
        events: &[
            Event::Diagnose(&dx::KNEE_ARTHRITIS, 700),
            Event::Start(&rx::ACETAMINOPHEN, &dx::KNEE_ARTHRITIS),
            Event::Procedure(&codes::PHYSICAL_THERAPY, Some(&dx::KNEE_ARTHRITIS)),
        ],
        history: "Right knee hurts on stairs, stiff for ten minutes in the morning.",
        findings: "Crepitus, small effusion, no redness.",
        assessment: "Osteoarthritis of the right knee.",
        plan: "Acetaminophen as needed, physical therapy. No ibuprofen or naproxen because of pressure and kidneys.",
        ..QUIET
    },
    Scene {
        ago: 1_480,
        about: Some(&dx::ATRIAL_FIBRILLATION),
        signs: &[
            Sign::Pressure(136.0, 82.0),
            Sign::Vital(Vital::HeartRate, 112.0),
            Sign::Vital(Vital::OxygenSaturation, 96.0),
            Sign::Vital(Vital::Weight, 69.3),
        ],
        labs: &[
            metabolic!(99.0, 19.0, 1.05, 55.0, 138.0, 4.4, 101.0, 25.0, 9.4),
            Lab::One(&labs::TSH, 1.88),
            Lab::One(&labs::NT_PROBNP, 640.0),
        ],
        events: &[
            Event::Diagnose(&dx::ATRIAL_FIBRILLATION, 14),
            Event::Procedure(&codes::ECG, Some(&dx::ATRIAL_FIBRILLATION)),
            Event::Start(&rx::APIXABAN, &dx::ATRIAL_FIBRILLATION),
            Event::Start(&rx::METOPROLOL, &dx::ATRIAL_FIBRILLATION),
            Event::Team(&[Field::Cardiology, Field::Nephrology]),
            Event::Letter(
                &codes::REFERRAL_NOTE,
                "Referral to cardiology",
                "Dear colleague,\n\nPlease see Mrs. Lindqvist, 75, with atrial fibrillation found today, rate 112. She noticed palpitations \
                 two weeks ago. CHA2DS2-VASc is 4 (age 75, woman, hypertension). I started apixaban 5 mg twice daily and metoprolol \
                 succinate 50 mg.\n\nPlease note her anaphylaxis to penicillin.\n\nWith kind regards",
            ),
        ],
        history: "Heart stumbles since two weeks, tires on the way to the mailbox.",
        findings: "Pulse 112, irregular. Electrocardiogram: atrial fibrillation. TSH normal.",
        assessment: "Atrial fibrillation, new. CHA2DS2-VASc 4.",
        plan: "Apixaban 5 mg twice daily, metoprolol succinate 50 mg. Echocardiogram at cardiology.",
        ..QUIET
    },
    Scene {
        ago: 1_455,
        field: Field::Cardiology,
        about: Some(&dx::ATRIAL_FIBRILLATION),
        signs: &[
            Sign::Pressure(132.0, 78.0),
            Sign::Vital(Vital::HeartRate, 82.0),
            Sign::Vital(Vital::OxygenSaturation, 97.0),
        ],
        events: &[
            Event::Procedure(&codes::ECHO, Some(&dx::ATRIAL_FIBRILLATION)),
            Event::Letter(
                &codes::CONSULT_NOTE,
                "Letter from cardiology",
                "Dear colleague,\n\nEchocardiography shows an enlarged left atrium, mild mitral regurgitation and an ejection fraction of \
                 48 %. Rate control works. After talking it over, Mrs. Lindqvist prefers rate control to cardioversion.\n\nPlease go on \
                 with apixaban at the full dose: she is below 80, weighs more than 60 kg and her creatinine is below 1.5 mg/dL.\n\n\
                 With kind regards",
            ),
        ],
        history: "Palpitations are rare with metoprolol.",
        findings: "Rate 82. Ejection fraction 48 %.",
        assessment: "Atrial fibrillation, rate controlled.",
        plan: "Apixaban for good. Control in six months.",
        ..QUIET
    },
];

static FAILING: [Scene; 6] = [
    Scene {
        ago: 1_090,
        setting: Setting::CheckUp,
        about: Some(&dx::CKD3),
        signs: &[Sign::Pressure(134.0, 76.0), Sign::Vital(Vital::HeartRate, 76.0), Sign::Vital(Vital::Weight, 69.0)],
        labs: &[
            metabolic!(97.0, 23.0, 1.18, 48.0, 138.0, 4.6, 101.0, 24.0, 9.3),
            Lab::One(&labs::URINE_ALBUMIN, 46.0),
            lipids!(166.0, 88.0, 56.0, 110.0),
            blood_count!(6.0, 4.22, 12.6, 38.0, 90.0, 218.0),
        ],
        events: &[
            Event::Diagnose(&dx::CKD3, 200),
            Event::Plan(
                "Kidney protection plan",
                &dx::CKD3,
                &["Pressure below 130/80", "No anti-inflammatory pain killers", "Doses by eGFR"],
            ),
            Event::Renew(&rx::APIXABAN),
            Event::Renew(&rx::METOPROLOL),
            Event::Renew(&rx::LEVOTHYROXINE_75),
            Event::Renew(&rx::ATORVASTATIN_20),
        ],
        history: "Well, reads a novel a week, swims less.",
        findings: "134/76 mmHg. eGFR 48 mL/min, for the second time in half a year; urine albumin 46 mg/g.",
        assessment: "Chronic kidney disease, stage 3a.",
        plan: "Lisinopril stays. Doses checked. Creatinine twice a year.",
        ..QUIET
    },
    Scene {
        ago: 655,
        about: Some(&dx::HEART_FAILURE),
        signs: &[
            Sign::Pressure(128.0, 74.0),
            Sign::Vital(Vital::HeartRate, 88.0),
            Sign::Vital(Vital::OxygenSaturation, 94.0),
            Sign::Vital(Vital::RespiratoryRate, 20.0),
            Sign::Vital(Vital::Weight, 71.6),
        ],
        labs: &[Lab::One(&labs::NT_PROBNP, 1_480.0), metabolic!(101.0, 25.0, 1.24, 45.0, 137.0, 4.6, 100.0, 24.0, 9.2)],
        events: &[
            Event::Diagnose(&dx::HEART_FAILURE, 40),
            Event::Start(&rx::FUROSEMIDE, &dx::HEART_FAILURE),
            Event::Plan(
                "Heart failure care plan",
                &dx::HEART_FAILURE,
                &["Weigh every morning; call at 2 kg in three days", "Salt below 5 g, fluid below 1.8 L a day"],
            ),
        ],
        history: "Breathless on one flight of stairs since a month, shoes are tight in the evening.",
        findings: "Fine crackles at both bases, pitting edema to the shins. NT-proBNP 1480 pg/mL.",
        assessment: "Heart failure, newly decompensated, NYHA II to III.",
        plan: "Furosemide 40 mg in the morning. Weight diary. Cardiology within two weeks.",
        ..QUIET
    },
    Scene {
        ago: 642,
        field: Field::Cardiology,
        about: Some(&dx::HEART_FAILURE),
        signs: &[Sign::Pressure(122.0, 70.0), Sign::Vital(Vital::HeartRate, 80.0), Sign::Vital(Vital::Weight, 69.4)],
        events: &[
            Event::Procedure(&codes::ECHO, Some(&dx::HEART_FAILURE)),
            Event::Stop(&rx::METOPROLOL),
            Event::Start(&rx::CARVEDILOL, &dx::HEART_FAILURE),
            Event::Letter(
                &codes::CONSULT_NOTE,
                "Letter from cardiology",
                "Dear colleague,\n\nThe ejection fraction has fallen to 36 %. Coronary arteries were not examined, by her own wish; there is no \
                 angina. We replaced metoprolol by carvedilol, to be taken with meals, and suggest spironolactone as the next step if \
                 potassium stays below 5.0 mmol/L.\n\nWith kind regards",
            ),
        ],
        history: "Two kilograms lighter, sleeps flat again.",
        findings: "Lungs clear. Ejection fraction 36 %.",
        assessment: "Heart failure with reduced ejection fraction.",
        plan: "Carvedilol instead of metoprolol.",
        ..QUIET
    },
    Scene {
        ago: 430,
        setting: Setting::Emergency,
        field: Field::Emergency,
        about: Some(&dx::HEART_FAILURE_WORSE),
        signs: &[
            Sign::Pressure(158.0, 92.0),
            Sign::Vital(Vital::HeartRate, 118.0),
            Sign::Vital(Vital::RespiratoryRate, 28.0),
            Sign::Vital(Vital::OxygenSaturation, 87.0),
            Sign::Vital(Vital::Temperature, 37.9),
            Sign::Vital(Vital::Weight, 74.2),
        ],
        labs: &[
            Lab::One(&labs::NT_PROBNP, 4_210.0),
            Lab::One(&labs::CRP, 38.0),
            metabolic!(128.0, 31.0, 1.42, 38.0, 133.0, 4.8, 97.0, 22.0, 9.0),
            blood_count!(10.8, 4.11, 12.1, 36.6, 89.0, 242.0),
        ],
        events: &[
            Event::Diagnose(&dx::HEART_FAILURE_WORSE, 2),
            Event::Procedure(&codes::CHEST_XRAY, Some(&dx::HEART_FAILURE_WORSE)),
            Event::Procedure(&codes::ECG, Some(&dx::HEART_FAILURE_WORSE)),
        ],
        history: "Brought by ambulance. Cough and fever for three days, since last night cannot lie down. The first responder read the \
                  emergency card: penicillin allergy, apixaban.",
        findings: "Sits upright, crackles to the middle of the lungs, edema to the knees. 87 % in room air. Chest X-ray: congestion and small \
                   effusions, possible infiltrate on the left.",
        assessment: "Acute heart failure, triggered by a respiratory infection, in atrial fibrillation.",
        plan: "Oxygen, furosemide into the vein. Azithromycin, because penicillin is forbidden. Admitted to cardiology.",
    },
    Scene {
        ago: 429,
        setting: Setting::Hospital(6),
        field: Field::Cardiology,
        about: Some(&dx::HEART_FAILURE_WORSE),
        signs: &[
            Sign::Pressure(126.0, 72.0),
            Sign::Vital(Vital::HeartRate, 84.0),
            Sign::Vital(Vital::OxygenSaturation, 95.0),
            Sign::Vital(Vital::Weight, 69.8),
        ],
        labs: &[Lab::One(&labs::POTASSIUM, 4.1), Lab::One(&labs::CREATININE, 1.36)],
        events: &[
            Event::Start(&rx::AZITHROMYCIN, &dx::HEART_FAILURE_WORSE),
            Event::Finish(&rx::AZITHROMYCIN, 4),
            Event::Start(&rx::SPIRONOLACTONE, &dx::HEART_FAILURE),
            Event::Start(&rx::OMEPRAZOLE, &dx::HEART_FAILURE),
            Event::Procedure(&codes::ECHO, Some(&dx::HEART_FAILURE_WORSE)),
            Event::Procedure(&codes::MEDICATION_REVIEW, None),
        ],
        history: "78-year-old woman admitted with acute heart failure after a respiratory infection; known atrial fibrillation, chronic kidney \
                  disease and severe penicillin allergy.",
        findings: "Lost 4.4 kg with furosemide into the vein over four days. Ejection fraction 34 %. Fever gone on day two, cultures without \
                   growth. Creatinine peaked at 1.42 and was 1.36 mg/dL at discharge.",
        assessment: "Acute on chronic heart failure with reduced ejection fraction; community-acquired respiratory infection.",
        plan: "New: spironolactone 25 mg; omeprazole while on apixaban. Potassium after one week. Home with a visiting nurse; daughter Karin \
               informed. Call at 2 kg more in three days.",
    },
    Scene {
        ago: 412,
        about: Some(&dx::HEART_FAILURE),
        signs: &[
            Sign::Pressure(118.0, 68.0),
            Sign::Vital(Vital::HeartRate, 74.0),
            Sign::Vital(Vital::OxygenSaturation, 96.0),
            Sign::Vital(Vital::Weight, 69.2),
        ],
        labs: &[metabolic!(98.0, 27.0, 1.31, 42.0, 137.0, 5.3, 101.0, 23.0, 9.2)],
        events: &[Event::Resolve(&dx::HEART_FAILURE_WORSE, 0), Event::Stop(&rx::SPIRONOLACTONE)],
        history: "Two weeks at home, walks to the corner and back. Eats a banana every morning.",
        findings: "118/68 mmHg, no edema. Potassium 5.3 mmol/L.",
        assessment: "Heart failure, recompensated. Potassium too high under lisinopril and spironolactone.",
        plan: "Stop spironolactone for now, fewer bananas. Potassium in one week.",
        ..QUIET
    },
];

static LATELY: [Scene; 4] = [
    Scene {
        ago: 400,
        setting: Setting::Video,
        about: Some(&dx::HEART_FAILURE),
        signs: &[Sign::Vital(Vital::Weight, 69.0)],
        labs: &[Lab::One(&labs::POTASSIUM, 4.7)],
        history: "Karin holds the tablet. Weight at home steady, no swelling. Potassium at the laboratory 4.7 mmol/L.",
        assessment: "Potassium normal again.",
        plan: "Stay without spironolactone.",
        ..QUIET
    },
    Scene {
        ago: 300,
        field: Field::Cardiology,
        about: Some(&dx::HEART_FAILURE),
        signs: &[
            Sign::Pressure(120.0, 70.0),
            Sign::Vital(Vital::HeartRate, 72.0),
            Sign::Vital(Vital::OxygenSaturation, 96.0),
            Sign::Vital(Vital::Weight, 68.8),
        ],
        labs: &[Lab::One(&labs::NT_PROBNP, 1_790.0)],
        events: &[
            Event::Renew(&rx::CARVEDILOL),
            Event::Renew(&rx::FUROSEMIDE),
            Event::Start(&rx::EMPAGLIFLOZIN, &dx::HEART_FAILURE),
        ],
        history: "Climbs one flight of stairs with a pause.",
        findings: "NT-proBNP down to 1790 pg/mL.",
        assessment: "Heart failure, NYHA II.",
        plan: "Empagliflozin 10 mg for heart and kidneys; she has no diabetes.",
        ..QUIET
    },
    Scene {
        ago: 150,
        setting: Setting::CheckUp,
        about: Some(&dx::HEART_FAILURE),
        signs: &[
            Sign::Pressure(122.0, 68.0),
            Sign::Vital(Vital::HeartRate, 70.0),
            Sign::Vital(Vital::OxygenSaturation, 97.0),
            Sign::Vital(Vital::Weight, 68.1),
            Sign::Vital(Vital::Height, 162.0),
        ],
        labs: &[
            metabolic!(93.0, 25.0, 1.28, 43.0, 138.0, 4.6, 102.0, 24.0, 9.3),
            Lab::One(&labs::TSH, 2.64),
            lipids!(158.0, 80.0, 58.0, 100.0),
            blood_count!(5.9, 4.18, 12.4, 37.4, 89.0, 210.0),
            Lab::One(&labs::URINE_ALBUMIN, 38.0),
        ],
        events: &[
            Event::Renew(&rx::APIXABAN),
            Event::Renew(&rx::LISINOPRIL_10),
            Event::Renew(&rx::LEVOTHYROXINE_75),
            Event::Renew(&rx::ATORVASTATIN_20),
            Event::Renew(&rx::ALENDRONATE),
            Event::Procedure(&codes::MEDICATION_REVIEW, None),
            Event::Vaccine(&vaccines::PCV20),
        ],
        history: "A good summer. Reads to children in the library on Thursdays. Bruises easily, no bleeding.",
        findings: "122/68 mmHg, no edema, weight 68.1 kg. eGFR 43 mL/min, potassium 4.6 mmol/L.",
        assessment: "Heart failure stable. Kidneys stable. Blood thinner well tolerated.",
        plan: "All ten medicines gone through with her and Karin. At eighty, check the dose of apixaban again.",
        ..QUIET
    },
    Scene {
        ago: 18,
        about: Some(&dx::HEART_FAILURE),
        signs: &[
            Sign::Pressure(124.0, 70.0),
            Sign::Vital(Vital::HeartRate, 71.0),
            Sign::Vital(Vital::OxygenSaturation, 97.0),
            Sign::Vital(Vital::Weight, 68.4),
        ],
        labs: &[Lab::One(&labs::NT_PROBNP, 1_250.0), metabolic!(95.0, 26.0, 1.30, 42.0, 138.0, 4.7, 102.0, 24.0, 9.3)],
        events: &[Event::Renew(&rx::FUROSEMIDE), Event::Renew(&rx::CARVEDILOL), Event::Renew(&rx::EMPAGLIFLOZIN)],
        history: "Weighs every morning, 68 to 69 kg. One short spell of dizziness on standing up.",
        findings: "124/70 mmHg lying, 114/68 standing. Lungs clear. NT-proBNP 1250 pg/mL.",
        assessment: "Heart failure with reduced ejection fraction, stable.",
        plan: "Stand up slowly. No change of medicines. Next visit in three months, weight diary by the app.",
        ..QUIET
    },
];
