//! The folder under proof: always a copy in a place of its own, so that nothing in the repository changes.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::case::{Case, Change};
use super::command::Call;
use super::error::{Result, ensure, refuted};

/// Files that stand in many repositories and must never reach an image, whatever the project is.
pub(crate) const PLANTED: [&str; 6] = [
    ".env",
    "id_rsa",
    ".git/config",
    "secrets/.env",
    "secrets/deploy.pem",
    "deep/down/id_rsa",
];
/// What each of them holds. Its length is unusual, so that a file of that size is almost certainly one of them.
pub(crate) const CANARY: &str = "CANARY-OF-THE-PROOF\n";
/// The length of a planted file.
pub(crate) const PLANTED_SIZE: usize = CANARY.len() * 211;

/// A project folder that goes when this value goes.
pub(crate) struct Project {
    _place: TempDir,
    /// The folder.
    pub(crate) folder: PathBuf,
}

impl Project {
    /// Makes the folder that a case is about.
    pub(crate) fn make(case: &Case, scaffold: &Path, repository: &Path) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let folder = place.path().join("shop");
        match &case.folder {
            Some(from) => {
                copy_tree(&repository.join(from), &folder)?;
                generate(scaffold, &folder)?;
            }
            None => new_project(case, scaffold, place.path())?,
        }
        let project = Self {
            _place: place,
            folder,
        };
        case.change
            .iter()
            .try_for_each(|change| project.change(change))?;
        Ok(project)
    }

    /// A copy to try something on.
    pub(crate) fn copy(&self) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let folder = place.path().join("shop");
        copy_tree(&self.folder, &folder)?;
        Ok(Self {
            _place: place,
            folder,
        })
    }

    /// Its Dockerfile's path.
    pub(crate) fn dockerfile(&self) -> PathBuf {
        self.folder.join("Dockerfile")
    }

    /// Puts a line at the end of a file.
    pub(crate) fn append(&self, file: &str, line: &str) -> Result<()> {
        let path = self.folder.join(file);
        let text = fs_err::read_to_string(&path)?;
        write(&path, &format!("{}\n{line}\n", text.trim_end()))
    }

    /// Plants what must never reach an image.
    pub(crate) fn plant_secrets(&self) -> Result<()> {
        let content = CANARY.repeat(PLANTED_SIZE / CANARY.len());
        PLANTED
            .iter()
            .try_for_each(|name| write(&self.folder.join(name), &content))
    }

    /// Takes files away by the ends of their names, at any depth.
    pub(crate) fn remove(&self, ends: &[String]) -> Result<()> {
        for file in files(&self.folder)? {
            let name = file.to_string_lossy();
            if ends.iter().any(|end| name.ends_with(end.as_str())) {
                fs_err::remove_file(&file)?;
            }
        }
        Ok(())
    }

    /// Lays a folder's files over a folder of the project.
    pub(crate) fn lay_over(&self, source: &Path, into: &str) -> Result<()> {
        copy_tree(source, &self.folder.join(into))
    }

    fn change(&self, change: &Change) -> Result<()> {
        let path = self.folder.join(&change.file);
        let text = fs_err::read_to_string(&path)?;
        ensure(
            text.contains(&change.find),
            format!("{:?} in {}", change.find, change.file),
            "no such text",
        )?;
        write(&path, &text.replace(&change.find, &change.with))
    }
}

/// Makes the container files of a project that has only its spec; what is there already stays as it is.
fn generate(scaffold: &Path, folder: &Path) -> Result<()> {
    if folder.join("Dockerfile").exists() {
        return Ok(());
    }
    let call = Call::new(scaffold).args(["generate", "--no-input"]);
    call.folder(folder).stdout().map(drop)
}

/// Calls the product as a script would.
fn new_project(case: &Case, scaffold: &Path, place: &Path) -> Result<()> {
    let sets = case.set.iter().flat_map(|set| ["--set", set.as_str()]);
    let call = Call::new(scaffold)
        .args(["new", "shop", "--lang", &case.lang, "--no-input"])
        .args(sets)
        .folder(place);
    call.stdout()?;
    let dockerfile = place.join("shop").join("Dockerfile");
    if dockerfile.exists() {
        Ok(())
    } else {
        Err(refuted(format!("a Dockerfile from `{call}`"), "none"))
    }
}

/// Copies a folder over another; what is there already and has no counterpart stays.
fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs_err::create_dir_all(to)?;
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        target.parent().map_or(Ok(()), fs_err::create_dir_all)?;
        fs_err::copy(&file, &target)?;
    }
    Ok(())
}

/// All files below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a file of a temporary copy, never of the user's tree"
)]
fn write(path: &Path, text: &str) -> Result<()> {
    path.parent().map_or(Ok(()), fs_err::create_dir_all)?;
    Ok(std::fs::write(path, text)?)
}
