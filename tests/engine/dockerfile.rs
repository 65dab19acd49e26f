//! What the proof must know of a Dockerfile before it is built. Deliberately not the product's own parser: a proof
//! that shares code with what it proves shares its mistakes.

/// The base image of the last stage; `scratch` has none.
pub(crate) fn production_base(text: &str) -> Option<&str> {
    let from = text.lines().rfind(|line| line.starts_with("FROM "))?;
    from.split_whitespace()
        .skip(1)
        .find(|word| !word.starts_with("--"))
        .filter(|base| *base != "scratch")
}
