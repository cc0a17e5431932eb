//! The picture of a patient. `Patient.photo` says that there is one and where; its bytes are kept beside the entry, so that no
//! search, bundle or version of the Patient carries them along.
//!
//! Always holds: whoever may see the Patient may see the picture, and nobody else; it is sealed with the patient's key; it holds a
//! picture and nothing hidden in it, such as the place where it was taken. Deliberately absent: older pictures.

use crate::beside;
use crate::error::Error;
use crate::resolve;
use crate::view::look;
use base64::{Engine, engine::general_purpose::STANDARD};
use consent::Access;
use db::{DbError, Tx};
use fhir::{Kind, Node};
use kernel::{Ctx, Issue, Problem, rng};
use ledger::{Action, Disclosure, House};
use vault::Aad;

/// The largest file that is kept.
pub const BYTES_MOST: usize = 200_000;
/// The longest side.
const SIDE_MOST: u16 = 1_024;

const fn place(patient: i64) -> Aad {
    Aad::new("photo", patient, 0, 0)
}

/// Where the picture of a patient is read.
fn address(id: &str) -> String {
    format!("/api/patients/{id}/photo")
}

/// The address of the picture that is kept here, as the Patient says it.
pub fn address_in(patient: &Node<'_>) -> Option<String> {
    let own = address(patient.str_of("id")?);
    let urls = patient.array_of("photo").iter().filter_map(|photo| photo.str_of("url"));
    urls.filter(|url| url.split('?').next() == Some(own.as_str())).map(str::to_owned).next()
}

/// The picture.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Vec<u8>>, Problem> {
    look(house, ctx, id, |tx, look| {
        let sql = "SELECT body FROM photo WHERE patient = ?1";
        let sealed = tx.query_opt(sql, &[look.patient.into()], |row| Ok::<_, Error>(row.blob(0)?.to_vec()))?;
        let sealed = sealed.ok_or_else(Problem::not_found)?;
        let picture = look.house.vault.key(tx, look.patient)?.open(&place(look.patient), &sealed)?;
        look.disclose(tx, Action::Read, "Photo", 1, picture)
    })
    .await
}

/// Puts a JPEG picture in place of the one there is.
pub async fn set(house: &House, ctx: &Ctx, id: &str, base64: &str) -> Result<String, Problem> {
    let access = Access::open(ctx)?;
    let refuse = |text: &str| Problem::unprocessable(vec![Issue::new("value", "data", text)]);
    let (h, name) = (house.clone(), id.to_owned());
    let found = house.db.read(move |tx| resolve::patient(tx, &h, &access, &name));
    if let Err(error) = found.await {
        return Err(hidden(house, ctx, id, error).await);
    }
    let picture = STANDARD.decode(base64).map_err(|_| refuse("Send the picture in base64."))?;
    harmless(&picture).map_err(refuse)?;
    write(house, ctx, id, Some(picture)).await
}

/// Takes it away.
pub async fn remove(house: &House, ctx: &Ctx, id: &str) -> Result<(), Problem> {
    write(house, ctx, id, None).await.map(drop)
}

async fn hidden(house: &House, ctx: &Ctx, id: &str, error: Error) -> Problem {
    let problem = Problem::from(error);
    if problem.status == 404 { beside::refused(house, ctx, Kind::Patient, id).await } else { problem }
}

/// The bytes and what the Patient says of them are one transaction.
async fn write(house: &House, ctx: &Ctx, id: &str, picture: Option<Vec<u8>>) -> Result<String, Problem> {
    let access = Access::open(ctx)?;
    let (h, c, name) = (house.clone(), ctx.clone(), id.to_owned());
    let done = house.db.write(move |tx| {
        consent::still(tx, &h, &c)?;
        let found = beside::find(tx, &h, &access, Kind::Patient, &name)?.filter(|found| !found.deleted);
        let patient = found.ok_or_else(Problem::not_found)?;
        let mut node = fhir::json::parse(&patient.stored.json).map_err(|_| Problem::internal())?.into_owned();
        let own = address(&name);
        let elsewhere =
            |photo: &&Node<'static>| photo.str_of("url").and_then(|url| url.split('?').next()) != Some(own.as_str());
        let mut photos: Vec<Node<'static>> = node.array_of("photo").iter().filter(elsewhere).cloned().collect();
        let mut url = String::new();
        if let Some(picture) = &picture {
            // Another picture has another address, so that a page never shows the old one.
            url = format!("{own}?v={}", rng::uuid(&*h.rng).split('-').next().unwrap_or_default());
            photos.insert(0, attachment(&url, picture.len(), &c));
        }
        if photos.is_empty() {
            node.remove("photo");
        } else {
            node.set("photo", Node::Array(photos));
        }
        let rid = patient.stored.rid;
        beside::update(tx, &h, &c, (Kind::Patient, &name), &node.to_bytes())?;
        tx.execute("DELETE FROM photo WHERE patient = ?1", &[rid.into()])?;
        if let Some(picture) = picture {
            let sealed = h.vault.key(tx, rid)?.seal(&*h.rng, &place(rid), &picture)?;
            let sql = "INSERT INTO photo (patient, updated, body) VALUES (?1, ?2, ?3)";
            tx.execute(sql, &[rid.into(), c.now().into(), (&sealed).into()])?;
        }
        Ok::<_, Error>(url)
    });
    match done.await {
        Ok(url) => Ok(url),
        Err(error) => Err(hidden(house, ctx, id, error).await),
    }
}

