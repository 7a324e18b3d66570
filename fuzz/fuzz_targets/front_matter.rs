//! No bytes make reading or editing front matter panic, an edit keeps what it must keep, and a plain
//! block reads as the parsers read it.
#![no_main]

use image_fallback::post::front_matter::{Change, BlockFormat, Pod, Reader, FieldValue, edit, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let picture = |field: &str| Change { field: field.into(), value: FieldValue::Path("/i/a.png".into()) };
    let alt = |field: &str| Change { field: field.into(), value: FieldValue::Text("A \"picture\": #1".into()) };
    let edits = [[picture("image"), alt("cover.alt")], [picture("image[].src"), alt("image[].alt")]];
    for reader in Reader::ALL {
        if let Ok(Some(found)) = read(text, reader)
            && found.format == BlockFormat::Yaml
            && text[..found.block.start].ends_with('\n')
            // On the second line both mean something else to Hexo.
            && !["\t", "---"].iter().any(|first| text[found.block.clone()].starts_with(first))
        {
            // A tab is never plain, and in a comment it changes nothing.
            let (before, block) = text.split_at(found.block.start);
            let parsed = read(&format!("{before}#\t\n{block}"), reader);
            let same = parsed.is_ok_and(|parsed| parsed.is_some_and(|parsed| parsed.data == found.data));
            assert!(same || found.data == Pod::new_hash(), "{text:?}");
        }
        for changes in &edits {
            let Ok(edited) = edit(text, reader, changes) else { continue };
            let old = read(text, reader).expect("it was edited").expect("it was edited");
            let new = read(&edited, reader).expect("an edit stays readable").expect("an edit keeps the block");
            assert_eq!(text[..old.block.start], edited[..new.block.start]);
            assert_eq!(text[old.body..], edited[new.body..]);
            let written = Pod::String("/i/a.png".into());
            match new.get(&changes[0].field) {
                Some(Pod::Array(items)) => assert_eq!(items.first(), Some(&written)),
                value => assert_eq!(value, Some(&written)),
            }
            assert_eq!(edit(&edited, reader, changes).as_deref(), Ok(edited.as_str()));
        }
    }
});
