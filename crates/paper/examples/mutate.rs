//! Damages good files and gives them to the parsers for a while.
//!
//! `cargo run --release -p paper --example mutate -- SECONDS_EACH [SEED] [PARSER]`; run it with an empty PATH to leave the
//! programs of others out. It prints how many files each parser answered; a panic ends it with the file on standard
//! error.

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the tests take the rest")]
mod support;

use paper::Kind;
use std::time::{Duration, Instant};
use support::mutated::{Chance, mutated, seeds};

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |n: usize, default: u64| arguments.get(n).map_or(Ok(default), |text| text.parse().map_err(|_| "no number"));
    let (seconds, seed) = (number(0, 60)?, number(1, 1)?);
    let seeds = seeds();
    for (name, good) in &seeds {
        if arguments.get(2).is_some_and(|wanted| wanted != name) {
            continue;
        }
        let mut chance = Chance(seed.wrapping_mul(7919));
        let (begun, mut count, mut taken, mut slowest) = (Instant::now(), 0u64, 0u64, Duration::ZERO);
        // What was accepted once is damaged further, so that the damage gets deeper.
        let mut pool = good.clone();
        while begun.elapsed() < Duration::from_secs(seconds) {
            let whole = &pool[chance.next() % pool.len()];
            let other = &seeds[chance.next() % seeds.len()].1[0];
            let bytes = mutated(whole, other, &mut chance);
            let one = Instant::now();
            let copy = bytes.clone();
            let answered = std::panic::catch_unwind(move || take(&copy));
            let Ok(accepted) = answered else {
                return Err(format!("{name}: {:?}", String::from_utf8_lossy(&bytes)));
            };
            slowest = slowest.max(one.elapsed());
            count += 1;
            taken += u64::from(accepted);
            if accepted && bytes.len() < 200_000 {
                if pool.len() < 400 {
                    pool.push(bytes);
                } else {
                    let place = good.len() + chance.next() % (pool.len() - good.len());
                    pool[place] = bytes;
                }
            }
        }
        println!("{name:<6} {count:>9} files in {seconds} s, {taken} accepted, the slowest took {slowest:?}");
    }
    Ok(())
}

fn take(bytes: &[u8]) -> bool {
    let checked = paper::check(bytes, None, 500);
    let kind = checked.as_ref().ok().and_then(|checked| Kind::parse(checked.media_type));
    for kind in kind.into_iter().chain([Kind::Doc, Kind::Docx, Kind::Rtf]) {
        if !kind.is_picture() && kind != Kind::Pdf {
            let _ = paper::read(bytes, kind, &paper::Wishes::default());
        } else if kind.is_picture() {
            let _ = paper::show(bytes, kind, 1, 100, 0);
        }
    }
    checked.is_ok()
}
