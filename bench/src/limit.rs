//! The physical limit: a bare program that stores the very rows the server stored, in the same tables, as durably and in
//! groups of the same size, and does nothing else. The program is SQLite's own shell.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How the server opens its database for writing; the bare program does it the same way.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; \
                       PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;\n";

/// How far the numbering of rows has come: what lies between two of these was stored in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    rid: i64,
    seq: i64,
}

/// Runs SQLite's shell; `None` for the database is one in memory.
fn shell(database: &Path, script: &str) -> Result<String, String> {
    let said = |e: std::io::Error| format!("sqlite3 (the SQLite shell): {e}");
    let mut child = Command::new("sqlite3")
        .args(["-batch", "-bail", "-noheader", "-list"])
        .arg(database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(said)?;
    let mut input = child.stdin.take().ok_or("sqlite3 takes no input")?;
    // Written beside the reading: neither side may wait for the other.
    let text = script.to_owned();
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let done = child.wait_with_output().map_err(said)?;
    let _ = writing.join();
    if !done.status.success() {
        return Err(format!("sqlite3: {}", String::from_utf8_lossy(&done.stderr)));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

pub fn mark(database: &Path) -> Result<Mark, String> {
    let text = shell(
        database,
        "PRAGMA query_only = ON; SELECT coalesce(max(rid), 0) FROM resource; SELECT coalesce(max(seq), -1) FROM ledger;",
    )?;
    let numbers: Vec<i64> = text.lines().filter_map(|line| line.trim().parse().ok()).collect();
    match numbers[..] {
        [rid, seq] => Ok(Mark { rid, seq }),
        _ => Err(format!("sqlite3 said {text:?} instead of two numbers")),
    }
}

/// Rows of a real run, set aside to be stored again.
pub struct Rows {
    staged: PathBuf,
    /// Everything that makes the empty tables.
    schema: String,
    tables: Vec<String>,
    from: Mark,
    to: Mark,
}

/// Sets aside what was stored between two marks, but at most so many resources and ledger entries.
pub fn stage(database: &Path, scratch: &Path, name: &str, from: Mark, to: Mark, most: i64) -> Result<Rows, String> {
    let to = Mark { rid: to.rid.min(from.rid + most), seq: to.seq.min(from.seq + most) };
    let listed = shell(
        database,
        "PRAGMA query_only = ON; SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND c.name = 'rid';",
    )?;
    let tables: Vec<String> = listed.lines().map(str::to_owned).collect();
    let mut script = format!("ATTACH '{}' AS real;\n", database.display());
    for table in &tables {
        script.push_str(&format!(
            "CREATE TABLE {table} AS SELECT * FROM real.{table} WHERE rid > {} AND rid <= {} ORDER BY rid;\n\
             CREATE INDEX {table}_staged ON {table} (rid);\n",
            from.rid, to.rid
        ));
    }
    script.push_str(&format!(
        "CREATE TABLE ledger AS SELECT * FROM real.ledger WHERE seq > {} AND seq <= {} ORDER BY seq;\n\
         CREATE INDEX ledger_staged ON ledger (seq);\n\
         SELECT sql || ';' FROM real.sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ('{}', 'ledger')\n\
         ORDER BY type = 'index';",
        from.seq,
        to.seq,
        tables.join("', '")
    ));
    let staged = scratch.join(format!("{name}.staged"));
    let schema = shell(&staged, &script)?;
    Ok(Rows { staged, schema, tables, from, to })
}

impl Rows {
    pub const fn resources(&self) -> i64 {
        self.to.rid - self.from.rid
    }

    pub const fn entries(&self) -> i64 {
        self.to.seq - self.from.seq
    }

    /// Stores them in this many groups, one commit each, and returns the seconds it took.
    pub fn store(&self, scratch: &Path, groups: i64) -> Result<f64, String> {
        let fresh = scratch.join("limit.db");
        remove(&fresh);
        let clock = "SELECT printf('%d', (julianday('now') - 2440587.5) * 86400000.0);\n";
        let mut script = format!("{PRAGMAS}{}\nATTACH '{}' AS staged;\n{clock}", self.schema, self.staged.display());
        for group in 0..groups {
            let cut = |all: i64, at: i64| all * at / groups;
            let rid = self.from.rid;
            let (a, b) = (rid + cut(self.resources(), group), rid + cut(self.resources(), group + 1));
            let seq = self.from.seq;
            let (c, d) = (seq + cut(self.entries(), group), seq + cut(self.entries(), group + 1));
            script.push_str("BEGIN IMMEDIATE;\n");
            if b > a {
                for table in &self.tables {
                    script.push_str(&format!(
                        "INSERT INTO {table} SELECT * FROM staged.{table} WHERE rid > {a} AND rid <= {b};\n"
                    ));
                }
            }
            if d > c {
                script.push_str(&format!(
                    "INSERT INTO ledger SELECT * FROM staged.ledger WHERE seq > {c} AND seq <= {d};\n"
                ));
            }
            script.push_str("COMMIT;\n");
        }
        script.push_str(clock);
        script.push_str("SELECT count(*) FROM resource; SELECT count(*) FROM ledger;\n");
        let said = shell(&fresh, &script)?;
        remove(&fresh);
        // The pragmas speak first; the last four lines are ours.
        let numbers: Vec<i64> = said.lines().filter_map(|line| line.trim().parse().ok()).collect();
        match numbers[..] {
            [.., begun, ended, resources, entries] if resources <= self.resources() && entries == self.entries() => {
                Ok((ended - begun).max(1) as f64 / 1000.0)
            }
            _ => Err(format!("the bare program stored something else than was staged: {numbers:?}")),
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        remove(&self.staged);
    }
}

fn remove(database: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut path = database.to_owned().into_os_string();
        path.push(end);
        let _ = std::fs::remove_file(path);
    }
}
