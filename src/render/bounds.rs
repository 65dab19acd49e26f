//! What a template may cost. Tera bounds neither loops nor the size of values, and whoever wrote a template need not be
//! a friend. So each template is fitted with meters when it is read: what is printed goes through one, what is looped
//! over and what is kept in a variable through others. The meters are filters of ours (`meters.rs`); they change no
//! output, and a place in the fitted text is led back to the text as it was written.
use std::ops::Range;

/// The longest text of a template.
const LONGEST: usize = 512 << 10;
/// The longest tag.
const LONGEST_TAG: usize = 4096;
/// As deep as blocks may be nested.
const DEEPEST: usize = 32;

/// Names of the meters.
pub(super) const PRINTED: &str = "metered_print";
pub(super) const LOOPED: &str = "metered_loop";
pub(super) const KEPT: &str = "metered_value";

/// What is not taken, and where in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) at: Range<usize>,
    pub(super) reason: String,
}

/// A template with its meters.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) text: String,
    /// Where something was put in, as offsets in `text`, with its length; sorted.
    additions: Vec<(usize, usize)>,
}

impl Fitted {
    /// The offset in the text as it was written.
    pub(super) fn original(&self, offset: usize) -> usize {
        let mut added = 0;
        for (at, length) in &self.additions {
            if *at >= offset {
                break;
            }
            added += (*length).min(offset - at);
        }
        offset - added
    }
}

/// Fits a template; `ours` may define components.
pub(super) fn fit(text: &str, ours: bool) -> Result<Fitted, Refusal> {
    if text.len() > LONGEST {
        let reason = format!("a template of more than {} KiB", LONGEST >> 10);
        return Err(Refusal { at: 0..1, reason });
    }
    let mut fitter = Fitter {
        text,
        ours,
        edits: Vec::new(),
        open: Vec::new(),
    };
    fitter.run()?;
    Ok(fitter.finish())
}

struct Fitter<'a> {
    text: &'a str,
    ours: bool,
    /// Texts to put in, by offset.
    edits: Vec<(usize, String)>,
    /// Open blocks: for a loop, the edit that takes its weight, and where its body starts.
    open: Vec<Option<(usize, usize)>>,
}

impl Fitter<'_> {
    fn run(&mut self) -> Result<(), Refusal> {
        let mut at = 0;
        while let Some(start) = next_tag(self.text, at) {
            at = match &self.text[start..start + 2] {
                "{#" => self.text[start..]
                    .find("#}")
                    .map_or(self.text.len(), |end| start + end + 2),
                "{{" => self.print(start)?,
                _ => self.statement(start)?,
            };
        }
        Ok(())
    }

    /// Where a tag's inside starts and ends, and where the tag ends.
    fn inside(&self, start: usize, close: &str) -> Result<(Range<usize>, usize), Refusal> {
        let tag = Tag::read(self.text, start, close).map_err(|at| Refusal {
            at: start..at,
            reason: format!("a tag that never ends, or of more than {LONGEST_TAG} bytes"),
        })?;
        if let Some(at) = tag.comprehension {
            return Err(Refusal {
                at,
                reason: "a list made by `for` inside an expression cannot be bounded; use a {% for %} block".to_owned(),
            });
        }
        Ok((tag.inside, tag.end))
    }

    fn print(&mut self, start: usize) -> Result<usize, Refusal> {
        let (inside, end) = self.inside(start, "}}")?;
        // A component's call: what it prints is metered where it is defined.
        if !self.text[inside.clone()].starts_with('<') {
            self.wrap(inside, PRINTED, "");
        }
        Ok(end)
    }

    fn wrap(&mut self, inside: Range<usize>, meter: &str, arguments: &str) {
        // Nothing inside: Tera says so itself.
        if !self.text[inside.clone()].trim().is_empty() {
            self.edits.push((inside.start, "(".to_owned()));
            self.edits
                .push((inside.end, format!(") | {meter}{arguments}")));
        }
    }

    fn statement(&mut self, start: usize) -> Result<usize, Refusal> {
        let (inside, end) = self.inside(start, "%}")?;
        let text = &self.text[inside.clone()];
        let trimmed = text.trim_start();
        let word = trimmed
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default();
        let rest = inside.end - trimmed.len() + word.len()..inside.end;
        match word {
            "raw" => return Ok(end_of_raw(self.text, end)),
            "for" => self.open_loop(rest, end),
            "set" | "set_global" => self.set(rest),
            "if" | "filter" | "block" => self.open.push(None),
            "component" if self.ours => self.open.push(None),
            "component" | "include" => {
                let reason = format!(
                    "`{word}` is not for a language folder: blocks and the shared components are"
                );
                return Err(Refusal {
                    at: start..end,
                    reason,
                });
            }
            _ if word.starts_with("end") => self.close(start),
            _ => {}
        }
        if self.open.len() > DEEPEST {
            let reason = format!("blocks nested more than {DEEPEST} deep");
            return Err(Refusal {
                at: start..end,
                reason,
            });
        }
        Ok(end)
    }

    fn open_loop(&mut self, rest: Range<usize>, body: usize) {
        let over = in_keyword(&self.text[rest.clone()]);
        let Some(over) = over else {
            self.open.push(None);
            return;
        };
        self.wrap(rest.start + over..rest.end, LOOPED, "");
        self.open.push(Some((self.edits.len() - 1, body)));
    }

    fn close(&mut self, at: usize) {
        if let Some(Some((edit, body))) = self.open.pop() {
            let weight = at.saturating_sub(body).max(1);
            self.edits[edit].1.push_str(&format!("(weight={weight})"));
        }
    }

    fn set(&mut self, rest: Range<usize>) {
        let text = &self.text[rest.clone()];
        if let Some(equals) = text.find('=').filter(|at| !text[..*at].contains('|')) {
            self.wrap(rest.start + equals + 1..rest.end, KEPT, "");
        } else {
            self.edits.push((rest.end, format!(" | {KEPT} ")));
            self.open.push(None);
        }
    }

    fn finish(self) -> Fitted {
        let mut text = String::with_capacity(self.text.len() + self.edits.len() * 12);
        let mut additions = Vec::with_capacity(self.edits.len());
        let mut done = 0;
        for (at, addition) in self.edits {
            text.push_str(&self.text[done..at]);
            done = at;
            additions.push((text.len(), addition.len()));
            text.push_str(&addition);
        }
        text.push_str(&self.text[done..]);
        Fitted { text, additions }
    }
}

