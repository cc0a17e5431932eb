//! Plain text in whatever letters it is written.

/// Characters 0x80 to 0x9F of Windows-1252, which old reports are written in; zero where there is none.
const WINDOWS: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

pub fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) && {
        let text = utf16(bytes);
        !text.is_empty() && !text.chars().any(|c| c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()))
    }
}

/// The text: UTF-16 by its mark, else UTF-8 if it is, else Windows-1252.
pub fn text(bytes: &[u8]) -> String {
    if is_utf16(bytes) {
        return utf16(bytes);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| windows(*byte)).collect(),
    }
}

fn utf16(bytes: &[u8]) -> String {
    let little = bytes.first() == Some(&0xFF);
    let units = bytes[2..].chunks_exact(2).map(|two| {
        let two = [two[0], two[1]];
        if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) }
    });
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
}

pub fn windows(byte: u8) -> char {
    let unit = match byte {
        0x80..=0x9F => u32::from(WINDOWS[usize::from(byte - 0x80)]),
        _ => u32::from(byte),
    };
    char::from_u32(unit).filter(|c| *c != '\0').unwrap_or('\u{FFFD}')
}
