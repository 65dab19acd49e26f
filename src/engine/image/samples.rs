//! Images made in memory, for the tests of this room.
use std::collections::BTreeMap;
use std::io::Write as _;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::json;

use super::archive::Layer;
use super::content::{Content, Entry, Node};
use super::elf::Elf;

/// How layers are packed.
#[derive(Clone, Copy)]
pub(crate) enum Packing {
    /// Not at all.
    None,
    /// As registries have them mostly.
    Gzip,
    /// As containerd may keep them.
    Zstd,
}

/// A file; what it holds is read as from a layer.
pub(crate) fn file(path: &str, mode: u32, bytes: &[u8]) -> Entry {
    let mut found = |_: &str| {};
    let size = bytes.len() as u64;
    let content = Content::read(path, size, &mut &bytes[..], &Vec::new(), &mut found).unwrap();
    let mut entry = entry(path, mode, Node::File(content));
    entry.size = size;
    BYTES.with_borrow_mut(|all| all.insert(path.to_owned(), bytes.to_vec()));
    entry
}

thread_local! {
    static BYTES: std::cell::RefCell<BTreeMap<String, Vec<u8>>> = const { std::cell::RefCell::new(BTreeMap::new()) };
}

/// A folder.
pub(crate) fn folder(path: &str, mode: u32) -> Entry {
    entry(path, mode, Node::Folder)
}

/// A link.
pub(crate) fn link(path: &str, target: &str) -> Entry {
    entry(path, 0o777, Node::Link(target.to_owned()))
}

fn entry(path: &str, mode: u32, node: Node) -> Entry {
    Entry {
        path: path.to_owned(),
        node,
        mode,
        uid: 0,
        gid: 0,
        size: 0,
    }
}

/// An image.
pub(crate) struct Sample(Vec<Vec<Entry>>);

impl Sample {
    pub(crate) fn new(layers: Vec<Vec<Entry>>) -> Self {
        Self(layers)
    }

    pub(crate) fn layers(layers: Vec<Vec<Entry>>) -> Vec<Layer> {
        layers
            .into_iter()
            .map(|entries| Layer {
                entries,
                secrets: Vec::new(),
            })
            .collect()
    }

    /// As `docker save` gives it.
    pub(crate) fn stream(&self, packing: Packing) -> Vec<u8> {
        let names: Vec<_> = (0..self.0.len())
            .map(|n| format!("blobs/sha256/{n}"))
            .collect();
        let history: Vec<_> = (0..self.0.len())
            .map(|n| json!({ "created_by": format!("layer {n}") }))
            .collect();
        let digests: Vec<_> = (0..self.0.len()).map(|n| format!("sha256:{n}")).collect();
        let config = json!({ "history": history, "rootfs": { "diff_ids": digests }, "config": {} });
        let manifest = json!([{ "Config": "blobs/sha256/c", "Layers": names }]);
        let mut tar = tar::Builder::new(Vec::new());
        // The order helps nobody: the last layer first, the list of layers at the end.
        for (entries, name) in self.0.iter().zip(&names).rev() {
            let bytes = layer_bytes(entries);
            let bytes = match packing {
                Packing::None => bytes,
                Packing::Gzip => compressed(&bytes),
                Packing::Zstd => compress_to_vec(&bytes[..], CompressionLevel::Fastest),
            };
            add(&mut tar, name, &bytes);
        }
        add(&mut tar, "blobs/sha256/c", config.to_string().as_bytes());
        add(&mut tar, "manifest.json", manifest.to_string().as_bytes());
        tar.into_inner().unwrap()
    }
}

fn layer_bytes(entries: &[Entry]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for entry in entries {
        let bytes = BYTES.with_borrow(|all| all.get(&entry.path).cloned().unwrap_or_default());
        add(&mut tar, &entry.path, &bytes);
    }
    tar.into_inner().unwrap()
}

