//! From JPEG, PNG and TIFF to points.
//!
//! Always holds: the size is read from the head and judged before a point is unpacked.

use super::{Colour, frame};
use crate::kind::Kind;
use crate::refusal::{Reason, Refusal, refuse};
use std::io::Cursor;
use tiff::decoder::{Decoder, DecodingResult};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// No camera and no scanner of pages makes more.
const LARGEST_SIDE: usize = 20_000;
const LARGEST_AREA: usize = 64_000_000;

/// Pages of a TIFF that are looked at when they are counted.
const MANY_PAGES: u32 = 20_000;

/// The number of pages, when every page has a bearable size.
pub fn check(bytes: &[u8], kind: Kind, max_pages: u32) -> Result<u32, Refusal> {
    let sizes =
        sizes(bytes, kind).ok_or_else(|| Refusal::new(Reason::Damaged, "This picture is damaged or incomplete."))?;
    for (width, height) in &sizes {
        bearable(*width, *height)?;
    }
    let pages = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    if pages > max_pages {
        return refuse(Reason::TooManyPages, format!("This file has {pages} pages; at most {max_pages} are taken in."));
    }
    // The head promises; only unpacking shows whether the points are there. A JPEG that broke off is unpacked with grey in
    // place of what is missing.
    if kind == Kind::Jpeg && !jpeg_ends(bytes) || decode(bytes, kind, 1).is_none() {
        return refuse(Reason::Damaged, "This picture is damaged or incomplete.");
    }
    Ok(pages)
}

/// Whether a picture of this size may be unpacked.
pub fn bearable(width: usize, height: usize) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return refuse(Reason::Damaged, "This picture has no points.");
    }
    if width.max(height) > LARGEST_SIDE || width.saturating_mul(height) > LARGEST_AREA {
        return refuse(Reason::TooLargePicture, format!("This picture has {width} x {height} points."));
    }
    Ok(())
}

/// How many pages a picture has; one but for TIFF.
pub fn pages(bytes: &[u8], kind: Kind) -> u32 {
    sizes(bytes, kind).map_or(0, |sizes| u32::try_from(sizes.len()).unwrap_or(u32::MAX))
}

/// Width and height of each page, from the heads alone.
fn sizes(bytes: &[u8], kind: Kind) -> Option<Vec<(usize, usize)>> {
    match kind {
        Kind::Jpeg => {
            let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), jpeg_options());
            // A side beyond what the decoder allows is an error of its own; the head says which it was.
            match decoder.decode_headers() {
                Ok(()) => decoder.info().map(|info| vec![(usize::from(info.width), usize::from(info.height))]),
                Err(_) => jpeg_size(bytes).filter(|(w, h)| *w.max(h) > LARGEST_SIDE).map(|size| vec![size]),
            }
        }
        Kind::Png => {
            let head = bytes.get(16..24)?;
            let side = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]) as usize;
            (bytes.get(12..16)? == b"IHDR").then(|| vec![(side(0), side(4))])
        }
        Kind::Tiff => {
            let mut decoder = tiff_decoder(bytes)?;
            let mut sizes = Vec::new();
            loop {
                let (width, height) = decoder.dimensions().ok()?;
                sizes.push((width as usize, height as usize));
                if !decoder.more_images() || sizes.len() as u32 > MANY_PAGES {
                    return Some(sizes);
                }
                decoder.next_image().ok()?;
            }
        }
        _ => None,
    }
}

fn jpeg_options() -> DecoderOptions {
    DecoderOptions::new_safe()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_max_width(LARGEST_SIDE)
        .set_max_height(LARGEST_SIDE)
}

/// Width and height from the frame's head, for a JPEG that is too large for its decoder.
fn jpeg_size(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut at = 2usize;
    loop {
        let [0xFF, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        if (0xC0..=0xCF).contains(&marker) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let size = bytes.get(at + 5..at + 9)?;
            let side = |n: usize| usize::from(u16::from_be_bytes([size[n], size[n + 1]]));
            return Some((side(2), side(0)));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}

/// Whether the end of the picture is there. What telephones put behind it may lack its own.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut at = 2usize;
    while let Some(&[first, mark]) = bytes.get(at..at + 2) {
        at += match (first, mark) {
            (0xFF, 0xD9) => return true,
            // A point of the picture, and marks to go on from, have no length.
            (0xFF, 0x00 | 0x01 | 0xD0..=0xD8) => 2,
            (0xFF, 0xFF) => 1,
            (0xFF, _) => match bytes.get(at + 2..at + 4) {
                Some(&[high, low]) => 2 + usize::from(u16::from_be_bytes([high, low])),
                _ => return false,
            },
            _ => 1,
        };
    }
    false
}

fn tiff_decoder(bytes: &[u8]) -> Option<Decoder<Cursor<&[u8]>>> {
    let mut limits = tiff::decoder::Limits::default();
    limits.decoding_buffer_size = LARGEST_AREA * 4;
    limits.intermediate_buffer_size = LARGEST_AREA * 4;
    Some(Decoder::new(Cursor::new(bytes)).ok()?.with_limits(limits))
}

/// One page's points, upright as the camera was held, transparent ones on white. Pages count from 1.
pub fn decode(bytes: &[u8], kind: Kind, page: u32) -> Option<Colour> {
    let sizes = sizes(bytes, kind)?;
    let (width, height) = *sizes.get(usize::try_from(page.checked_sub(1)?).ok()?)?;
    if width == 0 || height == 0 || width.max(height) > LARGEST_SIDE || width * height > LARGEST_AREA {
        return None;
    }
    let (picture, held) = match kind {
        Kind::Jpeg => {
            let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), jpeg_options());
            let points = decoder.decode().ok()?;
            let held = decoder.exif().map_or(1, |exif| frame::orientation(exif));
            let whole = points.len() == width * height * 3;
            (whole.then_some(Colour { width, height, points })?, held)
        }
        Kind::Png => (png(bytes)?, 1),
        Kind::Tiff => tiff_page(bytes, page)?,
        _ => return None,
    };
    Some(match held {
        2 => picture.mirrored(),
        3 => picture.turned(180),
        4 => picture.turned(180).mirrored(),
        5 => picture.turned(90).mirrored(),
        6 => picture.turned(90),
        7 => picture.turned(270).mirrored(),
        8 => picture.turned(270),
        _ => picture,
    })
}

