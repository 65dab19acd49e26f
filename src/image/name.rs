//! An image reference as people write it in a `FROM`.
use super::facts;

/// An image reference in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The repository, without the registry that is meant when none is named.
    pub repository: String,
    /// The tag; empty for none.
    pub tag: String,
    /// Whether a digest fixes it.
    pub pinned: bool,
}

impl Name {
    /// Reads `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`.
    pub fn parse(text: &str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let start = rest.rfind('/').map_or(0, |at| at + 1);
        let (repository, tag) = match rest[start..].split_once(':') {
            Some((last, tag)) => (&rest[..start + last.len()], tag),
            None => (rest, ""),
        };
        let short = [
            "docker.io/library/",
            "index.docker.io/library/",
            "library/",
            "docker.io/",
        ]
        .iter()
        .find_map(|prefix| repository.strip_prefix(prefix));
        let repository = short.unwrap_or(repository);
        Self {
            repository: behind_mirror(repository).unwrap_or(repository).to_owned(),
            tag: tag.to_owned(),
            pinned: digest.is_some(),
        }
    }
}

/// Folders under which mirrors keep the images of others.
const MIRRORS: [&str; 10] = [
    "library",
    "mirror",
    "mirrors",
    "docker",
    "docker.io",
    "dockerhub",
    "docker-hub",
    "hub",
    "proxy",
    "cache",
];

/// What a registry of one's own mirrors: the repository behind its host and such folders.
fn behind_mirror(repository: &str) -> Option<&str> {
    let (host, mut rest) = repository.split_once('/')?;
    if !host.contains(['.', ':']) || facts::is_known(repository) {
        return None;
    }
    let mut mirrors = false;
    while let Some((_, below)) = rest
        .split_once('/')
        .filter(|(folder, _)| MIRRORS.contains(folder))
    {
        rest = below;
        mirrors = true;
    }
    mirrors.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_falls_into_its_parts() {
        let name = Name::parse("docker.io/library/debian:trixie-slim@sha256:00");
        assert_eq!(
            (name.repository.as_str(), name.tag.as_str(), name.pinned),
            ("debian", "trixie-slim", true)
        );
        assert_eq!(
            Name::parse("localhost:5000/a/b").repository,
            "localhost:5000/a/b"
        );
        assert_eq!(Name::parse("localhost:5000/a/b:1").tag, "1");
        assert_eq!(
            Name::parse("r.example.com:5000/mirror/library/debian:13").repository,
            "debian"
        );
        assert_eq!(
            Name::parse("ghcr.io/somebody/debian:13").repository,
            "ghcr.io/somebody/debian"
        );
    }
}
