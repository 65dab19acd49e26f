//! A copy of the build's context in a place of its own: what is tried is tried there, and the user's tree stays as it
//! is. This file writes below the place for temporary files only.
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::Result;
use crate::dockerfile::ignore::Ignore;

/// Files that stand in many repositories and must never reach an image, whatever the project is.
pub const PLANTED: [&str; 6] = [
    ".env",
    "id_rsa",
    ".git/config",
    "secrets/.env",
    "secrets/deploy.pem",
    "deep/down/id_rsa",
];
/// What each of them holds: a comment, so that tools which read such files stay content. Its length is unusual, so that
/// a file of that size is almost certainly one of them.
pub const CANARY: &str = "# CANARY-OF-THE-PROOF\n";
/// The length of a planted file.
pub const PLANTED_SIZE: usize = CANARY.len() * 211;

/// A copy that goes when this value goes.
pub struct Copy {
    _place: TempDir,
    /// The folder.
    pub folder: PathBuf,
}

impl Copy {
    /// Copies what a build of `folder` can see, with the files that say what that is.
    pub fn of(folder: &Path, place: TempDir) -> Result<Self> {
        let to = place.path().join("context");
        let ignore = fs_err::read_to_string(folder.join(".dockerignore")).unwrap_or_default();
        let ignore = Ignore::new(ignore.lines());
        for path in seen(folder, &ignore)? {
            copy(&folder.join(&path), &to.join(&path))?;
        }
        Ok(Self {
            _place: place,
            folder: to,
        })
    }

    /// Puts a line at the end of a file.
    pub fn append(&self, file: &str, line: &str) -> Result<()> {
        let path = self.folder.join(file);
        let mut bytes = fs_err::read(&path)?;
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        bytes.extend(line.bytes().chain([b'\n']));
        write(&path, &bytes)
    }

    /// Plants what must never reach an image. What is there already stays.
    pub fn plant_secrets(&self) -> Result<()> {
        let content = CANARY.repeat(PLANTED_SIZE / CANARY.len());
        PLANTED
            .iter()
            .try_for_each(|name| write(&self.folder.join(name), content.as_bytes()))?;
        self.make_repository()
    }

    /// `.git` with a configuration and nothing else would break every build that asks for its commit.
    fn make_repository(&self) -> Result<()> {
        let git = self.folder.join(".git");
        if git.join("HEAD").exists() {
            return Ok(());
        }
        fs_err::create_dir_all(git.join("objects"))?;
        fs_err::create_dir_all(git.join("refs"))?;
        write(&git.join("HEAD"), b"ref: refs/heads/main\n")
    }
}

/// The paths below a folder that a build sees, and those that the builder itself reads. Links are paths too; they are
/// not followed.
pub fn seen(folder: &Path, ignore: &Ignore) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut pending = vec![String::new()];
    while let Some(below) = pending.pop() {
        for entry in fs_err::read_dir(folder.join(&below))? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            let hidden = ignore.hidden_by(&path).is_some();
            if entry.file_type()?.is_dir() {
                if !hidden || ignore.has_exception_below(&path) {
                    pending.push(path);
                }
            } else if !hidden || is_for_the_builder(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_for_the_builder(path: &str) -> bool {
    path == ".dockerignore" || path.ends_with("Dockerfile") || path.ends_with("Containerfile")
}

/// Copies a folder over another; what is there already and has no counterpart stays.
pub fn tree(from: &Path, to: &Path) -> Result<()> {
    fs_err::create_dir_all(to)?;
    for path in seen(from, &Ignore::default())? {
        copy(&from.join(&path), &to.join(&path))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    to.parent().map_or(Ok(()), fs_err::create_dir_all)?;
    #[cfg(unix)]
    if from.is_symlink() {
        let target = fs_err::read_link(from)?;
        return Ok(fs_err::os::unix::fs::symlink(target, to)?);
    }
    // A link elsewhere, a socket or a pipe is no file of a context.
    if from.is_file() {
        fs_err::copy(from, to)?;
    }
    Ok(())
}

/// Writes a file of a temporary folder.
#[expect(
    clippy::disallowed_methods,
    reason = "a file of a temporary copy, never of the user's tree"
)]
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    path.parent().map_or(Ok(()), fs_err::create_dir_all)?;
    Ok(std::fs::write(path, bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_holds_what_a_build_sees() {
        let from = tempfile::tempdir().unwrap();
        for name in ["Dockerfile", "src/a", "logs/x", "logs/keep"] {
            write(&from.path().join(name), b"x").unwrap();
        }
        write(
            &from.path().join(".dockerignore"),
            b"logs\n!logs/keep\nDockerfile\n",
        )
        .unwrap();
        let copy = Copy::of(from.path(), tempfile::tempdir().unwrap()).unwrap();
        copy.append("src/a", "y").unwrap();
        let paths = seen(&copy.folder, &Ignore::default()).unwrap();
        assert_eq!(paths, [".dockerignore", "Dockerfile", "logs/keep", "src/a"]);
        assert_eq!(fs_err::read(copy.folder.join("src/a")).unwrap(), b"x\ny\n");
        assert_eq!(fs_err::read(from.path().join("src/a")).unwrap(), b"x");
    }

    #[test]
    fn what_is_planted_is_a_repository_to_tools() {
        let from = tempfile::tempdir().unwrap();
        let copy = Copy::of(from.path(), tempfile::tempdir().unwrap()).unwrap();
        copy.plant_secrets().unwrap();
        let status = std::process::Command::new("git")
            .args(["status", "--porcelain"])
            .current_dir(&copy.folder)
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
        assert!(!status.stdout.is_empty());
    }
}
