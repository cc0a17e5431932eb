//! Medicines as they are prescribed: RxNorm clinical drugs (US National Library of Medicine) with the usual directions.

use crate::codes::{Code, rxnorm, snomed};

#[derive(Debug, PartialEq, Eq)]
pub struct Drug {
    pub code: Code,
    /// What a patient calls it.
    pub name: &'static str,
    pub directions: &'static str,
    /// How much at a time, in `unit`.
    pub dose: i64,
    pub unit: &'static str,
    pub times_a_day: i64,
    pub as_needed: bool,
    pub route: Code,
}

const ORAL: Code = snomed("26643006", "Oral route");
const INHALED: Code = snomed("447694001", "Respiratory tract route");
const NASAL: Code = snomed("46713006", "Nasal route");
const SUBCUTANEOUS: Code = snomed("34206005", "Subcutaneous route");

const fn tablets(
    code: &'static str,
    text: &'static str,
    name: &'static str,
    times_a_day: i64,
    directions: &'static str,
) -> Drug {
    Drug {
        code: rxnorm(code, text),
        name,
        directions,
        dose: 1,
        unit: "tablet",
        times_a_day,
        as_needed: false,
        route: ORAL,
    }
}

const fn by(mut drug: Drug, dose: i64, unit: &'static str, route: Code) -> Drug {
    drug.dose = dose;
    drug.unit = unit;
    drug.route = route;
    drug
}

const fn as_needed(mut drug: Drug) -> Drug {
    drug.as_needed = true;
    drug
}

const DAILY: &str = "Take 1 tablet by mouth once daily.";
const TWICE: &str = "Take 1 tablet by mouth twice daily.";
const MEALS: &str = "Take 1 tablet by mouth twice daily with meals.";
const NIGHT: &str = "Take 1 tablet by mouth at bedtime.";
const PAIN: &str = "Take 1 tablet by mouth every 6 hours as needed for pain, with food.";

pub const LISINOPRIL_10: Drug = tablets("314076", "lisinopril 10 MG Oral Tablet", "lisinopril 10 mg", 1, DAILY);
pub const LISINOPRIL_20: Drug = tablets("314077", "lisinopril 20 MG Oral Tablet", "lisinopril 20 mg", 1, DAILY);
pub const LOSARTAN: Drug = tablets("979492", "losartan potassium 50 MG Oral Tablet", "losartan 50 mg", 1, DAILY);
pub const AMLODIPINE: Drug = tablets("197361", "amlodipine 5 MG Oral Tablet", "amlodipine 5 mg", 1, DAILY);
pub const THIAZIDE: Drug =
    tablets("310798", "hydrochlorothiazide 25 MG Oral Tablet", "hydrochlorothiazide 25 mg", 1, DAILY);
pub const METFORMIN_500: Drug =
    tablets("861007", "metformin hydrochloride 500 MG Oral Tablet", "metformin 500 mg", 2, MEALS);
pub const METFORMIN_1000: Drug =
    tablets("861004", "metformin hydrochloride 1000 MG Oral Tablet", "metformin 1000 mg", 2, MEALS);
pub const EMPAGLIFLOZIN: Drug = tablets("1545658", "empagliflozin 10 MG Oral Tablet", "empagliflozin 10 mg", 1, DAILY);
pub const GLARGINE: Drug = by(
    tablets(
        "311041",
        "insulin glargine 100 UNT/ML Injectable Solution",
        "insulin glargine",
        1,
        "Inject 16 units under the skin at bedtime.",
    ),
    16,
    "U",
    SUBCUTANEOUS,
);
pub const ATORVASTATIN_20: Drug = tablets("617310", "atorvastatin 20 MG Oral Tablet", "atorvastatin 20 mg", 1, NIGHT);
pub const ATORVASTATIN_40: Drug = tablets("617311", "atorvastatin 40 MG Oral Tablet", "atorvastatin 40 mg", 1, NIGHT);
pub const LEVOTHYROXINE_75: Drug = tablets(
    "966222",
    "levothyroxine sodium 0.075 MG Oral Tablet",
    "levothyroxine 75 mcg",
    1,
    "Take 1 tablet by mouth every morning on an empty stomach.",
);
pub const LEVOTHYROXINE_100: Drug = tablets(
    "892246",
    "levothyroxine sodium 0.1 MG Oral Tablet",
    "levothyroxine 100 mcg",
    1,
    "Take 1 tablet by mouth every morning on an empty stomach.",
);
pub const SERTRALINE_50: Drug = tablets("312941", "sertraline 50 MG Oral Tablet", "sertraline 50 mg", 1, DAILY);
pub const SERTRALINE_100: Drug = tablets("312938", "sertraline 100 MG Oral Tablet", "sertraline 100 mg", 1, DAILY);
pub const ALBUTEROL: Drug = as_needed(by(
    tablets(
        "2123111",
        "200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler",
        "albuterol inhaler",
        4,
        "Inhale 2 puffs every 4 to 6 hours as needed for wheeze.",
    ),
    2,
    "puff",
    INHALED,
));
pub const FLUTICASONE: Drug = by(
    tablets(
        "895994",
        "120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler",
        "fluticasone 44 mcg inhaler",
        2,
        "Inhale 2 puffs twice daily with a spacer; rinse the mouth afterwards.",
    ),
    2,
    "puff",
    INHALED,
);
pub const FLUTICASONE_SALMETEROL: Drug = by(
    tablets(
        "896209",
        "60 ACTUAT fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler",
        "fluticasone/salmeterol 250/50 inhaler",
        2,
        "Inhale 1 puff twice daily; rinse the mouth afterwards.",
    ),
    1,
    "puff",
    INHALED,
);
pub const TIOTROPIUM: Drug = by(
    tablets(
        "485032",
        "tiotropium 0.018 MG Inhalation Powder",
        "tiotropium 18 mcg",
        1,
        "Inhale the contents of 1 capsule once daily.",
    ),
    1,
    "capsule",
    INHALED,
);
pub const MONTELUKAST: Drug =
    tablets("242438", "montelukast 5 MG Chewable Tablet", "montelukast 5 mg", 1, "Chew 1 tablet in the evening.");
