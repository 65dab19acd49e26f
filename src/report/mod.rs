//! What the user is told: findings with their places, for people and for programs.
pub mod diagnostic;
pub mod github;
pub mod human;
pub mod printer;
pub mod sarif;
pub mod source;

pub use diagnostic::{Diagnostic, Severity, nearest};
pub use printer::Printer;
pub use source::{Document, Place};
