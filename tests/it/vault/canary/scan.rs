//! Looking for a word in bytes, in each form in which it could stand there.

use memchr::memmem;

/// Bytes to search in, with a copy in lower case, because text is often kept folded.
pub struct Haystack {
    name: String,
    bytes: Vec<u8>,
    lower: Vec<u8>,
}

impl Haystack {
    pub fn new(name: String, bytes: Vec<u8>) -> Self {
        let lower = bytes.to_ascii_lowercase();
        Self { name, bytes, lower }
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// In what forms and where a word is found.
pub fn finds(pile: &Haystack, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (form, needle, folded) in needles(word) {
        let bytes = if folded { &pile.lower } else { &pile.bytes };
        if let Some(at) = memmem::find(bytes, &needle) {
            found.push(format!("{word} as {form} in {} at {at}", pile.name));
        }
    }
    found
}

/// The forms of a word; whether case is nothing to them.
fn needles(word: &str) -> Vec<(&'static str, Vec<u8>, bool)> {
    let lower = word.to_lowercase();
    let wide = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into_bytes();
    let mut all = vec![
        ("text", lower.clone().into_bytes(), true),
        ("UTF-16, little end first", wide(&lower, false), true),
        ("UTF-16, big end first", wide(&lower, true), true),
        ("hexadecimal", hex(word.as_bytes()), true),
        ("hexadecimal of small letters", hex(lower.as_bytes()), true),
    ];
    for text in [word, &lower] {
        for shift in 0..3 {
            all.push(("base64", inner_base64(text.as_bytes(), shift), false));
        }
    }
    all
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, at| word << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = ALPHABET[(word >> (18 - 6 * at) & 63) as usize] as char;
            out.push(if at > group.len() { '=' } else { letter });
        }
    }
    out
}

/// What base64 makes of a word in the middle of other bytes: without the letters that depend on its neighbours.
fn inner_base64(word: &[u8], shift: usize) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, shift).chain(word.iter().copied()).collect();
    let first = [0, 2, 3][shift];
    let whole = padded.len() * 8 / 6;
    base64(&padded).into_bytes()[first..whole].to_vec()
}

/// The bytes behind every `\x…` of PostgreSQL's text.
pub fn unhexed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = memmem::find(rest, b"\\x") {
        rest = &rest[at + 2..];
        let digits = rest.iter().take_while(|b| b.is_ascii_hexdigit()).count() / 2 * 2;
        for pair in rest[..digits].chunks(2) {
            let pair = std::str::from_utf8(pair).unwrap();
            out.push(u8::from_str_radix(pair, 16).unwrap());
        }
        out.push(b'\n');
        rest = &rest[digits..];
    }
    out
}

#[test]
fn a_word_is_found_in_each_form_and_at_each_place() {
    let word = "Wexlerbrandt";
    let pile = |bytes: &[u8]| Haystack::new("pile".to_owned(), bytes.to_vec());
    assert!(finds(&pile(b"nothing of hers, Wexler brandt"), word).is_empty());
    for plain in ["Mrs Wexlerbrandt!", "MRS WEXLERBRANDT", "wexlerbrandt"] {
        assert!(!finds(&pile(plain.as_bytes()), word).is_empty(), "{plain}");
        let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(!finds(&pile(&little), word).is_empty() && !finds(&pile(&big), word).is_empty(), "{plain}");
    }
    for before in ["", "x", "xy", "xyz"] {
        let text = format!("{before}Wexlerbrandt and more");
        assert!(!finds(&pile(base64(text.as_bytes()).as_bytes()), word).is_empty(), "{text}");
        let hex: String = text.bytes().map(|b| format!("{b:02X}")).collect();
        assert!(!finds(&pile(hex.as_bytes()), word).is_empty(), "{text}");
        let row = format!("(1,\"\\\\x{hex}\",2)");
        assert!(!finds(&pile(&unhexed(row.as_bytes())), word).is_empty(), "{text}");
    }
    assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
    assert_eq!(base64(b"any carnal pleasu"), "YW55IGNhcm5hbCBwbGVhc3U=");
}
