//! Whether a program finds its loader, and every library that it and those need, in the version that they were linked
//! against: as ld.so and musl's loader look for them (ld.so(8), <https://wiki.musl-libc.org/functional-differences-from-glibc.html>).
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cache::cached;
use super::commands::variable;
use super::content::{Content, Node};
use super::elf::Elf;
use super::root::{Found, Root};

/// Where glibc's loader looks at last, with the folders of Debian's machines.
const FOLDERS: [&str; 4] = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];
/// Where musl's looks unless a file says otherwise.
const MUSL_FOLDERS: &str = "/lib:/usr/local/lib:/usr/lib";
/// Libraries that are musl itself, whatever stands behind the dot.
const MUSL_ITSELF: [&str; 7] = [
    "libc.",
    "libpthread.",
    "librt.",
    "libm.",
    "libdl.",
    "libutil.",
    "libxnet.",
];
/// Parts of paths of native modules that are brought for other machines or libcs on purpose.
const FOR_OTHERS: [&str; 4] = ["prebuilds/", "musl", "glibc", "-gnu/"];

/// The libraries of an image.
#[derive(Debug)]
pub struct Libraries<'r> {
    root: &'r Root,
    wanted: Vec<String>,
    cache: BTreeMap<String, Vec<String>>,
    musl: Vec<String>,
    names: BTreeSet<&'r str>,
    libc: Option<&'static str>,
}

/// A library on its way into a process, with those that brought it.
struct Loading<'r> {
    path: &'r str,
    elf: &'r Elf,
    rpath: Vec<String>,
}

impl<'r> Libraries<'r> {
    /// Those of a root file system with that configuration.
    pub fn new(root: &'r Root, config: &Value) -> Self {
        let list = |text: &str| -> Vec<String> {
            let parts = text
                .split([':', '\n'])
                .map(str::trim)
                .filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        let paths = root
            .all()
            .find(|found| found.path.starts_with("etc/ld-musl-"));
        let musl = paths
            .and_then(|found| root.kept(found.path))
            .map(String::from_utf8_lossy);
        let names: BTreeSet<_> = root
            .all()
            .filter_map(|found| found.path.rsplit('/').next())
            .collect();
        Self {
            root,
            wanted: list(&variable(&config["config"], "LD_LIBRARY_PATH").unwrap_or_default()),
            cache: root
                .kept("/etc/ld.so.cache")
                .map(cached)
                .unwrap_or_default(),
            musl: list(musl.as_deref().unwrap_or(MUSL_FOLDERS)),
            libc: libc(&names),
            names,
        }
    }

    /// What keeps a program from starting; empty when nothing does.
    pub fn faults(&self, path: &'r str, elf: &'r Elf) -> Vec<String> {
        let Some(loader) = &elf.loader else {
            return Vec::new();
        };
        match self.root.find(loader) {
            Err(_) => return vec![self.no_loader(path, loader)],
            // A loader of the other libc that only passes for this one: what it gives cannot be read.
            Ok(found) if !loader.contains("musl") && is_musl(found) => return Vec::new(),
            Ok(_) => {}
        }
        self.closure(path, elf, loader.contains("ld-musl-"))
    }

    fn no_loader(&self, path: &str, loader: &str) -> String {
        let why = match (loader.contains("musl"), self.libc) {
            (false, Some("musl")) => {
                ": it was linked against glibc, and the image has musl. Link it statically, or build and run it on the same libc"
            }
            (true, Some("glibc")) => {
                ": it was linked against musl, and the image has glibc. Link it statically, or build and run it on the same libc"
            }
            (_, None) => {
                ": the image has no libc. Link it statically, or run it on a base with the libc that it was built on"
            }
            _ => "",
        };
        format!("the ELF loader {loader} of /{path} is not in the image{why}")
    }

    fn closure(&self, path: &'r str, elf: &'r Elf, musl: bool) -> Vec<String> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::from([path]);
        let mut pending = vec![Loading {
            path,
            elf,
            rpath: Vec::new(),
        }];
        while let Some(loading) = pending.pop() {
            let mut found = BTreeMap::new();
            for name in &loading.elf.needed {
                if musl && MUSL_ITSELF.iter().any(|own| name.starts_with(own)) {
                    continue;
                }
                let Some(library) = self.locate(name, &loading, musl) else {
                    faults.push(format!(
                        "{name}, which /{} needs, is not where its loader looks",
                        loading.path
                    ));
                    continue;
                };
                found.insert(name.as_str(), library.1);
                if seen.insert(library.0) {
                    let rpath = [
                        loading.rpath.as_slice(),
                        &origin(&loading.elf.rpath, loading.path),
                    ]
                    .concat();
                    pending.push(Loading {
                        path: library.0,
                        elf: library.1,
                        rpath,
                    });
                }
            }
            faults.extend(versions(&loading, &found));
        }
        faults
    }

