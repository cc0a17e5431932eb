//! Which medicines a disease is treated with, step by step.

use super::Life;
use super::chronic::Chronic;
use crate::drugs::{self as rx, Drug};

pub type Regimen = &'static [&'static Drug];

/// Each step is the whole treatment at that step. Order and first choices follow the guidelines named.
pub fn ladder(life: &Life, chronic: Chronic) -> &'static [Regimen] {
    // A stable trait decides between options of equal standing.
    let option = (life.person.adherence * 1_000.0) as i64 % 10;
    let young_woman = life.person.female && life.age(life.chart.options.today) < 48.0;
    let frail =
        [Chronic::AtrialFibrillation, Chronic::HeartFailure, Chronic::Kidney].iter().any(|c| life.onset(*c).is_some());
    let child = life.age(life.chart.options.today) < 14.0;
    match chronic {
        // ACC/AHA 2017: ACE inhibitor or ARB, calcium blocker, thiazide; no ACE inhibitor for who may become pregnant.
        Chronic::Hypertension if young_woman => &[&[&rx::AMLODIPINE], &[&rx::AMLODIPINE, &rx::THIAZIDE]],
        Chronic::Hypertension if option < 3 => {
            &[&[&rx::LOSARTAN], &[&rx::LOSARTAN, &rx::AMLODIPINE], &[&rx::LOSARTAN, &rx::AMLODIPINE, &rx::THIAZIDE]]
        }
        Chronic::Hypertension => &[
            &[&rx::LISINOPRIL_10],
            &[&rx::LISINOPRIL_20],
            &[&rx::LISINOPRIL_20, &rx::AMLODIPINE],
            &[&rx::LISINOPRIL_20, &rx::AMLODIPINE, &rx::THIAZIDE],
        ],
        // ADA Standards of Care 2024, section 9.
        Chronic::Diabetes => &[
            &[&rx::METFORMIN_500],
            &[&rx::METFORMIN_1000],
            &[&rx::METFORMIN_1000, &rx::EMPAGLIFLOZIN],
            &[&rx::METFORMIN_1000, &rx::EMPAGLIFLOZIN, &rx::GLARGINE],
        ],
        // ACC/AHA 2018.
        Chronic::Lipids => &[&[&rx::ATORVASTATIN_20], &[&rx::ATORVASTATIN_40]],
        // GINA 2023, track 2.
        Chronic::Asthma if child => &[
            &[&rx::ALBUTEROL],
            &[&rx::ALBUTEROL, &rx::FLUTICASONE],
            &[&rx::ALBUTEROL, &rx::FLUTICASONE, &rx::MONTELUKAST],
        ],
        Chronic::Asthma => {
            &[&[&rx::ALBUTEROL], &[&rx::ALBUTEROL, &rx::FLUTICASONE], &[&rx::ALBUTEROL, &rx::FLUTICASONE_SALMETEROL]]
        }
        Chronic::Hypothyroidism => &[&[&rx::LEVOTHYROXINE_75], &[&rx::LEVOTHYROXINE_100]],
        Chronic::Depression => &[&[&rx::SERTRALINE_50], &[&rx::SERTRALINE_100]],
        // GOLD 2024.
        Chronic::Copd => {
            &[&[&rx::ALBUTEROL, &rx::TIOTROPIUM], &[&rx::ALBUTEROL, &rx::TIOTROPIUM, &rx::FLUTICASONE_SALMETEROL]]
        }
        // No anti-inflammatory drug with a failing heart, sick kidneys or a blood thinner.
        Chronic::Arthritis | Chronic::Migraine if frail => &[&[&rx::ACETAMINOPHEN]],
        Chronic::Arthritis => &[&[&rx::NAPROXEN]],
        Chronic::Migraine => &[&[&rx::NAPROXEN], &[&rx::NAPROXEN, &rx::METOPROLOL]],
        Chronic::Rhinitis if child => &[&[&rx::CETIRIZINE_5]],
        Chronic::Rhinitis => &[&[&rx::LORATADINE], &[&rx::LORATADINE, &rx::NASAL_FLUTICASONE]],
        // AHA/ACC/HFSA 2022, without what hypertension brings already.
        Chronic::HeartFailure => {
            &[&[&rx::FUROSEMIDE, &rx::CARVEDILOL], &[&rx::FUROSEMIDE, &rx::CARVEDILOL, &rx::SPIRONOLACTONE]]
        }
        Chronic::AtrialFibrillation if life.onset(Chronic::HeartFailure).is_some() => &[&[&rx::APIXABAN]],
        Chronic::AtrialFibrillation => &[&[&rx::APIXABAN, &rx::METOPROLOL]],
        Chronic::Osteoporosis => &[&[&rx::ALENDRONATE]],
        Chronic::Reflux => &[&[&rx::OMEPRAZOLE]],
        Chronic::Kidney | Chronic::Obesity | Chronic::Prediabetes | Chronic::Eczema => &[],
    }
}
