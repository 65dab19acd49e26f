//! What a person or an organisation settled beforehand, outside any project.
pub mod config;

pub use config::Config;
