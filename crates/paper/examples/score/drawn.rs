//! A page of text and lines as a PDF, with the two fonts that every reader has.

pub struct Sheet {
    content: String,
}

pub const WIDTH: f64 = 595.0;
pub const HEIGHT: f64 = 842.0;

/// The letters of Windows-1252, which the fonts are told to use.
fn letter(letter: char) -> String {
    match letter {
        '(' | ')' | '\\' => format!("\\{letter}"),
        '–' => "\\226".to_owned(),
        letter if letter.is_ascii() => letter.to_string(),
        letter => format!("\\{:03o}", u32::from(letter).min(255)),
    }
}

impl Sheet {
    pub fn new() -> Self {
        Self { content: String::new() }
    }

    /// Text whose left end is at `x`, `y` from the top.
    pub fn text(&mut self, x: f64, y: f64, size: f64, bold: bool, text: &str) {
        let font = if bold { "F2" } else { "F1" };
        let letters: String = text.chars().map(letter).collect();
        self.content.push_str(&format!("BT /{font} {size} Tf {x:.1} {:.1} Td ({letters}) Tj ET\n", HEIGHT - y));
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (a, b) = (HEIGHT - from.1, HEIGHT - to.1);
        self.content.push_str(&format!("0.6 w {:.1} {a:.1} m {:.1} {b:.1} l S\n", from.0, to.0));
    }

    pub fn pdf(&self) -> Vec<u8> {
        let font =
            |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R \
                 /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            ),
            format!("<< /Length {} >>\nstream\n{}endstream", self.content.len(), self.content),
            font("Helvetica"),
            font("Helvetica-Bold"),
        ];
        let (mut out, mut places) = (String::from("%PDF-1.4\n"), Vec::new());
        for (n, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
        }
        let table = out.len();
        out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
        for place in places {
            out.push_str(&format!("{place:010} 00000 n \n"));
        }
        out.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
        out.into_bytes()
    }
}
