//! The keys that a spec of one language may have: the core's, with this language's choices, and its options.
use crate::spec::{Choice, Field, core_fields, service_keys};

use super::folder::{self, Language};

/// All fields in the order of the summary: the core's plain keys, the options, the core's tables.
pub fn fields(language: Option<&Language>) -> Vec<Field> {
    let (plain, tables): (Vec<_>, Vec<_>) = core_fields()
        .into_iter()
        .partition(|field| !field.key.contains('.'));
    let mut all: Vec<Field> = plain
        .into_iter()
        .map(|field| with_choices(field, language))
        .collect();
    all.extend(language.into_iter().flat_map(options));
    all.extend(tables);
    all
}

/// The fields of one service of several: those that only a service has come first.
pub fn service_fields(language: Option<&Language>) -> Vec<Field> {
    let mut all = service_keys();
    let own = fields(language).into_iter();
    all.extend(own.filter(|field| !field.alone));
    all
}

fn options(language: &Language) -> Vec<Field> {
    let options = language.manifest.options.0.iter();
    options
        .map(|(name, field)| Field {
            key: format!("options.{name}"),
            ..field.clone()
        })
        .collect()
}

fn with_choices(mut field: Field, language: Option<&Language>) -> Field {
    let names = |names: Vec<(String, String)>| {
        let choice = |(value, title)| Choice { value, title };
        names.into_iter().map(choice).collect()
    };
    if field.key == "lang" {
        let own = language.map(|language| language.id.as_str());
        let own = own.filter(|id| !folder::ids().contains(id));
        field.choices = names(
            folder::ids()
                .into_iter()
                .chain(own)
                .map(|id| (id.to_owned(), String::new()))
                .collect(),
        );
    }
    if field.key == "needs" {
        let all = super::needs().0.iter();
        field.choices = names(
            all.map(|(name, need)| (name.clone(), need.title.clone()))
                .collect(),
        );
    }
    let Some(Language { manifest, .. }) = language else {
        return field;
    };
    match field.key.as_str() {
        "version" => field.when = manifest.version.when.clone(),
        "framework" => {
            let all = manifest.frameworks.0.iter();
            field.choices = names(
                all.map(|(name, f)| (name.clone(), f.title.clone()))
                    .collect(),
            );
        }
        "runtime" => {
            let all = manifest.runtimes.0.iter();
            field.choices = names(
                all.map(|(name, r)| (name.clone(), r.title.clone()))
                    .collect(),
            );
        }
        "native" => {
            let all = manifest.native.iter();
            field.choices = names(all.map(|n| (n.dependency.clone(), String::new())).collect());
        }
        _ => {}
    }
    field
}
