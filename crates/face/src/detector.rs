//! Finds faces: a small network of the YOLO kind that says, for each cell of a grid, whether a face has its middle there.

use crate::FaceError;
use crate::layers::{Conv, Edge, Grid, Separable};
use crate::picture::{Cut, Padding, Picture};
use crate::weights::Weights;

const MEAN: [f32; 3] = [117.001, 114.697, 97.404];

/// Widths and heights of usual faces, in cells.
const ANCHORS: [(f32, f32); 5] =
    [(1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857), (9.041765, 10.66308)];

/// Of two boxes that overlap more than this the weaker is the same face.
const OVERLAP: f32 = 0.4;

/// Channels between the layers.
const WIDTHS: [usize; 7] = [3, 16, 32, 64, 128, 256, 512];

/// Four numbers of a box and a score.
const NUMBERS: usize = 5;

#[derive(Debug)]
pub struct Detector {
    first: Conv,
    middle: Vec<Separable>,
    last: Conv,
}

/// A face in a picture, in its pixels. It may reach over the edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    pub score: f32,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Found {
    /// The whole pixels of it that the picture has; nothing when it has none.
    pub fn inside(&self, picture: &Picture) -> Option<Cut> {
        let (x, y) = (self.x.max(0.0), self.y.max(0.0));
        let width = (self.x + self.width - x).min(picture.width as f32 - x);
        let height = (self.y + self.height - y).min(picture.height as f32 - y);
        let some = width >= 1.0 && height >= 1.0;
        some.then_some(Cut { x: x as usize, y: y as usize, width: width as usize, height: height as usize })
    }

    fn overlap(&self, other: &Self) -> f32 {
        let along =
            |a: f32, a_length: f32, b: f32, b_length: f32| ((a + a_length).min(b + b_length) - a.max(b)).max(0.0);
        let both = along(self.x, self.width, other.x, other.width) * along(self.y, self.height, other.y, other.height);
        both / (self.width * self.height + other.width * other.height - both)
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

impl Detector {
    pub fn read(mut weights: Weights) -> Result<Self, FaceError> {
        let first = weights.conv("conv0", [3, WIDTHS[0], WIDTHS[1]])?;
        let pairs = WIDTHS[1..].windows(2).enumerate();
        let middle = pairs.map(|(n, pair)| weights.separable(&format!("conv{}", n + 1), pair[0], pair[1]));
        let middle = middle.collect::<Result<_, _>>()?;
        let last = weights.conv("conv8", [1, WIDTHS[6], ANCHORS.len() * NUMBERS])?;
        Ok(Self { first, middle, last })
    }

    /// The faces whose score is above `least`, best first. The picture is looked at `side` × `side` pixels large, a
    /// multiple of 32: small faces need a large one.
    pub fn find(&self, picture: &Picture, side: usize, least: f32) -> Vec<Found> {
        let mut grid = picture.square(picture.whole(), side, Padding::After, MEAN);
        grid = grid.conv(&self.first, 1, Edge::Valid).leaky();
        for (n, layer) in self.middle.iter().enumerate() {
            grid = grid.max_pool(2, 2, Edge::Same).separable(layer, 1, Edge::One).leaky();
            if n == self.middle.len() - 1 {
                grid = grid.max_pool(2, 1, Edge::Same);
            }
        }
        let grid = grid.conv(&self.last, 1, Edge::Valid);
        let mut found = boxes(&grid, picture, side, least);
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<Found> = Vec::new();
        for one in found {
            if kept.iter().all(|other| one.overlap(other) <= OVERLAP) {
                kept.push(one);
            }
        }
        kept
    }
}

fn boxes(grid: &Grid, picture: &Picture, side: usize, least: f32) -> Vec<Found> {
    let cells = grid.width as f32;
    // The picture fills the square in one direction only.
    let longest = picture.width.max(picture.height) as f32;
    let scaled = |length: usize| (length as f32 * (side as f32 / longest)).round();
    let (full, (wide, high)) = (side as f32, (scaled(picture.width), scaled(picture.height)));
    let unit = (full / wide * picture.width as f32 / cells, full / high * picture.height as f32 / cells);
    let mut found = Vec::new();
    for row in 0..grid.height {
        for column in 0..grid.width {
            let numbers = grid.at(row, column).as_chunks::<NUMBERS>().0;
            for ([x, y, width, height, score], anchor) in numbers.iter().zip(ANCHORS) {
                let score = sigmoid(*score);
                if score > least {
                    let (width, height) = (width.exp() * anchor.0 * unit.0, height.exp() * anchor.1 * unit.1);
                    let x = (column as f32 + sigmoid(*x)) * unit.0 - width / 2.0;
                    let y = (row as f32 + sigmoid(*y)) * unit.1 - height / 2.0;
                    found.push(Found { score, x, y, width, height });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_that_reaches_over_the_edge_is_cut_there() {
        let picture = Picture::from_rgb(10, 10, vec![0; 300]).unwrap();
        let found = |x, y, width, height| Found { score: 1.0, x, y, width, height }.inside(&picture);
        assert_eq!(found(-2.5, 1.5, 8.0, 4.0), Some(Cut { x: 0, y: 1, width: 5, height: 4 }));
        assert_eq!(found(6.0, 6.0, 8.0, 8.0), Some(Cut { x: 6, y: 6, width: 4, height: 4 }));
        assert_eq!(found(12.0, 0.0, 5.0, 5.0), None);
        assert_eq!(found(0.0, -9.0, 5.0, 5.0), None);
    }

    #[test]
    fn overlap_is_the_share_of_what_both_cover() {
        let at = |x| Found { score: 1.0, x, y: 0.0, width: 2.0, height: 1.0 };
        assert!((at(0.0).overlap(&at(1.0)) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(at(0.0).overlap(&at(0.0)), 1.0);
        assert_eq!(at(0.0).overlap(&at(3.0)), 0.0);
    }
}
