//! For tests: a face that blinks, smiles and turns, made from one portrait by moving its 68 points and what lies between.
//!
//! The same portrait, gesture and number give the same frame.

use crate::landmarks::{Landmarks, Point};
use crate::liveness::Gesture;
use crate::picture::Picture;
use crate::sight::Sight;

pub const WIDTH: usize = 360;
pub const HEIGHT: usize = 480;

/// Somebody in front of the camera.
#[derive(Debug)]
pub struct Performer {
    still: Picture,
    landmarks: Landmarks,
}

impl Performer {
    /// Places the portrait's largest face in the middle of a frame, 45 % of its height.
    pub fn new(sight: &Sight, portrait: &Picture) -> Option<Self> {
        let found = sight.detector.find(portrait, 416, 0.5);
        let face = found.into_iter().max_by(|a, b| a.width.total_cmp(&b.width))?;
        let scale = face.height / (0.45 * HEIGHT as f32);
        let (x, y) = (face.x + face.width / 2.0, face.y + face.height / 2.0);
        let left = x - scale * WIDTH as f32 / 2.0;
        let top = y - scale * HEIGHT as f32 / 2.0;
        let still = from_places(portrait, scale, |x, y| (left + x * scale, top + y * scale));
        let face = sight.detector.find(&still, 416, 0.5).into_iter().max_by(|a, b| a.width.total_cmp(&b.width))?;
        let (landmarks, _) = sight.measure(&still, face)?;
        Some(Self { still, landmarks })
    }

    /// The frame of this number, in which the gesture is made by `amount`: 0 not at all, 1 fully. Frames differ by a
    /// little movement and light even when nothing is done, as a camera's do.
    pub fn frame(&self, gesture: Gesture, amount: f32, number: u32) -> Picture {
        let from = &self.landmarks.0;
        let to = moved(from, gesture, amount);
        let pairs: Vec<(Point, Point)> = from.iter().copied().zip(to).chain(self.fixed()).collect();
        let sway = |n: u32| ((number.wrapping_mul(n) >> 3) % 5) as f32 * 0.4 - 0.8;
        let (dx, dy) = (sway(2_654_435_761), sway(40_503));
        let mut frame = from_places(&self.still, 1.0, |x, y| {
            let (sx, sy) = shift(&pairs, x + dx, y + dy);
            (x + dx + sx, y + dy + sy)
        });
        if gesture == Gesture::OpenMouth {
            darken(&mut frame, &to[60..68].iter().map(|p| Point { x: p.x - dx, y: p.y - dy }).collect::<Vec<_>>());
        }
        if gesture == Gesture::Blink {
            for (eye, brow) in [(36..42, 19), (42..48, 24)] {
                close_eye(&mut frame, &from[eye], from[brow], (dx, dy), amount);
            }
        }
        let light = 1.0 + 0.004 * ((number % 17) as f32 - 8.0);
        for value in &mut frame.rgb {
            *value = (f32::from(*value) * light).round().min(255.0) as u8;
        }
        frame
    }

    /// What does not move: the frame's border and a ring around the head.
    fn fixed(&self) -> Vec<(Point, Point)> {
        let points = &self.landmarks.0;
        let middle = Point::middle(&[points[0], points[16]]);
        let reach = points[0].to(points[16]) * 1.1;
        let ring = (0..16).map(|n| {
            let (sin, cos) = (n as f32 * std::f32::consts::TAU / 16.0).sin_cos();
            Point { x: middle.x + cos * reach, y: middle.y + 1.25 * sin * reach }
        });
        ring.map(|point| (point, point)).collect()
    }
}

/// How far what is now at (x, y) was from there: the points' own moves, nearer ones counting more.
fn shift(pairs: &[(Point, Point)], x: f32, y: f32) -> (f32, f32) {
    let (mut sum, mut dx, mut dy) = (0.0, 0.0, 0.0);
    for (from, to) in pairs {
        let distance = (x - to.x).powi(2) + (y - to.y).powi(2) + 0.5;
        let weight = 1.0 / (distance * distance);
        sum += weight;
        dx += weight * (from.x - to.x);
        dy += weight * (from.y - to.y);
    }
    (dx / sum, dy / sum)
}

/// Where the points are when the gesture is made.
fn moved(points: &[Point; 68], gesture: Gesture, amount: f32) -> [Point; 68] {
    let mut to = *points;
    let eyes = Point::middle(&points[36..42]).to(Point::middle(&points[42..48]));
    let mut push = |n: usize, dx: f32, dy: f32| {
        to[n].x += dx * eyes * amount;
        to[n].y += dy * eyes * amount;
    };
    match gesture {
        // Lids are painted, see `close_eye`.
        Gesture::Blink => {}
        Gesture::Smile => {
            for (n, side) in [(48, -1.0), (60, -1.0), (54, 1.0), (64, 1.0)] {
                push(n, side * 0.17, -0.10);
            }
            for (n, side) in
                [(49, -1.0), (59, -1.0), (53, 1.0), (55, 1.0), (61, -0.6), (67, -0.6), (63, 0.6), (65, 0.6)]
            {
                push(n, side * 0.09, -0.04);
            }
            for (n, side) in [(3, -1.0), (4, -1.0), (12, 1.0), (13, 1.0)] {
                push(n, side * 0.04, -0.02);
            }
        }
        Gesture::OpenMouth => {
            for n in [55, 56, 57, 58, 59, 65, 66, 67] {
                push(n, 0.0, 0.42);
            }
            for (n, share) in [(5, 0.2), (6, 0.3), (7, 0.38), (8, 0.4), (9, 0.38), (10, 0.3), (11, 0.2)] {
                push(n, 0.0, share);
            }
            for n in [48, 54, 60, 64] {
                push(n, 0.0, 0.12);
            }
        }
        Gesture::TurnLeft => turned(points, &mut to, 0.42 * amount, 0.0),
        Gesture::TurnRight => turned(points, &mut to, -0.42 * amount, 0.0),
        Gesture::LookUp => turned(points, &mut to, 0.0, 0.40 * amount),
    }
    to
}

