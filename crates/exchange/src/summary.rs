//! The International Patient Summary (HL7 IPS 2.0.0, <https://hl7.org/fhir/uv/ips>): a FHIR document made anew each time
//! it is asked for.
//!
//! Always holds: it is made through an [`Access`], so that what its reader may not see is not in it; the three required
//! sections are always there, with `emptyReason` when nothing stands in them; every reference in it leads to another of
//! its entries. What is chosen, and why, is in [`rules`].

mod document;
mod narrative;
pub mod rules;

use consent::Access;
use consent::access::Terms;
use kernel::{Actor, Ctx, Problem};
use ledger::{Disclosure, House};
use records::view::summary::{Gathered, Whose, gather};

/// The record named by logical id, as the caller may see it. A patient's own leaves sensitive areas out unless they say
/// `sensitive`: a summary is made to be handed on.
pub async fn read(house: &House, ctx: &Ctx, id: &str, sensitive: bool) -> Result<Disclosure<Vec<u8>>, Problem> {
    let access = match ctx.actor {
        Actor::Patient { .. } if !sensitive => Access::preview(ctx, Terms::all())?,
        _ => Access::open(ctx)?,
    };
    document(house, ctx, access, Whose::Named(id.to_owned())).await
}

/// The same for an access that somebody else has.
pub async fn document(house: &House, ctx: &Ctx, access: Access, whose: Whose) -> Result<Disclosure<Vec<u8>>, Problem> {
    let gathered = current(house, ctx, access, whose).await?;
    let (now, rng) = (ctx.now(), house.rng.clone());
    Ok(gathered.map(|gathered| document::bundle(&gathered, now, &*rng)))
}

/// What is current of a record, with the blood groups.
pub async fn current(house: &House, ctx: &Ctx, access: Access, whose: Whose) -> Result<Disclosure<Gathered>, Problem> {
    let now = ctx.now();
    let keep = move |gathered: &mut Gathered| rules::keep(gathered, now);
    gather(house, ctx, access, whose, &rules::BLOOD_GROUPS, keep).await
}
