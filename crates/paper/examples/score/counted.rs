//! Right, wrong, missed: the values of a report against the truth.

use super::reports::Report;
use paper::labs::Proposal;

/// From this on a value counts as read with high confidence.
pub const HIGH: f32 = 0.9;

#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub truths: usize,
    pub right: usize,
    pub wrong: usize,
    pub missed: usize,
    /// Proposed, and not in the report.
    pub invented: usize,
    /// Wrong or invented with high confidence.
    pub surely_wrong: usize,
    /// Right, with high confidence.
    pub surely_right: usize,
    /// Right, with the range as printed.
    pub range_right: usize,
    pub date_right: usize,
}

impl Count {
    pub fn add(&mut self, other: Self) {
        self.truths += other.truths;
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.invented += other.invented;
        self.surely_wrong += other.surely_wrong;
        self.surely_right += other.surely_right;
        self.range_right += other.range_right;
        self.date_right += other.date_right;
    }
}

pub fn count(report: &Report, proposals: &[Proposal], tell: &mut dyn FnMut(String)) -> Count {
    let mut count = Count { truths: report.truths.len(), ..Count::default() };
    let mut used = vec![false; proposals.len()];
    for truth in &report.truths {
        let value = |p: &Proposal| p.value.clone().or(p.qualitative.clone()).unwrap_or_default();
        let is_right = |p: &Proposal| {
            p.code == truth.code
                && value(p).eq_ignore_ascii_case(&truth.value)
                && p.unit.unwrap_or_default() == truth.unit
                && p.comparator == truth.comparator
        };
        let unused = |n: &usize| !used[*n];
        let right = (0..proposals.len()).filter(unused).find(|n| is_right(&proposals[*n]));
        let found = right.or_else(|| (0..proposals.len()).filter(unused).find(|n| proposals[*n].code == truth.code));
        let Some(n) = found else {
            count.missed += 1;
            tell(format!("missed {truth:?}"));
            continue;
        };
        used[n] = true;
        let proposal = &proposals[n];
        if right.is_some() {
            count.right += 1;
            count.surely_right += usize::from(proposal.confidence >= HIGH);
            let same = proposal.low == truth.low && proposal.high == truth.high;
            count.range_right += usize::from(same);
            if !same {
                tell(format!("range {truth:?}: {:?} {:?}", proposal.low, proposal.high));
            }
            count.date_right += usize::from(proposal.date.as_deref() == Some(report.date));
        } else {
            count.wrong += 1;
            count.surely_wrong += usize::from(proposal.confidence >= HIGH);
            tell(format!("wrong {truth:?}: {proposal:?}"));
        }
    }
    for (n, proposal) in proposals.iter().enumerate().filter(|(n, _)| !used[*n]) {
        count.invented += 1;
        count.surely_wrong += usize::from(proposals[n].confidence >= HIGH);
        tell(format!("invented {proposal:?}"));
    }
    count
}
