use proptest::prelude::*;

use super::*;

// B-99
#[test]
fn a_secret_prints_as_three_stars() {
    let secret = Secret::new(" hf_0123456789\n").unwrap();
    assert_eq!(format!("{secret} {secret:?}"), "*** ***");
    assert_eq!(secret.reveal(), "hf_0123456789");
}

#[test]
fn blank_text_is_not_a_secret() {
    assert_eq!(Secret::new(" \n"), None);
}

#[test]
fn the_scrubber_removes_raw_encoded_and_base64_forms() {
    let secret = Secret::new("key+with/odd=chars").unwrap();
    let scrubber = Scrubber::new([&secret]);
    let text = "raw key+with/odd=chars, url key%2Bwith%2Fodd%3Dchars, b64 a2V5K3dpdGgvb2RkPWNoYXJz.";
    assert_eq!(scrubber.scrub(text), "raw ***, url ***, b64 ***.");
}

#[test]
fn other_spellings_of_a_secret_are_found_too() {
    let secret = Secret::new("key_1-a/b+c=d.").unwrap();
    let scrubber = Scrubber::new([&secret]);
    for spelling in
        ["key_1-a%2Fb%2Bc%3Dd.", "key_1-a%2fb%2bc%3dd.", "key%5F1%2Da%2Fb%2Bc%3Dd%2E", r"key_1-a\/b+c=d."]
    {
        assert_eq!(scrubber.scrub(spelling), "***", "{spelling}");
    }
    for before in ["", "u", "u:", "us:", "Bearer "] {
        for after in ["", ",", ", next"] {
            let encoded = STANDARD.encode(format!("{before}key_1-a/b+c=d.{after}"));
            for encoded in [encoded.replace('+', "-").replace('/', "_"), encoded] {
                let scrubbed = scrubber.scrub(&encoded);
                assert!(scrubbed.contains("***"), "{before}{after}: {scrubbed}");
                assert!(scrubbed.len() <= encoded.len() - 14, "{before}{after}: {scrubbed}");
            }
        }
    }
}

/// Nobody sees these; the last two are a terminal's.
const UNSEEN: [&str; 13] = [
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{feff}",
    "\u{fffa}",
    "\u{ad}",
    "\u{fe0f}",
    "\u{34f}",
    "\u{2060}",
    "\u{202e}",
    "\u{e0101}",
    "\u{1}",
    "\u{1b}[31m",
];

/// Each character as an entity, without the semicolon where that is not taken for a part of what follows.
fn unclosed(
    key: &str,
    write: impl Fn(char) -> Option<String>,
    goes_on: impl Fn(char) -> bool,
) -> Vec<String> {
    let next = key.chars().skip(1).map(Some).chain([None]);
    let piece = |(c, next): (char, Option<char>)| match write(c) {
        None => c.to_string(),
        // The semicolon of the entity, and the one that follows it.
        Some(entity) if next == Some(';') => format!("{entity};"),
        Some(entity) if next.is_some_and(&goes_on) => format!("{entity};"),
        Some(entity) => entity,
    };
    key.chars().zip(next).map(piece).collect()
}

/// The ways to write a key, each as the pieces between which something invisible may stand.
fn spellings(key: &str) -> Vec<(&'static str, Vec<String>)> {
    let each = |write: &dyn Fn(char) -> String| key.chars().map(write).collect::<Vec<_>>();
    let letters = |text: String| text.chars().map(String::from).collect::<Vec<_>>();
    let percent = |c: char| c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let kept = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let units = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    let named = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '/' => "&sol;".to_owned(),
        '%' => "&percnt;".to_owned(),
        '\\' => "&bsol;".to_owned(),
        c => c.to_string(),
    };
    let json = |c: char| match c {
        '/' | '"' | '\\' => format!("\\{c}"),
        c => c.to_string(),
    };
    let hex: String = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    let base64 = STANDARD.encode(key).trim_end_matches('=').to_owned();
    let mut all = vec![
        ("as it is", each(&String::from)),
        ("percent", each(&percent)),
        ("some percent", each(&|c| if kept(c) { c.to_string() } else { percent(c) })),
        ("percent in small letters", each(&|c| percent(c).to_lowercase())),
        ("percent twice", each(&|c| percent(c).replace('%', "%25"))),
        ("decimal entities", each(&|c| format!("&#{};", u32::from(c)))),
        ("hexadecimal entities", each(&|c| format!("&#x{:X};", u32::from(c)))),
        ("named entities", each(&named)),
        ("entities of entities", each(&|c| format!("&amp;#{};", u32::from(c)))),
        ("decimal entities without semicolons", {
            let even = |c: char| u32::from(c).is_multiple_of(2).then(|| format!("&#000{}", u32::from(c)));
            unclosed(key, even, |next| next.is_ascii_digit())
        }),
        ("hexadecimal entities without semicolons", {
            let odd = |c: char| (!u32::from(c).is_multiple_of(2)).then(|| format!("&#x{:x}", u32::from(c)));
            unclosed(key, odd, |next| next.is_ascii_hexdigit())
        }),
        (
            "named entities without semicolons",
            unclosed(
                key,
                |c| {
                    named(c)
                        .strip_suffix(';')
                        .filter(|name| ["&amp", "&lt"].contains(name))
                        .map(str::to_owned)
                },
                |_| false,
            ),
        ),
        ("percent six times", each(&|c| percent(c).replace('%', &format!("%{}", "25".repeat(5))))),
        ("entities seven times", each(&|c| format!("&{}#{};", "amp;".repeat(6), u32::from(c)))),
        ("units", each(&units)),
        ("JSON", each(&json)),
        ("percent in entities", each(&|c| percent(c).replace('%', "&#37;"))),
        ("base64 for addresses", letters(base64.replace('+', "-").replace('/', "_"))),
        ("base64 in JSON", base64.chars().map(json).collect()),
        ("base64", letters(base64)),
        ("HEX", letters(hex.to_uppercase())),
        ("hex", letters(hex)),
    ];
    if key.chars().count() >= ANY_CASE {
        all.push(("SHOUTED", letters(key.to_ascii_uppercase())));
        all.push(("whispered", letters(key.to_ascii_lowercase())));
    }
    all
}

