//! Unpacks what a PDF packed, counting while it does.

use super::objects::{Object, is_space};
use std::io::Read;

/// What can stop the unpacking of a stream.
#[derive(Debug, PartialEq)]
pub enum Stop {
    /// More than was allowed came out.
    TooMuch,
    /// Packed in a way that is not read here.
    Unknown,
}

/// The names of a stream's filters in the order in which they are to be undone.
pub fn names(dict: &Object) -> Vec<Vec<u8>> {
    let of = |object: &Object| if let Object::Name(name) = object { Some(name.clone()) } else { None };
    match dict.get(b"Filter").or_else(|| dict.get(b"F")) {
        Some(Object::Array(list)) => list.iter().filter_map(of).collect(),
        Some(one) => of(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Undoes the filters. Bytes after the end of the packed data do no harm, and a fault in it ends the data early, as it
/// does for every reader.
pub fn unpack(data: &[u8], filters: &[Vec<u8>], limit: &mut usize) -> Result<Vec<u8>, Stop> {
    if filters.is_empty() {
        return Ok(data.to_vec());
    }
    let mut current = None::<Vec<u8>>;
    for filter in filters {
        let input = current.as_deref().unwrap_or(data);
        let output = match filter.as_slice() {
            b"FlateDecode" | b"Fl" => inflate(input, *limit)?,
            b"LZWDecode" | b"LZW" => lzw(input, *limit)?,
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(input),
            b"ASCII85Decode" | b"A85" => ascii85(input),
            _ => return Err(Stop::Unknown),
        };
        *limit = limit.checked_sub(output.len()).ok_or(Stop::TooMuch)?;
        current = Some(output);
    }
    Ok(current.unwrap_or_default())
}

fn inflate(input: &[u8], limit: usize) -> Result<Vec<u8>, Stop> {
    let mut output = Vec::new();
    // The result is of no matter: what came out before a fault counts.
    let _ = flate2::read::ZlibDecoder::new(input).take(limit as u64 + 1).read_to_end(&mut output);
    if output.len() > limit { Err(Stop::TooMuch) } else { Ok(output) }
}

fn lzw(input: &[u8], limit: usize) -> Result<Vec<u8>, Stop> {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let (mut output, mut rest, mut piece) = (Vec::new(), input, vec![0u8; 64 << 10]);
    loop {
        let done = decoder.decode_bytes(rest, &mut piece);
        output.extend_from_slice(&piece[..done.consumed_out]);
        rest = &rest[done.consumed_in..];
        if output.len() > limit {
            return Err(Stop::TooMuch);
        }
        let idle = done.consumed_in == 0 && done.consumed_out == 0;
        if idle || !matches!(done.status, Ok(weezl::LzwStatus::Ok)) {
            return Ok(output);
        }
    }
}

fn hexadecimal(input: &[u8]) -> Vec<u8> {
    let digits = input.iter().take_while(|byte| **byte != b'>').filter_map(|byte| (*byte as char).to_digit(16));
    let digits: Vec<u32> = digits.collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair.get(1).copied().unwrap_or(0)) as u8).collect()
}

fn ascii85(input: &[u8]) -> Vec<u8> {
    let (mut output, mut group) = (Vec::new(), Vec::with_capacity(5));
    for &byte in input {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => output.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(u32::from(byte - b'!')),
            _ if is_space(byte) => {}
            _ => break,
        }
        if group.len() == 5 {
            flush85(&mut group, &mut output);
        }
    }
    flush85(&mut group, &mut output);
    output
}

fn flush85(group: &mut Vec<u32>, output: &mut Vec<u8>) {
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        let value = group.iter().fold(0u32, |sum, digit| sum.wrapping_mul(85).wrapping_add(*digit));
        output.extend_from_slice(&value.to_be_bytes()[..kept]);
    }
    group.clear();
}
