//! Layers compressed with zstd, as engines that keep images in containerd save them: frames one behind the other, some of
//! which hold no content (<https://github.com/facebook/zstd/blob/dev/doc/zstd_compression_format.md>).
use std::io::{self, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How a frame begins.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// What the frames of a stream hold.
pub(super) struct Frames<R> {
    source: R,
    frame: FrameDecoder,
    is_open: bool,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            frame: FrameDecoder::new(),
            is_open: false,
        }
    }

    /// Begins the next frame that holds something; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        loop {
            let mut first = [0];
            if self.source.read(&mut first)? == 0 {
                return Ok(false);
            }
            let begun = self.frame.reset(first.as_slice().chain(&mut self.source));
            match begun {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut rest = self.source.by_ref().take(u64::from(length));
                    io::copy(&mut rest, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let drained = self.frame.is_finished() && self.frame.can_collect() == 0;
            if !self.is_open || drained {
                self.is_open = self.next()?;
                if !self.is_open {
                    return Ok(0);
                }
            }
            while self.frame.can_collect() == 0 && !self.frame.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                let decoded = self.frame.decode_blocks(&mut self.source, one);
                decoded.map_err(io::Error::other)?;
            }
            let count = self.frame.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    #[test]
    fn frames_are_read_to_the_last_and_those_without_content_skipped() {
        let frame = |text: &[u8]| compress_to_vec(text, CompressionLevel::Fastest);
        let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        let long = vec![7; 300_000];
        let stream = [
            frame(b"one "),
            skipped.clone(),
            frame(b""),
            frame(&long),
            skipped,
        ]
        .concat();
        let mut read = Vec::new();
        Frames::new(&stream[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, [&b"one "[..], &long].concat());
        let cut = Frames::new(&stream[..stream.len() - 60]).read_to_end(&mut Vec::new());
        assert!(cut.is_err() || stream.len() < 60);
        assert!(
            Frames::new(&b"nonsense"[..])
                .read_to_end(&mut read)
                .is_err()
        );
    }
}
