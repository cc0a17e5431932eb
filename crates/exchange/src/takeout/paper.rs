//! Pages with lines of text, as PDF 1.7 (ISO 32000-1): A4, two of the fourteen fonts that every reader has, nothing packed, so
//! that the text can be searched with the plainest tools.

use super::letters::{encode, width};

const WIDTH: u32 = 595;
const HEIGHT: u32 = 842;
const MARGIN: u32 = 56;
const BOTTOM: u32 = 64;
/// The height of a line, in percent of its letters.
const LEADING: u32 = 145;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub size: u32,
    pub bold: bool,
    /// How far from the margin.
    pub indent: u32,
    /// Room before it.
    pub before: u32,
}

pub const TITLE: Style = Style { size: 22, bold: true, indent: 0, before: 0 };
pub const HEADING: Style = Style { size: 14, bold: true, indent: 0, before: 16 };
pub const TEXT: Style = Style { size: 10, bold: false, indent: 0, before: 3 };
pub const STRONG: Style = Style { bold: true, ..TEXT };
pub const DETAIL: Style = Style { indent: 14, before: 0, ..TEXT };

/// Pages that are being written.
pub struct Paper {
    pages: Vec<String>,
    /// How much of the last page is used.
    used: u32,
    /// Whether all letters stand as they were written.
    pub exact: bool,
}

fn literal(text: &[u8]) -> String {
    let mut out = String::from("(");
    for byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => out.push(char::from(*byte)),
            other => out.push_str(&format!("\\{other:03o}")),
        }
    }
    out.push(')');
    out
}

/// Breaks text where words end; a word longer than a line is cut.
fn lines(text: &[u8], style: Style) -> Vec<Vec<u8>> {
    let room = (WIDTH - 2 * MARGIN - style.indent) * 1000 / style.size;
    let (mut out, mut line) = (Vec::new(), Vec::<u8>::new());
    for word in text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let mut longer = line.clone();
        if !longer.is_empty() {
            longer.push(b' ');
        }
        longer.extend_from_slice(word);
        if width(&longer, style.bold) <= room {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            out.push(std::mem::take(&mut line));
        }
        for byte in word {
            line.push(*byte);
            if width(&line, style.bold) > room && line.len() > 1 {
                line.pop();
                out.push(std::mem::replace(&mut line, vec![*byte]));
            }
        }
    }
    if !line.is_empty() {
        out.push(line);
    }
    out
}

impl Paper {
    pub fn new() -> Self {
        Self { pages: vec![String::new()], used: MARGIN, exact: true }
    }

    pub fn add(&mut self, text: &str, style: Style) {
        let (encoded, exact) = encode(text);
        self.exact &= exact;
        let height = style.size * LEADING / 100;
        self.used += style.before;
        // A heading does not stand alone at the foot of a page.
        let with = if style == HEADING { 3 } else { 1 };
        for line in lines(&encoded, style) {
            if self.used + height * with > HEIGHT - BOTTOM {
                self.pages.push(String::new());
                self.used = MARGIN;
            }
            self.used += height;
            let (font, left, up) = (if style.bold { "F2" } else { "F1" }, MARGIN + style.indent, HEIGHT - self.used);
            let shown = format!("BT /{font} {} Tf {left} {up} Td {} Tj ET\n", style.size, literal(&line));
            if let Some(page) = self.pages.last_mut() {
                page.push_str(&shown);
            }
        }
    }

    /// The file. Each page says at its foot whose it is and which of how many.
    pub fn finish(mut self, title: &str, foot: &str) -> Vec<u8> {
        let count = self.pages.len();
        for (page, number) in self.pages.iter_mut().zip(1..) {
            let (text, exact) = encode(&format!("{foot} · page {number} of {count}"));
            self.exact &= exact;
            page.push_str(&format!("BT /F1 8 Tf {MARGIN} 36 Td {} Tj ET\n", literal(&text)));
        }
        let kids: String = (0..count).map(|page| format!("{} 0 R ", 6 + 2 * page)).collect();
        let font =
            |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>".to_owned(),
            format!("<< /Type /Pages /Kids [ {kids}] /Count {count} >>"),
            font("Helvetica"),
            font("Helvetica-Bold"),
            format!("<< /Title {} /Producer (HealthSync) >>", literal(&encode(title).0)),
        ];
        for (page, content) in self.pages.iter().enumerate() {
            objects.push(format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {} 0 R
   /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
                7 + 2 * page
            ));
            objects.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()));
        }
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::with_capacity(objects.len());
        for (object, number) in objects.iter().zip(1..) {
            places.push(out.len());
            out.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
        }
        let list = out.len();
        out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
        for place in places {
            out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
        }
        let trailer = format!("trailer\n<< /Size {} /Root 1 0 R /Info 5 0 R >>\n", objects.len() + 1);
        out.extend_from_slice(format!("{trailer}startxref\n{list}\n%%EOF\n").as_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_no_letter_is_lost() {
        let text = "a word and another ".repeat(40) + &"x".repeat(400);
        let broken = lines(text.as_bytes(), TEXT);
        assert!(broken.len() > 4);
        let room = (WIDTH - 2 * MARGIN) * 1000 / TEXT.size;
        assert!(broken.iter().all(|line| width(line, false) <= room));
        let letters = |bytes: &[u8]| bytes.iter().filter(|byte| **byte != b' ').count();
        assert_eq!(broken.iter().map(|line| letters(line)).sum::<usize>(), letters(text.as_bytes()));
    }

    #[test]
    fn what_has_a_meaning_in_pdf_is_written_so_that_it_has_none() {
        assert_eq!(literal(b"a (b) \\ \xe9"), "(a \\(b\\) \\\\ \\351)");
    }

    #[test]
    fn each_object_is_where_the_list_says() {
        let mut paper = Paper::new();
        for number in 0..200 {
            paper.add(&format!("Line {number}"), TEXT);
        }
        let file = paper.finish("Title", "Foot");
        let text: String = file.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect();
        let pages: usize = text.split("/Count ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!(pages > 3 && text.contains("(Line 199)"), "{pages}");
        assert!(text.contains(&format!("page {pages} of {pages}")));
        let list: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        let rows = text[list..].lines().skip(3).take_while(|row| row.ends_with(" n "));
        let mut count = 0;
        for (row, number) in rows.zip(1..) {
            let place: usize = row[..10].parse().unwrap();
            assert!(text[place..].starts_with(&format!("{number} 0 obj\n")), "{row}");
            count = number;
        }
        assert_eq!(count, 5 + 2 * pages);
    }
}
