//! What a generator does, its own file knows, and nobody asks which one it is.

/// Words that are the name of a generator by chance, with what they stand for.
const OTHER_THINGS: [(&str, &str, &str); 5] = [
    ("settings/sites.rs", "obsidian", "how a picture is embedded"),
    ("site/schema/base.rs", "astro", "the ending of a template"),
    ("site/templates/lexer.rs", "astro", "the ending of a file"),
    ("site/theme/hexo.rs", "next", "a theme"),
    ("site/theme/others.rs", "quartz", "a theme"),
];

#[test]
fn no_other_file_asks_for_the_name_of_a_generator() {
    let sources = super::sources();
    let files = sources.iter().filter_map(|(file, _)| file.strip_prefix("site/generator/"));
    let generators: Vec<&str> =
        files.map(|file| file.trim_end_matches(".rs")).filter(|name| *name != "mod").collect();
    assert!(generators.len() >= 18 && generators.contains(&"hugo"), "{generators:?}");
    let mut met = Vec::new();
    for (file, code) in sources.iter().filter(|(file, _)| !file.starts_with("site/generator/")) {
        let named = generators.iter().filter(|name| code.contains(&format!("\"{name}\"")));
        met.extend(named.map(|name| (file.as_str(), *name)));
    }
    let known = OTHER_THINGS.map(|(file, word, _)| (file, word));
    assert_eq!(
        met, known,
        "make it a question to the trait `Generator`, and let the generator's file answer"
    );
}
