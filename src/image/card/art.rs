//! The ground of a card: one of four patterns, a light in one corner, and two neighbouring hues, all chosen by a hash of
//! the title; or a colour of the site's own in place of the hues.

use sha2::{Digest as _, Sha256};
use tiny_skia::{
    Color, FillRule, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point, RadialGradient,
    Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::oklch::{Oklch, colour, takes_white};

/// Hues in degrees, from green over blue and violet to red. Dark yellow is mud, so it is left out.
const HUES: (f32, f32) = (165.0, 390.0);

/// What the hash of a title chose.
pub(super) struct Art {
    palette: Palette,
    hue: f32,
    second_hue: f32,
    pattern: Pattern,
    /// Free choices of the pattern, 0 to 1 each.
    turns: [f32; 4],
}

/// Where the colours come from.
#[derive(Clone, Copy)]
enum Palette {
    /// From the title.
    OfTitle,
    /// From a colour that is given, with white words.
    Dark(Oklch),
    /// From a colour that is given, with black words.
    Light(Oklch),
}

#[derive(Clone, Copy)]
enum Pattern {
    Discs,
    Rings,
    Hills,
    Beams,
}

impl Art {
    pub(super) fn of(title: &str, own: Option<[u8; 3]>) -> Self {
        let hash = Sha256::digest(title.as_bytes());
        let part = |index: usize| f32::from(hash[index]) / 255.0;
        let (coldest, warmest) = HUES;
        let hue =
            coldest + (warmest - coldest) * f32::from(u16::from_be_bytes([hash[0], hash[1]])) / 65_536.0;
        let apart = 35.0 + 40.0 * part(2);
        let upwards = if hash[3] & 1 == 0 { hue + apart <= warmest } else { hue - apart < coldest };
        let palette = own.map_or(Palette::OfTitle, |own| {
            let wanted = Oklch::of(own);
            if takes_white(own) { Palette::Dark(wanted) } else { Palette::Light(wanted) }
        });
        Self {
            palette,
            hue,
            second_hue: if upwards { hue + apart } else { hue - apart },
            pattern: [Pattern::Discs, Pattern::Rings, Pattern::Hills, Pattern::Beams]
                [usize::from(hash[4] % 4)],
            turns: [part(5), part(6), part(7), part(8)],
        }
    }

    /// Colour of the words.
    pub(super) fn ink(&self) -> Paint<'static> {
        solid(match self.palette {
            Palette::OfTitle => colour(0.985, 0.008, self.hue, 1.0),
            Palette::Dark(_) => Color::WHITE,
            Palette::Light(_) => Color::BLACK,
        })
    }

    /// Colour of the bar: from the other side of the circle, to stand out.
    pub(super) fn accent(&self) -> Paint<'static> {
        let mut ink = self.ink();
        match self.palette {
            Palette::OfTitle => solid(colour(0.82, 0.14, self.second_hue + 150.0, 1.0)),
            Palette::Dark(_) | Palette::Light(_) => {
                ink.shader.apply_opacity(0.6);
                ink
            }
        }
    }

    /// A colour of the pattern. On a ground that is given it goes away from the colour of the words, as far as it can.
    fn shade(&self, lightness: f32, chroma: f32, hue: f32, alpha: f32) -> Color {
        // How far it is from the darkest to the lightest of a ground that the title chooses.
        let far = ((lightness - 0.25) / 0.55).clamp(0.0, 1.0);
        match self.palette {
            Palette::OfTitle => colour(lightness, chroma, hue, alpha),
            // Nothing is seen on the way from nearly black or white to all of it, and there is room the other way.
            Palette::Dark(own) if own.lightness < 0.3 => {
                colour(own.lightness + 0.14 * far, own.chroma, own.hue, alpha)
            }
            Palette::Light(own) if own.lightness > 0.85 => {
                colour(own.lightness - 0.12 * far, own.chroma, own.hue, alpha)
            }
            Palette::Dark(own) => {
                let share = 1.0 - 0.4 * far;
                colour(own.lightness * share, own.chroma * share, own.hue, alpha)
            }
            Palette::Light(own) => {
                let share = 1.0 - 0.7 * far;
                colour(1.0 - (1.0 - own.lightness) * share, own.chroma * share, own.hue, alpha)
            }
        }
    }

    /// Paints the whole canvas. Under words the pattern is quiet where they stand.
    pub(super) fn paint(&self, canvas: &mut Pixmap, with_words: bool) {
        let (width, height) = (canvas.width() as f32, canvas.height() as f32);
        let lift = if with_words { 0.0 } else { 0.07 };
        let dark = self.shade(0.25 + lift, 0.075, self.hue, 1.0);
        let light = self.shade(0.37 + lift, 0.115, self.second_hue, 1.0);
        fill_all(canvas, linear((0.0, 0.0), (width, height), &[(0.0, dark), (1.0, light)]));
        let glow = |alpha| self.shade(0.62, 0.17, self.second_hue, alpha);
        let centre = (width * (0.82 + 0.2 * self.turns[0]), height * (0.1 + 0.25 * self.turns[1]));
        let reach = width.max(height) * 0.62;
        fill_all(canvas, radial(centre, reach, &[(0.0, glow(0.62)), (0.5, glow(0.2)), (1.0, glow(0.0))]));
        match self.pattern {
            Pattern::Discs => self.discs(canvas, width, height),
            Pattern::Rings => self.rings(canvas, width, height),
            Pattern::Hills => self.hills(canvas, width, height),
            Pattern::Beams => self.beams(canvas, width, height),
        }
        if with_words {
            let veil = |alpha| self.shade(0.25, 0.075, self.hue, alpha);
            fill_all(
                canvas,
                linear((0.0, 0.0), (width, 0.0), &[(0.0, veil(0.7)), (0.6, veil(0.55)), (1.0, veil(0.48))]),
            );
        }
    }

    /// Large translucent discs, each lit from above.
    fn discs(&self, canvas: &mut Pixmap, width: f32, height: f32) {
        let unit = width.min(height);
        let places = [
            (0.92 - 0.1 * self.turns[2], 0.2 + 0.15 * self.turns[3], 0.42),
            (0.70 + 0.1 * self.turns[3], 0.98 - 0.1 * self.turns[2], 0.34),
            (0.98, 0.78 + 0.1 * self.turns[2], 0.2),
            (0.10 + 0.1 * self.turns[3], 1.02, 0.22),
        ];
        for (index, (x, y, radius)) in places.into_iter().enumerate() {
            let (x, y, radius) = (x * width, y * height, radius * unit);
            let hue = if index % 2 == 0 { self.second_hue } else { self.hue };
            let shade = |lightness, alpha| self.shade(lightness, 0.15, hue, alpha);
            let light = linear(
                (x, y - radius),
                (x + radius * 0.4, y + radius),
                &[(0.0, shade(0.78, 0.55)), (1.0, shade(0.5, 0.06))],
            );
            fill(canvas, PathBuilder::from_circle(x, y, radius), light);
        }
    }

    /// Concentric rings around a corner.
    fn rings(&self, canvas: &mut Pixmap, width: f32, height: f32) {
        let unit = width.min(height);
        let (x, y) =
            (width * (0.9 + 0.15 * self.turns[2]), height * if self.turns[3] < 0.5 { 0.02 } else { 0.98 });
        for ring in 0..9_u8 {
            let ring = f32::from(ring);
            let radius = unit * (0.14 + 0.115 * ring);
            let shade = self.shade(0.75, 0.13, self.second_hue + ring * 6.0, 0.5 - 0.048 * ring);
            let stroke = Stroke { width: unit * (0.045 - 0.003 * ring), ..Stroke::default() };
            if let Some(circle) = PathBuilder::from_circle(x, y, radius) {
                canvas.stroke_path(&circle, &solid(shade), &stroke, Transform::identity(), None);
            }
        }
    }

    /// Layered hills along the lower edge.
    fn hills(&self, canvas: &mut Pixmap, width: f32, height: f32) {
        let sun = radial(
            (width * 0.8, height * 0.3),
            height * 0.2,
            &[
                (0.0, self.shade(0.80, 0.12, self.second_hue, 0.9)),
                (0.96, self.shade(0.74, 0.14, self.second_hue, 0.75)),
                (1.0, self.shade(0.74, 0.14, self.second_hue, 0.0)),
            ],
        );
        fill(canvas, PathBuilder::from_circle(width * 0.8, height * 0.3, height * 0.2), sun);
        for layer in 0..4_u8 {
            let depth = f32::from(layer) / 3.0;
            let base = height * (0.52 + 0.13 * f32::from(layer));
            let swing = height * (0.12 - 0.02 * f32::from(layer));
            let phase = self.turns[usize::from(layer)] * 6.3;
            let mut path = PathBuilder::new();
            path.move_to(0.0, height);
            for step in 0..=64_u8 {
                let along = f32::from(step) / 64.0;
                let wave = (along * (4.2 + depth * 2.0) + phase).sin() * 0.65
                    + (along * 9.1 + phase * 1.7).sin() * 0.35;
                path.line_to(width * along, base - swing * wave);
            }
            path.line_to(width, height);
            path.close();
            let shade = |lightness, alpha| {
                self.shade(lightness, 0.11, self.second_hue + (self.hue - self.second_hue) * depth, alpha)
            };
            let top = shade(0.56 - 0.09 * f32::from(layer), 0.85);
            let foot = shade(0.36 - 0.05 * f32::from(layer), 0.9);
            fill(
                canvas,
                path.finish(),
                linear((0.0, base - swing), (0.0, height), &[(0.0, top), (1.0, foot)]),
            );
        }
    }

    /// Slanted beams that rise from below.
    fn beams(&self, canvas: &mut Pixmap, width: f32, height: f32) {
        let slant = height * (0.45 + 0.25 * self.turns[2]);
        for beam in 0..6_u8 {
            let index = f32::from(beam);
            let left = width * (0.36 + 0.125 * index);
            let thick = width * (0.05 + 0.05 * self.turns[usize::from(beam) % 4]);
            let mut path = PathBuilder::new();
            path.move_to(left, height);
            path.line_to(left + thick, height);
            path.line_to(left + thick + slant, 0.0);
            path.line_to(left + slant, 0.0);
            path.close();
            let shade = |lightness, alpha| self.shade(lightness, 0.14, self.second_hue + index * 7.0, alpha);
            let light = linear(
                (left + slant, 0.0),
                (left, height),
                &[(0.0, shade(0.78, 0.5)), (1.0, shade(0.5, 0.03))],
            );
            fill(canvas, path.finish(), light);
        }
    }
}

