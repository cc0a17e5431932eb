//! Files: one of ten million bytes as it comes, what is shown and read of files, and the server's memory while twenty come at
//! once. On a server and a folder of their own: what it held before would blur what it holds meanwhile.

use super::Bench;
use crate::http::{Connection, request};
use crate::machine;
use crate::report::{Row, Target};
use crate::server::{Place, Server};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const AT_ONCE: usize = 20;
const PAGES: usize = 10;
/// How long a document may wait until it is read.
const READ_WITHIN: Duration = Duration::from_secs(120);

struct Desk {
    server: Server,
    token: String,
    patient: String,
}

pub async fn all(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut place = Place::new(bench.binary.clone(), bench.scratch.join("uploads"));
    if let Ok(url) = std::env::var("TEST_S3_URL") {
        place.settings = bucket(&url)?;
    }
    std::fs::create_dir_all(&place.data).map_err(|e| format!("{}: {e}", place.data.display()))?;
    let token = place.token()?;
    let server = Server::start(&place)?;
    let patient = "of-many-papers".to_owned();
    let body = json!({ "resourceType": "Patient", "id": patient }).to_string();
    server.ask("PUT", &format!("/fhir/Patient/{patient}"), &token, body.as_bytes(), 201).await?;
    let desk = Desk { server, token, patient };
    let mut rows = one(bench, &desk).await?;
    rows.extend(read(bench, &place)?);
    rows.extend(at_once(bench, &desk).await?);
    desk.server.stop()?;
    Ok(rows)
}

