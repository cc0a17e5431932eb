//! Long-lasting diseases: how common they are at which age, and how often they are looked at. A curve gives the share
//! of people of an age who have been told that they have the disease; who gets it, and when, is drawn from that curve.
//! A source marked (to check) is quoted without having been read again; a curve joins the few ages that a source gives
//! by estimates of our own.

use crate::calendar::{Day, YEAR};
use crate::chance::Chance;
use crate::diagnoses as dx;
use crate::diagnoses::Diagnosis;
use crate::directory::Field;
use crate::life::growth;
use crate::person::Person;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chronic {
    Prediabetes,
    Diabetes,
    Hypertension,
    Lipids,
    Asthma,
    Hypothyroidism,
    Depression,
    Kidney,
    Copd,
    Arthritis,
    Migraine,
    Rhinitis,
    HeartFailure,
    AtrialFibrillation,
    Obesity,
    Osteoporosis,
    Reflux,
    Eczema,
}

/// Years of age, percent of women, percent of men.
type Curve = &'static [(f64, f64, f64)];

pub struct Profile {
    pub chronic: Chronic,
    pub diagnosis: &'static Diagnosis,
    curve: Curve,
    /// Months between visits for it; nothing when a check-up is enough.
    pub months: Option<i64>,
    /// Who is asked for advice.
    pub specialist: Option<Field>,
}

const fn profile(
    chronic: Chronic,
    diagnosis: &'static Diagnosis,
    months: Option<i64>,
    specialist: Option<Field>,
    curve: Curve,
) -> Profile {
    Profile { chronic, diagnosis, curve, months, specialist }
}