/// A bar with round ends.
pub(super) fn rounded(left: f32, top: f32, width: f32, height: f32) -> Option<Path> {
    let radius = height / 2.0;
    let mut path = PathBuilder::new();
    path.push_circle(left + radius, top + radius, radius);
    path.push_circle(left + width - radius, top + radius, radius);
    path.push_rect(Rect::from_xywh(left + radius, top, width - height, height)?);
    path.finish()
}

fn solid(colour: Color) -> Paint<'static> {
    Paint { shader: Shader::SolidColor(colour), anti_alias: true, ..Paint::default() }
}

/// Missing paths and shaders come from sizes near zero only; then there is nothing to see either.
fn fill(canvas: &mut Pixmap, path: Option<Path>, shader: Option<Shader<'static>>) {
    if let (Some(path), Some(shader)) = (path, shader) {
        let paint = Paint { shader, anti_alias: true, ..Paint::default() };
        canvas.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
    }
}

fn fill_all(canvas: &mut Pixmap, shader: Option<Shader<'static>>) {
    let area = Rect::from_xywh(0.0, 0.0, canvas.width() as f32, canvas.height() as f32);
    fill(canvas, area.map(PathBuilder::from_rect), shader);
}

fn stops(stops: &[(f32, Color)]) -> Vec<GradientStop> {
    stops.iter().map(|&(at, colour)| GradientStop::new(at, colour)).collect()
}

fn linear(from: (f32, f32), to: (f32, f32), colours: &[(f32, Color)]) -> Option<Shader<'static>> {
    let (from, to) = (Point::from_xy(from.0, from.1), Point::from_xy(to.0, to.1));
    LinearGradient::new(from, to, stops(colours), SpreadMode::Pad, Transform::identity())
}

fn radial(centre: (f32, f32), radius: f32, colours: &[(f32, Color)]) -> Option<Shader<'static>> {
    let centre = Point::from_xy(centre.0, centre.1);
    RadialGradient::new(centre, 0.0, centre, radius, stops(colours), SpreadMode::Pad, Transform::identity())
}
