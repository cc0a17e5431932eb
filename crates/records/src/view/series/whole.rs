//! All readings of one code, and what one of them says of the rest.

use super::thin::thin;
use super::{Part, Reading, Reference, SPARK, STRETCH, Series, display, element, hash, measured, reading, standing};
use crate::error::Error;
use crate::view::digest::entered_by_patient;
use crate::view::found::{self, range};
use crate::view::{Look, value, words};
use db::Tx;
use std::collections::HashSet;

/// The readings of one code; of more than `most`, only the lowest and the highest of each stretch.
pub fn one(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    code: &str,
    period: (Option<i64>, Option<i64>),
    most: usize,
) -> Result<Option<Series>, Error> {
    let mut rows: Vec<(i64, i64, Part)> = Vec::new();
    for part in Part::ALL {
        let mut sql = range(look, "pt.lo, pt.rid", part.param(), Some(hash(look, part, code)));
        measured(&mut sql);
        standing(look, &mut sql);
        rows.extend(tx.rows(&sql, |row| Ok::<_, Error>((row.int(0)?, row.int(1)?, part)))?);
    }
    rows.sort_unstable();
    let Some(leading) = leading_reading(tx, look, code, &rows)? else { return Ok(None) };
    let within = |time: i64| period.0.is_none_or(|from| time >= from) && period.1.is_none_or(|to| time < to);
    rows.retain(|(time, _, _)| within(*time));
    let (mut points, mut days, mut others) = (Vec::with_capacity(rows.len()), Vec::new(), 0);
    let mut own = HashSet::new();
    for stretch in rows.chunks(STRETCH) {
        let rids: Vec<i64> = stretch.iter().map(|(_, rid, _)| *rid).collect();
        let open = found::open(tx, look, &rids)?;
        for (time, rid, part) in stretch {
            let Some(stored) = open.get(rid) else { continue };
            let node = found::parse(stored)?;
            let found = element(look, *part, hash(look, *part, code), &node).and_then(reading);
            match found.map(|reading| reading.within(&leading.reading.key)) {
                Some(Some(number)) => {
                    points.push((*time, number, stored.id().to_owned()));
                    if entered_by_patient(&node) {
                        own.insert(stored.id().to_owned());
                    }
                    if words::date(&node, *time).is_some_and(|date| !date.contains('T')) {
                        days.push(*time);
                    }
                }
                Some(None) => others += 1,
                None => {}
            }
        }
    }
    let all = points.len();
    let points = if all > most { thin(points, most) } else { points };
    days.dedup();
    days.retain(|day| points.binary_search_by_key(day, |point| point.0).is_ok());
    Ok(Some(Series {
        code: code.to_owned(),
        display: leading.display,
        unit: leading.reading.unit,
        reference: leading.reference,
        thinned: (points.len() < all).then_some(all),
        by_patient: points.iter().filter(|point| own.contains(&point.2)).map(|point| point.2.clone()).collect(),
        points,
        days,
        other_units: (others > 0).then_some(others),
    }))
}

struct Leading {
    reading: Reading,
    display: String,
    reference: Option<Reference>,
}

/// The reading that gives the series its name, unit and range: of the last that are numbers the newest whose unit is said best.
fn leading_reading(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    code: &str,
    rows: &[(i64, i64, Part)],
) -> Result<Option<Leading>, Error> {
    for some in rows.rchunks(SPARK) {
        let open = found::open(tx, look, &some.iter().map(|(_, rid, _)| *rid).collect::<Vec<_>>())?;
        let mut best: Option<Leading> = None;
        for (_, rid, part) in some.iter().rev() {
            let Some(stored) = open.get(rid) else { continue };
            let node = found::parse(stored)?;
            let Some(element) = element(look, *part, hash(look, *part, code), &node) else { continue };
            let Some(reading) = reading(element) else { continue };
            if best.as_ref().is_none_or(|best| reading.said() > best.reading.said()) {
                let reference = value::reference(element).map(|(low, high)| Reference { low, high });
                let display = display(element).unwrap_or_else(|| code.to_owned());
                best = Some(Leading { reading, display, reference });
            }
        }
        if best.is_some() {
            return Ok(best);
        }
    }
    Ok(None)
}
