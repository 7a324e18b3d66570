//! Addresses in style sheets: `url(…)`.

/// What every `url(…)` names.
pub(super) fn urls(css: &str) -> impl Iterator<Item = &str> {
    let mut rest = css;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find('(')?;
            let (before, after) = (&rest[..at], &rest[at + 1..]);
            rest = after;
            if !before.get(before.len().saturating_sub(3)..).is_some_and(|w| w.eq_ignore_ascii_case("url")) {
                continue;
            }
            let after = after.trim_start();
            let found = match after.chars().next()? {
                quote @ ('"' | '\'') => after[1..].split(quote).next()?,
                _ => after.split(')').next()?.trim_end(),
            };
            return Some(found);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_style_is_found() {
        let css = "background-image: url('/a b.jpg'), linear-gradient(red, blue); x: URL( /c.png ); --d:url(\"e.webp\")";
        assert_eq!(urls(css).collect::<Vec<_>>(), ["/a b.jpg", "/c.png", "e.webp"]);
        assert_eq!(urls("url(").count() + urls("url(é").count(), 1);
    }
}
