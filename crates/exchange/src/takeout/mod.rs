//! A record taken along in one file: for programs (FHIR), for whoever checks it (the ledger with its proofs), and for people
//! (a PDF that prints).
//!
//! Always holds: all parts are made of one reading, which is one entry of the ledger; only the patient whose record it is gets
//! them. Deliberately absent: a font. The PDF uses the letters that every reader has, those of Western Europe; names in
//! others are written in Latin letters, which it says on its first page, and stand as they are in the FHIR part.

mod letters;
mod paper;
mod words;
mod zip;

pub use zip::Zip;

use kernel::{Ctx, Problem};
use ledger::{Disclosure, House};
use records::export::Whole;

/// The record for people.
pub struct Readable {
    pub bundle: Vec<u8>,
    pub pdf: Vec<u8>,
}

/// Reads the whole record once and writes it down for programs and for people.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Readable>, Problem> {
    let found = records::export::whole(house, ctx, id).await?;
    let (inside, asker) = (house.clone(), ctx.clone());
    let grants = house.db.read(move |tx| consent::service::list(&asker, &inside, tx)).await?;
    let now = ctx.now();
    Ok(found.map(|whole| {
        let pdf = words::write(&whole, &grants, now);
        let Whole { bundle, .. } = whole;
        Readable { bundle, pdf }
    }))
}

/// What stands beside the parts, for whoever opens the file years from now.
const READ_ME: &str = "Your health record, as HealthSync kept it.\r\n\r\n\
record.pdf   for reading and printing.\r\n\
record.json  everything, as a FHIR R4 Bundle, for other health programs.\r\n\
documents    the files that were added to your record, as they came.\r\n\
ledger.json  who read and changed your record, with proofs. `healthsync ledger check ledger.json` verifies it\r\n\
             without this server; docs/ledger-file.md of HealthSync says how.\r\n\r\n\
Nothing in here is encrypted: keep it where only you open it.\r\n";

/// One ZIP of all parts, as far as it goes; what else belongs to the record comes behind it.
pub fn archive(readable: &Readable, ledger: &[u8], ctx: &Ctx) -> Result<(Zip, Vec<u8>), Problem> {
    let parts: [(&str, &[u8]); 4] = [
        ("read-me.txt", READ_ME.as_bytes()),
        ("record.pdf", &readable.pdf),
        ("record.json", &readable.bundle),
        ("ledger.json", ledger),
    ];
    let (mut zip, mut out) = (Zip::new(&ctx.now().to_rfc3339()), Vec::new());
    for (name, content) in parts {
        out.extend_from_slice(&zip.file(name, content).ok_or_else(Problem::internal)?);
    }
    Ok((zip, out))
}