    /// The library of that name for this machine, where the loader finds it first.
    fn locate(&self, name: &str, loading: &Loading<'r>, musl: bool) -> Option<(&'r str, &'r Elf)> {
        let fits = |path: &str| {
            let found = self.root.find(path).ok()?;
            match &found.entry.node {
                Node::File(Content::Elf(elf)) if elf.machine == loading.elf.machine => {
                    Some((found.path, &**elf))
                }
                _ => None,
            }
        };
        if name.contains('/') {
            return fits(name);
        }
        let own = origin(&loading.elf.rpath, loading.path);
        let inherited = own.iter().chain(&loading.rpath);
        let runpath = origin(&loading.elf.runpath, loading.path);
        // Either list of musl's is passed on; glibc heeds the older one only where the newer one is not.
        let before: Vec<_> = if runpath.is_empty() || musl {
            inherited.collect()
        } else {
            Vec::new()
        };
        let folders = before.into_iter().chain(&self.wanted).chain(&runpath);
        let direct = folders
            .clone()
            .find_map(|folder| fits(&format!("{folder}/{name}")));
        if musl {
            let last = || {
                self.musl
                    .iter()
                    .find_map(|folder| fits(&format!("{folder}/{name}")))
            };
            return direct.or_else(last);
        }
        let cached = || self.cache.get(name)?.iter().find_map(|path| fits(path));
        let last = || {
            FOLDERS
                .iter()
                .flat_map(|folder| {
                    [
                        (*folder).to_owned(),
                        format!("{folder}/{}", triple(&loading.elf.machine)),
                    ]
                })
                .find_map(|folder| fits(&format!("{folder}/{name}")))
        };
        direct.or_else(cached).or_else(last)
    }

    /// What keeps a native module, a library that a program loads by name, from being loaded here. One for another
    /// machine is no business of this image, and neither is one that stands beside that for its libc.
    pub fn module_fault(&self, path: &str, elf: &Elf, machine: &str) -> Option<String> {
        if elf.machine != machine || FOR_OTHERS.iter().any(|part| path.contains(part)) {
            return None;
        }
        if let Some(loader) = elf
            .loader
            .as_ref()
            .filter(|loader| self.root.find(loader).is_err())
        {
            return Some(self.no_loader(path, loader));
        }
        let (wants, other) = match self.libc {
            Some("musl") => (
                elf.wants_glibc() && self.root.find("/lib/libgcompat.so.0").is_err(),
                "glibc",
            ),
            Some("glibc") => (elf.wants_musl(), "musl"),
            _ => return None,
        };
        let libc = self.libc.unwrap_or_default();
        if wants {
            return Some(format!(
                "/{path} was linked against {other}, and the image has {libc}: it cannot be loaded"
            ));
        }
        if libc != "glibc" {
            return None;
        }
        let loading = Loading {
            path: "",
            elf,
            rpath: Vec::new(),
        };
        let found = elf
            .versions
            .iter()
            .filter(|(_, version)| version.starts_with("GLIBC_"));
        let found = found
            .filter_map(|(name, _)| Some((name.as_str(), self.locate(name, &loading, false)?.1)));
        let found: BTreeMap<_, _> = found.collect();
        let loading = Loading { path, ..loading };
        versions(&loading, &found).into_iter().next()
    }

    /// Libraries that a native module names and that are nowhere in the image.
    pub fn nowhere<'e>(&self, elf: &'e Elf) -> Vec<&'e str> {
        elf.needed
            .iter()
            .map(String::as_str)
            .filter(|name| !self.names.contains(name))
            .collect()
    }
}

/// An image's libc, by the names of its files.
fn libc(names: &BTreeSet<&str>) -> Option<&'static str> {
    let musl = |name: &&str| name.starts_with("ld-musl-") && name.ends_with(".so.1");
    if names.contains("libc.so.6") {
        Some("glibc")
    } else {
        names.iter().any(musl).then_some("musl")
    }
}

fn is_musl(found: Found<'_>) -> bool {
    match &found.entry.node {
        Node::File(Content::Elf(elf)) => {
            found.path.contains("musl") || found.path.contains("gcompat") || elf.wants_musl()
        }
        _ => false,
    }
}

/// The versions that a library needs and that what was found does not give.
fn versions(loading: &Loading<'_>, found: &BTreeMap<&str, &Elf>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, version) in &loading.elf.versions {
        let Some(library) = found
            .get(name.as_str())
            .filter(|library| !library.gives.is_empty())
        else {
            continue;
        };
        if !library.gives.contains(version) {
            let newest = newest(&library.gives, version);
            faults.push(format!("/{} needs {version} of {name}, and the image's goes up to {newest}: build it on a base as old as this one, or run it on a newer one", loading.path));
        }
    }
    faults
}

/// The newest version of the same family.
fn newest(gives: &BTreeSet<String>, version: &str) -> String {
    let family = version
        .split_once('_')
        .map_or(version, |(family, _)| family);
    let numbers = |text: &str| -> Vec<u32> {
        let numbers = text.split(['_', '.']).filter_map(|part| part.parse().ok());
        numbers.collect()
    };
    let own = gives
        .iter()
        .filter(|one| one.split_once('_').is_some_and(|(own, _)| own == family));
    own.max_by_key(|one| numbers(one))
        .cloned()
        .unwrap_or_else(|| "another family".to_owned())
}

/// `$ORIGIN` is the folder of the file that says it.
fn origin(folders: &[String], path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = format!("/{folder}");
    folders
        .iter()
        .map(|one| {
            one.replace("${ORIGIN}", &folder)
                .replace("$ORIGIN", &folder)
        })
        .collect()
}

/// Debian's name for a machine, in the paths of its libraries.
fn triple(machine: &str) -> String {
    let machine = match machine {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        "386" => "i386",
        "ppc64le" => "powerpc64le",
        "arm" => return "arm-linux-gnueabihf".to_owned(),
        other => other,
    };
    format!("{machine}-linux-gnu")
}

#[cfg(test)]
mod tests;
