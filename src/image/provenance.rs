//! Where a picture came from, written into the picture and read back from it.
//!
//! The carrier is XMP with the IPTC terms for generated media, so that other tools understand it:
//! `DigitalSourceType` (cv.iptc.org/newscodes/digitalsourcetype), and the `AI…` properties of the
//! IPTC Photo Metadata Standard 2025.1. Reading it back is how a later run recognises its own
//! pictures and cards, wherever they were moved.

use std::borrow::Cow;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_VP8X, CHUNK_XMP, WebP};

use crate::disk;

/// What `xmp:CreatorTool` says; the mark by which our own files are known.
const TOOL: &str = "image-fallback-action";
const SOURCE_TYPES: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/";
/// Characters kept of a prompt. An APP1 segment holds 64 KiB, and escaping takes up to six bytes.
const MAX_PROMPT: usize = 8_000;
/// Characters kept of a provider or model name.
const MAX_NAME: usize = 200;
/// Bytes searched for the mark at each end of a file. JPEG and PNG carry it at the front, WebP at
/// the back, and ours is below 64 KiB.
const REACH: usize = 96 << 10;
const JPEG_HEADER: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PNG_HEADER: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

/// Where a picture came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Provider name as in the catalogue.
    pub provider: String,
    /// Model that drew it.
    pub model: String,
    /// How it came into being.
    pub source: DigitalSourceType,
    /// The prompt, only where the user wants it public (`metadata: front-matter`).
    pub prompt: Option<String>,
}

/// IPTC digital source type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigitalSourceType {
    /// Drawn by a model trained on samples.
    TrainedAlgorithmicMedia,
    /// Drawn by a plain program: our title card.
    AlgorithmicMedia,
}

impl DigitalSourceType {
    fn term(self) -> &'static str {
        match self {
            Self::TrainedAlgorithmicMedia => "trainedAlgorithmicMedia",
            Self::AlgorithmicMedia => "algorithmicMedia",
        }
    }
}

impl Provenance {
    /// The provenance of a title card.
    pub fn card() -> Self {
        Self {
            provider: "card".into(),
            model: "card".into(),
            source: DigitalSourceType::AlgorithmicMedia,
            prompt: None,
        }
    }

    /// Whether the file is a title card, hence a stand-in that a real picture may replace.
    pub fn is_card(&self) -> bool {
        self.source == DigitalSourceType::AlgorithmicMedia
    }

    /// The XMP packet.
    pub(super) fn to_xmp(&self) -> String {
        let (provider, model) = (escape(&self.provider, MAX_NAME), escape(&self.model, MAX_NAME));
        let prompt = self.prompt.as_deref().map_or_else(String::new, |prompt| {
            format!("\n   Iptc4xmpExt:AIPromptInformation=\"{}\"", escape(prompt, MAX_PROMPT))
        });
        format!(
            r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
   xmlns:xmp="http://ns.adobe.com/xap/1.0/"
   xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
   xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
   xmp:CreatorTool="{TOOL}"
   photoshop:Credit="{provider} ({model})"
   Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPES}{term}"
   Iptc4xmpExt:AISystemUsed="{provider}"
   Iptc4xmpExt:AISystemVersionUsed="{model}"{prompt}/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
            bom = '\u{feff}',
            term = self.source.term(),
        )
    }
}

/// Reads the provenance of a picture that this program made; `None` for anybody else's picture, and
/// for bytes that are not a picture. Looks at both ends of the file only, so a large file costs no more
/// than a small one.
pub fn read(bytes: &[u8]) -> Option<Provenance> {
    let packet = if bytes.len() > 2 * REACH {
        packet(&bytes[..REACH]).or_else(|| packet(&bytes[bytes.len() - REACH..]))
    } else {
        packet(bytes)
    }?;
    if property(packet, "xmp:CreatorTool")? != TOOL {
        return None;
    }
    let term = property(packet, "Iptc4xmpExt:DigitalSourceType")?;
    let source = [DigitalSourceType::TrainedAlgorithmicMedia, DigitalSourceType::AlgorithmicMedia]
        .into_iter()
        .find(|source| term.strip_prefix(SOURCE_TYPES) == Some(source.term()))?;
    Some(Provenance {
        provider: property(packet, "Iptc4xmpExt:AISystemUsed")?,
        model: property(packet, "Iptc4xmpExt:AISystemVersionUsed")?,
        source,
        prompt: property(packet, "Iptc4xmpExt:AIPromptInformation"),
    })
}

