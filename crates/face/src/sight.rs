//! The three networks together: what one picture shows.

use crate::FaceError;
use crate::descriptor::{Descriptor, DescriptorNet};
use crate::detector::{Detector, Found};
use crate::landmarks::{LandmarkNet, Landmarks, Point};
use crate::picture::{Cut, Picture};
use crate::weights::{MODELS, Weights};
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A face that fills a good part of a frame is found at the first size, in a quarter of the time that the second takes,
/// which is tried when nothing was found.
const SIDES: [usize; 2] = [224, 416];

/// The detector's usual bar is 0.5; faces in plain sight were seen to reach no more than 0.55 in its small size.
const LEAST_SCORE: f32 = 0.4;

/// The networks, ready to look.
#[derive(Debug)]
pub struct Sight {
    pub detector: Detector,
    pub landmarks: LandmarkNet,
    pub descriptor: DescriptorNet,
}

/// A face that was found, measured and described.
#[derive(Clone, Debug)]
pub struct Face {
    pub found: Found,
    pub landmarks: Landmarks,
    pub descriptor: Descriptor,
    /// Mean brightness of the face, 0 to 1.
    pub light: f32,
    /// The height of the face as a share of the frame's.
    pub share: f32,
    /// How much of the eyes shows, see [`contrast`].
    pub eyes: f32,
}

/// What a frame shows at first sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Glance {
    Nobody,
    Crowd,
    /// `at` is the middle and the size, as shares of the picture.
    One {
        found: Found,
        at: [f32; 4],
        light: f32,
    },
}

/// What a frame shows.
#[derive(Clone, Debug)]
pub enum Look {
    Nobody,
    Crowd,
    One(Box<Face>),
}

impl Sight {
    /// Reads the weights; `file` gives the content of a file of the package by its name.
    pub fn read<'a>(file: impl Fn(&str) -> Option<Cow<'a, [u8]>>) -> Result<Self, FaceError> {
        let weights = |name: &str| {
            let get = |name: String| file(&name).ok_or_else(|| FaceError::Weights(format!("{name} is missing")));
            Weights::read(name, &get(format!("{name}-weights_manifest.json"))?, &get(format!("{name}.bin"))?)
        };
        let [detector, landmarks, descriptor] = MODELS;
        Ok(Self {
            detector: Detector::read(weights(detector)?)?,
            landmarks: LandmarkNet::read(weights(landmarks)?)?,
            descriptor: DescriptorNet::read(weights(descriptor)?)?,
        })
    }

    /// The one face of a frame. Faces much smaller than the largest do not count: posters, people far behind.
    pub fn glance(&self, picture: &Picture) -> Glance {
        let mut looks = SIDES.into_iter().map(|side| self.detector.find(picture, side, LEAST_SCORE));
        let found = looks.find(|found| !found.is_empty()).unwrap_or_default();
        let area = |one: &Found| one.width * one.height;
        let Some(largest) = found.iter().copied().max_by(|a, b| area(a).total_cmp(&area(b))) else {
            return Glance::Nobody;
        };
        if found.iter().filter(|one| area(one) > area(&largest) / 3.0).count() > 1 {
            return Glance::Crowd;
        }
        match largest.inside(picture) {
            Some(cut) => {
                let (wide, high) = (picture.width as f32, picture.height as f32);
                let Found { x, y, width, height, .. } = largest;
                let at = [(x + width / 2.0) / wide, (y + height / 2.0) / high, width / wide, height / high];
                Glance::One { found: largest, at, light: light(picture, cut) }
            }
            None => Glance::Nobody,
        }
    }

    /// Looks at one frame closely.
    pub fn look(&self, picture: &Picture) -> Look {
        let (found, light) = match self.glance(picture) {
            Glance::Nobody => return Look::Nobody,
            Glance::Crowd => return Look::Crowd,
            Glance::One { found, light, .. } => (found, light),
        };
        match self.measure(picture, found) {
            Some((landmarks, cut)) => Look::One(Box::new(Face {
                found,
                descriptor: self.descriptor.describe(picture, cut),
                eyes: contrast(picture, &landmarks) / light.max(0.01),
                landmarks,
                light,
                share: found.height / picture.height as f32,
            })),
            None => Look::Nobody,
        }
    }

    /// The points of a face that was found, and the square the descriptor looks at.
    pub fn measure(&self, picture: &Picture, found: Found) -> Option<(Landmarks, Cut)> {
        let cut = found.inside(picture)?;
        let landmarks = self.landmarks.find(picture, cut, Point { x: found.x, y: found.y });
        let aligned = landmarks.aligned((cut.width, cut.height), picture)?;
        Some((landmarks, aligned))
    }

    /// Unpacks JPEG files and looks at them, side by side; the number of the first that is no picture otherwise.
    pub fn look_at_files<F: AsRef<[u8]> + Sync>(&self, files: &[F]) -> Result<Vec<Look>, usize> {
        let one = |n: usize| Picture::from_jpeg(files[n].as_ref()).map(|picture| self.look(&picture));
        let seen = side_by_side(files.len(), one).into_iter().enumerate();
        seen.map(|(n, look)| look.unwrap_or(Ok(Look::Nobody)).map_err(|_| n)).collect()
    }
}

