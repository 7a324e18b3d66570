//! From decoded samples of any layout to RGB as screens show it: colours of another kind are converted to
//! sRGB, since what describes them does not outlive the processing, grey is spread over three channels,
//! and transparency is laid on white, the paper of most blogs.

use std::sync::Arc;

use moxcms::{
    CicpProfile, ColorProfile, DataColorSpace, Layout, MatrixCoefficients, ParsingOptions, ToneReprCurve,
    TransferCharacteristics, Transform8BitExecutor, TransformOptions,
};

/// Largest profile that is looked at, in bytes. Those for screens have a few kilobytes, those for printing
/// inks up to three megabytes.
pub(super) const LARGEST_PROFILE: usize = 4 << 20;

/// Difference of channel values that nobody sees.
const SAME: u8 = 2;

/// Light of the white of a page, as a share of the brightest light that the two curves for high dynamic range
/// can tell of (ITU-R BT.2408): 203 of 10,000 candelas, and 203 of 1,000, which is the light that a screen makes of
/// 75 % of the signal.
const PAGE_WHITE_PQ: f64 = 0.0203;
const PAGE_WHITE_HLG: f64 = 0.203;

/// What a pixel is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pixel {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Cyan, magenta, yellow and black, where 0 is not ink.
    Inks,
}

/// Eight-bit samples, row by row.
pub(super) struct Samples {
    pub width: u32,
    pub height: u32,
    pub pixel: Pixel,
    pub values: Vec<u8>,
    pub convert: Option<Conversion>,
}

/// What converts a row to sRGB, with its transparency.
pub(super) type Conversion = Arc<Transform8BitExecutor>;

impl Pixel {
    /// What so many channels are, in a format that knows no inks.
    pub(super) fn of(channels: usize) -> Self {
        match channels {
            1 => Self::Grey,
            2 => Self::GreyAlpha,
            3 => Self::Rgb,
            _ => Self::Rgba,
        }
    }

    pub(super) fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Inks => 4,
        }
    }

    fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }

    fn is_grey(self) -> bool {
        matches!(self, Self::Grey | Self::GreyAlpha)
    }

    /// Kind of the profiles that describe it, its layout, and that of what it becomes.
    fn layouts(self) -> (DataColorSpace, Layout, Layout) {
        match self {
            Self::Grey => (DataColorSpace::Gray, Layout::Gray, Layout::Rgb),
            Self::GreyAlpha => (DataColorSpace::Gray, Layout::GrayAlpha, Layout::Rgba),
            Self::Rgb => (DataColorSpace::Rgb, Layout::Rgb, Layout::Rgb),
            Self::Rgba => (DataColorSpace::Rgb, Layout::Rgba, Layout::Rgba),
            // The library takes four inks in the layout of four channels.
            Self::Inks => (DataColorSpace::Cmyk, Layout::Rgba, Layout::Rgb),
        }
    }
}

impl Samples {
    /// The same picture as sRGB without transparency, in the memory it already takes where it has
    /// three channels or more.
    pub(super) fn into_rgb(self) -> Vec<u8> {
        let Self { width, height, pixel, mut values, convert } = self;
        let (width, height) = (width as usize, height as usize);
        let channels = pixel.channels();
        if pixel == Pixel::Rgb && convert.is_none() {
            return values;
        }
        values.resize(values.len().max(width * height * 3), 0);
        let mut row = vec![0; width * if pixel.has_alpha() { 4 } else { 3 }];
        for number in 0..height {
            // Rows that grow are moved from the last one on, so that none is overwritten unread.
            let y = if channels < 3 { height - 1 - number } else { number };
            let source = &values[y * width * channels..(y + 1) * width * channels];
            match &convert {
                Some(convert) if convert.transform(source, &mut row).is_ok() => {}
                _ => spread(source, pixel, &mut row),
            }
            let target = &mut values[y * width * 3..(y + 1) * width * 3];
            if pixel.has_alpha() { flatten(&row, target) } else { target.copy_from_slice(&row) }
        }
        values.truncate(width * height * 3);
        values
    }
}

