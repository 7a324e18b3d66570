//! From decoded samples of any layout to RGB as screens show it: colours of another profile are
//! converted to sRGB, since the profile does not outlive the processing, grey is spread over three
//! channels, and transparency is laid on white, the paper of most blogs.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, Transform8BitExecutor, TransformOptions};

/// Largest profile that is looked at, in bytes. Those for screens have a few kilobytes.
pub(super) const LARGEST_PROFILE: usize = 4 << 20;

/// Difference of channel values that nobody sees.
const SAME: u8 = 2;

/// Eight-bit samples, row by row.
pub(super) struct Samples {
    pub width: u32,
    pub height: u32,
    /// 1 for grey, 3 for RGB, and one more for transparency.
    pub channels: usize,
    pub values: Vec<u8>,
    pub profile: Option<Vec<u8>>,
}

impl Samples {
    /// The same picture as sRGB without transparency, in the memory it already takes where it has
    /// three channels or more. A profile that cannot be used is none.
    pub fn into_rgb(self) -> Vec<u8> {
        let Self { width, height, channels, mut values, profile } = self;
        let (width, height) = (width as usize, height as usize);
        let convert = profile.and_then(|profile| to_srgb(&profile, channels));
        if channels == 3 && convert.is_none() {
            return values;
        }
        values.resize(values.len().max(width * height * 3), 0);
        let has_alpha = channels.is_multiple_of(2);
        let mut row = vec![0; width * if has_alpha { 4 } else { 3 }];
        for number in 0..height {
            // Rows that grow are moved from the last one on, so that none is overwritten unread.
            let y = if channels < 3 { height - 1 - number } else { number };
            let source = &values[y * width * channels..(y + 1) * width * channels];
            match &convert {
                Some(convert) if convert.transform(source, &mut row).is_ok() => {}
                _ => spread(source, channels, &mut row),
            }
            let target = &mut values[y * width * 3..(y + 1) * width * 3];
            if has_alpha { flatten(&row, target) } else { target.copy_from_slice(&row) }
        }
        values.truncate(width * height * 3);
        values
    }
}

/// Grey over three channels; colours as they are.
fn spread(source: &[u8], channels: usize, row: &mut [u8]) {
    match channels {
        1 => row.chunks_exact_mut(3).zip(source).for_each(|(to, grey)| to.fill(*grey)),
        2 => row.chunks_exact_mut(4).zip(source.chunks_exact(2)).for_each(|(to, from)| {
            to.copy_from_slice(&[from[0], from[0], from[0], from[1]]);
        }),
        _ => row.copy_from_slice(source),
    }
}

fn flatten(layered: &[u8], flat: &mut [u8]) {
    for (to, from) in flat.chunks_exact_mut(3).zip(layered.chunks_exact(4)) {
        let alpha = u16::from(from[3]);
        for (to, &from) in to.iter_mut().zip(from) {
            let mixed = u16::from(from) * alpha + 255 * (255 - alpha);
            *to = u8::try_from((mixed + 127) / 255).unwrap_or(u8::MAX);
        }
    }
}

/// The conversion to sRGB. `None` where there is nothing to convert, and for a profile that is broken
/// or describes samples of another kind.
fn to_srgb(profile: &[u8], channels: usize) -> Option<Arc<Transform8BitExecutor>> {
    let limits = ParsingOptions { max_profile_size: LARGEST_PROFILE, ..ParsingOptions::default() };
    let profile = ColorProfile::new_from_slice_with_options(profile, limits).ok()?;
    let (space, from, to) = match channels {
        1 => (DataColorSpace::Gray, Layout::Gray, Layout::Rgb),
        2 => (DataColorSpace::Gray, Layout::GrayAlpha, Layout::Rgba),
        3 => (DataColorSpace::Rgb, Layout::Rgb, Layout::Rgb),
        _ => (DataColorSpace::Rgb, Layout::Rgba, Layout::Rgba),
    };
    if profile.color_space != space {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let convert = profile.create_transform_8bit(from, &srgb, to, TransformOptions::default()).ok()?;
    changes_colours(&*convert, channels)?.then_some(convert)
}

/// Whether a sample of all colours comes out as others than it went in.
fn changes_colours(convert: &Transform8BitExecutor, channels: usize) -> Option<bool> {
    let levels = || (0..=255).step_by(51);
    let colours = levels()
        .flat_map(|red| levels().flat_map(move |green| levels().map(move |blue| [red, green, blue, 255])));
    let source: Vec<u8> = match channels {
        1 => levels().collect(),
        2 => levels().flat_map(|grey| [grey, 255]).collect(),
        _ => colours.flat_map(|colour| colour.into_iter().take(channels)).collect(),
    };
    let count = source.len() / channels;
    let per_pixel = if channels.is_multiple_of(2) { 4 } else { 3 };
    let (mut same, mut converted) = (vec![0; count * per_pixel], vec![0; count * per_pixel]);
    spread(&source, channels, &mut same);
    convert.transform(&source, &mut converted).ok()?;
    Some(same.iter().zip(&converted).any(|(before, after)| before.abs_diff(*after) > SAME))
}

#[cfg(test)]
mod tests;
