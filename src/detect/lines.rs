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

/// The arguments of an instruction: of the last stage and those it is built from, or for `FROM` of all. Variables with a default in the file are
/// replaced; the exec form becomes words with blanks between them. `START` is no instruction, but what an image starts.
pub(super) fn instruction(text: &str, name: &str) -> Vec<Piece> {
    if name == "START" {
        return start(text).into_iter().collect();
    }
    let all = instructions(text);
    let stages = lineage(&all);
    let variables: Vec<_> = all
        .iter()
        .filter(|(word, ..)| word == "ARG" || word == "ENV")
        .filter_map(|(_, arguments, _)| arguments.split_once(['=', ' ']))
        .collect();
    let is_in = |at: usize| name == "FROM" || stages.iter().any(|stage| stage.contains(&at));
    let pieces = all.iter().enumerate();
    let pieces = pieces.filter(|(at, (word, ..))| word == name && is_in(*at));
    let piece = |(_, (_, arguments, at)): (usize, &Instruction)| {
        (expand(&words(arguments), &variables), at.clone())
    };
    pieces.map(piece).collect()
}

/// The instructions of the last stage and of the stages that it is built from.
fn lineage(all: &[Instruction]) -> Vec<Range<usize>> {
    let is_from = |at: &usize| all.get(*at).is_some_and(|(word, ..)| word == "FROM");
    let from: Vec<_> = (0..all.len()).filter(is_from).collect();
    let mut found = Vec::new();
    let mut end = all.len();
    let mut stage = from.len().checked_sub(1);
    while let Some(start) = stage.and_then(|stage| from.get(stage)) {
        found.push(*start..end);
        let base = all.get(*start).map_or("", |(_, arguments, _)| arguments);
        let base = base.split_whitespace().find(|word| !word.starts_with("--"));
        let below = from.iter().take_while(|at| *at < start);
        let names = below.map(|at| {
            all.get(*at)
                .and_then(|(_, a, _)| a.split_whitespace().last())
        });
        stage = names
            .collect::<Vec<_>>()
            .iter()
            .rposition(|name| *name == base);
        end = stage
            .and_then(|stage| from.get(stage + 1))
            .map_or(0, |at| *at);
    }
    found
}

/// The last ENTRYPOINT with the last CMD behind it; a shell around them is taken off.
fn start(text: &str) -> Option<Piece> {
    let last = |name: &str| instruction(text, name).pop();
    let joined = match (last("ENTRYPOINT"), last("CMD")) {
        (Some((entry, _)), Some((command, at))) => (format!("{entry} {command}"), at),
        (one, other) => one.or(other)?,
    };
    let shells = ["/bin/sh -c ", "sh -c ", "/bin/bash -c ", "bash -c "];
    let inner = shells.iter().find_map(|shell| joined.0.strip_prefix(shell));
    let plain = inner.unwrap_or(&joined.0).trim();
    let plain = plain.strip_prefix("exec ").unwrap_or(plain);
    Some((plain.to_owned(), joined.1))
}

/// Word, arguments, place.
type Instruction = (String, String, Range<usize>);

/// All instructions, with continued lines joined.
fn instructions(text: &str) -> Vec<Instruction> {
    let mut all: Vec<Instruction> = Vec::new();
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
        let text = "FROM x AS y\nEXPOSE 1\nFROM x AS a\nEXPOSE 2\nFROM a\nEXPOSE 3\n";
        assert_eq!(texts(instruction(text, "EXPOSE")), ["2", "3"]);
    }

    #[test]
    fn what_an_image_starts_is_entry_point_and_command() {
        let start = |text: &str| texts(instruction(text, "START"));
        assert_eq!(start("FROM a\nCMD [\"x\"]\nFROM b\n"), [""; 0]);
        assert_eq!(
            start("FROM a\nENTRYPOINT [\"/x\"]\nCMD [\"go\", \"-v\"]\n"),
            ["/x go -v"]
        );
        assert_eq!(
            start("FROM a\nCMD [\"sh\", \"-c\", \"exec x y\"]\n"),
            ["x y"]
        );
    }
}
