//! Test pictures, drawn here so that the repository holds none.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A soft gradient with grain and two discs: has large shapes and fine detail, like a photograph.
pub(super) fn scene(width: u32, height: u32) -> RgbImage {
    let mut grain = 0x2545_F491_u32;
    RgbImage::from_fn(width, height, |x, y| {
        grain ^= grain << 13;
        grain ^= grain >> 17;
        grain ^= grain << 5;
        let noise = grain % 24;
        let inside = |cx: u32, cy: u32, r: u32| {
            let (dx, dy) = (x.abs_diff(width * cx / 100), y.abs_diff(height * cy / 100));
            dx * dx + dy * dy < (width.min(height) * r / 100).pow(2)
        };
        let base = if inside(30, 40, 20) {
            [200, 90, 40]
        } else if inside(70, 60, 12) {
            [30, 60, 90]
        } else {
            [60 + 120 * x / width, 80 + 100 * y / height, 170 - 90 * x / width]
        };
        Rgb(base.map(|value| (value + noise) as u8))
    })
}

/// One colour.
pub(super) fn plain(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb(colour))
}

/// The picture as a file.
pub(super) fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