fn attachment(url: &str, size: usize, ctx: &Ctx) -> Node<'static> {
    Node::object([
        ("contentType", "image/jpeg".into()),
        ("url", url.to_owned().into()),
        ("size", Node::Number(size.to_string().into())),
        ("creation", ctx.now().to_rfc3339().into()),
    ])
}

/// Removes the picture of a patient who is being erased, in that transaction.
pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM photo WHERE patient = ?1", &[patient.into()]).map(drop)
}

/// Whether this is a JPEG picture of a size that is kept, and holds nothing but a picture. The parts are those of ITU-T T.81; what
/// cameras write beside them (Exif with the place, comments) is refused: a page that crops a picture leaves it out.
fn harmless(bytes: &[u8]) -> Result<(), &'static str> {
    const NO_PICTURE: &str = "This is no JPEG picture that can be read.";
    if bytes.len() > BYTES_MOST {
        return Err("A picture has at most 200 kB: make it smaller.");
    }
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8]).filter(|_| bytes.ends_with(&[0xFF, 0xD9])).ok_or(NO_PICTURE)?;
    let mut sized = false;
    loop {
        let ([0xFF, marker, high, low], _) = rest.split_first_chunk::<4>().ok_or(NO_PICTURE)? else {
            return Err(NO_PICTURE);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let part = rest.get(4..2 + length).ok_or(NO_PICTURE)?;
        match marker {
            // How many letters and lines: after one byte of precision.
            0xC0 | 0xC2 => {
                let [_, h1, h2, w1, w2, ..] = part else { return Err(NO_PICTURE) };
                let sides = [u16::from_be_bytes([*h1, *h2]), u16::from_be_bytes([*w1, *w2])];
                if sides.iter().any(|side| *side == 0 || *side > SIDE_MOST) {
                    return Err("A picture is at most 1024 pixels wide and high.");
                }
                sized = true;
            }
            // JFIF, a colour profile, Adobe's note of the colours; tables.
            0xE0 | 0xE2 | 0xEE | 0xC4 | 0xDB | 0xDD => {}
            0xDA if sized => return Ok(()),
            0xE1..=0xEF | 0xFE => {
                return Err("This picture carries more than a picture, such as where it was taken: save it without.");
            }
            _ => return Err(NO_PICTURE),
        }
        rest = rest.get(2 + length..).ok_or(NO_PICTURE)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a JPEG file: a header, the size, the picture.
    fn jpeg(extra: &[u8], width: u16, height: u16) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1];
        out.extend_from_slice(extra);
        out.extend_from_slice(&[0xFF, 0xC0, 0, 8, 8]);
        out.extend_from_slice(&height.to_be_bytes());
        out.extend_from_slice(&width.to_be_bytes());
        out.push(1);
        out.extend_from_slice(&[0xFF, 0xDA, 0, 4, 0, 0, 1, 2, 3, 0xFF, 0xD9]);
        out
    }

    #[test]
    fn a_picture_and_nothing_else_is_kept() {
        assert_eq!(harmless(&jpeg(&[], 400, 400)), Ok(()));
        let exif = [0xFF, 0xE1, 0, 6, b'E', b'x', b'i', b'f'];
        assert!(harmless(&jpeg(&exif, 400, 400)).unwrap_err().contains("where it was taken"));
        let comment = [0xFF, 0xFE, 0, 4, b'h', b'i'];
        assert!(harmless(&jpeg(&comment, 400, 400)).is_err());
        assert!(harmless(&jpeg(&[], 4_000, 400)).unwrap_err().contains("1024"));
        assert!(harmless(&vec![0xFF; BYTES_MOST + 1]).unwrap_err().contains("200 kB"));
        for broken in [&b"GIF89a"[..], &[0xFF, 0xD8, 0xFF, 0xD9], &jpeg(&[], 400, 400)[..12]] {
            assert!(harmless(broken).is_err(), "{broken:?}");
        }
    }
}
