//! How big and how fast a healthy body is at an age. Medians of the WHO Child Growth Standards (2006, 0–5 years) and
//! the WHO Reference (2007, 5–19 years) at whole years, joined by straight lines (to check against the tables before a
//! growth chart is judged by them).

/// Years of age, and the medians of girls and of boys.
type Curve = [(f64, f64, f64)];

/// Length to two years, height afterwards, in cm.
const HEIGHT: [(f64, f64, f64); 22] = [
    (0.0, 49.1, 49.9),
    (0.5, 65.7, 67.6),
    (1.0, 74.0, 75.7),
    (2.0, 85.7, 87.1),
    (3.0, 95.1, 96.1),
    (4.0, 102.7, 103.3),
    (5.0, 109.4, 110.0),
    (6.0, 115.1, 116.0),
    (7.0, 120.8, 121.7),
    (8.0, 126.6, 127.3),
    (9.0, 132.5, 132.6),
    (10.0, 138.6, 137.8),
    (11.0, 145.0, 143.1),
    (12.0, 151.2, 149.1),
    (13.0, 156.4, 156.0),
    (14.0, 159.8, 163.2),
    (15.0, 161.7, 169.0),
    (16.0, 162.5, 172.9),
    (17.0, 162.9, 175.2),
    (18.0, 163.1, 176.1),
    (19.0, 163.2, 176.5),
    (120.0, 163.2, 176.5),
];

/// Weight of the first two years, in kg.
const INFANT_WEIGHT: [(f64, f64, f64); 5] =
    [(0.0, 3.2, 3.3), (0.25, 5.8, 6.4), (0.5, 7.3, 7.9), (1.0, 8.9, 9.6), (2.0, 11.5, 12.2)];

/// Body mass index from two years on. Adults follow the NHANES of 2017–2020: a median near 28 from the forties on.
const BMI: [(f64, f64, f64); 14] = [
    (2.0, 15.7, 16.0),
    (4.0, 15.3, 15.3),
    (6.0, 15.3, 15.3),
    (8.0, 15.7, 15.7),
    (10.0, 16.6, 16.4),
    (12.0, 18.0, 17.5),
    (14.0, 19.6, 19.0),
    (16.0, 20.7, 20.5),
    (19.0, 22.0, 22.2),
    (30.0, 26.0, 26.5),
    (45.0, 28.0, 28.0),
    (65.0, 28.2, 28.2),
    (80.0, 26.8, 27.0),
    (120.0, 25.0, 25.5),
];

/// Head circumference of the first three years, in cm.
const HEAD: [(f64, f64, f64); 5] =
    [(0.0, 33.9, 34.5), (0.5, 42.2, 43.3), (1.0, 44.9, 46.1), (2.0, 47.2, 48.3), (3.0, 48.5, 49.5)];

/// Beats a minute at rest: medians of Fleming and others (Lancet 2011) to two years, 127 at birth, 145 at one month,
/// 113 at two years; towards an adult's 72 beyond.
const HEART: [(f64, f64, f64); 8] = [
    (0.0, 127.0, 127.0),
    (0.085, 145.0, 145.0),
    (1.0, 123.0, 123.0),
    (2.0, 113.0, 113.0),
    (6.0, 94.0, 92.0),
    (12.0, 82.0, 79.0),
    (18.0, 75.0, 71.0),
    (120.0, 73.0, 71.0),
];

/// Breaths a minute: 44 at birth and 26 at two years (Fleming 2011), towards an adult's 16.
const BREATH: [(f64, f64, f64); 6] = [
    (0.0, 44.0, 44.0),
    (2.0, 26.0, 26.0),
    (6.0, 21.0, 21.0),
    (12.0, 18.5, 18.5),
    (18.0, 16.0, 16.0),
    (120.0, 16.0, 16.0),
];

/// Systolic pressure of somebody without hypertension: children near the medians of the AAP guideline of 2017, adults
/// as people without treatment or hypertension in NHANES.
const SYSTOLIC: [(f64, f64, f64); 9] = [
    (0.0, 70.0, 70.0),
    (3.0, 89.0, 89.0),
    (6.0, 94.0, 94.0),
    (10.0, 101.0, 102.0),
    (14.0, 108.0, 110.0),
    (18.0, 110.0, 116.0),
    (40.0, 114.0, 119.0),
    (65.0, 124.0, 124.0),
    (120.0, 130.0, 128.0),
];

const DIASTOLIC: [(f64, f64, f64); 7] = [
    (0.0, 40.0, 40.0),
    (3.0, 50.0, 50.0),
    (10.0, 61.0, 61.0),
    (18.0, 69.0, 70.0),
    (45.0, 75.0, 77.0),
    (65.0, 73.0, 74.0),
    (120.0, 66.0, 66.0),
];

fn at(curve: &Curve, age: f64, female: bool) -> f64 {
    let value = |row: &(f64, f64, f64)| if female { row.1 } else { row.2 };
    match curve.iter().position(|row| row.0 > age) {
        None => curve.last().map_or(0.0, value),
        Some(0) => value(&curve[0]),
        Some(i) => {
            let (before, after) = (&curve[i - 1], &curve[i]);
            let share = (age - before.0) / (after.0 - before.0);
            value(before) + share * (value(after) - value(before))
        }
    }
}

/// Height in cm; one deviation is about 4 % of it at every age. After fifty people shrink by about a millimetre a year.
pub fn height(age: f64, female: bool, z: f64) -> f64 {
    at(&HEIGHT, age, female) * (1.0 + 0.04 * z) - 0.1 * (age - 50.0).max(0.0)
}

pub fn infant_weight(age: f64, female: bool, z: f64) -> f64 {
    at(&INFANT_WEIGHT, age, female) * (1.0 + 0.10 * z)
}

/// One deviation is a tenth in children and a fifth in adults.
pub fn bmi(age: f64, female: bool, z: f64) -> f64 {
    let spread = 0.10 + 0.10 * ((age - 10.0) / 20.0).clamp(0.0, 1.0);
    (at(&BMI, age, female) * (spread * z).exp()).clamp(12.5, 55.0)
}

pub fn head(age: f64, female: bool, z: f64) -> f64 {
    at(&HEAD, age, female) + 1.3 * z
}

pub fn heart_rate(age: f64, female: bool) -> f64 {
    at(&HEART, age, female)
}

pub fn breaths(age: f64) -> f64 {
    at(&BREATH, age, true)
}

pub fn systolic(age: f64, female: bool) -> f64 {
    at(&SYSTOLIC, age, female)
}

pub fn diastolic(age: f64, female: bool) -> f64 {
    at(&DIASTOLIC, age, female)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_meets_its_points_and_is_straight_between_them() {
        assert!((height(5.0, true, 0.0) - 109.4).abs() < 1e-9);
        assert!((height(5.5, true, 0.0) - 112.25).abs() < 1e-9);
        assert!((heart_rate(2.0, false) - 113.0).abs() < 1e-9);
    }

    #[test]
    fn a_child_never_shrinks() {
        for female in [true, false] {
            let heights: Vec<f64> = (0..190).map(|tenth| height(f64::from(tenth) / 10.0, female, 0.3)).collect();
            assert!(heights.windows(2).all(|w| w[1] >= w[0]));
        }
    }
}
