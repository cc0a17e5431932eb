//! The same numbers as the networks' own library, which runs in Node beside this test on the same invented picture.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use face::{Cut, Picture, Sight};
use std::io::Write;
use std::process::{Command, Stdio};
use support::{package, sight};

const SIDE: usize = 180;

/// No face and no photo: waves of colour, from which every layer gets something to do.
fn waves(width: usize, height: usize) -> Picture {
    let mut rgb = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let (fx, fy) = (x as f64 * 0.11, y as f64 * 0.07);
                let wave = (fx + channel as f64).sin() + (fy * 1.7 - channel as f64).cos() + (fx * fy * 0.05).sin();
                rgb.push((127.0 + 40.0 * wave) as u8);
            }
        }
    }
    Picture::from_rgb(width, height, rgb).unwrap()
}

/// What the library makes of the picture: 136 shares of landmarks, 128 numbers of the description, and the best score
/// and box of the detector at any score.
fn library(picture: &Picture) -> Option<Vec<f64>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/library.mjs");
    let mut node = Command::new("node")
        .args([script, package()?.to_str()?, &picture.width.to_string(), &picture.height.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .inspect_err(|_| eprintln!("left out: node is not installed"))
        .ok()?;
    node.stdin.take().unwrap().write_all(&picture.rgb).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the library did not run");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn ours(sight: &Sight, picture: &Picture) -> Vec<f64> {
    let whole = Cut { x: 0, y: 0, width: picture.width, height: picture.height };
    let landmarks = sight.landmarks.find(picture, whole, face::Point::default());
    let points = landmarks.0.iter().flat_map(|p| [p.x / picture.width as f32, p.y / picture.height as f32]);
    let best = sight.detector.find(picture, 224, 1e-9)[0];
    let (wide, high) = (picture.width as f32, picture.height as f32);
    let found = [best.score, best.x / wide, best.y / high, best.width / wide, best.height / high];
    let description = sight.descriptor.describe(picture, whole);
    points.chain(description).chain(found).map(f64::from).collect()
}

#[test]
fn landmarks_description_and_detection_equal_the_librarys_within_a_hundred_thousandth() {
    let Some(sight) = sight() else { return };
    // Square; upright, so that it is padded; and of odd sides.
    for (width, height) in [(SIDE, SIDE), (150, 200), (131, 97)] {
        let picture = waves(width, height);
        let Some(theirs) = library(&picture) else { return };
        let ours = ours(&sight, &picture);
        assert_eq!(ours.len(), theirs.len());
        let apart = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        println!("{width} x {height}: at most {apart:.2e} apart");
        assert!(apart < 1e-5, "{width} x {height}: {apart}");
    }
}
