//! Sizes and ratios that a service takes, and which of them is nearest to what is wanted.

use super::reading::DraftPart;

/// What may be asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SizeRules {
    least: u32,
    most: u32,
    step: u32,
    least_pixels: u32,
    /// Width, height and name.
    sizes: Vec<(u32, u32, String)>,
    ratios: Vec<(u32, u32, String)>,
}

impl Default for SizeRules {
    fn default() -> Self {
        Self { least: 256, most: 1920, step: 16, least_pixels: 0, sizes: Vec::new(), ratios: Vec::new() }
    }
}

impl SizeRules {
    /// Reads `shape`.
    pub(super) fn read(part: &DraftPart<'_>) -> Self {
        part.only(&["sides", "step", "least-pixels", "sizes", "ratios"]);
        let usual = Self::default();
        let (mut least, mut most) = (usual.least, usual.most);
        if let Some(sides) = part.get("sides") {
            match sides.items().iter().map(|side| side.number(8..=8192)).collect::<Vec<_>>().as_slice() {
                [Some(from), Some(to)] if from <= to => (least, most) = (*from, *to),
                _ => sides.fault("write the least and the most of a side in pixels, such as `[256, 1536]`"),
            }
        }
        let pairs = |key: &str, between: char, such_as: &str| -> Vec<(u32, u32, String)> {
            let pair = |part: &DraftPart<'_>| {
                let text = part.text()?;
                let number =
                    |text: &str| text.parse::<u32>().ok().filter(|number| (1..=8192).contains(number));
                let read =
                    text.split_once(between).and_then(|(one, other)| Some((number(one)?, number(other)?)));
                let Some((width, height)) = read else {
                    part.fault(format!("`{text}` is none; write one such as `{such_as}`"));
                    return None;
                };
                Some((width, height, text))
            };
            part.get(key).map(|part| part.items().iter().filter_map(pair).collect()).unwrap_or_default()
        };
        Self {
            least,
            most,
            step: part.get("step").and_then(|part| part.number(1..=256)).unwrap_or(usual.step),
            least_pixels: part
                .get("least-pixels")
                .and_then(|part| part.number(1..=16_000_000))
                .unwrap_or_default(),
            sizes: pairs("sizes", 'x', "1536x1024"),
            ratios: pairs("ratios", ':', "16:9"),
        }
    }

    /// Width and height within the bounds, in the wanted proportions as far as these allow.
    pub(super) fn sides(&self, width: u32, height: u32) -> (u32, u32) {
        if let Some((width, height, _)) = nearest(&self.sizes, width, height) {
            return (*width, *height);
        }
        let (wide, high) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let smaller = f64::from(self.most) / wide.max(high);
        let larger = (f64::from(self.least_pixels) / (wide * high)).sqrt();
        let scale = larger.max(1.0).min(smaller);
        let side = |side: f64| {
            // Within the bounds of a `u32`, for the bounds are.
            let side = (side * scale).round().clamp(f64::from(self.least), f64::from(self.most)) as u32;
            let up = side.next_multiple_of(self.step);
            if up > self.most { self.most / self.step * self.step } else { up }
        };
        (side(wide), side(high))
    }

    /// The name of the size: of the nearest in the list, else `1200x640`.
    pub(super) fn size(&self, width: u32, height: u32) -> String {
        nearest(&self.sizes, width, height).map_or_else(
            || {
                let (width, height) = self.sides(width, height);
                format!("{width}x{height}")
            },
            |(_, _, name)| name.clone(),
        )
    }

    /// The name of the ratio of which least is cut away.
    pub(super) fn ratio(&self, width: u32, height: u32) -> String {
        nearest(&self.ratios, width, height).map_or_else(|| "1:1".to_owned(), |(_, _, name)| name.clone())
    }
}

fn nearest(of: &[(u32, u32, String)], width: u32, height: u32) -> Option<&(u32, u32, String)> {
    let ratio = |width: u32, height: u32| (f64::from(width.max(1)) / f64::from(height.max(1))).ln();
    let wanted = ratio(width, height);
    let distance = |(width, height, _): &(u32, u32, String)| (ratio(*width, *height) - wanted).abs();
    of.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_keep_the_proportions_within_the_bounds_of_the_service() {
        let shape = SizeRules { least: 64, most: 1024, step: 64, ..SizeRules::default() };
        assert_eq!(shape.sides(1200, 630), (1024, 576));
        assert_eq!(shape.sides(10, 10), (64, 64));
        let large = SizeRules { most: 3840, least_pixels: 655_360, ..SizeRules::default() };
        assert_eq!(large.sides(1200, 630), (1200, 640));
        let (width, height) = large.sides(512, 256);
        assert!(width * height >= 655_360 && width % 16 + height % 16 == 0, "{width}x{height}");
    }

    #[test]
    fn the_size_or_ratio_is_the_one_of_which_least_is_cut_away() {
        let names = |names: &[(u32, u32)], between| {
            names.iter().map(|(w, h)| (*w, *h, format!("{w}{between}{h}"))).collect::<Vec<_>>()
        };
        let sizes = names(&[(1024, 1024), (1536, 1024), (1024, 1536)], "x");
        let shape =
            SizeRules { sizes, ratios: names(&[(16, 9), (1, 1), (9, 16)], ":"), ..SizeRules::default() };
        assert_eq!((shape.size(1200, 630), shape.ratio(1200, 630)), ("1536x1024".into(), "16:9".into()));
        assert_eq!((shape.size(600, 600), shape.ratio(600, 800)), ("1024x1024".into(), "1:1".into()));
        assert_eq!(SizeRules::default().size(1200, 630), "1200x640");
    }
}
