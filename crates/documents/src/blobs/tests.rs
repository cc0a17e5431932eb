//! The same of both stores: the folder, and a bucket where TEST_S3_URL names a server; and what a bucket does when its server
//! stumbles.

mod stumbling;

use super::s3::{Objects, S3};
use super::{Blobs, Folder};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Somebody's bucket; the server of tests believes every key.
pub fn objects(endpoint: &str, bucket: &str) -> Objects {
    Objects {
        endpoint: endpoint.to_owned(),
        region: "us-east-1".to_owned(),
        bucket: bucket.to_owned(),
        prefix: "of/tests/".to_owned(),
        path_style: true,
        access_key: "AKIATESTS".to_owned(),
        secret_key: "the-secret-of-the-tests".to_owned(),
        authorities: Vec::new(),
    }
}

/// A bucket of one's own, if there is a server for it.
async fn bucket() -> Option<S3> {
    let url = std::env::var("TEST_S3_URL").ok().filter(|url| !url.is_empty());
    let Some(url) = url else {
        println!("Left out: TEST_S3_URL names no object store (scripts/objects starts one).");
        return None;
    };
    let name = format!("b{:016x}", u64::from_le_bytes(kernel::rng::bytes(&kernel::SystemRng)));
    let store = S3::new(&objects(&url, &name)).unwrap();
    store.make_bucket().await.unwrap();
    Some(store)
}

async fn stores() -> (TempDir, Vec<Blobs>) {
    let folder = tempfile::tempdir().unwrap();
    let mut stores = vec![Blobs::Folder(Folder::new(folder.path().to_owned()))];
    stores.extend(bucket().await.map(Blobs::S3));
    (folder, stores)
}

/// Bytes in which every place is told from its neighbours.
pub fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at ^ (at >> 8) ^ (at >> 16)) as u8).collect()
}

async fn write(store: &Blobs, name: &str, content: &[u8]) {
    let mut writing = store.put(name).await.unwrap();
    for piece in content.chunks(70_001) {
        writing.write(piece).await.unwrap();
    }
    writing.finish().await.unwrap();
}

async fn read(store: &Blobs, name: &str) -> Option<Vec<u8>> {
    let mut reading = store.get(name).await.unwrap()?;
    let mut out = Vec::new();
    // A piece at a time, as a sealed file is opened.
    loop {
        let before = out.len();
        reading.fill(&mut out, before + 65_552).await.unwrap();
        if out.len() == before {
            return Some(out);
        }
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

#[tokio::test]
async fn what_is_written_is_read_whole_and_what_is_removed_is_gone() {
    const PART: usize = 5 << 20;
    let (_folder, stores) = stores().await;
    for store in &stores {
        assert_eq!(read(store, "documents/1/file").await, None);
        for size in [1, 70_000, PART, PART + 1, 2 * PART + 12_345] {
            let wanted = content(size);
            write(store, "documents/1/file", &wanted).await;
            assert!(read(store, "documents/1/file").await.unwrap() == wanted, "{size} bytes in {store:?}");
        }
        // One that begins with the same letters is another.
        for name in ["documents/1/page-1-320-0", "documents/12/file", "uploads/1", "uploads/12"] {
            write(store, name, name.as_bytes()).await;
        }
        store.remove("documents/1").await.unwrap();
        store.remove("uploads/1").await.unwrap();
        store.remove("uploads/nothing").await.unwrap();
        for (name, there) in [
            ("documents/1/file", false),
            ("documents/1/page-1-320-0", false),
            ("documents/12/file", true),
            ("uploads/1", false),
            ("uploads/12", true),
        ] {
            assert_eq!(read(store, name).await.is_some(), there, "{name} in {store:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_given_up_leaves_nothing_and_old_ones_are_found_by_their_folders() {
    let (_folder, stores) = stores().await;
    for store in &stores {
        let mut writing = store.put("documents/3/file").await.unwrap();
        writing.write(&content(6 << 20)).await.unwrap();
        drop(writing);
        assert_eq!(read(store, "documents/3/file").await, None);
        if let Blobs::S3(bucket) = store {
            // What is given up is told to the server by a task of its own.
            for _ in 0..200 {
                if bucket.unfinished().await.unwrap().is_empty() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            assert_eq!(bucket.unfinished().await.unwrap().len(), 0);
            // What a killed server left there, the sweep gives up.
            bucket.begin("of/tests/documents/9/file").await.unwrap();
            bucket.begin("of/others/documents/9/file").await.unwrap();
            assert_eq!(bucket.unfinished().await.unwrap().len(), 1);
            store.sweep(now() + 60_000).await.unwrap();
            assert_eq!(bucket.unfinished().await.unwrap().len(), 0);
        }
        for name in ["documents/a/file", "documents/a/page-1-320-0", "documents/b/file", "uploads/c"] {
            write(store, name, b"x").await;
        }
        let mut old = store.older("documents", now() + 60_000).await.unwrap();
        old.sort();
        // A folder may stay behind an attempt.
        old.retain(|name| name != "3");
        assert_eq!(old, ["a", "b"], "{store:?}");
        assert_eq!(store.older("documents", now() - 60_000).await.unwrap(), Vec::<String>::new(), "{store:?}");
    }
}

#[tokio::test]
async fn a_bucket_is_tried_out_and_left_as_it_was() {
    let Some(bucket) = bucket().await else { return };
    let store = Blobs::S3(bucket.clone());
    store.reach(&kernel::SystemRng).await.unwrap();
    assert_eq!(bucket.list("").await.unwrap().len(), 0);
    let url = std::env::var("TEST_S3_URL").unwrap();
    let nowhere = Blobs::S3(S3::new(&objects(&url, "a-bucket-that-nobody-made")).unwrap());
    let said = nowhere.reach(&kernel::SystemRng).await.unwrap_err().to_string();
    assert!(said.contains("NoSuchBucket") && said.contains("blobs.url"), "{said}");
    // A file that is not there is no error; a bucket that is not there is one.
    assert!(nowhere.get("documents/1/file").await.is_err());
}
