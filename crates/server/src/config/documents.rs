//! Settings of documents: how large a file may be, which languages are read, where files lie.

use super::check::read_secret;
use super::file::{Blobs as WrittenBlobs, Documents as Written};
use super::{Given, in_data};
use documents::{Blobs, Folder, Objects, S3, Settings};
use identity::outgoing::Authority;
use std::path::PathBuf;

/// The largest file when nothing is said: 10 MiB.
const MAX_BYTES: u64 = 10 << 20;
const LANGUAGES: &str = "eng";
/// A file is held in memory by the child that reads it, and its limits are made for this much.
const MOST: u64 = 100 << 20;

#[derive(Clone, Debug)]
pub struct Documents {
    pub max_bytes: u64,
    pub languages: String,
    pub place: Place,
    /// What is there, opened.
    pub blobs: Blobs,
    /// The program that looks into files; this very one when nothing else is named, which only tests do.
    pub program: Option<PathBuf>,
}

/// Where files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    Bucket(Objects),
}

impl Documents {
    pub fn settings(&self) -> Settings {
        let own = || std::env::current_exe().unwrap_or_else(|_| PathBuf::from("healthsync"));
        Settings {
            blobs: self.blobs.clone(),
            max_bytes: self.max_bytes,
            languages: self.languages.clone(),
            program: self.program.clone().unwrap_or_else(own),
        }
    }
}

pub fn documents(
    said: Written,
    blobs: WrittenBlobs,
    authorities: &[Authority],
    given: &Given,
    wrong: &mut Vec<String>,
) -> Documents {
    let max_bytes = said.max_bytes.unwrap_or(MAX_BYTES);
    if max_bytes == 0 || max_bytes > MOST {
        wrong.push(format!("documents.max_bytes: expected 1 to {MOST} bytes"));
    }
    let languages = said.languages.unwrap_or_else(|| LANGUAGES.to_owned());
    let fine = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !languages.split('+').all(fine) {
        wrong.push("documents.languages: expected names as tesseract has them, such as eng or eng+hin".to_owned());
    }
    let folder = in_data(&given.data, "blobs");
    let place = place(blobs, authorities, folder.clone(), wrong);
    let blobs = match &place {
        Place::Folder(folder) => Blobs::Folder(Folder::new(folder.clone())),
        Place::Bucket(objects) => S3::new(objects).map_or_else(
            |why| {
                wrong.push(why);
                Blobs::Folder(Folder::new(folder))
            },
            Blobs::S3,
        ),
    };
    Documents { max_bytes, languages, place, blobs, program: None }
}

/// Where the settings say that files lie.
fn place(said: WrittenBlobs, authorities: &[Authority], default: PathBuf, wrong: &mut Vec<String>) -> Place {
    let WrittenBlobs { url, endpoint, region, path_style, access_key, secret_key, secret_key_file } = said;
    let Some(address) = url.as_deref().and_then(|url| url.strip_prefix("s3://")) else {
        let of_a_bucket = [&endpoint, &region, &access_key, &secret_key].into_iter().any(Option::is_some);
        if of_a_bucket || path_style.is_some() || secret_key_file.is_some() {
            wrong.push(
                "blobs: endpoint, region, keys and path_style are for a bucket: say blobs.url = \"s3://bucket\""
                    .to_owned(),
            );
        }
        return Place::Folder(url.map_or(default, PathBuf::from));
    };
    let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    let safe = prefix.trim_end_matches('/').split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if bucket.is_empty() || !plain(address) || !(prefix.is_empty() || safe) {
        wrong.push(
            "blobs.url: expected s3://bucket or s3://bucket/folder, of letters, digits, -, _, . and /".to_owned(),
        );
    }
    let secret_key = match (secret_key, secret_key_file) {
        (Some(_), Some(_)) => {
            wrong.push("blobs.secret_key and blobs.secret_key_file: set one of them".to_owned());
            None
        }
        (Some(secret), None) => Some(secret),
        (None, Some(path)) => read_secret("blobs.secret_key_file", &path, wrong),
        (None, None) => {
            wrong.push("blobs.secret_key or blobs.secret_key_file: a bucket asks for one of them".to_owned());
            None
        }
    };
    if access_key.is_none() {
        wrong.push("blobs.access_key: a bucket asks for it".to_owned());
    }
    let region = region.unwrap_or_else(|| "us-east-1".to_owned());
    // What one runs oneself has seldom a name for each bucket.
    let path_style = path_style.unwrap_or(endpoint.is_some());
    Place::Bucket(Objects {
        endpoint: endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
        region,
        bucket: bucket.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{}/", prefix.trim_end_matches('/')) },
        path_style,
        access_key: access_key.unwrap_or_default(),
        secret_key: secret_key.unwrap_or_default(),
        authorities: authorities.to_vec(),
    })
}

/// The sections as the file has them.
pub fn listed(documents: &Documents) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let Documents { max_bytes, languages, place, .. } = documents;
    let place = match place {
        Place::Folder(folder) => format!("url = {}\n", quoted(&folder.display().to_string())),
        Place::Bucket(Objects { endpoint, region, bucket, prefix, path_style, access_key, .. }) => format!(
            "url = {}\nendpoint = {}\nregion = {}\npath_style = {path_style}\naccess_key = {}\n\
             secret_key = \"(hidden)\"\n",
            quoted(&format!("s3://{bucket}/{prefix}")),
            quoted(endpoint),
            quoted(region),
            quoted(access_key),
        ),
    };
    let languages = quoted(languages);
    format!("\n[documents]\nmax_bytes = {max_bytes}\nlanguages = {languages}\n\n[blobs]\n{place}")
}
