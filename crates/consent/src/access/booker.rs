//! Who books appointments in a record: its patient, a practitioner whom the patient lets see visits, a clinic's software.

use super::{Access, Scope};
use crate::marks::Category;
use crate::writer::Writer;
use db::Tx;
use kernel::{Ctx, Problem};

impl Access {
    /// The writer of appointments in this record. Whoever may not see the visits of a record books nothing in it, and hears
    /// of it as of one that is not there.
    pub fn booker(&self, ctx: &Ctx, tx: &mut Tx<'_>, patient: i64) -> Result<Writer, Problem> {
        if self.app.is_some() {
            return Err(Problem::forbidden("An app books no appointments."));
        }
        match &self.scope {
            Scope::Own { account, patient: own } if *own == patient => {
                // Says whether somebody who looks after the record acts in it, or only looks.
                self.writer(ctx)?;
                Ok(Writer::Booking { account: *account, patient, organization: 0 })
            }
            Scope::Reader { grantees } => {
                let reach = self.consented(tx).map_err(crate::ConsentError::from)?;
                let sees = |categories: i64| categories & Category::Visit.bit() != 0;
                let found = reach.iter().find(|r| r.patient == patient && sees(r.terms.categories));
                let reach = found.ok_or_else(Problem::not_found)?;
                // The practitioner comes first among those whom grants name; what follows is where they work.
                let workplace = grantees.iter().skip(1).find(|place| **place == reach.grantee);
                let organization = workplace.or_else(|| grantees.get(1)).copied().unwrap_or(0);
                let account = ctx.actor.account().map_or(0, kernel::Id::get);
                Ok(Writer::Booking { account, patient, organization })
            }
            Scope::Custody { .. } | Scope::Everything => self.writer(ctx),
            Scope::Directory => Err(Problem::forbidden("An administrator keeps the directory, not records.")),
            _ => Err(Problem::not_found()),
        }
    }
}
