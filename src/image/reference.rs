//! A catalogue entry and a version → the image reference that stands in a `FROM`.
use serde::Serialize;

use super::catalogue::{Catalogue, Image, Line, Suite, Variant};

/// An image as templates see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What stands in `FROM`: registry prefix, repository, tag.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The repository, without the prefix.
    pub name: String,
    /// The tag; empty for `scratch`.
    pub tag: String,
    /// The version in the tag; empty where the tag has none.
    pub version: String,
    /// The suite, such as `trixie`; empty for none.
    pub suite: String,
    /// The family of its packages: `debian`, `alpine` or empty.
    pub family: String,
    /// `glibc`, `musl` or `none`.
    pub libc: String,
    /// Whether it has a shell.
    pub shell: bool,
    /// Its package manager: `apt`, `apk` or empty.
    pub manager: String,
    /// The user that it brings beside root; empty for none.
    pub user: String,
    /// Packages that it holds already.
    #[serde(skip)]
    pub packages: Vec<String>,
}

/// Why there is no such reference; a fault of a language folder.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The repository is not in the catalogue.
    #[error("image `{0}` is not in the catalogue")]
    UnknownImage(String),
    /// The image has no such variant.
    #[error("image `{0}` has no variant `{1}`")]
    UnknownVariant(String, String),
}

/// Makes the reference of `name` in `variant`, at `version` or else at the image's default line.
pub fn resolve(
    catalogue: &Catalogue,
    name: &str,
    variant: &str,
    version: Option<&str>,
) -> Result<Reference, Error> {
    let image = catalogue
        .image(name)
        .ok_or_else(|| Error::UnknownImage(name.to_owned()))?;
    let scheme = image
        .variants
        .get(variant)
        .ok_or_else(|| Error::UnknownVariant(name.to_owned(), variant.to_owned()))?;
    let version = version
        .map(ToOwned::to_owned)
        .or_else(|| image.default_line().map(|line| line.version.clone()))
        .unwrap_or_default();
    let line = image.line_of(&version);
    let version = patch(scheme, line, version);
    let suite_name = suite_name(scheme, line);
    let suite = catalogue.suites.get(&suite_name);
    let tag = scheme
        .tag
        .replace("{version}", &version)
        .replace("{patch}", &version)
        .replace("{suite}", &suite_name);
    let user = image.user.as_ref().map(|user| user.name.clone());
    let reference = describe(name, scheme, suite, (tag, version, suite_name));
    Ok(Reference {
        user: user.unwrap_or_default(),
        ..reference
    })
}

/// The version for the tag: where lines have no tag, the newest patch of a line stands for it.
fn patch(scheme: &Variant, line: Option<&Line>, version: String) -> String {
    line.filter(|line| scheme.tag.contains("{patch}") && line.version == version)
        .map_or(version, |line| line.latest.clone())
}

fn suite_name(scheme: &Variant, line: Option<&Line>) -> String {
    line.and_then(|line| line.suite.clone())
        .or_else(|| scheme.suite.clone())
        .unwrap_or_default()
}

fn describe(
    name: &str,
    scheme: &Variant,
    suite: Option<&Suite>,
    (tag, version, suite_name): (String, String, String),
) -> Reference {
    let family = suite.map(|suite| suite.family.clone()).unwrap_or_default();
    let libc = scheme.libc.or(suite.map(|suite| suite.libc));
    let manager = match family.as_str() {
        "debian" if !scheme.bare => "apt",
        "alpine" if !scheme.bare => "apk",
        _ => "",
    };
    let reference = if tag.is_empty() {
        name.to_owned()
    } else {
        format!("{name}:{tag}")
    };
    Reference {
        reference,
        name: name.to_owned(),
        tag,
        version: if scheme.tag.contains("{version}") || scheme.tag.contains("{patch}") {
            version
        } else {
            String::new()
        },
        suite: suite_name,
        family,
        libc: libc.map_or("none", super::Libc::word).to_owned(),
        shell: !scheme.bare,
        manager: manager.to_owned(),
        user: String::new(),
        packages: scheme.packages.clone(),
    }
}

impl Reference {
    /// The same behind a registry prefix; `scratch` is no image and keeps its name.
    #[must_use]
    pub fn behind(mut self, prefix: &str) -> Self {
        if !self.tag.is_empty() {
            self.reference = format!("{prefix}/{}", self.reference);
        }
        self
    }
}

/// The platforms of `wanted` that `image` does not exist for.
pub fn missing_platforms<'a>(image: &Image, wanted: &[&'a str]) -> Vec<&'a str> {
    if image.platforms.is_empty() {
        return Vec::new();
    }
    let exists = |platform: &&str| {
        image.platforms.iter().any(|known| {
            known == platform
                || known
                    .strip_prefix(platform)
                    .is_some_and(|rest| rest.starts_with("/v"))
        })
    };
    wanted
        .iter()
        .copied()
        .filter(|platform| !exists(platform))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(name: &str, variant: &str, version: Option<&str>) -> Reference {
        resolve(&Catalogue::embedded(), name, variant, version).unwrap()
    }

    #[test]
    fn tags_have_version_and_suite() {
        assert_eq!(
            reference("golang", "trixie", None).reference,
            "golang:1.27-trixie"
        );
        assert_eq!(
            reference("debian", "slim", None).reference,
            "debian:trixie-slim"
        );
        assert_eq!(reference("alpine", "plain", None).reference, "alpine:3.24");
        let alpine = reference("alpine", "plain", Some("3.23.2"));
        assert_eq!(alpine.reference, "alpine:3.23.2");
        assert_eq!(
            (alpine.libc.as_str(), alpine.manager.as_str()),
            ("musl", "apk")
        );
    }

    #[test]
    fn a_line_without_a_tag_has_its_newest_patch() {
        let line = reference("denoland/deno", "debian", None);
        let image = Catalogue::embedded().images["denoland/deno"].clone();
        let newest = &image.default_line().unwrap().latest;
        assert_eq!(line.reference, format!("denoland/deno:{newest}"));
        let patch = reference("denoland/deno", "debian", Some("2.9.1"));
        assert_eq!(patch.reference, "denoland/deno:2.9.1");
    }

    #[test]
    fn distroless_has_no_shell_and_static_no_libc() {
        let image = reference("gcr.io/distroless/static-debian13", "nonroot", None);
        assert_eq!(image.reference, "gcr.io/distroless/static-debian13:nonroot");
        assert_eq!(
            (image.libc.as_str(), image.shell, image.manager.as_str()),
            ("none", false, "")
        );
    }

    #[test]
    fn a_prefix_goes_before_everything_but_scratch() {
        let prefixed = reference("alpine", "plain", None).behind("r.example.com/m");
        assert_eq!(prefixed.reference, "r.example.com/m/alpine:3.24");
        assert_eq!(
            reference("scratch", "empty", None).behind("r").reference,
            "scratch"
        );
    }

    #[test]
    fn platforms_are_compared_with_the_image() {
        let catalogue = Catalogue::embedded();
        let image = catalogue
            .image("gcr.io/distroless/python3-debian13")
            .unwrap();
        assert_eq!(
            missing_platforms(image, &["linux/amd64", "linux/s390x"]),
            ["linux/s390x"]
        );
    }
}
