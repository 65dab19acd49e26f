//! Findings as SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), for code scanning.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::diagnostic::{Diagnostic, Severity};
use super::source::Place;

/// What a rule says of itself: title and reason.
pub type About = (String, String);

/// The log of one run. `about` tells what is known of a code.
pub fn log(diagnostics: &[Diagnostic], about: impl Fn(&str) -> Option<About>) -> Value {
    let mut codes: BTreeMap<&str, usize> = diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code, 0))
        .collect();
    for (index, position) in codes.values_mut().enumerate() {
        *position = index;
    }
    let rules: Vec<_> = codes.keys().map(|code| rule(code, about(code))).collect();
    let results: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| result(diagnostic, codes[diagnostic.code]))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "scaffold",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: &str, about: Option<About>) -> Value {
    let mut rule = json!({ "id": code });
    if let Some((title, reason)) = about {
        rule["shortDescription"] = json!({ "text": title });
        rule["fullDescription"] = json!({ "text": reason });
    }
    rule
}

fn result(diagnostic: &Diagnostic, rule: usize) -> Value {
    let level = match diagnostic.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let locations: Vec<_> = diagnostic.place.iter().map(location).collect();
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": level,
        "message": { "text": diagnostic.text() },
        "locations": locations,
    });
    if let Some((place, label)) = &diagnostic.related {
        let mut related = location(place);
        related["message"] = json!({ "text": label });
        result["relatedLocations"] = json!([related]);
    }
    result
}

fn location(place: &Place) -> Value {
    let (line, column) = place.line_column();
    let end = Place::new(&place.document, place.span.end..place.span.end);
    let (end_line, end_column) = end.line_column();
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.document.name) },
        "region": { "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column },
    } })
}

/// A path as a relative reference: what a URI does not allow is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.trim_start_matches("./").replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Document;

    #[test]
    fn a_log_has_the_form_that_scanners_read() {
        let document = Document::file("./a b/Dockerfile", "FROM x\nRUN y\n");
        let found = [
            Diagnostic::warning("b", "two")
                .at(&Place::new(&document, 7..10), "")
                .because("why"),
            Diagnostic::error("a", "one"),
        ];
        let log = log(&found, |code| {
            (code == "a").then(|| ("A".to_owned(), "Because.".to_owned()))
        });
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(
            run["tool"]["driver"]["rules"][0]["shortDescription"]["text"],
            "A"
        );
        assert_eq!(run["results"][0]["ruleIndex"], 1);
        assert_eq!(run["results"][0]["message"]["text"], "two (why)");
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/Dockerfile");
        assert_eq!(
            (&place["region"]["startLine"], &place["region"]["endColumn"]),
            (&json!(2), &json!(4))
        );
    }
}
