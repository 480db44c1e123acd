//! A link as a QR code, drawn by the server: one path, dark on light in every scheme, because cameras need it so.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// The light margin around it, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// Nothing, if the text is too long for a code.
#[component]
pub fn Qr(text: String, label: &'static str) -> impl IntoView {
    let code = QrCode::with_error_correction_level(text.into_bytes(), EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    Some(view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
            <path fill="#fff" d=format!("M0 0h{side}v{side}H0z") />
            <path fill="#000" d=dark(&code) />
        </svg>
    })
}

/// The dark modules, a run of them at a time.
fn dark(code: &QrCode) -> String {
    let (colors, width) = (code.to_colors(), code.width());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_corners_are_those_of_a_qr_code() {
        let code = QrCode::with_error_correction_level(b"https://portaria.example/continue?token=x", EcLevel::M).expect("a code");
        let path = dark(&code);
        // The finder patterns: seven dark modules at the top left and the top right.
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(path.contains(&format!("M{} 4h7v1h-7z", code.width() + QUIET - 7)), "{path}");
    }
}
