//! Files as objects in a bucket of an S3-compatible store, under the names that they have in a folder.
//!
//! Always holds: a file is an object under its name only when it is whole; what waits of a file is never in memory as a whole; every
//! request may be sent twice; no key and no signed address stands in what is said of a failure. Deliberately absent: a cache,
//! versions, and any trust in the store: what comes back opens only if it is what was sealed for this very place.

mod ask;
mod reading;
mod spool;
mod writing;

pub use reading::Reading;
pub use writing::Writing;

use crate::error::DocumentError;
use ask::{Answered, Asked};
use identity::outgoing::{Authority, Line};
use instant_xml::FromXml;
use kernel::Timestamp;
use rusty_s3::actions::{CreateMultipartUpload, ListObjectsV2};
use rusty_s3::{Bucket, Credentials, Method, S3Action, UrlStyle};
use spool::Payload;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a signed request is good: all of its tries.
const GOOD: Duration = Duration::from_secs(900);

/// Where the bucket is, and who comes.
#[derive(Clone, PartialEq, Eq)]
pub struct Objects {
    /// `https://s3.eu-central-1.amazonaws.com`
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// What stands before every name: empty, or with a slash at its end.
    pub prefix: String,
    /// Whether the bucket stands in the path of an address, and not in its host.
    pub path_style: bool,
    pub access_key: String,
    pub secret_key: String,
    /// Authorities that are trusted besides those of the system.
    pub authorities: Vec<Authority>,
}

// By hand: it holds a secret.
impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// A store in a bucket.
#[derive(Clone)]
pub struct S3(Arc<Inside>);

struct Inside {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    line: Arc<Line>,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("S3").field(&self.0.bucket.name()).finish()
    }
}

/// An answer that cannot be read.
fn strange(what: &str, error: &dyn fmt::Display) -> DocumentError {
    DocumentError::Blobs(format!("the object store answers {what} in a form that is not S3's: {error}"))
}

#[derive(FromXml)]
#[xml(rename = "ListMultipartUploadsResult", ns("http://s3.amazonaws.com/doc/2006-03-01/"))]
struct Unfinished {
    uploads: Vec<UnfinishedUpload>,
}

#[derive(FromXml)]
#[xml(rename = "Upload", ns("http://s3.amazonaws.com/doc/2006-03-01/"))]
pub(super) struct UnfinishedUpload {
    #[xml(rename = "Key")]
    key: String,
    #[xml(rename = "UploadId")]
    upload_id: String,
    #[xml(rename = "Initiated")]
    initiated: Option<String>,
}

/// An object as a list shows it.
pub(super) struct Listed {
    key: String,
    /// When it was written, if that is said.
    at: Option<i64>,
}

fn time(text: Option<&str>) -> Option<i64> {
    text.and_then(Timestamp::parse).map(|time| time.0)
}

