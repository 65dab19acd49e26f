//! The target folder, read without leaving it and without following a link out of it.
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// Why a path of the target cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path, or a folder on the way to it, is a symbolic link.
    #[error("{0} is a symbolic link; scaffold does not write through links")]
    Link(Utf8PathBuf),
    /// A folder stands where a file should, or the other way round.
    #[error("{0} is in the way: {1}")]
    InTheWay(Utf8PathBuf, &'static str),
    /// The system said no.
    #[error("{path}: {source}")]
    Io {
        /// Which path.
        path: Utf8PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl Error {
    pub(super) fn io(path: &Utf8Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

/// The largest file that is read, in bytes. None that a project has for its container comes near.
const LARGEST: u64 = 16 << 20;

/// The bytes of `path` below `root`; `None` when nothing is there.
pub fn read(root: &Utf8Path, path: &str) -> Result<Option<Vec<u8>>, Error> {
    check_way(root, path)?;
    let full = root.join(path);
    match fs_err::symlink_metadata(&full) {
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Error::io(&full, error)),
        Ok(meta) if meta.is_symlink() => Err(Error::Link(full)),
        Ok(meta) if meta.is_dir() => Err(Error::InTheWay(full, "a folder")),
        Ok(meta) if !meta.is_file() => Err(Error::InTheWay(full, "not a plain file")),
        Ok(meta) if meta.len() > LARGEST => Err(Error::InTheWay(full, "a file too large to read")),
        Ok(_) => fs_err::read(&full)
            .map(Some)
            .map_err(|error| Error::io(&full, error)),
    }
}

/// Every folder between `root` and `path` is a real one, or not there yet.
pub fn check_way(root: &Utf8Path, path: &str) -> Result<(), Error> {
    let mut folder = root.to_owned();
    let mut parts: Vec<_> = path.split('/').collect();
    parts.pop();
    for part in parts {
        folder.push(part);
        match fs_err::symlink_metadata(&folder) {
            Err(error) if is_absent(&error) => return Ok(()),
            Err(error) => return Err(Error::io(&folder, error)),
            Ok(meta) if meta.is_symlink() => return Err(Error::Link(folder)),
            Ok(meta) if !meta.is_dir() => return Err(Error::InTheWay(folder, "a file")),
            Ok(_) => {}
        }
    }
    Ok(())
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
