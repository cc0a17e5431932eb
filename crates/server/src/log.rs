//! The log: text for people or JSON for collectors, on standard error.
//!
//! Lines are collected and written a few times a second: at 15,000 requests a second, one write to standard error for
//! each took as long as the requests themselves (measured: 8,000 answers a second against 16,000 without a log).

use crate::config::{Log, LogFormat};
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// How late a line may be.
const EVERY: Duration = Duration::from_millis(20);

/// When whoever reads standard error stands still, lines beyond this are dropped and counted: a full pipe must not stop
/// the server.
const MOST: usize = 8 << 20;

static LINES: OnceLock<Arc<Lines>> = OnceLock::new();

/// Starts logging. A second call changes nothing, so that tests can call it.
pub fn start(log: &Log) {
    let lines = LINES.get_or_init(|| {
        let lines = Arc::new(Lines::default());
        let writing = Arc::clone(&lines);
        // Without the thread nothing would be written: then each line is, at once.
        let thread = std::thread::Builder::new().name("log".into()).spawn(move || writing.write_forever());
        lines.state.lock().unwrap_or_else(PoisonError::into_inner).at_once = thread.is_err();
        lines
    });
    let filter = EnvFilter::try_new(&log.level).unwrap_or_else(|_| EnvFilter::new("info"));
    // The driver writes down the parameters of every statement; a log for debugging must not hold them either.
    let driver = ["tokio_postgres=info", "postgres=info"].into_iter().filter_map(|directive| directive.parse().ok());
    let filter = driver.fold(filter, EnvFilter::add_directive);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Shared(Arc::clone(lines)));
    let _ = match log.format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
    };
}

/// Writes what is still waiting. Call it before the process ends.
pub fn flush() {
    if let Some(lines) = LINES.get() {
        lines.flush();
    }
}

#[derive(Default)]
struct Lines {
    state: Mutex<State>,
    first: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    dropped: u64,
    at_once: bool,
}

impl Lines {
    fn add(&self, line: &[u8]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.waiting.len() + line.len() > MOST {
            state.dropped += 1;
            return;
        }
        let first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        let at_once = state.at_once;
        drop(state);
        if at_once {
            self.flush();
        } else if first {
            self.first.notify_one();
        }
    }

    fn write_forever(&self) {
        loop {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            while state.waiting.is_empty() {
                state = self.first.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            drop(state);
            std::thread::sleep(EVERY);
            self.flush();
        }
    }

    fn flush(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (lines, dropped) = (std::mem::take(&mut state.waiting), std::mem::take(&mut state.dropped));
        drop(state);
        let mut out = std::io::stderr().lock();
        // There is nobody to tell when the log itself cannot be written.
        let _ = out.write_all(&lines);
        if dropped > 0 {
            let _ = writeln!(out, "{dropped} log lines were dropped: they came faster than they could be written");
        }
    }
}

/// Hands out writers that add to the lines.
struct Shared(Arc<Lines>);

struct Line<'l>(&'l Lines);

impl<'l> MakeWriter<'l> for Shared {
    type Writer = Line<'l>;

    fn make_writer(&'l self) -> Line<'l> {
        Line(&self.0)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_the_limit_are_counted_and_not_kept() {
        let lines = Lines::default();
        let line = vec![b'x'; MOST / 2];
        for _ in 0..4 {
            lines.add(&line);
        }
        let state = lines.state.lock().unwrap();
        assert_eq!((state.waiting.len(), state.dropped), (MOST, 2));
    }
}
