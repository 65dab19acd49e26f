//! What a build does with the files we write: which paths of the context it sees.
pub mod ignore;
pub mod instructions;
