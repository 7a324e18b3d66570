use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::super::InvalidPicture;
use super::super::tests::{examine, flaw};
use super::{Gap, check, size};
use crate::image::samples::scene;

const SIZE: (u32, u32) = (333, 301);

/// The kinds of JPEG that encoders write, each by its name.
fn kinds() -> Vec<(String, Vec<u8>)> {
    let picture = scene(SIZE.0, SIZE.1);
    let layouts = [
        (ColorType::Luma, SamplingFactor::F_1_1),
        (ColorType::Rgb, SamplingFactor::F_1_1),
        (ColorType::Rgb, SamplingFactor::F_2_1),
        (ColorType::Rgb, SamplingFactor::F_1_2),
        (ColorType::Rgb, SamplingFactor::F_2_2),
        (ColorType::Rgb, SamplingFactor::F_4_1),
        (ColorType::Cmyk, SamplingFactor::F_1_1),
        (ColorType::CmykAsYcck, SamplingFactor::F_2_2),
    ];
    let mut kinds = Vec::new();
    for (colours, sampling) in layouts {
        for (progressive, restart, optimized) in
            [(0, 0, false), (0, 0, true), (0, 7, false), (4, 0, false), (9, 0, true), (4, 11, false)]
        {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, 80);
            encoder.set_sampling_factor(sampling);
            encoder.set_restart_interval(restart);
            encoder.set_optimized_huffman_tables(optimized);
            if progressive > 0 {
                encoder.set_progressive_scans(progressive);
            }
            let pixels: Vec<u8> = match colours {
                ColorType::Luma => picture.pixels().map(|pixel| pixel.0[1]).collect(),
                ColorType::Rgb => picture.as_raw().clone(),
                _ => picture.pixels().flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2], 9]).collect(),
            };
            encoder.encode(&pixels, SIZE.0 as u16, SIZE.1 as u16, colours).unwrap();
            kinds.push((format!("{colours:?} {sampling:?} {progressive} {restart} {optimized}"), bytes));
        }
    }
    kinds
}

/// The places of markers that the test asks for.
fn places(bytes: &[u8], is_wanted: fn(u8) -> bool) -> Vec<usize> {
    let found = bytes.windows(2).enumerate().filter(|(_, pair)| pair[0] == 0xFF && is_wanted(pair[1]));
    found.map(|(place, _)| place).collect()
}

/// The picture cut here, and closed by an end marker.
fn closed(bytes: &[u8], cut: usize) -> Vec<u8> {
    [&bytes[..cut], &[0xFF, 0xD9]].concat()
}

#[test]
fn a_whole_jpeg_of_any_kind_passes() {
    for (name, bytes) in kinds() {
        assert!(check(&bytes, SIZE).is_ok(), "{name}");
        if !name.starts_with("CmykAsYcck F_2_2 0 0 true") {
            examine(&bytes).unwrap_or_else(|flaw| panic!("{name}: {flaw}"));
        }
    }
}

#[test]
fn a_jpeg_that_is_cut_and_closed_by_an_end_marker_is_damaged() {
    for (name, bytes) in kinds() {
        let data = places(&bytes, |marker| marker == 0xDA)[0] + 14;
        for part in [0, 5, 15, 50, 85, 95, 99] {
            let cut = closed(&bytes, data + (bytes.len() - data) * part / 100);
            assert!(check(&cut, SIZE).is_err(), "{name} cut at {part} %");
            assert!(matches!(flaw(&cut), InvalidPicture::Damaged { .. }));
        }
    }
}

#[test]
fn a_progressive_jpeg_without_its_last_scans_is_damaged() {
    for (name, bytes) in kinds() {
        for scan in places(&bytes, |marker| marker == 0xDA).into_iter().skip(1) {
            let result = check(&closed(&bytes, scan), SIZE);
            assert!(matches!(result, Err(Gap::Coarse)), "{name} {scan}: {result:?}");
        }
    }
}

#[test]
fn a_jpeg_with_a_hole_is_damaged() {
    for (name, bytes) in kinds() {
        let data = places(&bytes, |marker| marker == 0xDA)[0] + 14;
        let hole = (bytes.len() - data) / 3;
        let holed = [&bytes[..data + hole], &bytes[data + 2 * hole..]].concat();
        assert!(check(&holed, SIZE).is_err(), "{name}");
    }
}

#[test]
fn a_restart_interval_that_is_missing_is_noticed_even_where_eight_are() {
    for (name, bytes) in kinds() {
        let restarts = places(&bytes, |marker| (0xD0..=0xD7).contains(&marker));
        for missing in [1, 3, 8].into_iter().filter(|missing| restarts.len() > missing + 2) {
            let holed = [&bytes[..restarts[1]], &bytes[restarts[1 + missing]..]].concat();
            assert!(check(&holed, SIZE).is_err(), "{name} {missing}");
        }
    }
}

