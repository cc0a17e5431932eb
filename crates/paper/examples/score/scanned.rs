//! What a scanner or a telephone makes of a page: turned a little, blurred, unevenly lit, noisy, packed as a JPEG.

use super::chance::Chance;
use std::io::Write;
use std::process::{Command, Stdio};

/// The page at 150 dpi in grey, or nothing where poppler is missing.
fn rendered(pdf: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    let arguments = ["-r", "150", "-gray", "-singlefile", "-"];
    let mut child =
        Command::new("pdftoppm").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(pdf).ok()?;
    let said = child.wait_with_output().ok()?.stdout;
    let mut fields = said.splitn(4, |byte| byte.is_ascii_whitespace());
    let (_, width, height, rest) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<usize>().ok();
    Some((number(width)?, number(height)?, rest.get(4..)?.to_vec()))
}

pub fn scan(pdf: &[u8], chance: &mut Chance) -> Option<Vec<u8>> {
    let (width, height, points) = rendered(pdf)?;
    let (sin, cos) = chance.between(-3.0, 3.0).to_radians().sin_cos();
    let blur = chance.between(0.15, 0.5);
    let noise = chance.between(4.0, 12.0);
    let (paper, shade) = (chance.between(225.0, 250.0), chance.between(-0.12, 0.12));
    let at = |x: f64, y: f64| -> f64 {
        let point = |x: i64, y: i64| {
            let inside = x >= 0 && y >= 0 && (x as usize) < width && (y as usize) < height;
            if inside { f64::from(points[y as usize * width + x as usize]) } else { 255.0 }
        };
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let above = point(left, top) * (1.0 - right) + point(left + 1, top) * right;
        above * (1.0 - down) + (point(left, top + 1) * (1.0 - right) + point(left + 1, top + 1) * right) * down
    };
    let mut turned = Vec::with_capacity(points.len());
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f64 - width as f64 / 2.0, y as f64 - height as f64 / 2.0);
            turned.push(at(width as f64 / 2.0 + dx * cos - dy * sin, height as f64 / 2.0 + dx * sin + dy * cos));
        }
    }
    let mut seen = Vec::with_capacity(points.len());
    for y in 0..height {
        for x in 0..width {
            let near = |dx: i64, dy: i64| {
                let (x, y) = ((x as i64 + dx).clamp(0, width as i64 - 1), (y as i64 + dy).clamp(0, height as i64 - 1));
                turned[y as usize * width + x as usize]
            };
            let around = (near(-1, 0) + near(1, 0) + near(0, -1) + near(0, 1)) / 4.0;
            let value = near(0, 0) * (1.0 - blur) + around * blur;
            let light = paper / 255.0 * (1.0 + shade * (x as f64 / width as f64 - 0.5));
            seen.push((value * light + chance.normal() * noise).clamp(0.0, 255.0) as u8);
        }
    }
    let mut out = Vec::new();
    let quality = 55 + chance.below(25) as u8;
    let encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    encoder.encode(&seen, width as u16, height as u16, jpeg_encoder::ColorType::Luma).ok()?;
    Some(out)
}
