//! The general readers: where to look, what to take. They know data formats and no language.
use std::ops::Range;

use super::data::Format;
use super::fill::Captures;
use super::lines;
use super::maker::Maker;
use super::node::Found;
use super::scope::{Scope, any_of};
use super::view::Id;
use crate::language::rules::{DependencyList, Find, Signal, Texts};
use crate::language::workspace::Pull;
use crate::report::{Document, Place};

/// How many hits one rule may have.
pub(super) const MOST: usize = 300;
/// How many, where they are counted in groups.
const MOST_GROUPED: usize = 50_000;

/// Where to look and what to take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    file: &'a Texts,
    glob: &'a Texts,
    except: &'a [String],
    everywhere: bool,
    comments: bool,
    regex: Option<&'a str>,
    with: Option<&'a str>,
    without: Option<&'a str>,
    most: usize,
    part: Part<'a>,
}

/// What of a file is taken.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    Whole,
    Within(&'a str),
    Path(Format, &'a str),
    Variable(&'a str),
    Process(&'a str),
    Instruction(&'a str),
}

/// The capture that tells that a hit lies in the folder of `near`.
pub(super) const NEAR: &str = "near";

/// Something found: texts by name, and where.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) captures: Captures,
    /// The first capture, or all that was found.
    pub(super) text: String,
    pub(super) place: Place,
}

impl<'a> From<&'a Signal> for Look<'a> {
    fn from(signal: &'a Signal) -> Self {
        Self {
            file: &signal.file,
            glob: &signal.glob,
            except: &[],
            everywhere: false,
            comments: false,
            regex: signal.regex.as_deref(),
            with: None,
            without: None,
            most: MOST,
            part: Part::Whole,
        }
    }
}

impl<'a> From<&'a Find> for Look<'a> {
    fn from(find: &'a Find) -> Self {
        let paths = [
            (Format::Toml, &find.toml),
            (Format::Json, &find.json),
            (Format::Yaml, &find.yaml),
            (Format::Xml, &find.xml),
        ];
        let path = first_path(paths);
        let variable = find.variable.as_deref().map(Part::Variable);
        let process = find.process.as_deref().map(Part::Process);
        let instruction = find.instruction.as_deref().map(Part::Instruction);
        Self {
            file: &find.file,
            glob: &find.glob,
            except: &find.except,
            everywhere: find.everywhere,
            comments: find.comments,
            regex: find.regex.as_deref(),
            with: find.with.as_deref(),
            without: find.without.as_deref(),
            most: if find.per.is_some() {
                MOST_GROUPED
            } else {
                MOST
            },
            part: path
                .or(variable)
                .or(process)
                .or(instruction)
                .unwrap_or(Part::Whole),
        }
    }
}

impl<'a> From<&'a Pull> for Look<'a> {
    fn from(pull: &'a Pull) -> Self {
        let paths = [
            (Format::Toml, &pull.toml),
            (Format::Json, &pull.json),
            (Format::Yaml, &pull.yaml),
            (Format::Xml, &pull.xml),
        ];
        Self {
            file: &pull.file,
            glob: &pull.glob,
            except: &[],
            everywhere: false,
            comments: false,
            regex: pull.regex.as_deref(),
            with: None,
            without: None,
            most: MOST_GROUPED,
            part: first_path(paths)
                .or(pull.within.as_deref().map(Part::Within))
                .unwrap_or(Part::Whole),
        }
    }
}

impl<'a> From<&'a DependencyList> for Look<'a> {
    fn from(list: &'a DependencyList) -> Self {
        let paths = [
            (Format::Toml, &list.toml),
            (Format::Json, &list.json),
            (Format::Yaml, &list.yaml),
            (Format::Xml, &list.xml),
        ];
        Self {
            file: &list.file,
            glob: &list.glob,
            except: &list.except,
            everywhere: false,
            comments: false,
            regex: list.regex.as_deref(),
            with: None,
            without: None,
            most: MOST,
            part: first_path(paths).unwrap_or(Part::Whole),
        }
    }
}

fn first_path(paths: [(Format, &Option<String>); 4]) -> Option<Part<'_>> {
    paths
        .into_iter()
        .find_map(|(format, path)| Some(Part::Path(format, path.as_deref()?)))
}

