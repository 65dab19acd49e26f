//! What held, what did not, and the figures: for people on standard error, for the README as JSON lines.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::error::{Error, Result};

/// How one step went.
pub(crate) struct Outcome {
    /// The step's name.
    pub(crate) name: &'static str,
    /// Why it did not hold.
    pub(crate) failure: Option<String>,
    took: Duration,
}

/// The measurements of one case. What was not measured is left out of the JSON.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Figures {
    /// A build with nothing cached, but its base images there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cold_build_s: Option<f64>,
    /// A build after one line of source changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edit_build_s: Option<f64>,
    /// The image's size less its base's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) added_mb: Option<f64>,
    /// From the start to the first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer_s: Option<f64>,
    /// From SIGTERM to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_s: Option<f64>,
}

/// The whole story of one case.
#[derive(Default)]
pub(crate) struct Report {
    /// The steps, in order.
    pub(crate) steps: Vec<Outcome>,
    /// The measurements.
    pub(crate) figures: Figures,
}

#[derive(Serialize)]
struct Line<'a> {
    case: &'a str,
    #[serde(flatten)]
    figures: &'a Figures,
}

impl Report {
    /// Takes one step and notes how it went. What it returns is there for the steps that build on it.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<T>,
    ) -> Option<T> {
        let began = Instant::now();
        let result = step();
        let failure = result.as_ref().err().map(Error::to_string);
        self.steps.push(Outcome {
            name,
            failure,
            took: began.elapsed(),
        });
        result.ok()
    }

    /// The names of the steps that did not hold.
    pub(crate) fn failed(&self) -> Vec<&'static str> {
        self.steps
            .iter()
            .filter(|step| step.failure.is_some())
            .map(|step| step.name)
            .collect()
    }

    /// The steps that did not hold, each with its reason.
    pub(crate) fn failures(&self) -> String {
        let lines = self
            .steps
            .iter()
            .filter_map(|step| Some(format!("{}: {}", step.name, step.failure.as_ref()?)));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A line for each step, and the figures.
    fn text(&self, case: &str) -> String {
        let mut text = format!("{case}\n");
        for step in &self.steps {
            let verdict = step.failure.as_ref().map_or("ok", |_| "FAILED");
            let _ = writeln!(
                text,
                "  {:<42} {verdict:<6} {:>6.1} s",
                step.name,
                step.took.as_secs_f64()
            );
            if let Some(failure) = &step.failure {
                let _ = writeln!(text, "      {}", failure.replace('\n', "\n      "));
            }
        }
        let _ = writeln!(text, "  {}", self.figures.text());
        text
    }

    /// Prints the story in one piece: cases run side by side.
    pub(crate) fn print(&self, case: &str) {
        let _ = std::io::stderr()
            .lock()
            .write_all(self.text(case).as_bytes());
    }

    /// Adds the figures to a file, one JSON object a line.
    pub(crate) fn keep_figures(&self, case: &str, file: &Path) -> Result<()> {
        let line = Line {
            case,
            figures: &self.figures,
        };
        let text = serde_json::to_string(&line).map_err(|source| Error::Json {
            what: "figures".to_owned(),
            source,
        })?;
        let mut file = fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(file)?;
        Ok(file.write_all(format!("{text}\n").as_bytes())?)
    }
}

impl Figures {
    fn text(&self) -> String {
        let shown = [
            ("cold build", self.cold_build_s, "s"),
            ("after an edit", self.edit_build_s, "s"),
            ("adds", self.added_mb, "MB"),
            ("first answer", self.answer_s, "s"),
            ("stop", self.stop_s, "s"),
        ];
        let known = shown
            .iter()
            .filter_map(|(name, value, unit)| Some(format!("{name} {:.1} {unit}", (*value)?)));
        known.collect::<Vec<_>>().join(" · ")
    }
}

/// Seconds to two places: more would be noise.
pub(crate) fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100.0).round() / 100.0
}