fn add(tar: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    tar.append_data(&mut header, name, bytes).unwrap();
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tiny 64-bit ELF file, made by hand: a header, an interpreter, and the sections that a loader's reader needs.
#[derive(Default)]
pub(crate) struct Program {
    loader: Option<String>,
    needs: Vec<(String, Vec<String>)>,
    runpath: Option<String>,
    gives: Vec<String>,
    machine: u16,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            machine: 0x3e,
            ..Self::default()
        }
    }

    pub(crate) fn loader(mut self, path: &str) -> Self {
        self.loader = Some(path.to_owned());
        self
    }

    pub(crate) fn needs(mut self, library: &str, versions: &[&str]) -> Self {
        let versions = versions.iter().map(ToString::to_string).collect();
        self.needs.push((library.to_owned(), versions));
        self
    }

    pub(crate) fn runpath(mut self, list: &str) -> Self {
        self.runpath = Some(list.to_owned());
        self
    }

    pub(crate) fn gives(mut self, versions: &[&str]) -> Self {
        self.gives = versions.iter().map(ToString::to_string).collect();
        self
    }

    pub(crate) fn machine(mut self, number: u16) -> Self {
        self.machine = number;
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut strings = Strings(vec![0]);
        let dynamic = self.dynamic(&mut strings);
        let verneed = self.verneed(&mut strings);
        let verdef = self.verdef(&mut strings);
        let interp = self
            .loader
            .as_ref()
            .map(|path| [path.as_bytes(), &[0]].concat());
        let mut bytes = vec![0; 64 + 56];
        // (type, bytes, link, info)
        let sections: [(u32, Vec<u8>, u32, u32); 5] = [
            (1, interp.clone().unwrap_or_default(), 0, 0),
            (6, dynamic, 5, 0),
            (0x6fff_fffe, verneed, 5, int(self.needs.len())),
            (0x6fff_fffd, verdef, 5, int(self.gives.len())),
            (3, strings.0, 0, 0),
        ];
        let mut table = vec![0; 64];
        let mut first = (0, 0);
        for (number, (kind, content, link, info)) in sections.iter().enumerate() {
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            let offset = bytes.len() as u64;
            if number == 0 {
                first = (offset, content.len() as u64);
            }
            let kind = if content.is_empty() { 0 } else { *kind };
            table.extend(words(&[0, kind]));
            table.extend(longs(&[0, 0, offset, content.len() as u64]));
            table.extend(words(&[*link, *info]));
            table.extend(longs(&[8, if kind == 6 { 16 } else { 0 }]));
            bytes.extend(content);
        }
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let at = bytes.len() as u64;
        bytes.extend(table);
        self.head(&mut bytes, at);
        let segment = if interp.is_some() { 3 } else { 0 };
        let mut program = words(&[segment, 4]);
        program.extend(longs(&[first.0, 0, 0, first.1, first.1, 1]));
        bytes[64..64 + 56].copy_from_slice(&program);
        bytes
    }

    fn head(&self, bytes: &mut [u8], sections: u64) {
        let mut head = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        head.extend(shorts(&[3, self.machine]));
        head.extend(words(&[1]));
        head.extend(longs(&[0, 64, sections]));
        head.extend(words(&[0]));
        head.extend(shorts(&[64, 56, 1, 64, 6, 5]));
        bytes[..64].copy_from_slice(&head);
    }

    fn dynamic(&self, strings: &mut Strings) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (library, _) in &self.needs {
            bytes.extend(longs(&[1, u64::from(strings.add(library))]));
        }
        if let Some(list) = &self.runpath {
            bytes.extend(longs(&[29, u64::from(strings.add(list))]));
        }
        bytes.extend(longs(&[0, 0]));
        bytes
    }

    fn verneed(&self, strings: &mut Strings) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, (library, versions)) in self.needs.iter().enumerate() {
            let size = 16 + 16 * int(versions.len());
            let next = if number + 1 == self.needs.len() {
                0
            } else {
                size
            };
            bytes.extend(shorts(&[1, short(versions.len())]));
            bytes.extend(words(&[strings.add(library), 16, next]));
            for (at, version) in versions.iter().enumerate() {
                bytes.extend(words(&[0]));
                bytes.extend(shorts(&[0, 2]));
                let next = if at + 1 == versions.len() { 0 } else { 16 };
                bytes.extend(words(&[strings.add(version), next]));
            }
        }
        bytes
    }

    fn verdef(&self, strings: &mut Strings) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, version) in self.gives.iter().enumerate() {
            let next = if number + 1 == self.gives.len() {
                0
            } else {
                28
            };
            bytes.extend(shorts(&[1, 0, short(number) + 1, 1]));
            bytes.extend(words(&[0, 20, next, strings.add(version), 0]));
        }
        bytes
    }

    pub(crate) fn elf(&self) -> Elf {
        Elf::read(&self.bytes()).unwrap()
    }
}

struct Strings(Vec<u8>);

impl Strings {
    fn add(&mut self, text: &str) -> u32 {
        let at = int(self.0.len());
        self.0.extend(text.as_bytes());
        self.0.push(0);
        at
    }
}

fn int(number: usize) -> u32 {
    u32::try_from(number).unwrap()
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap()
}

fn shorts(all: &[u16]) -> Vec<u8> {
    all.iter().flat_map(|one| one.to_le_bytes()).collect()
}

fn words(all: &[u32]) -> Vec<u8> {
    all.iter().flat_map(|one| one.to_le_bytes()).collect()
}

fn longs(all: &[u64]) -> Vec<u8> {
    all.iter().flat_map(|one| one.to_le_bytes()).collect()
}
