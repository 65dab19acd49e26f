//! `templates/files.toml`: files beside Dockerfile and `.dockerignore` that a spec may ask for.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::manifest::StageImage;
use crate::prepared;
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
    /// Images that it names.
    #[serde(default)]
    pub images: BTreeMap<String, StageImage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    file: Vec<Further>,
    actions: BTreeMap<String, String>,
}

/// The templates by name; a test compares the list with the folder.
const TEMPLATES: [(&str, &str); 6] = [
    (
        "compose.yaml.tera",
        include_str!("../../templates/files/compose.yaml.tera"),
    ),
    (
        "docker-bake.hcl.tera",
        include_str!("../../templates/files/docker-bake.hcl.tera"),
    ),
    (
        "github.yml.tera",
        include_str!("../../templates/files/github.yml.tera"),
    ),
    (
        "gitlab.yml.tera",
        include_str!("../../templates/files/gitlab.yml.tera"),
    ),
    (
        "readme.md.tera",
        include_str!("../../templates/files/readme.md.tera"),
    ),
    (
        "secrets.gitignore.tera",
        include_str!("../../templates/files/secrets.gitignore.tera"),
    ),
];

fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| prepared::read(prepared::FILES))
}

/// All of them.
pub fn further() -> &'static [Further] {
    &files().file
}

/// What a workflow calls, by a name of ours: the commit, and the version behind `#`.
pub fn actions() -> &'static BTreeMap<String, String> {
    &files().actions
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
