//! The part of CBOR (RFC 8949) that authenticators speak in their canonical form: definite lengths, no tags, no floats.

/// Nothing an authenticator sends is nested deeper.
const DEEPEST: u8 = 6;

/// Nor has it more parts. Names given twice are looked for by comparing each with all others: a map of as many pairs as fit
/// into a request would take half a minute.
const MOST: u64 = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'b> {
    Int(i64),
    Bytes(&'b [u8]),
    Text(&'b str),
    Array(Vec<Self>),
    Map(Vec<(Self, Self)>),
    Bool(bool),
    Null,
}

impl<'b> Value<'b> {
    pub fn get(&self, key: &Value<'_>) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    pub const fn bytes(&self) -> Option<&'b [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub const fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }
}

/// Reads one value; what follows it is handed back.
pub fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    value(bytes, DEEPEST)
}

fn value(bytes: &[u8], deeper: u8) -> Option<(Value<'_>, &[u8])> {
    let deeper = deeper.checked_sub(1)?;
    let (&first, rest) = bytes.split_first()?;
    let (n, rest) = argument(first & 0x1f, rest)?;
    if matches!(first >> 5, 4 | 5) && n > MOST {
        return None;
    }
    Some(match first >> 5 {
        0 => (Value::Int(i64::try_from(n).ok()?), rest),
        1 => (Value::Int(-1 - i64::try_from(n).ok()?), rest),
        2 => {
            let (bytes, rest) = rest.split_at_checked(usize::try_from(n).ok()?)?;
            (Value::Bytes(bytes), rest)
        }
        3 => {
            let (text, rest) = rest.split_at_checked(usize::try_from(n).ok()?)?;
            (Value::Text(std::str::from_utf8(text).ok()?), rest)
        }
        4 => {
            let (mut items, mut rest) = (Vec::new(), rest);
            for _ in 0..n {
                let (item, after) = value(rest, deeper)?;
                items.push(item);
                rest = after;
            }
            (Value::Array(items), rest)
        }
        5 => {
            let (mut pairs, mut rest) = (Vec::new(), rest);
            for _ in 0..n {
                let (key, after) = value(rest, deeper)?;
                let (item, after) = value(after, deeper)?;
                // Two values for one key: which one counts would be anybody's choice.
                if pairs.iter().any(|(known, _)| *known == key) {
                    return None;
                }
                pairs.push((key, item));
                rest = after;
            }
            (Value::Map(pairs), rest)
        }
        7 if first == 0xf4 || first == 0xf5 => (Value::Bool(first == 0xf5), rest),
        7 if first == 0xf6 => (Value::Null, rest),
        _ => return None,
    })
}

/// The number in the head of a value. Its length is that of what follows, so a length that lies ends with the bytes.
fn argument(short: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let wide = match short {
        0..=23 => return Some((u64::from(short), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (bytes, rest) = rest.split_at_checked(wide)?;
    Some((bytes.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_are_read() {
        for (bytes, expected) in [
            (&[0x17][..], Value::Int(23)),
            (&[0x19, 0x03, 0xe8], Value::Int(1000)),
            (&[0x38, 0x63], Value::Int(-100)),
            (&[0x39, 0x01, 0x00], Value::Int(-257)),
            (&[0x44, 1, 2, 3, 4], Value::Bytes(&[1, 2, 3, 4])),
            (&[0x64, b'I', b'E', b'T', b'F'], Value::Text("IETF")),
            (&[0x82, 0x01, 0x20], Value::Array(vec![Value::Int(1), Value::Int(-1)])),
            (&[0xa1, 0x61, b'a', 0xf5], Value::Map(vec![(Value::Text("a"), Value::Bool(true))])),
            (&[0xf6], Value::Null),
        ] {
            assert_eq!(read(bytes), Some((expected, &[][..])), "{bytes:x?}");
        }
        assert_eq!(read(&[0x01, 0x02]), Some((Value::Int(1), &[0x02][..])));
    }

    #[test]
    fn what_is_cut_off_endless_deep_or_ambiguous_is_refused() {
        for bytes in [
            &[][..],
            &[0x44, 1, 2, 3],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5f, 0x41, 0x00, 0xff],
            &[0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x01],
            &[0xa2, 0x01, 0x02, 0x01, 0x03],
            &[0x62, 0xff, 0xfe],
            &[0xc0, 0x01],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        ] {
            assert_eq!(read(bytes), None, "{bytes:x?}");
        }
    }

    #[test]
    fn more_parts_than_any_authenticator_sends_are_refused() {
        let map = |pairs: u8| {
            let pair = |n: u8| [0x18, n + 24, 0xf6];
            [&[0xb8, pairs][..], &(0..pairs).flat_map(pair).collect::<Vec<u8>>()].concat()
        };
        let list = |items: u8| [&[0x98, items][..], &vec![0xf6; usize::from(items)]].concat();
        assert!(read(&map(64)).is_some() && read(&list(64)).is_some());
        assert_eq!((read(&map(65)), read(&list(65))), (None, None));
    }
}
