//! The server with a certificate of its own. `tests/tls` holds one for `localhost` that nobody else trusts.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(data: &Path, cert: &Path, key: &Path) -> (Running, SocketAddr) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_healthsync"))
        .args(["serve", "--listen", &address.to_string(), "--data"])
        .arg(data)
        .env("HEALTHSYNC__SERVER__TLS_CERT", cert)
        .env("HEALTHSYNC__SERVER__TLS_KEY", key)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    (Running(child), address)
}

fn connect(address: SocketAddr) -> TcpStream {
    let begun = Instant::now();
    loop {
        match TcpStream::connect(address) {
            Ok(socket) => return socket,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_client_that_trusts_the_certificate_gets_answers_and_is_told_to_stay_with_tls() {
    let data = tempfile::tempdir().unwrap();
    let (_running, address) = start(data.path(), &file("localhost.crt"), &file("localhost.key"));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("localhost.crt")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, connect(address));
    stream.write_all(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    // The end of the connection may come without the closing message of TLS.
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security"), "{answer}");
}

#[test]
fn whoever_speaks_plainly_to_it_gets_nothing_and_harms_nobody() {
    let data = tempfile::tempdir().unwrap();
    let (_running, address) = start(data.path(), &file("localhost.crt"), &file("localhost.key"));
    for _ in 0..2 {
        let mut socket = connect(address);
        socket.write_all(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert!(!String::from_utf8_lossy(&answer).contains("HTTP/1.1"));
    }
}

#[test]
fn a_file_that_is_no_certificate_is_named() {
    let data = tempfile::tempdir().unwrap();
    let (mut running, _) = start(data.path(), &file("localhost.key"), &file("localhost.key"));
    let mut said = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(2), "{said}");
    assert!(said.contains("server.tls_cert") && said.contains("no certificate"), "{said}");
}
