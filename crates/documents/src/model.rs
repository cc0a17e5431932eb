//! What the API shows and takes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of document: a LOINC code and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentKind)]
pub struct Kind {
    pub code: String,
    pub display: String,
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DocumentState)]
pub enum State {
    Waiting,
    Reading,
    Read,
    Unreadable,
}

/// Who brought a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AddedBy {
    Patient,
    Organization,
    Practitioner,
}

/// What the text suggests to say of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Suggestions {
    #[schema(required = true)]
    pub date: Option<String>,
    #[schema(required = true)]
    pub organization: Option<String>,
    #[schema(required = true)]
    pub kind: Option<Kind>,
    #[schema(required = true)]
    pub title: Option<String>,
}

/// A file of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// The id of the DocumentReference.
    pub id: String,
    /// The id of the Patient.
    pub patient: String,
    pub title: String,
    pub file_name: String,
    #[schema(required = true)]
    pub kind: Option<Kind>,
    pub content_type: String,
    pub size: i64,
    pub pages: i64,
    /// The day it is of.
    #[schema(required = true)]
    pub date: Option<String>,
    /// Who added it.
    #[schema(required = true)]
    pub author: Option<String>,
    /// The clinic or laboratory it is from.
    #[schema(required = true)]
    pub organization: Option<String>,
    pub tags: Vec<String>,
    pub state: State,
    /// Why it could not be read, or not all of it.
    #[schema(required = true)]
    pub state_detail: Option<String>,
    /// Whether there are a thumbnail and pictures of its pages.
    pub picture: bool,
    /// Values that wait to be confirmed.
    pub to_confirm: i64,
    /// The document that has the same content and was there first.
    #[schema(required = true)]
    pub same_as: Option<String>,
    pub added_at: String,
    pub added_by: AddedBy,
    #[schema(required = true)]
    pub deleted_at: Option<String>,
    /// When a deleted one is removed for good.
    #[schema(required = true)]
    pub gone: Option<String>,
    #[schema(required = true)]
    pub suggestions: Option<Suggestions>,
    /// Whether the caller may change and delete it.
    pub may_change: bool,
    /// Whether the caller may say which values are right: whoever may change it, and the patient in whose record it is.
    pub may_confirm: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KindCount {
    pub code: String,
    pub display: String,
    pub count: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagCount {
    pub tag: String,
    pub count: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DocumentYear)]
pub struct YearCount {
    pub year: i64,
    pub count: i64,
}

/// The documents of a record, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Documents {
    pub items: Vec<Document>,
    /// Goes into `before` for more.
    #[schema(required = true)]
    pub next: Option<String>,
    /// Over all documents that can be seen, whatever was asked for.
    pub kinds: Vec<KindCount>,
    pub tags: Vec<TagCount>,
    /// Newest first; only years that hold something.
    pub years: Vec<YearCount>,
    /// The largest file that is taken, in bytes.
    #[serde(rename = "maxBytes")]
    pub max_bytes: u64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentKinds {
    pub items: Vec<Kind>,
}

/// What is to be different. A member that is left out stays; `null` takes it away.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentChange {
    pub title: Option<String>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub kind: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub date: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub organization: Option<Option<String>>,
    pub tags: Option<Vec<String>>,
}

/// Tells `null` from what is not there.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// A place on a page, in parts of its width and height from the upper left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentBox)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// A word and where it stands. Text without a layout has no places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentWord)]
pub struct Word {
    pub t: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub w: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentLine)]
pub struct Line {
    pub words: Vec<Word>,
}

/// What stands on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DocumentPage)]
pub struct Page {
    pub n: i64,
    /// `layer`, `ocr` or `text`.
    pub source: String,
    #[serde(default)]
    pub turned: i64,
    #[serde(default)]
    pub skew: f64,
    #[serde(default)]
    #[schema(required = true)]
    pub confidence: Option<f64>,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentText {
    pub pages: Vec<Page>,
}

/// Codes of laboratory tests with their names and units, as the reading knows them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct LabCodes {
    pub items: Vec<LabCode>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LabCode {
    /// LOINC.
    pub code: String,
    pub display: String,
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// The usual unit (UCUM).
    #[serde(default)]
    #[schema(required = true)]
    pub unit: Option<String>,
    #[serde(default)]
    pub units: Vec<String>,
    /// What is plausible in each unit: for the server's own look at what is confirmed.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub limits: Vec<(String, f64, f64)>,
}

/// What is done with a proposed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ValueState {
    Proposed,
    Confirmed,
    Skipped,
}

/// A value as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReadValue)]
pub struct Reading {
    #[serde(default)]
    #[schema(required = true)]
    pub page: Option<i64>,
    #[serde(default, rename = "box")]
    #[schema(required = true)]
    pub place: Option<Place>,
    /// What was measured: as it is printed, until a person says what it is called.
    pub label: String,
    /// As it is printed, where a person said another name.
    #[serde(default)]
    #[schema(required = true)]
    pub printed: Option<String>,
    /// LOINC.
    #[serde(default)]
    #[schema(required = true)]
    pub code: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub display: Option<String>,
    /// The digits as printed, with a point.
    #[serde(default)]
    #[schema(required = true)]
    pub value: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub comparator: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub qualitative: Option<String>,
    /// UCUM.
    #[serde(default)]
    #[schema(required = true)]
    pub unit: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub unit_printed: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub low: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub high: Option<String>,
    /// `H` or `L`, as printed.
    #[serde(default)]
    #[schema(required = true)]
    pub flag: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub date: Option<String>,
    #[serde(default)]
    pub confidence: f64,
}

/// A proposed value of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentValue {
    pub n: i64,
    pub state: ValueState,
    /// The id of the Observation that was made of it.
    #[schema(required = true)]
    pub observation: Option<String>,
    /// Not confirmed here, for it was from another document with the same content: its id.
    #[schema(required = true)]
    pub added_from: Option<String>,
    #[serde(flatten)]
    pub reading: Reading,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentValues {
    pub items: Vec<DocumentValue>,
}

/// A value as a person says it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ValueForm)]
pub struct ConfirmForm {
    /// LOINC, or `null` for one that has no code.
    pub code: Option<String>,
    pub label: String,
    pub value: Option<String>,
    #[serde(default)]
    pub comparator: Option<String>,
    #[serde(default)]
    pub qualitative: Option<String>,
    pub unit: Option<String>,
    pub low: Option<String>,
    pub high: Option<String>,
    /// The day it is of.
    pub date: String,
}

/// What the child says of a file's content.
#[derive(Debug, Deserialize)]
pub struct Read {
    pub pages: Vec<Page>,
    /// Pages of letters that stayed unread.
    #[serde(default)]
    pub unread: u32,
    #[serde(default)]
    pub values: Vec<Reading>,
    #[serde(default)]
    pub suggestions: Suggestions,
}

/// Uploads that came in part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unfinished {
    /// The newest first.
    pub items: Vec<UnfinishedUpload>,
}

/// An upload that came in part: `HEAD` its address, and go on there.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnfinishedUpload {
    /// `/api/uploads/7`
    pub address: String,
    /// The name of the file.
    pub name: String,
    pub size: i64,
    pub received: i64,
    /// What its sender said to know the file again.
    pub fingerprint: Option<String>,
    /// When it is given up.
    pub expires: String,
}
