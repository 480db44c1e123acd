//! The logo on a tile of the brand's paper, as mail programs and home screens show it: they do not draw SVG, and a mark alone could
//! stand dark on dark.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portaria::brand::{Brand, Role, Scheme};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::sync::Arc;

/// In pixels: four of each at the size of an e-mail, and what home screens ask for.
const SIDE: u32 = 192;
/// Ours, where the brand has none.
const OURS: &str = include_str!("../../../../style/assets/icon.svg");

/// The picture of a brand; `None`, with a line in the log, if its logo cannot be drawn. It takes milliseconds, so that it is done beside
/// the requests.
pub(super) async fn drawn(brand: &Arc<Brand>) -> Option<Bytes> {
    let brand = Arc::clone(brand);
    let drawing = tokio::task::spawn_blocking(move || png(brand.logo.as_deref().unwrap_or(OURS), &brand)).await;
    let png = drawing.ok().flatten();
    if png.is_none() {
        tracing::error!("the logo cannot be drawn as PNG: e-mails go without it");
    }
    png.map(Bytes::from)
}

fn png(logo: &str, brand: &Brand) -> Option<Vec<u8>> {
    let (paper, logo) = (brand.palette.of(Scheme::Light, Role::Paper), STANDARD.encode(logo));
    let tile = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}\" height=\"{SIDE}\"><rect width=\"{SIDE}\" height=\"{SIDE}\" rx=\"40\" fill=\"{paper}\"/>\
         <image x=\"28\" y=\"28\" width=\"136\" height=\"136\" href=\"data:image/svg+xml;base64,{logo}\"/></svg>"
    );
    let tree = Tree::from_str(&tile, &Options::default()).ok()?;
    let mut pixels = Pixmap::new(SIDE, SIDE)?;
    resvg::render(&tree, Transform::default(), &mut pixels.as_mut());
    pixels.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colour of a pixel, as `#rrggbb`.
    fn pixel(of: &Pixmap, x: u32, y: u32) -> String {
        let colour = of.pixel(x, y).expect("a pixel").demultiply();
        format!("#{:02x}{:02x}{:02x}", colour.red(), colour.green(), colour.blue())
    }

    fn read(logo: &str) -> Pixmap {
        Pixmap::decode_png(&png(logo, &Brand::default()).expect("a picture")).expect("a PNG")
    }

    #[test]
    fn our_logo_stands_in_its_light_colours_on_a_tile() {
        let picture = read(OURS);
        assert_eq!((picture.width(), picture.height()), (SIDE, SIDE));
        assert_eq!(picture.pixel(0, 0).expect("a pixel").alpha(), 0, "round corners");
        assert_eq!(pixel(&picture, 96, 8), "#fbf9f4", "paper");
        assert_eq!(pixel(&picture, 54, 130), "#17463f", "the wall");
    }

    #[test]
    fn a_logo_of_any_shape_lies_within_the_tile() {
        for view in ["0 0 400 100", "0 0 10 90"] {
            let picture =
                read(&format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='{view}'><path fill='#ff0000' d='M0 0H400V100H0z'/></svg>"));
            assert_eq!(pixel(&picture, 96, 96), "#ff0000", "{view}");
            assert_eq!(pixel(&picture, 96, 10), "#fbf9f4", "{view}");
            assert_eq!(pixel(&picture, 10, 96), "#fbf9f4", "{view}");
        }
    }
}