impl Look<'_> {
    /// Whether it looks at files at all.
    pub(super) fn has_files(&self) -> bool {
        !self.file.all().is_empty() || !self.glob.all().is_empty()
    }

    /// All that is found, in the order of the files named, then shallowest first.
    pub(super) fn hits(&self, scope: &Scope<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for id in self.files(scope) {
            hits.extend(self.in_file(scope, id));
            if hits.len() >= self.most {
                hits.truncate(self.most);
                break;
            }
        }
        hits.extend(self.in_skipped(scope));
        hits
    }

    /// What the files of a folder give; or else what all others give.
    pub(super) fn hits_near(&self, scope: &Scope<'_>, folder: &str) -> Vec<Hit> {
        let below = |id: &Id| {
            let path = scope.view.path(*id);
            folder.is_empty()
                || path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let all = Look {
            except: &[],
            ..*self
        };
        let near: Vec<_> = all.files(scope).into_iter().filter(below).collect();
        let hits: Vec<_> = near
            .into_iter()
            .flat_map(|id| self.in_file(scope, id))
            .take(MOST)
            .collect();
        let mut hits = if hits.is_empty() && !folder.is_empty() {
            return self.hits(scope);
        } else if folder.is_empty() {
            self.hits(scope)
        } else {
            hits
        };
        for hit in &mut hits {
            hit.captures.insert(NEAR.to_owned(), folder.to_owned());
        }
        hits
    }

    pub(super) fn files(&self, scope: &Scope<'_>) -> Vec<Id> {
        let view = scope.view;
        let mut files = Vec::new();
        for id in self.file.all().iter().filter_map(|path| view.id(path)) {
            if !files.contains(&id) {
                files.push(id);
            }
        }
        let mut matched = Vec::new();
        for pattern in self.glob.all() {
            let found = if self.everywhere {
                view.glob(pattern)
            } else {
                scope.glob(pattern)
            };
            matched.extend(found.iter().copied());
        }
        matched.sort_unstable();
        matched.dedup();
        matched.retain(|id| !files.contains(id));
        files.extend(matched);
        if let Some(except) = any_of(view, self.except) {
            files.retain(|id| !except.is_match(view.path(*id)));
        }
        files
    }

    /// A file in a folder that was not entered can only be there or not.
    fn in_skipped(&self, scope: &Scope<'_>) -> Vec<Hit> {
        let view = scope.view;
        let skipped = |path: &&String| {
            path.contains('/') && view.id(path.as_str()).is_none() && view.exists(path)
        };
        match self.part {
            Part::Whole if self.regex.is_none() => {
                let paths = self.file.all().iter().filter(skipped);
                paths.map(|path| being_there(scope, path)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn in_file(&self, scope: &Scope<'_>, id: Id) -> Vec<Hit> {
        let view = scope.view;
        let conditions = [self.regex, self.with, self.without];
        if matches!(self.part, Part::Whole) && conditions.iter().all(Option::is_none) {
            return vec![being_there(scope, view.path(id))];
        }
        let Some(document) = view.text(id) else {
            return Vec::new();
        };
        let holds = |pattern: &str| {
            let regex = view.regex(pattern);
            regex.is_some_and(|regex| regex.is_match(&document.text))
        };
        if self.without.is_some_and(holds) || !self.with.is_none_or(holds) {
            return Vec::new();
        }
        let regex = self.regex.and_then(|pattern| view.regex(pattern));
        let comment = Some(scope.comment.as_str()).filter(|_| !self.comments);
        let maker = Maker {
            comment: comment.filter(|mark| !mark.is_empty()),
            captures: &|| scope.captures(view.path(id)),
            document: &document,
        };
        if self.regex.is_some() && regex.is_none() {
            return Vec::new();
        }
        match (self.part, regex) {
            (Part::Whole, None) => vec![being_there(scope, view.path(id))],
            (Part::Whole, Some(regex)) => maker.whole(&regex, self.most),
            (_, regex) => {
                let pieces = self.pieces(scope, id, &maker);
                let hits = pieces
                    .iter()
                    .flat_map(|piece| maker.piece(piece, regex.as_deref()));
                hits.take(MOST).collect()
            }
        }
    }

    /// Texts with their places and the name they stand under.
    fn pieces(&self, scope: &Scope<'_>, id: Id, maker: &Maker<'_>) -> Vec<Piece> {
        let document = maker.document;
        let named = |(text, span)| Piece {
            key: String::new(),
            text,
            span,
        };
        match self.part {
            Part::Whole => Vec::new(),
            Part::Within(pattern) => match scope.view.regex(pattern) {
                Some(regex) => maker
                    .whole(&regex, self.most)
                    .into_iter()
                    .map(|hit| named((hit.text, hit.place.span)))
                    .collect(),
                None => Vec::new(),
            },
            Part::Path(format, path) => match scope.view.node(id, format) {
                Some(node) => node.at(path).iter().map(piece).collect(),
                None => Vec::new(),
            },
            Part::Variable(name) => lines::variable(&document.text, name)
                .into_iter()
                .map(named)
                .collect(),
            Part::Process(name) => lines::process(&document.text, name)
                .into_iter()
                .map(named)
                .collect(),
            Part::Instruction(name) => lines::instruction(&document.text, name)
                .into_iter()
                .map(named)
                .collect(),
        }
    }
}

pub(super) struct Piece {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

fn piece(found: &Found<'_>) -> Piece {
    let is_text = found.node.text().is_some();
    Piece {
        key: found.key.to_owned(),
        text: found.node.text().unwrap_or_default().to_owned(),
        span: if is_text {
            found.node.span.clone()
        } else {
            found.key_span.clone()
        },
    }
}

/// A file that is there: its text does not matter.
pub(super) fn being_there(scope: &Scope<'_>, path: &str) -> Hit {
    Hit {
        captures: scope.captures(path),
        text: path.to_owned(),
        place: Place::new(&Document::file(scope.view.shown(path), ""), 0..0),
    }
}
