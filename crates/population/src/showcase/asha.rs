//! long: a person's story is told in one piece.
//!
//! Asha Rao, 48. High blood pressure at 39, prediabetes at 41, type 2 diabetes at 43. Her HbA1c tells the story: 8.4 at
//! the diagnosis, 6.7 with metformin, 8.1 in the year her mother was ill and she was low herself, 6.4 today.

use super::stage::{close, open, play};
use super::{ASHA_RAO, Cast, Event, Lab, QUIET, Scene, Setting, Sign};
use crate::chart::clinical::Allergy;
use crate::chart::labs;
use crate::chart::vitals::Vital;
use crate::codes::{self, snomed};
use crate::diagnoses as dx;
use crate::directory::Field;
use crate::drugs as rx;
use crate::person::Contact;
use crate::{Bundle, Options, vaccines};

static SULFONAMIDE: Allergy = Allergy {
    code: snomed("91939003", "Allergy to sulfonamide"),
    category: "medication",
    criticality: "low",
    reaction: (snomed("247472004", "Hives"), "moderate"),
};

pub fn history(o: &Options) -> Bundle {
    let cast = Cast {
        value: ASHA_RAO,
        given: &["Asha", "Lakshmi"],
        family: "Rao",
        female: true,
        birth: o.today - 17_652,
        town: 1,
        language: ("kn", "Kannada"),
        contact: Contact { given: "Vikram", family: "Rao", female: false, relationship: ("C", "Emergency Contact") },
        practitioner: 0,
        married: Some(true),
    };
    let mut stage = open(o, &cast);
    for scene in BEGINNING.iter().chain(&DIABETES).chain(&HARD_YEAR).chain(&LATELY) {
        play(&mut stage, scene);
    }
    close(stage, cast)
}

