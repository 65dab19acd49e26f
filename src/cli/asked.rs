//! What a user may say of a project whose proof is asked for.
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::failure::Failure;
use crate::context::Context;
use crate::dockerfile::tables;
use crate::engine::claims::Secret;
use crate::image::Catalogue;
use crate::plan::Plan;
use crate::report::{Diagnostic, nearest};

/// Seconds for the first answer of a program that nobody knows.
const PATIENCE: u64 = 30;

/// What a user may say of the project.
#[derive(Args, Debug)]
pub(super) struct Asked {
    /// Judge this Dockerfile, whoever wrote it
    #[arg(long, value_name = "PATH")]
    pub(super) dockerfile: Option<Utf8PathBuf>,
    /// The port that the server listens on [default: the spec's, or the one that is exposed]
    #[arg(long, value_name = "N", conflicts_with = "no_port")]
    pub(super) port: Option<u16>,
    /// It is no server
    #[arg(long)]
    pub(super) no_port: bool,
    /// Where the server is asked [default: the spec's health, or /]
    #[arg(long, value_name = "PATH")]
    pub(super) path: Option<String>,
    /// A route that answers slowly: a request to it must complete while the container stops
    #[arg(long, value_name = "PATH")]
    pub(super) slow: Option<String>,
    /// Seconds for the first answer
    #[arg(long, value_name = "SECONDS", default_value_t = PATIENCE)]
    pub(super) patience: u64,
    /// Build and judge for another platform
    #[arg(long, value_name = "PLATFORM")]
    pub(super) runs_on: Option<String>,
    /// A secret of the build, as in docker build: id=ID,src=FILE (repeatable)
    #[arg(long, value_name = "SECRET")]
    pub(super) secret: Vec<String>,
    /// An argument of the build, KEY=VALUE (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    build_arg: Vec<String>,
    /// Of several services, only this one (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "dockerfile")]
    service: Vec<String>,
    /// What the program needs from its environment (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) env: Vec<String>,
    /// A folder in which the program may write, beside the spec's (repeatable)
    #[arg(long, value_name = "PATH")]
    pub(super) writable: Vec<String>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            dockerfile: None,
            port: None,
            no_port: false,
            path: None,
            slow: None,
            patience: PATIENCE,
            runs_on: None,
            secret: Vec::new(),
            build_arg: Vec::new(),
            service: Vec::new(),
            env: Vec::new(),
            writable: Vec::new(),
        }
    }
}

impl Asked {
    /// A platform that is almost one of those that base images are for was mistyped.
    pub(super) fn judge_platform(&self) -> Result<(), Failure> {
        let Some(platform) = &self.runs_on else {
            return Ok(());
        };
        let catalogue = Catalogue::embedded();
        let known = catalogue.images.values().flat_map(|image| &image.platforms);
        let known: BTreeSet<&str> = known.map(String::as_str).collect();
        match nearest(platform, known.iter().copied()) {
            Some(near) if !known.contains(platform.as_str()) => {
                let message = format!("no platform `{}`", platform.escape_debug());
                let diagnostic = Diagnostic::error("unknown-platform", message);
                Err(Failure::usage(
                    diagnostic.help(format!("did you mean `{near}`?")),
                ))
            }
            _ => Ok(()),
        }
    }

    /// The services that were asked for, or all.
    pub(super) fn chosen(&self, mut plans: Vec<Plan>) -> Result<Vec<Plan>, Failure> {
        let names = plans.iter().filter_map(|plan| plan.service.as_ref());
        let names: Vec<_> = names.map(|service| service.name.clone()).collect();
        for name in &self.service {
            if names.contains(name) {
                continue;
            }
            let message = format!("no service `{}`", name.escape_debug());
            let help = match nearest(name, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => "this is one project: leave --service out".to_owned(),
                None => format!("one of {}", names.join(", ")),
            };
            return Err(Failure::usage(
                Diagnostic::error("unknown-service", message).help(help),
            ));
        }
        plans.retain(|plan| {
            let own = plan.service.as_ref().map(|service| &service.name);
            self.service.is_empty() || own.is_some_and(|own| self.service.contains(own))
        });
        Ok(plans)
    }

