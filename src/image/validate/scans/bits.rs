//! The bits of a scan and its Huffman codes.

/// Bits that are looked up at once; most codes are no longer.
const QUICK: u32 = 9;

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The file is over.
    File,
    /// The scan is over.
    Data,
    /// A restart marker is not the one that comes next.
    Hole,
    /// The table has no such code.
    Code,
}

/// A Huffman table.
pub(super) struct Table {
    /// By the next bits: symbol and length of the code, 0 for a longer one.
    quick: Vec<(u8, u8)>,
    /// For each length: the first code, how many there are, and the place of the first symbol.
    lengths: [(u32, u32, usize); 17],
    symbols: Vec<u8>,
}

impl Table {
    /// A table with so many codes of each length from 1 to 16; `None` where they do not fit.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table =
            Self { quick: vec![(0, 0); 1 << QUICK], lengths: [(0, 0, 0); 17], symbols: symbols.to_vec() };
        let (mut code, mut place) = (0_u32, 0);
        for (length, &count) in (1_u32..).zip(counts) {
            let count = u32::from(count);
            table.lengths[length as usize] = (code, count, place);
            if code + count > 1 << length {
                return None;
            }
            for code in (code..code + count).filter(|_| length <= QUICK) {
                let spread = QUICK - length;
                let from = (code << spread) as usize;
                table.quick[from..from + (1 << spread)].fill((
                    symbols[place + (code - table.lengths[length as usize].0) as usize],
                    length as u8,
                ));
            }
            place += count as usize;
            code = (code + count) << 1;
        }
        Some(table)
    }

    /// Symbol and length of the code that these sixteen bits begin with.
    fn find(&self, bits: u32) -> Option<(u8, u32)> {
        (QUICK + 1..=16).find_map(|length| {
            let (first, count, place) = self.lengths[length as usize];
            let number = (bits >> (16 - length)).checked_sub(first).filter(|number| *number < count)?;
            Some((self.symbols[place + number as usize], length))
        })
    }
}

/// A reader of the bits between two markers.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits from the top, zeros below.
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, buffer: 0, count: 0 }
    }

    /// The place of what was not looked at yet; no marker lies before it.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The symbol of the next code. At least sixteen bits are at hand afterwards, as far as there are any.
    pub(super) fn symbol(&mut self, table: &Table) -> Result<u32, Stop> {
        if self.count < 32 {
            self.fill();
        }
        let (symbol, length) = match table.quick[(self.buffer >> (64 - QUICK)) as usize] {
            (_, 0) => match table.find((self.buffer >> 48) as u32) {
                Some(found) => found,
                None if self.count < 16 => return Err(self.end()),
                None => return Err(Stop::Code),
            },
            (symbol, length) => (symbol, u32::from(length)),
        };
        self.skip(length)?;
        Ok(u32::from(symbol))
    }

    /// Passes over bits that are at hand.
    pub(super) fn skip(&mut self, count: u32) -> Result<(), Stop> {
        if count > self.count {
            return Err(self.end());
        }
        self.buffer <<= count;
        self.count -= count;
        Ok(())
    }

    /// The next bits as a number, at most sixteen.
    pub(super) fn take(&mut self, count: u32) -> Result<u32, Stop> {
        if self.count < count {
            self.fill();
        }
        // A shift by all 64 bits overflows.
        let value = self.buffer.checked_shr(64 - count).unwrap_or(0) as u32;
        self.skip(count).map(|()| value)
    }

    /// Goes on behind the next restart marker, which has to be the one of this number.
    pub(super) fn restart(&mut self, number: usize) -> Result<(), Stop> {
        (self.buffer, self.count) = (0, 0);
        loop {
            match self.bytes.get(self.at..).unwrap_or_default() {
                [0xFF, 0x00, ..] => self.at += 2,
                [0xFF, 0xFF, ..] => self.at += 1,
                [0xFF, marker @ 0xD0..=0xD7, ..] => {
                    self.at += 2;
                    return if usize::from(marker & 7) == number % 8 { Ok(()) } else { Err(Stop::Hole) };
                }
                [0xFF, _, ..] => return Err(Stop::Data),
                [0xFF] | [] => return Err(Stop::File),
                [..] => self.at += 1,
            }
        }
    }

    fn fill(&mut self) {
        if let Some(word) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            let word = u64::from_be_bytes(*word);
            // Whether one of the eight bytes is 0xFF, which may be a marker.
            let ones = !word;
            if ones.wrapping_sub(0x0101_0101_0101_0101) & !ones & 0x8080_8080_8080_8080 == 0 {
                let taken = (64 - self.count) / 8;
                self.buffer |= (word & (u64::MAX << (64 - 8 * taken))) >> self.count;
                self.count += 8 * taken;
                self.at += taken as usize;
                return;
            }
        }
        while self.count <= 56 {
            let (byte, length) = match self.bytes.get(self.at..).unwrap_or_default() {
                [0xFF, 0x00, ..] => (0xFF, 2),
                [0xFF, 0xFF, ..] => {
                    self.at += 1;
                    continue;
                }
                [0xFF, ..] | [] => return,
                [byte, ..] => (*byte, 1),
            };
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
            self.at += length;
        }
    }

    fn end(&self) -> Stop {
        if self.at + 1 < self.bytes.len() { Stop::Data } else { Stop::File }
    }
}
