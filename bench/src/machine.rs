//! The machine the numbers are from: what it is, who uses its processors while something is measured, how fast it flushes.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

/// Linux counts processor time in hundredths of a second on every architecture.
const TICKS: f64 = 100.0;

/// Waits until everything that was written is on the disk; a machine that cannot be asked to goes on at once.
pub fn settle() {
    let _ = std::process::Command::new("sync").status();
}

/// Processor time used so far, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    server: f64,
    driver: f64,
    all: f64,
}

/// Processors in use on average, by whom. What others used is what a measurement lacked.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    pub server: f64,
    pub driver: f64,
    pub others: f64,
}

impl Cpu {
    pub fn now(pid: u32) -> Result<Self, String> {
        let all = read("/proc/stat")?;
        let numbers: Vec<f64> =
            all.lines().next().unwrap_or_default().split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
        // user nice system idle iowait irq softirq steal
        let busy = [0, 1, 2, 5, 6, 7].iter().filter_map(|i| numbers.get(*i)).sum::<f64>() / TICKS;
        Ok(Self { server: process(&pid.to_string())?, driver: process("self")?, all: busy })
    }

    pub fn since(&self, before: &Self, seconds: f64) -> Shares {
        let (server, driver) = ((self.server - before.server) / seconds, (self.driver - before.driver) / seconds);
        Shares { server, driver, others: ((self.all - before.all) / seconds - server - driver).max(0.0) }
    }
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))
}

fn process(pid: &str) -> Result<f64, String> {
    let stat = read(&format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold blanks; what follows it is counted from the state on.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let used = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>();
    Ok(used / TICKS)
}

/// The most memory a process ever had, in bytes.
pub fn peak_memory(pid: u32) -> Result<f64, String> {
    kib(&read(&format!("/proc/{pid}/status"))?, "VmHWM:").ok_or_else(|| "no VmHWM".to_owned())
}

/// Forgets the most memory a process ever had and begins anew with what it has now; returns that, in bytes.
pub fn peak_memory_anew(pid: u32) -> Result<f64, String> {
    let path = format!("/proc/{pid}/clear_refs");
    fs::write(&path, "5").map_err(|e| format!("{path}: {e}"))?;
    peak_memory(pid)
}

fn kib(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0)
}

/// "2 cores (AMD EPYC), 24 GiB, virtual machine", and no name of it.
pub fn description() -> Result<String, String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = kib(&read("/proc/meminfo")?, "MemTotal:").unwrap_or(0.0) / f64::from(1 << 30);
    let info = read("/proc/cpuinfo")?;
    let of = |name: &str| info.lines().find(|l| l.starts_with(name)).and_then(|l| l.split_once(':')).map(|(_, v)| v);
    let model = of("model name").map_or("", str::trim);
    let kind = match of("flags").is_some_and(|flags| flags.split_whitespace().any(|f| f == "hypervisor")) {
        true => "virtual machine",
        false => "physical machine",
    };
    Ok(format!("{cores} cores ({model}), {:.0} GiB, {kind}", memory.ceil()))
}

/// Bytes that a folder's files take up.
pub fn size(folder: &Path) -> Result<u64, String> {
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut sum = 0;
    for entry in fs::read_dir(folder).map_err(said)? {
        let entry = entry.map_err(said)?;
        let meta = entry.metadata().map_err(said)?;
        sum += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(sum)
}

/// Overwrites one 4 KiB page after the other and flushes each: microseconds of the middle one, and flushes per second.
pub fn flushes(folder: &Path) -> Result<(f64, f64), String> {
    const PAGES: u64 = 1500;
    let path = folder.join("flushes");
    let said = |e: std::io::Error| format!("{}: {e}", path.display());
    let page = [0x5a_u8; 4096];
    let file = File::create(&path).map_err(said)?;
    for i in 0..PAGES {
        file.write_all_at(&page, i * 4096).map_err(said)?;
    }
    file.sync_all().map_err(said)?;
    let mut each = Vec::new();
    let begun = Instant::now();
    for i in 0..PAGES {
        let one = Instant::now();
        file.write_all_at(&page, i * 4096).map_err(said)?;
        file.sync_data().map_err(said)?;
        each.push(one.elapsed().as_secs_f64() * 1e6);
    }
    let rate = PAGES as f64 / begun.elapsed().as_secs_f64();
    drop(file);
    fs::remove_file(&path).map_err(said)?;
    Ok((crate::report::median(&each), rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(kib("Name:\tx\nVmHWM:\t    2048 kB\n", "VmHWM:"), Some(2_097_152.0));
        assert_eq!(kib("Name:\tx\n", "VmHWM:"), None);
    }

    #[test]
    fn what_nobody_else_accounts_for_is_the_others() {
        let before = Cpu { server: 1.0, driver: 1.0, all: 10.0 };
        let after = Cpu { server: 4.0, driver: 2.0, all: 15.0 };
        let shares = after.since(&before, 2.0);
        assert_eq!((shares.server, shares.driver, shares.others), (1.5, 0.5, 0.5));
    }

    #[test]
    fn this_process_has_used_some_time() {
        let before = Cpu::now(std::process::id()).unwrap();
        let begun = Instant::now();
        // On a busy machine it takes longer until some of the time was this process's.
        while begun.elapsed().as_secs() < 20 {
            if Cpu::now(std::process::id()).unwrap().driver > before.driver {
                return;
            }
        }
        panic!("twenty seconds of work did not count");
    }
}
