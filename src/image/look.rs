//! What a picture looks like, coarsely: enough to recognise one that was resized or coded anew.

use image::imageops::{self, FilterType};

use super::validate::{self, PictureLimits};

/// Cells along each side.
const CELLS: u32 = 24;
/// Most that two cells of the same picture differ by on average, in channel values.
const MEAN_DIFFERENCE: u32 = 10;
/// The same as a part of the contrast: title cards have little of it, and differ from each other by less than
/// photographs that were coded twice.
const PART_OF_CONTRAST: u32 = 7;
/// Most that the ratios of width to height differ by, in thousandths.
const RATIO: u32 = 30;
/// Least that the cells of a picture differ by on average, for it to be told from a plain one: a seventh of it
/// is what a coding may change.
const CONTRAST: u32 = 5;

/// The look of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Width to height, in thousandths.
    ratio: u32,
    cells: [[u8; 3]; (CELLS * CELLS) as usize],
}

impl Look {
    /// The look of a picture file; `None` for one that cannot be decoded, or has nothing to recognise.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let format = image::guess_format(bytes).ok()?;
        let (picture, _hold) =
            validate::decode(bytes, format, &PictureLimits::AS_FOUND).ok()?.finish().ok()?;
        let (width, height) = picture.dimensions();
        if width == 0 || height == 0 {
            return None;
        }
        let small = imageops::resize(&picture, CELLS, CELLS, FilterType::Triangle);
        let mut cells = [[0; 3]; (CELLS * CELLS) as usize];
        cells.iter_mut().zip(small.pixels()).for_each(|(cell, pixel)| *cell = pixel.0);
        let look = Self { ratio: ratio(width, height), cells };
        (look.contrast() >= CONTRAST * look.values()).then_some(look)
    }

    /// Whether two pictures look the same.
    pub fn is_like(&self, other: &Self) -> bool {
        let allowed = self.ratio.max(other.ratio) * RATIO / 1000;
        let differs = (MEAN_DIFFERENCE * self.values())
            .min(self.contrast() / PART_OF_CONTRAST)
            .min(other.contrast() / PART_OF_CONTRAST);
        self.ratio.abs_diff(other.ratio) <= allowed.max(1) && difference(&self.cells, &other.cells) <= differs
    }

    /// How many values the cells have.
    fn values(&self) -> u32 {
        self.cells.as_flattened().len() as u32
    }

    /// The difference from a plain picture of the same mean.
    fn contrast(&self) -> u32 {
        let count = self.cells.len() as u32;
        let mean = [0, 1, 2].map(|channel| {
            let sum: u32 = self.cells.iter().map(|cell| u32::from(cell[channel])).sum();
            (sum / count) as u8
        });
        difference(&self.cells, &[mean; (CELLS * CELLS) as usize])
    }
}

fn ratio(width: u32, height: u32) -> u32 {
    u32::try_from(u64::from(width) * 1000 / u64::from(height)).unwrap_or(u32::MAX / 1000)
}

/// The sum over all values.
fn difference(a: &[[u8; 3]], b: &[[u8; 3]]) -> u32 {
    let values = a.as_flattened().iter().zip(b.as_flattened());
    values.map(|(a, b)| u32::from(a.abs_diff(*b))).sum()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::imageops;
    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::*;
    use crate::image::card;

    fn bytes(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture.clone()).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn drawn(seed: u32) -> RgbImage {
        RgbImage::from_fn(600, 315, |x, y| {
            let (x, y) = (x / 50 + seed, y / 45);
            image::Rgb([(x * 37 % 251) as u8, ((x + y) * 53 % 241) as u8, (y * seed * 29 % 239) as u8])
        })
    }

    #[test]
    fn a_picture_that_was_resized_and_coded_anew_looks_the_same() {
        let original = drawn(3);
        let small = imageops::resize(&original, 300, 158, FilterType::Lanczos3);
        let look = Look::of(&bytes(&original, ImageFormat::Png)).unwrap();
        for format in [ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Png] {
            assert!(look.is_like(&Look::of(&bytes(&small, format)).unwrap()), "{format:?}");
        }
    }

    #[test]
    fn another_picture_or_another_shape_does_not() {
        let look = |picture: &RgbImage| Look::of(&bytes(picture, ImageFormat::Png)).unwrap();
        let original = drawn(3);
        assert!(!look(&original).is_like(&look(&drawn(4))));
        let square = imageops::resize(&original, 315, 315, FilterType::Triangle);
        assert!(!look(&original).is_like(&look(&square)));
    }

    #[test]
    fn a_title_card_is_told_from_every_other_one_however_small_it_is_shown() {
        let draw = |title: &str| card::draw(title, 600, 315).unwrap().pixels.clone();
        let cards: Vec<RgbImage> = (0..24).map(|number| draw(&format!("Post number {number}"))).collect();
        let whole: Vec<Look> =
            cards.iter().map(|card| Look::of(&bytes(card, ImageFormat::Jpeg)).unwrap()).collect();
        let small = cards.iter().map(|card| imageops::resize(card, 240, 126, FilterType::Lanczos3));
        let small: Vec<Look> =
            small.map(|card| Look::of(&bytes(&card, ImageFormat::Jpeg)).unwrap()).collect();
        for (number, whole) in whole.iter().enumerate() {
            let alike: Vec<usize> = (0..small.len()).filter(|other| whole.is_like(&small[*other])).collect();
            assert_eq!(alike, [number]);
        }
    }

    #[test]
    fn a_plain_picture_and_a_damaged_one_have_no_look() {
        let plain = RgbImage::from_pixel(300, 200, image::Rgb([40, 80, 120]));
        assert_eq!(Look::of(&bytes(&plain, ImageFormat::Png)), None);
        let whole = bytes(&drawn(1), ImageFormat::Png);
        assert_eq!(Look::of(&whole[..whole.len() / 2]), None);
    }
}
