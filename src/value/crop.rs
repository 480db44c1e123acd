//! The square of a photo that is kept.

/// A square to cut out of an upright picture: its zoom and its position.
///
/// Its side is the picture's shorter side divided by the zoom. Its position is a fraction of the remaining room, from the left and
/// from the top. So it fits a picture of any size: the browser shows a small picture, the server cuts the large one, and both mean
/// the same square. Canonical form: whole percents and thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crop {
    /// In percent, from 100 (the whole shorter side) to [`Crop::MAX_ZOOM`].
    zoom: u16,
    /// Horizontal position, in thousandths of the remaining room.
    x: u16,
    /// Vertical position, in thousandths of the remaining room.
    y: u16,
}

/// A square in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Square {
    /// Pixels to its left.
    pub left: u32,
    /// Pixels above it.
    pub top: u32,
    /// Its side; at least one.
    pub side: u32,
}

impl Crop {
    /// The highest zoom, in percent.
    pub const MAX_ZOOM: u16 = 400;
    /// The highest position, in thousandths: the right or bottom edge.
    pub const FAR: u16 = 1000;
    /// The largest possible square, in the middle.
    pub const MIDDLE: Self = Self { zoom: 100, x: Self::FAR / 2, y: Self::FAR / 2 };

    /// Creates a crop. Values out of range are clamped.
    pub fn new(zoom: u16, x: u16, y: u16) -> Self {
        Self { zoom: zoom.clamp(100, Self::MAX_ZOOM), x: x.min(Self::FAR), y: y.min(Self::FAR) }
    }

    /// Parses the three numbers of a form. `None`: one is missing or not a whole number, so nothing is cut.
    pub fn parse(zoom: &str, x: &str, y: &str) -> Option<Self> {
        let figure = |text: &str| text.trim().parse::<u16>().ok();
        Some(Self::new(figure(zoom)?, figure(x)?, figure(y)?))
    }

    /// In percent.
    pub const fn zoom(self) -> u16 {
        self.zoom
    }

    /// Position from the left, in thousandths of the remaining room.
    pub const fn x(self) -> u16 {
        self.x
    }

    /// Position from the top, in thousandths of the remaining room.
    pub const fn y(self) -> u16 {
        self.y
    }

    /// Returns the square in a picture of this size. The picture must have at least one pixel.
    pub fn square(self, width: u32, height: u32) -> Square {
        let part = |whole: u32, of: u16, all: u16| {
            let product = u64::from(whole) * u64::from(of);
            u32::try_from(product / u64::from(all)).unwrap_or(u32::MAX)
        };
        let side = part(width.min(height), 100, self.zoom).max(1);
        let at = |whole: u32, of: u16| part(whole.saturating_sub(side), of, Self::FAR);
        Square { left: at(width, self.x), top: at(height, self.y), side }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_middle_of_a_wide_picture() {
        assert_eq!(Crop::MIDDLE.square(400, 300), Square { left: 50, top: 0, side: 300 });
        assert_eq!(Crop::MIDDLE.square(300, 400), Square { left: 0, top: 50, side: 300 });
        assert_eq!(Crop::new(200, 0, 1000).square(400, 300), Square { left: 0, top: 150, side: 150 });
        assert_eq!(Crop::new(200, 1000, 500).square(400, 300), Square { left: 250, top: 75, side: 150 });
    }

    #[test]
    fn a_form_is_read() {
        assert_eq!(Crop::parse("150", " 0 ", "1000"), Some(Crop::new(150, 0, 1000)));
        for (zoom, x, y) in [("", "0", "0"), ("100", "-1", "0"), ("100", "0", "NaN"), ("1e2", "0", "0"), ("100", "0", "99999999")] {
            assert_eq!(Crop::parse(zoom, x, y), None, "{zoom} {x} {y}");
        }
    }

    #[test]
    fn what_lies_outside_is_brought_in() {
        let crop = Crop::parse("0", "1001", "65535").unwrap();
        assert_eq!((crop.zoom(), crop.x(), crop.y()), (100, 1000, 1000));
        assert_eq!(Crop::new(9999, 0, 0).zoom(), Crop::MAX_ZOOM);
    }

    proptest! {
        #[test]
        fn the_square_lies_inside_whatever_the_picture(
            (zoom, x, y) in any::<(u16, u16, u16)>(), width in 1_u32.., height in 1_u32..
        ) {
            let Square { left, top, side } = Crop::new(zoom, x, y).square(width, height);
            prop_assert!(side >= 1);
            prop_assert!(u64::from(left) + u64::from(side) <= u64::from(width));
            prop_assert!(u64::from(top) + u64::from(side) <= u64::from(height));
        }
    }
}