/// Grey over three channels, inks as light; colours as they are.
fn spread(source: &[u8], pixel: Pixel, row: &mut [u8]) {
    match pixel {
        Pixel::Grey => row.chunks_exact_mut(3).zip(source).for_each(|(to, grey)| to.fill(*grey)),
        Pixel::GreyAlpha => row.chunks_exact_mut(4).zip(source.chunks_exact(2)).for_each(|(to, from)| {
            to.copy_from_slice(&[from[0], from[0], from[0], from[1]]);
        }),
        Pixel::Rgb | Pixel::Rgba => row.copy_from_slice(source),
        Pixel::Inks => row.chunks_exact_mut(3).zip(source.chunks_exact(4)).for_each(|(to, inks)| {
            to.iter_mut().zip(inks).for_each(|(to, &ink)| *to = times(255 - ink, 255 - inks[3]));
        }),
    }
}

/// The product of two shares of 255, as a share of 255.
fn times(a: u8, b: u8) -> u8 {
    u8::try_from((u16::from(a) * u16::from(b) + 127) / 255).unwrap_or(u8::MAX)
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

/// The conversion that an ICC profile asks for. `None` where there is nothing to convert, and for a profile that
/// is broken or describes samples of another kind: it counts as none.
pub(super) fn by_profile(profile: &[u8], pixel: Pixel) -> Option<Conversion> {
    let limits = ParsingOptions { max_profile_size: LARGEST_PROFILE, ..ParsingOptions::default() };
    conversion(&ColorProfile::new_from_slice_with_options(profile, limits).ok()?, pixel)
}

/// The conversion for colours that two numbers of ITU-T H.273 name: the primaries and the curve.
pub(super) fn by_code_points(primaries: u8, curve: u8, pixel: Pixel) -> Option<Conversion> {
    let transfer = TransferCharacteristics::try_from(curve).ok()?;
    let named = CicpProfile {
        color_primaries: primaries.try_into().ok()?,
        transfer_characteristics: transfer,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    };
    let profile = ColorProfile::new_from_cicp(named);
    // Numbers without a meaning leave it empty.
    let curve = profile.red_trc.clone()?;
    let curve = match (transfer, curve) {
        (TransferCharacteristics::Smpte2084, ToneReprCurve::Lut(curve)) => cut_above(&curve, PAGE_WHITE_PQ),
        (TransferCharacteristics::Hlg, ToneReprCurve::Lut(curve)) => cut_above(&curve, PAGE_WHITE_HLG),
        (_, curve) => curve,
    };
    conversion(&with_curve(profile, curve, pixel), pixel)
}

/// A curve that reaches its end with the white of a page: what is brighter becomes that, and all else is as bright
/// as it is meant beside a page.
fn cut_above(curve: &[u16], white: f64) -> ToneReprCurve {
    let cut = |&light: &u16| (f64::from(light) / white).min(f64::from(u16::MAX)) as u16;
    ToneReprCurve::Lut(curve.iter().map(cut).collect())
}

/// Primaries and white as x and y of the CIE 1931 diagram.
#[derive(Debug, Clone, Copy)]
pub(super) struct Primaries {
    pub white: (f32, f32),
    pub red: (f32, f32),
    pub green: (f32, f32),
    pub blue: (f32, f32),
}

impl Primaries {
    const SRGB: Self =
        Self { white: (0.3127, 0.329), red: (0.64, 0.33), green: (0.3, 0.6), blue: (0.15, 0.06) };

    /// Whether they are points in the diagram, and the primaries a triangle: else they describe no colours.
    fn are_sound(&self) -> bool {
        let all = [self.white, self.red, self.green, self.blue];
        let (from, to) = (
            (self.green.0 - self.red.0, self.green.1 - self.red.1),
            (self.blue.0 - self.red.0, self.blue.1 - self.red.1),
        );
        all.iter().all(|&(x, y)| x >= 0.0 && y > 0.01 && x + y <= 1.01)
            && (from.0 * to.1 - from.1 * to.0).abs() > 0.01
    }

    fn are_about(&self, other: &Self) -> bool {
        let near = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).abs() < 0.002 && (a.1 - b.1).abs() < 0.002;
        near(self.white, other.white)
            && near(self.red, other.red)
            && near(self.green, other.green)
            && near(self.blue, other.blue)
    }
}

