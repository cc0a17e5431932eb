//! Draws laboratory reports, reads them, and counts what was right.
//!
//! `cargo run --release -p paper --example score -- [clean|scanned] [SEED] [REPORTS PER LAYOUT] [tell]`
//! With `tell` every value that was not right is printed. Seed 7 is for looking; the figures are of seed 2026.

mod chance;
mod counted;
mod drawn;
mod panels;
mod reports;
mod scanned;

use counted::Count;
use paper::{Kind, Wishes};

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |n: usize| arguments.get(n).map(String::as_str);
    let scanned = given(0) == Some("scanned");
    let seed = given(1).map_or(Ok(2026), str::parse::<u64>).map_err(|e| e.to_string())?;
    let each = given(2).map_or(Ok(4), str::parse::<u64>).map_err(|e| e.to_string())?;
    let tell = given(3) == Some("tell");
    if let Some(folder) = std::env::var_os("KEEP") {
        std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    }
    println!(
        "{:<16}{:>7}{:>7}{:>7}{:>7}{:>9}{:>12}{:>12}",
        "layout", "values", "right", "wrong", "missed", "invented", "surely wrong", "range right"
    );
    let (mut all, mut took) = (Count::default(), std::time::Duration::ZERO);
    for (layout, name) in reports::LAYOUTS.iter().enumerate() {
        let mut sum = Count::default();
        for n in 0..each {
            let report = reports::report(layout, seed * 100 + n);
            let (bytes, kind) = if scanned {
                let mut chance = chance::Chance::new(seed * 7919 + n * 6 + layout as u64);
                (scanned::scan(&report.pdf, &mut chance).ok_or("pdftoppm is missing")?, Kind::Jpeg)
            } else {
                (report.pdf.clone(), Kind::Pdf)
            };
            if let Some(folder) = std::env::var_os("KEEP") {
                let ending = if scanned { "jpg" } else { "pdf" };
                let path = std::path::Path::new(&folder).join(format!("{}-{n}.{ending}", name.replace(' ', "-")));
                std::fs::write(path, &bytes).map_err(|e| e.to_string())?;
            }
            let begun = std::time::Instant::now();
            let reading = paper::read(&bytes, kind, &Wishes::default()).map_err(|e| e.to_string())?;
            took += begun.elapsed();
            if tell {
                println!("-- {} {n}", report.layout);
            }
            sum.add(counted::count(&report, &reading.values, &mut |text| {
                if tell {
                    println!("   {text}");
                }
            }));
        }
        row(name, &sum);
        all.add(sum);
    }
    row("all", &all);
    let share = |part: usize| part as f64 * 100.0 / all.truths as f64;
    println!(
        "right {:.1} %, surely right {:.1} %, surely wrong {:.1} %, date right {:.1} %; {:.2} s a page",
        share(all.right),
        share(all.surely_right),
        share(all.surely_wrong),
        share(all.date_right),
        took.as_secs_f64() / (each as f64 * reports::LAYOUTS.len() as f64)
    );
    Ok(())
}

fn row(name: &str, c: &Count) {
    println!(
        "{name:<16}{:>7}{:>7}{:>7}{:>7}{:>9}{:>12}{:>12}",
        c.truths, c.right, c.wrong, c.missed, c.invented, c.surely_wrong, c.range_right
    );
}
