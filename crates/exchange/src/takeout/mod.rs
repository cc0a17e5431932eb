//! A record taken along in one file: for programs (FHIR), for whoever checks it (the ledger with its proofs), and for people
//! (a PDF that prints).
//!
//! Always holds: all parts are one reading, which is one entry of the ledger, and none leaves before that is durable; only the
//! patient whose record it is, or their guardian, gets them, for as long as they are let in: what is large leaves piece by piece, each read when
//! it is wanted. Deliberately absent: a font. The PDF uses the letters that every reader has, those of Western Europe; names
//! in others are written in Latin letters, which it says on its first page, and stand as they are in the FHIR part.

mod letters;
mod paper;
mod words;
mod zip;

use kernel::{Ctx, Problem};
use ledger::{Disclosure, House};
use records::export::{Going, Whole};
use zip::Zip;

/// The record for people, and the one for programs on its way.
pub struct Readable {
    pub pdf: Vec<u8>,
    going: Going,
}

/// Reads what people read of a record and writes it down, away from the threads that answer requests.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Readable>, Problem> {
    let found = records::export::whole(house, ctx, id).await?;
    let (inside, asker) = (house.clone(), ctx.clone());
    let grants = house.db.read(move |tx| consent::service::list(&asker, &inside, tx)).await?;
    let now = ctx.now();
    let written = tokio::task::spawn_blocking(move || {
        found.map(|whole| {
            let pdf = words::write(&whole, &grants, now);
            let Whole { going, .. } = whole;
            Readable { pdf, going }
        })
    });
    written.await.map_err(|_| Problem::internal())
}

/// What stands beside the parts, for whoever opens the file years from now.
const READ_ME: &str = "Your health record, as HealthSync kept it.\r\n\r\n\
record.pdf   for reading and printing.\r\n\
record.json  everything, as a FHIR R4 Bundle, for other health programs.\r\n\
documents    the files that were added to your record, as they came.\r\n\
ledger.json  who read and changed your record, with proofs. `healthsync ledger check ledger.json` verifies it\r\n\
             without this server; docs/ledger-file.md of HealthSync says how.\r\n\r\n\
Sealed documents are not in here: only your own browser opens them. Open your vault and download each by itself.\r\n\r\n\
Nothing in here is encrypted: keep it where only you open it.\r\n";

/// What comes next.
enum Step {
    Paper(Readable),
    Record(Going),
    Ledger,
    Files,
    Over,
}

/// One ZIP of all parts, on its way.
pub struct Archive<M> {
    house: House,
    ctx: Ctx,
    zip: Zip,
    step: Step,
    more: M,
}

/// `more` gives the name and content of each other file that belongs to the record, one at a time.
pub fn archive<M>(house: &House, ctx: &Ctx, readable: Readable, more: M) -> Archive<M> {
    let zip = Zip::new(&ctx.now().to_rfc3339());
    Archive { house: house.clone(), ctx: ctx.clone(), zip, step: Step::Paper(readable), more }
}

impl<M, F> Archive<M>
where
    M: FnMut() -> F + Send,
    F: Future<Output = Result<Option<(String, Vec<u8>)>, Problem>> + Send,
{
    /// The next piece, `None` after the last; an error when the record is the caller's no longer. A piece may be empty.
    pub async fn next(self) -> Result<Option<(Vec<u8>, Self)>, Problem> {
        let Self { house, ctx, zip, step, mut more } = self;
        let (zip, step) = match step {
            Step::Over => return Ok(None),
            Step::Paper(Readable { pdf, going }) => {
                let zip = packed(zip, move |zip| {
                    zip.begin("read-me.txt")?;
                    zip.write(READ_ME.as_bytes())?;
                    zip.begin("record.pdf")?;
                    zip.write(&pdf)?;
                    zip.begin("record.json")
                });
                (zip.await?, Step::Record(going))
            }
            Step::Record(going) => match going.next().await? {
                Some((piece, going)) => (packed(zip, move |zip| zip.write(&piece)).await?, Step::Record(going)),
                None => (zip, Step::Ledger),
            },
            // After the entry of this very reading is durable, so that the file tells of it.
            Step::Ledger => {
                let ledger = consent::api::saved_file(&house, &ctx).await?;
                let zip = packed(zip, move |zip| {
                    zip.begin("ledger.json")?;
                    zip.write(&ledger)
                });
                (zip.await?, Step::Files)
            }
            Step::Files => match more().await? {
                Some((name, content)) => {
                    let zip = packed(zip, move |zip| {
                        zip.begin(&name)?;
                        zip.write(&content)
                    });
                    (zip.await?, Step::Files)
                }
                None => (packed(zip, Zip::finish).await?, Step::Over),
            },
        };
        let mut left = Self { house, ctx, zip, step, more };
        Ok(Some((left.zip.take(), left)))
    }
}

/// Packing is work: it is done where work may block.
async fn packed(mut zip: Zip, write: impl FnOnce(&mut Zip) -> Option<()> + Send + 'static) -> Result<Zip, Problem> {
    let done = tokio::task::spawn_blocking(move || write(&mut zip).map(|()| zip)).await;
    done.ok().flatten().ok_or_else(Problem::internal)
}
