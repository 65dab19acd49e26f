//! What is kept of a file of a layer: who may do what with it, and of its content only what later questions need.
use std::io::{self, Read};

use super::elf::Elf;

/// The longest file that is read whole; a longer program is taken as it is.
const LONGEST: u64 = 512 << 20;
/// How much of a file that is no program is kept, of those few that are.
const KEPT: usize = 4 << 20;
/// Files whose content says where libraries are.
const MAPS: [&str; 3] = ["etc/ld.so.cache", "etc/passwd", "etc/os-release"];

/// What lies at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A folder.
    Folder,
    /// A file.
    File(Content),
    /// A link to a path.
    Link(String),
    /// The same file as another path.
    Same(String),
    /// A device, a pipe.
    Other,
}

/// What is known of a file's content.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A program or a library.
    Elf(Box<Elf>),
    /// A script, with what stands behind `#!`.
    Script(String),
    /// One of the few files that are kept.
    Kept(Vec<u8>),
    /// A private key.
    Key,
    /// Anything else.
    Plain,
}

/// One path of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// From the root, without a slash before it.
    pub path: String,
    /// What it is.
    pub node: Node,
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Bytes.
    pub size: u64,
}

/// Texts that must be nowhere, each with the name of the secret that it is.
pub type Needles = Vec<(String, Vec<u8>)>;

impl Content {
    /// Reads a file once, from its beginning to its end. `found` is told of each needle that it holds.
    pub(super) fn read(
        path: &str,
        size: u64,
        file: &mut dyn Read,
        needles: &Needles,
        found: &mut dyn FnMut(&str),
    ) -> io::Result<Self> {
        let mut head = Vec::with_capacity(4);
        (&mut *file).take(4).read_to_end(&mut head)?;
        let kept = MAPS.contains(&path) || path.starts_with("etc/ld-musl-");
        let whole = head.starts_with(b"\x7fELF") || kept || size < 1 << 16 || !needles.is_empty();
        if !whole || size > LONGEST {
            return Ok(Self::script(&head, file));
        }
        let mut bytes = head;
        bytes.reserve(usize::try_from(size).unwrap_or_default());
        file.read_to_end(&mut bytes)?;
        for (name, needle) in needles {
            if memchr::memmem::find(&bytes, needle).is_some() {
                found(name);
            }
        }
        if kept {
            bytes.truncate(KEPT);
            return Ok(Self::Kept(bytes));
        }
        Ok(Self::of(&bytes))
    }

    fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"#!") {
            return Self::script(&bytes[..4], &mut &bytes[4..]);
        }
        if let Some(elf) = Elf::read(bytes) {
            return Self::Elf(Box::new(elf));
        }
        if bytes.starts_with(b"-----BEGIN ")
            && memchr::memmem::find(&bytes[..bytes.len().min(64)], b"PRIVATE KEY-----").is_some()
        {
            return Self::Key;
        }
        Self::Plain
    }

    fn script(head: &[u8], rest: &mut dyn Read) -> Self {
        if !head.starts_with(b"#!") {
            return Self::Plain;
        }
        let mut line = head[2..].to_vec();
        let _ = rest.take(254).read_to_end(&mut line);
        let end = line.iter().position(|byte| *byte == b'\n');
        line.truncate(end.unwrap_or(line.len()));
        Self::Script(String::from_utf8_lossy(&line).into_owned())
    }
}
