//! What the readable part says, in the order of the International Patient Summary: what a stranger must know first.

use super::paper::{DETAIL, HEADING, Paper, STRONG, TEXT, TITLE};
use consent::{Grant, State};
use kernel::Timestamp;
use records::export::Whole;
use records::view::Entry;
use records::view::summary::Part;

/// Sections of the summary by their LOINC codes: allergies, conditions, medicines, immunizations, results, vital signs,
/// procedures, devices, plan.
const ORDER: [&str; 9] =
    ["48765-2", "11450-4", "10160-0", "11369-6", "30954-2", "8716-3", "47519-4", "46264-8", "18776-5"];

fn day(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

pub fn write(whole: &Whole, grants: &[Grant], now: Timestamp) -> Vec<u8> {
    let made = now.to_rfc3339();
    let header = &whole.gathered.header;
    let mut paper = Paper::new();
    cover(&mut paper, whole, &made);
    let parts = &whole.gathered.parts;
    let known = ORDER.iter().filter_map(|code| parts.iter().find(|part| part.code == *code));
    for part in known.chain(parts.iter().filter(|part| !ORDER.contains(&part.code))) {
        section(&mut paper, part);
    }
    paper.add("Visits", HEADING);
    if whole.visits.is_empty() {
        paper.add("No visits are recorded here.", TEXT);
    }
    for visit in &whole.visits {
        entry(&mut paper, visit);
    }
    access(&mut paper, grants);
    if !paper.exact {
        paper.add("About this file", HEADING);
        paper.add(
            "Letters that its type has not are written in Latin letters. As they were written they stand in record.json.",
            TEXT,
        );
    }
    let title = format!("Health record of {}", header.name);
    paper.finish(&title, &format!("{title} · {}", day(&made)))
}

fn cover(paper: &mut Paper, whole: &Whole, made: &str) {
    let header = &whole.gathered.header;
    paper.add("Health record", TITLE);
    paper.add(&header.name, HEADING);
    if let Some(birth) = &header.birth_date {
        paper.add(&format!("Born {birth}"), TEXT);
    }
    let reach = [("Address", &header.address), ("Telephone", &header.phone)];
    for (name, text) in reach.into_iter().filter_map(|(name, text)| text.as_ref().map(|text| (name, text))) {
        paper.add(&format!("{name}: {text}"), TEXT);
    }
    let entries = whole.entries;
    paper.add(
        &format!("Made on {} at {} UTC, from {entries} entries.", day(made), made.get(11..16).unwrap_or("")),
        TEXT,
    );
    paper.add(
        "Of each kind of result the newest is shown here. All entries, with everything they say, are in record.json, \
         which comes with the complete download. This file was made by a program from what the record holds and replaces no advice of a doctor.",
        TEXT,
    );
}

fn section(paper: &mut Paper, part: &Part) {
    paper.add(part.title, HEADING);
    if let Some(warning) = part.warning {
        paper.add(warning, TEXT);
    }
    if part.items.is_empty() {
        paper.add(part.empty, TEXT);
    }
    for item in &part.items {
        entry(paper, &item.entry);
    }
}

/// Of what was done, that it is done. Of what goes on until it ends, "completed" says that it is over: a medicine that
/// was taken must not look like one that is.
fn goes_without_saying(kind: &str, status: &str) -> bool {
    let ends = matches!(
        kind,
        "MedicationRequest"
            | "MedicationStatement"
            | "CarePlan"
            | "Goal"
            | "ServiceRequest"
            | "DeviceRequest"
            | "DeviceUseStatement"
            | "NutritionOrder"
            | "EpisodeOfCare"
    );
    status == "final" || (matches!(status, "completed" | "finished") && !ends)
}

/// What it is on one line, what more there is to know on the next. A status is said where its author said one: of what has
/// none, nobody knows that it is over.
fn entry(paper: &mut Paper, entry: &Entry) {
    let value = entry.value.as_ref().map(|value| format!(": {}", value.text)).unwrap_or_default();
    paper.add(&format!("{}{value}", entry.title), STRONG);
    let date = entry.date.as_deref().map(|date| day(date).to_owned());
    let status = entry.status.clone().filter(|status| !goes_without_saying(entry.r#type, status));
    let parts: Vec<String> = [date, entry.detail.clone(), status].into_iter().flatten().collect();
    if !parts.is_empty() {
        paper.add(&parts.join(" · "), DETAIL);
    }
}

fn access(paper: &mut Paper, grants: &[Grant]) {
    paper.add("Access given to doctors and organizations", HEADING);
    let live: Vec<&Grant> = grants.iter().filter(|grant| grant.state == State::Active).collect();
    if live.is_empty() {
        paper.add(
            "None is given now. Guardians, people who look after the record, links and apps stand on their own pages.",
            TEXT,
        );
    }
    for grant in live {
        paper.add(&grant.grantee.name, STRONG);
        let until = grant
            .until
            .as_deref()
            .map_or_else(|| "until you end it".to_owned(), |until| format!("until {}", day(until)));
        let what = if grant.categories.is_some() { "chosen kinds of data" } else { "every kind of data" };
        paper.add(&format!("{what} · since {} · {until}", day(&grant.created)), DETAIL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use consent::Category;

    fn said(kind: &'static str, category: Category, status: &str) -> bool {
        let mut paper = Paper::new();
        let one = Entry {
            r#type: kind,
            id: "one".to_owned(),
            category,
            title: "What it is".to_owned(),
            date: Some("2024-09-13".to_owned()),
            value: None,
            status: Some(status.to_owned()),
            detail: None,
            own: false,
            document: None,
        };
        entry(&mut paper, &one);
        String::from_utf8_lossy(&paper.finish("Title", "Foot")).contains(status)
    }

    #[test]
    fn a_course_that_is_over_says_so_and_what_was_done_does_not() {
        assert!(said("MedicationRequest", Category::Medicine, "completed"));
        assert!(said("MedicationStatement", Category::Medicine, "stopped"));
        assert!(said("MedicationRequest", Category::Medicine, "active"));
        assert!(!said("Procedure", Category::Procedure, "completed"));
        assert!(!said("Encounter", Category::Visit, "finished"));
        assert!(!said("Observation", Category::Vital, "final"));
    }
}
