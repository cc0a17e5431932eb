//! The header `Upload-Metadata`: names, each with a value in base64.

use crate::rules::{self, Said};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use consent::Compartment;
use kernel::{Issue, Problem};
use serde::{Deserialize, Serialize};

/// What is wished of a file on its way in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    pub file_name: String,
    pub title: Option<String>,
    pub kind: Option<String>,
    pub date: Option<String>,
    pub organization: Option<String>,
    pub tags: Vec<String>,
    /// It was sealed in the browser: nothing else is known of it.
    #[serde(default)]
    pub sealed: Option<SealedWish>,
    /// By which its sender knows the file again after they went away; it means nothing here.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// The longest fingerprint that is kept.
const FINGERPRINT: usize = 100;

/// What a browser says of a file that it sealed, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedWish {
    /// 128 random bits in hexadecimal.
    pub id: String,
    pub compartment: Compartment,
    /// Of the key that opens it.
    pub epoch: i64,
    /// Its description and the key of its file, sealed; in base64.
    pub detail: String,
    /// The readable document that is removed once this one is there.
    #[serde(default)]
    pub replaces: Option<String>,
}

impl Wishes {
    pub fn said(&self) -> Said {
        Said {
            title: self.title.clone(),
            kind: self.kind.clone(),
            date: self.date.clone(),
            organization: self.organization.clone(),
            tags: self.tags.clone(),
        }
    }

    /// Puts it in order; what has no title is called like its file.
    pub fn checked(self, today: &str) -> Result<Self, Problem> {
        // What is sealed says everything inside.
        if let Some(sealed) = self.sealed {
            return Ok(Self { sealed: Some(sealed), ..Self::default() });
        }
        let file_name = rules::file_name(&self.file_name);
        let Said { title, kind, date, organization, tags } = rules::check(self.said(), today)?;
        let title = title.or_else(|| Some(rules::title_of(&file_name)));
        let fingerprint = self.fingerprint;
        Ok(Self { file_name, title, kind, date, organization, tags, sealed: None, fingerprint })
    }
}

/// The wishes and the id of the patient.
pub fn read(header: &str) -> Result<(Wishes, String), Problem> {
    let (mut wishes, mut patient) = (Wishes::default(), None);
    let mut seen = Vec::new();
    for pair in header.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let wrong = |text: &str| {
            let issue = Issue::new("value", format!("Upload-Metadata.{name}"), text);
            Problem::bad_request("The header Upload-Metadata cannot be read.").with_issues(vec![issue])
        };
        if seen.contains(&name) {
            return Err(wrong("This name stands there twice."));
        }
        seen.push(name);
        let bytes = STANDARD.decode(value.trim()).map_err(|_| wrong("Expected base64."))?;
        let text = String::from_utf8(bytes).map_err(|_| wrong("Expected text in UTF-8."))?;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        match name {
            "filename" => wishes.file_name = text,
            "patient" => patient = Some(text),
            "title" => wishes.title = some(text),
            "kind" => wishes.kind = some(text),
            "date" => wishes.date = some(text),
            "organization" => wishes.organization = some(text),
            "fingerprint" if text.len() > FINGERPRINT => return Err(wrong("Expected at most 100 letters.")),
            "fingerprint" => wishes.fingerprint = some(text),
            "sealed" => {
                let sealed =
                    serde_json::from_str(&text).map_err(|_| wrong("Expected what a browser says of a sealed file."));
                wishes.sealed = Some(sealed?);
            }
            "tags" => wishes.tags = text.split(',').map(str::to_owned).collect(),
            // The child decides what a file is; browsers say what they think all the same.
            "filetype" | "type" => {}
            _ => return Err(wrong("Nobody knows this name.")),
        }
    }
    let patient = patient.ok_or_else(|| {
        let issue = Issue::new("required", "Upload-Metadata.patient", "Whose record is it for?");
        Problem::bad_request("The header Upload-Metadata names no patient.").with_issues(vec![issue])
    })?;
    Ok((wishes, patient))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_read_and_what_nobody_knows_is_refused() {
        let encode = |text: &str| STANDARD.encode(text);
        let header = format!(
            "filename {},patient {}, tags {}",
            encode("Bericht ä.pdf"),
            encode("p1"),
            encode("heart,two words")
        );
        let (wishes, patient) = read(&header).unwrap();
        assert_eq!((wishes.file_name.as_str(), patient.as_str()), ("Bericht ä.pdf", "p1"));
        let checked = wishes.checked("2026-03-04").unwrap();
        assert_eq!(checked.title.as_deref(), Some("Bericht ä"));
        assert_eq!(checked.tags, ["heart", "two words"]);
        assert!(read(&format!("filename {}", encode("a"))).is_err(), "nobody's");
        assert!(read(&format!("patient {},colour {}", encode("p"), encode("red"))).is_err());
        assert!(read("patient !!").is_err());
        let twice = format!("patient {},filename {},filename {}", encode("p"), encode("a"), encode("b"));
        assert!(read(&twice).is_err());
    }
}
