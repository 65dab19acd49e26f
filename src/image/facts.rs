//! What is known of the image that some `FROM` names, also one that no template of ours would write. Nothing is
//! guessed: what the tag and the catalogue do not say stays unknown, and a rule that needs it stays silent.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::catalogue::{Catalogue, Image, Libc, Line, Suite, User};
use super::version::Version;

/// What `templates/bases.toml` says of an image beyond the catalogue.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Base {
    libc: Option<Libc>,
    family: Option<String>,
    suite: Option<String>,
    bare: bool,
    holds: Option<String>,
    version: Option<String>,
    interpreter: Option<String>,
    users: Vec<User>,
    runs_as: Option<String>,
    entrypoint: Vec<String>,
    stop: Option<String>,
    compiler: bool,
    lacks: Vec<String>,
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bases {
    suites: BTreeMap<String, Suite>,
    images: BTreeMap<String, Base>,
}

struct Known {
    catalogue: Catalogue,
    bases: Bases,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| Known {
        catalogue: Catalogue::embedded(),
        bases: match toml::from_str(include_str!("../../templates/bases.toml")) {
            Ok(bases) => bases,
            Err(error) => unreachable!("templates/bases.toml: {error}"),
        },
    })
}

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
    if !host.contains(['.', ':'])
        || known().bases.images.contains_key(repository)
        || known().catalogue.image(repository).is_some()
    {
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

/// What is known of one image; `None` and empty mean unknown.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The reference.
    pub name: Name,
    /// Whether the repository is known at all.
    pub known: bool,
    /// The version at the beginning of the tag.
    pub version: Option<String>,
    /// The version line that it belongs to.
    pub line: Option<Line>,
    /// The release of the distribution: its short name.
    pub suite: Option<String>,
    /// And what is known of that.
    pub release: Option<Suite>,
    /// `debian` or `alpine`: who made its packages.
    pub family: Option<String>,
    /// Its libc.
    pub libc: Option<Libc>,
    /// Whether it has a shell.
    pub shell: Option<bool>,
    /// The interpreter that it is made for.
    pub holds: Option<String>,
    /// And where that is.
    pub interpreter: Option<String>,
    /// Users beside root.
    pub users: Vec<User>,
    /// Who runs in it without any `USER`.
    pub runs_as: Option<String>,
    /// Its entry point.
    pub entrypoint: Vec<String>,
    /// The signal that stops its server in good order.
    pub stop: Option<String>,
    /// Whether its business is building.
    pub compiler: bool,
    /// Programs that people expect in it and that are not there.
    pub lacks: Vec<String>,
}

/// Words in tags that mean: without shell and package manager.
const BARE: [&str; 2] = ["chiseled", "distroless"];

impl Facts {
    /// What is known of the image that `reference` names.
    pub fn of(reference: &str) -> Self {
        let name = Name::parse(reference);
        let known = known();
        let base = known.bases.images.get(&name.repository);
        let image = known.catalogue.image(&name.repository);
        let mut facts = Self {
            known: base.is_some() || image.is_some(),
            name,
            ..Self::default()
        };
        facts.take_version(base, image);
        facts.take_suite(base, image);
        facts.take_system(base, image);
        facts.take_users(base, image);
        if let Some(base) = base {
            facts.holds.clone_from(&base.holds);
            facts.interpreter.clone_from(&base.interpreter);
            facts.entrypoint.clone_from(&base.entrypoint);
            facts.stop.clone_from(&base.stop);
            facts.compiler = base.compiler;
            facts.lacks = facts.lacking(base);
        }
        facts
    }

    fn pieces(&self) -> impl Iterator<Item = &str> {
        self.name.tag.split('-')
    }

    fn take_version(&mut self, base: Option<&Base>, image: Option<&Image>) {
        let tagged = self.pieces().next().map(ToOwned::to_owned);
        let tagged = tagged.filter(|piece| Version::parse(piece).is_some());
        self.version = tagged.or_else(|| base?.version.clone());
        let Some(version) = &self.version else { return };
        let older = base.and_then(|base| line_of(&base.lines, version));
        let line = image.and_then(|image| image.line_of(version).cloned());
        self.line = line.or_else(|| older.cloned());
    }

    fn take_suite(&mut self, base: Option<&Base>, image: Option<&Image>) {
        let tagged = self.pieces().find(|piece| suite(piece).is_some());
        let of_variant = || {
            let image = image?;
            let variant = image
                .variants
                .values()
                .find(|variant| variant.tag == self.name.tag);
            variant?.suite.clone()
        };
        let named = tagged
            .map(ToOwned::to_owned)
            .or_else(|| self.line.as_ref()?.suite.clone())
            .or_else(of_variant)
            .or_else(|| base?.suite.clone());
        self.release = named.as_deref().and_then(suite).cloned();
        self.suite = named;
    }

    fn take_system(&mut self, base: Option<&Base>, image: Option<&Image>) {
        let musl = self.pieces().any(|piece| piece.starts_with("alpine"));
        let of_release = self.release.as_ref().map(|release| release.family.clone());
        self.family = of_release
            .or_else(|| musl.then(|| "alpine".to_owned()))
            .or_else(|| base?.family.clone());
        let scheme = image.and_then(|image| scheme(image, &self.name.tag));
        let bare_word = self.pieces().any(|piece| BARE.contains(&piece));
        let bare = bare_word
            || scheme.is_some_and(|scheme| scheme.bare)
            || base.is_some_and(|base| base.bare);
        let with_shell = self.pieces().any(|piece| piece == "debug");
        self.shell = (self.known || musl).then_some(!bare || with_shell);
        self.libc = scheme
            .and_then(|scheme| scheme.libc)
            .or_else(|| {
                self.release
                    .as_ref()
                    .filter(|_| base.is_none_or(|base| base.libc != Some(Libc::None)))
                    .map(|release| release.libc)
            })
            .or_else(|| musl.then_some(Libc::Musl))
            .or_else(|| base?.libc);
    }

