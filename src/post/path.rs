//! What the path of a post says by itself. Paths are relative to the root, with `/`.

/// The folder; empty for the root itself.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The file name without its last extension.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether the file is an `index.*` that stands for its folder.
pub fn is_index(path: &str) -> bool {
    let stem = stem(path);
    stem == "index" || stem.strip_prefix("index.").is_some_and(|language| !language.contains('.'))
}

/// Every folder on the way to a path, from the top, and the path itself.
pub fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end]).chain([path])
}