proptest! {
    #[test]
    fn nothing_is_left_of_any_key_in_any_spelling_with_anything_invisible_in_it(
        key in "[!-~é雪]{6,40}",
        unseen in prop::collection::vec((0..UNSEEN.len(), 0..4_usize), 1..60),
    ) {
        // Of a key that is hardly longer than a word, and reads as one once its own escapes are taken for encoding,
        // that reading is not looked for.
        prop_assume!(readings(&key).all(|reading| reading.text().len() >= SHORTEST));
        // One that begins or ends with an escape of a control character is found without it, which is then left.
        let escapes = ["\\b", "\\f", "\\n", "\\r", "\\t"];
        prop_assume!(escapes.iter().all(|escape| !key.starts_with(escape) && !key.ends_with(escape)));
        let is_control = |part: Option<&str>| {
            let byte = part.and_then(|part| u8::from_str_radix(part.strip_prefix('%')?, 16).ok());
            byte.is_some_and(|byte| byte.is_ascii_control())
        };
        let last = key.len().checked_sub(3).and_then(|at| key.get(at..));
        prop_assume!(!is_control(key.get(..3)) && !is_control(last));
        let secret = Secret::new(&key).unwrap();
        let scrubber = Scrubber::new([&secret]);
        for (how, pieces) in spellings(&key) {
            let mut written = String::new();
            for (number, piece) in pieces.iter().enumerate() {
                let (which, times) = unseen[number % unseen.len()];
                if number > 0 {
                    written.push_str(&UNSEEN[which].repeat(times));
                }
                written.push_str(piece);
            }
            let text = format!("the key ({written}) is wrong");
            prop_assert_eq!(scrubber.scrub(&text), "the key (***) is wrong", "{}", how);
        }
    }

    #[test]
    fn a_text_without_a_key_stays_as_it_is(
        text in r"\PC*|[%&#;\\/xu0-9a-fA-F\u{200b}\u{ad}\u{1b}\[\n]{0,300}",
    ) {
        let keys = ["sk-0123456789+/abcdef", "%41%42&amp;\\u0043\\/x", "short1"].map(|key| Secret::new(key).unwrap());
        prop_assert_eq!(Scrubber::new(&keys).scrub(&text), text);
    }
}

#[test]
fn an_entity_is_read_as_browsers_read_it() {
    let secret = Secret::new("sk<0123&456;789").unwrap();
    let scrubber = Scrubber::new([&secret]);
    for written in [
        "&#115k<0123&456;789",
        "s&#x6B<0123&456;789",
        "sk&lt0123&amp456;789",
        "sk&LT;0123&AMP456;789",
        "sk&lt;0123&amp;456&semi;789",
        "&#00000000000000000000000000000000000000000000115;k&lt0123&456;789",
        "&#x0000000000000000000000000000000000000000000073k<0123&456;789",
        "&amp#115k<0123&456;789",
    ] {
        assert_eq!(scrubber.scrub(&format!("({written})")), "(***)", "{written}");
    }
    for other in ["&#x", "&#", "&", "&#;", "&#99999999999;", "&#xD800", "&am", "&ltk"] {
        assert_eq!(scrubber.scrub(other), other);
    }
}

