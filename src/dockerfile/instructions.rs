//! A Dockerfile's text cut into instructions, with the line each begins at.

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The line it begins at, from 1.
    pub line: usize,
    /// Its text, continued lines and all.
    pub text: String,
}

impl Instruction {
    /// Its first line, with a mark where more follows.
    pub fn first_line(&self) -> String {
        let first = self.text.lines().next().unwrap_or_default();
        match first.trim_end().strip_suffix('\\') {
            Some(rest) => format!("{}…", rest.trim_end()),
            None => first.to_owned(),
        }
    }
}

/// All instructions; comments and empty lines are none.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let mut all: Vec<Instruction> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        let blank = line.trim().is_empty() || line.trim_start().starts_with('#');
        if blank && !open {
            continue;
        }
        match all.last_mut() {
            Some(last) if open => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            _ => all.push(Instruction {
                line: index + 1,
                text: line.to_owned(),
            }),
        }
        open = line.trim_end().ends_with('\\');
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continued_lines_belong_together() {
        let all = instructions("# why\nFROM a\n\nRUN b \\\n  && c\nCMD d\n");
        let lines: Vec<_> = all.iter().map(|one| one.line).collect();
        assert_eq!(lines, [2, 4, 6]);
        assert_eq!(all[1].text, "RUN b \\\n  && c");
        assert_eq!(all[1].first_line(), "RUN b…");
    }
}
