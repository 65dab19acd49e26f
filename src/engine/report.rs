//! What held, what did not, what could not be told, and the figures.
use std::time::{Duration, Instant};

use serde::Serialize;

use super::error::{Error, Result};

/// One thing that is proven: a name for flags and programs, and the words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// As in `--skip`.
    pub id: &'static str,
    /// What holds when it holds.
    pub title: &'static str,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Proven,
    /// It does not, with the reason.
    Failed(String),
    /// It could not be told, with the reason.
    Unproven(String),
}

/// How one step went.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The step.
    pub step: Step,
    /// How it ended.
    pub verdict: Verdict,
    /// Worth knowing, whatever the verdict.
    pub notes: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// The measurements. What was not measured is left out of the JSON.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// A build with nothing cached, but its base images there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cold_build_s: Option<f64>,
    /// A build after one line of source changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_build_s: Option<f64>,
    /// A build after a lock file changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_build_s: Option<f64>,
    /// The image's size less its base's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_mb: Option<f64>,
    /// From the start to the first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_s: Option<f64>,
    /// From SIGTERM to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_s: Option<f64>,
    /// What the layers over the base add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Added>,
}

/// One layer over the base.
#[derive(Clone, Debug, Serialize)]
pub struct Added {
    /// The instruction that made it.
    pub instruction: String,
    /// What its files weigh.
    pub mb: f64,
}

/// Which steps are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these, if any.
    pub only: Vec<String>,
    /// None of these.
    pub skip: Vec<String>,
}

impl Selection {
    /// Whether a step is wanted.
    pub fn wants(&self, step: &Step) -> bool {
        let named = |list: &[String]| list.iter().any(|id| id == step.id);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// The whole story of one proof.
#[derive(Default)]
pub struct Report<'a> {
    /// The steps, in order.
    pub steps: Vec<Outcome>,
    /// The measurements.
    pub figures: Figures,
    /// Which steps are wanted.
    pub selection: Selection,
    listener: Option<&'a dyn Fn(&Outcome)>,
}

impl<'a> Report<'a> {
    /// A report that tells `listener` of each step as it ends.
    pub fn told_to(selection: Selection, listener: &'a dyn Fn(&Outcome)) -> Self {
        Self {
            selection,
            listener: Some(listener),
            ..Self::default()
        }
    }

    /// Takes a step, if it is wanted, and notes how it went. What it returns is there for the steps that build on it.
    pub fn step<T>(&mut self, step: Step, take: impl FnOnce() -> Result<T>) -> Option<T> {
        if !self.selection.wants(&step) {
            return None;
        }
        self.need(step, take)
    }

    /// Takes a step that others build on, wanted or not.
    pub fn need<T>(&mut self, step: Step, take: impl FnOnce() -> Result<T>) -> Option<T> {
        self.take(step, |_| take())
    }

    /// A step that gives notes beside its verdict.
    pub fn noted(&mut self, step: Step, take: impl FnOnce(&mut Vec<String>) -> Result<()>) {
        if self.selection.wants(&step) {
            self.take(step, take);
        }
    }

    /// Says of steps that they cannot be proven here.
    pub fn leave(&mut self, steps: &[Step], reason: &str) {
        for step in steps {
            self.step(*step, || Err::<(), _>(Error::Unproven(reason.to_owned())));
        }
    }

    fn take<T>(
        &mut self,
        step: Step,
        take: impl FnOnce(&mut Vec<String>) -> Result<T>,
    ) -> Option<T> {
        let mut notes = Vec::new();
        let began = Instant::now();
        let result = take(&mut notes);
        crate::exit::stop_if_interrupted();
        let verdict = match &result {
            Ok(_) => Verdict::Proven,
            Err(Error::Unproven(reason)) => Verdict::Unproven(reason.clone()),
            Err(error) => Verdict::Failed(error.to_string()),
        };
        self.add(Outcome {
            step,
            verdict,
            notes,
            took: began.elapsed(),
        });
        result.ok()
    }

    fn add(&mut self, outcome: Outcome) {
        if let Some(listener) = self.listener {
            listener(&outcome);
        }
        self.steps.push(outcome);
    }

    /// The steps that did not hold, each with its reason.
    pub fn failures(&self) -> impl Iterator<Item = (&Step, &str)> {
        self.steps
            .iter()
            .filter_map(|outcome| match &outcome.verdict {
                Verdict::Failed(reason) => Some((&outcome.step, reason.as_str())),
                _ => None,
            })
    }
}

impl Figures {
    /// All that was measured, in one line.
    pub fn text(&self) -> String {
        let shown = [
            ("cold build", self.cold_build_s, "s"),
            ("after an edit", self.edit_build_s, "s"),
            ("after a lock file change", self.lock_build_s, "s"),
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
pub fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100.0).round() / 100.0
}

/// Bytes in MB, to two places.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of images are far below 2^52 bytes"
)]
pub fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e4).round() / 1e2
}
