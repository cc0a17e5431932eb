//! For forms that bring a file and say what it is in one go: `/api/records/upload`.

pub use crate::model::Document;
pub use crate::uploads::incoming::{Incoming, Whole};
pub use crate::uploads::metadata::Wishes;

use crate::error::DocumentError;
use crate::rules::KINDS;
use crate::{service, shown, store};
use consent::Access;
use fhir::search::query::fold;
use kernel::{Ctx, Problem, rng};
use ledger::House;

/// The code of a kind of document, by the code or by what it is called.
pub fn kind_of(text: &str) -> Option<&'static str> {
    let text = fold(text);
    KINDS.iter().find(|(code, display)| *code == text || fold(display) == text).map(|(code, _)| *code)
}

/// The id of the document that this caller sends under a key of theirs: the same whenever they send it again.
pub fn id_of(house: &House, ctx: &Ctx, key: &str) -> String {
    let account = ctx.actor.account().map_or(0, kernel::Id::get);
    let content = [&account.to_le_bytes(), key.as_bytes()].concat();
    let digest = house.vault.terms().digest(b"document-key", &content);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    rng::uuid_of(bytes)
}

/// A document, after the trace of reading it is durable.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Result<Document, Problem> {
    records::service::out(house, service::read(house, ctx, id).await?).await
}

/// Whether a document, which the caller was just shown, is of the content with this SHA-256.
pub async fn is_of(house: &House, ctx: &Ctx, id: &str, sha256: Vec<u8>) -> Result<bool, Problem> {
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), id.to_owned());
    let same = house.db.read(move |tx| {
        let found = shown::find(tx, &inside, &asker, &access, &named)?;
        Ok::<_, DocumentError>(
            found.is_some_and(|found| found.row.hash == store::content_hash(&inside, found.row.patient, &sha256)),
        )
    });
    Ok(same.await?)
}
