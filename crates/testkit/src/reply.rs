//! An answer, with what a test asks of it.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body as text, with bytes that are none shown as such.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Says that the status must be this one.
    ///
    /// # Panics
    /// When it is another; the message shows the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The texts of all issues of an OperationOutcome, with where they were found.
    pub fn outcome(&self) -> Vec<(String, String)> {
        let json = self.json();
        assert_eq!(json["resourceType"], "OperationOutcome", "{json}");
        let issues = json["issue"].as_array().cloned().unwrap_or_default();
        let one = |issue: &Value| {
            let place = issue["expression"][0].as_str().unwrap_or_default().to_owned();
            (place, issue["details"]["text"].as_str().unwrap_or_default().to_owned())
        };
        issues.iter().map(one).collect()
    }
}
