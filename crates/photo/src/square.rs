//! The square of a picture that the person chose to keep.

use image::DynamicImage;
use image::metadata::Orientation;

/// Computes the square from the width and height of the upright picture.
pub type Choice = Box<dyn Fn(u32, u32) -> Square + Send>;

/// A square in pixels, inside a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Square {
    /// Pixels to the left of it.
    pub left: u32,
    /// Pixels above it.
    pub top: u32,
    /// Its side in pixels; at least one.
    pub side: u32,
}

impl Square {
    /// The same square in the picture mirrored left to right.
    const fn mirrored(self, width: u32) -> Self {
        Self { left: width.saturating_sub(self.left).saturating_sub(self.side), ..self }
    }

    /// The same square in the picture mirrored top to bottom.
    const fn flipped(self, height: u32) -> Self {
        Self { top: height.saturating_sub(self.top).saturating_sub(self.side), ..self }
    }

    /// The same square in the picture whose rows have become columns.
    const fn transposed(self) -> Self {
        Self { left: self.top, top: self.left, ..self }
    }
}

/// Cuts the chosen square out of a picture before it is turned upright. Turning copies the whole picture, so cutting comes first.
/// It also comes before shrinking, which would leave little of a small square.
pub(crate) fn cut(image: DynamicImage, choice: &Choice, orientation: Orientation) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let Square { left, top, side } = lying(choice, orientation, width, height);
    if (side, side) == (width, height) { image } else { image.crop_imm(left, top, side, side) }
}

/// Translates the square of the upright picture to the picture as it lies.
fn lying(choice: &Choice, orientation: Orientation, width: u32, height: u32) -> Square {
    let upright = || choice(width, height);
    let on_its_side = || choice(height, width).transposed();
    match orientation {
        Orientation::NoTransforms => upright(),
        Orientation::FlipHorizontal => upright().mirrored(width),
        Orientation::FlipVertical => upright().flipped(height),
        Orientation::Rotate180 => upright().mirrored(width).flipped(height),
        Orientation::Rotate90 => on_its_side().flipped(height),
        Orientation::Rotate270 => on_its_side().mirrored(width),
        Orientation::Rotate90FlipH => on_its_side(),
        Orientation::Rotate270FlipH => on_its_side().mirrored(width).flipped(height),
    }
}
