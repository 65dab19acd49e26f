//! What a wizard needs of a terminal, so that tests can do without one.

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What stands in the spec.
    pub value: String,
    /// What is shown.
    pub title: String,
}

/// A question, with the answer that Enter gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The text.
    pub text: String,
    /// What Enter gives; for a choice, the value of an item.
    pub default: String,
    /// The answers of a choice; empty for a free text.
    pub items: Vec<Item>,
}

/// The answer, as it would be typed behind `--set key=`.
pub type Answer = String;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The person does not want to go on: Esc, Ctrl-C, end of input.
    #[error("cancelled")]
    Cancelled,
    /// The terminal failed.
    #[error("the terminal cannot be asked: {0}")]
    Terminal(String),
}

/// Somebody who answers.
pub trait Prompter {
    /// Asks until `check` accepts; `check` gives the reason for a refusal.
    fn ask(
        &mut self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Answer, Stop>;

    /// Shows text to the person.
    fn show(&mut self, text: &str);
}
