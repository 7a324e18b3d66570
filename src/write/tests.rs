use tempfile::TempDir;

use super::*;

fn tree() -> (Tree, TempDir) {
    let root = tempfile::tempdir().unwrap();
    (Tree::open(root.path()).unwrap(), root)
}

fn put(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn text(root: &TempDir, path: &str) -> Option<String> {
    fs::read_to_string(root.path().join(path)).ok()
}

fn files(root: &TempDir, folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.path().join(folder)) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn names() -> impl Iterator<Item = String> {
    (1..4).map(|number| if number == 1 { "img/a.jpg".to_owned() } else { format!("img/a-{number}.jpg") })
}

/// Writes picture and post; the post says the number of the name.
async fn both(tree: &Tree, ours: impl Fn(&Path) -> bool) -> Result<usize, WriteError> {
    both_of(tree, "a.md", names(), b"new", ours).await
}

async fn both_of(
    tree: &Tree,
    post: &str,
    names: impl Iterator<Item = String>,
    picture: &[u8],
    ours: impl Fn(&Path) -> bool,
) -> Result<usize, WriteError> {
    let mut slot = tree.claim(post, names, ours)?;
    let number = slot.number();
    slot.fill(picture).await?;
    tree.write_blocking(NewFile { path: post, bytes: number.to_string().as_bytes() })?;
    slot.keep();
    Ok(number)
}

// B-79
#[tokio::test]
async fn the_folders_of_a_picture_are_created() {
    let (tree, root) = tree();
    assert_eq!(both(&tree, |_| false).await.unwrap(), 0);
    assert_eq!(
        (text(&root, "img/a.jpg").as_deref(), text(&root, "a.md").as_deref()),
        (Some("new"), Some("0"))
    );
    assert_eq!(files(&root, "img"), ["a.jpg"], "no temporary file stays");
}

// B-78
#[tokio::test]
async fn anybody_elses_file_stays_and_the_next_free_name_is_taken() {
    let (tree, root) = tree();
    put(&root, "img/a.jpg", "theirs");
    put(&root, "img/a-2.jpg", "theirs too");
    assert_eq!(both(&tree, |_| false).await.unwrap(), 2);
    assert_eq!(text(&root, "img/a.jpg").as_deref(), Some("theirs"));
    assert_eq!(
        (text(&root, "img/a-3.jpg").as_deref(), text(&root, "a.md").as_deref()),
        (Some("new"), Some("2"))
    );
}

#[tokio::test]
async fn a_name_that_differs_in_letter_case_only_is_taken() {
    let (tree, root) = tree();
    put(&root, "img/A.jpg", "theirs");
    put(&root, "img/a-2.JPG", "theirs too");
    assert_eq!(both(&tree, |_| true).await.unwrap(), 2);
    assert_eq!(files(&root, "img"), ["A.jpg", "a-2.JPG", "a-3.jpg"]);
    // So is one that another post of this run took, in a folder that differs in nothing else.
    let names = ["Img/a-3.jpg".to_owned(), "Img/b.jpg".to_owned()].into_iter();
    assert_eq!(both_of(&tree, "b.md", names, b"new", |_| false).await.unwrap(), 1);
}

#[tokio::test]
async fn our_own_file_is_overwritten_in_place() {
    let (tree, root) = tree();
    put(&root, "img/a.jpg", "ours");
    assert_eq!(both(&tree, |path| path.ends_with("a.jpg")).await.unwrap(), 0);
    assert_eq!((text(&root, "img/a.jpg").as_deref(), files(&root, "img").len()), (Some("new"), 1));
}

#[tokio::test]
async fn a_later_name_with_a_picture_of_ours_is_another_posts_hero() {
    let (tree, root) = tree();
    put(&root, "img/a.jpg", "theirs");
    put(&root, "img/a-2.jpg", "ours");
    assert_eq!(both(&tree, |path| path.ends_with("a-2.jpg")).await.unwrap(), 2);
    assert_eq!(text(&root, "img/a-2.jpg").as_deref(), Some("ours"));
}

#[tokio::test]
async fn a_name_that_another_post_of_the_run_took_is_not_replaced_and_ones_own_is() {
    let (tree, root) = tree();
    let of = async |owner: &str, first: &str, picture: &[u8]| {
        let names = [first.to_owned(), "img/a-2.jpg".to_owned(), "img/a-3.jpg".to_owned()].into_iter();
        both_of(&tree, owner, names, picture, |path| !path.ends_with("a.jpg")).await.unwrap()
    };
    put(&root, "img/a.jpg", "theirs");
    assert_eq!(of("a.md", "img/a.jpg", b"first").await, 1);
    assert_eq!(of("a-2.md", "img/a-2.jpg", b"second").await, 2);
    assert_eq!(of("a.md", "img/a.jpg", b"swapped").await, 1);
    let picture = |name: &str| text(&root, name).unwrap();
    assert_eq!((picture("img/a-2.jpg"), picture("img/a-3.jpg")), ("swapped".to_owned(), "second".to_owned()));
}

#[tokio::test]
async fn when_every_name_is_taken_nothing_is_written() {
    let (tree, root) = tree();
    names().for_each(|name| put(&root, &name, "theirs"));
    let error = both(&tree, |_| false).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "every name from `img/a.jpg` on is taken by a file that is not ours; choose another `image-dir`"
    );
    assert_eq!(text(&root, "a.md"), None);
}

