//! The folder under proof: always a copy in a place of its own, so that nothing in the repository changes.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use stagewright::dockerfile::ignore::Ignore;
use stagewright::engine::Result;
use stagewright::engine::command::Call;
use stagewright::engine::copy::{seen, tree, write};
use stagewright::engine::error::{ensure, refuted};

use super::case::{Case, Change};

/// A project folder that goes when this value goes.
pub(crate) struct Project {
    place: TempDir,
    /// The folder.
    pub(crate) folder: PathBuf,
    /// The folder of its Dockerfile, below that.
    service: String,
}

impl Project {
    /// Makes the folder that a case is about.
    pub(crate) fn make(case: &Case, scaffold: &Path, repository: &Path) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let folder = place.path().join("shop");
        match &case.folder {
            Some(from) => {
                tree(&repository.join(from), &folder)?;
                generate(scaffold, &folder)?;
            }
            None => new_project(case, scaffold, place.path())?,
        }
        let service = case.service.clone().unwrap_or_default();
        let project = Self {
            place,
            folder,
            service,
        };
        case.change
            .iter()
            .try_for_each(|change| project.change(change))?;
        Ok(project)
    }

    /// Its Dockerfile's path.
    pub(crate) fn dockerfile(&self) -> PathBuf {
        self.folder.join(&self.service).join("Dockerfile")
    }

    /// Arguments that hand the case's secrets to a build, from files beside the folder.
    pub(crate) fn secrets(&self, case: &Case) -> Vec<String> {
        let hand = |(id, content): (&String, &String)| {
            let path = self.place.path().join(id);
            let _ = write(&path, content.as_bytes());
            format!("--secret=id={id},src={}", path.display())
        };
        case.secrets.iter().map(hand).collect()
    }

    fn change(&self, change: &Change) -> Result<()> {
        let path = self.folder.join(&change.file);
        let text = fs_err::read_to_string(&path)?;
        ensure(
            text.contains(&change.find),
            format!("{:?} in {}", change.find, change.file),
            "no such text",
        )?;
        write(&path, text.replace(&change.find, &change.with).as_bytes())
    }
}

/// Makes the container files of a project that has only its spec, or not even that; what is there already stays as it is.
fn generate(scaffold: &Path, folder: &Path) -> Result<()> {
    if folder.join("Dockerfile").exists() {
        return Ok(());
    }
    let is_told = folder.join("scaffold.toml").exists();
    let command = if is_told { "generate" } else { "init" };
    let call = Call::new(scaffold).args([command, "--no-input"]);
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

/// Takes files of a folder away by the ends of their names, at any depth.
pub(crate) fn remove(folder: &Path, ends: &[String]) -> Result<()> {
    for path in seen(folder, &Ignore::default())? {
        if ends.iter().any(|end| path.ends_with(end.as_str())) {
            fs_err::remove_file(folder.join(path))?;
        }
    }
    Ok(())
}