/// Does `count` things on as many threads as there are cores, four at most; whoever is done takes the next. One that
/// could not be done is nothing.
fn side_by_side<T: Send>(count: usize, one: impl Fn(usize) -> T + Sync) -> Vec<Option<T>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4).min(count.max(1));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return done;
            }
            done.push((n, one(n)));
        }
    };
    let mut out: Vec<Option<T>> = (0..count).map(|_| None).collect();
    std::thread::scope(|scope| {
        let working: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for (n, done) in working.into_iter().filter_map(|thread| thread.join().ok()).flatten() {
            out[n] = Some(done);
        }
    });
    out
}

/// How much dark and bright change along the eyes: iris and white do, a lid does not. The points of the lids, which would
/// say it more simply, hardly move in this network when an eye closes.
fn contrast(picture: &Picture, landmarks: &Landmarks) -> f32 {
    let one = |eye: &[Point]| {
        let (middle, from, to) = (Point::middle(eye), eye[0], eye[3]);
        let (along, across) = ((to.x - from.x, to.y - from.y), (from.y - to.y, to.x - from.x));
        let rows = (-2..=2).map(|row| {
            let line = (-10..=10).map(|step| {
                let (u, v) = (step as f32 * 0.045, row as f32 * 0.045);
                luma_at(picture, middle.x + u * along.0 + v * across.0, middle.y + u * along.1 + v * across.1)
            });
            spread(&line.collect::<Vec<_>>())
        });
        rows.sum::<f32>() / 5.0
    };
    (one(landmarks.left_eye()) + one(landmarks.right_eye())) / 2.0
}

/// Standard deviation.
fn spread(numbers: &[f32]) -> f32 {
    let share = numbers.len() as f32;
    let mean = numbers.iter().sum::<f32>() / share;
    (numbers.iter().map(|n| (n - mean) * (n - mean)).sum::<f32>() / share).sqrt()
}

/// Rec. 601 luma of the nearest pixel, 0 to 1.
fn luma_at(picture: &Picture, x: f32, y: f32) -> f32 {
    let x = x.round().clamp(0.0, (picture.width - 1) as f32) as usize;
    let y = y.round().clamp(0.0, (picture.height - 1) as f32) as usize;
    let [red, green, blue] = [0, 1, 2].map(|n| f32::from(picture.rgb[(y * picture.width + x) * 3 + n]));
    (0.299 * red + 0.587 * green + 0.114 * blue) / 255.0
}

/// Rec. 601 luma, the mean over a part.
fn light(picture: &Picture, cut: Cut) -> f32 {
    let mut sum = 0u64;
    for y in cut.y..cut.y + cut.height {
        let row = &picture.rgb[(y * picture.width + cut.x) * 3..][..cut.width * 3];
        for [red, green, blue] in row.as_chunks::<3>().0 {
            sum += 299 * u64::from(*red) + 587 * u64::from(*green) + 114 * u64::from(*blue);
        }
    }
    sum as f32 / (255_000 * (cut.width * cut.height).max(1)) as f32
}
