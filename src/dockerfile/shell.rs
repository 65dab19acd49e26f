//! Shell text, read as far as the rules need it: words without their quotes, operators between simple commands, and
//! which variables are used. What a shell would compute (substitutions, arithmetic) stays as it is written.
use std::ops::Range;

use super::model::Text;

mod lexer;
mod variables;

pub use variables::{Use, uses};

use lexer::Token;

/// One simple command.
#[derive(Clone, Debug, Default)]
pub struct Simple {
    /// Assignments before the program, and those of `env`.
    pub assignments: Vec<(String, String)>,
    /// The program and its arguments, without what only wraps them (`exec`, `env`, `sudo` …).
    pub words: Vec<Text>,
    /// The wrappers that were taken off.
    pub wrappers: Vec<String>,
    /// What stands before it: `&&`, `||`, `|`, `;` or a line end; empty at the start.
    pub before: String,
    /// What stands behind it.
    pub after: String,
    /// Files that it writes to.
    pub writes: Vec<Text>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Words that a shell takes for itself at the beginning of a command.
const RESERVED: [&str; 12] = [
    "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "!", "{", "}",
];
/// Programs that start another one in their place.
const WRAPPERS: [&str; 9] = [
    "exec", "env", "sudo", "command", "nice", "nohup", "time", "stdbuf", "setarch",
];
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a program of that name is a shell.
pub fn is_shell(program: &str) -> bool {
    SHELLS.contains(&base_name(program))
}

/// The simple commands of a text that begins at byte `offset` of its file.
pub fn commands(text: &str, offset: usize) -> Vec<Simple> {
    let mut builder = Builder::default();
    for token in lexer::lex(text, offset) {
        builder.take(token);
    }
    builder.end("");
    builder.done.into_iter().flat_map(unfold).collect()
}

/// The words of a text that no shell reads, such as the arguments of `ENV`.
pub fn words(text: &str, offset: usize) -> Vec<Text> {
    lexer::words(text, offset)
}

/// The script of `sh -c SCRIPT`.
pub(super) fn script_of(words: &[Text]) -> Option<&Text> {
    let (program, rest) = words.split_first()?;
    if !is_shell(&program.value) {
        return None;
    }
    let at = rest
        .iter()
        .position(|word| word.value.starts_with('-') && word.value.ends_with('c'))?;
    rest.get(at + 1)
}

/// A command, and behind it those of the script that it gives to a shell.
pub(super) fn unfold(simple: Simple) -> Vec<Simple> {
    let inner = script_of(&simple.words).map(|script| commands(&script.value, script.span.start));
    let mut all = vec![simple];
    // The script's bytes stand elsewhere once quotes are taken off: its commands are placed at the whole script.
    for mut command in inner.unwrap_or_default() {
        let whole = all[0].span.clone();
        command.span = whole.clone();
        for word in &mut command.words {
            word.span = whole.clone();
        }
        all.push(command);
    }
    all
}

#[derive(Default)]
struct Builder {
    done: Vec<Simple>,
    now: Simple,
    redirects: bool,
}

impl Builder {
    fn take(&mut self, token: Token) {
        match token {
            Token::Operator(operator) => self.end(&operator),
            Token::Redirect { writes } => self.redirects = writes,
            Token::Target(text) => {
                if self.redirects {
                    self.now.writes.push(text);
                }
            }
            Token::Word(text) => self.word(text),
        }
    }

    fn word(&mut self, text: Text) {
        if self.now.words.is_empty() {
            if RESERVED.contains(&text.value.as_str()) {
                return;
            }
            if let Some((name, value)) = assignment(&text.value) {
                self.now
                    .assignments
                    .push((name.to_owned(), value.to_owned()));
                self.spread(&text);
                return;
            }
        }
        self.spread(&text);
        self.now.words.push(text);
    }

    fn spread(&mut self, text: &Text) {
        if self.now.span.is_empty() {
            self.now.span.start = text.span.start;
        }
        self.now.span.end = text.span.end;
    }

    fn end(&mut self, operator: &str) {
        let mut command = std::mem::take(&mut self.now);
        operator.clone_into(&mut self.now.before);
        operator.clone_into(&mut command.after);
        if !command.words.is_empty() || !command.assignments.is_empty() {
            command.unwrap();
            self.done.push(command);
        }
    }
}

fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    is_name(name).then_some((name, value))
}