    /// What is true of one server cannot be said of several services at once.
    pub(super) fn refuse_for_several(&self, plans: &[Plan]) -> Result<(), Failure> {
        let said = [
            ("--port", self.port.is_some()),
            ("--no-port", self.no_port),
            ("--path", self.path.is_some()),
            ("--slow", self.slow.is_some()),
        ];
        match said.iter().find(|(_, is_said)| *is_said) {
            Some((flag, _)) if plans.len() > 1 => Err(Failure::usage(
                Diagnostic::error("wrong-use", format!("{flag} is of one service"))
                    .help("scaffold verify --service NAME, one at a time"),
            )),
            _ => Ok(()),
        }
    }

    /// Arguments for each build. Paths are the user's, seen from the user's folder.
    pub(super) fn arguments(&self, context: &Context) -> Vec<String> {
        let secrets = self.secret.iter().map(|secret| {
            let parts = secret.split(',').map(|part| match source(part) {
                Some(path) => format!("src={}", absolute(context, path)),
                None => part.to_owned(),
            });
            format!("--secret={}", parts.collect::<Vec<_>>().join(","))
        });
        let arguments = self
            .build_arg
            .iter()
            .map(|pair| format!("--build-arg={pair}"));
        secrets.chain(arguments).collect()
    }

    /// Of these arguments of the build, those that the user does not give.
    pub(super) fn not_given(&self, mut names: Vec<String>) -> Vec<String> {
        let is_given = |name: &String| self.given().any(|(given, _)| given == name);
        names.retain(|name| !is_given(name));
        names
    }

    fn given(&self) -> impl Iterator<Item = (&str, &str)> {
        self.build_arg
            .iter()
            .filter_map(|pair| pair.split_once('='))
    }

    /// Arguments of the build that are secrets by their names.
    fn secret_arguments(&self) -> Vec<Secret> {
        let secret = self.given().filter(|(name, _)| tables::names_secret(name));
        let secret = secret.map(|(name, value)| Secret {
            id: name.to_owned(),
            content: value.as_bytes().to_vec(),
        });
        secret.collect()
    }

    /// The secrets of the build, to be looked for in the image.
    pub(super) fn secrets(&self) -> Result<Vec<Secret>, Failure> {
        let mut found = self.secret_arguments();
        for secret in &self.secret {
            let id = secret.split(',').find_map(|part| part.strip_prefix("id="));
            let wrong = |message: String| {
                Failure::usage(
                    Diagnostic::error("wrong-use", message).help("--secret id=ID,src=FILE"),
                )
            };
            let Some(id) = id else {
                return Err(wrong(format!(
                    "no id in `--secret {}`",
                    secret.escape_debug()
                )));
            };
            if let Some(path) = secret.split(',').find_map(source) {
                let content = fs_err::read(path).map_err(|error| wrong(error.to_string()))?;
                found.push(Secret {
                    id: id.to_owned(),
                    content,
                });
            }
        }
        Ok(found)
    }
}

fn source(part: &str) -> Option<&str> {
    part.strip_prefix("src=")
        .or_else(|| part.strip_prefix("source="))
}

fn absolute(context: &Context, path: &str) -> Utf8PathBuf {
    context
        .folder
        .as_deref()
        .unwrap_or(Utf8Path::new(""))
        .join(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_argument_that_is_given_is_looked_for_and_no_other_is_made_up() {
        let asked = Asked {
            build_arg: vec!["API_TOKEN=of-this-person".to_owned(), "KIND=x".to_owned()],
            ..Asked::default()
        };
        let secrets = asked.secrets().ok().unwrap();
        let ids: Vec<_> = secrets.iter().map(|secret| secret.id.as_str()).collect();
        assert_eq!(ids, ["API_TOKEN"]);
        let names = ["API_TOKEN", "NPM_TOKEN"].map(str::to_owned).to_vec();
        assert_eq!(asked.not_given(names), ["NPM_TOKEN"]);
    }
}
