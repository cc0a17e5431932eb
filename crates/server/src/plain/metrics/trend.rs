//! Numbers about numbers: spread, and change over time with how sure one can be of it. Pure.

const DAY_MS: f64 = 86_400_000.0;

/// Fewer readings, or a shorter time, say nothing about a change.
pub const FEWEST: usize = 5;
pub const SHORTEST_DAYS: f64 = 1.0;

/// How a straight line through the readings rises, by least squares, with the interval that holds the slope with 95 %
/// confidence if readings scatter around the line independently of each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    pub per_day: f64,
    pub low: f64,
    pub high: f64,
    pub days: f64,
}

pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The standard deviation of a sample.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// `points`: milliseconds and values, oldest first.
pub fn slope(points: &[(i64, f64)]) -> Option<Slope> {
    let ((first, _), (last, _)) = (points.first()?, points.last()?);
    let days = (last - first) as f64 / DAY_MS;
    if points.len() < FEWEST || days < SHORTEST_DAYS {
        return None;
    }
    let n = points.len() as f64;
    let x = |time: i64| (time - first) as f64 / DAY_MS;
    let middle_x = points.iter().map(|(time, _)| x(*time)).sum::<f64>() / n;
    let middle_y = points.iter().map(|(_, value)| value).sum::<f64>() / n;
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (time, value) in points {
        let dx = x(*time) - middle_x;
        sxx += dx * dx;
        sxy += dx * (value - middle_y);
    }
    let per_day = sxy / sxx;
    let residual = |(time, value): &(i64, f64)| value - middle_y - per_day * (x(*time) - middle_x);
    let squares: f64 = points.iter().map(|point| residual(point).powi(2)).sum();
    let error = (squares / (n - 2.0) / sxx).sqrt();
    let reach = t_975(points.len() - 2) * error;
    Some(Slope { per_day, low: per_day - reach, high: per_day + reach, days })
}

/// The 97.5 % point of Student's t: from tables for few degrees of freedom, else by Cornish and Fisher's expansion around the
/// normal distribution (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5), which is off by less than 0.0001
/// from eleven on.
fn t_975(degrees: usize) -> f64 {
    const FEW: [f64; 10] =
        [12.7062, 4.302_65, 3.182_45, 2.776_45, 2.570_58, 2.446_91, 2.364_62, 2.306_00, 2.262_16, 2.228_14];
    const Z: f64 = 1.959_964;
    if let Some(t) = degrees.checked_sub(1).and_then(|at| FEW.get(at)) {
        return *t;
    }
    let v = degrees as f64;
    let z = |power: i32| Z.powi(power);
    Z + (z(3) + Z) / (4.0 * v)
        + (5.0 * z(5) + 16.0 * z(3) + 3.0 * Z) / (96.0 * v * v)
        + (3.0 * z(7) + 19.0 * z(5) + 17.0 * z(3) - 15.0 * Z) / (384.0 * v.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    #[test]
    fn the_points_of_student_s_t_are_those_of_the_tables() {
        for (degrees, expected) in [(1, 12.7062), (3, 3.1824), (10, 2.2281), (11, 2.2010), (30, 2.0423), (120, 1.9799)]
        {
            assert!((t_975(degrees) - expected).abs() < 2e-4, "{degrees}: {}", t_975(degrees));
        }
    }

    #[test]
    fn a_straight_line_has_its_slope_and_no_doubt() {
        let points: Vec<_> = (0..10).map(|day| (day * DAY, 100.0 + 0.5 * day as f64)).collect();
        let slope = slope(&points).unwrap();
        assert!((slope.per_day - 0.5).abs() < 1e-9 && (slope.high - slope.low) < 1e-6, "{slope:?}");
        assert_eq!(slope.days, 9.0);
    }

    #[test]
    fn the_interval_is_that_of_a_worked_example() {
        // y = 2, 4, 5, 4, 5 at x = 1…5: slope 0.6, standard error sqrt(0.8 / 10) = 0.282843, t(3) = 3.18245.
        let points: Vec<_> = [2.0, 4.0, 5.0, 4.0, 5.0].iter().enumerate().map(|(x, y)| (x as i64 * DAY, *y)).collect();
        let slope = slope(&points).unwrap();
        assert!((slope.per_day - 0.6).abs() < 1e-9);
        assert!((slope.high - (0.6 + 3.18245 * 0.282_843)).abs() < 1e-4, "{slope:?}");
        assert!(slope.low < 0.0, "so few readings do not show that it rises");
    }

    #[test]
    fn few_readings_or_a_short_time_have_no_trend() {
        let line = |n: i64, step: i64| (0..n).map(|i| (i * step, i as f64)).collect::<Vec<_>>();
        assert!(slope(&line(4, DAY)).is_none());
        assert!(slope(&line(50, 60_000)).is_none());
        assert!(slope(&[]).is_none());
        assert_eq!(deviation(&[3.0]), None);
        assert!((deviation(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap() - 2.138_09).abs() < 1e-4);
    }
}
