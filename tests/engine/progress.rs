//! BuildKit's progress stream (`--progress=rawjson`): one JSON object a line, each with news of some steps.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One instruction of the Dockerfile as the builder saw it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The stage's name.
    pub(crate) stage: String,
    /// Its place in that stage, from 1.
    pub(crate) number: usize,
    /// The instruction, as written.
    pub(crate) instruction: String,
    /// Whether the result came from the cache.
    pub(crate) cached: bool,
}

/// All that a build said.
#[derive(Debug, Default)]
pub(crate) struct Progress {
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
}

#[derive(Debug, Deserialize)]
struct Log {
    #[serde(default)]
    data: String,
}

impl Progress {
    /// Reads the stream; lines that are no JSON are the client's own words and go to the log.
    pub(crate) fn parse(text: &str) -> Self {
        let mut progress = Self::default();
        for line in text.lines() {
            match serde_json::from_str::<Line>(line) {
                Ok(line) => progress.add(line),
                Err(_) => progress.say(line),
            }
        }
        progress
    }

    /// The instructions that ran or were found in the cache. `FROM` is left out: a base image is neither. So is a
    /// `WORKDIR` that begins an empty stage: the builder makes that folder each time, and what follows is cached.
    pub(crate) fn steps(&self) -> Vec<Step> {
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
    pub(crate) fn complaint(&self) -> String {
        let errors = self
            .vertexes
            .values()
            .filter(|vertex| !vertex.error.is_empty());
        let errors: Vec<_> = errors
            .map(|vertex| format!("{}: {}", vertex.name, vertex.error))
            .collect();
        let lines: Vec<_> = self.log.lines().collect();
        let log = lines[lines.len().saturating_sub(40)..].join("\n");
        format!("{}\n{log}", errors.join("\n"))
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
