//! Pictures: their size before anything is unpacked, their points, and what helps a reader of letters see them well.

pub mod decode;
pub mod frame;
pub mod halves;
pub mod rules;
pub mod skew;

pub use decode::{bearable, check, decode, pages};

/// Points of grey, row by row; 255 is white.
#[derive(Clone, Debug, PartialEq)]
pub struct Gray {
    pub width: usize,
    pub height: usize,
    pub points: Vec<u8>,
}

/// Points of red, green and blue.
#[derive(Clone, Debug, PartialEq)]
pub struct Colour {
    pub width: usize,
    pub height: usize,
    pub points: Vec<u8>,
}

/// Points of a side of what is turned at once.
const SQUARE: usize = 32;

/// Turned clockwise in steps of 90 degrees.
pub fn turned<const N: usize>(points: &[u8], width: usize, height: usize, degrees: u16) -> (Vec<u8>, usize, usize) {
    let (w, h) = if matches!(degrees, 90 | 270) { (height, width) } else { (width, height) };
    if degrees == 0 {
        return (points.to_vec(), w, h);
    }
    let mut out = vec![0; points.len()];
    // Square by square: a row of one picture is a column of the other, and whole columns do not fit beside the processor.
    let squares = (0..h).step_by(SQUARE).flat_map(|y| (0..w).step_by(SQUARE).map(move |x| (x, y)));
    for (left, top) in squares {
        for y in top..(top + SQUARE).min(h) {
            for x in left..(left + SQUARE).min(w) {
                let (from_x, from_y) = match degrees {
                    90 => (y, height - 1 - x),
                    180 => (width - 1 - x, height - 1 - y),
                    _ => (width - 1 - y, x),
                };
                let (to, from) = ((y * w + x) * N, (from_y * width + from_x) * N);
                out[to..to + N].copy_from_slice(&points[from..from + N]);
            }
        }
    }
    (out, w, h)
}

impl Colour {
    pub fn turned(&self, degrees: u16) -> Self {
        let (points, width, height) = turned::<3>(&self.points, self.width, self.height, degrees);
        Self { width, height, points }
    }

    pub fn mirrored(mut self) -> Self {
        for row in self.points.chunks_exact_mut(self.width * 3) {
            for x in 0..self.width / 2 {
                let other = self.width - 1 - x;
                for channel in 0..3 {
                    row.swap(x * 3 + channel, other * 3 + channel);
                }
            }
        }
        self
    }

    pub fn gray(&self) -> Gray {
        let light = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
        Gray { width: self.width, height: self.height, points: self.points.chunks_exact(3).map(light).collect() }
    }

    /// Scaled to a width; smaller by averaging, larger not at all.
    pub fn narrowed(&self, width: usize) -> Self {
        if width >= self.width || width == 0 {
            return self.clone();
        }
        let height = (self.height * width).div_ceil(self.width).max(1);
        let points = scaled::<3>(&self.points, self.width, self.height, width, height);
        Self { width, height, points }
    }

    pub fn jpeg(&self) -> Option<Vec<u8>> {
        let (width, height) = (u16::try_from(self.width).ok()?, u16::try_from(self.height).ok()?);
        let mut out = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut out, 84);
        encoder.encode(&self.points, width, height, jpeg_encoder::ColorType::Rgb).ok()?;
        Some(out)
    }
}

impl Gray {
    pub fn turned(&self, degrees: u16) -> Self {
        let (points, width, height) = turned::<1>(&self.points, self.width, self.height, degrees);
        Self { width, height, points }
    }

    pub fn scaled(&self, width: usize, height: usize) -> Self {
        let points = scaled::<1>(&self.points, self.width, self.height, width, height);
        Self { width, height, points }
    }

    /// As Tesseract takes it.
    pub fn pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.points);
        out
    }

    pub fn from_pgm(bytes: &[u8]) -> Option<Self> {
        let mut fields = Vec::new();
        let mut at = 0;
        while fields.len() < 4 {
            let rest = bytes.get(at..)?;
            let skipped = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let field: Vec<u8> =
                rest.get(skipped..)?.iter().copied().take_while(|byte| !byte.is_ascii_whitespace()).collect();
            at += skipped + field.len();
            fields.push(String::from_utf8(field).ok().filter(|field| !field.is_empty())?);
        }
        let (width, height): (usize, usize) = (fields[1].parse().ok()?, fields[2].parse().ok()?);
        let points = bytes.get(at + 1..)?.get(..width.checked_mul(height)?)?;
        (fields[0] == "P5" && fields[3] == "255").then(|| Self { width, height, points: points.to_vec() })
    }
}

/// Along one side: for each new point the old ones it covers, with their weights.
fn shares(old: usize, new: usize) -> Vec<Vec<(usize, f32)>> {
    let step = old as f32 / new as f32;
    let share = |n: usize| {
        if step <= 1.0 {
            let exact = ((n as f32 + 0.5) * step - 0.5).clamp(0.0, (old - 1) as f32);
            let low = exact as usize;
            let part = exact - low as f32;
            return vec![(low, 1.0 - part), ((low + 1).min(old - 1), part)];
        }
        let (from, to) = (n as f32 * step, ((n + 1) as f32 * step).min(old as f32));
        let covered = |at: usize| (to.min((at + 1) as f32) - from.max(at as f32)).max(0.0) / (to - from);
        (from as usize..(to.ceil() as usize).min(old)).map(|at| (at, covered(at))).collect()
    };
    (0..new).map(share).collect()
}

/// Smaller by averaging over the area, larger by straight lines between points.
fn scaled<const N: usize>(points: &[u8], width: usize, height: usize, new_width: usize, new_height: usize) -> Vec<u8> {
    let (across, down) = (shares(width, new_width), shares(height, new_height));
    let mut out = Vec::with_capacity(new_width * new_height * N);
    let mut line = vec![0f32; width * N];
    for rows in &down {
        line.fill(0.0);
        for (y, weight) in rows {
            for (sum, point) in line.iter_mut().zip(&points[y * width * N..(y + 1) * width * N]) {
                *sum += f32::from(*point) * weight;
            }
        }
        for columns in &across {
            for channel in 0..N {
                let sum: f32 = columns.iter().map(|(x, weight)| line[x * N + channel] * weight).sum();
                out.push((sum + 0.5) as u8);
            }
        }
    }
    out
}
