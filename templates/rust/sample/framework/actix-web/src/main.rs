//! Starts and stops; the routes are in `routes.rs`.

mod health;
mod routes;

use std::error::Error;
use std::net::Ipv4Addr;
use std::{env, io};

use actix_web::{App, HttpServer};

/// Seconds that requests in flight may take to complete after SIGTERM, which Actix Web listens to by itself. Docker
/// waits ten before it kills.
const GRACE: u64 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").map_or(Ok(8080), |port| port.parse())?;
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        return Ok(health::check(port)?);
    }
    Ok(run(port)?)
}

/// Serves until the process is told to stop.
#[actix_web::main]
async fn run(port: u16) -> io::Result<()> {
    let server = HttpServer::new(|| App::new().configure(routes::add))
        .shutdown_timeout(GRACE)
        .bind((Ipv4Addr::UNSPECIFIED, port))?;
    println!("listening on port {port}");
    server.run().await?;
    println!("stopped");
    Ok(())
}
