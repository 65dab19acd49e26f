//! Starts and stops; the routes are in `routes.rs`.

mod health;
mod routes;

use std::env;
use std::error::Error;
use std::net::Ipv4Addr;

use rocket::Config;
use rocket::config::{LogLevel, Shutdown};

fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").map_or(Ok(8080), |port| port.parse())?;
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        return Ok(health::check(port)?);
    }
    Ok(rocket::execute(run(port))?)
}

/// Serves until the process is told to stop.
async fn run(port: u16) -> Result<(), Box<rocket::Error>> {
    let served = rocket::custom(config(port)).mount("/", routes::all());
    served.launch().await.map_err(Box::new)?;
    println!("stopped");
    Ok(())
}

/// Rocket's own defaults are 127.0.0.1, where nobody outside a container reaches it, and port 8000. What the
/// environment says in variables such as `ROCKET_LIMITS` still counts.
fn config(port: u16) -> rocket::figment::Figment {
    let shutdown = Shutdown {
        // Requests in flight may take three seconds to complete after SIGTERM. Rocket waits as long for a connection
        // that is only kept open, so more would delay every stop.
        grace: 3,
        mercy: 1,
        ..Shutdown::default()
    };
    Config::figment()
        .join(("log_level", LogLevel::Normal))
        .merge(("address", Ipv4Addr::UNSPECIFIED))
        .merge(("port", port))
        .merge(("shutdown", shutdown))
}