#[test]
fn a_header_that_claims_more_than_there_is_shows() {
    for (name, mut bytes) in kinds() {
        let header = places(&bytes, |marker| (0xC0..=0xC2).contains(&marker))[0];
        bytes[header + 5..header + 7].copy_from_slice(&600_u16.to_be_bytes());
        assert!(check(&bytes, (SIZE.0, 600)).is_err(), "{name}");
        assert!(matches!(flaw(&bytes), InvalidPicture::Damaged { .. }));
    }
}

#[test]
fn how_much_of_a_cut_jpeg_there_is_is_told() {
    let (_, bytes) = kinds().swap_remove(1);
    let message = flaw(&closed(&bytes, bytes.len() / 2)).to_string();
    let told = message.strip_prefix("the JPEG picture is damaged or cut off: it ends after ");
    let percent = told.and_then(|told| told.strip_suffix(" % of the picture")).expect(&message);
    assert!((30..60).contains(&percent.parse::<u32>().unwrap()), "{message}");
}

/// 40x24 pixels as libjpeg writes them, whose scans tell the coefficients bit by bit.
const REFINED: &str = "\
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO\
    UlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P\
    T09PT09PT0//wgARCAAYACgDASIAAhEBAxEB/8QAGQABAAMBAQAAAAAAAAAAAAAAAAECBQQG/8QAFQEBAQAAAAAAAAAAAAAAAAAA\
    AAH/2gAMAwEAAhADEAAAAd1mVTVjDobzzA7RVoEkL//EABsQAAICAwEAAAAAAAAAAAAAAAABAgMEEhMg/9oACAEBAAEFAvO9pOd5\
    tkjWQ3OqxjtFkHZHQ6n/xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAEDAQE/AV//xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAEC\
    AQE/AV//xAAhEAABAwEJAAAAAAAAAAAAAAAAAQIhQQMQICIxM4GRof/aAAgBAQAGPwLDL29GVzU4N3wm1Ul6rdohQoSiH//EAB8Q\
    AAICAQQDAAAAAAAAAAAAAAABESFRIDFBgWFx8P/aAAgBAQABPyHQ/Il8H7kcUFXLaLoSLpUXnuBeE4yMmwbN0Ej2FOAf/9oADAMB\
    AAIAAwAAABD/ALD89C//xAAWEQADAAAAAAAAAAAAAAAAAAAAICH/2gAIAQMBAT8QIv8A/8QAFhEBAQEAAAAAAAAAAAAAAAAAACEg\
    /9oACAECAQE/EFXH/8QAIRABAAIBBAEFAAAAAAAAAAAAAQARITFBUZFxgaHB0fH/2gAIAQEAAT8QuvyWS2K8MSF4HLMqnykDlm7a\
    /dYGizsfVH2b2uOipdp+bvzA6nWKaR2ePGe5nyekGs9JyLkXP//Z\
";

#[test]
fn a_jpeg_whose_scans_refine_each_other_is_whole_until_anything_of_it_is_cut() {
    let bytes = STANDARD.decode(REFINED).unwrap();
    assert!(check(&bytes, (40, 24)).is_ok());
    let data = places(&bytes, |marker| marker == 0xDA)[0];
    for cut in data..bytes.len() - 3 {
        assert!(check(&closed(&bytes, cut), (40, 24)).is_err(), "cut at {cut} of {}", bytes.len());
        assert_eq!(check(&bytes[..cut], (40, 24)), Err(Gap::Unended), "cut at {cut}");
    }
}

#[test]
fn the_size_of_a_jpeg_is_read_off_its_frame_or_left_to_the_decoder() {
    let mut picture = Vec::new();
    Encoder::new(&mut picture, 90).encode(&[7; 3 * 120 * 80], 120, 80, ColorType::Rgb).unwrap();
    let frame = picture.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    let with = |at: usize, byte: u8| {
        let mut changed = picture.clone();
        changed[frame + at] = byte;
        size(&changed)
    };
    assert_eq!(size(&picture), Some((120, 80)));
    assert_eq!(with(1, 0xc2), Some((120, 80)), "progressive");
    for (at, byte, why) in [(1, 0xc9, "arithmetic"), (4, 12, "12 bits"), (6, 0, "no height"), (9, 2, "inks")]
    {
        assert_eq!(with(at, byte), None, "{why}");
    }
    assert!((0..frame + 10).all(|end| size(&picture[..end]).is_none()));
}
