//! Damaged copies of good files: bytes changed, cut out, doubled, numbers made large, parts of others put in.

pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize
    }
}

const LARGE: [&[u8]; 10] = [
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"99999999999999999999",
    b"-1",
    b"<<",
    b"((((",
    b"obj",
    b"R",
];

pub fn mutated(whole: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut out = whole.to_vec();
    for _ in 0..=chance.next() % 6 {
        if out.is_empty() {
            break;
        }
        let at = chance.next() % out.len();
        let length = (1 + chance.next() % 40).min(out.len() - at);
        match chance.next() % 7 {
            0 => out[at] ^= 1 << (chance.next() % 8),
            1 => out[at] = chance.next() as u8,
            2 => drop(out.drain(at..at + length)),
            3 => {
                let piece = out[at..at + length].to_vec();
                out.splice(at..at, piece);
            }
            4 => {
                let large = LARGE[chance.next() % LARGE.len()];
                let end = (at + large.len()).min(out.len());
                out.splice(at..end, large.iter().copied());
            }
            5 if !other.is_empty() => {
                let from = chance.next() % other.len();
                let piece = &other[from..(from + length).min(other.len())];
                out.splice(at..at, piece.iter().copied());
            }
            _ => out.truncate(at + length),
        }
    }
    out
}

/// The good files that damage begins with, by parser.
pub fn seeds() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let inner = super::packed(b"7 0 8 20 << /Type /Outlines >>   << /S /GoTo >>");
    let mut stream =
        format!("9 0 obj << /N 2 /First 9 /Filter /FlateDecode /Length {} >> stream\n", inner.len()).into_bytes();
    stream.extend_from_slice(&inner);
    let rtf = br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\trowd Kreatinin\cell 84\cell \'b5mol/L\cell 45 \u8211- 84\cell\row\bin3 abc}";
    let text = "Collected: 04/03/2026\nHaemoglobin  13.2 g/dL  13.0 - 17.0\nSGPT (ALT)  42 IU/L  Up to 40 H\nUrine: Glucose Trace\nTSH < 0.01 uIU/mL (0.4 - 4.0)\nPlatelets 2,50,000 /cumm\n";
    vec![
        ("pdf", vec![super::pdf(2), super::pdf_with(1, &stream)]),
        ("docx", vec![super::docx(&[("word/header1.xml", b"<w:p><w:t>a</w:t></w:p>")])]),
        ("doc", vec![super::word("Haemoglobin\u{7}13.2\u{7}g/dL\u{7}\u{7}")]),
        ("rtf", vec![rtf.to_vec()]),
        ("jpeg", vec![super::jpeg()]),
        ("png", vec![super::png()]),
        ("tiff", vec![super::tiff(40, 30)]),
        ("text", vec![text.as_bytes().to_vec()]),
    ]
}
