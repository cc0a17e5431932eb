//! No damage to a file makes a parser panic, hang or eat memory. Here a few thousand damaged files; hours of it with
//! `cargo run --release -p paper --example mutate`.

use crate::support::mutated::{Chance, mutated, seeds};
use paper::Kind;

/// Checks, and reads what needs no other program.
fn take(bytes: &[u8]) {
    let checked = paper::check(bytes, None, 500);
    if checked.is_ok_and(|checked| Kind::parse(checked.media_type) == Some(Kind::Text)) {
        let _ = paper::read(bytes, Kind::Text, &paper::Wishes::default());
    }
    for kind in [Kind::Doc, Kind::Docx, Kind::Rtf] {
        let _ = paper::read(bytes, kind, &paper::Wishes::default());
    }
}

#[test]
fn damaged_files_of_every_kind_are_answered() {
    let seeds = seeds();
    let mut chance = Chance(20_260_101);
    for (name, good) in &seeds {
        for whole in good {
            assert!(paper::check(whole, None, 500).is_ok(), "{name}: {:?}", paper::check(whole, None, 500));
            let times = if *name == "pdf" { 40 } else { 500 };
            for _ in 0..times {
                let other = &seeds[chance.next() % seeds.len()].1[0];
                take(&mutated(whole, other, &mut chance));
            }
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(300))]

    #[test]
    fn any_text_is_read(text in "[ -~\n\tµ³–,.0-9()<>]{0,400}") {
        paper::read(text.as_bytes(), Kind::Text, &paper::Wishes::default()).unwrap();
    }

    #[test]
    fn values_are_digits_as_they_stand_in_the_text(number in "[1-9][0-9]?\\.[0-9]") {
        let reading = paper::read(format!("Haemoglobin {number} g/dL").as_bytes(), Kind::Text, &paper::Wishes::default()).unwrap();
        proptest::prop_assert_eq!(reading.values[0].value.as_deref(), Some(number.as_str()));
    }
}
