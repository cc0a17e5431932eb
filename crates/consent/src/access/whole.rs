//! Of what an empty list can be believed: "none" is a lie about what its reader may not see.

use super::{Access, Scope, Terms};
use crate::marks::{Category, LABEL_BITS, UNDATED};
use db::{DbError, Tx};
use fhir::Kind;

impl Access {
    /// The kinds of data of this record that can be seen at all, in bits: an empty list of another kind says nothing.
    pub fn categories(&self, tx: &mut Tx<'_>, patient: i64) -> Result<i64, DbError> {
        Ok(match &self.scope {
            Scope::Reader { .. } => {
                let own = self.reachable(tx)?.into_iter().filter(|reach| reach.patient == patient);
                own.fold(0, |bits, reach| bits | reach.terms.categories)
            }
            Scope::Preview { terms, .. } => terms.categories,
            Scope::Own { .. } => self.behalf.as_ref().map_or(Category::everything(), |behalf| behalf.categories),
            _ => Category::everything(),
        })
    }

    /// Whether nothing of this kind of data of this record is kept from the reader, sensitive or old: only then does an empty
    /// list say that there is none. `kinds` are the FHIR types that it is made of.
    pub fn sees_all(&self, tx: &mut Tx<'_>, patient: i64, category: Category, kinds: &[Kind]) -> Result<bool, DbError> {
        let whole = |terms: Terms| {
            terms.categories & category.bit() != 0
                && terms.labels & LABEL_BITS == LABEL_BITS
                && terms.lo == UNDATED
                && terms.hi == i64::MAX
        };
        let caller = match &self.scope {
            Scope::Everything => true,
            Scope::Own { patient: own, .. } => {
                *own == patient && self.behalf.as_ref().is_none_or(|behalf| behalf.whole)
            }
            Scope::Preview { patient: own, terms } => *own == patient && whole(*terms),
            Scope::Reader { .. } | Scope::Bearer { .. } => {
                self.live(tx)?.iter().any(|reach| reach.patient == patient && whole(reach.terms))
            }
            Scope::Custody { .. } | Scope::Directory | Scope::Lookup => false,
        };
        let app = self.app.as_ref().is_none_or(|app| {
            kinds.iter().all(|kind| {
                let all = |rule: &kernel::app::Rule| {
                    rule.allows(self.operation) && rule.speaks_of(kind.code()) && rule.terms.is_empty()
                };
                app.rules.iter().any(all)
            })
        });
        Ok(caller && app)
    }
}