fn png(bytes: &[u8]) -> Option<Colour> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_limits(png::Limits { bytes: LARGEST_AREA * 4 });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let mut points = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut points).ok()?;
    points.truncate(info.buffer_size());
    Some(Colour {
        width: info.width as usize,
        height: info.height as usize,
        points: coloured(&points, info.color_type.samples())?,
    })
}

/// Red, green and blue from grey, grey with alpha, colour, colour with alpha; transparent is white.
fn coloured(points: &[u8], samples: usize) -> Option<Vec<u8>> {
    let over = |value: u8, alpha: u8| {
        let alpha = u16::from(alpha);
        ((u16::from(value) * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    let rgb = match samples {
        1 => points.iter().flat_map(|p| [*p; 3]).collect(),
        2 => points.chunks_exact(2).flat_map(|p| [over(p[0], p[1]); 3]).collect(),
        3 => points.to_vec(),
        4 => points.chunks_exact(4).flat_map(|p| [over(p[0], p[3]), over(p[1], p[3]), over(p[2], p[3])]).collect(),
        _ => return None,
    };
    Some(rgb)
}

fn tiff_page(bytes: &[u8], page: u32) -> Option<(Colour, u16)> {
    let mut decoder = tiff_decoder(bytes)?;
    for _ in 1..page {
        decoder.next_image().ok()?;
    }
    let (width, height) = decoder.dimensions().ok()?;
    let (width, height) = (width as usize, height as usize);
    let colours = decoder.colortype().ok()?;
    let held = decoder.find_tag_unsigned::<u16>(tiff::tags::Tag::Orientation).ok().flatten().unwrap_or(1);
    let points: Vec<u8> = match decoder.read_image().ok()? {
        DecodingResult::U8(points) => points,
        DecodingResult::U16(points) => points.into_iter().map(|p| (p >> 8) as u8).collect(),
        _ => return None,
    };
    let points = match colours {
        tiff::ColorType::Gray(bits @ (1 | 2 | 4)) => coloured(&spread(&points, width, height, bits)?, 1)?,
        tiff::ColorType::Gray(_) => coloured(&points, 1)?,
        tiff::ColorType::GrayA(_) => coloured(&points, 2)?,
        tiff::ColorType::RGB(_) => points,
        tiff::ColorType::RGBA(_) => coloured(&points, 4)?,
        tiff::ColorType::CMYK(_) => points.chunks_exact(4).flat_map(printed).collect(),
        tiff::ColorType::YCbCr(_) => points.chunks_exact(3).flat_map(broadcast).collect(),
        _ => return None,
    };
    (points.len() == width * height * 3).then_some((Colour { width, height, points }, held))
}

/// Several points in a byte, each row beginning with a new byte.
fn spread(packed: &[u8], width: usize, height: usize, bits: u8) -> Option<Vec<u8>> {
    let (per_byte, top) = (usize::from(8 / bits), (1u16 << bits) - 1);
    let row = width.div_ceil(per_byte);
    let mut out = Vec::with_capacity(width * height);
    for y in 0..height {
        let line = packed.get(y * row..(y + 1) * row)?;
        out.extend((0..width).map(|x| {
            let shift = 8 - usize::from(bits) * (x % per_byte + 1);
            ((u16::from(line[x / per_byte]) >> shift & top) * 255 / top) as u8
        }));
    }
    Some(out)
}

fn printed(p: &[u8]) -> [u8; 3] {
    let light = |ink: u8| (u16::from(255 - ink) * u16::from(255 - p[3]) / 255) as u8;
    [light(p[0]), light(p[1]), light(p[2])]
}

fn broadcast(p: &[u8]) -> [u8; 3] {
    let (y, blue, red) = (f32::from(p[0]), f32::from(p[1]) - 128.0, f32::from(p[2]) - 128.0);
    [(y + 1.402 * red) as u8, (y - 0.344 * blue - 0.714 * red) as u8, (y + 1.772 * blue) as u8]
}
