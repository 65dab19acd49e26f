//! What is known of the image that some `FROM` names, also one that no template of ours would write. Nothing is
//! guessed: what the tag and the catalogue do not say stays unknown, and a rule that needs it stays silent.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::catalogue::{Catalogue, Image, Libc, Line, Suite, User, Variant};
use super::name::Name;
use super::version::Version;

use crate::prepared;

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
    workdirs: BTreeMap<String, String>,
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
        bases: prepared::read(prepared::BASES),
    })
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
    /// The folder that it begins in, where that is not the root.
    pub workdir: Option<String>,
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
            let folder = facts.pieces().find_map(|piece| base.workdirs.get(piece));
            facts.workdir = folder.cloned();
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
        let first = base.and_then(|base| base.lines.last());
        let before = first.and_then(|first| beyond(first, version));
        let moving = || newest_of(image, base, version);
        let line = line.or_else(|| older.cloned());
        self.line = line.or_else(moving).or(before);
    }

    fn take_suite(&mut self, base: Option<&Base>, image: Option<&Image>) {
        let tagged = self.pieces().find(|piece| suite(piece).is_some());
        let of_variant = || {
            let image = image?;
            let variant = image.variants.values().find(|variant| {
                variant.tag == self.name.tag
                    || is_release(&variant.tag, &self.name.tag)
                    || variant.settled && self.name.tag.ends_with(end(variant))
            });
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
        // An image without a system is also offered upon one, and the tag then names it.
        let upon = musl
            || self
                .pieces()
                .any(|piece| piece == "debian" || suite(piece).is_some());
        let scheme = image
            .and_then(|image| scheme(image, &self.name.tag))
            .filter(|scheme| !(scheme.bare && upon));
        let bare_word = self.pieces().any(|piece| BARE.contains(&piece));
        let shellless = bare_word
            || scheme.is_some_and(|scheme| scheme.bare)
            || base.is_some_and(|base| base.bare);
        let with_shell = self.pieces().any(|piece| piece == "debug");
        self.shell = (self.known || musl).then_some(!shellless || with_shell);
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

/// Whether anything is known of a repository.
pub(super) fn is_known(repository: &str) -> bool {
    known().bases.images.contains_key(repository) || known().catalogue.image(repository).is_some()
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

/// The line on which a tag stands that names only the beginning of a version: the newest that begins so.
fn newest_of(image: Option<&Image>, base: Option<&Base>, version: &str) -> Option<Line> {
    let wanted = Version::parse(version)?;
    let listed = image.map(|image| image.lines.as_slice());
    let older = base.map(|base| base.lines.as_slice());
    let lines = listed.into_iter().chain(older).flatten();
    let within = lines.filter_map(|line| {
        let own = Version::parse(&line.version)?;
        own.is_within(&wanted).then_some((own, line))
    });
    within
        .max_by(|(one, _), (other, _)| one.cmp(other))
        .map(|(_, line)| line.clone())
}

/// A line before the first that is known ended no later than that one did.
fn beyond(first: &Line, version: &str) -> Option<Line> {
    let (own, known) = (Version::parse(version)?, Version::parse(&first.version)?);
    let line = Line {
        version: version.to_owned(),
        latest: version.to_owned(),
        ..first.clone()
    };
    (own < known && line.eol.is_some() && line.suite.is_none()).then_some(line)
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

/// Whether a tag names a single release by a scheme for such: it stands where it stood when it was made.
fn is_release(scheme: &str, tag: &str) -> bool {
    scheme
        .split_once("{patch}")
        .and_then(|(before, after)| tag.strip_prefix(before)?.strip_suffix(after))
        .and_then(Version::parse)
        .is_some_and(|version| version.len() > 2)
}

/// What stands in a variant's tags behind the version.
fn end(variant: &Variant) -> &str {
    variant.tag.rsplit('}').next().unwrap_or_default()
}

/// The variant of the catalogue that a tag is of.
fn scheme<'a>(image: &'a Image, tag: &str) -> Option<&'a Variant> {
    let fitting = image
        .variants
        .values()
        .filter(|variant| tag.ends_with(end(variant)));
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
        assert!(
            Facts::of("php:5.6-cli")
                .line
                .is_some_and(|line| line.is_over("2026-11-23"))
        );
        let moving = Facts::of("golang:1-alpine").line;
        assert!(moving.is_some_and(|line| !line.is_over("2026-11-23")));
        let upon = Facts::of("ghcr.io/astral-sh/uv:python3.13-trixie");
        assert_eq!((upon.libc, upon.shell), (Some(Libc::Glibc), Some(true)));
        assert_eq!(Facts::of("ghcr.io/astral-sh/uv:0.13").shell, Some(false));
        let unknown = Facts::of("example.com/private:1");
        assert_eq!(
            (unknown.libc, unknown.shell, unknown.runs_as),
            (None, None, None)
        );
    }

    #[test]
    fn of_a_single_release_it_is_known_where_it_stands() {
        let suite = |reference| Facts::of(reference).suite;
        assert_eq!(suite("denoland/deno:2.9.6").as_deref(), Some("trixie"));
        assert_eq!(suite("denoland/deno:2.9"), None);
        assert_eq!(suite("oven/bun:1.4.5-slim").as_deref(), Some("trixie"));
        assert_eq!(suite("oven/bun:1.4-slim"), None);
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
