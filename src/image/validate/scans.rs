//! Is all of a JPEG there? Decoders paint what is missing grey, or leave a progressive picture coarse,
//! and call that a success as soon as an end marker follows. So the compressed data is walked here
//! without computing a pixel (ITU-T T.81, annexes B, F and G): every scan has to hold every block that
//! the header claims, restart markers have to count up, and a progressive picture has to be refined
//! down to its last bit.

use std::iter::repeat_n;

use bits::{Bits, Stop, Table};

mod bits;

/// Scans a picture may have. Encoders write about ten; each costs a pass over the picture.
pub(super) const MAX_SCANS: usize = 64;

/// Low bits to come of a coefficient that no scan has told yet.
const UNKNOWN: u8 = u8::MAX;

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Gap {
    #[error("the file stops before its end marker")]
    Unended,
    #[error("it ends after {percent} % of the picture")]
    Short { percent: usize },
    #[error("a piece is missing in its middle")]
    Hole,
    #[error("the passes that make it sharp are missing")]
    Coarse,
    #[error("its compressed data cannot be read")]
    Garbled,
}

/// Width and height of a picture that every decoder reads, by its first segments; of any other the decoder itself
/// has to be asked, which prepares for the pixels.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut walk = Walk::new(bytes);
    loop {
        match walk.next_marker()? {
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xC0..=0xC2 => {
                let frame = walk.segment().ok()?;
                let &[8, high, low, wide, narrow, 1 | 3 | 4] = frame.first_chunk()? else { return None };
                let (width, height) = ([wide, narrow], [high, low]);
                let [width, height] = [width, height].map(|side| u32::from(u16::from_be_bytes(side)));
                return (width > 0 && height > 0).then_some((width, height));
            }
            0xC3 | 0xC5..=0xCF | 0xD9 | 0xDA => return None,
            _ => _ = walk.segment().ok()?,
        }
    }
}

/// Walks a picture of this width and height from its first segment to its end marker. Returns how many
/// bytes of coefficients a decoder has to keep until the end, because several scans tell of them.
pub(super) fn check(bytes: &[u8], size: (u32, u32)) -> Result<u64, Gap> {
    let mut walk = Walk::new(bytes);
    let mut scans = 0;
    while let Some(marker) = walk.next_marker() {
        match marker {
            // Stuffing, restarts and other marks without a length.
            0x00 | 0x01 | 0xD0..=0xD8 => continue,
            0xD9 => return walk.frame.ok_or(Gap::Garbled)?.finish(scans),
            _ => {}
        }
        let body = walk.segment()?;
        match marker {
            0xC0..=0xC2 if walk.frame.is_some() => return Err(Gap::Garbled),
            0xC0..=0xC2 => {
                walk.frame = Some(Frame::read(marker == 0xC2, body, size).ok_or(Gap::Garbled)?);
            }
            0xC4 => walk.define_tables(body).ok_or(Gap::Garbled)?,
            // Other codings, such as arithmetic: the decoder refuses them by name.
            0xC3 | 0xC5..=0xCF => return Ok(0),
            0xDA => {
                scans += 1;
                walk.scan(body)?;
            }
            0xDD => walk.interval = number(body).ok_or(Gap::Garbled)?,
            _ => {}
        }
        if scans > MAX_SCANS {
            return Err(Gap::Garbled);
        }
    }
    Err(Gap::Unended)
}

/// The number in the first two bytes.
fn number(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.first_chunk()?)))
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    frame: Option<Frame>,
    /// Four for DC and four for AC.
    tables: [[Option<Table>; 4]; 2],
    /// Units between restart markers; 0 for none.
    interval: usize,
}

struct Frame {
    progressive: bool,
    components: Vec<Component>,
    /// Units of a scan of several components.
    units: usize,
}

struct Component {
    id: u8,
    /// Blocks in a unit of a scan of several components.
    blocks: usize,
    /// Blocks of a scan of its own.
    own_blocks: usize,
    /// Low bits that are still to come, of each coefficient.
    to_come: [u8; 64],
    /// Which coefficients of each block are not zero so far; refinement is coded by it.
    filled: Vec<u64>,
}

/// What a scan tells: a band of coefficients, for the first time or one bit finer.
#[derive(Clone, Copy)]
struct Pass {
    progressive: bool,
    first: usize,
    last: usize,
    finer: bool,
    to_come: u8,
}

