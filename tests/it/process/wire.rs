//! One connection, one request after the other. A connection that breaks off is an error and no answer.

use serde_json::Value;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What the program that asks calls itself.
pub const AGENT: &str = "Brimblewick-Browser/3";

pub struct Wire {
    reader: BufReader<TcpStream>,
    address: SocketAddr,
    pub token: String,
}

/// A whole answer: it only exists when its last byte was received.
pub struct Answer {
    pub status: u16,
    /// The number that ties it to its entry in the ledger.
    pub request: String,
    /// The headers, their names in small letters.
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Wire {
    pub fn open(address: SocketAddr, token: &str) -> Result<Self, Error> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self { reader: BufReader::new(stream), address, token: token.to_owned() })
    }

    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, Error> {
        let kind = if path.starts_with("/fhir") { "application/fhir+json" } else { "application/json" };
        self.send_with((method, path), &[("Content-Type", kind)], body.as_bytes())
    }

    /// The same with headers of one's own choice, and any bytes.
    pub fn send_with(
        &mut self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, Error> {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", self.address, body.len());
        if !self.token.is_empty() {
            request += &format!("Authorization: Bearer {}\r\n", self.token);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("User-Agent: {AGENT}\r\n\r\n");
        self.reader.get_mut().write_all(&[request.as_bytes(), body].concat())?;
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(ErrorKind::InvalidData)?;
        let (mut length, mut request, mut headers) = (0, String::new(), Vec::new());
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").ok_or(ErrorKind::InvalidData)?;
            match name {
                "content-length" => length = value.parse().map_err(|_| ErrorKind::InvalidData)?,
                "x-request-id" => request = value.to_owned(),
                "transfer-encoding" => return Err(ErrorKind::Unsupported.into()),
                _ => {}
            }
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        let body = String::from_utf8(body).map_err(|_| ErrorKind::InvalidData)?;
        Ok(Answer { status, request, headers, body })
    }

    fn line(&mut self) -> Result<String, Error> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Wire {
    /// A request that gets an answer.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "").unwrap()
    }

    pub fn put(&mut self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, &body.to_string()).unwrap()
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &body.to_string()).unwrap()
    }
}
