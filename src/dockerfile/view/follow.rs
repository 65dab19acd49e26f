//! What instructions do to the state of their stage.
use std::collections::BTreeMap;

use super::super::model::{Kind, Variable};
use super::{Stage, expand, join};

/// What an instruction changes for those behind it.
pub(super) fn follow(stage: &mut Stage, kind: &Kind, globals: &[Variable]) {
    let value =
        |env: &BTreeMap<String, String>, text: &str| expand(text, |name| env.get(name).cloned());
    match kind {
        Kind::User(user) => stage.user = Some(value(&stage.env, &user.value)),
        Kind::Workdir(path) => {
            stage.workdir = join(&stage.workdir, &value(&stage.env, &path.value));
        }
        Kind::Shell(words) => {
            stage.shell = Some(words.iter().map(|word| word.value.clone()).collect());
        }
        Kind::Env(variables) => {
            for variable in variables {
                let text = variable
                    .value
                    .as_ref()
                    .map_or("", |value| value.value.as_str());
                let text = value(&stage.env, text);
                stage.args.remove(&variable.name.value);
                stage.env.insert(variable.name.value.clone(), text);
            }
        }
        Kind::Arg(variables) => {
            for variable in variables {
                let global = globals
                    .iter()
                    .rev()
                    .find(|global| global.name.value == variable.name.value);
                let default = variable
                    .value
                    .as_ref()
                    .or(global.and_then(|global| global.value.as_ref()));
                // `ENV` wins over `ARG` of the same name.
                let is_env = stage.env.contains_key(&variable.name.value)
                    && !stage.args.contains(&variable.name.value);
                if let Some(default) = default
                    && !is_env
                {
                    stage.args.insert(variable.name.value.clone());
                    let text = value(&stage.env, &default.value);
                    stage.env.insert(variable.name.value.clone(), text);
                }
            }
        }
        _ => {}
    }
}
