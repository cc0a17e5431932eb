//! Text in the letters of the fonts that every PDF reader has (WinAnsiEncoding, ISO 32000-1 annex D.2), and how wide it is.

/// The widths of Helvetica from the space to the tilde, in thousandths of its size (Adobe Core 14 AFM).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// The bold letters are at most this much wider, in percent: lines are broken a little early rather than late.
const BOLD: u32 = 110;

/// What Windows puts where Latin-1 has controls.
const EXTRA: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

fn byte(c: char) -> Option<u8> {
    match c {
        ' '..='~' => u8::try_from(c).ok(),
        '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        _ => EXTRA.iter().find(|(extra, _)| *extra == c).map(|(_, byte)| *byte),
    }
}

/// The text in bytes of the font, and whether all of it is as it was written.
pub fn encode(text: &str) -> (Vec<u8>, bool) {
    let (mut out, mut exact) = (Vec::with_capacity(text.len()), true);
    for c in text.chars() {
        match byte(c) {
            Some(byte) => out.push(byte),
            None if c.is_whitespace() => out.push(b' '),
            None if c.is_control() => {}
            None => {
                exact = false;
                // Nothing vanishes: what nobody can spell is a question mark.
                let spelt = deunicode::deunicode_char(c).unwrap_or("?");
                out.extend(spelt.bytes().filter(|byte| (b' '..=b'~').contains(byte)));
            }
        }
    }
    (out, exact)
}

/// How wide encoded text is, in thousandths of the size of its letters.
pub fn width(text: &[u8], bold: bool) -> u32 {
    let one = |byte: &u8| u32::from(WIDTHS.get(usize::from(byte.wrapping_sub(b' '))).copied().unwrap_or(667));
    let plain: u32 = text.iter().map(one).sum();
    if bold { plain * BOLD / 100 } else { plain }
}

#[cfg(test)]
mod tests {
    use super::{encode, width};

    #[test]
    fn what_the_font_has_stays_and_the_rest_is_spelt() {
        assert_eq!(encode("Zoë – 5 €"), (b"Zo\xeb \x96 5 \x80".to_vec(), true));
        assert_eq!(encode("Иван Παπάς"), (b"Ivan Papas".to_vec(), false));
        let (han, exact) = encode("李明");
        assert!(!exact && String::from_utf8(han).unwrap().contains("Li"));
        assert_eq!(encode("a\tb\u{7}"), (b"a b".to_vec(), true));
    }

    #[test]
    fn widths_are_those_of_the_font() {
        assert_eq!(width(b"A il", false), 667 + 278 + 222 + 222);
        assert!(width(b"A", true) > width(b"A", false));
    }
}
