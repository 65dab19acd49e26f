//! Every rule fires on its own bad example, and no rule fires on any good one.
use std::collections::BTreeMap;

use super::super::view::{Surroundings, View};
use super::*;
use crate::report::Document;

/// The day on which the examples were written.
const TODAY: &str = "2026-11-23";

fn found(text: &str, files: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let document = Document::file("Dockerfile", text.trim_start());
    let read = |path: &str| files.get(path).cloned();
    let around = Surroundings {
        today: TODAY,
        read: &read,
        has_context: !files.is_empty(),
    };
    let view = View::new(&document, around).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    check(&view, &[])
}

fn good_files(words: &Words) -> BTreeMap<String, String> {
    let mut files = words.files.clone();
    files.extend(words.good_files.clone());
    files
}

#[test]
fn every_rule_fires_on_its_bad_example() {
    let mut silent = Vec::new();
    for rule in RULES {
        let words = rule.words();
        if !found(&words.bad, &words.files)
            .iter()
            .any(|diagnostic| diagnostic.code == rule.id)
        {
            silent.push(rule.id);
        }
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn no_rule_fires_on_a_good_example() {
    let mut loud = Vec::new();
    for rule in RULES {
        let words = rule.words();
        loud.extend(
            found(&words.good, &good_files(&words))
                .into_iter()
                .map(|diagnostic| {
                    format!("{}: {} {}", rule.id, diagnostic.code, diagnostic.message)
                }),
        );
    }
    assert_eq!(loud, [""; 0]);
}

#[test]
fn every_rule_says_what_it_must() {
    for rule in RULES {
        let words = rule.words();
        assert!(
            ["note", "warning", "error"].contains(&words.severity.as_str()),
            "{}",
            rule.id
        );
        assert!(
            !words.title.ends_with('.')
                && words.reason.ends_with(['.', '!'])
                && !words.reason.contains('\n'),
            "{}",
            rule.id
        );
        assert!(rule.explain().contains(&words.title), "{}", rule.id);
    }
    assert!(RULES.is_sorted_by_key(|rule| rule.id), "sorted by name");
    assert!(find("libc-mismatch").is_some() && find("nothing").is_none());
}

#[test]
fn a_text_that_is_no_dockerfile_is_said_with_its_place() {
    let document = Document::file("Dockerfile", "FROM scratch\nCOPPY a b\n");
    let read = |_: &str| None;
    let around = Surroundings {
        today: TODAY,
        read: &read,
        has_context: false,
    };
    let Err(diagnostic) = View::new(&document, around) else {
        panic!("it was read");
    };
    assert_eq!(
        diagnostic.place.map(|place| place.line_column()),
        Some((2, 1))
    );
}

proptest::proptest! {
    /// Whatever stands in it: no panic.
    #[test]
    fn any_dockerfile_is_judged(lines in proptest::collection::vec("(RUN|CMD|ENV|ARG|COPY|USER|FROM|HEALTHCHECK CMD|ENTRYPOINT|WORKDIR|VOLUME|EXPOSE|STOPSIGNAL|RUN --mount=type=cache,target=/x|COPY --from=0) [ -~éß\\\\]{0,40}", 0..12)) {
        let text = format!("FROM alpine:3.24 AS build\n{}\n", lines.join("\n"));
        let document = Document::file("Dockerfile", text);
        let read = |_: &str| Some("#!/bin/sh\nx\n".to_owned());
        let around = Surroundings { today: TODAY, read: &read, has_context: true };
        if let Ok(view) = View::new(&document, around) {
            check(&view, &[]);
        }
    }
}

#[test]
fn tags_without_a_version_float() {
    let floating = |image: &str| {
        let found = found(&format!("FROM {image}\n"), &BTreeMap::new());
        found
            .iter()
            .any(|diagnostic| diagnostic.code == "floating-tag")
    };
    for image in [
        "debian:testing-slim",
        "node:lts-alpine",
        "golang:trixie",
        "nginx:stable-alpine",
        "ubuntu:rolling",
        "x.example.com/y",
    ] {
        assert!(floating(image), "{image}");
    }
    for image in [
        "debian:trixie-slim",
        "buildpack-deps:trixie",
        "node:24-slim",
        "caddy:builder",
        "golang:1-trixie",
    ] {
        assert!(!floating(image), "{image}");
    }
}

#[test]
fn an_argument_of_a_build_stage_is_in_no_image() {
    let text =
        "FROM debian:trixie-slim AS build\nARG API_TOKEN\nFROM debian:trixie-slim\nUSER 65532\n";
    let found = found(text, &BTreeMap::new());
    let told = found
        .iter()
        .find(|found| found.code == "secret-in-variable");
    assert!(told.is_some_and(|found| found.message.ends_with("in the provenance of the image")));
}
