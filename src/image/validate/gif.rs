//! What GIF takes while its first frame is decoded: the picture, the frame where it is smaller, and what stands
//! before it, which the reader keeps.

/// Width and height that the header claims.
pub(super) fn size(file: &[u8]) -> Option<(u32, u32)> {
    let &[a, b, c, d] = file.get(6..10)? else { return None };
    Some((u16::from_le_bytes([a, b]).into(), u16::from_le_bytes([c, d]).into()))
}

/// Bytes that decoding takes, the result included.
pub(super) fn needs(file: &[u8], (width, height): (u32, u32)) -> u64 {
    let picture = 4 * u64::from(width) * u64::from(height);
    let (frame, metadata) = first_frame(file).unwrap_or(((width, height), file.len()));
    let apart = if frame == (width, height) { 0 } else { 4 * u64::from(frame.0) * u64::from(frame.1) };
    // The list of bytes is moved while it grows.
    picture + apart + 3 * metadata as u64
}

/// Size of the first frame, and how many bytes of extensions stand before it.
fn first_frame(file: &[u8]) -> Option<((u32, u32), usize)> {
    let palette = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + palette(*file.get(10)?);
    let begin = at;
    loop {
        match file.get(at)? {
            0x21 => {
                at += 2;
                while let Some(&length @ 1..) = file.get(at) {
                    at += 1 + usize::from(length);
                }
                at += 1;
            }
            0x2c => {
                let side = |from: usize| {
                    Some(u32::from(u16::from_le_bytes([*file.get(from)?, *file.get(from + 1)?])))
                };
                return Some(((side(at + 5)?, side(at + 7)?), at - begin));
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::{file, scene};
    use super::*;
    use image::ImageFormat;

    #[test]
    fn a_smaller_frame_and_what_stands_before_it_count() {
        let mut gif = file(scene(300, 260), ImageFormat::Gif);
        let ((width, height), before) = first_frame(&gif).unwrap();
        assert_eq!((width, height), (300, 260));
        let plain = 4 * 300 * 260 + 3 * before as u64;
        assert_eq!(needs(&gif, (300, 260)), plain);
        assert_eq!(needs(&gif, (400, 260)), 4 * 400 * 260 + plain);
        // A comment.
        let at = 13 + if gif[10] & 0x80 == 0 { 0 } else { 3 << ((gif[10] & 7) + 1) };
        gif.splice(at..at, [&[0x21, 0xfe, 200][..], &[b'x'; 200], &[0]].concat());
        assert_eq!(needs(&gif, (300, 260)), plain + 3 * 204);
    }
}
