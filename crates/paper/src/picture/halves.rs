//! Where a page can be cut in two without cutting a row of letters, so that both halves can be read at the same time.

use super::{Gray, skew};

/// So many rows without ink are the space between two lines: at 250 dpi a line of small print takes thirty.
const SPACE: usize = 6;

/// With less than a quarter of the ink in one half, less is gained than a second reader costs.
const LEAST: usize = 4;

/// Both halves and the row where the lower one begins, cut in the space that parts the ink most evenly.
pub fn halves(page: &Gray) -> Option<(Gray, Gray, usize)> {
    let row = space(page)?;
    let (above, below) = page.points.split_at(row * page.width);
    let half = |points: &[u8]| Gray { width: page.width, height: points.len() / page.width, points: points.to_vec() };
    Some((half(above), half(below), row))
}

fn space(page: &Gray) -> Option<usize> {
    let dark = skew::threshold(page);
    // Specks of dust are no letters.
    let specks = page.width / 400;
    let ink = |row: &[u8]| Some(row.iter().filter(|point| **point < dark).count()).filter(|count| *count > specks);
    let rows: Vec<usize> = page.points.chunks_exact(page.width.max(1)).map(|row| ink(row).unwrap_or(0)).collect();
    let total: usize = rows.iter().sum();
    let (mut best, mut above, mut from) = (None, 0_usize, 0);
    for (row, ink) in rows.iter().enumerate().filter(|(_, ink)| **ink > 0) {
        if row - from >= SPACE {
            let uneven = (2 * above).abs_diff(total);
            if best.is_none_or(|(least, _)| uneven < least) {
                best = Some((uneven, usize::midpoint(from, row)));
            }
        }
        (above, from) = (above + ink, row + 1);
    }
    let (uneven, row) = best?;
    ((total - uneven) / 2 * LEAST >= total).then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with a bar of ink, 20 rows high, from each of these rows on.
    fn page(bars: &[usize]) -> Gray {
        let mut page = Gray { width: 800, height: 1000, points: vec![250; 800 * 1000] };
        for bar in bars {
            page.points[bar * 800..(bar + 20) * 800].fill(10);
        }
        page
    }

    #[test]
    fn a_page_is_cut_between_two_lines_where_the_ink_is_even() {
        let whole = page(&[100, 130, 160, 700]);
        let (above, below, row) = halves(&whole).unwrap();
        assert_eq!((row, above.height, below.height), (155, 155, 845));
        assert_eq!([above.points, below.points].concat(), whole.points);
    }

    #[test]
    fn dust_between_two_lines_is_no_letter() {
        let mut dusty = page(&[100, 300]);
        dusty.points[200 * 800] = 0;
        assert_eq!(space(&dusty), Some(210));
        dusty.points[210 * 800..211 * 800].fill(0);
        assert_ne!(space(&dusty), Some(210), "a line of ink is not cut");
    }

    #[test]
    fn what_has_no_space_in_its_middle_stays_whole() {
        assert_eq!(space(&page(&[])), None, "an empty page");
        assert_eq!(space(&page(&[100])), None, "one line");
        assert_eq!(space(&page(&[100, 124, 147])), None, "lines that touch");
        assert_eq!(space(&page(&[100, 300, 320, 340, 360, 380])), None, "a heading and a block");
    }
}