/// The offset of the next tag.
fn next_tag(text: &str, from: usize) -> Option<usize> {
    let pairs = text.as_bytes()[from..].windows(2);
    let mut pairs = pairs.enumerate();
    pairs
        .find(|(_, pair)| [b"{{", b"{%", b"{#"].iter().any(|tag| tag == pair))
        .map(|(at, _)| from + at)
}

fn end_of_raw(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(start) = text[at..].find("{%").map(|found| at + found) {
        let inside = text[start + 2..].trim_start_matches(['-', ' ', '\n', '\r', '\t']);
        if inside.starts_with("endraw") {
            return start + 2;
        }
        at = start + 2;
    }
    text.len()
}

/// What stands behind the `in` of a loop's head.
fn in_keyword(head: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = head[from..].find("in").map(|at| from + at) {
        let before = head[..at].ends_with(char::is_whitespace);
        let after = head[at + 2..].starts_with(|c: char| !c.is_alphanumeric() && c != '_');
        if before && after {
            return Some(at + 2);
        }
        from = at + 2;
    }
    None
}

struct Tag {
    inside: Range<usize>,
    end: usize,
    /// Where a list is made by `for`.
    comprehension: Option<Range<usize>>,
}

impl Tag {
    /// Reads a tag that starts at `start`; the error is where reading was given up.
    fn read(text: &str, start: usize, close: &str) -> Result<Self, usize> {
        let bytes = text.as_bytes();
        let dash = |at: usize| bytes.get(at) == Some(&b'-');
        let begin = start + 2 + usize::from(dash(start + 2));
        let limit = text.len().min(start + LONGEST_TAG);
        let mut comprehension = None;
        let (mut depth, mut at) = (0_usize, begin);
        while at < limit {
            let byte = bytes[at];
            if depth == 0 && bytes[at..].starts_with(close.as_bytes()) {
                let end = at - usize::from(at > begin && dash(at - 1));
                return Ok(Self {
                    inside: begin..end,
                    end: at + 2,
                    comprehension,
                });
            }
            match byte {
                b'"' | b'\'' | b'`' => at = string_end(bytes, at, limit),
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'f' if depth > 0 && is_word(bytes, at, b"for") => comprehension = Some(at..at + 3),
                _ => {}
            }
            at += 1;
        }
        Err(limit)
    }
}

/// The offset of a text's closing quote, or the limit.
fn string_end(bytes: &[u8], start: usize, limit: usize) -> usize {
    let mut at = start + 1;
    while at < limit {
        match bytes[at] {
            b'\\' => at += 1,
            byte if byte == bytes[start] => return at,
            _ => {}
        }
        at += 1;
    }
    limit
}

fn is_word(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    bytes[at..].starts_with(word)
        && !(at > 0 && part(&bytes[at - 1]))
        && !bytes.get(at + word.len()).is_some_and(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(text: &str) -> String {
        fit(text, false).unwrap().text
    }

    #[test]
    fn what_costs_is_metered_and_the_rest_is_left() {
        assert_eq!(fitted("a {{- b -}} c"), "a {{-( b ) | metered_print-}} c");
        assert_eq!(
            fitted("{% for a in b %}xy{% endfor %}"),
            "{% for a in( b ) | metered_loop(weight=2)%}xy{% endfor %}"
        );
        assert_eq!(
            fitted("{%- set a = {\"x}\": 1} -%}"),
            "{%- set a =( {\"x}\": 1} ) | metered_value-%}"
        );
        assert_eq!(
            fitted("{% set a %}b{% endset %}"),
            "{% set a  | metered_value %}b{% endset %}"
        );
        for same in [
            "{# {{ a }} #}{% if a %}{% endif %}",
            "{% raw %}{{ a }}{% endraw %}",
            "{{<env values={a} />}}",
        ] {
            assert_eq!(fitted(same), same);
        }
    }

    #[test]
    fn places_lead_back() {
        let text = "{{ a }}{{ bad }}";
        let fitted = fit(text, false).unwrap();
        let at = fitted.text.find("bad").unwrap();
        assert_eq!(fitted.original(at), text.find("bad").unwrap());
    }

    #[test]
    fn what_cannot_be_metered_is_refused() {
        for text in [
            "{{ [a for a in b] }}",
            "{% include \"x\" %}",
            "{% component x() %}{% endcomponent x %}",
            "{{ a",
            &format!("{{{{ {} }}}}", "a".repeat(LONGEST_TAG)),
            &"{% if a %}".repeat(DEEPEST + 1),
            &"x".repeat(LONGEST + 1),
        ] {
            assert!(fit(text, false).is_err(), "{text:.40}");
        }
    }
}
