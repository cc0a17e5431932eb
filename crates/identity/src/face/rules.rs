//! Pure decisions of the face check: every number of it, what a device signs, who matches.

use super::template::Templates;
use face::{Descriptor, Fault, Plan, distance};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

/// How far a face may lie from the enrolled one. The 0.6 that is usual for this network lets one in twelve pairs of
/// strangers pass; none of a small sample lay under 0.45. Portraits of one person that are years apart lie at 0.41 to
/// 0.43, frames of one camera under 0.3. That is no measured false match rate, and none is claimed.
pub const THRESHOLD: f32 = 0.44;

/// A challenge must be answered within this.
pub const CHALLENGE_MS: i64 = 60_000;

/// Face checks in a row that may fail on enrolled devices before the method, not the account, is off.
pub const MOST_FAILURES: i64 = 100;

/// After as many the owner is told.
pub const TOLD_FAILURES: i64 = 5;

/// Devices of one account.
pub const MOST_DEVICES: usize = 10;

/// The largest frame, as a JPEG file.
pub const LARGEST_FRAME: usize = 150_000;

/// How much later or earlier than planned a frame may have been taken: a busy phone is not on time.
const LATE_MS: u32 = 450;

/// How much faster than the plan the answer may come: clocks of two machines count differently, not by more.
const HASTE_MS: i64 = 500;

/// What was sent for a challenge.
pub struct Frame {
    /// Milliseconds from the start.
    pub at: u32,
    pub jpeg: Vec<u8>,
}

/// Whether frames were taken when the plan says, and no two are the same file: a camera never gives that.
pub fn as_planned(plan: &Plan, frames: &[Frame], waited_ms: i64) -> bool {
    let on_time = |(frame, planned): (&Frame, &u32)| frame.at.abs_diff(*planned) <= LATE_MS;
    let mut hashes: Vec<[u8; 32]> = frames.iter().map(|frame| hash(&frame.jpeg)).collect();
    hashes.sort_unstable();
    frames.len() == plan.frames.len()
        && frames.iter().zip(&plan.frames).all(on_time)
        && frames.is_sorted_by(|a, b| a.at < b.at)
        && hashes.windows(2).all(|two| two[0] != two[1])
        && frames.last().is_some_and(|last| i64::from(last.at) <= waited_ms + HASTE_MS)
        && waited_ms <= CHALLENGE_MS
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// What the device signs: what for, whose account, which challenge, and every frame.
pub fn message(purpose: &str, username: &str, challenge: &str, frames: &[Frame]) -> Vec<u8> {
    use std::fmt::Write;
    let mut text = format!("healthsync face check\n{purpose}\n{username}\n{challenge}\n");
    for frame in frames {
        let _ = write!(text, "{} ", frame.at);
        for byte in hash(&frame.jpeg) {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
    }
    text.into_bytes()
}

/// ECDSA on P-256 with SHA-256, as browsers make it: the key as a point, the signature as two numbers.
pub fn signed(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(message, signature).is_ok()
}

/// How far the frames lie from the enrolled face: of each frame the middle of its distances, of these the middle.
pub fn apart(templates: &Templates, frames: &[Descriptor]) -> f32 {
    let each = frames.iter().map(|frame| median(templates.iter().map(|one| distance(one, frame)).collect()));
    median(each.collect())
}

/// Fewer than three frames decide nothing.
pub fn matches(templates: &Templates, frames: &[Descriptor]) -> bool {
    frames.len() >= 3 && apart(templates, frames) <= THRESHOLD
}

/// What is kept of the frames at rest: the first, the middle and the last, if all of them show one face.
pub fn templates(rest: &[Descriptor]) -> Result<Templates, Fault> {
    let [first, .., last] = rest else { return Err(Fault::Nobody) };
    let templates = [*first, rest[rest.len() / 2], *last];
    if matches(&templates, rest) { Ok(templates) } else { Err(Fault::Changed) }
}

fn median(mut numbers: Vec<f32>) -> f32 {
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f32::INFINITY)
}
