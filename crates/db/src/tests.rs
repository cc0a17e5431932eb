//! The same tests on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

use crate::{Column, Db, DbError, Options, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs a test on every engine there is, each time on an empty database.
fn on_each_engine(test: impl Fn(&Db)) {
    let folder = tempfile::tempdir().unwrap();
    test(&Db::open(&Options { url: folder.path().join("t.db").display().to_string() }).unwrap());
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        let url = crate::testing::fresh_postgres(&url);
        test(&Db::open(&Options { url }).unwrap());
    }
}

fn make_table(db: &Db) {
    db.write_blocking(|tx| {
        tx.execute("CREATE TABLE t (a BIGINT PRIMARY KEY, b BIGINT)", &[])?;
        Ok::<_, DbError>(())
    })
    .unwrap();
}

fn count(db: &Db) -> i64 {
    db.read_blocking(|tx| tx.count("SELECT COUNT(*) FROM t", &[])).unwrap()
}

#[test]
fn a_failed_job_is_undone_alone() {
    on_each_engine(|db| {
        make_table(db);
        db.write_blocking(|tx| tx.execute("INSERT INTO t VALUES (?1, ?2)", &[1.into(), 1.into()])).unwrap();
        let failed: Result<(), DbError> = db.write_blocking(|tx| {
            tx.execute("INSERT INTO t VALUES (?1, ?2)", &[2.into(), 2.into()])?;
            tx.execute("INSERT INTO t VALUES (?1, ?2)", &[1.into(), 3.into()])?;
            Ok(())
        });
        assert!(matches!(failed, Err(DbError::Exists(_))), "{failed:?}");
        assert_eq!(count(db), 1);
    });
}

#[test]
fn a_job_that_panics_ends_neither_the_writer_nor_its_neighbours() {
    on_each_engine(|db| {
        make_table(db);
        let dropped: Result<(), DbError> = db.write_blocking(|tx| {
            tx.execute("INSERT INTO t VALUES (?1, ?2)", &[1.into(), 1.into()])?;
            panic!("on purpose")
        });
        assert!(matches!(dropped, Err(DbError::Unavailable(_))), "{dropped:?}");
        db.write_blocking(|tx| tx.execute("INSERT INTO t VALUES (?1, ?2)", &[2.into(), 2.into()])).unwrap();
        assert_eq!(count(db), 1);
    });
}

#[test]
fn writes_from_many_threads_all_stand() {
    on_each_engine(|db| {
        make_table(db);
        std::thread::scope(|scope| {
            for thread in 0..8_i64 {
                let db = db.clone();
                scope.spawn(move || {
                    for i in 0..25_i64 {
                        let key = thread * 1000 + i;
                        // Every fifth job fails after it has written.
                        let result: Result<(), DbError> = db.write_blocking(move |tx| {
                            tx.execute("INSERT INTO t VALUES (?1, ?2)", &[key.into(), 0.into()])?;
                            if i % 5 == 0 { Err(DbError::Failed("on purpose".into())) } else { Ok(()) }
                        });
                        assert_eq!(result.is_ok(), i % 5 != 0);
                    }
                });
            }
        });
        assert_eq!(count(db), 8 * 20);
    });
}

#[test]
fn many_rows_go_in_and_out_by_column() {
    on_each_engine(|db| {
        make_table(db);
        db.write_blocking(|tx| {
            let keys: Vec<i64> = (0..1000).collect();
            tx.insert_many("t", &[("a", Column::Int(&keys)), ("b", Column::Const(7))])?;
            tx.delete_many("t", &[("a", Column::Int(&keys[..990])), ("b", Column::Const(7))])
        })
        .unwrap();
        assert_eq!(count(db), 10);
        let sum = db.read_blocking(|tx| tx.count("SELECT CAST(SUM(b) AS BIGINT) FROM t", &[])).unwrap();
        assert_eq!(sum, 70);
    });
}

#[test]
fn numbers_are_handed_out_once() {
    on_each_engine(|db| {
        let first = db.write_blocking(|tx| tx.allocate("rid", 10)).unwrap();
        let second = db.write_blocking(|tx| tx.allocate("rid", 1)).unwrap();
        assert_eq!((first, second), (1, 11));
        assert!(db.write_blocking(|tx| tx.allocate("nothing", 1)).is_err());
    });
}

#[test]
fn what_was_deferred_is_flushed_once_per_group_and_not_for_failed_jobs() {
    on_each_engine(|db| {
        let flushed = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&flushed);
        db.on_flush(
            move |_, pending| {
                seen.fetch_add(pending.len(), Ordering::SeqCst);
                Ok(())
            },
            || {},
        )
        .unwrap();
        let after = Arc::new(AtomicUsize::new(0));
        for fail in [false, true] {
            let after = Arc::clone(&after);
            let _ = db.write_blocking(move |tx| {
                tx.defer(Box::new(1_u8));
                tx.after_commit(move || {
                    after.fetch_add(1, Ordering::SeqCst);
                });
                if fail { Err(DbError::Failed("on purpose".into())) } else { Ok(()) }
            });
        }
        assert_eq!(flushed.load(Ordering::SeqCst), 1);
        assert_eq!(after.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_reader_cannot_write() {
    on_each_engine(|db| {
        let refused = db.read_blocking(|tx| tx.execute("UPDATE counter SET value = 5", &[]));
        assert!(refused.is_err());
        let value = db.read_blocking(|tx| tx.count("SELECT value FROM counter WHERE name = ?1", &[Value::Text("rid")]));
        assert_eq!(value.unwrap(), 0);
    });
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("t.db").display().to_string();
    let db = Db::open(&Options { url: url.clone() }).unwrap();
    db.write_blocking(|tx| tx.execute("INSERT INTO migration VALUES (9999, '9999_from_the_future')", &[])).unwrap();
    let error = Db::open(&Options { url }).err().unwrap().to_string();
    assert!(error.contains("newer version"), "{error}");
}

#[test]
fn listeners_hear_of_what_was_committed_and_of_nothing_else() {
    on_each_engine(|db| {
        let turned = |news: &str| Some(news.chars().rev().collect());
        db.on_news(turned, turned).unwrap();
        // PostgreSQL's listener connects in its own time.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let mut news = db.subscribe();
        let (kept, lost) = (db.bell("kept"), db.bell("lost"));
        for (text, fail) in [("lost", true), ("kept", false)] {
            let _ = db.write_blocking(move |tx| {
                tx.announce(text);
                if fail { Err(DbError::Failed("on purpose".into())) } else { Ok(()) }
            });
        }
        assert_eq!(&*news.blocking_recv().unwrap(), "kept");
        assert_eq!((kept.has_changed().unwrap(), lost.has_changed().unwrap()), (true, false));
    });
}
