//! A ZIP of a few files (PKWARE APPNOTE 6.3.10): each deflated, none longer than 4 GiB.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

const DEFLATE: u16 = 8;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const VERSION: u16 = 20;

/// Date and time as MS-DOS has them, of an RFC 3339 instant.
fn dos(time: &str) -> (u16, u16) {
    let number = |from: usize, to: usize| time.get(from..to).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
    let date = number(0, 4).saturating_sub(1980) << 9 | number(5, 7) << 5 | number(8, 10);
    (date, number(11, 13) << 11 | number(14, 16) << 5 | (number(17, 19) / 2))
}

/// What stands before each file and again in the list at the end.
fn describe(out: &mut Vec<u8>, (date, time): (u16, u16), crc: u32, sizes: (u32, u32), name: &str) -> Option<()> {
    for half in [VERSION, FLAGS, DEFLATE, time, date] {
        out.extend_from_slice(&half.to_le_bytes());
    }
    for word in [crc, sizes.0, sizes.1] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(&u16::try_from(name.len()).ok()?.to_le_bytes());
    // No extra field.
    out.extend_from_slice(&[0, 0]);
    Some(())
}

/// A ZIP that is written file by file: what was handed out need not be kept.
pub struct Zip {
    list: Vec<u8>,
    /// Where the next file begins.
    place: u32,
    count: u16,
    when: (u16, u16),
}

impl Zip {
    pub fn new(time: &str) -> Self {
        Self { list: Vec::new(), place: 0, count: 0, when: dos(time) }
    }

    /// The bytes of one more file. `None` when something is too large for the format.
    pub fn file(&mut self, name: &str, content: &[u8]) -> Option<Vec<u8>> {
        let mut crc = Crc::new();
        crc.update(content);
        let mut packer = DeflateEncoder::new(Vec::with_capacity(content.len() / 4), Compression::default());
        packer.write_all(content).ok()?;
        let packed = packer.finish().ok()?;
        let sizes = (u32::try_from(packed.len()).ok()?, u32::try_from(content.len()).ok()?);
        let mut out = b"PK\x03\x04".to_vec();
        describe(&mut out, self.when, crc.sum(), sizes, name)?;
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&packed);
        let list = &mut self.list;
        list.extend_from_slice(b"PK\x01\x02");
        list.extend_from_slice(&VERSION.to_le_bytes());
        describe(list, self.when, crc.sum(), sizes, name)?;
        // No comment, first disk, no attributes.
        list.extend_from_slice(&[0; 10]);
        list.extend_from_slice(&self.place.to_le_bytes());
        list.extend_from_slice(name.as_bytes());
        self.place = self.place.checked_add(u32::try_from(out.len()).ok()?)?;
        self.count = self.count.checked_add(1)?;
        Some(out)
    }

    /// What stands behind the last file: the list of all.
    pub fn end(self) -> Option<Vec<u8>> {
        let length = u32::try_from(self.list.len()).ok()?;
        let mut out = self.list;
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        for half in [self.count, self.count] {
            out.extend_from_slice(&half.to_le_bytes());
        }
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&self.place.to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::dos;

    #[test]
    fn an_instant_becomes_the_date_and_time_of_ms_dos() {
        // 2026-11-22, 13:45:30.
        assert_eq!(dos("2026-11-22T13:45:30.000Z"), (46 << 9 | 11 << 5 | 22, 13 << 11 | 45 << 5 | 15));
    }
}
