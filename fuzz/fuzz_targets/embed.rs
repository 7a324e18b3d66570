//! No bytes make the search for pictures panic, and embedding one loses nothing.
#![no_main]

use image_fallback::post::embed::{EmbedMarkup, Pictures, first_image, insert, replace};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(image) = first_image(text) {
        assert!(text[image.span.clone()].contains(image.target));
        let moved = replace(text, 0, image.target, EmbedMarkup::Markdown, "new.png").expect("the picture is there");
        assert!(moved.contains("new.png"));
    }
    for style in [EmbedMarkup::Markdown, EmbedMarkup::Obsidian] {
        let edited = insert(text, 0, style, "hero.png", "alt").expect("a plain target");
        let mut rest = edited.chars();
        assert!(text.chars().all(|c| rest.any(|kept| kept == c)));
        assert!(Pictures::of(&edited).ours(&["hero.png".to_owned()]).is_some());
        assert_eq!(insert(&edited, 0, style, "hero.png", "alt"), Some(edited.clone()));
    }
});
