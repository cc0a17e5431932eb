//! The few layers the three networks are made of, in plain Rust: rows × columns × channels of f32, channels innermost.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Rows × columns × channels.
#[derive(Clone, Debug)]
pub struct Grid {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    values: Vec<f32>,
}

/// Where a window may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Only inside.
    Valid,
    /// Over the edge, as TensorFlow's `same`: what is missing counts as zero, the odd one at the end.
    Same,
    /// One row and column of zeros all around.
    One,
}

/// A convolution: `size` × `size` × channels in × channels out, and a bias per channel out.
#[derive(Clone, Debug)]
pub struct Conv {
    pub size: usize,
    pub input: usize,
    pub output: usize,
    pub filter: Vec<f32>,
    pub bias: Vec<f32>,
}

/// A convolution in two steps: each channel by itself (3 × 3), then all channels of each place.
#[derive(Clone, Debug)]
pub struct Separable {
    pub depthwise: Vec<f32>,
    pub pointwise: Conv,
}

/// How many zeros stand before the first value, and how many places a window has.
fn places(length: usize, size: usize, stride: usize, edge: Edge) -> (usize, usize) {
    match edge {
        Edge::Valid => (0, (length - size) / stride + 1),
        Edge::One => (1, (length + 2 - size) / stride + 1),
        Edge::Same => {
            let out = length.div_ceil(stride);
            (((out - 1) * stride + size).saturating_sub(length) / 2, out)
        }
    }
}

impl Grid {
    pub fn new(height: usize, width: usize, channels: usize, values: Vec<f32>) -> Self {
        debug_assert_eq!(values.len(), height * width * channels);
        Self { height, width, channels, values }
    }

    pub fn values(&self) -> &[f32] {
        &self.values
    }

    pub fn at(&self, y: usize, x: usize) -> &[f32] {
        let from = (y * self.width + x) * self.channels;
        &self.values[from..from + self.channels]
    }

    fn map(mut self, f: impl Fn(f32) -> f32) -> Self {
        for value in &mut self.values {
            *value = f(*value);
        }
        self
    }

    pub fn relu(self) -> Self {
        self.map(|v| v.max(0.0))
    }

    /// The detector's: a tenth of what is negative.
    pub fn leaky(self) -> Self {
        self.map(|v| if v < 0.0 { v * 0.1 } else { v })
    }

    pub fn plus(mut self, other: &Self) -> Self {
        for (value, other) in self.values.iter_mut().zip(&other.values) {
            *value += other;
        }
        self
    }

    /// Goes over the windows of each place: `f` gets the output place and, for each value in its window that exists,
    /// the place in the window and the channels there.
    fn windows(
        &self,
        size: usize,
        stride: usize,
        edge: Edge,
        mut f: impl FnMut(usize, usize, &[f32]),
    ) -> (usize, usize) {
        let (top, height) = places(self.height, size, stride, edge);
        let (left, width) = places(self.width, size, stride, edge);
        for y in 0..height {
            for x in 0..width {
                for dy in 0..size {
                    let row = (y * stride + dy).wrapping_sub(top);
                    if row >= self.height {
                        continue;
                    }
                    for dx in 0..size {
                        let column = (x * stride + dx).wrapping_sub(left);
                        if column < self.width {
                            f(y * width + x, dy * size + dx, self.at(row, column));
                        }
                    }
                }
            }
        }
        (height, width)
    }

    /// Every window as a row; what a window lacks is zero.
    fn unrolled(&self, size: usize, stride: usize, edge: Edge) -> Vec<f32> {
        let (top, height) = places(self.height, size, stride, edge);
        let (left, width) = places(self.width, size, stride, edge);
        let mut rows = vec![0.0; height * width * size * size * self.channels];
        let line = size * self.channels;
        for (out, window) in rows.chunks_exact_mut(size * line).enumerate() {
            let (y, x) = (out / width * stride, out % width * stride);
            // The columns of the window that exist stand beside each other here and there: one copy for each of its rows.
            let missing = left.saturating_sub(x);
            let from = (x + missing).saturating_sub(left);
            let count = (size - missing).min(self.width - from) * self.channels;
            for (dy, into) in window.chunks_exact_mut(line).enumerate() {
                let row = (y + dy).wrapping_sub(top);
                if row < self.height {
                    let at = (row * self.width + from) * self.channels;
                    let begin = missing * self.channels;
                    into[begin..begin + count].copy_from_slice(&self.values[at..at + count]);
                }
            }
        }
        rows
    }

    pub fn conv(&self, conv: &Conv, stride: usize, edge: Edge) -> Self {
        let (_, height) = places(self.height, conv.size, stride, edge);
        let (_, width) = places(self.width, conv.size, stride, edge);
        let row = conv.size * conv.size * self.channels;
        // Every window as a row, so that the convolution is one product of matrices.
        let unrolled;
        let windows = if conv.size == 1 && stride == 1 {
            &self.values
        } else {
            unrolled = self.unrolled(conv.size, stride, edge);
            &unrolled
        };
        let mut values = conv.bias.repeat(height * width);
        product(windows, &conv.filter, &mut values, [height * width, row, conv.output]);
        Self::new(height, width, conv.output, values)
    }

