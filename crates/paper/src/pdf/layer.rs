//! The words that a PDF brings along, as `pdftotext -bbox-layout` tells them.

use crate::page::{Page, Source, Word};
use crate::programs::{self, ProgramError};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The pages with their words; those without any are empty.
pub fn pages(bytes: &[u8], max_pages: u32) -> Result<Vec<Page>, ProgramError> {
    let said =
        programs::run("pdftotext", &["-bbox-layout", "-enc", "UTF-8", "-l", &max_pages.to_string(), "-", "-"], bytes)?;
    Ok(parse(&String::from_utf8_lossy(&said)))
}

fn number(start: &BytesStart<'_>, name: &str) -> f32 {
    let value = start.attributes().with_checks(false).flatten().find(|one| one.key.0 == name);
    value.and_then(|one| one.value.parse().ok()).filter(|number: &f32| number.is_finite()).unwrap_or(0.0)
}

/// What is not understood ends the reading there: the program's own words hold no faults.
pub fn parse(said: &str) -> Vec<Page> {
    let mut reader = Reader::from_str(said);
    let (mut pages, mut word) = (Vec::<Page>::new(), None::<Word>);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => match start.name().0 {
                "page" => pages.push(Page {
                    number: u32::try_from(pages.len() + 1).unwrap_or(u32::MAX),
                    source: Source::Layer,
                    width: number(&start, "width"),
                    height: number(&start, "height"),
                    turned: 0,
                    skew: 0.0,
                    lines: Vec::new(),
                }),
                "line" => {
                    if let Some(page) = pages.last_mut() {
                        page.lines.push(Vec::new());
                    }
                }
                "word" => {
                    let (x, y) = (number(&start, "xMin"), number(&start, "yMin"));
                    let (w, h) = (number(&start, "xMax") - x, number(&start, "yMax") - y);
                    word = Some(Word { text: String::new(), x, y, w, h, confidence: 1.0 });
                }
                _ => {}
            },
            Ok(Event::Text(text)) => {
                if let Some(word) = &mut word {
                    word.text.push_str(&text.into_inner());
                }
            }
            Ok(Event::GeneralRef(name)) => {
                if let Some(word) = &mut word {
                    word.text.push_str(letter(&name.resolve_char_ref().ok().flatten(), &name.into_inner()).as_str());
                }
            }
            Ok(Event::End(end)) if end.name().0 == "word" => {
                if let (Some(word), Some(line)) = (word.take(), pages.last_mut().and_then(|page| page.lines.last_mut()))
                {
                    line.push(word);
                }
            }
            Ok(Event::Eof) | Err(_) => return pages,
            Ok(_) => {}
        }
    }
}

fn letter(numbered: &Option<char>, name: &str) -> String {
    match (numbered, name) {
        (Some(letter), _) => letter.to_string(),
        (None, "lt") => "<".to_owned(),
        (None, "gt") => ">".to_owned(),
        (None, "quot") => "\"".to_owned(),
        (None, "apos") => "'".to_owned(),
        (None, _) => "&".to_owned(),
    }
}

/// Whether the words are worth reading: a layer of signs without meaning is common where a font brings no table.
pub fn is_readable(page: &Page) -> bool {
    let (mut good, mut all) = (0u32, 0u32);
    for letter in page.words().flat_map(|word| word.text.chars()) {
        all += 1;
        let odd = letter.is_control() || matches!(letter, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
        good += u32::from(!odd);
    }
    let spelled = page.words().filter(|word| word.text.chars().any(char::is_alphanumeric)).count();
    all >= 12 && good * 10 >= all * 9 && spelled * 2 >= page.words().count()
}
