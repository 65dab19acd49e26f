//! A command-line tool. `run` is what the tests call.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

/// Stamped in by the build: `docker build --build-arg VERSION=1.2.3`.
const VERSION: Option<&str> = option_env!("VERSION");

const USAGE: &str = "usage: [--shout] [WHO]\n       version";

/// What can go wrong.
#[derive(Debug)]
enum Failure {
    /// The arguments.
    Usage,
    /// The output.
    Output(io::Error),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments, &mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage) => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Err(Failure::Output(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the arguments say; results go to `out`.
fn run(arguments: &[String], out: &mut impl Write) -> Result<(), Failure> {
    let (flags, words): (Vec<_>, Vec<_>) = arguments.iter().partition(|word| word.starts_with('-'));
    if words.len() > 1 || flags.iter().any(|flag| *flag != "--shout") {
        return Err(Failure::Usage);
    }
    let line = match words.first().map(|word| word.as_str()) {
        Some("version") => VERSION.unwrap_or("dev").to_owned(),
        who => format!("Hello, {}!", who.unwrap_or("world")),
    };
    let line = if flags.is_empty() {
        line
    } else {
        line.to_uppercase()
    };
    writeln!(out, "{line}").map_err(Failure::Output)
}

#[cfg(test)]
mod tests {
    use super::{Failure, run};

    fn output(words: &str) -> Result<String, Failure> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let mut out = Vec::new();
        run(&words, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn greets() {
        assert_eq!(output("").unwrap(), "Hello, world!\n");
        assert_eq!(output("Ada").unwrap(), "Hello, Ada!\n");
        assert_eq!(output("--shout Ada").unwrap(), "HELLO, ADA!\n");
        assert_eq!(output("version").unwrap(), "dev\n");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(matches!(output("Ada Grace"), Err(Failure::Usage)));
        assert!(matches!(output("--whisper"), Err(Failure::Usage)));
    }
}