    fn take_users(&mut self, base: Option<&Base>, image: Option<&Image>) {
        self.users = base.map(|base| base.users.clone()).unwrap_or_default();
        if let Some(user) = image.and_then(|image| image.user.clone())
            && !self.users.iter().any(|known| known.name == user.name)
        {
            self.users.push(user);
        }
        let nonroot = self.pieces().any(|piece| piece == "nonroot");
        let bare_user = self.pieces().any(|piece| piece == "chiseled");
        let first = self.users.first().map(|user| user.uid.to_string());
        self.runs_as = if nonroot || bare_user { first } else { None }
            .or_else(|| base?.runs_as.clone())
            .or_else(|| self.known.then(|| "root".to_owned()));
    }

    /// Tags of images that build upon a distribution lack what it lacks.
    fn lacking(&self, base: &Base) -> Vec<String> {
        if self.family.as_deref() == Some("alpine") {
            let alpine = known().bases.images.get("alpine");
            return alpine
                .map(|alpine| alpine.lacks.clone())
                .unwrap_or_default();
        }
        base.lacks.clone()
    }

    /// Its glibc, when it has one of a known version.
    pub fn glibc(&self) -> Option<Version> {
        let release = self.release.as_ref()?;
        (self.libc == Some(Libc::Glibc)).then_some(())?;
        Version::parse(release.glibc.as_deref()?)
    }

    /// The newest line that still gets fixes on `today`.
    pub fn newest_line(&self, today: &str) -> Option<Line> {
        let repository = &self.name.repository;
        let image = known().catalogue.image(repository);
        let listed = image.and_then(|image| image.newest_supported(today).cloned());
        listed.or_else(|| {
            let lines = &known().bases.images.get(repository)?.lines;
            let living = lines.iter().filter(|line| !line.is_over(today));
            living
                .max_by_key(|line| (line.default, Version::parse(&line.version)))
                .cloned()
        })
    }
}

/// What is known of a release by its short name.
pub fn suite(name: &str) -> Option<&'static Suite> {
    let known = known();
    known
        .catalogue
        .suites
        .get(name)
        .or_else(|| known.bases.suites.get(name))
}

fn line_of<'a>(lines: &'a [Line], version: &str) -> Option<&'a Line> {
    let wanted = Version::parse(version)?;
    let within =
        |line: &&Line| Version::parse(&line.version).is_some_and(|line| wanted.is_within(&line));
    lines
        .iter()
        .filter(within)
        .max_by_key(|line| line.version.len())
}

/// The variant of the catalogue that a tag is of.
fn scheme<'a>(image: &'a Image, tag: &str) -> Option<&'a super::catalogue::Variant> {
    let end = |variant: &super::catalogue::Variant| {
        variant
            .tag
            .rsplit('}')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let fitting = image
        .variants
        .values()
        .filter(|variant| tag.ends_with(&end(variant)));
    let only = image
        .variants
        .values()
        .next()
        .filter(|_| image.variants.len() == 1);
    fitting.max_by_key(|variant| end(variant).len()).or(only)
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

    #[test]
    fn tags_say_what_an_image_is() {
        let debian = Facts::of("debian:12-slim");
        assert_eq!(debian.suite.as_deref(), Some("bookworm"));
        assert_eq!((debian.libc, debian.shell), (Some(Libc::Glibc), Some(true)));
        let alpine = Facts::of("ghcr.io/nobody/anything:1-alpine3.24");
        assert_eq!((alpine.libc, alpine.known), (Some(Libc::Musl), false));
        let bare = Facts::of("gcr.io/distroless/static-debian12:nonroot");
        assert_eq!(
            (bare.libc, bare.shell, bare.runs_as.as_deref()),
            (Some(Libc::None), Some(false), Some("65532"))
        );
        let debug = Facts::of("gcr.io/distroless/base-debian13:debug");
        assert_eq!(debug.shell, Some(true));
        assert_eq!(Facts::of("scratch").libc, Some(Libc::None));
        let unknown = Facts::of("example.com/private:1");
        assert_eq!(
            (unknown.libc, unknown.shell, unknown.runs_as),
            (None, None, None)
        );
    }

    #[test]
    fn releases_lead_to_releases() {
        for (name, suite_) in &known().bases.suites {
            assert!(
                suite_
                    .next
                    .as_deref()
                    .is_none_or(|next| suite(next).is_some()),
                "{name}"
            );
        }
        for (name, base) in &known().bases.images {
            assert!(
                base.suite
                    .as_deref()
                    .is_none_or(|next| suite(next).is_some()),
                "{name}"
            );
            for line in &base.lines {
                assert!(
                    line.suite
                        .as_deref()
                        .is_none_or(|next| suite(next).is_some()),
                    "{name}"
                );
                assert!(Version::parse(&line.version).is_some(), "{name}");
            }
        }
    }
}
