//! Invented laboratory reports in six layouts, with the truth about each.

use super::chance::Chance;
use super::drawn::{HEIGHT, Sheet, WIDTH};
use super::panels::{EUROPEAN, INDIAN, INTERNATIONAL, Item, LAKHS, STRIP, STRIP_WORDS};

#[derive(Clone, Debug)]
pub struct Truth {
    pub code: &'static str,
    /// Digits with `.`, or the word.
    pub value: String,
    pub comparator: Option<&'static str>,
    /// UCUM; empty for none.
    pub unit: &'static str,
    pub low: Option<String>,
    pub high: Option<String>,
}

pub struct Report {
    pub layout: &'static str,
    pub pdf: Vec<u8>,
    pub date: &'static str,
    pub truths: Vec<Truth>,
}

pub const LAYOUTS: [&str; 6] = ["table", "two columns", "boxed sections", "european", "indian", "narrative"];

/// A value as printed, with its truth.
struct Printed {
    name: &'static str,
    value: String,
    flag: &'static str,
    unit: &'static str,
    range: String,
    truth: Truth,
}

/// 250000 as 2,50,000.
fn lakhs(text: &str) -> String {
    let (head, tail) = text.split_at(text.len().saturating_sub(3));
    let mut groups = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let (front, back) = rest.split_at(rest.len().saturating_sub(2));
        groups.insert(0, back);
        rest = front;
    }
    groups.push(tail);
    groups.join(",")
}

fn digits(number: f64, item: &Item) -> String {
    if item.decimals == LAKHS {
        return format!("{:.0}", (number / 1000.0).round() * 1000.0);
    }
    format!("{number:.*}", item.decimals)
}

fn printed(item: &Item, chance: &mut Chance, style: usize) -> Printed {
    let spread = item.high - item.low;
    let roll = chance.part();
    let number = match roll {
        r if r < 0.7 => chance.between(item.low + spread * 0.05, item.high - spread * 0.05),
        r if r < 0.85 => chance.between(item.high * 1.03, item.high * 1.6),
        _ => chance.between((item.low * 0.7).max(item.high * 0.05), item.low.max(item.high * 0.1)),
    };
    let number = if item.code == "98979-8" { number.min(118.0) } else { number };
    let number = if item.ucum == "%" { number.min(96.0) } else { number };
    let value = digits(number, item);
    let exact: f64 = value.parse().unwrap_or(0.0);
    let (low, high) = (digits(item.low, item), digits(item.high, item));
    let shown = |text: &str| match style {
        3 => text.replace('.', ","),
        4 if item.decimals == LAKHS || text.len() > 4 && item.decimals == 0 => lakhs(text),
        _ => text.to_owned(),
    };
    let dash = chance.one(&[" - ", "-", " – "]);
    let range = match item.form {
        '<' => format!("< {}", shown(&high)),
        '>' => format!("> {}", shown(&low)),
        'u' => format!("{} {}", chance.one(&["Up to", "upto"]), shown(&high)),
        _ => format!("{}{dash}{}", shown(&low), shown(&high)),
    };
    let (kept_low, kept_high) = match item.form {
        '<' | 'u' => (None, Some(high)),
        '>' => (Some(low), None),
        _ => (Some(low), Some(high)),
    };
    let outside = |text: &Option<String>, above: bool| {
        text.as_ref()
            .and_then(|text| text.parse::<f64>().ok())
            .is_some_and(|bound| if above { exact > bound } else { exact < bound })
    };
    let flag = if outside(&kept_high, true) {
        "H"
    } else if outside(&kept_low, false) {
        "L"
    } else {
        ""
    };
    let comparator = (item.code == "98979-8" && chance.below(3) == 0).then_some(">");
    let (value, shown_value) = match comparator {
        Some(_) => ("90".to_owned(), ">90".to_owned()),
        None => (value.clone(), shown(&value)),
    };
    Printed {
        name: chance.one(item.names),
        value: shown_value,
        flag: if comparator.is_some() { "" } else { flag },
        unit: chance.one(item.units),
        range,
        truth: Truth { code: item.code, value, comparator, unit: item.ucum, low: kept_low, high: kept_high },
    }
}

/// So many different items of a panel, in the panel's order.
fn chosen<'a>(panel: &'a [Item], count: usize, chance: &mut Chance) -> Vec<&'a Item> {
    let mut places: Vec<usize> = (0..panel.len()).collect();
    while places.len() > count {
        places.remove(chance.below(places.len()));
    }
    let mut codes = Vec::new();
    let mut items: Vec<&Item> = places.into_iter().map(|n| &panel[n]).collect();
    items.retain(|item| {
        let new = !codes.contains(&item.code);
        codes.push(item.code);
        new
    });
    // Two ways of measuring one thing do not stand on one paper.
    for (one, other) in [("718-7", "59260-0"), ("1558-6", "2345-7")] {
        if codes.contains(&one) {
            items.retain(|item| item.code != other);
        }
    }
    items
}