/// A block of a unit: its component and tables.
#[derive(Clone, Copy)]
struct McuBlock<'a> {
    component: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2, frame: None, tables: Default::default(), interval: 0 }
    }

    /// Goes from segment to segment; searching for the end marker alone would find the one of an
    /// embedded thumbnail.
    fn next_marker(&mut self) -> Option<u8> {
        self.at += self.bytes.get(self.at..)?.iter().position(|&byte| byte == 0xFF)?;
        self.at += self.bytes[self.at..].iter().position(|&byte| byte != 0xFF)?;
        self.at += 1;
        Some(self.bytes[self.at - 1])
    }

    fn segment(&mut self) -> Result<&'a [u8], Gap> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = number(rest).ok_or(Gap::Unended)?.max(2);
        self.at += length;
        rest.get(2..length).ok_or(Gap::Unended)
    }

    fn define_tables(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&place, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk()?;
            let (symbols, rest) =
                rest.split_at_checked(counts.iter().map(|&count| usize::from(count)).sum())?;
            let class = self.tables.get_mut(usize::from(place >> 4))?;
            *class.get_mut(usize::from(place & 15))? = Some(Table::new(counts, symbols)?);
            body = rest;
        }
        Some(())
    }

    fn scan(&mut self, header: &[u8]) -> Result<(), Gap> {
        let Self { frame, tables, .. } = self;
        let frame = frame.as_mut().ok_or(Gap::Garbled)?;
        let (pass, units, blocks) = frame.begin(tables, header).ok_or(Gap::Garbled)?;
        let mut bits = Bits::new(self.bytes, self.at);
        let mut run = 0;
        let mut walk = |unit: usize| {
            if self.interval > 0 && unit > 0 && unit.is_multiple_of(self.interval) {
                run = 0;
                bits.restart(unit / self.interval - 1)?;
            }
            blocks.iter().try_for_each(|block| {
                let filled = frame.components[block.component].filled.get_mut(unit);
                pass.walk(block, filled, &mut bits, &mut run)
            })
        };
        for unit in 0..units {
            walk(unit).map_err(|stop| match stop {
                Stop::File => Gap::Unended,
                Stop::Data => Gap::Short { percent: unit * 100 / units },
                Stop::Hole => Gap::Hole,
                Stop::Code => Gap::Garbled,
            })?;
        }
        self.at = bits.at();
        Ok(())
    }
}

impl Frame {
    /// Reads a frame header; `None` where it is broken or of another size.
    fn read(progressive: bool, body: &[u8], (width, height): (u32, u32)) -> Option<Self> {
        let (&[8, high, low, wide, thin, count], rest) = body.split_first_chunk()? else { return None };
        let claimed = [[wide, thin], [high, low]].map(|side| u32::from(u16::from_be_bytes(side)));
        let factors = |sampling: u8| [usize::from(sampling >> 4), usize::from(sampling & 15)];
        let described: Vec<_> = rest.chunks_exact(3).take(usize::from(count)).collect();
        let sound = |described: &&[u8]| factors(described[1]).iter().all(|factor| (1..=4).contains(factor));
        if claimed != [width, height] || described.is_empty() || !described.iter().all(sound) {
            return None;
        }
        let most =
            |axis: usize| described.iter().map(|described| factors(described[1])[axis]).max().unwrap_or(1);
        let most = [most(0), most(1)];
        let sides = [width as usize, height as usize];
        let components = described.iter().map(|described| {
            let factors = factors(described[1]);
            let own = |axis: usize| (sides[axis] * factors[axis]).div_ceil(most[axis]).div_ceil(8);
            let own_blocks = own(0) * own(1);
            Component {
                id: described[0],
                blocks: factors[0] * factors[1],
                own_blocks,
                to_come: [UNKNOWN; 64],
                filled: if progressive { vec![0; own_blocks] } else { Vec::new() },
            }
        });
        let units = sides[0].div_ceil(8 * most[0]) * sides[1].div_ceil(8 * most[1]);
        Some(Self { progressive, components: components.collect(), units })
    }

    /// Reads a scan header: what the scan tells, how many units it has, and of which blocks they are.
    fn begin<'t>(
        &mut self,
        tables: &'t [[Option<Table>; 4]; 2],
        header: &[u8],
    ) -> Option<(Pass, usize, Vec<McuBlock<'t>>)> {
        let (&count, rest) = header.split_first()?;
        let (chosen, rest) = rest.split_at_checked(2 * usize::from(count))?;
        let pass = Pass::read(self.progressive, *rest.first_chunk()?)?;
        let mut units = self.units;
        let mut blocks = Vec::new();
        for choice in chosen.chunks_exact(2) {
            let place = self.components.iter().position(|component| component.id == choice[0])?;
            let component = &mut self.components[place];
            component.to_come[pass.first..=pass.last].fill(pass.to_come);
            let table = |class: usize, place: u8| tables[class].get(usize::from(place))?.as_ref();
            let block =
                McuBlock { component: place, dc: table(0, choice[1] >> 4), ac: table(1, choice[1] & 15) };
            if count == 1 {
                units = component.own_blocks;
            }
            blocks.extend(repeat_n(block, if count == 1 { 1 } else { component.blocks }));
        }
        // AC coefficients of a progressive picture come for one component at a time.
        let is_mixed = self.progressive && pass.last > 0 && count != 1;
        (!blocks.is_empty() && !is_mixed).then_some((pass, units, blocks))
    }

    /// Whether the scans told all there is to tell; see [`check`].
    fn finish(&self, scans: usize) -> Result<u64, Gap> {
        let mut to_come = self.components.iter().flat_map(|component| component.to_come);
        if to_come.any(|bits| bits > 0) {
            return Err(Gap::Coarse);
        }
        let blocks: usize = self.components.iter().map(|component| self.units * component.blocks).sum();
        Ok(if self.progressive || scans > 1 { blocks as u64 * 128 } else { 0 })
    }
}