static BEGINNING: [Scene; 6] = [
    Scene {
        ago: 3_290,
        setting: Setting::CheckUp,
        about: Some(&dx::HYPERTENSION),
        signs: &[
            Sign::Pressure(148.0, 94.0),
            Sign::Vital(Vital::HeartRate, 78.0),
            Sign::Vital(Vital::Weight, 71.8),
            Sign::Vital(Vital::Height, 158.2),
            Sign::Vital(Vital::BodyMassIndex, 28.7),
            Sign::Smoking(&codes::NEVER_SMOKER),
        ],
        labs: &[
            metabolic!(97.0, 12.0, 0.70, 113.0, 140.0, 4.1, 103.0, 25.0, 9.3),
            lipids!(224.0, 142.0, 46.0, 180.0),
            Lab::One(&labs::HBA1C, 5.6),
        ],
        events: &[
            Event::Allergic(&SULFONAMIDE, 4_900),
            Event::Diagnose(&dx::HYPERTENSION, 45),
            Event::Start(&rx::LISINOPRIL_10, &dx::HYPERTENSION),
            Event::Plan(
                "Hypertension care plan",
                &dx::HYPERTENSION,
                &[
                    "Salt below 5 g a day",
                    "Blood pressure at home twice a week",
                    "Half an hour of walking on most days",
                ],
            ),
            Event::Vaccine(&vaccines::TDAP),
        ],
        history: "39-year-old accountant who moved here from Bengaluru, two children of 9 and 12. A pharmacy measured high \
                  blood pressure twice last month. Headaches after long days. Her father had a stroke at 61, her mother has diabetes. \
                  No plans for further children.",
        findings: "148/94 mmHg, confirmed after ten minutes of rest. Heart and lungs normal, no edema.",
        assessment: "Essential hypertension, stage 2. Overweight. LDL 142 mg/dL.",
        plan: "Lisinopril 10 mg daily. Less salt, walking. Pressure diary at home. Control in ten weeks.",
        ..QUIET
    },
    Scene {
        ago: 3_220,
        about: Some(&dx::HYPERTENSION),
        signs: &[Sign::Pressure(136.0, 86.0), Sign::Vital(Vital::HeartRate, 74.0), Sign::Vital(Vital::Weight, 71.2)],
        labs: &[Lab::One(&labs::POTASSIUM, 4.3), Lab::One(&labs::CREATININE, 0.71)],
        history: "Takes the tablet every morning, no cough. At home mostly 130 to 138 over 84.",
        findings: "136/86 mmHg, pulse 74. Potassium and creatinine unchanged.",
        assessment: "Hypertension, much better.",
        plan: "Continue. Yearly visits.",
        ..QUIET
    },
    Scene {
        ago: 2_920,
        setting: Setting::CheckUp,
        about: Some(&dx::HYPERTENSION),
        signs: &[Sign::Pressure(132.0, 84.0), Sign::Vital(Vital::HeartRate, 72.0), Sign::Vital(Vital::Weight, 72.4)],
        labs: &[Lab::One(&labs::HBA1C, 5.6), lipids!(226.0, 144.0, 45.0, 185.0)],
        events: &[Event::Renew(&rx::LISINOPRIL_10)],
        history: "Well. Tax season was long, little exercise.",
        findings: "132/84 mmHg. Weight up by a kilogram.",
        assessment: "Hypertension at target. LDL 144 mg/dL.",
        plan: "Talk about food: more vegetables and lentils, less ghee and fewer sweets. Lipids again next year.",
        ..QUIET
    },
    Scene {
        ago: 2_556,
        setting: Setting::CheckUp,
        about: Some(&dx::PREDIABETES),
        signs: &[
            Sign::Pressure(134.0, 85.0),
            Sign::Vital(Vital::HeartRate, 76.0),
            Sign::Vital(Vital::Weight, 73.6),
            Sign::Vital(Vital::BodyMassIndex, 29.4),
        ],
        labs: &[
            Lab::One(&labs::HBA1C, 6.0),
            metabolic!(112.0, 13.0, 0.72, 108.0, 139.0, 4.2, 102.0, 25.0, 9.4),
            lipids!(229.0, 148.0, 43.0, 190.0),
        ],
        events: &[
            Event::Diagnose(&dx::PREDIABETES, 0),
            Event::Diagnose(&dx::LIPIDS, 365),
            Event::Start(&rx::ATORVASTATIN_20, &dx::LIPIDS),
            Event::Renew(&rx::LISINOPRIL_10),
            Event::Plan(
                "Diabetes prevention plan",
                &dx::PREDIABETES,
                &["Lose five kilograms", "150 minutes of exercise a week"],
            ),
        ],
        history: "Tired in the afternoon. Eats lunch at the desk.",
        findings: "134/85 mmHg, body mass index 29.4. HbA1c 6.0 %, fasting glucose 112 mg/dL, LDL 148 mg/dL.",
        assessment: "1. Prediabetes, with diabetes in the family. 2. Hyperlipidemia. 3. Hypertension at target.",
        plan: "Atorvastatin 20 mg at night. Diabetes prevention program. HbA1c every year.",
        ..QUIET
    },
    Scene {
        ago: 2_185,
        setting: Setting::CheckUp,
        about: Some(&dx::PREDIABETES),
        signs: &[Sign::Pressure(131.0, 83.0), Sign::Vital(Vital::HeartRate, 73.0), Sign::Vital(Vital::Weight, 72.9)],
        labs: &[Lab::One(&labs::HBA1C, 6.2), lipids!(163.0, 86.0, 46.0, 155.0)],
        events: &[Event::Renew(&rx::LISINOPRIL_10), Event::Renew(&rx::ATORVASTATIN_20)],
        history: "Finished half of the prevention program, then work got in the way. No muscle pain from the statin.",
        findings: "131/83 mmHg, HbA1c 6.2 %, LDL 86 mg/dL.",
        assessment: "Prediabetes, slowly rising. Lipids at target.",
        plan: "Begin walking again; next HbA1c in a year, sooner with thirst or weight loss.",
        ..QUIET
    },
    Scene {
        ago: 1_820,
        setting: Setting::CheckUp,
        about: Some(&dx::PREDIABETES),
        signs: &[Sign::Pressure(136.0, 86.0), Sign::Vital(Vital::HeartRate, 77.0), Sign::Vital(Vital::Weight, 74.9)],
        labs: &[Lab::One(&labs::HBA1C, 6.3), blood_count!(7.1, 4.41, 12.6, 37.8, 86.0, 268.0)],
        events: &[Event::Procedure(&codes::MAMMOGRAPHY, None), Event::Renew(&rx::ATORVASTATIN_20)],
        history: "Works from home, hardly leaves the chair.",
        findings: "136/86 mmHg, weight 74.9 kg, HbA1c 6.3 %. Mammogram without finding.",
        assessment: "Prediabetes at the upper end.",
        plan: "Again offered metformin; prefers to try on her own for a year.",
        ..QUIET
    },
];

