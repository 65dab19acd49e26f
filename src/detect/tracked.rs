//! What git has in its index: a file that is tracked is part of the repository, whatever an ignore pattern says. The
//! name of a program in `.gitignore` hides `cmd/NAME` to everyone but git.
use std::io::Read;

use camino::Utf8Path;

/// An index that is larger is not read.
const LARGEST: u64 = 128 << 20;
/// Names in a form that repeats the one before can grow past the file: how many bytes they may have together.
const ALL_NAMES: usize = 64 << 20;
/// Bytes of an entry before its name: times, mode, owner, size, 20 bytes of digest, flags.
const FIXED: usize = 62;
/// The flag of two more bytes.
const EXTENDED: u16 = 0x4000;

/// The paths in the index of the repository whose top is `root`; none where there is no index that can be read.
pub(super) fn tracked(root: &Utf8Path) -> Vec<String> {
    let bytes = read(root).unwrap_or_default();
    let mut index = Index {
        rest: &bytes,
        version: 0,
        name: Vec::new(),
    };
    index.entries().unwrap_or_default()
}

fn read(root: &Utf8Path) -> std::io::Result<Vec<u8>> {
    let path = root.join(".git/index");
    let mut bytes = Vec::new();
    if fs_err::symlink_metadata(&path)?.is_file() {
        let file = fs_err::File::open(&path)?;
        file.take(LARGEST).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

struct Index<'a> {
    rest: &'a [u8],
    version: u32,
    name: Vec<u8>,
}

impl Index<'_> {
    fn entries(&mut self) -> Option<Vec<String>> {
        let magic = self.take(4)? == b"DIRC";
        self.version = self.number()?;
        let count = self.number()?;
        if !magic || !(2..=4).contains(&self.version) {
            return None;
        }
        let mut paths = Vec::new();
        let mut room = ALL_NAMES;
        for _ in 0..count {
            self.entry()?;
            room = room.checked_sub(self.name.len())?;
            if let Ok(path) = str::from_utf8(&self.name) {
                paths.push(path.to_owned());
            }
        }
        Some(paths)
    }

    /// Reads an entry, and keeps its name.
    fn entry(&mut self) -> Option<()> {
        let fixed = self.take(FIXED)?;
        let flags = u16::from_be_bytes(fixed.last_chunk().copied()?);
        let mut length = FIXED;
        if flags & EXTENDED != 0 {
            self.take(2)?;
            length += 2;
        }
        if self.version == 4 {
            let drop = self.varint()?;
            self.name.truncate(self.name.len().checked_sub(drop)?);
        } else {
            self.name.clear();
        }
        let end = self.rest.iter().position(|byte| *byte == 0)?;
        let name = self.take(end)?.to_owned();
        self.name.extend(name);
        // Before version 4, one to eight zeros end an entry at a multiple of eight.
        let zeros = match self.version {
            4 => 1,
            _ => 8 - (length + end) % 8,
        };
        self.take(zeros).map(|_| ())
    }

    fn take(&mut self, length: usize) -> Option<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.first_chunk().copied()?))
    }

    /// How many bytes of the name before are dropped: seven bits a byte, the first ones first.
    fn varint(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            value = value
                .checked_shl(7)?
                .checked_add(usize::from(byte & 0x7f))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(version: u32, names: &[(u8, &str)]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(version.to_be_bytes());
        bytes.extend(u32::try_from(names.len()).unwrap_or(0).to_be_bytes());
        for (drop, name) in names {
            let start = bytes.len();
            bytes.extend([0; FIXED]);
            if version == 4 {
                bytes.push(*drop);
            }
            bytes.extend(name.bytes());
            bytes.push(0);
            while version < 4 && !(bytes.len() - start).is_multiple_of(8) {
                bytes.push(0);
            }
        }
        bytes
    }

    fn names(bytes: &[u8]) -> Option<Vec<String>> {
        let (version, name) = (0, Vec::new());
        let mut index = Index {
            rest: bytes,
            version,
            name,
        };
        index.entries()
    }

    #[test]
    fn names_are_read_in_each_form() {
        let wanted = vec!["cmd/shop/main.go".to_owned(), "cmd/shop/x.go".to_owned()];
        let plain = index(2, &[(0, "cmd/shop/main.go"), (0, "cmd/shop/x.go")]);
        assert_eq!(names(&plain), Some(wanted.clone()));
        let short = index(4, &[(0, "cmd/shop/main.go"), (7, "x.go")]);
        assert_eq!(names(&short), Some(wanted));
    }

    #[test]
    fn a_tracked_file_is_seen_whatever_is_ignored() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = Utf8Path::from_path(folder.path()).unwrap_or(Utf8Path::new("/"));
        for (path, bytes) in [
            (".gitignore", b"shop\n".to_vec()),
            ("cmd/shop/main.go", Vec::new()),
            ("cmd/shop/local.go", Vec::new()),
            ("vendor/x.go", Vec::new()),
            (
                ".git/index",
                index(
                    2,
                    &[(0, "../x.go"), (0, "cmd/shop/main.go"), (0, "vendor/x.go")],
                ),
            ),
        ] {
            let path = root.join(path);
            fs_err::create_dir_all(path.parent().unwrap_or(root))?;
            fs_err::write(path, bytes)?;
        }
        let files = crate::detect::walk(root).files;
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".gitignore", "cmd/shop/main.go"]);
        Ok(())
    }

    #[test]
    fn what_is_no_index_has_no_names() {
        assert_eq!(names(b""), None);
        assert_eq!(names(b"DIRC\0\0\0\x02\0\0\0\x01 cut off"), None);
        assert_eq!(names(&index(9, &[])), None);
        assert_eq!(names(&index(4, &[(200, "x")])), None);
        // Each name is the one before and a letter more.
        let long = "x".repeat(1 << 20);
        let mut growing = vec![(0, long.as_str())];
        growing.extend([(0, "y"); 200]);
        assert_eq!(names(&index(4, &growing)), None);
    }
}
