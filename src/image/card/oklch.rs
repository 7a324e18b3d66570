//! Colours in OKLCH, where equal lightness looks equal in every hue: that is what lets one colour of words stand on all
//! grounds that a title may choose.

use tiny_skia::Color;

/// Relative luminance from which black words stand out more than white ones; with either the contrast is 4.5 at least.
const BRIGHT: f32 = 0.179;

/// A colour by lightness and chroma, from 0 to 1 each, and hue in degrees.
#[derive(Clone, Copy)]
pub(super) struct Oklch {
    pub(super) lightness: f32,
    pub(super) chroma: f32,
    pub(super) hue: f32,
}

impl Oklch {
    /// From sRGB (bottosson.github.io/posts/oklab).
    pub(super) fn of(color: [u8; 3]) -> Self {
        let [red, green, blue] = color.map(linear_light);
        let long = (0.412_221_46 * red + 0.536_332_55 * green + 0.051_445_995 * blue).cbrt();
        let middle = (0.211_903_5 * red + 0.680_699_5 * green + 0.107_396_96 * blue).cbrt();
        let short = (0.088_302_46 * red + 0.281_718_85 * green + 0.629_978_7 * blue).cbrt();
        let a = 1.977_998_5 * long - 2.428_592_2 * middle + 0.450_593_7 * short;
        let b = 0.025_904_037 * long + 0.782_771_77 * middle - 0.808_675_77 * short;
        let lightness = 0.210_454_26 * long + 0.793_617_8 * middle - 0.004_072_047 * short;
        Self { lightness, chroma: a.hypot(b), hue: b.atan2(a).to_degrees() }
    }
}

/// Whether white words stand out on a colour, and not black ones, by the relative luminance of WCAG 2.
pub(super) fn takes_white(color: [u8; 3]) -> bool {
    let [red, green, blue] = color.map(linear_light);
    0.2126 * red + 0.7152 * green + 0.0722 * blue < BRIGHT
}

fn linear_light(value: u8) -> f32 {
    let value = f32::from(value) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// OKLCH to sRGB (bottosson.github.io/posts/oklab). Chroma beyond the screen is clipped.
pub(super) fn colour(lightness: f32, chroma: f32, hue: f32, alpha: f32) -> Color {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let long = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let middle = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let short = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let channel = |linear: f32| {
        let linear = linear.clamp(0.0, 1.0);
        if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
    };
    let red = channel(4.076_741_7 * long - 3.307_711_6 * middle + 0.230_969_94 * short);
    let green = channel(-1.268_438 * long + 2.609_757_4 * middle - 0.341_319_38 * short);
    let blue = channel(-0.004_196_086_3 * long - 0.703_418_6 * middle + 1.707_614_7 * short);
    Color::from_rgba(red.clamp(0.0, 1.0), green.clamp(0.0, 1.0), blue.clamp(0.0, 1.0), alpha.clamp(0.0, 1.0))
        .unwrap_or(Color::BLACK)
}
