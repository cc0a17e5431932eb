//! Fields of a word processor: an instruction that computes what is shown. Some bring in what lies elsewhere, or start a
//! program.

use crate::refusal::{Reason, Refusal, refuse};

/// Fields that take something from another file, or from another program (DDE).
const REACHING: [&str; 10] =
    ["DDE", "DDEAUTO", "LINK", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "RD", "DATABASE", "HTMLCONTROL"];

/// As many letters of an instruction as tell what it does; spaces before it do not count.
const TELLING: usize = 64;

/// Deeper than fields stand in each other.
const DEPTH: usize = 64;

/// Whether the field with this instruction brings something in from elsewhere.
pub fn reaches(instruction: &str) -> bool {
    let trimmed = instruction.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '=');
    let word: String = trimmed.chars().take_while(char::is_ascii_alphanumeric).collect();
    REACHING.contains(&word.to_ascii_uppercase().as_str())
}

#[derive(Default)]
struct Field {
    instruction: String,
    /// Its instruction has ended, what comes now is what it shows.
    shown: bool,
}

/// The fields that are open at a place of the document. What one inside another shows is part of the outer one's
/// instruction, as word processors have it.
#[derive(Default)]
pub struct Fields {
    open: Vec<Field>,
}

impl Fields {
    pub fn begin(&mut self) -> Result<(), Refusal> {
        if self.open.len() >= DEPTH {
            return refuse(Reason::Damaged, "This document has fields inside fields without end.");
        }
        self.open.push(Field::default());
        Ok(())
    }

    /// Letters of the innermost instruction that has not ended.
    pub fn letters(&mut self, text: &str) {
        let Some(field) = self.open.iter_mut().rev().find(|field| !field.shown) else { return };
        for letter in text.chars() {
            if field.instruction.len() >= TELLING {
                return;
            }
            if !field.instruction.is_empty() || letter.is_alphanumeric() || letter == '=' {
                field.instruction.push(letter);
            }
        }
    }

    /// The instruction ends, and what it shows begins.
    pub fn separate(&mut self) -> Result<(), Refusal> {
        let Some(field) = self.open.last_mut() else { return Ok(()) };
        field.shown = true;
        judged(&field.instruction)
    }

    pub fn end(&mut self) -> Result<(), Refusal> {
        self.open.pop().map_or(Ok(()), |field| judged(&field.instruction))
    }

    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The document ends; fields that did not are looked at all the same.
    pub fn finish(mut self) -> Result<(), Refusal> {
        while self.is_open() {
            self.end()?;
        }
        Ok(())
    }
}

/// Refuses an instruction that brings something in.
pub fn judged(instruction: &str) -> Result<(), Refusal> {
    if reaches(instruction) {
        return refuse(Reason::Macros, "This document has a field that starts a program or fetches something.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_its_first_word_alone() {
        for reaching in
            ["DDEAUTO c:\\x", "  dde x", "\"LINK Excel.Sheet.8\"", "IncludePicture \"http://x\"", "RD a.doc"]
        {
            assert!(reaches(reaching), "{reaching}");
        }
        for harmless in ["PAGE", "HYPERLINK \"http://x\"", "LINKED", "DATE \\@ \"DDE\"", "= DDE", "REF _Toc1 \\h", ""] {
            assert!(!reaches(harmless), "{harmless}");
        }
    }

    #[test]
    fn an_instruction_in_pieces_is_put_together_and_spaces_before_it_do_not_hide_it() {
        let refused = |pieces: &[&str]| {
            let mut fields = Fields::default();
            fields.begin().unwrap();
            pieces.iter().for_each(|piece| fields.letters(piece));
            fields.finish().is_err()
        };
        let far = " ".repeat(5_000);
        assert!(refused(&["D", "DEAUTO cmd"]) && refused(&[&far, "DDE", " x"]));
        assert!(!refused(&["PA", "GE"]) && !refused(&["PAGE ", "DDE"]));
    }

    #[test]
    fn what_an_inner_field_shows_is_part_of_the_outer_instruction() {
        let mut fields = Fields::default();
        fields.begin().unwrap();
        fields.begin().unwrap();
        fields.letters("QUOTE \"x\"");
        fields.separate().unwrap();
        fields.letters("DDE");
        fields.end().unwrap();
        fields.letters("AUTO cmd");
        assert!(fields.end().is_err());
        let mut deep = Fields::default();
        assert!((0..1000).any(|_| deep.begin().is_err()));
    }
}