/// As [`read`], of a file, of which no more than both ends is read.
pub fn read_file(path: &Path) -> Option<Provenance> {
    let mut file = disk::open(path).ok()?;
    let mut bytes = Vec::new();
    (&mut file).take(2 * REACH as u64).read_to_end(&mut bytes).ok()?;
    read(&bytes).or_else(|| {
        let length = file.seek(SeekFrom::End(0)).ok()?;
        file.seek(SeekFrom::Start(length.saturating_sub(REACH as u64))).ok()?;
        bytes.clear();
        file.take(REACH as u64).read_to_end(&mut bytes).ok()?;
        read(&bytes)
    })
}

/// Whether a file is a picture that this program made.
pub fn is_ours(path: &Path) -> bool {
    read_file(path).is_some()
}

/// The packet as it stands in the file: XMP is made to be found without knowing the file format.
fn packet(bytes: &[u8]) -> Option<&str> {
    let find = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).position(|window| window == needle);
    let from = find(bytes, b"<x:xmpmeta")?;
    let length = find(&bytes[from..], b"</x:xmpmeta>")?;
    std::str::from_utf8(&bytes[from..from + length]).ok()
}

/// A property written as an attribute, as here, or as an element, as other tools rewrite it.
fn property(packet: &str, name: &str) -> Option<String> {
    let between = |open: &str, close: &str| {
        let from = packet.find(open)? + open.len();
        Some(&packet[from..from + packet[from..].find(close)?])
    };
    let raw = between(&format!("{name}=\""), "\"").or_else(|| between(&format!("<{name}>"), "</"))?;
    // `&amp;` last, or `&amp;lt;` would be unescaped twice.
    let text = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#10;", "\n");
    Some(text.replace("&amp;", "&"))
}

/// Text as an XML attribute: what XML forbids becomes a blank, and an over-long text is cut.
fn escape(text: &str, most: usize) -> String {
    let escaped = text.chars().take(most).map(|c| match c {
        '&' => Cow::Borrowed("&amp;"),
        '<' => Cow::Borrowed("&lt;"),
        '>' => Cow::Borrowed("&gt;"),
        '"' => Cow::Borrowed("&quot;"),
        '\n' => Cow::Borrowed("&#10;"),
        '\u{fffe}' | '\u{ffff}' => Cow::Borrowed(" "),
        c if c.is_control() => Cow::Borrowed(" "),
        c => Cow::Owned(c.to_string()),
    });
    escaped.collect()
}

/// Content of the APP1 segment of a JPEG.
pub(super) fn jpeg_segment(xmp: &str) -> Vec<u8> {
    [JPEG_HEADER, xmp.as_bytes()].concat()
}

/// Puts the packet into a PNG, right behind its header.
///
/// # Errors
/// When the bytes are not a PNG file.
pub(super) fn mark_png(bytes: Vec<u8>, xmp: &str) -> Result<Vec<u8>, String> {
    let mut png = Png::from_bytes(bytes.into()).map_err(|error| error.to_string())?;
    let text: Bytes = [PNG_HEADER, xmp.as_bytes()].concat().into();
    png.chunks_mut().insert(1, PngChunk::new(*b"iTXt", text));
    Ok(png.encoder().bytes().into())
}

/// Turns a simple WebP into an extended one, which is the only kind that carries metadata.
///
/// # Errors
/// When the bytes are not a WebP file.
pub(super) fn mark_webp(bytes: Vec<u8>, width: u32, height: u32, xmp: &str) -> Result<Vec<u8>, String> {
    let mut webp = WebP::from_bytes(bytes.into()).map_err(|error| error.to_string())?;
    // VP8X: one byte of flags (bit 2: XMP), three reserved, then each side less one in 24 bits.
    let mut header = vec![0b0000_0100, 0, 0, 0];
    for side in [width, height] {
        header.extend_from_slice(&side.saturating_sub(1).to_le_bytes()[..3]);
    }
    let chunks = webp.chunks_mut();
    chunks.insert(0, RiffChunk::new(CHUNK_VP8X, RiffContent::Data(header.into())));
    chunks.push(RiffChunk::new(CHUNK_XMP, RiffContent::Data(xmp.as_bytes().to_vec().into())));
    Ok(webp.encoder().bytes().into())
}

#[cfg(test)]
mod tests;
