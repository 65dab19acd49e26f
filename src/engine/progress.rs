//! What a build tells of its steps: BuildKit's stream (`--progress=rawjson`, one JSON object a line, each with news of
//! some steps), or the lines of Podman and Buildah.
use std::collections::BTreeMap;

use serde::Deserialize;

/// One instruction of the Dockerfile as the builder saw it.
#[derive(Debug, Clone)]
pub struct Step {
    /// The stage's name.
    pub stage: String,
    /// Its place in that stage, from 1.
    pub number: usize,
    /// The instruction, as written.
    pub instruction: String,
    /// Whether the result came from the cache.
    pub cached: bool,
}

/// All that a build said.
#[derive(Debug, Default)]
pub struct Progress {
    vertexes: BTreeMap<String, Vertex>,
    order: Vec<String>,
    log: String,
}

#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(default)]
    vertexes: Vec<Vertex>,
    #[serde(default)]
    logs: Vec<Log>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Vertex {
    digest: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    cached: bool,
    #[serde(default)]
    error: String,
    started: Option<String>,
    completed: Option<String>,
}

impl Vertex {
    /// What is broken off ends with an error.
    fn is_under_way(&self) -> bool {
        self.started.is_some() && (self.completed.is_none() || !self.error.is_empty())
    }
}

#[derive(Debug, Deserialize)]
struct Log {
    #[serde(default)]
    data: String,
}

impl Progress {
    /// Reads the stream; lines that are no JSON are the client's own words and go to the log.
    pub fn parse(text: &str) -> Self {
        let mut progress = Self::default();
        for line in text.lines() {
            match serde_json::from_str::<Line>(line) {
                Ok(line) => progress.add(line),
                Err(_) => progress.say(line),
            }
        }
        progress
    }

    /// Reads the lines of Podman and Buildah: `[1/2] STEP 3/6: COPY . .`, and `--> Using cache …` under what was cached.
    pub fn parse_lines(stdout: &str, stderr: &str) -> Self {
        let mut progress = Self::default();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for line in stdout.lines().chain(stderr.lines()) {
            if let Some(last) = progress
                .order
                .last()
                .filter(|_| line.starts_with("--> Using cache"))
            {
                if let Some(vertex) = progress.vertexes.get_mut(last) {
                    vertex.cached = true;
                }
            } else if let Some((stage, place, instruction)) = told(line) {
                if let Some(name) = instruction.strip_prefix("FROM ").and_then(named) {
                    names.insert(stage.to_owned(), name.to_owned());
                }
                let name = names.get(stage).map_or(stage, String::as_str);
                let name = format!("[{} {place}] {instruction}", name.replace(' ', "-"));
                let digest = format!("{stage} {place}");
                progress.add(Line {
                    vertexes: vec![Vertex {
                        digest,
                        name,
                        ..Vertex::default()
                    }],
                    logs: Vec::new(),
                });
            } else {
                progress.say(line);
            }
        }
        progress
    }

    /// The names of all steps.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.vertexes.values().map(|vertex| vertex.name.as_str())
    }

    /// The instructions that ran or were found in the cache. `FROM` is left out: a base image is neither. So is a
    /// `WORKDIR` that begins an empty stage: the builder makes that folder each time, and what follows is cached.
    pub fn steps(&self) -> Vec<Step> {
        let vertexes = self
            .order
            .iter()
            .filter_map(|digest| self.vertexes.get(digest));
        let counts = |step: &Step| {
            let first_folder = step.number == 1 && step.instruction.starts_with("WORKDIR ");
            !step.instruction.starts_with("FROM ") && !first_folder
        };
        vertexes.filter_map(step).filter(counts).collect()
    }

    /// What the build printed and where it failed, for an error message.
    pub fn complaint(&self) -> String {
        let errors = self
            .vertexes
            .values()
            .filter(|vertex| !vertex.error.is_empty());
        let errors: Vec<_> = errors
            .map(|vertex| format!("{}: {}", vertex.name, vertex.error))
            .collect();
        format!("{}\n{}", errors.join("\n"), self.last_lines(40))
    }

    /// Where a build stood that was given no more time, and what it printed last. Lines of Podman and Buildah do not say
    /// what is under way: it is what they named last.
    pub fn standstill(&self) -> String {
        let mut all = self
            .order
            .iter()
            .filter_map(|digest| self.vertexes.get(digest));
        let mut at: Vec<_> = all
            .clone()
            .filter(|vertex| vertex.is_under_way() && !vertex.name.is_empty())
            .collect();
        if at.is_empty() {
            at.extend(all.next_back());
        }
        let at: Vec<_> = at.iter().map(|vertex| vertex.name.as_str()).collect();
        format!("it was at {}\n{}", at.join(", "), self.last_lines(20))
    }

    fn last_lines(&self, most: usize) -> String {
        let lines: Vec<_> = self.log.lines().collect();
        lines[lines.len().saturating_sub(most)..].join("\n")
    }

    fn add(&mut self, line: Line) {
        for vertex in line.vertexes {
            if !self.vertexes.contains_key(&vertex.digest) {
                self.order.push(vertex.digest.clone());
            }
            self.vertexes.insert(vertex.digest.clone(), vertex);
        }
        for log in line.logs {
            self.log
                .push_str(&String::from_utf8_lossy(&decode(&log.data)));
        }
    }

    fn say(&mut self, line: &str) {
        self.log.push_str(line);
        self.log.push('\n');
    }
}

