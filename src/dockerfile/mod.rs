//! A Dockerfile as the rules see it, ours or anybody's: what it says, with places; what each stage stands on and holds;
//! and which paths of the context the build sees.
pub mod artefact;
mod heredoc;
pub mod ignore;
pub mod instructions;
pub mod model;
mod parse;
pub mod rules;
pub mod shell;
pub mod tables;
pub mod view;

pub use model::{Command, Copy, Form, Instruction, Kind, Run, Text};
pub use rules::Finding;
pub use view::{Stage, Surroundings, View};