/// Whether a text can be the name of a variable.
pub fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Simple {
    /// The command of an exec form.
    pub(super) fn of_words(words: &[Text]) -> Self {
        let start = words.first().map_or(0, |word| word.span.start);
        let mut command = Self {
            words: words.to_vec(),
            span: start..words.last().map_or(start, |word| word.span.end),
            ..Self::default()
        };
        command.unwrap();
        command
    }

    /// Takes wrappers off.
    fn unwrap(&mut self) {
        while let Some(first) = self.words.first() {
            let name = base_name(&first.value).to_owned();
            if !WRAPPERS.contains(&name.as_str()) || self.words.len() == 1 {
                return;
            }
            self.words.remove(0);
            self.wrappers.push(name);
            while let Some(word) = self.words.first() {
                if let Some((name, value)) = assignment(&word.value) {
                    self.assignments.push((name.to_owned(), value.to_owned()));
                } else if !word.value.starts_with('-') || self.words.len() == 1 {
                    break;
                }
                self.words.remove(0);
            }
        }
    }

    /// The program, without its folder.
    pub fn program(&self) -> &str {
        self.words
            .first()
            .map(|word| base_name(&word.value))
            .unwrap_or_default()
    }

    /// Its arguments.
    pub fn arguments(&self) -> &[Text] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether an argument is exactly that.
    pub fn has(&self, argument: &str) -> bool {
        self.arguments().iter().any(|word| word.value == argument)
    }

    /// Whether an argument is that flag, alone or with `=value`.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flag(flag).is_some()
    }

    /// The value of a flag: what stands behind `=`, or else the next word (empty at the end).
    pub fn flag(&self, flag: &str) -> Option<&str> {
        let arguments = self.arguments();
        arguments.iter().enumerate().find_map(|(at, word)| {
            let rest = word.value.strip_prefix(flag)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value),
                None if rest.is_empty() => {
                    Some(arguments.get(at + 1).map_or("", |next| next.value.as_str()))
                }
                None => None,
            }
        })
    }

    /// The arguments that are no flags.
    pub fn operands(&self) -> impl Iterator<Item = &Text> {
        self.arguments()
            .iter()
            .filter(|word| !word.value.starts_with('-'))
    }

    /// Whether program and arguments begin so; flags between are skipped. `*` stands for any one word.
    pub fn begins(&self, pattern: &str) -> bool {
        let mut wanted = pattern.split(' ');
        if wanted.next() != Some(self.program()) {
            return false;
        }
        let mut operands = self.operands().map(|word| word.value.as_str());
        wanted.all(|want| {
            if want.starts_with('-') {
                return self.has_flag(want);
            }
            operands
                .next()
                .is_some_and(|word| want == "*" || word == want)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(text: &str) -> Vec<String> {
        let all = commands(text, 0).into_iter();
        all.map(|command| {
            command
                .words
                .iter()
                .map(|word| word.value.clone())
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect()
    }

    #[test]
    fn operators_part_commands() {
        assert_eq!(
            programs("a 'b c' && d || e;f | g\nh"),
            ["a|b c", "d", "e", "f", "g", "h"]
        );
        assert_eq!(
            programs("if test -f x; then rm \"x y\" >/dev/null 2>&1; fi"),
            ["test|-f|x", "rm|x y"]
        );
        assert_eq!(programs("a \\\n  # why\n  b \\\n && c"), ["a|b", "c"]);
        assert_eq!(
            programs("(a; b) & c $(d | e) `f;g`"),
            ["a", "b", "c|$(d | e)|`f;g`"]
        );
    }

    #[test]
    fn wrappers_and_scripts_are_seen_through() {
        let all = commands("A=1 sudo -E env B=2 x y", 0);
        assert_eq!((all[0].program(), all[0].assignments.len()), ("x", 2));
        assert_eq!(
            programs("bash -exc 'a && b'"),
            ["bash|-exc|a && b", "a", "b"]
        );
        assert!(
            commands("exec x", 0)[0]
                .wrappers
                .contains(&"exec".to_owned())
        );
    }

    #[test]
    fn patterns_skip_flags() {
        let command = &commands("x -C . add --flag y", 0)[0];
        assert!(!command.begins("x add"));
        let command = &commands("x -C=. add --flag y", 0)[0];
        assert!(
            command.begins("x add y") && command.begins("x add *") && command.begins("x --flag")
        );
        assert_eq!(command.flag("-C"), Some("."));
        assert_eq!(command.flag("--flag"), Some("y"));
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in [
            "\"", "'", "$(", "${", "`", "\\", "a <<", ">", "a >&", "<(", "#", "\\\r\n", "é\\é",
        ] {
            commands(text, 0);
            uses(text, 0);
        }
    }
}
