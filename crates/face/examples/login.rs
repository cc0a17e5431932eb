//! How long the server looks at the sixteen frames of one sign-in, from JPEG files to the verdict.
//!
//! `login MODELS PORTRAIT [TIMES]`

use face::film::{Performer, jpeg};
use face::{Gesture, Look, Pace, Picture, Plan, Sight, judge};
use kernel::SeededRng;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [models, portrait, rest @ ..] = arguments.as_slice() else {
        return Err("login MODELS PORTRAIT [TIMES]".into());
    };
    let times: usize = rest.first().map_or(Ok(20), |text| text.parse())?;
    let begun = Instant::now();
    let sight = Sight::read(|name| std::fs::read(Path::new(models).join(name)).ok().map(Into::into))?;
    println!("models read in {} ms", begun.elapsed().as_millis());
    let performer = Performer::new(&sight, &Picture::from_jpeg(&std::fs::read(portrait)?)?).ok_or("no face")?;
    let plan = Plan::draw(&SeededRng::new(1), Pace::Usual);
    let frame = |(n, at): (usize, &u32)| {
        let asked = plan.prompts.iter().find(|p| p.from < *at && *at <= p.until);
        let (gesture, amount) = asked.map_or((Gesture::Blink, 0.0), |p| (p.gesture, 1.0));
        jpeg(&performer.frame(gesture, amount, n as u32))
    };
    let files: Vec<Vec<u8>> = plan.frames.iter().enumerate().map(frame).collect();
    let mut took: Vec<u128> = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        let looks: Vec<Look> = sight.look_at_files(&files).map_err(|n| format!("frame {n} is no picture"))?;
        let verdict = judge(&plan, &looks);
        took.push(begun.elapsed().as_millis());
        if let Err(fault) = verdict {
            return Err(format!("not alive: {fault:?}").into());
        }
    }
    took.sort_unstable();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} frames, {threads} cores: median {} ms, slowest {} ms", files.len(), took[times / 2], took[times - 1]);
    Ok(())
}
