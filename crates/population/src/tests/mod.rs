//! What holds for everything this crate makes. Here: reading bundles back.

mod histories;
mod people;
mod readings;
mod stories;

use crate::{Bundle, Options};
use serde_json::Value;

/// 2026-11-21.
pub const TODAY: i64 = 20_778;

pub fn options(seed: u64) -> Options {
    Options { seed, organizations: 8, practitioners: 40, patients: 400, today: TODAY }
}

pub fn parse(bundle: &Bundle) -> Value {
    serde_json::from_str(&bundle.json).unwrap()
}

pub fn patients(count: u32) -> impl Iterator<Item = Value> {
    (0..count).map(|index| parse(&crate::patient(&options(1), index)))
}

pub fn resources<'a>(bundle: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries.map(|entry| &entry["resource"]).filter(move |resource| resource["resourceType"] == kind)
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Days since 1970 of a date or of the day of an instant, by UTC.
pub fn days(text: &str) -> i64 {
    let instant = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    kernel::Timestamp::parse(&instant).unwrap().0.div_euclid(86_400_000)
}

pub fn birth(bundle: &Value) -> i64 {
    days(text(&resources(bundle, "Patient").next().unwrap()["birthDate"]))
}
