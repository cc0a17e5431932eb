//! What dates of birth say: who is a child still, and what a corrected one does to guardianships, whose end moves with the
//! child's coming of age.

use super::doors::schedule;
use super::rules::{self, of_age_at};
use super::service::{log, own, own_birth, tell_others, tell_pages};
use super::store::{self, ACTIVE, ENDED, Row};
use crate::error::ConsentError;
use db::Tx;
use kernel::{Actor, Ctx, Id, Timestamp};
use ledger::{Action, House};
use notify::{Kind as Told, Notice};

const NOT_OF_AGE: &str = "From the eighteenth birthday on you can look after somebody's record; until then nobody's.";

/// Whether the patient of this record is a child still, by the day of birth in it.
pub(super) fn is_child(tx: &mut Tx<'_>, house: &House, patient: i64, now: Timestamp) -> Result<bool, ConsentError> {
    Ok(own_birth(tx, house, patient)?.as_deref().and_then(of_age_at).is_some_and(|of_age| of_age > now))
}

/// Whoever is to look after somebody is of age.
pub(super) fn of_age(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<(), ConsentError> {
    match is_child(tx, house, own(ctx)?.1, ctx.now())? {
        true => Err(ConsentError::Forbidden(NOT_OF_AGE)),
        false => Ok(()),
    }
}

/// When the child comes of age: by the date that it began with and the one that is said now, whichever is earlier.
fn end(began_with: Option<&str>, said: Option<&str>) -> Option<Timestamp> {
    let ends = [began_with, said].into_iter().flatten().filter_map(of_age_at);
    ends.min()
}

/// A patient's own entry was changed, in this transaction. What guardians and patients write themselves shortens a
/// guardianship, or takes that back; whoever else keeps the record says from when on the child decides alone. One that came
/// to its end by the date of birth goes on when that date was a mistake; one that was ended by somebody never does.
pub fn corrected(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, patient: i64) -> Result<(), ConsentError> {
    let rows = store::guardianships(tx, house, patient)?;
    if rows.is_empty() {
        return Ok(());
    }
    let said = own_birth(tx, house, patient)?;
    let theirs = matches!(ctx.actor, Actor::Patient { .. });
    let mut moved = false;
    for mut row in rows {
        if !theirs && said.as_deref().is_some_and(rules::is_day) {
            row.detail.birth.clone_from(&said);
        }
        let Some(until) = end(row.detail.birth.as_deref(), said.as_deref()) else { continue };
        if until.0 == row.until || (row.state == ENDED && !row.detail.came_of_age) {
            continue;
        }
        row.until = until.0;
        moved = true;
        settle(ctx, house, tx, row)?;
    }
    if moved {
        crate::store::raise_epoch(tx)?;
    }
    Ok(())
}

/// Keeps the new end; a mistaken date that ended it is taken back, with everybody told.
fn settle(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, mut row: Row) -> Result<(), ConsentError> {
    let now = ctx.now();
    let held = row.state == ENDED && row.until > now.0 && row.account != 0;
    let again = held && store::any_live(tx, house, (row.account, row.patient), now)?.is_none();
    if again {
        row.state = ACTIVE;
        row.detail.came_of_age = false;
    }
    store::move_end(tx, house, &row)?;
    if row.state == ACTIVE {
        schedule(tx, &row)?;
    }
    if again {
        log(ctx, tx, &row, Action::Grant);
        let body = "The date of birth in the record was corrected.";
        let told = Notice::new(Told::Grant, format!("{} is a guardian again", row.detail.person), body).link("/family");
        tell_others(house, tx, &row, &told)?;
        let told = Notice::new(Told::Grant, format!("You are a guardian of {} again", row.whose.name), body);
        notify::send(tx, house, Id::new(row.account), &told.link("/family").about(Id::new(row.patient)))?;
    }
    tell_pages(tx, &row);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn the_earlier_of_two_dates_ends_it_and_a_date_that_is_none_does_not_count() {
        let day = |text: &str| kernel::Timestamp::parse(&format!("{text}T00:00:00Z"));
        assert_eq!(end(Some("2010-06-15"), Some("2010-05-01")), day("2028-05-01"));
        assert_eq!(end(Some("2010-06-15"), Some("2015-05-01")), day("2028-06-15"));
        assert_eq!(end(Some("2010-06-15"), None), day("2028-06-15"));
        assert_eq!(end(None, Some("soon")), None);
    }
}
