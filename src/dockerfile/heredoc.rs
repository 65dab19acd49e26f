//! Here-documents behind a command, as in `RUN cat <<EOF >/etc/x`: the parser knows them only at the beginning of an
//! instruction and would read their lines as instructions. They are set aside before it reads, byte for byte, so that
//! every place stays what it was. What counts as one is the builder's own rule: a word of a logical line,
//! <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go>.
use std::ops::Range;

use super::model::Text;
use super::shell;

/// The text with those here-documents turned into comments, and what stood in them.
pub(super) fn set_aside(text: &str) -> (String, Vec<Text>) {
    let mut reader = Reader::new(text);
    let mut plain = text.to_owned();
    let mut aside = Vec::new();
    while let Some(line) = reader.instruction() {
        let logical = &text[line.clone()];
        for (name, tabs) in names(logical) {
            let (body, end) = reader.body(&name, tabs);
            if !is_known(logical) {
                plain.replace_range(body.start..end, &hidden(&text[body.start..end]));
                aside.push(Text {
                    value: text[body.clone()].to_owned(),
                    span: body,
                });
            }
        }
    }
    (plain, aside)
}

/// Whether the parser sees it by itself.
fn is_known(logical: &str) -> bool {
    let mut words = logical.split_whitespace();
    let is_run = words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("RUN"));
    let first = words.find(|word| !word.starts_with("--") && *word != "\\");
    !is_run || first.is_some_and(|word| word.starts_with("<<"))
}

/// The names of the here-documents of an instruction, and whether tabs before their lines count for nothing.
fn names(logical: &str) -> Vec<(String, bool)> {
    let keyword = logical.split_whitespace().next().unwrap_or_default();
    let may = ["RUN", "COPY", "ADD"]
        .iter()
        .any(|word| keyword.eq_ignore_ascii_case(word));
    if !may || !logical.contains("<<") {
        return Vec::new();
    }
    let words = shell::words(logical, 0).into_iter();
    let named = words.filter_map(|word| {
        let raw = logical[word.span].trim_start_matches(|c: char| c.is_ascii_digit());
        let value = word
            .value
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix("<<")?;
        let (name, tabs) = value
            .strip_prefix('-')
            .map_or((value, false), |name| (name, true));
        let is_name = raw.starts_with("<<") && !name.is_empty() && !name.contains('<');
        is_name.then(|| (name.to_owned(), tabs))
    });
    named.collect()
}

/// Every line as a comment of the same length.
fn hidden(text: &str) -> String {
    let hide = |c: char| {
        let kept = if matches!(c, '\n' | '\r') { c } else { '#' };
        std::iter::repeat_n(kept, c.len_utf8())
    };
    text.chars().flat_map(hide).collect()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    escape: char,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let directives = text.lines().take_while(|line| line.starts_with('#'));
        let backtick = directives
            .map(|line| line.replace(' ', "").to_ascii_lowercase())
            .any(|line| line == "#escape=`");
        Self {
            text,
            at: 0,
            escape: if backtick { '`' } else { '\\' },
        }
    }

    fn line(&mut self) -> Option<Range<usize>> {
        let line = self.text.get(self.at..)?.split_inclusive('\n').next()?;
        let start = self.at;
        self.at += line.len();
        Some(start..self.at)
    }

    /// The lines of the next instruction.
    fn instruction(&mut self) -> Option<Range<usize>> {
        let idle = |text: &str| text.trim().is_empty() || text.trim_start().starts_with('#');
        let mut whole: Option<Range<usize>> = None;
        while let Some(line) = self.line() {
            let text = &self.text[line.clone()];
            if idle(text) {
                continue;
            }
            let start = whole.as_ref().map_or(line.start, |whole| whole.start);
            whole = Some(start..line.end);
            if !text.trim_end().ends_with(self.escape) {
                break;
            }
        }
        whole
    }

    /// What stands before the line that is `name`, and where that line ends.
    fn body(&mut self, name: &str, tabs: bool) -> (Range<usize>, usize) {
        let start = self.at;
        while let Some(line) = self.line() {
            let text = self.text[line.clone()].trim_end_matches(['\n', '\r']);
            let text = if tabs {
                text.trim_start_matches('\t')
            } else {
                text
            };
            if text == name {
                return (start..line.start, line.end);
            }
        }
        (start..self.at, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_behind_a_command_is_set_aside() {
        let text = "FROM x\nRUN a \\\n # why\n && cat <<-'EOF' > /y\n\tTypes: é\n\n\tEOF\nUSER 1\n";
        let (plain, aside) = set_aside(text);
        assert_eq!(plain.len(), text.len());
        assert!(
            plain.ends_with("> /y\n##########\n\n####\nUSER 1\n"),
            "{plain}"
        );
        assert_eq!(aside.len(), 1);
        assert_eq!(aside[0].value, "\tTypes: é\n\n");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "RUN <<EOF\nls\nEOF\nUSER 1\n",
            "COPY <<a <<b /x/\n1\na\n2\nb\n",
            "RUN echo \"<<EOF\" $((1 << 3)) && cat <<< x\nUSER 1\n",
            "CMD cat <<EOF\nUSER 1\n",
        ] {
            assert_eq!(set_aside(text), (text.to_owned(), Vec::new()));
        }
    }
}
