//! How much a page lies askew, and the page set straight.
//!
//! Rows of letters are dark and the space between them is light: along the right angle the sums of the rows differ
//! most. That is tried at a small size, first in coarse steps, then in fine ones.

use super::Gray;

/// Scanners and hands put a page down no worse than this; more is a turn, not a skew.
const LARGEST: f32 = 6.0;

/// Dark points of a page.
struct Dots {
    dots: Vec<(f32, f32)>,
    height: usize,
}

/// The page at the size at which it is looked at here: made once, for all that is asked of it.
pub fn small(page: &Gray) -> Gray {
    let longest = page.width.max(page.height);
    let side = |length: usize| (length * 900 / longest.max(900)).max(1);
    page.scaled(side(page.width), side(page.height))
}

fn dots(small: &Gray) -> Dots {
    let dark = threshold(small);
    let mut dots = Vec::new();
    for (n, point) in small.points.iter().enumerate() {
        if *point < dark {
            dots.push(((n % small.width) as f32 - small.width as f32 / 2.0, (n / small.width) as f32));
        }
    }
    Dots { dots, height: small.height }
}

/// Which part of the page is dark.
pub fn ink(small: &Gray) -> f32 {
    let dark = threshold(small);
    small.points.iter().filter(|point| **point < dark).count() as f32 / small.points.len().max(1) as f32
}

/// Otsu's threshold between ink and paper.
pub fn threshold(page: &Gray) -> u8 {
    let mut counts = [0f64; 256];
    for point in &page.points {
        counts[usize::from(*point)] += 1.0;
    }
    let total: f64 = counts.iter().sum();
    let all: f64 = counts.iter().enumerate().map(|(value, count)| value as f64 * count).sum();
    let (mut below, mut sum, mut best, mut found) = (0.0, 0.0, -1.0, 128);
    for (value, count) in counts.iter().enumerate() {
        below += count;
        sum += value as f64 * count;
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let apart = sum / below - (all - sum) / above;
            let between = below * above * apart * apart;
            if between > best {
                (best, found) = (between, value);
            }
        }
    }
    u8::try_from(found + 1).unwrap_or(u8::MAX)
}

fn sharpness(dots: &Dots, degrees: f32) -> f64 {
    let slope = degrees.to_radians().tan();
    let margin = dots.height / 4;
    let mut rows = vec![0u32; dots.height + 2 * margin];
    for (x, y) in &dots.dots {
        let row = y - x * slope + margin as f32;
        if let Some(count) = rows.get_mut(row.max(0.0) as usize) {
            *count += 1;
        }
    }
    rows.windows(2).map(|two| (f64::from(two[0]) - f64::from(two[1])).powi(2)).sum()
}

/// How far the rows fall to the right, in degrees; 0 where the page has too little on it to tell.
pub fn skew(small: &Gray) -> f32 {
    let dots = dots(small);
    if dots.dots.len() < 300 || dots.dots.len() > dots.height * 600 {
        return 0.0;
    }
    let best_of = |from: f32, step: f32, count: i32| {
        let tried = (0..=count).map(|n| from + step * n as f32).map(|angle| (sharpness(&dots, angle), angle));
        tried.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, angle)| angle)
    };
    let coarse = best_of(-LARGEST, 0.5, (LARGEST * 4.0) as i32);
    let fine = best_of(coarse - 0.5, 0.1, 10);
    let level = sharpness(&dots, 0.0);
    // A page that gains nothing by it stays as it is.
    if sharpness(&dots, fine) < level * 1.05 { 0.0 } else { fine }
}

/// Whether the rows of letters run across, and not up or down.
pub fn runs_across(small: &Gray) -> bool {
    let best = |page: &Gray| {
        let dots = dots(page);
        let tried = (-6..=6).map(|n| sharpness(&dots, n as f32));
        tried.fold(0.0, f64::max)
    };
    best(small) >= best(&small.turned(90))
}

/// The page turned back by the skew, about its middle, on white.
pub fn straightened(page: &Gray, degrees: f32) -> Gray {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_x, middle_y) = (page.width as f32 / 2.0, page.height as f32 / 2.0);
    let at = |x: i64, y: i64| -> f32 {
        let inside = x >= 0 && y >= 0 && (x as usize) < page.width && (y as usize) < page.height;
        if inside { f32::from(page.points[y as usize * page.width + x as usize]) } else { 255.0 }
    };
    let mut points = Vec::with_capacity(page.points.len());
    for y in 0..page.height {
        for x in 0..page.width {
            let (dx, dy) = (x as f32 - middle_x, y as f32 - middle_y);
            let (from_x, from_y) = (middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos);
            let (left, top) = (from_x.floor(), from_y.floor());
            let (right, down) = (from_x - left, from_y - top);
            let (left, top) = (left as i64, top as i64);
            let inside = left >= 0 && top >= 0 && left + 1 < page.width as i64 && top + 1 < page.height as i64;
            let around = inside.then(|| {
                let first = top as usize * page.width + left as usize;
                (page.points.get(first..first + 2), page.points.get(first + page.width..first + page.width + 2))
            });
            if let Some((Some(&[a, b]), Some(&[c, d]))) = around {
                let [a, b, c, d] = [a, b, c, d].map(f32::from);
                let (above, below) = (a * (1.0 - right) + b * right, c * (1.0 - right) + d * right);
                points.push((above * (1.0 - down) + below * down + 0.5) as u8);
                continue;
            }
            let above = at(left, top) * (1.0 - right) + at(left + 1, top) * right;
            let below = at(left, top + 1) * (1.0 - right) + at(left + 1, top + 1) * right;
            points.push((above * (1.0 - down) + below * down + 0.5) as u8);
        }
    }
    Gray { width: page.width, height: page.height, points }
}