fn head(sheet: &mut Sheet, layout: usize, chance: &mut Chance) -> &'static str {
    let houses = [
        "Northgate Medical Laboratory",
        "Lakeside Diagnostics",
        "St. Anne Hospital",
        "Riverside Clinic",
        "Central Pathology Labs",
    ];
    sheet.text(50.0, 52.0, 15.0, true, chance.one(&houses));
    sheet.text(50.0, 70.0, 9.0, false, "12 Harbour Road, Springfield    Phone 555 0142");
    sheet.text(
        50.0,
        96.0,
        12.0,
        true,
        if layout == 3 { "Laborbefund / Laboratory report" } else { "LABORATORY REPORT" },
    );
    sheet.text(50.0, 116.0, 9.0, false, "Patient: Jordan Sample     Age/Sex: 46 Y / F     Patient ID: 80231");
    let (date, shown) = chance.one(&[
        ("2026-03-04", "04/03/2026 08:15"),
        ("2026-01-27", "27-Jan-2026 07:40"),
        ("2025-11-09", "2025-11-09"),
        ("2026-02-13", "13.02.2026"),
    ]);
    sheet.text(
        50.0,
        130.0,
        9.0,
        false,
        &format!("Collected: {shown}     Reported: 15/04/2026     Ref. by: Dr. R. Example"),
    );
    sheet.line((50.0, 138.0), (WIDTH - 50.0, 138.0));
    date
}

pub fn report(layout: usize, seed: u64) -> Report {
    let mut chance = Chance::new(seed.wrapping_mul(1000) + layout as u64);
    let mut sheet = Sheet::new();
    let date = head(&mut sheet, layout, &mut chance);
    let panel = match layout {
        3 => EUROPEAN,
        4 => INDIAN,
        _ => INTERNATIONAL,
    };
    let count = if layout == 5 { 14 } else { 16 + chance.below(6) };
    let rows: Vec<Printed> =
        chosen(panel, count, &mut chance).into_iter().map(|item| printed(item, &mut chance, layout)).collect();
    let mut truths: Vec<Truth> = rows.iter().map(|row| row.truth.clone()).collect();
    match layout {
        1 => two_columns(&mut sheet, &rows, &mut chance),
        2 => truths.extend(boxed(&mut sheet, &rows, &mut chance)),
        5 => narrative(&mut sheet, &rows, &mut chance),
        _ => table(&mut sheet, &rows, layout, &mut chance),
    }
    sheet.text(
        50.0,
        HEIGHT - 50.0,
        8.0,
        false,
        "This report is to be read together with the clinical findings.  Page 1 of 1",
    );
    Report { layout: LAYOUTS[layout], pdf: sheet.pdf(), date, truths }
}

fn table(sheet: &mut Sheet, rows: &[Printed], layout: usize, chance: &mut Chance) {
    let size = chance.one(&[9.0, 9.5, 10.0]);
    let step = size * chance.between(1.6, 2.0);
    let (titles, order): ([&str; 4], [usize; 4]) = match (layout, chance.below(3)) {
        (3, _) => (["Analyse", "Ergebnis", "Einheit", "Referenzbereich"], [0, 1, 2, 3]),
        (4, _) => (["Test Name", "Value", "Unit", "Biological Ref. Interval"], [0, 1, 2, 3]),
        (_, 0) => (["Test", "Units", "Result", "Reference Range"], [0, 2, 1, 3]),
        (_, 1) => (["Test", "Result", "Reference Range", "Units"], [0, 1, 3, 2]),
        _ => (["Test", "Result", "Units", "Reference Range"], [0, 1, 2, 3]),
    };
    let columns = [52.0, 250.0, 345.0, 440.0];
    for (column, title) in columns.iter().zip(titles) {
        sheet.text(*column, 158.0, size, true, title);
    }
    let mut y = 162.0 + step;
    let sections = ["HAEMATOLOGY", "BIOCHEMISTRY"];
    let methods = ["Method: Photometry", "Method: Enzymatic, kinetic", "Method: Calculated", "Method: Impedance"];
    for (n, row) in rows.iter().enumerate() {
        if layout == 4 && (n == 0 || n == rows.len() / 2) {
            sheet.text(columns[0], y, size + 1.0, true, sections[usize::from(n > 0)]);
            y += step;
        }
        let flag = match (layout, row.flag) {
            (3, "H") => " +",
            (3, "L") => " -",
            (_, "H") => " H",
            (_, "L") => " L",
            _ => "",
        };
        let cells = [row.name.to_owned(), format!("{}{flag}", row.value), row.unit.to_owned(), row.range.clone()];
        for (column, cell) in columns.iter().zip(order) {
            sheet.text(*column, y, size, cell == 1 && !row.flag.is_empty(), &cells[cell]);
        }
        if layout == 4 && chance.below(3) == 0 {
            sheet.text(columns[0] + 4.0, y + size * 0.95, size * 0.7, false, chance.one(&methods));
            y += size * 0.5;
        }
        y += step;
    }
}

