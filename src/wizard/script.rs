//! A prompter with its answers ready: for tests.
use std::collections::VecDeque;

use super::prompter::{Answer, Prompter, Question, Stop};

/// Answers in order; an empty one means Enter. When they run out, the run is cancelled.
#[derive(Debug, Default)]
pub struct Script {
    answers: VecDeque<String>,
    /// The questions that were asked.
    pub asked: Vec<Question>,
    /// What was shown.
    pub shown: Vec<String>,
}

impl Script {
    /// With these answers.
    pub fn new(answers: &[&str]) -> Self {
        Self {
            answers: answers.iter().map(|answer| (*answer).to_owned()).collect(),
            ..Self::default()
        }
    }
}

impl Prompter for Script {
    fn ask(
        &mut self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Answer, Stop> {
        self.asked.push(question.clone());
        loop {
            let answer = self.answers.pop_front().ok_or(Stop::Cancelled)?;
            let answer = if answer.is_empty() {
                question.default.clone()
            } else {
                answer
            };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(reason) => self.shown.push(reason),
            }
        }
    }

    fn show(&mut self, text: &str) {
        self.shown.push(text.to_owned());
    }
}
