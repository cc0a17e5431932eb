//! A strict reader of JSON. Our own, because none of the kept ones gives number digits, spans, member order, refusal of
//! duplicate names and the path of an error at once.

use super::{DEPTH_MAX, Node, plain_end};
use kernel::Issue;
use std::borrow::Cow;

/// Objects with at most this many members are searched for a duplicate name by looking through them; larger ones are
/// sorted once, so that a hostile object costs n log n.
const SCAN_MAX: usize = 24;

/// Reads one JSON value that fills the whole input.
pub fn parse(input: &[u8]) -> Result<Node<'_>, Issue> {
    let mut reader = Reader::new(input)?;
    let value = reader.value().and_then(|value| reader.end().map(|()| value));
    value.map_err(|fail| fail.into_issue(input))
}

/// An error on its way up, collecting the path as it goes.
pub(crate) struct Fail {
    at: usize,
    text: String,
    /// Innermost first.
    path: Vec<Segment>,
}

enum Segment {
    Key(String),
    Index(usize),
}

impl Fail {
    pub(crate) fn key(mut self: Box<Self>, key: &str) -> Box<Self> {
        self.path.push(Segment::Key(key.to_owned()));
        self
    }

    fn index(mut self: Box<Self>, index: usize) -> Box<Self> {
        self.path.push(Segment::Index(index));
        self
    }

    pub(crate) fn into_issue(self, input: &[u8]) -> Issue {
        use std::fmt::Write;
        let before = &input[..self.at.min(input.len())];
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
        let mut path = String::new();
        for segment in self.path.iter().rev() {
            let _ = match segment {
                Segment::Key(key) if path.is_empty() => write!(path, "{key}"),
                Segment::Key(key) => write!(path, ".{key}"),
                Segment::Index(index) => write!(path, "[{index}]"),
            };
        }
        Issue::new("structure", path, format!("This is not valid JSON at line {line}, column {column}: {}.", self.text))
    }
}

pub(crate) type Read<T> = Result<T, Box<Fail>>;

