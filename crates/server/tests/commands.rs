//! The binary as an operator uses it.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn healthsync(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_healthsync"));
    command.args(arguments).arg("--data").arg(data).current_dir(data);
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    healthsync(data, arguments).output().unwrap()
}

#[track_caller]
fn done(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn failed(output: Output, code: i32, word: &str) {
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(word), "{said}");
}

/// A server that is ended with the test.
struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    fn start(data: &Path, arguments: &[&str]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let listen = address.to_string();
        let child = healthsync(data, arguments)
            .args(["--listen", &listen])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut running = Self { child, address };
        let begun = Instant::now();
        while running.get("/api/health", None).is_none_or(|answer| !answer.starts_with("HTTP/1.1 200")) {
            assert!(running.child.try_wait().unwrap().is_none(), "the server ended");
            assert!(begun.elapsed() < Duration::from_secs(120), "the server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }

    fn get(&self, path: &str, token: Option<&str>) -> Option<String> {
        let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let mut socket = TcpStream::connect(self.address).ok()?;
        write!(socket, "GET {path} HTTP/1.1\r\nHost: {}\r\n{bearer}Connection: close\r\n\r\n", self.address).ok()?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"transaction","entry":[
  {"fullUrl":"urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9",
   "resource":{"resourceType":"Patient","identifier":[{"system":"urn:t","value":"1"}],"name":[{"family":"Rao"}]},
   "request":{"method":"POST","url":"Patient"}},
  {"resource":{"resourceType":"Condition","code":{"text":"Asthma"},
    "subject":{"reference":"urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9"}},
   "request":{"method":"POST","url":"Condition"}}]}"#;

/// The numbers of the closing report.
fn counts(report: &str) -> [u64; 4] {
    let of = |word: &str| {
        let line = report.lines().find(|line| line.starts_with(word)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    [of("created"), of("updated"), of("unchanged"), of("refused")]
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn importing_again_changes_nothing_and_a_bundle_with_a_fault_is_refused_whole() {
    let data = folder();
    let files = folder();
    std::fs::write(files.path().join("good.json"), BUNDLE).unwrap();
    std::fs::write(files.path().join("bad.json"), BUNDLE.replace("Asthma", "x").replace("\"Rao\"", "7")).unwrap();
    let path = files.path().to_str().unwrap();
    for expected in [[2, 0, 0, 1], [0, 0, 2, 1]] {
        let output = run(data.path(), &["import", path]);
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(counts(&report), expected, "{report}");
        assert!(report.contains("bad.json") && report.contains("Bundle.entry[0].resource.name[0].family"), "{report}");
        failed(output, 1, "refused");
    }
    assert!(done(run(data.path(), &["ledger", "verify"])).contains("The ledger verifies."));
}

#[test]
fn resources_in_any_order_come_in_by_standard_input_and_leave_by_export() {
    let data = folder();
    let lines = [
        r#"{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"Pulse"},"subject":{"reference":"Patient/p1"},"valueQuantity":{"value":72.50}}"#,
        r#"{"resourceType":"Patient","id":"p1","birthDate":"1978-07-24"}"#,
        r#"{"resourceType":"Patient","id":"p2","birthDate":"2026-02-30"}"#,
    ];
    let mut child = healthsync(data.path(), &["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(counts(&report), [2, 0, 0, 1], "{report}");
    assert!(report.contains("standard input line 3: birthDate: "), "{report}");
    let bundle = done(run(data.path(), &["export", "p1"]));
    assert!(bundle.contains(r#""type":"collection""#) && bundle.contains("72.50"), "{bundle}");
    let lines = done(run(data.path(), &["export", "p1", "--ndjson"]));
    assert_eq!(lines.lines().count(), 2, "{lines}");
    failed(run(data.path(), &["export", "nobody"]), 1, "no Patient");
    // What was exported can be taken in elsewhere.
    let elsewhere = folder();
    std::fs::write(elsewhere.path().join("record.json"), bundle).unwrap();
    let report = done(run(elsewhere.path(), &["import", "record.json"]));
    assert_eq!(counts(&report), [2, 0, 0, 0], "{report}");
}

#[test]
fn a_token_is_made_while_the_server_runs_and_reads_what_its_organization_contributed() {
    let data = folder();
    let server = Running::start(data.path(), &["serve"]);
    let file = data.path().join("bundle.json");
    std::fs::write(&file, BUNDLE).unwrap();
    done(run(data.path(), &["import", file.to_str().unwrap(), "--organization", "Riverside, Clinic"]));
    let token = done(run(data.path(), &["token", "create", "--service", "lab", "--organization", "Riverside, Clinic"]));
    assert_eq!(token.lines().count(), 1);
    let found = server.get("/fhir/Condition", Some(token.trim())).unwrap();
    assert!(found.contains(r#""total":1"#) && found.contains("Asthma"), "{found}");
    let other = done(run(data.path(), &["token", "create", "--service", "lab2", "--organization", "Hillside"]));
    let found = server.get("/fhir/Condition", Some(other.trim())).unwrap();
    assert!(found.contains(r#""total":0"#) && !found.contains("Asthma"), "{found}");
}

#[test]
fn an_account_is_made_for_a_record_that_is_there() {
    let data = folder();
    let add = |more: &[&str]| {
        let mut arguments = vec!["user", "add", "--username", "asha", "--password", "correct horse"];
        arguments.extend_from_slice(more);
        run(data.path(), &arguments)
    };
    failed(add(&["--role", "patient", "--patient", "p1"]), 1, "no Patient with the id or identifier p1");
    let file = data.path().join("p.json");
    std::fs::write(&file, r#"{"resourceType":"Patient","id":"p1","name":[{"given":["Asha"],"family":"Rao"}]}"#)
        .unwrap();
    done(run(data.path(), &["import", file.to_str().unwrap()]));
    assert_eq!(done(add(&["--role", "patient", "--patient", "p1"])), "Asha Rao (patient) can sign in as asha.\n");
    failed(add(&["--role", "administrator"]), 1, "user name");
    let common = ["user", "add", "--username", "boss", "--password", "password123", "--role", "administrator"];
    failed(run(data.path(), &common), 1, "among the most common ones");
    failed(add(&["--role", "administrator", "--patient", "p1"]), 2, "--role patient");
    failed(add(&["--role", "emperor"]), 2, "emperor");
}

#[test]
fn the_master_key_is_replaced_while_the_server_runs_and_everything_stays_readable() {
    let data = folder();
    let file = data.path().join("bundle.json");
    std::fs::write(&file, BUNDLE).unwrap();
    done(run(data.path(), &["import", file.to_str().unwrap(), "--organization", "Riverside"]));
    let token = done(run(data.path(), &["token", "create", "--service", "lab", "--organization", "Riverside"]));
    let server = Running::start(data.path(), &["serve"]);
    let before = std::fs::read(data.path().join("master.key")).unwrap();
    done(run(data.path(), &["keys", "rotate"]));
    assert_ne!(std::fs::read(data.path().join("master.key")).unwrap(), before);
    assert!(server.get("/fhir/Condition", Some(token.trim())).unwrap().contains("Asthma"));
    done(run(data.path(), &["ledger", "verify"]));
    assert!(done(run(data.path(), &["keys", "rotate-apps"])).contains("signs in ten minutes"));
    assert!(done(run(data.path(), &["keys", "rotate-apps"])).contains("waits already"));
    assert!(done(run(data.path(), &["keys", "rotate-apps", "--at-once"])).contains("refused within a minute"));
    std::fs::write(data.path().join("master.key"), &before).unwrap();
    failed(run(data.path(), &["ledger", "verify"]), 1, "master key");
}

/// A bucket is tried out, and what is wrong with it is said without what is secret.
#[test]
fn a_bucket_that_refuses_is_told_before_anything_is_kept_in_it() {
    let data = folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = vec![0; 4096];
        let length = stream.read(&mut asked).unwrap();
        let body = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
        write!(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        String::from_utf8_lossy(&asked[..length]).into_owned()
    });
    let mut check = healthsync(data.path(), &["config", "check"]);
    check.env("HEALTHSYNC__BLOBS__URL", "s3://records").env("HEALTHSYNC__BLOBS__ENDPOINT", &endpoint);
    check.env("HEALTHSYNC__BLOBS__ACCESS_KEY", "AKIAHERE").env("HEALTHSYNC__BLOBS__SECRET_KEY", "s3cret-word");
    let output = check.output().unwrap();
    let all = [output.stdout.clone(), output.stderr.clone()].concat();
    assert!(!String::from_utf8_lossy(&all).contains("s3cret-word"));
    failed(output, 2, "blobs.secret_key does not fit");
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("PUT /records/check/") && asked.contains("X-Amz-Signature="), "{asked}");
}

#[test]
fn wrong_settings_are_told_with_exit_code_two() {
    let data = folder();
    assert!(done(run(data.path(), &["config", "check"])).contains("listen = \"127.0.0.1:8080\""));
    failed(run(data.path(), &["config", "check", "--listen", "0.0.0.0:80"]), 2, "server.tls_cert");
    failed(run(data.path(), &["serve", "--listen", "0.0.0.0:0"]), 2, "server.tls_cert");
    std::fs::write(data.path().join("healthsync.toml"), "[servre]\n").unwrap();
    failed(run(data.path(), &["config", "check"]), 2, "servre");
    failed(run(data.path(), &["import", "absent.json"]), 2, "servre");
    std::fs::remove_file(data.path().join("healthsync.toml")).unwrap();
    failed(run(data.path(), &["import", "absent.json"]), 2, "absent.json");
}

#[test]
fn a_demonstration_starts_again_where_it_was_and_refuses_what_is_none() {
    let data = folder();
    let first = Running::start(data.path(), &["demo", "--patients", "1"]);
    let accounts = first.get("/api/demo", None).unwrap();
    assert!(accounts.contains("patient1") && accounts.contains("doctor1") && accounts.contains("admin1"), "{accounts}");
    drop(first);
    let begun = Instant::now();
    let again = Running::start(data.path(), &["demo"]);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(again.get("/api/demo", None).unwrap().contains("patient1"));
    let anew = &["demo", "--fresh", "--patients", "0", "--listen", "127.0.0.1:0"];
    failed(run(data.path(), anew), 2, "stop it where it runs");
    assert!(again.get("/api/demo", None).unwrap().contains("patient1"));
    assert!(data.path().join("healthsync.db").exists() && data.path().join("master.key").exists());
    drop(again);
    // On any other server there are no public accounts.
    let plain = Running::start(data.path(), &["serve"]);
    assert!(plain.get("/api/demo", None).unwrap().contains(r#"{"accounts":[]}"#));
    failed(run(data.path(), anew), 2, "stop it where it runs");
    drop(plain);
    let anew = Running::start(data.path(), &["demo", "--fresh", "--patients", "0"]);
    assert!(anew.get("/api/demo", None).unwrap().contains("patient1"));
    drop(anew);
    failed(run(data.path(), &["demo", "--listen", "0.0.0.0:0"]), 2, "server.tls_cert");
    let real = folder();
    done(run(real.path(), &["token", "create", "--service", "lab", "--organization", "Riverside"]));
    failed(run(real.path(), &["demo", "--fresh"]), 2, "no demonstration");
    assert!(real.path().join("healthsync.db").exists());
}

#[test]
fn the_help_teaches_by_example() {
    let data = folder();
    for command in [&["--help"][..], &["import", "--help"], &["user", "add", "--help"], &["token", "create", "--help"]]
    {
        let help = done(run(data.path(), command));
        assert!(help.contains("healthsync "), "{help}");
        assert!(help.to_lowercase().contains("example") || help.contains("Try it"), "{help}");
    }
}

#[test]
fn what_is_not_there_is_neither_verified_nor_made() {
    let data = folder();
    let wrong = data.path().join("wrong");
    std::fs::create_dir(&wrong).unwrap();
    let commands: [&[&str]; 5] = [
        &["ledger", "verify"],
        &["ledger", "key"],
        &["export", "somebody"],
        &["keys", "rotate"],
        &["keys", "rotate-apps"],
    ];
    for arguments in commands {
        failed(run(&wrong, arguments), 2, "There is no database at");
    }
    assert_eq!(std::fs::read_dir(&wrong).unwrap().count(), 0);
}
