//! Asking: which questions, in which order, and a summary before anything is written. The questions themselves are
//! data of the spec's fields and the language folders.
pub mod prompter;
mod questions;
pub mod script;
mod summary;
mod terminal;

pub use prompter::{Answer, Item, Prompter, Question, Stop};
pub use questions::{Answers, ask, is_said, of_service, rows};
pub use summary::{Choice, lines, review};
pub use terminal::Terminal;