// B-22
#[tokio::test]
async fn a_picture_whose_post_cannot_be_written_is_taken_back() {
    let (tree, root) = tree();
    put(&root, "a.md/in-the-way", "");
    assert!(matches!(both(&tree, |_| false).await, Err(WriteError::Folder { .. })));
    assert_eq!(files(&root, "img"), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_somebody_else_writes_at_the_same_moment_stays_his() {
    let (tree, root) = tree();
    let mut slot = tree.claim("a.md", names(), |_| false).unwrap();
    put(&root, "img/a.jpg", "theirs");
    assert!(matches!(slot.fill(b"new").await, Err(WriteError::Overtaken { .. })));
    drop(slot);
    assert_eq!(both(&tree, |_| false).await.unwrap(), 1, "the name is not taken for our own later");
    assert_eq!(text(&root, "img/a.jpg").as_deref(), Some("theirs"));
}

#[tokio::test]
async fn a_picture_that_was_ours_before_is_not_removed_when_its_post_fails() {
    let (tree, root) = tree();
    put(&root, "img/a.jpg", "ours");
    put(&root, "a.md/in-the-way", "");
    assert!(both(&tree, |_| true).await.is_err());
    assert_eq!(text(&root, "img/a.jpg").as_deref(), Some("new"));
}

#[test]
fn targets_outside_the_root_and_gits_own_are_refused() {
    let (tree, _root) = tree();
    for path in ["../a.jpg", "a/../../b.jpg", "/etc/a.jpg", "", "a//b.jpg", "./a.jpg", "a\0.jpg"] {
        assert!(matches!(tree.place(path), Err(WriteError::Outside { .. })), "{path:?}");
    }
    for path in [
        ".git/hooks/a",
        ".github/workflows/a.yml",
        "sub/.GIT/config",
        "git~1/a.jpg",
        "a/.g\u{200d}it/a.jpg",
        ".git ./a.jpg",
    ] {
        assert!(matches!(tree.place(path), Err(WriteError::Reserved { .. })), "{path}");
    }
    assert!(tree.place(".gitignored/a.jpg").is_ok());
}

#[cfg(unix)]
#[test]
fn a_link_at_any_component_is_refused() {
    use std::os::unix::fs::symlink;
    let (tree, root) = tree();
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), root.path().join("static")).unwrap();
    fs::create_dir(root.path().join("posts")).unwrap();
    symlink(elsewhere.path().join("secret"), root.path().join("posts/a.md")).unwrap();
    let error = tree.write_blocking(NewFile { path: "static/images/a.jpg", bytes: b"x" }).unwrap_err();
    assert!(
        error.to_string().starts_with("`static/images/a.jpg` goes through the link `static`; "),
        "{error}"
    );
    assert!(matches!(
        tree.write_blocking(NewFile { path: "posts/a.md", bytes: b"x" }),
        Err(WriteError::Link { .. })
    ));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn what_is_in_a_submodule_is_refused_with_its_name() {
    let (_, root) = tree();
    put(&root, ".gitmodules", "[submodule \"a\"]\npath = img\n");
    put(&root, "static/.git", "gitdir: ../.git/modules/static\n");
    let tree = Tree::open(root.path()).unwrap();
    for (path, submodule) in [("img/a.jpg", "img"), ("static/images/a.jpg", "static")] {
        let error = tree.prove(&[path]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{path}` is in the submodule `{submodule}`, ")), "{error}");
    }
}

#[tokio::test]
async fn what_git_lfs_tracks_is_refused_with_the_cure() {
    let (tree, root) = tree();
    put(&root, ".gitattributes", "*.jpg filter=lfs diff=lfs merge=lfs -text\n");
    let error = both(&tree, |_| false).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("Git LFS (`.gitattributes`: `*.jpg`)")
            && text.contains("`img/** -filter -diff -merge`"),
        "{text}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_mode_of_a_post_stays_and_a_new_file_is_readable() {
    use std::os::unix::fs::PermissionsExt as _;
    let (tree, root) = tree();
    let mode = |path: &str| fs::metadata(root.path().join(path)).unwrap().permissions().mode() & 0o777;
    put(&root, "a.md", "old");
    fs::set_permissions(root.path().join("a.md"), fs::Permissions::from_mode(0o600)).unwrap();
    both(&tree, |_| false).await.unwrap();
    assert_eq!((mode("a.md"), mode("img/a.jpg")), (0o600, 0o644));
}

#[tokio::test]
async fn a_file_where_a_folder_is_needed_is_a_clear_error() {
    let (tree, root) = tree();
    put(&root, "img", "a file");
    let error = both(&tree, |_| false).await.unwrap_err();
    assert!(error.to_string().contains("a file stands where a folder is needed"), "{error}");
}

#[test]
fn a_folder_is_proven_once_and_every_one_anew_after_a_refused_write() {
    let (tree, root) = tree();
    tree.prove(&["a.jpg"]).unwrap();
    assert_eq!(*tree.proven(), HashSet::from([root.path().canonicalize().unwrap()]));
    put(&root, "img", "a file");
    tree.write_blocking(NewFile { path: "img/a.jpg", bytes: b"new" }).unwrap_err();
    assert!(tree.proven().is_empty());
}

#[test]
fn full_disks_and_read_only_places_are_explained() {
    for (kind, words) in [
        (ErrorKind::StorageFull, "the disk is full"),
        (ErrorKind::ReadOnlyFilesystem, "mount the workspace writable"),
        (ErrorKind::PermissionDenied, "no permission"),
    ] {
        let error = WriteError::Refused { path: "a.jpg".to_owned(), source: kind.into() };
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn what_a_killed_run_left_is_gone_after_the_next_write_to_the_folder() {
    let (tree, root) = tree();
    put(&root, "images/.image-fallback-4194305-x1Y2z3", "half a pic");
    tree.write_blocking(NewFile { path: "images/a.jpg", bytes: b"new" }).unwrap();
    assert_eq!(files(&root, "images"), ["a.jpg"]);
}
