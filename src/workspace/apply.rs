//! The only code that writes. Everything is first put into temporary files beside its target; then each takes its
//! place with one rename, the lock last. A failure before the renames leaves the tree as it was; a kill between two
//! leaves files that the next run recognises as its own.
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

use super::tree::{self, Error};

/// One file to be written, or to be removed.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    path: String,
    bytes: Option<&'a [u8]>,
}

impl<'a> Job<'a> {
    /// Write these bytes to a path below the target, with `/`.
    pub fn write(path: impl Into<String>, bytes: &'a [u8]) -> Self {
        let (path, bytes) = (path.into(), Some(bytes));
        Self { path, bytes }
    }

    /// Remove the file of that path.
    pub fn remove(path: impl Into<String>) -> Self {
        let (path, bytes) = (path.into(), None);
        Self { path, bytes }
    }
}

/// Does all jobs in their order, or none of them.
pub fn apply(root: &Utf8Path, jobs: &[Job<'_>]) -> Result<(), Error> {
    let mut made = Made::default();
    match stage(root, jobs, &mut made) {
        Ok(staged) => commit(staged),
        Err(error) => {
            made.undo();
            Err(error)
        }
    }
}

/// Folders that this run made, outermost first.
#[derive(Default)]
struct Made(Vec<Utf8PathBuf>);

impl Made {
    /// Makes a folder and those above it.
    fn folder(&mut self, folder: &Utf8Path) -> Result<(), Error> {
        let missing: Vec<_> = folder
            .ancestors()
            .take_while(|folder| !folder.as_str().is_empty() && !folder.exists())
            .map(ToOwned::to_owned)
            .collect();
        for folder in missing.into_iter().rev() {
            match fs_err::create_dir(&folder) {
                Ok(()) => self.0.push(folder),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io(&folder, error)),
            }
        }
        Ok(())
    }

    /// Removes what it made, if nobody put anything into it.
    fn undo(self) {
        for folder in self.0.into_iter().rev() {
            let _ = fs_err::remove_dir(folder);
        }
    }
}

struct Staged {
    /// What takes the target's place; `None` when nothing does.
    file: Option<NamedTempFile>,
    target: Utf8PathBuf,
}

fn stage(root: &Utf8Path, jobs: &[Job<'_>], made: &mut Made) -> Result<Vec<Staged>, Error> {
    jobs.iter()
        .map(|job| {
            tree::check_way(root, &job.path)?;
            let target = root.join(&job.path);
            let Some(bytes) = job.bytes else {
                return Ok(Staged { file: None, target });
            };
            let folder = target.parent().unwrap_or(root);
            made.folder(folder)?;
            let file = fill(folder, bytes).map_err(|error| Error::io(&target, error))?;
            let file = Some(file);
            Ok(Staged { file, target })
        })
        .collect()
}

fn fill(folder: &Utf8Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".scaffold-");
    // As a new file of the user's own would be: readable by whoever builds the image, less what the umask takes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder)?;
    // Not synchronised with the disk: the rename keeps a killed process from leaving half a file, and waiting for the
    // disk ten times would take longer than all else together.
    file.write_all(bytes)?;
    Ok(file)
}

fn commit(staged: Vec<Staged>) -> Result<(), Error> {
    for Staged { file, target } in staged {
        let done = match file {
            Some(file) => file.persist(&target).map(drop).map_err(|error| error.error),
            None => fs_err::remove_file(&target),
        };
        match done {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            other => other.map_err(|error| Error::io(&target, error))?,
        }
    }
    Ok(())
}
