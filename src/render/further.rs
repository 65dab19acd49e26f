//! The files beside Dockerfile and `.dockerignore`: Tera with other brackets, because workflows use `{{ }}` themselves,
//! and values that YAML and HCL read back as they are.
use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tera::{Kwargs, State, Tera, TeraResult};

use super::engine::{shell, text_of};
use super::{Entry, Error, FileSet, context, quote, report, tidy};
use crate::language::Further;
use crate::plan::Plan;
use crate::spec::Value;

/// Adds the files that the spec asks for: one of each, whether of one project or of several services.
pub(super) fn add(plans: &[Plan], files: &mut FileSet) -> Result<(), Error> {
    let is_wanted = |file: &&Further| plans.iter().any(|plan| plan.holds(&file.when));
    let wanted: Vec<_> = crate::language::further()
        .iter()
        .filter(is_wanted)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let tera = engine().map_err(|error| report("files", &error))?;
    let context = tera::Context::from_serialize::<Json>(&of_files(plans, files))
        .map_err(|error| report("context", &error))?;
    for file in wanted {
        let text = tera
            .render(&file.template, &context)
            .map_err(|error| report(&file.template, &error))?;
        files.insert(file.path.as_str(), Entry::tracked(tidy(&text)));
    }
    Ok(())
}

fn engine() -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    tera.set_delimiters(tera::Delimiters {
        block_start: "<%".into(),
        block_end: "%>".into(),
        variable_start: "<<".into(),
        variable_end: ">>".into(),
        comment_start: "<#".into(),
        comment_end: "#>".into(),
    })?;
    tera.register_filter("yaml", yaml);
    tera.register_filter("hcl", hcl);
    tera.register_filter("sh", shell);
    tera.autoescape_on([""]);
    tera.set_escape_fn(super::engine::refuse_unless_plain);
    tera.add_raw_templates(crate::language::further_templates())?;
    Ok(tera)
}

/// A scalar or a list of YAML; `before` stands before the text.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera calls"
)]
fn yaml(value: &tera::Value, arguments: Kwargs, _: &State) -> TeraResult<tera::Value> {
    let before = arguments.get::<&str>("before")?.unwrap_or_default();
    let text = match value.as_array() {
        Some(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| quote::json(&text_of(item)))
                .collect();
            format!("[{}]", items.join(", "))
        }
        None => quote::yaml(&format!("{before}{}", text_of(value))),
    };
    Ok(tera::Value::safe_string(&text))
}

/// A text of HCL.
fn hcl(value: &tera::Value, _: Kwargs, _: &State) -> tera::Value {
    tera::Value::safe_string(&quote::hcl(&text_of(value)))
}

/// What these templates see: each service, and what they have in common.
fn of_files(plans: &[Plan], files: &FileSet) -> Json {
    let mut ports = Vec::new();
    let services: Vec<_> = plans
        .iter()
        .map(|plan| service(plan, files, &mut ports))
        .collect();
    let mut needs: BTreeMap<&String, Json> = BTreeMap::new();
    for (name, image) in plans.iter().flat_map(|plan| &plan.needs) {
        let need = || need(name, &image.reference).unwrap_or_default();
        needs.entry(name).or_insert_with(need);
    }
    let needs: Vec<_> = needs.into_values().collect();
    let volumes = all(&services, "volumes")
        .into_iter()
        .chain(all(&needs, "volumes"));
    let kept: Vec<_> = volumes.map(|volume| volume["name"].clone()).collect();
    let mounts = all(&services, "mounts");
    let images: BTreeMap<_, _> = plans.iter().rev().flat_map(|plan| &plan.further).collect();
    let one = plans.first().map(context::context).unwrap_or_default();
    json!({
        "several": plans.iter().any(|plan| plan.service.is_some()),
        "name": one["name"],
        "files": one["files"],
        "ci": one["ci"],
        "serving": services.iter().any(|service| service["framework"] != "cli"),
        "stamped": services.iter().any(|service| service["stamped"] == true),
        "platforms": all(&services, "platforms"),
        "services": services,
        "secrets": secrets(&needs),
        "needs": needs,
        "kept": kept,
        "home": json!(mounts).to_string().contains("$HOME"),
        "mounts": mounts,
        "images": images,
        "actions": crate::language::actions(),
    })
}

