//! Formats of lines: `KEY=value`, processes of a Procfile, instructions of a Dockerfile. Each gives texts with places.
use std::ops::Range;

/// A text and where it stands.
pub(super) type Piece = (String, Range<usize>);

/// The lines of a text with the byte each begins at.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    })
}

/// The values of `name` in `name=value` lines; `export` before and quotes around are dropped.
pub(super) fn variable(text: &str, name: &str) -> Vec<Piece> {
    let value = |(start, line): (usize, &str)| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (key, value) = line.split_once(['=', ':'])?;
        let value = value.trim().trim_matches(['"', '\'']);
        let found = key.trim() == name && !value.is_empty();
        found.then(|| (value.to_owned(), start..start + line.len()))
    };
    lines(text).filter_map(value).collect()
}

/// The command of a process.
pub(super) fn process(text: &str, name: &str) -> Vec<Piece> {
    let command = |(start, line): (usize, &str)| {
        let (key, command) = line.split_once(':')?;
        let found = key.trim() == name && !line.starts_with('#');
        found.then(|| (command.trim().to_owned(), start..start + line.len()))
    };
    lines(text).filter_map(command).collect()
}

/// The arguments of an instruction: of the last stage, or for `FROM` of all. Variables with a default in the file are
/// replaced; the exec form becomes words with blanks between them.
pub(super) fn instruction(text: &str, name: &str) -> Vec<Piece> {
    let all = instructions(text);
    let last = all.iter().rposition(|(word, ..)| word == "FROM");
    let from = if name == "FROM" {
        0
    } else {
        last.unwrap_or_default()
    };
    let variables: Vec<_> = all
        .iter()
        .filter(|(word, ..)| word == "ARG" || word == "ENV")
        .filter_map(|(_, arguments, _)| arguments.split_once(['=', ' ']))
        .collect();
    let pieces = all.iter().skip(from).filter(|(word, ..)| word == name);
    let piece = |(_, arguments, at): &(String, String, Range<usize>)| {
        (expand(&words(arguments), &variables), at.clone())
    };
    pieces.map(piece).collect()
}

/// Word, arguments, place of each instruction, with continued lines joined.
fn instructions(text: &str) -> Vec<(String, String, Range<usize>)> {
    let mut all: Vec<(String, String, Range<usize>)> = Vec::new();
    let mut open = false;
    for (start, line) in lines(text) {
        let line = line.trim();
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let (body, more) = match line.strip_suffix('\\') {
            Some(body) => (body.trim_end(), true),
            None => (line, false),
        };
        if let Some((_, arguments, _)) = all.last_mut().filter(|_| open) {
            arguments.push(' ');
            arguments.push_str(body);
        } else {
            let (word, arguments) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
            let place = start..start + line.len();
            all.push((
                word.to_ascii_uppercase(),
                arguments.trim().to_owned(),
                place,
            ));
        }
        open = more;
    }
    all
}

fn words(arguments: &str) -> String {
    match serde_json::from_str::<Vec<String>>(arguments) {
        Ok(words) => words.join(" "),
        Err(_) => arguments.to_owned(),
    }
}

fn expand(text: &str, variables: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in variables {
        let value = value.trim_matches(['"', '\'']);
        text = text.replace(&format!("${{{name}}}"), value);
        if text == format!("${name}") || text.contains(&format!(":${name}")) {
            text = text.replace(&format!("${name}"), value);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pieces: Vec<Piece>) -> Vec<String> {
        pieces.into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn variables_and_processes_are_found_by_name() {
        let text = "# PORT=1\nexport PORT=\"8080\"\nOTHER=2\n";
        assert_eq!(texts(variable(text, "PORT")), ["8080"]);
        let text = "web: serve a:b\nworker: x\n";
        assert_eq!(texts(process(text, "web")), ["serve a:b"]);
    }

    #[test]
    fn instructions_are_those_of_the_last_stage() {
        let text = "ARG PY=3.12\nFROM base:${PY} AS a\nCMD x\nFROM b\nENV P=80\nEXPOSE $P\nCMD [\"g\", \\\n \"a:b\"]\n";
        assert_eq!(texts(instruction(text, "FROM")), ["base:3.12 AS a", "b"]);
        assert_eq!(texts(instruction(text, "CMD")), ["g a:b"]);
        assert_eq!(texts(instruction(text, "EXPOSE")), ["80"]);
    }
}
