use image::ImageFormat;
use proptest::prelude::*;

use super::super::Picture;
use super::super::process::{Format, Options, finish};
use super::super::samples::{file, scene};
use super::super::validate::{self, PictureLimits};
use super::*;

const FORMATS: [Format; 3] = [Format::Jpeg, Format::Webp, Format::Png];

fn drawn(prompt: Option<&str>) -> Provenance {
    Provenance {
        provider: "pollinations".into(),
        model: "flux <schnell> & \"friends\"".into(),
        source: DigitalSourceType::TrainedAlgorithmicMedia,
        prompt: prompt.map(str::to_owned),
    }
}

fn marked(provenance: &Provenance, format: Format) -> Vec<u8> {
    let options = Options { width: 280, height: 256, format, quality: 80 };
    finish(Picture::new(scene(280, 256)), &options, provenance).unwrap().bytes
}

#[test]
fn provenance_survives_every_format_and_the_picture_stays_whole() {
    let prompt = "A \"lighthouse\" & <sea>,\nat dusk; ñ 灯台 &amp;lt;";
    for format in FORMATS {
        for provenance in [drawn(None), drawn(Some(prompt)), Provenance::card()] {
            let bytes = marked(&provenance, format);
            assert_eq!(read(&bytes), Some(provenance), "{format:?}");
            validate::examine(&bytes, &PictureLimits::AS_SENT).unwrap();
        }
    }
}

#[test]
fn other_readers_find_the_packet_where_it_belongs() {
    use image::ImageDecoder as _;
    for format in FORMATS {
        let bytes = marked(&drawn(None), format);
        let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().unwrap();
        let packet = reader.into_decoder().unwrap().xmp_metadata().unwrap().unwrap();
        assert_eq!(String::from_utf8(packet).unwrap(), drawn(None).to_xmp(), "{format:?}");
    }
}

#[test]
fn only_cards_are_algorithmic_media() {
    let card = Provenance::card();
    assert!(card.is_card() && card.to_xmp().contains("digitalsourcetype/algorithmicMedia\""));
    let drawn = drawn(None);
    assert!(!drawn.is_card() && drawn.to_xmp().contains("digitalsourcetype/trainedAlgorithmicMedia\""));
}

#[test]
fn the_prompt_is_left_out_unless_given() {
    assert!(!drawn(None).to_xmp().contains("AIPromptInformation"));
    assert!(drawn(Some("a boat")).to_xmp().contains("AIPromptInformation=\"a boat\""));
}

#[test]
fn an_endless_prompt_is_cut_so_that_a_segment_holds_it() {
    for long in ["\"".repeat(100_000), "灯".repeat(100_000), "\0\u{ffff}".repeat(50_000)] {
        for format in FORMATS {
            let bytes = marked(&drawn(Some(&long)), format);
            let prompt = read(&bytes).unwrap().prompt.unwrap();
            assert_eq!(prompt.chars().count(), MAX_PROMPT);
            validate::examine(&bytes, &PictureLimits::AS_SENT).unwrap();
        }
    }
}

// W-33
#[test]
fn a_picture_of_somebody_else_is_not_ours() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(read(&file(scene(256, 256), format)), None);
    }
    let foreign = drawn(None).to_xmp().replace(TOOL, "Krita");
    assert_eq!(read(foreign.as_bytes()), None);
    assert_eq!(read(b"image-fallback-action"), None);
}

#[test]
fn a_packet_rewritten_as_elements_is_still_ours() {
    let packet = "<x:xmpmeta><rdf:Description>\
        <xmp:CreatorTool>image-fallback-action</xmp:CreatorTool>\
        <Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia</Iptc4xmpExt:DigitalSourceType>\
        <Iptc4xmpExt:AISystemUsed>card</Iptc4xmpExt:AISystemUsed>\
        <Iptc4xmpExt:AISystemVersionUsed>card</Iptc4xmpExt:AISystemVersionUsed>\
        </rdf:Description></x:xmpmeta>";
    assert_eq!(read(packet.as_bytes()), Some(Provenance::card()));
}

#[test]
fn the_mark_is_found_at_either_end_of_a_large_file_and_not_searched_in_the_middle() {
    let packet = drawn(None).to_xmp().into_bytes();
    let rest = vec![0_u8; 5 * REACH];
    assert!(read(&[packet.as_slice(), &rest].concat()).is_some());
    assert!(read(&[rest.as_slice(), &packet].concat()).is_some());
    assert!(read(&[rest.as_slice(), &packet, &rest].concat()).is_none());
}

proptest! {
    #[test]
    fn any_text_survives(provider in "\\PC{1,20}", prompt in "\\PC{0,60}") {
        let provenance = Provenance { provider, prompt: Some(prompt), ..drawn(None) };
        prop_assert_eq!(read(provenance.to_xmp().as_bytes()), Some(provenance));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0_usize..700) {
        let xmp = drawn(Some("x")).to_xmp().into_bytes();
        prop_assert_eq!(read(&[&xmp[..cut], &bytes].concat()), None);
    }
}

#[test]
fn a_file_is_read_at_both_its_ends() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.webp");
    let packet = Provenance::card().to_xmp();
    for (before, after) in [(0, 0), (0, 3 * REACH), (3 * REACH, 0)] {
        let bytes = [vec![0; before], packet.clone().into_bytes(), vec![0; after]].concat();
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(read_file(&file), Some(Provenance::card()), "{before} bytes before, {after} after");
    }
    assert_eq!(read_file(&folder.path().join("missing.jpg")), None);
}
