//! `templates/images.toml`: base images with their variants, version lines and end-of-life dates.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::version::Version;

use crate::prepared;

/// What libc a stage offers.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Libc {
    /// The GNU C library.
    Glibc,
    /// musl.
    Musl,
    /// None: only static programs run.
    None,
}

impl Libc {
    /// Its name as templates see it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Glibc => "glibc",
            Self::Musl => "musl",
            Self::None => "none",
        }
    }
}

/// A release of a distribution.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// As people call it.
    pub title: String,
    /// `debian` or `alpine`: decides package names and the package manager.
    pub family: String,
    /// Its libc.
    pub libc: Libc,
    /// The version of glibc, such as `2.41`.
    pub glibc: Option<String>,
    /// End of life, `YYYY-MM-DD`.
    pub eol: Option<String>,
    /// The suite to move to.
    pub next: Option<String>,
}

/// A tag scheme of an image.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The tag, with `{version}`, or `{patch}` where only single releases have tags, and `{suite}`; empty for an image
    /// without tags.
    pub tag: String,
    /// The suite it stands on, where the line does not say.
    pub suite: Option<String>,
    /// Neither a shell nor a package manager.
    #[serde(default)]
    pub bare: bool,
    /// Its tags do not name the suite, and stay on it all the same.
    #[serde(default)]
    pub settled: bool,
    /// The libc, where it is not the suite's.
    pub libc: Option<Libc>,
    /// Packages of its distribution that it holds, of those that dependencies ask for: nothing is to be installed.
    #[serde(default)]
    pub packages: Vec<String>,
}

/// A version line of an image.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The line, such as `1.27`.
    pub version: String,
    /// Its newest patch.
    pub latest: String,
    /// The suite, for images of distributions.
    pub suite: Option<String>,
    /// End of life, `YYYY-MM-DD`; none when open.
    pub eol: Option<String>,
    /// Taken when nobody says a version.
    #[serde(default)]
    pub default: bool,
}

/// A user of an image that is not root.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Its name in `/etc/passwd`.
    pub name: String,
    /// Its number; never 0.
    pub uid: u32,
}

/// One image repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// As people call it.
    pub title: String,
    /// The platforms it exists for; empty: any.
    pub platforms: Vec<String>,
    /// The user that it brings beside root; none where a stage must do with a number.
    pub user: Option<User>,
    /// Tag schemes by name.
    pub variants: BTreeMap<String, Variant>,
    /// Version lines, newest first; empty for images whose tags carry no version.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Whether it is named in full, so that no prefix is put before it: so are those that a language folder brings.
    #[serde(skip)]
    pub whole: bool,
}

/// All that is known of images.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The day it was last compared with the registries, `YYYY-MM-DD`.
    pub checked: String,
    /// Suites by name.
    pub suites: BTreeMap<String, Suite>,
    /// Images by repository.
    pub images: BTreeMap<String, Image>,
}

/// What a language folder adds, in its `images.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Suites by name.
    #[serde(default)]
    pub suites: BTreeMap<String, Suite>,
    /// Images by repository, named in full.
    #[serde(default)]
    pub images: BTreeMap<String, Image>,
}

impl Catalogue {
    /// With what a language folder adds.
    #[must_use]
    pub fn with(mut self, own: Extension) -> Self {
        self.suites.extend(own.suites);
        let images = own.images.into_iter();
        self.images.extend(images.map(|(name, image)| {
            let whole = true;
            (name, Image { whole, ..image })
        }));
        self
    }

    /// The catalogue in this program.
    pub fn embedded() -> Self {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        let read = || prepared::read(prepared::IMAGES);
        CATALOGUE.get_or_init(read).clone()
    }

    /// The image of that repository.
    pub fn image(&self, name: &str) -> Option<&Image> {
        self.images.get(name)
    }
}

impl Image {
    /// The line taken when nobody says a version.
    pub fn default_line(&self) -> Option<&Line> {
        self.lines
            .iter()
            .find(|line| line.default)
            .or_else(|| self.lines.first())
    }

    /// The line a version belongs to: `3.14.2` belongs to `3.14`, `3.14` and `1` to themselves.
    pub fn line_of(&self, version: &str) -> Option<&Line> {
        let wanted = Version::parse(version)?;
        self.lines
            .iter()
            .filter(|line| {
                Version::parse(&line.version).is_some_and(|line| wanted.is_within(&line))
            })
            .max_by_key(|line| line.version.len())
    }

    /// The newest line that is supported on `today`.
    pub fn newest_supported(&self, today: &str) -> Option<&Line> {
        self.lines
            .iter()
            .filter(|line| !line.is_over(today))
            .max_by_key(|line| (line.default, Version::parse(&line.version)))
    }
}

impl Line {
    /// Whether its end of life lies before `today` (`YYYY-MM-DD`).
    pub fn is_over(&self, today: &str) -> bool {
        self.eol.as_deref().is_some_and(|eol| eol < today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_catalogue_leads_somewhere() {
        let catalogue = Catalogue::embedded();
        for (name, image) in &catalogue.images {
            for line in &image.lines {
                assert!(Version::parse(&line.version).is_some(), "{name}");
                let suite = line.suite.as_ref();
                assert!(
                    suite.is_none_or(|suite| catalogue.suites.contains_key(suite)),
                    "{name}"
                );
            }
            for variant in image.variants.values() {
                let suite = variant.suite.as_ref();
                assert!(
                    suite.is_none_or(|suite| catalogue.suites.contains_key(suite)),
                    "{name}"
                );
                let versioned = variant.tag.contains('{');
                assert!(!versioned || !image.lines.is_empty(), "{name}");
            }
            assert!(
                image.lines.iter().filter(|line| line.default).count() <= 1,
                "{name}"
            );
        }
    }

    #[test]
    fn no_tag_floats() {
        for (name, image) in Catalogue::embedded().images {
            for variant in image
                .variants
                .values()
                .filter(|variant| !variant.tag.is_empty())
            {
                let fixed = variant.tag.contains('{') || name.contains("debian");
                assert!(fixed, "{name}:{}", variant.tag);
            }
        }
    }

    #[test]
    fn a_patch_belongs_to_its_line() {
        let catalogue = Catalogue::embedded();
        let alpine = catalogue.image("alpine").unwrap();
        assert_eq!(alpine.line_of("3.24.2").unwrap().version, "3.24");
        assert!(alpine.line_of("3.2").is_none());
        assert!(alpine.line_of("4.0").is_none());
        let newest = alpine.newest_supported("2026-11-23").unwrap();
        assert_eq!(newest.version, "3.24");
    }
}