/// The items of a list of each, every one once.
fn all(owners: &[Json], key: &str) -> Vec<Json> {
    let mut found = Vec::new();
    let lists = owners.iter().filter_map(|owner| owner[key].as_array());
    for item in lists.flatten() {
        if !found.contains(item) {
            found.push(item.clone());
        }
    }
    found
}

fn secrets(needs: &[Json]) -> Vec<&Json> {
    let secrets = needs.iter().map(|need| &need["secret"]);
    secrets.filter(|secret| **secret != json!("")).collect()
}

/// A Dockerfile's variables, and what is true of the service beside it. No two are published on one port.
fn service(plan: &Plan, files: &FileSet, ports: &mut Vec<i64>) -> Json {
    let mut root = context::context(plan);
    let needs: Vec<_> = plan
        .needs
        .iter()
        .filter_map(|(name, image)| need(name, &image.reference))
        .collect();
    let writable = plan.value("production.writable");
    let key = plan.service.as_ref().map_or("app", |service| &service.name);
    let (context, dockerfile) = (plan.context(), plan.dockerfile());
    if let Some(port) = root["port"].as_i64() {
        let free = (port..=65535)
            .find(|port| !ports.contains(port))
            .unwrap_or(port);
        ports.push(free);
        root["host"] = json!(free);
    }
    let text = files.get(&dockerfile).map(|entry| entry.bytes.as_slice());
    let text = String::from_utf8_lossy(text.unwrap_or_default());
    root["stamped"] = json!(text.lines().any(|line| line == "ARG VERSION"));
    root["key"] = json!(key);
    root["file"] = json!(crate::plan::service::from(&context, &dockerfile));
    root["dockerfile"] = json!(dockerfile);
    root["plain"] = json!(plan.is_plain());
    root["volumes"] = json!(volumes(key, &writable.map_or(Vec::new(), Value::texts)));
    root["secrets"] = json!(secrets(&needs));
    root["development"] = json!(plan.development());
    root["stages"] = match plan.development() {
        Some(_) => json!(["production", "development"]),
        None => json!(["production"]),
    };
    root["below"] = match context.as_str() {
        "." => json!(""),
        context => json!(format!("{context}/")),
    };
    root["served"] = match &plan.service {
        Some(_) => json!(format!("{key}-development")),
        None => json!("development"),
    };
    root["needs"] = json!(needs);
    root["mounts"] = mounts(plan);
    root
}

/// A `$` is a variable to Compose, and two of them are one.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

fn need(name: &str, reference: &str) -> Option<Json> {
    let need = crate::language::needs().get(name)?;
    let mut json = json!(need);
    let folders: Vec<_> = need.data.iter().map(String::as_str).collect();
    let test = ["CMD"]
        .into_iter()
        .chain(need.health.iter().map(String::as_str));
    json["name"] = json!(name);
    json["ref"] = json!(reference);
    json["volumes"] = json!(volumes(name, &folders));
    json["test"] = test.map(literal).collect();
    json["entrypoint"] = need.entrypoint.iter().map(|word| literal(word)).collect();
    Some(json)
}

/// A volume for each folder, named after its owner and the folder.
fn volumes(owner: &str, folders: &[&str]) -> Vec<Json> {
    let mut names: Vec<String> = Vec::new();
    for path in folders {
        let folder = path.trim_matches('/').replace(['/', '.'], "-");
        let mut name = format!("{owner}-{folder}");
        while names.contains(&name) {
            name.push('-');
        }
        names.push(name);
    }
    let volume = |(path, name): (&&str, &String)| json!({ "name": name, "path": path, "mount": format!("{name}:{path}") });
    folders.iter().zip(&names).map(volume).collect()
}

/// The secrets that the build is given, and where they lie: as in the next steps.
fn mounts(plan: &Plan) -> Json {
    let own = plan.language.manifest.secret.iter();
    let own = own.filter(|secret| plan.holds(&secret.when));
    let own = own.map(|secret| (secret.id.as_str(), secret.source.clone()));
    let said = plan.value("build.secrets").map(Value::texts);
    let said = said.unwrap_or_default().into_iter();
    let mount = |(id, source): (&str, String)| {
        let variable = id.to_ascii_uppercase().replace(['.', '-'], "_");
        // Bake knows variables of the surroundings only in braces, and declared.
        let flag = quote::hcl(&format!("id={id},src={source}")).replace("$HOME", "${HOME}");
        json!({ "id": id, "source": source, "variable": variable, "flag": flag })
    };
    own.chain(said.map(|id| (id, format!("./{id}"))))
        .map(mount)
        .collect()
}