static DIABETES: [Scene; 5] = [
    Scene {
        ago: 1_590,
        about: Some(&dx::DIABETES),
        signs: &[
            Sign::Pressure(138.0, 88.0),
            Sign::Vital(Vital::HeartRate, 84.0),
            Sign::Vital(Vital::Weight, 72.6),
            Sign::Vital(Vital::BodyMassIndex, 29.0),
        ],
        labs: &[
            Lab::One(&labs::HBA1C, 8.4),
            metabolic!(212.0, 14.0, 0.74, 103.0, 137.0, 4.4, 100.0, 24.0, 9.5),
            Lab::One(&labs::URINE_ALBUMIN, 12.0),
        ],
        events: &[
            Event::Diagnose(&dx::DIABETES, 60),
            Event::Resolve(&dx::PREDIABETES, 0),
            Event::Start(&rx::METFORMIN_500, &dx::DIABETES),
            Event::Plan(
                "Diabetes self-management plan",
                &dx::DIABETES,
                &[
                    "HbA1c every three months until below 7",
                    "Eye, foot and urine check once a year",
                    "Dietitian, four sessions",
                ],
            ),
            Event::Team(&[Field::Endocrinology, Field::Cardiology]),
            Event::Letter(
                &codes::REFERRAL_NOTE,
                "Referral to endocrinology",
                "Dear colleague,\n\nPlease see Mrs. Rao, 43, with newly found type 2 diabetes: HbA1c 8.4 %, fasting glucose 212 mg/dL, \
                 no ketones, urine albumin normal. She has had hypertension for five years (lisinopril) and takes atorvastatin. \
                 Her mother has type 2 diabetes.\n\nI started metformin 500 mg twice daily and would value your advice on the next \
                 step and on eye screening.\n\nWith kind regards",
            ),
        ],
        history: "Thirsty for two months, gets up three times a night, lost more than two kilograms without trying. Blurred vision in \
                  the evening.",
        findings: "138/88 mmHg. Feet: pulses and feeling normal. HbA1c 8.4 %, fasting glucose 212 mg/dL.",
        assessment: "Type 2 diabetes mellitus, new. No sign of kidney damage.",
        plan: "Metformin 500 mg twice daily with meals. Dietitian. Home glucose once a day. Referral to endocrinology and for an eye \
               examination.",
        ..QUIET
    },
    Scene {
        ago: 1_498,
        about: Some(&dx::DIABETES),
        signs: &[Sign::Pressure(134.0, 84.0), Sign::Vital(Vital::HeartRate, 78.0), Sign::Vital(Vital::Weight, 72.0)],
        labs: &[Lab::One(&labs::HBA1C, 7.6)],
        events: &[Event::Stop(&rx::METFORMIN_500), Event::Start(&rx::METFORMIN_1000, &dx::DIABETES)],
        history: "Thirst is gone, sleeps through. Loose stools in the first week only.",
        findings: "HbA1c 7.6 %, fasting values at home 128 to 145 mg/dL.",
        assessment: "Diabetes, on the way to target.",
        plan: "Metformin 1000 mg twice daily.",
        ..QUIET
    },
    Scene {
        ago: 1_402,
        field: Field::Endocrinology,
        about: Some(&dx::DIABETES),
        signs: &[Sign::Pressure(132.0, 83.0), Sign::Vital(Vital::HeartRate, 75.0), Sign::Vital(Vital::Weight, 71.1)],
        labs: &[Lab::One(&labs::HBA1C, 6.9)],
        events: &[Event::Letter(
            &codes::CONSULT_NOTE,
            "Letter from endocrinology",
            "Dear colleague,\n\nThank you for sending Mrs. Rao. With metformin 1000 mg twice daily her HbA1c fell to 6.9 %. The eye \
             examination shows no retinopathy, feet and urine are normal.\n\nWe suggest to stay with metformin. Should HbA1c rise above \
             7.5 %, an SGLT2 inhibitor would suit her, as she also wants to lose weight; please warn her of genital and urinary \
             infections and keep her allergy to sulfonamides in mind when treating them.\n\nWith kind regards",
        )],
        history: "First visit at endocrinology. Walks forty minutes each morning with a neighbor.",
        findings: "HbA1c 6.9 %. Eyes without retinopathy.",
        assessment: "Type 2 diabetes at target with metformin.",
        plan: "Continue; back to the family doctor.",
        ..QUIET
    },
    Scene {
        ago: 1_224,
        setting: Setting::CheckUp,
        about: Some(&dx::DIABETES),
        signs: &[Sign::Pressure(138.0, 87.0), Sign::Vital(Vital::HeartRate, 74.0), Sign::Vital(Vital::Weight, 70.4)],
        labs: &[
            Lab::One(&labs::HBA1C, 6.7),
            lipids!(161.0, 84.0, 47.0, 150.0),
            metabolic!(121.0, 13.0, 0.74, 102.0, 140.0, 4.3, 102.0, 25.0, 9.4),
            Lab::One(&labs::URINE_ALBUMIN, 14.0),
        ],
        events: &[
            Event::Renew(&rx::METFORMIN_1000),
            Event::Renew(&rx::LISINOPRIL_10),
            Event::Renew(&rx::ATORVASTATIN_20),
        ],
        history: "Proud of her sugar diary. Shoes fit, no sores.",
        findings: "138/87 mmHg, HbA1c 6.7 %, LDL 84 mg/dL, urine albumin 14 mg/g.",
        assessment: "Diabetes at target. Pressure a little too high for a person with diabetes.",
        plan: "Measure at home for a month.",
        ..QUIET
    },
    Scene {
        ago: 1_045,
        about: Some(&dx::HYPERTENSION),
        signs: &[Sign::Pressure(144.0, 90.0), Sign::Vital(Vital::HeartRate, 76.0), Sign::Vital(Vital::Weight, 70.9)],
        labs: &[Lab::One(&labs::HBA1C, 6.8)],
        events: &[
            Event::Stop(&rx::LISINOPRIL_10),
            Event::Start(&rx::LISINOPRIL_20, &dx::HYPERTENSION),
            Event::Start(&rx::AMLODIPINE, &dx::HYPERTENSION),
            Event::Procedure(&codes::ECG, Some(&dx::HYPERTENSION)),
        ],
        history: "Home values 140 to 148 over 88 to 92 in spite of the tablet.",
        findings: "144/90 mmHg on both arms. Electrocardiogram: sinus rhythm, no sign of strain.",
        assessment: "Hypertension above target.",
        plan: "Lisinopril 20 mg and amlodipine 5 mg.",
        ..QUIET
    },
];

