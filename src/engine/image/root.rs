//! The layers laid over each other: what a process of the image finds at a path.
use std::collections::BTreeMap;

use super::archive::Layer;
use super::content::{Content, Entry, Node};

/// How many links in a row are followed, as in Linux.
const LINKS: usize = 40;

/// The root file system.
#[derive(Debug, Default)]
pub struct Root {
    files: BTreeMap<String, (usize, Entry)>,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
pub struct Found<'r> {
    /// The path at the end of all links, without a slash before it.
    pub path: &'r str,
    /// What lies there.
    pub entry: &'r Entry,
    /// The layer that it is of, from 0.
    pub layer: usize,
}

impl Root {
    /// Lays the layers over each other.
    pub fn of(layers: &[Layer]) -> Self {
        let mut root = Self::default();
        for (number, layer) in layers.iter().enumerate() {
            for entry in &layer.entries {
                root.hide(entry);
            }
            for entry in &layer.entries {
                root.lay(number, entry);
            }
        }
        root
    }

    /// Takes away what a layer says is gone (<https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts>).
    fn hide(&mut self, entry: &Entry) {
        let (folder, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        if name == ".wh..wh..opq" {
            self.remove_below(folder);
        } else if let Some(gone) = name.strip_prefix(".wh.") {
            let path = if folder.is_empty() {
                gone.to_owned()
            } else {
                format!("{folder}/{gone}")
            };
            self.remove_below(&path);
            self.files.remove(&path);
        }
    }

    fn lay(&mut self, layer: usize, entry: &Entry) {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        if name.starts_with(".wh.") || entry.path.is_empty() {
            return;
        }
        if entry.node != Node::Folder {
            self.remove_below(&entry.path);
        }
        self.files
            .insert(entry.path.clone(), (layer, entry.clone()));
    }

    fn remove_below(&mut self, folder: &str) {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let below = self
            .files
            .range(prefix.clone()..)
            .map(|(path, _)| path.clone());
        let below: Vec<_> = below.take_while(|path| path.starts_with(&prefix)).collect();
        for path in below {
            self.files.remove(&path);
        }
    }

    /// Every path, in order.
    pub fn all(&self) -> impl Iterator<Item = Found<'_>> {
        self.files.iter().map(|(path, (layer, entry))| Found {
            path,
            entry,
            layer: *layer,
        })
    }

    /// What an absolute path leads to, through all links; or the first path on the way that is not there.
    pub fn find(&self, path: &str) -> Result<Found<'_>, String> {
        let mut at: Vec<String> = Vec::new();
        let mut pending: Vec<String> = parts(path);
        let mut links = 0;
        while let Some(part) = pending.pop() {
            if part == ".." {
                at.pop();
                continue;
            }
            at.push(part);
            let here = at.join("/");
            match self.files.get(&here).map(|(_, entry)| &entry.node) {
                Some(Node::Link(target)) => {
                    links += 1;
                    if links > LINKS {
                        return Err(format!("/{here} (links in a circle)"));
                    }
                    at.pop();
                    if target.starts_with('/') {
                        at.clear();
                    }
                    pending.extend(parts(target));
                }
                Some(_) => {}
                None if self.has_below(&here) => {}
                None => return Err(format!("/{here}")),
            }
        }
        self.file(&at.join("/"))
            .ok_or_else(|| format!("/{}", at.join("/")))
    }

    /// The file at a path without links; one of two names of the same file has the other's content.
    fn file(&self, path: &str) -> Option<Found<'_>> {
        let (path, (layer, entry)) = self.files.get_key_value(path)?;
        match &entry.node {
            Node::Same(other) if other != path => {
                let (_, same) = self.files.get(other)?;
                Some(Found {
                    path,
                    entry: same,
                    layer: *layer,
                })
            }
            _ => Some(Found {
                path,
                entry,
                layer: *layer,
            }),
        }
    }

    fn has_below(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        let next = self.files.range(prefix.clone()..).next();
        next.is_some_and(|(path, _)| path.starts_with(&prefix))
    }

    /// The content of a small file that was kept.
    pub fn kept(&self, path: &str) -> Option<&[u8]> {
        match &self.find(path).ok()?.entry.node {
            Node::File(Content::Kept(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Whether a user may run the file, and come to it.
    pub fn may_run(&self, found: &Found<'_>, user: (u64, u64)) -> bool {
        let folders = found
            .path
            .match_indices('/')
            .map(|(end, _)| &found.path[..end]);
        let ways = folders.filter_map(|folder| Some(&self.files.get(folder)?.1));
        ways.chain([found.entry]).all(|entry| allows(entry, user))
    }
}

/// Whether the bit for this user is set. Root may run what anybody may.
fn allows(entry: &Entry, (uid, gid): (u64, u64)) -> bool {
    let bit = match (uid, entry.uid == uid, entry.gid == gid) {
        (0, ..) => 0o111,
        (_, true, _) => 0o100,
        (_, false, true) => 0o010,
        _ => 0o001,
    };
    entry.mode & bit != 0
}

/// The parts of a path, the last first.
fn parts(path: &str) -> Vec<String> {
    let parts = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    parts.rev().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, file, folder, link};
    use super::*;

    fn root(layers: Vec<Vec<Entry>>) -> Root {
        Root::of(&Sample::layers(layers))
    }

    #[test]
    fn links_stay_inside_the_image() {
        let root = root(vec![vec![
            link("bin", "usr/bin"),
            file("usr/bin/sh", 0o755, b"x"),
            link("opt/venv/bin/python", "/../../usr/local/bin/python3"),
            link("usr/local/bin/python3", "python3.13"),
            file("usr/local/bin/python3.13", 0o755, b"x"),
            link("a", "b"),
            link("b", "a"),
        ]]);
        assert_eq!(root.find("/bin/sh").unwrap().path, "usr/bin/sh");
        assert_eq!(
            root.find("/opt/venv/bin/python").unwrap().path,
            "usr/local/bin/python3.13"
        );
        assert_eq!(root.find("/bin/bash").unwrap_err(), "/usr/bin/bash");
        assert!(root.find("/a").unwrap_err().contains("circle"));
    }

    #[test]
    fn upper_layers_hide_lower_ones() {
        let root = root(vec![
            vec![
                file("app/a", 0o644, b"1"),
                file("app/b", 0o644, b"1"),
                file("cache/x", 0o644, b"1"),
            ],
            vec![
                file("app/.wh.a", 0, b""),
                file("cache/.wh..wh..opq", 0, b""),
                file("cache/y", 0o644, b"1"),
            ],
        ]);
        let paths: Vec<_> = root.all().map(|found| found.path).collect();
        assert_eq!(paths, ["app/b", "cache/y"]);
    }

    #[test]
    fn who_may_run_it_is_said_by_file_and_folders() {
        let root = root(vec![vec![
            folder("srv", 0o700),
            file("srv/a", 0o755, b"x"),
            file("b", 0o750, b"x"),
            file("c", 0o644, b"x"),
        ]]);
        let may = |path: &str, user| root.may_run(&root.find(path).unwrap(), user);
        assert!(!may("/srv/a", (65532, 65532)));
        assert!(may("/srv/a", (0, 0)));
        assert!(may("/b", (65532, 0)));
        assert!(!may("/b", (65532, 65532)));
        assert!(!may("/c", (0, 0)));
    }
}
