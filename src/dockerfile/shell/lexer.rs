//! Text → words and operators.
use super::super::model::Text;

/// A part of a shell's text.
#[derive(Debug)]
pub(super) enum Token {
    Word(Text),
    /// `&&`, `||`, `|`, `;`, `&`, a bracket or a line end.
    Operator(String),
    /// `<` or `>`; the next is a target.
    Redirect {
        writes: bool,
    },
    /// The file of a redirection.
    Target(Text),
}

/// Cuts `text`, whose first byte is byte `offset` of its file.
pub(super) fn lex(text: &str, offset: usize) -> Vec<Token> {
    run(text, offset, false)
}

/// The words of an instruction that no shell reads: operators are ordinary characters there.
pub(super) fn words(text: &str, offset: usize) -> Vec<Text> {
    let tokens = run(text, offset, true).into_iter();
    let words = tokens.filter_map(|token| match token {
        Token::Word(text) => Some(text),
        _ => None,
    });
    words.collect()
}

fn run(text: &str, offset: usize, plain: bool) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        at: 0,
        offset,
        plain,
        tokens: Vec::new(),
        word: None,
        after_redirect: false,
    };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.finish_word();
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    offset: usize,
    plain: bool,
    tokens: Vec<Token>,
    word: Option<(usize, String)>,
    after_redirect: bool,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self) {
        let Some(c) = self.rest().chars().next() else {
            self.at = self.text.len();
            return;
        };
        match c {
            '\\' => self.escape(),
            '\'' => self.single(),
            '"' => self.double(),
            '`' if !self.plain => self.raw_until('`'),
            '$' if self.rest().starts_with("$(") => self.balanced('(', ')'),
            '$' if self.rest().starts_with("${") => self.balanced('{', '}'),
            '<' | '>' if !self.plain => self.redirect(c),
            '\n' if !self.plain => self.line_end(),
            '#' if !self.plain && self.word.is_none() => self.comment(),
            '`' | '&' | '|' | ';' | '(' | ')' if self.plain => self.push(c, 1),
            '&' | '|' | ';' | '(' | ')' => self.operator(),
            c if c.is_whitespace() => {
                self.finish_word();
                self.at += c.len_utf8();
            }
            c => self.push(c, c.len_utf8()),
        }
    }

    fn push(&mut self, c: char, bytes: usize) {
        let start = self.at;
        self.word
            .get_or_insert_with(|| (start, String::new()))
            .1
            .push(c);
        self.at += bytes;
    }

    fn open(&mut self) {
        let start = self.at;
        self.word.get_or_insert_with(|| (start, String::new()));
    }

    fn finish_word(&mut self) {
        let Some((start, value)) = self.word.take() else {
            return;
        };
        let text = Text {
            value,
            span: self.offset + start..self.offset + self.at,
        };
        let token = if std::mem::take(&mut self.after_redirect) {
            Token::Target(text)
        } else {
            Token::Word(text)
        };
        self.tokens.push(token);
    }

    /// A backslash: before a line end it joins the lines, else it takes the next character's meaning away.
    fn escape(&mut self) {
        let rest = &self.rest()[1..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if rest[blanks..].starts_with('\n') {
            self.at += 1 + blanks + 1;
            self.skip_comment_lines();
        } else if let Some(next) = rest.chars().next() {
            self.push(next, 1 + next.len_utf8());
        } else {
            self.at += 1;
        }
    }

    /// Comment lines within a continued instruction are not part of it.
    fn skip_comment_lines(&mut self) {
        loop {
            let rest = self.rest();
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            let trimmed = line.trim();
            if line.is_empty()
                || !(trimmed.starts_with('#') || (trimmed.is_empty() && line.ends_with('\n')))
            {
                return;
            }
            self.at += line.len();
        }
    }

    fn single(&mut self) {
        self.open();
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            if c == '\'' {
                return;
            }
            if let Some((_, value)) = &mut self.word {
                value.push(c);
            }
        }
    }

    fn double(&mut self) {
        self.open();
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => {
                    self.at += 1;
                    return;
                }
                '\\' => self.escape_in_double(),
                '$' if self.rest().starts_with("$(") => self.balanced('(', ')'),
                c => self.push(c, c.len_utf8()),
            }
        }
    }

    fn escape_in_double(&mut self) {
        match self.rest()[1..].chars().next() {
            Some('\n') => self.at += 2,
            Some(next @ ('"' | '\\' | '$' | '`')) => self.push(next, 1 + next.len_utf8()),
            _ => self.push('\\', 1),
        }
    }

    fn raw_until(&mut self, end: char) {
        self.open();
        let rest = &self.rest()[1..];
        let length = rest.find(end).map_or(self.rest().len(), |at| at + 2);
        self.raw(length);
    }

    fn raw(&mut self, length: usize) {
        self.open();
        let text = self.rest().get(..length).unwrap_or_default().to_owned();
        if let Some((_, value)) = &mut self.word {
            value.push_str(&text);
        }
        self.at += length.max(1);
    }

    /// `$(…)` and `${…}` stay as they are.
    fn balanced(&mut self, open: char, close: char) {
        let mut depth = 0_usize;
        let mut quoted = false;
        let mut length = self.rest().len();
        for (at, c) in self.rest().char_indices() {
            match c {
                '\'' => quoted = !quoted,
                _ if quoted => {}
                c if c == open => depth += 1,
                c if c == close => {
                    depth -= 1;
                    if depth == 0 {
                        length = at + c.len_utf8();
                        break;
                    }
                }
                _ => {}
            }
        }
        self.raw(length);
    }

    fn redirect(&mut self, c: char) {
        let rest = self.rest();
        if rest.starts_with("<(") || rest.starts_with(">(") {
            return self.balanced('(', ')');
        }
        // `2>`: the number is no word.
        if self
            .word
            .as_ref()
            .is_some_and(|(_, word)| word.bytes().all(|byte| byte.is_ascii_digit()))
        {
            self.word = None;
        }
        self.finish_word();
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches(['<', '>', '|']).len();
        self.at += length;
        if let Some(after) = self.rest().strip_prefix('&') {
            let digits = after.len()
                - after
                    .trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
                    .len();
            if digits > 0 {
                self.at += 1 + digits;
                return;
            }
            self.at += 1;
        }
        self.after_redirect = true;
        self.tokens.push(Token::Redirect { writes: c == '>' });
    }

    fn line_end(&mut self) {
        self.finish_word();
        self.at += 1;
        self.tokens.push(Token::Operator("\n".to_owned()));
    }

    fn comment(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn operator(&mut self) {
        self.finish_word();
        if self.rest().starts_with("&>") {
            self.at += 1;
            return;
        }
        let pairs = ["&&", "||", ";;", "|&"];
        let operator = pairs.into_iter().find(|pair| self.rest().starts_with(pair));
        let operator = operator.map_or_else(|| self.rest()[..1].to_owned(), ToOwned::to_owned);
        self.at += operator.len();
        self.tokens.push(Token::Operator(operator));
    }
}
