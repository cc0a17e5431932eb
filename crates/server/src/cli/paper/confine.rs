//! What the process that reads strangers' files may still do, and every program that it starts: compute for a while
//! within a gigabyte, read the system's programs and fonts, write to its pipes.

use rlimit::Resource;
use std::io;

/// Of each process, as the kernel counts address space. Tesseract and poppler need a third of it for a large page.
const ADDRESS_SPACE: u64 = 1 << 30;

/// Of each process; a page takes two.
const CPU_SECONDS: u64 = 60;

const OPEN_FILES: u64 = 64;

/// Sets the limits, all but that of [`write_nothing`]. On a kernel without Landlock the rest holds without it.
pub fn confine() -> io::Result<()> {
    lower(Resource::AS, ADDRESS_SPACE)?;
    lower(Resource::CPU, CPU_SECONDS)?;
    lower(Resource::NOFILE, OPEN_FILES)?;
    lower(Resource::CORE, 0)?;
    #[cfg(target_os = "linux")]
    fence().map_err(io::Error::other)?;
    Ok(())
}

/// The last of the limits: no byte into any file. It comes when the bytes are here and none was looked into, because the memory
/// that a photograph is put in counts as a file.
pub fn write_nothing() -> io::Result<()> {
    lower(Resource::FSIZE, 0)
}

/// A limit that is lower already stays.
fn lower(resource: Resource, wanted: u64) -> io::Result<()> {
    let (_, hard) = resource.get()?;
    let limit = wanted.min(hard);
    resource.set(limit, limit)
}

/// Files: programs, libraries, fonts and trained data may be read and run; nothing may be written but to nowhere.
/// Network: no connections, no listening. Beyond that no privileges can be gained.
#[cfg(target_os = "linux")]
fn fence() -> Result<(), landlock::RulesetError> {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope, path_beneath_rules,
    };
    const NEWEST: ABI = ABI::V6;
    let system = ["/usr", "/bin", "/lib", "/lib64", "/etc", "/opt", "/nix/store"];
    let trained = std::env::var_os("TESSDATA_PREFIX");
    Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .add_rules(path_beneath_rules(system, AccessFs::from_read(NEWEST)))?
        .add_rules(path_beneath_rules(trained, AccessFs::from_read(NEWEST)))?
        .add_rules(path_beneath_rules(["/dev/null"], AccessFs::ReadFile | AccessFs::WriteFile))?
        .restrict_self()?;
    Ok(())
}
