//! Which variables a text uses.
use std::ops::Range;

/// A use of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Its name.
    pub name: String,
    /// Whether the text says what to take when it is not set: `${NAME:-x}`.
    pub has_default: bool,
    /// Where it stands.
    pub span: Range<usize>,
}

/// The variables of a text that begins at byte `offset` of its file; not those in single quotes or behind a backslash.
pub fn uses(text: &str, offset: usize) -> Vec<Use> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut single, mut double) = (0, false, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !single => at += 1,
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'#' if !single && !double && begins_comment(bytes, at) => {
                at += text
                    .get(at..)
                    .and_then(|rest| rest.find('\n'))
                    .unwrap_or(bytes.len() - at);
                continue;
            }
            b'$' if !single => found.extend(one(text, at, offset)),
            _ => {}
        }
        at += 1;
    }
    found
}

fn begins_comment(bytes: &[u8], at: usize) -> bool {
    at == 0 || bytes[at - 1].is_ascii_whitespace()
}

fn one(text: &str, at: usize, offset: usize) -> Option<Use> {
    let rest = text.get(at + 1..)?;
    let braced = rest.strip_prefix('{');
    let body = braced.unwrap_or(rest);
    let length = body
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let name = &body[..length];
    super::is_name(name).then(|| {
        let behind = body[length..].trim_start_matches(':').chars().next();
        Use {
            name: name.to_owned(),
            has_default: braced.is_some() && matches!(behind, Some('-' | '+' | '=' | '?')),
            span: offset + at..offset + at + 1 + usize::from(braced.is_some()) + length,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_hide_them() {
        let names = |text| {
            uses(text, 0)
                .into_iter()
                .map(|used| used.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("$A ${B} \"$C\" '$D' \\$E ${F:-x} # $G\n$H $1 $$"),
            ["A", "B", "C", "F", "H"]
        );
        assert!(uses("${F:-x}", 0)[0].has_default);
        assert_eq!(uses("é$A", 5)[0].span, 7..9);
    }
}
