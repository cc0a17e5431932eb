//! Documents of others are read with few wrong letters. They lie outside of the repository, in `../shared/data` or
//! where `HEALTHSYNC_SHARED_DATA` says.

use crate::support::pdf;
use paper::{Kind, Wishes};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

fn documents() -> Option<PathBuf> {
    let given = std::env::var_os("HEALTHSYNC_SHARED_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = given.unwrap_or(beside).join("documents");
    if folder.is_dir() && paper::programs::missing().is_empty() {
        return Some(folder);
    }
    println!("not tried: no documents at {}, or a program is missing", folder.display());
    None
}

/// Letters and digits only, in the order of reading: spaces, leaders and rules are no letters.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Levenshtein, in a band: the texts are near each other or the answer does not matter.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, letter) in a.iter().enumerate() {
        let mut before = std::mem::replace(&mut row[0], n + 1);
        for (m, other) in b.iter().enumerate() {
            let changed = before + usize::from(letter != other);
            before = row[m + 1];
            row[m + 1] = changed.min(row[m] + 1).min(before + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[test]
fn pages_at_150_dpi_have_at_most_two_wrong_letters_in_a_hundred() {
    let Some(folder) = documents() else { return };
    let (mut wrong, mut all) = (0, 0);
    for name in ["DocumentReference-adi-dnr-0", "DocumentReference-living-will-0"] {
        let pdf = std::fs::read(folder.join(format!("{name}.pdf"))).unwrap();
        let layer = paper::read(&pdf, Kind::Pdf, &Wishes::default()).unwrap();
        let pages = layer.text.split('\u{C}').count().min(3);
        for page in 1..=pages {
            let number = page.to_string();
            let path = folder.join(format!("{name}.pdf"));
            let png = Command::new("pdftoppm")
                .args(["-r", "150", "-png", "-f", &number, "-l", &number])
                .arg(path)
                .stdout(Stdio::piped())
                .output()
                .unwrap()
                .stdout;
            let seen = paper::read(&png, Kind::Png, &Wishes::default()).unwrap();
            let truth = letters(layer.text.split('\u{C}').nth(page - 1).unwrap());
            let read = letters(&seen.text);
            let errors = distance(&truth, &read);
            println!("{name} {page}: {errors} of {}", truth.len());
            (wrong, all) = (wrong + errors, all + truth.len());
        }
    }
    println!("{wrong} of {all} letters: {:.2} %", wrong as f64 * 100.0 / all as f64);
    assert!(wrong * 50 <= all, "{wrong} of {all}");
}

#[test]
fn a_long_scan_is_read_as_far_as_the_time_goes_and_says_how_much_is_left() {
    let scan = pdf(3);
    let unread = |wishes| paper::read(&scan, Kind::Pdf, &wishes).unwrap().unread;
    assert_eq!(unread(Wishes::default()), 0);
    // The first page is read however late it is.
    assert_eq!(unread(Wishes { patience: Duration::ZERO, ..Wishes::default() }), 2);
    assert_eq!(unread(Wishes { max_pictures: 1, ..Wishes::default() }), 2);
}
