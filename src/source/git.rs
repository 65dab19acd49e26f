//! The `git` program: fetches one commit into a bare repository of our own and reads a folder out of it. Nothing is
//! checked out, so no hook, no filter and no symbolic link of the repository has a chance; arguments go as a list, no
//! shell reads them.
use std::io::Write;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::Error;
use super::address::Repository;
use crate::language::files::{Entry, EntryKind};

/// Variables that would make git look elsewhere, such as those that it sets for a hook.
const FOREIGN: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
];

/// Fetches into a name of ours and touches nothing else.
const FETCH: [&str; 5] = [
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--force",
];

/// The commit at which a person trusted the source.
const TRUSTED: &str = "refs/scaffold/trusted";

/// One repository in the cache.
#[derive(Debug)]
pub(super) struct Cached<'a> {
    folder: Utf8PathBuf,
    repository: &'a Repository,
    can_ask: bool,
}

impl<'a> Cached<'a> {
    /// The place of a repository in the cache; nothing is there yet.
    pub(super) fn new(cache: &Utf8Path, repository: &'a Repository, can_ask: bool) -> Self {
        let digest = Sha256::digest(repository.url.as_bytes());
        let name = hex(&digest[..16]);
        Self {
            folder: cache.join("templates").join(name),
            repository,
            can_ask,
        }
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Output, Error> {
        let mut command = Command::new("git");
        // The user's own configuration stays: it knows how to log in.
        command
            .args([
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "gc.auto=0",
            ])
            .args([
                "-c",
                "fetch.recurseSubmodules=false",
                "-c",
                "protocol.ext.allow=never",
            ])
            .arg(format!("--git-dir={}", self.folder))
            .args(arguments)
            .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for variable in FOREIGN {
            command.env_remove(variable);
        }
        if !self.can_ask {
            command
                .env("GIT_TERMINAL_PROMPT", "0")
                .env("SSH_ASKPASS", "false")
                .env("SSH_ASKPASS_REQUIRE", "force");
        }
        let mut child = command.spawn().map_err(Error::NoGit)?;
        // Both pipes at once, or a long input and a long output would wait for each other.
        let pipe = child.stdin.take();
        std::thread::scope(|scope| {
            let writer = scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(input)));
            let output = child.wait_with_output().map_err(Error::NoGit);
            let _ = writer.join();
            output
        })
    }

    /// The trimmed output; `None` when git says no.
    fn ask(&self, arguments: &[&str]) -> Option<String> {
        let output = self.run(arguments, b"").ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }

    fn must(&self, arguments: &[&str]) -> Result<Output, Error> {
        let output = self.run(arguments, b"")?;
        if output.status.success() {
            return Ok(output);
        }
        Err(Error::Git {
            url: self.repository.url.clone(),
            said: last_words(&output.stderr),
        })
    }

    /// The name under which a version is kept.
    fn kept(version: &str) -> String {
        format!("refs/scaffold/version/{}", hex(version.as_bytes()))
    }

    /// The commit of a version, as far as the cache knows.
    pub(super) fn known(&self, version: &str) -> Option<String> {
        let name = format!("{}^{{commit}}", Self::kept(version));
        self.ask(&["rev-parse", "--verify", "--quiet", &name])
    }

    /// Fetches a version and gives its commit.
    pub(super) fn fetch(&self, version: &str) -> Result<String, Error> {
        if !self.folder.join("HEAD").is_file() {
            self.must(&[
                "init",
                "--quiet",
                "--bare",
                "--template=",
                self.folder.as_str(),
            ])?;
        }
        let pair = format!("+{version}:{}", Self::kept(version));
        let tail = ["--", self.repository.url.as_str(), pair.as_str()];
        let shallow = [&FETCH[..], &["--depth=1"], &tail[..]].concat();
        // A server of plain files cannot give less than everything.
        if let Err(error) = self.must(&shallow) {
            let plain = matches!(&error, Error::Git { said, .. } if said.contains("shallow"));
            if !plain {
                return Err(error);
            }
            self.must(&[&FETCH[..], &tail[..]].concat())?;
        }
        self.known(version).ok_or_else(|| Error::Git {
            url: self.repository.url.clone(),
            said: format!("{version} is no commit"),
        })
    }

    /// Keeps a commit under its own name.
    pub(super) fn keep(&self, commit: &str) -> Result<(), Error> {
        self.must(&["update-ref", &Self::kept(commit), commit])
            .map(|_| ())
    }

    /// Fetches one commit; where the server gives only what has a name, all of what the version is now.
    pub(super) fn fetch_commit(&self, commit: &str, version: &str) -> Result<String, Error> {
        let first = match self.fetch(commit) {
            Ok(commit) => return Ok(commit),
            Err(error) => error,
        };
        let pair = format!("+{version}:{}", Self::kept(version));
        self.must(&[&FETCH[..], &["--", &self.repository.url, &pair]].concat())?;
        let object = format!("{commit}^{{commit}}");
        let there = self.ask(&["rev-parse", "--verify", "--quiet", &object]);
        let commit = there.ok_or(first)?;
        self.keep(&commit)?;
        Ok(commit)
    }

    /// Whether a person trusted this repository on this machine.
    pub(super) fn is_trusted(&self) -> bool {
        self.folder.is_dir()
            && self
                .ask(&["rev-parse", "--verify", "--quiet", TRUSTED])
                .is_some()
    }

    /// Remembers that a person trusts it.
    pub(super) fn trust(&self, commit: &str) -> Result<(), Error> {
        self.must(&["update-ref", TRUSTED, commit]).map(|_| ())
    }

    /// All files of the folder at a commit.
    pub(super) fn entries(&self, commit: &str) -> Result<Vec<Entry>, Error> {
        let tree = format!("{commit}:{}", self.repository.folder);
        self.listed(&["-r", &tree])
    }

    /// One file at a commit, by its path from the top.
    pub(super) fn entry(&self, commit: &str, path: &str) -> Result<Option<Entry>, Error> {
        Ok(self.listed(&[commit, "--", path])?.pop())
    }

    fn listed(&self, what: &[&str]) -> Result<Vec<Entry>, Error> {
        let listing = self.must(&[&["ls-tree", "-z", "--long", "--full-tree"], what].concat())?;
        let mut entries = Vec::new();
        for line in listing
            .stdout
            .split(|byte| *byte == 0)
            .filter(|line| !line.is_empty())
        {
            let entry = parse(line).ok_or_else(|| Error::Git {
                url: self.repository.url.clone(),
                said: "a listing that this program does not understand".to_owned(),
            })?;
            entries.push(entry);
        }
        Ok(entries)
    }

    /// The bytes of objects, in their order.
    pub(super) fn objects(&self, ids: &[&str]) -> Result<Vec<Vec<u8>>, Error> {
        let input = ids.join("\n") + "\n";
        let output = self.run(&["cat-file", "--batch"], input.as_bytes())?.stdout;
        let mut rest = output.as_slice();
        let mut objects = Vec::new();
        for id in ids {
            let object = next_object(&mut rest).ok_or_else(|| Error::Git {
                url: self.repository.url.clone(),
                said: format!("the object {id} is missing"),
            })?;
            objects.push(object);
        }
        Ok(objects)
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// `ID blob SIZE`, a line feed, the bytes, a line feed.
fn next_object(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&rest[..end]).ok()?;
    let size: usize = head.split(' ').nth(2)?.parse().ok()?;
    let bytes = rest.get(end + 1..end + 1 + size)?.to_vec();
    *rest = rest.get(end + 2 + size..)?;
    Some(bytes)
}

/// `MODE TYPE ID SIZE`, a tab, the path.
fn parse(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let head = std::str::from_utf8(&line[..tab]).ok()?;
    let mut words = head.split_ascii_whitespace();
    let mode = words.next()?;
    let id = words.nth(1)?.to_owned();
    let size = words.next()?.parse().unwrap_or(0);
    let kind = match mode {
        "120000" => EntryKind::Link,
        "160000" => EntryKind::Other,
        _ => EntryKind::File,
    };
    let path = String::from_utf8_lossy(&line[tab + 1..]).into_owned();
    Some(Entry {
        path,
        kind,
        size,
        id,
    })
}

/// What git said last, in a form that a terminal can bear.
fn last_words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = &lines[lines.len().saturating_sub(3)..];
    last.join("; ").escape_debug().to_string()
}
