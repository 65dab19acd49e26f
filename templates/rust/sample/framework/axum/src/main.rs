//! Starts and stops; the routes are in `routes.rs`.

mod health;
mod routes;

use std::error::Error;
use std::net::Ipv4Addr;
use std::time::Duration;
use std::{env, io};

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long requests in flight may take to complete after SIGTERM. Docker waits ten seconds before it kills.
const GRACE: Duration = Duration::from_secs(8);

fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").map_or(Ok(8080), |port| port.parse())?;
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        return Ok(health::check(port)?);
    }
    Ok(run(port)?)
}

/// Serves until the process is told to stop.
#[tokio::main]
async fn run(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?;
    println!("listening on {}", listener.local_addr()?);
    let server = axum::serve(listener, routes::router()).with_graceful_shutdown(told_to_stop());
    let ended = tokio::select! {
        ended = server => ended,
        () = grace_is_over() => Ok(()),
    };
    println!("stopped");
    ended
}

/// Process 1 of a container gets signals only if it asks for them.
async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

async fn grace_is_over() {
    told_to_stop().await;
    tokio::time::sleep(GRACE).await;
}
