//! Names of images, compared with what a policy says of them.
use regex::Regex;

use super::file::Policy;
use crate::image::Facts;
use crate::image::ends::End;

/// The registry that is meant when none is named.
const HUB: &str = "docker.io";

/// Repository and tag of a reference, without its digest.
fn parts(reference: &str) -> (&str, &str) {
    let rest = reference.split('@').next().unwrap_or_default();
    let start = rest.rfind('/').map_or(0, |at| at + 1);
    match rest[start..].split_once(':') {
        Some((last, tag)) => (&rest[..start + last.len()], tag),
        None => (rest, ""),
    }
}

/// A repository with its registry, as an engine reads it
/// (<https://github.com/distribution/reference/blob/main/normalize.go>).
fn whole(repository: &str) -> String {
    let host = repository.split_once('/').map(|(host, _)| host);
    let is_host = |host: &str| host.contains(['.', ':']) || host == "localhost";
    match host {
        Some("index.docker.io") => repository.replacen("index.", "", 1),
        Some(host) if is_host(host) => repository.to_owned(),
        Some(_) => format!("{HUB}/{repository}"),
        None => format!("{HUB}/library/{repository}"),
    }
}

/// Without what stands before an image of Docker Hub.
fn short(whole: &str) -> &str {
    let official = whole.strip_prefix("docker.io/library/");
    official
        .or_else(|| whole.strip_prefix("docker.io/"))
        .unwrap_or(whole)
}

/// Whether a pattern matches from end to end: `*` is anything but a slash, `**` anything.
fn matches(pattern: &str, text: &str) -> bool {
    let escaped = regex::escape(pattern);
    let regex = escaped.replace(r"\*\*", ".*").replace(r"\*", "[^/]*");
    Regex::new(&format!("^(?:{regex})$")).is_ok_and(|regex| regex.is_match(text))
}

impl Policy {
    /// A reference without the mirror before it.
    pub(super) fn without_mirror<'a>(&self, reference: &'a str) -> &'a str {
        let behind = self.mirror.as_ref().and_then(|mirror| {
            reference
                .strip_prefix(mirror.value.as_str())?
                .strip_prefix('/')
        });
        behind.unwrap_or(reference)
    }

    /// The registry that an image comes from, unless it may. One that only the build is told may be any.
    pub(super) fn foreign_registry(&self, reference: &str) -> Option<String> {
        if self.mirror.is_none() && self.registries.is_none() {
            return None;
        }
        let (repository, _) = parts(reference);
        let first = repository.split('/').next().unwrap_or_default();
        if first.contains('$') {
            return Some("a registry that only the build is told".to_owned());
        }
        let whole = whole(repository);
        let below = |prefix: &str| {
            let folders = whole.match_indices('/').map(|(at, _)| &whole[..at]);
            folders
                .chain([whole.as_str()])
                .any(|folder| matches(prefix, folder))
        };
        let behind = self
            .mirror
            .as_ref()
            .is_some_and(|mirror| below(&mirror.value));
        let registries = self.registries.iter().flat_map(|said| &said.value);
        let listed = registries.clone().any(|registry| below(registry));
        let host = whole.split('/').next().unwrap_or_default();
        (!behind && !listed).then(|| host.to_owned())
    }

    /// Whether an image may be stood on.
    pub(super) fn allows(&self, reference: &str) -> bool {
        let Some(allow) = &self.allow else {
            return true;
        };
        let names = [reference, self.without_mirror(reference)].map(|reference| {
            let (repository, tag) = parts(reference);
            let whole = whole(repository);
            (short(&whole).to_owned(), tag)
        });
        allow.value.iter().any(|pattern| {
            let (wanted, wanted_tag) = parts(pattern);
            // A pattern with a `*` before its first slash is no host and no name of Docker Hub.
            let wanted = if wanted.contains('*') {
                wanted.to_owned()
            } else {
                whole(wanted)
            };
            let of_tag = |tag: &str| wanted_tag.is_empty() || matches(wanted_tag, tag);
            names
                .iter()
                .any(|(name, tag)| matches(short(&wanted), name) && of_tag(tag))
        })
    }

    /// When the support of what an image is made of ends.
    pub(super) fn ends(&self, reference: &str, today: &str) -> Vec<End> {
        Facts::of(self.without_mirror(reference)).ends(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Document;

    fn policy(text: &str) -> Policy {
        Policy::parse(&Document::file("p", format!("[images]\n{text}"))).unwrap()
    }

    #[test]
    fn registries_end_where_a_name_ends() {
        let policy =
            policy("mirror = 'r.example.com/m'\nregistries = ['ghcr.io/acme', '*.acme.example']");
        let from = |reference: &str| policy.foreign_registry(reference);
        for allowed in [
            "r.example.com/m/golang:1.27",
            "r.example.com/m/a/b@sha256:00",
            "ghcr.io/acme/x:1",
            "build.acme.example/x",
        ] {
            assert_eq!(from(allowed), None, "{allowed}");
        }
        for (foreign, registry) in [
            ("golang:1.27", "docker.io"),
            ("acme/x", "docker.io"),
            ("r.example.com/mm/golang", "r.example.com"),
            ("r.example.com/golang", "r.example.com"),
            ("ghcr.io/acmecorp/x", "ghcr.io"),
            ("evil.example/x.acme.example/y", "evil.example"),
            ("localhost:5000/x", "localhost:5000"),
        ] {
            assert_eq!(from(foreign).as_deref(), Some(registry), "{foreign}");
        }
    }

    #[test]
    fn what_only_the_build_is_told_is_not_taken_for_the_hub() {
        let policy = policy("registries = ['docker.io']");
        assert_eq!(policy.foreign_registry("debian:${TAG}"), None);
        for hidden in ["${BASE}", "$REGISTRY/debian:13"] {
            let from = policy.foreign_registry(hidden).unwrap();
            assert!(from.contains("only the build"), "{from}");
        }
    }

    #[test]
    fn an_image_is_named_with_or_without_all_that_stands_before_it() {
        let policy = policy(
            "mirror = 'r.example.com/m'\nallow = ['golang', 'gcr.io/distroless/*', 'debian:*-slim', 'r.example.com/m/own/**']",
        );
        for allowed in [
            "golang:1.27-trixie",
            "docker.io/library/golang",
            "r.example.com/m/golang@sha256:00",
            "gcr.io/distroless/static-debian13:nonroot",
            "r.example.com/m/gcr.io/distroless/cc",
            "debian:trixie-slim",
            "r.example.com/m/own/a/b:3",
        ] {
            assert!(policy.allows(allowed), "{allowed}");
        }
        for other in [
            "golang-evil",
            "someone/golang",
            "gcr.io/distroless/a/b",
            "debian:trixie",
            "other.example/golang",
            "own/a",
        ] {
            assert!(!policy.allows(other), "{other}");
        }
    }
}