impl Pass {
    fn read(progressive: bool, [first, last, shift]: [u8; 3]) -> Option<Self> {
        let (first, last) = if progressive { (usize::from(first), usize::from(last)) } else { (0, 63) };
        let (finer, to_come) = if progressive { (shift >> 4 > 0, shift & 15) } else { (false, 0) };
        // DC comes alone.
        let sound = first <= last && last < 64 && (first > 0 || last == 0 || !progressive);
        sound.then_some(Self { progressive, first, last, finer, to_come })
    }

    /// Walks one block. `run` is how many more blocks of this band are told to have no new coefficient.
    fn walk(
        &self,
        block: &McuBlock<'_>,
        filled: Option<&mut u64>,
        bits: &mut Bits<'_>,
        run: &mut u32,
    ) -> Result<(), Stop> {
        let ac = block.ac.ok_or(Stop::Code);
        match (self.first, self.finer) {
            (0, true) => bits.take(1).map(drop),
            (0, false) => {
                let size = bits.symbol(block.dc.ok_or(Stop::Code)?)?;
                bits.skip(size)?;
                if self.progressive { Ok(()) } else { rest_of_block(bits, ac?) }
            }
            (_, false) => self.first_look(bits, ac?, filled.ok_or(Stop::Code)?, run),
            (_, true) => self.finer_look(bits, ac?, filled.ok_or(Stop::Code)?, run),
        }
    }

    fn first_look(
        &self,
        bits: &mut Bits<'_>,
        ac: &Table,
        filled: &mut u64,
        run: &mut u32,
    ) -> Result<(), Stop> {
        if *run > 0 {
            *run -= 1;
            return Ok(());
        }
        let mut at = self.first;
        while at <= self.last {
            let symbol = bits.symbol(ac)?;
            match (symbol >> 4, symbol & 15) {
                (15, 0) => at += 16,
                (length, 0) => {
                    *run = (1 << length) - 1 + bits.take(length)?;
                    break;
                }
                (zeros, size) => {
                    at += zeros as usize;
                    bits.skip(size)?;
                    *filled |= 1_u64.checked_shl(at as u32).ok_or(Stop::Code)?;
                    at += 1;
                }
            }
        }
        Ok(())
    }

    fn finer_look(
        &self,
        bits: &mut Bits<'_>,
        ac: &Table,
        filled: &mut u64,
        run: &mut u32,
    ) -> Result<(), Stop> {
        let mut at = self.first;
        while *run == 0 && at <= self.last {
            let symbol = bits.symbol(ac)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            if size > 0 {
                bits.take(1)?;
            } else if zeros < 15 {
                *run = (1 << zeros) + bits.take(zeros)?;
                break;
            }
            // A coefficient that was told before takes one more bit; of the others some are skipped.
            while at <= self.last {
                if *filled >> at & 1 == 1 {
                    bits.take(1)?;
                } else if zeros == 0 {
                    break;
                } else {
                    zeros -= 1;
                }
                at += 1;
            }
            if size > 0 && at <= self.last {
                *filled |= 1 << at;
            }
            at += 1;
        }
        if *run > 0 {
            *run -= 1;
            for _ in (at..=self.last).filter(|at| *filled >> at & 1 == 1) {
                bits.take(1)?;
            }
        }
        Ok(())
    }
}

/// The coefficients after the first one, in a picture that tells all at once.
fn rest_of_block(bits: &mut Bits<'_>, ac: &Table) -> Result<(), Stop> {
    let mut at = 1;
    while at < 64 {
        let symbol = bits.symbol(ac)?;
        match (symbol >> 4, symbol & 15) {
            (15, 0) => at += 16,
            (_, 0) => break,
            (zeros, size) => {
                bits.skip(size)?;
                at += zeros + 1;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
