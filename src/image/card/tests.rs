use image::ImageFormat;
use proptest::prelude::*;

use super::super::samples::file;
use super::super::validate::{PictureLimits, examine};
use super::*;
use tiny_skia::Shader;

const TITLES: [&str; 8] = [
    "Hello",
    "Why we moved our blog from WordPress to Hugo",
    "Почему мы перенесли наш блог на статический генератор",
    "Ένα σύντομο άρθρο για την τυπογραφία",
    "Šest věcí o českých háčcích, Đặng Thị Ngọc Thịnh, İstanbul’da",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "https://example.com/a/very/long/path/to_a_page_that_nobody_can_read-or-remember",
    "A long title that goes on and on, with a subordinate clause, a parenthesis (which nobody needs), \
     two commas more than is healthy, and still finds no end because its author was paid by the word",
];

fn words(title: &str, width: f32, height: f32) -> Option<TitlePlace> {
    CardLayout::of(&TitleCard { title, brand: "", style: &CardStyle::default() }, width, height).title
}

fn unwritten(title: &str) -> Vec<String> {
    TitleCard { title, brand: "", style: &CardStyle::default() }.unwritten()
}

/// Relative luminance as WCAG 2 defines it.
fn luminance([red, green, blue]: [u8; 3]) -> f32 {
    let linear = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[test]
fn words_stay_inside_the_margins_in_every_shape() {
    for (width, height) in
        [(1200.0, 630.0), (1024.0, 538.0), (800.0, 800.0), (600.0, 1200.0), (1600.0, 400.0), (300.0, 158.0)]
    {
        for title in TITLES {
            let words = words(title, width, height).unwrap_or_else(|| panic!("{title}"));
            let margin = words.bar[0];
            assert!(!words.block.lines.is_empty(), "{title}");
            for (index, line) in words.block.lines.iter().enumerate() {
                let baseline = words.baseline + words.block.size * words.block.leading * index as f32;
                let area = line.outline(words.block.size, margin, baseline).unwrap().bounds();
                assert!(
                    area.left() > margin * 0.85 && area.right() < width - margin * 0.85,
                    "{title} {width}: {area:?}"
                );
                assert!(
                    area.top() > words.bar[1] && area.bottom() < height - margin * 0.5,
                    "{title} {height}: {area:?}"
                );
            }
        }
    }
}

#[test]
fn a_short_title_is_set_larger_than_a_long_one() {
    let size = |title| words(title, 1200.0, 630.0).unwrap().block.size;
    assert!(size(TITLES[0]) > 1.3 * size(TITLES[1]));
    assert!(size(TITLES[1]) > 1.2 * size(TITLES[7]));
}

#[test]
fn no_word_stands_alone_where_lines_can_be_even() {
    let block = words("An introduction to error handling", 800.0, 800.0).unwrap().block;
    let widths: Vec<f32> = block.lines.iter().map(|line| line.width).collect();
    assert!(widths.len() == 2 && widths[0] > 0.8 * widths[1], "{widths:?}");
}

/// Whether the words of a card end in an ellipsis.
fn is_cut(words: &TitlePlace) -> bool {
    words.block.lines.last().unwrap().text.ends_with('…')
}

/// The lines of a card of the usual shape.
fn lines(title: &str) -> Vec<String> {
    let words = words(title, 1200.0, 630.0);
    words.into_iter().flat_map(|words| words.block.lines).map(|line| line.text).collect()
}

#[test]
fn no_title_is_cut_where_smaller_type_or_more_lines_hold_it() {
    let endless = "word ".repeat(75);
    let titles = TITLES.into_iter().chain([endless.as_str()]);
    for title in titles {
        for (width, height) in
            [(1200.0, 630.0), (630.0, 1200.0), (800.0, 1600.0), (400.0, 1200.0), (1080.0, 1080.0)]
        {
            assert!(!is_cut(&words(title, width, height).unwrap()), "{width}x{height}: {title}");
        }
    }
}

#[test]
fn a_word_too_long_for_a_line_breaks_no_other_word_and_gets_no_hyphen() {
    let title = "Größenwahn und Hüttenführer: die Donaudampfschifffahrtsgesellschaft";
    let lines = words(title, 800.0, 1600.0).unwrap().block.lines;
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(text.join("").replace(' ', ""), title.replace(' ', ""), "nothing is added: {text:?}");
    let whole = ["Größenwahn", "und", "Hüttenführer:", "die"];
    assert!(whole.iter().all(|word| text.iter().any(|line| line.contains(word))), "{text:?}");
}

#[test]
fn a_line_breaks_where_the_author_allowed_it_and_shows_his_hyphen() {
    let title = "Donau\u{ad}dampf\u{ad}schifffahrts\u{ad}elektrizitäten\u{ad}haupt\u{ad}betriebs\u{ad}werk";
    let found = lines(title);
    let (last, others) = found.split_last().unwrap();
    assert!(!others.is_empty() && others.iter().all(|line| line.ends_with('-')), "{found:?}");
    assert!(last.ends_with("werk") && !found.concat().contains('\u{ad}'), "{found:?}");
    assert_eq!(lines("soft\u{ad}ware"), ["software"]);
}

#[test]
fn a_tall_card_takes_more_lines_before_it_takes_smaller_type() {
    let title = "What I learned about tracing after running everything on a single server for two years";
    let [wide, tall] =
        [(1200.0, 630.0), (630.0, 1200.0)].map(|(width, height)| words(title, width, height).unwrap().block);
    assert!(wide.lines.len() <= fit::MAX_LINES && tall.lines.len() > fit::MAX_LINES);
    assert!(tall.size > 0.045 * 870.0, "{}", tall.size);
}

#[test]
fn a_title_that_no_line_is_left_for_ends_in_an_ellipsis() {
    let long = CardWords::of(&"word ".repeat(200), &Faces::for_texts(&[], None)).text;
    assert!(long.ends_with("word…") && long.chars().count() <= 401, "{long}");
    assert!(is_cut(&words(&"word ".repeat(75), 4000.0, 100.0).unwrap()));
}

// W-39
#[test]
fn a_title_of_which_nothing_can_be_written_gives_a_card_without_text() {
    for title in ["🚀 ጤና", "🚀", "ጤና ይስጥልኝ", "", " \n\u{200b}"] {
        assert!(words(title, 1200.0, 630.0).is_none(), "{title}");
        let card = draw(title, 600, 315).unwrap();
        let mut ground = Pixmap::new(600, 315).unwrap();
        Art::of(title, None).paint(&mut ground, false);
        assert_eq!(card.pixels.as_raw(), &grained(&ground), "{title}");
    }
}

#[test]
fn words_that_can_be_written_stay_and_the_others_are_told() {
    for (title, written, missing) in [
        ("ጤና Rust in ten minutes", "Rust in ten minutes", vec!["ጤና"]),
        ("Rustጤና – ጤና (2025)", "Rust – (2025)", vec!["ጤና", "ጤና"]),
        ("ጤና: Rust – ጤና", "Rust", vec!["ጤና:", "ጤና"]),
        ("The price is \u{e000}5", "The price is 5", vec!["\u{e000}"]),
        ("Half a aጤb word", "Half a ab word", vec!["ጤ"]),
        ("Plain – words", "Plain – words", vec![]),
        ("???", "???", vec![]),
        ("🚀 Launch", "Launch", vec![]),
        ("🚀", "", vec!["🚀"]),
    ] {
        assert_eq!(lines(title).join(" "), written, "{title}");
        assert_eq!(unwritten(title), missing, "{title}");
    }
}

#[test]
fn emoji_are_left_out_and_the_words_beside_them_drawn() {
    for title in ["🚀 Launch day", "Launch 👩🏽‍💻 day", "Launch day 🇪🇺❤️"] {
        assert_eq!(lines(title), lines("Launch day"), "{title}");
        assert!(unwritten(title).is_empty());
    }
    assert_eq!(lines("1️⃣ step"), lines("1 step"));
    assert_eq!(lines("Launch (🚀) day"), lines("Launch day"));
    assert_eq!(lines("Launch 🚀: day 🎉!").join(" "), "Launch: day!");
}

#[test]
fn marks_blanks_and_what_nobody_sees_are_not_drawn() {
    assert_eq!(
        lines(" hard\u{200d}ware\t\u{feff}and\n\n**soft**`ware` \u{7}&amp; [a](b)").join(" "),
        "hardware and software & a"
    );
}

#[test]
fn combining_marks_are_composed_or_placed() {
    let shaped = |title| words(title, 1200.0, 630.0).unwrap().block.lines[0].width;
    assert_eq!(shaped("Cafe\u{301}"), shaped("Café"));
}

#[test]
fn the_same_title_gives_the_same_card_and_another_title_another_one() {
    let card = |title: &str| draw(title, 400, 210).unwrap();
    assert_eq!(card("Hello"), card("Hello"));
    let grounds: std::collections::HashSet<Vec<u8>> =
        (0..40).map(|n| card(&format!("Post {n}")).pixels.into_raw()).collect();
    assert_eq!(grounds.len(), 40);
}

#[test]
fn every_ground_lets_the_words_stand_out() {
    let ink = luminance([247, 250, 253]);
    for n in 0..300 {
        let mut ground = Pixmap::new(240, 126).unwrap();
        Art::of(&format!("Post {n}"), None).paint(&mut ground, true);
        let brightest = ground
            .pixels()
            .iter()
            .map(|pixel| luminance([pixel.red(), pixel.green(), pixel.blue()]))
            .fold(0.0, f32::max);
        let contrast = (ink + 0.05) / (brightest + 0.05);
        assert!(contrast >= 4.5, "Post {n}: {contrast}");
    }
}

#[test]
fn a_ground_of_any_color_lets_black_or_white_words_stand_out() {
    let contrast = |one: f32, other: f32| (one.max(other) + 0.05) / (one.min(other) + 0.05);
    for n in 0..216_u8 {
        let color = [n / 36, n / 6 % 6, n % 6].map(|step| step * 51);
        let art = Art::of(&format!("Post {n}"), Some(color));
        let mut ground = Pixmap::new(240, 126).unwrap();
        art.paint(&mut ground, true);
        let Shader::SolidColor(ink) = art.ink().shader else { panic!() };
        let ink = if ink == tiny_skia::Color::WHITE { 1.0 } else { 0.0 };
        for pixel in grained(&ground).chunks_exact(3) {
            let own = contrast(luminance([pixel[0], pixel[1], pixel[2]]), ink);
            assert!(own >= 4.5, "{color:?}: {pixel:?} {own}");
        }
    }
}

#[test]
fn cards_of_one_color_differ_by_their_titles_and_look_alike() {
    let style = CardStyle { color: Some([0x1d, 0x4e, 0xd8]), ..CardStyle::default() };
    let card = |title| TitleCard { title, brand: "", style: &style }.draw(300, 158).unwrap().pixels.clone();
    let [one, other] = ["One", "Another"].map(card);
    assert_ne!(one, other);
    for pixel in one.pixels().chain(other.pixels()).step_by(97) {
        let [red, green, blue] = pixel.0;
        assert!(blue >= red && blue >= green, "{pixel:?}");
    }
}

/// A PNG of one colour.
fn png(width: u32, height: u32, pixel: [u8; 4]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(width, height, image::Rgba(pixel))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn logo_and_brand_stand_at_the_foot_and_the_title_keeps_above_them() {
    for (width, height) in [(64, 64), (900, 60), (60, 900), (1, 1)] {
        let logo = Some(Logo::read(&png(width, height, [200, 0, 0, 255])).unwrap());
        let style = CardStyle { logo, ..CardStyle::default() };
        for (brand, width, height) in
            [("The Site", 1200.0, 630.0), ("", 630.0, 1200.0), (TITLES[7], 800.0, 800.0)]
        {
            let layout = CardLayout::of(&TitleCard { title: TITLES[7], brand, style: &style }, width, height);
            let (title, foot) = (layout.title.unwrap(), layout.foot.unwrap());
            let end = title.baseline + title.block.height() - title.block.size * CAPITAL;
            let (logo, x, y) = foot.logo.unwrap();
            assert!((y as f32) > end && y as f32 + logo.height() as f32 <= height, "{brand} {width}");
            assert!(x as f32 + logo.width() as f32 <= width && foot.brand.is_some() != brand.is_empty());
            if let Some(words) = foot.brand {
                assert_eq!(words.lines.len(), 1);
                assert!(foot.edges[0] + words.lines[0].width * words.size < width, "{brand} {width}");
            }
        }
    }
}

#[test]
fn a_logo_is_drawn_with_its_transparency() {
    let style = |pixel| CardStyle { logo: Logo::read(&png(40, 40, pixel)).ok(), ..CardStyle::default() };
    let card = |pixel| {
        TitleCard { title: "A", brand: "", style: &style(pixel) }.draw(600, 315).unwrap().pixels.clone()
    };
    let (none, red) = (card([255, 0, 0, 0]), card([255, 0, 0, 255]));
    let changed: Vec<_> = none.pixels().zip(red.pixels()).filter(|(before, after)| before != after).collect();
    assert!(changed.len() > 300 && changed.iter().all(|(_, after)| after.0[0] > 250), "{}", changed.len());
}

#[test]
fn what_is_no_logo_is_told_apart() {
    for (bytes, flaw) in [
        (b"<?xml version=\"1.0\"?><SVG></SVG>".to_vec(), LogoFlaw::Svg),
        (b"GIF89a".to_vec(), LogoFlaw::NotPng),
        (Vec::new(), LogoFlaw::NotPng),
        (png(2049, 1, [0; 4]), LogoFlaw::TooLarge),
        (png(9, 9, [1, 2, 3, 4])[..60].to_vec(), LogoFlaw::NotPng),
    ] {
        assert_eq!(Logo::read(&bytes).unwrap_err(), flaw);
    }
}

#[test]
fn cards_pass_validation_with_and_without_words() {
    for n in 0..24 {
        for title in [format!("Post {n}"), format!("ጤና {n}")] {
            let card = draw(&title, 512, 268).unwrap();
            examine(&file(card.pixels, ImageFormat::Jpeg), &PictureLimits::AS_SENT)
                .unwrap_or_else(|flaw| panic!("{title}: {flaw}"));
        }
    }
}

#[test]
fn a_size_that_no_picture_has_gives_none() {
    for (width, height) in [(0, 630), (1200, 0), (8193, 630), (u32::MAX, u32::MAX)] {
        assert_eq!(draw("Hello", width, height), None);
    }
    assert!(draw("Hello", 1, 1).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_title_makes_it_panic(title in "(\\PC|[a-zé/\u{301}-]|\\s){0,300}", width in 1_u32..400, height in 1_u32..400) {
        let card = draw(&title, width, height).unwrap();
        prop_assert_eq!((card.width(), card.height()), (width, height));
    }
}

/// Titles in the scripts of the program, in those that take a font of the repository, and in two for which there is none.
const SCRIPTS: [&str; 18] = [
    "Why we moved our blog from WordPress to Hugo",
    "Šest věcí o českých háčcích, Đặng Thị Ngọc Thịnh",
    "Почему мы перенесли наш блог на статический генератор",
    "Ένα σύντομο άρθρο για την τυπογραφία",
    "كيف نقلنا مدونتنا من WordPress إلى Hugo في يوم واحد",
    "چگونه می\u{200c}خواهم وبلاگ بنویسم؟",
    "למה העברנו את הבלוג ל-Hugo (גרסה 2)",
    "हमने अपना ब्लॉग स्टैटिक जनरेटर पर क्यों बदला",
    "स्थिर वेबसाइट और Rust का उपयोग",
    "ทำไมเราย้ายบล็อกของเราไปใช้ Hugo และสิ่งที่ได้เรียนรู้",
    "วิธีเขียน\u{200b}โปรแกรม\u{200b}ด้วย\u{200b}ภาษา\u{200b}รัสต์\u{200b}สำหรับ\u{200b}ผู้เริ่มต้น",
    "ゼロから学ぶ Rust の並行処理入門",
    "为什么我们把博客从 WordPress 迁移到 Hugo",
    "블로그를 정적 사이트 생성기로 옮긴 이유",
    "ጤና ይስጥልኝ Rust",
    "Launch day 🚀: **Version 2** &amp; what is next",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "სტატიკური საიტები: a short guide",
];

/// A style with a font of a few characters of Chinese, Japanese and Korean.
fn with_font() -> CardStyle {
    let font = CardFont::read(include_bytes!("../../../tests/support/NotoSansCJK-few.otf").to_vec());
    assert!(font.is_some());
    CardStyle { font, ..CardStyle::default() }
}

#[test]
fn eighteen_titles_in_twelve_scripts_are_laid_out_like_this() {
    let style = with_font();
    let mut told = String::new();
    for title in SCRIPTS {
        let card = TitleCard { title, brand: "", style: &style };
        let faces = card.faces();
        told += &format!("{}\n", title.replace(['\u{200b}', '\u{200c}'], "|"));
        for (width, height) in [(1200.0, 630.0), (800.0, 800.0)] {
            let Some(TitlePlace { block, .. }) = CardLayout::of(&card, width, height).title else { continue };
            let way = if block.rtl { "right to left" } else { "left to right" };
            told += &format!("  {width}x{height}, {way}, {:.0} px, leading {}\n", block.size, block.leading);
            for line in &block.lines {
                let runs = line::visual_runs(&faces, &line.text, block.rtl);
                let runs = runs.iter().map(|run| {
                    let script = run.script.map_or("-".to_owned(), |script| script.tag().to_string());
                    let way = if run.rtl { "<" } else { ">" };
                    format!("{script}{way}{}", line.text[run.range.clone()].chars().count())
                });
                told += &format!("    {} [{}]\n", line.text, runs.collect::<Vec<_>>().join(" "));
            }
        }
        if !card.unwritten().is_empty() {
            told += &format!("  missing: {}\n", card.unwritten().join(", "));
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn no_line_touches_the_next_one_in_any_script() {
    let style = with_font();
    for title in SCRIPTS {
        for (width, height) in [(800.0, 800.0), (500.0, 1000.0)] {
            let layout = CardLayout::of(&TitleCard { title, brand: "", style: &style }, width, height);
            let Some(TitlePlace { block, baseline, .. }) = layout.title else { continue };
            let area = |(index, line): (usize, &line::TextLine)| {
                line.outline(block.size, 0.0, baseline + block.size * block.leading * index as f32)
                    .unwrap()
                    .bounds()
            };
            let areas: Vec<_> = block.lines.iter().enumerate().map(area).collect();
            for (above, below) in areas.iter().zip(areas.iter().skip(1)) {
                assert!(above.bottom() <= below.top() + block.size * 0.05, "{title}: {above:?} {below:?}");
            }
        }
    }
}

#[test]
fn what_is_read_from_the_right_stands_at_the_right() {
    let style = with_font();
    for title in SCRIPTS {
        let layout = CardLayout::of(&TitleCard { title, brand: "Site", style: &style }, 1200.0, 630.0);
        let Some(TitlePlace { block, bar, .. }) = layout.title else { continue };
        let rtl = title.starts_with(|c| matches!(c, '\u{590}'..='\u{6ff}'));
        assert_eq!((block.rtl, bar[0] > 600.0), (rtl, rtl), "{title}");
        assert_eq!(layout.foot.unwrap().brand.unwrap().rtl, rtl, "{title}");
    }
}

#[test]
fn chinese_breaks_between_any_two_characters_but_in_front_of_no_full_stop() {
    let style = with_font();
    let title = "为什么我们把博客迁移到、".repeat(6);
    let layout = CardLayout::of(&TitleCard { title: &title, brand: "", style: &style }, 700.0, 900.0);
    let lines = layout.title.unwrap().block.lines;
    assert!(lines.len() > 3 && lines.iter().all(|line| !line.text.starts_with('、')));
}

#[test]
fn what_is_no_font_is_none() {
    let font = include_bytes!("../../../tests/support/NotoSansCJK-few.otf");
    for bytes in [Vec::new(), b"wOF2".to_vec(), vec![0; 4096], font[..200].to_vec()] {
        assert!(CardFont::read(bytes).is_none());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_damaged_font_makes_it_panic(places in proptest::collection::vec((0_usize..7000, any::<u8>()), 1..40)) {
        let mut bytes = include_bytes!("../../../tests/support/NotoSansCJK-few.otf").to_vec();
        for (place, byte) in places {
            let length = bytes.len();
            bytes[place % length] = byte;
        }
        let style = CardStyle { font: CardFont::read(bytes), ..CardStyle::default() };
        let card = TitleCard { title: SCRIPTS[11], brand: SCRIPTS[13], style: &style }.draw(200, 105);
        prop_assert!(card.is_some());
    }
}
