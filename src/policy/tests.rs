//! Each rule finds its bad example and leaves its good one alone; what a policy may not say; what wins.
use super::*;
use crate::dockerfile::Surroundings;
use crate::image::Catalogue;
use crate::language;
use crate::plan::{self, Inputs, Resolved};
use crate::report::Document;
use crate::spec::{Source, Sourced, Value, peek};

const TODAY: &str = "2026-11-23";

fn policies(texts: &[&str]) -> Policies {
    let policies = texts.iter().enumerate().map(|(at, text)| {
        let document = Document::file(format!("{at}/{FILE}"), *text);
        Arc::new(Policy::parse(&document).unwrap())
    });
    Policies {
        repository: policies.collect(),
        ..Policies::default()
    }
}

fn wrong(text: &str) -> Vec<String> {
    let found = Policy::parse(&Document::file(FILE, text)).unwrap_err();
    let told = found.into_iter().map(|one| {
        let line = one.place.map(|place| place.line_column().0);
        let help = one.help.unwrap_or_default();
        format!(
            "{}: {} {}{help}",
            line.unwrap_or_default(),
            one.message,
            one.label
        )
    });
    told.map(|text| text.trim_end().to_owned()).collect()
}

fn in_dockerfile(policies: &Policies, text: &str) -> Vec<Diagnostic> {
    let around = Surroundings {
        today: TODAY,
        read: &|_| None,
        has_context: false,
    };
    let view = View::new(&Document::file("Dockerfile", text), around).unwrap();
    policies.judge_dockerfile(&view)
}

/// The plan of a spec; with `new`, of one that is made here.
fn planned(policies: &Policies, text: &str, new: bool) -> Plan {
    let documents = [Document::file("scaffold.toml", text)];
    let id = peek(&documents, "lang").unwrap();
    let language = language::load(&id).unwrap().unwrap();
    let fields = language::fields(Some(&language));
    let mut spec = Spec::read(&documents, &fields);
    if new {
        policies.shape(&fields, &mut spec);
    }
    let inputs = Inputs {
        language,
        spec,
        lock: Resolved::default(),
        catalogue: &Catalogue::embedded(),
        folder: "shop",
        today: TODAY,
        with_sample: new,
        service: None,
    };
    plan::plan(inputs).unwrap()
}

fn in_spec(policies: &Policies, text: &str) -> Vec<Diagnostic> {
    policies.judge(&planned(policies, text, false), TODAY)
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|one| one.code).collect()
}

#[test]
fn each_rule_finds_its_bad_example_and_leaves_its_good_one_alone() {
    for rule in rules() {
        let policies = policies(&[&rule.policy]);
        let judge = match rule.file.as_str() {
            "Dockerfile" => in_dockerfile,
            _ => in_spec,
        };
        let bad = judge(&policies, &rule.bad);
        assert!(!bad.is_empty(), "{}", rule.id);
        for one in bad {
            assert_eq!(one.code, rule.id);
            let (policy, _) = one.related.unwrap();
            assert!(policy.short().starts_with("0/scaffold-policy.toml:"));
        }
        assert!(judge(&policies, &rule.good).is_empty(), "{}", rule.id);
        let own = super::rule(&rule.id).unwrap();
        assert!(own.explain().contains(&rule.title));
    }
}

#[test]
fn what_a_policy_may_not_say_has_its_place_and_the_nearest_name() {
    let found = wrong(
        "imagess = 1\n[images]\nmirror = 3\nallow = []\nregistry = 'x'\n[user]\nmin = 9\nmax = 3\n",
    );
    assert_eq!(
        found,
        [
            "1: unknown key `imagess` nothing has this namedid you mean `images`?",
            "3: `images.mirror` cannot be this expected a registry, with a path if wanted, such as \"registry.example.com/mirror\"",
            "5: unknown key `images.registry` nothing has this namedid you mean `images.registries`?",
            "4: `images.allow` allows nothing it is emptyleave it out to allow everything",
            "7: no number is from 9 to 3 above `user.max`",
        ]
    );
    let found = wrong("[label-patterns]\n'a' = '('\n'b' = '(?:x{1000}){1000}'\n");
    assert!(
        found[0].starts_with("2: `label-patterns.a` is no pattern"),
        "{found:?}"
    );
    assert!(
        found[1].ends_with("it would take too much memory"),
        "{found:?}"
    );
    let found = wrong("[require]\nprot = 80\nport = 'x'\nname = 'y'\n[require.options]\na = 1.5\n");
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(
        found[0].contains("did you mean `require.port`?"),
        "{found:?}"
    );
    let found = wrong(
        "[forbid]\nprot = 80\nport = 'x'\nplatforms = { a = 'b' }\nhealth = []\nimages.pin = ['tga']\nimages.pi = 'x'\n",
    );
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(
        found[0].contains("did you mean `forbid.port`?"),
        "{found:?}"
    );
    assert!(
        found[5].contains("did you mean `forbid.images.pin`?"),
        "{found:?}"
    );
    assert_eq!(wrong("require = 1\nforbid = 2").len(), 2);
    let many: Vec<_> = (0..101).map(|at| format!("l{at} = 'x'")).collect();
    let many = many.join("\n");
    assert!(wrong(&format!("[labels]\n{many}"))[0].contains("more than 100 labels"));
}