#[test]
fn a_key_is_found_below_as_many_layers_as_anybody_could_read() {
    let secret = Secret::new("sk/0123456789").unwrap();
    let scrubber = Scrubber::new([&secret]);
    for layers in 0..LAYERS {
        let percent = format!("sk%{}2F0123456789", "25".repeat(layers));
        let entity = format!("sk&{}#47;0123456789", "amp;".repeat(layers));
        for written in [percent, entity] {
            assert_eq!(scrubber.scrub(&written), "***", "{layers}: {written}");
        }
    }
}

#[test]
fn something_invisible_may_be_encoded_as_well() {
    let secret = Secret::new("sk-0123456789abcdef").unwrap();
    let scrubber = Scrubber::new([&secret]);
    for unseen in ["%E2%80%8B", "&#8203;", "&ZeroWidthSpace;", "&shy;", "&#xFEFF;", "\\u200b", "\\u001b[0m"] {
        let text = format!("sk-01{unseen}23456789{unseen}{unseen}abcdef!");
        assert_eq!(scrubber.scrub(&text), "***!", "{unseen}");
    }
}

#[test]
fn a_key_that_looks_like_an_escape_sequence_is_found() {
    let secret = Secret::new("0123456789;abcdef").unwrap();
    assert_eq!(Scrubber::new([&secret]).scrub("\u{1b}[0123456789;abcdef"), "\u{1b}[***");
}

#[test]
fn keys_that_overlap_or_repeat_themselves_go_as_a_whole() {
    let secrets = ["aaaaaaaa", "aaaaaaaabbbb", "bbbbcccc"].map(|key| Secret::new(key).unwrap());
    let scrubber = Scrubber::new(&secrets);
    assert_eq!(scrubber.scrub("xaaaaaaaaaaabbbbccccx"), "x***x");
    assert_eq!(scrubber.scrub("aaaaaaaa, aaaaaaaabbbb"), "***, ***");
}

#[test]
fn a_short_secret_is_found_letter_by_letter_only_and_a_shorter_one_never() {
    let secrets = ["Ab-123", "abc"].map(|key| Secret::new(key).unwrap());
    let scrubber = Scrubber::new(&secrets);
    assert_eq!(scrubber.scrub("Ab-123 ab-123 abc"), "*** ab-123 abc");
    assert_eq!(secrets.map(|secret| secret.is_too_short()), [false, true]);
}

#[test]
fn a_text_of_nothing_but_encodings_is_read_to_its_end() {
    let secret = Secret::new("sk-0123456789abcdef").unwrap();
    let scrubber = Scrubber::new([&secret]);
    let text = format!("{}{}", "%252525".repeat(30_000), "&amp;amp;\\\\\\\\".repeat(10_000));
    assert_eq!(scrubber.scrub(&text), text);
    assert_eq!(scrubber.scrub(&format!("{text}sk-0123456789abcdef{text}")), format!("{text}***{text}"));
}

#[test]
fn a_password_in_an_address_is_a_secret_and_only_scheme_and_host_are_shown() {
    for (address, secrets, shown) in [
        ("https://gateway.example/v1", vec![], "https://gateway.example"),
        (
            "https://me:pass%2Fword@gateway.example:8443/v1?x=@y",
            vec!["pass%2Fword", "pass/word"],
            "https://gateway.example",
        ),
        (
            "https://ghp_0123456789abcd:x-oauth-basic@h.example",
            vec!["ghp_0123456789abcd", "x-oauth-basic"],
            "https://h.example",
        ),
        ("https://a-token@h.example", vec!["a-token"], "https://h.example"),
        ("me:password@proxy:3128", vec!["password"], "proxy"),
        ("http://me:pass@word@[::1]:99999/", vec!["pass@word"], "http://[::1]"),
        ("https://api.example/accounts/@cf/model", vec![], "https://api.example"),
        ("http://me:pa/ss@host", vec!["pa/ss"], "http://host"),
        ("http://me:p#a?ss@host:80/x", vec!["p#a?ss"], "http://host"),
        ("http://host:8080/a:b@c", vec![], "http://host"),
        ("http://[::1]/@cf/model", vec![], "http://[::1]"),
        ("no", vec![], "no"),
    ] {
        let found = in_address(address);
        assert_eq!(found.iter().map(Secret::reveal).collect::<Vec<_>>(), secrets, "{address}");
        assert_eq!(scheme_and_host(address), shown, "{address}");
    }
    assert_eq!(without_userinfo("https://me:word@h.example/x"), "https://h.example/x");
    assert_eq!(without_userinfo("https://h.example/@x"), "https://h.example/@x");
}