/// A bucket of its own in a store that believes everybody (`scripts/objects`), and the settings that put the files there.
fn bucket(url: &str) -> Result<Vec<(&'static str, String)>, String> {
    let said = |e: std::io::Error| format!("{url}: {e}");
    let host = url.strip_prefix("http://").ok_or("TEST_S3_URL begins with http://")?;
    let name = format!("bench-{}", std::process::id());
    let mut stream = TcpStream::connect(host).map_err(said)?;
    write!(stream, "PUT /{name} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .map_err(said)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(said)?;
    if !answer.starts_with("HTTP/1.1 200") {
        return Err(format!("{url} makes no bucket: {answer}"));
    }
    Ok(vec![
        ("HEALTHSYNC__BLOBS__URL", format!("s3://{name}/files")),
        ("HEALTHSYNC__BLOBS__ENDPOINT", url.to_owned()),
        ("HEALTHSYNC__BLOBS__ACCESS_KEY", "AKIABENCH".to_owned()),
        ("HEALTHSYNC__BLOBS__SECRET_KEY", "the-secret-of-the-measure".to_owned()),
    ])
}

impl Desk {
    fn upload(&self, file: &[u8]) -> Vec<u8> {
        let path = format!("/api/documents?patient={}&name=scan.png", self.patient);
        request("POST", &path, &self.token, file)
    }

    /// Waits until nobody reads it any more, so that the next measure has the machine to itself.
    async fn settled(&self, id: &str) -> Result<(), String> {
        let begun = Instant::now();
        while begun.elapsed() < READ_WITHIN {
            let document = self.server.json("GET", &format!("/api/documents/{id}"), &self.token, b"", 200).await?;
            if !matches!(document["state"].as_str(), Some("waiting" | "reading")) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("a document was not read in two minutes".to_owned())
    }
}

/// One upload at a time, and the picture of its first page.
async fn one(bench: &Bench, desk: &Desk) -> Result<Vec<Row>, String> {
    let mut upload = Row::new("a picture of 10 MB uploaded, durable and looked into", "s", Some(Target::AtMost(0.5)));
    let mut thumbnail = Row::new("its thumbnail, made at once", "s", Some(Target::AtMost(0.3)));
    let mut kept = Row::new("its thumbnail, kept", "s", None);
    for round in 0..bench.rounds {
        let sent = desk.upload(&picture(round as u8));
        let mut connection = Connection::open(desk.server.address).await.map_err(|e| e.to_string())?;
        let begun = Instant::now();
        let answer = connection.exchange(&sent).await.map_err(|e| e.to_string())?;
        upload.add_value(begun.elapsed().as_secs_f64());
        let id = taken(answer.status, answer.body)?;
        for row in [&mut thumbnail, &mut kept] {
            let begun = Instant::now();
            desk.server.ask("GET", &format!("/api/documents/{id}/thumbnail"), &desk.token, b"", 200).await?;
            row.add_value(begun.elapsed().as_secs_f64());
        }
        desk.settled(&id).await?;
    }
    Ok(vec![upload, thumbnail, kept])
}

fn taken(status: u16, body: &[u8]) -> Result<String, String> {
    let document: Value = serde_json::from_slice(body).map_err(|e| e.to_string())?;
    match document["id"].as_str() {
        Some(id) if status == 201 => Ok(id.to_owned()),
        _ => Err(format!("an upload: status {status}: {document}")),
    }
}

/// What the child takes from its start to its answer.
fn read(bench: &Bench, place: &Place) -> Result<Vec<Row>, String> {
    let letter = letter();
    let scan = child(place, &["page", "--type", "application/pdf", "--number", "1", "--width", "1600"], &letter)?;
    let what = format!("a PDF of {PAGES} pages of text read");
    let mut text = Row::new(what, "s", Some(Target::AtMost(0.3)));
    let mut letters = Row::new("a scanned page read", "s", Some(Target::AtMost(2.0)));
    for _ in 0..bench.rounds {
        for (row, kind, file) in [(&mut text, "application/pdf", &letter), (&mut letters, "image/jpeg", &scan)] {
            let begun = Instant::now();
            let said = child(place, &["read", "--type", kind], file)?;
            row.add_value(begun.elapsed().as_secs_f64());
            if !String::from_utf8_lossy(&said).contains("sedimentation") {
                return Err(format!("of a file of type {kind} not every word was read"));
            }
        }
    }
    Ok(vec![text, letters])
}

fn child(place: &Place, arguments: &[&str], file: &[u8]) -> Result<Vec<u8>, String> {
    let said = |e: std::io::Error| format!("healthsync paper {}: {e}", arguments.join(" "));
    let mut command = Command::new(&place.binary);
    command.arg("paper").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(said)?;
    let mut pipe = child.stdin.take().ok_or("the child has no input")?;
    let file = file.to_vec();
    let writing = std::thread::spawn(move || pipe.write_all(&file));
    let done = child.wait_with_output().map_err(said)?;
    let _ = writing.join();
    if !done.status.success() {
        let why = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(format!("healthsync paper {}: {why}", arguments.join(" ")));
    }
    Ok(done.stdout)
}

/// The most memory the server had before and while twenty files came at once. What looks into them are other processes.
async fn at_once(bench: &Bench, desk: &Desk) -> Result<Vec<Row>, String> {
    let megabytes = |bytes: f64| bytes / f64::from(1 << 20);
    let mut before = Row::new("memory of the server before", "MiB", None);
    let what = format!("memory that {AT_ONCE} uploads of 10 MB at once took");
    let mut more = Row::new(what, "MiB", Some(Target::AtMost(32.0)));
    let mut time = Row::new(format!("{AT_ONCE} uploads of 10 MB at once, all of them"), "s", None);
    for round in 0..bench.rounds {
        let resting = machine::peak_memory_anew(desk.server.pid())?;
        before.add_value(megabytes(resting));
        let mut connections = Vec::new();
        for n in 0..AT_ONCE {
            let connection = Connection::open(desk.server.address).await.map_err(|e| e.to_string())?;
            connections.push((connection, desk.upload(&picture(100 + 20 * round as u8 + n as u8))));
        }
        let begun = Instant::now();
        let sending = connections.into_iter().map(|(mut connection, sent)| {
            tokio::spawn(async move {
                let answer = connection.exchange(&sent).await.map_err(|e| e.to_string())?;
                taken(answer.status, answer.body)
            })
        });
        let mut ids = Vec::new();
        for one in sending.collect::<Vec<_>>() {
            ids.push(one.await.map_err(|e| e.to_string())??);
        }
        time.add_value(begun.elapsed().as_secs_f64());
        more.add_value(megabytes(machine::peak_memory(desk.server.pid())? - resting));
        for id in ids {
            desk.settled(&id).await?;
        }
    }
    Ok(vec![before, more, time])
}

/// A picture of white paper that nothing was packed in: a little over ten million bytes.
fn picture(mark: u8) -> Vec<u8> {
    const WIDTH: usize = 1800;
    const HEIGHT: usize = 1930;
    let mut points = Vec::with_capacity(HEIGHT * (WIDTH * 3 + 1));
    for _ in 0..HEIGHT {
        points.push(0);
        points.resize(points.len() + WIDTH * 3, 255);
    }
    // No two files are the same.
    points[1] = mark;
    let mut packed = vec![0x78, 0x01];
    let mut blocks = points.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        packed.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&(!length).to_le_bytes());
        packed.extend_from_slice(block);
    }
    packed.extend_from_slice(&adler(&points).to_be_bytes());
    let mut out = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
    let mut head = Vec::new();
    head.extend_from_slice(&(WIDTH as u32).to_be_bytes());
    head.extend_from_slice(&(HEIGHT as u32).to_be_bytes());
    head.extend_from_slice(&[8, 2, 0, 0, 0]);
    for (name, content) in [(b"IHDR", head.as_slice()), (b"IDAT", packed.as_slice()), (b"IEND", &[])] {
        out.extend_from_slice(&(content.len() as u32).to_be_bytes());
        let named = [name.as_slice(), content].concat();
        out.extend_from_slice(&named);
        out.extend_from_slice(&crc(&named).to_be_bytes());
    }
    out
}

fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    // As many as fit before the sums must be cut.
    for some in bytes.chunks(5_552) {
        for byte in some {
            a += u32::from(*byte);
            b += a;
        }
        (a, b) = (a % 65_521, b % 65_521);
    }
    b << 16 | a
}

fn crc(bytes: &[u8]) -> u32 {
    let table: Vec<u32> =
        (0..256u32).map(|n| (0..8).fold(n, |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })).collect();
    !bytes.iter().fold(!0u32, |c, byte| table[((c ^ u32::from(*byte)) & 255) as usize] ^ (c >> 8))
}

const WORDS: [&str; 23] = [
    "erythrocyte",
    "sedimentation",
    "rate",
    "was",
    "found",
    "within",
    "the",
    "usual",
    "range",
    "and",
    "she",
    "slept",
    "well",
    "after",
    "a",
    "walk",
    "of",
    "four",
    "miles",
    "along",
    "river",
    "without",
    "pain",
];

/// A PDF of pages full of words, with a text layer.
fn letter() -> Vec<u8> {
    let page = |n: usize| {
        let mut text = String::from("BT /F1 11 Tf\n");
        for line in 0..40 {
            // Lines that are all alike would stand in columns, as those of no letter do.
            let words: Vec<&str> = (0..11).map(|at| WORDS[(line * 7 + at * (1 + n % 3)) % WORDS.len()]).collect();
            let words = words.join(" ");
            text += &format!("1 0 0 1 60 {} Tm ({words}) Tj\n", 780 - 18 * line);
        }
        text + "ET"
    };
    let kids: Vec<String> = (0..PAGES).map(|n| format!("{} 0 R", 4 + 2 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {PAGES} >>", kids.join(" ")),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for n in 0..PAGES {
        let (content, text) = (5 + 2 * n, page(n + 1));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
    }
    let (mut out, mut places) = (String::from("%PDF-1.4\n"), Vec::new());
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let (list, count) = (out.len(), objects.len() + 1);
    out += &format!("xref\n0 {count}\n0000000000 65535 f \n");
    places.iter().for_each(|place| out += &format!("{place:010} 00000 n \n"));
    out += &format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{list}\n%%EOF\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_formats() {
        assert_eq!((crc(b"123456789"), adler(b"Wikipedia")), (0xCBF4_3926, 0x11E6_0398));
        let picture = picture(7);
        assert!((10_000_000..10_485_760).contains(&picture.len()), "{}", picture.len());
    }
}
