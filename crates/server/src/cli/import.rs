//! `import`: bundles and resources in files, folders and standard input.
//!
//! A bundle is one transaction. Resources on their own (NDJSON lines, a file with one resource, a collection) are put
//! together to transactions of many, because one flush per resource would take a hundred times as long; a transaction
//! of those that is refused is cut in halves until the faulty one stands alone.

mod documents;
mod source;

use super::{Failed, block_on, operator, told};
use clap::Args;
use documents::{Document, wrapped};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Ctx, Problem};
use ledger::House;
use records::bundle::{Options, process, seen};
use source::Source;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[derive(Args)]
pub struct Import {
    /// JSON or NDJSON files, also .gz and .bz2; folders with such files; - for standard input
    #[arg(required = true, value_name = "FILE|FOLDER|-")]
    from: Vec<PathBuf>,
    /// The organization that contributes it and keeps custody of it; made if no organization has this name
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,
}

/// What the whole import did.
#[derive(Debug, Default)]
struct Report {
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: Vec<Refused>,
    /// Sources that could not be read to their end, and why.
    broken: Vec<(String, String)>,
}

/// Something that was not taken in, kept because it may be once what it refers to is there.
#[derive(Debug)]
struct Refused {
    source: String,
    document: Document,
    why: String,
}

impl Report {
    fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.refused.extend(other.refused);
        self.broken.extend(other.broken);
    }
}

struct Work<'i> {
    house: &'i House,
    ctx: Ctx,
    options: Options,
    bar: ProgressBar,
}

pub fn run(house: &House, import: &Import) -> Result<(), Failed> {
    let sources = source::collect(&import.from).map_err(Failed::Usage)?;
    if sources.is_empty() {
        return Err(Failed::Usage("There is no .json, .ndjson, .gz or .bz2 file in what was named.".to_owned()));
    }
    let ctx = operator(house);
    let organization = match &import.organization {
        Some(name) => Some(block_on(crate::api::organizations::find_or_create(house, &ctx, name))??.rid),
        None => None,
    };
    let bar = ProgressBar::new(sources.len() as u64).with_style(
        ProgressStyle::with_template("{bar:32} {pos}/{len} files, {msg}").map_err(|e| Failed::Work(e.to_string()))?,
    );
    bar.enable_steady_tick(Duration::from_millis(200));
    let work = Work { house, ctx, options: Options { organization, once: true, keep_ids: true }, bar };
    let report = work.all(sources);
    work.bar.finish_and_clear();
    println!("created    {:>9}", report.created);
    println!("updated    {:>9}", report.updated);
    println!("unchanged  {:>9}", report.unchanged);
    println!("refused    {:>9}", report.refused.len() + report.broken.len());
    for Refused { source, document, why } in &report.refused {
        let place = document.place();
        println!("\n{source}{}{place}: {why}", if place.is_empty() { "" } else { " " });
    }
    for (source, why) in &report.broken {
        println!("\n{source}: {why}");
    }
    match report.refused.len() + report.broken.len() {
        0 => Ok(()),
        1 => Err(Failed::Work("One thing was refused; everything else is in.".to_owned())),
        n => Err(Failed::Work(format!("{n} things were refused; everything else is in."))),
    }
}

/// Documents put together to one transaction, and how many bytes of them.
const TOGETHER: usize = 200;
const TOGETHER_BYTES: usize = 4 << 20;

impl Work<'_> {
    fn all(&self, sources: Vec<Source>) -> Report {
        let mut report = Report::default();
        // What others refer to comes first, one rank after the other; within a rank the order does not matter.
        for rank in sources.chunk_by(|a, b| a.rank == b.rank) {
            report.add(self.side_by_side(rank, |source| self.source(source)));
        }
        // What was refused may only have come too early: it is tried again as long as that helps.
        loop {
            let again = std::mem::take(&mut report.refused);
            let before = again.len();
            if before == 0 {
                return report;
            }
            report.add(
                self.side_by_side(&again, |refused| self.documents(&refused.source, vec![refused.document.clone()])),
            );
            if report.refused.len() == before {
                return report;
            }
        }
    }

    /// Preparing a bundle is work for a processor, storing it is not: as many at once as there are processors.
    fn side_by_side<T: Sync>(&self, items: &[T], one: impl Fn(&T) -> Report + Sync) -> Report {
        let next = AtomicUsize::new(0);
        let whole = Mutex::new(Report::default());
        let threads = std::thread::available_parallelism().map_or(2, usize::from).min(items.len());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let report = one(item);
                        let mut whole = whole.lock().unwrap_or_else(PoisonError::into_inner);
                        whole.add(report);
                        let done = whole.created + whole.updated + whole.unchanged;
                        self.bar.set_message(format!("{done} resources, {} refused", whole.refused.len()));
                        self.bar.inc(1);
                    }
                });
            }
        });
        whole.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn source(&self, source: &Source) -> Report {
        let mut report = Report::default();
        let mut together = Vec::new();
        let mut bytes = 0;
        let outcome = source.read(|document| {
            if document.is_bundle() {
                report.add(self.documents(&source.name, vec![document]));
                return;
            }
            bytes += document.json.len();
            together.push(document);
            if together.len() >= TOGETHER || bytes >= TOGETHER_BYTES {
                bytes = 0;
                report.add(self.documents(&source.name, std::mem::take(&mut together)));
            }
        });
        if !together.is_empty() {
            report.add(self.documents(&source.name, together));
        }
        if let Err(why) = outcome {
            report.broken.push((source.name.clone(), why));
        }
        report
    }

    /// Takes documents in as one transaction, or, when that is refused, each half on its own.
    fn documents(&self, source: &str, mut documents: Vec<Document>) -> Report {
        match self.transaction(&documents) {
            Ok(done) => done,
            Err(problem) if documents.len() <= 1 => {
                let mut why = told(&problem);
                if documents.iter().any(|document| !document.is_bundle()) {
                    // The transaction around a single resource is ours: its places mean nothing to the reader.
                    why = why.replace("Bundle.entry[0].resource.", "").replace("Bundle.entry[0].", "");
                }
                let refused = |document| Refused { source: source.to_owned(), document, why: why.clone() };
                Report { refused: documents.into_iter().map(refused).collect(), ..Report::default() }
            }
            Err(_) => {
                let second = documents.split_off(documents.len() / 2);
                let mut report = self.documents(source, documents);
                report.add(self.documents(source, second));
                report
            }
        }
    }

    fn transaction(&self, documents: &[Document]) -> Result<Report, Problem> {
        let content = match documents {
            [bundle] if bundle.is_bundle() => bundle.json.clone(),
            loose => wrapped(loose),
        };
        if seen(self.house, &content)? {
            return Ok(Report { unchanged: documents.iter().map(Document::entries).sum(), ..Report::default() });
        }
        let done = process(self.house, &self.ctx, content, &self.options)?;
        Ok(Report { created: done.created, updated: done.updated, unchanged: done.unchanged, ..Report::default() })
    }
}