impl S3 {
    /// What is wrong is said as of settings.
    pub fn new(objects: &Objects) -> Result<Self, String> {
        let endpoint = objects.endpoint.parse::<url::Url>().map_err(|e| format!("blobs.endpoint: {e}"))?;
        let style = if objects.path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let bucket = Bucket::new(endpoint, style, objects.bucket.clone(), objects.region.clone())
            .map_err(|e| format!("blobs.endpoint and blobs.url: {e}"))?;
        let line = Line::new(bucket.base_url().as_str(), objects.authorities.clone())
            .map_err(|why| format!("blobs.endpoint: {why}"))?;
        let credentials = Credentials::new(objects.access_key.clone(), objects.secret_key.clone());
        Ok(Self(Arc::new(Inside { bucket, credentials, prefix: objects.prefix.clone(), line: Arc::new(line) })))
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.0.prefix)
    }

    pub fn put(&self, name: &str) -> Writing {
        Writing::new(self.clone(), self.key(name))
    }

    pub async fn get(&self, name: &str) -> Result<Option<Reading>, DocumentError> {
        Reading::open(self.clone(), self.key(name)).await
    }

    pub async fn remove(&self, name: &str) -> Result<(), DocumentError> {
        let (key, inside) = (self.key(name), self.key(&format!("{name}/")));
        // A list says by one answer what there is: the file of this name, or all that is in the folder.
        for found in self.list(&key).await? {
            if found.key == key || found.key.starts_with(&inside) {
                self.delete(&found.key).await?;
            }
        }
        Ok(())
    }

    pub async fn older(&self, folder: &str, before: i64) -> Result<Vec<String>, DocumentError> {
        let inside = self.key(&format!("{folder}/"));
        let mut out: Vec<(String, bool)> = Vec::new();
        // Keys come in their order, so those of one folder stand together.
        for found in self.list(&inside).await? {
            let name = found.key[inside.len()..].split('/').next().unwrap_or_default().to_owned();
            let old = found.at.is_some_and(|at| at < before);
            match out.last_mut().filter(|(last, _)| *last == name) {
                Some((_, all_old)) => *all_old &= old,
                None => out.push((name, old)),
            }
        }
        Ok(out.into_iter().filter(|(_, old)| *old).map(|(name, _)| name).collect())
    }

    /// Gives up what a crash left half written: its parts are kept, and paid for, until somebody says so.
    pub async fn sweep(&self, before: i64) -> Result<(), DocumentError> {
        for upload in self.unfinished().await? {
            if time(upload.initiated.as_deref()).is_some_and(|at| at < before) {
                self.abort(&upload.key, &upload.upload_id).await?;
            }
        }
        Ok(())
    }

    /// Files of which there are only parts: at most a thousand come at once, and the next sweep finds the others.
    pub(super) async fn unfinished(&self) -> Result<Vec<UnfinishedUpload>, DocumentError> {
        let (credentials, bucket) = (&self.0.credentials, &self.0.bucket);
        let query = [("prefix", self.0.prefix.as_str()), ("uploads", "")];
        let url = rusty_s3::signing::sign(
            &jiff::Timestamp::now(),
            Method::Get,
            bucket.base_url().clone(),
            credentials.key(),
            credentials.secret(),
            credentials.token(),
            bucket.region(),
            GOOD.as_secs(),
            query.iter().copied(),
            std::iter::empty(),
        );
        let text = self.ask(Asked::new(Method::Get, &url, "list what is unfinished")).await?.text("a list").await?;
        let mut all: Unfinished = instant_xml::from_str(&text).map_err(|e| strange("a list", &e))?;
        let ours = [self.key("documents/"), self.key("uploads/")];
        all.uploads.retain(|upload| ours.iter().any(|folder| upload.key.starts_with(folder)));
        Ok(all.uploads)
    }

    /// Writes a file, finds it, reads it and removes it: what a key may do shows when it does it.
    pub async fn reach(&self, name: &str) -> Result<(), DocumentError> {
        let name = format!("check/{name}");
        let said = b"HealthSync asks whether this bucket can be used.";
        let mut writing = self.put(&name);
        writing.write(said).await?;
        writing.finish().await?;
        let mut read = Vec::new();
        match self.get(&name).await? {
            Some(mut reading) => reading.fill(&mut read, said.len() + 1).await?,
            None => return Err(DocumentError::Blobs("the object store does not find what it took".into())),
        }
        self.remove(&name).await?;
        if read != said {
            return Err(DocumentError::Blobs("the object store answers something else than it took".into()));
        }
        match self.get(&name).await? {
            None => Ok(()),
            Some(_) => Err(DocumentError::Blobs("the object store still has what was deleted".into())),
        }
    }

    pub(super) async fn list(&self, prefix: &str) -> Result<Vec<Listed>, DocumentError> {
        let mut out = Vec::new();
        let mut from: Option<String> = None;
        loop {
            let url = {
                let mut action = self.0.bucket.list_objects_v2(Some(&self.0.credentials));
                action.with_prefix(prefix);
                if let Some(token) = &from {
                    action.with_continuation_token(token.as_str());
                }
                action.sign(GOOD)
            };
            let asked = Asked::new(Method::Get, &url, "list");
            let text = self.ask(asked).await?.text("a list").await?;
            let page = ListObjectsV2::parse_response(&text).map_err(|e| strange("a list", &e))?;
            // What does not begin so is no answer to this question, and must not be deleted for it.
            let found = page.contents.into_iter().filter(|object| object.key.starts_with(prefix));
            out.extend(found.map(|object| Listed { at: time(object.last_modified.as_deref()), key: object.key }));
            match page.next_continuation_token {
                Some(token) => from = Some(token),
                None => return Ok(out),
            }
        }
    }

    async fn delete(&self, key: &str) -> Result<(), DocumentError> {
        let url = self.0.bucket.delete_object(Some(&self.0.credentials), key).sign(GOOD);
        self.ask_or_nothing(Asked::new(Method::Delete, &url, "delete")).await.map(drop)
    }

    async fn abort(&self, key: &str, upload: &str) -> Result<(), DocumentError> {
        let url = self.0.bucket.abort_multipart_upload(Some(&self.0.credentials), key, upload).sign(GOOD);
        self.ask_or_nothing(Asked::new(Method::Delete, &url, "give up what is unfinished")).await.map(drop)
    }

    async fn put_whole(&self, key: &str, body: Payload) -> Result<(), DocumentError> {
        let url = self.0.bucket.put_object(Some(&self.0.credentials), key).sign(GOOD);
        self.ask(Asked::new(Method::Put, &url, "write").body(body)).await?.over().await;
        Ok(())
    }

    /// Begins a file that comes in parts; returns the name of this attempt.
    pub(super) async fn begin(&self, key: &str) -> Result<String, DocumentError> {
        let url = self.0.bucket.create_multipart_upload(Some(&self.0.credentials), key).sign(GOOD);
        let text = self.ask(Asked::new(Method::Post, &url, "write")).await?.text("a beginning").await?;
        let begun = CreateMultipartUpload::parse_response(&text).map_err(|e| strange("a beginning", &e))?;
        Ok(begun.upload_id().to_owned())
    }

    /// Writes one part; returns what the store calls it.
    async fn part(&self, key: &str, upload: &str, number: u16, body: Payload) -> Result<String, DocumentError> {
        let url = self.0.bucket.upload_part(Some(&self.0.credentials), key, number, upload).sign(GOOD);
        let answered = self.ask(Asked::new(Method::Put, &url, "write").body(body)).await?;
        let tag = answered.header("etag").ok_or_else(|| strange("a part", &"it has no ETag"))?;
        answered.over().await;
        Ok(tag)
    }

    /// Makes an object of the parts.
    async fn complete(&self, key: &str, upload: &str, tags: &[String]) -> Result<(), DocumentError> {
        let tags = tags.iter().map(String::as_str);
        let action = self.0.bucket.complete_multipart_upload(Some(&self.0.credentials), key, upload, tags);
        let (url, body) = (action.sign(GOOD), action.body());
        let asked = Asked::new(Method::Post, &url, "write").body(Payload::Held(body.into()));
        match self.ask_or_nothing(asked).await? {
            // 200 comes before it is known whether it worked; the body says it, under names of which not all stores use the same.
            Some(answered) => {
                let text = answered.text("an end").await?;
                match text.contains("<ETag>") && !text.contains("<Error>") {
                    true => Ok(()),
                    false => Err(DocumentError::Blobs("the object store could not put a file together".into())),
                }
            }
            // Of two tries the first may have been heard and its answer lost.
            None => match self.find(key).await? {
                Some(_) => Ok(()),
                None => Err(DocumentError::Blobs("the object store lost what was being written".into())),
            },
        }
    }

    #[cfg(test)]
    pub async fn make_bucket(&self) -> Result<(), DocumentError> {
        let url = self.0.bucket.create_bucket(&self.0.credentials).sign(GOOD);
        self.ask(Asked::new(Method::Put, &url, "make a bucket")).await?.over().await;
        Ok(())
    }

    async fn find(&self, key: &str) -> Result<Option<Answered>, DocumentError> {
        let url = self.0.bucket.head_object(Some(&self.0.credentials), key).sign(GOOD);
        self.ask_or_nothing(Asked::new(Method::Head, &url, "read")).await
    }
}
