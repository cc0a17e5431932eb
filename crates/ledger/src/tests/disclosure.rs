//! No reading without a trace.

use super::{admit, check, entry, on_each_engine};
use crate::{Disclosure, House};
use kernel::Id;

fn count(house: &House, patient: i64) -> i64 {
    house.db.read_blocking(move |tx| crate::count(tx, Id::new(patient))).unwrap()
}

fn alter(house: &House, statement: &'static str) {
    house.db.write_blocking(move |tx| tx.execute(statement, &[])).map(drop).unwrap();
}

/// Runs a future that waits for the writer's thread only.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn what_was_read_is_released_after_its_trace_is_in_the_ledger() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5]);
        let read = Disclosure::new("glucose", vec![entry(&house, 5)]);
        assert_eq!(count(&house, 5), 0);
        assert_eq!(wait(read.release(&house)).unwrap(), "glucose");
        assert_eq!(count(&house, 5), 1);
        assert_eq!(Disclosure::new(7, vec![entry(&house, 5)]).release_blocking(&house).unwrap(), 7);
        assert_eq!(count(&house, 5), 2);
    });
}

#[test]
fn what_cannot_be_traced_is_not_released() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5]);
        alter(&house, "ALTER TABLE ledger RENAME TO hidden");
        assert!(wait(Disclosure::new("glucose", vec![entry(&house, 5)]).release(&house)).is_err());
        assert!(Disclosure::new("glucose", vec![entry(&house, 5)]).release_blocking(&house).is_err());
        alter(&house, "ALTER TABLE hidden RENAME TO ledger");
        assert_eq!(count(&house, 5), 0);
        // And the server recovers.
        assert!(Disclosure::new("glucose", vec![entry(&house, 5)]).release_blocking(&house).is_ok());
        assert_eq!(check(&house).unwrap().size, 1);
    });
}

#[test]
fn readings_put_together_leave_all_their_traces() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5, 6]);
        let both = Disclosure::new(1, vec![entry(&house, 5)]).zip(Disclosure::new(2, vec![entry(&house, 6)]));
        assert_eq!(both.map(|(a, b)| a + b).release_blocking(&house).unwrap(), 3);
        assert_eq!((count(&house, 5), count(&house, 6)), (1, 1));
    });
}

#[test]
fn what_leaves_no_trace_writes_nothing() {
    on_each_engine(|place| {
        let house = place.house();
        alter(&house, "ALTER TABLE ledger RENAME TO hidden");
        assert_eq!(Disclosure::new("public", Vec::new()).release_blocking(&house).unwrap(), "public");
    });
}
