//! Letters in a picture: the page is turned upright and set straight here, then Tesseract reads it.

use crate::page::{Page, Source, Word};
use crate::picture::{Gray, halves, rules, skew};
use crate::programs::{self, ProgramError};
use std::thread;

/// Dots of the longer side that Tesseract sees: a page of A4 at about 250 dpi. Fewer lose the stops of small numbers, more
/// cost time and gain nothing (docs/reading.md).
pub const LONGEST: u32 = 3000;

/// A page full of text takes twice as long as a table, and its letters are read as well from fewer dots.
const LONGEST_OF_DENSE: u32 = 2400;
const DENSE: f32 = 0.06;

/// Below this the page may stand on its head.
const DOUBTFUL: f32 = 0.70;

/// A sixteenth of a degree moves the end of a line by one row of dots.
const STRAIGHT: f32 = 0.25;

pub fn read(number: u32, picture: &Gray, languages: &str) -> Result<Page, ProgramError> {
    let small = skew::small(picture);
    let sized = sized(picture, &small);
    let lying = !skew::runs_across(&small);
    let first = attempt(number, &sized, &small, if lying { 90 } else { 0 }, languages)?;
    if first.confidence() >= DOUBTFUL && first.words().count() >= 3 {
        return Ok(first);
    }
    let other = attempt(number, &sized, &small, if lying { 270 } else { 180 }, languages)?;
    let worth = |page: &Page| page.confidence() * (page.words().count() as f32).sqrt();
    Ok(if worth(&other) > worth(&first) { other } else { first })
}

fn attempt(number: u32, sized: &Gray, small: &Gray, degrees: u16, languages: &str) -> Result<Page, ProgramError> {
    let turned = sized.turned(degrees);
    let angle = skew::skew(&small.turned(degrees));
    let straight = if angle.abs() >= STRAIGHT { skew::straightened(&turned, angle) } else { turned };
    let skew = if angle.abs() >= STRAIGHT { angle } else { 0.0 };
    let lines = letters(&rules::without(&straight), languages)?;
    let (width, height) = (straight.width as f32, straight.height as f32);
    Ok(Page { number, source: Source::Ocr, width, height, turned: degrees, skew, lines })
}

/// The lines of a page. Where it can be cut between two of them, both halves are read at the same time; always, so that the same
/// page is read the same on every machine.
fn letters(page: &Gray, languages: &str) -> Result<Vec<Vec<Word>>, ProgramError> {
    let Some((above, below, row)) = halves::halves(page) else { return tesseract(page, languages) };
    let (above, below) = thread::scope(|scope| {
        let below = scope.spawn(move || tesseract(&below, languages));
        (tesseract(&above, languages), below.join())
    });
    let (mut lines, mut below) = (above?, below.map_err(|_| ProgramError::Failed("tesseract"))??);
    below.iter_mut().flatten().for_each(|word| word.y += row as f32);
    lines.append(&mut below);
    Ok(lines)
}

fn tesseract(page: &Gray, languages: &str) -> Result<Vec<Vec<Word>>, ProgramError> {
    let arguments = ["stdin", "stdout", "-l", languages, "--dpi", "250", "--psm", "6", "tsv"];
    let said = programs::run("tesseract", &arguments, &page.pgm())?;
    Ok(lines(&String::from_utf8_lossy(&said)))
}

/// To the size that is read best; small pictures are enlarged, though no more than twice.
fn sized(picture: &Gray, small: &Gray) -> Gray {
    let longest = picture.width.max(picture.height);
    let most = if skew::ink(small) > DENSE { LONGEST_OF_DENSE } else { LONGEST };
    let wanted = (most as usize).min(longest * 2);
    if longest.abs_diff(wanted) * 20 < wanted {
        return picture.clone();
    }
    let side = |length: usize| (length * wanted / longest).max(1);
    picture.scaled(side(picture.width), side(picture.height))
}

/// Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
pub fn lines(table: &str) -> Vec<Vec<Word>> {
    let (mut lines, mut last) = (Vec::<Vec<Word>>::new(), ("", "", ""));
    for row in table.lines() {
        let fields: Vec<&str> = row.splitn(12, '\t').collect();
        let [_, _, block, paragraph, line, _, x, y, w, h, confidence, text] = fields[..] else { continue };
        let number = |field: &str| field.parse::<f32>().ok();
        let (Some(x), Some(y), Some(w), Some(h), Some(confidence)) =
            (number(x), number(y), number(w), number(h), number(confidence))
        else {
            continue;
        };
        let text = text.trim();
        if confidence < 0.0 || text.is_empty() {
            continue;
        }
        if lines.is_empty() || last != (block, paragraph, line) {
            lines.push(Vec::new());
            last = (block, paragraph, line);
        }
        if let Some(words) = lines.last_mut() {
            words.push(Word { text: text.to_owned(), x, y, w, h, confidence: (confidence / 100.0).min(1.0) });
        }
    }
    lines
}
