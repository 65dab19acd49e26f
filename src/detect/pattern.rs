//! A pattern of paths, compared by its letters before anything else: most patterns of most languages meet no file of a
//! repository, and a regular expression is made for those only that do.
use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use regex::Regex;

use super::tree::File;
use super::view::View;
use crate::dockerfile::ignore::to_regex;

/// What stands for something else in a pattern.
const SIGNS: [char; 3] = ['*', '?', '['];

pub(super) struct Pattern<'a> {
    text: &'a str,
    /// The folder that all its paths lie in; empty for the top.
    folder: &'a str,
    /// What all its paths end with.
    tail: &'a str,
    regex: OnceCell<Option<Rc<Regex>>>,
}

impl<'a> Pattern<'a> {
    /// A pattern; `None` when the text is a plain path.
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let letters = &text[..text.find(SIGNS)?];
        Some(Self {
            text,
            folder: letters.rsplit_once('/').map_or("", |(folder, _)| folder),
            tail: text.rsplit(['*', '?', ']', '/']).next().unwrap_or_default(),
            regex: OnceCell::new(),
        })
    }

    pub(super) fn folder(&self) -> &'a str {
        self.folder
    }

    /// What stands behind the last dot of all its paths.
    pub(super) fn ending(&self) -> Option<&'a str> {
        self.tail.rsplit_once('.').map(|(_, ending)| ending)
    }

    /// Where files of such a path stand among files that are sorted.
    pub(super) fn depths(&self, files: &[File]) -> Range<usize> {
        let depth = self.text.matches('/').count();
        if self.text.contains("**") {
            return 0..files.len();
        }
        let start = files.partition_point(|file| file.depth < depth);
        let end = files.partition_point(|file| file.depth <= depth);
        start..end
    }

    /// Whether a path fits.
    pub(super) fn fits(&self, view: &View, path: &str) -> bool {
        let Some(before) = path.strip_suffix(self.tail) else {
            return false;
        };
        match self.text.strip_prefix("**/") {
            Some(rest) if rest == self.tail => before.is_empty() || before.ends_with('/'),
            Some(rest) if rest.strip_prefix('*') == Some(self.tail) => true,
            _ => path.starts_with(self.folder) && self.is_match(view, path),
        }
    }

    fn is_match(&self, view: &View, path: &str) -> bool {
        let make = || view.regex(&to_regex(self.text));
        let regex = self.regex.get_or_init(make);
        regex.as_ref().is_some_and(|regex| regex.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tree::Tree;

    /// What is decided by letters is what the regular expression would decide.
    #[test]
    fn letters_decide_as_the_expression_does() {
        let paths = [
            ".x",
            "a",
            "a.x",
            "ax",
            "b.y.x",
            "c/a.x",
            "c/.x",
            "c/d/a",
            "c/d/a.x",
            "c/d/ba",
            "ca/a.x",
            "cc/d/e/a.y",
        ];
        let files = paths.iter().map(|path| File::new((*path).to_owned()));
        let mut tree = Tree {
            files: files.collect(),
            ..Tree::default()
        };
        tree.files.sort();
        let view = View::new(tree, std::collections::BTreeSet::new());
        let patterns = [
            "**",
            "**/*",
            "**/*.x",
            "**/a",
            "**/a.x",
            "**/*a*",
            "**/d/*.x",
            "*",
            "*.x",
            "*/a.x",
            "*/*/a*",
            "c/**",
            "c/**/*.x",
            "c/*",
            "c/d/a?x",
            "c/[de]/a.x",
            "no/*.x",
            "*a",
            "c*/d/**",
            "**/.*",
            "**/*.[xy]",
            "**/c/**/*.x",
            "**/?.x",
            "a",
            "c/d/a.x",
        ];
        for pattern in patterns {
            let regex = Regex::new(&to_regex(pattern)).unwrap();
            let wanted = (0..view.len()).filter(|id| regex.is_match(view.path(*id)));
            let wanted: Vec<_> = wanted.map(|id| view.path(id)).collect();
            let found = view.glob(pattern);
            let found: Vec<_> = found.iter().map(|id| view.path(*id)).collect();
            assert_eq!(found, wanted, "{pattern}");
        }
    }
}
