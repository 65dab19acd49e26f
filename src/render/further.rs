//! The files beside Dockerfile and `.dockerignore`: Tera with other brackets, because workflows use `{{ }}` themselves,
//! and values that YAML and HCL read back as they are.
use serde_json::{Value as Json, json};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::engine::{shell, text_of};
use super::{Entry, Error, FileSet, context, quote, report, tidy};
use crate::plan::Plan;

/// Adds the files that the spec asks for.
pub(super) fn add(plan: &Plan, dockerfile: &str, files: &mut FileSet) -> Result<(), Error> {
    let wanted = crate::language::further().iter();
    let wanted: Vec<_> = wanted.filter(|file| plan.holds(&file.when)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let tera = engine().map_err(|error| report("files", &error))?;
    let context = tera::Context::from_serialize::<Json>(&of_files(plan, dockerfile))
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
fn yaml(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
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
    Ok(Value::safe_string(&text))
}

/// A text of HCL.
fn hcl(value: &Value, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&quote::hcl(&text_of(value)))
}

/// What these templates see beside a Dockerfile's variables.
fn of_files(plan: &Plan, dockerfile: &str) -> Json {
    let mut root = context::context(plan);
    let needs: Vec<_> = needs(plan).collect();
    let of_all = |key: &str| -> Vec<Json> {
        let values = needs.iter().map(|need| need[key].clone());
        values.filter(|value| *value != json!("")).collect()
    };
    let secrets = of_all("secret");
    let volumes = volumes(
        "app",
        &plan
            .value("production.writable")
            .map_or(Vec::new(), |paths| paths.texts()),
    );
    let all = volumes.iter().chain(
        needs
            .iter()
            .flat_map(|need| need["volumes"].as_array().into_iter().flatten()),
    );
    let kept: Vec<_> = all.map(|volume| volume["name"].clone()).collect();
    root["needs"] = json!(needs);
    root["secrets"] = json!(secrets);
    root["volumes"] = json!(volumes);
    root["kept"] = json!(kept);
    let mounts = mounts(plan);
    root["home"] = json!(mounts.to_string().contains("$HOME"));
    root["mounts"] = mounts;
    root["stamped"] = json!(dockerfile.lines().any(|line| line == "ARG VERSION"));
    root["images"] = json!(plan.further);
    root["actions"] = json!(crate::language::actions());
    root
}

/// A `$` is a variable to Compose, and two of them are one.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

fn needs(plan: &Plan) -> impl Iterator<Item = Json> {
    plan.needs.iter().filter_map(|(name, image)| {
        let need = crate::language::needs().get(name)?;
        let mut json = json!(need);
        let folders: Vec<_> = need.data.iter().map(String::as_str).collect();
        let test = ["CMD"]
            .into_iter()
            .chain(need.health.iter().map(String::as_str));
        json["name"] = json!(name);
        json["ref"] = json!(image.reference);
        json["volumes"] = json!(volumes(name, &folders));
        json["test"] = test.map(literal).collect();
        json["entrypoint"] = need.entrypoint.iter().map(|word| literal(word)).collect();
        Some(json)
    })
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
    let said = plan.value("build.secrets").map(crate::spec::Value::texts);
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
