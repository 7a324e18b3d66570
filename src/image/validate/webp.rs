//! What WebP takes while it is decoded (RFC 9649). A lossy picture is kept as brightness and colour, its transparency
//! and a lossless one with a channel more than they have, and of an animation there is a canvas beside the frame. A
//! lossless stream may also choose among thousands of code tables, which take a hundred times the bytes that describe
//! them: they are walked here without keeping one.

use std::array;

/// Bytes that a table of codes takes in the decoder for each symbol that is coded by more than this many bits.
const QUICK: usize = 10;
/// What a group of five tables takes beside them; the list of groups is moved while it grows.
const GROUP: u64 = 3 * 280;
/// Codes of a group: for green with lengths of copies, red, blue, transparency, and distances.
const ALPHABETS: [usize; 5] = [256 + 24, 256, 256, 256, 40];
/// The order in which lengths of codes for lengths are told.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Bytes that decoding takes, the result of so many channels included. `None` where the file is not as its own
/// header says.
pub(super) fn needs(file: &[u8], size: (u32, u32), channels: u64) -> Option<u64> {
    let result = channels * area(size);
    let chunks: Vec<_> = RiffChunks(file.get(12..)?).collect();
    let find = |kind: &[u8; 4]| chunks.iter().find(|chunk| chunk.0 == kind).map(|chunk| chunk.1);
    let metadata = [b"ICCP", b"EXIF"].into_iter().filter_map(find).map(<[u8]>::len).sum::<usize>() as u64;
    const ANIMATED: u8 = 2;
    let is_animated = find(b"VP8X").and_then(<[u8]>::first).is_some_and(|flags| flags & ANIMATED != 0);
    let picture = match find(b"ANMF").filter(|_| is_animated) {
        Some(frame) => {
            let side = |at: usize| {
                Some(u32::from_le_bytes([*frame.get(at)?, *frame.get(at + 1)?, *frame.get(at + 2)?, 0]) + 1)
            };
            let inner = (side(6)?, side(9)?);
            if inner.0 > size.0 || inner.1 > size.1 {
                return None;
            }
            let kept: Vec<_> = RiffChunks(frame.get(16..)?).take(2).collect();
            let find = |kind: &[u8; 4]| kept.iter().find(|chunk| chunk.0 == kind).map(|chunk| chunk.1);
            let stored = Stored { lossy: find(b"VP8 "), lossless: find(b"VP8L"), alpha: find(b"ALPH") };
            let frame = 4 * area(inner);
            stored.needs(inner, frame)?.max(frame + 4 * area(size))
        }
        None => {
            let stored = Stored { lossy: find(b"VP8 "), lossless: find(b"VP8L"), alpha: find(b"ALPH") };
            // Without transparency a lossless picture is decoded apart.
            let apart = if stored.lossless.is_some() && channels < 4 { 4 * area(size) } else { 0 };
            stored.needs(size, apart)?
        }
    };
    Some(result + metadata + picture)
}

fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The chunks of a RIFF file: kind and content.
struct RiffChunks<'a>(&'a [u8]);

impl<'a> Iterator for RiffChunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.0.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        self.0 = rest.get(length.saturating_add(length % 2)..).unwrap_or_default();
        Some((kind, &rest[..length.min(rest.len())]))
    }
}

/// A picture as it is stored, its transparency apart where it is lossy.
struct Stored<'a> {
    lossy: Option<&'a [u8]>,
    lossless: Option<&'a [u8]>,
    alpha: Option<&'a [u8]>,
}

