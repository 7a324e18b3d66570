//! Is there anything to see? Finds black and blank pictures without refusing quiet ones.
//!
//! A flat illustration may be one colour on 99 of 100 pixels, and film grain may cover a picture of
//! nothing. So two measures have to agree before a picture counts as uniform: the means of the cells
//! of a grid (grain cancels out within a cell, a small shape lifts its cell) and the deviation of
//! single pixels (a fine texture has equal cells, yet is a picture).

use image::RgbImage;

use super::{InvalidPicture, PictureLimits};

/// Cells along each side of the grid.
const CELLS: usize = 32;
/// Rows looked at; more of them tell nothing new and cost time.
const ROWS: usize = 512;

/// Refuses a picture with nothing on it.
///
/// # Errors
/// [`InvalidPicture::Black`] or [`InvalidPicture::Uniform`].
pub(super) fn check(pixels: &RgbImage, limits: &PictureLimits) -> Result<(), InvalidPicture> {
    let (width, height) = pixels.dimensions();
    if pixels.as_raw().iter().fold(0, |most, &value| value.max(most)) <= limits.black {
        return Err(InvalidPicture::Black { width, height });
    }
    let cells = grid(pixels);
    let flat = (0..3).all(|channel| {
        let means = cells.iter().map(|cell| cell.sums[channel] as f64 / cell.count as f64);
        let lowest = means.clone().fold(f64::INFINITY, f64::min);
        let highest = means.fold(f64::NEG_INFINITY, f64::max);
        let (mean, mean_of_squares) = whole(&cells, channel);
        let deviation = (mean_of_squares - mean * mean).max(0.0).sqrt();
        highest - lowest < limits.cell_spread && deviation < limits.pixel_deviation
    });
    if !flat {
        return Ok(());
    }
    let [red, green, blue] = [0, 1, 2].map(|channel| whole(&cells, channel).0.round());
    Err(InvalidPicture::Uniform {
        width,
        height,
        colour: format!("#{:02x}{:02x}{:02x}", red as u8, green as u8, blue as u8),
    })
}

/// One cell of the grid: what it takes to know its mean and the deviation of the whole.
#[derive(Clone, Default)]
struct Cell {
    count: u64,
    sums: [u64; 3],
    squares: [u64; 3],
}

fn grid(pixels: &RgbImage) -> Vec<Cell> {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut cells = vec![Cell::default(); CELLS * CELLS];
    for (y, row) in pixels.as_raw().chunks_exact(width * 3).enumerate().step_by(height.div_ceil(ROWS)) {
        for column in 0..CELLS {
            let (from, to) = (column * width / CELLS, (column + 1) * width / CELLS);
            let cell = &mut cells[y * CELLS / height * CELLS + column];
            cell.count += (to - from) as u64;
            // Sums of one row of one cell fit into 32 bits, which lets the compiler use wide registers.
            let (mut sums, mut squares) = ([0_u32; 3], [0_u32; 3]);
            for pixel in row[from * 3..to * 3].chunks_exact(3) {
                for channel in 0..3 {
                    let value = u32::from(pixel[channel]);
                    sums[channel] += value;
                    squares[channel] += value * value;
                }
            }
            for channel in 0..3 {
                cell.sums[channel] += u64::from(sums[channel]);
                cell.squares[channel] += u64::from(squares[channel]);
            }
        }
    }
    cells
}

/// Mean and mean of squares of one channel over the whole picture.
fn whole(cells: &[Cell], channel: usize) -> (f64, f64) {
    let count = cells.iter().map(|cell| cell.count).sum::<u64>() as f64;
    let sum = cells.iter().map(|cell| cell.sums[channel]).sum::<u64>() as f64;
    let squares = cells.iter().map(|cell| cell.squares[channel]).sum::<u64>() as f64;
    (sum / count, squares / count)
}
