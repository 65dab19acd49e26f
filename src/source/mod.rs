//! Where language folders of one's own come from: a directory, or a folder of a git repository at a fixed commit.
use camino::{Utf8Path, Utf8PathBuf};

pub mod address;
mod git;

pub use address::{Address, Repository};

use crate::language::files::{self, Files};
use git::Cached;

/// Why a folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is missing.
    #[error("`git` cannot be run ({0}); a directory works without it")]
    NoGit(std::io::Error),
    /// There is nowhere to keep what is fetched.
    #[error("there is no folder for a cache: set XDG_CACHE_HOME or HOME")]
    NoCache,
    /// Only the cache may be used, and it does not have it.
    #[error("{url} at {version} is not in the cache, and nothing is fetched with --offline")]
    Offline {
        /// The repository.
        url: String,
        /// The version.
        version: String,
    },
    /// What git said.
    #[error("{url} cannot be fetched: {said}")]
    Git {
        /// The repository.
        url: String,
        /// Its last words.
        said: String,
    },
    /// The folder holds what no language folder may hold.
    #[error("{0}")]
    Files(#[from] files::Error),
}

/// How to fetch.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    /// Where repositories are kept.
    pub cache: Option<&'a Utf8PathBuf>,
    /// Whether only the cache may be used.
    pub offline: bool,
    /// Whether `git` may ask for a password.
    pub can_ask: bool,
}

/// A repository's folder at one commit.
#[derive(Debug)]
pub struct Fetched {
    /// The commit.
    pub commit: String,
    /// Its files.
    pub files: Files,
}

/// Fetches a folder: at `pinned`, the commit of an earlier run, or else at what its version is now.
pub fn fetch(
    repository: &Repository,
    pinned: Option<&str>,
    manner: Manner<'_>,
) -> Result<Fetched, Error> {
    let cached = cached(repository, manner)?;
    let version = pinned.or(repository.version.as_deref()).unwrap_or("HEAD");
    // A commit never changes: what is there is as good as what would be fetched.
    let there = (manner.offline || pinned.is_some())
        .then(|| cached.known(version))
        .flatten();
    let commit = match (there, pinned) {
        (Some(commit), _) => commit,
        (None, Some(pinned)) if !manner.offline => {
            cached.fetch_commit(pinned, repository.version.as_deref().unwrap_or("HEAD"))?
        }
        (None, _) if manner.offline => {
            let url = repository.url.clone();
            return Err(Error::Offline {
                url,
                version: version.to_owned(),
            });
        }
        (None, _) => cached.fetch(version)?,
    };
    if pinned.is_none() && !manner.offline {
        // The lock will name this commit, and a later run ask for it by its name.
        cached.keep(&commit)?;
    }
    let files = read(&cached, &commit)?;
    Ok(Fetched { commit, files })
}

fn read(cached: &Cached<'_>, commit: &str) -> Result<Files, Error> {
    let entries = cached.entries(commit)?;
    Files::listed(&entries, |ids| cached.objects(ids))
}

/// The files of the folder of that name beside the repository's folder, at a commit that was fetched; none where there is
/// no such folder.
pub fn beside(
    repository: &Repository,
    commit: &str,
    name: &str,
    manner: Manner<'_>,
) -> Result<Option<Files>, Error> {
    if repository.folder.is_empty() {
        return Ok(None);
    }
    let parent = Utf8Path::new(&repository.folder).parent();
    let other = Repository {
        folder: parent.unwrap_or(Utf8Path::new("")).join(name).into_string(),
        ..repository.clone()
    };
    let cached = cached(&other, manner)?;
    match read(&cached, commit) {
        Err(Error::Git { .. }) => Ok(None),
        read => read.map(Some),
    }
}

/// A file of a repository at a commit that was fetched, by its path from the top.
pub fn file(
    repository: &Repository,
    commit: &str,
    path: &str,
    manner: Manner<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    let cached = cached(repository, manner)?;
    let Some(entry) = cached.entry(commit, path)? else {
        return Ok(None);
    };
    Files::admit(&entry)?;
    Ok(cached.objects(&[&entry.id])?.pop())
}

/// Whether a person trusted this repository before, on this machine.
pub fn is_trusted(repository: &Repository, manner: Manner<'_>) -> bool {
    cached(repository, manner).is_ok_and(|cached| cached.is_trusted())
}

/// Remembers that a person trusts it.
pub fn trust(repository: &Repository, commit: &str, manner: Manner<'_>) -> Result<(), Error> {
    cached(repository, manner)?.trust(commit)
}

fn cached<'a>(repository: &'a Repository, manner: Manner<'_>) -> Result<Cached<'a>, Error> {
    let cache: &Utf8Path = manner.cache.ok_or(Error::NoCache)?;
    Ok(Cached::new(cache, repository, manner.can_ask))
}
