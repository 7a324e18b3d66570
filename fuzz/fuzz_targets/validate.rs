//! Any bytes a service may send: validation must answer, and what it lets through must be a
//! picture that can be written and recognised.

#![no_main]

use image_fallback::image::process::{Options, finish};
use image_fallback::image::provenance::{self, Provenance};
use image_fallback::image::validate::{PictureLimits, examine};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = provenance::read(bytes);
    let limits = PictureLimits::AS_SENT;
    let Ok(picture) = examine(bytes, &limits) else { return };
    assert!(picture.width().min(picture.height()) >= limits.min_side);
    assert!(u64::from(picture.width()) * u64::from(picture.height()) <= limits.max_pixels);
    let finished =
        finish(picture, &Options::default(), &Provenance::card()).expect("a sound picture can be written");
    assert_eq!(provenance::read(&finished.bytes), Some(Provenance::card()));
});
