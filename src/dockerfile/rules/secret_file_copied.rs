//! A file that is a secret by its name, copied into a layer.
use super::Finding;
use crate::dockerfile::ignore::Ignore;
use crate::dockerfile::shell::base_name;
use crate::dockerfile::tables::tables;
use crate::dockerfile::view::View;

rule!("secret-file-copied", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let files = Ignore::new(tables().secrets.files.iter().map(String::as_str));
    let copies = view
        .all()
        .filter_map(|(stage, instruction)| Some((stage, instruction.as_copy()?)));
    let sources = copies
        .filter(|(_, copy)| copy.from().is_none())
        .flat_map(|(stage, copy)| copy.sources.iter().map(move |source| (stage, source)));
    let secret = sources.filter(|(_, source)| files.hidden_by(&source.value).is_some());
    let found = secret.map(|(stage, source)| {
        let name = base_name(&source.value);
        let removed = stage
            .instructions
            .iter()
            .flat_map(crate::dockerfile::Instruction::commands)
            .any(|command| {
                command.program() == "rm"
                    && command
                        .operands()
                        .any(|word| base_name(&word.value) == name)
            });
        let finding =
            Finding::new(&source.span, format!("`{name}` stays in this layer")).help(format!(
                "RUN --mount=type=secret,id={},target=… where it is needed",
                name.trim_start_matches('.')
            ));
        if removed {
            finding
                .because("removing it later hides it in the last layer and leaves it in this one")
        } else {
            finding.because("whoever has the image can read it")
        }
    });
    found.collect()
}
