//! Describes a face by 128 numbers: a residual network of the ResNet kind. Two pictures of one person lie close.

use crate::FaceError;
use crate::layers::{Conv, Edge, Grid, product};
use crate::picture::{Cut, Padding, Picture};
use crate::weights::Weights;

const SIDE: usize = 150;
const MEAN: [f32; 3] = [122.782, 117.001, 104.298];
pub const LENGTH: usize = 128;

pub type Descriptor = [f32; LENGTH];

/// The blocks in their order, with the channels that go in and come out. A block whose name has `down` halves the sides.
const BLOCKS: [(&str, usize, usize); 14] = [
    ("conv32_1", 32, 32),
    ("conv32_2", 32, 32),
    ("conv32_3", 32, 32),
    ("conv64_down", 32, 64),
    ("conv64_1", 64, 64),
    ("conv64_2", 64, 64),
    ("conv64_3", 64, 64),
    ("conv128_down", 64, 128),
    ("conv128_1", 128, 128),
    ("conv128_2", 128, 128),
    ("conv256_down", 128, 256),
    ("conv256_1", 256, 256),
    ("conv256_2", 256, 256),
    ("conv256_down_out", 256, 256),
];

#[derive(Debug)]
struct Block {
    first: Conv,
    second: Conv,
    down: bool,
}

#[derive(Debug)]
pub struct DescriptorNet {
    opening: Conv,
    blocks: Vec<Block>,
    last: Vec<f32>,
}

/// A convolution, and after it a scale and a shift per channel: all three are one convolution with other numbers.
fn scaled(weights: &mut Weights, prefix: &str, shape: [usize; 3]) -> Result<Conv, FaceError> {
    let mut conv = weights.conv(&format!("{prefix}/conv"), shape)?;
    let scale = weights.take(&format!("{prefix}/scale/weights"), &[shape[2]])?;
    let shift = weights.take(&format!("{prefix}/scale/biases"), &[shape[2]])?;
    for place in conv.filter.chunks_exact_mut(shape[2]) {
        place.iter_mut().zip(&scale).for_each(|(value, scale)| *value *= scale);
    }
    for ((bias, scale), shift) in conv.bias.iter_mut().zip(&scale).zip(&shift) {
        *bias = *bias * scale + shift;
    }
    Ok(conv)
}

impl Block {
    fn run(&self, grid: &Grid) -> Grid {
        if !self.down {
            let out = grid.conv(&self.first, 1, Edge::Same).relu();
            return out.conv(&self.second, 1, Edge::Same).plus(grid).relu();
        }
        let out = grid.conv(&self.first, 2, Edge::Valid).relu();
        let out = out.conv(&self.second, 1, Edge::Same);
        // The shortcut: halved by averaging, with the new channels zero. It may be one row and column larger.
        let shortcut = grid.mean_pool(2, 2);
        let (height, width) = (shortcut.height.max(out.height), shortcut.width.max(out.width));
        out.grown(height, width, out.channels).plus(&shortcut.grown(height, width, out.channels)).relu()
    }
}

impl DescriptorNet {
    pub fn read(mut weights: Weights) -> Result<Self, FaceError> {
        let opening = scaled(&mut weights, "conv32_down", [7, 3, 32])?;
        let mut blocks = Vec::with_capacity(BLOCKS.len());
        for (name, input, output) in BLOCKS {
            blocks.push(Block {
                first: scaled(&mut weights, &format!("{name}/conv1"), [3, input, output])?,
                second: scaled(&mut weights, &format!("{name}/conv2"), [3, output, output])?,
                down: name.contains("down"),
            });
        }
        Ok(Self { opening, blocks, last: weights.take("fc", &[256, LENGTH])? })
    }

    /// The description of the face that fills `cut`.
    pub fn describe(&self, picture: &Picture, cut: Cut) -> Descriptor {
        let grid = picture.square(cut, SIDE, Padding::Around, MEAN);
        let mut grid = grid.conv(&self.opening, 2, Edge::Valid).relu().max_pool(3, 2, Edge::Valid);
        for block in &self.blocks {
            grid = block.run(&grid);
        }
        let mut out = [0.0; LENGTH];
        product(&grid.mean(), &self.last, &mut out, [1, 256, LENGTH]);
        out
    }
}

/// How far two descriptions lie apart (Euclid).
pub fn distance(a: &Descriptor, b: &Descriptor) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
}
