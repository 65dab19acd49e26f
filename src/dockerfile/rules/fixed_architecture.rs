//! A download for one architecture.
use super::Finding;
use crate::dockerfile::view::View;
use crate::dockerfile::{Kind, Text};

rule!("fixed-architecture", check);

const WORDS: [&str; 8] = [
    "amd64", "x86_64", "x64", "arm64", "aarch64", "armv7", "linux64", "x86-64",
];

fn check(view: &View<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, instruction) in view.all() {
        let words: Vec<Text> = match &instruction.kind {
            Kind::Add(add) => add.sources.clone(),
            Kind::Run(run) => {
                // Whoever asks for the architecture, or has one download for each, knows what he does.
                let text = view.text(&instruction.span);
                let asks = [
                    "TARGETARCH",
                    "TARGETPLATFORM",
                    "BUILDARCH",
                    "uname",
                    "dpkg --print",
                    "apk --print",
                    "arch)",
                    "ARCH",
                    "case ",
                ]
                .iter()
                .any(|word| text.contains(word));
                if asks {
                    Vec::new()
                } else {
                    run.commands
                        .iter()
                        .flat_map(|command| command.words.clone())
                        .collect()
                }
            }
            _ => Vec::new(),
        };
        let urls = words
            .into_iter()
            .filter(|word| word.value.contains("://") && !word.value.contains(' '));
        let fixed = urls.filter_map(|url| {
            let name = url.value.split_once("://")?.1.split_once('/')?.1.to_owned();
            let word = WORDS.iter().find(|word| {
                name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
                    .any(|part| {
                        part == **word
                            || part.split(['-', '_']).any(|piece| piece == **word)
                            || part.ends_with(**word)
                    })
            })?;
            Some((url, *word))
        });
        found.extend(fixed.map(|(url, word)| {
            Finding::new(&url.span, format!("this is for {word} only"))
                .because(
                    "built for another platform, the image holds a program that does not start",
                )
                .help("ARG TARGETARCH in this stage, and $TARGETARCH in the address")
        }));
    }
    found
}
