//! Pictures: validation of what a provider sent, the processing to the wanted shape, the
//! provenance marks, and the title card.
//!
//! Everything here is pure and blocking: bytes in, bytes out, tens of milliseconds for a large
//! picture. Async callers run it through `spawn_blocking`, which also contains a panic of a decoder.

use std::fmt;
use std::sync::Arc;

use image::RgbImage;

use crate::memory::Hold;

pub mod card;
pub mod look;
pub mod process;
pub mod provenance;
pub mod sound;
pub mod thumbnail;
pub mod validate;

/// A picture whose every pixel is decoded.
#[derive(Clone)]
pub struct Picture {
    /// Eight-bit RGB; transparency is flattened onto white, EXIF orientation applied.
    pub pixels: RgbImage,
    /// What the pixels take, as long as they are needed.
    _hold: Arc<Hold>,
}

impl Picture {
    #[cfg(test)]
    fn new(pixels: RgbImage) -> Self {
        Self::holding(crate::memory::MemoryAccount::current().charge(0), pixels)
    }

    fn holding(hold: Hold, pixels: RgbImage) -> Self {
        Self { pixels, _hold: Arc::new(hold) }
    }

    /// Width in pixels, after the orientation was applied.
    pub fn width(&self) -> u32 {
        self.pixels.width()
    }

    /// Height in pixels, after the orientation was applied.
    pub fn height(&self) -> u32 {
        self.pixels.height()
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.pixels == other.pixels
    }
}

impl Eq for Picture {}

impl fmt::Debug for Picture {
    /// Leaves out the megabytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{})", self.width(), self.height())
    }
}

#[cfg(test)]
mod samples;
