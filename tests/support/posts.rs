//! Small blogs in temporary folders.

use std::path::Path;

use tempfile::TempDir;

/// A repository with these files; `.git` marks it as one.
pub fn blog(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        put(folder.path(), path, text.as_bytes());
    }
    folder
}

/// Writes a file with the folders it needs.
pub fn put(root: &Path, path: &str, bytes: &[u8]) {
    let file = root.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

/// A post without a picture.
pub fn post(title: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-11-01\n---\n\nA few words about {title}.\n")
}

/// Posts `posts/post-1.md` and so on.
pub fn posts(number: usize) -> Vec<(String, String)> {
    (1..=number).map(|n| (format!("posts/post-{n}.md"), post(&format!("Post number {n}")))).collect()
}

/// A blog of that many posts without pictures.
pub fn blog_of(number: usize) -> TempDir {
    let posts = posts(number);
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    blog(&files)
}

/// A blog of that many posts, which all have this picture.
pub fn settled_blog_of(number: usize, picture: &[u8]) -> TempDir {
    let blog = blog_of(number);
    put(blog.path(), "static/images/hero.jpg", picture);
    for (path, text) in posts(number) {
        put(blog.path(), &path, text.replacen("date:", "image: /images/hero.jpg\ndate:", 1).as_bytes());
    }
    blog
}

/// Every file below the folder with its bytes, `.git` and the report left out: to see what a run changed.
pub fn contents(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if name == ".git" || name == ".image-fallback" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
