//! Rules → decisions, key by key in the order of the manifest, so that a rule's `when` may name what stands before it.
use std::collections::BTreeMap;

use super::convert::{Converted, Versions, agrees, convert, filled, join};
use super::dependencies::Dependency;
use super::fill::{clean, fill};
use super::finding::{Considered, Decision, Finding, Reading};
use super::reader::{Hit, Look, NEAR};
use super::scope::Scope;
use crate::language::Language;
use crate::language::rules::{Confidence, Find, Need, Pick};
use crate::report::Diagnostic;
use crate::spec::check::check;
use crate::spec::field::holds;
use crate::spec::{Field, Value};

/// All that rules are run with.
pub(super) struct Resolver<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) language: &'a Language,
    pub(super) fields: Vec<Field>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) versions: Versions<'a>,
    /// What the user said: rules see it, and none of them fills it.
    pub(super) said: &'a BTreeMap<String, Value>,
    pub(super) decisions: Vec<Decision>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// A hit with the value made of it.
struct Made {
    hit: Hit,
    converted: Converted,
}

impl Resolver<'_> {
    pub(super) fn run(mut self) -> Reading {
        let rules = &self.language.manifest.find;
        let mut keys: Vec<&str> = Vec::new();
        for rule in rules {
            if !keys.contains(&rule.key.as_str()) {
                keys.push(&rule.key);
            }
        }
        for key in keys {
            let mut decision = Decision::new(key);
            for rule in rules.iter().filter(|rule| rule.key == key) {
                if holds(&rule.when, |key| self.value(key)) {
                    self.apply(rule, &mut decision);
                }
            }
            self.decisions.push(decision);
        }
        Reading {
            needs: self.needs(),
            decisions: self.decisions,
            warnings: self.warnings,
        }
    }

    fn needs(&self) -> Vec<Need> {
        let needs = self.language.manifest.detect.need.iter();
        let unmet = |need: &&Need| {
            let known = need
                .key
                .as_ref()
                .is_some_and(|key| self.value(key).is_some());
            let asked = |key: &String| {
                let mut decisions = self.decisions.iter();
                decisions.any(|decision| decision.key == *key && decision.is_open())
            };
            let open = need.key.as_ref().is_some_and(asked);
            !known && !open && holds(&need.when, |key| self.value(key))
        };
        needs.filter(unmet).cloned().collect()
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.said.get(key).or_else(|| {
            let decision = self.decisions.iter().find(|decision| decision.key == key)?;
            Some(&decision.finding.as_ref()?.value)
        })
    }

    /// What a placeholder stands for: a capture of the hit, an earlier finding, or a capture of that one.
    pub(super) fn lookup(&self, name: &str, hit: &Hit) -> Option<String> {
        if let Some(captured) = hit.captures.get(name) {
            return Some(captured.clone());
        }
        let Some((key, capture)) = name.split_once('@') else {
            return self.value(name).map(Value::display);
        };
        let decision = self.decisions.iter().find(|decision| decision.key == key)?;
        let captures = &decision.finding.as_ref()?.captures;
        captures.get(capture).cloned()
    }

    fn apply(&mut self, rule: &Find, decision: &mut Decision) {
        let hits = self.hits(rule);
        if decision.finding.is_some() && !rule.add && rule.reject.is_none() {
            self.compare(rule, &hits, decision);
        }
        let mut made = Vec::new();
        for hit in hits {
            match self.make(rule, &hit) {
                Ok(converted) => made.push(Made { hit, converted }),
                Err(None) => {}
                Err(Some((value, reason))) => {
                    decision
                        .considered
                        .push(rejected(rule, &hit, value, reason));
                }
            }
        }
        let made = distinct(made);
        if let Some(reason) = &rule.reject {
            let all = made.into_iter();
            decision.considered.extend(
                all.map(|made| rejected(rule, &made.hit, made.converted.value, reason.clone())),
            );
        } else if rule.pick == Pick::All || rule.add {
            self.add(rule, made, decision);
        } else {
            self.choose(rule, made, decision);
        }
    }

    /// The value of a hit; `Err` with it and the reason when it cannot be taken.
    fn make(&self, rule: &Find, hit: &Hit) -> Result<Converted, Option<(Value, String)>> {
        let lookup = |name: &str| self.lookup(name, hit);
        let own = rule.map.get(&hit.text).or(rule.value.as_ref());
        let converted = match own {
            None => convert(rule.kind, &hit.text, self.versions).ok_or(None)?,
            Some(value) => self.own(rule, value, &lookup).ok_or(None)?,
        };
        let path = |path: &String| fill(path, &lookup).map(|path| clean(&path));
        let is_there = |path: &String| path.is_empty() || self.scope.view.exists(path);
        let wanted: Vec<_> = rule.exists.all().iter().filter_map(path).collect();
        let barred = rule.missing.all().iter().filter_map(path).find(is_there);
        if !rule.exists.all().is_empty() && !wanted.iter().any(is_there) {
            let reason = format!("there is no {}", wanted.first().map_or("", String::as_str));
            return Err(Some((converted.value, reason)));
        }
        if let Some(path) = barred {
            return Err(Some((converted.value, format!("there is {path}"))));
        }
        let fits = |pattern: &String| self.fits(pattern, hit, &converted.value);
        let is_meant = rule.fit.is_empty() || rule.fit.iter().any(fits);
        let is_never = !rule.ever && self.is_never(&rule.key, &converted.value);
        if !is_meant || is_never || rule.not.iter().any(fits) {
            return Err(None);
        }
        let field = self.fields.iter().find(|field| field.key == rule.key);
        let as_list = |value: &Value| match value {
            Value::Text(_) if rule.pick == Pick::All || rule.add => {
                Value::List(vec![value.clone()])
            }
            other => other.clone(),
        };
        match field.map(|field| check(field, &as_list(&converted.value))) {
            Some(Err(refusal)) => Err(Some((converted.value, refusal.message))),
            _ => Ok(converted),
        }
    }

    /// Whether the language says that the key never means this value.
    fn is_never(&self, key: &str, value: &Value) -> bool {
        let never = self.language.manifest.detect.never.get(key);
        never.is_some_and(|never| {
            let mut never = never.iter();
            never.any(|never| Value::try_from(never).as_ref() == Ok(value))
        })
    }

    /// A rule's own value; a text in it goes through `as` when that says more than text.
    fn own(
        &self,
        rule: &Find,
        value: &toml::Value,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Converted> {
        let filled = filled(value, lookup)?;
        match (&filled, rule.kind) {
            (Value::Text(text), kind) if kind != crate::language::rules::As::Text => {
                convert(kind, text, self.versions)
            }
            (Value::Text(text), _) if text.is_empty() => None,
            _ => Some(Converted {
                value: filled,
                reason: String::new(),
                sure: true,
            }),
        }
    }

    /// A condition on the version that the rule chosen before does not meet makes it unsure.
    fn compare(&self, rule: &Find, hits: &[Hit], decision: &mut Decision) {
        let (Some(finding), Some(image)) = (&mut decision.finding, self.versions.image) else {
            return;
        };
        for hit in hits {
            let chosen = finding.value.display();
            if agrees(rule.kind, &hit.text, &chosen, image) == Some(false) {
                finding.confidence = Confidence::Guess;
                finding.reason = format!("{} asks for {}", hit.place.short(), hit.text);
            }
        }
    }

    /// Says what is to be said with a finding that is taken.
    fn warn(&mut self, rule: &Find, hit: &Hit) {
        let Some(warning) = &rule.warn else {
            return;
        };
        let text = fill(warning, &|name: &str| self.lookup(name, hit));
        let text = text.unwrap_or_else(|| warning.clone());
        let place = Some(&hit.place).filter(|place| !place.document.text.is_empty());
        let warning = Diagnostic::warning("detected", text).at_maybe(place, "");
        self.warnings.push(warning);
    }

    fn finding(rule: &Find, made: Made) -> Finding {
        let is_near = made.hit.captures.contains_key(NEAR);
        let far = rule.far.filter(|_| !is_near);
        let confidence = if made.converted.sure {
            far.unwrap_or(rule.confidence)
        } else {
            Confidence::Guess
        };
        Finding {
            value: made.converted.value,
            place: made.hit.place,
            rule: format!("{}/{}", rule.key, rule.id),
            confidence,
            reason: made.converted.reason,
            used: rule.used,
            captures: made.hit.captures,
        }
    }

    /// Items of a list, from all hits.
    fn add(&mut self, rule: &Find, made: Vec<Made>, decision: &mut Decision) {
        for mut made in made {
            self.warn(rule, &made.hit);
            if let Value::Text(_) = made.converted.value {
                made.converted.value = Value::List(vec![made.converted.value]);
            }
            match &mut decision.finding {
                None => decision.finding = Some(Self::finding(rule, made)),
                Some(finding) => {
                    let old = std::mem::replace(&mut finding.value, Value::Bool(false));
                    finding.value = join(old, made.converted.value);
                }
            }
        }
    }

    /// One of several values, or the question.
    fn choose(&mut self, rule: &Find, mut made: Vec<Made>, decision: &mut Decision) {
        if decision.finding.is_none() && Self::settle(rule, &made, decision) {
            return;
        }
        if decision.finding.is_some() || !decision.alternatives.is_empty() {
            if !Self::has_evidence(rule) {
                return;
            }
            let first = decision
                .finding
                .as_ref()
                .or(decision.alternatives.first())
                .map_or("", |finding| finding.rule.as_str());
            let reason = format!("{first} comes first");
            let all = made.into_iter();
            decision.considered.extend(
                all.map(|made| rejected(rule, &made.hit, made.converted.value, reason.clone())),
            );
            return;
        }
        let several = made.len() > 1;
        let preferred = self.preferred(rule, &made);
        let chosen = match (preferred, rule.pick) {
            _ if made.is_empty() => return,
            (Some(index), _) => Some(index),
            (None, Pick::Only) if several => return Self::none(rule, made, decision),
            (None, Pick::Ask) if several => None,
            (None, _) => Some(0),
        };
        decision.finding = chosen.map(|index| {
            let made = made.remove(index);
            self.warn(rule, &made.hit);
            let mut finding = Self::finding(rule, made);
            if several && finding.confidence == Confidence::Certain {
                finding.confidence = Confidence::Likely;
            }
            finding
        });
        let others: Vec<_> = made
            .into_iter()
            .map(|made| Self::finding(rule, made))
            .collect();
        decision.alternatives = others;
    }

    /// Several values where one was expected.
    fn none(rule: &Find, made: Vec<Made>, decision: &mut Decision) {
        let reason = "several, and nothing decides";
        let all = made.into_iter();
        decision.considered.extend(
            all.map(|made| rejected(rule, &made.hit, made.converted.value, reason.to_owned())),
        );
    }

    /// Several values of an earlier rule: one that a later rule gives too is likely the one.
    fn settle(rule: &Find, made: &[Made], decision: &mut Decision) -> bool {
        let [one] = made else {
            return false;
        };
        let same = |finding: &Finding| finding.value == one.converted.value;
        let Some(index) = decision.alternatives.iter().position(same) else {
            return false;
        };
        let mut finding = decision.alternatives.remove(index);
        finding.confidence = Confidence::Likely;
        finding.reason = format!(
            "{} says so too ({}/{})",
            one.hit.place.short(),
            rule.key,
            rule.id
        );
        decision.finding = Some(finding);
        true
    }

    /// Whether it looks at anything but earlier findings.
    fn has_evidence(rule: &Find) -> bool {
        Look::from(rule).has_files() || !rule.dependency.all().is_empty() || rule.native.is_some()
    }

    /// The first value that the first fitting expression of `prefer` takes.
    fn preferred(&self, rule: &Find, made: &[Made]) -> Option<usize> {
        rule.prefer.iter().find_map(|pattern| {
            let mut made = made.iter();
            made.position(|made| self.fits(pattern, &made.hit, &made.converted.value))
        })
    }

    /// Whether an expression over values fits; what its placeholders stand for is taken by the letter.
    fn fits(&self, pattern: &str, hit: &Hit, value: &Value) -> bool {
        // `\d{3}` is a repetition, not a placeholder.
        let is_count = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        let escaped = |name: &str| {
            if is_count(name) {
                Some(format!("{{{name}}}"))
            } else {
                self.lookup(name, hit).map(|v| regex::escape(&v))
            }
        };
        let regex = fill(pattern, &escaped).and_then(|pattern| self.scope.view.regex(&pattern));
        regex.is_some_and(|regex| regex.is_match(&value.display()))
    }
}

fn rejected(rule: &Find, hit: &Hit, value: Value, reason: String) -> Considered {
    Considered {
        value,
        place: hit.place.clone(),
        rule: format!("{}/{}", rule.key, rule.id),
        reason,
    }
}

/// Each value once, where it is seen first.
fn distinct(made: Vec<Made>) -> Vec<Made> {
    let mut kept: Vec<Made> = Vec::new();
    for one in made {
        let known = |other: &Made| other.converted.value == one.converted.value;
        if !kept.iter().any(known) {
            kept.push(one);
        }
    }
    kept
}
