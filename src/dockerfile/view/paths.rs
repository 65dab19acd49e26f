//! Paths in an image, and values with variables in them.

/// `path` seen from `folder`, without `.` and `..`; relative only when the folder is not known.
pub fn join(folder: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{folder}/{path}")
    };
    let absolute = path.starts_with('/') || folder.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

/// Whether `path` is `folder` or lies below it.
pub fn covers(folder: &str, path: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `$NAME`, `${NAME}` and `${NAME:-default}` replaced; what `lookup` does not know stays.
pub fn expand(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let (value, length) = one(&rest[at..], &lookup);
        out.push_str(&value);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

/// The value of the variable that `text` begins with, and how many bytes it takes.
fn one(text: &str, lookup: &impl Fn(&str) -> Option<String>) -> (String, usize) {
    let length = |name: &str| {
        name.bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count()
    };
    if let Some(body) = text.strip_prefix("${")
        && let Some(end) = body.find('}')
    {
        let inner = &body[..end];
        let name = &inner[..length(inner)];
        let default = inner[name.len()..]
            .strip_prefix(":-")
            .or_else(|| inner[name.len()..].strip_prefix('-'));
        let value = lookup(name).or_else(|| default.map(ToOwned::to_owned));
        return (value.unwrap_or_else(|| text[..end + 3].to_owned()), end + 3);
    }
    let name = &text[1..=length(&text[1..])];
    match lookup(name) {
        Some(value) if !name.is_empty() => (value, name.len() + 1),
        _ => (text[..=name.len()].to_owned(), name.len() + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(join("/app", "./a/../b/"), "/app/b");
        assert_eq!(join("", "a"), "a");
        assert_eq!(join("/app", "/x"), "/x");
        assert!(covers("/app", "/app/x") && covers("/", "/x") && !covers("/app", "/apple"));
    }

    #[test]
    fn variables_are_filled_in() {
        let lookup = |name: &str| (name == "A").then(|| "1".to_owned());
        assert_eq!(
            expand("$A-${A}-${B:-2}-$B-${B}-$-$", lookup),
            "1-1-2-$B-${B}-$-$"
        );
        assert_eq!(expand("${A", lookup), "${A");
        assert_eq!(expand("é$Aé", lookup), "é1é");
    }
}
