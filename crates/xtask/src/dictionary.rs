//! Trains the dictionary that bodies are packed with, on invented histories.

use fhir::{Kind, Node};
use population::Options;
use std::borrow::Cow;
use std::path::Path;

/// Other people than those of the demonstration and of the benchmarks: a dictionary that had seen what it is measured
/// with would look better than it is.
const PEOPLE: Options = Options { seed: 20_260_101, organizations: 8, practitioners: 60, patients: 120, today: 20_400 };

/// zstd gains little beyond this, and every thread that packs or unpacks keeps a copy at hand.
const BYTES: usize = 64 << 10;

/// Of a history with thousands of readings, this many resources say as much as all.
const OF_EACH: usize = 400;

pub fn train(root: &Path) -> Result<String, String> {
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for index in 0..PEOPLE.patients {
        let bundle = population::patient(&PEOPLE, index);
        samples.extend(resources(bundle.json.as_bytes())?);
    }
    samples.extend(resources(population::directory(&PEOPLE).json.as_bytes())?);
    let dictionary = zstd::dict::from_samples(&samples, BYTES).map_err(|e| format!("zstd trained nothing: {e}"))?;
    let path = root.join("crates/vault/dictionary/fhir-2.zdict");
    std::fs::write(&path, &dictionary).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(format!("{}: {} bytes from {} resources", path.display(), dictionary.len(), samples.len()))
}

/// The resources of a bundle, as they are stored: type, id and meta first.
fn resources(bundle: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let bundle = fhir::bundle::parse(bundle).map_err(|issues| format!("an invented bundle: {issues:?}"))?;
    let mut out = Vec::new();
    let step = bundle.entries.len().div_ceil(OF_EACH);
    for entry in bundle.entries.iter().step_by(step.max(1)) {
        let Some(resource) = entry.resource else { continue };
        let mut node = fhir::json::parse(resource).map_err(|issue| issue.text)?;
        let kind = node.str_of("resourceType").and_then(Kind::parse).ok_or("an invented resource has no type")?;
        stored(&mut node, kind, out.len());
        let mut json = Vec::new();
        node.write(&mut json);
        out.push(json);
    }
    Ok(out)
}

fn stored(node: &mut Node<'_>, kind: Kind, number: usize) {
    for name in ["resourceType", "id", "meta"] {
        node.remove(name);
    }
    let text = |text: String| Node::String(Cow::Owned(text));
    let meta = Node::object([
        ("versionId", text("1".to_owned())),
        ("lastUpdated", text(format!("2026-01-{:02}T{:02}:{:02}:00.000Z", number % 28 + 1, number % 24, number % 60))),
    ]);
    if let Node::Object(members) = node {
        members.insert(0, (Cow::Borrowed("resourceType"), Node::String(Cow::Borrowed(kind.name()))));
        members.insert(
            1,
            (Cow::Borrowed("id"), text(format!("{:08x}-0000-4000-8000-000000000000", number * 2_654_435_761))),
        );
        members.insert(2, (Cow::Borrowed("meta"), meta));
    }
}
