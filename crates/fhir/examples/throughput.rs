//! Measures reading, checking and indexing: `cargo run --release -p fhir --example throughput -- FILE…`
//!
//! A file is a resource or a bundle as JSON, or one compressed with bzip2. Each step is timed alone over all resources, the
//! best of five rounds.

use fhir::{Node, bundle, json, search, validate};
use std::error::Error;
use std::io::Read;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut texts = Vec::new();
    for path in std::env::args().skip(1) {
        let mut text = Vec::new();
        let file = std::fs::File::open(&path)?;
        if path.ends_with(".bz2") {
            bzip2::read::BzDecoder::new(file).read_to_end(&mut text)?;
        } else {
            std::io::BufReader::new(file).read_to_end(&mut text)?;
        }
        texts.push(text);
    }
    let started = Instant::now();
    if let Some(kind) = fhir::Kind::parse("Patient") {
        let _ = (validate(&Node::object([("resourceType", Node::from("Patient"))])), search::params(kind));
    }
    println!("tables compiled in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let mut resources: Vec<&[u8]> = Vec::new();
    for text in &texts {
        match bundle::parse(text) {
            Ok(bundle) => resources.extend(bundle.entries.iter().filter_map(|entry| entry.resource)),
            Err(_) => resources.push(text),
        }
    }
    let size: usize = resources.iter().map(|text| text.len()).sum();
    println!("{} resources, {:.1} MB", resources.len(), size as f64 / 1e6);
    let split = best(|| texts.iter().filter(|text| bundle::parse(text).is_ok()).count());
    report("split bundles", split, size, resources.len());
    let parse = best(|| resources.iter().filter(|text| json::parse(text).is_ok()).count());
    report("parse and drop", parse, size, resources.len());
    let nodes: Vec<Node<'_>> = resources.iter().filter_map(|text| json::parse(text).ok()).collect();
    let check = best(|| nodes.iter().filter(|node| validate(node).is_ok()).count());
    report("validate", check, size, resources.len());
    let valid: Vec<_> = nodes.iter().filter_map(|node| Some((validate(node).ok()?, node))).collect();
    println!("{} of them valid", valid.len());
    let mut found = 0;
    let extract = best(|| {
        let mut terms = Vec::new();
        found = 0;
        for (kind, node) in &valid {
            terms.clear();
            search::extract(*kind, node, &mut terms);
            found += terms.len();
        }
        found
    });
    report("extract", extract, size, resources.len());
    println!("{:.1} terms per resource", found as f64 / resources.len() as f64);
    let whose = best(|| {
        valid
            .iter()
            .map(|(k, n)| search::patient_refs(*k, n).len() + usize::from(search::primary_date(*k, n).is_some()))
            .sum()
    });
    report("date and patient", whose, size, resources.len());
    let mut out = Vec::new();
    let write = best(|| {
        out.clear();
        nodes.iter().for_each(|node| node.write(&mut out));
        out.len()
    });
    report("write", write, size, resources.len());
    report("all but splitting", parse + check + extract + whose + write, size, resources.len());
    Ok(())
}

fn best(mut step: impl FnMut() -> usize) -> Duration {
    let round = |_| {
        let started = Instant::now();
        std::hint::black_box(step());
        started.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}

fn report(step: &str, took: Duration, size: usize, count: usize) {
    let seconds = took.as_secs_f64();
    println!("{step:18} {:8.1} MB/s {:8.2} us per resource", size as f64 / 1e6 / seconds, seconds * 1e6 / count as f64);
}