pub const PREDNISONE: Drug =
    tablets("312615", "prednisone 20 MG Oral Tablet", "prednisone 20 mg", 2, "Take 1 tablet twice daily for 5 days.");
pub const FUROSEMIDE: Drug =
    tablets("313988", "furosemide 40 MG Oral Tablet", "furosemide 40 mg", 1, "Take 1 tablet by mouth every morning.");
pub const SPIRONOLACTONE: Drug =
    tablets("313096", "spironolactone 25 MG Oral Tablet", "spironolactone 25 mg", 1, DAILY);
pub const CARVEDILOL: Drug = tablets("200033", "carvedilol 25 MG Oral Tablet", "carvedilol 25 mg", 2, MEALS);
pub const METOPROLOL: Drug = tablets(
    "866436",
    "24 HR metoprolol succinate 50 MG Extended Release Oral Tablet",
    "metoprolol succinate 50 mg",
    1,
    DAILY,
);
pub const APIXABAN: Drug = tablets("1364445", "apixaban 5 MG Oral Tablet", "apixaban 5 mg", 2, TWICE);
pub const OMEPRAZOLE: Drug = by(
    tablets(
        "198051",
        "omeprazole 20 MG Delayed Release Oral Capsule",
        "omeprazole 20 mg",
        1,
        "Take 1 capsule by mouth before breakfast.",
    ),
    1,
    "capsule",
    ORAL,
);
pub const ALENDRONATE: Drug = tablets(
    "904419",
    "alendronic acid 10 MG Oral Tablet",
    "alendronate 10 mg",
    1,
    "Take 1 tablet with water before breakfast and stay upright for 30 minutes.",
);
pub const IRON: Drug = tablets("310325", "ferrous sulfate 325 MG Oral Tablet", "iron 325 mg", 1, DAILY);
pub const LORATADINE: Drug = tablets("311372", "loratadine 10 MG Oral Tablet", "loratadine 10 mg", 1, DAILY);
pub const CETIRIZINE_5: Drug =
    tablets("1014676", "cetirizine hydrochloride 5 MG Oral Tablet", "cetirizine 5 mg", 1, DAILY);
pub const NASAL_FLUTICASONE: Drug = by(
    tablets(
        "1797907",
        "fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray",
        "fluticasone nasal spray",
        1,
        "Spray twice into each nostril once daily.",
    ),
    2,
    "spray",
    NASAL,
);
pub const NAPROXEN: Drug = as_needed(tablets(
    "198014",
    "naproxen 500 MG Oral Tablet",
    "naproxen 500 mg",
    2,
    "Take 1 tablet by mouth twice daily as needed for pain, with food.",
));
pub const IBUPROFEN: Drug = as_needed(tablets("310965", "ibuprofen 200 MG Oral Tablet", "ibuprofen 200 mg", 4, PAIN));
pub const ACETAMINOPHEN: Drug = as_needed(tablets(
    "198440",
    "acetaminophen 500 MG Oral Tablet",
    "acetaminophen 500 mg",
    3,
    "Take 1 tablet by mouth every 8 hours as needed for pain or fever.",
));
pub const ACETAMINOPHEN_CHEWABLE: Drug = as_needed(tablets(
    "313820",
    "acetaminophen 160 MG Chewable Tablet",
    "chewable acetaminophen 160 mg",
    4,
    "Chew 1 tablet every 6 hours as needed for pain or fever.",
));
pub const AMOXICILLIN: Drug = by(
    tablets(
        "308182",
        "amoxicillin 250 MG Oral Capsule",
        "amoxicillin 250 mg",
        3,
        "Take 1 capsule by mouth three times daily until finished.",
    ),
    1,
    "capsule",
    ORAL,
);
pub const AMOXICILLIN_LIQUID: Drug = by(
    tablets(
        "308189",
        "amoxicillin 80 MG/ML Oral Suspension",
        "amoxicillin suspension",
        2,
        "Give 5 mL by mouth twice daily for 10 days.",
    ),
    5,
    "mL",
    ORAL,
);
pub const AZITHROMYCIN_LIQUID: Drug = by(
    tablets(
        "308459",
        "azithromycin 20 MG/ML Oral Suspension",
        "azithromycin suspension",
        1,
        "Give 5 mL by mouth once daily for 5 days.",
    ),
    5,
    "mL",
    ORAL,
);
pub const AZITHROMYCIN: Drug = tablets(
    "308460",
    "azithromycin 250 MG Oral Tablet",
    "azithromycin 250 mg",
    1,
    "Take 2 tablets on the first day, then 1 tablet daily for 4 days.",
);
pub const NITROFURANTOIN: Drug = by(
    tablets(
        "1648755",
        "nitrofurantoin, macrocrystals 25 MG / nitrofurantoin, monohydrate 75 MG Oral Capsule",
        "nitrofurantoin 100 mg",
        2,
        "Take 1 capsule by mouth twice daily for 5 days.",
    ),
    1,
    "capsule",
    ORAL,
);