#[test]
fn new_writes_what_policies_want_and_the_first_wins() {
    let both = policies(&[
        "[labels]\nvendor = 'A'\n[require]\nfiles.compose = true\n[user]\nmin = 1000\n",
        "[labels]\nvendor = 'B'\nteam = 'T'\n[user]\nmin = 70000\nmax = 80000\n[images]\nmirror = 'r.example.com'\n",
    ]);
    let text = &rules()[1].good;
    let plan = planned(&both, text, true);
    let value = |key: &str| plan.values[key].value.display();
    assert_eq!(value("production.labels"), "team=T vendor=A");
    assert_eq!(value("production.user"), "70000");
    assert_eq!(value("images.registry"), "r.example.com");
    assert_eq!(value("files.compose"), "true");
    let sources = plan.values["production.labels"].source.describe();
    assert_eq!(
        sources,
        "1/scaffold-policy.toml:3, 0/scaffold-policy.toml:2"
    );
    // Two that contradict each other both hold: nobody can meet them, and it is said.
    let found = both.judge(&plan, TODAY);
    assert_eq!(codes(&found), ["policy/label-value"]);
    assert!(
        planned(&Policies::default(), text, true)
            .diagnostics
            .is_empty()
    );
}

#[test]
fn what_is_said_is_kept_and_told() {
    let policies = policies(&[
        "[labels]\nvendor = 'A'\nteam = 'T'\n[images]\nmirror = 'r.example.com'\n[user]\nmax = 100\n",
    ]);
    let text = format!(
        "{}\n[production]\nuser = 200\nlabels = {{ vendor = 'X' }}\n[images]\nregistry = 'other.example'\n",
        rules()[1].good
    );
    let plan = planned(&policies, &text, true);
    let labels = &plan.values["production.labels"];
    assert_eq!(labels.value.display(), "team=T vendor=X");
    assert_eq!(
        labels.source.describe(),
        "scaffold.toml:6, 0/scaffold-policy.toml:3"
    );
    let found = policies.judge(&plan, TODAY);
    let registry = "policy/registry";
    assert_eq!(
        codes(&found),
        [registry, registry, "policy/label-value", "policy/user"]
    );
    assert!(found.iter().all(|one| {
        one.place
            .as_ref()
            .is_some_and(|place| place.document.name == "scaffold.toml")
    }));
}

#[test]
fn evidence_and_a_persons_defaults_give_way() {
    let policies = policies(&["[images]\nmirror = 'r.example.com'\n[user]\nmax = 100\n"]);
    let mut spec = Spec::default();
    let place = Place::new(&Document::file("config.toml", "x"), 0..1);
    for (key, value) in [
        ("images.registry", Value::Text("mine.example".into())),
        ("production.user", Value::Integer(50)),
    ] {
        let source = Source::Setting(place.clone());
        spec.overlay(key.to_owned(), Sourced { value, source });
    }
    policies.shape(&crate::spec::core_fields(), &mut spec);
    assert_eq!(
        spec.values["images.registry"].value.display(),
        "r.example.com"
    );
    // What fits stays as it is.
    assert_eq!(
        spec.values["production.user"].source.describe(),
        "config.toml:1"
    );
}

#[test]
fn a_dockerfile_is_read_as_a_build_reads_it() {
    let policies = policies(&[
        "[images]\nmirror = 'r.example.com/m'\n[labels]\nvendor = 'Acme Inc'\n[label-patterns]\nrevision = '[0-9a-f]+'\n[user]\nmin = 1000\nmax = 70000\n",
    ]);
    let good = "# syntax=r.example.com/m/docker/dockerfile:1\nARG BASE=r.example.com/m/debian:13\n\
        FROM ${BASE} AS base\nARG WHO=\"Acme Inc\"\nLABEL vendor=\"$WHO\"\nLABEL revision=$REVISION\n\
        FROM scratch\nFROM base\nCOPY --from=base /a /a\nCOPY --from=0 /b /b\nUSER 1001:0\n";
    assert_eq!(codes(&in_dockerfile(&policies, good)), [""; 0]);
    let bad = "# syntax=docker/dockerfile:1\nARG BASE\nFROM r.example.com/m/debian:13 AS other\nLABEL vendor=\"Acme Inc\" revision=ff\n\
        FROM ${BASE}\nRUN --mount=from=ghcr.io/a/b,target=/x true\nLABEL vendor Acme Inc\nLABEL revision=xyz\n";
    let found = in_dockerfile(&policies, bad);
    let lines: Vec<_> = found
        .iter()
        .map(|one| (one.place.as_ref().unwrap().line_column().0, one.code))
        .collect();
    assert_eq!(
        lines,
        [
            (1, "policy/registry"),
            (5, "policy/registry"),
            (6, "policy/registry"),
            (8, "policy/label-value"),
            (5, "policy/user"),
        ]
    );
}

#[test]
fn a_base_behind_the_mirror_ends_like_the_one_that_it_is() {
    let policies = policies(&["[images]\nmirror = 'r.example.com/base'\nsupport-days = 3650\n"]);
    let found = in_dockerfile(&policies, "FROM r.example.com/base/debian:trixie-slim\n");
    assert_eq!(codes(&found), ["policy/end-of-life"]);
    assert!(!found[0].is_error());
}
