//! Real portraits: who is who, and what a face does.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use face::film::{Performer, jpeg};
use face::{Descriptor, Fault, Gesture, Glance, Look, Pace, Picture, Plan, Pose, Sight, distance, judge, shows};
use kernel::SeededRng;
use std::path::{Path, PathBuf};
use support::sight;

/// The bar of the face check, `identity::face`.
const THRESHOLD: f32 = 0.44;

fn portrait(name: &str) -> Option<Picture> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HEALTHSYNC_SHARED_DATA").map_or(beside, PathBuf::from);
    match std::fs::read(folder.join("faces").join(name)) {
        Ok(bytes) => Some(Picture::from_jpeg(&bytes).unwrap()),
        Err(_) => {
            eprintln!("left out: no portraits in ../shared/data/faces");
            None
        }
    }
}

fn describe(sight: &Sight, picture: &Picture) -> Descriptor {
    let found = sight.detector.find(picture, 416, 0.5);
    assert_eq!(found.len(), 1, "one face in a portrait");
    let (_, cut) = sight.measure(picture, found[0]).unwrap();
    sight.descriptor.describe(picture, cut)
}

#[test]
fn two_portraits_of_one_person_lie_below_the_bar_and_two_people_above() {
    let Some(sight) = sight() else { return };
    let mut people = Vec::new();
    for name in ["biden.jpg", "biden2.jpg", "obama.jpg", "obama2.jpg"] {
        let Some(picture) = portrait(name) else { return };
        people.push((name.trim_end_matches(['2', '.', 'j', 'p', 'g']), describe(&sight, &picture)));
    }
    for (n, (name, one)) in people.iter().enumerate() {
        for (other_name, other) in &people[n + 1..] {
            let apart = distance(one, other);
            println!("{name} and {other_name}: {apart:.3}");
            assert_eq!(apart < THRESHOLD, name == other_name, "{name} and {other_name} lie {apart} apart");
        }
    }
}

/// Three prompts, and what a performer does at each frame.
fn looks(sight: &Sight, performer: &Performer, plan: &Plan, act: impl Fn(u32) -> Option<Gesture>) -> Vec<Look> {
    let frame = |(n, at): (usize, &u32)| {
        let gesture = act(*at);
        let picture =
            performer.frame(gesture.unwrap_or(Gesture::Blink), if gesture.is_some() { 1.0 } else { 0.0 }, n as u32);
        jpeg(&picture)
    };
    sight.look_at_files(&plan.frames.iter().enumerate().map(frame).collect::<Vec<_>>()).unwrap()
}

fn asked(plan: &Plan, at: u32) -> Option<Gesture> {
    plan.prompts.iter().find(|p| p.from < at && at <= p.until).map(|p| p.gesture)
}

#[test]
fn whoever_does_what_is_asked_is_alive_and_a_photo_a_recording_and_an_early_bird_are_not() {
    let (Some(sight), Some(one), Some(other)) = (sight(), portrait("obama.jpg"), portrait("biden2.jpg")) else {
        return;
    };
    for (seed, picture) in [(1, &one), (2, &other)] {
        let performer = Performer::new(&sight, picture).unwrap();
        let plan = Plan::draw(&SeededRng::new(seed), Pace::Usual);
        let first = plan.prompts[0].gesture;
        let honest = looks(&sight, &performer, &plan, |at| asked(&plan, at));
        assert_eq!(judge(&plan, &honest).map(|faces| faces.len()), Ok(16), "{plan:?}");
        let photo = looks(&sight, &performer, &plan, |_| None);
        assert_eq!(judge(&plan, &photo).map(drop), Err(Fault::NotSeen(first)));
        // One who knows the first prompt and begins before it.
        let early =
            looks(
                &sight,
                &performer,
                &plan,
                |at| if at == plan.prompts[0].from { Some(first) } else { asked(&plan, at) },
            );
        assert_eq!(judge(&plan, &early).map(drop), Err(Fault::Early(first)));
        // A recording of other gestures at the same moments.
        let next = |gesture: Gesture| Gesture::ALL[(Gesture::ALL.iter().position(|g| *g == gesture).unwrap() + 1) % 6];
        let replay = looks(&sight, &performer, &plan, |at| asked(&plan, at).map(next));
        assert!(matches!(judge(&plan, &replay).map(drop), Err(Fault::NotSeen(_) | Fault::Early(_))));
    }
}

#[test]
fn a_face_that_becomes_another_in_the_middle_is_noticed() {
    let (Some(sight), Some(one), Some(other)) = (sight(), portrait("obama.jpg"), portrait("biden2.jpg")) else {
        return;
    };
    let plan = Plan::draw(&SeededRng::new(5), Pace::Usual);
    let [one, other] = [&one, &other]
        .map(|picture| looks(&sight, &Performer::new(&sight, picture).unwrap(), &plan, |at| asked(&plan, at)));
    let mixed: Vec<Look> = one.iter().take(8).chain(other.iter().skip(8)).cloned().collect();
    assert_eq!(judge(&plan, &mixed).map(drop), Err(Fault::Changed));
}

#[test]
fn each_gesture_is_told_from_rest_and_its_opposite() {
    let Some(sight) = sight() else { return };
    for name in ["biden.jpg", "biden2.jpg", "obama.jpg", "obama2.jpg"] {
        let Some(picture) = portrait(name) else { return };
        let performer = Performer::new(&sight, &picture).unwrap();
        let pose = |gesture, amount| match sight.look(&performer.frame(gesture, amount, 3)) {
            Look::One(face) => Pose::of(&face),
            other => panic!("{name} {gesture:?}: {other:?}"),
        };
        let rest = pose(Gesture::Blink, 0.0);
        for gesture in Gesture::ALL {
            assert!(shows(gesture, &rest, &pose(gesture, 1.0)), "{name} {gesture:?} {rest:?} {:?}", pose(gesture, 1.0));
            assert!(!shows(gesture, &rest, &rest), "{name} {gesture:?}");
        }
        assert!(!shows(Gesture::TurnLeft, &rest, &pose(Gesture::TurnRight, 1.0)));
        assert!(!shows(Gesture::TurnRight, &rest, &pose(Gesture::TurnLeft, 1.0)));
    }
}

#[test]
fn a_glance_says_where_the_face_is_and_an_empty_wall_has_none() {
    let (Some(sight), Some(picture)) = (sight(), portrait("obama.jpg")) else { return };
    let frame = Performer::new(&sight, &picture).unwrap().frame(Gesture::Blink, 0.0, 0);
    let Glance::One { at: [x, y, _, height], light, .. } = sight.glance(&frame) else { panic!("a face") };
    assert!((x - 0.5).abs() < 0.1 && (y - 0.5).abs() < 0.1 && (0.35..0.55).contains(&height) && light > 0.2);
    let wall = Picture::from_rgb(360, 480, vec![140; 360 * 480 * 3]).unwrap();
    assert_eq!(sight.glance(&wall), Glance::Nobody);
    // Two of them side by side.
    let mut rgb = Vec::new();
    for row in frame.rgb.chunks_exact(360 * 3) {
        rgb.extend_from_slice(row);
        rgb.extend_from_slice(row);
    }
    assert_eq!(sight.glance(&Picture::from_rgb(720, 480, rgb).unwrap()), Glance::Crowd);
}