fn two_columns(sheet: &mut Sheet, rows: &[Printed], chance: &mut Chance) {
    let size = chance.one(&[8.0, 8.5]);
    let half = rows.len().div_ceil(2);
    for (n, row) in rows.iter().enumerate() {
        let left = if n < half { 45.0 } else { 312.0 };
        let y = 165.0 + (n % half) as f64 * size * 2.1;
        let flag = if row.flag.is_empty() { String::new() } else { format!(" {}", row.flag) };
        sheet.text(left, y, size, false, row.name);
        sheet.text(left + 118.0, y, size, true, &format!("{}{flag}", row.value));
        sheet.text(left + 152.0, y, size - 0.5, false, row.unit);
        sheet.text(left + 203.0, y, size - 0.5, false, &row.range.replace("Up to", "<"));
    }
}

/// A frame around every cell, and a urine strip below.
fn boxed(sheet: &mut Sheet, rows: &[Printed], chance: &mut Chance) -> Vec<Truth> {
    let (size, columns) = (9.5, [50.0, 235.0, 330.0, 425.0, 545.0]);
    let step = 19.0;
    let mut y = 160.0;
    let mut row_of = |sheet: &mut Sheet, cells: &[&str], bold: bool| {
        for (column, cell) in columns.iter().zip(cells) {
            sheet.text(column + 5.0, y + 13.0, size, bold, cell);
        }
        sheet.line((columns[0], y), (columns[4], y));
        sheet.line((columns[0], y + step), (columns[4], y + step));
        let upright = if cells.len() > 1 { &columns[..] } else { &[columns[0], columns[4]] };
        for column in upright {
            sheet.line((*column, y), (*column, y + step));
        }
        y += step;
    };
    row_of(sheet, &["Investigation", "Observed Value", "Unit", "Reference Interval"], true);
    row_of(sheet, &["COMPLETE BLOOD COUNT AND BIOCHEMISTRY"], true);
    for row in rows {
        let value = if row.flag.is_empty() { row.value.clone() } else { format!("{} {}", row.flag, row.value) };
        row_of(sheet, &[row.name, &value, row.unit, &row.range], false);
    }
    row_of(sheet, &["URINE ROUTINE EXAMINATION"], true);
    let mut truths = Vec::new();
    for (code, names) in STRIP.iter().take(3 + chance.below(4)) {
        let word = chance.one(STRIP_WORDS);
        row_of(sheet, &[chance.one(names), word, "", "Negative"], false);
        truths.push(Truth { code, value: word.to_owned(), comparator: None, unit: "", low: None, high: None });
    }
    truths
}

/// Sentences, wrapped where the line is full.
fn narrative(sheet: &mut Sheet, rows: &[Printed], chance: &mut Chance) {
    let size = 10.5;
    let (mut text, mut y) = (String::from("The results of the tests on your blood sample are as follows."), 170.0);
    let mut lines = Vec::new();
    for row in rows {
        let unit = if row.unit.is_empty() { String::new() } else { format!(" {}", row.unit) };
        let high = match row.flag {
            "H" => ", which is high",
            "L" => ", which is low",
            _ => "",
        };
        let sentence = match chance.below(4) {
            0 => format!("{}: {}{unit} ({}){high}.", row.name, row.value, row.range),
            1 => format!("{} was {}{unit} (reference {}){high}.", row.name, row.value, row.range),
            2 => format!("{} of {}{unit} (normal {}){high}.", row.name, row.value, row.range),
            _ => format!("Your {} is {}{unit} (normal range {}){high}.", row.name, row.value, row.range),
        };
        text = format!("{text} {sentence}");
        if chance.below(4) == 0 {
            lines.push(std::mem::take(&mut text));
        }
    }
    lines.push(text);
    for paragraph in lines {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if line.len() + word.len() > 88 {
                sheet.text(52.0, y, size, false, &std::mem::take(&mut line));
                y += size * 1.5;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        sheet.text(52.0, y, size, false, &line);
        y += size * 2.1;
    }
}