pub(crate) struct Reader<'a> {
    text: &'a str,
    pos: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(input: &'a [u8]) -> Result<Self, Issue> {
        match std::str::from_utf8(input) {
            Ok(text) => Ok(Self { text, pos: 0, depth: 0 }),
            Err(error) => Err(Fail { at: error.valid_up_to(), text: "bytes that are not UTF-8".into(), path: vec![] }
                .into_issue(input)),
        }
    }

    pub(crate) fn fail<T>(&self, text: impl Into<String>) -> Read<T> {
        Err(Box::new(Fail { at: self.pos, text: text.into(), path: Vec::new() }))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.pos += 1;
        }
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Read<()> {
        self.space();
        if self.pos == self.text.len() { Ok(()) } else { self.fail("something follows the end of the value") }
    }

    pub(crate) fn value(&mut self) -> Read<Node<'a>> {
        self.space();
        match self.peek() {
            Some(b'{') => self.members().map(Node::Object),
            Some(b'[') => {
                let mut items = Vec::new();
                self.array(|reader, _| reader.value().map(|item| items.push(item)))?;
                Ok(Node::Array(items))
            }
            Some(b'"') => self.string().map(Node::String),
            Some(b't') => self.word("true", Node::Bool(true)),
            Some(b'f') => self.word("false", Node::Bool(false)),
            Some(b'n') => self.word("null", Node::Null),
            Some(b'-' | b'0'..=b'9') => self.number().map(|digits| Node::Number(Cow::Borrowed(digits))),
            Some(_) => self.fail("a value was expected"),
            None => self.fail("the input ends where a value was expected"),
        }
    }

    fn members(&mut self) -> Read<Vec<(Cow<'a, str>, Node<'a>)>> {
        let mut members: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
        let outermost = self.depth == 0;
        let done = self.object(|reader, key| {
            if members.len() < SCAN_MAX && members.iter().any(|(name, _)| *name == key) {
                return reader.fail("this name was given before in the same object");
            }
            let value = reader.value()?;
            members.push((key, value));
            Ok(())
        });
        if let Err(fail) = done {
            // The outermost object names the path's root when it has said what it is.
            let root = members.iter().find(|(key, _)| outermost && key == "resourceType").and_then(|(_, v)| v.as_str());
            return Err(if let Some(root) = root { fail.key(root) } else { fail });
        }
        if members.len() > SCAN_MAX {
            let mut names: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
            names.sort_unstable();
            if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
                return self.fail(format!("the name {:?} was given twice in the object that ends here", pair[0]));
            }
        }
        Ok(members)
    }

    /// Reads over a value without keeping it, by the same grammar, and gives its text. Duplicate names are not looked for.
    pub(crate) fn skip(&mut self) -> Read<&'a str> {
        self.space();
        let from = self.pos;
        match self.peek() {
            Some(b'{') => self.object(|reader, _| reader.skip().map(drop))?,
            Some(b'[') => self.array(|reader, _| reader.skip().map(drop))?,
            _ => drop(self.value()?),
        }
        Ok(&self.text[from..self.pos])
    }

    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Read<()>) -> Read<()> {
        self.open(b'{', "an object was expected")?;
        if self.close(b'}') {
            return Ok(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return self.fail("a member name in quotes was expected");
            }
            let from = self.pos;
            let key = self.string()?;
            let name_end = self.pos;
            self.space();
            if self.peek() != Some(b':') {
                return self.fail("a colon was expected after the member name");
            }
            self.pos += 1;
            if let Err(fail) = member(self, key) {
                let name = &self.text[from + 1..name_end - 1];
                return Err(fail.key(name));
            }
            self.space();
            match self.peek() {
                Some(b',') => self.pos += 1,
                _ if self.close(b'}') => return Ok(()),
                _ => return self.fail("a comma or the end of the object was expected"),
            }
        }
    }

    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        self.open(b'[', "an array was expected")?;
        if self.close(b']') {
            return Ok(());
        }
        for index in 0.. {
            item(self, index).map_err(|fail| fail.index(index))?;
            self.space();
            match self.peek() {
                Some(b',') => self.pos += 1,
                _ if self.close(b']') => break,
                _ => return self.fail("a comma or the end of the array was expected"),
            }
        }
        Ok(())
    }

    fn open(&mut self, bracket: u8, text: &'static str) -> Read<()> {
        self.space();
        if self.peek() != Some(bracket) {
            return self.fail(text);
        }
        if self.depth == DEPTH_MAX {
            return self.fail(format!("objects and arrays lie more than {DEPTH_MAX} deep"));
        }
        self.depth += 1;
        self.pos += 1;
        Ok(())
    }

    fn close(&mut self, bracket: u8) -> bool {
        self.space();
        let closes = self.peek() == Some(bracket);
        if closes {
            self.depth -= 1;
            self.pos += 1;
        }
        closes
    }

    fn word(&mut self, word: &'static str, value: Node<'a>) -> Read<Node<'a>> {
        if !self.text.as_bytes()[self.pos..].starts_with(word.as_bytes()) {
            return self.fail("a value was expected");
        }
        self.pos += word.len();
        Ok(value)
    }

    fn digits(&mut self) -> Read<()> {
        let from = self.pos;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.pos += 1;
        }
        if self.pos == from { self.fail("a digit was expected") } else { Ok(()) }
    }

    fn number(&mut self) -> Read<&'a str> {
        let from = self.pos;
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        if self.peek() == Some(b'0') {
            self.pos += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.fail("a number does not begin with a zero");
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.pos += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pos += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[from..self.pos])
    }

    /// The text between quotes: borrowed unless something in it is escaped.
    fn string(&mut self) -> Read<Cow<'a, str>> {
        self.pos += 1;
        let (text, start) = (self.text, self.pos);
        let mut from = start;
        let mut unescaped = String::new();
        loop {
            self.pos = plain_end(text.as_bytes(), self.pos);
            let run = &text[from..self.pos];
            match self.peek() {
                Some(b'"') => {
                    self.pos += 1;
                    if from == start {
                        return Ok(Cow::Borrowed(run));
                    }
                    unescaped.push_str(run);
                    return Ok(Cow::Owned(unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(run);
                    unescaped.push(self.escape()?);
                    from = self.pos;
                }
                Some(_) => return self.fail("a control character inside a string must be escaped"),
                None => return self.fail("the input ends inside a string"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.pos += 1;
        let plain = match self.peek() {
            Some(b @ (b'"' | b'\\' | b'/')) => char::from(b),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return self.fail("an unknown escape in a string"),
        };
        self.pos += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Read<char> {
        let mut code = self.hex4()?;
        if (0xD800..0xDC00).contains(&code) && self.text.as_bytes()[self.pos..].starts_with(b"\\u") {
            self.pos += 1;
            let low = self.hex4()?;
            if !(0xDC00..0xE000).contains(&low) {
                return self.fail("half a surrogate pair in a string");
            }
            code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        match char::from_u32(code) {
            Some('\0') => self.fail("the character NUL in a string"),
            Some(plain) => Ok(plain),
            None => self.fail("half a surrogate pair in a string"),
        }
    }

    /// Four hexadecimal digits after the `u` the reader stands at.
    fn hex4(&mut self) -> Read<u32> {
        let digits =
            self.text.as_bytes().get(self.pos + 1..self.pos + 5).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else { return self.fail("four hexadecimal digits were expected after \\u") };
        self.pos += 5;
        Ok(digits.iter().fold(0, |code, &d| code * 16 + char::from(d).to_digit(16).unwrap_or(0)))
    }
}
