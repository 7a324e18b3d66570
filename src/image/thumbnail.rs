//! Small pictures for pages that hold many of them.

use super::process;
use super::validate::{self, PictureLimits};

/// Width and height in pixels, at most: that of a card on the page, in the ratio of link previews.
const SIZE: (u32, u32) = (480, 252);
/// Good enough to judge a picture by.
const QUALITY: u8 = 72;

/// The bytes of a small JPEG of a picture; `None` where it cannot be decoded.
pub fn of(picture: &[u8]) -> Option<Vec<u8>> {
    process::shrink(validate::examine(picture, &PictureLimits::AS_FOUND).ok()?, SIZE, QUALITY).ok()
}

#[cfg(test)]
mod tests {
    use image::GenericImageView as _;

    use super::*;
    use crate::image::samples;

    #[test]
    fn a_thumbnail_has_the_shape_of_a_card_and_few_bytes() {
        let picture = samples::scene(1200, 900);
        let small = of(&samples::file(picture, image::ImageFormat::Jpeg)).unwrap();
        assert_eq!(image::load_from_memory(&small).unwrap().dimensions(), SIZE);
        assert!(small.len() < 40_000, "{}", small.len());
        assert_eq!(of(b"<svg/>"), None);
    }
}