/// `[build 3/7] COPY . .`, or `[linux/amd64->arm64 build 3/7] …` when platforms differ; all else is the builder's own.
fn step(vertex: &Vertex) -> Option<Step> {
    let (head, instruction) = vertex.name.strip_prefix('[')?.split_once("] ")?;
    let (rest, numbers) = head.rsplit_once(' ').unwrap_or(("", head));
    let (number, _) = numbers.split_once('/')?;
    Some(Step {
        stage: rest.rsplit(' ').next().unwrap_or_default().to_owned(),
        number: number.trim().parse().ok()?,
        instruction: instruction.to_owned(),
        cached: vertex.cached,
    })
}

/// `[1/2] STEP 3/6: COPY . .` in stage, place and instruction; a build of one stage does not number it.
fn told(line: &str) -> Option<(&str, &str, &str)> {
    let (stage, rest) = line
        .strip_prefix('[')
        .and_then(|line| line.split_once("] "))
        .unwrap_or(("1/1", line));
    let (place, instruction) = rest.strip_prefix("STEP ")?.split_once(": ")?;
    Some((stage, place, instruction))
}

/// The name in `IMAGE AS name`.
fn named(from: &str) -> Option<&str> {
    let mut words = from.split_whitespace();
    words
        .by_ref()
        .find(|word| word.eq_ignore_ascii_case("as"))?;
    words.next()
}

/// Base64, as the stream carries what steps print.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u8);
    for value in text.bytes().filter_map(sextet) {
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_words_tell_the_same() {
        let stream = r#"{"vertexes":[{"digest":"a","name":"[build 1/3] FROM x"},{"digest":"b","name":"[build 2/3] COPY a ./","cached":true}]}
{"vertexes":[{"digest":"c","name":"[build 3/3] RUN make"}],"logs":[{"data":"aGk="}]}"#;
        let lines = "[1/2] STEP 1/3: FROM x AS build\n[1/2] STEP 2/3: COPY a ./\n--> Using cache 4f\n--> 4f\n[1/2] STEP 3/3: RUN make\n--> 5a\n";
        for progress in [Progress::parse(stream), Progress::parse_lines(lines, "")] {
            let steps = progress.steps();
            let told: Vec<_> = steps
                .iter()
                .map(|step| {
                    (
                        step.stage.as_str(),
                        step.number,
                        step.instruction.as_str(),
                        step.cached,
                    )
                })
                .collect();
            assert_eq!(
                told,
                [
                    ("build", 2, "COPY a ./", true),
                    ("build", 3, "RUN make", false)
                ]
            );
        }
    }

    #[test]
    fn what_a_step_prints_is_told() {
        let progress = Progress::parse(
            r#"{"vertexes":[{"digest":"a","name":"[b 1/1] RUN x","error":"exit 1"}],"logs":[{"data":"aGk="}]}"#,
        );
        assert_eq!(progress.complaint(), "[b 1/1] RUN x: exit 1\nhi");
    }

    #[test]
    fn where_a_build_stood_is_told() {
        let progress = Progress::parse(
            r#"{"vertexes":[{"digest":"a","name":"[b 1/2] RUN x","started":"t","completed":"t"}]}
{"vertexes":[{"digest":"b","name":"[b 2/2] RUN y","started":"t"}],"logs":[{"data":"aGk="}]}"#,
        );
        assert_eq!(progress.standstill(), "it was at [b 2/2] RUN y\nhi");
        // BuildKit ends the step that it breaks off, with an error.
        let broken = Progress::parse(
            r#"{"vertexes":[{"digest":"a","name":"[b 1/2] RUN x","started":"t","completed":"t"}]}
{"vertexes":[{"digest":"b","name":"[b 2/2] RUN y","started":"t","completed":"t","error":"canceled"}]}
{"vertexes":[{"digest":"c","name":"","started":"t"}]}"#,
        );
        assert_eq!(broken.standstill(), "it was at [b 2/2] RUN y\n");
        let lines = Progress::parse_lines("STEP 1/2: FROM x\nSTEP 2/2: RUN y\nhi\n", "");
        assert_eq!(lines.standstill(), "it was at [1/1 2/2] RUN y\nhi");
    }
}