/// In an order in which every disease comes after those that lead to it.
pub static PROFILES: [Profile; 18] = [
    // Body mass index of 30 and more is written down as a problem in about two of three (40.3 % of adults have it: NCHS
    // Data Brief 508, 2021–2023; the two thirds are an estimate). Who has it follows from the body, so the curve is
    // only a ceiling.
    profile(Chronic::Obesity, &dx::OBESITY, None, None, &[(18.0, 0.0, 0.0), (19.0, 65.0, 65.0), (99.0, 65.0, 65.0)]),
    // NCHS Data Brief 511 (NHANES August 2021–August 2023): 23.4 % at 18–39, 52.5 % at 40–59, 71.6 % from 60 on, at
    // 130/80; 59 % of them know of it, more of the old than of the young.
    profile(
        Chronic::Hypertension,
        &dx::HYPERTENSION,
        Some(6),
        Some(Field::Cardiology),
        &[
            (20.0, 1.0, 2.0),
            (35.0, 7.0, 12.0),
            (50.0, 28.0, 34.0),
            (65.0, 53.0, 55.0),
            (80.0, 68.0, 65.0),
            (99.0, 72.0, 70.0),
        ],
    ),
    // CDC, National Diabetes Statistics Report: 38 % of adults have prediabetes, and only about a fifth of them know.
    profile(
        Chronic::Prediabetes,
        &dx::PREDIABETES,
        Some(12),
        None,
        &[(25.0, 1.0, 1.0), (40.0, 9.0, 10.0), (55.0, 22.0, 24.0), (70.0, 32.0, 34.0), (99.0, 36.0, 38.0)],
    ),
    // The same report: diagnosed in 29 million adults of 2021, about 3 % of those under 45 and one in four or five
    // from 65 (shares by age to check).
    profile(
        Chronic::Diabetes,
        &dx::DIABETES,
        Some(4),
        Some(Field::Endocrinology),
        &[
            (30.0, 1.0, 1.0),
            (45.0, 6.0, 7.0),
            (55.0, 13.0, 14.5),
            (65.0, 19.0, 21.0),
            (75.0, 23.0, 25.0),
            (99.0, 24.0, 26.0),
        ],
    ),
    // CDC, Behavioral Risk Factor Surveillance System 2021 (to check): 36 % of adults were told of high cholesterol.
    profile(
        Chronic::Lipids,
        &dx::LIPIDS,
        Some(12),
        None,
        &[(25.0, 3.0, 4.0), (40.0, 17.0, 24.0), (55.0, 38.0, 42.0), (70.0, 52.0, 54.0), (99.0, 55.0, 55.0)],
    ),
    // CDC, National Health Interview Survey 2021: current asthma in 6.5 % of children and 8.0 % of adults, more boys
    // than girls and more women than men.
    profile(
        Chronic::Asthma,
        &dx::ASTHMA,
        Some(6),
        Some(Field::Pulmonology),
        &[(1.0, 0.0, 0.0), (5.0, 5.0, 6.5), (12.0, 6.5, 8.0), (30.0, 8.5, 8.0), (60.0, 10.0, 8.0), (99.0, 10.5, 8.0)],
    ),
    // NHANES 1999–2002 (Aoki 2007; to check): 3.7 % of the population, rising with age, five women for each man.
    profile(
        Chronic::Hypothyroidism,
        &dx::HYPOTHYROIDISM,
        Some(12),
        Some(Field::Endocrinology),
        &[(20.0, 0.5, 0.1), (40.0, 3.5, 0.8), (60.0, 8.5, 2.0), (80.0, 13.0, 4.5), (99.0, 14.0, 5.0)],
    ),
    // CDC, MMWR 72(24), 2023: 18.5 % of adults were ever told; women near twice as often (to check).
    profile(
        Chronic::Depression,
        &dx::DEPRESSION,
        Some(3),
        Some(Field::Psychiatry),
        &[
            (13.0, 0.5, 0.3),
            (18.0, 6.0, 3.0),
            (30.0, 14.0, 8.0),
            (50.0, 20.0, 11.0),
            (75.0, 22.0, 12.0),
            (99.0, 22.0, 12.0),
        ],
    ),
    // CDC, Chronic Kidney Disease in the United States 2023 (to check): 14 % of adults and 34 % from 65 on, nine of ten
    // unaware; the curve is stage 3 that a clinic knows of.
    profile(
        Chronic::Kidney,
        &dx::CKD3,
        Some(6),
        Some(Field::Nephrology),
        &[(45.0, 0.5, 0.5), (60.0, 4.0, 4.0), (75.0, 14.0, 13.0), (99.0, 26.0, 26.0)],
    ),
    // CDC, National Health Interview Survey 2021 (COPD ever diagnosed; to check): 4.6 % of adults, near 11 % from 65
    // on.
    profile(
        Chronic::Copd,
        &dx::COPD,
        Some(6),
        Some(Field::Pulmonology),
        &[(40.0, 0.5, 0.5), (55.0, 4.5, 4.0), (70.0, 9.5, 9.0), (99.0, 12.0, 12.0)],
    ),
    // Symptomatic osteoarthritis of the knee: Deshpande 2016 (to check), about 7 % at 45–54 and 15 % from 65 on, more
    // women.
    profile(
        Chronic::Arthritis,
        &dx::KNEE_ARTHRITIS,
        None,
        Some(Field::Orthopedics),
        &[(40.0, 1.5, 1.2), (55.0, 9.0, 6.5), (70.0, 17.0, 13.0), (99.0, 22.0, 16.0)],
    ),
    // Burch 2018 (to check): migraine or severe headache in about 20 % of women and 10 % of men; half are known to a
    // clinic.
    profile(
        Chronic::Migraine,
        &dx::MIGRAINE,
        None,
        Some(Field::Neurology),
        &[(10.0, 0.5, 0.5), (20.0, 6.0, 3.0), (40.0, 12.0, 5.0), (99.0, 13.0, 5.5)],
    ),
    // NCHS Data Briefs 459 and 460 (2021): seasonal allergy in 18.9 % of children and 25.7 % of adults; a clinic sees a
    // part.
    profile(
        Chronic::Rhinitis,
        &dx::RHINITIS,
        None,
        None,
        &[(3.0, 0.0, 0.0), (10.0, 9.0, 11.0), (25.0, 15.0, 14.0), (50.0, 19.0, 15.0), (99.0, 20.0, 15.0)],
    ),
    // American Heart Association, Heart Disease and Stroke Statistics 2023 (to check): heart failure in 2.3 % of
    // adults, near 10 % at 80.
    profile(
        Chronic::HeartFailure,
        &dx::HEART_FAILURE,
        Some(3),
        Some(Field::Cardiology),
        &[(50.0, 0.4, 0.6), (65.0, 2.5, 3.5), (80.0, 9.0, 9.5), (99.0, 14.0, 14.0)],
    ),
    // The same source (to check): atrial fibrillation in about 9 % from 65 on.
    profile(
        Chronic::AtrialFibrillation,
        &dx::ATRIAL_FIBRILLATION,
        Some(6),
        Some(Field::Cardiology),
        &[(50.0, 0.4, 0.8), (65.0, 3.5, 5.0), (80.0, 10.0, 12.0), (99.0, 15.0, 17.0)],
    ),
    // NCHS Data Brief 405 (2017–2018): 19.6 % of women and 4.4 % of men from 50 on.
    profile(
        Chronic::Osteoporosis,
        &dx::OSTEOPOROSIS,
        None,
        None,
        &[(50.0, 1.0, 0.3), (65.0, 16.0, 3.0), (80.0, 30.0, 6.5), (99.0, 36.0, 8.0)],
    ),
    // El-Serag 2014 (to check): weekly reflux in 18–28 % of North America; about half are treated.
    profile(
        Chronic::Reflux,
        &dx::REFLUX,
        None,
        None,
        &[(20.0, 2.0, 2.0), (40.0, 8.0, 8.0), (60.0, 14.0, 13.0), (99.0, 17.0, 15.0)],
    ),
    // NCHS Data Brief 459 (2021): eczema in 10.8 % of children.
    profile(
        Chronic::Eczema,
        &dx::ECZEMA,
        None,
        None,
        &[(0.3, 0.0, 0.0), (2.0, 8.0, 8.0), (8.0, 11.0, 10.5), (99.0, 12.0, 11.5)],
    ),
];

