//! `.dockerignore`, matched as the builder does it (<https://docs.docker.com/build/concepts/context/#dockerignore-files>):
//! patterns from the root of the context, `*` within a part, `**` over parts, `!` for exceptions, the last one wins, and
//! what is below a hidden folder is hidden.
use std::sync::OnceLock;

use regex::Regex;

/// The patterns of a file, in order.
#[derive(Debug, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    text: String,
    is_exception: bool,
    glob: String,
    /// Compiled at the first path that can match: of many patterns, few ever meet one.
    regex: OnceLock<Option<Regex>>,
}

impl Ignore {
    /// Reads lines; comments and empty ones are skipped.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let patterns = lines.into_iter().filter_map(Pattern::read).collect();
        Self { patterns }
    }

    /// The pattern that hides `path` (relative, with `/`) from the build; `None` when the build sees it.
    pub fn hidden_by(&self, path: &str) -> Option<&str> {
        let path = clean(path);
        let mut hidden = None;
        for pattern in &self.patterns {
            if pattern.matches(&path) {
                hidden = (!pattern.is_exception).then_some(pattern.text.as_str());
            }
        }
        hidden
    }

    /// Whether the build sees `path` because an exception names just this one: somebody meant it.
    pub fn brings_back(&self, path: &str) -> bool {
        let path = clean(path);
        let last = self.patterns.iter().rfind(|pattern| pattern.matches(&path));
        last.is_some_and(|pattern| pattern.is_exception && clean(&pattern.text[1..]) == path)
    }

    /// Whether an exception brings back something below `folder`.
    pub fn has_exception_below(&self, folder: &str) -> bool {
        let folder = format!("{}/", clean(folder));
        let mut exceptions = self.patterns.iter().filter(|pattern| pattern.is_exception);
        exceptions.any(|pattern| clean(&pattern.text[1..]).starts_with(&folder))
    }
}

impl Pattern {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (is_exception, glob) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        Some(Self {
            text: line.to_owned(),
            is_exception,
            glob: clean(glob),
            regex: OnceLock::new(),
        })
    }

    /// Whether it names the path or a folder above it; a pattern that is none matches nothing.
    fn matches(&self, path: &str) -> bool {
        if !self.can_match(path) {
            return false;
        }
        let compile = || Regex::new(&to_regex(&self.glob)).ok();
        let Some(regex) = self.regex.get_or_init(compile) else {
            return false;
        };
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.chain([path.len()])
            .any(|end| regex.is_match(&path[..end]))
    }

    /// Whether the path holds the letters that stand in the pattern as they are; of `[…]` none is sure.
    fn can_match(&self, path: &str) -> bool {
        let plain = self.glob.split('[').next().unwrap_or_default();
        plain
            .split(['*', '?', '/'])
            .all(|letters| path.contains(letters))
    }
}

/// Leading `/` and `./`, trailing `/` and doubled `/` mean nothing.
fn clean(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

/// A pattern as a regular expression over a whole path.
pub(crate) fn to_regex(glob: &str) -> String {
    let mut regex = String::from("^");
    let mut rest = glob;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("**/") {
            regex.push_str("(?:.*/)?");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**") {
            regex.push_str(".*");
            rest = after;
        } else {
            let c = rest.chars().next().unwrap_or_default();
            match c {
                '*' => regex.push_str("[^/]*"),
                '?' => regex.push_str("[^/]"),
                '[' | ']' | '-' => regex.push(c),
                '^' if regex.ends_with('[') => regex.push(c),
                _ => regex.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(lines: &str, path: &str) -> bool {
        Ignore::new(lines.lines()).hidden_by(path).is_some()
    }

    #[test]
    fn patterns_match_as_the_builder_matches_them() {
        assert!(hidden(".git", ".git/config"));
        assert!(!hidden(".git", "a/.git"));
        assert!(hidden("**/.git", "a/b/.git/config"));
        assert!(hidden("**/.env", ".env"));
        assert!(hidden("**/*.py[cod]", "a/b.pyc"));
        assert!(!hidden("**/*.py[cod]", "a/b.py"));
        assert!(hidden("build/", "build/x"));
        assert!(!hidden("*.md", "docs/a.md"));
        assert!(hidden("docs/**", "docs/a/b.md"));
        assert!(hidden("/a/./b//", "a/b"));
    }

    #[test]
    fn a_pattern_that_is_none_matches_nothing() {
        assert!(!hidden("a[b", "a[b"));
        assert!(hidden("a[bc]d/**/e", "acd/x/y/e"));
    }

    #[test]
    fn the_last_pattern_wins() {
        let lines = "# all\n**/.env.*\n!**/.env.example\n";
        assert!(hidden(lines, "x/.env.local"));
        assert!(!hidden(lines, "x/.env.example"));
    }

    #[test]
    fn an_exception_that_names_one_path_is_meant() {
        let ignore = Ignore::new(["**/*.pem", "!certs/a.pem", "!**/ca.pem", "b.pem"]);
        assert!(ignore.brings_back("certs/a.pem"));
        assert!(!ignore.brings_back("x/ca.pem"));
        assert!(!ignore.brings_back("b.pem"));
    }
}
