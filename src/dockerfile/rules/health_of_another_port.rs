//! A health check that asks a port which nothing else in the file names.
use super::Finding;
use crate::dockerfile::view::View;

rule!("health-of-another-port", check);

fn check(view: &View<'_>) -> Vec<Finding> {
    let Some((_, command)) = view.health() else {
        return Vec::new();
    };
    let mut known: Vec<u16> = view.exposed().into_iter().map(|(port, _)| port).collect();
    if known.is_empty() {
        return Vec::new();
    }
    known.extend(
        view.last()
            .env
            .iter()
            .filter(|(name, _)| name.to_ascii_uppercase().contains("PORT"))
            .filter_map(|(_, value)| value.parse::<u16>().ok()),
    );
    let text = view.text(&command.span);
    let started: String = view
        .started()
        .iter()
        .map(|(_, command)| view.text(&command.span))
        .collect();
    let asked = ports(text)
        .into_iter()
        .find(|(port, _)| !known.contains(port) && !started.contains(&port.to_string()));
    let found = asked.map(|(port, at)| {
        let start = command.span.start + at;
        Finding::new(
            &(start..start + port.to_string().len()),
            format!("it asks port {port}; the image exposes {}", known[0]),
        )
        .because("the container stays unhealthy for ever, and runs")
        .help("one ENV PORT that server, EXPOSE and HEALTHCHECK read")
    });
    found.into_iter().collect()
}

/// Ports behind `localhost:` or an address, with where they stand.
fn ports(text: &str) -> Vec<(u16, usize)> {
    let hosts = ["localhost:", "127.0.0.1:", "0.0.0.0:", "[::1]:"];
    let found = hosts
        .iter()
        .flat_map(|host| text.match_indices(host).map(|(at, host)| at + host.len()));
    found
        .filter_map(|at| {
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            Some((text[at..at + digits].parse().ok()?, at))
        })
        .collect()
}
