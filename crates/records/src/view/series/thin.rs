//! Fewer points with the same peaks.

/// The lowest and the highest point of each of as many equal stretches of time as fit: no peak is lost.
pub fn thin(points: Vec<(i64, f64, String)>, most: usize) -> Vec<(i64, f64, String)> {
    let (Some(first), Some(last)) = (points.first().map(|p| p.0), points.last().map(|p| p.0)) else { return points };
    let buckets = (most / 2).max(1) as i128;
    let span = i128::from(last) - i128::from(first) + 1;
    let bucket = |time: i64| (i128::from(time) - i128::from(first)) * buckets / span;
    let mut keep: Vec<usize> = Vec::with_capacity(most);
    let mut at = 0;
    while at < points.len() {
        let this = bucket(points[at].0);
        let end = at + points[at..].partition_point(|p| bucket(p.0) == this);
        let by_value = |a: &usize, b: &usize| points[*a].1.total_cmp(&points[*b].1);
        let (low, high) = ((at..end).min_by(by_value).unwrap_or(at), (at..end).max_by(by_value).unwrap_or(at));
        keep.push(low.min(high));
        if low != high {
            keep.push(low.max(high));
        }
        at = end;
    }
    let mut keep = keep.into_iter().peekable();
    points.into_iter().enumerate().filter(|(i, _)| keep.next_if_eq(i).is_some()).map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn thinning_keeps_the_extremes_the_order_and_the_limit(
            mut times in proptest::collection::vec(0..100_000_i64, 1..400),
            numbers in proptest::collection::vec(-1e3..1e3_f64, 400),
            most in 2..60_usize,
        ) {
            times.sort_unstable();
            let points: Vec<_> = times.iter().zip(&numbers).map(|(t, n)| (*t, *n, String::new())).collect();
            let thinned = thin(points.clone(), most);
            prop_assert!(thinned.len() <= most);
            prop_assert!(thinned.is_sorted_by_key(|p| p.0));
            prop_assert!(thinned.iter().all(|p| points.contains(p)));
            let extremes = |points: &[(i64, f64, String)]| {
                let numbers = points.iter().map(|p| p.1);
                (numbers.clone().fold(f64::MAX, f64::min), numbers.fold(f64::MIN, f64::max))
            };
            prop_assert_eq!(extremes(&thinned), extremes(&points));
        }
    }
}
