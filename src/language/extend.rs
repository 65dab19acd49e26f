//! `extends = "NAME"`: a manifest laid over another one. Tables are merged key by key, lists of rules are added to,
//! everything else is replaced; so what the other folder improves later is kept.
use toml::{Table, Value};

/// Lists of tables that are added to, with the keys that make two entries the same one.
const RULES: [(&str, &[&str]); 11] = [
    ("include", &[]),
    ("native", &["dependency"]),
    ("find", &["key", "id"]),
    ("dependencies", &[]),
    ("default", &[]),
    ("packages", &[]),
    ("refuse", &[]),
    ("secret", &["id"]),
    ("ignore", &["title"]),
    ("next", &[]),
    ("signals", &[]),
];

/// Lays `over` over `base`.
pub(super) fn lay(mut base: Table, over: Table) -> Table {
    for (key, value) in over {
        let rules = RULES.iter().find(|(name, _)| *name == key);
        let merged = match (base.remove(&key), value, rules) {
            (Some(Value::Table(base)), Value::Table(over), _) => Value::Table(lay(base, over)),
            (Some(Value::Array(base)), Value::Array(over), Some((_, same))) => {
                Value::Array(add(base, over, same))
            }
            (_, value, _) => value,
        };
        base.insert(key, merged);
    }
    base
}

/// An entry that is there already is replaced in its place. One whose first key is there comes before those: the first
/// rule of a key wins, and keys are decided in the order in which they first appear.
fn add(mut base: Vec<Value>, over: Vec<Value>, same: &[&str]) -> Vec<Value> {
    for entry in over {
        let alike = |other: &Value, keys: &[&str]| {
            let equal = |key: &&str| entry.get(key).is_some() && entry.get(key) == other.get(key);
            !keys.is_empty() && keys.iter().all(equal)
        };
        if let Some(at) = base.iter().position(|other| alike(other, same)) {
            base[at] = entry;
        } else if let Some(at) = base
            .iter()
            .position(|other| alike(other, &same[..same.len().min(1)]))
        {
            base.insert(at, entry);
        } else {
            base.push(entry);
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_merge_rules_add_up_and_the_rest_is_replaced() {
        let base = r#"
            title = "a"
            questions = ["x", "y"]
            [options.o]
            kind = "bool"
            default = false
            [detect]
            signals = [{ file = "a", weight = 1 }]
            [[find]]
            key = "port"
            id = "one"
            [[native]]
            dependency = "d"
            run = { debian = ["p"] }
        "#;
        let over = r#"
            title = "b"
            questions = ["z"]
            [options.o]
            default = true
            [detect]
            signals = [{ file = "b", weight = 2 }]
            [[find]]
            key = "port"
            id = "two"
            [[native]]
            dependency = "d"
        "#;
        let laid = lay(base.parse().unwrap(), over.parse().unwrap());
        let expected = r#"
            title = "b"
            questions = ["z"]
            [options.o]
            kind = "bool"
            default = true
            [detect]
            signals = [{ file = "a", weight = 1 }, { file = "b", weight = 2 }]
            [[find]]
            key = "port"
            id = "two"
            [[find]]
            key = "port"
            id = "one"
            [[native]]
            dependency = "d"
        "#;
        assert_eq!(laid, expected.parse::<Table>().unwrap());
    }
}
