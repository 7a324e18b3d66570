//! No bytes make reading or editing front matter panic, and an edit keeps what it must keep.
#![no_main]

use image_fallback::post::front_matter::{Change, Reader, Value, edit, read};
use libfuzzer_sys::fuzz_target;

const READERS: [Reader; 7] = [
    Reader::Jekyll,
    Reader::Hugo,
    Reader::GrayMatter,
    Reader::Astro,
    Reader::Hexo,
    Reader::Zola,
    Reader::Unknown,
];

fuzz_target!(|text: &str| {
    let changes = [
        Change { field: "image".into(), value: Value::Path("/i/a.png".into()) },
        Change { field: "cover.alt".into(), value: Value::Text("A \"picture\": #1".into()) },
    ];
    for reader in READERS {
        let Ok(edited) = edit(text, reader, &changes) else { continue };
        let old = read(text, reader).expect("it was edited").expect("it was edited");
        let new = read(&edited, reader).expect("an edit stays readable").expect("an edit keeps the block");
        assert_eq!(text[..old.block.start], edited[..new.block.start]);
        assert_eq!(text[old.body..], edited[new.body..]);
        assert_eq!(edit(&edited, reader, &changes).as_deref(), Ok(edited.as_str()));
    }
});
