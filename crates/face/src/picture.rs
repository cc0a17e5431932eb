//! A picture, and the square of numbers a network wants of it.

use crate::FaceError;
use crate::layers::Grid;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Wider or higher pictures are refused before they are unpacked: a small file can hold a very large picture.
pub const LARGEST_SIDE: usize = 2400;

/// Rows of red, green, blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

/// A rectangle of whole pixels inside a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

/// How a picture is made square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// All of it after the picture, as the detector was trained.
    After,
    /// Half before and half after.
    Around,
}

impl Picture {
    /// How every JPEG file begins.
    pub const JPEG_BEGINS: [u8; 3] = [0xff, 0xd8, 0xff];

    /// Unpacks a JPEG file; anything else is refused.
    pub fn from_jpeg(bytes: &[u8]) -> Result<Self, FaceError> {
        let options = DecoderOptions::default()
            .set_max_width(LARGEST_SIDE)
            .set_max_height(LARGEST_SIDE)
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let rgb = decoder.decode().map_err(|_| FaceError::NotAPicture)?;
        let (width, height) = decoder.dimensions().ok_or(FaceError::NotAPicture)?;
        Self::from_rgb(width, height, rgb)
    }

    pub fn from_rgb(width: usize, height: usize, rgb: Vec<u8>) -> Result<Self, FaceError> {
        let fits = width > 0 && height > 0 && width.max(height) <= LARGEST_SIDE && rgb.len() == width * height * 3;
        if fits { Ok(Self { width, height, rgb }) } else { Err(FaceError::NotAPicture) }
    }

    pub fn whole(&self) -> Cut {
        Cut { x: 0, y: 0, width: self.width, height: self.height }
    }

    fn at(&self, x: usize, y: usize, channel: usize) -> f32 {
        f32::from(self.rgb[(y * self.width + x) * 3 + channel])
    }

    /// The part inside `cut`, padded with black to a square, scaled to `side` pixels (bilinear, corners not aligned),
    /// less the mean colour, in units of 255: what TensorFlow's `resizeBilinear` gives, so that the networks see what
    /// they were trained on.
    pub(crate) fn square(&self, cut: Cut, side: usize, padding: Padding, mean: [f32; 3]) -> Grid {
        let longest = cut.width.max(cut.height);
        let before = |length: usize| match padding {
            Padding::After => 0,
            // Half of an odd number is rounded up behind.
            Padding::Around => (longest - length) - (longest - length).div_ceil(2),
        };
        let (left, top) = (before(cut.width), before(cut.height));
        let sample = |x: usize, y: usize, channel: usize| {
            let (x, y) = (x.wrapping_sub(left), y.wrapping_sub(top));
            if x < cut.width && y < cut.height { self.at(cut.x + x, cut.y + y, channel) } else { 0.0 }
        };
        let steps: Vec<(usize, usize, f32)> = (0..side)
            .map(|n| {
                let exact = n as f64 * (longest as f64 / side as f64);
                let low = exact.floor();
                ((low as usize).min(longest - 1), (exact.ceil() as usize).min(longest - 1), (exact - low) as f32)
            })
            .collect();
        let mut values = Vec::with_capacity(side * side * 3);
        for &(y0, y1, down) in &steps {
            for &(x0, x1, right) in &steps {
                for (channel, mean) in mean.iter().enumerate() {
                    let (a, b) = (sample(x0, y0, channel), sample(x1, y0, channel));
                    let (c, d) = (sample(x0, y1, channel), sample(x1, y1, channel));
                    let (above, below) = (a + (b - a) * right, c + (d - c) * right);
                    values.push((above + (below - above) * down - mean) / 255.0);
                }
            }
        }
        Grid::new(side, side, 3, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(width: usize, height: usize) -> Picture {
        let rgb = (0..width * height * 3).map(|n| (n * 7 % 251) as u8).collect();
        Picture::from_rgb(width, height, rgb).unwrap()
    }

    #[test]
    fn what_is_no_jpeg_is_refused() {
        for bytes in [&b""[..], b"[0.1, 0.2]", b"\x89PNG\r\n\x1a\n", &[0xff, 0xd8, 0xff, 0xe0, 0, 16]] {
            assert!(matches!(Picture::from_jpeg(bytes), Err(FaceError::NotAPicture)), "{bytes:?}");
        }
        assert!(Picture::from_rgb(2, 2, vec![0; 11]).is_err());
        assert!(Picture::from_rgb(LARGEST_SIDE + 1, 1, vec![0; (LARGEST_SIDE + 1) * 3]).is_err());
    }

    #[test]
    fn a_square_of_its_own_size_is_the_picture_itself() {
        let picture = checked(4, 4);
        let grid = picture.square(picture.whole(), 4, Padding::Around, [0.0; 3]);
        let expected: Vec<f32> = picture.rgb.iter().map(|&v| f32::from(v) / 255.0).collect();
        assert_eq!(grid.values(), expected);
    }

    #[test]
    fn an_upright_picture_is_padded_left_and_right_or_right_only() {
        let picture = Picture::from_rgb(1, 4, vec![255; 12]).unwrap();
        let column = |padding| {
            let grid = picture.square(picture.whole(), 4, padding, [0.0; 3]);
            (0..4).find(|&x| grid.values()[x * 3] > 0.5).unwrap()
        };
        assert_eq!(column(Padding::After), 0);
        // Three to spare: one before, two after.
        assert_eq!(column(Padding::Around), 1);
    }
}
