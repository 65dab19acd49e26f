//! Base images: repositories, tags, version lines, end of life, and what each holds.
pub mod catalogue;
pub mod ends;
pub mod facts;
pub mod moves;
pub mod name;
pub mod range;
pub mod reference;
pub mod version;

pub use catalogue::{Catalogue, Image, Libc, Line, Suite, User, Variant};
pub use facts::Facts;
pub use range::Range;
pub use reference::{Reference, missing_platforms, resolve};
pub use version::Version;
