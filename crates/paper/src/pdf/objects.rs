//! A tolerant reader of PDF objects: it returns what it could understand up to where it no longer could.

/// Deeper than any real document nests.
const DEPTH: u32 = 48;

#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    Name(Vec<u8>),
    Number(i64),
    /// A string of letters; what it says is of no matter here.
    Text,
    Ref(u32),
    Dict(Vec<(Vec<u8>, Object)>),
    Array(Vec<Object>),
    /// `true`, `null`, `endobj` and whatever else.
    Word(Vec<u8>),
}

impl Object {
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        let Self::Dict(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub fn is_name(&self, name: &[u8]) -> bool {
        matches!(self, Self::Name(own) if own == name)
    }

    pub fn number(&self) -> Option<i64> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }
}

/// Reads objects and counts what it read, so that no file makes it read the same bytes without end.
pub struct Reader<'a> {
    bytes: &'a [u8],
    pub at: usize,
    /// How many bytes may still be looked at.
    pub budget: usize,
}

enum Token {
    Object(Object),
    Open,
    Close,
    OpenDict,
    CloseDict,
    Word(Vec<u8>),
    End,
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], at: usize, budget: usize) -> Self {
        Self { bytes, at, budget }
    }

    /// The next object. `None` at the end of the bytes, of the object, or of the budget.
    pub fn object(&mut self) -> Option<Object> {
        match self.token() {
            Token::Object(object) => Some(object),
            Token::Open => Some(Object::Array(self.items(0, false).0)),
            Token::OpenDict => Some(dict(self.items(0, true).0)),
            Token::Word(word) => Some(Object::Word(word)),
            Token::Close | Token::CloseDict | Token::End => None,
        }
    }

    /// Everything up to the closing bracket; the second is false when a word came that ends every object.
    fn items(&mut self, depth: u32, in_dict: bool) -> (Vec<Object>, bool) {
        let mut items = Vec::new();
        loop {
            match self.token() {
                Token::Object(object) => items.push(object),
                Token::Open | Token::OpenDict if depth >= DEPTH => return (items, false),
                Token::Open => {
                    let (inner, whole) = self.items(depth + 1, false);
                    items.push(Object::Array(inner));
                    if !whole {
                        return (items, false);
                    }
                }
                Token::OpenDict => {
                    let (inner, whole) = self.items(depth + 1, true);
                    items.push(dict(inner));
                    if !whole {
                        return (items, false);
                    }
                }
                Token::Close if !in_dict => return (items, true),
                Token::CloseDict if in_dict => return (items, true),
                // A bracket of the other kind is a fault that readers pass over in their own ways; so does this one.
                Token::Close | Token::CloseDict => {}
                Token::Word(word) if word == b"R" => reference(&mut items),
                Token::Word(word) if ends_object(&word) => return (items, false),
                Token::Word(word) => items.push(Object::Word(word)),
                Token::End => return (items, false),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn step(&mut self, bytes: usize) -> bool {
        self.at += bytes;
        let left = self.budget >= bytes;
        self.budget = self.budget.saturating_sub(bytes);
        left && self.budget > 0
    }

    fn skip_space(&mut self) -> bool {
        while let Some(byte) = self.peek(0) {
            let comment = byte == b'%';
            if !comment && !is_space(byte) {
                return true;
            }
            if comment {
                while self.peek(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    if !self.step(1) {
                        return false;
                    }
                }
            } else if !self.step(1) {
                return false;
            }
        }
        false
    }

    fn token(&mut self) -> Token {
        if !self.skip_space() {
            return Token::End;
        }
        let (Some(first), second) = (self.peek(0), self.peek(1)) else { return Token::End };
        let (token, length) = match (first, second) {
            (b'<', Some(b'<')) => (Token::OpenDict, 2),
            (b'>', Some(b'>')) => (Token::CloseDict, 2),
            (b'[', _) => (Token::Open, 1),
            (b']', _) => (Token::Close, 1),
            (b'/', _) => return self.name(),
            (b'(', _) => return self.letters(),
            (b'<', _) => return self.hexadecimal(),
            (b'>' | b')' | b'{' | b'}', _) => (Token::Word(vec![first]), 1),
            _ => return self.word(),
        };
        if self.step(length) { token } else { Token::End }
    }

    /// A name, with `#41` read as `A`, as every reader does.
    fn name(&mut self) -> Token {
        let mut name = Vec::new();
        if !self.step(1) {
            return Token::End;
        }
        while let Some(byte) = self.peek(0) {
            if is_space(byte) || is_delimiter(byte) {
                break;
            }
            let hex = |byte: Option<u8>| byte.and_then(|byte| (byte as char).to_digit(16));
            let (letter, length) = match (byte, hex(self.peek(1)), hex(self.peek(2))) {
                (b'#', Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
                _ => (byte, 1),
            };
            name.push(letter);
            if !self.step(length) {
                return Token::End;
            }
        }
        Token::Object(Object::Name(name))
    }

    fn letters(&mut self) -> Token {
        let mut open = 0u32;
        while let Some(byte) = self.peek(0) {
            let length = if byte == b'\\' { 2 } else { 1 };
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                _ => {}
            }
            if !self.step(length) {
                return Token::End;
            }
            if open == 0 {
                return Token::Object(Object::Text);
            }
        }
        Token::End
    }

    fn hexadecimal(&mut self) -> Token {
        while let Some(byte) = self.peek(0) {
            if !self.step(1) {
                return Token::End;
            }
            if byte == b'>' {
                return Token::Object(Object::Text);
            }
        }
        Token::End
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        while self.peek(0).is_some_and(|byte| !is_space(byte) && !is_delimiter(byte)) {
            if !self.step(1) {
                return Token::End;
            }
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        let text = std::str::from_utf8(word).unwrap_or_default();
        match text.parse::<f64>() {
            Ok(number) if word.first().is_some_and(|byte| !byte.is_ascii_alphabetic()) => {
                Token::Object(Object::Number(number as i64))
            }
            _ => Token::Word(word.to_vec()),
        }
    }
}

fn ends_object(word: &[u8]) -> bool {
    matches!(word, b"obj" | b"endobj" | b"stream" | b"endstream" | b"xref" | b"trailer" | b"startxref")
}

/// `12 0 R`: the two numbers before the R become one reference.
fn reference(items: &mut Vec<Object>) {
    let numbers = items.len() >= 2 && items[items.len() - 2..].iter().all(|item| item.number().is_some());
    if numbers {
        items.pop();
        let number = items.pop().and_then(|item| item.number()).unwrap_or_default();
        items.push(Object::Ref(u32::try_from(number).unwrap_or(u32::MAX)));
    }
}

/// Names and values in turn. A name that stands where a value should is the value.
fn dict(items: Vec<Object>) -> Object {
    let mut members = Vec::new();
    let mut items = items.into_iter();
    while let Some(item) = items.next() {
        let Object::Name(name) = item else { continue };
        let value = items.next().unwrap_or(Object::Text);
        members.push((name, value));
    }
    Object::Dict(members)
}
