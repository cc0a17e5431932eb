//! A ZIP of a few files (PKWARE APPNOTE 6.3.10), written as it goes: each deflated, none longer than 4 GiB, its sizes behind
//! it and again in the list at the end.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

const DEFLATE: u16 = 8;
/// Names are UTF-8; sum and sizes stand behind the content.
const FLAGS: u16 = 1 << 11 | 1 << 3;
const VERSION: u16 = 20;

/// Date and time as MS-DOS has them, of an RFC 3339 instant.
fn dos(time: &str) -> (u16, u16) {
    let number = |from: usize, to: usize| time.get(from..to).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
    let date = number(0, 4).saturating_sub(1980) << 9 | number(5, 7) << 5 | number(8, 10);
    (date, number(11, 13) << 11 | number(14, 16) << 5 | (number(17, 19) / 2))
}

fn word(length: u64) -> Option<u32> {
    u32::try_from(length).ok()
}

/// What stands before each file and again in the list at the end.
fn describe(out: &mut Vec<u8>, (date, time): (u16, u16), sums: [u32; 3], name: &str) -> Option<()> {
    for half in [VERSION, FLAGS, DEFLATE, time, date] {
        out.extend_from_slice(&half.to_le_bytes());
    }
    for sum in sums {
        out.extend_from_slice(&sum.to_le_bytes());
    }
    out.extend_from_slice(&u16::try_from(name.len()).ok()?.to_le_bytes());
    // No extra field.
    out.extend_from_slice(&[0, 0]);
    Some(())
}

/// A file that is being written.
struct Open {
    name: String,
    place: u32,
    crc: Crc,
    size: u64,
    packer: DeflateEncoder<Vec<u8>>,
    packed: u64,
}

/// What was written so far leaves by [`Zip::take`]. `None` anywhere means that something is too large for the format.
pub struct Zip {
    out: Vec<u8>,
    /// How much left already.
    gone: u64,
    list: Vec<u8>,
    files: u16,
    when: (u16, u16),
    open: Option<Open>,
}

impl Zip {
    pub fn new(time: &str) -> Self {
        Self { out: Vec::new(), gone: 0, list: Vec::new(), files: 0, when: dos(time), open: None }
    }

    /// Begins a file; what is written next belongs to it.
    pub fn begin(&mut self, name: &str) -> Option<()> {
        self.close()?;
        let place = word(self.gone + self.out.len() as u64)?;
        self.out.extend_from_slice(b"PK\x03\x04");
        describe(&mut self.out, self.when, [0; 3], name)?;
        self.out.extend_from_slice(name.as_bytes());
        let packer = DeflateEncoder::new(Vec::new(), Compression::default());
        self.open = Some(Open { name: name.to_owned(), place, crc: Crc::new(), size: 0, packer, packed: 0 });
        Some(())
    }

    pub fn write(&mut self, content: &[u8]) -> Option<()> {
        let open = self.open.as_mut()?;
        open.crc.update(content);
        open.size += content.len() as u64;
        open.packer.write_all(content).ok()?;
        let packed = std::mem::take(open.packer.get_mut());
        open.packed += packed.len() as u64;
        self.out.extend_from_slice(&packed);
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let Some(Open { name, place, crc, size, packer, packed }) = self.open.take() else { return Some(()) };
        let rest = packer.finish().ok()?;
        self.out.extend_from_slice(&rest);
        let sums = [crc.sum(), word(packed + rest.len() as u64)?, word(size)?];
        self.out.extend_from_slice(b"PK\x07\x08");
        for sum in sums {
            self.out.extend_from_slice(&sum.to_le_bytes());
        }
        self.list.extend_from_slice(b"PK\x01\x02");
        self.list.extend_from_slice(&VERSION.to_le_bytes());
        describe(&mut self.list, self.when, sums, &name)?;
        // No comment, first disk, no attributes.
        self.list.extend_from_slice(&[0; 10]);
        self.list.extend_from_slice(&place.to_le_bytes());
        self.list.extend_from_slice(name.as_bytes());
        self.files = self.files.checked_add(1)?;
        Some(())
    }

    /// Ends the last file and writes the list of all.
    pub fn finish(&mut self) -> Option<()> {
        self.close()?;
        let (place, length) = (word(self.gone + self.out.len() as u64)?, word(self.list.len() as u64)?);
        self.out.append(&mut self.list);
        self.out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        for half in [self.files, self.files] {
            self.out.extend_from_slice(&half.to_le_bytes());
        }
        self.out.extend_from_slice(&length.to_le_bytes());
        self.out.extend_from_slice(&place.to_le_bytes());
        self.out.extend_from_slice(&[0, 0]);
        Some(())
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        self.gone += self.out.len() as u64;
        std::mem::take(&mut self.out)
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
