//! Compartments of sealed documents: what only the patient and the readers they chose can open, by area.
//!
//! Which of them a grant lets open stands beside its labels, in bits that no entry has, so that every way by which a grant ends
//! ends this too. A grant that does not say a compartment opens nothing sealed.

use crate::access::Terms;
use crate::rules::NO_END;
use db::{DbError, Tx};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An area of sealed documents. The order is stored, never change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compartment {
    General,
    MentalHealth,
    SexualHealth,
    Hiv,
    Genetics,
    SubstanceUse,
    Violence,
}

impl Compartment {
    pub const ALL: [Self; 7] = [
        Self::General,
        Self::MentalHealth,
        Self::SexualHealth,
        Self::Hiv,
        Self::Genetics,
        Self::SubstanceUse,
        Self::Violence,
    ];

    /// Its bit beside the labels of a grant; what is sealed is kept under it.
    pub const fn bit(self) -> i64 {
        1 << (8 + self as i64)
    }

    pub fn of(bit: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.bit() == bit)
    }

    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }

    /// The word for it, as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::MentalHealth => "mental-health",
            Self::SexualHealth => "sexual-health",
            Self::Hiv => "hiv",
            Self::Genetics => "genetics",
            Self::SubstanceUse => "substance-use",
            Self::Violence => "violence",
        }
    }

    /// Those that terms name.
    pub fn of_terms(terms: &Terms) -> Vec<Self> {
        Self::ALL.into_iter().filter(|one| terms.labels & one.bit() != 0).collect()
    }
}

/// The bits of all of them.
pub const COMPARTMENT_BITS: i64 = 0x7F00;

/// A practitioner whom a patient lets open sealed documents now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedReader {
    /// The number of the Practitioner.
    pub practitioner: i64,
    /// Compartments, in bits.
    pub bits: i64,
    /// When the last of it ends; `None` when the patient ends it.
    pub until: Option<Timestamp>,
}

/// Whom a patient lets open sealed documents now, by compartment. Whether sharing is paused makes no difference: it says what
/// was given.
pub fn readers(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<Vec<SealedReader>, DbError> {
    let rows = tx.query(
        "SELECT grantee, labels, until FROM reach WHERE patient = ?1 AND until > ?2 AND grantee > 0 AND (labels & ?3) <> 0
         ORDER BY grantee",
        &[patient.into(), now.into(), COMPARTMENT_BITS.into()],
        |row| Ok::<_, DbError>((row.int(0)?, row.int(1)?, row.int(2)?)),
    )?;
    let mut out: Vec<SealedReader> = Vec::new();
    for (practitioner, labels, until) in rows {
        let (bits, until) = (labels & COMPARTMENT_BITS, (until != NO_END).then_some(Timestamp(until)));
        match out.last_mut().filter(|last| last.practitioner == practitioner) {
            Some(last) => {
                last.bits |= bits;
                last.until = last.until.zip(until).map(|(one, other)| one.max(other));
            }
            None => out.push(SealedReader { practitioner, bits, until }),
        }
    }
    Ok(out)
}

/// The patients who let this practitioner open sealed documents now.
pub fn patients(tx: &mut Tx<'_>, practitioner: i64, now: Timestamp) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT DISTINCT patient FROM reach WHERE grantee = ?1 AND until > ?2 AND (labels & ?3) <> 0";
    tx.query(sql, &[practitioner.into(), now.into(), COMPARTMENT_BITS.into()], |row| row.int(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::{Category, LABEL_BITS};

    #[test]
    fn compartments_share_no_bit_with_labels_or_kinds() {
        let bits = Compartment::ALL.into_iter().fold(0, |bits, one| bits | one.bit());
        assert_eq!(bits, COMPARTMENT_BITS);
        assert_eq!(bits & (LABEL_BITS | Category::everything()), 0);
        for one in Compartment::ALL {
            assert_eq!((Compartment::of(one.bit()), Compartment::parse(one.as_str())), (Some(one), Some(one)));
        }
        assert_eq!(Compartment::parse("everything"), None);
    }
}
