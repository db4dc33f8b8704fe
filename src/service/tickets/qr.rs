//! QR codes: a text as a square of dots.

use qrcode::{Color, EcLevel, QrCode};

/// Light dots on every side, without which readers do not find the square.
const MARGIN: usize = 4;

/// Dark dots of a grid, as the path of a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrImage {
    /// Width in dots, margin included.
    pub side: usize,
    pub path: String,
}

/// Draws a text; `None` if it is too long.
pub fn qr_image(text: &str) -> Option<QrImage> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let dots = code.to_colors();
    let rows: Vec<&[Color]> = dots.chunks(code.width()).collect();
    Some(QrImage { side: code.width() + 2 * MARGIN, path: path(&rows) })
}

/// Draws one bar for adjacent dark dots.
fn path(rows: &[&[Color]]) -> String {
    use std::fmt::Write as _;

    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for dots in row.chunk_by(|one, next| one == next) {
            if dots[0] == Color::Dark {
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + MARGIN, y + MARGIN, dots.len(), dots.len());
            }
            x += dots.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_dots() {
        const D: Color = Color::Dark;
        const L: Color = Color::Light;

        assert_eq!(path(&[&[D, D, L], &[L, L, L], &[L, D, D]]), "M4 4h2v1h-2zM5 6h2v1h-2z");
    }

    #[test]
    fn an_address_becomes_a_square_with_a_margin() {
        let qr_image =
            qr_image("https://desk.example/take-over?ticket=20240000001&code=123456").expect("fits");

        assert_eq!(qr_image.side, 33 + 8);
        // The corner mark: a bar of seven dots.
        assert!(qr_image.path.starts_with("M4 4h7v1h-7z"), "{}", qr_image.path);
        assert_eq!(super::qr_image(&"x".repeat(5_000)), None);
    }
}