/// The conversion for samples that are light to the power of `gamma`. As in browsers, one that is about 1/2.2
/// means the curve of sRGB, which every other program writes so, where the primaries are those of sRGB.
pub(super) fn by_gamma(gamma: f32, primaries: Option<Primaries>, pixel: Pixel) -> Option<Conversion> {
    let primaries = primaries.filter(Primaries::are_sound).unwrap_or(Primaries::SRGB);
    let is_usual = (0.95..=1.05).contains(&(gamma * 2.2));
    // Nothing that anybody draws has a steeper or a flatter one.
    if !(0.2..=2.0).contains(&gamma) || (is_usual && primaries.are_about(&Primaries::SRGB)) {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    let point = |(x, y): (f32, f32)| moxcms::Chromaticity { x, y };
    let colours = moxcms::ColorPrimaries {
        red: point(primaries.red),
        green: point(primaries.green),
        blue: point(primaries.blue),
    };
    profile.update_rgb_colorimetry(point(primaries.white).to_xyyb(), colours);
    conversion(&with_curve(profile, ToneReprCurve::Parametric(vec![1.0 / gamma]), pixel), pixel)
}

/// The profile with this curve, and as one for grey where the samples are grey.
fn with_curve(profile: ColorProfile, curve: ToneReprCurve, pixel: Pixel) -> ColorProfile {
    if pixel.is_grey() {
        let mut grey = ColorProfile::new_gray_with_gamma(1.0);
        grey.gray_trc = Some(curve);
        return grey;
    }
    let [red_trc, green_trc, blue_trc] = [Some(curve.clone()), Some(curve.clone()), Some(curve)];
    let mut profile = profile;
    // Else the library takes the curve that this names.
    profile.cicp = None;
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (red_trc, green_trc, blue_trc);
    profile
}

fn conversion(profile: &ColorProfile, pixel: Pixel) -> Option<Conversion> {
    let (space, from, to) = pixel.layouts();
    if profile.color_space != space {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let convert = profile.create_transform_8bit(from, &srgb, to, TransformOptions::default()).ok()?;
    (pixel == Pixel::Inks || changes_colours(&*convert, pixel)?).then_some(convert)
}

/// Whether a sample of all colours comes out as others than it went in.
fn changes_colours(convert: &Transform8BitExecutor, pixel: Pixel) -> Option<bool> {
    let levels = || (0..=255).step_by(51);
    let colours = levels()
        .flat_map(|red| levels().flat_map(move |green| levels().map(move |blue| [red, green, blue, 255])));
    let source: Vec<u8> = match pixel {
        Pixel::Grey => levels().collect(),
        Pixel::GreyAlpha => levels().flat_map(|grey| [grey, 255]).collect(),
        Pixel::Rgb | Pixel::Rgba | Pixel::Inks => {
            colours.flat_map(|colour| colour.into_iter().take(pixel.channels())).collect()
        }
    };
    let count = source.len() / pixel.channels();
    let per_pixel = if pixel.has_alpha() { 4 } else { 3 };
    let (mut same, mut converted) = (vec![0; count * per_pixel], vec![0; count * per_pixel]);
    spread(&source, pixel, &mut same);
    convert.transform(&source, &mut converted).ok()?;
    Some(same.iter().zip(&converted).any(|(before, after)| before.abs_diff(*after) > SAME))
}

#[cfg(test)]
mod tests;
