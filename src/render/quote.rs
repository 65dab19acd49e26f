//! Quoting: the one place where a value becomes part of an instruction. Each function gives text that its reader, the
//! Dockerfile frontend or a shell, takes back as the very value; tests prove it with hostile ones.

/// Whether a text can stand anywhere in a Dockerfile without meaning anything else.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._/:@+,=~-".contains(c))
}

/// A JSON text: for the exec form of `CMD`, `ENTRYPOINT`, `HEALTHCHECK`.
pub fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One word of a POSIX shell.
pub fn shell(text: &str) -> String {
    if is_plain(text) && !text.starts_with(['~', '=']) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A value of `ENV` or `LABEL`: in double quotes, where `\`, `"` and `$` have a meaning
/// (<https://docs.docker.com/reference/dockerfile/#environment-replacement>).
pub fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// The arguments of a `COPY`: words, or the JSON form when one of them needs it. `$` is expanded in both, so it is
/// escaped; `[`, `*` and `?` are patterns, so they are made literal.
pub fn copy(paths: &[&str]) -> String {
    if paths.iter().all(|path| is_plain(path)) {
        return paths.join(" ");
    }
    let last = paths.len().saturating_sub(1);
    let literal = |(index, path): (usize, &&str)| {
        let text = if index == last {
            (*path).to_owned()
        } else {
            no_pattern(path)
        };
        json(&text.replace('$', "\\$"))
    };
    let items: Vec<_> = paths.iter().enumerate().map(literal).collect();
    format!("[{}]", items.join(", "))
}

fn no_pattern(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        match c {
            '[' => out.push_str("[[]"),
            '*' | '?' => {
                out.push('[');
                out.push(c);
                out.push(']');
            }
            _ => out.push(c),
        }
    }
    out
}

/// A scalar of YAML that is read as this text: bare where it can only be a text, else in double quotes. Those are JSON's:
/// what JSON leaves bare and YAML does not, no value has.
pub fn yaml(text: &str) -> String {
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || "./".contains(c));
    // `.5`, `.inf` and `.nan` are numbers.
    let number = text.starts_with('.') && text != "." && !text.starts_with("./");
    let bare = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._/:-".contains(c));
    let word = words.contains(&text.to_ascii_lowercase().as_str());
    if starts && bare && !number && !word && !text.ends_with(':') {
        text.to_owned()
    } else {
        json(text)
    }
}

/// A text of HCL, where `${` and `%{` begin a template
/// (<https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions>).
pub fn hcl(text: &str) -> String {
    json(text).replace("${", "$${").replace("%{", "%%{")
}

/// The exec form: a JSON list.
pub fn exec(words: &[&str]) -> String {
    let items: Vec<_> = words.iter().map(|word| json(word)).collect();
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_values_stay_values() {
        assert_eq!(quoted("a\"b\\c$d"), "\"a\\\"b\\\\c\\$d\"");
        assert_eq!(shell("a'; rm -rf /"), "'a'\\''; rm -rf /'");
        assert_eq!(shell("--x"), "--x");
        assert_eq!(exec(&["a b", "\"$x\""]), r#"["a b", "\"$x\""]"#);
        assert_eq!(copy(&["a", "./a"]), "a ./a");
        assert_eq!(copy(&["a $b[1]", "./"]), r#"["a \\$b[[]1]", "./"]"#);
    }

    #[test]
    fn yaml_is_bare_only_where_it_is_a_text() {
        for bare in ["shop", "a/b:1.2-x", "./x", "/data", "redis://redis:6379/0"] {
            assert_eq!(yaml(bare), bare);
        }
        for word in [
            "", "1.5", "0x1", "1:2", "null", "NO", "on", ".5", ".inf", "~", "-x", "a: b", "a #b",
            "a:", "*a", "{a", "=", "<<", "$x",
        ] {
            assert_eq!(yaml(word), json(word));
        }
    }

    #[test]
    fn hcl_templates_stay_text() {
        assert_eq!(hcl("a\"b\\c"), r#""a\"b\\c""#);
        assert_eq!(
            hcl("${x} %{ if } $${y} $z"),
            r#""$${x} %%{ if } $$${y} $z""#
        );
    }

    /// What a POSIX shell makes of single quotes and escaped quotes, and nothing else.
    fn shell_reads(word: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        let mut chars = word.chars();
        while let Some(c) = chars.next() {
            match (c, inside) {
                ('\'', _) => inside = !inside,
                ('\\', false) => out.extend(chars.next()),
                _ => out.push(c),
            }
        }
        out
    }

    /// What the Dockerfile frontend makes of a double-quoted word.
    fn frontend_reads(word: &str) -> String {
        let Some(inner) = word
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        else {
            return word.to_owned();
        };
        let mut out = String::new();
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => out.extend(chars.next()),
                '"' | '$' => return "escaped".to_owned(),
                _ => out.push(c),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn a_shell_reads_the_value_back(text in "[^\\p{C}]{0,40}") {
            prop_assert_eq!(shell_reads(&shell(&text)), text);
        }

        #[test]
        fn the_frontend_reads_the_value_back(text in "[^\\p{C}]{1,40}") {
            prop_assert_eq!(frontend_reads(&quoted(&text)), text);
        }

        #[test]
        fn yaml_reads_the_value_back(text in "[^\\p{C}]{0,40}") {
            use crate::detect::data::{Format, parse};
            let (node, fault) = parse(Format::Yaml, &format!("a: {}\nb: [1]\n", yaml(&text)));
            prop_assert_eq!(fault, None);
            let node = node.unwrap();
            prop_assert_eq!(node.at("a")[0].node.text(), Some(text.as_str()));
            prop_assert_eq!(node.at("b[]").len(), 1);
        }

        #[test]
        fn the_exec_form_is_the_list(words in prop::collection::vec("[^\\p{C}]{0,20}", 0..5)) {
            let refs: Vec<_> = words.iter().map(String::as_str).collect();
            let back: Vec<String> = serde_json::from_str(&exec(&refs)).unwrap();
            prop_assert_eq!(back, words);
        }
    }
}