static HARD_YEAR: [Scene; 8] = [
    Scene {
        ago: 866,
        about: Some(&dx::DIABETES),
        signs: &[Sign::Pressure(129.0, 80.0), Sign::Vital(Vital::HeartRate, 75.0), Sign::Vital(Vital::Weight, 72.3)],
        labs: &[Lab::One(&labs::HBA1C, 7.2)],
        history: "Her mother had a stroke and lives with the family now. Walks rarely, eats when there is time.",
        findings: "129/80 mmHg, HbA1c 7.2 %.",
        assessment: "Diabetes slightly above target for a reason that everybody understands.",
        plan: "No change today. Support for carers. Control in four months.",
        ..QUIET
    },
    Scene {
        ago: 800,
        field: Field::Psychiatry,
        about: Some(&dx::DEPRESSION),
        signs: &[Sign::Phq9(16)],
        events: &[
            Event::Diagnose(&dx::DEPRESSION, 70),
            Event::Start(&rx::SERTRALINE_50, &dx::DEPRESSION),
            Event::Procedure(&codes::CBT, Some(&dx::DEPRESSION)),
            Event::Plan("Depression treatment plan", &dx::DEPRESSION, &["Sertraline", "Weekly therapy", "Safety plan"]),
        ],
        history: "Low for ten weeks, wakes at four, cries in the car, feels she fails everybody. No thoughts of ending her life.",
        findings: "PHQ-9 16 of 27. Oriented, slowed, tearful; smiles when she speaks of her daughters.",
        assessment: "Major depressive disorder, moderate, first episode.",
        plan: "Sertraline 50 mg. Cognitive behavioral therapy every week. Daughter knows the crisis line.",
        ..QUIET
    },
    Scene {
        ago: 758,
        setting: Setting::Video,
        field: Field::Psychiatry,
        about: Some(&dx::DEPRESSION),
        signs: &[Sign::Phq9(12)],
        history: "Nausea in the first week, gone now. Sleeps until six.",
        assessment: "Begins to respond. PHQ-9 12.",
        plan: "Continue sertraline 50 mg.",
        ..QUIET
    },
    Scene {
        ago: 740,
        about: Some(&dx::DIABETES),
        signs: &[
            Sign::Pressure(136.0, 84.0),
            Sign::Vital(Vital::HeartRate, 80.0),
            Sign::Vital(Vital::Weight, 75.4),
            Sign::Vital(Vital::BodyMassIndex, 30.1),
        ],
        labs: &[
            Lab::One(&labs::HBA1C, 8.1),
            metabolic!(176.0, 15.0, 0.76, 99.0, 138.0, 4.4, 101.0, 24.0, 9.4),
            lipids!(178.0, 96.0, 44.0, 190.0),
            Lab::One(&labs::URINE_ALBUMIN, 24.0),
        ],
        events: &[Event::Start(&rx::EMPAGLIFLOZIN, &dx::DIABETES)],
        history: "Forgot tablets on many days, ate sweets at night. Wants to get back on her feet.",
        findings: "HbA1c 8.1 %, weight 75.4 kg, urine albumin 24 mg/g.",
        assessment: "Diabetes out of control after a hard year.",
        plan: "Pill organizer. Empagliflozin 10 mg in the morning, as endocrinology advised. Warned of infections.",
        ..QUIET
    },
    Scene {
        ago: 714,
        setting: Setting::Video,
        field: Field::Psychiatry,
        about: Some(&dx::DEPRESSION),
        signs: &[Sign::Phq9(8)],
        history: "A carer comes three times a week. Went to a wedding and enjoyed it.",
        assessment: "Improving. PHQ-9 8.",
        plan: "Continue; therapy every other week.",
        ..QUIET
    },
    Scene {
        ago: 648,
        about: Some(&dx::CYSTITIS),
        signs: &[
            Sign::Vital(Vital::Temperature, 36.9),
            Sign::Vital(Vital::HeartRate, 82.0),
            Sign::Pressure(128.0, 79.0),
        ],
        labs: &[Lab::One(&labs::HBA1C, 7.3)],
        events: &[
            Event::Diagnose(&dx::CYSTITIS, 2),
            Event::Start(&rx::NITROFURANTOIN, &dx::CYSTITIS),
            Event::Finish(&rx::NITROFURANTOIN, 5),
            Event::Resolve(&dx::CYSTITIS, 5),
        ],
        history: "Burning and urge since Monday, no fever.",
        findings: "Dipstick positive for nitrite. No flank pain. HbA1c already 7.3 %.",
        assessment: "Cystitis under an SGLT2 inhibitor.",
        plan: "Nitrofurantoin for five days, no sulfonamide because of her allergy. Keep empagliflozin; drink more.",
        ..QUIET
    },
    Scene {
        ago: 556,
        about: Some(&dx::DIABETES),
        signs: &[Sign::Pressure(127.0, 79.0), Sign::Vital(Vital::HeartRate, 74.0), Sign::Vital(Vital::Weight, 72.2)],
        labs: &[Lab::One(&labs::HBA1C, 6.9)],
        events: &[Event::Renew(&rx::EMPAGLIFLOZIN), Event::Renew(&rx::METFORMIN_1000)],
        history: "Walks again. Her mother is back on her own feet with a cane.",
        findings: "127/79 mmHg, HbA1c 6.9 %, three kilograms lighter.",
        assessment: "Diabetes and pressure at target.",
        plan: "Continue everything.",
        ..QUIET
    },
    Scene {
        ago: 470,
        field: Field::Psychiatry,
        about: Some(&dx::DEPRESSION),
        signs: &[Sign::Phq9(3)],
        events: &[Event::Finish(&rx::SERTRALINE_50, 28), Event::Resolve(&dx::DEPRESSION, 0)],
        history: "Well for half a year, sleeps seven hours, works full time.",
        assessment: "In remission. PHQ-9 3.",
        plan: "Sertraline tapered over four weeks. Knows the early signs and whom to call.",
        ..QUIET
    },
];

