//! All readings of one code, and what one of them says of the rest.

use super::reading::{Reading, called, leading, reading};
use super::thin::thin;
use super::{Limit, Part, Reference, SPARK, STRETCH, Series, display, element, hash, measured, standing};
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
    let (mut own, mut limits) = (HashSet::new(), Vec::new());
    for stretch in rows.chunks(STRETCH) {
        let rids: Vec<i64> = stretch.iter().map(|(_, rid, _)| *rid).collect();
        let open = found::open(tx, look, &rids)?;
        for (time, rid, part) in stretch {
            let Some(stored) = open.get(rid) else { continue };
            let node = found::parse(stored)?;
            let found = element(look, *part, hash(look, *part, code), &node).and_then(reading);
            let Some(found) = found else { continue };
            match found.within(&leading.reading.key) {
                Some(number) => {
                    let id = stored.id().to_owned();
                    match found.comparator {
                        None => points.push((*time, number, id)),
                        Some(comparator) => limits.push(Limit { time: *time, comparator, number, id }),
                    }
                    if entered_by_patient(&node) {
                        own.insert(stored.id().to_owned());
                    }
                    if words::date(&node, *time).is_some_and(|date| !date.contains('T')) {
                        days.push(*time);
                    }
                }
                None => others += 1,
            }
        }
    }
    let all = points.len();
    let points = if all > most { thin(points, most) } else { points };
    days.dedup();
    let shown = |day: &i64| points.binary_search_by_key(day, |point| point.0).is_ok();
    days.retain(|day| shown(day) || limits.iter().any(|limit| limit.time == *day));
    let ids = points.iter().map(|point| &point.2).chain(limits.iter().map(|limit| &limit.id));
    let by_patient = ids.filter(|id| own.contains(*id)).cloned().collect();
    Ok(Some(Series {
        code: code.to_owned(),
        display: leading.display,
        unit: leading.reading.unit,
        reference: leading.reference,
        thinned: (points.len() < all).then_some(all),
        by_patient,
        points,
        limits,
        days,
        other_units: (others > 0).then_some(others),
    }))
}

struct Leading {
    reading: Reading,
    display: String,
    reference: Option<Reference>,
}

/// The reading that gives the series its unit and range, and the name: of the last that are numbers, see `leading` and `called`.
fn leading_reading(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    code: &str,
    rows: &[(i64, i64, Part)],
) -> Result<Option<Leading>, Error> {
    for some in rows.rchunks(SPARK) {
        let open = found::open(tx, look, &some.iter().map(|(_, rid, _)| *rid).collect::<Vec<_>>())?;
        let mut readings = Vec::with_capacity(some.len());
        for (_, rid, part) in some {
            let Some(stored) = open.get(rid) else { continue };
            let node = found::parse(stored)?;
            let Some(element) = element(look, *part, hash(look, *part, code), &node) else { continue };
            let Some(reading) = reading(element) else { continue };
            let reference = value::reference(element).map(|(low, high)| Reference { low, high });
            readings.push(((reference, display(element), entered_by_patient(&node)), reading));
        }
        let name = called(&readings, |((_, display, own), _)| (*own, display.as_ref()));
        let Some(at) = leading(&readings).and_then(|best| readings.iter().position(|one| std::ptr::eq(one, best)))
        else {
            continue;
        };
        let ((reference, ..), reading) = readings.swap_remove(at);
        return Ok(Some(Leading { reading, display: name.unwrap_or_else(|| code.to_owned()), reference }));
    }
    Ok(None)
}
