//! What a reader would see, shown to the patient before they give access.

use super::timeline;
use super::timeline::filter::{Filter, Slice};
use super::{Group, Look, found};
use crate::error::Error;
use consent::{Access, Category, GrantForm, rules};
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// What this grant shows, by category.
    pub counts: BTreeMap<Category, i64>,
    pub total: i64,
    /// What it does not show.
    pub hidden: BTreeMap<Category, i64>,
    pub hidden_total: i64,
    /// The first page of the timeline, exactly as the reader would see it.
    pub groups: Vec<Group>,
}

/// The record of the signed-in patient as a grant with these terms would show it. Other grants of the same reader are
/// not counted in.
pub async fn read(house: &House, ctx: &Ctx, form: &GrantForm) -> Result<Disclosure<Preview>, Problem> {
    let own = Access::open(ctx)?;
    let Some(patient) = own.own_patient() else {
        return Err(Problem::forbidden("Only a patient can preview what a grant would show."));
    };
    let terms = rules::terms(form).map_err(Problem::unprocessable)?;
    rules::end(form.until.as_deref(), ctx.now()).map_err(|issue| Problem::unprocessable(vec![issue]))?;
    let reader = Access::preview(ctx, terms)?;
    let (h, c) = (house.clone(), ctx.clone());
    house
        .db
        .scan(move |tx| {
            let all = found::tally(tx, &Look::new(&h, &c, &own, patient.get()))?;
            let mut look = Look::new(&h, &c, &reader, patient.get());
            let page = timeline::page(tx, &mut look, &Filter::default(), &Slice::first())?;
            let (counts, total) = (page.counts.unwrap_or_default(), page.total.unwrap_or_default());
            let mut hidden = all.categories;
            hidden.retain(|category, n| {
                *n -= counts.get(category).copied().unwrap_or(0);
                *n > 0
            });
            let shown = page.groups.iter().map(|group| group.entries.len()).sum();
            let preview = Preview { total, hidden_total: all.total - total, counts, hidden, groups: page.groups };
            look.disclose(tx, Action::Read, "Preview", shown, preview)
        })
        .await
        .map_err(|error: Error| error.into())
}
