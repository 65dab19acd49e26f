//! `scaffold`: a small spec, a wizard or a language's sample, turned into a multi-stage Dockerfile that was proven.
//!
//! One direction of flow: [`spec`] → [`plan`] → [`render`] (a set of files) → [`workspace`] (the disk). Languages are
//! folders of data ([`language`]), base images are a catalogue ([`image`]); neither is named in the code. [`engine`] proves on a
//! real engine what the files promise. [`cli`] and
//! [`wizard`] are the only rooms that know a terminal.
#![warn(missing_docs)]

pub mod cli;
pub mod context;
pub mod detect;
pub mod dockerfile;
pub mod engine;
pub mod exit;
pub mod image;
pub mod language;
pub mod plan;
pub mod policy;
pub mod prepared;
pub mod registry;
pub mod render;
pub mod report;
pub mod settings;
pub mod source;
pub mod spec;
pub mod wizard;
pub mod workspace;
