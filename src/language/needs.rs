//! `templates/needs.toml`: what a program may need beside it, and how it is started. The same for every language; which
//! dependency shows it, each language says.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::manifest::Table;

use crate::prepared;

/// One thing that a program may need beside it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// As people call it.
    pub title: String,
    /// Its image in the catalogue.
    pub image: String,
    /// And the variant.
    #[serde(default = "plain")]
    pub variant: String,
    /// Who it runs as.
    pub user: String,
    /// Folders that are kept.
    #[serde(default)]
    pub data: Vec<String>,
    /// Folders that it writes to and nobody keeps.
    #[serde(default)]
    pub scratch: Vec<String>,
    /// The file that holds its password.
    #[serde(default)]
    pub secret: String,
    /// Its own settings.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// In the place of the image's entry point.
    #[serde(default)]
    pub entrypoint: Vec<String>,
    /// In the place of the image's command.
    #[serde(default)]
    pub command: Vec<String>,
    /// Ends with 0 once it serves other containers.
    pub health: Vec<String>,
    /// What the program is told.
    #[serde(default)]
    pub app: BTreeMap<String, String>,
}

fn plain() -> String {
    "plain".to_owned()
}

/// All of them, in the file's order.
pub fn needs() -> &'static Table<Need> {
    static NEEDS: OnceLock<Table<Need>> = OnceLock::new();
    NEEDS.get_or_init(|| prepared::read(prepared::NEEDS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Catalogue, resolve};

    #[test]
    fn every_need_has_an_image_and_its_secret_is_told_to_both() {
        let catalogue = Catalogue::embedded();
        for (name, need) in &needs().0 {
            assert!(
                resolve(&catalogue, &need.image, &need.variant, None).is_ok(),
                "{name}"
            );
            let path = format!("/run/secrets/{}", need.secret);
            let told = need.app.values().any(|value| *value == path);
            assert_eq!(told, !need.secret.is_empty(), "{name}");
        }
    }
}
