//! What a face does, in numbers that do not depend on where it is in the picture, how large, or how tilted.

use crate::landmarks::Point;
use crate::sight::Face;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// How much of the eyes shows.
    pub eyes: f32,
    /// Width of the mouth over the distance of the eyes.
    pub smile: f32,
    /// Gap between the lips over the length of the nose.
    pub mouth: f32,
    /// Where the tip of the nose is between the edges of the face: 0 in the middle, -1 at the picture's left edge.
    pub yaw: f32,
    /// Where the tip of the nose is between eyes (0) and mouth (1).
    pub pitch: f32,
}

impl Pose {
    pub fn of(face: &Face) -> Self {
        let landmarks = &face.landmarks;
        let points = &landmarks.0;
        let (left, right) = (Point::middle(landmarks.left_eye()), Point::middle(landmarks.right_eye()));
        let eyes = left.to(right).max(1.0);
        // Along the line of the eyes, and across it.
        let (cos, sin) = ((right.x - left.x) / eyes, (right.y - left.y) / eyes);
        let along = |p: Point| (p.x - left.x) * cos + (p.y - left.y) * sin;
        let across = |p: Point| (p.y - left.y) * cos - (p.x - left.x) * sin;
        let (from, to) = (along(points[2]), along(points[14]));
        let nose = points[30];
        let mouth = Point::middle(&[points[48], points[54]]);
        Self {
            eyes: face.eyes,
            smile: points[48].to(points[54]) / eyes,
            mouth: points[62].to(points[66]) / points[27].to(points[33]).max(1.0),
            yaw: (2.0 * along(nose) - from - to) / (to - from).max(1.0),
            pitch: across(nose) / across(mouth).max(1.0),
        }
    }
}

impl Pose {
    /// The middle of each number over several poses.
    pub fn median(poses: &[Self]) -> Self {
        let middle = |number: fn(&Self) -> f32| {
            let mut numbers: Vec<f32> = poses.iter().map(number).collect();
            numbers.sort_by(f32::total_cmp);
            numbers.get(numbers.len() / 2).copied().unwrap_or_default()
        };
        Self {
            eyes: middle(|p| p.eyes),
            smile: middle(|p| p.smile),
            mouth: middle(|p| p.mouth),
            yaw: middle(|p| p.yaw),
            pitch: middle(|p| p.pitch),
        }
    }
}
