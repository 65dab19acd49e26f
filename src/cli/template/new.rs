//! `scaffold template new`: a language folder that already passes.
use camino::Utf8PathBuf;
use clap::Args;

use super::super::{library, session};
use crate::cli::failure::Failure;
use crate::context::Context;
use crate::exit::Exit;
use crate::language::{self, skeleton};
use crate::plan::substitute;
use crate::report::{Diagnostic, Printer};
use crate::spec::name;
use crate::workspace::{self, apply::Job};

/// Begin a language folder that already passes
#[derive(Args, Debug)]
pub(crate) struct New {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: Utf8PathBuf,
    /// The built-in language that it is laid over
    #[arg(long, value_name = "LANG")]
    extends: Option<String>,
}

impl New {
    pub(super) fn run(&self, context: &Context, printer: Printer) -> Result<Exit, Failure> {
        let root = session::target(context, &self.dir)?;
        if let Some(extends) = &self.extends
            && !language::ids().contains(&extends.as_str())
        {
            return Err(library::unknown(context, extends));
        }
        if root.join("language.toml").exists() {
            let message = format!("{} is a language folder already", self.dir);
            return Err(Failure::new(
                Exit::Refused,
                vec![Diagnostic::error("refused", message)],
            ));
        }
        let name = name::slug(root.file_name().unwrap_or_default());
        let extends = self.extends.as_deref().unwrap_or_default();
        let fill = |text: &str| {
            substitute(text, |key| match key {
                "name" => Some(name.clone()),
                "extends" => Some(extends.to_owned()),
                _ => None,
            })
        };
        let files = skeleton(self.extends.is_some());
        let texts: Vec<_> = files
            .iter()
            .map(|(path, text)| (path, fill(text)))
            .collect();
        let jobs: Vec<_> = texts
            .iter()
            .map(|(path, text)| Job::write(path.as_str(), text.as_bytes()))
            .collect();
        workspace::run(&root, &jobs)?;
        super::cases::accept_all(context, &self.dir)?;
        for (path, _) in &texts {
            printer.say(&format!("{:>9}  {path}", "create"));
        }
        let dir = crate::render::quote::shell(self.dir.as_str());
        printer.say(&format!(
            "\nNext:\n  scaffold template check {dir}    # find what is wrong with it\n  scaffold template test {dir}    # make its cases and compare\n  scaffold new try --template {dir}    # use it"
        ));
        Ok(Exit::Done)
    }
}
