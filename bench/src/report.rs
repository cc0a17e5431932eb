//! The table: what was measured, against what was wanted and against what the machine can do at all.

use crate::http::Driven;
use crate::machine::Shares;
use std::fmt::Write;
use std::path::Path;

/// One line of the table.
pub struct Row {
    pub what: String,
    pub unit: &'static str,
    /// One value per round.
    pub values: Vec<f64>,
    pub target: Option<Target>,
    /// Milliseconds within which 50, 95 and 99 of 100 answers came, per round.
    pub latency: Vec<[f64; 3]>,
    /// What the bare program reached, per round.
    pub limit: Vec<f64>,
    pub shares: Vec<Shares>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Row {
    pub fn new(what: impl Into<String>, unit: &'static str, target: Option<Target>) -> Self {
        let what = what.into();
        Self { what, unit, values: Vec::new(), target, latency: Vec::new(), limit: Vec::new(), shares: Vec::new() }
    }

    /// Adds a round; `each` is what one request counts for.
    pub fn add(&mut self, driven: &Driven, each: f64) {
        let value = driven.per_second() * each;
        self.values.push(value);
        self.latency.push([0.50, 0.95, 0.99].map(|part| driven.percentile(part)));
        self.shares.push(driven.shares);
        eprintln!(
            "  {}: {} {}; server {:.2}, driver {:.2}, others {:.2} processors",
            self.what,
            number(value),
            self.unit,
            driven.shares.server,
            driven.shares.driver,
            driven.shares.others
        );
    }

    pub fn add_value(&mut self, value: f64) {
        eprintln!("  {}: {} {}", self.what, number(value), self.unit);
        self.values.push(value);
    }

    pub fn add_limit(&mut self, value: f64) {
        eprintln!("  the limit of that: {} {}", number(value), self.unit);
        self.limit.push(value);
    }

    pub fn value(&self) -> f64 {
        median(&self.values)
    }
}

/// The middle one, or the mean of the middle two.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

/// `12,345`, `12.3`, `0.123`: three digits that mean something are enough.
pub fn number(value: f64) -> String {
    match value.abs() {
        v if v < 1.0 => format!("{value:.3}"),
        v if v < 10.0 => format!("{value:.2}"),
        v if v < 100.0 => format!("{value:.1}"),
        _ => {
            let digits = format!("{value:.0}");
            let mut out = String::new();
            for (i, c) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i).is_multiple_of(3) && !out.ends_with('-') {
                    out.push(',');
                }
                out.push(c);
            }
            out
        }
    }
}

/// The table in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut out = String::from(
        "| measure | value | target | p50 ms | p95 ms | p99 ms | limit | of it | rounds | server µs each | server + driver + others |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for row in rows {
        let target = match row.target {
            None => String::new(),
            Some(Target::AtLeast(n)) if row.value() >= n => format!("≥ {}", number(n)),
            Some(Target::AtMost(n)) if row.value() <= n => format!("≤ {}", number(n)),
            Some(Target::AtLeast(n)) => format!("≥ {} **missed**", number(n)),
            Some(Target::AtMost(n)) => format!("≤ {} **missed**", number(n)),
        };
        let column = |i: usize| match row.latency.is_empty() {
            true => String::new(),
            false => number(median(&row.latency.iter().map(|l| l[i]).collect::<Vec<_>>())),
        };
        let (limit, ratio) = match row.limit.is_empty() {
            true => (String::new(), String::new()),
            false => {
                let limit = median(&row.limit);
                (number(limit), format!("{:.0} %", 100.0 * row.value() / limit))
            }
        };
        let low = row.values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = row.values.iter().copied().fold(0.0, f64::max);
        let of = |pick: fn(&Shares) -> f64| median(&row.shares.iter().map(pick).collect::<Vec<_>>());
        let shares = match row.shares.is_empty() {
            true => String::new(),
            false => format!("{:.2} + {:.2} + {:.2}", of(|s| s.server), of(|s| s.driver), of(|s| s.others)),
        };
        // What one costs the server in processor time hardly depends on what else the machine does.
        let costs: Vec<f64> = row.shares.iter().zip(&row.values).map(|(s, value)| s.server * 1e6 / value).collect();
        let cost = if costs.is_empty() { String::new() } else { number(median(&costs)) };
        let _ = writeln!(
            out,
            "| {} | **{}** {} | {target} | {} | {} | {} | {limit} | {ratio} | {} … {} | {cost} | {shares} |",
            row.what,
            number(row.value()),
            row.unit,
            column(0),
            column(1),
            column(2),
            number(low),
            number(high),
        );
    }
    out
}

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Puts the measured text between its two marks in a document; the words around it stay.
pub fn write(document: &Path, measured: &str) -> Result<(), String> {
    let said = |e: std::io::Error| format!("{}: {e}", document.display());
    let text = std::fs::read_to_string(document).map_err(said)?;
    let changed = replaced(&text, measured)
        .ok_or_else(|| format!("{}: the lines {BEGIN} and {END} are missing", document.display()))?;
    std::fs::write(document, changed).map_err(said)
}

fn replaced(text: &str, measured: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", measured.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_value_counts() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[1.0, 2.0, 3.0, 10.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn numbers_are_written_for_people() {
        let written: Vec<String> =
            [0.1234, 1.234, 45.67, 999.4, 1234.0, 1_234_567.0].iter().map(|n| number(*n)).collect();
        assert_eq!(written, ["0.123", "1.23", "45.7", "999", "1,234", "1,234,567"]);
    }

    #[test]
    fn a_missed_target_shows() {
        let mut row = Row::new("x", "/s", Some(Target::AtLeast(10.0)));
        row.values = vec![9.0];
        row.limit = vec![18.0];
        assert!(table(&[row]).contains("| **9.00** /s | ≥ 10.0 **missed** |  |  |  | 18.0 | 50 % |"));
        let mut row = Row::new("x", "s", Some(Target::AtMost(10.0)));
        row.values = vec![9.0];
        assert!(!table(&[row]).contains("missed"));
    }

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(replaced(&text, "new\n").unwrap(), format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n"));
        assert_eq!(replaced("a", "new"), None);
    }
}
