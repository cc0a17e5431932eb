//! Finds 68 points of a face: the outline of the jaw (0 to 16), brows, nose (27 to 35), eyes (36 to 47), mouth (48 to 67).

use crate::FaceError;
use crate::layers::{Conv, Edge, Grid, Separable, product};
use crate::picture::{Cut, Padding, Picture};
use crate::weights::Weights;

const SIDE: usize = 112;
const MEAN: [f32; 3] = [122.782, 117.001, 104.298];
const COUNT: usize = 68;

/// Channels between the blocks.
const WIDTHS: [usize; 5] = [3, 32, 64, 128, 256];

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub fn to(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The middle of some points.
    pub fn middle(points: &[Self]) -> Self {
        let share = points.len().max(1) as f32;
        let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
        Self { x: x / share, y: y / share }
    }
}

/// The points of one face, in pixels of the picture. Left and right are the picture's, not the person's.
#[derive(Clone, Debug, PartialEq)]
pub struct Landmarks(pub [Point; COUNT]);

impl Landmarks {
    pub fn left_eye(&self) -> &[Point] {
        &self.0[36..42]
    }

    pub fn right_eye(&self) -> &[Point] {
        &self.0[42..48]
    }

    pub fn mouth(&self) -> &[Point] {
        &self.0[48..68]
    }

    /// The square that the descriptor looks at: where dlib's alignment puts it, from the middles of eyes and mouth.
    /// `reach` is the width and height of the cut the points were found in, which bounds it.
    pub(crate) fn aligned(&self, reach: (usize, usize), picture: &Picture) -> Option<Cut> {
        let centres = [self.left_eye(), self.right_eye(), self.mouth()].map(Point::middle);
        let [left, right, mouth] = centres;
        let size = ((left.to(mouth) + right.to(mouth)) / 2.0 / 0.45).floor();
        let middle = Point::middle(&centres);
        let x = (middle.x - 0.5 * size).max(0.0).floor();
        let y = (middle.y - 0.43 * size).max(0.0).floor();
        let width = size.min(reach.0 as f32 + x).min(picture.width as f32 - x);
        let height = size.min(reach.1 as f32 + y).min(picture.height as f32 - y);
        let some = width >= 1.0 && height >= 1.0;
        some.then_some(Cut { x: x as usize, y: y as usize, width: width as usize, height: height as usize })
    }
}

#[derive(Debug)]
enum Opening {
    Conv(Conv),
    Separable(Separable),
}

#[derive(Debug)]
struct Block {
    opening: Opening,
    rest: [Separable; 3],
}

#[derive(Debug)]
pub struct LandmarkNet {
    blocks: Vec<Block>,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Block {
    /// Each layer gets the sum of all before it.
    fn run(&self, grid: &Grid) -> Grid {
        let opened = match &self.opening {
            Opening::Conv(conv) => grid.conv(conv, 2, Edge::Same),
            Opening::Separable(separable) => grid.separable(separable, 2, Edge::Same),
        };
        let mut sum = opened.relu();
        for layer in &self.rest {
            // The layer sees the sum rectified; what is summed on is not.
            let out = sum.clone().relu().separable(layer, 1, Edge::Same);
            sum = sum.plus(&out);
        }
        sum.relu()
    }
}

impl LandmarkNet {
    pub fn read(mut weights: Weights) -> Result<Self, FaceError> {
        let mut blocks = Vec::new();
        for (n, pair) in WIDTHS.windows(2).enumerate() {
            let (input, output) = (pair[0], pair[1]);
            let opening = if n == 0 {
                Opening::Conv(weights.conv("dense0/conv0", [3, input, output])?)
            } else {
                Opening::Separable(weights.separable(&format!("dense{n}/conv0"), input, output)?)
            };
            let mut layer = |k: usize| weights.separable(&format!("dense{n}/conv{k}"), output, output);
            blocks.push(Block { opening, rest: [layer(1)?, layer(2)?, layer(3)?] });
        }
        let bias = weights.take("fc/bias", &[COUNT * 2])?;
        Ok(Self { blocks, weights: weights.take("fc/weights", &[WIDTHS[4], COUNT * 2])?, bias })
    }

    /// The points of the face that fills `cut`. `origin` is where the face's own box begins, which may lie outside.
    pub fn find(&self, picture: &Picture, cut: Cut, origin: Point) -> Landmarks {
        let mut grid = picture.square(cut, SIDE, Padding::Around, MEAN);
        for block in &self.blocks {
            grid = block.run(&grid);
        }
        let features = grid.mean_pool(7, 2);
        let mut numbers = self.bias.clone();
        product(features.values(), &self.weights, &mut numbers, [1, WIDTHS[4], COUNT * 2]);
        // The numbers are shares of the padded square: take the padding off again.
        let longest = cut.width.max(cut.height) as f32;
        let (left, top) = ((longest - cut.width as f32) / 2.0, (longest - cut.height as f32) / 2.0);
        let mut points = [Point::default(); COUNT];
        for (point, [x, y]) in points.iter_mut().zip(numbers.as_chunks::<2>().0) {
            *point = Point { x: x * longest - left + origin.x, y: y * longest - top + origin.y };
        }
        Landmarks(points)
    }
}
