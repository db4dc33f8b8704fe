//! Segments of a JPEG file.

/// Bytes that begin each JPEG file.
pub const START: [u8; 2] = [0xff, 0xd8];

/// Outline of a JPEG, gathered from its segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outline {
    pub is_progressive: bool,
    /// Passes over the picture.
    pub scans: u64,
}

/// Walks the segments up to the end of the picture; `None` where that is missing.
pub fn outline(bytes: &[u8]) -> Option<Outline> {
    let mut outline = Outline { is_progressive: false, scans: 0 };
    let mut rest = bytes.strip_prefix(&START)?;
    loop {
        let marker;
        (marker, rest) = next_marker(rest)?;
        match marker {
            0xd9 => return (outline.scans > 0).then_some(outline),
            0xda => outline.scans += 1,
            0xc2 | 0xc6 | 0xca | 0xce => outline.is_progressive = true,
            _ => {}
        }
        let length = u16::from_be_bytes(*rest.first_chunk()?);
        rest = rest.get(usize::from(length)..)?;
    }
}

/// Next marker that begins a segment or ends the picture, and the bytes behind it.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut pairs = bytes.windows(2).enumerate();
    // Escaped bytes and restarts stand between pixels.
    let stands_alone = |marker: u8| matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8 | 0xff);
    let (place, pair) = pairs.find(|(_, pair)| pair[0] == 0xff && !stands_alone(pair[1]))?;
    Some((pair[1], &bytes[place + 2..]))
}
