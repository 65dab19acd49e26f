//! `templates/files.toml`: files beside Dockerfile and `.dockerignore` that a spec may ask for.
use std::sync::OnceLock;

use serde::Deserialize;

use crate::spec::When;

/// A file beside Dockerfile and `.dockerignore`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Further {
    /// Its path in the project.
    pub path: String,
    /// The template's name in `templates/files/`.
    pub template: String,
    /// Only then is it written.
    pub when: When,
    /// What `.dockerignore` then gets.
    #[serde(default)]
    pub ignore: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    file: Vec<Further>,
}

/// The templates by name; a test compares the list with the folder.
const TEMPLATES: [(&str, &str); 2] = [
    (
        "compose.yaml.tera",
        include_str!("../../templates/files/compose.yaml.tera"),
    ),
    (
        "secrets.gitignore.tera",
        include_str!("../../templates/files/secrets.gitignore.tera"),
    ),
];

/// All of them.
pub fn further() -> &'static [Further] {
    static FILES: OnceLock<Files> = OnceLock::new();
    let files =
        FILES.get_or_init(
            || match toml::from_str(include_str!("../../templates/files.toml")) {
                Ok(files) => files,
                Err(error) => unreachable!("templates/files.toml: {error}"),
            },
        );
    &files.file
}

/// The templates of all of them: name → text.
pub fn further_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_known_and_used() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/files");
        let on_disk = fs_err::read_dir(folder).unwrap();
        let mut on_disk: Vec<_> = on_disk
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        on_disk.sort();
        let known: Vec<_> = further_templates()
            .map(|(name, _)| name.to_owned())
            .collect();
        assert_eq!(known, on_disk);
        for name in known {
            assert!(further().iter().any(|file| file.template == name), "{name}");
        }
    }
}