impl Stored<'_> {
    /// Bytes beside the result; `pixels` are what its pixels take.
    fn needs(&self, size: (u32, u32), pixels: u64) -> Option<u64> {
        if let (Some(stream), None) = (self.lossless, self.lossy) {
            return Some(pixels + LosslessWalk::new(stream).lossless(size, true)?);
        }
        let frame = self.lossy?;
        // The decoder compares the sizes when it has decoded the frame.
        let &[_, _, _, 0x9d, 0x01, 0x2a, a, b, c, d] = frame.first_chunk()? else { return None };
        let side = |bytes: [u8; 2]| u32::from(u16::from_le_bytes(bytes) & 0x3fff);
        if (side([a, b]), side([c, d])) != size {
            return None;
        }
        let planes = area((size.0.next_multiple_of(16), size.1.next_multiple_of(16))) * 3 / 2;
        let alpha = match self.alpha.and_then(<[u8]>::split_first) {
            Some((how, stream)) if how & 3 == 1 => {
                5 * area(size) + LosslessWalk::new(stream).lossless(size, false)?
            }
            Some(_) => area(size),
            None => 0,
        };
        Some(pixels + planes + frame.len() as u64 + alpha)
    }
}

/// A code, as the number of its codes of each length and their symbols in order.
struct PrefixCode {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl PrefixCode {
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; 16];
        lengths.iter().filter(|&&length| length > 0).for_each(|&length| counts[usize::from(length)] += 1);
        let mut symbols: Vec<u16> =
            (0..).zip(lengths).filter(|(_, length)| **length > 0).map(|(symbol, _)| symbol).collect();
        symbols.sort_by_key(|&symbol| lengths[usize::from(symbol)]);
        // What is incomplete, or more than complete, is refused by the decoder before it takes memory.
        let filled: u32 = (1..16).map(|length| u32::from(counts[length]) << (15 - length)).sum();
        (symbols.len() == 1 || filled == 1 << 15).then_some(Self { counts, symbols })
    }

    /// Bytes that the decoder takes for it.
    fn needs(&self) -> u64 {
        if self.symbols.len() == 1 {
            return 0;
        }
        let longest = self.counts.iter().rposition(|&count| count > 0).unwrap_or(0);
        let long: u64 = self.counts[QUICK + 1..].iter().map(|&count| u64::from(count)).sum();
        (4 << longest.min(QUICK)) + 48 + 32 * long
    }
}

