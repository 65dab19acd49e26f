//! Diagnostics for people: the line of the file with a mark under it, as compilers print it.
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::diagnostic::{Diagnostic, Severity};
use super::source::Place;

/// The longest text that is shown around a place; a longer one is named by line and column only.
const LONGEST_SHOWN: usize = 64 * 1024;

/// The text of one diagnostic, with colour or without, ending in a line feed.
pub fn render(diagnostic: &Diagnostic, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = renderer.render(&[group(diagnostic)]);
    text.push('\n');
    text
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    }
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let title = level(diagnostic.severity).primary_title(printable(&diagnostic.message));
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = show(group, place, &diagnostic.label);
    }
    if let Some((place, label)) = &diagnostic.related {
        group = show(group, place, label);
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(printable(note)));
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(printable(help))),
        None => group,
    }
}

fn show<'a>(group: Group<'a>, place: &'a Place, label: &'a str) -> Group<'a> {
    let document = &place.document;
    if document.text.len() > LONGEST_SHOWN {
        let (line, column) = place.line_column();
        let colon = if label.is_empty() { "" } else { ": " };
        let at = format!("at {}:{line}:{column}{colon}{label}", document.name);
        return group.element(Level::NOTE.message(at));
    }
    group.element(
        Snippet::source(document.text.as_str())
            .path(document.name.as_str())
            .annotation(
                AnnotationKind::Primary
                    .span(place.span.clone())
                    .label(printable(label)),
            ),
    )
}

/// Control characters of hostile values must not reach the terminal.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escape = c.is_control() && c != '\n';
            let escaped = escape.then(|| c.escape_default());
            let plain = (!escape).then_some(c);
            plain.into_iter().chain(escaped.into_iter().flatten())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::Document;
    use super::*;

    #[test]
    fn shows_the_line_the_mark_and_the_help() {
        let document = Document::file("scaffold.toml", "lang = \"go\"\nprot = 1\n");
        let diagnostic = Diagnostic::error("unknown-key", "unknown key `prot`")
            .at(&Place::new(&document, 12..16), "unknown")
            .help("did you mean `port`?");
        let text = render(&diagnostic, false);
        assert!(text.contains("error: unknown key `prot`"), "{text}");
        assert!(text.contains("scaffold.toml:2:1"), "{text}");
        assert!(text.contains("^^^^ unknown"), "{text}");
        assert!(text.contains("help: did you mean `port`?"), "{text}");
    }

    #[test]
    fn escapes_control_characters() {
        assert_eq!(printable("a\u{1b}[31m"), "a\\u{1b}[31m");
    }
}
