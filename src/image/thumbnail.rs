//! Small pictures for pages that hold many of them.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::process::{self, CutPicture};
use super::validate::{self, PictureLimits};

/// Most thumbnails in a page: three megabytes.
pub const MOST: usize = 100;
/// Width and height in pixels, at most: that of a card on the page, in the ratio of link previews.
const SIZE: (u32, u32) = (480, 252);
/// Good enough to judge a picture by.
const QUALITY: u8 = 72;

/// The bytes of a small JPEG of a picture; `None` where it cannot be decoded.
pub fn of(picture: &[u8]) -> Option<Vec<u8>> {
    process::shrink(validate::examine(picture, &PictureLimits::AS_FOUND).ok()?, SIZE, QUALITY).ok()
}

/// The bytes of a small JPEG of a picture whose pixels are at hand; `None` where it cannot be made.
pub fn of_cut(picture: &CutPicture) -> Option<Vec<u8>> {
    picture.shrunk(SIZE, QUALITY)
}

/// How many thumbnails a run may still keep while it makes pictures.
#[derive(Debug)]
pub struct Allowance(AtomicUsize);

impl Default for Allowance {
    fn default() -> Self {
        Self(AtomicUsize::new(MOST))
    }
}

impl Allowance {
    /// Takes one, if one is left.
    pub fn take(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use image::GenericImageView as _;

    use super::*;
    use crate::image::{Picture, samples};

    #[test]
    fn a_thumbnail_has_the_shape_of_a_card_and_few_bytes() {
        let picture = samples::scene(1200, 900);
        let small = of(&samples::file(picture, image::ImageFormat::Jpeg)).unwrap();
        assert_eq!(image::load_from_memory(&small).unwrap().dimensions(), SIZE);
        assert!(small.len() < 40_000, "{}", small.len());
        assert_eq!(of(b"<svg/>"), None);
    }

    #[test]
    fn a_thumbnail_of_pixels_at_hand_has_the_shape_of_one_of_a_file() {
        for (width, height) in [(1200, 630), (320, 168), (480, 252), (900, 1600)] {
            let options = process::Options { width, height, ..process::Options::default() };
            let cut = CutPicture::new(Picture::new(samples::scene(width, height)), &options).unwrap();
            let from_pixels = image::load_from_memory(&of_cut(&cut).unwrap()).unwrap().dimensions();
            let file = samples::file(samples::scene(width, height), image::ImageFormat::Jpeg);
            let from_file = image::load_from_memory(&of(&file).unwrap()).unwrap().dimensions();
            assert_eq!(from_pixels, from_file, "{width}x{height}");
        }
    }

    #[test]
    fn a_run_keeps_no_more_thumbnails_than_a_page_shows() {
        let allowance = Allowance::default();
        assert_eq!((0..MOST + 5).filter(|_| allowance.take()).count(), MOST);
    }
}