/// A lossless stream, read bit by bit.
struct LosslessWalk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> LosslessWalk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn bits(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value |= usize::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        Some(value)
    }

    /// Bytes that the stream takes beside its pixels. One of transparency has no header.
    fn lossless(&mut self, (width, height): (u32, u32), has_header: bool) -> Option<u64> {
        if has_header {
            self.bits(8 + 14 + 14 + 1 + 3)?;
        }
        let (mut width, height) = (width as usize, height as usize);
        let mut taken = 0;
        while self.bits(1)? == 1 {
            match self.bits(2)? {
                0 | 1 => taken += 4 * self.blocks((width, height))?.0 as u64,
                2 => {}
                _ => {
                    let colours = self.bits(8)? + 1;
                    self.image(colours, |_| {})?;
                    let packed = [(2, 3), (4, 2), (16, 1)].into_iter().find(|(most, _)| colours <= *most);
                    width = width.div_ceil(1 << packed.map_or(0, |(_, bits)| bits));
                }
            }
        }
        let cache = self.cache()?;
        let mut groups = 1;
        if self.bits(1)? == 1 {
            let (blocks, most) = self.blocks((width, height))?;
            (taken, groups) = (taken + 6 * blocks as u64, most + 1);
        }
        for _ in 0..groups {
            taken += GROUP;
            for code in self.group(cache)? {
                taken += code.needs();
            }
        }
        Some(taken + (4 << cache.unwrap_or(0)))
    }

    /// Walks a picture that tells something for each block of the real one: how many blocks there are, and the
    /// largest number in red and green.
    fn blocks(&mut self, (width, height): (usize, usize)) -> Option<(usize, usize)> {
        let side = 1 << (self.bits(3)? + 2);
        let (blocks, mut most) = (width.div_ceil(side) * height.div_ceil(side), 0);
        self.image(blocks, |number| most = most.max(number))?;
        Some((blocks, most))
    }

    /// Bits of the cache of colours, if there is one.
    fn cache(&mut self) -> Option<Option<usize>> {
        match self.bits(1)? {
            0 => Some(None),
            _ => self.bits(4).filter(|bits| (1..=11).contains(bits)).map(Some),
        }
    }

    /// Walks a picture of one group of codes, telling of each pixel that is not a copy of another.
    fn image(&mut self, pixels: usize, mut told: impl FnMut(usize)) -> Option<()> {
        let cache = self.cache()?;
        let [green, red, blue, alpha, distance] = self.group(cache)?;
        let mut at = 0;
        while at < pixels {
            match self.symbol(&green)? {
                value @ 0..256 => {
                    let high = self.symbol(&red)?;
                    told(high << 8 | value);
                    self.symbol(&blue)?;
                    self.symbol(&alpha)?;
                    // With one symbol each nothing is left to read, however many pixels there are.
                    let is_plain = [&green, &red, &blue, &alpha].iter().all(|code| code.symbols.len() == 1);
                    at = if is_plain { pixels } else { at + 1 };
                }
                value @ 256..280 => {
                    at += self.number(value - 256)?;
                    let far = self.symbol(&distance)?;
                    self.number(far)?;
                }
                _ => at += 1,
            }
        }
        Some(())
    }

    /// The number that a symbol begins and some bits end.
    fn number(&mut self, symbol: usize) -> Option<usize> {
        if symbol < 4 {
            return Some(symbol + 1);
        }
        let more = (symbol - 2) >> 1;
        Some(((2 + (symbol & 1)) << more) + self.bits(more)? + 1)
    }

    fn group(&mut self, cache: Option<usize>) -> Option<[PrefixCode; 5]> {
        let mut sound = true;
        let group: [Option<PrefixCode>; 5] = array::from_fn(|place| {
            let more = if place == 0 { cache.map_or(0, |bits| 1 << bits) } else { 0 };
            let code = sound.then(|| self.code(ALPHABETS[place] + more)).flatten();
            sound = code.is_some();
            code
        });
        let [Some(a), Some(b), Some(c), Some(d), Some(e)] = group else { return None };
        Some([a, b, c, d, e])
    }

    fn code(&mut self, alphabet: usize) -> Option<PrefixCode> {
        let mut lengths = vec![0; alphabet];
        if self.bits(1)? == 1 {
            let has_two = self.bits(1)? == 1;
            let first = if self.bits(1)? == 1 { self.bits(8)? } else { self.bits(1)? };
            *lengths.get_mut(first)? = 1;
            if has_two {
                let second = self.bits(8)?;
                *lengths.get_mut(second)? = 1;
            }
            return PrefixCode::new(&lengths);
        }
        let mut of_lengths = [0; 19];
        for place in ORDER.into_iter().take(4 + self.bits(4)?) {
            of_lengths[place] = self.bits(3)? as u8;
        }
        let of_lengths = PrefixCode::new(&of_lengths)?;
        let mut left = match self.bits(1)? {
            0 => alphabet,
            _ => {
                let wide = 2 + 2 * self.bits(3)?;
                2 + self.bits(wide)?
            }
        };
        let (mut at, mut before) = (0, 8);
        while at < alphabet && left > 0 {
            left -= 1;
            let (length, times) = match self.symbol(&of_lengths)? {
                16 => (before, 3 + self.bits(2)?),
                17 => (0, 3 + self.bits(3)?),
                18 => (0, 11 + self.bits(7)?),
                length => (length as u8, 1),
            };
            lengths.get_mut(at..at + times)?.fill(length);
            at += times;
            before = if length > 0 { length } else { before };
        }
        PrefixCode::new(&lengths)
    }

    fn symbol(&mut self, code: &PrefixCode) -> Option<usize> {
        if let [only] = *code.symbols {
            return Some(only.into());
        }
        let (mut value, mut first, mut place) = (0, 0, 0);
        for &count in &code.counts[1..] {
            let count = usize::from(count);
            value = value << 1 | self.bits(1)?;
            if value < first + count {
                return Some(code.symbols[place + value - first].into());
            }
            (first, place) = ((first + count) << 1, place + count);
        }
        None
    }
}

#[cfg(test)]
mod tests;