/// Turns the points in space, on a head like an egg with a nose: to the right and up, in radians.
fn turned(points: &[Point; 68], to: &mut [Point; 68], right: f32, up: f32) {
    let half = points[0].to(points[16]) / 2.0;
    let middle = Point { x: (points[0].x + points[16].x) / 2.0, y: Point::middle(&points[27..31]).y };
    for (n, (point, to)) in points.iter().zip(to.iter_mut()).enumerate() {
        let (u, v) = ((point.x - middle.x) / half, (point.y - middle.y) / half);
        let nose = match n {
            27 => 0.08,
            28 => 0.16,
            29 => 0.25,
            30 => 0.34,
            31..=35 => 0.22,
            48..=67 => 0.06,
            _ => 0.0,
        };
        let depth = (1.0 - u * u).max(0.0).sqrt() * (1.0 - 0.15 * v * v).max(0.0) * 0.8 + nose - 0.4;
        to.x = middle.x + half * (u * right.cos() + depth * right.sin());
        to.y = middle.y + half * (v * up.cos() - depth * up.sin());
    }
}

/// Draws a lid over an eye, of the colour of the skin above it, with its lashes below.
fn close_eye(picture: &mut Picture, eye: &[Point], brow: Point, (dx, dy): (f32, f32), amount: f32) {
    let (middle, width) = (Point::middle(eye), eye[0].to(eye[3]));
    let (x, y) = (middle.x - dx, middle.y - dy);
    let skin = blended(picture, x, (y * 0.45 + (brow.y - dy) * 0.55).min(y - 0.3 * width));
    let (wide, high) = (0.75 * width, 0.42 * width);
    for row in 0..picture.height {
        for column in 0..picture.width {
            let (u, v) = ((column as f32 - x) / wide, (row as f32 - y) / high);
            let inside = 1.0 - (u * u + v * v).sqrt();
            // The lid comes from above.
            if inside <= 0.0 || v > 2.0 * amount - 1.0 {
                continue;
            }
            let lash = (v - 0.55 * (1.0 - u * u)).abs() < 0.12;
            let cover = (inside * 5.0).min(1.0);
            for (value, skin) in picture.rgb[(row * picture.width + column) * 3..][..3].iter_mut().zip(skin) {
                let shade = if lash { 0.6 } else { 1.0 - 0.1 * (v + 1.0) };
                *value = (f32::from(*value) * (1.0 - cover) + skin * shade * cover).round().clamp(0.0, 255.0) as u8;
            }
        }
    }
}

/// The inside of an open mouth.
fn darken(picture: &mut Picture, outline: &[Point]) {
    for y in 0..picture.height {
        for x in 0..picture.width {
            let (px, py) = (x as f32, y as f32);
            let mut inside = false;
            for (a, b) in outline.iter().zip(outline.iter().cycle().skip(1)) {
                if (a.y > py) != (b.y > py) && px < (b.x - a.x) * (py - a.y) / (b.y - a.y) + a.x {
                    inside = !inside;
                }
            }
            if inside {
                picture.rgb[(y * picture.width + x) * 3..][..3].copy_from_slice(&[52, 22, 22]);
            }
        }
    }
}

/// A frame whose pixels come from the places `from` says, each the mean of `scale` × `scale` pixels around it.
fn from_places(picture: &Picture, scale: f32, from: impl Fn(f32, f32) -> (f32, f32)) -> Picture {
    let taps = (scale.ceil() as usize).max(1);
    let mut rgb = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let mut sum = [0.0f32; 3];
            for tap in 0..taps * taps {
                let inside = |n: usize| ((n as f32 + 0.5) / taps as f32 - 0.5) * if taps > 1 { 1.0 } else { 0.0 };
                let (sx, sy) = from(x as f32 + inside(tap % taps), y as f32 + inside(tap / taps));
                for (sum, value) in sum.iter_mut().zip(blended(picture, sx, sy)) {
                    *sum += value;
                }
            }
            rgb.extend(sum.map(|sum| (sum / (taps * taps) as f32).round().clamp(0.0, 255.0) as u8));
        }
    }
    Picture { width: WIDTH, height: HEIGHT, rgb }
}

/// Bilinear; outside of the picture its edge goes on.
fn blended(picture: &Picture, x: f32, y: f32) -> [f32; 3] {
    let x = x.clamp(0.0, (picture.width - 1) as f32);
    let y = y.clamp(0.0, (picture.height - 1) as f32);
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(picture.width - 1), (y0 + 1).min(picture.height - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    std::array::from_fn(|channel| {
        let at = |x: usize, y: usize| f32::from(picture.rgb[(y * picture.width + x) * 3 + channel]);
        let above = at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx;
        let below = at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx;
        above * (1.0 - fy) + below * fy
    })
}

/// The frame as a browser would send it. Empty when it cannot be encoded, which no frame of this file is.
pub fn jpeg(picture: &Picture) -> Vec<u8> {
    let mut out = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut out, 85);
    let size = (picture.width as u16, picture.height as u16);
    match encoder.encode(&picture.rgb, size.0, size.1, jpeg_encoder::ColorType::Rgb) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}
