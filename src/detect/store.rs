//! What was read of a repository, for all views of it: whoever looks, each file is read once, and each expression made
//! once.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use camino::Utf8Path;
use regex::Regex;

use super::data::{self, Format};
use super::node::Node;
use crate::report::Document;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 4 << 20;
/// Texts of so many bytes are kept; what is read beyond is read again when another view asks for it.
const KEPT: usize = 96 << 20;

/// A text, or why there is none.
pub(super) type Text = Result<Arc<Document>, String>;

/// What a text holds as data, and what is wrong with it.
pub(super) type Data = (Option<Rc<Node>>, Option<String>);

/// Texts and data by paths in the repository, expressions by their own text.
#[derive(Debug, Default)]
pub(super) struct Store {
    texts: RefCell<BTreeMap<String, Text>>,
    data: RefCell<BTreeMap<(String, Format), Data>>,
    regexes: RefCell<HashMap<String, Result<Rc<Regex>, String>>>,
    kept: Cell<usize>,
}

impl Store {
    /// The text of the file of that name, which lies at `disk`.
    pub(super) fn text(&self, name: String, disk: &Utf8Path) -> Text {
        if let Some(known) = self.texts.borrow().get(&name) {
            return known.clone();
        }
        let text = read(&name, disk);
        let size = text.as_ref().map_or(0, |document| document.text.len());
        let kept = self.kept.get() + size;
        if kept <= KEPT {
            self.kept.set(kept);
            self.texts.borrow_mut().insert(name, text.clone());
        }
        text
    }

    /// A text read as data, once for each format.
    pub(super) fn data(&self, document: &Document, format: Format) -> Data {
        let key = (document.name.clone(), format);
        if let Some(known) = self.data.borrow().get(&key) {
            return known.clone();
        }
        let (node, fault) = data::parse(format, &document.text);
        let data = (node.map(Rc::new), fault);
        if self.texts.borrow().contains_key(&document.name) {
            self.data.borrow_mut().insert(key, data.clone());
        }
        data
    }

    /// A regular expression, or why it is none.
    pub(super) fn regex(&self, pattern: &str) -> Result<Rc<Regex>, String> {
        if let Some(known) = self.regexes.borrow().get(pattern) {
            return known.clone();
        }
        let regex = Regex::new(pattern).map(Rc::new);
        let regex = regex.map_err(|error| error.to_string());
        let mut regexes = self.regexes.borrow_mut();
        regexes.insert(pattern.to_owned(), regex.clone());
        regex
    }
}

fn read(name: &str, disk: &Utf8Path) -> Text {
    let bytes = match read_limited(disk) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(format!("{name}: too large, not read")),
        Err(error) => return Err(format!("{name}: {}", error.kind())),
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Ok(Document::file(name, text))
}

fn read_limited(path: &Utf8Path) -> std::io::Result<Option<Vec<u8>>> {
    let file = fs_err::File::open(path)?;
    if file.metadata()?.len() > LARGEST {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}
