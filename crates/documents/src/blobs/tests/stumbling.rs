//! A server that answers what a test told it to, and hangs up where it was told to.

use super::{Blobs, S3, content, objects};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// What one connection hears before it is closed.
type Script = Vec<Vec<u8>>;

/// Answers one connection after the other; what was asked is kept in words.
fn server(script: Script) -> (Blobs, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        for answer in script {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                let begin = head.len();
                assert!(reader.read_line(&mut head).unwrap() > 0);
                let line = head[begin..].to_ascii_lowercase();
                if let Some(text) = line.strip_prefix("content-length: ") {
                    length = text.trim().parse().unwrap();
                }
            }
            std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink()).unwrap();
            heard.lock().unwrap().push(head);
            reader.get_mut().write_all(&answer).unwrap();
        }
    });
    (Blobs::S3(S3::new(&objects(&url, "bucket")).unwrap()), asked)
}

fn answer(status: &str, headers: &str, length: usize, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n").as_bytes(), body].concat()
}

fn refusal(status: &str, code: &str) -> Vec<u8> {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>the-secret</Message></Error>");
    answer(status, "", body.len(), body.as_bytes())
}

#[tokio::test]
async fn where_a_download_breaks_off_the_rest_of_the_same_object_is_asked_for() {
    let wanted = content(100_000);
    let tag = "ETag: \"one\"\r\n";
    let (store, asked) = server(vec![
        answer("200 OK", tag, 100_000, &wanted[..30_000]),
        answer("206 Partial Content", tag, 70_000, &wanted[30_000..80_000]),
        answer("206 Partial Content", tag, 20_000, &wanted[80_000..]),
    ]);
    let mut reading = store.get("documents/1/file").await.unwrap().unwrap();
    let mut out = Vec::new();
    reading.fill(&mut out, 1 << 20).await.unwrap();
    assert!(out == wanted);
    let asked = asked.lock().unwrap().join("");
    for range in ["range: bytes=30000-", "range: bytes=80000-", "if-match: \"one\""] {
        assert!(asked.contains(range), "{range} in {asked}");
    }
}

#[tokio::test]
async fn what_begins_anew_instead_of_going_on_is_no_file() {
    let (store, _) = server(vec![
        answer("200 OK", "ETag: \"one\"\r\n", 100, &[1; 40]),
        answer("200 OK", "ETag: \"two\"\r\n", 100, &[2; 100]),
    ]);
    let mut reading = store.get("documents/1/file").await.unwrap().unwrap();
    let mut out = Vec::new();
    assert!(reading.fill(&mut out, 100).await.is_err());
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not() {
    let (store, asked) = server(vec![
        refusal("503 Service Unavailable", "SlowDown"),
        Vec::new(),
        answer("200 OK", "ETag: \"one\"\r\n", 0, b""),
    ]);
    let mut writing = store.put("documents/1/file").await.unwrap();
    writing.write(b"sealed").await.unwrap();
    writing.finish().await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 3);

    let (store, asked) = server(vec![refusal("403 Forbidden", "AccessDenied")]);
    let mut writing = store.put("documents/1/file").await.unwrap();
    writing.write(b"sealed").await.unwrap();
    let error = writing.finish().await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("AccessDenied") && said.contains("PutObject"), "{said}");
    assert!(!said.contains("secret") && !said.contains("Signature") && !said.contains("AKIATESTS"), "{said}");
    assert_eq!(asked.lock().unwrap().len(), 1);
    let told = kernel::Problem::from(error);
    assert_eq!(told.status, 503);
    assert!(!told.detail.contains("AccessDenied"), "that is the operator's to know: {}", told.detail);
}
