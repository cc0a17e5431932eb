//! The words of each page with their places, sealed.

use crate::error::DocumentError;
use crate::model::Page;
use crate::store::{Row, broken};
use db::Tx;
use ledger::House;
use vault::Aad;

const fn place(rid: i64, page: i64) -> Aad {
    Aad::new("document-text", rid, page, 0)
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row, pages: &[Page]) -> Result<(), DocumentError> {
    let key = house.vault.key(tx, row.patient)?;
    for page in pages {
        let json = serde_json::to_vec(page).map_err(|e| broken("a page", &e))?;
        let sealed = key.seal(&*house.rng, &place(row.rid, page.n), &vault::pack(&json))?;
        tx.execute("DELETE FROM document_text WHERE rid = ?1 AND page = ?2", &[row.rid.into(), page.n.into()])?;
        tx.execute(
            "INSERT INTO document_text (rid, page, body) VALUES (?1, ?2, ?3)",
            &[row.rid.into(), page.n.into(), (&sealed).into()],
        )?;
    }
    Ok(())
}

pub fn of(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<Page>, DocumentError> {
    let sql = "SELECT page, body FROM document_text WHERE rid = ?1 ORDER BY page";
    let sealed =
        tx.query(sql, &[row.rid.into()], |found| Ok::<_, DocumentError>((found.int(0)?, found.blob(1)?.to_vec())))?;
    let key = house.vault.key(tx, row.patient)?;
    let open = |(page, sealed): (i64, Vec<u8>)| {
        let json = vault::unpack(&key.open(&place(row.rid, page), &sealed)?)?;
        serde_json::from_slice(&json).map_err(|e| broken("a page", &e))
    };
    sealed.into_iter().map(open).collect()
}
