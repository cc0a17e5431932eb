//! Photographs of telephones (HEIC). A program of libheif unpacks them, upright as the camera was held, and what it makes is
//! looked at like any other picture.
//!
//! Always holds: the sizes that the file tells of itself are judged before it is unpacked; the program gets the file as memory
//! that has no name in any folder, because it reads back and forth, and answers through a pipe. Deliberately absent: further
//! pictures in the same file, and films.

use crate::kind::Kind;
use crate::programs::{self, ProgramError};
use crate::refusal::{Reason, Refusal, refuse};
use crate::{Checked, picture, sniff};
use std::fs::File;
use std::io;

const PROGRAM: &str = "heif-thumbnailer";

/// As long a side as a page is shown with, at most.
const LONGEST: u32 = 4000;
/// Enough to see that the points are there.
const LOOKED_AT: u32 = 512;
/// What tells of the pictures stands before them.
const HEAD: usize = 1 << 20;

/// A file in memory, for a program that wants to read back and forth.
#[derive(Debug)]
pub struct Held(File);

/// Whether this is how such a photograph begins: the brand of its container, or one that its container goes by as well.
pub fn begins(bytes: &[u8]) -> bool {
    let Some([a, b, c, d, b'f', b't', b'y', b'p']) = bytes.get(..8).and_then(|head| head.as_array::<8>()) else {
        return false;
    };
    let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
    let brands = bytes.get(8..length.clamp(12, 256).min(bytes.len())).unwrap_or_default();
    brands.chunks_exact(4).any(|brand| matches!(brand, b"heic" | b"heix"))
}

/// Puts the file where the program finds it. This must be done before the right to write is given up: to the kernel, memory
/// of this kind is a file.
#[cfg(target_os = "linux")]
pub fn hold(bytes: &[u8]) -> io::Result<Held> {
    use std::io::Write;
    let memory = rustix::fs::memfd_create("photograph", rustix::fs::MemfdFlags::CLOEXEC)?;
    let mut file = File::from(memory);
    file.write_all(bytes)?;
    Ok(Held(file))
}

#[cfg(not(target_os = "linux"))]
pub fn hold(_: &[u8]) -> io::Result<Held> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What `check` says of every other file.
pub fn check(bytes: &[u8], held: &Held, name: Option<&str>) -> Result<Checked, Refusal> {
    if sniff::sniff(bytes, name)? != Kind::Heic {
        return refuse(Reason::Polyglot, "This file begins like a photograph and is something else.");
    }
    let sizes = sizes(bytes);
    if sizes.is_empty() {
        return refuse(Reason::Damaged, "This picture is damaged or incomplete.");
    }
    for (width, height) in sizes {
        picture::bearable(width, height)?;
    }
    let seen = unpack(held, LOOKED_AT).map_err(|error| match error {
        ProgramError::Missing { .. } => Refusal::new(
            Reason::UnknownType,
            "HEIC photographs cannot be looked into here. Save it as JPEG and add that.",
        ),
        ProgramError::Failed(_) => Refusal::new(Reason::Damaged, "This picture is damaged or incomplete."),
    })?;
    picture::check(&seen, Kind::Png, 1)?;
    Ok(Checked { media_type: Kind::Heic.media_type(), pages: 1 })
}

/// The photograph as a PNG whose longer side is so long at most.
pub fn unpack(held: &Held, longest: u32) -> Result<Vec<u8>, ProgramError> {
    let longest = longest.min(LONGEST).to_string();
    let file = held.0.try_clone().map_err(|_| ProgramError::Failed(PROGRAM))?;
    // The small picture that lies beside it for lists is not the photograph.
    let arguments = ["-p", "-s", &longest, "/dev/stdin", "/dev/stdout"];
    let png = programs::run_on(PROGRAM, &arguments, file)?;
    if png.starts_with(b"\x89PNG") { Ok(png) } else { Err(ProgramError::Failed(PROGRAM)) }
}

/// Width and height of everything that the file says it holds: a photograph is put together of tiles.
pub(crate) fn sizes(bytes: &[u8]) -> Vec<(usize, usize)> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let side = |at: usize| {
        let four = head.get(at..at + 4)?.as_array::<4>()?;
        Some(u32::from_be_bytes(*four) as usize)
    };
    let told = head.windows(4).enumerate().filter(|(_, four)| *four == b"ispe");
    // The name of the box, its version, then both sides.
    told.filter_map(|(at, _)| Some((side(at + 8)?, side(at + 12)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(brands: &[&[u8]]) -> Vec<u8> {
        let mut out = (8 + 4 * brands.len() as u32).to_be_bytes().to_vec();
        out.extend_from_slice(b"ftyp");
        brands.iter().for_each(|brand| out.extend_from_slice(brand));
        out
    }

    #[test]
    fn a_photograph_is_known_by_a_brand_of_its_container() {
        assert!(begins(&container(&[b"heic", b"\0\0\0\0", b"mif1"])));
        assert!(begins(&container(&[b"mif1", b"\0\0\0\0", b"heic"])));
        assert!(!begins(&container(&[b"avif", b"\0\0\0\0", b"mif1"])));
        assert!(!begins(&container(&[b"isom", b"\0\0\0\0", b"mp42"])), "a film");
        assert!(!begins(b"ftypheic") && !begins(b""));
    }

    #[test]
    fn a_picture_that_says_it_is_too_large_is_refused_before_it_is_unpacked() {
        let mut bytes = container(&[b"heic", b"\0\0\0\0", b"heic"]);
        let plain = bytes.clone();
        bytes.extend_from_slice(b"\0\0\0\x14ispe\0\0\0\0\0\0\xff\xff\0\0\xff\xff");
        assert_eq!(sizes(&bytes), [(65_535, 65_535)]);
        let held = hold(&bytes).unwrap();
        assert_eq!(check(&bytes, &held, None).unwrap_err().reason, Reason::TooLargePicture);
        assert_eq!(check(&plain, &held, None).unwrap_err().reason, Reason::Damaged);
    }
}
