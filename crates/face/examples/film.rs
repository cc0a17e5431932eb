//! Writes what a camera would see of one person at rest and at each gesture, for films in a browser's tests: one frame
//! each, as planes of luma and halved chroma (I420).
//!
//! `film MODELS PORTRAIT FOLDER` writes `rest.yuv`, `blink.yuv` and so on.

use face::film::{HEIGHT, Performer, WIDTH};
use face::{Gesture, Picture, Sight};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [models, portrait, folder] = arguments.as_slice() else { return Err("film MODELS PORTRAIT FOLDER".into()) };
    let sight = Sight::read(|name| std::fs::read(Path::new(models).join(name)).ok().map(Into::into))?;
    let portrait = Picture::from_jpeg(&std::fs::read(portrait)?)?;
    let performer = Performer::new(&sight, &portrait).ok_or("no face in this portrait")?;
    let write = |name: &str, picture: &Picture| std::fs::write(Path::new(folder).join(name), planes(picture));
    write("rest.yuv", &performer.frame(Gesture::Blink, 0.0, 3))?;
    for gesture in Gesture::ALL {
        let name = serde_json::to_value(gesture)?;
        write(&format!("{}.yuv", name.as_str().unwrap_or_default()), &performer.frame(gesture, 1.0, 3))?;
    }
    println!("{WIDTH} {HEIGHT}");
    Ok(())
}

/// BT.601, as films have it.
fn planes(picture: &Picture) -> Vec<u8> {
    let luma = |[r, g, b]: [f32; 3]| 16.0 + 0.257 * r + 0.504 * g + 0.098 * b;
    let blue = |[r, g, b]: [f32; 3]| 128.0 - 0.148 * r - 0.291 * g + 0.439 * b;
    let red = |[r, g, b]: [f32; 3]| 128.0 + 0.439 * r - 0.368 * g - 0.071 * b;
    let at = |x: usize, y: usize| [0, 1, 2].map(|n| f32::from(picture.rgb[(y * picture.width + x) * 3 + n]));
    let mut out = Vec::with_capacity(WIDTH * HEIGHT * 3 / 2);
    out.extend((0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))).map(|(x, y)| luma(at(x, y)).round() as u8));
    for plane in [&blue as &dyn Fn([f32; 3]) -> f32, &red] {
        let halves = (0..HEIGHT / 2).flat_map(|y| (0..WIDTH / 2).map(move |x| (2 * x, 2 * y)));
        out.extend(halves.map(|(x, y)| {
            let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
            (four.into_iter().map(plane).sum::<f32>() / 4.0).round() as u8
        }));
    }
    out
}
