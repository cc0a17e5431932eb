//! For which of their workplaces a practitioner writes.

use super::{Access, Scope};
use db::{DbError, Tx};

impl Access {
    /// The organization for which a practitioner writes into this record: the one that the patient let in, and of several
    /// the one for which they began; whoever is let in themselves writes for the first workplace.
    pub(crate) fn writes_for(&self, tx: &mut Tx<'_>, patient: i64, begun: Option<i64>) -> Result<Option<i64>, DbError> {
        let Scope::Reader { grantees } = &self.scope else { return Ok(None) };
        // The practitioner comes first among those whom grants name; what follows is where they work.
        let places = grantees.get(1..).unwrap_or_default();
        let reach = self.consented(tx)?;
        let let_in = |place: &i64| reach.iter().any(|reach| reach.patient == patient && reach.grantee == *place);
        let mut through = places.iter().filter(|place| let_in(place)).copied();
        let begun = begun.filter(|begun| through.clone().any(|place| place == *begun));
        Ok(begun.or_else(|| through.next()).or_else(|| places.first().copied()))
    }
}
