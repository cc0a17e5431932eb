//! What the tests of documents do again and again.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use serde_json::Value;
use server::config::Place;
use std::path::PathBuf;
use testkit::{Person, Reply, TestApp};

/// A report as somebody types it: words that stand nowhere else, and values.
pub const REPORT: &str = "City Laboratory\nReport date: 04/03/2026\nPatient: Quillfeather\n\n\
Test            Result   Unit    Reference range\n\
Hemoglobin      13.4     g/dL    12.0 - 15.5\n\
Creatinine      0.9      mg/dL   0.6 - 1.1\n\n\
Remark: zymurgical sample\n";

pub fn addressed(method: &str, path: &str, who: &Person) -> http::request::Builder {
    let request = Request::builder().method(method).uri(path).header("host", "localhost");
    request.header("authorization", format!("Bearer {}", who.token)).header("tus-resumable", "1.0.0")
}

/// Sends a file in one step.
pub async fn send(app: &TestApp, who: &Person, patient: &str, name: &str, content: impl Into<Body>) -> Reply {
    let path = format!("/api/documents?patient={patient}&name={name}");
    app.request(addressed("POST", &path, who).body(content.into()).unwrap()).await
}

/// The same for one that must be taken.
pub async fn added(app: &TestApp, who: &Person, name: &str, content: impl Into<Body>) -> Value {
    send(app, who, &who.id, name, content).await.expect(201).json()
}

/// Begins an upload; returns its address.
pub async fn begin(app: &TestApp, who: &Person, size: usize) -> Reply {
    let said = [("filename", "report.txt"), ("patient", &who.id), ("fingerprint", "of these bytes")];
    let described = said.map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).join(",");
    let request = addressed("POST", "/api/uploads", who).header("upload-length", size);
    app.request(request.header("upload-metadata", described).body(Body::empty()).unwrap()).await
}

pub async fn piece(app: &TestApp, who: &Person, place: &str, offset: usize, bytes: &[u8]) -> Reply {
    let request = addressed("PATCH", place, who).header("upload-offset", offset);
    let request = request.header("content-type", "application/offset+octet-stream");
    app.request(request.body(Body::from(bytes.to_vec())).unwrap()).await
}

pub async fn offset(app: &TestApp, who: &Person, place: &str) -> usize {
    let asked = app.request(addressed("HEAD", place, who).body(Body::empty()).unwrap()).await.expect(204);
    asked.header("upload-offset").unwrap().parse().unwrap()
}

/// Where files lie.
pub fn folder(app: &TestApp) -> PathBuf {
    match &app.config.documents.place {
        Place::Folder(folder) => folder.clone(),
        Place::Bucket(_) => panic!("the files of this test lie in a bucket"),
    }
}

/// Every file in the store.
pub fn files(app: &TestApp) -> Vec<PathBuf> {
    fn walk(folder: &std::path::Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, files) } else { files.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(&folder(app), &mut files);
    files
}

/// A PDF of one page with a text layer: each line a row of columns, as laboratories print them.
pub fn pdf(rows: &[&[&str]]) -> Vec<u8> {
    let mut page = String::from("BT /F1 11 Tf\n");
    for (i, row) in rows.iter().enumerate() {
        for (j, text) in row.iter().enumerate() {
            let text = text.replace('(', "\\(").replace(')', "\\)");
            page.push_str(&format!("1 0 0 1 {} {} Tm ({text}) Tj\n", 60 + 130 * j, 760 - 22 * i));
        }
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let list = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    places.iter().for_each(|place| out.push_str(&format!("{place:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{list}\n%%EOF\n"));
    out.into_bytes()
}
