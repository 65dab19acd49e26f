//! The stream in which an engine saves an image: a tar of tars and JSON, in no order that helps. It is read once and
//! kept nowhere.
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use serde::Deserialize;
use serde_json::Value;

use super::content::{Content, Entry, Needles, Node};
use super::zstd;

/// The longest JSON document of an image.
const LONGEST: u64 = 16 << 20;

/// An image.
#[derive(Debug)]
pub struct Archive {
    /// Its configuration: `config`, `history`, `rootfs`, `architecture`.
    pub config: Value,
    /// Its layers, the lowest first.
    pub layers: Vec<Layer>,
}

/// One layer.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Its paths, in the order of the stream.
    pub entries: Vec<Entry>,
    /// Paths with the secret that they hold.
    pub secrets: Vec<(String, String)>,
}

impl Layer {
    /// What its files weigh.
    pub fn bytes(&self) -> u64 {
        self.entries.iter().map(|entry| entry.size).sum()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Manifest {
    config: String,
    layers: Vec<String>,
}

/// A file of the outer tar.
enum Part {
    Layer(Layer),
    Document(Vec<u8>),
    /// Another name for one of them.
    Alias(String),
}

impl Archive {
    /// Reads the stream. Files of its layers that hold a needle are noted.
    pub fn read(stream: impl Read, needles: &Needles) -> io::Result<Self> {
        let mut parts = BTreeMap::new();
        for file in tar::Archive::new(stream).entries()? {
            let mut file = file?;
            let name = text(&file.path_bytes());
            if let Some(target) = file.link_name_bytes() {
                parts.insert(name.clone(), Part::Alias(beside(&name, &text(&target))));
            } else if file.header().entry_type().is_file() {
                let size = file.size();
                if let Some(part) = part(&mut file, size, needles)? {
                    parts.insert(name, part);
                }
            }
        }
        Self::assemble(&parts)
    }

    fn assemble(parts: &BTreeMap<String, Part>) -> io::Result<Self> {
        let manifest: Vec<Manifest> = json(document(parts, "manifest.json")?)?;
        let manifest = manifest
            .into_iter()
            .next()
            .ok_or_else(|| broken("no image in it"))?;
        let layers = manifest
            .layers
            .iter()
            .map(|name| match follow(parts, name) {
                Some(Part::Layer(layer)) => Ok(layer.clone()),
                // An empty layer may be an empty file.
                Some(_) => Ok(Layer::default()),
                None => Err(broken(&format!("no layer {name} in it"))),
            });
        Ok(Self {
            config: json(document(parts, &manifest.config)?)?,
            layers: layers.collect::<io::Result<_>>()?,
        })
    }

    /// How many of the layers are those of a base with these digests.
    pub fn shared(&self, base: &[String]) -> usize {
        let own = self.config["rootfs"]["diff_ids"].as_array();
        let own = own.into_iter().flatten().filter_map(Value::as_str);
        own.zip(base).take_while(|(own, base)| own == base).count()
    }

    /// What made each layer.
    pub fn makers(&self) -> Vec<&str> {
        let history = self.config["history"].as_array();
        history
            .into_iter()
            .flatten()
            .filter(|step| step["empty_layer"] != Value::Bool(true))
            .map(|step| step["created_by"].as_str().unwrap_or_default())
            .collect()
    }

    /// How many layers lie below the last `instructions` of its history.
    pub fn below(&self, instructions: usize) -> usize {
        let history = self.config["history"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let base = &history[..history.len().saturating_sub(instructions)];
        let full = base
            .iter()
            .filter(|step| step["empty_layer"] != Value::Bool(true));
        full.count().min(self.layers.len())
    }
}

/// A layer is a tar, compressed or not; a document is JSON; all else of the stream is of no use here.
fn part(file: &mut dyn Read, size: u64, needles: &Needles) -> io::Result<Option<Part>> {
    let mut head = Vec::with_capacity(512);
    file.take(512).read_to_end(&mut head)?;
    let is_tar = head.len() == 512 && head[257..].starts_with(b"ustar");
    if head.starts_with(&[0x1f, 0x8b]) {
        let inner = flate2::read::MultiGzDecoder::new(Cursor::new(head).chain(file));
        return layer(inner, needles).map(|layer| Some(Part::Layer(layer)));
    }
    if head.starts_with(&zstd::MAGIC) {
        let inner = zstd::Frames::new(Cursor::new(head).chain(file));
        return layer(inner, needles).map(|layer| Some(Part::Layer(layer)));
    }
    if is_tar || head.iter().all(|byte| *byte == 0) {
        return layer(Cursor::new(head).chain(file), needles).map(|layer| Some(Part::Layer(layer)));
    }
    if size > LONGEST || !(head.starts_with(b"{") || head.starts_with(b"[")) {
        return Ok(None);
    }
    let mut bytes = head;
    file.read_to_end(&mut bytes)?;
    Ok(Some(Part::Document(bytes)))
}

fn layer(stream: impl Read, needles: &Needles) -> io::Result<Layer> {
    let mut layer = Layer::default();
    for file in tar::Archive::new(stream).entries()? {
        let mut file = file?;
        let path = clean(&text(&file.path_bytes()));
        let header = file.header();
        let kind = header.entry_type();
        let (mode, uid, gid) = (
            header.mode()?,
            header.uid().unwrap_or(0),
            header.gid().unwrap_or(0),
        );
        let target = file.link_name_bytes().map(|name| text(&name));
        let size = file.size();
        let node = if kind.is_dir() {
            Node::Folder
        } else if kind.is_symlink() {
            Node::Link(target.unwrap_or_default())
        } else if kind.is_hard_link() {
            Node::Same(clean(&target.unwrap_or_default()))
        } else if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            let secrets = &mut layer.secrets;
            let mut found = |name: &str| secrets.push((path.clone(), name.to_owned()));
            Node::File(Content::read(&path, size, &mut file, needles, &mut found)?)
        } else {
            Node::Other
        };
        layer.entries.push(Entry {
            path,
            node,
            mode,
            uid,
            gid,
            size,
        });
    }
    Ok(layer)
}

/// `./usr//bin/` as `usr/bin`.
fn clean(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The target of a link, from the root of the stream.
fn beside(name: &str, target: &str) -> String {
    let mut parts: Vec<_> = name.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn follow<'p>(parts: &'p BTreeMap<String, Part>, name: &str) -> Option<&'p Part> {
    match parts.get(name)? {
        Part::Alias(target) => parts.get(target),
        part => Some(part),
    }
}

fn document<'p>(parts: &'p BTreeMap<String, Part>, name: &str) -> io::Result<&'p [u8]> {
    match follow(parts, name) {
        Some(Part::Document(bytes)) => Ok(bytes),
        _ => Err(broken(&format!("no {name} in it"))),
    }
}

fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    serde_json::from_slice(bytes).map_err(|error| broken(&error.to_string()))
}

fn broken(why: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the saved image cannot be read: {why}"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Packing, Sample, file};
    use super::*;

    #[test]
    fn layers_come_in_order_compressed_or_not() {
        for packing in [Packing::None, Packing::Gzip, Packing::Zstd] {
            let sample = Sample::new(vec![
                vec![file("a", 0o644, b"1")],
                vec![file("b", 0o755, b"22")],
            ]);
            let archive = Archive::read(&sample.stream(packing)[..], &Vec::new()).unwrap();
            let paths: Vec<_> = archive
                .layers
                .iter()
                .map(|layer| layer.entries[0].path.as_str())
                .collect();
            assert_eq!(paths, ["a", "b"]);
            assert_eq!(archive.layers[1].bytes(), 2);
            assert_eq!(archive.makers(), ["layer 0", "layer 1"]);
            assert_eq!(archive.below(1), 1);
            assert_eq!(archive.shared(&["sha256:0".to_owned()]), 1);
        }
    }

    #[test]
    fn a_needle_is_found_in_whatever_file() {
        let sample = Sample::new(vec![vec![file("etc/x", 0o644, b"say hunter2 twice")]]);
        let needles = vec![("token".to_owned(), b"hunter2".to_vec())];
        let archive = Archive::read(&sample.stream(Packing::None)[..], &needles).unwrap();
        assert_eq!(
            archive.layers[0].secrets,
            [("etc/x".to_owned(), "token".to_owned())]
        );
    }

    #[test]
    fn a_cut_stream_is_an_error() {
        let sample = Sample::new(vec![vec![file("a", 0o644, &[7; 4000])]]);
        let stream = sample.stream(Packing::None);
        assert!(Archive::read(&stream[..stream.len() / 2], &Vec::new()).is_err());
        assert!(Archive::read(&b"nonsense"[..], &Vec::new()).is_err());
    }
}
