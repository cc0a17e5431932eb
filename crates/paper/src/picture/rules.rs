//! The lines of tables taken away: a reader of letters takes a framed table for a picture and reads nothing in it.

use super::{Gray, skew};

/// Shorter dark runs belong to letters; of the longer side of a page of about 2,400 dots.
const SHORTEST: usize = 90;

/// A rule is thinner than this; a dark bar with light letters in it is none.
const THICKEST: usize = 9;

pub fn without(page: &Gray) -> Gray {
    let mut out = page.clone();
    let dark = skew::threshold(page);
    clear(&mut out, page, dark);
    let mut upright = out.turned(90);
    let seen = page.turned(90);
    clear(&mut upright, &seen, dark);
    upright.turned(270)
}

/// Clears long thin dark runs along the rows.
fn clear(out: &mut Gray, seen: &Gray, dark: u8) {
    let is_dark = |x: usize, y: usize| seen.points[y * seen.width + x] < dark;
    for y in 0..seen.height {
        let (mut from, mut last) = (None::<usize>, 0);
        for x in 0..=seen.width {
            let on = x < seen.width && is_dark(x, y);
            match (from, on) {
                (None, true) => (from, last) = (Some(x), x),
                (Some(_), true) => last = x,
                // A run goes on over a gap of noise.
                (Some(start), false) if x == seen.width || x - last > 3 => {
                    if last - start >= SHORTEST && is_thin(seen, start, last, y, dark) {
                        erase(out, seen, start, last, y, dark);
                    }
                    from = None;
                }
                _ => {}
            }
        }
    }
}

/// Whether light lies within a short way above or below most of the run.
fn is_thin(seen: &Gray, from: usize, to: usize, y: usize, dark: u8) -> bool {
    let light = |x: usize, y: usize| seen.points[y * seen.width + x] >= dark;
    let thin = |x: &usize| {
        let above = (1..=THICKEST).find(|n| *n > y || light(*x, y - n)).unwrap_or(THICKEST);
        let below = (1..=THICKEST).find(|n| y + n >= seen.height || light(*x, y + n)).unwrap_or(THICKEST);
        above + below <= THICKEST
    };
    let columns: Vec<usize> = (from..=to).step_by(3).collect();
    columns.iter().filter(|x| thin(x)).count() * 10 >= columns.len() * 7
}

/// The run and its soft edges become paper, but where something crosses it.
fn erase(out: &mut Gray, seen: &Gray, from: usize, to: usize, y: usize, dark: u8) {
    let at = |x: usize, y: usize| seen.points[y * seen.width + x];
    for x in from..=to {
        let far = |above: bool| {
            let row = if above { y.checked_sub(5) } else { Some(y + 5).filter(|row| *row < seen.height) };
            row.is_some_and(|row| at(x, row) < dark)
        };
        if far(true) || far(false) {
            continue;
        }
        for row in y.saturating_sub(3)..(y + 4).min(seen.height) {
            out.points[row * out.width + x] = 255;
        }
    }
}
