//! The process's surroundings, read once and handed down: no later code looks at the environment.
use std::io::IsTerminal;
use std::time::{SystemTime, UNIX_EPOCH};

use camino::Utf8PathBuf;

use crate::settings::Config;
use crate::source::Manner;

/// What the run may know of its surroundings.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Context {
    /// The working folder; `None` when it is gone or its name is not UTF-8.
    pub folder: Option<Utf8PathBuf>,
    /// Whether a person can be asked: stdin and stderr are terminals and `CI` is unset.
    pub can_ask: bool,
    /// Whether stderr shows colour when nobody says otherwise.
    pub colour: bool,
    /// The person's configuration file.
    pub config_file: ConfigFile,
    /// The folder for what is fetched.
    pub cache: Option<Utf8PathBuf>,
    /// The person's configuration; empty until it is read.
    pub config: Config,
    /// Whether nothing may be fetched.
    pub offline: bool,
    /// Whether every template is trusted.
    pub trust: bool,
    /// Today, `YYYY-MM-DD`, or the day of `SOURCE_DATE_EPOCH`.
    pub today: String,
}

/// Where the person's configuration is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConfigFile {
    /// Nowhere.
    #[default]
    None,
    /// In the usual place, where it may be missing.
    Usual(Utf8PathBuf),
    /// Where `SCAFFOLD_CONFIG` says, where it must be.
    Named(Utf8PathBuf),
}

impl Context {
    /// How templates are fetched.
    pub fn manner(&self) -> Manner<'_> {
        Manner {
            cache: self.cache.as_ref(),
            offline: self.offline,
            can_ask: self.can_ask,
        }
    }

    /// Reads the process's surroundings.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads them")]
    pub fn from_process() -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let stderr = std::io::stderr().is_terminal();
        let ci = variable("CI").is_some_and(|value| value != "false");
        let plain =
            variable("NO_COLOR").is_some() || variable("TERM").is_some_and(|term| term == "dumb");
        let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let epoch = variable("SOURCE_DATE_EPOCH").and_then(|value| value.to_str()?.parse().ok());
        let path = |name| variable(name).and_then(|value| value.into_string().ok());
        let home = path("HOME").or_else(|| path("USERPROFILE"));
        let below = |name, usual: &str| {
            let own = path(name).filter(|own| Utf8PathBuf::from(own).is_absolute());
            let folder = own.map(Utf8PathBuf::from);
            let usual = home
                .as_ref()
                .map(|home| Utf8PathBuf::from(home).join(usual));
            folder.or(usual).map(|folder| folder.join("scaffold"))
        };
        let config_file = match path("SCAFFOLD_CONFIG").as_deref() {
            Some("false") => ConfigFile::None,
            Some(named) => ConfigFile::Named(named.into()),
            None => below("XDG_CONFIG_HOME", ".config")
                .map(|folder| ConfigFile::Usual(folder.join("config.toml")))
                .unwrap_or_default(),
        };
        Self {
            config_file,
            cache: below("XDG_CACHE_HOME", ".cache"),
            config: Config::default(),
            offline: false,
            trust: false,
            folder: std::env::current_dir()
                .ok()
                .and_then(|folder| Utf8PathBuf::from_path_buf(folder).ok()),
            can_ask: stderr && std::io::stdin().is_terminal() && !ci,
            colour: !plain && (stderr || forced),
            today: day(epoch.unwrap_or_else(now)),
        }
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// The day of a time in seconds since 1970, `YYYY-MM-DD` (H. Hinnant's `civil_from_days`,
/// <https://howardhinnant.github.io/date_algorithms.html>).
fn day(seconds: u64) -> String {
    // The year 9999 is far enough.
    let days = i64::try_from(seconds / 86_400).unwrap_or(0).min(2_932_896) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_civil_days() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(951_782_400), "2000-02-29");
        assert_eq!(day(1_795_392_000), "2026-11-23");
        assert_eq!(day(u64::MAX).len(), 10);
    }
}
