//! Copies the folders of `templates/` to where the program embeds them from, deflated but for what is read in every run.
//! Tables are prepared for a quick reader. Digests that several lock files have in common are taken out of them and stand
//! together once: to deflate they are noise.
//! `include_dir!` does not make cargo see new files on stable: any change below `templates/` runs this again.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads cargo's variables and writes to cargo's folder"
)]
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// The best that deflate can do; a build takes a fraction of a second longer for it.
const LEVEL: u8 = 10;

/// What the source names file by file, with `include_str!`: it would be in the program twice.
const NAMED: [&str; 2] = ["templates/files", "templates/rules"];
/// Read in every run, and small.
const PLAIN: &str = "shared";

/// The least length of a word that is taken out.
const LONG: usize = 40;
/// Stands before what names a word: where it begins in all words, in three bytes, and its length. No length: this byte itself.
const MARK: u8 = 1;

type Files = Vec<(PathBuf, Vec<u8>)>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for folder in ["templates", "tables"].map(|name| out.join(name)) {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
    }
    let mut files = Files::new();
    collect(Path::new("templates"), &mut files)?;
    files.sort();
    for (path, bytes) in &mut files {
        if is_table(path) {
            *bytes = prepared(path, bytes)?;
        }
    }
    write(&out, &files)
}

/// Writes tables to `tables/`, folders to `templates/`, and the words that files have in common to `words`.
fn write(out: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Box<dyn Error>> {
    let words = Words::new(files);
    fs::write(out.join("words"), &words.all)?;
    for (path, bytes) in files {
        let path = path.strip_prefix("templates")?;
        if path.components().count() == 1 {
            fs::write(out.join("tables").join(path), bytes)?;
            continue;
        }
        let target = out.join("templates").join(path);
        fs::create_dir_all(target.parent().ok_or("a file without a folder")?)?;
        if path.starts_with(PLAIN) {
            fs::write(target, bytes)?;
        } else {
            let short = words.taken_out(bytes)?;
            fs::write(target, miniz_oxide::deflate::compress_to_vec(&short, LEVEL))?;
        }
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Files) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !NAMED.iter().any(|named| path.ends_with(named)) {
            collect(&path, files)?;
        } else if path.is_file() {
            let bytes = fs::read(&path)?;
            files.push((path, bytes));
        }
    }
    Ok(())
}

/// Long words that several files have: one behind the other, and where each begins.
#[derive(Default)]
struct Words {
    all: Vec<u8>,
    starts: BTreeMap<Vec<u8>, usize>,
}

impl Words {
    fn new(files: &[(PathBuf, Vec<u8>)]) -> Self {
        let mut holders: BTreeMap<&[u8], BTreeSet<&Path>> = BTreeMap::new();
        for (path, bytes) in files {
            for word in pieces(bytes).filter(|piece| is_long_word(piece)) {
                holders.entry(word).or_default().insert(path);
            }
        }
        let mut words = Self::default();
        for (word, _) in holders.iter().filter(|(_, holders)| holders.len() > 1) {
            words.starts.insert(word.to_vec(), words.all.len());
            words.all.extend_from_slice(word);
        }
        words
    }

    fn taken_out(&self, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut short = Vec::new();
        for piece in pieces(bytes) {
            match self.starts.get(piece) {
                Some(start) => {
                    let start = u32::try_from(*start)?.to_be_bytes();
                    short.extend([
                        MARK,
                        start[1],
                        start[2],
                        start[3],
                        u8::try_from(piece.len())?,
                    ]);
                }
                None if piece == [MARK] => short.extend([MARK, 0, 0, 0, 0]),
                None => short.extend_from_slice(piece),
            }
        }
        Ok(short)
    }
}

/// The words of a text and what stands between them, byte for byte.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunk_by(|a, b| is_letter(*a) && is_letter(*b))
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

fn is_long_word(piece: &[u8]) -> bool {
    (LONG..=usize::from(u8::MAX)).contains(&piece.len())
}

/// What the program reads as a table and never shows as it is written: the files at the top, manifests, parts of them.
fn is_table(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name);
    let is_part = folder.is_some_and(|folder| folder == PLAIN);
    let is_toml = path.extension().is_some_and(|ending| ending == "toml");
    match path.components().count() {
        2 => is_toml,
        3 => is_toml && (is_part || path.ends_with("language.toml")),
        _ => false,
    }
}

/// TOML in the form of `src/prepared.rs`.
fn prepared(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = std::str::from_utf8(bytes)?;
    let table: Result<toml::Table, _> = text.parse();
    let table = table.map_err(|error| format!("{}: {error}", path.display()))?;
    let mut out = String::new();
    value(&toml::Value::Table(table), &mut out)?;
    Ok(out.into_bytes())
}

fn value(value: &toml::Value, out: &mut String) -> Result<(), Box<dyn Error>> {
    match value {
        toml::Value::String(text) => out.push_str(&format!("s{}:{text}", text.len())),
        toml::Value::Integer(number) => {
            let number = number.to_string();
            out.push_str(&format!("i{}:{number}", number.len()));
        }
        toml::Value::Boolean(is_true) => out.push_str(&format!("b{}:", u8::from(*is_true))),
        toml::Value::Array(list) => {
            out.push_str(&format!("l{}:", list.len()));
            for inner in list {
                self::value(inner, out)?;
            }
        }
        toml::Value::Table(table) => {
            out.push_str(&format!("t{}:", table.len()));
            for (key, inner) in table {
                out.push_str(&format!("{}:{key}", key.len()));
                self::value(inner, out)?;
            }
        }
        other => return Err(format!("no table of the program has a {}", other.type_str()).into()),
    }
    Ok(())
}
