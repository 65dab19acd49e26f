//! A fixed platform for the last stage.
use super::Finding;
use crate::dockerfile::view::View;

rule!("last-stage-platform", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let last = view.last();
    let fixed = last.platform.as_ref().filter(|platform| {
        !platform.value.contains("TARGETPLATFORM")
            && !(platform.value.starts_with('$') && !platform.value.contains("BUILDPLATFORM"))
    });
    let found = fixed.map(|platform| {
        Finding::new(
            &platform.span,
            "the image is of this platform, whatever --platform says",
        )
        .because("the list of platforms then names one that the files inside are not for")
        .help("no --platform here; on a build stage it is right")
    });
    found.into_iter().collect()
}