impl Chronic {
    pub fn profile(self) -> &'static Profile {
        PROFILES.iter().find(|p| p.chronic == self).unwrap_or(&PROFILES[0])
    }
}

/// When each disease begins, for those that have begun by `today`.
pub fn onsets(chance: &Chance, person: &Person, today: Day) -> Vec<(Chronic, Day)> {
    let mut out: Vec<(Chronic, Day)> = Vec::new();
    for profile in &PROFILES {
        let rank = chance.unit() / risk(profile.chronic, person, &out);
        let Some(age) = age_at(profile.curve, rank * 100.0, person.female) else { continue };
        let mut onset = person.birth + (age * YEAR) as Day;
        if profile.chronic == Chronic::Diabetes {
            // Diabetes is preceded by some years of prediabetes, known or not.
            let before = onset - chance.int(700, 1_900);
            out.retain(|(chronic, _)| *chronic != Chronic::Prediabetes);
            if onset < today && chance.yes(0.6) && before > person.birth + 18 * 365 {
                out.push((Chronic::Prediabetes, before));
            }
            onset = onset.max(person.birth + 20 * 365);
        }
        if profile.chronic == Chronic::Depression && chance.yes(0.6) {
            // Depression comes back in most who had it (Burcusa 2007; to check): the episode that counts may be a late
            // one.
            onset = onset.max(today - chance.int(60, 2_200));
        }
        if onset < today - 30 {
            out.push((profile.chronic, onset));
        }
    }
    out
}

/// How much likelier than average somebody is to get a disease. Directions follow the literature, sizes are moderate so
/// that the averages stay on the curves.
fn risk(chronic: Chronic, person: &Person, has: &[(Chronic, Day)]) -> f64 {
    let with = |chronic: Chronic| has.iter().any(|(c, _)| *c == chronic);
    let heavy = person.bmi_z.clamp(-2.0, 2.0);
    let smoker = person.smoking.code != crate::codes::NEVER_SMOKER.code;
    match chronic {
        Chronic::Obesity => f64::from(growth::bmi(45.0, person.female, person.bmi_z) > 30.0).max(1e-6),
        Chronic::Hypertension => (0.16 * heavy).exp() * 0.98,
        Chronic::Prediabetes => (0.25 * heavy).exp() * 0.96,
        Chronic::Diabetes => (0.45 * heavy).exp() * if with(Chronic::Hypertension) { 1.1 } else { 0.75 },
        Chronic::Lipids => (0.12 * heavy).exp() * if with(Chronic::Diabetes) { 1.25 } else { 0.97 },
        Chronic::Depression => (0.10 * heavy).exp(),
        Chronic::Kidney => match (with(Chronic::Diabetes), with(Chronic::Hypertension)) {
            (true, _) => 2.0,
            (false, true) => 1.1,
            _ => 0.5,
        },
        Chronic::Copd => {
            if smoker {
                2.3
            } else {
                0.35
            }
        }
        Chronic::Arthritis => (0.3 * heavy).exp() * 0.95,
        Chronic::HeartFailure | Chronic::AtrialFibrillation => {
            if with(Chronic::Hypertension) {
                1.4
            } else {
                0.6
            }
        }
        Chronic::Asthma | Chronic::Rhinitis | Chronic::Eczema => {
            if with(Chronic::Asthma) || with(Chronic::Rhinitis) {
                2.2
            } else {
                0.9
            }
        }
        Chronic::Osteoporosis => (-0.25 * heavy).exp(),
        _ => 1.0,
    }
}

/// The age at which the share of the curve reaches `percent`.
fn age_at(curve: Curve, percent: f64, female: bool) -> Option<f64> {
    let share = |row: &(f64, f64, f64)| if female { row.1 } else { row.2 };
    let i = curve.iter().position(|row| share(row) > percent)?;
    let Some(before) = i.checked_sub(1).map(|i| &curve[i]) else { return Some(curve[0].0) };
    let after = &curve[i];
    Some(before.0 + (after.0 - before.0) * (percent - share(before)) / (share(after) - share(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_onset_is_read_back_from_the_curve() {
        let curve: Curve = &[(20.0, 0.0, 0.0), (40.0, 10.0, 20.0), (60.0, 30.0, 20.0)];
        assert_eq!(age_at(curve, 5.0, true), Some(30.0));
        assert_eq!(age_at(curve, 5.0, false), Some(25.0));
        assert_eq!(age_at(curve, 20.0, true), Some(50.0));
        assert_eq!(age_at(curve, 25.0, false), None);
    }

    #[test]
    fn no_curve_falls_with_age() {
        for profile in &PROFILES {
            let falls = profile.curve.windows(2).any(|w| w[1].0 <= w[0].0 || w[1].1 < w[0].1 || w[1].2 < w[0].2);
            assert!(!falls, "{:?}", profile.chronic);
        }
    }
}
