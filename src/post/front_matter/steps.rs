//! The steps of a dotted path: names of keys, and the first item of a list.

/// What stands behind a name of a dotted path that leads into the first item of a list: `images[].src`. Alone it is that
/// step of the path.
pub(crate) const FIRST: &str = "[]";

/// A part of a dotted path as its name and, where it leads into a list, the step to the first item.
fn step(part: &str) -> (&str, Option<&'static str>) {
    part.strip_suffix(FIRST).map_or((part, None), |name| (name, Some(FIRST)))
}

/// The steps of a path one by one. Nothing is a list at the end of one: only what stands within is named so.
pub(crate) fn steps(path: &str) -> impl Iterator<Item = &str> {
    let (above, last) = path.rsplit_once('.').map_or((None, path), |(above, last)| (Some(above), last));
    let above = above.into_iter().flat_map(|above| above.split('.')).flat_map(|part| {
        let (name, first) = step(part);
        [Some(name), first].into_iter().flatten()
    });
    above.chain([last])
}

/// The outermost key that a dotted path leads through.
pub(crate) fn outermost(path: &str) -> &str {
    path.split_once('.').map_or(path, |(part, _)| step(part).0)
}
