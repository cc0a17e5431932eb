//! How a camera was held (EXIF).

/// The orientation of an EXIF block, 1 to 8; 1 is upright.
pub fn orientation(exif: &[u8]) -> u16 {
    read(exif).filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

fn read(exif: &[u8]) -> Option<u16> {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let little = exif.starts_with(b"II");
    let short = |at: usize| {
        let two: [u8; 2] = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = exif.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
    };
    let first = long(4)?;
    let count = usize::from(short(first)?);
    (0..count.min(200)).map(|n| first + 2 + n * 12).find(|at| short(*at) == Some(0x0112)).and_then(|at| short(at + 8))
}
