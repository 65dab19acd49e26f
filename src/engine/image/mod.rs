//! An image at rest: its layers and its configuration, read from the stream in which the engine saves it, and what
//! follows from them without a start.
mod archive;
mod cache;
mod commands;
mod content;
mod elf;
mod libraries;
mod root;
#[cfg(test)]
mod samples;
mod zstd;

pub use archive::{Archive, Layer};
pub use commands::{Start, Starter, literal_words, starts};
pub use content::{Content, Entry, Needles, Node};
pub use elf::Elf;
pub use libraries::Libraries;
pub use root::{Found, Root};
