//! Where a version moves to when the catalogue knows a newer one.
use super::catalogue::Image;
use super::version::Version;

/// The version that `version` becomes: the newest in its line, or with `across` in the line that is taken when nobody
/// says one. As exact as it was: a line stays a line, a patch becomes a patch. Never an older one.
pub fn moved(image: &Image, version: &str, across: bool) -> String {
    let Some(line) = image.line_of(version) else {
        return version.to_owned();
    };
    let newer = |candidate: &str, than: &str| Version::parse(candidate) > Version::parse(than);
    let target = image
        .default_line()
        .filter(|default| across && newer(&default.version, &line.version))
        .unwrap_or(line);
    let next = if version == line.version {
        &target.version
    } else {
        &target.latest
    };
    if newer(next, version) {
        next.clone()
    } else {
        version.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Catalogue;

    #[test]
    fn a_version_keeps_its_exactness_and_its_line() {
        let catalogue = Catalogue::embedded();
        let alpine = catalogue.image("alpine").unwrap();
        assert_eq!(moved(alpine, "3.23", false), "3.23");
        assert_eq!(moved(alpine, "3.23.1", false), "3.23.5");
        assert_eq!(moved(alpine, "3.23", true), "3.24");
        assert_eq!(moved(alpine, "3.23.1", true), "3.24.1");
        assert_eq!(moved(alpine, "3.24.9", true), "3.24.9");
        assert_eq!(moved(alpine, "9.9", true), "9.9");
    }
}
