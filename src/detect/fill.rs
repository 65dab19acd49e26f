//! `{name}` in a rule's texts replaced by what was captured or found; `{name:filter}` by a form of it.
use std::collections::BTreeMap;

/// Captured texts by name.
pub(super) type Captures = BTreeMap<String, String>;

/// The text with every placeholder replaced; `None` when one of them has no value.
pub(super) fn fill(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let name = rest.find('}').map(|end| &rest[1..end]);
        if let Some(name) = name.filter(|name| is_name(name)) {
            out.push_str(&value(name, lookup)?);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Braces around anything else are the text's own.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._@:".contains(c);
    !name.is_empty() && name.chars().all(plain)
}

fn value(name: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let Some((name, filter)) = name.split_once(':') else {
        return lookup(name);
    };
    let value = lookup(name)?;
    Some(match filter {
        "path" => value.replace('.', "/"),
        "first" => value.split('/').next().unwrap_or_default().to_owned(),
        "last" => value.rsplit('/').next().unwrap_or_default().to_owned(),
        "lower" => value.to_ascii_lowercase(),
        "below" if !value.is_empty() => format!("/{value}"),
        _ => value,
    })
}

/// `a//b/./c` → `a/b/c`; a path of the repository.
pub(super) fn clean(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".");
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_must_have_a_value() {
        let lookup = |name: &str| match name {
            "1" => Some("a.b".to_owned()),
            "dir" => Some(String::new()),
            _ => None,
        };
        assert_eq!(
            fill("{dir}/{1:path}.py", &lookup).as_deref(),
            Some("/a/b.py")
        );
        assert_eq!(
            fill("{ 'x': {1} }", &lookup).as_deref(),
            Some("{ 'x': a.b }")
        );
        assert_eq!(fill("{2}", &lookup), None);
        assert_eq!(fill("{dir:below}x", &lookup).as_deref(), Some("x"));
        assert_eq!(clean("/a/./b//c"), "a/b/c");
    }
}
