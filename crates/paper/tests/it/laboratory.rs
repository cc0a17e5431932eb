//! Invented laboratory reports are read as they were drawn. The figures of the whole corpus are in docs/reading.md.

#[path = "../../examples/score/chance.rs"]
mod chance;
#[path = "../../examples/score/counted.rs"]
mod counted;
#[path = "../../examples/score/drawn.rs"]
mod drawn;
#[path = "../../examples/score/panels.rs"]
mod panels;
#[path = "../../examples/score/reports.rs"]
mod reports;
#[path = "../../examples/score/scanned.rs"]
mod scanned;

use counted::Count;
use paper::{Kind, Wishes};

fn counted(scanned: bool, each: u64) -> Option<Count> {
    let mut all = Count::default();
    for layout in 0..reports::LAYOUTS.len() {
        for n in 0..each {
            let report = reports::report(layout, 4200 + n);
            let (bytes, kind) = if scanned {
                (scanned::scan(&report.pdf, &mut chance::Chance::new(n * 6 + layout as u64))?, Kind::Jpeg)
            } else {
                (report.pdf.clone(), Kind::Pdf)
            };
            let reading = paper::read(&bytes, kind, &Wishes::default()).ok()?;
            all.add(counted::count(&report, &reading.values, &mut |text| println!("{}: {text}", report.layout)));
        }
    }
    Some(all)
}

fn programs_are_here() -> bool {
    let missing = paper::programs::missing();
    if !missing.is_empty() {
        println!("not tried: poppler-utils or tesseract-ocr is missing");
    }
    missing.is_empty()
}

#[test]
fn clean_reports_in_six_layouts_are_read() {
    if programs_are_here() {
        let all = counted(false, 4).unwrap();
        assert!(all.truths >= 300, "{all:?}");
        assert!(all.right * 100 >= all.truths * 97, "{all:?}");
        assert!(all.surely_wrong * 100 <= all.truths, "{all:?}");
        assert!(all.date_right >= all.right, "{all:?}");
    }
}

#[test]
fn scanned_reports_in_six_layouts_are_read() {
    if programs_are_here() {
        let all = counted(true, 1).unwrap();
        assert!(all.right * 100 >= all.truths * 90, "{all:?}");
        assert!(all.surely_wrong * 100 <= all.truths, "{all:?}");
    }
}

#[test]
fn a_page_that_lies_on_its_side_or_stands_on_its_head_is_turned() {
    if !programs_are_here() {
        return;
    }
    let report = reports::report(0, 4200);
    for turned in [90u16, 180] {
        let jpeg = paper::show(&report.pdf, Kind::Pdf, 1, 1240, turned).unwrap().unwrap();
        let reading = paper::read(&jpeg, Kind::Jpeg, &Wishes::default()).unwrap();
        assert_eq!(reading.pages[0].turned, 360 - turned);
        let count = counted::count(&report, &reading.values, &mut |text| println!("{turned}: {text}"));
        // One page of sixteen values tells whether it was turned, not how well scans are read.
        assert!(count.right * 100 >= count.truths * 75, "{turned}: {count:?}");
    }
}