static LATELY: [Scene; 3] = [
    Scene {
        ago: 368,
        setting: Setting::CheckUp,
        about: Some(&dx::DIABETES),
        signs: &[
            Sign::Pressure(126.0, 78.0),
            Sign::Vital(Vital::HeartRate, 72.0),
            Sign::Vital(Vital::Weight, 70.6),
            Sign::Vital(Vital::BodyMassIndex, 28.2),
            Sign::Smoking(&codes::NEVER_SMOKER),
        ],
        labs: &[
            Lab::One(&labs::HBA1C, 6.6),
            metabolic!(124.0, 14.0, 0.77, 96.0, 140.0, 4.3, 103.0, 25.0, 9.5),
            lipids!(155.0, 78.0, 49.0, 140.0),
            Lab::One(&labs::URINE_ALBUMIN, 11.0),
            blood_count!(6.4, 4.50, 12.9, 38.7, 86.0, 254.0),
        ],
        events: &[
            Event::Renew(&rx::LISINOPRIL_20),
            Event::Renew(&rx::AMLODIPINE),
            Event::Renew(&rx::ATORVASTATIN_20),
            Event::Procedure(&codes::COLONOSCOPY, None),
            Event::Procedure(&codes::MEDICATION_REVIEW, None),
        ],
        history: "Feels well. Eyes checked in spring: no retinopathy. Yoga twice a week.",
        findings: "126/78 mmHg, body mass index 28.2. HbA1c 6.6 %, LDL 78 mg/dL, urine albumin 11 mg/g. Colonoscopy normal.",
        assessment: "Diabetes, hypertension and lipids at target.",
        plan: "Same medicines. HbA1c every six months.",
        ..QUIET
    },
    Scene {
        ago: 188,
        setting: Setting::FollowUp,
        about: Some(&dx::DIABETES),
        signs: &[Sign::Pressure(125.0, 79.0), Sign::Vital(Vital::HeartRate, 71.0), Sign::Vital(Vital::Weight, 70.1)],
        labs: &[Lab::One(&labs::HBA1C, 6.5)],
        events: &[Event::Renew(&rx::EMPAGLIFLOZIN), Event::Renew(&rx::METFORMIN_1000)],
        history: "No low sugars, no infections. Wears a watch that counts steps and pulse.",
        findings: "125/79 mmHg, HbA1c 6.5 %.",
        assessment: "All at target.",
        plan: "Continue.",
        ..QUIET
    },
    Scene {
        ago: 31,
        about: Some(&dx::DIABETES),
        signs: &[
            Sign::Pressure(124.0, 78.0),
            Sign::Vital(Vital::HeartRate, 70.0),
            Sign::Vital(Vital::Weight, 69.8),
            Sign::Vital(Vital::BodyMassIndex, 27.9),
        ],
        labs: &[
            Lab::One(&labs::HBA1C, 6.4),
            metabolic!(118.0, 14.0, 0.77, 96.0, 141.0, 4.2, 103.0, 26.0, 9.4),
            lipids!(150.0, 74.0, 50.0, 130.0),
            Lab::One(&labs::URINE_ALBUMIN, 9.0),
        ],
        events: &[Event::Renew(&rx::LISINOPRIL_20), Event::Renew(&rx::AMLODIPINE), Event::Renew(&rx::ATORVASTATIN_20)],
        history: "Best year since the diagnosis. Asks whether she may leave out amlodipine one day.",
        findings: "124/78 mmHg, weight 69.8 kg. HbA1c 6.4 %, the lowest since the diagnosis.",
        assessment: "Type 2 diabetes, hypertension and hyperlipidemia, all at target.",
        plan: "If pressure stays below 130/80 for six months, try without amlodipine. Eye examination is due in spring.",
        ..QUIET
    },
];