    pub fn separable(&self, separable: &Separable, stride: usize, edge: Edge) -> Self {
        let (_, height) = places(self.height, 3, stride, edge);
        let (_, width) = places(self.width, 3, stride, edge);
        let channels = self.channels;
        let mut values = vec![0.0; height * width * channels];
        self.windows(3, stride, edge, |out, place, inputs| {
            let sums = &mut values[out * channels..(out + 1) * channels];
            let weights = &separable.depthwise[place * channels..(place + 1) * channels];
            for ((sum, input), weight) in sums.iter_mut().zip(inputs).zip(weights) {
                *sum += input * weight;
            }
        });
        Self::new(height, width, channels, values).conv(&separable.pointwise, 1, Edge::Valid)
    }

    pub fn max_pool(&self, size: usize, stride: usize, edge: Edge) -> Self {
        let (_, height) = places(self.height, size, stride, edge);
        let (_, width) = places(self.width, size, stride, edge);
        let mut values = vec![f32::NEG_INFINITY; height * width * self.channels];
        self.windows(size, stride, edge, |out, _, inputs| {
            let best = &mut values[out * self.channels..(out + 1) * self.channels];
            for (best, input) in best.iter_mut().zip(inputs) {
                *best = best.max(*input);
            }
        });
        Self::new(height, width, self.channels, values)
    }

    pub fn mean_pool(&self, size: usize, stride: usize) -> Self {
        let (_, height) = places(self.height, size, stride, Edge::Valid);
        let (_, width) = places(self.width, size, stride, Edge::Valid);
        let mut values = vec![0.0; height * width * self.channels];
        self.windows(size, stride, Edge::Valid, |out, _, inputs| {
            let sums = &mut values[out * self.channels..(out + 1) * self.channels];
            for (sum, input) in sums.iter_mut().zip(inputs) {
                *sum += input;
            }
        });
        let share = (size * size) as f32;
        Self::new(height, width, self.channels, values).map(|v| v / share)
    }

    /// The same values in a larger grid; what was not there is zero.
    pub fn grown(&self, height: usize, width: usize, channels: usize) -> Self {
        if (height, width, channels) == (self.height, self.width, self.channels) {
            return self.clone();
        }
        let mut values = vec![0.0; height * width * channels];
        for y in 0..self.height {
            for x in 0..self.width {
                let from = (y * width + x) * channels;
                values[from..from + self.channels].copy_from_slice(self.at(y, x));
            }
        }
        Self::new(height, width, channels, values)
    }

    /// The mean of each channel.
    pub fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.channels];
        for place in self.values.chunks_exact(self.channels) {
            for (sum, value) in sums.iter_mut().zip(place) {
                *sum += value;
            }
        }
        let places = (self.height * self.width) as f32;
        sums.into_iter().map(|sum| sum / places).collect()
    }
}

/// `c += a · b` for matrices of `rows` × `inner` and `inner` × `columns`.
pub fn product(a: &[f32], b: &[f32], c: &mut [f32], [rows, inner, columns]: [usize; 3]) {
    let shapes = (
        ArrayView2::from_shape((rows, inner), a),
        ArrayView2::from_shape((inner, columns), b),
        ArrayViewMut2::from_shape((rows, columns), c),
    );
    // The shapes were checked when the weights were read.
    if let (Ok(a), Ok(b), Ok(mut c)) = shapes {
        general_mat_mul(1.0, &a, &b, 1.0, &mut c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(height: usize, width: usize) -> Grid {
        Grid::new(height, width, 1, (1..=height * width).map(|n| n as f32).collect())
    }

    fn sum_of(size: usize) -> Conv {
        Conv { size, input: 1, output: 1, filter: vec![1.0; size * size], bias: vec![0.5] }
    }

    #[test]
    fn a_convolution_sums_its_window_and_the_edge_decides_where_windows_stand() {
        // 1 2 3 / 4 5 6 / 7 8 9
        let grid = counted(3, 3);
        assert_eq!(grid.conv(&sum_of(3), 1, Edge::Valid).values(), [45.5]);
        assert_eq!(grid.conv(&sum_of(3), 1, Edge::Same).values()[0], 12.5);
        assert_eq!(grid.conv(&sum_of(3), 1, Edge::One).values()[4], 45.5);
        // An even length and a stride of two: the padding is at the end only.
        assert_eq!(counted(4, 4).conv(&sum_of(3), 2, Edge::Same).values()[0], 54.5);
    }

    #[test]
    fn pools_look_at_their_window_only() {
        let grid = counted(4, 4);
        assert_eq!(grid.max_pool(2, 2, Edge::Same).values(), [6.0, 8.0, 14.0, 16.0]);
        assert_eq!(counted(3, 3).max_pool(2, 2, Edge::Same).values(), [5.0, 6.0, 8.0, 9.0]);
        assert_eq!(counted(2, 2).max_pool(2, 1, Edge::Same).values(), [4.0, 4.0, 4.0, 4.0]);
        assert_eq!(grid.mean_pool(2, 2).values(), [3.5, 5.5, 11.5, 13.5]);
        assert_eq!(grid.mean(), [8.5]);
    }

    #[test]
    fn a_separable_convolution_keeps_channels_apart_until_its_second_step() {
        let grid = Grid::new(1, 1, 2, vec![2.0, 3.0]);
        let mut depthwise = vec![0.0; 18];
        depthwise[8] = 10.0;
        depthwise[9] = 100.0;
        let pointwise = Conv { size: 1, input: 2, output: 1, filter: vec![1.0, 1.0], bias: vec![1.0] };
        assert_eq!(grid.separable(&Separable { depthwise, pointwise }, 1, Edge::One).values(), [321.0]);
    }

    #[test]
    fn a_grown_grid_is_zero_where_nothing_was() {
        let grown = counted(1, 2).grown(2, 2, 2);
        assert_eq!(grown.values(), [1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
